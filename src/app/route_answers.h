#pragma once

// What routes have in common when they answer.

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "http/message.h"

namespace behoud::app {

http::Response json_answer(int status, std::string body);
// What an error is about that says a body is of another type than the route takes.
inline constexpr std::string_view kContentTypeField = "Content-Type";
// An error as a response: as http::error_response, but for a full disk, which is 507 disk_full, a busy ledger, which is
// 503 busy, and a body of another type, which is 415 unsupported_media_type.
http::Response refusal(const Error& error);
http::Response answer_or_refusal(Result<http::Response> made);
// The report as a page: its styles stand in it, and nothing else is let in, as the page itself says.
http::Response report_page(std::string html);

// What a route takes in its URL beside `shop`, which all do: names that live as long as the program.
using Parameters = std::vector<std::string_view>;
// A parameter that nobody knows is a mistake that would otherwise go unseen. Errors: kInvalidArgument.
Result<void> require_parameters(const http::Request& request, const Parameters& known);

// The number of an import out of a path. Errors: kNotFound.
Result<std::uint32_t> import_id_of(const http::Request& request);

}  // namespace behoud::app
