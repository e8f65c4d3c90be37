#pragma once

// DuckDB in memory, for reading and writing files (Parquet, JSON, CSV) and as the second opinion in tests. It never
// holds the truth. A thin layer over the C API: typed errors, ownership, chunks of up to 2,048 rows read and written in
// place.
//
// An instance is closed to the world: no extension is installed or loaded, no file can be opened but those of
// `DuckOptions::files`, nothing is spilled to disk, and the settings cannot be changed by SQL. Zone UTC.
// An error's message never holds a cell: DuckDB's own text is cut before it quotes a value.
//
// Cost: 6 ms to open. Reading 120 M values/s, writing 15 M rows/s (2 threads). One thread uses an instance at a time.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace behoud::ingest {

struct DuckOptions {
  std::uint64_t memory_bytes_max = std::uint64_t{512} << 20;
  int threads = 2;
  std::vector<std::string> files;  // that may be read and written, by their whole path
};

// As an SQL literal and an SQL name.
std::string duck_text(std::string_view text);
std::string duck_name(std::string_view name);

enum class DuckType : std::uint8_t { kBoolean, kInteger, kNumber, kText, kDate, kTimestamp };
struct DuckColumn {
  std::string name;
  DuckType type = DuckType::kText;
};

// Up to capacity() rows to be filled, column by column or row by row. Every cell of a row must be set, once.
class DuckBatch {
 public:
  static constexpr std::size_t capacity() { return 2048; }
  void null(std::size_t row, std::size_t column);
  void boolean(std::size_t row, std::size_t column, bool value);
  void integer(std::size_t row, std::size_t column, std::int64_t value);
  void number(std::size_t row, std::size_t column, double value);
  void text(std::size_t row, std::size_t column, std::string_view value);  // UTF-8
  void date(std::size_t row, std::size_t column, std::int32_t days);       // since 1970-01-01
  void timestamp(std::size_t row, std::size_t column, std::int64_t microseconds);

  explicit DuckBatch(void* chunk);  // for duckdb.cpp

 private:
  std::vector<void*> vectors_, values_;
};

// The rows of a query, a chunk at a time, as they are made.
class DuckRows {
 public:
  DuckRows(DuckRows&&) noexcept;
  DuckRows& operator=(DuckRows&&) noexcept;
  ~DuckRows();
  const std::vector<std::string>& names() const;
  // Takes the next chunk; false at the end. Errors: kBadInput (a file that DuckDB cannot read), kUnavailable (memory).
  Result<bool> next();
  std::size_t rows() const;  // of the chunk in hand
  bool is_null(std::size_t row, std::size_t column) const;
  // Of a column of that type: SQL casts the others. Texts are valid until next().
  std::string_view text(std::size_t row, std::size_t column) const;  // VARCHAR
  std::int64_t integer(std::size_t row, std::size_t column) const;   // BIGINT
  double number(std::size_t row, std::size_t column) const;          // DOUBLE

 private:
  friend class DuckDb;
  struct Impl;
  explicit DuckRows(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// A column of a query, or a part of one.
struct DuckField {
  enum class Kind : std::uint8_t { kScalar, kFloating, kStruct, kList };
  std::string name;
  Kind kind = Kind::kScalar;
  std::vector<DuckField> children;  // of a struct its fields, of a list its one element type
};

class DuckDb {
 public:
  // Errors: kUnavailable (DuckDB does not start).
  static Result<DuckDb> open(const DuckOptions& options = {});
  // Another connection to the same instance, which lives as long as any of them: a hundredth of the cost of opening
  // one. Its memory and its threads are shared; each connection may be another thread's. Errors: kUnavailable.
  Result<DuckDb> connect() const;
  DuckDb(DuckDb&&) noexcept;
  DuckDb& operator=(DuckDb&&) noexcept;
  ~DuckDb();

  // Runs one statement or several. Errors: kInvalidArgument (SQL), kBadInput (a file), kUnavailable (memory, disk).
  Result<void> run(const std::string& sql);
  Result<DuckRows> query(const std::string& sql);
  // The columns that a query would have, without running it.
  Result<std::vector<DuckField>> describe(const std::string& sql);

  // Makes `SELECT * FROM name()` give the rows that `fill` writes into a batch, in that order; it returns their number,
  // 0 at the end. Rows flow as the query asks for them, so `COPY (FROM orders()) TO 'orders.parquet' (FORMAT parquet)`
  // needs no more memory than a row group. Can be selected from once. An error of `fill` stops the query and is its
  // error.
  Result<void> feed(const std::string& name, std::vector<DuckColumn> columns,
                    std::function<Result<std::size_t>(DuckBatch&)> fill);

  // Appends to a table of those columns, all at once.
  Result<void> append(const std::string& table, const std::vector<DuckColumn>& columns,
                      const std::function<Result<std::size_t>(DuckBatch&)>& fill);

 private:
  struct Impl;
  explicit DuckDb(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace behoud::ingest
