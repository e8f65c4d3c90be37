#pragma once

// How a route answers a question about a shop at a revision: that the reader has the answer, where they do; else the
// one that was made before, or a new one. Each of them says in Server-Timing what it took and what it was made from:
//
//   Server-Timing: answer;dur=1.92;desc=made, histories;dur=840.5;desc=followed, revision;desc=17, orders;desc=16234,
//                  events;desc=0
//
// where desc of the answer is made, kept (it had been made) or held (304: the reader has it), and desc of the histories
// kept, followed or rebuilt: how they were loaded, and how long whoever waited for this revision waited; without dur
// where a newer one has been loaded meanwhile. With ?explain=true a JSON
// answer is never 304, is kept by nobody, and has one member more, what --explain says of the command:
//
//   "explain":{"revision","customers","orders","events","bytes","threads","read_ms","answer_ms","answer","histories",
//    "why"}

#include <cstdint>
#include <string>
#include <string_view>

#include "app/request_words.h"
#include "app/served_shops.h"

namespace behoud::app {

class AnswerWatch {
 public:
  enum class How : std::uint8_t { kMade, kKept, kHeld };

  explicit AnswerWatch(const ServedShops& shops) : shops_(shops), began_ns_(shops.steady_ns()) {}
  // Says it in the response's fields, and where `explain` in its document too, which must be an object.
  void sign(http::Response& response, const ServedShop& shop, const FolderShop& from, How how, bool explain) const;

 private:
  const ServedShops& shops_;
  std::int64_t began_ns_;
};

// `explain`: true or false. Errors: kInvalidArgument (neither; true with a format that has no place for it).
Result<bool> wants_explanation(const http::Request& request);

// `from` is the shop at the revision that the answer is of, `besides` whatever else it is a function of.
template <class Make>
Result<http::Response> answered(const http::Request& request, const ServedShops& shops, const ServedShop& shop,
                                const FolderShop& from, std::string_view besides, Make make) {
  using How = AnswerWatch::How;
  const AnswerWatch watch(shops);
  TRY_ASSIGN(const bool explain, wants_explanation(request));
  const std::string tag = revision_tag(request, from, besides);
  if (!explain) {
    if (auto unchanged = not_modified(request, tag)) {
      watch.sign(*unchanged, shop, from, How::kHeld, false);
      return std::move(*unchanged);
    }
  }
  if (auto known = shop.answers.find(tag)) {
    watch.sign(*known, shop, from, How::kKept, explain);
    return std::move(*known);
  }
  TRY_ASSIGN(http::Response response, make());
  mark_held(response, tag);
  shop.answers.keep(tag, response);
  watch.sign(response, shop, from, How::kMade, explain);
  return response;
}

}  // namespace behoud::app
