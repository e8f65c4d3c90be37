#pragma once

// The texts of a ledger by number: the dictionary (statuses, sources, countries, items, ...), identities and contacts.
// For writing: gives each text the number it has or a new one, whose row waits for flush(). Numbers are never given
// twice, so a text keeps its number as long as the ledger lives.
//
// The dictionary ends at 2^20 texts of up to 200 bytes; what is longer or comes later is kept as a text in its column,
// always: a text in the dictionary stays there, so equal rows stay equal. Thread-safety: none.

#include <array>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/hash.h"
#include "ledger/internal/seq_index.h"
#include "ledger/internal/sqlite.h"
#include "ledger/order.h"

namespace behoud::ledger::internal {

inline constexpr std::uint32_t kDictionaryMax = 1 << 20;
inline constexpr std::size_t kDictionaryTextMax = 200;

class Names {
 public:
  // Reads what there is.
  static Result<Names> load(Database& db, HashKey key);
  // Where flush() writes; until then what is new stays in memory alone.
  Result<void> write_to(Database& db);

  // Views must live until the next flush().
  Cell text(std::string_view text);  // a code, the text itself, or NULL for the empty one
  Cell currency(money::Currency currency);
  std::uint32_t identity(const IdentityRef& identity);                                           // 0 for none
  std::uint32_t contact(std::string_view email, std::string_view phone, std::string_view name);  // 0 for none

  // The same in two steps, so that a batch can warm the caches for all its rows first.
  Hash128 identity_hash(const IdentityRef& identity) const;
  Hash128 contact_hash(std::string_view email, std::string_view phone, std::string_view name) const;
  [[gnu::always_inline]] void prefetch_identity(Hash128 hash) const { identities_.prefetch(hash); }
  [[gnu::always_inline]] void prefetch_contact(Hash128 hash) const { contacts_.prefetch(hash); }
  std::uint32_t identity(Hash128 hash, const IdentityRef& identity);
  std::uint32_t contact(Hash128 hash, std::string_view email, std::string_view phone, std::string_view name);

  // 0 where nobody came with it.
  std::uint32_t find_identity(const IdentityRef& identity);

  // Writes the rows of new numbers, inside the caller's transaction; without write_to() it forgets their texts.
  Result<void> flush();

  std::uint32_t next_code() const { return next_code_; }
  std::uint32_t next_identity() const { return next_identity_; }
  std::uint32_t next_contact() const { return next_contact_; }
  const HashKey& key() const { return key_; }
  std::size_t bytes() const { return codes_.bytes() + identities_.bytes() + contacts_.bytes(); }

 private:
  explicit Names(HashKey key) : key_(key) {}
  HashKey key_;
  CodeIndex codes_;
  CodeIndex identities_, contacts_;
  std::uint32_t next_code_ = 1, next_identity_ = 1, next_contact_ = 1;
  std::vector<Cell> new_codes_, new_identities_, new_contacts_;
  bool writes_ = false;
  BulkInsert insert_code_, insert_identity_, insert_contact_;
  std::deque<std::string> currency_codes_;  // what the cells of new codes point at
  std::vector<std::pair<money::Currency, Cell>> currencies_;
  // Most texts of a column are few, and are met again within a few rows.
  struct Recent {
    char text[24];
    std::uint8_t size = 0;
    std::uint32_t code = 0;
  };
  std::array<Recent, 2048> recent_{};
  mutable std::string scratch_;
};

}  // namespace behoud::ledger::internal
