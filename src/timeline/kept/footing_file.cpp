#include "timeline/kept/footing_file.h"

#include <algorithm>
#include <utility>

#include "timeline/column_file/description.h"
#include "timeline/internal/bounds.h"

namespace behoud::timeline {
namespace {

// Columns behind those of the histories. The numbers are in files: never renumber, only add.
enum Where : std::uint16_t {
  kAboutFooting = 200,
  kAppeared,
  kOrderSeq,
  kEventSeq,
  kLeftOutSeq,
  kLeftOutWhy,
  kLeftOutDay,
  kLeftOutGross,
  kUnconvertedSeq,
  kUnconvertedCurrency,
  kUnconvertedGross,
  kUnmatchedSeq,
  kUnmatchedCustomer,
  kUnmatchedMinor,
  kNumbers,
};

std::string about(const Footing& footing) {
  const Trace& t = footing.trace;
  DescriptionWriter out;
  out.text(encode(footing.at)).number(t.stated).integer(static_cast<std::int64_t>(t.magnitude));
  out.number(t.whys.size());
  for (const Trace::Why& why : t.whys) out.text(why.reason).text(why.detail);
  return out.bytes();
}

template <class List, class Member>
auto column_of(const List& list, Member member) {
  std::vector<std::decay_t<decltype(list.front().*member)>> out;
  out.reserve(list.size());
  for (const auto& one : list) out.push_back(one.*member);
  return out;
}

std::unexpected<Error> damaged() {
  return fail(Errc::kCorrupt, "what the kept histories know of statements contradicts itself",
              "It is derived from the ledger and is made anew from it.");
}

// The values of a column of one width.
template <class T>
Result<std::span<const T>> values(const ColumnFile& file, Where where) {
  TRY_ASSIGN(const Column column, file.shared(where));
  if (column.count == 0) return std::span<const T>();
  if (column.width != sizeof(T) || column.base != 0) return damaged();
  return std::span(column.as<T>(), static_cast<std::size_t>(column.count));
}

template <class List, class T, class Member>
Result<void> fill(const ColumnFile& file, Where where, List& list, Member member) {
  TRY_ASSIGN(const auto from, values<T>(file, where));
  if (list.empty()) list.resize(from.size());
  if (from.size() != list.size()) return damaged();
  for (std::size_t i = 0; i < list.size(); ++i) {
    using To = std::decay_t<decltype(list.front().*member)>;
    list[i].*member = static_cast<To>(from[i]);
  }
  return {};
}

template <class T>
Result<std::vector<T>> whole(const ColumnFile& file, Where where, std::size_t count) {
  TRY_ASSIGN(const auto from, values<T>(file, where));
  if (from.size() != count) return damaged();
  return std::vector<T>(from.begin(), from.end());
}

// Each in [0, end), none twice.
bool are_numbers(const std::vector<std::uint32_t>& numbers, std::uint32_t end) {
  std::vector<bool> seen(end);
  for (const std::uint32_t number : numbers) {
    if (number >= end || seen[number]) return false;
    seen[number] = true;
  }
  return true;
}

}  // namespace

FootingBlocks::FootingBlocks(const Footing& footing) : index_(footing.index.written()), about_(about(footing)) {
  const Trace& t = footing.trace;
  trace_.push_back(
      {kAboutFooting,
       {.data = reinterpret_cast<const std::byte*>(about_.data()), .count = about_.size(), .base = 0, .width = 1}});
  put(kAppeared, t.appeared);
  put(kOrderSeq, t.order_seq);
  put(kEventSeq, t.event_seq);
  put_own(kLeftOutSeq, column_of(t.left_out, &Trace::LeftOutOrder::seq));
  put_own(kLeftOutWhy, column_of(t.left_out, &Trace::LeftOutOrder::why));
  put_own(kLeftOutDay, column_of(t.left_out, &Trace::LeftOutOrder::day));
  put_own(kLeftOutGross, column_of(t.left_out, &Trace::LeftOutOrder::gross_minor));
  put_own(kUnconvertedSeq, column_of(t.unconverted, &Trace::UnconvertedOrder::seq));
  put_own(kUnconvertedCurrency, column_of(t.unconverted, &Trace::UnconvertedOrder::currency));
  put_own(kUnconvertedGross, column_of(t.unconverted, &Trace::UnconvertedOrder::gross_minor));
  put_own(kUnmatchedSeq, column_of(t.unmatched_refunds, &Trace::UnmatchedRefund::seq));
  put_own(kUnmatchedCustomer, column_of(t.unmatched_refunds, &Trace::UnmatchedRefund::customer));
  put_own(kUnmatchedMinor, column_of(t.unmatched_refunds, &Trace::UnmatchedRefund::minor));
  put(kNumbers, footing.numbers);
}

template <class T>
void FootingBlocks::put(std::uint16_t where, const std::vector<T>& values) {
  if (values.empty()) return;
  trace_.push_back({where,
                    {.data = reinterpret_cast<const std::byte*>(values.data()),
                     .count = values.size(),
                     .base = 0,
                     .width = sizeof(T)}});
}

template <class T>
void FootingBlocks::put_own(std::uint16_t where, std::vector<T> values) {
  const auto own = std::make_shared<const std::vector<T>>(std::move(values));
  put(where, *own);
  own_.push_back(own);
}

Result<bool> has_footing(const ColumnFile& file) {
  TRY_ASSIGN(const Column column, file.shared(kAboutFooting));
  return column.count > 0;
}

Result<Footing> read_footing(std::shared_ptr<const ColumnFile> file, const Histories& h) {
  Footing out;
  TRY_ASSIGN(const Column column, file->shared(kAboutFooting));
  if (column.count == 0 || column.width != 1 || column.base != 0) return damaged();
  DescriptionReader in({reinterpret_cast<const char*>(column.data), static_cast<std::size_t>(column.count)});
  TRY_ASSIGN(out.at, decode_ledger_state(in.text()));
  Trace& t = out.trace;
  t.stated = static_cast<std::uint16_t>(in.number());
  t.magnitude = in.integer();
  for (std::uint64_t left = in.many(); left > 0; --left) {
    std::string reason = in.text();
    t.whys.push_back({std::move(reason), in.text()});
  }
  if (!in.ended_well() || t.magnitude < 0) return damaged();
  if (out.at.revision != h.revision || out.at.generation != file->head().mark.generation) return damaged();
  TRY_ASSIGN(t.appeared, whole<std::uint64_t>(*file, kAppeared, h.customers()));
  TRY_ASSIGN(t.order_seq, whole<std::uint32_t>(*file, kOrderSeq, h.orders()));
  TRY_ASSIGN(t.event_seq, whole<std::uint32_t>(*file, kEventSeq, h.events.size()));
  using Left = Trace::LeftOutOrder;
  using Foreign = Trace::UnconvertedOrder;
  using Unmatched = Trace::UnmatchedRefund;
  TRY((fill<std::vector<Left>, std::uint32_t>(*file, kLeftOutSeq, t.left_out, &Left::seq)));
  TRY((fill<std::vector<Left>, std::uint32_t>(*file, kLeftOutWhy, t.left_out, &Left::why)));
  TRY((fill<std::vector<Left>, std::int32_t>(*file, kLeftOutDay, t.left_out, &Left::day)));
  TRY((fill<std::vector<Left>, std::int64_t>(*file, kLeftOutGross, t.left_out, &Left::gross_minor)));
  TRY((fill<std::vector<Foreign>, std::uint32_t>(*file, kUnconvertedSeq, t.unconverted, &Foreign::seq)));
  TRY((fill<std::vector<Foreign>, std::uint32_t>(*file, kUnconvertedCurrency, t.unconverted, &Foreign::currency)));
  TRY((fill<std::vector<Foreign>, std::int64_t>(*file, kUnconvertedGross, t.unconverted, &Foreign::gross_minor)));
  TRY((fill<std::vector<Unmatched>, std::uint32_t>(*file, kUnmatchedSeq, t.unmatched_refunds, &Unmatched::seq)));
  TRY((fill<std::vector<Unmatched>, std::uint32_t>(*file, kUnmatchedCustomer, t.unmatched_refunds,
                                                   &Unmatched::customer)));
  TRY((fill<std::vector<Unmatched>, std::int64_t>(*file, kUnmatchedMinor, t.unmatched_refunds, &Unmatched::minor)));
  TRY_ASSIGN(out.numbers, whole<std::uint32_t>(*file, kNumbers, h.customers()));
  TRY_ASSIGN(out.index, StatementIndex::open(*file));
  const bool sorted = std::ranges::is_sorted(t.appeared) && std::ranges::is_sorted(t.left_out, {}, &Left::seq) &&
                      std::ranges::is_sorted(t.unconverted, {}, &Foreign::seq);
  const bool known = std::ranges::all_of(t.left_out, [&t](const Left& o) { return o.why < t.whys.size(); }) &&
                     std::ranges::all_of(t.unmatched_refunds, [&h](const Unmatched& refund) {
                       return refund.customer == Trace::kOfNobody || refund.customer < h.customers();
                     });
  if (!sorted || !known || !are_numbers(out.numbers, out.index.customers())) return damaged();
  out.file = std::move(file);
  return out;
}

}  // namespace behoud::timeline
