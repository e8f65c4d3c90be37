#pragma once

// Doing once what is asked twice. A request with an Idempotency-Key is answered, and the answer kept with the key: the
// same request with the same key is given the same answer, whatever happened meanwhile, also after a restart; the same
// key with another request is a mistake (422). Only answers of success are kept, for seven days.
//
//   return answers.once(request, [&](const KeptAnswers::Slot* slot) -> http::Response { ... });
//
// The work writes the answer itself where it must be on disk in the same transaction as its effect: KeptAnswers::keep.
// Keys belong to who asks. Thread-safety: any thread; of two with the same key the second waits for the first.

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <set>
#include <string>

#include "app/world.h"
#include "http/message.h"
#include "ledger/room_store.h"

namespace behoud::app {

class KeptAnswers {
 public:
  KeptAnswers(ledger::Ledger& ledger, const World& world) : store_(ledger), world_(world) {}

  struct Slot {
    std::string key;    // with who asks
    std::string asked;  // SHA-256 of the request
    calendar::Instant at;
  };
  // `slot` is nullptr without a key. Answers that the work has not kept itself are kept here.
  using Work = std::function<http::Response(const Slot* slot)>;
  http::Response once(const http::Request& request, const Work& work);

  static Result<void> keep(ledger::RoomWriter& db, const Slot& slot, int status, const std::string& body);

 private:
  Result<std::optional<http::Response>> given(const Slot& slot) const;

  ledger::RoomStore store_;
  const World& world_;
  std::mutex mutex_;
  std::condition_variable left_;
  std::set<std::string> under_way_;
};

}  // namespace behoud::app
