#include "ingest/read/xlsx.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstring>
#include <optional>
#include <pugixml.hpp>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include "base/text.h"
#include "ingest/read/csv.h"
#include "ingest/read/encoding.h"
#include "ingest/read/number_text.h"
#include "ingest/read/read_ahead.h"
#include "ingest/read/xml_scan.h"

namespace behoud::ingest::read {
namespace {

constexpr std::uint64_t kMaxSmallPart = std::uint64_t{16} << 20;
constexpr std::uint64_t kMaxSharedBytes = std::uint64_t{768} << 20;
constexpr std::size_t kBatchRows = 4096;
constexpr std::size_t kBatchCells = std::size_t{1} << 18;
constexpr std::size_t kBatchTextBytes = std::size_t{8} << 20;
constexpr double kMaxSerial = 2'958'466;  // the day after 9999-12-31

using Token = XmlScanner::Token;

// ---- small parts, by pugixml (which expands no entities of a document's own)

Result<pugi::xml_document> small_part(ZipArchive& archive, const ZipEntry& entry, const std::string& name) {
  TRY_ASSIGN(const std::string text, archive.content(entry, kMaxSmallPart));
  pugi::xml_document document;
  const pugi::xml_parse_result parsed = document.load_buffer(text.data(), text.size(), pugi::parse_default);
  if (!parsed) {
    return fail(Errc::kBadInput, fmt::format("{}/{} is damaged", name, entry.name), "Save the workbook again.",
                {name, 0, {}}, {"problem.workbook_damaged"});
  }
  return document;
}

std::string_view local_name(const pugi::xml_node& node) {
  const std::string_view name = node.name();
  const std::size_t colon = name.find(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

// Attributes by their name without a prefix: "id" finds r:id.
std::string_view attribute(const pugi::xml_node& node, std::string_view wanted) {
  for (const pugi::xml_attribute& a : node.attributes()) {
    const std::string_view name = a.name();
    if (name == wanted) return a.value();
  }
  for (const pugi::xml_attribute& a : node.attributes()) {
    const std::string_view name = a.name();
    const std::size_t colon = name.find(':');
    if (colon != std::string_view::npos && name.substr(colon + 1) == wanted) return a.value();
  }
  return {};
}

template <class Use>
void each_child(const pugi::xml_node& parent, std::string_view name, const Use& use) {
  for (const pugi::xml_node& child : parent.children()) {
    if (local_name(child) == name) use(child);
  }
}

pugi::xml_node child(const pugi::xml_node& parent, std::string_view name) {
  pugi::xml_node found;
  each_child(parent, name, [&](const pugi::xml_node& node) {
    if (!found) found = node;
  });
  return found;
}

std::string folder_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? "" : std::string(path.substr(0, slash + 1));
}

// A relationship's target: relative to the folder of its source, or from the root of the package.
std::string resolve(const std::string& folder, std::string_view target) {
  if (target.starts_with('/')) return std::string(target.substr(1));
  std::string path = folder;
  while (target.starts_with("../")) {
    target.remove_prefix(3);
    path = path.empty() ? path : folder_of(path.substr(0, path.size() - 1));
  }
  if (target.starts_with("./")) target.remove_prefix(2);
  return path + std::string(target);
}

struct Relationship {
  std::string id, type, target;
};

Result<std::vector<Relationship>> relationships(ZipArchive& archive, const std::string& part, const std::string& name) {
  const std::string folder = folder_of(part);
  const ZipEntry* const entry = archive.find(folder + "_rels/" + part.substr(folder.size()) + ".rels");
  std::vector<Relationship> found;
  if (entry == nullptr) return found;
  TRY_ASSIGN(const auto document, small_part(archive, *entry, name));
  each_child(document.document_element(), "Relationship", [&](const pugi::xml_node& node) {
    const std::string_view type = attribute(node, "Type");
    const std::size_t slash = type.rfind('/');
    found.push_back({std::string(attribute(node, "Id")),
                     std::string(slash == std::string_view::npos ? type : type.substr(slash + 1)),
                     resolve(folder, attribute(node, "Target"))});
  });
  return found;
}

// ---- shared texts

struct SharedTexts {
  std::string bytes;
  std::vector<std::uint64_t> ends;
  std::string_view at(std::size_t i) const {
    const std::uint64_t begin = i == 0 ? 0 : ends[i - 1];
    return std::string_view(bytes).substr(begin, ends[i] - begin);
  }
};

// Whether some text is the text of a cell: that of <t>, but not of <t> within a phonetic run (rPh).
struct TextFinder {
  bool in_text = false;
  int phonetic = 0;
  void open(const XmlScanner& xml) {
    if (xml.empty_element()) return;
    if (xml.tag() == "rPh") ++phonetic;
    in_text = xml.tag() == "t" && phonetic == 0;
  }
  void close(const XmlScanner& xml) {
    if (xml.tag() == "rPh" && phonetic > 0) --phonetic;
    in_text = false;
  }
};

std::function<Result<std::size_t>(std::span<char>)> bytes_of_stream(ZipStream& stream) {
  return [&stream](std::span<char> out) { return stream.read(out); };
}

std::unexpected<Error> cell_too_long(const std::string& name, std::uint64_t row) {
  return fail(Errc::kOutOfRange, fmt::format("{} has a cell of more than 16 MiB", name), {}, {name, row, {}},
              {"problem.cell_too_large", {{"mib", 16}}});
}

Result<SharedTexts> read_shared(ZipArchive& archive, const ZipEntry& entry, const std::string& name) {
  SharedTexts shared;
  TRY_ASSIGN(auto stream, archive.stream(entry));
  XmlScanner xml(fmt::format("{}/{}", name, entry.name), bytes_of_stream(stream));
  TextFinder finder;
  bool in_item = false;
  for (;;) {
    TRY_ASSIGN(const Token token, xml.next());
    if (token == Token::kEnd) break;
    switch (token) {
      case Token::kOpen:
        if (xml.tag() == "si") {
          in_item = !xml.empty_element();
          if (!in_item) shared.ends.push_back(shared.bytes.size());
        } else {
          finder.open(xml);
        }
        break;
      case Token::kText:
        if (in_item && finder.in_text) append_xml_text(xml.text(), xml.is_cdata(), shared.bytes);
        break;
      case Token::kClose:
        if (xml.tag() == "si" && in_item) {
          if (shared.bytes.size() - (shared.ends.empty() ? 0 : shared.ends.back()) > kMaxCellBytes) {
            return cell_too_long(name, 0);
          }
          shared.ends.push_back(shared.bytes.size());
          in_item = false;
          finder = {};
        } else {
          finder.close(xml);
        }
        break;
      case Token::kEnd:
        break;
    }
    if (shared.bytes.size() + shared.ends.size() * sizeof(std::uint64_t) > kMaxSharedBytes) {
      return fail(Errc::kOutOfRange, fmt::format("{} has more than 768 MiB of texts", name),
                  "Save the sheet of orders as CSV.", {name, 0, {}}, {"problem.workbook_too_large"});
    }
  }
  if (in_item) {
    return fail(Errc::kBadInput, fmt::format("{}/{} is damaged: it is cut off", name, entry.name),
                "Save the workbook again.", {name, 0, {}}, {"problem.workbook_damaged"});
  }
  if (!is_valid_utf8(shared.bytes)) {
    SharedTexts mended;
    for (std::size_t i = 0; i < shared.ends.size(); ++i) {
      append_as_utf8(shared.at(i), false, mended.bytes);
      mended.ends.push_back(mended.bytes.size());
    }
    return mended;
  }
  return shared;
}

struct Workbook {
  std::unique_ptr<Bytes> bytes;
  std::string name;
  UnpackBounds bounds;
  bool from_1904 = false;
  std::vector<NumberFormat> formats;  // of each cell style
  SharedTexts shared;
  std::string sheet;  // the entry of the sheet that is the table
  std::string sheet_name;
  std::vector<std::string> other_sheets;
};

// ---- the sheet

// "BC12" to the column 54; nullopt when there are no letters, or too many.
std::optional<std::size_t> column_of(std::string_view reference) {
  std::size_t column = 0, letters = 0;
  for (const char c : reference) {
    if (c < 'A' || c > 'Z') break;
    column = column * 26 + static_cast<std::size_t>(c - 'A' + 1);
    if (++letters > 4) return std::nullopt;
  }
  if (letters == 0) return std::nullopt;
  return column - 1;
}

template <class Integer>
std::optional<Integer> integer_in(std::optional<std::string_view> text) {
  if (!text) return std::nullopt;
  Integer value = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (error != std::errc() || end != text->data() + text->size()) return std::nullopt;
  return value;
}

class SheetReader final : public BatchMaker {
 public:
  SheetReader(const Workbook& workbook, ZipArchive archive, std::span<const std::size_t> columns,
              std::uint64_t skip_rows)
      : workbook_(workbook),
        archive_(std::move(archive)),
        columns_(columns.begin(), columns.end()),
        all_columns_(columns.empty()),
        skip_rows_(skip_rows) {}

  Result<void> start() {
    const ZipEntry* const entry = archive_.find(workbook_.sheet);
    if (entry == nullptr) return damaged("its sheet is missing", 0);
    TRY_ASSIGN(auto stream, archive_.stream(*entry, true));
    stream_.emplace(std::move(stream));
    size_ = std::max<std::uint64_t>(entry->unpacked, 1);
    xml_.emplace(fmt::format("{}/{}", workbook_.name, entry->name), [this](std::span<char> out) -> Result<std::size_t> {
      TRY_ASSIGN(const std::size_t n, stream_->read(out));
      unpacked_ += n;
      return n;
    });
    return {};
  }

  Result<bool> make(MadeBatch& made) override {
    made.text.clear();
    rows_.clear();
    cells_.clear();
    std::size_t limit = kBatchRows;
    if (!all_columns_ || !columns_.empty()) {
      limit = std::clamp<std::size_t>(kBatchCells / std::max<std::size_t>(columns_.size(), 1), 1, kBatchRows);
    }
    while (rows_.size() < limit && cells_.size() < kBatchCells && made.text.bytes() < kBatchTextBytes) {
      TRY_ASSIGN(const bool more, next_row(made.text));
      if (!more) break;
    }
    if (rows_.empty()) return false;
    if (all_columns_ && columns_.empty()) {
      std::size_t widest = 0;
      for (const Row& row : rows_) widest = std::max(widest, row.width);
      for (std::size_t i = 0; i < widest; ++i) columns_.push_back(i);
    }
    RowBatch& batch = made.batch;
    batch.columns = columns_.size();
    batch.cells.assign(rows_.size() * columns_.size(), {});
    batch.lines.clear();
    batch.widths.clear();
    std::vector<std::string_view> row_cells;
    std::size_t cell = 0;
    for (std::size_t r = 0; r < rows_.size(); ++r) {
      const Row& row = rows_[r];
      batch.lines.push_back(row.number);
      batch.widths.push_back(static_cast<std::uint32_t>(row.width));
      row_cells.assign(row.width, {});
      for (; cell < row.cells_end; ++cell) row_cells[cells_[cell].column] = cells_[cell].text;
      for (std::size_t c = 0; c < columns_.size(); ++c) {
        if (columns_[c] < row.width) batch.cells[r * columns_.size() + c] = row_cells[columns_[c]];
      }
    }
    // Progress in bytes of the packed file, which is what the table's total is.
    const double share = static_cast<double>(unpacked_) / static_cast<double>(size_);
    made.bytes_done = static_cast<std::uint64_t>(std::min(share, 1.0) * static_cast<double>(workbook_.bytes->size()));
    return true;
  }

 private:
  struct Cell {
    std::size_t column;
    std::string_view text;
  };
  struct Row {
    std::uint64_t number;
    std::size_t width;      // one past the last column with a value
    std::size_t cells_end;  // in cells_
  };

  std::unexpected<Error> damaged(std::string_view what, std::uint64_t row) const {
    return fail(Errc::kBadInput, fmt::format("{} is damaged: {}", workbook_.name, what), "Save the workbook again.",
                {workbook_.name, row, {}}, {"problem.workbook_damaged"});
  }

  // Reads on to the end of the next row that has a value and is not to be skipped.
  Result<bool> next_row(TextArena& text) {
    std::size_t next_column = 0;
    Row row{0, 0, 0};
    bool in_row = false;
    const std::size_t first_cell = cells_.size();
    std::size_t text_before = text.bytes();
    for (;;) {
      TRY_ASSIGN(const Token token, xml_->next());
      if (token == Token::kEnd) {
        if (!closed_) return damaged("its sheet is cut off", number_);
        return false;
      }
      if (token == Token::kClose) {
        if (xml_->tag() == "row" && in_row) {
          in_row = false;
          if (cells_.size() > first_cell) {
            if (skip_rows_ == 0) {
              row.cells_end = cells_.size();
              rows_.push_back(row);
              return true;
            }
            --skip_rows_;
            cells_.resize(first_cell);
            if (rows_.empty()) text.clear();
          }
        } else if (xml_->tag() == "sheetData" || xml_->tag() == "worksheet") {
          closed_ = true;
        }
        continue;
      }
      if (token != Token::kOpen) continue;
      if (xml_->tag() == "sheetData" && xml_->empty_element()) closed_ = true;
      if (xml_->tag() == "row") {
        const auto stated = integer_in<std::uint64_t>(xml_->attribute("r"));
        number_ = stated ? *stated : number_ + 1;
        if (xml_->empty_element()) continue;
        cells_.resize(first_cell);
        row = {number_, 0, 0};
        in_row = true;
        next_column = 0;
        text_before = text.bytes();
      } else if (xml_->tag() == "c" && in_row) {
        if (const auto reference = xml_->attribute("r")) {
          const auto column = column_of(*reference);
          if (!column) return damaged("a cell has no place", number_);
          next_column = *column;
        }
        const std::size_t column = next_column++;
        if (xml_->empty_element()) continue;
        TRY_ASSIGN(const std::string_view value, cell_text(text));
        if (value.empty()) continue;
        if (text.bytes() - text_before > kMaxRecordBytes) {
          return fail(Errc::kOutOfRange, fmt::format("{} has a row of more than 32 MiB", workbook_.name), {},
                      {workbook_.name, number_, {}}, {"problem.row_too_large", {{"mib", 32}}});
        }
        if (column >= kMaxColumns) {
          return fail(
              Errc::kOutOfRange,
              fmt::format("{} has a value in column {}; {} is the most", workbook_.name, column + 1, kMaxColumns), {},
              {workbook_.name, number_, fmt::format("#{}", column + 1)},
              {"problem.columns_too_many", {{"count", column + 1}, {"most", kMaxColumns}}});
        }
        if (cells_.size() - first_cell >= 2 * kMaxColumns) return damaged("a row has cells over cells", number_);
        cells_.push_back({column, value});
        row.width = std::max(row.width, column + 1);
      }
    }
  }

  // From the opening of a cell to its close.
  Result<std::string_view> cell_text(TextArena& text) {
    const std::string_view type_text = xml_->attribute("t").value_or("n");
    const char type = type_text == "s"           ? 's'
                      : type_text == "inlineStr" ? 'i'
                      : type_text == "b"         ? 'b'
                      : type_text == "n"         ? 'n'
                                                 : 't';  // str, e, d: as they stand
    const auto style = integer_in<std::uint32_t>(xml_->attribute("s")).value_or(0);
    value_.clear();
    TextFinder finder;
    bool in_value = false;
    for (;;) {
      TRY_ASSIGN(const Token token, xml_->next());
      if (token == Token::kEnd) return damaged("its sheet is cut off", number_);
      if (token == Token::kOpen) {
        in_value = xml_->tag() == "v" && !xml_->empty_element();
        if (type == 'i') finder.open(*xml_);
      } else if (token == Token::kClose) {
        if (xml_->tag() == "c") break;
        in_value = false;
        if (type == 'i') finder.close(*xml_);
      } else if (in_value || finder.in_text) {
        append_xml_text(xml_->text(), xml_->is_cdata(), value_);
        if (value_.size() > kMaxCellBytes) return cell_too_long(workbook_.name, number_);
      }
    }
    if (!is_valid_utf8(value_)) {
      std::string mended;
      append_as_utf8(value_, false, mended);
      value_ = std::move(mended);
    }
    switch (type) {
      case 's': {
        if (value_.empty()) return std::string_view();
        const auto index = integer_in<std::size_t>(std::string_view(value_));
        if (!index || *index >= workbook_.shared.ends.size()) return damaged("a text is missing", number_);
        return workbook_.shared.at(*index);
      }
      case 'b':
        return std::string_view(value_ == "1" || value_ == "true" ? "TRUE" : value_.empty() ? "" : "FALSE");
      case 'n': {
        if (value_.empty()) return std::string_view();
        const NumberFormat format = style < workbook_.formats.size() ? workbook_.formats[style] : NumberFormat::kNumber;
        if (format != NumberFormat::kNumber) {
          double serial = 0;
          const auto [end, error] = std::from_chars(value_.data(), value_.data() + value_.size(), serial);
          if (error == std::errc() && end == value_.data() + value_.size()) {
            const std::string date = text_of_serial(serial, format, workbook_.from_1904);
            if (!date.empty()) return text.copy(date);
          }
        }
        return text.copy(text_of_number(value_));
      }
      default:
        return text.copy(value_);
    }
  }

  const Workbook& workbook_;
  ZipArchive archive_;
  std::vector<std::size_t> columns_;
  bool all_columns_;
  std::uint64_t skip_rows_;
  std::optional<ZipStream> stream_;
  std::optional<XmlScanner> xml_;
  std::uint64_t size_ = 1, unpacked_ = 0;
  std::uint64_t number_ = 0;  // of the row in hand
  bool closed_ = false;       // the sheet's end was seen
  std::string value_;
  std::vector<Cell> cells_;
  std::vector<Row> rows_;
};

class XlsxTable final : public Table {
 public:
  explicit XlsxTable(Workbook workbook) : workbook_(std::move(workbook)) {
    format_.format = "xlsx";
    format_.encoding = "UTF-8";
    format_.sheet = workbook_.sheet_name;
    format_.other_sheets = workbook_.other_sheets;
  }
  const std::string& name() const override { return workbook_.name; }
  const TableFormat& format() const override { return format_; }
  std::uint64_t bytes_total() const override { return workbook_.bytes->size(); }
  const std::vector<std::string>& names() const override { return names_; }
  Result<std::unique_ptr<RowReader>> read(std::span<const std::size_t> columns,
                                          std::uint64_t skip_rows) const override {
    TRY_ASSIGN(auto archive, ZipArchive::open(*workbook_.bytes, workbook_.name, workbook_.bounds));
    auto reader = std::make_unique<SheetReader>(workbook_, std::move(archive), columns, skip_rows);
    TRY(reader->start());
    return read_batches(std::move(reader), workbook_.bytes->size() > 256 * 1024);
  }

 private:
  Workbook workbook_;
  TableFormat format_;
  std::vector<std::string> names_;
};

// Whether the sheet has a cell with a value, looking no further than the first one.
Result<bool> has_values(const Workbook& workbook, const std::string& sheet) {
  TRY_ASSIGN(auto archive, ZipArchive::open(*workbook.bytes, workbook.name, workbook.bounds));
  const ZipEntry* const entry = archive.find(sheet);
  if (entry == nullptr) return false;
  TRY_ASSIGN(auto stream, archive.stream(*entry, true));
  XmlScanner xml(fmt::format("{}/{}", workbook.name, sheet), bytes_of_stream(stream));
  bool in_value = false;
  for (;;) {
    TRY_ASSIGN(const Token token, xml.next());
    if (token == Token::kEnd) return false;
    if (token == Token::kOpen) in_value = (xml.tag() == "v" || xml.tag() == "t") && !xml.empty_element();
    if (token == Token::kText && in_value && !xml.text().empty()) return true;
    if (token == Token::kClose) {
      if (xml.tag() == "sheetData") return false;
      in_value = false;
    }
  }
}

Result<std::vector<NumberFormat>> read_styles(ZipArchive& archive, const ZipEntry& entry, const std::string& name) {
  TRY_ASSIGN(const auto document, small_part(archive, entry, name));
  const pugi::xml_node root = document.document_element();
  std::vector<std::pair<std::uint32_t, NumberFormat>> custom;
  each_child(child(root, "numFmts"), "numFmt", [&](const pugi::xml_node& node) {
    if (const auto id = integer_in<std::uint32_t>(attribute(node, "numFmtId"))) {
      custom.emplace_back(*id, format_of_code(attribute(node, "formatCode")));
    }
  });
  std::ranges::stable_sort(custom, {}, &std::pair<std::uint32_t, NumberFormat>::first);
  std::vector<NumberFormat> formats;
  each_child(child(root, "cellXfs"), "xf", [&](const pugi::xml_node& node) {
    const auto id = integer_in<std::uint32_t>(attribute(node, "numFmtId")).value_or(0);
    const auto found = std::ranges::lower_bound(custom, id, {}, &std::pair<std::uint32_t, NumberFormat>::first);
    formats.push_back(found != custom.end() && found->first == id ? found->second : builtin_format(id));
  });
  return formats;
}

}  // namespace

bool is_workbook(const ZipArchive& archive) {
  return archive.find("[Content_Types].xml") != nullptr || archive.find("xl/workbook.xml") != nullptr ||
         (archive.find("mimetype") != nullptr && archive.find("content.xml") != nullptr);
}

Result<std::unique_ptr<Table>> open_xlsx(std::unique_ptr<Bytes> bytes, std::string name, const UnpackBounds& bounds) {
  const auto no_table = [&](std::string_view what, const char* hint, Why why) {
    return fail(Errc::kBadInput, fmt::format("{} {}", name, what), hint, {name, 0, {}}, std::move(why));
  };
  Workbook workbook;
  workbook.bounds = bounds;
  workbook.name = name;
  workbook.bytes = std::move(bytes);
  TRY_ASSIGN(auto archive, ZipArchive::open(*workbook.bytes, name, bounds));
  if (archive.find("mimetype") != nullptr && archive.find("content.xml") != nullptr) {
    return no_table("is an OpenDocument file, which is not read", "Open it, and save it as .xlsx or CSV.",
                    {"problem.save_as_other", {{"what", "opendocument"}}});
  }
  TRY_ASSIGN(const auto roots, relationships(archive, "", name));
  std::string main_part = "xl/workbook.xml";
  for (const Relationship& root : roots) {
    if (root.type == "officeDocument") main_part = root.target;
  }
  if (main_part.ends_with(".bin")) {
    return no_table("is a binary workbook (.xlsb), which is not read", "Open it, and save it as .xlsx or CSV.",
                    {"problem.save_as_other", {{"what", "xlsb"}}});
  }
  const ZipEntry* const main_entry = archive.find(main_part);
  if (main_entry == nullptr)
    return no_table("holds no workbook: is it a text document?", "Save the table as .xlsx or CSV.",
                    {"problem.no_table", {{"what", "text_document"}}});
  TRY_ASSIGN(const auto main_document, small_part(archive, *main_entry, name));
  TRY_ASSIGN(const auto parts, relationships(archive, main_part, name));
  const pugi::xml_node root = main_document.document_element();
  const std::string_view date_1904 = attribute(child(root, "workbookPr"), "date1904");
  workbook.from_1904 = date_1904 == "1" || date_1904 == "true";

  struct Sheet {
    std::string part, name;
  };
  std::vector<Sheet> visible, hidden;
  each_child(child(root, "sheets"), "sheet", [&](const pugi::xml_node& sheet) {
    const std::string_view id = attribute(sheet, "id");
    const auto part = std::ranges::find(parts, id, &Relationship::id);
    if (part == parts.end() || part->type != "worksheet") return;  // a chart has a sheet of its own
    const std::string_view state = attribute(sheet, "state");
    (state.empty() || state == "visible" ? visible : hidden)
        .push_back({part->target, std::string(attribute(sheet, "name").substr(0, 64))});
  });
  const std::size_t shown = visible.size();
  visible.insert(visible.end(), hidden.begin(), hidden.end());
  constexpr std::size_t kMaxSheets = 256;
  if (visible.size() > kMaxSheets) visible.resize(kMaxSheets);
  for (const Sheet& sheet : visible) {
    TRY_ASSIGN(const bool some, has_values(workbook, sheet.part));
    if (some) {
      workbook.sheet = sheet.part;
      workbook.sheet_name = repair_utf8(sheet.name);
      break;
    }
  }
  constexpr std::size_t kSheetsLookedAt = 8;
  for (std::size_t i = 0; i < std::min({shown, visible.size(), kSheetsLookedAt}); ++i) {
    if (visible[i].part == workbook.sheet) continue;
    const auto some = has_values(workbook, visible[i].part);
    if (some && *some) workbook.other_sheets.push_back(repair_utf8(visible[i].name));
  }
  if (workbook.sheet.empty())
    return no_table("is empty: no sheet has a row", "Export the orders again.", {"problem.file_empty"});
  for (const Relationship& part : parts) {
    const ZipEntry* const entry = archive.find(part.target);
    if (entry == nullptr) continue;
    if (part.type == "styles") {
      TRY_ASSIGN(workbook.formats, read_styles(archive, *entry, name));
    } else if (part.type == "sharedStrings") {
      TRY_ASSIGN(workbook.shared, read_shared(archive, *entry, name));
    }
  }
  return std::unique_ptr<Table>(new XlsxTable(std::move(workbook)));
}

NumberFormat builtin_format(std::uint32_t id) {
  // ECMA-376 part 1, 18.8.30. 27-36 and 50-58 are dates in the East Asian versions.
  if ((id >= 14 && id <= 17) || (id >= 27 && id <= 31) || id == 36 || (id >= 50 && id <= 58))
    return NumberFormat::kDate;
  if ((id >= 18 && id <= 21) || (id >= 32 && id <= 35) || (id >= 45 && id <= 47)) return NumberFormat::kTime;
  if (id == 22) return NumberFormat::kDateTime;
  return NumberFormat::kNumber;
}

NumberFormat format_of_code(std::string_view code) {
  bool date = false, time = false, month_or_minute = false;
  for (std::size_t i = 0; i < code.size(); ++i) {
    switch (code[i]) {
      case ';':  // the sections for negative numbers, zero and text
        i = code.size();
        break;
      case '"':
        i = std::min(code.find('"', i + 1), code.size());
        break;
      case '\\':
      case '_':
      case '*':
        ++i;
        break;
      case '[': {
        const std::size_t close = std::min(code.find(']', i), code.size());
        const std::string_view inside = code.substr(i + 1, close - i - 1);
        // Elapsed time, [h] or [mm]; anything else is a colour, a condition or a locale.
        if (!inside.empty() && inside.find_first_not_of("hHmMsS") == std::string_view::npos) time = true;
        i = close;
        break;
      }
      case 'y':
      case 'Y':
      case 'd':
      case 'D':
        date = true;
        break;
      case 'h':
      case 'H':
      case 's':
      case 'S':
        time = true;
        break;
      case 'm':
      case 'M':
        month_or_minute = true;
        break;
      case 'G':
      case 'g':
        if (code.substr(i).starts_with("General") || code.substr(i).starts_with("GENERAL")) i += 6;
        break;
      default:
        break;
    }
  }
  if (month_or_minute && !date && !time) date = true;
  if (date && time) return NumberFormat::kDateTime;
  if (date) return NumberFormat::kDate;
  return time ? NumberFormat::kTime : NumberFormat::kNumber;
}

std::string text_of_serial(double serial, NumberFormat format, bool from_1904) {
  if (!(serial >= 0) || serial >= kMaxSerial) return {};
  const auto seconds = static_cast<std::int64_t>(std::llround(serial * 86'400));
  std::int64_t day = seconds / 86'400;
  const std::int64_t second = seconds % 86'400;
  std::string time = fmt::format("{:02}:{:02}:{:02}", second / 3600, second / 60 % 60, second % 60);
  if (format == NumberFormat::kTime && serial < 1) return time;
  std::string date;
  if (!from_1904 && day == 60) {
    date = "1900-02-29";  // the day that Excel, for the sake of Lotus 1-2-3, believes in
  } else {
    using std::chrono::days, std::chrono::sys_days, std::chrono::year;
    const sys_days epoch = from_1904 ? sys_days{year{1904} / 1 / 1} : sys_days{year{1899} / 12 / (day < 60 ? 31 : 30)};
    const std::chrono::year_month_day ymd{epoch + days{day}};
    date = fmt::format("{:04}-{:02}-{:02}", static_cast<int>(ymd.year()), static_cast<unsigned>(ymd.month()),
                       static_cast<unsigned>(ymd.day()));
  }
  if (format == NumberFormat::kDate && second == 0) return date;
  return date + " " + time;
}

}  // namespace behoud::ingest::read
