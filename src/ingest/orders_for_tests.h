#pragma once

// Tests' view of reading orders: tables in memory, and orders that own their texts.

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "ingest/order_reader.h"

namespace behoud::ingest {

// Rows of cells as a table; lines count from 1. Hands rows out in small batches, whose cells are gone with the next.
class MemoryTable final : public Table {
 public:
  using Rows = std::vector<std::vector<std::string>>;
  explicit MemoryTable(Rows rows, std::size_t batch = 7, std::string name = "orders.csv")
      : rows_(std::move(rows)), batch_(batch), name_(std::move(name)) {
    format_.format = "csv";
    format_.encoding = "UTF-8";
    format_.delimiter = ",";
  }
  // Cells at commas, rows at line ends; no quotes.
  static MemoryTable of(std::string_view text, std::size_t batch = 7) {
    Rows rows;
    while (!text.empty()) {
      const std::size_t end = std::min(text.find('\n'), text.size());
      std::string_view line = text.substr(0, end);
      text.remove_prefix(std::min(end + 1, text.size()));
      std::vector<std::string> row;
      for (;;) {
        const std::size_t comma = line.find(',');
        row.emplace_back(line.substr(0, comma));
        if (comma == std::string_view::npos) break;
        line.remove_prefix(comma + 1);
      }
      rows.push_back(std::move(row));
    }
    return MemoryTable(std::move(rows), batch);
  }
  const std::string& name() const override { return name_; }
  const TableFormat& format() const override { return format_; }
  std::uint64_t bytes_total() const override { return rows_.size(); }
  const std::vector<std::string>& names() const override { return names_; }
  Result<std::unique_ptr<RowReader>> read(std::span<const std::size_t> columns, std::uint64_t skip) const override {
    return std::make_unique<Reader>(*this, std::vector<std::size_t>(columns.begin(), columns.end()), skip);
  }

 private:
  class Reader final : public RowReader {
   public:
    Reader(const MemoryTable& table, std::vector<std::size_t> columns, std::size_t skip)
        : table_(table), columns_(std::move(columns)), at_(skip) {
      if (columns_.empty()) {
        std::size_t widest = 0;
        for (const auto& row : table_.rows_) widest = std::max(widest, row.size());
        for (std::size_t c = 0; c < widest; ++c) columns_.push_back(c);
      }
    }
    Result<bool> next(RowBatch& batch) override {
      batch.columns = columns_.size();
      batch.cells.clear();
      batch.lines.clear();
      batch.widths.clear();
      text_ = std::vector<std::string>();  // freed: a view kept too long is found by the address sanitizer
      if (at_ >= table_.rows_.size()) return false;
      const std::size_t end = std::min(at_ + table_.batch_, table_.rows_.size());
      text_.reserve((end - at_) * columns_.size());
      for (; at_ < end; ++at_) {
        const auto& row = table_.rows_[at_];
        for (const std::size_t c : columns_) {
          text_.push_back(c < row.size() ? row[c] : std::string());
          batch.cells.push_back(text_.back());
        }
        batch.lines.push_back(at_ + 1);
        batch.widths.push_back(static_cast<std::uint32_t>(row.size()));
      }
      return true;
    }
    std::uint64_t bytes_done() const override { return at_; }

   private:
    const MemoryTable& table_;
    std::vector<std::size_t> columns_;
    std::size_t at_;
    std::vector<std::string> text_;
  };
  Rows rows_;
  std::size_t batch_;
  std::string name_;
  TableFormat format_;
  std::vector<std::string> names_;
};

struct OwnedLine {
  std::string item, name;
  std::int64_t quantity_milli = 0, amount_minor = 0;
  friend auto operator<=>(const OwnedLine&, const OwnedLine&) = default;
};
struct OwnedRefund {
  std::string id;
  std::optional<std::int64_t> at_ms;
  std::int64_t minor = 0;
  friend auto operator<=>(const OwnedRefund&, const OwnedRefund&) = default;
};

struct OwnedOrder {
  std::string id, alias, customer, email, phone, name, status, currency, coupon, source, country;
  int space = 0;
  std::optional<std::int64_t> at_ms;
  bool date_only = false, test = false;
  std::optional<std::int64_t> gross, total, tax, shipping, discount, refund, units, cancelled_ms, updated_ms;
  std::vector<OwnedLine> lines;
  std::vector<OwnedRefund> refunds;
  std::uint64_t line = 0;
  friend auto operator<=>(const OwnedOrder&, const OwnedOrder&) = default;
};
struct OwnedLoose {
  std::string customer;
  int space = 0;
  std::int64_t at_ms = 0, minor = 0;
  std::string currency;
  std::uint64_t line = 0;
  friend auto operator<=>(const OwnedLoose&, const OwnedLoose&) = default;
};

class Collect final : public OrderSink {
 public:
  std::vector<OwnedOrder> orders;
  std::vector<OwnedLoose> refunds;
  const OwnedOrder* find(std::string_view id) const {
    for (const OwnedOrder& o : orders) {
      if (o.id == id) return &o;
    }
    return nullptr;
  }
  Result<void> order(const ledger::OrderAssertion& o) override {
    OwnedOrder out;
    out.id = o.order_id;
    out.alias = o.alias;
    out.customer = o.customer.value;
    out.space = static_cast<int>(o.customer.space);
    out.email = o.email;
    out.phone = o.phone;
    out.name = o.name;
    out.status = o.status;
    out.currency = o.currency.code();
    out.coupon = o.coupon;
    out.source = o.source;
    out.country = o.country;
    if (o.placed) {
      out.at_ms = o.placed->at.ms;
      out.date_only = o.placed->date_only;
    }
    out.test = o.test;
    out.gross = o.gross_minor;
    out.total = o.total_minor;
    out.tax = o.tax_minor;
    out.shipping = o.shipping_minor;
    out.discount = o.discount_minor;
    out.refund = o.refund_minor;
    out.units = o.units_milli;
    if (o.cancelled_at) out.cancelled_ms = o.cancelled_at->ms;
    if (o.updated_at) out.updated_ms = o.updated_at->ms;
    for (const auto& l : o.lines) {
      out.lines.push_back({std::string(l.item), std::string(l.name), l.quantity_milli, l.amount_minor});
    }
    std::sort(out.lines.begin(), out.lines.end());
    for (const auto& r : o.refunds) {
      out.refunds.push_back({std::string(r.id), r.at ? std::optional(r.at->ms) : std::nullopt, r.minor});
    }
    out.line = o.line;
    orders.push_back(std::move(out));
    return {};
  }
  Result<void> refund(const LooseRefund& r) override {
    refunds.push_back({std::string(r.customer.value), static_cast<int>(r.customer.space), r.at.at.ms, r.amount.minor,
                       r.amount.currency.code(), r.line});
    return {};
  }
};

struct ReadResult {
  ReadFacts facts;
  Collect seen;
};

// 2026-01-01 00:00 UTC: what tests call now.
inline ReadOptions test_options() {
  ReadOptions options;
  options.now = {calendar::civil(2026, 1, 1).number * calendar::kMsPerDay};
  return options;
}

inline Result<ReadResult> read_table(const Table& table, const ReadOptions& options = test_options()) {
  ReadResult out;
  const OpenFile file{{&table}};
  TRY_ASSIGN(out.facts, read_order_tables({&file, 1}, options, out.seen));
  return out;
}
inline Result<ReadResult> read_text(std::string_view text, const ReadOptions& options = test_options()) {
  return read_table(MemoryTable::of(text), options);
}

// Says the first way in which the bridge's steps do not sum; "" when they do.
inline std::string bridge_fault(const ReadFacts& facts) {
  const auto count = [&](std::string_view name) {
    std::uint64_t n = 0;
    for (const BridgeStep& s : facts.bridge) n += s.name == name ? s.count : 0;
    return n;
  };
  const auto minor = [&](std::string_view name) {
    std::int64_t n = 0;
    for (const BridgeStep& s : facts.bridge) n += s.name == name ? s.minor : 0;
    return n;
  };
  if (count("rows") != count("title_rows") + count("header_rows") + count("blank_rows") + count("total_rows") +
                           count("rejected") + count("refund_rows") + count("lines")) {
    return "rows do not sum";
  }
  if (count("lines") != count("further_lines") + count("orders")) return "lines do not sum";
  if (count("orders") < count("anonymous")) return "more anonymous orders than orders";
  if (count("rejected") != facts.rejected_count) return "rejected rows do not sum";
  if (count("orders") != facts.orders) return "orders do not agree";
  if (minor("billed") != minor("tax") + minor("shipping") + minor("other") + minor("gross"))
    return "money does not sum";
  std::uint64_t of_currencies = count("billed");
  for (const BridgeStep& s : facts.bridge) of_currencies += s.name == "foreign" ? s.count : 0;
  if (of_currencies != facts.orders) return "orders by currency do not sum";
  return {};
}

}  // namespace behoud::ingest
