// Reading a few rows gives what reading all of them gives for those.

#include <set>

#include <gtest/gtest.h>

#include "ledger/internal/testing.h"
#include "ledger/ledger.h"

namespace behoud::ledger {
namespace {

using testing::environment;
using testing::TemporaryFolder;

struct Said {
  Seq seq;
  std::string order, customer, email, item;
  std::int64_t gross;
  friend bool operator==(const Said&, const Said&) = default;
};

struct Mentioned {
  bool counts;
  std::string customer, order;
  friend bool operator==(const Mentioned&, const Mentioned&) = default;
};

class RowsAt : public ::testing::Test {
 protected:
  RowsAt() {
    ledger_ = std::make_unique<Ledger>(
        std::move(*Ledger::open(std::move(*DataFolder::create(folder_ / "shop", false, environment())))));
    for (int import = 0; import < 3; ++import) {
      auto writer = ledger_->begin_import({.kind = ImportKind::kOrders,
                                           .file_name = "f",
                                           .source = "",
                                           .sha256 = std::to_string(import),
                                           .options = ""});
      for (int i = 0; i < 5; ++i) {
        const std::string n = std::to_string(import * 10 + i), email = "p" + n + "@example.com";
        const OrderLine lines[] = {{"skua", "", 1000, 100}, {n, "name", 2000, 50}};
        OrderAssertion o;
        o.order_id = n;
        o.customer = {IdentitySpace::kCustomerId, n};
        o.email = email;
        o.placed = calendar::Moment{{1'700'000'000'000 + i}, false};
        o.gross_minor = 100 + i;
        if (i % 2 == 0) o.lines = lines;
        EXPECT_TRUE(writer->add(o).has_value());
      }
      EXPECT_TRUE(writer->commit().has_value());
    }
    EXPECT_TRUE(ledger_->merge({IdentitySpace::kCustomerId, "0"}, {IdentitySpace::kCustomerId, "22"}).has_value());
    EXPECT_TRUE(ledger_->undo_import(2).has_value());
  }
  static Said said(const StoredOrder& o) {
    return {o.seq,
            std::string(o.order.order_id),
            std::string(o.customer.value),
            std::string(o.order.email),
            o.order.lines.empty() ? "" : std::string(o.order.lines.back().item),
            o.order.gross_minor.value_or(0)};
  }
  TemporaryFolder folder_;
  std::unique_ptr<Ledger> ledger_;
};

TEST_F(RowsAt, AreThoseOfAllThatCount) {
  std::vector<Said> all;
  std::vector<Seq> seqs;
  const auto whole = ledger_->snapshot();
  ASSERT_TRUE(whole->orders([&](const StoredOrder& o) -> Result<void> {
    all.push_back(said(o));
    return {};
  }));
  ASSERT_EQ(all.size(), 10U) << "those of the import that was taken back do not count";
  for (Seq seq = 1; seq < all.back().seq + 1000; ++seq) seqs.push_back(seq);
  // Every row there is or is not; each alone; and every other of them, from a snapshot that has read nothing yet.
  const auto few = ledger_->snapshot();
  std::vector<Said> found;
  const auto take = [&](const StoredOrder& o) -> Result<void> {
    found.push_back(said(o));
    return {};
  };
  ASSERT_TRUE(few->orders_at(seqs, take));
  EXPECT_EQ(found, all);
  for (const Said& one : all) {
    found.clear();
    const Seq only[] = {one.seq};
    ASSERT_TRUE(few->orders_at(only, take));
    EXPECT_EQ(found, std::vector<Said>{one});
  }
  EXPECT_EQ(all[7].order, "22");
  EXPECT_EQ(all[7].customer, "0") << "merged: one customer";
  found.clear();
  ASSERT_TRUE(few->orders_at({}, take));
  EXPECT_TRUE(found.empty());
  // What comes after is read whole again.
  found.clear();
  ASSERT_TRUE(few->orders(take));
  EXPECT_EQ(found, all);
}

TEST_F(RowsAt, WhatAnImportBroughtIsReadByItself) {
  auto writer = ledger_->begin_import(
      {.kind = ImportKind::kOrders, .file_name = "f", .source = "", .sha256 = "again", .options = ""});
  const auto order = [](std::string_view id, std::int64_t at, std::int64_t gross) {
    OrderAssertion o;
    o.order_id = o.customer.value = id;
    o.customer.space = IdentitySpace::kCustomerId;
    o.placed = calendar::Moment{{at}, false};
    o.gross_minor = gross;
    return o;
  };
  ASSERT_TRUE(writer->add(order("40", 1'700'000'000'000, 1)));
  const auto row = writer->commit();
  ASSERT_TRUE(row.has_value());
  const auto snapshot = ledger_->snapshot();
  const auto ids_in = [&](const std::vector<Snapshot::Stretch>& stretches) {
    std::vector<std::string> ids;
    EXPECT_TRUE(snapshot->orders_in(stretches, [&](const StoredOrder& o) -> Result<void> {
      ids.emplace_back(o.order.order_id);
      return {};
    }));
    return ids;
  };
  const auto first = snapshot->brought_by(1), second = snapshot->brought_by(2), last = snapshot->brought_by(row->id);
  ASSERT_TRUE(first.has_value() && second.has_value() && last.has_value());
  EXPECT_EQ(ids_in({*first}), (std::vector<std::string>{"0", "1", "2", "3", "4"}));
  EXPECT_EQ(ids_in({*second}), std::vector<std::string>{}) << "it was taken back";
  EXPECT_EQ(ids_in({*first, *last}), (std::vector<std::string>{"0", "1", "2", "3", "4", "40"}));
  EXPECT_EQ(ids_in({}), std::vector<std::string>{});
  const auto nothing = snapshot->brought_by(99);
  ASSERT_TRUE(nothing.has_value());
  EXPECT_LT(nothing->last, nothing->first);
}

TEST_F(RowsAt, WhomRowsSpeakOfIsKnownWhetherTheyCountOrNot) {
  const auto snapshot = ledger_->snapshot();
  std::vector<Mentioned> found;
  std::vector<Seq> seqs;
  const auto take = [&](const Snapshot::Mention& m) -> Result<void> {
    found.push_back({m.counts, std::string(m.customer.value), std::string(m.order_id)});
    seqs.push_back(m.seq);
    return {};
  };
  const Snapshot::Stretch back[] = {snapshot->brought_by(2).value()}, third[] = {snapshot->brought_by(3).value()};
  ASSERT_TRUE(snapshot->mentions_in(Snapshot::Said::kOrder, back, take));
  EXPECT_EQ(
      found,
      (std::vector<Mentioned>{
          {false, "10", "10"}, {false, "11", "11"}, {false, "12", "12"}, {false, "13", "13"}, {false, "14", "14"}}));
  found.clear();
  const std::vector<Seq> again = seqs;
  ASSERT_TRUE(snapshot->mentions_at(Snapshot::Said::kOrder, std::span(again).first(1), take));
  EXPECT_EQ(found, (std::vector<Mentioned>{{false, "10", "10"}}));
  found.clear();
  ASSERT_TRUE(snapshot->mentions_in(Snapshot::Said::kOrder, third, take));
  ASSERT_EQ(found.size(), 5U);
  EXPECT_EQ(found[2], (Mentioned{true, "0", "22"})) << "merged: one customer";
  found.clear();
  for (const auto what : {Snapshot::Said::kRefund, Snapshot::Said::kCustomer, Snapshot::Said::kEvent}) {
    ASSERT_TRUE(snapshot->mentions_in(what, back, take));
  }
  EXPECT_TRUE(found.empty()) << "there are none of those";
}

// A restated event stands in the place of the first as long as anybody says it, whatever became of who said it first.
TEST_F(RowsAt, AnEventThatWasRestatedIsOneEventWhoeverStillSaysIt) {
  const auto import = [this](std::string_view kind, const char* sha) {
    auto writer = ledger_->begin_import(
        {.kind = ImportKind::kEvents, .file_name = "f", .source = "", .sha256 = sha, .options = ""});
    EventRecord e;
    e.message_id = "m";
    e.customer = {IdentitySpace::kCustomerId, "1"};
    e.kind = kind;
    e.at = {{1'700'000'000'000}, false};
    EXPECT_TRUE(writer->add(e).has_value());
    return writer->commit()->id;
  };
  import("Product Viewed", "one");
  const auto second = import("Product Added", "two");
  import("Product Added", "three");
  ASSERT_TRUE(ledger_->undo_import(second).has_value());
  std::vector<std::string> kinds;
  const auto snapshot = ledger_->snapshot();
  ASSERT_TRUE(snapshot->events([&](const EventRecord& e, IdentityRef, Seq) -> Result<void> {
    kinds.emplace_back(e.kind);
    return {};
  }));
  EXPECT_EQ(kinds, std::vector<std::string>{"Product Added"});
}

TEST_F(RowsAt, WhoBecameAnotherByMergesIsToldByWhatTheyWereAndAre) {
  const auto revision = [this] { return ledger_->snapshot()->revision(); };
  const auto id = [](std::string_view value) { return IdentityRef{IdentitySpace::kCustomerId, value}; };
  const auto since = [this](std::int64_t then) {
    std::vector<std::string> out;
    const auto snapshot = ledger_->snapshot();
    const auto names = snapshot->regrouped_since(then);
    for (const auto& name : *names) out.push_back(name.value);
    return out;
  };
  using Names = std::vector<std::string>;
  EXPECT_EQ(since(0), (Names{"0", "22"}));
  const auto before = revision();
  EXPECT_EQ(since(before), Names{});
  ASSERT_TRUE(ledger_->merge(id("1"), id("2")));
  EXPECT_EQ(since(before), (Names{"1", "2"}));
  const auto pair = revision();
  ASSERT_TRUE(ledger_->merge(id("2"), id("22")));
  EXPECT_EQ(since(pair), (Names{"0", "1"})) << "two customers became one";
  EXPECT_EQ(since(before), (Names{"0", "1", "2"}));
  const auto chain = revision();
  ASSERT_TRUE(ledger_->unmerge(id("1"), id("2")));
  EXPECT_EQ(since(chain), (Names{"0", "1"})) << "2 went with 22, which is 0";
  ASSERT_TRUE(ledger_->merge(id("1"), id("2")));
  EXPECT_EQ(since(chain), Names{}) << "it came to nothing";
}

TEST_F(RowsAt, RowsThatAnImportSaysAgainAreItsToo) {
  std::vector<Seq> seqs;
  auto before = ledger_->snapshot();
  ASSERT_TRUE(before->orders([&](const StoredOrder& o) -> Result<void> {
    seqs.push_back(o.seq);
    return {};
  }));
  const OrderLine lines[] = {{"skua", "", 1000, 100}, {"2", "name", 2000, 50}};
  OrderAssertion o;
  o.order_id = "2";
  o.customer = {IdentitySpace::kCustomerId, "2"};
  o.email = "p2@example.com";
  o.placed = calendar::Moment{{1'700'000'000'002}, false};
  o.gross_minor = 102;
  o.lines = lines;
  auto writer = ledger_->begin_import(
      {.kind = ImportKind::kOrders, .file_name = "f", .source = "", .sha256 = "again", .options = ""});
  ASSERT_TRUE(writer->add(o));
  const auto row = writer->commit();
  ASSERT_TRUE(row.has_value());
  EXPECT_EQ(row->repeated, 1U);
  const auto again = ledger_->snapshot()->said_again_by(row->id);
  ASSERT_TRUE(again.has_value());
  EXPECT_EQ(*again, (std::vector<Snapshot::Stretch>{{seqs[2], seqs[2]}}));
  EXPECT_TRUE(ledger_->snapshot()->said_again_by(1)->empty());
}

TEST_F(RowsAt, AnErrorOfTheReaderStopsIt) {
  const auto snapshot = ledger_->snapshot();
  std::vector<Seq> seqs;
  ASSERT_TRUE(snapshot->orders([&](const StoredOrder& o) -> Result<void> {
    seqs.push_back(o.seq);
    return {};
  }));
  int calls = 0;
  const auto stopped = snapshot->orders_at(seqs, [&](const StoredOrder&) -> Result<void> {
    ++calls;
    return fail(Errc::kOutOfRange, "enough");
  });
  ASSERT_FALSE(stopped.has_value());
  EXPECT_EQ(stopped.error().message, "enough");
  EXPECT_EQ(calls, 1);
}

}  // namespace
}  // namespace behoud::ledger
