#include "timeline/internal/people.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include <fmt/format.h>

#include "base/together.h"
#include "timeline/internal/bounds.h"

namespace behoud::timeline {

using ledger::IdentityRef;
using ledger::IdentitySpace;

Result<void> People::settle() {
  if (waiting_.empty()) return {};
  std::array<std::uint32_t, kTables + 1> begin{};
  for (const Waiting& w : waiting_) ++begin[table_of(w.hash) + 1];
  std::partial_sum(begin.begin(), begin.end(), begin.begin());
  by_table_.resize(waiting_.size());
  found_.resize(waiting_.size());
  made_.resize(waiting_.size());
  auto at = begin;
  for (std::uint32_t i = 0; i < waiting_.size(); ++i) by_table_[at[table_of(waiting_[i].hash)]++] = i;
  for (std::size_t t = 0; t < kTables; ++t) {
    TRY(look_up(t, std::span(by_table_).subspan(begin[t], begin[t + 1] - begin[t])));
  }
  // Newcomers get their numbers in the order in which they came.
  const auto known = static_cast<std::uint32_t>(size());
  for (std::uint32_t i = 0; i < waiting_.size(); ++i) {
    const Waiting& w = waiting_[i];
    if (found_[i] >= known) {
      const std::uint32_t first = found_[i] - known;
      if (first == i) {
        TRY_ASSIGN(found_[i], add(table_of(w.hash), made_[i]));
      } else {
        found_[i] = found_[first];
      }
    }
    const std::uint32_t c = found_[i];
    customer_of_row.set(w.row, c);
    if (w.label_end > w.end && labels_[c] == kNoRow) {
      TRY(set_label(c, std::string_view(texts_).substr(w.end, w.label_end - w.end)));
    }
  }
  waiting_.clear();
  texts_.clear();
  return {};
}

Result<void> People::look_up(std::size_t table, std::span<const std::uint32_t> which) {
  constexpr std::size_t kAhead = 8;
  TextMap& map = tables_[table];
  const auto known = static_cast<std::uint32_t>(size());
  for (std::size_t k = 0; k < which.size(); ++k) {
    if (k + 2 * kAhead < which.size()) map.prefetch_slot(within(waiting_[which[k + 2 * kAhead]].hash));
    if (k + kAhead < which.size()) map.prefetch_record(within(waiting_[which[k + kAhead]].hash));
    const std::uint32_t i = which[k];
    const auto found = map.find_or_insert(key(waiting_[i]), within(waiting_[i].hash), known + i);
    if (!found) return fail(Errc::kOutOfRange, kTooMuchText);
    found_[i] = found->number;
    made_[i] = found->reference;
  }
  return {};
}

// The text is in its table; gives it the next number.
Result<std::uint32_t> People::add(std::size_t table, std::uint32_t reference) {
  // Room for the places of those that wait, which are told from customers by being beyond them.
  if (size() >= kRowsMax - kWaitingMax) return fail(Errc::kOutOfRange, "more than 4,294,000,000 customers");
  const auto number = static_cast<std::uint32_t>(size());
  tables_[table].renumber(reference, number);
  references_.push_back(reference);
  table_.push_back(static_cast<std::uint8_t>(table));
  labels_.push_back(kNoRow);
  return number;
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
  const std::uint64_t h = hash(identity);
  const std::size_t table = table_of(h);
  const auto fresh = static_cast<std::uint32_t>(size());
  const auto found =
      tables_[table].find_or_insert(digit(identity.space) + std::string(identity.value), within(h), fresh);
  if (!found) return fail(Errc::kOutOfRange, kTooMuchText);
  return found->inserted ? add(table, found->reference) : found->number;
}

Result<void> People::set_label(std::uint32_t customer, std::string_view label) {
  const auto reference = tables_[table_[customer]].store(label.substr(0, kLabelBytesMax), customer);
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
      if (labels_[c] != kNoRow) h.customer_label[c] = tables_[table_[c]].text(labels_[c]);
    }
  });
  h.known_since = std::move(known_since_);
  h.known_since.resize(n);
  h.orders_before = std::move(orders_before_);
  h.orders_before.resize(n);
}

}  // namespace behoud::timeline
