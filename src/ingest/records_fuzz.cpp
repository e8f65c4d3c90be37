// The first byte says which kind of table and with what options the rest is read; cells part at commas, rows at line
// ends. Whatever it holds, it is read or refused with a message, and the account sums.

#include <cstdint>
#include <cstdlib>

#include "ingest/record_words.h"
#include "ingest/records_for_tests.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace behoud;
  using namespace behoud::ingest;
  if (size == 0 || size > 100'000) return 0;
  const std::uint8_t what = data[0];
  const std::string_view text(reinterpret_cast<const char*>(data + 1), size - 1);
  const auto kind = static_cast<RecordKind>(what % 5);
  RecordOptions options = record_options();
  if ((what & 0x20) != 0) options.currency.reset();
  if ((what & 0x40) != 0) options.date_format = "DMY";
  if ((what & 0x80) != 0) {
    // The first line is a mapping instead.
    const std::size_t end = text.find('\n');
    auto mapping = parse_field_mapping(kind, text.substr(0, end));
    if (mapping) {
      if (*parse_field_mapping(kind, to_string(*mapping)) != *mapping) std::abort();
      options.map = std::move(*mapping);
    }
  }
  (void)parse_interval(text);
  (void)parse_month(text);
  const auto read = read_records(kind, text, options);
  if (!read) {
    if (read.error().message.empty()) std::abort();
    return 0;
  }
  if (!bridge_fault(*read).empty()) std::abort();
  return 0;
}
