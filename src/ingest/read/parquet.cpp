#include "ingest/read/parquet.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/core.h>
#include <sys/mman.h>
#include <unistd.h>

#include "ingest/duckdb.h"
#include "ingest/read/csv.h"
#include "ingest/read/line_members.h"
#include "ingest/read/number_text.h"
#include "ingest/read/parquet_footer.h"
#include "ingest/read/read_ahead.h"

namespace behoud::ingest::read {
namespace {

constexpr std::size_t kMaxPath = 6;
constexpr std::size_t kThreadAbove = 256 * 1024;
constexpr const char* kLine = "behoud_line";  // the row's element of the list of lines

struct Column {
  std::string name, sql;  // an expression of type VARCHAR
  bool floating = false;
};

struct ParquetSource {
  std::unique_ptr<Bytes> bytes;
  std::string name, path;
  std::vector<Column> columns;
  std::string lines;  // the column that holds the lines; "" without
};

std::string field_sql(const std::string& of, const std::string& name) {
  return fmt::format("struct_extract({}, {})", of, duck_text(name));
}

// Columns for a value: `sql` is an expression of the type of `field`.
void add_columns(const DuckField& field, const std::string& name, const std::string& sql, std::size_t depth,
                 std::vector<Column>& columns) {
  using Kind = DuckField::Kind;
  if (field.kind == Kind::kStruct && depth < kMaxPath) {
    for (const DuckField& child : field.children) {
      add_columns(child, name + "." + child.name, field_sql(sql, child.name), depth + 1, columns);
    }
    return;
  }
  if (field.kind == Kind::kList) {
    const DuckField& element = field.children.front();
    if (element.kind == Kind::kScalar || element.kind == Kind::kFloating) {
      columns.push_back({name, fmt::format("array_to_string(CAST({} AS VARCHAR[]), ', ')", sql), false});
      return;
    }
    if (element.kind == Kind::kStruct && depth < kMaxPath) {
      for (const DuckField& child : element.children) {
        columns.push_back({name + "." + child.name,
                           fmt::format("array_to_string(list_transform({}, lambda e: CAST({} AS VARCHAR)), ', ')", sql,
                                       field_sql("e", child.name)),
                           false});
      }
      return;
    }
  }
  columns.push_back({name, fmt::format("CAST({} AS VARCHAR)", sql), field.kind == Kind::kFloating});
}

Error of_file(Error error, const ParquetSource& source) {
  error.message = fmt::format("{} cannot be read as Parquet ({})", source.name, error.message);
  if (error.code == Errc::kInvalidArgument) error.code = Errc::kBadInput;
  error.hint = error.code == Errc::kUnavailable ? "Give it more memory, or write it as CSV."
                                                : "Write it again, or write it as CSV.";
  error.place = {source.name, 0, {}};
  error.why = {error.code == Errc::kUnavailable ? "problem.parquet_no_memory" : "problem.parquet_damaged"};
  return error;
}

std::string from_sql(const ParquetSource& source) {
  // With binary_as_string, text of writers that do not mark it as such is text.
  return fmt::format("read_parquet({}, binary_as_string=true, file_row_number=true)", duck_text(source.path));
}

class ParquetReader final : public BatchMaker {
 public:
  ParquetReader(const ParquetSource& source, DuckDb db, std::span<const std::size_t> columns, std::uint64_t skip_rows)
      : source_(source), db_(std::move(db)), columns_(columns.begin(), columns.end()), skip_rows_(skip_rows) {
    if (columns_.empty()) {
      for (std::size_t i = 0; i < source_.columns.size(); ++i) columns_.push_back(i);
    }
  }

  Result<bool> make(MadeBatch& made) override {
    if (!rows_) TRY(start());
    RowBatch& batch = made.batch;
    made.text.clear();
    const std::size_t columns = columns_.size();
    for (;;) {
      auto more = rows_->next();
      if (!more) return std::unexpected(of_file(std::move(more).error(), source_));
      if (!*more) return false;
      if (skip_rows_ < rows_->rows()) break;
      skip_rows_ -= rows_->rows();
    }
    const std::size_t first = static_cast<std::size_t>(std::exchange(skip_rows_, 0));
    const std::size_t rows = rows_->rows() - first;
    batch.columns = columns;
    batch.cells.assign(rows * columns, {});
    batch.lines.resize(rows);
    batch.widths.assign(rows, static_cast<std::uint32_t>(source_.columns.size()));
    for (std::size_t r = 0; r < rows; ++r) {
      record_ = static_cast<std::uint64_t>(rows_->integer(first + r, 0)) + 1;
      batch.lines[r] = record_;
    }
    for (std::size_t c = 0; c < columns; ++c) {
      if (columns_[c] >= source_.columns.size()) continue;
      const bool floating = source_.columns[columns_[c]].floating;
      for (std::size_t r = 0; r < rows; ++r) {
        if (rows_->is_null(first + r, c + 1)) continue;
        const std::string_view text = rows_->text(first + r, c + 1);
        if (text.size() > kMaxCellBytes) {
          return fail(Errc::kOutOfRange, fmt::format("{} has a cell of more than 16 MiB", source_.name), {},
                      {source_.name, batch.lines[r], source_.columns[columns_[c]].name},
                      {"problem.cell_too_large", {{"mib", 16}}});
        }
        // The chunk goes with the next one, and a batch may be read while that is made: its text is copied.
        batch.cells[r * columns + c] = !floating       ? made.text.copy(text)
                                       : text == "nan" ? std::string_view()
                                                       : made.text.copy(text_of_number(text));
      }
    }
    made.bytes_done =
        total_ == 0
            ? 0
            : static_cast<std::uint64_t>(static_cast<double>(source_.bytes->size()) *
                                         std::min(1.0, static_cast<double>(record_) / static_cast<double>(total_)));
    return true;
  }

 private:
  Result<void> start() {
    std::string sql = "SELECT behoud_row";
    for (const std::size_t column : columns_) {
      sql +=
          ", " + (column < source_.columns.size() ? source_.columns[column].sql : std::string("CAST(NULL AS VARCHAR)"));
    }
    // A record without lines is a row, too.
    const std::string line = source_.lines.empty()
                                 ? ""
                                 : fmt::format(", unnest(CASE WHEN len({0}) > 0 THEN {0} ELSE [NULL] END) AS {1}",
                                               duck_name(source_.lines), kLine);
    sql += fmt::format(" FROM (SELECT * RENAME (file_row_number AS behoud_row){} FROM {})", line, from_sql(source_));
    auto count = db_.query(
        fmt::format("SELECT CAST(sum(num_rows) AS BIGINT) FROM parquet_file_metadata({})", duck_text(source_.path)));
    if (count && count->next().value_or(false) && !count->is_null(0, 0)) {
      total_ = static_cast<std::uint64_t>(count->integer(0, 0));
    }
    auto rows = db_.query(sql);
    if (!rows) return std::unexpected(of_file(std::move(rows).error(), source_));
    rows_ = std::move(*rows);
    return {};
  }

  const ParquetSource& source_;
  DuckDb db_;
  std::vector<std::size_t> columns_;
  std::uint64_t skip_rows_;
  std::optional<DuckRows> rows_;
  std::uint64_t record_ = 0, total_ = 0;
};

class ParquetTable final : public Table {
 public:
  ParquetTable(ParquetSource source, DuckDb db) : source_(std::move(source)), db_(std::move(db)) {
    format_.format = "parquet";
    format_.encoding = "UTF-8";
    for (const Column& column : source_.columns) names_.push_back(column.name);
  }
  const std::string& name() const override { return source_.name; }
  const TableFormat& format() const override { return format_; }
  std::uint64_t bytes_total() const override { return source_.bytes->size(); }
  const std::vector<std::string>& names() const override { return names_; }
  Result<std::unique_ptr<RowReader>> read(std::span<const std::size_t> columns,
                                          std::uint64_t skip_rows) const override {
    TRY_ASSIGN(auto db, db_.connect());
    return read_batches(std::make_unique<ParquetReader>(source_, std::move(db), columns, skip_rows),
                        source_.bytes->size() > kThreadAbove);
  }

 private:
  ParquetSource source_;
  DuckDb db_;
  TableFormat format_;
  std::vector<std::string> names_;
};

std::unexpected<Error> no_memory(const std::string& name) {
  return fail(Errc::kUnavailable, fmt::format("{}: {}", name, std::strerror(errno)), {}, {name, 0, {}},
              {"problem.no_memory"});
}

// The same bytes in a file of memory, for a part that has no descriptor.
Result<std::unique_ptr<Bytes>> with_descriptor(std::unique_ptr<Bytes> bytes) {
  if (!bytes->path().empty()) return bytes;
  const int fd = ::memfd_create("behoud", MFD_CLOEXEC);
  if (fd < 0) return no_memory(bytes->name());
  auto copy = bytes_of_descriptor(bytes->name(), fd, bytes->size());
  std::string piece(256 * 1024, '\0');
  for (std::uint64_t at = 0; at < bytes->size();) {
    TRY_ASSIGN(const std::size_t n, bytes->read_at(at, piece));
    if (::pwrite(fd, piece.data(), n, static_cast<off_t>(at)) != static_cast<ssize_t>(n)) {
      return no_memory(bytes->name());
    }
    at += n;
  }
  return copy;
}

Result<std::unique_ptr<Table>> open_table(ParquetSource source, DuckDb db) {
  auto fields = db.describe("SELECT * FROM " + from_sql(source));
  if (!fields) return std::unexpected(of_file(std::move(fields).error(), source));
  if (!fields->empty() && fields->back().name == "file_row_number") fields->pop_back();
  const auto holds_lines = [](const DuckField& field) {
    return field.kind == DuckField::Kind::kList && field.children.front().kind == DuckField::Kind::kStruct;
  };
  for (const std::string_view member : kLineMembers) {
    const auto at =
        std::ranges::find_if(*fields, [&](const DuckField& f) { return f.name == member && holds_lines(f); });
    if (at == fields->end()) continue;
    source.lines = member;
    break;
  }
  for (const DuckField& field : *fields) {
    if (!source.lines.empty() && field.name == source.lines) {
      add_columns(field.children.front(), field.name, kLine, 1, source.columns);
    } else {
      add_columns(field, field.name, duck_name(field.name), 1, source.columns);
    }
  }
  if (source.columns.size() > kMaxColumns) {
    return fail(Errc::kOutOfRange,
                fmt::format("{} has {} columns; {} is the most", source.name, source.columns.size(), kMaxColumns), {},
                {source.name, 0, {}},
                {"problem.columns_too_many", {{"count", source.columns.size()}, {"most", kMaxColumns}}});
  }
  return std::unique_ptr<Table>(new ParquetTable(std::move(source), std::move(db)));
}

Result<ParquetSource> source_of(std::unique_ptr<Bytes> bytes, std::string name) {
  ParquetSource source;
  source.name = std::move(name);
  TRY(check_parquet_footer(*bytes, source.name));
  TRY_ASSIGN(source.bytes, with_descriptor(std::move(bytes)));
  source.path = source.bytes->path();
  return source;
}

}  // namespace

Result<std::unique_ptr<Table>> open_parquet(std::unique_ptr<Bytes> bytes, std::string name) {
  TRY_ASSIGN(ParquetSource source, source_of(std::move(bytes), std::move(name)));
  TRY_ASSIGN(DuckDb db,
             DuckDb::open({.memory_bytes_max = std::uint64_t{512} << 20, .threads = 2, .files = {source.path}}));
  return open_table(std::move(source), std::move(db));
}

Result<std::unique_ptr<Table>> open_parquet(std::unique_ptr<Bytes> bytes, std::string name, const DuckDb& instance) {
  TRY_ASSIGN(ParquetSource source, source_of(std::move(bytes), std::move(name)));
  TRY_ASSIGN(DuckDb db, instance.connect());
  return open_table(std::move(source), std::move(db));
}

}  // namespace behoud::ingest::read
