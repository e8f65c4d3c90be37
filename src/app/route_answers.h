#pragma once

// What routes have in common when they answer.

#include <string>

#include "base/result.h"
#include "http/message.h"

namespace behoud::app {

http::Response json_answer(int status, std::string body);
// An error as a response: as http::error_response, but for a full disk, which is 507 disk_full.
http::Response refusal(const Error& error);
http::Response answer_or_refusal(Result<http::Response> made);

// The number of an import out of a path. Errors: kNotFound.
Result<std::uint32_t> import_id_of(const http::Request& request);

}  // namespace behoud::app
