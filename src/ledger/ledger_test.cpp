#include "ledger/ledger.h"

#include <algorithm>
#include <atomic>
#include <map>
#include <thread>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <unistd.h>

#include "ledger/bounds.h"
#include "ledger/internal/faulty_disk.h"
#include "ledger/internal/owned.h"
#include "ledger/internal/testing.h"

namespace behoud::ledger {
namespace {

using namespace testing;

Ledger make(const std::string& path, bool sample = false, const Environment& env = environment(1, FaultyDisk::vfs())) {
  auto folder = DataFolder::create(path, sample, env);
  EXPECT_TRUE(folder.has_value()) << (folder ? "" : folder.error().message);
  auto ledger = Ledger::open(std::move(*folder));
  EXPECT_TRUE(ledger.has_value()) << (ledger ? "" : ledger.error().message);
  return std::move(*ledger);
}
Ledger reopen(const std::string& path, Access access = Access::kWrite,
              const Environment& env = environment(7, FaultyDisk::vfs())) {
  auto folder = DataFolder::open(path, access, env);
  EXPECT_TRUE(folder.has_value()) << (folder ? "" : folder.error().message);
  auto ledger = Ledger::open(std::move(*folder));
  EXPECT_TRUE(ledger.has_value()) << (ledger ? "" : ledger.error().message);
  return std::move(*ledger);
}
ImportMeta file(std::string name, ImportKind kind = ImportKind::kOrders) {
  ImportMeta m;
  m.kind = kind;
  m.sha256 = "sum of " + name;
  m.file_name = std::move(name);
  return m;
}
OrderAssertion order(std::string_view id, std::string_view status = "paid", std::int64_t gross = 1000) {
  OrderAssertion o;
  o.order_id = id;
  o.customer = {IdentitySpace::kCustomerId, "c1"};
  o.status = status;
  o.gross_minor = gross;
  o.currency = currency("EUR");
  o.placed = calendar::Moment{calendar::Instant{1'700'000'000'000}, false};
  return o;
}

template <class Record>
Result<ImportRow> import(Ledger& ledger, const ImportMeta& meta, const std::vector<Record>& records) {
  TRY_ASSIGN(auto writer, ledger.begin_import(meta));
  for (const Record& r : records) TRY(writer.add(r));
  return writer.commit();
}
ImportRow must_import(Ledger& ledger, const ImportMeta& meta, const std::vector<OrderAssertion>& orders) {
  auto row = import(ledger, meta, orders);
  EXPECT_TRUE(row.has_value()) << (row ? "" : row.error().message);
  return row.value_or(ImportRow{});
}

struct Read {
  OrderAssertion order;
  IdentityRef customer;
  calendar::Instant received;
  Seq seq;
  std::uint32_t identity;
};
std::vector<Read> read_orders(const Ledger& ledger, Keeper& keeper) {
  std::vector<Read> all;
  auto snapshot = ledger.snapshot();
  EXPECT_TRUE(snapshot.has_value()) << (snapshot ? "" : snapshot.error().message);
  const auto read = snapshot->orders([&](const StoredOrder& o) -> Result<void> {
    all.push_back(
        {keeper.keep(o.order), {o.customer.space, keeper.text(o.customer.value)}, o.received, o.seq, o.identity});
    return {};
  });
  EXPECT_TRUE(read.has_value()) << (read ? "" : read.error().message);
  return all;
}
std::vector<std::string> ids(const Ledger& ledger) {
  Keeper keeper;
  std::vector<std::string> result;
  for (const Read& r : read_orders(ledger, keeper)) {
    result.push_back(std::string(r.order.order_id) + " " + std::string(r.order.status));
  }
  return result;
}
using Strings = std::vector<std::string>;

// ---- Import and read

RC_GTEST_PROP(Ledger, EveryFieldOfAnOrderComesBack, ()) {
  const TemporaryFolder t;
  Keeper keeper;
  std::vector<OrderAssertion> orders;
  for (int i = 0; i < 40; ++i) {
    OrderAssertion o = any_order(keeper, 6, true);
    o.order_id = keeper.text("id " + std::to_string(i));  // each its own
    if (!o.alias.empty()) o.alias = keeper.text("alias " + std::to_string(i));
    orders.push_back(o);
  }
  auto ledger = make(t / "data", false, environment(1, FaultyDisk::vfs()));
  const auto row = import(ledger, file("a"), orders);
  RC_ASSERT(row.has_value());
  RC_ASSERT(row->added == 40u);
  const auto read = read_orders(ledger, keeper);
  RC_ASSERT(read.size() == 40u);
  for (std::size_t i = 0; i < read.size(); ++i) {
    RC_ASSERT(equal(read[i].order, orders[i]));
    RC_ASSERT(read[i].order.line == orders[i].line);
    RC_ASSERT((read[i].identity == 0) == (orders[i].customer.space == IdentitySpace::kNone));
    RC_ASSERT((read[i].received == row->received));
    RC_ASSERT((i == 0 || read[i - 1].seq < read[i].seq));
    for (std::size_t j = 0; j < i; ++j) {
      RC_ASSERT((read[i].identity == read[j].identity) == (orders[i].customer == orders[j].customer));
    }
  }
}

constexpr std::int64_t kFirstMoment = -2'208'988'800'000;                // 1900-01-01
constexpr std::int64_t kLastMoment = 2932897 * calendar::kMsPerDay - 1;  // 9999-12-31, to the millisecond

TEST(Ledger, KeepsExtremeValues) {
  const TemporaryFolder t;
  Keeper keeper;
  auto ledger = make(t / "data");
  OrderAssertion o = order(std::string_view("nul\0inside", 10));
  o.gross_minor = INT64_MIN;
  o.total_minor = INT64_MAX;
  o.tax_minor = INT64_MIN;
  o.shipping_minor = INT64_MAX;
  o.units_milli = -1;
  o.placed = calendar::Moment{calendar::Instant{kFirstMoment}, true};
  const std::string name(kTextBytesMax, 'n'), coupon(kTextBytesMax, 'c');
  o.name = name;
  o.coupon = coupon;  // too long for the dictionary
  o.customer.value = "";
  const OrderLine lines[] = {{coupon, name, INT64_MAX, INT64_MIN}, {"", "", 0, 0}};
  o.lines = lines;
  const RefundPart refunds[] = {{"", calendar::Instant{kLastMoment}, INT64_MIN}};
  o.refunds = refunds;
  must_import(ledger, file("a"), {o});
  const auto read = read_orders(ledger, keeper);
  ASSERT_EQ(read.size(), 1u);
  EXPECT_TRUE(equal(read[0].order, o));

  const std::string long_text(kTextBytesMax + 1, 'x');
  auto writer = ledger.begin_import(file("b"));
  ASSERT_TRUE(writer.has_value());
  EXPECT_EQ(writer->add(order(long_text)).error().code, Errc::kOutOfRange);
  EXPECT_EQ(writer->add(order("")).error().code, Errc::kInvalidArgument);
  EXPECT_EQ(writer->add(CostRecord{}).error().code, Errc::kInvalidArgument) << "an import of orders takes no costs";
  OrderAssertion many = order("many");
  const std::vector<OrderLine> too_many(65'536);
  many.lines = too_many;
  EXPECT_EQ(writer->add(many).error().code, Errc::kOutOfRange);
  many.lines = std::span(too_many).first(65'535);
  EXPECT_TRUE(writer->add(many).has_value()) << "a refused record leaves the import as it was";
  EXPECT_TRUE(writer->commit().has_value());
  EXPECT_EQ(read_orders(ledger, keeper).back().order.lines.size(), 65'535u);
}

// Each text and each moment of each kind of record: what is just within bounds.h is kept, what is just beyond is
// refused and leaves the import as it was.
TEST(Ledger, RefusesWhatIsBeyondItsBoundsFieldByField) {
  const TemporaryFolder t;
  auto ledger = make(t / "data");
  const std::string most(kTextBytesMax, 'x'), over = most + "x";
  const calendar::Moment early{calendar::Instant{kFirstMoment - 1}, false};
  const calendar::Moment late{calendar::Instant{kLastMoment + 1}, false};
  std::size_t import = 0;
  // `set(record, text)` for each text, `date(record, moment)` for each moment.
  const auto check = [&]<class Record>(ImportKind kind, const Record& plain, auto texts, auto moments) {
    ImportMeta meta = file("bounds" + std::to_string(++import));
    meta.kind = kind;
    auto writer = ledger.begin_import(meta);
    ASSERT_TRUE(writer.has_value());
    for (std::size_t i = 0; i < texts.size(); ++i) {
      Record r = plain;
      texts[i](r) = most;
      EXPECT_TRUE(writer->add(r).has_value()) << name(kind) << " text " << i;
      texts[i](r) = over;
      const auto refused = writer->add(r);
      ASSERT_FALSE(refused.has_value()) << name(kind) << " text " << i;
      EXPECT_EQ(refused.error().code, Errc::kOutOfRange);
    }
    for (std::size_t i = 0; i < moments.size(); ++i) {
      for (const calendar::Moment& bad : {early, late}) {
        Record r = plain;
        moments[i](r, bad);
        const auto refused = writer->add(r);
        ASSERT_FALSE(refused.has_value()) << name(kind) << " moment " << i;
        EXPECT_EQ(refused.error().code, Errc::kOutOfRange);
      }
    }
    const auto row = writer->commit();
    ASSERT_TRUE(row.has_value()) << row.error().message;
    EXPECT_EQ(row->rows, texts.size()) << "what was refused is not there";
  };
  using Order = OrderAssertion;
  using calendar::Moment;
  using OrderText = std::string_view& (*)(Order&);
  using OrderMoment = void (*)(Order&, Moment);
  Order plain = order("o-1");
  plain.customer.space = IdentitySpace::kCustomerId;
  check(ImportKind::kOrders, plain,
        std::vector<OrderText>{[](Order& o) -> std::string_view& { return o.order_id; },
                               [](Order& o) -> std::string_view& { return o.alias; },
                               [](Order& o) -> std::string_view& { return o.customer.value; },
                               [](Order& o) -> std::string_view& { return o.email; },
                               [](Order& o) -> std::string_view& { return o.phone; },
                               [](Order& o) -> std::string_view& { return o.name; },
                               [](Order& o) -> std::string_view& { return o.status; },
                               [](Order& o) -> std::string_view& { return o.coupon; },
                               [](Order& o) -> std::string_view& { return o.source; },
                               [](Order& o) -> std::string_view& { return o.country; }},
        std::vector<OrderMoment>{
            [](Order& o, Moment m) { o.placed = m; }, [](Order& o, Moment m) { o.updated_at = m.at; },
            [](Order& o, Moment m) { o.refunded_at = m.at; }, [](Order& o, Moment m) { o.cancelled_at = m.at; }});
  using Customer = CustomerRecord;
  using CustomerText = std::string_view& (*)(Customer&);
  using CustomerMoment = void (*)(Customer&, Moment);
  Customer somebody;
  somebody.id = {IdentitySpace::kCustomerId, "c-1"};
  check(ImportKind::kCustomers, somebody,
        std::vector<CustomerText>{[](Customer& c) -> std::string_view& { return c.id.value; },
                                  [](Customer& c) -> std::string_view& { return c.email; },
                                  [](Customer& c) -> std::string_view& { return c.phone; },
                                  [](Customer& c) -> std::string_view& { return c.name; },
                                  [](Customer& c) -> std::string_view& { return c.country; },
                                  [](Customer& c) -> std::string_view& { return c.source; },
                                  [](Customer& c) -> std::string_view& { return c.language; }},
        std::vector<CustomerMoment>{[](Customer& c, Moment m) { c.first_order = m; },
                                    [](Customer& c, Moment m) { c.consent_at = m; },
                                    [](Customer& c, Moment m) { c.unsubscribed_at = m; }});
  using Event = EventRecord;
  using EventText = std::string_view& (*)(Event&);
  using EventMoment = void (*)(Event&, Moment);
  Event seen;
  seen.kind = "Product Viewed";
  seen.customer = somebody.id;
  check(ImportKind::kEvents, seen,
        std::vector<EventText>{[](Event& e) -> std::string_view& { return e.message_id; },
                               [](Event& e) -> std::string_view& { return e.customer.value; },
                               [](Event& e) -> std::string_view& { return e.kind; },
                               [](Event& e) -> std::string_view& { return e.source; },
                               [](Event& e) -> std::string_view& { return e.campaign; }},
        std::vector<EventMoment>{[](Event& e, Moment m) { e.at = m; }});
}

TEST(Ledger, RefusesARefundOfNothingAndPropertiesBeyondTheirBound) {
  const TemporaryFolder t;
  auto ledger = make(t / "data");
  {
    auto writer = ledger.begin_import(file("a"));
    ASSERT_TRUE(writer.has_value());
    RefundRecord refund{{IdentitySpace::kCustomerId, "c-1"}, {calendar::Instant{0}, false}, {}, 1};
    for (const std::int64_t minor : {std::int64_t{0}, std::int64_t{-1}}) {
      refund.amount.minor = minor;
      EXPECT_EQ(writer->add(refund).error().code, Errc::kInvalidArgument);
    }
    refund.amount.minor = 1;
    EXPECT_TRUE(writer->add(refund).has_value());
    EXPECT_TRUE(writer->commit().has_value());
  }
  ImportMeta meta = file("b");
  meta.kind = ImportKind::kEvents;
  auto writer = ledger.begin_import(meta);
  ASSERT_TRUE(writer.has_value());
  EventRecord event;
  event.kind = "Survey Answered";
  const std::string properties(kPropertiesBytesMax + 1, 'p');
  event.properties = properties;
  EXPECT_EQ(writer->add(event).error().code, Errc::kOutOfRange);
  event.properties = std::string_view(properties).substr(1);
  EXPECT_TRUE(writer->add(event).has_value());
  EXPECT_TRUE(writer->commit().has_value());
}

TEST(Ledger, ReadsInManyWindowsAndBatches) {
  const TemporaryFolder t;
  Keeper keeper;
  auto ledger = make(t / "data");
  auto writer = ledger.begin_import(file("a"));
  const int n = 300'000;  // more than a window of reading, a chunk and a batch
  const OrderLine two[] = {{"a", "A", 1000, 5}, {"b", "B", 2000, 6}};
  for (int i = 0; i < n; ++i) {
    const std::string id = std::to_string(i), customer = std::to_string(i % 977);
    OrderAssertion o = order(id, "paid", i);
    o.customer.value = customer;
    if (i % 10 == 0) o.lines = two;
    ASSERT_TRUE(writer->add(o).has_value());
  }
  ASSERT_TRUE(writer->commit().has_value());
  int seen = 0;
  const auto snapshot = ledger.snapshot();
  const auto read = snapshot->orders([&](const StoredOrder& o) -> Result<void> {
    EXPECT_EQ(o.order.order_id, std::to_string(seen));
    EXPECT_EQ(o.order.gross_minor, seen);
    EXPECT_EQ(o.customer.value, std::to_string(seen % 977));
    EXPECT_EQ(o.order.lines.size(), seen % 10 == 0 ? 2u : 0u);
    if (seen % 10 == 0) {
      EXPECT_EQ(o.order.lines[1], two[1]);
    }
    ++seen;
    return {};
  });
  EXPECT_TRUE(read.has_value());
  EXPECT_EQ(seen, n);
  EXPECT_EQ(snapshot->count(ImportKind::kOrders).value(), static_cast<std::uint64_t>(n));
  // An error of the callback stops the reading.
  int before_error = 0;
  const auto stopped = snapshot->orders([&](const StoredOrder&) -> Result<void> {
    return ++before_error == 5 ? fail(Errc::kOutOfRange, "enough") : Result<void>{};
  });
  EXPECT_EQ(stopped.error().message, "enough");
  EXPECT_EQ(before_error, 5);
}

// ---- The same rows again

TEST(Ledger, TheSameFileTwiceAddsNothingAndKeepsTheRevision) {
  const TemporaryFolder t;
  auto ledger = make(t / "data");
  const std::vector<OrderAssertion> orders{order("1"), order("2", "pending"), order("3")};
  const auto first = must_import(ledger, file("a"), orders);
  const auto revision = ledger.revision().value();
  auto writer = ledger.begin_import(file("a"));
  EXPECT_EQ(writer->repeats(), first.id);
  for (const auto& o : orders) EXPECT_TRUE(writer->add(o).has_value());
  const auto second = writer->commit();
  ASSERT_TRUE(second.has_value());
  EXPECT_EQ(second->repeats, first.id);
  EXPECT_EQ(second->rows, 3u);
  EXPECT_EQ(second->repeated, 3u);
  EXPECT_EQ(second->added + second->changed, 0u);
  EXPECT_EQ(ledger.revision().value(), revision);
  EXPECT_EQ(ids(ledger), (Strings{"1 paid", "2 pending", "3 paid"}));
  ASSERT_EQ(ledger.imports()->size(), 2u);
  // Each with the time it came; the rows of both are those of the first, and rank as they do.
  const ImportRow kept = ledger.imports()->at(1);
  EXPECT_EQ(kept.came_at, second->came_at);
  EXPECT_GT(kept.came_at, first.came_at);
  EXPECT_EQ(kept.received, first.received);
  EXPECT_EQ(second->received, first.received);
  EXPECT_EQ(first.received, first.came_at);

  // Held by both: undone one by one.
  EXPECT_TRUE(ledger.undo_import(first.id).has_value());
  EXPECT_EQ(ids(ledger).size(), 3u);
  EXPECT_EQ(ledger.revision().value(), revision) << "nothing has changed";
  EXPECT_TRUE(ledger.undo_import(second->id).has_value());
  EXPECT_EQ(ids(ledger).size(), 0u);
  EXPECT_GT(ledger.revision().value(), revision);
}

TEST(Ledger, TheSameRowsInAnotherFileAreRepeats) {
  const TemporaryFolder t;
  auto ledger = make(t / "data");
  const OrderLine two[] = {{"a", "A", 1000, 5}, {"b", "B", 2000, 6}}, other[] = {{"a", "A", 1000, 5}, {"b", "B", 1, 6}};
  OrderAssertion with_lines = order("3");
  with_lines.lines = two;
  with_lines.line = 7;
  must_import(ledger, file("a"), {order("1"), order("2"), with_lines});
  with_lines.line = 99;  // where it stands in the file is no content
  const auto row = must_import(ledger, file("b"), {with_lines, order("2"), order("1"), order("4")});
  EXPECT_EQ(row.added, 1u);
  EXPECT_EQ(row.repeated, 3u);
  with_lines.lines = other;
  const auto changed = must_import(ledger, file("c"), {with_lines});
  EXPECT_EQ(changed.changed, 1u);
  EXPECT_EQ(must_import(ledger, file("d"), {with_lines}).repeated, 1u);
  EXPECT_EQ(ids(ledger).size(), 5u);
}

TEST(Ledger, ANewerExportAddsWhatIsNewAndAppliesChangedStates) {
  const TemporaryFolder t;
  auto ledger = make(t / "data");
  must_import(ledger, file("january"), {order("1"), order("2", "pending")});
  const auto row = must_import(ledger, file("february"), {order("1"), order("2", "paid"), order("3")});
  EXPECT_EQ(row.repeated, 1u);
  EXPECT_EQ(row.changed, 1u);
  EXPECT_EQ(row.added, 1u);
  EXPECT_EQ(ids(ledger), (Strings{"1 paid", "2 pending", "2 paid", "3 paid"}));
  // The older file again is one that was imported already: it changes nothing back.
  const auto revision = ledger.revision().value();
  EXPECT_EQ(must_import(ledger, file("january"), {order("1"), order("2", "pending")}).repeated, 2u);
  EXPECT_EQ(ledger.revision().value(), revision);
}

TEST(Ledger, AnOrderIsKnownByItsAliasToo) {
  const TemporaryFolder t;
  auto ledger = make(t / "data");
  OrderAssertion by_name = order("1001");
  by_name.alias = "450789469";
  must_import(ledger, file("export"), {by_name});
  const auto row = must_import(ledger, file("webhooks"), {order("450789469", "refunded")});
  EXPECT_EQ(row.changed, 1u);
  EXPECT_EQ(row.added, 0u);
  EXPECT_EQ(must_import(ledger, file("next export"), {by_name}).changed, 1u) << "the newest statement was another";
  EXPECT_EQ(must_import(ledger, file("and the next"), {by_name}).repeated, 1u);
}

TEST(Ledger, UndoingAnImportKeepsWhatALaterOneAlsoHolds) {
  const TemporaryFolder t;
  auto ledger = make(t / "data");
  const auto a = must_import(ledger, file("a"), {order("1"), order("2", "pending"), order("3")});
  must_import(ledger, file("b"), {order("2", "paid"), order("3"), order("4")});
  const auto undone = ledger.undo_import(a.id);
  ASSERT_TRUE(undone.has_value());
  EXPECT_EQ(undone->state, ImportState::kUndone);
  EXPECT_TRUE(undone->undone_at.has_value());
  EXPECT_EQ(ids(ledger), (Strings{"3 paid", "2 paid", "4 paid"}));
  EXPECT_EQ(ledger.snapshot()->count(ImportKind::kOrders).value(), 3u);
  EXPECT_EQ(ledger.undo_import(a.id).error().code, Errc::kConflict);
  EXPECT_EQ(ledger.undo_import(99).error().code, Errc::kNotFound);
  // What was taken back can come again.
  EXPECT_EQ(must_import(ledger, file("a"), {order("1"), order("2", "pending"), order("3")}).added, 1u);
}

TEST(Ledger, AnImportIsSeenWholeOrNotAtAll) {
  const TemporaryFolder t;
  auto ledger = make(t / "data");
  auto writer = ledger.begin_import(file("a"));
  std::vector<std::string> names;
  for (int i = 0; i < 200'000; ++i) names.push_back(std::to_string(i));
  for (const std::string& n : names) ASSERT_TRUE(writer->add(order(n)).has_value());
  EXPECT_EQ(ids(ledger).size(), 0u) << "some chunks are durable, none is seen";
  EXPECT_EQ(ledger.snapshot()->imports().size(), 0u);
  EXPECT_EQ(ledger.imports()->size(), 1u);
  EXPECT_EQ(ledger.imports()->front().state, ImportState::kOpen);
  EXPECT_EQ(ledger.begin_import(file("b")).error().code, Errc::kConflict);
  EXPECT_EQ(ledger.sweep_unfinished().error().code, Errc::kConflict);
  EXPECT_EQ(ledger.undo_import(writer->id()).error().code, Errc::kConflict);
  // A snapshot from before sees nothing of it, also after the commit.
  const auto before = ledger.snapshot();
  ASSERT_TRUE(writer->commit().has_value());
  std::uint64_t seen = 0;
  EXPECT_TRUE(before
                  ->orders([&](const StoredOrder&) -> Result<void> {
                    ++seen;
                    return {};
                  })
                  .has_value());
  EXPECT_EQ(seen, 0u);
  EXPECT_EQ(ledger.snapshot()->count(ImportKind::kOrders).value(), 200'000u);
  EXPECT_FALSE(writer->add(order("late")).has_value());
  EXPECT_FALSE(writer->commit().has_value());
}

TEST(Ledger, AnAbortedImportLeavesNoTrace) {
  const TemporaryFolder t;
  auto ledger = make(t / "data");
  must_import(ledger, file("a"), {order("1")});
  const auto revision = ledger.revision().value();
  auto writer = ledger.begin_import(file("b"));
  std::vector<std::string> names;
  for (int i = 0; i < 100'000; ++i) names.push_back("order " + std::to_string(i));
  for (const std::string& n : names) {
    OrderAssertion o = order(n);
    o.customer.value = n;
    o.name = n;
    o.coupon = n;
    ASSERT_TRUE(writer->add(o).has_value());
  }
  EXPECT_TRUE(writer->abort().has_value());
  EXPECT_EQ(ids(ledger), (Strings{"1 paid"}));
  EXPECT_EQ(ledger.imports()->size(), 1u);
  EXPECT_EQ(ledger.revision().value(), revision);
  EXPECT_TRUE(ledger.checkpoint().has_value());
  EXPECT_EQ(read_file(t / "data/behoud.db").find("order 99999"), std::string::npos) << "no personal data stays";
  EXPECT_EQ(must_import(ledger, file("c"), {order("1"), order("2")}).added, 1u);
}

TEST(Ledger, ADryRunTellsWhatWouldHappenAndLeavesNoTrace) {
  const TemporaryFolder t;
  auto ledger = make(t / "data");
  must_import(ledger, file("a"), {order("1"), order("2")});
  const auto revision = ledger.revision().value();
  ImportMeta meta = file("b");
  meta.dry_run = true;
  const auto row = must_import(ledger, meta, {order("1"), order("2", "refunded"), order("3"), order("4")});
  EXPECT_EQ(row.added, 2u);
  EXPECT_EQ(row.changed, 1u);
  EXPECT_EQ(row.repeated, 1u);
  EXPECT_EQ(ledger.imports()->size(), 1u);
  EXPECT_EQ(ledger.revision().value(), revision);
  EXPECT_EQ(ids(ledger), (Strings{"1 paid", "2 paid"}));
  meta.dry_run = false;
  EXPECT_EQ(must_import(ledger, meta, {order("1"), order("2", "refunded"), order("3"), order("4")}).added, 2u);
}

TEST(Ledger, AnInterruptedImportGoesOnAfterItsLastDurableChunk) {
  const TemporaryFolder t;
  std::vector<std::string> names;
  for (int i = 0; i < 150'000; ++i) names.push_back(std::to_string(i));
  const RefundRecord refund{
      {IdentitySpace::kCustomerId, "c1"}, {calendar::Instant{5}, false}, {100, currency("EUR")}, 3};
  Strings whole;
  {
    auto ledger = make(t / "whole");
    auto writer = ledger.begin_import(file("a"));
    for (const std::string& n : names) {
      ASSERT_TRUE(writer->add(order(n)).has_value());
      if (n.ends_with("000")) {
        ASSERT_TRUE(writer->add(refund).has_value());
      }
    }
    ASSERT_TRUE(writer->commit().has_value());
    whole = ids(ledger);
  }
  auto ledger = make(t / "data");
  {
    auto writer = ledger.begin_import(file("a"));
    for (std::size_t i = 0; i < 100'000; ++i) {
      ASSERT_TRUE(writer->add(order(names[i])).has_value());
      if (names[i].ends_with("000")) {
        ASSERT_TRUE(writer->add(refund).has_value());
      }
    }
  }  // dropped, as when the process ends
  ledger = make(t / "elsewhere");  // lets go of the folder
  ledger = reopen(t / "data");
  EXPECT_EQ(ids(ledger).size(), 0u);
  auto writer = ledger.begin_import(file("a"));
  ASSERT_TRUE(writer.has_value());
  EXPECT_GT(writer->resumed_rows(), 0u);
  EXPECT_LT(writer->resumed_rows(), 100'101u);
  for (const std::string& n : names) {
    ASSERT_TRUE(writer->add(order(n)).has_value());
    if (n.ends_with("000")) {
      ASSERT_TRUE(writer->add(refund).has_value());
    }
  }
  const auto row = writer->commit();
  ASSERT_TRUE(row.has_value());
  EXPECT_EQ(row->added, 150'149u);
  EXPECT_EQ(ids(ledger), whole);
  int refunds = 0;
  EXPECT_TRUE(ledger.snapshot()
                  ->refunds([&](const RefundRecord&, Seq) -> Result<void> {
                    ++refunds;
                    return {};
                  })
                  .has_value());
  EXPECT_EQ(refunds, 149) << "equal refunds of one file are numbered across the interruption";
}

TEST(Ledger, AnInterruptedImportIsSweptByTheNextOther) {
  const TemporaryFolder t;
  auto ledger = make(t / "data");
  std::vector<std::string> names;
  for (int i = 0; i < 150'000; ++i) names.push_back(std::to_string(i));
  {
    auto writer = ledger.begin_import(file("a"));
    for (const std::string& n : names) ASSERT_TRUE(writer->add(order(n)).has_value());
  }
  EXPECT_EQ(ledger.imports()->size(), 1u);
  EXPECT_EQ(must_import(ledger, file("b"), {order("1")}).added, 1u);
  EXPECT_EQ(ledger.imports()->size(), 1u);
  {
    auto writer = ledger.begin_import(file("c"));
    for (const std::string& n : names) ASSERT_TRUE(writer->add(order(n)).has_value());
  }
  EXPECT_EQ(ledger.sweep_unfinished().value(), 1);
  EXPECT_EQ(ledger.sweep_unfinished().value(), 0);
  EXPECT_EQ(ids(ledger), (Strings{"1 paid"}));
}

TEST(Ledger, OwnDataNeverMixesWithASample) {
  const TemporaryFolder t;
  auto own = make(t / "own"), sample = make(t / "sample", true);
  EXPECT_FALSE(own.sample());
  EXPECT_TRUE(sample.sample());
  EXPECT_TRUE(sample.snapshot()->sample());
  EXPECT_EQ(sample.begin_import(file("a")).error().code, Errc::kConflict);
  ImportMeta made_up = file("a");
  made_up.sample = true;
  EXPECT_EQ(own.begin_import(made_up).error().code, Errc::kConflict);
  EXPECT_TRUE(sample.begin_import(made_up).has_value());
}

TEST(Ledger, OpenedForReadingWritesNothing) {
  const TemporaryFolder t;
  {
    auto ledger = make(t / "data");
    must_import(ledger, file("a"), {order("1")});
  }
  auto owner = reopen(t / "data");
  auto reader = reopen(t / "data", Access::kRead);
  EXPECT_EQ(ids(reader), (Strings{"1 paid"}));
  EXPECT_EQ(reader.begin_import(file("b")).error().code, Errc::kInvalidArgument);
  EXPECT_EQ(reader.undo_import(1).error().code, Errc::kInvalidArgument);
  EXPECT_EQ(reader.change({}).error().code, Errc::kInvalidArgument);
  EXPECT_EQ(reader.sweep_unfinished().error().code, Errc::kInvalidArgument);
  EXPECT_EQ(reader.merge({}, {}).error().code, Errc::kInvalidArgument);
  EXPECT_EQ(reader.unmerge({}, {}).error().code, Errc::kInvalidArgument);
  EXPECT_EQ(reader.checkpoint().error().code, Errc::kInvalidArgument);
  must_import(owner, file("b"), {order("2")});
  EXPECT_EQ(ids(reader), (Strings{"1 paid", "2 paid"})) << "a reader sees what an owner has committed";
}

TEST(Ledger, ReadersAndShortWritesGoOnBesideAnImport) {
  const TemporaryFolder t;
  auto ledger = make(t / "data");
  must_import(ledger, file("a"), {order("1"), order("2")});
  std::atomic<bool> done = false;
  std::atomic<int> reads = 0, changes = 0;
  const auto counted = [](const Ledger& l) {
    std::size_t n = 0;
    const auto snapshot = l.snapshot();
    const auto read = snapshot->orders([&](const StoredOrder&) -> Result<void> {
      ++n;
      return {};
    });
    return read ? n : 0;
  };
  std::thread reader([&] {
    while (!done) {
      const auto n = counted(ledger);
      EXPECT_TRUE(n == 2 || n == 60'002) << n;
      ++reads;
    }
  });
  std::thread changer([&] {
    // Each waits for one chunk at most, never for the import.
    while (!done) {
      SettingsChange change;
      change.window_days = 30 + changes;
      EXPECT_TRUE(ledger.change(change).has_value());
      EXPECT_TRUE(ledger.revision().has_value());
      EXPECT_TRUE(ledger.imports().has_value());
      ++changes;
    }
  });
  auto writer = ledger.begin_import(file("b"));
  for (int i = 0; i < 60'000; ++i) {
    const std::string id = "new " + std::to_string(i);
    EXPECT_TRUE(writer->add(order(id)).has_value());
  }
  EXPECT_TRUE(writer->commit().has_value());
  done = true;
  reader.join();
  changer.join();
  EXPECT_EQ(counted(ledger), 60'002u);
  EXPECT_GT(reads + changes, 0);
  std::vector<Seq> seqs;
  Keeper keeper;
  for (const Read& r : read_orders(ledger, keeper)) seqs.push_back(r.seq);
  EXPECT_TRUE(std::adjacent_find(seqs.begin(), seqs.end(), std::greater_equal<>()) == seqs.end())
      << "no seq is given twice";
}

TEST(Ledger, SeqsAndImportIdsAreNeverGivenTwice) {
  const TemporaryFolder t;
  Keeper keeper;
  auto ledger = make(t / "data");
  const auto a = must_import(ledger, file("a"), {order("1")});
  auto writer = ledger.begin_import(file("b"));
  EXPECT_TRUE(writer->add(order("2")).has_value());
  const auto aborted = writer->id();
  EXPECT_TRUE(writer->abort().has_value());
  const auto c = must_import(ledger, file("c"), {order("3")});
  EXPECT_LT(a.id, aborted);
  EXPECT_LT(aborted, c.id);
  const auto read = read_orders(ledger, keeper);
  ASSERT_EQ(read.size(), 2u);
  EXPECT_LT(read[0].seq, read[1].seq);
  EXPECT_LT(read[1].seq, static_cast<Seq>(ledger.revision().value()));
}

// ---- Settings

TEST(Ledger, ASettingIsARecordAndRaisesTheRevisionOnlyWhenItDiffers) {
  const TemporaryFolder t;
  auto ledger = make(t / "data");
  EXPECT_EQ(ledger.settings().value(), Settings{});
  SettingsChange change;
  change.zone = "Europe/Amsterdam";
  change.currency = currency("EUR");
  change.window_days = 90;
  change.margin_rate_millionth = std::optional(400'000);
  change.statuses["shipped maybe"] = Standing::kCounts;
  change.mappings["fingerprint"] = "customer=#1";
  ASSERT_TRUE(ledger.change(change).has_value());
  const auto revision = ledger.revision().value();
  Settings expected;
  expected.zone = "Europe/Amsterdam";
  expected.currency = currency("EUR");
  expected.window_days = 90;
  expected.margin_rate_millionth = 400'000;
  expected.statuses["shipped maybe"] = Standing::kCounts;
  expected.mappings["fingerprint"] = "customer=#1";
  EXPECT_EQ(ledger.settings().value(), expected);
  EXPECT_EQ(ledger.snapshot()->settings(), expected);
  ASSERT_TRUE(ledger.change(change).has_value());
  EXPECT_EQ(ledger.revision().value(), revision);

  SettingsChange back;
  back.margin_rate_millionth = std::optional<std::int32_t>();
  back.statuses["shipped maybe"] = std::nullopt;
  back.mappings["fingerprint"] = "";
  const auto before = ledger.snapshot();
  ASSERT_TRUE(ledger.change(back).has_value());
  EXPECT_GT(ledger.revision().value(), revision);
  expected.margin_rate_millionth = std::nullopt;
  expected.statuses.clear();
  expected.mappings.clear();
  EXPECT_EQ(ledger.settings().value(), expected);
  EXPECT_EQ(before->settings().window_days, 90);
  EXPECT_EQ(before->settings().statuses.size(), 1u) << "a snapshot keeps the settings of its revision";
  auto writer = ledger.begin_import(file("a"));
  ASSERT_TRUE(writer->add(order("1")).has_value());
  SettingsChange with_import;
  with_import.zone = "UTC";
  EXPECT_EQ(ledger.settings()->zone, "Europe/Amsterdam");
  ASSERT_TRUE(writer->commit(with_import).has_value());
  EXPECT_EQ(ledger.settings()->zone, "UTC");
}

// ---- Merges

TEST(Ledger, AMergeIsAFoldAndItsUndoingLeavesNothingOfIt) {
  const TemporaryFolder t;
  Keeper keeper;
  auto ledger = make(t / "data");
  std::vector<OrderAssertion> orders;
  const IdentityRef a{IdentitySpace::kCustomerId, "a"}, b{IdentitySpace::kEmail, "b@x.example"},
      c{IdentitySpace::kPhone, "+31"}, nobody{IdentitySpace::kPhone, "+32"};
  for (const IdentityRef& i : {a, b, c}) {
    orders.push_back(order(keeper.text("of " + std::string(i.value))));
    orders.back().customer = i;
  }
  must_import(ledger, file("a"), orders);
  const auto customers = [&] {
    std::vector<IdentityRef> result;
    for (const Read& r : read_orders(ledger, keeper)) result.push_back(r.customer);
    return result;
  };
  EXPECT_EQ(customers(), (std::vector<IdentityRef>{a, b, c}));
  ASSERT_TRUE(ledger.merge(c, b).has_value());
  EXPECT_EQ(customers(), (std::vector<IdentityRef>{a, b, b}));
  ASSERT_TRUE(ledger.merge(a, c).has_value());
  EXPECT_EQ(customers(), (std::vector<IdentityRef>{a, a, a}));
  const auto revision = ledger.revision().value();
  EXPECT_TRUE(ledger.merge(c, a).has_value()) << "once more is nothing more";
  EXPECT_EQ(ledger.revision().value(), revision);
  ASSERT_TRUE(ledger.unmerge(b, c).has_value());
  EXPECT_EQ(customers(), (std::vector<IdentityRef>{a, b, a}));
  ASSERT_TRUE(ledger.unmerge(a, c).has_value());
  EXPECT_EQ(customers(), (std::vector<IdentityRef>{a, b, c}));
  EXPECT_EQ(ledger.unmerge(a, c).error().code, Errc::kConflict);
  EXPECT_EQ(ledger.merge(a, a).error().code, Errc::kConflict);
  EXPECT_EQ(ledger.merge(a, nobody).error().code, Errc::kNotFound);
}

// ---- Imports and undos against a model

struct ModelImport {
  std::size_t file = 0;
  calendar::Instant received;
  std::optional<ImportId> repeats;
  bool undone = false;
};

bool same_state(const OrderState& x, const OrderState& y) {
  return x.refund_steps == y.refund_steps && equal(x.order, y.order);
}

// What stands when only the imports that were not taken back had ever been made, in their order; a file imported again
// while it stands holds the place of the first.
std::map<std::string, OrderState> expected_states(const std::map<ImportId, ModelImport>& imports,
                                                  const std::vector<std::vector<OrderAssertion>>& files) {
  std::map<ImportId, const ModelImport*> live;  // by the place they hold
  for (const auto& [id, i] : imports) {
    if (!i.undone) live.emplace(i.repeats.value_or(id), &imports.at(i.repeats.value_or(id)));
  }
  std::map<std::string, std::vector<StatedOrder>> said;
  Seq seq = 0;
  for (const auto& [place, import] : live) {
    for (const OrderAssertion& o : files[import->file]) {
      said[std::string(o.order_id)].push_back({o, import->received, ++seq});
    }
  }
  std::map<std::string, OrderState> states;
  for (const auto& [id, statements] : said) states[id] = settle(statements);
  return states;
}

std::map<std::string, OrderState> states_of(const Ledger& ledger, Keeper& keeper) {
  std::map<std::string, std::vector<StatedOrder>> said;
  for (const Read& r : read_orders(ledger, keeper)) {
    said[std::string(r.order.order_id)].push_back({r.order, r.received, r.seq});
  }
  std::map<std::string, OrderState> states;
  for (const auto& [id, statements] : said) states[id] = settle(statements);
  return states;
}

RC_GTEST_PROP(Ledger, AfterAnyImportsAndUndosItIsAsIfOnlyTheRestHadBeenMade, ()) {
  const TemporaryFolder t;
  Keeper keeper;
  std::vector<std::vector<OrderAssertion>> files;
  for (auto n = 2 + below(4); n > 0; --n) {
    auto& rows = files.emplace_back();
    for (auto m = 1 + below(8); m > 0; --m) {
      // A row of an earlier file, or one of its own.
      if (files.size() > 1 && one_in(2)) {
        const auto& other = files[static_cast<std::size_t>(below(std::int64_t(files.size()) - 1))];
        rows.push_back(other[static_cast<std::size_t>(below(std::int64_t(other.size())))]);
      } else {
        rows.push_back(any_order(keeper, 3));
      }
    }
  }
  auto ledger = make(t / "data", false, environment(1, FaultyDisk::vfs()));
  std::map<ImportId, ModelImport> model;
  for (auto steps = 2 + below(10); steps > 0; --steps) {
    const auto what = below(12);
    const auto f = static_cast<std::size_t>(below(std::int64_t(files.size())));
    if (what < 7 || model.empty()) {
      const auto row = import(ledger, file(std::to_string(f)), files[f]);
      RC_ASSERT(row.has_value());
      model[row->id] = {f, row->received, row->repeats, false};
      RC_ASSERT(row->rows == files[f].size());
      RC_ASSERT(row->added + row->changed + row->repeated == row->rows);
    } else if (what < 10) {
      auto it = std::next(model.begin(), below(std::int64_t(model.size())));
      const auto undone = ledger.undo_import(it->first);
      RC_ASSERT(undone.has_value() == !it->second.undone);
      it->second.undone = true;
    } else if (what == 10) {
      auto writer = ledger.begin_import(file("other"));
      RC_ASSERT(writer.has_value());
      for (const auto& o : files[f]) RC_ASSERT(writer->add(o).has_value());
      if (one_in(2)) RC_ASSERT(writer->abort().has_value());
    } else {
      {
        Ledger closed = std::move(ledger);
      }
      ledger =
          reopen(t / "data", Access::kWrite, environment(static_cast<std::uint64_t>(below(1000)), FaultyDisk::vfs()));
    }
    const auto expected = expected_states(model, files);
    const auto got = states_of(ledger, keeper);
    RC_ASSERT(got.size() == expected.size());
    for (const auto& [id, state] : expected) {
      RC_ASSERT(got.contains(id));
      OrderState mine = got.at(id), theirs = state;
      mine.order.line = theirs.order.line;
      RC_ASSERT(same_state(mine, theirs));
    }
  }
}

}  // namespace
}  // namespace behoud::ledger
