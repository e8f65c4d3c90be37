#pragma once

// CSV as spreadsheets and programs both read it (RFC 4180, UTF-8, lines end in LF): cells are quoted where they must
// be, and a text that a spreadsheet would run as a formula gets an apostrophe before it.
//
// A text is dangerous when it begins with = + - @, a tab or a carriage return (OWASP, "CSV injection"); a plain number
// such as -12.50 or +31 is not. Pure.

#include <string>
#include <string_view>

namespace behoud {

// Appends one cell of text, escaped.
void append_csv_text(std::string& out, std::string_view text);

class CsvWriter {
 public:
  explicit CsvWriter(std::string& out) : out_(out) {}
  CsvWriter& text(std::string_view text);    // from outside: escaped
  CsvWriter& value(std::string_view plain);  // ours, a number or a date: as it is
  void end_row();

 private:
  std::string& out_;
  bool first_ = true;
};

}  // namespace behoud
