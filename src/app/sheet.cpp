#include "app/sheet.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include <fmt/format.h>

#include "base/csv.h"
#include "base/json_writer.h"
#include "base/terminal.h"
#include "base/text.h"

namespace behoud::app {
namespace {

template <class... F>
struct Overloaded : F... {
  using F::operator()...;
};

std::string number_or_nothing(const std::optional<double>& v) { return v ? json_number(*v) : std::string{}; }

void csv_cell(CsvWriter& csv, const Cell& cell) {
  std::visit(Overloaded{[&](std::monostate) { csv.value(""); }, [&](bool b) { csv.value(b ? "true" : "false"); },
                        [&](std::int64_t n) { csv.value(std::to_string(n)); },
                        [&](std::uint64_t n) { csv.value(std::to_string(n)); },
                        [&](double d) { csv.value(json_number(d)); }, [&](const std::string& text) { csv.text(text); },
                        [&](calendar::Day day) { csv.value(calendar::to_string(day)); },
                        [&](const Minor& m) { csv.value(number_or_nothing(m.value)); },
                        [&](WholeMinor m) { csv.value(std::to_string(m.value)); },
                        [&](const retention::Rate& r) {
                          csv.value(number_or_nothing(r.value)).value(std::to_string(r.n)).value(std::to_string(r.d));
                          csv.value(number_or_nothing(r.low)).value(number_or_nothing(r.high));
                        }},
             cell);
}

// Half away from zero, as on every other screen.
std::string rounded(double value, int places) {
  const double scale = std::pow(10.0, places);
  return fmt::format("{:.{}f}", std::round(value * scale) / scale, places);
}

struct Shown {
  std::string text;
  bool is_number = true;
};

Shown show(const Cell& cell, const TableStyle& style) {
  const std::string none = style.utf8 ? "–" : "-";
  const int exponent = style.currency.exponent();
  return std::visit(
      Overloaded{[&](std::monostate) { return Shown{none}; }, [&](bool b) { return Shown{b ? "yes" : "no", false}; },
                 [&](std::int64_t n) { return Shown{std::to_string(n)}; },
                 [&](std::uint64_t n) { return Shown{std::to_string(n)}; },
                 [&](double d) { return Shown{rounded(d, 2)}; },
                 [&](const std::string& text) { return Shown{repair_utf8(text), false}; },
                 [&](calendar::Day day) { return Shown{calendar::to_string(day), false}; },
                 [&](const Minor& m) {
                   return Shown{m.value ? rounded(*m.value / std::pow(10.0, exponent), exponent) : none};
                 },
                 [&](WholeMinor m) { return Shown{money::to_decimal(m.value, exponent)}; },
                 [&](const retention::Rate& r) { return Shown{r.value ? rounded(100 * *r.value, 1) + "%" : none}; }},
      cell);
}

}  // namespace

std::string to_csv(const Sheet& sheet) {
  std::string out;
  CsvWriter csv(out);
  for (const auto& column : sheet.columns) {
    csv.value(column.name);
    if (!column.is_rate) continue;
    for (const std::string_view part : {"n", "d", "low", "high"}) csv.value(fmt::format("{}_{}", column.name, part));
  }
  csv.end_row();
  for (const auto& row : sheet.rows) {
    assert(row.size() == sheet.columns.size());
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (sheet.columns[i].is_rate && !std::holds_alternative<retention::Rate>(row[i])) {
        for (int part = 0; part < 5; ++part) csv.value("");
      } else {
        csv_cell(csv, row[i]);
      }
    }
    csv.end_row();
  }
  return out;
}

std::string to_table(const Sheet& sheet, const TableStyle& style) {
  std::vector<std::vector<Shown>> shown;
  std::vector<int> widths;
  widths.reserve(sheet.columns.size());
  for (const auto& column : sheet.columns) widths.push_back(columns_of(column.name));
  for (const auto& row : sheet.rows) {
    auto& cells = shown.emplace_back();
    for (std::size_t i = 0; i < row.size(); ++i) {
      cells.push_back(show(row[i], style));
      for (char& c : cells.back().text) {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';  // a name cannot steer the terminal
      }
      widths[i] = std::max(widths[i], columns_of(cells.back().text));
    }
  }
  std::string out;
  const auto line = [&](auto&& cell_of) {
    for (std::size_t i = 0; i < widths.size(); ++i) {
      const auto [text, right] = cell_of(i);
      if (i > 0) out += "  ";
      out += fit(text, widths[i], right);
    }
    while (out.ends_with(' ')) out.pop_back();
    out += '\n';
  };
  // A column is of numbers, and stands to the right, when its first value is.
  const auto right = [&](std::size_t i) { return !shown.empty() && shown.front()[i].is_number; };
  line([&](std::size_t i) { return std::pair{sheet.columns[i].name, right(i)}; });
  line([&](std::size_t i) {
    std::string rule;
    for (int n = 0; n < widths[i]; ++n) rule += style.utf8 ? "─" : "-";
    return std::pair{rule, false};
  });
  for (const auto& row : shown) {
    line([&](std::size_t i) { return std::pair{row[i].text, right(i)}; });
  }
  return out;
}

}  // namespace behoud::app
