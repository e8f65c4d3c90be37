#include "http/prometheus.h"

#include <cmath>

#include "base/json_writer.h"

namespace behoud::http {
namespace {

// Backslash, newline and, in a label's value, the quote.
void append_escaped(std::string& out, std::string_view text, bool in_quotes) {
  for (const char c : text) {
    if (c == '\n') {
      out += "\\n";
    } else {
      if (c == '\\' || (c == '"' && in_quotes)) out += '\\';
      out += c;
    }
  }
}

}  // namespace

std::string prometheus_number(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
  return json_number(value);
}

PrometheusText& PrometheusText::family(std::string_view name, std::string_view type, std::string_view help) {
  name_ = name;
  text_.append("# HELP ").append(name).append(" ");
  append_escaped(text_, help, false);
  text_.append("\n# TYPE ").append(name).append(" ").append(type).append("\n");
  return *this;
}

PrometheusText& PrometheusText::sample(Labels labels, double value, std::string_view suffix) {
  text_.append(name_).append(suffix);
  char before = '{';
  for (const auto& [label, is] : labels) {
    text_ += before;
    text_.append(label).append("=\"");
    append_escaped(text_, is, true);
    text_ += '"';
    before = ',';
  }
  if (before == ',') text_ += '}';
  text_.append(" ").append(prometheus_number(value)).append("\n");
  return *this;
}

}  // namespace behoud::http
