// Whatever a header says, the reader is an address that can be written and read back, and a connection from elsewhere
// than a proxy is never believed.

#include <cstdint>
#include <cstdlib>
#include <string>

#include "http/forwarded.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace behoud::http;
  const std::string text{reinterpret_cast<const char*>(data), size};
  Headers headers;
  const auto middle = text.find('\n');
  headers.add("X-Forwarded-For", text.substr(0, middle));
  if (middle != std::string::npos) {
    headers.add("x-forwarded-for", text.substr(middle + 1));
    headers.add("X-Forwarded-Proto", text.substr(middle + 1));
  }
  const std::vector<Network> proxies{*Network::parse("10.0.0.0/8")};
  const Reader believed = reader_of(*parse_address("10.0.0.1"), false, headers, proxies);
  if (parse_address(believed.address.text()) != believed.address) std::abort();
  const Address stranger = *parse_address("192.0.2.7");
  const Reader doubted = reader_of(stranger, false, headers, proxies);
  if (doubted.address != stranger || doubted.secure) std::abort();
  if (const auto network = Network::parse(text)) {
    (void)network->contains(stranger);
  }
  return 0;
}
