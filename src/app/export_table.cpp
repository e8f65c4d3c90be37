#include "app/export_table.h"

#include <array>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "app/customer_directory.h"
#include "base/csv.h"

namespace behoud::app {
namespace {

using ingest::DuckType;

std::string_view space_name(ledger::IdentitySpace space) {
  return space == ledger::IdentitySpace::kNone ? std::string_view{} : name(space);
}

ExportCell text_or_nothing(std::string_view text) { return text.empty() ? ExportCell{} : ExportCell{text}; }
// A column that no order states anything of is empty.
ExportCell text_of(const timeline::Texts& texts, const std::vector<timeline::Code>& column, std::uint32_t i) {
  return column.empty() ? ExportCell{} : text_or_nothing(texts[column[i]]);
}

// The last steps of the orders, walked beside them: the steps are ascending by order.
class Standings {
 public:
  explicit Standings(const timeline::Histories& h) : h_(h) {}
  // Of ascending orders.
  timeline::OrderStep of(std::uint32_t order) {
    timeline::OrderStep last{.order = order};
    while (next_ < h_.steps.size() && h_.steps[next_].order < order) ++next_;
    while (next_ < h_.steps.size() && h_.steps[next_].order == order) last = h_.steps[next_++];
    return last;
  }

 private:
  const timeline::Histories& h_;
  std::size_t next_ = 0;
};

// The orders one by one: first those that are rows of the histories, then those that are not.
class OrderRows {
 public:
  explicit OrderRows(const timeline::EveryOrder& orders)
      : h_(orders.histories), beside_(orders.beside), standings_(h_), currency_(h_.currency.code()) {}

  bool next(std::vector<ExportCell>& row) {
    if (order_ < h_.orders()) {
      history_row(order_++, row);
    } else if (other_ < beside_.others.size()) {
      other_row(beside_.others[other_++], row);
    } else {
      return false;
    }
    return true;
  }

 private:
  void history_row(std::uint32_t i, std::vector<ExportCell>& row) {
    while (h_.order_begin[customer_ + 1] <= i) ++customer_;
    const timeline::OrderStep step = standings_.of(i);
    const bool converted = h_.converted.empty() || h_.converted[i] != 0;
    const auto money = [converted](std::int64_t minor) { return converted ? ExportCell{minor} : ExportCell{}; };
    const auto stated_money = [&](const std::vector<std::int64_t>& column) {
      return column.empty() ? ExportCell{} : money(column[i]);
    };
    const timeline::ForeignOrder* const own = foreign(i);
    const std::int64_t gross = own ? own->gross_minor : h_.gross_minor[i];
    const std::int64_t refunded = own ? own->refunded_minor : step.refunded_minor;
    row[0] = h_.order_id.empty() ? ExportCell{} : ExportCell{std::string_view(h_.order_id[i])};
    of_customer(customer_, row);
    row[3] = h_.order_at[i];
    row[4] = h_.order_day[i];
    row[5] = step.counts;
    row[6] = converted ? text_or_nothing(currency_) : ExportCell{};
    row[7] = money(h_.gross_minor[i]);
    row[8] = money(step.refunded_minor);
    row[9] = money(step.counts ? h_.gross_minor[i] - step.refunded_minor : 0);
    row[10] = stated_money(h_.tax_minor);
    row[11] = stated_money(h_.shipping_minor);
    row[12] = stated_money(h_.discount_minor);
    row[13] = h_.units_milli.empty() ? ExportCell{} : ExportCell{h_.units_milli[i]};
    row[14] = text_of(h_.items, h_.item, i);
    row[15] = text_of(h_.coupons, h_.coupon, i);
    row[16] = text_of(h_.sources, h_.source, i);
    row[17] = text_of(h_.countries, h_.country, i);
    // It counted once. Of an order of 0 the two cannot be told apart.
    const std::string_view taken_back = refunded >= gross ? "refunded" : "cancelled";
    row[18] = step.counts || gross == 0 ? ExportCell{} : ExportCell{taken_back};
    stated_currency_ = own ? own->currency.code() : currency_;
    row[19] = text_or_nothing(stated_currency_);
    row[20] = gross;
    row[21] = refunded;
  }

  void other_row(const timeline::OtherOrder& o, std::vector<ExportCell>& row) {
    const auto known = [](std::int64_t value) {
      return value == timeline::kNoAmount ? ExportCell{} : ExportCell{value};
    };
    const bool placed = o.at_ms != timeline::kUnknownInstant, converted = o.gross_minor != timeline::kNoAmount;
    row[0] = std::string_view(o.id);
    of_customer(o.customer, row);
    row[3] = placed ? ExportCell{calendar::Instant{o.at_ms}} : ExportCell{};
    row[4] = placed ? ExportCell{o.day} : ExportCell{};
    row[5] = false;
    row[6] = converted ? text_or_nothing(currency_) : ExportCell{};
    row[7] = known(o.gross_minor);
    row[8] = known(o.refunded_minor);
    row[9] = converted ? ExportCell{std::int64_t{0}} : ExportCell{};
    row[10] = known(o.tax_minor);
    row[11] = known(o.shipping_minor);
    row[12] = known(o.discount_minor);
    row[13] = known(o.units_milli);
    row[14] = text_or_nothing(h_.items[o.item]);
    row[15] = text_or_nothing(h_.coupons[o.coupon]);
    row[16] = text_or_nothing(h_.sources[o.source]);
    row[17] = text_or_nothing(h_.countries[o.country]);
    row[18] = o.reason;
    stated_currency_ = o.currency.code();
    row[19] = text_or_nothing(stated_currency_);
    row[20] = known(o.stated_gross_minor);
    row[21] = known(o.stated_refunded_minor);
  }

  void of_customer(std::uint32_t customer, std::vector<ExportCell>& row) const {
    const bool somebody = customer != timeline::kNobody;
    row[1] = somebody ? ExportCell{std::string_view(h_.customer_key[customer])} : ExportCell{};
    row[2] = somebody ? ExportCell{space_name(h_.customer_space[customer])} : ExportCell{};
  }

  // Of ascending orders; nullptr: it is in the shop's currency.
  const timeline::ForeignOrder* foreign(std::uint32_t order) {
    while (foreign_ < beside_.foreign.size() && beside_.foreign[foreign_].order < order) ++foreign_;
    const bool here = foreign_ < beside_.foreign.size() && beside_.foreign[foreign_].order == order;
    return here ? &beside_.foreign[foreign_] : nullptr;
  }

  const timeline::Histories& h_;
  const timeline::OrdersBeside& beside_;
  Standings standings_;
  const std::string currency_;
  std::string stated_currency_;  // of the row at hand
  std::uint32_t order_ = 0, customer_ = 0;
  std::size_t other_ = 0, foreign_ = 0;
};

// An event that owns its texts, on its way from the reading thread.
struct EventRow {
  std::string kind, customer, source, campaign, properties;
  std::string_view space;
  calendar::Moment at;
  std::optional<std::int64_t> amount_minor;
  std::string currency;
};

// Turns the snapshot's calls into rows that can be asked for: the reading runs ahead by at most a few batches.
class EventReader {
 public:
  explicit EventReader(std::shared_ptr<const ledger::Snapshot> snapshot)
      : snapshot_(std::move(snapshot)), thread_([this] { read(); }) {}
  ~EventReader() {
    {
      const std::lock_guard lock(mutex_);
      stopped_ = true;
    }
    changed_.notify_all();
    thread_.join();
  }
  EventReader(const EventReader&) = delete;
  EventReader& operator=(const EventReader&) = delete;

  // The next row, or nullptr at the end; valid until the next call.
  Result<const EventRow*> next() {
    if (at_ == batch_.size()) {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return ended_ || !batches_.empty(); });
      if (batches_.empty()) {
        if (error_) return std::unexpected(*error_);
        return nullptr;
      }
      batch_ = std::move(batches_.front());
      batches_.pop_front();
      at_ = 0;
      changed_.notify_all();
    }
    return &batch_[at_++];
  }

 private:
  static constexpr std::size_t kBatchRows = 4096, kBatches = 4;

  void read() {
    std::vector<EventRow> filling;
    const auto pass_on = [&]() -> bool {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return stopped_ || batches_.size() < kBatches; });
      if (stopped_) return false;
      batches_.push_back(std::exchange(filling, {}));
      changed_.notify_all();
      return true;
    };
    const auto done =
        snapshot_->events([&](const ledger::EventRecord& e, ledger::IdentityRef customer, ledger::Seq) -> Result<void> {
          filling.push_back({.kind = std::string(e.kind),
                             .customer = std::string(customer.value),
                             .source = std::string(e.source),
                             .campaign = std::string(e.campaign),
                             .properties = std::string(e.properties),
                             .space = space_name(customer.space),
                             .at = e.at,
                             .amount_minor = e.amount_minor,
                             .currency = e.currency.code()});
          // The error never reaches anybody: who stopped the reading no longer asks.
          if (filling.size() == kBatchRows && !pass_on()) return fail(Errc::kUnavailable, "the reading was stopped");
          return {};
        });
    if (done && !filling.empty()) pass_on();
    const std::lock_guard lock(mutex_);
    ended_ = true;
    if (!done) error_ = done.error();
    changed_.notify_all();
  }

  std::shared_ptr<const ledger::Snapshot> snapshot_;
  std::vector<EventRow> batch_;
  std::size_t at_ = 0;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::vector<EventRow>> batches_;
  std::optional<Error> error_;
  bool ended_ = false, stopped_ = false;
  std::thread thread_;
};

void append_cell(CsvWriter& csv, const ExportCell& cell) {
  struct Append {
    CsvWriter& csv;
    void operator()(std::monostate) const { csv.value(""); }
    void operator()(std::string_view text) const { csv.text(text); }
    void operator()(std::int64_t value) const { csv.value(std::to_string(value)); }
    void operator()(bool value) const { csv.value(value ? "true" : "false"); }
    void operator()(calendar::Day day) const { csv.value(to_string(day)); }
    void operator()(calendar::Instant at) const { csv.value(to_string(at)); }
  };
  std::visit(Append{csv}, cell);
}

void set_cell(ingest::DuckBatch& batch, std::size_t row, std::size_t column, const ExportCell& cell) {
  struct Set {
    ingest::DuckBatch& batch;
    std::size_t row, column;
    void operator()(std::monostate) const { batch.null(row, column); }
    void operator()(std::string_view text) const { batch.text(row, column, text); }
    void operator()(std::int64_t value) const { batch.integer(row, column, value); }
    void operator()(bool value) const { batch.boolean(row, column, value); }
    void operator()(calendar::Day day) const { batch.date(row, column, day.number); }
    void operator()(calendar::Instant at) const { batch.timestamp(row, column, at.ms * 1000); }
  };
  std::visit(Set{batch, row, column}, cell);
}

}  // namespace

ExportTable orders_table(const timeline::EveryOrder& orders) {
  return {{{"order_id", DuckType::kText},
           {"customer", DuckType::kText},
           {"customer_kind", DuckType::kText},
           {"placed_at", DuckType::kTimestamp},
           {"day", DuckType::kDate},
           {"counts", DuckType::kBoolean},
           {"currency", DuckType::kText},
           {"gross_minor", DuckType::kInteger},
           {"refunded_minor", DuckType::kInteger},
           {"revenue_minor", DuckType::kInteger},
           {"tax_minor", DuckType::kInteger},
           {"shipping_minor", DuckType::kInteger},
           {"discount_minor", DuckType::kInteger},
           {"units_milli", DuckType::kInteger},
           {"item", DuckType::kText},
           {"coupon", DuckType::kText},
           {"source", DuckType::kText},
           {"country", DuckType::kText},
           {"why_not", DuckType::kText},
           {"stated_currency", DuckType::kText},
           {"stated_gross_minor", DuckType::kInteger},
           {"stated_refunded_minor", DuckType::kInteger}},
          [rows = std::make_shared<OrderRows>(orders)](std::vector<ExportCell>& row) { return rows->next(row); }};
}

ExportTable customers_table(std::shared_ptr<const CustomerDirectory> directory) {
  struct State {
    std::shared_ptr<const CustomerDirectory> directory;
    std::uint32_t customer = 0;
    Standings standings;
    std::string currency;
  };
  const timeline::Histories& h = directory->shop().histories;
  auto state = std::make_shared<State>(State{std::move(directory), 0, Standings(h), h.currency.code()});
  return {{{"customer", DuckType::kText},
           {"customer_kind", DuckType::kText},
           {"label", DuckType::kText},
           {"orders", DuckType::kInteger},
           {"first_order", DuckType::kDate},
           {"last_order", DuckType::kDate},
           {"orders_before", DuckType::kInteger},
           {"customer_since", DuckType::kDate},
           {"currency", DuckType::kText},
           {"gross_minor", DuckType::kInteger},
           {"revenue_minor", DuckType::kInteger},
           {"source", DuckType::kText},
           {"country", DuckType::kText}},
          [&h, state](std::vector<ExportCell>& row) -> Result<bool> {
            const std::uint32_t c = state->customer;
            if (c == h.customers()) return false;
            std::int64_t orders = 0, gross = 0, revenue = 0;
            std::optional<std::uint32_t> first, last;
            for (std::uint32_t i = h.order_begin[c]; i < h.order_begin[c + 1]; ++i) {
              const timeline::OrderStep step = state->standings.of(i);
              if (!step.counts) continue;
              ++orders;
              gross += h.gross_minor[i];
              revenue += h.gross_minor[i] - step.refunded_minor;
              if (!first) first = i;
              last = i;
            }
            const std::optional<calendar::Day> known = h.known_since.empty() ? std::nullopt : h.known_since[c];
            std::optional<calendar::Day> since = known;
            if (first && (!since || h.order_day[*first] < *since)) since = h.order_day[*first];
            row[0] = std::string_view(h.customer_key[c]);
            row[1] = space_name(h.customer_space[c]);
            row[2] = text_or_nothing(h.customer_label[c]);
            row[3] = orders;
            row[4] = first ? ExportCell{h.order_day[*first]} : ExportCell{};
            row[5] = last ? ExportCell{h.order_day[*last]} : ExportCell{};
            row[6] = static_cast<std::int64_t>(h.orders_before.empty() ? 0 : h.orders_before[c]);
            row[7] = since ? ExportCell{*since} : ExportCell{};
            row[8] = text_or_nothing(state->currency);
            row[9] = gross;
            row[10] = revenue;
            row[11] = text_or_nothing(state->directory->source(c));
            row[12] = text_or_nothing(state->directory->country(c));
            ++state->customer;
            return true;
          }};
}

ExportTable events_table(std::shared_ptr<const ledger::Snapshot> snapshot) {
  auto reader = std::make_shared<EventReader>(std::move(snapshot));
  return {{{"kind", DuckType::kText},
           {"at", DuckType::kTimestamp},
           {"day_only", DuckType::kBoolean},
           {"customer", DuckType::kText},
           {"customer_kind", DuckType::kText},
           {"amount_minor", DuckType::kInteger},
           {"currency", DuckType::kText},
           {"source", DuckType::kText},
           {"campaign", DuckType::kText},
           {"properties", DuckType::kText}},
          [reader](std::vector<ExportCell>& row) -> Result<bool> {
            TRY_ASSIGN(const EventRow* event, reader->next());
            if (event == nullptr) return false;
            row[0] = std::string_view(event->kind);
            row[1] = event->at.at;
            row[2] = event->at.date_only;
            row[3] = text_or_nothing(event->customer);
            row[4] = text_or_nothing(event->space);
            row[5] = event->amount_minor ? ExportCell{*event->amount_minor} : ExportCell{};
            row[6] = text_or_nothing(event->currency);
            row[7] = text_or_nothing(event->source);
            row[8] = text_or_nothing(event->campaign);
            row[9] = text_or_nothing(event->properties);
            return true;
          }};
}

CsvExport::CsvExport(ExportTable table) : table_(std::move(table)), row_(table_.columns.size()) {}

Result<bool> CsvExport::next(std::string& out) {
  const std::size_t full = out.size() + kPieceBytes;
  CsvWriter csv(out);
  if (!std::exchange(begun_, true)) {
    for (const auto& column : table_.columns) csv.value(column.name);
    csv.end_row();
  }
  while (out.size() < full) {
    TRY_ASSIGN(const bool more, table_.next(row_));
    if (!more) return false;
    for (const ExportCell& cell : row_) append_cell(csv, cell);
    csv.end_row();
  }
  return true;
}

Result<void> write_csv(const ExportTable& table, const ExportSink& sink) {
  CsvExport csv(table);
  std::string buffer;
  for (bool more = true; more;) {
    buffer.clear();
    TRY_ASSIGN(more, csv.next(buffer));
    TRY(sink(buffer));
  }
  return {};
}

Result<void> write_parquet(const ExportTable& table, const std::string& path) {
  ingest::DuckOptions options;
  options.files = {path};
  TRY_ASSIGN(auto duck, ingest::DuckDb::open(options));
  std::vector<ExportCell> row(table.columns.size());
  const auto fill = [&](ingest::DuckBatch& batch) -> Result<std::size_t> {
    std::size_t rows = 0;
    for (; rows < ingest::DuckBatch::capacity(); ++rows) {
      TRY_ASSIGN(const bool more, table.next(row));
      if (!more) break;
      for (std::size_t c = 0; c < row.size(); ++c) set_cell(batch, rows, c, row[c]);
    }
    return rows;
  };
  TRY(duck.feed("exported", table.columns, fill));
  return duck.run("COPY (FROM exported()) TO " + ingest::duck_text(path) +
                  " (FORMAT parquet, COMPRESSION zstd, USE_TMP_FILE false)");
}

}  // namespace behoud::app
