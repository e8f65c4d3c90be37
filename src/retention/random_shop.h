#pragma once

// Any shop and any question, for properties: small, but with everything in it that the definitions speak of.

#include <deque>

#include <rapidcheck.h>

#include "retention/answers.h"
#include "timeline/histories_builder.h"

namespace behoud::retention {

inline std::int64_t below(std::int64_t n) { return *rc::gen::inRange<std::int64_t>(0, n); }
inline bool one_in(std::int64_t n) { return below(n) == 0; }
template <class T, std::size_t N>
const T& any_of(const T (&values)[N]) {
  return values[static_cast<std::size_t>(below(static_cast<std::int64_t>(N)))];
}

struct RandomShop {
  timeline::Histories histories;
  calendar::Day begin;  // of what happens in it
  int days = 0;         // how long
};

inline RandomShop any_shop() {
  using calendar::civil;
  using calendar::Day;
  using calendar::Instant;
  static const char* const zones[] = {"UTC",          "Europe/Amsterdam",  "Australia/Lord_Howe",
                                      "Pacific/Apia", "America/Sao_Paulo", "America/St_Johns"};
  // Apia skipped 2011-12-30; Sao Paulo's day of 2018-11-04 lacks 00:00; Lord Howe's shift is half an hour.
  static const Day begins[] = {civil(2011, 12, 1), civil(2018, 10, 20), civil(2024, 3, 20), civil(2023, 12, 31)};
  static const char* const words[] = {"", "mail", "search", "shop"};
  RandomShop shop;
  shop.begin = any_of(begins);
  const int lengths[] = {20, 20, 100, 900};
  shop.days = any_of(lengths);
  const auto any_day = [&shop] { return shop.begin + static_cast<int>(below(shop.days)); };
  const auto any_instant = [&] { return Instant{any_day().number * calendar::kMsPerDay + below(calendar::kMsPerDay)}; };

  const money::Currency eur = money::Currency::parse("EUR").value(), usd = money::Currency::parse("USD").value();
  money::RateTable rates(eur);
  RC_ASSERT(rates.add({shop.begin + 3, usd, 11, 1}).has_value());
  timeline::BuildSettings settings;
  settings.zone = calendar::Zone::create(any_of(zones)).value();
  settings.currency = eur;
  settings.rates = &rates;
  if (one_in(2)) settings.margin_rate_millionth = static_cast<std::int32_t>(below(1'000'001));
  if (one_in(2)) settings.item_costs = {{"mail", 40}, {"search", 7}};
  const bool times = !one_in(4), units = one_in(2), all_costed = one_in(4);

  timeline::HistoriesBuilder builder(settings);
  std::deque<std::string> texts;
  std::deque<std::vector<ledger::OrderLine>> lines;
  std::deque<std::vector<ledger::RefundPart>> parts;
  const std::int64_t customers = 1 + below(8), orders = below(50);
  const auto any_customer = [&] {
    return ledger::IdentityRef{ledger::IdentitySpace::kCustomerId,
                               texts.emplace_back("c" + std::to_string(below(customers)))};
  };
  std::uint64_t seq = 0;
  for (std::int64_t i = 0; i < orders; ++i) {
    ledger::OrderAssertion o;
    o.order_id = texts.emplace_back("o" + std::to_string(i));
    o.customer = any_customer();
    if (times && !one_in(5)) {
      o.placed = calendar::Moment{any_instant(), false};
    } else {
      o.placed = calendar::Moment{{any_day().number * calendar::kMsPerDay}, true};
    }
    o.currency = one_in(6) ? usd : eur;
    o.gross_minor = one_in(10) ? 0 : below(1000);
    if (one_in(3)) o.total_minor = *o.gross_minor + below(200);
    if (one_in(8)) {
      o.refund_minor = below(1200);
      if (!one_in(3)) o.refunded_at = any_instant();
    }
    if (one_in(10)) {
      parts.push_back({{"r1", std::nullopt, 1 + below(500)}, {"r2", any_instant(), 1 + below(500)}});
      o.refunds = parts.back();
    }
    if (one_in(15)) {
      o.status = "cancelled";
      if (!one_in(4)) o.cancelled_at = any_instant();
    }
    if (units) o.units_milli = 1000 * (1 + below(4));
    o.source = any_of(words);
    o.coupon = any_of(words);
    o.country = any_of(words);
    if (all_costed) {
      lines.push_back({{"mail", "", 1000 + below(2000), *o.gross_minor}});
      o.lines = lines.back();
    } else if (one_in(2)) {
      auto& own = lines.emplace_back();
      for (std::int64_t k = 1 + below(3); k > 0; --k) own.push_back({any_of(words), "", 1000 * below(3), below(600)});
      o.lines = own;
    }
    RC_ASSERT(builder.add(o, {1}, ++seq).has_value());
    if (one_in(12)) {
      const calendar::Moment at{any_instant(), false};
      RC_ASSERT(builder.add_refund(any_customer(), at, {1 + below(400), eur}, ++seq).has_value());
    }
  }
  for (std::int64_t i = below(5); i > 0; --i) {
    const std::uint32_t c = builder.customer(any_customer());
    const auto known = one_in(3) ? std::nullopt : std::optional(shop.begin - 50 + static_cast<int>(below(shop.days)));
    builder.describe(c, "", known, one_in(4) ? static_cast<std::uint32_t>(below(3)) : 0);
  }
  for (std::int64_t i = below(16); i > 0; --i) {
    timeline::Subscription s;
    s.customer = builder.customer(any_customer());
    s.start = any_day();
    if (one_in(2)) s.trial_end = s.start + static_cast<int>(below(30));
    if (one_in(2)) s.end = s.start + static_cast<int>(below(shop.days));
    if (one_in(2)) {
      const Day pause = s.start + static_cast<int>(below(60));
      s.pauses.emplace_back(pause, one_in(2) ? std::nullopt : std::optional(pause + static_cast<int>(below(40))));
    }
    s.amount_minor = below(1000);
    s.interval_months = static_cast<int>(below(3));
    s.interval_days = static_cast<int>(below(2)) * 7;
    builder.add_subscription(s);
  }
  for (std::int64_t i = below(16); i > 0; --i) {
    const timeline::Act act{builder.customer(any_customer()), any_day(), 0};
    one_in(2) ? builder.add_joined(act) : builder.add_left(act);
  }
  for (std::int64_t i = below(12); i > 0; --i) {
    builder.add_event(builder.customer(any_customer()), any_day(), one_in(2) ? "Product Viewed" : "Email Opened");
  }
  for (std::int64_t i = below(5); i > 0; --i) {
    const Day from = any_day();
    builder.add_cost({from, from + static_cast<int>(below(80)), below(2000) - 200, "marketing",
                      one_in(2) ? "retention" : "acquisition", "", ""});
  }
  shop.histories = std::move(builder).finish().value();
  return shop;
}

inline Question any_question(const RandomShop& shop) {
  using calendar::Day;
  using calendar::Grain;
  using Unit = Grain::Unit;
  static const Grain grains[] = {{Unit::kDay, 1},   {Unit::kDay, 1},     {Unit::kDays, 3},   {Unit::kWeek, 1},
                                 {Unit::kMonth, 1}, {Unit::kQuarter, 1}, {Unit::kYear, 1},   {Unit::kDays, 10},
                                 {Unit::kWeeks, 4}, {Unit::kMonths, 2},  {Unit::kMonths, 3}, {Unit::kMonths, 1}};
  static const int windows[] = {1, 7, 30, 90, 365, 500};
  static const Split splits[] = {Split::kNone,    Split::kNone, Split::kSource,
                                 Split::kCountry, Split::kItem, Split::kCoupon};
  static const Basis bases[] = {Basis::kOrders,        Basis::kOrders,   Basis::kOrders,
                                Basis::kSubscriptions, Basis::kRelation, Basis::kEvents};
  static const CohortMode modes[] = {CohortMode::kOn, CohortMode::kOnOrAfter, CohortMode::kActive};
  Question q;
  q.grain = any_of(grains);
  if (shop.days > 300 && q.grain.unit == Unit::kDay) q.grain = {Unit::kMonth, 1};
  q.window_days = any_of(windows);
  q.basis = any_of(bases);
  q.split = any_of(splits);
  q.mode = any_of(modes);
  const auto& kinds = shop.histories.kinds.by_code;
  if (q.basis == Basis::kEvents && kinds.size() > 1 && one_in(2)) q.kinds = {kinds[1]};
  if (one_in(2)) {
    Day near = shop.begin - 30 + static_cast<int>(below(shop.days + 60));
    // Counted months from a month's last day are clamped.
    if (q.grain.unit == Unit::kMonths && one_in(2)) near = calendar::floor_to({}, near, near) - 1;
    const Day anchor = calendar::floor_to(q.grain, near, near);
    q.from = anchor;
    if (one_in(2)) {
      for (std::int64_t i = below(3); i > 0; --i) q.from = calendar::next(q.grain, *q.from, anchor);
      Day to = *q.from;
      for (std::int64_t i = 1 + below(6); i > 0; --i) to = calendar::next(q.grain, to, anchor);
      q.to = to;
    }
  }
  if (one_in(2)) {
    const Day on = shop.begin + static_cast<int>(below(shop.days + 40));
    q.as_of = shop.histories.zone.first_instant(on);
    if (one_in(2)) q.as_of->ms += below(calendar::kMsPerDay);
    // The very instant of something that happened, and the one after it.
    const timeline::Histories& h = shop.histories;
    if (!h.steps.empty() && one_in(3)) {
      const std::int64_t at = h.steps[static_cast<std::size_t>(below(static_cast<std::int64_t>(h.steps.size())))].at_ms;
      if (at != timeline::kUnknownInstant) q.as_of->ms = at + below(2);
    } else if (h.orders() > 0 && one_in(3)) {
      const auto row = static_cast<std::size_t>(below(static_cast<std::int64_t>(h.orders())));
      q.as_of->ms = h.order_at[row].ms + below(2);
    }
  }
  return q;
}

}  // namespace behoud::retention
