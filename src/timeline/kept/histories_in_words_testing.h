#pragma once

// Histories in words: all that they say, field by field and customer by customer, without the codes that two of one
// ledger may give differently.

#include <map>
#include <string>

#include <fmt/format.h>

#include "timeline/rebuild.h"

namespace behoud::timeline {

using InWords = std::map<std::string, std::string>;

inline InWords in_words(const Rebuilt& rebuilt, bool with_codes = false) {
  const Histories& h = rebuilt.histories;
  InWords out;
  const auto day = [](const std::optional<calendar::Day>& d) { return d ? std::to_string(d->number) : "-"; };
  out["shop"] = fmt::format("{} {} {} {} {} days {} {} columns {}{}{}{}{}{}{}{}{}{}{}{}", h.zone.name(),
                            h.currency.code(), h.margin_rate_millionth.value_or(-1), h.revision, h.is_sample,
                            day(h.first_order_day), day(h.last_order_day), h.date_only.empty(), h.tax_minor.empty(),
                            h.shipping_minor.empty(), h.discount_minor.empty(), h.units_milli.empty(),
                            h.item_cost_minor.empty(), h.costed_gross_minor.empty(), h.converted.empty(),
                            h.item.empty(), h.coupon.empty(), h.source.empty(), h.country.empty());
  const std::size_t n = h.orders();
  std::string sizes;
  const auto is_whole = [&](const char* what, std::size_t size, std::size_t wanted, bool may_be_empty) {
    if (size != wanted && (!may_be_empty || size != 0)) sizes += fmt::format("{} {} ", what, size);
  };
  is_whole("order_at", h.order_at.size(), n, false);
  is_whole("gross", h.gross_minor.size(), n, false);
  is_whole("date_only", h.date_only.size(), n, true);
  is_whole("tax", h.tax_minor.size(), n, true);
  is_whole("shipping", h.shipping_minor.size(), n, true);
  is_whole("discount", h.discount_minor.size(), n, true);
  is_whole("units", h.units_milli.size(), n, true);
  is_whole("item_cost", h.item_cost_minor.size(), n, true);
  is_whole("costed_gross", h.costed_gross_minor.size(), n, true);
  is_whole("converted", h.converted.size(), n, true);
  is_whole("item", h.item.size(), n, true);
  is_whole("coupon", h.coupon.size(), n, true);
  is_whole("source", h.source.size(), n, true);
  is_whole("country", h.country.size(), n, true);
  is_whole("order_id", h.order_id.size(), 0, false);
  is_whole("order_seq", h.order_seq.size(), 0, false);
  is_whole("order_begin", h.order_begin.back(), n, false);
  for (const std::size_t size : {h.customer_space.size(), h.customer_key.size(), h.customer_label.size(),
                                 h.known_since.size(), h.orders_before.size()}) {
    is_whole("customer", size, h.customers(), false);
  }
  out["sizes"] = sizes;
  if (!sizes.empty()) return out;

  const auto at = [](const auto& column, std::size_t i) { return column.empty() ? 0 : column[i]; };
  const auto name = [&h](std::uint32_t c) {
    return fmt::format("customer {:06} {}/{}", c, static_cast<int>(h.customer_space[c]), h.customer_key[c]);
  };
  auto step = h.steps.begin();
  for (std::uint32_t c = 0; c < h.customers(); ++c) {
    std::string& said = out[name(c)];
    said = fmt::format("{} since {} before {}\n", h.customer_label[c], day(h.known_since[c]), h.orders_before[c]);
    for (std::size_t i = h.order_begin[c]; i < h.order_begin[c + 1]; ++i) {
      said += fmt::format(
          "{} {} {} gross {} tax {} shipping {} discount {} units {} cost {} of {} converted {} {} {} {} {}",
          h.order_at[i].ms, h.order_day[i].number, at(h.date_only, i), h.gross_minor[i], at(h.tax_minor, i),
          at(h.shipping_minor, i), at(h.discount_minor, i), at(h.units_milli, i), at(h.item_cost_minor, i),
          at(h.costed_gross_minor, i), h.converted.empty() ? 1 : h.converted[i], h.items[at(h.item, i)],
          h.coupons[at(h.coupon, i)], h.sources[at(h.source, i)], h.countries[at(h.country, i)]);
      for (; step != h.steps.end() && step->order == i; ++step) {
        said += fmt::format(" step {} {} {}", step->at_ms, step->refunded_minor, step->counts);
      }
      said += '\n';
    }
  }
  out["steps left"] = std::to_string(h.steps.end() - step);
  const auto acts = [&](const char* what, const std::vector<Act>& list, bool kinds) {
    std::string& said = out[what];
    for (const Act& a : list) {
      said += fmt::format("{} {} {}\n", name(a.customer), a.day.number, kinds ? h.kinds[a.kind] : "");
    }
  };
  acts("joined", h.relation_joined, false);
  acts("left", h.relation_left, false);
  acts("events", h.events, true);
  std::string& subscriptions = out["subscriptions"];
  for (const Subscription& s : h.subscriptions) {
    subscriptions +=
        fmt::format("{} {} {} {} {} {} {} {} {} {}", name(s.customer), s.id, s.plan, s.reason, s.start.number,
                    day(s.trial_end), day(s.end), s.amount_minor, s.interval_months, s.interval_days);
    for (const auto& [from, to] : s.pauses) subscriptions += fmt::format(" pause {} {}", from.number, day(to));
    subscriptions += '\n';
  }
  for (const CostEntry& c : h.costs) {
    out["costs"] += fmt::format("{} {} {} {} {} {} {}\n", c.from.number, c.to.number, c.minor, c.kind, c.purpose,
                                c.campaign, c.note);
  }
  for (const LeftOut& l : h.left_out) {
    out["left out"] += fmt::format("{} {} {} {}\n", l.reason, l.detail, l.orders, l.gross_minor);
  }
  for (const Unconverted& u : h.unconverted) {
    out["unconverted"] += fmt::format("{} {} {}\n", u.currency.code(), u.orders, u.gross_minor);
  }
  out["unmatched"] = fmt::format("{} {}", h.unmatched_refunds, h.unmatched_refunds_minor);
  for (const Unused& u : rebuilt.unused) {
    out["unused"] += fmt::format("{} {} {}\n", u.what, u.currency.code(), u.count);
  }
  for (const std::string& kind : h.kinds.by_code) out["kinds"] += kind + '\n';
  if (!with_codes) return out;
  for (const Texts* texts : {&h.items, &h.coupons, &h.sources, &h.countries}) {
    for (const std::string& word : texts->by_code) out["codes"] += word + '\n';
    out["codes"] += "--\n";
  }
  return out;
}

// What two say differently, for people to read.
inline std::string difference(const InWords& a, const InWords& b) {
  std::string out;
  for (const auto& [what, said] : a) {
    const auto other = b.find(what);
    if (other == b.end()) {
      out += fmt::format("only the first has {}: {}\n", what, said);
    } else if (other->second != said) {
      out += fmt::format("{}:\n{}\n-- and --\n{}\n", what, said, other->second);
    }
  }
  for (const auto& [what, said] : b) {
    if (!a.contains(what)) out += fmt::format("only the second has {}: {}\n", what, said);
  }
  return out;
}

}  // namespace behoud::timeline
