// What the ledger's writer takes, the histories take: an import that was written never fails afterwards for a text or a
// moment that nobody can use (ledger/bounds.h). And where a ledger from before that rule holds such a text, the builder
// says which order it is of.

#include <deque>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "ledger/bounds.h"
#include "timeline/histories_builder.h"
#include "timeline/random_ledger.h"
#include "timeline/rebuild.h"

namespace behoud::timeline {
namespace {

using calendar::Instant;
using calendar::Moment;
using ledger::kTextBytesMax;
using ledger::OrderAssertion;
using ledger::RefundRecord;

// Records of texts and moments about the bounds; texts live as long as it does.
class NearTheBounds {
 public:
  OrderAssertion order() {
    OrderAssertion o;
    o.order_id = text();
    o.alias = text();
    o.customer = customer();
    o.email = text();
    o.phone = text();
    o.name = text();
    if (one_in(3)) o.placed = Moment{instant(), one_in(2)};
    if (one_in(3)) o.updated_at = instant();
    if (one_in(3)) o.refunded_at = instant();
    if (one_in(3)) o.cancelled_at = instant();
    o.status = text();
    o.gross_minor = amount();
    o.refund_minor = amount();
    o.coupon = text();
    o.source = text();
    o.country = text();
    std::vector<ledger::OrderLine>& lines = order_lines_.emplace_back();
    for (int i = *rc::gen::inRange(0, 3); i > 0; --i) lines.push_back({text(), text(), 1000, amount()});
    o.lines = lines;
    std::vector<ledger::RefundPart>& parts = parts_.emplace_back();
    for (int i = *rc::gen::inRange(0, 2); i > 0; --i) {
      parts.push_back({text(), one_in(2) ? std::optional(instant()) : std::nullopt, amount()});
    }
    o.refunds = parts;
    return o;
  }
  RefundRecord refund() { return {customer(), Moment{instant(), one_in(2)}, {amount(), {}}, 0}; }

 private:
  static bool one_in(int n) { return *rc::gen::inRange(0, n) == 0; }
  static std::int64_t amount() { return *rc::gen::inRange<std::int64_t>(-3, 1000); }
  // Hardly ever beyond: a record of many fields is to be taken about as often as it is refused.
  std::string_view text() {
    static constexpr std::size_t kLengths[] = {0, 0, 1, 1, 3, kTextBytesMax - 1, kTextBytesMax};
    static constexpr std::size_t kBeyond[] = {kTextBytesMax + 1, 65'535, 65'536, std::size_t{1} << 20};
    const std::size_t bytes = one_in(40) ? kBeyond[*rc::gen::inRange(0, 4)] : kLengths[*rc::gen::inRange(0, 7)];
    return texts_.emplace_back(bytes, static_cast<char>('a' + *rc::gen::inRange(0, 3)));
  }
  static Instant instant() {
    static constexpr std::int64_t kMs[] = {0, 1'700'000'000'000, -2'208'988'800'000, 2932897 * calendar::kMsPerDay - 1};
    static constexpr std::int64_t kBeyond[] = {-2'208'988'800'001, 2932897 * calendar::kMsPerDay,
                                               std::numeric_limits<std::int64_t>::min(),
                                               std::numeric_limits<std::int64_t>::max()};
    return {one_in(30) ? kBeyond[*rc::gen::inRange(0, 4)] : kMs[*rc::gen::inRange(0, 4)]};
  }
  ledger::IdentityRef customer() {
    const auto space = static_cast<ledger::IdentitySpace>(*rc::gen::inRange(0, 5));
    return {space, space == ledger::IdentitySpace::kNone ? std::string_view{} : text()};
  }

  std::deque<std::string> texts_;
  std::deque<std::vector<ledger::OrderLine>> order_lines_;
  std::deque<std::vector<ledger::RefundPart>> parts_;
};

RC_GTEST_PROP(LedgerBounds, WhateverTheLedgerTakesTheHistoriesTake, ()) {
  RandomLedger shop;
  NearTheBounds near;
  HistoriesBuilder beside{BuildSettings{}};
  std::uint64_t taken = 0, refused = 0;
  shop.import(ledger::ImportKind::kOrders, [&](ledger::ImportWriter& writer) {
    for (int i = 0; i < 20; ++i) {
      const OrderAssertion order = near.order();
      const auto kept = writer.add(order);
      const auto built = kept ? beside.add(order, Instant{1}, ++taken) : Result<void>{};
      RC_ASSERT(built.has_value());
      refused += kept ? 0 : 1;
      const RefundRecord refund = near.refund();
      if (!writer.add(refund)) continue;
      RC_ASSERT(beside.add_refund(refund.customer, refund.at, refund.amount, ++taken).has_value());
    }
  });
  RC_CLASSIFY(taken > 0, "some orders taken");
  RC_CLASSIFY(refused > 0, "some orders refused");
  RC_ASSERT(std::move(beside).finish().has_value());
  const auto derived = rebuild(shop.snapshot());
  RC_ASSERT(derived.has_value());
}

TEST(LedgerBounds, TheBuilderSaysWhichOrderOfAnOlderLedgerIsTooLong) {
  const std::string over(kTextBytesMax + 1, 'x');
  const ledger::OrderLine lines[] = {{over, "", 1000, 5}};
  const ledger::RefundPart parts[] = {{over, std::nullopt, 5}};
  struct Case {
    const char* what;
    void (*set)(OrderAssertion&, std::string_view);
  };
  const Case cases[] = {{"the other id", [](OrderAssertion& o, std::string_view t) { o.alias = t; }},
                        {"the customer's key", [](OrderAssertion& o, std::string_view t) { o.customer.value = t; }},
                        {"the status", [](OrderAssertion& o, std::string_view t) { o.status = t; }},
                        {"the coupon", [](OrderAssertion& o, std::string_view t) { o.coupon = t; }},
                        {"the source", [](OrderAssertion& o, std::string_view t) { o.source = t; }},
                        {"the country", [](OrderAssertion& o, std::string_view t) { o.country = t; }},
                        {"an item", nullptr},
                        {"the id of a refund", nullptr},
                        {"the id", [](OrderAssertion& o, std::string_view t) { o.order_id = t; }}};
  for (const Case& c : cases) {
    OrderAssertion o;
    o.order_id = "1001";
    o.line = 17;
    o.customer = {ledger::IdentitySpace::kEmail, "a@example.com"};
    if (c.set != nullptr) {
      c.set(o, over);
    } else if (std::string_view(c.what) == "an item") {
      o.lines = lines;
    } else {
      o.refunds = parts;
    }
    HistoriesBuilder builder{BuildSettings{}};
    const auto refused = builder.add(o, Instant{1}, 1);
    ASSERT_FALSE(refused.has_value()) << c.what;
    EXPECT_EQ(refused.error().code, Errc::kOutOfRange);
    const std::string& message = refused.error().message;
    EXPECT_TRUE(message.starts_with(std::string(c.what) + " of the order ")) << message;
    EXPECT_NE(message.find(o.order_id == "1001" ? "'1001'" : "xxxxxxxx"), std::string::npos) << message;
    EXPECT_NE(message.find("line 17"), std::string::npos) << message;
    EXPECT_LT(message.size(), 300U) << "the text itself is not in it";
    EXPECT_EQ(message.find("example.com"), std::string::npos) << message;
    EXPECT_NE(refused.error().hint.find("behoud imports"), std::string::npos);
  }
}

}  // namespace
}  // namespace behoud::timeline
