// Amounts and currencies from any text: what is read is written back, and read again, as the same.

#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "money/money.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace behoud::money;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (int exponent = 0; exponent <= 4; ++exponent) {
    const auto minor = parse_minor(text, exponent);
    if (minor && parse_minor(to_decimal(*minor, exponent), exponent) != *minor) std::abort();
  }
  const Currency guessed = Currency::guess(text);
  if (const auto currency = Currency::parse(text)) {
    if (*currency != guessed || Currency::parse(currency->code()) != *currency || currency->exponent() > 4)
      std::abort();
  }
  if (guessed.known() && Currency::parse(guessed.code()) != guessed) std::abort();
  return 0;
}
