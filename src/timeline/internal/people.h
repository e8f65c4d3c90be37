#pragma once

// The customers, numbered in order of first appearance, and what is said of them beside their orders.
//
// Rows wait for their customer until there are kWaitingMax of them, and are then looked up together: a table of
// millions of customers is read at two random places for each row, and those of the next rows are fetched while one is
// compared. Few enough that whoever hands over the rows does not stand still meanwhile.

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
    Waiting& w = waiting_.emplace_back();
    w.row = row;
    w.hash = hash(identity);
    w.begin = static_cast<std::uint32_t>(texts_.size());
    // Two spaces may hold one value: the space's digit keeps them apart.
    texts_.push_back(digit(identity.space));
    texts_.append(identity.value);
    w.end = static_cast<std::uint32_t>(texts_.size());
    texts_.append(label);
    w.label_end = static_cast<std::uint32_t>(texts_.size());
    return waiting_.size() == kWaitingMax ? settle() : Result<void>{};
  }
  Result<void> settle();

  // The customer of an identity, which is made when it is new. Errors: kInvalidArgument (nobody), kOutOfRange.
  Result<std::uint32_t> find_or_make(ledger::IdentityRef identity);
  Result<void> set_label(std::uint32_t customer, std::string_view label);
  void describe(std::uint32_t customer, std::optional<calendar::Day> known_since, std::uint32_t orders_before);

  std::size_t size() const { return references_.size(); }
  // Lies in one place as long as this lives: the same customer is the same `value.data()`.
  ledger::IdentityRef identity(std::uint32_t customer) const {
    const std::string_view key = keys_.text(references_[customer]);
    return {static_cast<ledger::IdentitySpace>(key[0] - '0'), key.substr(1)};
  }
  // Writes keys, labels and what else is known into the columns of `h`.
  void fill(Histories& h) &&;

  Column<std::uint32_t, kNoRow> customer_of_row;

 private:
  static constexpr std::size_t kWaitingMax = 4096;

  struct Waiting {
    std::uint64_t hash = 0;
    std::uint32_t row = 0;
    std::uint32_t begin = 0, end = 0, label_end = 0;  // of texts_: the key, the label
  };

  static char digit(ledger::IdentitySpace space) { return static_cast<char>('0' + static_cast<int>(space)); }
  static std::uint64_t hash(ledger::IdentityRef identity) {
    return hash_text(identity.value, static_cast<std::uint64_t>(identity.space));
  }
  std::string_view key(const Waiting& w) const { return std::string_view(texts_).substr(w.begin, w.end - w.begin); }

  // The customer of a key, who is made when the key is new.
  Result<std::uint32_t> look_up(std::string_view key, std::uint64_t hash);

  TextMap keys_;                                           // the space's digit and the value; and labels
  std::vector<std::uint32_t> references_, labels_;         // of the texts, by customer; kNoRow: no label
  std::vector<std::optional<calendar::Day>> known_since_;  // by customer, as far as anything was said
  std::vector<std::uint32_t> orders_before_;               // the same
  std::vector<Waiting> waiting_;
  std::string texts_;  // of those that wait
};

}  // namespace behoud::timeline
