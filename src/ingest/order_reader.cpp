#include "ingest/order_reader.h"

#include <algorithm>
#include <array>
#include <unordered_map>

#include "base/text.h"
#include "ingest/order_fold.h"
#include "ingest/order_survey.h"
#include "ingest/sample.h"

namespace behoud::ingest {
namespace {

// Tables of one shape, surveyed together.
struct Cohort {
  std::vector<const Table*> tables;
  std::vector<Layout> layouts;
  OrderSurvey survey;
};
struct TablePlace {
  std::size_t file = 0, cohort = 0, index = 0;  // index: in the cohort
};

struct Recognised {
  std::vector<Cohort> cohorts;
  std::vector<TablePlace> order;  // of the tables, as they were given
  std::vector<Notice> notices;
};

Result<Recognised> recognise_all(std::span<const OpenFile> files, const ReadOptions& options) {
  Recognised out;
  for (std::size_t f = 0; f < files.size(); ++f) {
    std::optional<Error> unlike;
    std::vector<std::string> skipped;
    bool any = false;
    for (const Table* table : files[f].tables) {
      std::optional<std::size_t> home;
      std::optional<Layout> layout;
      for (std::size_t c = 0; c < out.cohorts.size() && !layout; ++c) {
        TRY_ASSIGN(layout, recognise_like(*table, out.cohorts[c].layouts.front()));
        if (layout) home = c;
      }
      if (!layout) {
        bool no_orders = false;
        auto found = recognise_orders(*table, options, &no_orders);
        if (!found) {
          // An archive may hold other things beside the orders: said, not silently left out.
          if (!no_orders || files[f].tables.size() == 1) return std::unexpected(std::move(found).error());
          if (!unlike) unlike = std::move(found).error();
          skipped.push_back(table->name());
          continue;
        }
        layout = std::move(*found);
        home = out.cohorts.size();
        out.cohorts.emplace_back();
      }
      any = true;
      Cohort& cohort = out.cohorts[*home];
      out.order.push_back({f, *home, cohort.tables.size()});
      cohort.tables.push_back(table);
      std::move(layout->notices.begin(), layout->notices.end(), std::back_inserter(out.notices));
      layout->notices.clear();
      cohort.layouts.push_back(std::move(*layout));
    }
    if (!any && unlike) return std::unexpected(std::move(*unlike));
    for (std::string& name : skipped)
      out.notices.push_back({"ingest.notice.part_skipped", {{"file", std::move(name)}}, 1});
  }
  if (out.order.empty())
    return fail(Errc::kBadInput, "no file holds orders", "Name a file of orders.", {}, {"problem.no_orders"});
  return out;
}

// Rows whose cells outlive their batch.
class KeptRows {
 public:
  void keep(std::span<RowRef> rows) {
    std::size_t bytes = 0, cells = 0;
    for (const RowRef& r : rows) {
      cells += r.cells.size();
      for (const std::string_view c : r.cells) bytes += c.size();
    }
    auto chunk = std::make_unique<Chunk>();
    chunk->text.reserve(bytes);
    chunk->cells.reserve(cells);
    for (RowRef& r : rows) {
      const std::size_t first = chunk->cells.size();
      for (const std::string_view c : r.cells) {
        const std::size_t at = chunk->text.size();
        chunk->text += c;
        chunk->cells.emplace_back(chunk->text.data() + at, c.size());
      }
      r.cells = {chunk->cells.data() + first, r.cells.size()};
    }
    chunks_.push_back(std::move(chunk));
  }
  void clear() { chunks_.clear(); }

 private:
  struct Chunk {
    std::string text;
    std::vector<std::string_view> cells;
  };
  std::vector<std::unique_ptr<Chunk>> chunks_;
};

// The rows so far of an order whose rows lie apart, packed: for each row b (8 bytes), line (8), and each cell as a
// length (4) and its bytes.
class ApartOrder {
 public:
  void add(std::uint64_t b, const RowRef& row) {
    put(&b, 8);
    put(&row.line, 8);
    for (const std::string_view c : row.cells) {
      const auto length = static_cast<std::uint32_t>(c.size());
      put(&length, 4);
      bytes_ += c;
    }
  }
  // Views into this.
  std::vector<std::pair<std::uint64_t, RowRef>> rows(std::size_t columns, std::vector<std::string_view>& cells) const {
    std::vector<std::pair<std::uint64_t, RowRef>> out;
    cells.clear();
    for (std::size_t at = 0; at < bytes_.size();) {
      std::uint64_t b = 0, line = 0;
      get(at, &b, 8);
      get(at, &line, 8);
      for (std::size_t c = 0; c < columns; ++c) {
        std::uint32_t length = 0;
        get(at, &length, 4);
        cells.emplace_back(bytes_.data() + at, length);
        at += length;
      }
      out.emplace_back(b, RowRef{line, {}});
    }
    for (std::size_t i = 0; i < out.size(); ++i) out[i].second.cells = {cells.data() + i * columns, columns};
    return out;
  }
  std::uint32_t runs_seen = 0;
  std::uint64_t first_line = 0;
  bool made_up = false;

 private:
  void put(const void* p, std::size_t n) { bytes_.append(static_cast<const char*>(p), n); }
  void get(std::size_t& at, void* p, std::size_t n) const {
    std::copy_n(bytes_.data() + at, n, static_cast<char*>(p));
    at += n;
  }
  std::string bytes_;
};

// The rows of an order that the end of a part cut off from the rest, which the next part may begin with.
struct OpenRun {
  RowKey key;
  std::vector<RowRef> rows;
  KeptRows kept;
};

// The second pass over one table.
class TableReading {
 public:
  TableReading(const Table& table, Layout& layout, const OrderSurvey& survey, std::size_t index, OrderAccount& account)
      : table_(table), layout_(layout), survey_(survey), index_(index), account_(account), slots_(layout) {}

  // `before`: what the part before this one ended with. `goes_on`: there is a part behind this one, and the last order
  // is left open for it. `beside`: the survey is a guess, and goes on here; where it is refuted, the reading ends with
  // kConflict.
  Result<OpenRun> run(const ReadOptions& options, OrderSink& sink, const std::function<void(std::uint64_t)>& progress,
                      OpenRun before, bool goes_on, SurveyBeside* beside = nullptr) {
    key_ = before.key;
    group_ = std::move(before.rows);
    kept_ = std::move(before.kept);
    TRY_ASSIGN(fold_, OrderFold::create(layout_, slots_, survey_, options, account_, sink));
    TRY_ASSIGN(DateReader dates, DateReader::create(survey_.date_form, options.zone, options.now));
    RowKeys keys(layout_, slots_, survey_.decimal_mark, dates);
    for (std::uint64_t i = 0; i < layout_.title_lines; ++i) account_.count_row("title_rows", i + 1);
    if (layout_.header_line != 0) account_.count_row("header_rows", layout_.header_line);

    TRY_ASSIGN(const auto reader, table_.read(slots_.table_columns, layout_.skip_rows));
    RowBatch batch;
    std::uint64_t row = 0, done = 0;
    const std::uint64_t rows = survey_.rows[index_];
    for (;;) {
      TRY_ASSIGN(const bool more, reader->next(batch));
      if (!more) break;
      kept_upto_ = group_.size();
      if (beside != nullptr) {
        TRY(take_beside(keys, batch, *beside));
      } else {
        for (std::size_t r = 0; r < batch.rows(); ++r, ++row) {
          const RowRef ref{batch.lines[r], batch.row(r)};
          const RowKey key = keys.key(ref.cells, batch.widths[r], rows > row ? rows - row - 1 : 0);
          TRY(take(key, ref));
        }
      }
      if (kept_upto_ < group_.size()) kept_.keep(std::span(group_).subspan(kept_upto_));
      if (progress) {
        const std::uint64_t now = reader->bytes_done();
        progress(now - std::min(done, now));
        done = now;
      }
    }
    OpenRun open;
    if (goes_on && !apart_.contains(key_.a)) {
      open.key = key_;
      open.rows = std::move(group_);
      open.kept = std::move(kept_);
      group_.clear();
    }
    TRY(close());
    // Those that waited for the end, and whose further runs turned out to be none.
    std::vector<const ApartOrder*> rest;
    rest.reserve(apart_.size());
    for (const auto& [a, order] : apart_) rest.push_back(&order);
    std::sort(rest.begin(), rest.end(),
              [](const ApartOrder* x, const ApartOrder* y) { return x->first_line < y->first_line; });
    for (const ApartOrder* order : rest) TRY(fold_apart(*order));
    return open;
  }

 private:
  // How many rows follow is not known: SurveyBeside finds out whether that matters.
  Result<void> take_beside(RowKeys& keys, const RowBatch& batch, SurveyBeside& beside) {
    constexpr std::size_t kAtOnce = 32;
    std::array<RowKey, kAtOnce> key;
    for (std::size_t begin = 0; begin < batch.rows(); begin += kAtOnce) {
      const std::size_t n = std::min(kAtOnce, batch.rows() - begin);
      for (std::size_t i = 0; i < n; ++i) {
        key[i] = keys.key(batch.row(begin + i), batch.widths[begin + i]);
        beside.prefetch(key[i]);
      }
      for (std::size_t i = 0; i < n; ++i) {
        const std::size_t r = begin + i;
        const RowRef ref{batch.lines[r], batch.row(r)};
        if (!beside.see(key[i], ref.cells, batch.widths[r], ref.line)) {
          return fail(Errc::kConflict, "the rows are not as their first ones");
        }
        TRY(take(key[i], ref));
      }
    }
    beside.end_batch();
    return {};
  }

  Result<void> take(const RowKey& key, const RowRef& row) {
    switch (key.kind) {
      case RowKey::Kind::kBlank:
        account_.count_row("blank_rows", row.line);
        return {};
      case RowKey::Kind::kTotal:
        account_.count_row("total_rows", row.line);
        ++layout_.shape.total_rows;
        return {};
      case RowKey::Kind::kBroken:
        account_.reject(layout_.shape.file, row.line, {}, "ingest.reject.cells", {});
        return {};
      case RowKey::Kind::kContinuation:
        if (group_.empty() || key_.kind != RowKey::Kind::kOrder) {
          account_.reject(layout_.shape.file, row.line, layout_.column_name(Role::kOrder),
                          "ingest.reject.order_missing", {});
          return {};
        }
        group_.push_back(row);
        return {};
      case RowKey::Kind::kAlone:  // belongs to no run, so the open one goes on
        return fold_->fold({&row, 1}, true, true);
      case RowKey::Kind::kMadeUp:
        // Where other rows have ids those without were not surveyed: they wait for the end, and the open run goes on.
        if (survey_.order_ids) {
          ApartOrder& order = apart_[key.a];
          if (order.runs_seen++ == 0) order.first_line = row.line;
          order.made_up = true;
          order.add(key.b, row);
          return {};
        }
        [[fallthrough]];
      case RowKey::Kind::kOrder:
        if (!group_.empty() && key.kind == key_.kind && key.same_order(key_)) {
          group_.push_back(row);
          return {};
        }
        TRY(close());
        key_ = key;
        group_.push_back(row);
        return {};
    }
    return {};
  }

  // The open run ends: its order is whole, or waits for its other runs.
  Result<void> close() {
    if (group_.empty()) return {};
    const auto& runs = survey_.runs[index_];
    const auto it = runs.empty() ? runs.end() : runs.find(key_.a);
    const bool made_up = key_.kind == RowKey::Kind::kMadeUp;
    if (it == runs.end()) {
      TRY(fold_->fold(group_, made_up, false));
    } else {
      ApartOrder& order = apart_[key_.a];
      order.made_up = made_up;
      if (order.runs_seen == 0) order.first_line = group_.front().line;
      for (const RowRef& row : group_) order.add(key_.b, row);
      if (++order.runs_seen >= it->second) {
        TRY(fold_apart(order));
        apart_.erase(key_.a);
      }
    }
    group_.clear();
    kept_.clear();
    kept_upto_ = 0;
    return {};
  }

  Result<void> fold_apart(const ApartOrder& order) {
    auto rows = order.rows(slots_.table_columns.size(), apart_cells_);
    // Orders that share the first 64 bits of their key by chance are told apart by the others.
    std::stable_sort(rows.begin(), rows.end(), [](const auto& x, const auto& y) { return x.first < y.first; });
    apart_rows_.clear();
    for (std::size_t i = 0; i < rows.size(); ++i) {
      apart_rows_.push_back(rows[i].second);
      if (i + 1 == rows.size() || rows[i + 1].first != rows[i].first) {
        TRY(fold_->fold(apart_rows_, order.made_up, false));
        apart_rows_.clear();
      }
    }
    return {};
  }

  const Table& table_;
  Layout& layout_;
  const OrderSurvey& survey_;
  std::size_t index_;
  OrderAccount& account_;
  Slots slots_;
  std::unique_ptr<OrderFold> fold_;
  RowKey key_;
  std::vector<RowRef> group_;  // the rows of the open run
  KeptRows kept_;
  std::size_t kept_upto_ = 0;
  std::unordered_map<std::uint64_t, ApartOrder> apart_;
  std::vector<std::string_view> apart_cells_;
  std::vector<RowRef> apart_rows_;
};

void say_decisions(const Cohort& cohort, OrderAccount& account) {
  const Layout& layout = cohort.layouts.front();
  const std::string& file = layout.shape.file;
  const OrderSurvey& s = cohort.survey;
  // An order of a payment and its refund states no amount twice: then there is nothing to say.
  if (s.several_rows && s.order_ids && layout.has(Role::kAmount) && s.per_order.test(index(Role::kAmount)) &&
      s.repeated.test(index(Role::kAmount))) {
    account.notice("ingest.notice.read_as_total", {{"file", file}, {"column", layout.column_name(Role::kAmount)}});
  }
  if (s.several_rows && s.order_ids && layout.has(Role::kTotal) && !s.per_order.test(index(Role::kTotal)) &&
      layout.preset == nullptr && !layout.mapped.test(index(Role::kTotal))) {
    account.notice("ingest.notice.total_of_lines", {{"file", file}, {"column", layout.column_name(Role::kTotal)}});
  }
  if (s.decimal_guessed) {
    account.notice("ingest.notice.decimal_guessed", {{"file", file}, {"mark", std::string(1, s.decimal_mark)}});
  }
}

}  // namespace

Result<std::vector<FileShape>> recognise_tables(std::span<const OpenFile> files, const ReadOptions& options) {
  TRY_ASSIGN(Recognised recognised, recognise_all(files, options));
  std::vector<FileShape> out;
  for (const TablePlace& place : recognised.order) {
    const Cohort& cohort = recognised.cohorts[place.cohort];
    const Layout& layout = cohort.layouts[place.index];
    FileShape shape = layout.shape;
    TRY_ASSIGN(const Sample sample, sample_rows(*cohort.tables[place.index]));
    DateEvidence dates(options.now);
    AmountEvidence amounts;
    for (std::size_t r = layout.skip_rows; r < sample.rows.size(); ++r) {
      const auto& row = sample.rows[r];
      for (const std::size_t c : layout.columns[index(Role::kDate)]) {
        if (c < row.size()) dates.add(row[c], sample.lines[r]);
      }
      for (const Role role : {Role::kTotal, Role::kAmount, Role::kPrice, Role::kSubtotal}) {
        for (const std::size_t c : layout.columns[index(role)]) {
          if (c < row.size()) amounts.add(row[c], sample.lines[r]);
        }
      }
    }
    if (const auto form = dates.decide(shape.file, layout.column_name(Role::kDate)))
      shape.date_format = to_string(*form);
    if (options.decimal_mark != 0) {
      shape.decimal_mark = std::string(1, options.decimal_mark);
    } else if (const auto mark = amounts.decide(shape.file, std::nullopt)) {
      shape.decimal_mark = std::string(1, mark->mark);
    }
    out.push_back(std::move(shape));
  }
  return out;
}

namespace {

// Tells how far the passes over all tables are.
class PassProgress {
 public:
  PassProgress(const ReadOptions& options, std::uint64_t total) : options_(options), total_(total) {}
  void add(std::uint64_t bytes) {
    done_ = std::min(total_, done_ + bytes);
    if (options_.progress) options_.progress(done_, total_);
  }
  void begin_anew() { done_ = 0; }

 private:
  const ReadOptions& options_;
  std::uint64_t total_, done_ = 0;
};

FileShape shape_of(Layout& layout, const OrderSurvey& survey) {
  FileShape shape = std::move(layout.shape);
  shape.date_format = to_string(survey.date_form);
  shape.decimal_mark = std::string(1, survey.decimal_mark);
  return shape;
}

// A survey of all, and then the reading.
Result<ReadFacts> read_in_two_passes(Recognised& recognised, const ReadOptions& options, PassProgress& progress,
                                     OrderSink& sink) {
  const std::function<void(std::uint64_t)> passed = [&](std::uint64_t bytes) { progress.add(bytes); };
  for (Cohort& cohort : recognised.cohorts) {
    TRY_ASSIGN(cohort.survey, survey_orders(cohort.tables, cohort.layouts, options, passed));
  }
  ReadFacts facts;
  OrderAccount account;
  for (const Cohort& cohort : recognised.cohorts) say_decisions(cohort, account);
  OpenRun open;
  for (std::size_t i = 0; i < recognised.order.size(); ++i) {
    const TablePlace& place = recognised.order[i];
    Cohort& cohort = recognised.cohorts[place.cohort];
    Layout& layout = cohort.layouts[place.index];
    TableReading reading(*cohort.tables[place.index], layout, cohort.survey, place.index, account);
    const bool goes_on = i + 1 < recognised.order.size() && recognised.order[i + 1].file == place.file &&
                         recognised.order[i + 1].cohort == place.cohort;
    TRY_ASSIGN(open, reading.run(options, sink, passed, std::move(open), goes_on));
    facts.files.push_back(shape_of(layout, cohort.survey));
  }
  TRY(account.finish(facts, options.zone));
  return facts;
}

// The reading by what the first rows are, the survey beside it. nullopt: that would not give what two passes give, or
// an error; the sink may have been given orders.
std::optional<ReadFacts> read_in_one_pass(const Recognised& recognised, const ReadOptions& options,
                                          std::uint64_t head_rows, PassProgress& progress, OrderSink& sink) {
  Cohort cohort = recognised.cohorts.front();  // a copy: the reading counts in it
  Layout& layout = cohort.layouts.front();
  const Table& table = *cohort.tables.front();
  const auto guess = survey_head(table, layout, options, head_rows);
  if (!guess || !*guess) return std::nullopt;
  const Slots slots(layout);
  const auto beside = SurveyBeside::create(table, layout, slots, **guess, options);
  if (!beside) return std::nullopt;
  OrderAccount account;
  TableReading reading(table, layout, **guess, 0, account);
  const std::function<void(std::uint64_t)> passed = [&](std::uint64_t bytes) { progress.add(2 * bytes); };
  if (!reading.run(options, sink, passed, {}, false, beside->get())) return std::nullopt;
  const auto agreed = (*beside)->agrees(cohort.survey);
  if (!agreed || !*agreed || account.notices_full()) return std::nullopt;
  say_decisions(cohort, account);
  ReadFacts facts;
  facts.files.push_back(shape_of(layout, cohort.survey));
  if (!account.finish(facts, options.zone)) return std::nullopt;
  return facts;
}

}  // namespace

Result<ReadFacts> read_order_tables(std::span<const OpenFile> files, const ReadOptions& options, OrderSink& sink,
                                    const OnePass& one_pass) {
  TRY_ASSIGN(Recognised recognised, recognise_all(files, options));
  std::uint64_t total = 0;
  for (const Cohort& c : recognised.cohorts) {
    for (const Table* t : c.tables) total += 2 * t->bytes_total();
  }
  PassProgress progress(options, total);
  std::optional<ReadFacts> at_once;
  if (recognised.order.size() == 1 && total >= 2 * one_pass.from_bytes && sink.start_over()) {
    at_once = read_in_one_pass(recognised, options, one_pass.head_rows, progress, sink);
    if (!at_once) {
      progress.begin_anew();
      if (!sink.start_over()) return fail(Errc::kConflict, "the orders cannot be taken back");  // it could at first
    }
  }
  if (!at_once) {
    TRY_ASSIGN(at_once, read_in_two_passes(recognised, options, progress, sink));
  }
  ReadFacts facts = std::move(*at_once);
  facts.notices.insert(facts.notices.begin(), std::make_move_iterator(recognised.notices.begin()),
                       std::make_move_iterator(recognised.notices.end()));
  if (options.progress) options.progress(total, total);
  return facts;
}

}  // namespace behoud::ingest
