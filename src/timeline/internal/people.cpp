#include "timeline/internal/people.h"

#include <algorithm>
#include <utility>

#include "timeline/internal/bounds.h"
#include "timeline/internal/together.h"

namespace behoud::timeline {

using ledger::IdentityRef;
using ledger::IdentitySpace;

Result<void> People::settle() {
  for (std::size_t i = 0; i < waiting_count_; ++i) customers_.prefetch_record(waiting_[i].hash);
  const std::string_view texts = texts_;
  for (std::size_t i = 0; i < waiting_count_; ++i) {
    const Waiting& w = waiting_[i];
    TRY_ASSIGN(const std::uint32_t c, find_or_make({w.space, texts.substr(w.begin, w.end - w.begin)}, w.hash));
    customer_of_row.set(w.row, c);
    if (w.label_end > w.end && labels_[c] == kNoRow) TRY(set_label(c, texts.substr(w.end, w.label_end - w.end)));
  }
  waiting_count_ = 0;
  texts_.clear();
  return {};
}

Result<std::uint32_t> People::find_or_make(IdentityRef identity, std::uint64_t hash) {
  // Two spaces may hold one value: the space's digit keeps them apart in the map.
  key_.assign(1, static_cast<char>('0' + static_cast<int>(identity.space)));
  key_.append(identity.value);
  const auto found = customers_.find_or_insert(key_, hash, static_cast<std::uint32_t>(references_.size()));
  if (!found) return fail(Errc::kOutOfRange, kTooMuchText);
  if (found->inserted) {
    if (references_.size() >= kRowsMax) return fail(Errc::kOutOfRange, "more than 4,294,967,294 customers");
    references_.push_back(found->reference);
    labels_.push_back(kNoRow);
  }
  return found->number;
}

Result<std::uint32_t> People::find_or_make(IdentityRef identity) {
  if (identity.space == IdentitySpace::kNone) {
    return fail(Errc::kInvalidArgument, "nobody was named where a customer is needed");
  }
  if (identity.value.size() > kTextBytesMax) return fail(Errc::kOutOfRange, kTooLong);
  TRY(settle());  // whoever was met before comes first
  return find_or_make(identity, hash(identity));
}

Result<void> People::set_label(std::uint32_t customer, std::string_view label) {
  const auto reference = customers_.store(label.substr(0, kLabelBytesMax), customer);
  if (!reference) return fail(Errc::kOutOfRange, kTooMuchText);
  labels_[customer] = *reference;
  return {};
}

void People::describe(std::uint32_t customer, std::optional<calendar::Day> known_since, std::uint32_t orders_before) {
  if (known_since) {
    if (known_since_.size() <= customer) known_since_.resize(customer + 1);
    std::optional<calendar::Day>& known = known_since_[customer];
    known = known ? std::min(*known, *known_since) : *known_since;
  }
  if (orders_before > 0) {
    if (orders_before_.size() <= customer) orders_before_.resize(customer + 1);
    orders_before_[customer] = std::max(orders_before_[customer], orders_before);
  }
}

void People::fill(Histories& h) && {
  const std::size_t n = size();
  h.customer_space.resize(n);
  h.customer_key.resize(n);
  h.customer_label.resize(n);
  run_in_parts(n, [&](std::size_t, std::size_t begin, std::size_t end) {
    for (std::size_t c = begin; c < end; ++c) {
      const IdentityRef who = identity(static_cast<std::uint32_t>(c));
      h.customer_space[c] = who.space;
      h.customer_key[c] = who.value;
      if (labels_[c] != kNoRow) h.customer_label[c] = customers_.text(labels_[c]);
    }
  });
  h.known_since = std::move(known_since_);
  h.known_since.resize(n);
  h.orders_before = std::move(orders_before_);
  h.orders_before.resize(n);
}

}  // namespace behoud::timeline
