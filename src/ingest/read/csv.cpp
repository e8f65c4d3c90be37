#include "ingest/read/csv.h"

#include <algorithm>
#include <cstring>
#include <new>
#include <optional>
#include <vector>

#include <fmt/core.h>

#include "ingest/read/csv_scan.h"
#include "ingest/read/encoding.h"
#include "ingest/read/read_ahead.h"

namespace behoud::ingest::read {
namespace {

constexpr std::size_t kSampleBytes = 256 * 1024;
constexpr std::size_t kPadding = 64;  // behind a piece that is scanned
constexpr std::uint64_t kThreadAbove = 512 * 1024;
constexpr std::size_t kMaxBatchRows = 16384;
constexpr std::size_t kMaxBatchCells = std::size_t{1} << 20;

// A piece of text and where its cells are. Shared by the batches made of it: the last one lets it go.
struct Chunk {
  std::unique_ptr<char[]> data;
  std::size_t capacity = 0, size = 0;
  CsvIndex index;
  bool mend = false;  // some cell is not UTF-8
};

void reserve(Chunk& chunk, std::size_t capacity) {
  if (capacity <= chunk.capacity) return;
  auto grown = std::make_unique_for_overwrite<char[]>(capacity + kPadding);
  if (chunk.size > 0) std::memcpy(grown.get(), chunk.data.get(), chunk.size);
  std::memset(grown.get() + capacity, 0, kPadding);
  chunk.data = std::move(grown);
  chunk.capacity = capacity;
}

bool contains(std::string_view text, char c) { return std::memchr(text.data(), c, text.size()) != nullptr; }

struct CsvSource {
  std::unique_ptr<Bytes> bytes;
  std::string name;
  EncodingGuess encoding;
  CsvGuess guess;
  CsvOptions options;
};

// Parses a file from its start, batch by batch.
class CsvParser final : public BatchMaker {
 public:
  CsvParser(const CsvSource& source, std::span<const std::size_t> columns, std::uint64_t skip_rows)
      : source_(source),
        dialect_(source.guess.dialect),
        stream_(*source.bytes, source.encoding, source.encoding.bom_bytes),
        columns_(columns.begin(), columns.end()),
        all_columns_(columns.empty()),
        skip_rows_(skip_rows),
        line_(source.guess.preamble_bytes > 0 ? 2 : 1) {}

  Result<bool> make(MadeBatch& made) override {
    do {
      while (!chunk_ || row_ == chunk_->index.rows.size()) {
        TRY_ASSIGN(const bool more, next_chunk());
        if (!more) return false;
      }
      made.keep = chunk_;
      made.text.clear();
      TRY(fill(made));
    } while (made.batch.rows() == 0);
    made.bytes_done = stream_.offset() - std::min<std::uint64_t>(stream_.offset(), chunk_->size - row_begin_);
    return true;
  }

 private:
  Place place_of(const Chunk& chunk, std::uint64_t first_line, std::size_t at) const {
    const CsvIndex& index = chunk.index;
    const auto* ends = index.ends.get();
    const std::size_t cell = static_cast<std::size_t>(std::lower_bound(ends, ends + index.cells, at) - ends);
    const auto row = std::upper_bound(index.rows.begin(), index.rows.end(), cell);
    const std::size_t first = row == index.rows.begin() ? 0 : *(row - 1);
    Place place{source_.name, first_line + count_byte(chunk.data.get(), at, dialect_.newline), {}};
    if (!dialect_.blanks) place.column = fmt::format("#{}", cell - first + 1);
    return place;
  }

  Result<bool> next_chunk() {
    if (ended_) return false;
    std::shared_ptr<Chunk> chunk = spare();
    chunk->size = 0;
    if (chunk_) {
      const std::size_t rest = chunk_->size - chunk_->index.consumed;
      reserve(*chunk, std::max(rest + 2, source_.options.chunk_bytes));
      std::memcpy(chunk->data.get(), chunk_->data.get() + chunk_->index.consumed, rest);
      chunk->size = rest;
    }
    std::size_t target = std::max(source_.options.chunk_bytes, std::size_t{16});
    for (;; target *= 2) {
      reserve(*chunk, target + 2);
      TRY(fill_up(*chunk, target));
      scan_csv(chunk->data.get(), chunk->size, dialect_, chunk->index);
      if (ended_ && chunk->index.consumed < chunk->size && !chunk->index.open_quote) {
        // An escape before the end of the file took the line end that was added.
        chunk->data[chunk->size++] = dialect_.newline;
        scan_csv(chunk->data.get(), chunk->size, dialect_, chunk->index);
      }
      if (const auto nul = chunk->index.nul) {
        // What lies behind the NUL must not tell in which cell it is: it may be read with it, or later.
        scan_csv_slowly(chunk->data.get(), *nul, dialect_, chunk->index);
        return fail(Errc::kBadInput,
                    fmt::format("{} holds a NUL byte: it is damaged, or it is not a text file", name()),
                    "Export it again, as CSV.", place_of(*chunk, line_, *nul), {"problem.not_text"});
      }
      const bool open = chunk->index.open_quote.has_value();
      if (ended_ && open) {
        return fail(
            Errc::kBadInput,
            fmt::format("{} opens a quote that is never closed: it is cut off in the middle, or a quote is missing",
                        name()),
            "Export it again, or close the quote on this line.", place_of(*chunk, line_, *chunk->index.open_quote),
            {"problem.quote_open"});
      }
      if (ended_ || !chunk->index.rows.empty()) break;
      if (chunk->size >= kMaxRecordBytes) {
        return open ? fail(Errc::kOutOfRange,
                           fmt::format("{} has a cell of more than 16 MiB: is its quote closed?", name()),
                           "Close the quote on this line.", place_of(*chunk, line_, *chunk->index.open_quote),
                           {"problem.quote_open"})
                    : fail(Errc::kOutOfRange, fmt::format("{} has a line of more than 32 MiB", name()),
                           "Is this a file of orders, with a line end after each row?", {source_.name, line_, {}},
                           {"problem.row_too_large", {{"mib", 32}}});
      }
    }
    const std::string_view text(chunk->data.get(), chunk->index.consumed);
    const Encoding encoding = source_.encoding.encoding;
    chunk->mend = chunk->index.high && encoding != Encoding::kUtf16Le && encoding != Encoding::kUtf16Be &&
                  (encoding == Encoding::kWindows1252 || !is_valid_utf8(text));
    chunk_ = std::move(chunk);
    row_ = 0;
    row_begin_ = 0;
    return true;
  }

  const std::string& name() const { return source_.name; }

  // A chunk that no batch holds any more, or a new one.
  std::shared_ptr<Chunk> spare() {
    for (auto& chunk : chunks_) {
      // Only the parsing thread takes and lets go of chunks, so a count of one stays one.
      if (chunk.use_count() == 1 && chunk->capacity <= 4 * source_.options.chunk_bytes) return chunk;
    }
    std::erase_if(chunks_, [](const auto& chunk) { return chunk.use_count() == 1; });
    return chunks_.emplace_back(std::make_shared<Chunk>());
  }

  Result<void> fill_up(Chunk& chunk, std::size_t target) {
    while (chunk.size < target && !ended_) {
      if (target - chunk.size < 16) break;
      TRY_ASSIGN(std::size_t n, stream_.read(chunk.data.get() + chunk.size, target - chunk.size));
      if (n == 0) ended_ = true;
      if (to_skip_ > 0) {
        const std::size_t skipped = std::min<std::size_t>(n, to_skip_);
        std::memmove(chunk.data.get() + chunk.size, chunk.data.get() + chunk.size + skipped, n - skipped);
        to_skip_ -= static_cast<std::uint32_t>(skipped);
        n -= skipped;
      }
      chunk.size += n;
    }
    if (ended_ && chunk.size > 0 && chunk.data[chunk.size - 1] != dialect_.newline) {
      chunk.data[chunk.size++] = dialect_.newline;
    }
    return {};
  }

  // Makes rows out of the chunk, up to a batch of them.
  Result<void> fill(MadeBatch& made) {
    const Chunk& chunk = *chunk_;
    const CsvIndex& index = chunk.index;
    RowBatch& batch = made.batch;
    const char* const data = chunk.data.get();
    const std::uint32_t* const ends = index.ends.get();
    const bool look_at_quotes = index.quotes || dialect_.blank_before_quote || dialect_.escape != '\0';
    if (all_columns_ && columns_.empty()) choose_all_columns();
    const std::size_t columns = columns_.size();
    batch.columns = columns;
    const std::size_t limit =
        std::min(index.rows.size() - row_,
                 std::clamp<std::size_t>(kMaxBatchCells / std::max<std::size_t>(columns, 1), 1, kMaxBatchRows));
    batch.cells.resize(limit * columns);
    batch.lines.resize(limit);
    batch.widths.resize(limit);
    std::size_t rows = 0;
    for (std::size_t taken = 0; taken < limit; ++taken, ++row_) {
      const std::size_t first = row_ == 0 ? 0 : index.rows[row_ - 1];
      const std::size_t last = index.rows[row_];
      const std::size_t row_end = ends[last - 1];
      std::size_t begin = row_begin_, end = row_end;
      row_begin_ = row_end + 1;
      const std::uint64_t line = line_;
      line_ += 1 + (index.inner_newlines ? count_byte(data + begin, end - begin, dialect_.newline) : 0);
      if (dialect_.newline == '\n') {
        if (end > begin && data[end - 1] == '\r') --end;
      } else if (begin < end && data[begin] == '\n') {
        ++begin;
      }
      if (begin == end) continue;
      if (dialect_.blanks) {
        part_at_blanks(data, begin, end);
        if (blank_cells_.empty()) continue;
      }
      if (skip_rows_ > 0) {
        --skip_rows_;
        continue;
      }
      const std::size_t width = dialect_.blanks ? blank_cells_.size() : last - first;
      if (width > kMaxColumns) {
        return fail(Errc::kOutOfRange,
                    fmt::format("{} has a row of {} cells; {} is the most", name(), width, kMaxColumns),
                    "Is this a file of orders?", {source_.name, line, {}},
                    {"problem.columns_too_many", {{"count", width}, {"most", kMaxColumns}}});
      }
      batch.lines[rows] = line;
      batch.widths[rows] = static_cast<std::uint32_t>(width);
      std::string_view* out = batch.cells.data() + rows * columns;
      ++rows;
      if (dialect_.blanks) {
        for (const std::size_t column : columns_) {
          *out++ = column < width ? mended(chunk, blank_cells_[column], made.text) : std::string_view();
        }
        continue;
      }
      for (const std::size_t column : columns_) {
        if (column >= width) {
          *out++ = {};
          continue;
        }
        const std::size_t cell_begin = column == 0 ? begin : ends[first + column - 1] + std::size_t{1};
        const std::size_t cell_end = column + 1 == width ? end : ends[first + column];
        if (cell_end - cell_begin > kMaxCellBytes) {
          return fail(Errc::kOutOfRange, fmt::format("{} has a cell of more than 16 MiB", name()), {},
                      {source_.name, line, fmt::format("#{}", column + 1)}, {"problem.cell_too_large", {{"mib", 16}}});
        }
        std::string_view cell(data + cell_begin, cell_end - cell_begin);
        if (look_at_quotes) cell = unquoted(index, cell, made.text);
        if (chunk.mend) cell = mended(chunk, cell, made.text);
        *out++ = cell;
      }
    }
    batch.cells.resize(rows * columns);
    batch.lines.resize(rows);
    batch.widths.resize(rows);
    return {};
  }

  // All columns: as many as the widest row of the first batch, which is made of the rows that are left of this chunk.
  void choose_all_columns() {
    const CsvIndex& index = chunk_->index;
    std::size_t widest = 0;
    std::uint64_t skip = skip_rows_;
    const std::size_t limit =
        std::min(index.rows.size() - row_,
                 kMaxBatchRows + static_cast<std::size_t>(std::min<std::uint64_t>(skip, kMaxBatchRows)));
    std::size_t begin = row_begin_;
    for (std::size_t i = 0; i < limit; ++i) {
      const std::size_t last = index.rows[row_ + i];
      const std::size_t first = row_ + i == 0 ? 0 : index.rows[row_ + i - 1];
      const std::size_t end = index.ends[last - 1];
      std::size_t width = last - first;
      if (dialect_.blanks) {
        part_at_blanks(chunk_->data.get(), begin, end);
        width = blank_cells_.size();
      }
      const char other = dialect_.newline == '\n' ? '\r' : '\n';
      const bool empty = width == 0 || begin == end || (end - begin == 1 && chunk_->data[begin] == other);
      begin = end + 1;
      if (empty) continue;
      if (skip > 0) {
        --skip;
        continue;
      }
      widest = std::max(widest, width);
    }
    for (std::size_t i = 0; i < std::min(widest, kMaxColumns); ++i) columns_.push_back(i);
  }

  void part_at_blanks(const char* data, std::size_t begin, std::size_t end) {
    const auto blank = [&](std::size_t i) { return data[i] == ' ' || data[i] == '\t'; };
    blank_cells_.clear();
    for (std::size_t i = begin; i < end;) {
      if (blank(i)) {
        ++i;
        continue;
      }
      const std::size_t from = i;
      while (i < end && !blank(i)) ++i;
      blank_cells_.emplace_back(data + from, i - from);
    }
  }

  std::string_view unquoted(const CsvIndex& index, std::string_view raw, TextArena& text) const {
    if (raw.empty()) return raw;
    const bool begins = dialect_.quote != '\0' && raw.front() == dialect_.quote;
    if (index.plain_quotes && !dialect_.blank_before_quote && dialect_.escape == '\0') {
      return begins ? raw.substr(1, raw.size() - 2) : raw;
    }
    QuotedCell cell;
    if (begins || dialect_.blank_before_quote) {
      // What ends the cell lies behind it, in the chunk: a delimiter or a line end, before which a '\r' may be.
      const char* const data = raw.data();
      std::size_t size = raw.size() + 1;
      if (data[raw.size()] == '\r' && dialect_.newline == '\n') ++size;
      cell = find_quoted(data, size, 0, dialect_);
    }
    if (cell.state == QuotedCell::State::kQuoted) {
      raw = raw.substr(cell.text_begin, cell.text_end - cell.text_begin);
      if (cell.plain) return raw;
    } else if (dialect_.escape == '\0' || !contains(raw, dialect_.escape)) {
      return raw;
    }
    const bool in_quotes = cell.state == QuotedCell::State::kQuoted;
    char* const out = text.take(raw.size());
    std::size_t n = 0;
    for (std::size_t i = 0; i < raw.size(); ++i) {
      const bool escaped = dialect_.escape != '\0' && raw[i] == dialect_.escape;
      const bool doubled = in_quotes && raw[i] == dialect_.quote;
      if ((escaped || doubled) && i + 1 < raw.size()) ++i;
      out[n++] = raw[i];
    }
    return {out, n};
  }

  std::string_view mended(const Chunk& chunk, std::string_view cell, TextArena& text) {
    if (!chunk.mend) return cell;
    const bool strict = source_.encoding.encoding == Encoding::kWindows1252;
    const std::size_t valid = valid_utf8_prefix(cell);
    if (valid == cell.size() && (!strict || std::ranges::none_of(cell, [](char c) { return c < 0; }))) return cell;
    mended_.clear();
    append_as_utf8(cell, strict, mended_);
    return text.copy(mended_);
  }

  const CsvSource& source_;
  const CsvDialect dialect_;
  TextStream stream_;
  std::vector<std::size_t> columns_;
  bool all_columns_;
  std::uint64_t skip_rows_;
  std::uint64_t line_;  // of the next row
  std::uint32_t to_skip_ = source_.guess.preamble_bytes;
  std::vector<std::shared_ptr<Chunk>> chunks_;
  std::shared_ptr<Chunk> chunk_;  // in hand
  std::size_t row_ = 0;           // next of it
  std::size_t row_begin_ = 0;
  bool ended_ = false;  // everything was read from the stream
  std::vector<std::string_view> blank_cells_;
  std::string mended_;
};

class CsvTable final : public Table {
 public:
  explicit CsvTable(CsvSource source) : source_(std::move(source)) {
    const CsvDialect& d = source_.guess.dialect;
    format_ = {"csv",
               std::string(behoud::ingest::read::name(source_.encoding.encoding)),
               std::string(1, d.delimiter),
               d.quote,
               {},
               {}};
  }
  const std::string& name() const override { return source_.name; }
  const TableFormat& format() const override { return format_; }
  std::uint64_t bytes_total() const override { return source_.bytes->size(); }
  const std::vector<std::string>& names() const override { return names_; }
  Result<std::unique_ptr<RowReader>> read(std::span<const std::size_t> columns,
                                          std::uint64_t skip_rows) const override {
    const bool thread = source_.options.thread && source_.bytes->size() > kThreadAbove;
    return read_batches(std::make_unique<CsvParser>(source_, columns, skip_rows), thread);
  }

 private:
  CsvSource source_;
  TableFormat format_;
  std::vector<std::string> names_;
};

}  // namespace

Result<std::unique_ptr<Table>> open_csv(std::unique_ptr<Bytes> bytes, std::string name, CsvOptions options) {
  TRY_ASSIGN(const EncodingGuess encoding, guess_encoding(*bytes));
  std::string sample(kSampleBytes, '\0');
  std::size_t size = 0;
  TextStream stream(*bytes, encoding, encoding.bom_bytes);
  const auto read_sample = [&]() -> Result<bool> {  // whether that is all
    while (sample.size() - size >= 16) {
      TRY_ASSIGN(const std::size_t n, stream.read(sample.data() + size, sample.size() - size));
      if (n == 0) return true;
      size += n;
    }
    return false;
  };
  TRY_ASSIGN(bool whole, read_sample());
  const auto has_line_end = [&] {
    const std::string_view text(sample.data(), size);
    return contains(text, '\n') || contains(text, '\r');
  };
  if (!whole && !has_line_end()) {
    sample.resize(kMaxFirstLineBytes);
    TRY_ASSIGN(whole, read_sample());
    if (!whole && !has_line_end()) {
      return fail(Errc::kOutOfRange, fmt::format("The first line of {} is longer than 1 MiB", name),
                  "Is this a file of orders, with a line end after each row?", {name, 1, {}},
                  {"problem.row_too_large", {{"mib", 1}}});
    }
  }
  sample.resize(size);
  if (whole && sample.find_first_not_of(" \t\r\n") == std::string::npos) {
    return fail(Errc::kBadInput, fmt::format("{} is empty", name), "Export the orders again.", {name, 0, {}},
                {"problem.file_empty"});
  }
  const CsvGuess guess = guess_dialect(sample, whole);
  return std::unique_ptr<Table>(new CsvTable(CsvSource{std::move(bytes), std::move(name), encoding, guess, options}));
}

}  // namespace behoud::ingest::read
