#include "base/csv.h"

#include "base/text.h"

namespace behoud {
namespace {

bool is_number(std::string_view text) {
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) text.remove_prefix(1);
  bool digits = false;
  bool point = false;
  for (const char c : text) {
    if (is_digit(c)) {
      digits = true;
    } else if (c == '.' && !point) {
      point = true;
    } else {
      return false;
    }
  }
  return digits;
}

bool is_dangerous(std::string_view text) {
  constexpr std::string_view kStarts = "=+-@\t\r";
  return !text.empty() && kStarts.find(text.front()) != std::string_view::npos && !is_number(text);
}

}  // namespace

void append_csv_text(std::string& out, std::string_view text) {
  const bool dangerous = is_dangerous(text);
  if (!dangerous && text.find_first_of(",\"\r\n;\t") == std::string_view::npos) {
    out += text;
    return;
  }
  out += '"';
  if (dangerous) out += '\'';
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

CsvWriter& CsvWriter::text(std::string_view text) {
  if (!first_) out_ += ',';
  first_ = false;
  append_csv_text(out_, text);
  return *this;
}

CsvWriter& CsvWriter::value(std::string_view plain) {
  if (!first_) out_ += ',';
  first_ = false;
  out_ += plain;
  return *this;
}

void CsvWriter::end_row() {
  out_ += '\n';
  first_ = true;
}

}  // namespace behoud
