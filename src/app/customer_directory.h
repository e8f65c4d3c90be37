#pragma once

// All customers of a shop at one revision: their figures (retention/people.h), what they are called, the index that
// finds them, and where in the ledger what was said of them stands. Immutable, shared by whoever asks; made from a
// snapshot in one pass over the ledger's orders, customers and events.
//
// Memory: the figures and the index of customer_search.h; besides, of each customer 32 bytes, 4 of each order a
// sorting that was asked for, and 4 of each statement; bench: app/customer_bench.cpp. Cost: about half a second for a
// million orders. Thread-safety: const calls may run together.

#include <array>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "app/customer_search.h"
#include "app/folder_shop.h"
#include "base/hash.h"
#include "ledger/ledger.h"
#include "retention/people.h"

namespace behoud::app {

enum class CustomerSort : std::uint8_t { kLastOrder, kRevenue, kOrders, kFirstOrder };
inline constexpr std::size_t kCustomerSorts = 4;

class CustomerDirectory {
 public:
  // `shop` was read from the ledger that `snapshot` is of. Errors: those of the snapshot's reads and of the questions.
  static Result<std::shared_ptr<const CustomerDirectory>> create(const ledger::Snapshot& snapshot,
                                                                 std::shared_ptr<const FolderShop> shop,
                                                                 std::uint64_t index_bytes_max = std::uint64_t{1}
                                                                                                 << 30);

  const FolderShop& shop() const { return *shop_; }
  std::size_t size() const { return tag_.size(); }
  const retention::People& people() const { return people_; }
  const CustomerSearch& search() const { return search_; }

  // Who is known by a key in a namespace, or by an identity that was merged into theirs.
  std::optional<std::uint32_t> find(const ledger::IdentityRef& identity) const;
  // The same, quicker where it is `guess`.
  std::optional<std::uint32_t> find(const ledger::IdentityRef& identity, std::uint32_t guess) const;
  // The same in any namespace: customer ids first, then e-mails, phones, anonymous ids.
  std::vector<std::uint32_t> find(std::string_view key) const;

  // A number of the customer that is the same at every revision of the folder: what orders those who are alike.
  std::uint64_t tag(std::uint32_t customer) const { return tag_[customer]; }
  // What customers are sorted by, as a number that ascends as it does; 0 where there is none.
  std::uint64_t key(CustomerSort by, std::uint32_t customer) const;
  // All customers ascending by (key, tag); made when it is first asked for.
  const std::vector<std::uint32_t>& ascending(CustomerSort by) const;

  std::string_view country(std::uint32_t customer) const;  // stated of the customer, else of their first order
  std::string_view source(std::uint32_t customer) const;

  CustomerSet with(retention::People::Standing standing) const;

  // Where statements about the customer stand: seqs of the ledger, ascending.
  std::span<const std::uint32_t> orders_of(std::uint32_t customer) const { return orders_.of(customer); }
  std::span<const std::uint32_t> records_of(std::uint32_t customer) const { return records_.of(customer); }
  std::span<const std::uint32_t> events_of(std::uint32_t customer) const { return events_.of(customer); }
  std::span<const std::uint32_t> refunds_of(std::uint32_t customer) const { return refunds_.of(customer); }
  // Statements about an order of this number or alias that name no customer.
  std::vector<std::uint32_t> nameless_of(std::string_view number) const;
  // False in a ledger beyond 2^32 statements: then they are not known, and the lists are empty.
  bool seqs_known() const { return seqs_known_; }

  std::uint64_t bytes() const;

 private:
  CustomerDirectory(std::shared_ptr<const FolderShop> shop, retention::People people, std::uint64_t index_bytes_max);
  class Reader;

  struct Lists {
    std::vector<std::pair<std::uint32_t, std::uint32_t>> given;  // (customer, seq), until finish()
    std::vector<std::uint32_t> begin, seqs;
    void finish(std::size_t customers);
    std::span<const std::uint32_t> of(std::uint32_t customer) const {
      return std::span(seqs).subspan(begin[customer], begin[customer + 1] - begin[customer]);
    }
  };

  void sort_tags();
  bool is(std::uint32_t customer, const ledger::IdentityRef& identity) const;
  std::uint64_t tag_of(const ledger::IdentityRef& identity) const;
  std::uint64_t order_hash(std::string_view number) const;
  std::vector<std::uint32_t> sorted_by(CustomerSort by) const;

  std::shared_ptr<const FolderShop> shop_;
  retention::People people_;
  CustomerSearch search_;
  HashKey tag_key_;
  std::vector<std::uint64_t> tag_;                               // by customer
  std::vector<std::uint32_t> by_tag_;                            // customers, ascending by tag
  std::vector<std::uint32_t> tag_begin_;                         // where in by_tag_ each beginning of a tag begins
  int tag_shift_ = 63;                                           // what of a tag is not its beginning
  std::vector<std::pair<std::uint64_t, std::uint32_t>> merged_;  // tags of identities that are known as another
  TextShelf places_;
  std::vector<std::uint32_t> country_, source_;  // stated of the customer; empty where none was
  Lists orders_, records_, events_, refunds_;
  std::vector<std::pair<std::uint64_t, std::uint32_t>> nameless_;  // (hash of an order's number, seq)
  bool seqs_known_ = true;
  mutable std::array<std::once_flag, kCustomerSorts> sort_once_;
  mutable std::array<std::vector<std::uint32_t>, kCustomerSorts> sorted_;
};

}  // namespace behoud::app
