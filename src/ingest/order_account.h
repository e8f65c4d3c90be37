#pragma once

// The account of a reading of orders: rejected rows, notices, and the bridge whose steps sum (orders.h says how).

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "calendar/zone.h"
#include "ingest/order_money.h"
#include "ingest/orders.h"
#include "ingest/shared_sign.h"
#include "ledger/order.h"

namespace behoud::ingest {

// A cell as it is shown of a rejected row: trimmed, cut to 80 bytes between characters.
std::string excerpt_of(std::string_view cell);

// What was counted while reading. Sums are 128 bits wide; account() says when one does not fit in 64.
class OrderAccount {
 public:
  void reject(const std::string& file, std::uint64_t line, std::string column, std::string_view reason,
              std::string_view excerpt);
  void count_row(std::string_view step, std::uint64_t line);  // "title_rows", "blank_rows", ...
  // The first kNoticesMax different ones are kept.
  void notice(const std::string& key, std::map<std::string, std::string> args, std::uint64_t count = 1);
  bool notices_full() const { return notices_.size() >= kNoticesMax; }
  // An order that was passed on, made of `lines` rows.
  void order(const ledger::OrderAssertion& order, const SettledMoney& money, std::uint64_t lines);
  void refund(money::Money amount, std::uint64_t line);
  // The greatest amount of all, whatever its sign, stands where the sums say that some cannot be right.
  bool is_greatest(std::uint64_t magnitude) const { return magnitude > greatest_; }
  void greatest(std::uint64_t magnitude, Place at) {
    greatest_ = magnitude;
    greatest_at_ = std::move(at);
  }
  // Errors: kOutOfRange, at the greatest amount, as soon as those so far are beyond 64 bits together.
  Result<void> check_sums() const;
  // An amount that states no currency bears this sign, and nobody has said which currency is meant.
  void bare_sign(SharedSign sign, const std::string& file, std::uint64_t line);
  // Errors: kOutOfRange (a sum of money beyond 64 bits); kBadInput (a bare sign that is not of the file's currency, or
  // two that no currency shares: these amounts cannot be summed).
  Result<void> finish(ReadFacts& facts, const calendar::Zone& zone);

 private:
  static constexpr std::size_t kNoticesMax = 10'000;

  struct Step {
    std::uint64_t count = 0;
    std::vector<std::uint64_t> lines;
    void add(std::uint64_t line);
  };
  struct Sums {
    std::uint64_t orders = 0;
    __int128 billed = 0, tax = 0, shipping = 0, other = 0, gross = 0, discount = 0, refunds = 0;
    std::uint64_t taxed = 0, shipped = 0, discounted = 0, refunded = 0, others = 0;
    Step step;
  };
  Result<void> check_signs(money::Currency currency) const;
  // The stated currency that has most `of`, if one has any, and its sums; of equals the first by code.
  const Sums* most(std::uint64_t Sums::* of, money::Currency& currency) const;
  // Orders by customer, for keys that many e-mail addresses share: counters as of Misra & Gries (1982), which miss no
  // key of more than orders / 1,024.
  void count_key(const ledger::OrderAssertion& order);

  std::map<std::string, Step, std::less<>> steps_;
  std::map<std::string, Step, std::less<>> rejected_by_reason_;
  std::vector<Rejected> rejected_;
  std::uint64_t rejected_count_ = 0;
  std::map<std::string, Notice> notices_;  // by key and arguments
  std::map<std::uint32_t, Sums> sums_;     // by packed currency
  ledger::OrderSums all_;                  // of all currencies
  std::uint64_t greatest_ = 0;
  Place greatest_at_;
  Sums* last_sums_ = nullptr;
  std::uint32_t last_currency_ = 0;
  std::uint64_t orders_ = 0, lines_ = 0;
  Step anonymous_;
  std::map<SharedSign, Place> signs_;                                // the first of each
  std::int64_t first_ms_ = INT64_MAX, last_ms_ = INT64_MIN;          // of orders with a time
  std::int64_t first_day_ms_ = INT64_MAX, last_day_ms_ = INT64_MIN;  // of orders with a date alone
  struct Key {
    std::string id;
    std::uint64_t count = 0;
    std::vector<std::uint64_t> emails;  // hashes, at most 21
  };
  std::unordered_map<std::uint64_t, Key> keys_;
};

}  // namespace behoud::ingest
