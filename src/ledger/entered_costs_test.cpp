// Costs that people enter, the rows that an import could not read, and changes of settings that two people make at
// once.

#include <filesystem>
#include <map>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "ledger/internal/testing.h"
#include "ledger/ledger.h"

namespace behoud::ledger {
namespace {

using namespace testing;
using calendar::Day;

Ledger make(const TemporaryFolder& t) {
  auto folder = DataFolder::create(t / "data", false, environment());
  return Ledger::open(std::move(*folder)).value();
}

CostRecord cost(std::int64_t minor, const std::string& note = "") {
  CostRecord c;
  c.from = Day{18'600};
  c.to = Day{18'601};
  c.amount = {minor, money::Currency::parse("EUR").value()};
  c.kind = "marketing";
  c.note = note;
  return c;
}

std::map<std::string, std::int64_t> standing(const Ledger& ledger) {
  std::map<std::string, std::int64_t> out;
  const Snapshot snapshot = ledger.snapshot().value();
  const auto stored = snapshot.stored_costs().value();
  for (const StoredCost& c : stored) out[c.id] += c.cost.amount.minor;
  EXPECT_EQ(snapshot.costs()->size(), stored.size());
  return out;
}

TEST(EnteredCost, StandsUntilItIsRestatedOrTakenAway) {
  const TemporaryFolder t;
  Ledger ledger = make(t);
  const std::int64_t before = ledger.revision().value();
  ASSERT_TRUE(ledger.enter_cost("a", cost(100, "flyers")).has_value());
  EXPECT_GT(ledger.revision().value(), before);
  const Snapshot earlier = ledger.snapshot().value();
  ASSERT_TRUE(ledger.enter_cost("b", cost(7)).has_value());
  ASSERT_TRUE(ledger.restate_cost("a", cost(120)).has_value());
  EXPECT_EQ(standing(ledger), (std::map<std::string, std::int64_t>{{"a", 120}, {"b", 7}}));
  ASSERT_TRUE(ledger.take_cost_away("b").has_value());
  EXPECT_EQ(standing(ledger), (std::map<std::string, std::int64_t>{{"a", 120}}));
  const auto then = earlier.stored_costs().value();
  ASSERT_EQ(then.size(), 1U) << "a snapshot keeps to its revision";
  EXPECT_EQ(then[0].cost, cost(100, "flyers"));
  EXPECT_EQ(then[0].import, 0U);
  EXPECT_TRUE(ledger.imports()->empty()) << "a cost that is entered is no import";
}

TEST(EnteredCost, DoneTwiceIsDoneOnce) {
  const TemporaryFolder t;
  Ledger ledger = make(t);
  ASSERT_TRUE(ledger.enter_cost("a", cost(100)).has_value());
  const std::int64_t revision = ledger.revision().value();
  EXPECT_TRUE(ledger.enter_cost("a", cost(100)).has_value());
  EXPECT_TRUE(ledger.restate_cost("a", cost(100)).has_value());
  EXPECT_EQ(ledger.revision().value(), revision) << "nothing has changed";
  ASSERT_TRUE(ledger.take_cost_away("a").has_value());
  const std::int64_t taken = ledger.revision().value();
  EXPECT_TRUE(ledger.take_cost_away("a").has_value());
  EXPECT_EQ(ledger.revision().value(), taken);
}

TEST(EnteredCost, RefusesWhatHasNoMeaning) {
  const TemporaryFolder t;
  Ledger ledger = make(t);
  ASSERT_TRUE(ledger.enter_cost("a", cost(100)).has_value());
  EXPECT_EQ(ledger.enter_cost("a", cost(101)).error().code, Errc::kConflict) << "the id is another cost's";
  EXPECT_EQ(ledger.restate_cost("b", cost(1)).error().code, Errc::kNotFound);
  EXPECT_EQ(ledger.take_cost_away("b").error().code, Errc::kNotFound);
  EXPECT_EQ(ledger.enter_cost("", cost(1)).error().code, Errc::kInvalidArgument);
  CostRecord backwards = cost(1);
  backwards.to = backwards.from;
  EXPECT_EQ(ledger.enter_cost("c", backwards).error().code, Errc::kInvalidArgument);
  ASSERT_TRUE(ledger.take_cost_away("a").has_value());
  EXPECT_EQ(ledger.enter_cost("a", cost(100)).error().code, Errc::kConflict) << "a late repeat brings nothing back";
  EXPECT_EQ(ledger.restate_cost("a", cost(100)).error().code, Errc::kNotFound);
}

RC_GTEST_PROP(EnteredCost, WhatStandsIsTheNewestStatementOfEachId, ()) {
  const TemporaryFolder t;
  Ledger ledger = make(t);
  std::map<std::string, std::int64_t> model;
  std::map<std::string, bool> used;
  const int steps = *rc::gen::inRange(1, 20);
  for (int i = 0; i < steps; ++i) {
    const std::string id(1, static_cast<char>('a' + *rc::gen::inRange(0, 3)));
    const std::int64_t amount = *rc::gen::inRange(1, 4);
    switch (*rc::gen::inRange(0, 3)) {
      case 0: {
        const bool ok = ledger.enter_cost(id, cost(amount)).has_value();
        const bool again = model.contains(id) && model[id] == amount;
        RC_ASSERT(ok == (!used[id] || again));
        if (ok) model[id] = amount;
        used[id] = true;
        break;
      }
      case 1:
        RC_ASSERT(ledger.restate_cost(id, cost(amount)).has_value() == model.contains(id));
        if (model.contains(id)) model[id] = amount;
        break;
      default:
        RC_ASSERT(ledger.take_cost_away(id).has_value() == used[id]);
        model.erase(id);
    }
  }
  RC_ASSERT(standing(ledger) == model);
}

TEST(RejectedRows, AreKeptWithTheImportAndGivenForItsRepeats) {
  const TemporaryFolder t;
  Ledger ledger = make(t);
  ImportMeta meta;
  meta.kind = ImportKind::kCosts;
  meta.file_name = meta.sha256 = "costs.csv";
  const std::vector<RejectedRow> rows{{"costs.csv", 7, "amount", "ingest.reject.amount", "much"},
                                      {"costs.csv", 9, "", "ingest.reject.width", ""}};
  {
    auto import = ledger.begin_import(meta);
    import->keep_rejected(rows);
    ASSERT_TRUE(import->abort().has_value());
  }
  EXPECT_EQ(ledger.rejected_rows(1).error().code, Errc::kNotFound) << "given up, it left nothing";
  auto import = ledger.begin_import(meta);
  import->keep_rejected(rows);
  const ImportId first = import->commit()->id;
  auto again = ledger.begin_import(meta);
  const ImportId second = again->commit()->id;
  EXPECT_EQ(ledger.rejected_rows(first).value(), rows);
  EXPECT_EQ(ledger.rejected_rows(second).value(), rows) << "the very same file";
  EXPECT_EQ(ledger.rejected_rows(99).error().code, Errc::kNotFound);
}

TEST(RejectedRows, AreCountedWithTheirImport) {
  const TemporaryFolder t;
  Ledger ledger = make(t);
  const auto import = [&](const std::string& file, std::size_t rejected, bool dry_run = false) {
    ImportMeta meta;
    meta.kind = ImportKind::kCosts;
    meta.file_name = meta.sha256 = file;
    meta.dry_run = dry_run;
    auto writer = ledger.begin_import(meta);
    writer->keep_rejected(std::vector<RejectedRow>(rejected, {file, 1, "", "", ""}));
    return writer->commit().value();
  };
  EXPECT_EQ(import("tried.csv", 4, true).rejected, 4U);
  EXPECT_EQ(import("none.csv", 0).rejected, 0U);
  EXPECT_EQ(import("three.csv", 3).rejected, 3U);
  EXPECT_EQ(import("three.csv", 0).rejected, 3U) << "the very same file was not read again";
  EXPECT_EQ(import("three.csv", 0, true).rejected, 3U);
  EXPECT_EQ(import("one.csv", 1).rejected, 1U);
  EXPECT_EQ(ledger.undo_import(2)->rejected, 3U);
  const auto counted = [&](const std::vector<ImportRow>& imports) {
    std::string out;
    for (const ImportRow& row : imports) {
      EXPECT_EQ(row.rejected, ledger.rejected_rows(row.id)->size()) << row.id;
      out += std::to_string(row.rejected) + " ";
    }
    return out;
  };
  EXPECT_EQ(counted(ledger.imports().value()), "0 3 3 1 ");
  EXPECT_EQ(counted(ledger.snapshot()->imports()), "0 3 3 1 ");
}

TEST(SettingsRevision, ChangedByTwoAtOnceIsRefusedToTheSecond) {
  const TemporaryFolder t;
  Ledger ledger = make(t);
  const std::int64_t seen = ledger.settings_revision().value();
  SettingsChange first;
  first.window_days = 90;
  ASSERT_TRUE(ledger.change(first, seen).has_value());
  SettingsChange second;
  second.window_days = 120;
  EXPECT_EQ(ledger.change(second, seen).error().code, Errc::kConflict);
  EXPECT_EQ(ledger.settings()->window_days, 90);
  // What is no setting is no reason to refuse.
  ASSERT_TRUE(ledger.enter_cost("a", cost(1)).has_value());
  EXPECT_TRUE(ledger.change(second, ledger.settings_revision().value()).has_value());
  EXPECT_EQ(ledger.settings()->window_days, 120);
}

}  // namespace
}  // namespace behoud::ledger
