#include "app/warm_shop.h"

#include <chrono>
#include <utility>

#include "app/following_shop.h"
#include "retention/people_behind.h"
#include "retention/report/today.h"

namespace behoud::app {
namespace {

// What takes a pass over every order and hangs on no window is worked out before anybody waits for it: the first
// questions of each page are asked, and the answers thrown away. An error is the asker's to see.
void ask_ahead(const FolderShop& shop) {
  (void)retention::answer_claims(shop.source(), shop.settings, {});
  (void)retention::people_behind(shop.source(), shop.settings, {}, "customers_end");
  (void)retention::report::make_today(shop.source(), shop.settings, {}, {});
}

}  // namespace

Result<std::shared_ptr<const FolderShop>> WarmShop::load(const FolderShop* loaded) {
  TRY_ASSIGN(const ledger::Snapshot snapshot, ledger_.snapshot());
  if (loaded != nullptr && loaded->revision == snapshot.revision()) return nullptr;
  // After an error there is nothing to follow from: the next load rebuilds.
  FollowFrom from = std::exchange(*from_, {});
  TRY_ASSIGN(FollowingShop next, loaded != nullptr ? follow_shop(*loaded, std::move(from), snapshot)
                                                   : read_shop_to_follow(ledger_, snapshot));
  ask_ahead(next.shop);
  *from_ = std::move(next.from);
  return std::make_shared<const FolderShop>(std::move(next.shop));
}

WarmShop::WarmShop(const ledger::Ledger& ledger, std::uint64_t orders_worth_keeping)
    : ledger_(ledger),
      orders_worth_keeping_(orders_worth_keeping),
      from_(std::make_unique<FollowFrom>()),
      thread_([this] { work(); }) {}

WarmShop::~WarmShop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
  keep();
}

// Each import makes another revision, and what is kept of it is some bytes for every order that there is: it is written
// after the first load, and at the end, for the next start.
void WarmShop::keep() {
  const auto shop = current();
  if (!shop || shop->revision == kept_revision_) return;
  const bool kept = keep_shop(ledger_, *shop, orders_worth_keeping_, from_->footing ? &*from_->footing : nullptr);
  kept_revision_ = shop->revision;
  // From now on from the file: its memory is given back until the ledger goes on.
  if (!kept || !from_->footing) return;
  if (FollowFrom file = kept_to_follow(ledger_, *shop); file.file) *from_ = std::move(file);
}

std::shared_ptr<const FolderShop> WarmShop::current() const {
  const std::lock_guard lock(mutex_);
  return current_;
}

std::optional<Error> WarmShop::trouble() const {
  const std::lock_guard lock(mutex_);
  return trouble_;
}

double WarmShop::load_seconds() const {
  const std::lock_guard lock(mutex_);
  return load_seconds_;
}

WarmShop::Loads WarmShop::loads() const {
  const std::lock_guard lock(mutex_);
  return loads_;
}

void WarmShop::refresh() {
  {
    const std::lock_guard lock(mutex_);
    ++asked_;
  }
  changed_.notify_all();
}

Result<std::shared_ptr<const FolderShop>> WarmShop::settled() {
  std::unique_lock lock(mutex_);
  const std::uint64_t wanted = asked_;
  changed_.wait(lock, [&] { return stopping_ || followed_ >= wanted; });
  if (trouble_) return std::unexpected(*trouble_);
  return current_;
}

void WarmShop::work() {
  for (;;) {
    std::uint64_t asked = 0;
    std::shared_ptr<const FolderShop> loaded;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return stopping_ || asked_ != followed_; });
      if (stopping_) return;
      asked = asked_;
      loaded = current_;
    }
    const auto began = std::chrono::steady_clock::now();
    auto fresh = load(loaded.get());
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
    {
      const std::lock_guard lock(mutex_);
      trouble_ = fresh ? std::nullopt : std::optional<Error>(fresh.error());
      if (!fresh || *fresh) load_seconds_ = took.count();  // what was up to date already was not loaded
      if (fresh && *fresh) {
        ++((*fresh)->followed ? loads_.followed : (*fresh)->rebuilt_because ? loads_.rebuilt : loads_.kept);
        current_ = std::move(*fresh);
      }
      followed_ = asked;
    }
    changed_.notify_all();
    if (!kept_revision_) keep();
  }
}

}  // namespace behoud::app
