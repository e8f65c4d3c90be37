#pragma once

// The status words of an import's orders of which nobody knows whether they count, so that the import can ask: such
// orders go in, and no figure counts them.
//
// Of a column that holds no states at all no more than kWordsMost words of at most kLongest bytes are told apart, and
// the kShown with most orders are named, the rest in one sum. Cost: a comparison an order whose word is that of the one
// before.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "ingest/orders.h"
#include "ledger/order.h"

namespace behoud::app {

using StatusWords = std::map<std::string, ledger::Standing, std::less<>>;

class UnknownStatuses {
 public:
  static constexpr std::size_t kWordsMost = 10'000, kLongest = 64, kShown = 10;

  explicit UnknownStatuses(StatusWords own) : own_(std::move(own)) {}  // the shop's own readings

  void order(const ledger::OrderAssertion& order);

  // Adds a notice a word, most orders first: "ingest.notice.unknown_status" with `word`, `command`, which says
  // what it means, and `where` it is told: "terminal", or "page" for who has no commands. Then, if there are more,
  // "ingest.notice.unknown_statuses_more".
  void tell(std::vector<ingest::Notice>& notices) const;

 private:
  StatusWords own_;
  std::map<std::string, std::uint64_t, std::less<>> orders_;  // by word
  std::uint64_t beyond_ = 0;                                  // orders of words beyond that
  std::string word_;                                          // that of the order before
  std::uint64_t* count_ = nullptr;                            // of orders with that word; nullptr: it is known
};

}  // namespace behoud::app
