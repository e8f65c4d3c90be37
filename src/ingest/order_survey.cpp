#include "ingest/order_survey.h"

#include <algorithm>
#include <array>
#include <cassert>

#include "base/text.h"
#include "ingest/sample.h"

namespace behoud::ingest {
namespace {

// Columns whose value may be the order's or a line's.
constexpr std::array<Role, 7> kLeveled = {Role::kTotal,    Role::kAmount,   Role::kSubtotal, Role::kTax,
                                          Role::kShipping, Role::kDiscount, Role::kRefund};
constexpr std::array<Role, 8> kMoney = {Role::kTotal,    Role::kAmount,   Role::kSubtotal, Role::kTax,
                                        Role::kShipping, Role::kDiscount, Role::kRefund,   Role::kPrice};

bool equal_cells(std::string_view a, std::string_view b, char mark) {
  if (a == b) return true;
  Decimal x, y;
  return read_amount(a, mark, x) == AmountFault::kNone && read_amount(b, mark, y) == AmountFault::kNone && x == y;
}

// Reads all rows of a table below its header.
template <class Fn>
Result<std::uint64_t> each_batch(const Table& table, const Layout& layout, std::span<const std::size_t> columns,
                                 const std::function<void(std::uint64_t)>& progress, const Fn& fn) {
  TRY_ASSIGN(const auto reader, table.read(columns, layout.skip_rows));
  RowBatch batch;
  std::uint64_t rows = 0, done = 0;
  for (;;) {
    TRY_ASSIGN(const bool more, reader->next(batch));
    if (!more) return rows;
    TRY(fn(batch, rows, *reader));
    rows += batch.rows();
    if (progress) {
      const std::uint64_t now = reader->bytes_done();
      progress(now - std::min(done, now));
      done = now;
    }
  }
}

// Which keys come in more than one run. As long as order ids only ascend, or only descend (by length, then by letters),
// none can come again, and their hashes are merely kept in a row; the set is made when that ends.
class RunIndex {
 public:
  explicit RunIndex(std::unordered_map<std::uint64_t, std::uint32_t>& runs) : runs_(runs) {}
  void expect(std::size_t keys) { expected_ = keys; }
  void prefetch(std::uint64_t hash) const {
    if (set_) set_->prefetch(hash);
  }
  // A new run of `hash`, whose order id is `id` ("" for none). True: it had one before.
  bool add(std::uint64_t hash, std::string_view id) {
    if (!set_) {
      if (!id.empty() && goes_on(id)) {
        hashes_.push_back(hash);
        return false;
      }
      set_.emplace(std::max(expected_, hashes_.size()));
      for (const std::uint64_t h : hashes_) set_->insert(h);
      hashes_ = {};
    }
    if (set_->insert(hash)) return false;
    auto& n = runs_[hash];
    n = n == 0 ? 2 : n + 1;
    return true;
  }

 private:
  bool goes_on(std::string_view id) {
    const int step = hashes_.empty()             ? 0
                     : id.size() != last_.size() ? (id.size() > last_.size() ? 1 : -1)
                                                 : (id > last_   ? 1
                                                    : id < last_ ? -1
                                                                 : 0);
    if (!hashes_.empty() && (step == 0 || (hashes_.size() > 1 && step != direction_))) return false;
    direction_ = step;
    last_.assign(id);
    return true;
  }

  std::unordered_map<std::uint64_t, std::uint32_t>& runs_;
  std::optional<HashSet> set_;
  std::size_t expected_ = 0;
  std::vector<std::uint64_t> hashes_;
  std::string last_;
  int direction_ = 0;
};

// Of each leveled column the last value that is not blank in an order's rows so far.
struct Leveled {
  std::array<std::string_view, kLeveled.size()> values;
  std::array<std::string, kLeveled.size()> kept;
  void keep() {
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (values[i].data() != kept[i].data()) kept[i].assign(values[i]);
      values[i] = kept[i];
    }
  }
};

// What a pass over all rows finds out.
struct Findings {
  explicit Findings(calendar::Instant now) : dates(now), updated(now), cancelled(now) {}
  DateEvidence dates, updated, cancelled;
  AmountEvidence amounts;
};

// Goes over the rows of one table.
class RowSurvey {
 public:
  // `survey`: rows seen, levels and runs are written there. All must outlive this.
  RowSurvey(OrderSurvey& survey, Findings& findings, money::Currency& currency, std::size_t table, const Layout& layout,
            const Slots& slots, const RowKeys& keys, char mark, bool dated)
      : survey_(survey),
        findings_(findings),
        currency_(currency),
        slots_(slots),
        keys_(keys),
        mark_(mark),
        dated_(dated && slots.has(Role::kDate)),
        index_(survey.runs[table]) {
    for (const Role role : kMoney) {
      for (const std::uint16_t slot : slots.of[index(role)]) money_.emplace_back(slot, layout.column_name(role));
    }
  }
  void expect(std::size_t keys) { index_.expect(keys); }
  void prefetch(const RowKey& key) const { index_.prefetch(key.a); }
  bool made_up() const { return made_up_; }

  // `cells` live until end_batch().
  void see(const RowKey& key, std::span<const std::string_view> cells, std::uint64_t line) {
    switch (key.kind) {
      case RowKey::Kind::kBlank:
      case RowKey::Kind::kTotal:
      case RowKey::Kind::kBroken:
        return;
      case RowKey::Kind::kAlone:
      case RowKey::Kind::kContinuation:
        note(cells, line);
        loose_money_ = loose_money_ || (survey_.order_ids && slots_.raw(Role::kDate, cells).empty());
        return;
      case RowKey::Kind::kMadeUp:
        if (survey_.order_ids) {  // the reading holds those to the end
          note(cells, line);
          return;
        }
        made_up_ = true;
        break;
      case RowKey::Kind::kOrder:
        break;
    }
    note(cells, line);
    survey_.several_rows = survey_.several_rows || loose_money_;
    if (last_.kind == key.kind && last_.same_order(key)) {
      survey_.several_rows = true;
      if (key.kind != RowKey::Kind::kOrder) return;
      if (!compared_) start_comparing();
      compare(cells, held_);
      return;
    }
    last_ = key;
    first_ = cells;
    compared_ = false;
    // As it is known by: "#101" and "101" are one.
    const std::string_view id =
        key.kind == RowKey::Kind::kOrder ? order_id(slots_.text(Role::kOrder, cells)) : std::string_view{};
    if (index_.add(key.a, id)) survey_.several_rows = true;
  }
  // The values of the open run outlive the batch.
  void end_batch() {
    if (last_.kind != RowKey::Kind::kOrder) return;
    if (!compared_) start_comparing();
    held_.keep();
  }

  // Of an order's further row. `held`: the values so far.
  void compare(std::span<const std::string_view> cells, Leveled& held) {
    if (survey_.per_order.none() || keys_.negative(cells)) return;
    for (std::size_t i = 0; i < kLeveled.size(); ++i) {
      if (!survey_.per_order.test(index(kLeveled[i]))) continue;
      const std::string_view cell = quick_trim(slots_.raw(kLeveled[i], cells));
      if (cell.empty()) continue;
      if (held.values[i].empty()) {
        held.values[i] = cell;
      } else if (!equal_cells(held.values[i], cell, mark_)) {
        survey_.per_order.reset(index(kLeveled[i]));
      } else {
        survey_.repeated.set(index(kLeveled[i]));
      }
    }
  }

 private:
  void note(std::span<const std::string_view> cells, std::uint64_t line) {
    if (dated_) findings_.dates.add(cells[slots_.of[index(Role::kDate)].front()], line);
    if (slots_.has(Role::kUpdatedAt)) findings_.updated.add(slots_.raw(Role::kUpdatedAt, cells), line);
    if (slots_.has(Role::kCancelledAt)) findings_.cancelled.add(slots_.raw(Role::kCancelledAt, cells), line);
    for (const auto& [slot, column] : money_) {
      if (!cells[slot].empty()) findings_.amounts.add(cells[slot], line, column);
    }
    if (!currency_.known() && slots_.has(Role::kCurrency)) {
      currency_ = money::Currency::guess(slots_.raw(Role::kCurrency, cells));
    }
  }
  void start_comparing() {
    compared_ = true;
    if (survey_.per_order.none()) return;
    const bool negative = keys_.negative(first_);
    for (std::size_t i = 0; i < kLeveled.size(); ++i) {
      held_.values[i] = negative || !survey_.per_order.test(index(kLeveled[i]))
                            ? std::string_view{}
                            : quick_trim(slots_.raw(kLeveled[i], first_));
    }
  }

  OrderSurvey& survey_;
  Findings& findings_;
  money::Currency& currency_;
  const Slots& slots_;
  const RowKeys& keys_;
  const char mark_;
  const bool dated_;  // the form of the dates is to be found
  RunIndex index_;
  std::vector<std::pair<std::uint16_t, std::string>> money_;  // slots and the names of their columns
  RowKey last_;
  Leveled held_;
  std::span<const std::string_view> first_;  // of the open run's first row, while its batch lives
  bool compared_ = false;                    // `held_` holds the open run's values
  bool loose_money_ = false;                 // a row of money without id and date: a further line, or a total below
  bool made_up_ = false;
};

class Surveyor {
 public:
  Surveyor(std::span<const Table* const> tables, std::span<const Layout> layouts, const ReadOptions& options,
           const std::function<void(std::uint64_t)>& progress)
      : tables_(tables), layouts_(layouts), options_(options), progress_(progress), slots_(layouts.front()) {}

  Result<OrderSurvey> run() {
    TRY(begin());
    TRY(pass());
    const DateForm before = survey_.date_form;
    TRY(decide());
    DateForm same = survey_.date_form;
    same.all_midnight = before.all_midnight;
    if ((made_up_ && same != before) || survey_.decimal_mark != mark_) {
      // Keys were made by another reading of the dates, or signs by one of the amounts.
      mark_ = survey_.decimal_mark;
      TRY(pass());
      TRY(decide());
    }
    if (any_runs() && any_level_open()) TRY(compare_apart());
    return std::move(survey_);
  }

  // The same of rows that another reads; of one table, whose orders have ids.
  Result<void> begin_beside(const Slots& slots, const RowKeys& keys) {
    TRY(begin());
    clear_findings();
    rows_beside_.emplace(survey_, *findings_, currency_, 0, layouts_.front(), slots, keys, mark_, !custom_);
    return {};
  }
  RowSurvey& rows_beside() { return *rows_beside_; }
  const OrderSurvey& so_far() const { return survey_; }
  // nullopt: what was seen must be gone over again.
  Result<std::optional<OrderSurvey>> finish_beside(std::uint64_t rows) {
    survey_.rows.front() = rows;
    TRY(decide());
    if (survey_.decimal_mark != mark_ || any_runs()) return std::nullopt;
    return std::optional(std::move(survey_));
  }

  // The columns that the pass looks at. Of a source with order ids those that say who and what are left to the reading.
  static Layout looked_at(const Layout& layout, bool order_ids) {
    Layout out = layout;
    if (!order_ids) return out;
    for (const Role role : {Role::kCustomer, Role::kEmail, Role::kPhone, Role::kName, Role::kItem, Role::kItemName,
                            Role::kStatus, Role::kCountry, Role::kCoupon, Role::kSource, Role::kAlias, Role::kTest}) {
      out.columns[index(role)].clear();
    }
    return out;
  }

 private:
  Result<void> begin() {
    survey_.order_ids = slots_.has(Role::kOrder);
    if (!options_.date_format.empty()) {
      TRY_ASSIGN(const DateForm form, parse_date_format(options_.date_format));
      if (!form.custom.empty()) {
        custom_ = form;
      } else {
        asked_ = form.order;
      }
    }
    for (const Role role : kLeveled) {
      // A preset knows what is a line's: Amazon's item-price of two equal lines is no total.
      const bool line = layouts_.front().preset != nullptr && role == Role::kAmount;
      if (slots_.has(role) && slots_.of[index(role)].size() == 1 && !line) survey_.per_order.set(index(role));
    }
    return guess_from_samples();
  }

  std::string date_column() const { return layouts_.front().column_name(Role::kDate); }

  // The forms that the keys of the pass are made by. What the samples cannot tell is found by a pass over the dates
  // alone, when keys need it.
  Result<void> guess_from_samples() {
    if (custom_) {
      survey_.date_form = *custom_;
      return {};
    }
    DateEvidence dates(options_.now);
    AmountEvidence amounts;
    for (std::size_t t = 0; t < tables_.size(); ++t) {
      TRY_ASSIGN(const Sample sample, sample_rows(*tables_[t]));
      for (std::size_t r = layouts_[t].skip_rows; r < sample.rows.size(); ++r) {
        for (const std::size_t c : layouts_[t].columns[index(Role::kDate)]) {
          if (c < sample.rows[r].size()) dates.add(sample.rows[r][c], sample.lines[r]);
        }
        for (const Role role : kMoney) {
          for (const std::size_t c : layouts_[t].columns[index(role)]) {
            if (c < sample.rows[r].size()) amounts.add(sample.rows[r][c], sample.lines[r]);
          }
        }
      }
      if (dates.dates() > 1000) break;
    }
    if (const auto decided = mark_of(amounts)) mark_ = decided->mark;
    const auto form = dates.decide(tables_.front()->name(), date_column(), asked_);
    survey_.date_form.utc = layouts_.front().date_utc;
    if (form) {
      survey_.date_form = *form;
      survey_.date_form.utc = layouts_.front().date_utc;
      return {};
    }
    if (survey_.order_ids) return {};  // the keys do not need dates; the pass will tell
    DateEvidence all(options_.now);
    for (std::size_t t = 0; t < tables_.size(); ++t) {
      const std::array<std::size_t, 1> column = {layouts_[t].columns[index(Role::kDate)].front()};
      TRY(each_batch(*tables_[t], layouts_[t], column, {},
                     [&](const RowBatch& batch, std::uint64_t, const RowReader&) -> Result<void> {
                       for (std::size_t r = 0; r < batch.rows(); ++r) all.add(batch.row(r)[0], batch.lines[r]);
                       return {};
                     }));
    }
    TRY_ASSIGN(survey_.date_form, all.decide(tables_.front()->name(), date_column(), asked_));
    survey_.date_form.utc = layouts_.front().date_utc;
    return {};
  }

  Result<AmountEvidence::Decision> mark_of(const AmountEvidence& amounts) const {
    if (options_.decimal_mark != 0) return AmountEvidence::Decision{options_.decimal_mark};
    return amounts.decide(tables_.front()->name(), exponent());
  }

  std::optional<int> exponent() const {
    if (options_.currency) return options_.currency->exponent();
    if (layouts_.front().header_currency.known()) return layouts_.front().header_currency.exponent();
    if (currency_.known()) return currency_.exponent();
    return std::nullopt;
  }

  void clear_findings() {
    findings_.emplace(options_.now);
    survey_.rows.assign(tables_.size(), 0);
    survey_.runs.assign(tables_.size(), {});
    survey_.several_rows = false;
  }

  Result<void> pass() {
    clear_findings();
    TRY_ASSIGN(DateReader reader, DateReader::create(survey_.date_form, options_.zone, options_.now));
    for (std::size_t t = 0; t < tables_.size(); ++t) TRY(pass_over(t, reader));
    return {};
  }

  Result<void> pass_over(std::size_t t, DateReader& reader) {
    const Layout layout = looked_at(layouts_[t], survey_.order_ids);
    const Slots slots(layout);
    RowKeys keys(layout, slots, mark_, reader);
    RowSurvey row_survey(survey_, *findings_, currency_, t, layout, slots, keys, mark_, !custom_);
    std::vector<RowKey> batch_keys;
    bool first_batch = true;
    TRY_ASSIGN(survey_.rows[t],
               each_batch(*tables_[t], layout, slots.table_columns, progress_,
                          [&](const RowBatch& batch, std::uint64_t, const RowReader& rows) -> Result<void> {
                            if (first_batch && batch.rows() > 0) {
                              first_batch = false;
                              const std::uint64_t done = std::max<std::uint64_t>(rows.bytes_done(), 1);
                              const std::uint64_t total = std::max(tables_[t]->bytes_total(), done);
                              // No more than the file's bytes can hold: a claim of a size is not believed.
                              row_survey.expect(static_cast<std::size_t>(
                                  std::min<std::uint64_t>(batch.rows() * (total / done + 1), total / 8 + 1024)));
                            }
                            batch_keys.resize(batch.rows());
                            for (std::size_t r = 0; r < batch.rows(); ++r) {
                              batch_keys[r] = keys.key(batch.row(r), batch.widths[r]);
                            }
                            constexpr std::size_t kAhead = 12;
                            for (std::size_t r = 0; r < batch.rows(); ++r) {
                              if (r + kAhead < batch.rows()) row_survey.prefetch(batch_keys[r + kAhead]);
                              row_survey.see(batch_keys[r], batch.row(r), batch.lines[r]);
                            }
                            row_survey.end_batch();
                            return {};
                          }));
    made_up_ = made_up_ || row_survey.made_up();
    return {};
  }

  Result<void> decide() {
    const std::string& file = tables_.front()->name();
    if (!custom_) {
      TRY_ASSIGN(survey_.date_form, findings_->dates.decide(file, date_column(), asked_));
      survey_.date_form.utc = layouts_.front().date_utc;
    }
    // A further date column follows the first where it cannot tell by itself.
    const auto side = [&](const DateEvidence& evidence, Role role) -> std::optional<DateForm> {
      if (evidence.dates() == 0) return std::nullopt;
      if (custom_) return custom_;
      const std::string column = layouts_.front().column_name(role);
      auto form = evidence.decide(file, column, asked_);
      if (!form) form = evidence.decide(file, column, survey_.date_form.order);
      if (!form) return std::nullopt;
      form->utc = header_says_utc(column);
      return *form;
    };
    survey_.updated_form = side(findings_->updated, Role::kUpdatedAt);
    survey_.cancelled_form = side(findings_->cancelled, Role::kCancelledAt);
    TRY_ASSIGN(const AmountEvidence::Decision decision, mark_of(findings_->amounts));
    survey_.decimal_mark = decision.mark;
    survey_.decimal_guessed = decision.guessed;
    return {};
  }

  bool any_runs() const {
    return std::any_of(survey_.runs.begin(), survey_.runs.end(), [](const auto& r) { return !r.empty(); });
  }
  bool any_level_open() const { return survey_.order_ids && survey_.per_order.any(); }

  // Orders whose rows lie apart: their values are compared in a pass of its own, which holds those orders alone.
  Result<void> compare_apart() {
    TRY_ASSIGN(DateReader reader, DateReader::create(survey_.date_form, options_.zone, options_.now));
    for (std::size_t t = 0; t < tables_.size(); ++t) {
      const auto& runs = survey_.runs[t];
      if (runs.empty() || survey_.per_order.none()) continue;
      const Layout layout = looked_at(layouts_[t], survey_.order_ids);
      const Slots slots(layout);
      RowKeys keys(layout, slots, mark_, reader);
      RowSurvey comparing(survey_, *findings_, currency_, t, layout, slots, keys, mark_, false);
      std::unordered_map<std::uint64_t, std::array<std::string, kLeveled.size()>> values;
      Leveled held;
      TRY(each_batch(*tables_[t], layout, slots.table_columns, {},
                     [&](const RowBatch& batch, std::uint64_t, const RowReader&) -> Result<void> {
                       for (std::size_t r = 0; r < batch.rows() && survey_.per_order.any(); ++r) {
                         const auto cells = batch.row(r);
                         const RowKey key = keys.key(cells, batch.widths[r]);
                         if (key.kind != RowKey::Kind::kOrder || !runs.contains(key.a) || keys.negative(cells))
                           continue;
                         auto& of_order = values[key.a];
                         for (std::size_t i = 0; i < kLeveled.size(); ++i) held.values[i] = of_order[i];
                         comparing.compare(cells, held);
                         for (std::size_t i = 0; i < kLeveled.size(); ++i) {
                           if (of_order[i].empty()) of_order[i].assign(held.values[i]);
                         }
                       }
                       return {};
                     }));
    }
    return {};
  }

  std::span<const Table* const> tables_;
  std::span<const Layout> layouts_;
  const ReadOptions& options_;
  const std::function<void(std::uint64_t)>& progress_;
  Slots slots_;
  OrderSurvey survey_;
  std::optional<DateForm> custom_;
  std::optional<DayOrder> asked_;
  std::optional<Findings> findings_;
  std::optional<RowSurvey> rows_beside_;
  money::Currency currency_;
  char mark_ = '.';
  bool made_up_ = false;
};

// The first rows of a table.
class HeadOfTable final : public Table {
 public:
  HeadOfTable(const Table& table, std::uint64_t rows) : table_(table), rows_(rows) {}
  const std::string& name() const override { return table_.name(); }
  const TableFormat& format() const override { return table_.format(); }
  std::uint64_t bytes_total() const override { return table_.bytes_total(); }
  const std::vector<std::string>& names() const override { return table_.names(); }
  Result<std::unique_ptr<RowReader>> read(std::span<const std::size_t> columns, std::uint64_t skip) const override {
    TRY_ASSIGN(auto reader, table_.read(columns, skip));
    return std::make_unique<Reader>(std::move(reader), rows_);
  }

 private:
  class Reader final : public RowReader {
   public:
    Reader(std::unique_ptr<RowReader> reader, std::uint64_t rows) : reader_(std::move(reader)), rows_(rows) {}
    Result<bool> next(RowBatch& batch) override {
      if (rows_ == 0) {
        batch = {};
        return false;
      }
      auto more = reader_->next(batch);
      if (more && *more) rows_ -= std::min<std::uint64_t>(rows_, batch.rows());
      return more;
    }
    std::uint64_t bytes_done() const override { return reader_->bytes_done(); }

   private:
    std::unique_ptr<RowReader> reader_;
    std::uint64_t rows_;
  };
  const Table& table_;
  std::uint64_t rows_;
};

}  // namespace

struct SurveyBeside::Impl {
  Impl(const Table& all, const Layout& all_layout, const Slots& all_slots, const OrderSurvey& guessed,
       const ReadOptions& options, DateReader date_reader)
      : table(&all),
        layout(all_layout),
        slots(all_slots),
        guess(guessed),
        dates(std::move(date_reader)),
        keys(layout, slots, guess.decimal_mark, dates),
        bare_layout(Surveyor::looked_at(layout, true)),
        bare_slots(bare_layout),
        bare_keys(bare_layout, bare_slots, guess.decimal_mark, dates),
        surveyor({&table, 1}, {&layout, 1}, options, no_progress) {
    for (const std::size_t column : bare_slots.table_columns) {
      const auto at = std::find(slots.table_columns.begin(), slots.table_columns.end(), column);
      bare_of.push_back(static_cast<std::size_t>(at - slots.table_columns.begin()));
    }
    bare_cells.resize(bare_of.size());
  }

  // The row's key as the survey, which looks at fewer columns, would make it.
  RowKey bare_key(std::span<const std::string_view> cells, std::uint32_t width) {
    for (std::size_t i = 0; i < bare_of.size(); ++i) bare_cells[i] = cells[bare_of[i]];
    return bare_keys.key(bare_cells, width);
  }

  const Table* table;
  const Layout& layout;
  const Slots& slots;
  const OrderSurvey& guess;
  DateReader dates;
  RowKeys keys;
  Layout bare_layout;
  Slots bare_slots;
  RowKeys bare_keys;
  std::vector<std::size_t> bare_of;  // of the bare columns, which of the row's cells they are
  std::vector<std::string_view> bare_cells;
  std::function<void(std::uint64_t)> no_progress;
  Surveyor surveyor;
  std::uint64_t rows = 0;
  std::uint64_t perhaps_total = 0;  // 1 + the last row that would be a total if it were one of the last three
};

Result<std::optional<OrderSurvey>> survey_head(const Table& table, const Layout& layout, const ReadOptions& options,
                                               std::uint64_t rows) {
  if (!layout.has(Role::kOrder)) return std::nullopt;
  const HeadOfTable head(table, rows);
  const Table* const tables = &head;
  const std::function<void(std::uint64_t)> no_progress;
  TRY_ASSIGN(OrderSurvey survey, survey_orders({&tables, 1}, {&layout, 1}, options, no_progress));
  if (!survey.runs.front().empty()) return std::nullopt;
  return std::optional(std::move(survey));
}

SurveyBeside::SurveyBeside(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
SurveyBeside::~SurveyBeside() = default;

Result<std::unique_ptr<SurveyBeside>> SurveyBeside::create(const Table& table, const Layout& layout, const Slots& slots,
                                                           const OrderSurvey& guess, const ReadOptions& options) {
  TRY_ASSIGN(DateReader dates, DateReader::create(guess.date_form, options.zone, options.now));
  auto impl = std::make_unique<Impl>(table, layout, slots, guess, options, std::move(dates));
  TRY(impl->surveyor.begin_beside(impl->slots, impl->keys));
  return std::unique_ptr<SurveyBeside>(new SurveyBeside(std::move(impl)));
}

bool SurveyBeside::see(const RowKey& key, std::span<const std::string_view> cells, std::uint32_t width,
                       std::uint64_t line) {
  Impl& in = *impl_;
  ++in.rows;
  const std::string_view date = quick_trim(in.slots.raw(Role::kDate, cells));
  if (key.kind == RowKey::Kind::kOrder && !date.empty() && is_digit(date.front())) [[likely]] {
    in.surveyor.rows_beside().see(key, cells, line);  // nothing but id and date made that key
  } else {
    in.surveyor.rows_beside().see(in.bare_key(cells, width), cells, line);
    if (key.kind != in.keys.key(cells, width, 0).kind) in.perhaps_total = in.rows;
  }
  const OrderSurvey& so_far = in.surveyor.so_far();
  return so_far.runs.front().empty() && (in.guess.several_rows || !so_far.several_rows);
}

void SurveyBeside::prefetch(const RowKey& key) const { impl_->surveyor.rows_beside().prefetch(key); }
void SurveyBeside::end_batch() { impl_->surveyor.rows_beside().end_batch(); }

Result<bool> SurveyBeside::agrees(OrderSurvey& survey) {
  TRY_ASSIGN(auto found, impl_->surveyor.finish_beside(impl_->rows));
  if (!found || (impl_->perhaps_total > 0 && impl_->rows - impl_->perhaps_total < 3)) return false;
  const OrderSurvey& guess = impl_->guess;
  const bool same = found->date_form == guess.date_form && found->updated_form == guess.updated_form &&
                    found->cancelled_form == guess.cancelled_form && found->decimal_mark == guess.decimal_mark &&
                    found->several_rows == guess.several_rows && found->per_order == guess.per_order;
  survey = std::move(*found);
  return same;
}

HashSet::HashSet(std::size_t expected) {
  std::size_t size = 1024;
  while (size * 5 < expected * 8) size *= 2;
  slots_.assign(size, 0);
  mask_ = size - 1;
}

bool HashSet::insert(std::uint64_t hash) {
  if (hash == 0) hash = 1;
  if (size_ * 4 > slots_.size() * 3) grow();
  for (std::size_t i = hash & mask_;; i = (i + 1) & mask_) {
    if (slots_[i] == hash) return false;
    if (slots_[i] == 0) {
      slots_[i] = hash;
      ++size_;
      return true;
    }
  }
}

void HashSet::grow() {
  std::vector<std::uint64_t> old(slots_.size() * 2, 0);
  old.swap(slots_);
  mask_ = slots_.size() - 1;
  for (const std::uint64_t hash : old) {
    if (hash == 0) continue;
    std::size_t i = hash & mask_;
    while (slots_[i] != 0) i = (i + 1) & mask_;
    slots_[i] = hash;
  }
}

Result<OrderSurvey> survey_orders(std::span<const Table* const> tables, std::span<const Layout> layouts,
                                  const ReadOptions& options, const std::function<void(std::uint64_t)>& progress) {
  assert(!tables.empty() && tables.size() == layouts.size());
  return Surveyor(tables, layouts, options, progress).run();
}

}  // namespace behoud::ingest
