#include "app/answered.h"

#include <cmath>

#include <fmt/format.h>

#include "app/explain.h"
#include "base/text.h"

namespace behoud::app {
namespace {

std::string_view name(AnswerWatch::How how) {
  switch (how) {
    case AnswerWatch::How::kMade:
      return "made";
    case AnswerWatch::How::kKept:
      return "kept";
    case AnswerWatch::How::kHeld:
      return "held";
  }
  return {};
}

double in_micros(double ms) { return std::round(ms * 1000) / 1000; }

}  // namespace

void AnswerWatch::sign(http::Response& response, const ServedShop& shop, const FolderShop& from, How how,
                       bool explain) const {
  const double took_ms = in_micros(static_cast<double>(shops_.steady_ns() - began_ns_) / 1e6);
  const timeline::Histories& h = from.histories;
  const auto current = shop.warm.current();
  const std::string loaded = current && current->revision == from.revision
                                 ? fmt::format("dur={};", in_micros(shop.warm.load_seconds() * 1000))
                                 : std::string{};
  response.headers.set("Server-Timing", fmt::format("answer;dur={};desc={}, histories;{}desc={}, revision;desc={}, "
                                                    "orders;desc={}, events;desc={}",
                                                    took_ms, name(how), loaded, how_read(from), from.revision,
                                                    h.orders(), h.events.size()));
  if (!explain) return;
  response.headers.remove("ETag");
  response.headers.set("Cache-Control", "no-store");
  std::string said;
  JsonWriter json(said);
  json.begin_object();
  write_read(json, from);
  json.field("read_ms", in_micros(shop.warm.load_seconds() * 1000)).field("answer_ms", took_ms);
  json.field("answer", name(how));
  write_histories(json, from);
  json.end_object();
  const std::size_t end = response.body.rfind('}');
  response.body.insert(end, ",\"explain\":" + said);
}

Result<bool> wants_explanation(const http::Request& request) {
  const auto word = request.parameter("explain");
  if (!word || *word == "false") return false;
  if (*word != "true") {
    return fail(Errc::kInvalidArgument, quoted(*word) + " is not known", "true or false", {{}, 0, "explain"});
  }
  TRY_ASSIGN(const Format format, format_of(request));
  if (format == Format::kJson) return true;
  return fail(Errc::kInvalidArgument, "only a JSON answer has a place for what it took",
              "leave explain out: the field Server-Timing says it of every answer", {{}, 0, "explain"});
}

}  // namespace behoud::app
