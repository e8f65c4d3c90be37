#pragma once

// Where the server is reached, as its readers write it, "https://shop.example": links are made of it, and never of what
// a request claims. And what follows from it: which names a request may use, and whether another site's page sent it.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "http/message.h"

namespace behoud::http {

struct Origin {
  bool secure = false;
  std::string host;  // lower case; "[::1]" in brackets
  std::uint16_t port = 80;

  std::string authority() const;  // "shop.example:8443"; without the port where it is the scheme's own
  std::string url() const;        // "https://shop.example:8443", without a slash at the end
  friend bool operator==(const Origin&, const Origin&) = default;
};

// "https://shop.example", with or without a port and a last slash. Errors: kInvalidArgument (a path, a query, a user
// name, another scheme, no host).
Result<Origin> parse_origin(std::string_view url);

// Whether `host` ("localhost:8080") names one of `hosts`, without case, whatever the port.
bool names_host(std::string_view host, const std::vector<std::string>& hosts);
// Whether it is an address and no name: nobody can make an address of theirs point here.
bool is_address(std::string_view host);

// A page of another site may send a form or a fetch here with the reader's own rights. The browser says so in one of
// two headers that a page cannot set; a program that is no browser sends neither.
bool is_from_another_site(const Request& request, const std::optional<Origin>& own);

}  // namespace behoud::http
