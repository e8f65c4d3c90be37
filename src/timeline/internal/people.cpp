#include "timeline/internal/people.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/together.h"
#include "timeline/internal/bounds.h"

namespace behoud::timeline {

using ledger::IdentityRef;
using ledger::IdentitySpace;

Result<void> People::settle() {
  constexpr std::size_t kAhead = 16;
  const std::size_t n = waiting_.size();
  for (std::size_t i = 0; i < n; ++i) {
    if (i + 2 * kAhead < n) keys_.prefetch_slot(waiting_[i + 2 * kAhead].hash);
    if (i + kAhead < n) keys_.prefetch_record(waiting_[i + kAhead].hash);
    const Waiting& w = waiting_[i];
    TRY_ASSIGN(const std::uint32_t customer, look_up(key(w), w.hash));
    customer_of_row.set(w.row, customer);
    if (w.label_end > w.end && labels_[customer] == kNoRow) {
      TRY(set_label(customer, std::string_view(texts_).substr(w.end, w.label_end - w.end)));
    }
  }
  waiting_.clear();
  texts_.clear();
  return {};
}

Result<std::uint32_t> People::look_up(std::string_view key, std::uint64_t hash) {
  const auto next = static_cast<std::uint32_t>(size());
  const auto found = keys_.find_or_insert(key, hash, next);
  if (!found) return fail(Errc::kOutOfRange, kTooMuchText);
  if (!found->inserted) return found->number;
  if (next >= kRowsMax) return fail(Errc::kOutOfRange, "more than 4,294,000,000 customers");
  references_.push_back(found->reference);
  labels_.push_back(kNoRow);
  return next;
}

Result<std::uint32_t> People::find_or_make(IdentityRef identity) {
  if (identity.space == IdentitySpace::kNone) {
    return fail(Errc::kInvalidArgument, "nobody was named where a customer is needed");
  }
  if (identity.value.size() > kTextBytesMax) {
    return fail(Errc::kOutOfRange, fmt::format("a customer's key ({}, {} bytes) is longer than {} bytes",
                                               ledger::name(identity.space), identity.value.size(), kTextBytesMax));
  }
  TRY(settle());  // whoever was met before comes first
  return look_up(digit(identity.space) + std::string(identity.value), hash(identity));
}

Result<void> People::set_label(std::uint32_t customer, std::string_view label) {
  const auto reference = keys_.store(label.substr(0, kLabelBytesMax), customer);
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
      if (labels_[c] != kNoRow) h.customer_label[c] = keys_.text(labels_[c]);
    }
  });
  h.known_since = std::move(known_since_);
  h.known_since.resize(n);
  h.orders_before = std::move(orders_before_);
  h.orders_before.resize(n);
}

}  // namespace behoud::timeline
