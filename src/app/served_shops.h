#pragma once

// The shops that one server holds: the shop's own data folder and, beside it, a sample to look at. Whoever asks names
// one with ?shop=own|sample; without it: the own one if there is one, else the sample.
//
// The folder that --data names is home: this process owns it, and users, jobs and notes live in it whether it holds an
// own shop or a sample. A second folder, of --sample, is only read. A sample takes no writing of orders or settings.
//
// Errors of open(): those of the folders; kInvalidArgument (--sample names no sample; --data is one already).
// Thread-safety: any thread may ask.

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "app/answer_cache.h"
#include "app/customer_shelf.h"
#include "app/warm_shop.h"
#include "app/world.h"
#include "http/message.h"
#include "ledger/ledger.h"

namespace behoud::app {

struct ServedShop {
  ServedShop(std::string_view shop_name, ledger::Ledger opened)
      : name(shop_name), ledger(std::move(opened)), warm(ledger), customers(ledger) {}
  std::string_view name;  // "own" or "sample"
  ledger::Ledger ledger;
  WarmShop warm;
  CustomerShelf customers;
  mutable AnswerCache answers;

  // The newest that is loaded. Errors: kUnavailable (not yet), the load's.
  Result<std::shared_ptr<const FolderShop>> loaded() const;
};

class ServedShops {
 public:
  // `data` is made, empty, where there is nothing yet. `sample`: none.
  static Result<std::unique_ptr<ServedShops>> open(const std::string& data, const std::optional<std::string>& sample,
                                                   const World& world);

  ServedShop& home() const { return *home_; }  // of --data
  ServedShop* own() const { return home_->ledger.sample() ? nullptr : home_.get(); }
  ServedShop* sample() const { return home_->ledger.sample() ? home_.get() : sample_.get(); }

  calendar::Instant now() const { return now_(); }
  std::int64_t steady_ns() const { return steady_ns_(); }

  // Errors: kInvalidArgument (no such word), kNotFound (a shop that is not served).
  Result<ServedShop*> asked_for(const http::Request& request) const;
  // Why the request may not write to the shop it names; nullopt where it may, and then asked_for() is own().
  std::optional<http::Response> refuse_write(const http::Request& request) const;

  // {"rows":[{"shop","sample","state","revision","orders","customers","zone","currency","history_start","as_of"}]}
  std::string json() const;

 private:
  ServedShops(std::unique_ptr<ServedShop> home, std::unique_ptr<ServedShop> sample, const World& world)
      : home_(std::move(home)), sample_(std::move(sample)), now_(world.now), steady_ns_(world.steady_ns) {}
  std::unique_ptr<ServedShop> home_, sample_;
  std::function<calendar::Instant()> now_;
  std::function<std::int64_t()> steady_ns_;
};

}  // namespace behoud::app
