#include "app/answer_cache.h"

namespace behoud::app {

std::optional<http::Response> AnswerCache::find(const std::string& tag) {
  const std::lock_guard lock(mutex_);
  const auto found = by_tag_.find(tag);
  if (found == by_tag_.end()) return std::nullopt;
  kept_.splice(kept_.begin(), kept_, found->second);
  return found->second->answer;
}

void AnswerCache::keep(const std::string& tag, const http::Response& answer) {
  if (answer.status != 200 || answer.stream || answer.body.size() > bytes_max_ / 8) return;
  const std::lock_guard lock(mutex_);
  if (by_tag_.contains(tag)) return;
  kept_.push_front({tag, answer});
  by_tag_.emplace(kept_.front().tag, kept_.begin());
  bytes_ += answer.body.size();
  while (bytes_ > bytes_max_) {
    bytes_ -= kept_.back().answer.body.size();
    by_tag_.erase(kept_.back().tag);
    kept_.pop_back();
  }
}

std::size_t AnswerCache::bytes() const {
  const std::lock_guard lock(mutex_);
  return bytes_;
}

}  // namespace behoud::app
