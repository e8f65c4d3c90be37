#include <array>

#include "retention/answers.h"
#include "retention/internal/gaps.h"
#include "retention/internal/purchases.h"

namespace behoud::retention {

WindowChoice choose_window(const timeline::Histories& h) {
  constexpr std::array kCandidates{30, 60, 90, 180, 365};
  constexpr std::uint64_t kGapsMin = 30;
  const Purchases purchases(h, as_of(h, std::nullopt));
  std::array<std::uint64_t, kCandidates.size()> within{};
  WindowChoice choice;
  std::vector<int> gaps;
  for (std::size_t c = 0; c < purchases.customers(); ++c) {
    gaps_of(purchases.days_of(c), gaps);
    choice.gaps += gaps.size();
    for (const int gap : gaps) {
      for (std::size_t i = 0; i < kCandidates.size(); ++i) within[i] += gap <= kCandidates[i];
    }
  }
  for (std::size_t i = 0; i < kCandidates.size(); ++i) {
    const double share = choice.gaps == 0 ? 0 : static_cast<double>(within[i]) / static_cast<double>(choice.gaps);
    choice.candidates.emplace_back(kCandidates[i], share);
  }
  choice.why = choice.gaps < kGapsMin ? "window.few_gaps" : "window.none_covers";
  choice.covered = choice.candidates.back().second;
  for (std::size_t i = 0; choice.gaps >= kGapsMin && i < kCandidates.size(); ++i) {
    if (within[i] * 10 < choice.gaps * 9) continue;
    choice.days = kCandidates[i];
    choice.covered = choice.candidates[i].second;
    choice.why = "window.covers";
    break;
  }
  return choice;
}

}  // namespace behoud::retention
