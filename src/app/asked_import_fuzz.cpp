// Bodies of requests and cursors, as anybody may send them: read, or refused in words that name what was wrong.

#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "app/asked_import.h"
#include "app/request_body.h"
#include "http/page.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace behoud;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto asked = app::parse_asked_import(text);
  if (!asked && (asked.error().code != Errc::kInvalidArgument || asked.error().message.empty())) std::abort();
  if (asked && (asked->uploads.empty() || asked->uploads.size() > 64)) std::abort();
  const auto body = app::RequestBody::parse(text, {"statuses", "n", "x"});
  if (body) {
    if (const auto* statuses = body->find("statuses")) {
      const auto standings = app::standings_of(*statuses);
      if (!standings && standings.error().place.column != "statuses") std::abort();
    }
    const auto number = body->number("n");
    const auto whole = body->integer("n");
    if (whole && *whole && (!number || !*number)) std::abort();
  }
  const auto key = http::key_of(text);
  if (key && http::cursor_of(*key) != text) std::abort();
  return 0;
}
