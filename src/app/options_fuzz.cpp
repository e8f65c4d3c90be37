// Words split at NUL: parsing never fails but with a usage error that says something.

#include <cstdint>
#include <cstdlib>

#include "app/options.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace behoud;
  static const app::Syntax syntax{
      .name = "x",
      .operands = "FILE",
      .operands_min = 0,
      .operands_max = 3,
      .summary = "s",
      .details = {},
      .options = {{"from", "DATE", "", false}, {"json", "", "", false}, {"map", "M", "", true}}};
  std::vector<std::string> words(1);
  for (std::size_t i = 0; i < size; ++i) {
    if (data[i] == 0) {
      words.emplace_back();
    } else {
      words.back().push_back(static_cast<char>(data[i]));
    }
  }
  const auto arguments = app::parse_arguments(syntax, words);
  if (!arguments && (arguments.error().code != Errc::kInvalidArgument || arguments.error().message.empty()))
    std::abort();
  return 0;
}
