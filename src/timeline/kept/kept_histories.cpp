#include "timeline/kept/kept_histories.h"

#include <algorithm>
#include <array>
#include <limits>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "base/hash.h"
#include "base/huge_pages.h"
#include "base/together.h"
#include "timeline/column_file/column_file.h"
#include "timeline/column_file/column_file_writer.h"
#include "timeline/column_file/description.h"
#include "timeline/kept/footing_file.h"

namespace behoud::timeline {
namespace {

using calendar::Day;
using calendar::Instant;

// Which column of the file. The numbers are in files: never renumber, only add.
enum Where : std::uint16_t {
  kAbout = 100,
  kCustomerOrders,  // how many orders each customer has
  kCustomerSpace,
  kCustomerKeyBytes,  // lengths; the bytes are behind
  kCustomerKeys,
  kCustomerLabelBytes,
  kCustomerLabels,
  kKnownSince,
  kOrdersBefore,
  kOrderAt,
  kOrderDay,
  kDateOnly,
  kGrossMinor,
  kTaxMinor,
  kShippingMinor,
  kDiscountMinor,
  kUnitsMilli,
  kItemCostMinor,
  kCostedGrossMinor,
  kConverted,
  kItemOfOrder,
  kCouponOfOrder,
  kSourceOfOrder,
  kCountryOfOrder,
  kStepOrder,
  kStepAt,
  kStepRefunded,
  kStepCounts,
  kItemBytes,  // lengths, bytes of each dictionary
  kItems,
  kCouponBytes,
  kCoupons,
  kSourceBytes,
  kSources,
  kCountryBytes,
  kCountries,
  kKindBytes,
  kKinds,
  kJoinedCustomer,  // acts
  kJoinedDay,
  kJoinedKind,
  kLeftCustomer,
  kLeftDay,
  kLeftKind,
  kEventCustomer,
  kEventDay,
  kEventKind,
};

constexpr std::int32_t kNoDayKnown = std::numeric_limits<std::int32_t>::min();

// The civil days that orders lie on hang on the zone's rules, which the system may change.
std::uint64_t digest_of_days(const calendar::Zone& zone, Day first, Day last) {
  Checksum sum;
  for (Day day = first; day <= last + 1; day = day + 1) {
    const std::int64_t ms = zone.first_instant(day).ms;
    sum.add({reinterpret_cast<const char*>(&ms), sizeof ms});
  }
  return sum.digest();
}

std::pair<Day, Day> days_of(const Histories& h) {
  return {h.first_order_day.value_or(Day{0}), h.last_order_day.value_or(Day{0})};
}

// A thread costs more than a few values do.
template <class Work>
void in_parts(std::size_t n, const Work& work) {
  if (n >= 4096) return run_in_parts(n, work);
  work(std::size_t{0}, std::size_t{0}, n);
}

// ---- Writing

class BlocksOut {
 public:
  // n numbers, each as wide as the greatest needs beyond the least.
  template <class Get>
  void numbers(Where place, std::size_t n, const Get& get) {
    if (n == 0) return;
    struct Edges {
      std::int64_t least = std::numeric_limits<std::int64_t>::max(), most = std::numeric_limits<std::int64_t>::min();
    };
    std::array<Edges, kParts> edges;
    in_parts(n, [&](std::size_t part, std::size_t begin, std::size_t end) {
      Edges own;
      for (std::size_t i = begin; i < end; ++i) {
        const auto value = static_cast<std::int64_t>(get(i));
        own.least = std::min(own.least, value);
        own.most = std::max(own.most, value);
      }
      edges[part] = own;
    });
    Edges all;
    for (const Edges& own : edges) {
      all.least = std::min(all.least, own.least);
      all.most = std::max(all.most, own.most);
    }
    const std::uint64_t span = static_cast<std::uint64_t>(all.most) - static_cast<std::uint64_t>(all.least);
    BlockData block{.column = place, .data = {.count = n, .base = all.least, .width = width_of(span)}};
    if (block.data.width == 8) block.data.base = 0;
    const auto base = static_cast<std::uint64_t>(block.data.base);
    const auto write = [&]<class T>(T) {
      auto values = std::make_unique<std::vector<char>>();
      resize_huge(*values, n * sizeof(T));
      T* const to = reinterpret_cast<T*>(values->data());
      in_parts(n, [&](std::size_t, std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) {
          to[i] = static_cast<T>(static_cast<std::uint64_t>(static_cast<std::int64_t>(get(i))) - base);
        }
      });
      block.data.data = reinterpret_cast<const std::byte*>(values->data());
      memory_.push_back(std::move(values));
    };
    switch (block.data.width) {
      case 0:
        break;
      case 1:
        write(std::uint8_t{});
        break;
      case 2:
        write(std::uint16_t{});
        break;
      case 4:
        write(std::uint32_t{});
        break;
      default:
        write(std::uint64_t{});
        break;
    }
    blocks_.push_back(block);
  }
  template <class T>
  void numbers(Where place, const std::vector<T>& values) {
    numbers(place, values.size(), [&values](std::size_t i) { return values[i]; });
  }
  void bytes(Where place, std::string bytes) {
    if (bytes.empty()) return;
    auto values = std::make_unique<std::vector<char>>(bytes.begin(), bytes.end());
    blocks_.push_back({.column = place,
                       .data = {.data = reinterpret_cast<const std::byte*>(values->data()),
                                .count = values->size(),
                                .base = 0,
                                .width = 1}});
    memory_.push_back(std::move(values));
  }
  void texts(Where lengths, Where bytes_of, const std::vector<std::string>& values) {
    numbers(lengths, values.size(), [&values](std::size_t i) { return values[i].size(); });
    std::size_t size = 0;
    for (const std::string& value : values) size += value.size();
    std::string all;
    all.reserve(size);
    for (const std::string& value : values) all += value;
    bytes(bytes_of, std::move(all));
  }
  void acts(Where customer, Where day, Where kind, const std::vector<Act>& acts) {
    numbers(customer, acts.size(), [&acts](std::size_t i) { return acts[i].customer; });
    numbers(day, acts.size(), [&acts](std::size_t i) { return acts[i].day.number; });
    numbers(kind, acts.size(), [&acts](std::size_t i) { return acts[i].kind; });
  }
  std::span<const BlockData> blocks() const { return blocks_; }

 private:
  std::vector<BlockData> blocks_;
  std::vector<std::unique_ptr<std::vector<char>>> memory_;
};

void write_day(DescriptionWriter& out, std::optional<Day> day) {
  out.number(day.has_value()).integer(day.value_or(Day{0}).number);
}

// All that is no long column.
std::string about(const Histories& h, std::span<const Unused> unused, std::int64_t unit) {
  const auto [first, last] = days_of(h);
  DescriptionWriter out;
  out.number(h.customers()).number(h.orders()).integer(unit);
  out.integer(first.number).integer(last.number).number(digest_of_days(h.zone, first, last));
  out.text(h.zone.name()).number(h.currency.packed());
  out.number(h.margin_rate_millionth.has_value()).integer(h.margin_rate_millionth.value_or(0));
  out.integer(h.revision).number(h.is_sample);
  out.number(h.subscriptions.size());
  for (const Subscription& s : h.subscriptions) {
    out.number(s.customer).text(s.id).text(s.plan).text(s.reason).integer(s.start.number);
    write_day(out, s.trial_end);
    out.number(s.pauses.size());
    for (const auto& [pause, resume] : s.pauses) {
      out.integer(pause.number);
      write_day(out, resume);
    }
    write_day(out, s.end);
    out.integer(s.amount_minor).integer(s.interval_months).integer(s.interval_days);
  }
  out.number(h.costs.size());
  for (const CostEntry& c : h.costs) {
    out.integer(c.from.number).integer(c.to.number).integer(c.minor);
    out.text(c.kind).text(c.purpose).text(c.campaign).text(c.note);
  }
  out.number(h.left_out.size());
  for (const LeftOut& l : h.left_out) out.text(l.reason).text(l.detail).number(l.orders).integer(l.gross_minor);
  out.number(h.unconverted.size());
  for (const Unconverted& u : h.unconverted) out.number(u.currency.packed()).number(u.orders).integer(u.gross_minor);
  out.integer(h.unmatched_refunds_minor).number(h.unmatched_refunds);
  write_day(out, h.first_order_day);
  write_day(out, h.last_order_day);
  out.number(unused.size());
  for (const Unused& u : unused) out.text(u.what).number(u.currency.packed()).number(u.count);
  return out.bytes();
}

// ---- Reading. What is not as it must be is remembered, and told once at the end.

class BlocksIn {
 public:
  explicit BlocksIn(const ColumnFile& file) : file_(file), most_(kFreeCount + kCountAByte * file.bytes()) {}

  void broken() { whole_ = false; }
  bool whole() const { return whole_; }
  std::optional<Error> error() const { return error_; }

  Column column(Where place) {
    Result<Column> found = file_.shared(place);
    if (found) return *found;
    if (!error_) error_ = std::move(found).error();
    broken();
    return {};
  }
  // `count` numbers of [least, most], or none where there need not be any; put(to[i], value).
  template <class T, class Put>
  void numbers(Where place, std::size_t count, bool needed, std::int64_t least, std::int64_t most, std::vector<T>& to,
               const Put& put) {
    const Column c = column(place);
    if (c.count != count && (needed || c.count != 0)) return broken();
    if (c.count == 0) return;
    if (count > most_) return broken();
    resize_huge(to, count);
    std::array<bool, kParts> fine;
    fine.fill(true);
    if (c.width == 0) {
      if (c.base < least || c.base > most) return broken();
      in_parts(count, [&](std::size_t, std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) put(to[i], c.base);
      });
      return;
    }
    with_stored(c, [&](const auto* values) {
      in_parts(count, [&](std::size_t part, std::size_t begin, std::size_t end) {
        bool all = true;
        for (std::size_t i = begin; i < end; ++i) {
          const auto value = static_cast<std::int64_t>(std::uint64_t{values[i]} + static_cast<std::uint64_t>(c.base));
          all &= value >= least && value <= most;
          put(to[i], value);
        }
        fine[part] = all;
      });
    });
    for (const bool f : fine) whole_ = whole_ && f;
  }
  template <class T>
  void numbers(Where place, std::size_t count, bool needed, std::int64_t least, std::int64_t most, std::vector<T>& to) {
    numbers(place, count, needed, least, most, to, [](T& out, std::int64_t value) { out = static_cast<T>(value); });
  }
  std::size_t count(Where place) { return column(place).count; }

  void texts(Where lengths, Where bytes_of, std::size_t count, std::vector<std::string>& to) {
    std::vector<std::uint64_t> ends;
    numbers(lengths, count, true, 0, 1 << 20, ends);
    const Column bytes = column(bytes_of);
    if (!whole_ || (bytes.count > 0 && (bytes.width != 1 || bytes.base != 0))) return broken();
    std::uint64_t end = 0;
    for (std::uint64_t& e : ends) e = end += e;
    if (end != bytes.count) return broken();
    const char* const from = reinterpret_cast<const char*>(bytes.data);
    to.resize(count);
    in_parts(count, [&](std::size_t, std::size_t first, std::size_t last) {
      for (std::size_t i = first; i < last; ++i) {
        const std::uint64_t begin = i == 0 ? 0 : ends[i - 1];
        if (ends[i] > begin) to[i].assign(from + begin, ends[i] - begin);
      }
    });
  }
  void dictionary(Where lengths, Where bytes_of, Texts& to) {
    texts(lengths, bytes_of, count(lengths), to.by_code);
    if (to.by_code.empty() || !to.by_code.front().empty()) broken();
  }
  void acts(Where customer, Where day, Where kind, std::size_t customers, std::size_t kinds, std::vector<Act>& to) {
    const std::size_t n = count(customer);
    numbers(customer, n, true, 0, static_cast<std::int64_t>(customers) - 1, to,
            [](Act& a, std::int64_t v) { a.customer = static_cast<std::uint32_t>(v); });
    numbers(day, n, true, kFirstDay, kLastDay, to,
            [](Act& a, std::int64_t v) { a.day.number = static_cast<std::int32_t>(v); });
    numbers(kind, n, true, 0, static_cast<std::int64_t>(kinds) - 1, to,
            [](Act& a, std::int64_t v) { a.kind = static_cast<Code>(v); });
  }

  // Within which civil days lie: some decades around what any reader takes.
  static constexpr std::int64_t kFirstDay = -60'000, kLastDay = 2'933'000;
  static constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min(),
                                kMost = std::numeric_limits<std::int64_t>::max();

 private:
  // Where all values are one no bytes lie there, and any count could be said: no more is believed than the whole file
  // makes likely, so that nobody is made to take memory for nothing. (A shop beyond it is rebuilt each time.)
  static constexpr std::uint64_t kFreeCount = 1 << 20, kCountAByte = 64;

  const ColumnFile& file_;
  const std::uint64_t most_;
  bool whole_ = true;
  std::optional<Error> error_;
};

std::optional<Day> read_day(DescriptionReader& in) {
  const bool there = in.number() != 0;
  const Day day{static_cast<std::int32_t>(in.integer())};
  return there ? std::optional(day) : std::nullopt;
}

struct About {
  std::uint64_t customers = 0, orders = 0;
  std::int64_t unit = 1;
  Day first, last;
  std::uint64_t days = 0;  // digest
};

std::unexpected<Error> damaged(const std::string& folder) {
  return fail(Errc::kCorrupt, "the kept histories contradict themselves",
              "They are derived from the ledger and are made anew from it.", {folder});
}

Result<About> read_about(std::string_view bytes, Rebuilt& rebuilt, const std::string& folder) {
  Histories& h = rebuilt.histories;
  DescriptionReader in(bytes);
  About out;
  out.customers = in.number();
  out.orders = in.number();
  out.unit = in.integer();
  out.first = {static_cast<std::int32_t>(in.integer())};
  out.last = {static_cast<std::int32_t>(in.integer())};
  out.days = in.number();
  const std::string zone = in.text();
  h.currency = money::Currency::from_packed(static_cast<std::uint32_t>(in.number()));
  const bool margin = in.number() != 0;
  const auto rate = static_cast<std::int32_t>(in.integer());
  if (margin) h.margin_rate_millionth = rate;
  h.revision = in.integer();
  h.is_sample = in.number() != 0;
  for (std::uint64_t left = in.many(); left > 0; --left) {
    Subscription s;
    s.customer = static_cast<std::uint32_t>(in.number());
    s.id = in.text();
    s.plan = in.text();
    s.reason = in.text();
    s.start = {static_cast<std::int32_t>(in.integer())};
    s.trial_end = read_day(in);
    for (std::uint64_t pauses = in.many(); pauses > 0; --pauses) {
      const Day pause{static_cast<std::int32_t>(in.integer())};
      s.pauses.emplace_back(pause, read_day(in));
    }
    s.end = read_day(in);
    s.amount_minor = in.integer();
    s.interval_months = static_cast<int>(in.integer());
    s.interval_days = static_cast<int>(in.integer());
    if (s.customer >= out.customers) return damaged(folder);
    h.subscriptions.push_back(std::move(s));
  }
  for (std::uint64_t left = in.many(); left > 0; --left) {
    CostEntry c;
    c.from = {static_cast<std::int32_t>(in.integer())};
    c.to = {static_cast<std::int32_t>(in.integer())};
    c.minor = in.integer();
    c.kind = in.text();
    c.purpose = in.text();
    c.campaign = in.text();
    c.note = in.text();
    h.costs.push_back(std::move(c));
  }
  for (std::uint64_t left = in.many(); left > 0; --left) {
    LeftOut l;
    l.reason = in.text();
    l.detail = in.text();
    l.orders = in.number();
    l.gross_minor = in.integer();
    h.left_out.push_back(std::move(l));
  }
  for (std::uint64_t left = in.many(); left > 0; --left) {
    Unconverted u;
    u.currency = money::Currency::from_packed(static_cast<std::uint32_t>(in.number()));
    u.orders = in.number();
    u.gross_minor = in.integer();
    h.unconverted.push_back(u);
  }
  h.unmatched_refunds_minor = in.integer();
  h.unmatched_refunds = in.number();
  h.first_order_day = read_day(in);
  h.last_order_day = read_day(in);
  for (std::uint64_t left = in.many(); left > 0; --left) {
    Unused u;
    u.what = in.text();
    u.currency = money::Currency::from_packed(static_cast<std::uint32_t>(in.number()));
    u.count = in.number();
    rebuilt.unused.push_back(std::move(u));
  }
  constexpr std::uint64_t kRows = std::numeric_limits<std::uint32_t>::max();
  if (!in.ended_well() || out.customers >= kRows || out.orders >= kRows || (out.unit != 1 && out.unit != 1000) ||
      out.first.number < BlocksIn::kFirstDay || out.last.number > BlocksIn::kLastDay || out.last < out.first) {
    return damaged(folder);
  }
  TRY_ASSIGN(h.zone, calendar::Zone::create(zone));
  if (digest_of_days(h.zone, out.first, out.last) != out.days) {
    return fail(Errc::kCorrupt, "the clock changes of " + zone + " are other ones than when the histories were kept",
                "They are derived from the ledger and are made anew from it.", {folder});
  }
  return out;
}

Result<Rebuilt> read(const std::string& folder, const ColumnFile& file) {
  Rebuilt rebuilt;
  Histories& h = rebuilt.histories;
  BlocksIn in(file);
  const Column described = in.column(kAbout);
  if (in.error()) return std::unexpected(*in.error());
  if (described.width != 1 || described.base != 0) return damaged(folder);
  TRY_ASSIGN(const About a,
             read_about({reinterpret_cast<const char*>(described.data), described.count}, rebuilt, folder));

  constexpr std::int64_t kAny32 = std::numeric_limits<std::uint32_t>::max();
  const std::size_t customers = a.customers, n = a.orders;
  std::vector<std::uint32_t> counts;
  in.numbers(kCustomerOrders, customers, true, 0, kAny32, counts);
  in.numbers(kCustomerSpace, customers, true, 0, static_cast<std::int64_t>(ledger::IdentitySpace::kAnonymousId),
             h.customer_space,
             [](ledger::IdentitySpace& s, std::int64_t v) { s = static_cast<ledger::IdentitySpace>(v); });
  in.texts(kCustomerKeyBytes, kCustomerKeys, customers, h.customer_key);
  in.texts(kCustomerLabelBytes, kCustomerLabels, customers, h.customer_label);
  in.numbers(kKnownSince, customers, true, kNoDayKnown, BlocksIn::kLastDay, h.known_since,
             [](std::optional<Day>& day, std::int64_t v) {
               if (v != kNoDayKnown) day = Day{static_cast<std::int32_t>(v)};
             });
  in.numbers(kOrdersBefore, customers, true, 0, kAny32, h.orders_before);
  constexpr std::int64_t kInstants = std::numeric_limits<std::int64_t>::max() / 1000;
  in.numbers(kOrderAt, n, true, -kInstants, kInstants, h.order_at, [unit = a.unit](Instant& at, std::int64_t v) {
    at.ms = static_cast<std::int64_t>(static_cast<std::uint64_t>(v) * static_cast<std::uint64_t>(unit));
  });
  in.numbers(kOrderDay, n, true, a.first.number, a.last.number, h.order_day,
             [](Day& day, std::int64_t v) { day.number = static_cast<std::int32_t>(v); });
  in.numbers(kDateOnly, n, false, 0, 1, h.date_only);
  in.numbers(kGrossMinor, n, true, BlocksIn::kLeast, BlocksIn::kMost, h.gross_minor);
  in.numbers(kTaxMinor, n, false, BlocksIn::kLeast, BlocksIn::kMost, h.tax_minor);
  in.numbers(kShippingMinor, n, false, BlocksIn::kLeast, BlocksIn::kMost, h.shipping_minor);
  in.numbers(kDiscountMinor, n, false, BlocksIn::kLeast, BlocksIn::kMost, h.discount_minor);
  in.numbers(kUnitsMilli, n, false, BlocksIn::kLeast, BlocksIn::kMost, h.units_milli);
  in.numbers(kItemCostMinor, n, false, BlocksIn::kLeast, BlocksIn::kMost, h.item_cost_minor);
  in.numbers(kCostedGrossMinor, n, false, BlocksIn::kLeast, BlocksIn::kMost, h.costed_gross_minor);
  in.numbers(kConverted, n, false, 0, 1, h.converted);
  in.dictionary(kItemBytes, kItems, h.items);
  in.dictionary(kCouponBytes, kCoupons, h.coupons);
  in.dictionary(kSourceBytes, kSources, h.sources);
  in.dictionary(kCountryBytes, kCountries, h.countries);
  in.dictionary(kKindBytes, kKinds, h.kinds);
  if (in.whole()) {
    const auto last_code = [](const Texts& texts) { return static_cast<std::int64_t>(texts.size()) - 1; };
    in.numbers(kItemOfOrder, n, false, 0, last_code(h.items), h.item);
    in.numbers(kCouponOfOrder, n, false, 0, last_code(h.coupons), h.coupon);
    in.numbers(kSourceOfOrder, n, false, 0, last_code(h.sources), h.source);
    in.numbers(kCountryOfOrder, n, false, 0, last_code(h.countries), h.country);
    const std::size_t steps = in.count(kStepOrder);
    in.numbers(kStepOrder, steps, true, 0, static_cast<std::int64_t>(n) - 1, h.steps,
               [](OrderStep& s, std::int64_t v) { s.order = static_cast<std::uint32_t>(v); });
    in.numbers(kStepAt, steps, true, BlocksIn::kLeast, BlocksIn::kMost, h.steps,
               [](OrderStep& s, std::int64_t v) { s.at_ms = v; });
    in.numbers(kStepRefunded, steps, true, BlocksIn::kLeast, BlocksIn::kMost, h.steps,
               [](OrderStep& s, std::int64_t v) { s.refunded_minor = v; });
    in.numbers(kStepCounts, steps, true, 0, 1, h.steps, [](OrderStep& s, std::int64_t v) { s.counts = v != 0; });
    const std::size_t kinds = h.kinds.size();
    in.acts(kJoinedCustomer, kJoinedDay, kJoinedKind, customers, kinds, h.relation_joined);
    in.acts(kLeftCustomer, kLeftDay, kLeftKind, customers, kinds, h.relation_left);
    in.acts(kEventCustomer, kEventDay, kEventKind, customers, kinds, h.events);
  }
  if (in.error()) return std::unexpected(*in.error());
  if (!in.whole()) return damaged(folder);
  std::uint64_t begin = 0;
  resize_huge(h.order_begin, customers + 1);
  for (std::size_t c = 0; c < customers && in.whole(); ++c) {
    begin += counts[c];
    if (begin > n) in.broken();
    h.order_begin[c + 1] = static_cast<std::uint32_t>(begin);
  }
  const bool ascend = std::ranges::is_sorted(h.steps, {}, &OrderStep::order);
  if (!in.whole() || begin != n || !ascend) return damaged(folder);
  return rebuilt;
}

}  // namespace

Result<std::uint64_t> write_histories(const std::string& folder, const FileMark& mark, const Histories& h,
                                      std::span<const Unused> unused, const FileCalls& calls, const Footing* footing) {
  const bool whole_seconds = std::ranges::all_of(h.order_at, [](Instant at) { return at.ms % 1000 == 0; });
  const std::int64_t unit = whole_seconds ? 1000 : 1;
  BlocksOut out;
  out.bytes(kAbout, about(h, unused, unit));
  out.numbers(kCustomerOrders, h.customers(), [&](std::size_t c) { return h.order_begin[c + 1] - h.order_begin[c]; });
  out.numbers(kCustomerSpace, h.customer_space);
  out.texts(kCustomerKeyBytes, kCustomerKeys, h.customer_key);
  out.texts(kCustomerLabelBytes, kCustomerLabels, h.customer_label);
  out.numbers(kKnownSince, h.known_since.size(),
              [&](std::size_t c) { return h.known_since[c] ? h.known_since[c]->number : kNoDayKnown; });
  out.numbers(kOrdersBefore, h.orders_before);
  out.numbers(kOrderAt, h.orders(), [&](std::size_t i) { return h.order_at[i].ms / unit; });
  out.numbers(kOrderDay, h.orders(), [&](std::size_t i) { return h.order_day[i].number; });
  out.numbers(kDateOnly, h.date_only);
  out.numbers(kGrossMinor, h.gross_minor);
  out.numbers(kTaxMinor, h.tax_minor);
  out.numbers(kShippingMinor, h.shipping_minor);
  out.numbers(kDiscountMinor, h.discount_minor);
  out.numbers(kUnitsMilli, h.units_milli);
  out.numbers(kItemCostMinor, h.item_cost_minor);
  out.numbers(kCostedGrossMinor, h.costed_gross_minor);
  out.numbers(kConverted, h.converted);
  out.numbers(kItemOfOrder, h.item);
  out.numbers(kCouponOfOrder, h.coupon);
  out.numbers(kSourceOfOrder, h.source);
  out.numbers(kCountryOfOrder, h.country);
  out.numbers(kStepOrder, h.steps.size(), [&](std::size_t i) { return h.steps[i].order; });
  out.numbers(kStepAt, h.steps.size(), [&](std::size_t i) { return h.steps[i].at_ms; });
  out.numbers(kStepRefunded, h.steps.size(), [&](std::size_t i) { return h.steps[i].refunded_minor; });
  out.numbers(kStepCounts, h.steps.size(), [&](std::size_t i) { return h.steps[i].counts; });
  out.texts(kItemBytes, kItems, h.items.by_code);
  out.texts(kCouponBytes, kCoupons, h.coupons.by_code);
  out.texts(kSourceBytes, kSources, h.sources.by_code);
  out.texts(kCountryBytes, kCountries, h.countries.by_code);
  out.texts(kKindBytes, kKinds, h.kinds.by_code);
  out.acts(kJoinedCustomer, kJoinedDay, kJoinedKind, h.relation_joined);
  out.acts(kLeftCustomer, kLeftDay, kLeftKind, h.relation_left);
  out.acts(kEventCustomer, kEventDay, kEventKind, h.events);
  TRY_ASSIGN(ColumnFileWriter writer, ColumnFileWriter::begin(folder, mark, nullptr, calls));
  std::vector<BlockData> blocks(out.blocks().begin(), out.blocks().end());
  std::optional<FootingBlocks> beside;
  if (footing != nullptr) {
    beside.emplace(*footing);
    blocks.insert(blocks.begin(), beside->index().begin(), beside->index().end());
    blocks.insert(blocks.end(), beside->trace().begin(), beside->trace().end());
  }
  TRY(writer.share(blocks));
  TRY(writer.commit());
  return writer.bytes_written();
}

std::variant<Rebuilt, NotKept> read_histories(const std::string& folder, const FileMark& wanted) {
  const Result<ColumnFile> file = ColumnFile::open(folder);
  if (!file) return why_not(file.error());
  if (const auto why = why_not(file->head().mark, wanted)) return *why;
  Result<Rebuilt> rebuilt = read(folder, *file);
  if (!rebuilt) return why_not(rebuilt.error());
  return std::move(*rebuilt);
}

std::variant<KeptHistories, NotKept> read_histories_to_follow(const std::string& folder, const FileMark& wanted) {
  Result<ColumnFile> opened = ColumnFile::open(folder);
  if (!opened) return why_not(opened.error());
  const auto file = std::make_shared<const ColumnFile>(*std::move(opened));
  const Result<bool> footing = has_footing(*file);
  FileMark earlier = file->head().mark;
  earlier.seq = wanted.seq;
  auto why = why_not(file->head().mark, wanted);
  // Only the ledger has gone on.
  if (why == NotKept::kOlder && footing.value_or(false)) why = why_not(earlier, wanted);
  if (why) return *why;
  Result<Rebuilt> rebuilt = read(folder, *file);
  if (!rebuilt) return why_not(rebuilt.error());
  return KeptHistories{*std::move(rebuilt), footing.value_or(false) ? file : nullptr};
}

}  // namespace behoud::timeline
