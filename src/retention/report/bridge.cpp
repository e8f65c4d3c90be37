#include "retention/report/bridge.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "base/text.h"
#include "base/together.h"
#include "retention/report/internal/standing.h"

namespace behoud::retention::report {

namespace {

using Kind = BridgeLine::Kind;

// Sums that may pass 64 bits on the way: a hostile file must not wrap a total.
using Wide = __int128;
Result<std::int64_t> narrow(Wide v, std::string_view what) {
  if (v > INT64_MAX || v < INT64_MIN) {
    return fail(Errc::kOutOfRange, "the sum of all " + std::string(what) + " does not fit in 64 bits",
                "Look for an amount that is far too large.");
  }
  return static_cast<std::int64_t>(v);
}

// What the reading says between two of its totals, taken away.
void take_steps(const std::vector<ingest::BridgeStep>& steps, std::string_view after, std::string_view until,
                std::vector<BridgeLine>& out) {
  const auto at = [&](std::string_view name) {
    return std::find_if(steps.begin(), steps.end(), [&](const auto& s) { return s.name == name; });
  };
  auto it = at(after);
  const auto end = at(until);
  if (it == steps.end() || end == steps.end() || end < it) return;
  for (++it; it != end; ++it) {
    if (it->count == 0) continue;
    BridgeLine line;
    line.name = it->name;
    line.kind = Kind::kStep;
    line.count = -static_cast<std::int64_t>(it->count);
    line.reason = it->reason;
    if (line.name == "further_lines" && line.reason.empty()) line.reason = "report.bridge.why.further_lines";
    line.rows = it->lines;
    out.push_back(std::move(line));
  }
}

std::int64_t steps_since_total(const std::vector<BridgeLine>& lines) {
  std::int64_t sum = 0;
  for (auto it = lines.rbegin(); it != lines.rend() && it->kind != Kind::kTotal; ++it) {
    if (it->kind == Kind::kStep) sum += it->count.value_or(0);
  }
  return sum;
}

const char* left_out_reason(std::string_view why) {
  if (why == "anonymous") return "report.bridge.why.anonymous";
  if (why == "awaited") return "report.bridge.why.awaited";
  if (why == "void") return "report.bridge.why.void";
  if (why == "refunded") return "report.bridge.why.refunded";
  if (why == "cancelled") return "report.bridge.why.cancelled";
  if (why == "unknown_status") return "report.bridge.why.unknown_status";
  if (why == "incomplete") return "report.bridge.why.incomplete";
  if (why == "test") return "report.bridge.why.test";
  if (why == "negative") return "report.bridge.why.negative";
  return "";
}

}  // namespace

std::string_view name(BridgeLine::Kind kind) {
  switch (kind) {
    case Kind::kTotal:
      return "total";
    case Kind::kStep:
      return "step";
    case Kind::kAside:
      break;
  }
  return "aside";
}

const BridgeLine* Bridge::find(std::string_view name) const {
  const auto it = std::find_if(lines.begin(), lines.end(), [&](const BridgeLine& l) { return l.name == name; });
  return it == lines.end() ? nullptr : &*it;
}

void OrderSumsByStanding::Sums::add(const Sums& o) {
  gross += o.gross;
  tax += o.tax;
  shipping += o.shipping;
  discount += o.discount;
  refunds += o.refunds;
  orders += o.orders;
  refunded_orders += o.refunded_orders;
  discounted_orders += o.discounted_orders;
  refunds_to_come += o.refunds_to_come;
  going += o.going;
  orders_to_refund += o.orders_to_refund;
  orders_going += o.orders_going;
}

OrderSumsByStanding sum_orders(const timeline::Histories& h, calendar::Instant as_of) {
  std::array<OrderSumsByStanding, kParts> parts;
  run_in_parts(h.orders(), [&](std::size_t part, std::size_t begin, std::size_t end) {
    OrderSumsByStanding own;
    internal::Standings standings(h, as_of, begin);
    for (std::size_t i = begin; i < end; ++i) {
      const internal::Standing s = standings.next();
      const bool converted = h.converted.empty() || h.converted[i] != 0;
      OrderSumsByStanding::Sums& to = !s.placed ? own.later : s.counts ? own.counted : own.gone;
      ++to.orders;
      const bool going = s.counts && !s.counts_in_the_end;
      to.orders_going += going;
      if (!converted) continue;
      to.gross += h.gross_minor[i];
      if (!h.tax_minor.empty()) to.tax += h.tax_minor[i];
      if (!h.shipping_minor.empty()) to.shipping += h.shipping_minor[i];
      if (!h.discount_minor.empty()) {
        to.discount += h.discount_minor[i];
        to.discounted_orders += h.discount_minor[i] != 0;
      }
      to.refunds += s.refunded_minor;
      to.refunded_orders += s.refunded_minor != 0;
      const std::int64_t to_come = s.refunded_in_the_end_minor - s.refunded_minor;
      if (going) to.going += h.gross_minor[i] - s.refunded_minor;
      if (s.counts && !going && to_come != 0) {
        to.refunds_to_come += to_come;
        ++to.orders_to_refund;
      }
    }
    parts[part] = own;
  });
  OrderSumsByStanding all;
  for (const OrderSumsByStanding& part : parts) {
    all.counted.add(part.counted);
    all.gone.add(part.gone);
    all.later.add(part.later);
  }
  return all;
}

Result<Bridge> make_bridge(const timeline::Histories& h, const ingest::ReadFacts& facts, calendar::Instant as_of) {
  return make_bridge(h, facts, sum_orders(h, as_of));
}

Result<Bridge> make_bridge(const timeline::Histories& h, const ingest::ReadFacts& facts,
                           const OrderSumsByStanding& sums) {
  return make_bridge({sums, h.left_out, h.unconverted, h.unmatched_refunds, h.unmatched_refunds_minor}, facts);
}

Result<Bridge> make_bridge(const BridgeOrders& orders, const ingest::ReadFacts& facts) {
  Bridge bridge;
  auto& out = bridge.lines;
  const auto total = [&](std::string name, std::optional<std::int64_t> count, std::optional<std::int64_t> minor) {
    BridgeLine line;
    line.name = std::move(name);
    line.count = count;
    line.amount_minor = minor;
    out.push_back(std::move(line));
  };
  const auto other = [&](Kind kind, std::string name, std::optional<std::int64_t> count,
                         std::optional<std::int64_t> minor, std::string reason, std::string detail = {}) {
    BridgeLine line;
    line.name = std::move(name);
    line.kind = kind;
    line.count = count;
    line.amount_minor = minor;
    line.detail = std::move(detail);
    line.reason = std::move(reason);
    out.push_back(std::move(line));
  };
  // Whatever two neighbouring totals do not explain is said.
  const auto explain = [&](std::int64_t before, std::int64_t after) {
    const std::int64_t gap = after - before - steps_since_total(out);
    if (gap != 0) other(Kind::kStep, "unexplained", gap, std::nullopt, "report.bridge.why.unexplained");
  };

  const auto& [counted, gone, later] = orders.sums;
  Wide all_gross = counted.gross + gone.gross + later.gross;
  std::int64_t all_orders = counted.orders + gone.orders + later.orders;
  for (const timeline::LeftOut& l : orders.left_out) {
    all_gross += l.gross_minor;
    all_orders += static_cast<std::int64_t>(l.orders);
  }

  // Rows -> lines -> orders, as the reading tells.
  const auto step_of = [&](std::string_view name) {
    const auto it =
        std::find_if(facts.bridge.begin(), facts.bridge.end(), [&](const auto& s) { return s.name == name; });
    return it == facts.bridge.end() ? std::optional<std::int64_t>() : static_cast<std::int64_t>(it->count);
  };
  if (!facts.bridge.empty() || facts.rows > 0) {
    const std::int64_t rows = step_of("rows").value_or(static_cast<std::int64_t>(facts.rows));
    const std::int64_t read_orders = step_of("orders").value_or(static_cast<std::int64_t>(facts.orders));
    total("rows", rows, std::nullopt);
    const std::optional<std::int64_t> lines = step_of("lines");
    if (lines) {
      take_steps(facts.bridge, "rows", "lines", out);
      explain(rows, *lines);
      total("lines", lines, std::nullopt);
    }
    take_steps(facts.bridge, lines ? "lines" : "rows", "orders", out);
    // Orders that refund rows alone name are no orders of the reading, yet somebody placed them.
    const std::int64_t refunds_alone = step_of("refunds_without_order").value_or(0);
    if (refunds_alone > 0) {
      other(Kind::kStep, "refunds_without_order", refunds_alone, std::nullopt,
            "report.bridge.why.refunds_without_order");
    }
    if (read_orders + refunds_alone > all_orders) {
      other(Kind::kStep, "same_order_again", all_orders - read_orders - refunds_alone, std::nullopt,
            "report.bridge.why.same_order_again");
    }
    explain(lines.value_or(rows), all_orders);
  }

  // Orders -> counted orders.
  TRY_ASSIGN(const std::int64_t orders_gross, narrow(all_gross, "amounts"));
  TRY_ASSIGN(const std::int64_t gross, narrow(counted.gross, "amounts"));
  total("orders", all_orders, orders_gross);
  for (const timeline::LeftOut& l : orders.left_out) {
    if (l.orders == 0) continue;
    other(Kind::kStep, l.reason, -static_cast<std::int64_t>(l.orders), -l.gross_minor, left_out_reason(l.reason),
          l.detail);
    // The rows behind it, where the reading kept them.
    const auto it =
        std::find_if(facts.bridge.begin(), facts.bridge.end(), [&](const auto& s) { return s.name == l.reason; });
    if (it != facts.bridge.end()) out.back().rows = it->lines;
  }
  if (gone.orders > 0) {
    TRY_ASSIGN(const std::int64_t minor, narrow(gone.gross, "amounts"));
    other(Kind::kStep, "refunded", -gone.orders, -minor, "report.bridge.why.refunded_or_cancelled");
  }
  if (later.orders > 0) {
    TRY_ASSIGN(const std::int64_t minor, narrow(later.gross, "amounts"));
    other(Kind::kStep, "after_as_of", -later.orders, -minor, "report.bridge.why.after_as_of");
  }
  total("counted_orders", counted.orders, gross);

  // The money of the counted orders.
  if (counted.tax != 0 || counted.shipping != 0) {
    TRY_ASSIGN(const std::int64_t tax, narrow(counted.tax, "taxes"));
    TRY_ASSIGN(const std::int64_t shipping, narrow(counted.shipping, "shipping"));
    TRY_ASSIGN(const std::int64_t paid, narrow(counted.gross + counted.tax + counted.shipping, "amounts"));
    total("paid", std::nullopt, paid);
    if (tax != 0) other(Kind::kStep, "tax", std::nullopt, -tax, "report.bridge.why.tax");
    if (shipping != 0) other(Kind::kStep, "shipping", std::nullopt, -shipping, "report.bridge.why.shipping");
  }
  total("gross", std::nullopt, gross);
  if (counted.discount != 0) {
    TRY_ASSIGN(const std::int64_t discount, narrow(counted.discount, "discounts"));
    other(Kind::kAside, "discount", counted.discounted_orders, discount, "report.bridge.why.discount");
  }
  if (counted.refunded_orders > 0) {
    TRY_ASSIGN(const std::int64_t refunds, narrow(counted.refunds, "refunds"));
    // Orders that were refunded in part still count: the number is of them, and is taken from nothing.
    other(Kind::kStep, "refunds", counted.refunded_orders, -refunds, "report.bridge.why.refunds");
  }
  TRY_ASSIGN(const std::int64_t revenue, narrow(counted.gross - counted.refunds, "revenue"));
  total("revenue", std::nullopt, revenue);
  if (counted.orders_to_refund > 0) {
    TRY_ASSIGN(const std::int64_t to_come, narrow(counted.refunds_to_come, "refunds"));
    other(Kind::kAside, "refunds_after_as_of", counted.orders_to_refund, to_come,
          "report.bridge.why.refunds_after_as_of");
  }
  if (counted.orders_going > 0) {
    TRY_ASSIGN(const std::int64_t going, narrow(counted.going, "amounts"));
    other(Kind::kAside, "gone_after_as_of", counted.orders_going, going, "report.bridge.why.gone_after_as_of");
  }
  for (const timeline::Unconverted& u : orders.unconverted) {
    if (u.orders == 0) continue;
    other(Kind::kAside, "unconverted", static_cast<std::int64_t>(u.orders), u.gross_minor,
          "report.bridge.why.unconverted", u.currency.code());
  }
  if (orders.unmatched_refunds > 0) {
    other(Kind::kAside, "unmatched_refunds", static_cast<std::int64_t>(orders.unmatched_refunds),
          orders.unmatched_refunds_minor, "report.bridge.why.unmatched_refunds");
  }
  return bridge;
}

Bridge bridge_of_records(const std::vector<ingest::BridgeStep>& steps) {
  Bridge bridge;
  for (const ingest::BridgeStep& s : steps) {
    BridgeLine& line = bridge.lines.emplace_back();
    line.name = s.name;
    const bool total = s.name == "rows" || s.name == "read" || s.name == "cells" || s.name == "records";
    if (!total) line.kind = Kind::kStep;
    line.count = total ? static_cast<std::int64_t>(s.count) : -static_cast<std::int64_t>(s.count);
    line.detail = s.detail;
    line.reason = s.reason;
    line.rows = s.lines;
  }
  return bridge;
}

void write_bridge(JsonWriter& json, const Bridge& bridge) {
  json.begin_array();
  for (const BridgeLine& l : bridge.lines) {
    json.begin_object().field("name", l.name).field("kind", name(l.kind)).field("count", l.count);
    json.field("amount_minor", l.amount_minor);
    json.text_or_null("detail", l.detail);
    json.text_or_null("reason", l.reason);
    json.key("rows").begin_array();
    for (const std::uint64_t row : l.rows) json.value(row);
    json.end_array().end_object();
  }
  json.end_array();
}

Result<void> check(const Bridge& bridge) {
  // Counts run from total to total up to the counted orders; money from "orders" and from "paid" on.
  const BridgeLine* before = nullptr;
  Wide count = 0, money = 0;
  for (const BridgeLine& line : bridge.lines) {
    if (line.kind == Kind::kAside) continue;
    if (line.kind == Kind::kStep) {
      count += line.count.value_or(0);
      money += line.amount_minor.value_or(0);
      continue;
    }
    const auto wrong = [&](const char* what) {
      return fail(Errc::kCorrupt, "the bridge does not sum: the " + std::string(what) + " of " + quoted(line.name) +
                                      " do not follow from " + quoted(before->name));
    };
    const bool counts_start = line.name == "cells";  // a row of a wide table holds several
    if (!counts_start && before && before->count && line.count && *before->count + count != *line.count) {
      return wrong("counts");
    }
    const bool money_starts = line.name == "paid" || line.name == "orders" || !before || !before->amount_minor;
    if (!money_starts && line.amount_minor && *before->amount_minor + money != *line.amount_minor)
      return wrong("amounts");
    before = &line;
    count = money = 0;
  }
  return {};
}

}  // namespace behoud::retention::report
