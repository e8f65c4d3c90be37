#include "sample/shop.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

#include "sample/random.h"

namespace behoud::sample {
namespace {

using calendar::Day;
using calendar::Instant;
using calendar::kMsPerDay;

constexpr std::int64_t kMinute = 60'000;
constexpr std::int64_t kHour = 3'600'000;
constexpr std::uint8_t kWelcome = 1, kBlackFriday = 2, kComeBack = 3, kFriend = 4;
constexpr int kTaxPercent = 9;
constexpr std::int32_t kFreeShippingFrom = 5000, kShipping = 495;

// What a source brings: how many of the new customers, how fast they buy, how soon they go, who uses a welcome coupon.
struct SourceTraits {
  double share, rate, dropout, welcome;
};
constexpr std::array<SourceTraits, 7> kTraits = {{{0.26, 1.0, 1.0, 0.15},
                                                  {0.24, 0.9, 1.3, 0.35},
                                                  {0.10, 1.2, 0.7, 0.30},
                                                  {0.16, 0.8, 1.5, 0.45},
                                                  {0.10, 0.8, 1.9, 0.60},
                                                  {0.08, 1.1, 0.8, 0.05},
                                                  {0.06, 1.3, 0.6, 0.00}}};
constexpr std::array<double, 5> kCountryShare = {0.58, 0.19, 0.12, 0.08, 0.03};

// How busy a month is, January first; the mean is about 1.
constexpr std::array<double, 12> kMonthWeight = {0.92, 0.90, 0.94, 0.95, 0.94, 0.88,
                                                 0.80, 0.82, 0.98, 1.06, 1.38, 1.43};
constexpr double kMonthWeightMax = 1.43 * 1.12;
constexpr std::array<double, 7> kWeekdayWeight = {1.02, 0.98, 0.97, 0.99, 0.96, 0.96, 1.12};  // Monday first

double season(Day d) {
  const auto date = calendar::ymd(d);
  const int weekday = ((d.number + 3) % 7 + 7) % 7;  // 1970-01-01 was a Thursday
  return kMonthWeight[static_cast<unsigned>(date.month()) - 1] * kWeekdayWeight[static_cast<std::size_t>(weekday)];
}

bool black_week(Day d) {
  const auto date = calendar::ymd(d);
  const unsigned day = static_cast<unsigned>(date.day());
  return date.month() == std::chrono::November && day >= 22 && day <= 30;
}

// People buy in the evening: two bells, at 11 and at 20 o'clock UTC+1.
std::int64_t time_of_day(Random& random) {
  const double hour = random.chance(0.62) ? 19.0 + 1.8 * random.normal() : 10.5 + 2.2 * random.normal();
  const double bounded = std::clamp(hour, 0.05, 23.95);
  return static_cast<std::int64_t>(bounded * static_cast<double>(kHour));
}

template <std::size_t N>
std::size_t draw(Random& random, const std::array<double, N>& shares) {
  double u = random.uniform();
  for (std::size_t i = 0; i + 1 < N; ++i) {
    if (u < shares[i]) return i;
    u -= shares[i];
  }
  return N - 1;
}

// The popularity of place k falls as 1 / (k + 2): the first product sells some twenty times the last.
std::uint16_t draw_product(Random& random, std::uint16_t favourite) {
  if (random.chance(0.45)) return favourite;
  const double n = static_cast<double>(products().size());
  const double place = 2 * std::pow((n + 2) / 2, random.uniform()) - 2;
  return static_cast<std::uint16_t>(std::min(static_cast<std::size_t>(place), products().size() - 1));
}

// Writes one customer's life into the shop's columns.
class Life {
 public:
  Life(Shop& shop, std::uint32_t customer, Instant begin, Instant end)
      : shop_(shop),
        random_(shop.plan.seed, customer),
        aside_(~shop.plan.seed, customer),
        customer_(customer),
        begin_(begin),
        end_(end) {}

  void live() {
    const std::int64_t span = end_.ms - begin_.ms;
    // The shop grows: the share of customers who have come by time u of the span is u^1.4; busy days bring more.
    Instant birth;
    do {
      birth.ms =
          begin_.ms + static_cast<std::int64_t>(std::pow(random_.uniform(), 1 / 1.4) * static_cast<double>(span));
    } while (random_.uniform() * kMonthWeightMax > season(day(birth)));
    birth.ms = birth.ms / kMsPerDay * kMsPerDay + time_of_day(random_);
    birth.ms = std::clamp(birth.ms, begin_.ms, end_.ms - 1);

    std::array<double, kTraits.size()> shares{};
    for (std::size_t i = 0; i < kTraits.size(); ++i) shares[i] = kTraits[i].share;
    source_ = static_cast<std::uint8_t>(draw(random_, shares));
    country_ = static_cast<std::uint8_t>(draw(random_, kCountryShare));
    const SourceTraits& traits = kTraits[source_];
    favourite_ = draw_product(random_, 0);
    const double orders_a_day = traits.rate * random_.gamma(0.9, 10.5 * 7);
    double leaving_a_day = traits.dropout * random_.gamma(0.62, 16.0 * 7);

    newsletter_ = random_.chance(0.55);
    if (shop_.plan.behaviour && newsletter_) {
      event(birth.ms - static_cast<std::int64_t>(aside_.exponential(1.0 / static_cast<double>(3 * kMsPerDay))),
            Kind::kSubscribed);
    }
    Instant dies{birth.ms + lifetime(leaving_a_day)};
    Instant now = birth;
    Instant last = birth;
    for (int count = 0; now < end_ && (count == 0 || now < dies); ++count) {
      const bool trouble = order(now, count, last);
      last = now;
      // Trouble shortens the life that is left; a good answer to it wins some of that back.
      if (trouble) {
        leaving_a_day = leaving_a_day * 2.2 + 0.002;
        dies.ms = std::min(dies.ms, now.ms + lifetime(leaving_a_day));
      }
      now = next_order(now, orders_a_day);
    }
    if (dies < end_) leave(dies);
    if (shop_.plan.behaviour && aside_.chance(0.06)) subscribe(birth);
  }

 private:
  static Day day(Instant t) { return {static_cast<std::int32_t>(t.ms / kMsPerDay)}; }

  std::int64_t lifetime(double leaving_a_day) {
    const double days = std::min(random_.exponential(std::max(leaving_a_day, 1e-7)), 40'000.0);
    return static_cast<std::int64_t>(days * static_cast<double>(kMsPerDay));
  }

  // A Poisson process thinned by the season. Gaps are at least two hours, so that no two orders fall together.
  Instant next_order(Instant now, double orders_a_day) {
    const double peak = std::max(orders_a_day, 1e-7) * kMonthWeightMax;
    for (;;) {
      const double days = std::min(random_.exponential(peak), 40'000.0);
      now.ms += 2 * kHour + static_cast<std::int64_t>(days * static_cast<double>(kMsPerDay));
      if (now >= end_) return end_;
      if (random_.uniform() * kMonthWeightMax <= season(day(now))) {
        const Instant in_the_day{now.ms / kMsPerDay * kMsPerDay + time_of_day(random_)};
        return in_the_day > now ? in_the_day : now;
      }
    }
  }

  void event(std::int64_t at_ms, Kind kind, std::uint16_t product = 0, std::uint8_t value = 0) {
    if (at_ms < begin_.ms || at_ms >= end_.ms) return;
    shop_.events.push_back({{at_ms}, customer_, product, kind, value});
  }

  // The visit that led to an order, or to none: views, carts, a checkout.
  void browse(Instant around, bool bought) {
    if (!shop_.plan.behaviour) return;
    std::int64_t t = around.ms -
                     static_cast<std::int64_t>(aside_.exponential(1.0 / static_cast<double>(12 * kMinute))) -
                     6 * kMinute;
    const int views = 1 + static_cast<int>(aside_.below(5));
    for (int i = 0; i < views; ++i) {
      const std::uint16_t product = draw_product(aside_, favourite_);
      event(t, Kind::kProductViewed, product);
      if (aside_.chance(bought ? 0.6 : 0.2)) event(t + 20'000, Kind::kProductAdded, product);
      t += 15'000 + static_cast<std::int64_t>(aside_.below(60'000));
    }
    if (bought || aside_.chance(0.1)) event(t, Kind::kCheckoutStarted);
  }

  // One order with all that comes of it. True when something went wrong with it.
  bool order(Instant at, int count, Instant last) {
    browse(at, true);
    if (shop_.plan.behaviour) {
      for (std::uint32_t visits = aside_.below(3); visits > 0; --visits) {
        browse({at.ms - static_cast<std::int64_t>(aside_.below(20)) * kMsPerDay - kHour}, false);
      }
    }
    Order o;
    o.customer = customer_;
    o.at = at;
    o.source = count == 0 ? source_ : static_cast<std::uint8_t>(random_.chance(0.4) && newsletter_ ? 2 : source_);
    o.country = country_;
    o.first_line = static_cast<std::uint32_t>(shop_.lines.size());
    const std::uint32_t wanted = 1 + (random_.chance(0.45) ? 1 + random_.below(3) : 0);
    std::int32_t sum = 0;
    for (std::uint32_t i = 0; i < wanted; ++i) {
      const std::uint16_t product = draw_product(random_, favourite_);
      const auto first = shop_.lines.begin() + static_cast<std::ptrdiff_t>(o.first_line);
      const auto there = std::find_if(first, shop_.lines.end(), [&](const Line& l) { return l.product == product; });
      const bool small = products()[product].price_minor < 3000;
      const std::uint16_t quantity =
          static_cast<std::uint16_t>(1 + (small && random_.chance(0.3) ? 1 + random_.below(2) : 0));
      if (there != shop_.lines.end()) {
        there->quantity = static_cast<std::uint16_t>(there->quantity + quantity);
      } else {
        shop_.lines.push_back({product, quantity});
        ++o.line_count;
      }
      sum += quantity * products()[product].price_minor;
    }
    o.coupon = coupon(at, count, last);
    constexpr std::array<int, 5> kPercent = {0, 10, 20, 15, 0};
    o.discount_minor = o.coupon == kFriend ? std::min(500, sum) : (sum * kPercent[o.coupon] + 50) / 100;
    o.subtotal_minor = sum - o.discount_minor;
    o.shipping_minor = o.subtotal_minor >= kFreeShippingFrom ? 0 : kShipping;
    o.tax_minor = (o.subtotal_minor * kTaxPercent + (100 + kTaxPercent) / 2) / (100 + kTaxPercent);
    const bool trouble = trouble_with(o);
    shop_.orders.push_back(o);
    survey(at, trouble);
    return trouble;
  }

  std::uint8_t coupon(Instant at, int count, Instant last) {
    if (count == 0 && source_ == 6) return kFriend;
    if (count == 0 && random_.chance(kTraits[source_].welcome)) return kWelcome;
    if (black_week(day(at)) && random_.chance(0.7)) return kBlackFriday;
    if (count > 0 && at.ms - last.ms > 150 * kMsPerDay && random_.chance(0.3)) return kComeBack;
    return 0;
  }

  bool trouble_with(Order& o) {
    const double u = random_.uniform();
    const Instant later{o.at.ms + (3 + static_cast<std::int64_t>(random_.below(18))) * kMsPerDay + kHour};
    if (u < 0.012 && later < end_) {
      o.status = Status::kRefunded;
      o.refund_minor = o.total_minor();
      o.refunded_at = later;
    } else if (u < 0.042 && o.line_count > 1 && later < end_) {
      const Line& line = shop_.lines[o.first_line];
      o.status = Status::kPartiallyRefunded;
      o.refund_minor = std::min(line.quantity * products()[line.product].price_minor, o.subtotal_minor);
      o.refunded_at = later;
    } else if (u < 0.050) {
      o.status = Status::kVoided;
      o.cancelled_at = {std::min(o.at.ms + 3 * kHour, end_.ms - 1)};
    } else if (o.at.ms > end_.ms - 2 * kMsPerDay && u < 0.10) {
      o.status = Status::kPending;
    }
    const bool trouble = o.refund_minor > 0 || random_.chance(0.02);
    if (shop_.plan.behaviour && (trouble || aside_.chance(0.03))) {
      const std::int64_t opened = o.at.ms + (2 + static_cast<std::int64_t>(aside_.below(6))) * kMsPerDay;
      const std::uint8_t topic = trouble ? static_cast<std::uint8_t>(aside_.below(3)) : 3;
      event(opened, Kind::kTicketOpened, 0, topic);
      event(opened + kHour + static_cast<std::int64_t>(aside_.exponential(1.0 / static_cast<double>(20 * kHour))),
            Kind::kTicketClosed, 0, topic);
    }
    return trouble;
  }

  void survey(Instant at, bool trouble) {
    if (!shop_.plan.behaviour || !aside_.chance(0.12)) return;
    const double mood = (trouble ? 4.5 : 8.4) + 1.7 * aside_.normal();
    const auto score = static_cast<std::uint8_t>(std::clamp(mood, 0.0, 10.0));
    event(at.ms + 7 * kMsPerDay + static_cast<std::int64_t>(aside_.below(3)) * kMsPerDay, Kind::kSurveyAnswered, 0,
          score);
  }

  void leave(Instant at) {
    if (shop_.plan.behaviour && newsletter_ && aside_.chance(0.35)) {
      event(at.ms + static_cast<std::int64_t>(aside_.below(40)) * kMsPerDay, Kind::kUnsubscribed);
    }
  }

  void subscribe(Instant birth) {
    Subscription s;
    s.customer = customer_;
    s.product = static_cast<std::uint16_t>(aside_.below(3));
    s.amount_minor = products()[s.product].price_minor * 9 / 10;
    s.start = day(birth) + static_cast<int>(aside_.below(60));
    const Day last = day(end_) - 1;
    if (s.start >= last) return;
    if (aside_.chance(0.4)) s.trial_end = s.start + 14;
    const Day paid = s.trial_end.value_or(s.start);
    const auto months = static_cast<int>(aside_.exponential(0.055 + 0.10 * aside_.uniform()));
    Day stop = paid + 30 * months;
    if (s.trial_end && aside_.chance(0.35)) stop = *s.trial_end;  // not converted
    if (months > 4 && aside_.chance(0.25)) {
      s.pause = paid + 60 + static_cast<int>(aside_.below(30));
      s.resume = *s.pause + 30;
      if (*s.pause > last) s.pause.reset();
      if (!s.pause || *s.resume > last) s.resume.reset();
    }
    if (stop <= last) {
      s.end = stop;
      s.reason = static_cast<std::uint8_t>(aside_.below(5));
    }
    shop_.subscriptions.push_back(s);
  }

  Shop& shop_;
  Random random_;  // of what shows in the orders
  Random aside_;   // of all else, so that a shop made without it has the same orders
  std::uint32_t customer_;
  Instant begin_, end_;
  std::uint8_t source_ = 0, country_ = 0;
  std::uint16_t favourite_ = 0;
  bool newsletter_ = false;
};

// Orders move to their place by time; their lines follow, so that lines_of() reads forward.
void sort_orders(Shop& shop) {
  std::sort(shop.orders.begin(), shop.orders.end(),
            [](const Order& a, const Order& b) { return a.at != b.at ? a.at < b.at : a.customer < b.customer; });
  std::vector<Line> lines;
  lines.reserve(shop.lines.size());
  for (Order& o : shop.orders) {
    const auto own = shop.lines_of(o);
    o.first_line = static_cast<std::uint32_t>(lines.size());
    lines.insert(lines.end(), own.begin(), own.end());
  }
  shop.lines = std::move(lines);
}

Day year_floor(Day d) { return calendar::civil(static_cast<int>(calendar::ymd(d).year()), 1, 1); }

// Costs follow the business: acquisition by new customers of the month, retention by orders, both with a fixed part.
void add_costs(Shop& shop, Day begin) {
  std::vector<std::uint8_t> seen(shop.plan.customers, 0);
  std::size_t i = 0;
  for (Day month = begin; month < shop.plan.until;) {
    const auto date = calendar::ymd(month);
    const unsigned m = static_cast<unsigned>(date.month());
    const Day next =
        std::min(calendar::civil(static_cast<int>(date.year()) + (m == 12 ? 1 : 0), m % 12 + 1, 1), shop.plan.until);
    std::int64_t orders = 0;
    std::array<std::int64_t, kTraits.size()> fresh{};
    for (; i < shop.orders.size() && shop.orders[i].at.ms < next.number * kMsPerDay; ++i) {
      ++orders;
      auto& known = seen[shop.orders[i].customer];
      if (!known) ++fresh[shop.orders[i].source];
      known = 1;
    }
    shop.costs.push_back({month, next, 9000 + fresh[1] * 1450, "marketing", "acquisition", "google-ads"});
    shop.costs.push_back({month, next, 6000 + fresh[3] * 1150, "marketing", "acquisition", "instagram"});
    shop.costs.push_back({month, next, fresh[4] * 900, "marketing", "acquisition", "affiliate"});
    shop.costs.push_back({month, next, fresh[6] * 500, "referral", "acquisition", "bring-a-friend"});
    shop.costs.push_back({month, next, 4900 + orders * 6, "message", "retention", "newsletter"});
    shop.costs.push_back({month, next, orders * 38, "support", "retention", ""});
    month = next;
  }
  std::erase_if(shop.costs, [](const Cost& c) { return c.minor == 0; });
}

}  // namespace

Result<Shop> make_shop(const Plan& plan) {
  if (plan.customers == 0) return fail(Errc::kInvalidArgument, "sample: --customers must be at least 1");
  if (plan.years < 1 || plan.years > 30) return fail(Errc::kInvalidArgument, "sample: --years must be from 1 to 30");
  if (plan.customers > 50'000'000) return fail(Errc::kOutOfRange, "sample: at most 50,000,000 customers");
  Shop shop;
  shop.plan = plan;
  const auto date = calendar::ymd(plan.until);
  Day begin = calendar::civil(static_cast<int>(date.year()) - plan.years, static_cast<unsigned>(date.month()),
                              std::min(static_cast<unsigned>(date.day()), 28U));
  if (date.month() == std::chrono::January) begin = year_floor(begin);
  const Instant from{begin.number * kMsPerDay};
  // Two hours early, so that the last evening lies in the last year in every zone of Europe.
  const Instant to{plan.until.number * kMsPerDay - 2 * kHour};
  shop.orders.reserve(static_cast<std::size_t>(plan.customers) * 3);
  shop.lines.reserve(static_cast<std::size_t>(plan.customers) * 5);
  for (std::uint32_t c = 0; c < plan.customers; ++c) Life(shop, c, from, to).live();
  sort_orders(shop);
  std::sort(shop.events.begin(), shop.events.end(), [](const Event& a, const Event& b) {
    if (a.at != b.at) return a.at < b.at;
    if (a.customer != b.customer) return a.customer < b.customer;
    return a.kind < b.kind;
  });
  std::sort(shop.subscriptions.begin(), shop.subscriptions.end(),
            [](const Subscription& a, const Subscription& b) { return a.customer < b.customer; });
  add_costs(shop, begin);
  return shop;
}

}  // namespace behoud::sample
