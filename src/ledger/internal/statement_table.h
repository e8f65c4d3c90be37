#pragma once

// Writes statements of one kind, each once: a row equal to the newest live statement about its key is a repeat and
// nothing is written, any other is a new row. What finds the newest is derived from the ledger by one scan at load().
// New rows go into the ledger, or, to try what would happen, into a database that is thrown away.
//
// Rows wait in memory until flush(), which must come before what their cells borrow from is gone. After an error the
// table is ahead of the database and must not be used again. Thread-safety: none.

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/hash.h"
#include "ledger/internal/liveness.h"
#include "ledger/internal/rows.h"
#include "ledger/internal/seq_index.h"
#include "ledger/internal/sqlite.h"

namespace behoud::ledger::internal {

class StatementTable {
 public:
  static Result<std::unique_ptr<StatementTable>> load(Database& db, const TableShape& shape, HashKey key,
                                                      const Liveness& liveness);
  // One of both, before the first row. Of the ledger nothing but committed rows is looked up by try_beside(): it may be
  // read in a transaction a batch, or in none. `first` is the first seq of those that are tried.
  Result<void> write_to(Database& ledger);
  Result<void> try_beside(Database& ledger, Database& scratch, Seq first);

  // Room for the next row: shape.count cells, which stand until the next call of row() or flush().
  Cell* row();
  // What a row is found by: one hash, or two for an order with an alias.
  struct Hashes {
    std::uint64_t of[2];
    int count;
  };
  // Of an order, warming the caches for it: for a whole batch, before the first is stated.
  Hashes prefetch(std::string_view name, std::string_view alias) const;

  enum class Outcome : std::uint8_t { kAdded, kChanged, kRepeated };
  struct Stated {
    Outcome outcome = Outcome::kAdded;
    Seq seq = 0;          // of the row that states it
    ImportId import = 0;  // that brought this row
  };
  // Takes the row last given by row(), complete but for seq, import and nth. It gets `seq` if it is new. `lines` are an
  // order's (rows.h).
  Result<Stated> state(Seq seq, ImportId import, std::span<Cell> lines, const Hashes* hashes = nullptr);
  // Counts the row among the equal ones of its import and drops it: it was stated before a resumption.
  void pass_over();

  Result<void> flush();
  std::size_t bytes() const { return index_.bytes() + equal_.bytes(); }

 private:
  StatementTable(const TableShape& shape, HashKey key);
  bool is_order() const { return std::string_view(shape_.table) == kOrderTable.table; }
  bool is_event() const { return std::string_view(shape_.table) == kEventTable.table; }
  void number_equal_ones(Cell* row);
  Hashes hashes_of(const Cell* row);
  bool same_key(const Cell* row, const Cell* stored) const;
  bool same_content(const Cell* row, const Cell* stored) const;
  // The cells of a row by its seq: one that waits, or one of the ledger (then until the next call).
  Result<const Cell*> stored(Seq seq);
  Result<bool> same_lines(std::span<const Cell> lines, Seq seq);

  // Looks rows up in one database.
  struct Lookup {
    Statement row, lines;
    void reset() {
      row.reset();
      lines.reset();
    }
  };
  Result<Lookup> lookup_in(Database& db) const;
  Result<void> insert_into(Database& db);
  Lookup& lookup_of(Seq seq) { return seq < tried_from_ ? written_ : tried_; }

  const TableShape& shape_;
  HashKey key_;
  SeqIndex index_;
  CodeIndex equal_;  // how often each content was seen in this import, of tables with nth
  Lookup written_, tried_;
  Seq tried_from_ = ~Seq{0};  // rows from here on lie in the scratch database
  BulkInsert insert_, insert_body_, insert_lines_;
  std::vector<Cell> waiting_, waiting_lines_, found_, event_, bodies_;
  Seq found_seq_ = 0;
  std::vector<Seq> candidates_;
  std::string scratch_;
};

}  // namespace behoud::ledger::internal
