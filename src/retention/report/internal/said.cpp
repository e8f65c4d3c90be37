#include "retention/report/internal/said.h"

#include <iterator>
#include <utility>

#include "base/json_writer.h"

namespace behoud::retention::report::internal {

std::string joined(const Said& said) {
  std::string out;
  for (const SaidPart& part : said) out += part.text;
  return out;
}

void append(Said& said, Said more) {
  const auto put = [&said](SaidPart part) {
    if (!part.number && !said.empty() && !said.back().number) {
      said.back().text += part.text;
    } else {
      said.push_back(std::move(part));
    }
  };
  if (!said.empty() && !more.empty()) put({" "});
  for (SaidPart& part : more) put(std::move(part));
}

void write(JsonWriter& json, const Said& said) {
  json.begin_array();
  for (const SaidPart& part : said) {
    json.begin_object().field("text", part.text);
    if (const auto& number = part.number) {
      json.field("field", number->field).field("behind", number->behind);
      json.field("from", number->from).field("to", number->to).field("grain", number->grain);
    }
    json.end_object();
  }
  json.end_array();
}

}  // namespace behoud::retention::report::internal
