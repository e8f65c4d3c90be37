#pragma once

// The rows of one order to the assertion about it, and the account of it all: rejected rows, notices, and the bridge
// whose steps sum.
//
// Within an order the rows' order does not matter: the instant is the earliest row's; order-level texts that differ
// between rows give the smallest, but of status words the one that counts most (paid before pending before void); lines
// are sorted before the cents of a rounding are dealt out. A negative row is a refund of the order.

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "ingest/order_money.h"
#include "ingest/order_rows.h"
#include "ingest/order_survey.h"

namespace behoud::ingest {

// What was counted while reading. Sums are 128 bits wide; account() says when one does not fit in 64.
class OrderAccount {
 public:
  void reject(const std::string& file, std::uint64_t line, std::string column, std::string_view reason,
              std::string_view excerpt);
  void count_row(std::string_view step, std::uint64_t line);  // "title_rows", "blank_rows", ...
  void notice(const std::string& key, std::map<std::string, std::string> args, std::uint64_t count = 1);
  // An order that was passed on, made of `lines` rows.
  void order(const ledger::OrderAssertion& order, const SettledMoney& money, std::uint64_t lines);
  void refund(money::Money amount, std::uint64_t line);
  // Errors: kOutOfRange (a sum of money beyond 64 bits).
  Result<void> finish(ReadFacts& facts, const calendar::Zone& zone);

 private:
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
  // Orders by customer, for keys that many e-mail addresses share: counters as of Misra & Gries (1982), which miss no
  // key of more than orders / 1,024.
  void count_key(const ledger::OrderAssertion& order);

  std::map<std::string, Step, std::less<>> steps_;
  std::map<std::string, Step, std::less<>> rejected_by_reason_;
  std::vector<Rejected> rejected_;
  std::uint64_t rejected_count_ = 0;
  std::map<std::string, Notice> notices_;  // by key and arguments
  std::map<std::uint32_t, Sums> sums_;     // by packed currency
  Sums* last_sums_ = nullptr;
  std::uint32_t last_currency_ = 0;
  std::uint64_t orders_ = 0, lines_ = 0;
  Step anonymous_;
  std::int64_t first_ms_ = INT64_MAX, last_ms_ = INT64_MIN;          // of orders with a time
  std::int64_t first_day_ms_ = INT64_MAX, last_day_ms_ = INT64_MIN;  // of orders with a date alone
  struct Key {
    std::string id;
    std::uint64_t count = 0;
    std::vector<std::uint64_t> emails;  // hashes, at most 21
  };
  std::unordered_map<std::uint64_t, Key> keys_;
};

// Folds the orders of one table. Not thread-safe.
class OrderFold {
 public:
  // All arguments but `survey` must outlive it.
  static Result<std::unique_ptr<OrderFold>> create(const Layout& layout, const Slots& slots, const OrderSurvey& survey,
                                                   const ReadOptions& options, OrderAccount& account, OrderSink& sink);
  virtual ~OrderFold() = default;
  // `made_up`: the order has no id of its own. `alone`: nor can rows be told to belong together (RowKey::kAlone).
  virtual Result<void> fold(std::span<const RowRef> rows, bool made_up, bool alone) = 0;
};

}  // namespace behoud::ingest
