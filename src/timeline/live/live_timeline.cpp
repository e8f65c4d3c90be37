#include "timeline/live/live_timeline.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <numeric>
#include <optional>
#include <ranges>
#include <string>
#include <utility>

#include "timeline/live/segment_join.h"
#include "timeline/segment_builder.h"

namespace behoud::timeline {
namespace {

constexpr std::size_t kMergedAtOnce = 4;

// Calls work(column of a, column of b) with the vectors of two lots of events that belong together.
template <class Work>
void for_columns(PlainEvents& to, const PlainEvents& from, const Work& work) {
  work(to.customer, from.customer);
  work(to.at_ms, from.at_ms);
  work(to.seq, from.seq);
  work(to.kind, from.kind);
  work(to.date_only, from.date_only);
  work(to.gross_minor, from.gross_minor);
  to.dimensions.resize(std::max(to.dimensions.size(), from.dimensions.size()));
  for (std::size_t k = 0; k < from.dimensions.size(); ++k) work(to.dimensions[k], from.dimensions[k]);
  to.measures.resize(std::max(to.measures.size(), from.measures.size()));
  for (std::size_t k = 0; k < from.measures.size(); ++k) work(to.measures[k], from.measures[k]);
}

// A vector that is empty means zeroes: it is filled where the other lot has values.
void add_rows(PlainEvents& to, const PlainEvents& from) {
  const std::size_t before = to.size(), after = before + from.size();
  for_columns(to, from, [&](auto& into, const auto& values) {
    if (values.empty() && into.empty()) return;
    into.resize(before);
    into.insert(into.end(), values.begin(), values.end());
    into.resize(after);
  });
  // Columns that `from` does not know at all.
  for (std::size_t k = from.dimensions.size(); k < to.dimensions.size(); ++k) {
    if (!to.dimensions[k].empty()) to.dimensions[k].resize(after);
  }
  for (std::size_t k = from.measures.size(); k < to.measures.size(); ++k) {
    if (!to.measures[k].empty()) to.measures[k].resize(after);
  }
}

bool all_hidden(const Part& part) {
  std::uint64_t hidden = 0;
  for (const std::uint64_t word : part.hidden) hidden += static_cast<std::uint64_t>(std::popcount(word));
  return hidden == part.segment.customers();
}

// Finds ascending numbers in a part, each from where the last one was.
class Seeker {
 public:
  explicit Seeker(const Part& part) : part_(&part) {
    const Segment& s = part.segment;
    in_a_row_ = s.customers() > 0 && s.number(s.customers() - 1) - s.number(0) + 1 == s.customers();
  }
  // Where it stands, if the part has it and it is not hidden.
  std::optional<std::uint32_t> visible(std::uint32_t number) {
    const Segment& s = part_->segment;
    const std::uint32_t n = s.customers();
    if (n == 0 || number < s.number(0) || number > s.number(n - 1)) return std::nullopt;
    if (in_a_row_) {
      next_ = number - s.number(0);
    } else {
      // In steps that double, then by halves: what is looked for is near where the last one was.
      std::uint32_t step = 1, end = next_;
      while (end < n && s.number(end) < number) {
        next_ = end + 1;
        end += step;
        step *= 2;
      }
      next_ = *std::ranges::lower_bound(std::views::iota(next_, std::min(end, n)), number, {},
                                        [&s](std::uint32_t i) { return s.number(i); });
    }
    if (s.number(next_) != number || part_->is_hidden(next_)) return std::nullopt;
    return next_;
  }

 private:
  const Part* part_;
  bool in_a_row_ = false;
  std::uint32_t next_ = 0;
};

struct Found {
  std::size_t part = 0;
  std::uint32_t index = 0;
};

// Where a number is seen; numbers ascend from call to call.
std::optional<Found> find_visible(std::vector<Seeker>& in_parts, std::uint32_t number) {
  for (std::size_t p = 0; p < in_parts.size(); ++p) {
    if (const auto at = in_parts[p].visible(number)) return Found{p, *at};
  }
  return std::nullopt;
}

std::vector<Seeker> seekers(const Timeline& t) {
  std::vector<Seeker> out;
  out.reserve(t.parts.size());
  for (const Part& part : t.parts) out.emplace_back(part);
  return out;
}

// The numbers of the base: [0, end).
std::uint32_t base_end(const Timeline& t, std::size_t ranges) {
  return ranges == 0 ? 0 : t.parts[ranges - 1].segment.shape().first_customer + t.parts[ranges - 1].segment.customers();
}

// One more than the greatest number there is, or was.
std::uint32_t numbers_end(const Timeline& t, std::size_t ranges) {
  std::uint32_t end = std::max(base_end(t, ranges), t.numbers);
  for (std::size_t p = ranges; p < t.parts.size(); ++p) {
    const Segment& s = t.parts[p].segment;
    if (s.customers() > 0) end = std::max(end, s.number(s.customers() - 1) + 1);
  }
  return end;
}

void hide_wherever_seen(Timeline& timeline, std::span<const std::uint32_t> ascending) {
  std::vector<Seeker> in_parts = seekers(timeline);
  for (const std::uint32_t number : ascending) {
    if (const auto found = find_visible(in_parts, number)) timeline.parts[found->part].hide(found->index);
  }
}

void count_codes(Timeline& t, const PlainCustomers& customers, const PlainEvents& events) {
  const auto count = [](std::vector<std::uint32_t>& codes, const std::vector<std::vector<std::uint32_t>>& columns) {
    codes.resize(std::max(codes.size(), columns.size()), 1);
    for (std::size_t k = 0; k < columns.size(); ++k) {
      for (const std::uint32_t code : columns[k]) codes[k] = std::max(codes[k], code + 1);
    }
  };
  count(t.customer_codes, customers.dimensions);
  count(t.event_codes, events.dimensions);
}

// The day behind the latest of the events; one of a day alone counts by that day.
std::uint32_t end_day_of(const Scale& scale, const PlainEvents& events) {
  std::uint32_t end = 0;
  for (std::size_t row = 0; row < events.size(); ++row) {
    const bool of_a_day = !events.date_only.empty() && events.date_only[row] != 0;
    const std::int64_t ms = events.at_ms[row];
    const std::uint32_t day = of_a_day ? static_cast<std::uint32_t>(ms / calendar::kMsPerDay - scale.epoch_day().number)
                                       : scale.day_of(static_cast<std::uint32_t>((ms - scale.epoch().ms) / 1000));
    end = std::max(end, day + 1);
  }
  return end;
}

}  // namespace

LiveTimeline::LiveTimeline(Timeline base) {
  state_.ranges = base.parts.size();
  for (std::size_t i = 0; i < base.parts.size(); ++i) state_.parts.push_back({.id = next_id_++});
  known_ = base_end(base, state_.ranges);
  state_.timeline = std::make_shared<const Timeline>(std::move(base));
}

LiveTimeline::State LiveTimeline::state() const {
  const std::lock_guard lock(reading_);
  return state_;
}
void LiveTimeline::put(State next) {
  {
    const std::lock_guard lock(reading_);
    std::swap(state_, next);
  }
  // What was there goes here, outside the lock, unless a reader holds it.
}

std::shared_ptr<const Timeline> LiveTimeline::snapshot() const { return state().timeline; }
std::size_t LiveTimeline::ranges() const { return state().ranges; }

LiveTimeline::Revision LiveTimeline::revision() const {
  const State now = state();
  Revision out{.timeline = now.timeline, .ranges = now.ranges, .versions = {}};
  out.versions.reserve(now.ranges);
  for (std::size_t r = 0; r < now.ranges; ++r) out.versions.push_back(now.parts[r].version);
  return out;
}

// What build_segment would refuse is refused here, so that a batch is taken whole or not at all.
Result<void> LiveTimeline::check(const PlainEvents& events, std::uint64_t known) const {
  const State now = state();
  const Scale& scale = now.timeline->scale;
  const std::size_t n = events.size();
  const auto of_length = [n](const auto& v) { return v.empty() || v.size() == n; };
  bool fine = events.at_ms.size() == n && of_length(events.seq) && of_length(events.kind) &&
              of_length(events.date_only) && of_length(events.gross_minor);
  for (const auto& d : events.dimensions) fine = fine && of_length(d);
  for (const auto& m : events.measures) fine = fine && of_length(m);
  if (!fine) return fail(Errc::kInvalidArgument, "a batch's columns are not of one length");
  for (std::size_t row = 0; row < n; ++row) {
    if (!events.kind.empty() && events.kind[row] >= now.timeline->schema.kinds.size()) {
      return fail(Errc::kInvalidArgument, "there is no kind of event " + std::to_string(events.kind[row]));
    }
    if (events.customer[row] >= known + n) {
      return fail(Errc::kInvalidArgument, "customer " + std::to_string(events.customer[row]) + " leaves numbers out");
    }
    const std::int64_t ms = events.at_ms[row] - scale.epoch().ms;
    bool on = ms >= 0 && ms / 1000 <= scale.seconds();
    if (on && !events.date_only.empty() && events.date_only[row] != 0) {
      const std::int64_t day = events.at_ms[row] / calendar::kMsPerDay - scale.epoch_day().number;
      on = day >= 0 && day < scale.days();
    }
    if (!on) return fail(Errc::kOutOfRange, "an event lies off the timeline's scale");
  }
  return {};
}

Result<void> LiveTimeline::append(const PlainEvents& events) {
  TRY(check(events, known_));
  add_rows(waiting_, events);
  for (const std::uint32_t number : events.customer) known_ = std::max(known_, number + 1);
  return {};
}

Result<void> LiveTimeline::publish(std::int64_t revision) {
  const std::lock_guard lock(changing_);
  State next = state();
  TRY(publish_waiting(next, revision));
  put(std::move(next));
  waiting_ = {};
  return {};
}

Result<void> LiveTimeline::publish_waiting(State& next, std::int64_t revision) {
  const std::shared_ptr<const Timeline> before = next.timeline;
  Timeline timeline = *before;
  timeline.revision = revision;
  if (waiting_.size() > 0) {
    PlainCustomers touched;
    touched.number = waiting_.customer;
    std::ranges::sort(touched.number);
    touched.number.erase(std::ranges::unique(touched.number).begin(), touched.number.end());
    touched.count = static_cast<std::uint32_t>(touched.number.size());
    TRY_ASSIGN(const Segment came, build_segment(before->scale, before->schema, touched, waiting_));
    SegmentJoin join(before->scale, before->schema);
    std::vector<Seeker> in_parts = seekers(*before);
    std::vector<SegmentJoin::Place> known(touched.count);
    for (std::uint32_t i = 0; i < touched.count; ++i) {
      const auto found = find_visible(in_parts, touched.number[i]);
      if (!found) continue;
      timeline.parts[found->part].hide(found->index);
      known[i] = {&before->parts[found->part].segment, found->index};
      SegmentJoin::prefetch(known[i]);
    }
    for (std::uint32_t i = 0; i < touched.count; ++i) {
      const SegmentJoin::Place new_rows{&came, i};
      known[i].segment == nullptr ? join.add(touched.number[i], new_rows)
                                  : join.add(touched.number[i], known[i], new_rows);
    }
    TRY_ASSIGN(Segment joined, std::move(join).named());
    count_codes(timeline, touched, waiting_);
    timeline.end_day = std::max(timeline.end_day, end_day_of(timeline.scale, waiting_));
    return take_place(next, std::move(timeline), std::move(joined));
  }
  next.timeline = std::make_shared<const Timeline>(std::move(timeline));
  return {};
}

Result<void> LiveTimeline::replace(const PlainCustomers& customers, const PlainEvents& histories, std::int64_t revision,
                                   std::span<const std::uint32_t> gone) {
  TRY(check(histories, std::uint64_t{known_} + customers.count));
  const std::lock_guard lock(changing_);
  // Both at once, or a reader would see the revision without what it is of.
  State next = state();
  TRY(publish_waiting(next, revision));
  PlainCustomers named = customers;
  if (named.number.empty()) {
    named.number.resize(named.count);
    std::iota(named.number.begin(), named.number.end(), named.first);
  }
  if (named.count > 0) {
    TRY_ASSIGN(Segment segment, build_segment(next.timeline->scale, next.timeline->schema, named, histories));
    Timeline timeline = *next.timeline;
    hide_wherever_seen(timeline, named.number);
    count_codes(timeline, named, histories);
    timeline.end_day = std::max(timeline.end_day, end_day_of(timeline.scale, histories));  // one unknown stays so
    TRY(take_place(next, std::move(timeline), std::move(segment)));
    known_ = std::max(known_, named.number.back() + 1);
  }
  if (!gone.empty()) take_away(next, gone);
  put(std::move(next));
  waiting_ = {};
  return {};
}

namespace {

// Parts of the delta in which everybody is hidden are let go, from `first` on.
template <class Infos>
void drop_empty(Timeline& timeline, Infos& infos, std::size_t first) {
  for (std::size_t p = timeline.parts.size(); p-- > first;) {
    if (!all_hidden(timeline.parts[p])) continue;
    timeline.parts.erase(timeline.parts.begin() + static_cast<std::ptrdiff_t>(p));
    infos.erase(infos.begin() + static_cast<std::ptrdiff_t>(p));
  }
}

}  // namespace

void LiveTimeline::take_away(State& state, std::span<const std::uint32_t> gone) {
  std::vector<std::uint32_t> ascending(gone.begin(), gone.end());
  std::ranges::sort(ascending);
  Timeline next = *state.timeline;
  hide_wherever_seen(next, ascending);
  drop_empty(next, state.parts, state.ranges);
  state.timeline = std::make_shared<const Timeline>(std::move(next));
  if (is_compacting_) gone_meanwhile_.insert(gone_meanwhile_.end(), gone.begin(), gone.end());
}

// The histories become a part of the delta of `timeline`, in which those customers are hidden wherever they were seen.
Result<void> LiveTimeline::take_place(State& state, Timeline timeline, Segment histories) {
  const std::uint32_t last = histories.number(histories.customers() - 1);
  timeline.numbers = std::max(timeline.numbers, last + 1);
  timeline.parts.push_back({.segment = std::move(histories)});
  state.parts.push_back({.id = next_id_++});
  drop_empty(timeline, state.parts, state.ranges);
  if (!is_compacting_) TRY(merge_sizes(state, timeline));
  state.timeline = std::make_shared<const Timeline>(std::move(timeline));
  return {};
}

// While the last four parts of the delta are of one size class they become one of the next.
Result<void> LiveTimeline::merge_sizes(State& state, Timeline& timeline) {
  for (;;) {
    const std::size_t n = state.parts.size();
    if (n < state.ranges + kMergedAtOnce) return {};
    const std::size_t first = n - kMergedAtOnce;
    // Parts that came while a range was compacted may stand in any order: what is last and smaller waits for its like.
    const int size_class = state.parts.back().size_class;
    for (std::size_t p = first; p < n; ++p) {
      if (state.parts[p].size_class > size_class) return {};
    }
    std::vector<std::pair<std::uint32_t, SegmentJoin::Place>> places;
    for (std::size_t p = first; p < n; ++p) {
      const Part& part = timeline.parts[p];
      for (std::uint32_t i = 0; i < part.segment.customers(); ++i) {
        if (!part.is_hidden(i)) places.emplace_back(part.segment.number(i), SegmentJoin::Place{&part.segment, i});
      }
    }
    std::ranges::sort(places, {}, [](const auto& at) { return at.first; });
    SegmentJoin join(timeline.scale, timeline.schema);
    for (const auto& [number, place] : places) join.add(number, place);
    TRY_ASSIGN(Segment merged, std::move(join).named());
    timeline.parts.resize(first);
    state.parts.resize(first);
    timeline.parts.push_back({.segment = std::move(merged)});
    state.parts.push_back({.id = next_id_++, .size_class = size_class + 1});
  }
}

Result<void> LiveTimeline::extend(const Schema& schema) {
  const std::lock_guard lock(changing_);
  State next = state();
  const Schema& now = next.timeline->schema;
  const auto goes_on = [](const std::vector<std::string>& longer, const std::vector<std::string>& shorter) {
    return longer.size() >= shorter.size() && std::equal(shorter.begin(), shorter.end(), longer.begin());
  };
  if (!goes_on(schema.kinds, now.kinds) || !goes_on(schema.customer_dimensions, now.customer_dimensions) ||
      !goes_on(schema.event_dimensions, now.event_dimensions) || !goes_on(schema.order_measures, now.order_measures) ||
      schema.order_kind != now.order_kind || schema.window_days != now.window_days) {
    return fail(Errc::kInvalidArgument, "a schema can only be added to: a timeline of another one is built anew");
  }
  Timeline timeline = *next.timeline;
  timeline.schema = schema;
  timeline.customer_codes.resize(schema.customer_dimensions.size(), 1);
  timeline.event_codes.resize(schema.event_dimensions.size(), 1);
  next.timeline = std::make_shared<const Timeline>(std::move(timeline));
  put(std::move(next));
  return {};
}

std::vector<std::size_t> LiveTimeline::due(double share) const {
  const State now = state();
  const std::vector<Part>& parts = now.timeline->parts;
  std::vector<std::uint64_t> touched(now.ranges + 1);
  for (std::size_t p = now.ranges; p < parts.size(); ++p) {
    // Numbers ascend in a part as ranges do.
    const Segment& delta = parts[p].segment;
    std::uint32_t i = 0;
    for (std::size_t r = 0; r <= now.ranges && i < delta.customers(); ++r) {
      const Segment::Shape range = r == now.ranges ? Segment::Shape{} : parts[r].segment.shape();
      for (; i < delta.customers() && (r == now.ranges || delta.number(i) - range.first_customer < range.customers);
           ++i) {
        if (!parts[p].is_hidden(i)) touched[r] += delta.event_begin()[i + 1] - delta.event_begin()[i] + 1;
      }
    }
  }
  std::vector<std::size_t> out;
  std::uint64_t largest = 0;
  for (std::size_t r = 0; r < now.ranges; ++r) {
    const std::uint64_t own = parts[r].segment.events();
    largest = std::max(largest, own);
    if (touched[r] > 0 && static_cast<double>(touched[r]) >= share * static_cast<double>(own)) out.push_back(r);
  }
  // Those who are new become a range when they are about half of one.
  if (touched[now.ranges] > 0 && touched[now.ranges] >= largest / 2) out.push_back(now.ranges);
  return out;
}

Result<void> LiveTimeline::compact(std::size_t range, const std::function<void()>& meanwhile) {
  const std::lock_guard one(compacting_);
  State from;
  {
    const std::lock_guard lock(changing_);
    is_compacting_ = true;
    gone_meanwhile_.clear();
    from = state();
  }
  // Whatever happens from here on, parts of the delta may be merged again afterwards.
  struct Done {
    LiveTimeline& live;
    ~Done() {
      const std::lock_guard lock(live.changing_);
      live.is_compacting_ = false;
    }
  };
  assert(range <= from.ranges);
  const Timeline& old = *from.timeline;
  const bool is_new = range == from.ranges;
  const std::uint32_t first = is_new ? base_end(old, from.ranges) : old.parts[range].segment.shape().first_customer;
  const std::uint32_t end = is_new ? numbers_end(old, from.ranges) : first + old.parts[range].segment.customers();
  const Done done{*this};
  std::vector<std::size_t> sources;  // the range itself, then the delta
  if (!is_new) sources.push_back(range);
  for (std::size_t p = from.ranges; p < old.parts.size(); ++p) sources.push_back(p);
  std::vector<Seeker> in_parts;
  in_parts.reserve(sources.size());
  for (const std::size_t p : sources) in_parts.emplace_back(old.parts[p]);
  bool touched = is_new && first < end;
  std::vector<std::uint32_t> nobody;  // their numbers stay theirs
  SegmentJoin join(old.scale, old.schema);
  for (std::uint32_t number = first; number < end; ++number) {
    if (const auto found = find_visible(in_parts, number)) {
      const std::size_t part = sources[found->part];
      join.add(number, {&old.parts[part].segment, found->index});
      touched = touched || part >= from.ranges;
      continue;
    }
    join.add(number);
    nobody.push_back(number);
    touched = touched || (!is_new && !CustomerView(old.parts[range].segment, number - first).is_blank(old.schema));
  }
  if (!touched) return {};
  TRY_ASSIGN(Segment made, std::move(join).range());
  if (meanwhile) meanwhile();

  const std::lock_guard lock(changing_);
  State next = state();
  Timeline timeline = *next.timeline;
  Part part{.segment = std::move(made)};
  for (const std::uint32_t number : nobody) part.hide(number - first);
  for (const std::uint32_t number : gone_meanwhile_) {
    if (number >= first && number < end) part.hide(number - first);
  }
  for (std::size_t p = next.ranges; p < timeline.parts.size(); ++p) {
    const bool is_newer = std::ranges::find(from.parts, next.parts[p].id, &PartInfo::id) == from.parts.end();
    const Segment& delta = timeline.parts[p].segment;
    for (std::uint32_t i = 0; i < delta.customers(); ++i) {
      const std::uint32_t number = delta.number(i);
      if (number < first || number >= end || timeline.parts[p].is_hidden(i)) continue;
      // Who was touched since is out of date in what was made; all others need the delta no more.
      if (is_newer) {
        part.hide(number - first);
      } else {
        timeline.parts[p].hide(i);
      }
    }
  }
  const auto at = static_cast<std::ptrdiff_t>(range);
  if (is_new) {
    timeline.parts.insert(timeline.parts.begin() + at, std::move(part));
    next.parts.insert(next.parts.begin() + at, PartInfo{.id = next_id_++, .version = 1});
    ++next.ranges;
  } else {
    timeline.parts[range] = std::move(part);
    next.parts[range] = {.id = next_id_++, .version = next.parts[range].version + 1};
  }
  drop_empty(timeline, next.parts, next.ranges);
  next.timeline = std::make_shared<const Timeline>(std::move(timeline));
  put(std::move(next));
  return {};
}

}  // namespace behoud::timeline
