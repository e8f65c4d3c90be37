// A reading that goes by the first rows gives what a survey and then a reading give: the same orders in the same order,
// the same facts, the same error. That is held against the two passes themselves, over files whose later rows are odd
// in every way that a survey looks for.

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "ingest/orders_for_tests.h"

namespace behoud::ingest {
namespace {

class Startable final : public OrderSink {
 public:
  Result<void> order(const ledger::OrderAssertion& o) override {
    if (seen->orders.size() == fail_at) return fail(Errc::kUnavailable, "the disk is full");
    return seen->order(o);
  }
  Result<void> refund(const LooseRefund& r) override { return seen->refund(r); }
  bool start_over() override {
    ++starts;
    seen.emplace();
    return true;
  }
  std::optional<Collect> seen{std::in_place};
  int starts = 0;  // 1: read at once; 2: and then in two passes
  std::size_t fail_at = static_cast<std::size_t>(-1);
};

std::string shown(const Place& p) { return p.file + ":" + std::to_string(p.line) + ":" + p.column; }

// All that a reading tells beside its orders, as text.
std::string shown(const Result<ReadFacts>& read) {
  if (!read) {
    const Error& e = read.error();
    return "error " + std::to_string(static_cast<int>(e.code)) + " " + e.message + " | " + e.hint + " | " +
           shown(e.place);
  }
  const auto day = [](const std::optional<calendar::Day>& d) { return d ? std::to_string(d->number) : "-"; };
  std::string out = std::to_string(read->rows) + " rows " + std::to_string(read->orders) + " orders " +
                    std::to_string(read->rejected_count) + " rejected " + read->currency.code() + " " +
                    day(read->first_day) + " to " + day(read->last_day);
  for (const FileShape& f : read->files) {
    out += "\nfile " + f.file + " " + f.date_format + " " + f.decimal_mark + " " + std::to_string(f.title_rows) + " " +
           std::to_string(f.total_rows) + " " + f.fingerprint;
  }
  for (const BridgeStep& s : read->bridge) {
    out += "\n" + s.name + " " + s.reason + " " + s.detail + " " + std::to_string(s.count) + " " +
           std::to_string(s.minor) + " on";
    for (const std::uint64_t line : s.lines) out += " " + std::to_string(line);
  }
  for (const Rejected& r : read->rejected) out += "\n" + r.reason + " " + shown(r.place) + " " + r.excerpt;
  for (const Notice& n : read->notices) {
    out += "\n" + n.key + " " + std::to_string(n.count);
    for (const auto& [name, value] : n.args) out += " " + name + "=" + value;
  }
  return out;
}

// Reads it both ways; whether reading it at once sufficed.
bool same_both_ways(const MemoryTable& table, std::uint64_t head_rows,
                    std::size_t fail_at = static_cast<std::size_t>(-1)) {
  const OpenFile file{{&table}};
  Startable twice, once;
  twice.fail_at = once.fail_at = fail_at;
  const auto slow = read_order_tables({&file, 1}, test_options(), twice, {.from_bytes = UINT64_MAX});
  const auto fast = read_order_tables({&file, 1}, test_options(), once, {.from_bytes = 0, .head_rows = head_rows});
  EXPECT_EQ(twice.starts, 0);
  EXPECT_EQ(shown(fast), shown(slow));
  EXPECT_TRUE(once.seen->orders == twice.seen->orders);
  EXPECT_TRUE(once.seen->refunds == twice.seen->refunds);
  return once.starts == 1;
}

const std::string kHeader = "order_id,customer,date,amount,total,item,status\n";
std::string sound_rows(int first, int last) {
  std::string out;
  for (int i = first; i <= last; ++i) {
    const std::string n = std::to_string(i);
    out += n + ",c" + std::to_string(i % 7) + ",2024-02-" + (i % 28 < 9 ? "0" : "") + std::to_string(i % 28 + 1) +
           " 10:00:00," + std::to_string(i % 50) + ".50," + std::to_string(i % 50) + ".75,thing,paid\n";
  }
  return out;
}

TEST(OnePass, ASoundFileIsReadAtOnce) {
  EXPECT_TRUE(same_both_ways(MemoryTable::of(kHeader + sound_rows(100, 180)), 10));
  EXPECT_TRUE(same_both_ways(MemoryTable::of("My shop\n\n" + kHeader + sound_rows(100, 180)), 10)) << "a title";
}

TEST(OnePass, OddRowsThatChangeNothingAreReadAtOnce) {
  for (const char* odd : {",,,,,,\n", "Total,,,9.00,,,\n", "131,c1,some day,5.00,5.00,x,paid\n", "131,c1,2024-03-01\n",
                          ",c1,2024-03-01,5.00,5.00,x,paid\n", "131,c1,2024-03-01,-5.00,-5.00,x,paid\n",
                          "131,,2024-03-01,5.00,5.00,x,paid\n", ",,,,,further,\n"}) {
    EXPECT_TRUE(same_both_ways(MemoryTable::of(kHeader + sound_rows(100, 130) + odd + sound_rows(140, 180)), 10))
        << odd;
  }
}

TEST(OnePass, WhatTheFirstRowsDoNotTellIsReadAgain) {
  const std::string before = kHeader + sound_rows(100, 150), behind = sound_rows(160, 170);
  for (const std::string& odd : {
           std::string("150,c3,2024-02-11 10:00:00,1.00,2.00,thing,paid\n"),  // a second row
           std::string("120,c1,2024-02-11 10:00:00,1.00,2.00,thing,paid\n"),  // rows that lie apart
           std::string(",,,5.00,,,\n")                                        // money alone, perhaps of the order above
       }) {
    EXPECT_FALSE(same_both_ways(MemoryTable::of(before + odd + behind), 10)) << odd;
  }
  EXPECT_FALSE(same_both_ways(MemoryTable::of(before + behind + ",,,99.00,,,\n"), 10)) << "a total without a word";
}

TEST(OnePass, FormsThatTheWholeColumnContradictsAreReadAgain) {
  MemoryTable::Rows dates{{"order_id", "customer", "date", "amount"}}, marks = dates, midnights = dates;
  for (int i = 100; i < 1300; ++i) {
    const std::string id = std::to_string(1000 + i), day = std::to_string(i % 12 + 1);
    // Days that may be months, until one cannot be.
    dates.push_back({id, "c1", i < 1200 ? "13/" + day + "/2024" : day + "/13/2024", "5.00"});
    marks.push_back({id, "c1", "2024-01-05", i < 300 ? "5.50" : "5,50"});
    midnights.push_back({id, "c1", i < 1200 ? "2024-01-05 00:00" : "2024-01-05 10:30", "5.00"});
  }
  EXPECT_FALSE(same_both_ways(MemoryTable(dates, 100), 50));
  EXPECT_FALSE(same_both_ways(MemoryTable(marks, 100), 50));
  EXPECT_FALSE(same_both_ways(MemoryTable(midnights, 100), 50));
  midnights.resize(1000);
  EXPECT_TRUE(same_both_ways(MemoryTable(midnights, 100), 50));
}

TEST(OnePass, AnErrorOfTheSinkIsTheSame) {
  const auto table = MemoryTable::of(kHeader + sound_rows(100, 180));
  EXPECT_FALSE(same_both_ways(table, 10, 0));
  EXPECT_FALSE(same_both_ways(table, 10, 40));
}

TEST(OnePass, ASinkThatCannotStartOverIsNotToldTwice) {
  const auto table = MemoryTable::of(kHeader + sound_rows(100, 180) + ",,,9.00,,,\n");
  const OpenFile file{{&table}};
  Collect plain;
  ASSERT_TRUE(read_order_tables({&file, 1}, test_options(), plain, {.from_bytes = 0, .head_rows = 5}).has_value());
  EXPECT_EQ(plain.orders.size(), 81U);
}

// Rows of ids that ascend, with what may go wrong strewn in.
RC_GTEST_PROP(OnePass, GivesWhatTwoPassesGive, ()) {
  const auto below = [](int n) { return *rc::gen::inRange(0, n); };
  const int oddity = *rc::gen::element(0, 8, 40);  // about one row in so many is odd
  const bool several = below(3) == 0, comma = below(6) == 0, ids = below(12) > 0;
  const int dates = below(4);
  std::string text = below(8) == 0 ? "Export of my shop\n" : "";
  text += ids ? "order_id," : "reference,";
  text += "customer,email,order_date,updated_at,amount,order_total,quantity,item,currency,status\n";
  int id = 95;
  const int rows = below(60) + 6;
  for (int i = 0; i < rows; ++i) {
    const bool odd = oddity > 0 && below(oddity) == 0;
    const auto strange = [&](int one_in) { return odd && below(one_in) == 0; };
    const bool same = several && below(3) == 0;
    if (!same && !strange(4)) ++id;
    if (strange(12)) id -= 3;
    std::string date, amount = std::to_string(below(5000) / 10);
    const std::string day = std::to_string(below(28) + 1), month = std::to_string(below(12) + 1);
    switch (dates) {
      case 0:
        date = "2024-0" + std::to_string(below(9) + 1) + "-1" + std::to_string(below(10));
        break;
      case 1:
        date = day + "-" + month + "-2024";
        break;
      case 2:
        date = "2024-02-1" + std::to_string(below(10)) + (below(30) == 0 ? " 10:15" : " 00:00");
        break;
      default:
        date = month + "/" + day + "/24";
        break;
    }
    if (below(3) > 0) amount += (comma != strange(5) ? ",50" : ".50");
    std::string updated = below(2) == 0 ? "2024-05-01" : "";
    std::string customer = "c" + std::to_string(id % 6), status = below(4) == 0 ? "pending" : "paid";
    std::string name = std::to_string(id);
    if (strange(6)) name.clear();
    if (strange(6)) date = *rc::gen::element<std::string>("", "soon", "2024-13-45", "2099-01-01");
    if (strange(6)) customer.clear();
    if (strange(6)) amount = *rc::gen::element<std::string>("", "free", "-4.00", "USD 3.00", "1.234");
    if (strange(9)) name = *rc::gen::element<std::string>("Total", "#" + name, "0" + name, " " + name);
    if (strange(9)) customer = "Totaal";
    if (strange(9)) updated = "31.12.2024";
    const std::string total = below(9) == 0 ? "" : amount;
    std::string row = name;
    for (const std::string& cell :
         {customer, "C" + customer + "@Example.com", date, updated, amount, total, std::to_string(below(3)),
          std::string("thing"), std::string(strange(6) ? "USD" : "EUR"), status}) {
      row += "|" + cell;
    }
    if (strange(9)) row = "||||||9.00|||";
    if (strange(9)) row = "||||||||further||";
    if (strange(9)) row = "|||";
    text += row + "\n";
  }
  // Cells at bars, for amounts have commas.
  std::vector<std::vector<std::string>> cells;
  std::size_t line_begin = 0;
  bool header = true;
  while (line_begin < text.size()) {
    const std::size_t end = text.find('\n', line_begin);
    std::vector<std::string> row(1);
    for (const char c : text.substr(line_begin, end - line_begin)) {
      if (c == (header ? ',' : '|')) {
        row.emplace_back();
      } else {
        row.back() += c;
      }
    }
    header = header && row.size() == 1;
    cells.push_back(std::move(row));
    line_begin = end + 1;
  }
  const MemoryTable table(cells, static_cast<std::size_t>(below(20) + 1));
  const bool at_once = same_both_ways(table, static_cast<std::uint64_t>(below(rows)) + 1);
  RC_CLASSIFY(at_once);
  RC_ASSERT(!::testing::Test::HasFailure());
}

}  // namespace
}  // namespace behoud::ingest
