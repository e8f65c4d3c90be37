#pragma once

// The newest directory of customers that is made, for a server. Made when it is first asked for, on a thread of its
// own; after that it follows the shop. In a shop whose directory takes moments, who asks waits for the one of the
// revision they ask about: what was imported just now is in it. In a larger one, who asks meanwhile is answered from
// the one before, and only who asks when there is none yet waits.
//
// Errors of find(): those of making it. Thread-safety: any thread.

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "app/customer_directory.h"

namespace behoud::app {

class CustomerShelf {
 public:
  // The directory of so many customers takes some tenths of a second.
  static constexpr std::size_t kQuickMax = 100'000;

  // `ledger` must outlive it. `quick_max`: up to how many customers who asks waits for the newest.
  explicit CustomerShelf(const ledger::Ledger& ledger, std::size_t quick_max = kQuickMax)
      : ledger_(ledger), quick_max_(quick_max) {}
  ~CustomerShelf();
  CustomerShelf(const CustomerShelf&) = delete;
  CustomerShelf& operator=(const CustomerShelf&) = delete;

  // Of `shop`, or of a later revision; of an earlier one while that of a large shop is being made, or when it cannot
  // be.
  Result<std::shared_ptr<const CustomerDirectory>> find(const std::shared_ptr<const FolderShop>& shop) const;
  // Begins to make it, and does not wait.
  void prepare(const std::shared_ptr<const FolderShop>& shop) const;
  // Waits until what is being made is.
  void settle() const;

 private:
  void begin(const std::shared_ptr<const FolderShop>& shop) const;  // with the mutex held
  void make(const std::shared_ptr<const FolderShop>& shop) const;

  bool has(const FolderShop& shop) const { return current_ && current_->shop().revision >= shop.revision; }

  const ledger::Ledger& ledger_;
  const std::size_t quick_max_;
  mutable std::mutex mutex_;
  mutable std::condition_variable made_;
  mutable std::shared_ptr<const CustomerDirectory> current_;
  mutable std::optional<Error> trouble_;
  mutable bool making_ = false;
  mutable std::thread thread_;
};

}  // namespace behoud::app
