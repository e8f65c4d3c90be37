#include "timeline/column_file/timeline_file.h"

#include <cassert>
#include <string_view>
#include <utility>

#include "base/hash.h"
#include "base/together.h"
#include "timeline/column_file/description.h"

namespace behoud::timeline {
namespace {

// Columns of what is shared.
constexpr std::uint16_t kDescription = 1;  // bytes: below
constexpr std::uint16_t kWordEnds = 2;     // of all dictionaries' words, one after the other
constexpr std::uint16_t kWordBytes = 3;
constexpr std::uint16_t kNobody = 4;  // numbers of customers who are nobody, ascending; not there where none is

constexpr int kIndexBits = 10;  // a segment's column is role * 1,024 + index
std::uint16_t column_of(Role role, std::uint16_t index) {
  assert(index < 1 << kIndexBits);
  return static_cast<std::uint16_t>(static_cast<unsigned>(role) << kIndexBits | index);
}
Role role_of(std::uint16_t column) { return static_cast<Role>(column >> kIndexBits); }
std::uint16_t index_of(std::uint16_t column) { return column & ((1 << kIndexBits) - 1); }

std::unexpected<Error> damaged(const char* what) {
  return fail(Errc::kCorrupt, std::string("the timeline's file contradicts itself: ") + what,
              "It is derived from the ledger and is made anew from it.");
}

// The days' first seconds are what civil days hang on: a zone whose rules changed since gives other ones.
std::uint64_t digest_of(const Scale& scale) {
  std::vector<std::uint32_t> seconds;
  for (std::uint32_t day = 0; day <= scale.days(); ++day) seconds.push_back(scale.first_second(day));
  return checksum({reinterpret_cast<const char*>(seconds.data()), seconds.size() * sizeof seconds[0]});
}

struct Description {
  std::string zone;
  std::int64_t epoch_day = 0;
  std::uint64_t days = 0, digest = 0;
  Schema schema;
  std::vector<std::uint32_t> customer_codes, event_codes;
  std::int64_t revision = 0;
  std::vector<std::uint32_t> customer_words, event_words;  // how many each dictionary has
};

std::vector<std::uint32_t> sizes_of(const std::vector<Words>& dictionaries) {
  std::vector<std::uint32_t> out;
  out.reserve(dictionaries.size());
  for (const Words& words : dictionaries) out.push_back(static_cast<std::uint32_t>(words.size()));
  return out;
}

std::string encode(const Timeline& t, const Dictionaries& dictionaries) {
  return DescriptionWriter()
      .text(t.scale.zone().name())
      .number(static_cast<std::uint64_t>(std::int64_t{t.scale.epoch_day().number}))
      .number(t.scale.days())
      .number(digest_of(t.scale))
      .texts(t.schema.kinds)
      .number(t.schema.order_kind)
      .texts(t.schema.customer_dimensions)
      .texts(t.schema.event_dimensions)
      .texts(t.schema.order_measures)
      .number(t.schema.window_days)
      .numbers(t.customer_codes)
      .numbers(t.event_codes)
      .number(static_cast<std::uint64_t>(t.revision))
      .numbers(sizes_of(dictionaries.customer))
      .numbers(sizes_of(dictionaries.event))
      .bytes();
}

std::optional<Description> decode_description(std::string_view bytes) {
  DescriptionReader in(bytes);
  Description out;
  out.zone = in.text();
  out.epoch_day = static_cast<std::int64_t>(in.number());
  out.days = in.number();
  out.digest = in.number();
  out.schema.kinds = in.texts();
  out.schema.order_kind = static_cast<Kind>(in.number());
  out.schema.customer_dimensions = in.texts();
  out.schema.event_dimensions = in.texts();
  out.schema.order_measures = in.texts();
  out.schema.window_days = static_cast<std::uint32_t>(in.number());
  out.customer_codes = in.numbers();
  out.event_codes = in.numbers();
  out.revision = static_cast<std::int64_t>(in.number());
  out.customer_words = in.numbers();
  out.event_words = in.numbers();
  if (!in.ended_well()) return std::nullopt;
  return out;
}

Result<Dictionaries> dictionaries_of(const Description& d, const Column& ends, std::string_view bytes) {
  Dictionaries out;
  std::size_t next = 0;
  std::uint64_t begin = 0;
  for (const auto& [sizes, into] :
       {std::pair(&d.customer_words, &out.customer), std::pair(&d.event_words, &out.event)}) {
    for (const std::uint32_t size : *sizes) {
      if (size > ends.count - next) return damaged("a dictionary has fewer words than it says");
      Words words;
      words.reserve(size);
      for (std::uint32_t i = 0; i < size; ++i, ++next) {
        const std::uint64_t end = ends.as<std::uint64_t>()[next];
        if (end < begin || end > bytes.size()) return damaged("a word lies outside its dictionary");
        words.emplace_back(bytes.substr(static_cast<std::size_t>(begin), static_cast<std::size_t>(end - begin)));
        begin = end;
      }
      into->push_back(std::move(words));
    }
  }
  if (next != ends.count || begin != bytes.size()) return damaged("dictionaries have more words than they say");
  return out;
}

std::string_view text_of(const Column& column) {
  return {reinterpret_cast<const char*>(column.data), static_cast<std::size_t>(column.bytes())};
}

std::vector<std::uint64_t> nobody_of(const Timeline& t) {
  std::vector<std::uint64_t> out;
  for (const Part& part : t.parts) {
    for (std::uint32_t i = 0; !part.hidden.empty() && i < part.segment.customers(); ++i) {
      if (part.is_hidden(i)) out.push_back(part.segment.number(i));
    }
  }
  return out;
}

template <class T>
Column column_over(std::span<const T> values) {
  return {
      .data = reinterpret_cast<const std::byte*>(values.data()), .count = values.size(), .base = 0, .width = sizeof(T)};
}

}  // namespace

Result<TimelineFile> TimelineFile::open(const std::string& folder, const TimelineFile* before) {
  TRY_ASSIGN(ColumnFile opened, ColumnFile::open(folder, before == nullptr ? nullptr : before->file_.get()));
  auto file = std::make_unique<const ColumnFile>(std::move(opened));
  TRY_ASSIGN(const Column description, file->shared(kDescription));
  TRY_ASSIGN(const Column ends, file->shared(kWordEnds));
  TRY_ASSIGN(const Column bytes, file->shared(kWordBytes));
  if (description.width != 1 || ends.width != 8 || bytes.width != 1) return damaged("nothing describes it");
  const std::optional<Description> d = decode_description(text_of(description));
  if (!d) return damaged("its description cannot be read");
  TRY_ASSIGN(Dictionaries dictionaries, dictionaries_of(*d, ends, text_of(bytes)));
  TRY_ASSIGN(const calendar::Zone zone, calendar::Zone::create(d->zone));
  if (d->epoch_day < calendar::kEarliestDay.number - 31 || d->epoch_day > calendar::kLatestDay.number ||
      d->days > UINT32_MAX) {
    return damaged("its scale lies nowhere");
  }
  TRY_ASSIGN(Scale scale,
             Scale::laid_out(zone, {static_cast<std::int32_t>(d->epoch_day)}, static_cast<std::uint32_t>(d->days)));
  if (digest_of(scale) != d->digest) {
    return fail(Errc::kCorrupt,
                "the clock changes of " + d->zone + " are other ones than when the timeline was written",
                "It is derived from the ledger and is made anew from it.", {folder});
  }
  Timeline timeline{.scale = std::move(scale),
                    .schema = d->schema,
                    .parts = {},
                    .customer_codes = d->customer_codes,
                    .event_codes = d->event_codes,
                    .revision = d->revision};
  for (std::size_t i = 0; i < file->head().segments.size(); ++i) {
    const SegmentEntry& entry = file->head().segments[i];
    std::vector<NamedColumn> columns;
    columns.reserve(entry.blocks.size());
    for (std::size_t b = 0; b < entry.blocks.size(); ++b) {
      columns.push_back({role_of(entry.blocks[b].column), index_of(entry.blocks[b].column), file->unchecked(i, b)});
    }
    const Segment::Shape shape{entry.first_customer, entry.customers, entry.events, entry.orders};
    TRY_ASSIGN(Segment segment, Segment::create(shape, columns, file->keep(i)));
    timeline.parts.push_back({.segment = std::move(segment)});
  }
  TRY_ASSIGN(const Column nobody, file->shared(kNobody));
  if (nobody.count != 0 && (nobody.width != 8 || nobody.base != 0)) return damaged("who is nobody cannot be read");
  auto part = timeline.parts.begin();
  for (std::uint64_t i = 0; i < nobody.count; ++i) {
    const std::uint64_t number = nobody.as<std::uint64_t>()[i];
    if (i > 0 && number <= nobody.as<std::uint64_t>()[i - 1]) return damaged("who is nobody does not ascend");
    const auto end_of = [](const Part& p) {
      return p.segment.shape().first_customer + std::uint64_t{p.segment.customers()};
    };
    while (part != timeline.parts.end() && end_of(*part) <= number) ++part;
    if (part == timeline.parts.end()) return damaged("somebody who is nobody is in no segment");
    part->hide(static_cast<std::size_t>(number - part->segment.shape().first_customer));
  }
  return TimelineFile(std::move(file), std::move(timeline), std::move(dictionaries));
}

Result<const Timeline*> TimelineFile::to_read(std::span<const Role> roles) const {
  std::uint64_t wanted = 0;
  for (const Role role : roles) wanted |= std::uint64_t{1} << static_cast<unsigned>(role);
  const std::vector<SegmentEntry>& segments = file_->head().segments;
  std::vector<Result<void>> found(kParts);
  run_in_parts(segments.size(), [&](std::size_t part, std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      for (std::size_t b = 0; b < segments[i].blocks.size(); ++b) {
        if ((wanted >> static_cast<unsigned>(role_of(segments[i].blocks[b].column)) & 1) == 0) continue;
        found[part] = file_->check(i, b);
        if (!found[part]) return;
      }
    }
  });
  for (Result<void>& f : found) TRY(std::move(f));
  return &timeline_;
}

Result<std::uint64_t> write_timeline(const std::string& folder, const FileMark& mark, const Timeline& timeline,
                                     const Dictionaries& dictionaries, const TimelineFile* base,
                                     std::span<const std::optional<std::size_t>> kept, const FileCalls& calls,
                                     std::span<const BlockData> beside) {
  FileMark of_file = mark;
  of_file.epoch_ms = timeline.scale.epoch().ms;
  TRY_ASSIGN(ColumnFileWriter writer,
             ColumnFileWriter::begin(folder, of_file, base == nullptr ? nullptr : &base->columns(), calls));
  const std::string description = encode(timeline, dictionaries);
  std::vector<std::uint64_t> ends;
  std::string words;
  for (const auto* list : {&dictionaries.customer, &dictionaries.event}) {
    for (const Words& dictionary : *list) {
      for (const std::string& word : dictionary) {
        words += word;
        ends.push_back(words.size());
      }
    }
  }
  std::vector<BlockData> shared{{kDescription, column_over(std::span<const char>(description))},
                                {kWordEnds, column_over(std::span<const std::uint64_t>(ends))},
                                {kWordBytes, column_over(std::span<const char>(words))}};
  const std::vector<std::uint64_t> nobody = nobody_of(timeline);
  if (!nobody.empty()) shared.push_back({kNobody, column_over(std::span<const std::uint64_t>(nobody))});
  shared.insert(shared.end(), beside.begin(), beside.end());
  TRY(writer.share(shared));
  for (std::size_t i = 0; i < timeline.parts.size(); ++i) {
    if (i < kept.size() && kept[i]) {
      writer.keep(*kept[i]);
      continue;
    }
    const Segment& segment = timeline.parts[i].segment;
    std::vector<BlockData> blocks;
    for (const NamedColumn& c : segment.columns()) blocks.push_back({column_of(c.role, c.index), c.column});
    TRY(writer.add(segment.customers(), segment.events(), segment.orders(), blocks));
  }
  TRY(writer.commit());
  return writer.bytes_written();
}

}  // namespace behoud::timeline
