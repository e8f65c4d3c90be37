// Any bytes either are a request, which is then written as the very same bytes, or are refused.

#include <cstdint>
#include <cstdlib>

#include "app/relay.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace behoud::app;
  const std::string_view bytes{reinterpret_cast<const char*>(data), size};
  if (const auto request = decode_request(bytes)) {
    const auto again = decode_request(encode(*request));
    if (!again || !(*again == *request)) std::abort();
  }
  return 0;
}
