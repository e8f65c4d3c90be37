// Any bytes as Cookie and Authorization headers: what is taken from them is a secret of the right form that stands in
// them, a token never comes out of a cookie, and reading is the same whatever other headers stand around.

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "access/credentials.h"
#include "access/secret.h"

namespace {

using behoud::access::Sent;

void require(bool held) {
  if (!held) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // Lines; the first letter of each says which header it is the value of.
  const std::string_view input{reinterpret_cast<const char*>(data), size};
  behoud::http::Headers headers, more;
  more.add("Host", "localhost");
  bool authorized = false;
  std::string_view rest = input;
  for (int i = 0; i < 16 && !rest.empty(); ++i) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (line.empty()) continue;
    const bool authorization = line.front() == 'a';
    authorized |= authorization;
    const std::string name = authorization ? "authorization" : line.front() == 'c' ? "cookie" : "x-other";
    headers.add(name, std::string{line.substr(1)});
    more.add(name, std::string{line.substr(1)});
  }
  more.add("Accept", "*/*");
  const Sent sent = behoud::access::sent_by(headers);
  const Sent again = behoud::access::sent_by(more);
  require(sent.kind == again.kind && sent.secret == again.secret);
  if (sent.kind == Sent::Kind::kToken) {
    require(authorized && sent.secret.size() == 4 + behoud::access::kSecretLetters && sent.secret.starts_with("bhd_"));
  }
  if (sent.kind == Sent::Kind::kSession) require(!authorized && sent.secret.size() == behoud::access::kSecretLetters);
  if (sent.kind == Sent::Kind::kSession || sent.kind == Sent::Kind::kToken) {
    require(input.find(sent.secret) != std::string_view::npos);
  }
  return 0;
}
