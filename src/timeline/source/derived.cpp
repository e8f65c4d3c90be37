#include "timeline/source/derived.h"

#include <algorithm>
#include <array>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <utility>

#include "base/together.h"
#include "timeline/segment_builder.h"

namespace behoud::timeline {
namespace {

using calendar::Instant;

constexpr int kRoomDays = 62;  // laid out behind the last event, for what will arrive
constexpr std::size_t kKindsMax = 65'535;

// A dictionary of the histories, with what was said beside behind it.
struct MergedWords {
  MergedWords(const Texts& of_orders, const Dictionary& beside) {
    Dictionary all;
    // The words of the orders keep their codes. None is refused: they all were words before.
    for (const std::string& word : of_orders.by_code) (void)all.code(word);
    code_of.reserve(beside.size());
    for (Code code = 0; code < beside.size(); ++code) code_of.push_back(all.code(beside[code]).value_or(0));
    words = std::move(all).take().by_code;
  }
  Words words;
  std::vector<Code> code_of;  // by code of what was said beside
};

Words words_of(const Dictionary& dictionary) {
  Words out;
  out.reserve(dictionary.size());
  for (Code code = 0; code < dictionary.size(); ++code) out.emplace_back(dictionary[code]);
  return out;
}

std::vector<std::uint32_t> sizes_of(const std::vector<Words>& dictionaries) {
  std::vector<std::uint32_t> out;
  out.reserve(dictionaries.size());
  for (const Words& words : dictionaries) out.push_back(static_cast<std::uint32_t>(words.size()));
  return out;
}

// How an order stands when everything that is known of it has happened.
struct Standing {
  bool counts = true;
  std::int64_t refunded_minor = 0;
};

class Layout {
 public:
  Layout(const Histories& h, SaidBeside& said, std::uint32_t window_days)
      : h_(h),
        said_(said),
        sources_(h.sources, said.sources),
        countries_(h.countries, said.countries),
        has_seqs_(!h.order_seq.empty() || said.any_event()),
        has_dates_(!h.date_only.empty() || said.any_event()) {
    schema_.kinds = {"order", "order undone", ""};
    for (Code code = 1; code < said.kinds.size() && schema_.kinds.size() < kKindsMax; ++code) {
      schema_.kinds.emplace_back(said.kinds[code]);
    }
    schema_.order_kind = kPurchase;
    schema_.customer_dimensions = {"source", "country", "first_product", "first_coupon", "language", "consent"};
    schema_.event_dimensions = {"item", "source", "campaign", "coupon", "country"};
    schema_.order_measures = {"tax",      "shipping",  "discount",     "units",
                              "refunded", "item_cost", "costed_gross", "unconverted"};
    schema_.window_days = window_days;
  }

  Result<LaidOut> run() {
    TRY_ASSIGN(Scale scale, scale_of());
    LaidOut out{.timeline = {.scale = std::move(scale), .schema = schema_, .parts = {}}, .dictionaries = {}};
    Timeline& t = out.timeline;
    const std::size_t ranges = (h_.customers() + kRangeCustomers - 1) / kRangeCustomers;
    t.parts.resize(ranges);
    std::vector<std::optional<Error>> failures(ranges);
    std::vector<std::function<void()>> tasks;
    tasks.reserve(ranges);
    for (std::size_t range = 0; range < ranges; ++range) {
      tasks.emplace_back([this, range, &t, &failures] {
        Result<Segment> segment = segment_of(range, t.scale);
        said_.free(range);
        if (segment) {
          t.parts[range].segment = *std::move(segment);
        } else {
          failures[range] = std::move(segment).error();
        }
      });
    }
    run_together(tasks);
    for (std::optional<Error>& failure : failures) {
      if (failure) return std::unexpected(*std::move(failure));
    }
    out.dictionaries.customer = {sources_.words,     countries_.words,          h_.items.by_code,
                                 h_.coupons.by_code, words_of(said_.languages), {"", "given", "withdrawn"}};
    out.dictionaries.event = {h_.items.by_code, sources_.words, words_of(said_.campaigns), h_.coupons.by_code,
                              countries_.words};
    t.customer_codes = sizes_of(out.dictionaries.customer);
    t.event_codes = sizes_of(out.dictionaries.event);
    t.revision = h_.revision;
    if (any_) t.end_day = std::min(t.scale.days(), last_day(t.scale) + 1);
    return out;
  }

 private:
  // From the first order or event to the last; of a shop without any, a month of the year 2000.
  Result<Scale> scale_of() {
    struct Edges {
      std::int64_t first = std::numeric_limits<std::int64_t>::max(), last = std::numeric_limits<std::int64_t>::min();
    };
    std::array<Edges, kParts> edges;
    run_in_parts(h_.orders(), [&](std::size_t part, std::size_t begin, std::size_t end) {
      Edges own;
      for (std::size_t i = begin; i < end; ++i) {
        own.first = std::min(own.first, h_.order_at[i].ms);
        own.last = std::max(own.last, h_.order_at[i].ms);
      }
      edges[part] = own;
    });
    Edges all;
    if (said_.any_event()) all = {said_.first_ms(), said_.last_ms()};
    for (const Edges& own : edges) {
      all.first = std::min(all.first, own.first);
      all.last = std::max(all.last, own.last);
    }
    any_ = all.first <= all.last;
    last_ms_ = all.last;
    if (any_) return Scale::create(h_.zone, {all.first}, {all.last}, kRoomDays);
    const Instant somewhere = h_.zone.first_instant(calendar::civil(2000, 1, 1));
    return Scale::create(h_.zone, somewhere, somewhere);
  }
  // Of the last order or event, whichever way it is dated.
  std::uint32_t last_day(const Scale& scale) const {
    const calendar::Day day =
        std::max(h_.zone.day_of(Instant{last_ms_}), calendar::Zone::utc().day_of(Instant{last_ms_}));
    return static_cast<std::uint32_t>(day - scale.epoch_day());
  }

  Result<Segment> segment_of(std::size_t range, const Scale& scale) const;
  void add_order(PlainEvents& events, std::uint32_t customer, std::size_t row, const Standing& standing) const;
  void add_event(PlainEvents& events, const SaidEvent& event) const;

  static Code at(const std::vector<Code>& codes, std::size_t row) { return codes.empty() ? 0 : codes[row]; }

  const Histories& h_;
  SaidBeside& said_;
  const MergedWords sources_, countries_;
  const bool has_seqs_, has_dates_;
  bool any_ = false;
  std::int64_t last_ms_ = 0;
  Schema schema_;
};

void Layout::add_order(PlainEvents& events, std::uint32_t customer, std::size_t row, const Standing& standing) const {
  events.customer.push_back(customer);
  events.at_ms.push_back(h_.order_at[row].ms);
  if (has_seqs_) events.seq.push_back(h_.order_seq.empty() ? 0 : h_.order_seq[row]);
  events.kind.push_back(standing.counts ? kPurchase : kUndonePurchase);
  if (has_dates_) events.date_only.push_back(h_.date_only.empty() ? 0 : h_.date_only[row]);
  events.gross_minor.push_back(h_.gross_minor[row]);
  events.dimensions[kItem].push_back(at(h_.item, row));
  events.dimensions[kSource].push_back(at(h_.source, row));
  events.dimensions[kCampaign].push_back(0);
  events.dimensions[kCoupon].push_back(at(h_.coupon, row));
  events.dimensions[kCountry].push_back(at(h_.country, row));
  const auto measure = [&](OrderMeasure which, const std::vector<std::int64_t>& column) {
    if (!column.empty()) events.measures[which].push_back(column[row]);
  };
  measure(kTax, h_.tax_minor);
  measure(kShipping, h_.shipping_minor);
  measure(kDiscount, h_.discount_minor);
  measure(kUnits, h_.units_milli);
  measure(kItemCost, h_.item_cost_minor);
  measure(kCostedGross, h_.costed_gross_minor);
  if (!h_.steps.empty()) events.measures[kRefunded].push_back(standing.refunded_minor);
  if (!h_.converted.empty()) events.measures[kUnconverted].push_back(h_.converted[row] == 0);
}

void Layout::add_event(PlainEvents& events, const SaidEvent& event) const {
  events.customer.push_back(event.customer);
  events.at_ms.push_back(event.at_ms);
  events.seq.push_back(event.seq);
  const std::size_t kind = event.kind == 0 ? kNamelessKind : kNamedKinds - 1 + std::size_t{event.kind};
  events.kind.push_back(kind < schema_.kinds.size() ? static_cast<Kind>(kind) : kNamelessKind);
  events.date_only.push_back(event.date_only);
  events.gross_minor.push_back(0);
  for (const EventDimension which : {kItem, kCoupon, kCountry}) events.dimensions[which].push_back(0);
  events.dimensions[kSource].push_back(sources_.code_of[event.source]);
  events.dimensions[kCampaign].push_back(event.campaign);
}

Result<Segment> Layout::segment_of(std::size_t range, const Scale& scale) const {
  const std::size_t first = range * kRangeCustomers, end = std::min(h_.customers(), first + kRangeCustomers);
  PlainCustomers customers{.first = static_cast<std::uint32_t>(first),
                           .count = static_cast<std::uint32_t>(end - first)};
  customers.dimensions.assign(schema_.customer_dimensions.size(), std::vector<std::uint32_t>(end - first));
  PlainEvents events;
  events.dimensions.resize(schema_.event_dimensions.size());
  events.measures.resize(schema_.order_measures.size());
  const std::vector<SaidEvent>& said = said_.events(range);
  const std::size_t rows = h_.order_begin[end] - h_.order_begin[first] + said.size();
  auto step = std::ranges::lower_bound(h_.steps, h_.order_begin[first], {}, &OrderStep::order);
  for (std::size_t c = first; c < end; ++c) {
    const std::size_t i = c - first;
    bool bought = false;
    for (std::size_t row = h_.order_begin[c]; row < h_.order_begin[c + 1]; ++row) {
      Standing standing;
      for (; step != h_.steps.end() && step->order == row; ++step) {
        standing.refunded_minor = step->refunded_minor;
        standing.counts = standing.counts && step->counts;
      }
      add_order(events, static_cast<std::uint32_t>(c), row, standing);
      if (bought || !standing.counts) continue;
      bought = true;
      customers.dimensions[kSourceOfCustomer][i] = at(h_.source, row);
      customers.dimensions[kCountryOfCustomer][i] = at(h_.country, row);
      customers.dimensions[kFirstItem][i] = at(h_.item, row);
      customers.dimensions[kFirstCoupon][i] = at(h_.coupon, row);
    }
    const auto number = static_cast<std::uint32_t>(c);
    if (!bought) {
      customers.dimensions[kSourceOfCustomer][i] = sources_.code_of[said_.source(number)];
      customers.dimensions[kCountryOfCustomer][i] = countries_.code_of[said_.country(number)];
    }
    customers.dimensions[kLanguage][i] = said_.language(number);
    customers.dimensions[kConsent][i] = static_cast<std::uint32_t>(said_.consent(number));
  }
  for (const SaidEvent& event : said) add_event(events, event);
  // A measure that orders have is 0 of all other events, and one that they have not is not there.
  for (std::vector<std::int64_t>& measure : events.measures) {
    if (!measure.empty()) measure.resize(rows);
  }
  return build_segment(scale, schema_, customers, events);
}

}  // namespace

Result<LaidOut> lay_out(const Histories& h, SaidBeside said, std::uint32_t window_days) {
  return Layout(h, said, window_days).run();
}

Result<Derived> derive(const ledger::Snapshot& snapshot, RebuildOptions options, std::uint32_t window_days) {
  SaidBeside said;
  options.keep_seqs = true;
  options.customer = [&said](std::uint32_t customer, const ledger::CustomerRecord& record) {
    return said.add(customer, record);
  };
  options.event = [&said](std::uint32_t customer, const ledger::EventRecord& event, ledger::Seq seq) {
    return said.add(customer, event, seq);
  };
  TRY_ASSIGN(Rebuilt rebuilt, rebuild(snapshot, options));
  if (const std::optional<int> chosen = snapshot.settings().window_days) {
    window_days = static_cast<std::uint32_t>(*chosen);
  }
  TRY_ASSIGN(LaidOut laid_out, lay_out(rebuilt.histories, std::move(said), window_days));
  return Derived{std::move(rebuilt), std::move(laid_out)};
}

}  // namespace behoud::timeline
