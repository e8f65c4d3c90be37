#include "ingest/record_reader.h"

#include <algorithm>
#include <cassert>

#include "base/text.h"
#include "ingest/names.h"
#include "ingest/record_words.h"
#include "ingest/shared_sign.h"
#include "ledger/bounds.h"

namespace behoud::ingest {
namespace {

constexpr std::size_t kRejectedKept = 100'000;
constexpr std::size_t kLinesKept = 20;  // of a step of the bridge
constexpr std::size_t kExcerptBytes = 80;
constexpr std::size_t kNoticesKept = 1000;
// Of one amount, as of a cost that is entered by hand: sums of some thousand fit into 64 bits.
constexpr std::int64_t kMinorMax = 1'000'000'000'000'000;

std::string excerpt_of(std::string_view cell) {
  std::string out(trim(cell).substr(0, kExcerptBytes));
  while (!is_utf8(out)) out.pop_back();  // a character that was cut
  return out;
}

bool is_date(FieldType type) { return type == FieldType::kDate || type == FieldType::kSpan; }

calendar::Instant latest(const RecordSpec& spec, calendar::Instant now) {
  return {now.ms + (spec.ahead ? kYearsAhead * 366 * calendar::kMsPerDay : 0)};
}

// "12 XYZ": three letters beside a number are a code, known or not (amounts.cpp lets none but those through).
bool is_code(std::string_view text) {
  return text.size() == 3 &&
         std::all_of(text.begin(), text.end(), [](char c) { return lower(c) >= 'a' && lower(c) <= 'z'; }) &&
         !equal_ignoring_case(text, "lei") && !equal_ignoring_case(text, "din");
}

struct PlannedTable {
  const Table* table = nullptr;
  RecordLayout layout;
  std::vector<std::size_t> projection;
  std::vector<std::vector<std::uint16_t>> slots;
  std::vector<std::uint16_t> wide_slots;
};

void project(PlannedTable& t) {
  const auto slot = [&](std::size_t column) {
    auto it = std::find(t.projection.begin(), t.projection.end(), column);
    if (it == t.projection.end()) it = t.projection.insert(it, column);
    return static_cast<std::uint16_t>(it - t.projection.begin());
  };
  t.slots.resize(t.layout.columns.size());
  for (std::size_t f = 0; f < t.layout.columns.size(); ++f) {
    for (const std::size_t column : t.layout.columns[f]) t.slots[f].push_back(slot(column));
  }
  for (const auto& [column, currency] : t.layout.wide) t.wide_slots.push_back(slot(column));
}

// What other tables of the same shape told, for one that cannot tell by itself: parts of one export are alike.
struct Told {
  std::map<std::size_t, DayOrder> orders;  // of each field
  AmountEvidence amounts, rates;
};

// What the rows of a table say about its dates, marks and currencies.
class Surveyor {
 public:
  Surveyor(const PlannedTable& t, const RecordSpec& spec, const RecordOptions& options)
      : t_(t), spec_(spec), options_(options) {
    for (std::size_t f = 0; f < spec.fields.size(); ++f) dates_.emplace_back(latest(spec, options.now));
  }

  Result<void> read(const std::function<void(std::uint64_t)>& progress) {
    TRY_ASSIGN(const auto reader, t_.table->read(t_.projection, t_.layout.skip_rows));
    RowBatch batch;
    std::uint64_t done = 0;
    for (;;) {
      TRY_ASSIGN(const bool more, reader->next(batch));
      if (!more) return {};
      for (std::size_t r = 0; r < batch.rows(); ++r) note(batch.row(r), batch.lines[r]);
      const std::uint64_t now = reader->bytes_done();
      progress(now - std::min(done, now));
      done = now;
    }
  }

  void tell(Told& told) const {
    for (std::size_t f = 0; f < spec_.fields.size(); ++f) {
      if (dates_[f].dates() == 0) continue;
      const auto form = decided(f, std::nullopt);
      if (form && form->family == DateFamily::kDmy) told.orders.emplace(f, form->order);
    }
    told.amounts.merge(amounts_);
    told.rates.merge(rates_);
  }

  // Errors: kBadInput (dates, marks), kInvalidArgument (no currency).
  Result<RecordSurvey> decide(const Told& told) const {
    RecordSurvey out;
    TRY(decide_dates(told, out));
    const RecordLayout& layout = t_.layout;
    std::optional<int> exponent;
    if (options_.currency) exponent = options_.currency->exponent();
    for (std::size_t f = 0; f < spec_.fields.size(); ++f) {
      if (spec_.fields[f].type != FieldType::kMoney) continue;
      const money::Currency stated = header_currency(layout.header_of(f));
      if (stated.known()) exponent = stated.exponent();
      if (amounts_seen_ && !stated.known() && !options_.currency && !currency_seen_) {
        return fail(
            Errc::kInvalidArgument,
            layout.shape.file + ": no currency is stated for the amounts in column " + quoted(layout.column_name(f)),
            "Say it: --currency EUR.", Place{layout.shape.file, 0, layout.column_name(f)},
            {"problem.currency_of_column"});
      }
    }
    TRY_ASSIGN(const AmountEvidence::Decision mark, decide_mark(amounts_, told.amounts, exponent));
    out.mark = mark.mark;
    out.guessed = mark.guessed;
    // A rate of "1.234" is no thousand: read as of a currency with three decimals.
    TRY_ASSIGN(const AmountEvidence::Decision rate_mark, decide_mark(rates_, told.rates, 3));
    out.rate_mark = rate_mark.mark;
    return out;
  }

 private:
  void note(std::span<const std::string_view> cells, std::uint64_t line) {
    if (columns_.empty()) {
      for (std::size_t f = 0; f < spec_.fields.size(); ++f) columns_.push_back(t_.layout.column_name(f));
    }
    for (std::size_t f = 0; f < spec_.fields.size(); ++f) {
      for (const std::uint16_t slot : t_.slots[f]) {
        const std::string_view cell = cells[slot];
        switch (spec_.fields[f].type) {
          case FieldType::kDate:
            if (!is_total_word(cell)) dates_[f].add(cell, line);
            break;
          case FieldType::kSpan:
            if (!is_total_word(cell) && !parse_month(cell)) dates_[f].add(cell, line);
            break;
          case FieldType::kMoney:
            amounts_.add(cell, line, columns_[f]);
            note_currency(cell);
            break;
          case FieldType::kRate:
            rates_.add(cell, line, columns_[f]);
            break;
          case FieldType::kCurrency:
            currency_seen_ = currency_seen_ || !trim(cell).empty();
            break;
          default:
            break;
        }
      }
    }
    for (const std::uint16_t slot : t_.wide_slots) rates_.add(cells[slot], line);
  }

  Result<AmountEvidence::Decision> decide_mark(const AmountEvidence& own, const AmountEvidence& all,
                                               std::optional<int> exponent) const {
    if (options_.decimal_mark != 0) return AmountEvidence::Decision{options_.decimal_mark};
    if (!own.tells() && all.tells()) {
      if (auto decision = all.decide(t_.layout.shape.file, exponent)) return decision;
    }
    return own.decide(t_.layout.shape.file, exponent);
  }

  void note_currency(std::string_view cell) {
    if (amounts_seen_ && currency_seen_) return;
    for (const char mark : {'.', ','}) {
      Decimal d;
      std::string_view around;
      if (read_amount(cell, mark, d, around) != AmountFault::kNone) continue;
      amounts_seen_ = true;
      currency_seen_ = currency_seen_ || money::Currency::guess(around).known() || is_code(around);
    }
  }

  Result<DateForm> decided(std::size_t f, std::optional<DayOrder> order) const {
    return dates_[f].decide(t_.layout.shape.file, t_.layout.column_name(f), order, spec_.fields[f].name);
  }

  Result<void> decide_dates(const Told& told, RecordSurvey& out) const {
    out.dates.resize(spec_.fields.size());
    std::optional<DateForm> custom;
    std::optional<DayOrder> asked;
    if (!options_.date_format.empty()) {
      TRY_ASSIGN(const DateForm form, parse_date_format(options_.date_format));
      if (!form.custom.empty()) {
        custom = form;
      } else {
        asked = form.order;
      }
    }
    std::optional<DayOrder> beside;  // what another column of the table tells
    std::vector<std::size_t> open;
    for (std::size_t f = 0; f < spec_.fields.size(); ++f) {
      if (!is_date(spec_.fields[f].type) || !t_.layout.has(f)) continue;
      if (custom || dates_[f].cells() == 0) {
        out.dates[f] = custom.value_or(DateForm{});
      } else if (auto form = decided(f, asked)) {
        if (form->family == DateFamily::kDmy) beside = form->order;
        out.dates[f] = *std::move(form);
      } else {
        open.push_back(f);
      }
    }
    for (const std::size_t f : open) {
      std::optional<DayOrder> order = asked ? asked : beside;
      if (const auto it = told.orders.find(f); !order && it != told.orders.end()) order = it->second;
      TRY_ASSIGN(out.dates[f], decided(f, order));
    }
    for (std::size_t f = 0; f < spec_.fields.size(); ++f) {
      if (out.dates[f]) out.dates[f]->utc = header_says_utc(t_.layout.header_of(f));
    }
    return {};
  }

  const PlannedTable& t_;
  const RecordSpec& spec_;
  const RecordOptions& options_;
  std::vector<DateEvidence> dates_;  // of each field
  AmountEvidence amounts_, rates_;
  std::vector<std::string> columns_;  // the name of each field's column
  bool amounts_seen_ = false, currency_seen_ = false;
};

// The tables of all files, recognised.
struct Plan {
  std::vector<PlannedTable> tables;
  std::vector<Notice> notices;
};

Result<Plan> plan_tables(std::span<const OpenFile> files, const RecordSpec& spec, const RecordOptions& options) {
  Plan plan;
  for (const OpenFile& file : files) {
    std::optional<Error> unlike_error;
    std::vector<std::string> skipped;
    bool any = false;
    for (const Table* table : file.tables) {
      bool unlike = false;
      auto layout = recognise_record_table(*table, spec, options, &unlike);
      if (!layout) {
        // An archive may hold other things beside: said, not silently left out.
        if (!unlike || file.tables.size() == 1) return std::unexpected(std::move(layout).error());
        if (!unlike_error) unlike_error = std::move(layout).error();
        skipped.push_back(table->name());
        continue;
      }
      any = true;
      PlannedTable planned;
      planned.table = table;
      planned.layout = *std::move(layout);
      std::move(planned.layout.notices.begin(), planned.layout.notices.end(), std::back_inserter(plan.notices));
      planned.layout.notices.clear();
      project(planned);
      plan.tables.push_back(std::move(planned));
    }
    if (!any && unlike_error) return std::unexpected(*std::move(unlike_error));
    for (std::string& name : skipped) {
      plan.notices.push_back({"ingest.notice.table_skipped", {{"file", std::move(name)}}, 1});
    }
  }
  if (plan.tables.empty())
    return fail(Errc::kBadInput, "no file holds a table", "Name a file.", {}, {"problem.no_orders"});
  return plan;
}

}  // namespace

// ---- the account ----

void RecordAccount::Step::add(std::uint64_t line) {
  ++count;
  if (lines.size() < kLinesKept) lines.push_back(line);
}

void RecordAccount::reject(Place place, std::string_view reason, std::string_view excerpt, bool cell) {
  Steps& steps = cell ? rejected_cells_ : rejected_rows_;
  steps[std::string(reason)].add(place.line);
  ++rejected_count_;
  if (rejected_.size() < kRejectedKept) {
    rejected_.push_back({std::move(place), std::string(reason), excerpt_of(excerpt)});
  }
}

void RecordAccount::count(std::string_view step, std::uint64_t line) { steps_[std::string(step)].add(line); }

void RecordAccount::take_back(std::uint64_t rows) {
  const auto less = [&](std::string_view name, std::uint64_t n) {
    if (n == 0) return;
    Step& step = steps_.find(name)->second;
    assert(step.count >= n);
    step.count -= n;
  };
  less("read", rows);
  less("merged", rows - 1);
}

void RecordAccount::notice(const std::string& key, std::map<std::string, std::string> args) {
  std::string id = key;
  for (const auto& [name, value] : args) id.append(1, '\0').append(name).append(1, '\0').append(value);
  const auto it = notices_.find(id);
  if (it != notices_.end()) {
    ++it->second.count;
  } else if (notices_.size() < kNoticesKept) {
    notices_.emplace(std::move(id), Notice{key, std::move(args), 1});
  }
}

void RecordAccount::finish(RecordFacts& facts) {
  std::uint64_t rows = 0;
  std::vector<BridgeStep> steps;
  const auto put = [&](const std::string& name, const Step& step, const std::string& reason = {}) {
    if (step.count > 0) steps.push_back({name, step.count, 0, reason, step.lines, {}});
  };
  const auto put_named = [&](const char* name, bool of_rows) {
    const auto it = steps_.find(name);
    if (it == steps_.end()) return;
    if (of_rows) rows += it->second.count;
    put(name, it->second);
  };
  for (const char* name : {"title_rows", "header_rows", "blank_rows", "total_rows"}) put_named(name, true);
  for (const auto& [reason, step] : rejected_rows_) {
    rows += step.count;
    put("rejected", step, reason);
  }
  put_named("read", true);
  put_named("merged", false);
  std::uint64_t cells = 0;
  if (const auto it = steps_.find("blank_cells"); it != steps_.end()) cells += it->second.count;
  for (const auto& [reason, step] : rejected_cells_) cells += step.count;
  if (cells > 0 || steps_.contains("cells")) {
    Step all;
    all.count = cells + records_;
    put("cells", all);
    put_named("blank_cells", false);
    for (const auto& [reason, step] : rejected_cells_) put("rejected_cells", step, reason);
  }
  Step records;
  records.count = records_;
  put("records", records);
  facts.bridge.push_back({"rows", rows, 0, {}, {}, {}});
  std::move(steps.begin(), steps.end(), std::back_inserter(facts.bridge));
  facts.rows = rows;
  facts.records = records_;
  facts.rejected = std::move(rejected_);
  facts.rejected_count = rejected_count_;
  for (auto& [id, notice] : notices_) facts.notices.push_back(std::move(notice));
}

// ---- one row ----

std::string_view RecordRow::text(std::size_t field) const {
  if (field >= slots_.size()) return {};
  for (const std::uint16_t slot : slots_[field]) {
    if (const std::string_view text = trim(cells_[slot]); !text.empty()) return text;
  }
  return {};
}

std::optional<calendar::Moment> RecordRow::moment(std::size_t field) {
  const std::string_view cell = text(field);
  if (is_no_date(cell)) return std::nullopt;
  assert(dates_[field]);
  calendar::Moment at;
  switch (dates_[field]->read(cell, at)) {
    case DateFault::kNone:
      return at;
    case DateFault::kUnreadable:
      reject(field, "ingest.reject.date");
      break;
    case DateFault::kTooEarly:
      reject(field, "ingest.reject.date_too_early");
      break;
    case DateFault::kFuture:
      reject(field, "ingest.reject.date_future");
      break;
  }
  return std::nullopt;
}

std::optional<calendar::Day> RecordRow::day(std::size_t field) {
  const auto at = moment(field);
  if (!at) return std::nullopt;
  return options_.zone.day_of(*at);
}

std::optional<money::Money> RecordRow::money(std::size_t field, std::size_t currency) {
  const std::string_view cell = text(field);
  Decimal d;
  std::string_view around;
  switch (read_amount(cell, mark_, d, around)) {
    case AmountFault::kBlank:
      return std::nullopt;
    case AmountFault::kUnreadable:
      reject(field, "ingest.reject.amount");
      return std::nullopt;
    case AmountFault::kRange:
      reject(field, "ingest.reject.amount_range");
      return std::nullopt;
    case AmountFault::kNone:
      break;
  }
  money::Currency of;
  if (const std::string_view stated = text(currency); !stated.empty()) {
    of = money::Currency::guess(stated);
    if (!of.known()) {
      reject(currency, "ingest.reject.currency");
      return std::nullopt;
    }
  }
  if (!of.known() && !around.empty()) {
    of = money::Currency::guess(around);
    if (!of.known() && is_code(around)) {
      reject(field, "ingest.reject.currency");
      return std::nullopt;
    }
  }
  if (!of.known()) of = header_currency(layout_.header_of(field));
  if (!of.known()) of = options_.currency.value_or(money::Currency::none());
  if (!around.empty() && text(currency).empty() && !may_bear(of, shared_sign(around))) {
    reject(field, "ingest.reject.currency_sign");
    return std::nullopt;
  }
  if (!of.known()) {
    reject(has(currency) ? currency : field, "ingest.reject.currency_missing");
    return std::nullopt;
  }
  const auto minor = d.minor(of.exponent());
  if (!minor || *minor > kMinorMax || *minor < -kMinorMax) {
    reject(field, "ingest.reject.amount_range");
    return std::nullopt;
  }
  return money::Money{*minor, of};
}

std::optional<std::uint32_t> RecordRow::count(std::size_t field) {
  Decimal d;
  switch (read_amount(text(field), mark_, d)) {
    case AmountFault::kBlank:
      return std::nullopt;
    case AmountFault::kNone:
      if (const auto n = d.minor(0); n && *n >= 0 && *n <= UINT32_MAX && Decimal{*n, 0} == d) {
        return static_cast<std::uint32_t>(*n);
      }
      break;
    case AmountFault::kUnreadable:
    case AmountFault::kRange:
      break;
  }
  reject(field, "ingest.reject.count");
  return std::nullopt;
}

std::string_view RecordRow::wide(std::size_t i) const { return trim(cells_[wide_slots_[i]]); }

AmountFault RecordRow::rate(std::string_view cell, Decimal& out) const {
  std::string_view around;
  const AmountFault fault = read_amount(cell, rate_mark_, out, around);
  if (fault != AmountFault::kNone) return fault;
  if (!around.empty() || out.mantissa <= 0 || out.scale > money::kRateScaleMax) return AmountFault::kUnreadable;
  while (out.scale > 0 && out.mantissa % 10 == 0) {
    out.mantissa /= 10;
    --out.scale;
  }
  return AmountFault::kNone;
}

void RecordRow::reject(std::size_t field, std::string_view reason, bool show_cell) {
  if (rejected_) return;
  rejected_ = true;
  account_.reject(place(field), reason, show_cell ? text(field) : std::string_view{});
}

// ---- the reading ----

class RecordReading {
 public:
  RecordReading(PlannedTable& t, const RecordSurvey& survey, const RecordOptions& options, RecordAccount& account)
      : t_(t), survey_(survey), options_(options), account_(account), row_(t.layout, options, account) {}

  Result<void> run(const RowFn& fn, const std::function<void(std::uint64_t)>& progress) {
    const RecordSpec& spec = *t_.layout.spec;
    row_.slots_ = t_.slots;
    row_.wide_slots_ = t_.wide_slots;
    row_.mark_ = survey_.mark;
    row_.rate_mark_ = survey_.rate_mark;
    row_.dates_.resize(survey_.dates.size());
    for (std::size_t f = 0; f < survey_.dates.size(); ++f) {
      if (!survey_.dates[f]) continue;
      TRY_ASSIGN(row_.dates_[f], DateReader::create(*survey_.dates[f], options_.zone, latest(spec, options_.now)));
    }
    for (std::uint64_t i = 0; i < t_.layout.title_lines; ++i) account_.count("title_rows", i + 1);
    if (t_.layout.header_line != 0) account_.count("header_rows", t_.layout.header_line);
    TRY_ASSIGN(const auto reader, t_.table->read(t_.projection, t_.layout.skip_rows));
    RowBatch batch;
    std::uint64_t done = 0;
    for (;;) {
      TRY_ASSIGN(const bool more, reader->next(batch));
      if (!more) break;
      for (std::size_t r = 0; r < batch.rows(); ++r) {
        row_.line_ = batch.lines[r];
        row_.cells_ = batch.row(r);
        row_.rejected_ = false;
        TRY(take(batch.widths[r], spec, fn));
      }
      const std::uint64_t now = reader->bytes_done();
      progress(now - std::min(done, now));
      done = now;
    }
    row_.cells_ = {};
    return {};
  }

 private:
  Result<void> take(std::uint32_t width, const RecordSpec& spec, const RowFn& fn) {
    bool blank = true, total = false;
    for (const std::string_view cell : row_.cells_) {
      const std::string_view text = trim(cell);
      if (text.empty()) continue;
      blank = false;
      total = total || is_total_word(text);
    }
    if (blank) {
      account_.count("blank_rows", row_.line_);
      return {};
    }
    if (total && spec.key != kNoField) {
      const std::string_view key = row_.text(spec.key);
      if (key.empty() || is_total_word(key)) {
        account_.count("total_rows", row_.line_);
        ++t_.layout.shape.total_rows;
        return {};
      }
    }
    if (t_.layout.width.strict && width != t_.layout.width.cells) {
      row_.reject(kNoField, "ingest.reject.cells");
      return {};
    }
    if (!texts_fit(spec)) return {};
    TRY(fn(row_));
    if (!row_.rejected_) account_.count("read", row_.line_);
    return {};
  }

  // Whether the ledger takes the row's texts. False: it would refuse the whole file for one, and the row is rejected
  // instead. Only a key is shown, and that is no address.
  bool texts_fit(const RecordSpec& spec) {
    for (std::size_t f = 0; f < spec.fields.size(); ++f) {
      const bool key = spec.fields[f].type == FieldType::kIdentity;
      if (!key && spec.fields[f].type != FieldType::kText) continue;
      const std::string_view text = row_.text(f);
      if (text.size() <= ledger::kTextBytesMax) continue;
      row_.reject(f, kTextTooLong, key && text.find('@') == std::string_view::npos);
      return false;
    }
    return true;
  }

  PlannedTable& t_;
  const RecordSurvey& survey_;
  const RecordOptions& options_;
  RecordAccount& account_;
  RecordRow row_;
};

Result<RecordFacts> read_record_tables(std::span<const OpenFile> files, const RecordSpec& spec,
                                       const RecordOptions& options, RecordAccount& account, const RowFn& row) {
  TRY_ASSIGN(Plan plan, plan_tables(files, spec, options));
  std::uint64_t total = 0, done = 0;
  for (const PlannedTable& t : plan.tables) total += 2 * t.table->bytes_total();
  const std::function<void(std::uint64_t)> progress = [&](std::uint64_t bytes) {
    done = std::min(total, done + bytes);
    if (options.progress) options.progress(done, total);
  };
  std::vector<RecordSurvey> surveys;
  {
    std::vector<Surveyor> surveyors;
    std::map<std::string_view, Told> told;  // by fingerprint
    for (const PlannedTable& t : plan.tables) {
      TRY(surveyors.emplace_back(t, spec, options).read(progress));
      surveyors.back().tell(told[t.layout.shape.fingerprint]);
    }
    for (std::size_t i = 0; i < plan.tables.size(); ++i) {
      const RecordShape& shape = plan.tables[i].layout.shape;
      TRY_ASSIGN(RecordSurvey survey, surveyors[i].decide(told[shape.fingerprint]));
      if (survey.guessed) {
        account.notice("ingest.notice.decimal_guessed", {{"file", shape.file}, {"mark", std::string(1, survey.mark)}});
      }
      surveys.push_back(std::move(survey));
    }
  }
  RecordFacts facts;
  facts.notices = std::move(plan.notices);
  for (std::size_t i = 0; i < plan.tables.size(); ++i) {
    PlannedTable& t = plan.tables[i];
    const RecordSurvey& survey = surveys[i];
    TRY(RecordReading(t, survey, options, account).run(row, progress));
    RecordShape& shape = t.layout.shape;
    for (const auto& form : survey.dates) {
      if (form && shape.date_format.empty()) shape.date_format = to_string(*form);
    }
    const bool money =
        std::any_of(spec.fields.begin(), spec.fields.end(), [](const Field& f) { return f.type == FieldType::kMoney; });
    shape.decimal_mark = std::string(1, money ? survey.mark : survey.rate_mark);
    facts.files.push_back(std::move(shape));
  }
  if (options.progress) options.progress(total, total);
  return facts;
}

Result<std::vector<RecordShape>> recognise_record_tables(std::span<const OpenFile> files, const RecordSpec& spec,
                                                         const RecordOptions& options) {
  TRY_ASSIGN(Plan plan, plan_tables(files, spec, options));
  std::vector<RecordShape> out;
  out.reserve(plan.tables.size());
  for (PlannedTable& t : plan.tables) out.push_back(std::move(t.layout.shape));
  return out;
}

}  // namespace behoud::ingest
