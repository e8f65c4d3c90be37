#include "retention/internal/gaps.h"
#include "retention/internal/purchases.h"
#include "retention/internal/window_counts.h"

namespace behoud::retention {

WindowChoice WindowCounts::choose() const {
  constexpr std::uint64_t kGapsMin = 30;
  WindowChoice choice;
  choice.gaps = gaps_;
  for (std::size_t i = 0; i < kCandidates.size(); ++i) {
    const double share = gaps_ == 0 ? 0 : static_cast<double>(within_[i]) / static_cast<double>(gaps_);
    choice.candidates.emplace_back(kCandidates[i], share);
  }
  choice.why = gaps_ < kGapsMin ? "window.few_gaps" : "window.none_covers";
  choice.covered = choice.candidates.back().second;
  for (std::size_t i = 0; gaps_ >= kGapsMin && i < kCandidates.size(); ++i) {
    if (within_[i] * 10 < gaps_ * 9) continue;
    choice.days = kCandidates[i];
    choice.covered = choice.candidates[i].second;
    choice.why = "window.covers";
    break;
  }
  return choice;
}

WindowChoice choose_window(const timeline::Histories& h) {
  const Purchases purchases(h, as_of(h, std::nullopt));
  WindowCounts counts;
  std::vector<int> gaps;
  for (std::size_t c = 0; c < purchases.customers(); ++c) {
    gaps_of(purchases.days_of(c), gaps);
    for (const int gap : gaps) counts.add(gap);
  }
  return counts.choose();
}

}  // namespace behoud::retention
