#pragma once

// The newest directory of customers that is made, for a server. Made when it is first asked for, on a thread of its
// own; after that it follows the shop: while the one of a new revision is made, who asks is answered from the one
// before. Only who asks when there is none yet waits.
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
  // `ledger` must outlive it.
  explicit CustomerShelf(const ledger::Ledger& ledger) : ledger_(ledger) {}
  ~CustomerShelf();
  CustomerShelf(const CustomerShelf&) = delete;
  CustomerShelf& operator=(const CustomerShelf&) = delete;

  // Of `shop`, or of an earlier revision while that is being made.
  Result<std::shared_ptr<const CustomerDirectory>> find(const std::shared_ptr<const FolderShop>& shop) const;
  // Begins to make it, and does not wait.
  void prepare(const std::shared_ptr<const FolderShop>& shop) const;
  // Waits until what is being made is.
  void settle() const;

 private:
  void begin(const std::shared_ptr<const FolderShop>& shop) const;  // with the mutex held
  void make(const std::shared_ptr<const FolderShop>& shop) const;

  const ledger::Ledger& ledger_;
  mutable std::mutex mutex_;
  mutable std::condition_variable made_;
  mutable std::shared_ptr<const CustomerDirectory> current_;
  mutable std::optional<Error> trouble_;
  mutable bool making_ = false;
  mutable std::thread thread_;
};

}  // namespace behoud::app
