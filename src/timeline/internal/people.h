#pragma once

// The customers, numbered in order of first appearance, and what is said of them beside their orders.
//
// A row's customer is found in two steps, so that the cache misses of many rows overlap: meet() asks for the slot of
// the table, settle() for the records and then finds them all. Rows wait in between, at most kWaitingMax.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/order.h"
#include "timeline/histories.h"
#include "timeline/internal/staging.h"
#include "timeline/internal/text_map.h"

namespace behoud::timeline {

class People {
 public:
  // Notes that `row` is an order of `identity` (kNone: nobody's), whose label for people to read is `label`. Its
  // customer is written to `customer_of_row` before settle() has returned. Requires texts of at most 4,096 bytes.
  // Errors: kOutOfRange (2^32 - 2 customers, 16 GB of texts).
  Result<void> meet(std::uint32_t row, ledger::IdentityRef identity, std::string_view label) {
    if (identity.space == ledger::IdentitySpace::kNone) return {};
    Waiting& w = waiting_[waiting_count_++];
    w.row = row;
    w.space = identity.space;
    w.hash = hash(identity);
    customers_.prefetch_slot(w.hash);
    w.begin = static_cast<std::uint32_t>(texts_.size());
    texts_.append(identity.value);
    w.end = static_cast<std::uint32_t>(texts_.size());
    texts_.append(label);
    w.label_end = static_cast<std::uint32_t>(texts_.size());
    return waiting_count_ == kWaitingMax ? settle() : Result<void>{};
  }
  Result<void> settle();

  // The customer of an identity, which is made when it is new. Errors: kInvalidArgument (nobody), kOutOfRange.
  Result<std::uint32_t> find_or_make(ledger::IdentityRef identity);
  Result<void> set_label(std::uint32_t customer, std::string_view label);
  void describe(std::uint32_t customer, std::optional<calendar::Day> known_since, std::uint32_t orders_before);

  std::size_t size() const { return references_.size(); }
  // Lies in one place as long as this lives: the same customer is the same `value.data()`.
  ledger::IdentityRef identity(std::uint32_t customer) const {
    const std::string_view key = customers_.text(references_[customer]);
    return {static_cast<ledger::IdentitySpace>(key[0] - '0'), key.substr(1)};
  }
  // Writes keys, labels and what else is known into the columns of `h`.
  void fill(Histories& h) &&;

  Column<std::uint32_t, kNoRow> customer_of_row;

 private:
  static constexpr std::size_t kWaitingMax = 64;  // enough to hide a cache miss behind the next rows' work

  struct Waiting {
    std::uint32_t row = 0;
    ledger::IdentitySpace space = ledger::IdentitySpace::kNone;
    std::uint64_t hash = 0;
    std::uint32_t begin = 0, end = 0, label_end = 0;  // of texts_
  };

  static std::uint64_t hash(ledger::IdentityRef identity) {
    return hash_text(identity.value, static_cast<std::uint64_t>(identity.space));
  }
  Result<std::uint32_t> find_or_make(ledger::IdentityRef identity, std::uint64_t hash);

  TextMap customers_;                                      // by the space's digit and the value
  std::vector<std::uint32_t> references_, labels_;         // of the texts, by customer; kNoRow: no label
  std::vector<std::optional<calendar::Day>> known_since_;  // by customer, as far as anything was said
  std::vector<std::uint32_t> orders_before_;               // the same
  std::string key_;
  Waiting waiting_[kWaitingMax];
  std::size_t waiting_count_ = 0;
  std::string texts_;  // of those that wait
};

}  // namespace behoud::timeline
