#include "retention/report/internal/refunds_beyond.h"

#include <array>

#include "retention/answers.h"
#include "retention/report/internal/found.h"

namespace behoud::retention::report::internal {

namespace {

using timeline::Histories;

constexpr int kLatelyDays = 90;
constexpr std::uint64_t kRefundsMin = 10;

// What was refunded there beyond what the rate elsewhere would give.
double excess_minor(const Refunds& there, const Refunds& elsewhere) {
  if (elsewhere.gross_minor <= 0) return there.refunded_minor;
  return there.refunded_minor - there.gross_minor * elsewhere.refunded_minor / elsewhere.gross_minor;
}

// How many days before the day at whose start one looks an order was placed; only those that were are told of.
struct Recent {
  static bool year(int ago) { return ago <= kYearDays; }
  static bool lately(int ago) { return ago <= kLatelyDays; }
  static bool before_lately(int ago) { return ago > kLatelyDays && ago <= kLatelyDays + kYearDays; }
};

// Calls visit(part, customer, row, days ago, standing) for each placed order, on two threads.
template <class Visit>
void each_placed(const Histories& h, const AsOf& now, const Visit& visit) {
  run_in_parts(h.customers(), [&](std::size_t part, std::size_t begin, std::size_t end) {
    Standings standings(h, now.at, h.order_begin[begin]);
    for (std::size_t c = begin; c < end; ++c) {
      for (std::uint32_t row = h.order_begin[c]; row < h.order_begin[c + 1]; ++row) {
        const Standing s = standings.next();
        if (s.placed) visit(part, c, row, now.cut - h.order_day[row], s);
      }
    }
  });
}

}  // namespace

template <class Which>
std::vector<std::uint32_t> RefundsBeyond::with(const Histories& h, const AsOf& now, const Which& which) {
  Found found;
  std::array<std::size_t, kParts> last;
  last.fill(h.customers());
  each_placed(h, now, [&](std::size_t part, std::size_t c, std::uint32_t row, int ago, const Standing& s) {
    if (last[part] == c || !Refunds::is_refunded(s) || !which(row, ago)) return;
    last[part] = c;
    found.add(part, c);
  });
  return found.all();
}

std::vector<std::uint32_t> RefundsBeyond::with_item(const Histories& h, const AsOf& now, timeline::Code item) {
  return with(h, now, [&](std::uint32_t row, int ago) { return Recent::year(ago) && h.item[row] == item; });
}
std::vector<std::uint32_t> RefundsBeyond::with_any_lately(const Histories& h, const AsOf& now) {
  return with(h, now, [](std::uint32_t, int ago) { return Recent::lately(ago); });
}

void RefundsBeyond::judge_items(const Histories& h, const AsOf& now, const std::vector<Refunds>& by_item) {
  Refunds all;
  for (const Refunds& r : by_item) all.add(r);
  for (timeline::Code code = 1; code < by_item.size(); ++code) {
    const Refunds& r = by_item[code];
    if (r.refunded < kRefundsMin) continue;
    Refunds others = all;
    others.take(r);
    if (others.orders < kPeopleMin) continue;
    const double usual = static_cast<double>(others.refunded) / static_cast<double>(others.orders);
    if (proportion(r.refunded, r.orders).low.value_or(0) <= 2 * usual) continue;
    const double minor = excess_minor(r, others);
    if (minor <= 0 || (item.any && minor <= item.minor)) continue;
    item = Excess{true, 0, code, r, others, minor};
  }
  if (item.any) item.people = with_item(h, now, item.item).size();
}

void RefundsBeyond::judge_lately() {
  if (lately.there.refunded < kRefundsMin || lately.elsewhere.orders < kPeopleMin) return;
  const Rate rate = proportion(lately.there.refunded, lately.there.orders);
  const Rate before = proportion(lately.elsewhere.refunded, lately.elsewhere.orders);
  if (rate.low.value_or(0) <= before.high.value_or(1)) return;
  lately.minor = excess_minor(lately.there, lately.elsewhere);
  lately.any = lately.minor > 0;
}

RefundsBeyond RefundsBeyond::of(const Histories& h, const AsOf& now) {
  struct Part {
    std::vector<Refunds> by_item;
    Refunds lately, before;
    std::uint64_t people_lately = 0;
    std::size_t last = SIZE_MAX;
  };
  std::array<Part, kParts> parts;
  const bool items = !h.item.empty();
  for (Part& part : parts) part.by_item.resize(items ? h.items.size() : 0);
  each_placed(h, now, [&](std::size_t at, std::size_t c, std::uint32_t row, int ago, const Standing& s) {
    Part& part = parts[at];
    const std::int64_t gross = h.gross_minor[row];
    if (items && Recent::year(ago)) part.by_item[h.item[row]].add(gross, s);
    if (Recent::lately(ago)) {
      part.lately.add(gross, s);
      if (Refunds::is_refunded(s) && part.last != c) {
        ++part.people_lately;
        part.last = c;
      }
    } else if (Recent::before_lately(ago)) {
      part.before.add(gross, s);
    }
  });
  RefundsBeyond out;
  std::vector<Refunds> by_item(items ? h.items.size() : 0);
  for (const Part& part : parts) {
    for (std::size_t code = 0; code < by_item.size(); ++code) by_item[code].add(part.by_item[code]);
    out.lately.there.add(part.lately);
    out.lately.elsewhere.add(part.before);
    out.lately.people += part.people_lately;
  }
  out.judge_items(h, now, by_item);
  out.judge_lately();
  return out;
}

const RefundsBeyond& refunds_beyond(const Histories& h, const View& view) {
  return view.shared<RefundsBeyond>([&] { return RefundsBeyond::of(h, view.now()); });
}

}  // namespace behoud::retention::report::internal
