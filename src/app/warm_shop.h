#pragma once

// The shop as of its ledger's newest revision, held in memory by a server. Questions read an immutable FolderShop and
// never wait; when the ledger moves on, a new one is made behind their back and takes the old one's place at once: out
// of the old one and what came since, where that can be told customer by customer (timeline/kept/follow.h), else it is
// rebuilt. While it is made both take memory.
//
// The first one that is loaded, and the last one, are kept beside the ledger (kept_shop.h), so that the next start need
// not rebuild them.
//
// After a load that failed the last good one stays, and trouble() tells why. Thread-safety: any thread.

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "app/kept_shop.h"

namespace behoud::app {

struct FollowFrom;

class WarmShop {
 public:
  // Loads at once, on a thread of its own. `ledger` must outlive it. A shop of fewer orders is not kept.
  explicit WarmShop(const ledger::Ledger& ledger, std::uint64_t orders_worth_keeping = kOrdersWorthKeeping);
  ~WarmShop();
  WarmShop(const WarmShop&) = delete;
  WarmShop& operator=(const WarmShop&) = delete;

  // The newest that is loaded; nullptr before the first load ended well.
  std::shared_ptr<const FolderShop> current() const;
  std::optional<Error> trouble() const;  // of the last load
  double load_seconds() const;           // how long the last load took; 0 before the first
  // How often a shop was read as it was kept, followed, or rebuilt.
  struct Loads {
    std::uint64_t kept = 0, followed = 0, rebuilt = 0;
  };
  Loads loads() const;
  // Something was written: look whether the ledger has a newer revision.
  void refresh();
  // Waits until every refresh() so far has been followed. Errors: the load's.
  Result<std::shared_ptr<const FolderShop>> settled();

 private:
  void work();
  // nullptr: what is loaded is of the newest revision.
  Result<std::shared_ptr<const FolderShop>> load(const FolderShop* loaded);
  void keep();

  const ledger::Ledger& ledger_;
  const std::uint64_t orders_worth_keeping_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::shared_ptr<const FolderShop> current_;
  std::optional<Error> trouble_;
  double load_seconds_ = 0;
  Loads loads_;
  std::uint64_t asked_ = 1, followed_ = 0;
  bool stopping_ = false;
  std::optional<std::int64_t> kept_revision_;  // the thread's, and the destructor's after it
  std::unique_ptr<FollowFrom> from_;           // likewise, of current_
  std::thread thread_;
};

}  // namespace behoud::app
