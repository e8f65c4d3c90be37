#include "ingest/read/json.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include "ingest/read/csv.h"
#include "ingest/read/encoding.h"
#include "ingest/read/json_stream.h"
#include "ingest/read/line_members.h"
#include "ingest/read/number_text.h"
#include "ingest/read/read_ahead.h"

namespace behoud::ingest::read {
namespace {

constexpr std::size_t kMaxPath = 6;
constexpr std::size_t kMaxLines = 100'000;
constexpr std::size_t kBatchRows = 8192;
constexpr std::size_t kBatchCells = std::size_t{1} << 18;
constexpr std::size_t kBatchTextBytes = std::size_t{8} << 20;
constexpr std::array<std::string_view, 6> kWords{"true", "false", "null", "NaN", "Infinity", "-Infinity"};
constexpr std::size_t kNone = ~std::size_t{0};

// The paths of a file as a tree. A node may be a column, have children, or both.
struct Node {
  std::string key;
  std::size_t depth = 0;
  std::size_t column = kNone;
  bool objects = false;                            // seen as an array of objects
  std::vector<std::unique_ptr<Node>> children;     // in the order of their first appearance
  std::map<std::string_view, std::size_t> by_key;  // views of the children's keys
  std::size_t next = 0;                            // the child that comes next when members keep their order

  Node* find(std::string_view wanted) {
    if (next >= children.size()) next = 0;
    if (children.empty() || children[next]->key != wanted) {
      const auto at = by_key.find(wanted);
      if (at == by_key.end()) return nullptr;
      next = at->second;
    }
    return children[next++].get();
  }
  Node& add(std::unique_ptr<Node> child) {
    by_key.emplace(child->key, children.size());
    children.push_back(std::move(child));
    return *children.back();
  }
};

// Receives what a record holds.
class JsonVisitor {
 public:
  virtual ~JsonVisitor() = default;
  virtual Result<Node*> member(Node& node, std::string_view key) = 0;  // nullptr: of no interest
  // A scalar; in an array when `joined`. `text` as it stands, a string's without its quotes.
  virtual Result<void> value(Node& node, std::string_view text, bool is_string, bool joined) = 0;
  virtual void array_of_objects(Node& node) = 0;
  // Around each object of the array at `node`, if that is the array of lines.
  virtual Result<bool> begin_line(Node& node) = 0;
  virtual void end_line() = 0;
};

// Reads into one record. Checks the grammar of RFC 8259, but lets control characters be in strings, and takes NaN and
// Infinity, which some programs write, for null.
class JsonRecord {
 public:
  JsonRecord(std::string_view text, JsonVisitor& visitor) : text_(text), visitor_(visitor) {}

  Result<void> visit(Node& root) {
    skip_space();
    if (peek() != '{') return wrong("a record is not an object");
    TRY(object(&root, false, 0));
    skip_space();
    if (at_ != text_.size()) return wrong("something follows a record");
    return {};
  }
  std::size_t at() const { return at_; }  // of an error

 private:
  std::unexpected<Error> wrong(std::string_view what) const { return fail(Errc::kBadInput, std::string(what)); }
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  void skip_space() {
    while (at_ < text_.size() &&
           (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n' || text_[at_] == '\r')) {
      ++at_;
    }
  }

  Result<std::string_view> string() {
    if (peek() != '"') return wrong("a '\"' is missing");
    const std::size_t from = ++at_;
    for (;;) {
      const char* const found = find_in_json_text(text_.data() + at_, text_.data() + text_.size());
      at_ = static_cast<std::size_t>(found - text_.data());
      if (at_ >= text_.size() || text_[at_] == '"') break;
      if (text_[at_] == '\\') {
        ++at_;
        if (std::string_view("\"\\/bfnrtu").find(peek()) == std::string_view::npos || peek() == '\0') {
          return wrong("an escape that JSON does not have");
        }
        if (peek() == 'u') {
          for (int i = 0; i < 4; ++i) {
            ++at_;
            const char c = peek();
            const bool hexadecimal = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
            if (!hexadecimal) {
              return wrong("an escape that JSON does not have");
            }
          }
        }
      }
      ++at_;
    }
    if (at_ >= text_.size()) return wrong("a string that does not end");
    return text_.substr(from, at_++ - from);
  }

  Result<std::string_view> scalar() {
    const std::size_t from = at_;
    if (peek() < '0' || peek() > '9') {
      for (const std::string_view word : kWords) {
        if (text_.substr(at_).starts_with(word)) {
          at_ += word.size();
          return word;
        }
      }
    }
    const auto digits = [&] {
      const std::size_t begin = at_;
      while (peek() >= '0' && peek() <= '9') ++at_;
      return at_ - begin;
    };
    if (peek() == '-') ++at_;
    const bool zero = peek() == '0';
    const std::size_t whole = digits();
    if (whole == 0 || (zero && whole > 1)) return wrong("a value that JSON does not have");
    if (peek() == '.') {
      ++at_;
      if (digits() == 0) return wrong("a number without digits behind its point");
    }
    if (peek() == 'e' || peek() == 'E') {
      ++at_;
      if (peek() == '+' || peek() == '-') ++at_;
      if (digits() == 0) return wrong("a number without digits in its exponent");
    }
    return text_.substr(from, at_ - from);
  }

  // `node` is nullptr where nothing is of interest: the grammar is checked all the same.
  Result<void> value(Node* node, bool joined, int depth) {
    skip_space();
    const char c = peek();
    if (c == '{' || c == '[') {
      if (depth >= kMaxJsonDepth)
        return fail(Errc::kOutOfRange, fmt::format("nested deeper than {} levels", kMaxJsonDepth));
      const std::size_t from = at_;
      Node* const inside = node != nullptr && node->depth < kMaxPath ? node : nullptr;
      if (c == '{') {
        TRY(object(inside, joined, depth + 1));
      } else {
        TRY(array(inside, depth + 1));
      }
      if (node != nullptr && inside == nullptr)
        return visitor_.value(*node, text_.substr(from, at_ - from), false, joined);
      return {};
    }
    const bool is_string = c == '"';
    TRY_ASSIGN(const std::string_view text, is_string ? string() : scalar());
    if (node == nullptr) return {};
    const bool empty = !is_string && (text == "null" || text == "NaN" || text.ends_with("Infinity"));
    return visitor_.value(*node, empty ? "" : text, is_string, joined);
  }

  Result<void> object(Node* node, bool joined, int depth) {
    ++at_;
    skip_space();
    if (peek() == '}') {
      ++at_;
      return {};
    }
    for (;;) {
      skip_space();
      TRY_ASSIGN(const std::string_view key, string());
      skip_space();
      if (peek() != ':') return wrong("a ':' is missing");
      ++at_;
      Node* child = nullptr;
      if (node != nullptr) {
        TRY_ASSIGN(child, visitor_.member(*node, key));
      }
      TRY(value(child, joined, depth));
      skip_space();
      if (peek() == '}') {
        ++at_;
        return {};
      }
      if (peek() != ',') return wrong("a ',' is missing");
      ++at_;
    }
  }

  Result<void> array(Node* node, int depth) {
    ++at_;
    skip_space();
    if (peek() == ']') {
      ++at_;
      return {};
    }
    for (;;) {
      skip_space();
      if (node != nullptr && peek() == '{') {
        visitor_.array_of_objects(*node);
        TRY_ASSIGN(const bool line, visitor_.begin_line(*node));
        TRY(object(node, !line, depth + 1));
        if (line) visitor_.end_line();
      } else {
        TRY(value(node, true, depth));
      }
      skip_space();
      if (peek() == ']') {
        ++at_;
        return {};
      }
      if (peek() != ',') return wrong("a ',' is missing");
      ++at_;
    }
  }

  std::string_view text_;
  JsonVisitor& visitor_;
  std::size_t at_ = 0;
};

std::uint32_t hex4(std::string_view digits) {
  std::uint32_t value = 0;
  for (const char c : digits) {
    value = value * 16 + static_cast<std::uint32_t>(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
  }
  return value;
}

// Appends a string's text; its escapes are known to be right. Half a surrogate pair becomes U+FFFD.
void append_json_string(std::string_view raw, std::string& out) {
  for (std::size_t i = 0; i < raw.size(); ++i) {
    const std::size_t escape = std::min(raw.find('\\', i), raw.size());
    out.append(raw.substr(i, escape - i));
    i = escape;
    if (i >= raw.size()) return;
    const char c = raw[++i];
    switch (c) {
      case 'b':
        out.push_back('\b');
        break;
      case 'f':
        out.push_back('\f');
        break;
      case 'n':
        out.push_back('\n');
        break;
      case 'r':
        out.push_back('\r');
        break;
      case 't':
        out.push_back('\t');
        break;
      case 'u': {
        std::uint32_t code = hex4(raw.substr(i + 1, 4));
        i += 4;
        if (code >= 0xD800 && code < 0xE000) {
          const bool pair = code < 0xDC00 && raw.substr(i + 1).starts_with("\\u") && raw.size() >= i + 7;
          const std::uint32_t low = pair ? hex4(raw.substr(i + 3, 4)) : 0;
          if (low >= 0xDC00 && low < 0xE000) {
            code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
            i += 6;
          } else {
            code = 0xFFFD;
          }
        }
        append_code_point(code == 0 ? 0xFFFD : code, out);
        break;
      }
      default:
        out.push_back(c);
    }
  }
}

// Finds out the columns.
class ColumnFinder final : public JsonVisitor {
 public:
  explicit ColumnFinder(Node& root) : root_(root) {}
  Result<Node*> member(Node& node, std::string_view key) override {
    if (Node* const found = node.find(key)) return found;
    if (++nodes_ > 4 * kMaxColumns) return too_many();
    auto child = std::make_unique<Node>();
    child->key = key;
    child->depth = node.depth + 1;
    return &node.add(std::move(child));
  }
  Result<void> value(Node& node, std::string_view, bool, bool) override {
    if (node.column != kNone) return {};
    if (columns_ == kMaxColumns) return too_many();
    node.column = columns_++;
    return {};
  }
  void array_of_objects(Node& node) override { node.objects = true; }
  Result<bool> begin_line(Node&) override { return false; }
  void end_line() override {}

  // Names the columns in the order of the tree, and finds the array of lines; nullptr if there is none.
  Node* name_columns(std::vector<std::string>& names) {
    name_below(root_, "", names);
    for (const std::string_view member : kLineMembers) {
      const auto at =
          std::ranges::find(root_.children, member, [](const auto& c) -> std::string_view { return c->key; });
      if (at == root_.children.end()) continue;
      if ((*at)->objects) return at->get();
      for (const auto& child : (*at)->children) {
        if (child->objects && (child->key == "data" || child->key == "nodes")) return child.get();
      }
    }
    return nullptr;
  }

 private:
  static std::unexpected<Error> too_many() {
    return fail(Errc::kOutOfRange, fmt::format("more than {} columns", kMaxColumns));
  }
  void name_below(Node& node, const std::string& path, std::vector<std::string>& names) {
    if (node.column != kNone) {
      node.column = names.size();
      std::string name;
      append_json_string(path, name);
      names.push_back(std::move(name));
    }
    for (const auto& child : node.children)
      name_below(*child, path.empty() ? child->key : path + "." + child->key, names);
  }

  Node& root_;
  std::size_t columns_ = 0, nodes_ = 0;
};

struct JsonSource {
  std::unique_ptr<Bytes> bytes;
  std::string name;
  EncodingGuess encoding;
  JsonOptions options;
  JsonShape shape;
};

// An error within a record, placed: at the line in the file.
Error placed(Error error, const JsonSource& source, std::uint64_t record_line, std::string_view text, std::size_t at) {
  const auto lines = std::ranges::count(text.substr(0, std::min(at, text.size())), '\n');
  error.message = error.code == Errc::kOutOfRange
                      ? fmt::format("{} has a record that is beyond a bound: {}", source.name, error.message)
                      : fmt::format("{} is not JSON on this line: {}", source.name, error.message);
  error.hint = "Export it again.";
  error.why = {error.code == Errc::kOutOfRange ? "problem.json_beyond_bound" : "problem.json_damaged"};
  error.place = {source.name, record_line + static_cast<std::uint64_t>(lines), {}};
  return error;
}

class JsonReader final : public BatchMaker, private JsonVisitor {
 public:
  JsonReader(const JsonSource& source, const Node& root, const Node* lines, std::size_t all_columns,
             std::span<const std::size_t> columns, std::uint64_t skip_rows)
      : source_(source),
        stream_(*source.bytes, source.name, source.encoding, source.options.chunk_bytes),
        all_columns_(all_columns),
        skip_rows_(skip_rows),
        slots_of_column_(all_columns) {
    root_ = copy(root, lines);
    columns_.assign(columns.begin(), columns.end());
    if (columns.empty()) {
      for (std::size_t i = 0; i < all_columns; ++i) columns_.push_back(i);
    }
    // A column may be asked for twice; it is gathered once.
    for (const std::size_t column : columns_) {
      if (column >= all_columns) {
        slot_of_place_.push_back(kNone);
        continue;
      }
      if (slots_of_column_[column] == 0) slots_of_column_[column] = ++slots_;
      slot_of_place_.push_back(slots_of_column_[column] - 1);
    }
    gathered_.resize(slots_);
  }

  Result<bool> make(MadeBatch& made) override {
    RowBatch& batch = made.batch;
    batch.columns = columns_.size();
    batch.cells.clear();
    batch.lines.clear();
    batch.widths.clear();
    // Rows left of a record of many lines keep the text of the batch before.
    if (row_ == rows_) text_ = std::make_shared<TextArena>();
    made.keep = text_;
    while (batch.rows() < kBatchRows && batch.cells.size() < kBatchCells && text_->bytes() < kBatchTextBytes) {
      if (row_ == rows_) {
        TRY_ASSIGN(const bool more, next_record());
        if (!more) break;
      }
      while (row_ < rows_ && batch.rows() < kBatchRows && batch.cells.size() < kBatchCells) emit_row(batch);
    }
    if (row_ < rows_ && batch.rows() == 0) emit_row(batch);
    made.bytes_done = stream_.bytes_done();
    return batch.rows() > 0;
  }

 private:
  struct Cell {
    std::size_t slot;
    std::string_view text;
  };

  std::unique_ptr<Node> copy(const Node& node, const Node* lines) {
    auto made = std::make_unique<Node>();
    made->key = node.key;
    made->depth = node.depth;
    made->column = node.column;
    for (const auto& child : node.children) made->add(copy(*child, lines));
    if (&node == lines) lines_ = made.get();
    return made;
  }

  Result<bool> next_record() {
    do {
      TRY_ASSIGN(const auto text, stream_.next_record(source_.shape));
      if (!text) return false;
      ++record_;
      line_cells_.clear();
      line_ends_.clear();
      in_line_ = false;
      JsonRecord record(*text, *this);
      if (auto visited = record.visit(*root_); !visited) {
        return std::unexpected(placed(std::move(visited).error(), source_, stream_.record_line(), *text, record.at()));
      }
      record_cells_.clear();
      gather(record_cells_);
      row_ = 0;
      rows_ = std::max<std::size_t>(line_ends_.size(), 1);
      const std::uint64_t skipped = std::min<std::uint64_t>(skip_rows_, rows_);
      skip_rows_ -= skipped;
      row_ = skipped;
      if (row_ == rows_ && skip_rows_ > 0) text_->clear();
    } while (row_ == rows_);
    return true;
  }

  void emit_row(RowBatch& batch) {
    row_cells_.assign(slots_, {});
    for (const Cell& cell : record_cells_) row_cells_[cell.slot] = cell.text;
    if (row_ < line_ends_.size()) {
      for (std::size_t i = row_ == 0 ? 0 : line_ends_[row_ - 1]; i < line_ends_[row_]; ++i) {
        row_cells_[line_cells_[i].slot] = line_cells_[i].text;
      }
    }
    for (const std::size_t slot : slot_of_place_) {
      batch.cells.push_back(slot == kNone ? std::string_view() : row_cells_[slot]);
    }
    batch.lines.push_back(record_);
    batch.widths.push_back(static_cast<std::uint32_t>(all_columns_));
    ++row_;
  }

  // Moves what was gathered, for the record or for a line, into cells.
  void gather(std::vector<Cell>& cells) {
    for (const std::size_t slot : touched_) {
      if (!gathered_[slot].empty()) {
        if (!is_valid_utf8(gathered_[slot])) {
          mended_.clear();
          append_as_utf8(gathered_[slot], false, mended_);
          gathered_[slot] = mended_;
        }
        cells.push_back({slot, text_->copy(gathered_[slot])});
      }
      gathered_[slot].clear();
    }
    touched_.clear();
  }

  Result<Node*> member(Node& node, std::string_view key) override { return node.find(key); }
  Result<void> value(Node& node, std::string_view text, bool is_string, bool joined) override {
    if (node.column == kNone || slots_of_column_[node.column] == 0) return {};
    const std::size_t slot = slots_of_column_[node.column] - 1;
    std::string& cell = gathered_[slot];
    if (cell.empty()) touched_.push_back(slot);
    if (!joined) {
      cell.clear();  // of a member twice in an object the last counts
    } else if (!cell.empty() && !text.empty()) {
      cell += ", ";
    }
    if (is_string) {
      append_json_string(text, cell);
    } else if (!text.empty() && (text[0] == '-' || (text[0] >= '0' && text[0] <= '9'))) {
      cell += text_of_number(text);
    } else {
      cell += text;
    }
    return {};
  }
  void array_of_objects(Node&) override {}
  Result<bool> begin_line(Node& node) override {
    if (&node != lines_ || in_line_) return false;
    if (line_ends_.size() == kMaxLines) return fail(Errc::kOutOfRange, fmt::format("more than {} lines", kMaxLines));
    in_line_ = true;
    // What belongs to the record waits meanwhile.
    std::swap(waiting_, touched_);
    touched_.clear();
    return true;
  }
  void end_line() override {
    gather(line_cells_);
    line_ends_.push_back(line_cells_.size());
    std::swap(waiting_, touched_);
    in_line_ = false;
  }

  const JsonSource& source_;
  JsonStream stream_;
  std::unique_ptr<Node> root_;
  Node* lines_ = nullptr;
  std::size_t all_columns_;
  std::uint64_t skip_rows_;
  std::vector<std::size_t> columns_;
  std::vector<std::size_t> slots_of_column_;  // 1-based; 0: not wanted
  std::vector<std::size_t> slot_of_place_;    // of each column asked for
  std::size_t slots_ = 0;
  std::vector<std::string> gathered_;  // of each slot
  std::vector<std::size_t> touched_, waiting_;
  std::string mended_;
  std::shared_ptr<TextArena> text_ = std::make_shared<TextArena>();  // shared by the batches of one long record
  std::uint64_t record_ = 0;
  std::vector<Cell> record_cells_, line_cells_;
  std::vector<std::size_t> line_ends_;  // in line_cells_
  bool in_line_ = false;
  std::size_t row_ = 0, rows_ = 0;  // of the record in hand
  std::vector<std::string_view> row_cells_;
};

class JsonTable final : public Table {
 public:
  JsonTable(JsonSource source, std::unique_ptr<Node> root, const Node* lines, std::vector<std::string> names)
      : source_(std::move(source)), root_(std::move(root)), lines_(lines), names_(std::move(names)) {
    format_.format = "json";
    format_.encoding = behoud::ingest::read::name(source_.encoding.encoding);
  }
  const std::string& name() const override { return source_.name; }
  const TableFormat& format() const override { return format_; }
  std::uint64_t bytes_total() const override { return source_.bytes->size(); }
  const std::vector<std::string>& names() const override { return names_; }
  Result<std::unique_ptr<RowReader>> read(std::span<const std::size_t> columns,
                                          std::uint64_t skip_rows) const override {
    return read_batches(std::make_unique<JsonReader>(source_, *root_, lines_, names_.size(), columns, skip_rows),
                        source_.bytes->size() > 512 * 1024);
  }

 private:
  JsonSource source_;
  std::unique_ptr<Node> root_;
  const Node* lines_;
  std::vector<std::string> names_;
  TableFormat format_;
};

}  // namespace

Result<std::unique_ptr<Table>> open_json(std::unique_ptr<Bytes> bytes, std::string name, JsonOptions options) {
  JsonSource source{std::move(bytes), std::move(name), {}, options, {}};
  TRY_ASSIGN(source.encoding, guess_encoding(*source.bytes));
  {
    JsonStream stream(*source.bytes, source.name, source.encoding, options.chunk_bytes);
    TRY_ASSIGN(source.shape, stream.find_shape());
  }
  auto root = std::make_unique<Node>();
  ColumnFinder finder(*root);
  JsonStream stream(*source.bytes, source.name, source.encoding, options.chunk_bytes);
  std::uint64_t records = 0;
  for (;;) {
    TRY_ASSIGN(const auto text, stream.next_record(source.shape));
    if (!text) break;
    ++records;
    JsonRecord record(*text, finder);
    if (auto visited = record.visit(*root); !visited) {
      return std::unexpected(placed(std::move(visited).error(), source, stream.record_line(), *text, record.at()));
    }
  }
  std::vector<std::string> names;
  Node* const lines = finder.name_columns(names);
  if (records == 0 || names.empty()) {
    return fail(Errc::kBadInput, fmt::format("{} is empty: it holds no record", source.name),
                "Export the orders again.", {source.name, 0, {}}, {"problem.file_empty"});
  }
  return std::unique_ptr<Table>(new JsonTable(std::move(source), std::move(root), lines, std::move(names)));
}

}  // namespace behoud::ingest::read
