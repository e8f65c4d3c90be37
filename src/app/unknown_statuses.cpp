#include "app/unknown_statuses.h"

#include <algorithm>
#include <utility>

#include "retention/report/actions.h"

namespace behoud::app {

void UnknownStatuses::order(const ledger::OrderAssertion& order) {
  if (order.status.empty() || order.test) return;  // a test order counts in no case
  if (order.status != word_) {
    word_.assign(order.status);
    const auto own = own_.find(word_);
    const auto standing = own != own_.end() ? own->second : ledger::standing_of(word_);
    count_ = nullptr;
    if (standing == ledger::Standing::kUnknown) {
      const bool room = word_.size() <= kLongest && (orders_.size() < kWordsMost || orders_.contains(word_));
      count_ = room ? &orders_[word_] : &beyond_;
    }
  }
  if (count_ != nullptr) ++*count_;
}

void UnknownStatuses::tell(std::vector<ingest::Notice>& notices) const {
  std::vector<std::pair<std::uint64_t, std::string_view>> most;
  most.reserve(orders_.size());
  for (const auto& [word, orders] : orders_) most.emplace_back(orders, word);
  std::ranges::stable_sort(most, std::ranges::greater{}, [](const auto& one) { return one.first; });
  std::uint64_t rest = beyond_;
  for (std::size_t i = 0; i < most.size(); ++i) {
    const auto& [orders, word] = most[i];
    if (i >= kShown) {
      rest += orders;
      continue;
    }
    const std::string says = "behoud settings --status " + retention::report::shell_word(std::string(word) + "=counts");
    notices.push_back({"ingest.notice.unknown_status",
                       {{"word", std::string(word)}, {"command", says}, {"where", "terminal"}},
                       orders});
  }
  if (rest > 0) notices.push_back({"ingest.notice.unknown_statuses_more", {}, rest});
}

}  // namespace behoud::app
