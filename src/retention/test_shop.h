#pragma once

// A small shop for tests, said in a line an order: TestShop().order("c-1", "2024-01-03", 1000).histories().

#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "timeline/histories_builder.h"

namespace behoud::retention {

inline calendar::Day day(std::string_view text) { return calendar::parse_day(text).value(); }

class TestShop {
 public:
  explicit TestShop(std::string_view zone = "UTC") : builder_(settings(zone)) {}
  explicit TestShop(timeline::BuildSettings s) : builder_(std::move(s)) {}

  // An order on a day alone.
  TestShop& order(std::string_view customer, std::string_view on, std::int64_t gross_minor) {
    return add(make(customer, on, gross_minor));
  }
  ledger::OrderAssertion make(std::string_view customer, std::string_view on, std::int64_t gross_minor) {
    ledger::OrderAssertion o;
    o.order_id = ids_.emplace_back("o" + std::to_string(ids_.size()));
    o.customer = {ledger::IdentitySpace::kCustomerId, customer};
    o.placed = calendar::Moment{{day(on).number * calendar::kMsPerDay}, true};
    o.gross_minor = gross_minor;
    return o;
  }
  TestShop& add(const ledger::OrderAssertion& o) {
    ++seq_;
    if (!builder_.add(o, {static_cast<std::int64_t>(seq_)}, seq_)) std::abort();
    return *this;
  }
  TestShop& cost(std::string_view from, std::string_view to, std::int64_t minor, std::string_view purpose) {
    builder_.add_cost({day(from), day(to), minor, "marketing", std::string(purpose), "", ""});
    return *this;
  }
  std::uint32_t customer(std::string_view key) { return builder_.customer({ledger::IdentitySpace::kCustomerId, key}); }
  TestShop& known(std::string_view key, std::string_view since, std::uint32_t orders_before = 0) {
    builder_.describe(customer(key), "", since.empty() ? std::optional<calendar::Day>() : day(since), orders_before);
    return *this;
  }
  timeline::HistoriesBuilder& builder() { return builder_; }
  timeline::Histories histories() { return std::move(builder_).finish().value(); }

 private:
  static timeline::BuildSettings settings(std::string_view zone) {
    timeline::BuildSettings s;
    s.zone = calendar::Zone::create(zone).value();
    return s;
  }
  timeline::HistoriesBuilder builder_;
  std::deque<std::string> ids_;
  std::uint64_t seq_ = 0;
};

}  // namespace behoud::retention
