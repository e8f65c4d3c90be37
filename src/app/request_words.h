#pragma once

// What a request to a shop's route says, as the words of a command: parameters under the options' names, the format,
// the reader's language; and the tag by which a reader who has the answer already is told so without it being made
// again.

#include <string>
#include <string_view>
#include <vector>

#include "app/command.h"
#include "app/folder_shop.h"
#include "app/question_options.h"
#include "http/message.h"
#include "language/language.h"

namespace behoud::app {

// The parameters of a URL under the names of the options: `as_of` and `as-of` alike. Valid without the request.
Lookup lookup_of(const http::Request& request);
// What is wrong with an option, said of the parameter: by the name that it was sent under, `as_of` or `as-of`, and by
// the one with underscores where it was not sent.
Error as_sent(const http::Request& request, Error error);

// A parameter that no option has is a mistake that would otherwise go unseen; `shop` and `format` are every route's,
// and `explain` is where `explained`. Errors: kInvalidArgument.
Result<void> require_known(const http::Request& request, const std::vector<Option>& options, bool explained = false);

// `format`: json, where nothing is said, or csv. Errors: kInvalidArgument.
Result<Format> format_of(const http::Request& request);

// Of `lang`, else the first of Accept-Language that is one of ours, else English. Errors: kInvalidArgument (a lang that
// is none).
Result<language::Language> language_of(const http::Request& request);

// One parameter as a number within bounds. Errors: kInvalidArgument, naming it and them.
Result<std::int64_t> integer_of(const http::Request& request, std::string_view name, std::int64_t least,
                                std::int64_t most, std::int64_t otherwise);

// A tag for an answer that is a function of the shop at its revision and the request's words: of the program, the
// folder's generation and revision, the path, the query and the reader's languages. Weak, since the answer may travel
// compressed. Holds nothing of the words themselves.
// `besides` is whatever else the answer is a function of; `explain` asks for the same answer as without.
std::string revision_tag(const http::Request& request, const FolderShop& shop, std::string_view besides = {});
// 304 where the reader holds `tag` already.
std::optional<http::Response> not_modified(const http::Request& request, const std::string& tag);
// By what an answer is kept, the same of a 200 and of its 304 (RFC 9110, 15.4.5): its tag, for how long, and that the
// reader's languages are in the tag.
void mark_held(http::Response& response, const std::string& tag);

http::Response json_response(std::string body);
// To be kept under a name: "behoud-retention.csv".
http::Response csv_response(std::string body, std::string_view name);

}  // namespace behoud::app
