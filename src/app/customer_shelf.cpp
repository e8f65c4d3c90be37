#include "app/customer_shelf.h"

#include <chrono>
#include <exception>

namespace behoud::app {
namespace {

constexpr std::chrono::seconds kPatience{10};  // of somebody who asks

}  // namespace

CustomerShelf::~CustomerShelf() {
  if (thread_.joinable()) thread_.join();
}

void CustomerShelf::begin(const std::shared_ptr<const FolderShop>& shop) const {
  if (making_ || has(*shop)) return;
  if (thread_.joinable()) thread_.join();  // it has ended, or is about to: it holds no lock any more
  making_ = true;
  trouble_.reset();
  thread_ = std::thread([this, shop] { make(shop); });
}

void CustomerShelf::make(const std::shared_ptr<const FolderShop>& shop) const {
  auto made = [&]() -> Result<std::shared_ptr<const CustomerDirectory>> {
    try {
      TRY_ASSIGN(const ledger::Snapshot snapshot, ledger_.snapshot());
      return CustomerDirectory::create(snapshot, shop);
    } catch (const std::exception& e) {  // out of memory: what was there stays
      return fail(Errc::kUnavailable, std::string("the list of customers could not be made: ") + e.what());
    }
  }();
  // The old one is let go of outside the lock: that takes a while.
  std::shared_ptr<const CustomerDirectory> before;
  {
    const std::lock_guard lock(mutex_);
    making_ = false;
    if (made) {
      before = std::exchange(current_, std::move(*made));
    } else {
      trouble_ = made.error();
    }
    made_.notify_all();
  }
}

Result<std::shared_ptr<const CustomerDirectory>> CustomerShelf::find(
    const std::shared_ptr<const FolderShop>& shop) const {
  std::unique_lock lock(mutex_);
  begin(shop);
  const bool quick = shop->histories.customers() <= quick_max_;
  const auto done = [&] {
    if (making_) return !quick && current_ != nullptr;
    if (has(*shop) || trouble_) return true;
    begin(shop);  // what was being made was of an earlier revision
    return false;
  };
  if (!made_.wait_for(lock, kPatience, done) && !current_) return ledger::busy("the customers are still being read");
  if (current_) return current_;
  return std::unexpected(trouble_.value_or(Error{Errc::kUnavailable, "the customers are not known yet"}));
}

void CustomerShelf::prepare(const std::shared_ptr<const FolderShop>& shop) const {
  const std::lock_guard lock(mutex_);
  begin(shop);
}

void CustomerShelf::settle() const {
  std::unique_lock lock(mutex_);
  made_.wait(lock, [this] { return !making_; });
}

}  // namespace behoud::app
