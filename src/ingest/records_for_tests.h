#pragma once

// Tests' view of the small tables: records as one line of text each, so that what was read is seen at a glance, in
// tests and in testdata/tables/.

#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include <unistd.h>

#include "ingest/orders_for_tests.h"
#include "ingest/record_reader.h"
#include "ingest/records.h"

namespace behoud::ingest {

namespace describing {

inline std::string text(calendar::Day day) { return calendar::to_string(day); }
inline std::string text(calendar::Moment at) {
  if (!at.date_only) return calendar::to_string(at.at);
  return calendar::to_string(calendar::Day{static_cast<std::int32_t>(at.at.ms / calendar::kMsPerDay)});
}
inline std::string text(money::Money m) {
  return money::to_decimal(m.minor, m.currency.exponent()) + " " + m.currency.code();
}
inline std::string text(bool flag) { return flag ? "yes" : "no"; }
inline std::string text(std::uint32_t n) { return std::to_string(n); }
inline std::string text(ledger::IdentitySpace space, std::string_view value) {
  static constexpr std::string_view kSpaces[] = {"none", "id", "email", "phone", "anonymous"};
  return std::string(kSpaces[static_cast<std::size_t>(space)]) + ":" + std::string(value);
}

class Line {
 public:
  Line& add(std::string_view name, std::string_view value) {
    if (value.empty()) return *this;
    if (!out_.empty()) out_ += "; ";
    out_ += std::string(name) + "=" + std::string(value);
    return *this;
  }
  template <class T>
  Line& add(std::string_view name, const std::optional<T>& value) {
    return value ? add(name, text(*value)) : *this;
  }
  std::string str() const { return out_; }

 private:
  std::string out_;
};

}  // namespace describing

inline std::string describe(const ledger::CustomerRecord& r) {
  return describing::Line()
      .add("id", describing::text(r.id.space, r.id.value))
      .add("email", r.email)
      .add("phone", r.phone)
      .add("name", r.name)
      .add("country", r.country)
      .add("source", r.source)
      .add("language", r.language)
      .add("first_order", r.first_order)
      .add("orders", r.orders_before)
      .add("consent", r.consent)
      .add("consent_at", r.consent_at)
      .add("unsubscribed", r.unsubscribed)
      .add("unsubscribed_at", r.unsubscribed_at)
      .str();
}
// `to` as the record has it: excluded.
inline std::string describe(const ledger::CostRecord& r) {
  return describing::Line()
      .add("days", describing::text(r.from) + ".." + describing::text(r.to))
      .add("amount", describing::text(r.amount))
      .add("kind", r.kind)
      .add("purpose", r.purpose)
      .add("campaign", r.campaign)
      .add("note", r.note)
      .str();
}
inline std::string describe(const ledger::ItemRecord& r) {
  return describing::Line().add("id", r.id).add("name", r.name).add("category", r.category).add("cost", r.cost).str();
}
inline std::string describe(const ledger::RateRecord& r) {
  return describing::text(r.rate.day) + " 1 " + r.base.code() + " = " +
         money::to_decimal(r.rate.mantissa, r.rate.scale) + " " + r.rate.currency.code();
}
inline std::string describe(const ledger::SubscriptionRecord& r) {
  std::string pauses;
  for (const auto& [pause, resume] : r.pauses) {
    if (!pauses.empty()) pauses += ' ';
    pauses += describing::text(pause) + ".." + (resume ? describing::text(*resume) : "");
  }
  std::string interval;
  if (r.interval_months != 0) interval += std::to_string(r.interval_months) + " months";
  if (r.interval_days != 0) interval += std::to_string(r.interval_days) + " days";
  return describing::Line()
      .add("id", r.id)
      .add("customer", describing::text(r.customer_space, r.customer))
      .add("plan", r.plan)
      .add("start", r.start)
      .add("trial_end", r.trial_end)
      .add("pauses", pauses)
      .add("end", r.end)
      .add("reason", r.reason)
      .add("amount", r.amount)
      .add("interval", interval)
      .str();
}
inline std::string describe(const Rejected& r) {
  std::string_view reason = r.reason;
  if (reason.starts_with("ingest.reject.")) reason.remove_prefix(14);
  return "line " + std::to_string(r.place.line) + (r.place.column.empty() ? "" : ", " + r.place.column) + ": " +
         std::string(reason) + (r.excerpt.empty() ? "" : " \"" + r.excerpt + "\"");
}

struct RecordsRead {
  RecordFacts facts;
  std::vector<std::string> records;
  std::vector<std::uint64_t> lines;
  std::vector<std::string> rejected() const {
    std::vector<std::string> out;
    for (const Rejected& r : facts.rejected) out.push_back(describe(r));
    return out;
  }
  // The keys of the notices, without "ingest.notice.".
  std::vector<std::string> notices() const {
    std::vector<std::string> out;
    for (const Notice& n : facts.notices) out.push_back(n.key.substr(std::string_view("ingest.notice.").size()));
    return out;
  }
  std::uint64_t step(std::string_view name) const {
    std::uint64_t n = 0;
    for (const BridgeStep& s : facts.bridge) n += s.name == name ? s.count : 0;
    return n;
  }
};

// 2026-01-01 00:00 UTC, in a shop that counts in euros.
inline RecordOptions record_options() {
  RecordOptions options;
  options.now = {calendar::civil(2026, 1, 1).number * calendar::kMsPerDay};
  options.currency = *money::Currency::parse("EUR");
  return options;
}

inline Result<RecordsRead> read_records(RecordKind kind, std::span<const OpenFile> files,
                                        const RecordOptions& options) {
  RecordsRead out;
  const auto keep = [&](const auto& record) -> Result<void> {
    out.records.push_back(describe(record));
    out.lines.push_back(record.line);
    return {};
  };
  const auto read = [&]() -> Result<RecordFacts> {
    switch (kind) {
      case RecordKind::kCustomers:
        return read_customer_tables(files, options, keep);
      case RecordKind::kCosts:
        return read_cost_tables(files, options, keep);
      case RecordKind::kItems:
        return read_item_tables(files, options, keep);
      case RecordKind::kRates:
        return read_rate_tables(files, options, keep);
      case RecordKind::kSubscriptions:
        break;
    }
    return read_subscription_tables(files, options, keep);
  };
  TRY_ASSIGN(out.facts, read());
  return out;
}
inline Result<RecordsRead> read_records(RecordKind kind, const Table& table,
                                        const RecordOptions& options = record_options()) {
  const OpenFile file{{&table}};
  return read_records(kind, {&file, 1}, options);
}
// Cells at commas, no quotes.
inline Result<RecordsRead> read_records(RecordKind kind, std::string_view text,
                                        const RecordOptions& options = record_options()) {
  return read_records(kind, MemoryTable::of(text), options);
}
inline Result<RecordsRead> read_record_file(RecordKind kind, const std::string& path,
                                            const RecordOptions& options = record_options()) {
  TRY_ASSIGN(const auto tables, open_tables(path));
  OpenFile file;
  for (const auto& table : tables) file.tables.push_back(table.get());
  return read_records(kind, {&file, 1}, options);
}

// Says the first way in which the bridge's steps do not sum; "" when they do.
inline std::string bridge_fault(const RecordsRead& read) {
  if (read.step("rows") != read.step("title_rows") + read.step("header_rows") + read.step("blank_rows") +
                               read.step("total_rows") + read.step("rejected") + read.step("read")) {
    return "rows do not sum";
  }
  if (read.step("records") != read.records.size()) return "records do not agree";
  if (read.step("rows") != read.facts.rows || read.step("records") != read.facts.records) return "totals do not agree";
  if (read.step("rejected") + read.step("rejected_cells") != read.facts.rejected_count) return "rejected do not sum";
  if (read.step("cells") > 0) {
    if (read.step("cells") != read.step("blank_cells") + read.step("rejected_cells") + read.step("records")) {
      return "cells do not sum";
    }
  } else if (read.step("read") != read.step("merged") + read.step("records")) {
    return "read rows do not sum";
  }
  return {};
}

// A folder that is gone when the test is over.
class TestFolder {
 public:
  explicit TestFolder(const std::string& name)
      : path_(std::filesystem::temp_directory_path() / ("behoud-" + name + "-" + std::to_string(::getpid()))) {
    std::filesystem::create_directories(path_);
  }
  ~TestFolder() { std::filesystem::remove_all(path_); }
  TestFolder(const TestFolder&) = delete;
  TestFolder& operator=(const TestFolder&) = delete;
  std::string write(const std::string& name, const std::string& content) const {
    std::ofstream(path_ / name, std::ios::binary) << content;
    return path_ / name;
  }

 private:
  std::filesystem::path path_;
};

}  // namespace behoud::ingest
