#pragma once

// How an Error is told to a program: {"error":{"code","message","field","hint"}}, beside "file" and "line" where a file
// is at fault, and "reason" with its "params" where the words of another language can be found by them (Why in
// base/result.h). The same bytes over HTTP and from a command with --json. One table maps the closed list of errors to
// the words and to HTTP's status codes.

#include <string>
#include <string_view>

#include "base/result.h"
#include "http/message.h"

namespace behoud::http {

std::string_view word_of(Errc code);  // "invalid_argument"
int status_of(Errc code);

// `code` replaces the word of the error's own ("host_not_allowed"); "" keeps it. No newline at the end.
std::string error_json(const Error& error, std::string_view code = {});
Response error_response(const Error& error);
Response error_response(int status, std::string_view code, std::string_view message, std::string_view hint = {});

}  // namespace behoud::http
