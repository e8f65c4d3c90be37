#include "app/kept_answers.h"

#include <algorithm>
#include <chrono>

#include "app/route_answers.h"
#include "app/sha256.h"
#include "http/error_body.h"

namespace behoud::app {
namespace {

using http::Request;
using http::Response;

constexpr std::chrono::seconds kPatience{10};  // behind the same request
constexpr std::size_t kKeyMax = 200;
constexpr std::int64_t kKeptMs = std::int64_t{7} * 86'400'000;

// What makes two requests the same: all that is asked, but not how it was carried.
Result<std::string> asked_by(const Request& request) {
  Sha256 sum;
  const auto part = [&sum](std::string_view text) {
    sum.add(std::to_string(text.size()));
    sum.add(":");
    sum.add(text);
  };
  part(name(request.method));
  part(request.path);
  for (const auto& [key, value] : request.query) {
    part(key);
    part(value);
  }
  part("");
  if (request.body_file.empty()) {
    part(request.body);
  } else {
    TRY_ASSIGN(const std::string of_file, sha256_of_file(request.body_file));
    part(of_file);
  }
  return sum.hexadecimal();
}

bool is_key(std::string_view key) {
  return !key.empty() && key.size() <= kKeyMax && std::ranges::all_of(key, [](char c) { return c > ' ' && c < 127; });
}

}  // namespace

Result<void> KeptAnswers::keep(ledger::RoomWriter& db, const Slot& slot, int status, const std::string& body) {
  TRY(db.run("DELETE FROM kept_answer WHERE at < ?1", {slot.at.ms - kKeptMs}));
  return db.run("INSERT INTO kept_answer VALUES(?1, ?2, ?3, ?4, ?5) ON CONFLICT(key) DO NOTHING",
                {slot.key, slot.asked, status, body, slot.at.ms});
}

Result<std::optional<Response>> KeptAnswers::given(const Slot& slot) const {
  std::optional<Response> out;
  TRY(store_.read([&](ledger::RoomReader& db) -> Result<void> {
    return db.each("SELECT asked, status, body FROM kept_answer WHERE key = ?1 AND at >= ?2",
                   {slot.key, slot.at.ms - kKeptMs}, [&](const ledger::RoomRow& row) -> Result<void> {
                     if (row.text(0) != slot.asked) {
                       out = http::error_response(422, "key_used_for_another",
                                                  "this Idempotency-Key was used for another request",
                                                  "use a new key for each request, and the same one to repeat it");
                     } else {
                       out = Response{static_cast<int>(row.integer(1)), "application/json", row.text(2), {}};
                       if (out->body.empty()) out->content_type.clear();
                     }
                     return {};
                   });
  }));
  return out;
}

Response KeptAnswers::once(const Request& request, const Work& work) {
  const auto key = request.headers.find("Idempotency-Key");
  if (!key) return work(nullptr);
  if (!is_key(*key)) {
    return http::error_response(Error{Errc::kInvalidArgument,
                                      "this is no Idempotency-Key",
                                      "1 to 200 visible ASCII characters",
                                      {{}, 0, "Idempotency-Key"}});
  }
  const http::Actor& actor = request.actor;
  // A token that belongs to nobody stands for itself.
  const std::string who = actor.user.empty() ? "token " + actor.credential_id : actor.user;
  Slot slot{who + "/" + std::string{*key}, {}, world_.now()};
  {
    std::unique_lock lock(mutex_);
    if (!left_.wait_for(lock, kPatience, [&] { return !under_way_.contains(slot.key); })) {
      return refusal(ledger::busy("the same request is being done at this moment").error());
    }
    under_way_.insert(slot.key);
  }
  Response out = [&]() -> Response {
    auto asked = asked_by(request);
    if (!asked) return http::error_response(asked.error());
    slot.asked = std::move(*asked);
    auto before = given(slot);
    if (!before) return http::error_response(before.error());
    if (*before) return std::move(**before);
    Response answer = work(&slot);
    if (answer.status >= 200 && answer.status < 300 && !answer.stream) {
      // Its effect is on disk; not to have kept the answer is no reason to call it failed.
      [[maybe_unused]] const auto kept =
          store_.write([&](ledger::RoomWriter& db) { return keep(db, slot, answer.status, answer.body); });
    }
    return answer;
  }();
  {
    const std::lock_guard lock(mutex_);
    under_way_.erase(slot.key);
  }
  left_.notify_all();
  return out;
}

}  // namespace behoud::app
