#pragma once

// Answers that were made already, by their tags (request_words.h): asked again, they cost nothing. A tag is of a
// folder, a revision and a request's words, so what it leads to never changes; what is not asked for any more makes
// room.
//
// Holds at most `bytes_max` of bodies, none of them above an eighth of that. Thread-safety: any thread.

#include <cstdint>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "http/message.h"

namespace behoud::app {

class AnswerCache {
 public:
  explicit AnswerCache(std::size_t bytes_max = std::size_t{32} << 20) : bytes_max_(bytes_max) {}

  std::optional<http::Response> find(const std::string& tag);
  void keep(const std::string& tag, const http::Response& answer);

  std::size_t bytes() const;

 private:
  struct Kept {
    std::string tag;
    http::Response answer;
  };
  std::size_t bytes_max_;
  mutable std::mutex mutex_;
  std::size_t bytes_ = 0;
  std::list<Kept> kept_;  // the last asked for first
  std::unordered_map<std::string_view, std::list<Kept>::iterator> by_tag_;
};

}  // namespace behoud::app
