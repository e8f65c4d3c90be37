#include "ledger/internal/statement_table.h"

#include <algorithm>

#include <fmt/format.h>

namespace behoud::ledger::internal {
namespace {

// Columns of event that lie in event_body.
constexpr int kMessageId = 11, kProperties = 12, kEventLine = 13;
constexpr int kOrderKey = 2, kMore = 9;

std::string from_of(const TableShape& shape) {
  return std::string_view(shape.table) == kEventTable.table ? std::string("event LEFT JOIN event_body USING (seq)")
                                                            : std::string(shape.table);
}

void put(std::string& to, const Cell& cell) {
  to.push_back(static_cast<char>(cell.type));
  if (cell.type == Cell::Type::kInteger) {
    to.append(reinterpret_cast<const char*>(&cell.integer), sizeof cell.integer);
  } else if (cell.type != Cell::Type::kNull) {
    to.append(reinterpret_cast<const char*>(&cell.size), sizeof cell.size);
    to += cell.view();
  }
}

}  // namespace

StatementTable::StatementTable(const TableShape& shape, HashKey key) : shape_(shape), key_(key) {}

Result<StatementTable::Lookup> StatementTable::lookup_in(Database& db) const {
  Lookup out;
  TRY_ASSIGN(out.row, db.prepare(fmt::format("SELECT {} FROM {} WHERE seq = ?1", shape_.columns, from_of(shape_))));
  if (is_order()) {
    TRY_ASSIGN(out.lines, db.prepare("SELECT item, name, quantity, amount FROM order_line "
                                     "WHERE id >= ?1 AND id < ?2 ORDER BY id"));
  }
  return out;
}

Result<void> StatementTable::insert_into(Database& db) {
  if (is_event()) {
    TRY_ASSIGN(insert_, BulkInsert::prepare(db, "event", 12));
    TRY_ASSIGN(insert_body_, BulkInsert::prepare(db, "event_body", 3));
    return {};
  }
  TRY_ASSIGN(insert_, BulkInsert::prepare(db, shape_.table, shape_.count));
  if (is_order()) {
    TRY_ASSIGN(insert_lines_, BulkInsert::prepare(db, "order_line", kLineColumns));
  }
  return {};
}

Result<void> StatementTable::write_to(Database& ledger) {
  TRY_ASSIGN(written_, lookup_in(ledger));
  return insert_into(ledger);
}

Result<void> StatementTable::try_beside(Database& ledger, Database& scratch, Seq first) {
  tried_from_ = first;
  TRY_ASSIGN(written_, lookup_in(ledger));
  TRY_ASSIGN(tried_, lookup_in(scratch));
  return insert_into(scratch);
}

Result<std::unique_ptr<StatementTable>> StatementTable::load(Database& db, const TableShape& shape, HashKey key,
                                                             const Liveness& liveness) {
  std::unique_ptr<StatementTable> t(new StatementTable(shape, key));
  // Only what names the key is read. Rows of one key stand side by side in the index; a lookup takes the newest.
  Liveness::Walk walk(liveness);
  if (t->is_order()) {
    const auto each = [&](const Row& row) -> Result<void> {
      const auto seq = static_cast<Seq>(row.integer(0));
      if (!walk.received(seq, static_cast<ImportId>(row.integer(1)))) return {};
      t->index_.insert(keyed_hash64(key, row.bytes(2)), seq);
      if (const auto alias = alias_of_more(row.bytes(3)); !alias.empty()) {
        t->index_.insert(keyed_hash64(key, alias), seq);
      }
      return {};
    };
    TRY(db.scan("seq, import, order_key, more", "FROM order_event ORDER BY seq", {}, each));
    return t;
  }
  std::vector<Cell> cells(static_cast<std::size_t>(shape.count));
  const auto each = [&](const Row& row) -> Result<void> {
    const auto seq = static_cast<Seq>(row.integer(0));
    if (!walk.received(seq, static_cast<ImportId>(row.integer(1)))) return {};
    for (int i = 0; i < shape.count; ++i) cells[static_cast<std::size_t>(i)] = row.cell(i);
    t->index_.insert(t->hashes_of(cells.data()).of[0], seq);
    return {};
  };
  TRY(db.scan(shape.columns, fmt::format("FROM {} ORDER BY seq", from_of(shape)), {}, each));
  return t;
}

Cell* StatementTable::row() {
  waiting_.resize(waiting_.size() + static_cast<std::size_t>(shape_.count));
  return waiting_.data() + waiting_.size() - shape_.count;
}

StatementTable::Hashes StatementTable::prefetch(std::string_view name, std::string_view alias) const {
  Hashes h{{keyed_hash64(key_, name), 0}, 1};
  index_.prefetch(h.of[0]);
  if (!alias.empty()) {
    h.of[h.count++] = keyed_hash64(key_, alias);
    index_.prefetch(h.of[1]);
  }
  return h;
}

void StatementTable::number_equal_ones(Cell* row) {
  if (shape_.nth == 0 || (is_event() && row[kMessageId].type != Cell::Type::kNull)) {
    if (shape_.nth != 0) row[shape_.nth] = Cell::of(std::int64_t{0});
    return;
  }
  row[shape_.nth] = Cell();
  scratch_.clear();
  for (int i = TableShape::kContent; i < shape_.content_end(); ++i) put(scratch_, row[i]);
  row[shape_.nth] = Cell::of(std::int64_t{equal_.count(keyed_hash128(key_, scratch_))} - 1);
}

StatementTable::Hashes StatementTable::hashes_of(const Cell* row) {
  if (is_order()) {
    Hashes h{{keyed_hash64(key_, row[kOrderKey].view()), 0}, 1};
    if (const auto alias = alias_of_more(row[kMore].view()); !alias.empty()) {
      h.of[h.count++] = keyed_hash64(key_, alias);
    }
    return h;
  }
  scratch_.clear();
  if (is_event() && row[kMessageId].type != Cell::Type::kNull) {
    put(scratch_, row[kMessageId]);
  } else {
    const int end = shape_.keys > 0 ? TableShape::kContent + shape_.keys : shape_.content_end();
    for (int i = TableShape::kContent; i < end; ++i) put(scratch_, row[i]);
  }
  return {{keyed_hash64(key_, scratch_), 0}, 1};
}

bool StatementTable::same_key(const Cell* row, const Cell* stored) const {
  if (is_order()) {
    const std::string_view id = row[kOrderKey].view(), other_id = stored[kOrderKey].view();
    if (id == other_id) return true;
    const std::string_view alias = alias_of_more(row[kMore].view()), other = alias_of_more(stored[kMore].view());
    return (!other.empty() && (other == id || other == alias)) || (!alias.empty() && alias == other_id);
  }
  if (is_event() && row[kMessageId].type != Cell::Type::kNull) return row[kMessageId] == stored[kMessageId];
  const int end = shape_.keys > 0 ? TableShape::kContent + shape_.keys : shape_.content_end();
  return std::equal(row + TableShape::kContent, row + end, stored + TableShape::kContent);
}

bool StatementTable::same_content(const Cell* row, const Cell* stored) const {
  if (is_order() && content_of_more(row[kMore].view()) != content_of_more(stored[kMore].view())) return false;
  return std::equal(row + TableShape::kContent, row + shape_.content_end(), stored + TableShape::kContent);
}

Result<const Cell*> StatementTable::stored(Seq seq) {
  // The last row of waiting_ is the one that is being stated: it has no seq yet.
  const auto rows = static_cast<std::int64_t>(waiting_.size()) / shape_.count - 1;
  if (rows > 0 && static_cast<Seq>(waiting_[0].integer) <= seq) {
    std::int64_t low = 0, high = rows - 1;
    while (low < high) {
      const std::int64_t middle = (low + high + 1) / 2;
      if (static_cast<Seq>(waiting_[static_cast<std::size_t>(middle * shape_.count)].integer) <= seq) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return waiting_.data() + low * shape_.count;
  }
  if (found_seq_ == seq) return found_.data();
  Statement& find = lookup_of(seq).row;
  find.reset();
  found_seq_ = 0;
  find.bind(1, seq);
  TRY_ASSIGN(const bool there, find.step());
  if (!there) return fail(Errc::kCorrupt, fmt::format("row {} of {} is gone", seq, shape_.table));
  found_.resize(static_cast<std::size_t>(shape_.count));
  for (int i = 0; i < shape_.count; ++i) found_[static_cast<std::size_t>(i)] = find.cell(i);
  found_seq_ = seq;
  return found_.data();
}

Result<bool> StatementTable::same_lines(std::span<const Cell> lines, Seq seq) {
  constexpr auto kColumns = static_cast<std::size_t>(kLineColumns);
  const auto same = [&](std::size_t i, auto&& cell) {
    for (int c = 1; c < kLineColumns; ++c) {
      if (!(lines[i * kColumns + static_cast<std::size_t>(c)] == cell(c))) return false;
    }
    return true;
  };
  const std::size_t count = lines.size() / kColumns;
  if (!waiting_lines_.empty() && waiting_lines_[0].integer <= line_id(seq, 0)) {
    const auto rows = waiting_lines_.size() / kColumns;
    std::size_t low = 0, high = rows;
    while (low < high) {
      const std::size_t middle = (low + high) / 2;
      waiting_lines_[middle * kColumns].integer < line_id(seq, 0) ? low = middle + 1 : high = middle;
    }
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t at = (low + i) * kColumns;
      if (at >= waiting_lines_.size() || waiting_lines_[at].integer != line_id(seq, i)) return false;
      if (!same(i, [&](int c) { return waiting_lines_[at + static_cast<std::size_t>(c)]; })) return false;
    }
    return true;
  }
  Statement& find = lookup_of(seq).lines;
  find.reset();
  find.bind(1, line_id(seq, 0));
  find.bind(2, line_id(seq + 1, 0));
  for (std::size_t i = 0; i < count; ++i) {
    TRY_ASSIGN(const bool there, find.step());
    if (!there || !same(i, [&](int c) { return find.cell(c - 1); })) return false;
  }
  find.reset();
  return true;
}

Result<StatementTable::Stated> StatementTable::state(Seq seq, ImportId import, std::span<Cell> lines,
                                                     const Hashes* hashes) {
  Cell* mine = waiting_.data() + waiting_.size() - shape_.count;
  number_equal_ones(mine);
  const Hashes own = hashes ? *hashes : hashes_of(mine);
  candidates_.clear();
  for (int i = 0; i < own.count; ++i) {
    index_.candidates(own.of[i], [&](Seq candidate) { candidates_.push_back(candidate); });
  }
  std::sort(candidates_.begin(), candidates_.end(), std::greater<>());
  Seq newest = 0;
  for (const Seq candidate : candidates_) {
    TRY_ASSIGN(const Cell* there, stored(candidate));
    if (!same_key(mine, there)) continue;
    newest = candidate;
    if (!same_content(mine, there)) break;
    if (!lines.empty()) {
      TRY_ASSIGN(const bool same, same_lines(lines, candidate));
      if (!same) break;
    }
    const auto brought_by = static_cast<ImportId>(there[1].integer);
    waiting_.resize(waiting_.size() - static_cast<std::size_t>(shape_.count));
    return Stated{Outcome::kRepeated, candidate, brought_by};
  }

  mine[0] = Cell::of(static_cast<std::int64_t>(seq));
  mine[1] = Cell::of(std::int64_t{import});
  constexpr auto kColumns = static_cast<std::size_t>(kLineColumns);
  for (std::size_t i = 0; i * kColumns < lines.size(); ++i) lines[i * kColumns] = Cell::of(line_id(seq, i));
  waiting_lines_.insert(waiting_lines_.end(), lines.begin(), lines.end());
  for (int i = 0; i < own.count; ++i) {
    // The other name may lead to another row, or to none.
    if (newest == 0 || !index_.replace(own.of[i], newest, seq)) index_.insert(own.of[i], seq);
  }
  return Stated{newest == 0 ? Outcome::kAdded : Outcome::kChanged, seq, import};
}

void StatementTable::pass_over() {
  number_equal_ones(waiting_.data() + waiting_.size() - shape_.count);
  waiting_.resize(waiting_.size() - static_cast<std::size_t>(shape_.count));
}

Result<void> StatementTable::flush() {
  written_.reset();
  tried_.reset();
  found_seq_ = 0;
  if (is_event()) {
    event_.clear();
    bodies_.clear();
    const auto count = static_cast<std::size_t>(shape_.count);
    for (std::size_t at = 0; at < waiting_.size(); at += count) {
      const Cell* row = waiting_.data() + at;
      event_.insert(event_.end(), row, row + kMessageId);
      event_.push_back(row[kEventLine]);
      if (row[kMessageId].type == Cell::Type::kNull && row[kProperties].type == Cell::Type::kNull) continue;
      bodies_.insert(bodies_.end(), {row[0], row[kMessageId], row[kProperties]});
    }
    TRY(insert_.run(event_));
    TRY(insert_body_.run(bodies_));
  } else {
    TRY(insert_.run(waiting_));
    if (is_order()) TRY(insert_lines_.run(waiting_lines_));
  }
  waiting_.clear();
  waiting_lines_.clear();
  return {};
}

}  // namespace behoud::ledger::internal
