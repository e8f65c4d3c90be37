#include "retention/internal/view.h"

#include <algorithm>

namespace behoud::retention {

View::View(const timeline::Histories& h, const AsOf& now)
    : now_(now), purchases_(h, now), ordered_since_(h, purchases_), totals_(h, purchases_) {
  bytes_ = sizeof(View) + purchases_.bytes() + ordered_since_.bytes() + totals_.bytes();
}

std::shared_ptr<const View> View::create(const timeline::Histories& h, std::optional<calendar::Instant> asked) {
  return std::shared_ptr<const View>(new View(h, as_of(h, asked)));
}

Result<std::shared_ptr<const Roll>> View::roll(const timeline::Histories& h, Basis basis,
                                               const std::vector<std::string>& kinds) const {
  constexpr std::size_t kRollsMax = 4;  // there are three bases, and few ask for kinds
  const std::lock_guard lock(rolls_mutex_);
  for (const KeptRoll& kept : rolls_) {
    if (kept.basis == basis && kept.kinds == kinds) return kept.roll;
  }
  TRY_ASSIGN(Roll made, Roll::create(h, now_, basis, kinds));
  auto roll = std::make_shared<const Roll>(std::move(made));
  if (rolls_.size() == kRollsMax) {
    bytes_ -= rolls_.front().roll->bytes();
    rolls_.erase(rolls_.begin());
  }
  bytes_ += roll->bytes();
  rolls_.push_back({basis, kinds, roll});
  return roll;
}

}  // namespace behoud::retention
