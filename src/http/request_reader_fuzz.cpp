// Any bytes, in any pieces, give the same requests and the same refusal: how a network cuts them must not matter.
// The first byte chooses the size of the pieces.

#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "http/request_reader.h"

namespace {

struct Meaning {
  std::vector<std::string> requests;
  bool refused = false;
};

Meaning read_all(std::string_view input, std::size_t piece) {
  using behoud::http::RequestReader;
  Meaning out;
  RequestReader reader;
  std::string buffer;
  while (!input.empty()) {
    const std::size_t n = std::min(piece, input.size());
    buffer += input.substr(0, n);
    input.remove_prefix(n);
    while (!buffer.empty()) {
      const bool had_head = reader.head_done();
      const auto taken = reader.feed(buffer);
      if (!taken) {
        out.refused = true;
        return out;
      }
      buffer.erase(0, *taken);
      if (!had_head && reader.head_done() && !reader.set_body_bytes_max(4096)) {
        out.refused = true;
        return out;
      }
      if (reader.done()) {
        const auto request = reader.take();
        std::string text = request.path + "\n" + request.body;
        for (const auto& [name, value] : request.headers.all()) text += "\n" + name + ":" + value;
        out.requests.push_back(std::move(text));
      } else if (*taken == 0) {
        break;
      }
    }
  }
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view input{reinterpret_cast<const char*>(data) + 1, size - 1};
  const Meaning whole = read_all(input, input.size() + 1);
  const Meaning cut = read_all(input, 1 + data[0] % 61);
  // A cut-up head may be refused before the whole one is seen; requests before it are the same.
  const std::size_t both = std::min(whole.requests.size(), cut.requests.size());
  for (std::size_t i = 0; i < both; ++i) {
    if (whole.requests[i] != cut.requests[i]) std::abort();
  }
  if (!whole.refused && !cut.refused && whole.requests.size() != cut.requests.size()) std::abort();
  return 0;
}
