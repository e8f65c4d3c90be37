// Any bytes as text: repairs end in UTF-8, a JSON reader gets back what was written, and nothing reaches a terminal
// raw.

#include <boost/json.hpp>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/json_writer.h"
#include "base/terminal.h"
#include "base/text.h"

namespace {

void require(bool held) {
  if (!held) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace behoud;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::string repaired = repair_utf8(text);
  require(is_utf8(repaired));
  require(!is_utf8(text) || repaired == text);
  require(is_utf8(latin1_to_utf8(text)));
  require(trim(trim(text)) == trim(text));
  require(equal_ignoring_case(to_lower(text), text));
  require(normalise_email(normalise_email(text)) == normalise_email(text));
  if (const auto number = parse_integer(text)) require(parse_integer(std::to_string(*number)) == number);
  for (const char c : quoted(text)) require(static_cast<unsigned char>(c) >= 0x20 && c != 0x7F);
  require(columns_of(fit(text, 10)) == 10);
  for (const bool html : {false, true}) {
    std::string out;
    JsonWriter(out, {.indent = 0, .for_html = html}).value(text);
    const boost::json::value back = boost::json::parse(out);
    require(std::string_view(back.as_string().data(), back.as_string().size()) == repaired);
    require(!html || out.find('<') == std::string::npos);
  }
  return 0;
}
