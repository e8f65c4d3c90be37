// Kept histories, with their footing, that hold anything at all: reading them stays within the file, and what is taken
// for good is histories that everything else can go through, and that are written and read again as they are. The input
// says what is changed in the columns of a small shop's; checksums are right, for by chance nobody gets past them.

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string>
#include <variant>
#include <vector>

#include <unistd.h>

#include "timeline/column_file/column_file.h"
#include "timeline/column_file/column_file_writer.h"
#include "timeline/kept/footing_file.h"
#include "timeline/kept/kept_histories.h"

namespace {

using namespace behoud;
using namespace behoud::timeline;

constexpr FileCalls kUnsynced{[](int fd, const void* bytes, std::size_t size) { return ::write(fd, bytes, size); },
                              [](int) { return 0; },
                              [](const char* from, const char* to) { return std::rename(from, to); }};

Histories small_shop() {
  Histories h;
  h.currency = money::Currency::parse("EUR").value();
  h.revision = 7;
  for (int c = 0; c < 5; ++c) {
    h.customer_space.push_back(c % 2 == 0 ? ledger::IdentitySpace::kCustomerId : ledger::IdentitySpace::kEmail);
    h.customer_key.push_back("key" + std::to_string(c));
    h.customer_label.emplace_back(c % 2 == 0 ? "" : "label");
    h.known_since.push_back(c == 3 ? std::optional(calendar::civil(2023, 5, 1)) : std::nullopt);
    h.orders_before.push_back(c == 3 ? 4 : 0);
    for (int i = 0; i <= c; ++i) {
      const calendar::Day day = calendar::civil(2024, 1, 1) + 9 * i + c;
      h.order_at.push_back({day.number * calendar::kMsPerDay + 3'600'000 * c});
      h.order_day.push_back(day);
      h.gross_minor.push_back(100 * i - 50);
      h.tax_minor.push_back(i);
      h.converted.push_back(i % 2 == 0);
      h.item.push_back(i % 2 == 0 ? 1 : 0);
      h.source.push_back(i % 3 == 0 ? 2 : 1);
    }
    h.order_begin.push_back(static_cast<std::uint32_t>(h.order_day.size()));
  }
  h.steps = {{3, kUnknownInstant, 40, true}, {3, 1'704'153'600'000, 60, false}};
  h.items.by_code = {"", "mug"};
  h.sources.by_code = {"", "mail", "shop"};
  h.kinds.by_code = {"", "Subscribed"};
  for (Texts* texts : {&h.coupons, &h.countries}) texts->by_code = {""};
  h.events = {{1, calendar::civil(2024, 2, 2), 1}};
  h.relation_joined = {{1, calendar::civil(2024, 2, 2), 0}};
  Subscription s;
  s.customer = 2;
  s.id = "s";
  s.start = calendar::civil(2024, 3, 1);
  s.pauses = {{s.start + 9, std::nullopt}};
  h.subscriptions = {s};
  h.costs = {{s.start, s.start + 30, 900, "marketing", "retention", "", ""}};
  h.left_out = {{"test", "", 2, 100}};
  h.unconverted = {{money::Currency::parse("USD").value(), 1, 5}};
  return h;
}

void check(bool holds) {
  if (!holds) std::abort();
}

Footing small_footing(const Histories& h) {
  Footing out;
  out.at.revision = h.revision;
  Statements said;
  for (std::uint32_t seq = 1; seq <= h.orders(); ++seq) said.add(said.names, seq * 977, seq);
  said.add(said.head_of, 3, 2);
  said.add(said.about, 2, 3);
  said.add(said.orders, 1, 20);
  said.add(said.records, 3, 21);
  out.index = StatementIndex(std::move(said), h);
  Trace& t = out.trace;
  for (std::uint32_t i = 0; i < h.customers(); ++i) {
    t.appeared.push_back(Trace::appearance(i < 4 ? Trace::Turn::kOrder : Trace::Turn::kRecord, i + 1));
    out.numbers.push_back(i);
  }
  for (std::uint32_t i = 0; i < h.orders(); ++i) t.order_seq.push_back(i + 1);
  t.event_seq = {22};
  t.whys = {{"test", ""}};
  t.left_out = {{.gross_minor = 60, .seq = 20, .why = 0, .day = 19'700}, {.gross_minor = 40, .seq = 24, .why = 0}};
  t.unconverted = {{.gross_minor = 5, .seq = 2, .currency = h.unconverted.front().currency.packed()}};
  t.unmatched_refunds = {{.minor = 9, .seq = 25, .customer = 1}, {.minor = 3, .seq = 26}};
  t.magnitude = 10'000;
  return out;
}

// What is taken for a footing says nothing of customers, orders or reasons that are not there.
void check_footing(const Footing& f, const Histories& h) {
  const Trace& t = f.trace;
  check(t.appeared.size() == h.customers() && t.order_seq.size() == h.orders());
  check(t.event_seq.size() == h.events.size() && f.numbers.size() == h.customers());
  for (const Trace::LeftOutOrder& o : t.left_out) check(o.why < t.whys.size());
  for (const Trace::UnmatchedRefund& refund : t.unmatched_refunds) {
    check(refund.customer == Trace::kOfNobody || refund.customer < h.customers());
  }
  std::uint64_t visited = 0;
  for (std::uint32_t c = 0; c < h.customers(); ++c) {
    check(f.numbers[c] < f.index.customers());
    const auto number = f.index.find({h.customer_space[c], h.customer_key[c]});
    check(!number || *number < f.index.customers());
    for (const PairTable* table : {&f.index.orders, &f.index.refunds, &f.index.records, &f.index.head_of}) {
      table->for_each(f.numbers[c], [&visited](std::uint32_t) { ++visited; });
    }
  }
}

// What nobody who goes through histories looks at twice.
void check_histories(const Histories& h) {
  const std::size_t customers = h.customers(), n = h.orders();
  check(h.order_begin.front() == 0 && h.order_begin.back() == n && std::ranges::is_sorted(h.order_begin));
  for (const std::size_t size : {h.customer_space.size(), h.customer_key.size(), h.customer_label.size(),
                                 h.known_since.size(), h.orders_before.size()}) {
    check(size == customers);
  }
  check(h.order_at.size() == n && h.gross_minor.size() == n);
  const auto codes = [n](const std::vector<Code>& column, const Texts& texts) {
    check(column.empty() || column.size() == n);
    check(std::ranges::all_of(column, [&](Code code) { return code < texts.size(); }));
  };
  codes(h.item, h.items);
  codes(h.coupon, h.coupons);
  codes(h.source, h.sources);
  codes(h.country, h.countries);
  for (const auto* column : {&h.tax_minor, &h.shipping_minor, &h.discount_minor, &h.units_milli, &h.item_cost_minor,
                             &h.costed_gross_minor}) {
    check(column->empty() || column->size() == n);
  }
  for (const auto* column : {&h.date_only, &h.converted}) check(column->empty() || column->size() == n);
  for (const OrderStep& step : h.steps) check(step.order < n);
  for (const auto* acts : {&h.relation_joined, &h.relation_left, &h.events}) {
    for (const Act& act : *acts) check(act.customer < customers && act.kind < h.kinds.size());
  }
  for (const Subscription& s : h.subscriptions) check(s.customer < customers);
}

struct Folders {
  Folders() {
    std::string name = (std::filesystem::temp_directory_path() / "behoud-fuzz-XXXXXX").string();
    check(::mkdtemp(name.data()) != nullptr);
    root = name;
    const Histories shop = small_shop();
    const Footing footing = small_footing(shop);
    check(write_histories(root + "/whole", mark, shop, {}, kUnsynced, &footing).has_value());
  }
  ~Folders() {
    std::error_code ignored;
    std::filesystem::remove_all(root, ignored);
  }
  std::string root;
  FileMark mark{.generation = {}, .seq = 7, .settings = 1, .epoch_ms = 0};
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Folders folders;
  const ColumnFile whole = ColumnFile::open(folders.root + "/whole").value();
  std::vector<BlockData> blocks;
  std::vector<std::string> bytes;
  for (const BlockEntry& entry : whole.head().shared.blocks) {
    const Column column = whole.shared(entry.column).value();
    blocks.push_back({entry.column, column});
    bytes.emplace_back(reinterpret_cast<const char*>(column.data), column.bytes());
  }
  // Each change: which column, what, a place or number of 8 bytes.
  for (; size >= 10; data += 10, size -= 10) {
    const std::size_t at = data[0] % blocks.size();
    Column& column = blocks[at].data;
    std::uint64_t number = 0;
    std::memcpy(&number, data + 2, sizeof number);
    switch (data[1] % 5) {
      case 0:  // a byte
        if (!bytes[at].empty()) bytes[at][(number >> 8) % bytes[at].size()] = static_cast<char>(number);
        break;
      case 1:  // eight
        if (bytes[at].size() >= 8) std::memcpy(bytes[at].data() + number % 31 % (bytes[at].size() - 7), data + 2, 8);
        break;
      case 2:
        column.base = static_cast<std::int64_t>(number);
        break;
      case 3:  // how many, no more than there are bytes for
        column.count = number % 64;
        break;
      default: {
        constexpr std::uint8_t kWidths[] = {0, 1, 2, 4, 8};
        column.width = kWidths[number % 5];
        break;
      }
    }
    bytes[at].resize(std::max<std::size_t>(bytes[at].size(), column.bytes()));
  }
  for (std::size_t i = 0; i < blocks.size(); ++i)
    blocks[i].data.data = reinterpret_cast<const std::byte*>(bytes[i].data());
  const std::string folder = folders.root + "/changed";
  {
    auto writer = ColumnFileWriter::begin(folder, folders.mark, nullptr, kUnsynced);
    check(writer.has_value() && writer->share(blocks).has_value() && writer->commit().has_value());
  }
  FileMark later = folders.mark;
  ++later.seq;
  const auto kept = read_histories_to_follow(folder, later);
  if (const auto* const here = std::get_if<KeptHistories>(&kept)) {
    check_histories(here->rebuilt.histories);
    const auto footing = read_footing(here->file, here->rebuilt.histories);
    if (footing) {
      check_footing(*footing, here->rebuilt.histories);
      check(write_histories(folders.root + "/again", folders.mark, here->rebuilt.histories, here->rebuilt.unused,
                            kUnsynced, &*footing)
                .has_value());
    }
  }
  const auto read = read_histories(folder, folders.mark);
  if (const auto* const rebuilt = std::get_if<Rebuilt>(&read)) {
    check_histories(rebuilt->histories);
    check(write_histories(folder, folders.mark, rebuilt->histories, rebuilt->unused, kUnsynced).has_value());
    check(std::holds_alternative<Rebuilt>(read_histories(folder, folders.mark)));
  }
  return 0;
}
