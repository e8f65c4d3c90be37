#pragma once

// What a server writes to standard error about itself, a line of JSON each: who came and what went wrong, by the
// pattern of the route, never by what was asked for, so that no line holds anything of a person.
//
//   {"at":"2024-03-01T09:30:00.125Z","level":"info","event":"request","method":"GET","route":"/api/v1/customers/{id}",
//    "status":200,"bytes":1841,"us":412}

#include <exception>

#include "app/command.h"
#include "base/log.h"
#include "http/server.h"

namespace behoud::app {

Option log_option();  // --log error|warning|info|debug
// Errors: kInvalidArgument.
Result<Log::Level> log_level_of(const Call& call);

// A line about an answered request: an error of the server's own is one, everything else is information.
void log_request(Log& log, const http::Served& served);
// A line about a handler that threw: where, and what kind of exception; its words might hold what was asked for.
void log_thrown(Log& log, std::string_view pattern, const std::exception& thrown);
// A line about an error of a part of the server ("tls": its files could not be read). Names the file and what is wrong
// with it, never what is in it.
void log_error(Log& log, std::string_view event, const Error& error);

}  // namespace behoud::app
