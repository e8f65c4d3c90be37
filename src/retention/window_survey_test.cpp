#include "retention/window_survey.h"

#include <deque>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "retention/random_shop.h"

namespace behoud::retention {
namespace {

using ledger::IdentitySpace;
using ledger::OrderAssertion;

constexpr std::int64_t kDayMs = calendar::kMsPerDay;

OrderAssertion order(std::string_view id, std::string_view customer, int day) {
  OrderAssertion o;
  o.order_id = id;
  o.customer = {IdentitySpace::kCustomerId, customer};
  o.placed = calendar::Moment{{19'723 * kDayMs + day * kDayMs + kDayMs / 2}, false};
  o.gross_minor = 1000;
  return o;
}

TEST(WindowSurvey, SaysNothingWhereOrdersAreNotIndependent) {
  const auto unsure = [](const auto& change) {
    OrderAssertion o = order("1", "a", 0);
    change(o);
    WindowSurvey survey(calendar::Zone::utc(), {});
    survey.order(o);
    return !std::move(survey).choose().has_value();
  };
  EXPECT_FALSE(unsure([](OrderAssertion&) {}));
  EXPECT_TRUE(unsure([](OrderAssertion& o) { o.alias = "77"; })) << "two names";
  EXPECT_TRUE(unsure([](OrderAssertion& o) { o.gross_minor = -1; })) << "a refund that names no order";
  EXPECT_TRUE(unsure([](OrderAssertion& o) { o.gross_minor.reset(); })) << "no amount";
  EXPECT_TRUE(unsure([](OrderAssertion& o) { o.placed.reset(); })) << "refunds alone";
  WindowSurvey survey(calendar::Zone::utc(), {});
  survey.refund();
  EXPECT_FALSE(std::move(survey).choose().has_value());
}

// Whatever is said of orders, the window is the one that their histories choose, with the same gaps.
RC_GTEST_PROP(WindowSurvey, ChoosesWhatTheHistoriesChoose, ()) {
  static const char* const zones[] = {"UTC", "Europe/Amsterdam", "Pacific/Apia", "America/Sao_Paulo"};
  static const char* const words[] = {"paid", "paid", "paid", "", "pending", "refunded", "cancelled", "sent", "odd"};
  timeline::BuildSettings settings;
  settings.zone = calendar::Zone::create(any_of(zones)).value();
  settings.statuses = {{"sent", ledger::Standing::kNot}, {"odd", ledger::Standing::kCounts}};
  timeline::HistoriesBuilder builder(settings);
  WindowSurvey survey(settings.zone, settings.statuses);

  std::deque<std::string> texts;
  std::deque<std::vector<ledger::RefundPart>> parts;
  const std::int64_t orders = below(200), customers = 1 + below(20), days = 1 + below(900);
  const auto any_instant = [&] { return calendar::Instant{15'300 * kDayMs + below(days * kDayMs)}; };
  for (std::int64_t i = 0; i < orders; ++i) {
    OrderAssertion o = order(texts.emplace_back(std::to_string(i * 7919 % 1000)), "", 0);
    if (!one_in(10)) o.customer.value = texts.emplace_back("c" + std::to_string(below(customers)));
    if (o.customer.value.empty()) o.customer.space = IdentitySpace::kNone;
    if (one_in(5)) o.customer.space = o.customer.value.empty() ? IdentitySpace::kNone : IdentitySpace::kEmail;
    o.placed = calendar::Moment{any_instant(), one_in(4)};
    o.status = any_of(words);
    o.gross_minor = below(50);
    if (one_in(3)) o.total_minor = *o.gross_minor + below(10);
    if (one_in(6)) o.gross_minor = one_in(2) ? o.gross_minor : std::optional<std::int64_t>{}, o.total_minor = 60;
    if (one_in(5)) o.refund_minor = below(60);
    if (one_in(8)) o.refunded_at = any_instant();
    if (one_in(9)) o.cancelled_at = any_instant();
    if (one_in(9)) {
      o.refunds = parts.emplace_back(std::vector<ledger::RefundPart>{{"r", any_instant(), 1 + below(60)}});
    }
    o.test = one_in(20);
    RC_ASSERT(builder.add(o, {1}, static_cast<std::uint64_t>(i) + 1).has_value());
    survey.order(o);
  }
  const auto histories = std::move(builder).finish();
  RC_ASSERT(histories.has_value());
  const WindowChoice expected = choose_window(*histories);
  const auto chosen = std::move(survey).choose();
  RC_ASSERT(chosen.has_value());
  RC_ASSERT(chosen->days == expected.days);
  RC_ASSERT(chosen->gaps == expected.gaps);
  RC_ASSERT(chosen->candidates == expected.candidates);
  RC_ASSERT(chosen->why == expected.why);
}

}  // namespace
}  // namespace behoud::retention
