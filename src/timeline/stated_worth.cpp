#include "timeline/stated_worth.h"

namespace behoud::timeline {

using ledger::Standing;

std::string_view left_out_by_status(Standing standing, std::string_view word, bool test, bool cancelled_at) {
  if (test) return "test";
  switch (standing) {
    case Standing::kTest:
      return "test";
    case Standing::kAwaited:
      return "awaited";
    case Standing::kUnknown:
      return "unknown_status";
    case Standing::kNot: {
      // A cancellation with an instant undoes an order that counted until then; what was never paid never counted.
      const bool never_paid = word == "voided" || word == "expired" || word == "failed";
      if (!never_paid && cancelled_at) return "";
      return word.starts_with("cancel") ? "cancelled" : "void";
    }
    case Standing::kCounts:
    case Standing::kRefunded:
      break;
  }
  return "";
}

}  // namespace behoud::timeline
