#pragma once

// What the bridge of a file tells of its orders, summed while they pass by on their way into the ledger: what
// sum_orders() says of the histories that would be built of them, without building those. Seen at the file's own as-of,
// the start of the day after its last order.
//
// Most orders stand for themselves, and one status and one amount say all of them: they are added up. The others
// (refunded, cancelled at an instant) are few, and histories are built of them alone. Some hang on each other: two
// statements about one order, a refund that names none and so falls on one of its customer's. Which those are is known
// only behind the last order. Then the file is read once more, by a tally that knows them and builds histories of them
// too:
//
//   OrderTally first(shop, {});
//   ... every order and refund ...
//   const TogetherOrders together = first.together();
//   if (together.any()) ... an OrderTally(shop, together), and every order and refund again ...
//
// Cost: 20 ns an order. Memory: 8 bytes an order where names are watched (16 where orders have an alias), else none.

#include <array>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "money/rates.h"
#include "retention/report/bridge.h"
#include "timeline/histories_builder.h"

namespace behoud::retention::report {

// Orders that say nothing by themselves, by hashes: of their names, of their customers.
struct TogetherOrders {
  bool all = false;
  std::unordered_set<std::uint64_t> names, customers;
  bool any() const { return all || !names.empty() || !customers.empty(); }
};

struct TallyOptions {
  calendar::Zone zone = calendar::Zone::utc();
  money::Currency currency;                                       // the reporting one; none: amounts are bare
  std::map<std::string, ledger::Standing, std::less<>> statuses;  // the shop's own readings of status words
  std::function<Result<money::RateTable>()> rates;  // called once, where money is foreign; empty: no rates
  bool watch_names = false;  // the same order may be stated twice, as in several files; orders with an alias always are
};

class OrderTally {
 public:
  OrderTally(TallyOptions options, TogetherOrders together);
  OrderTally(OrderTally&&) noexcept;
  ~OrderTally();

  // Errors: those of HistoriesBuilder::add and of the rates.
  Result<void> order(const ledger::OrderAssertion& order);
  Result<void> refund(ledger::IdentityRef customer, calendar::Moment at, money::Money amount);

  money::Currency currency() const { return options_.currency; }
  // What hangs together of all that came and was not known to. To be called once, before finish(); where there is any,
  // finish() would be wrong.
  TogetherOrders together();
  // Errors: kOutOfRange (a sum of money beyond 64 bits).
  Result<BridgeOrders> finish() &&;

 private:
  struct Sum {
    std::uint64_t orders = 0;
    __int128 gross = 0;
    void add(std::int64_t minor) {
      ++orders;
      gross += minor;
    }
  };

  bool known_as_together(const ledger::OrderAssertion& o) const;
  void watch(const ledger::OrderAssertion& o);
  void found(ledger::IdentityRef customer);
  timeline::HistoriesBuilder& builder();
  Result<void> apart(const ledger::OrderAssertion& o);
  bool foreign(money::Currency currency) const;
  Result<void> read_rates_for(money::Currency currency);
  Result<void> sum(const ledger::OrderAssertion& o, std::int64_t gross, std::string_view left_out);
  void reach(const calendar::Moment& placed);

  TallyOptions options_;
  TogetherOrders known_, found_;
  OrderSumsByStanding::Sums counted_;
  std::map<std::pair<std::string, std::string>, Sum> left_out_;         // by reason and status word
  std::map<std::string, std::pair<money::Currency, Sum>> unconverted_;  // by code
  std::optional<timeline::HistoriesBuilder> builder_;
  std::uint64_t seq_ = 0;
  std::unique_ptr<money::RateTable> rates_;  // in its place for the builder; empty until somebody needs it
  bool rates_read_ = false;
  std::optional<std::int64_t> last_ms_, last_day_ms_;  // of orders with a time; with a date alone
  // The status met last, what it means, and where it was added why it left an order out.
  std::string word_;
  ledger::Standing standing_ = ledger::Standing::kCounts;
  std::string_view reason_;
  Sum* reason_sum_ = nullptr;
  std::array<std::vector<std::uint64_t>, 256> names_;  // hashes, by their upper bits
  bool unwatched_ = false;                             // names went by before anybody watched
};

}  // namespace behoud::retention::report
