#pragma once

// What a kept timeline knows of the ledger's statements and people beside its columns, so that the tail alone is read
// when the ledger has gone on: timeline/statements.h, and which number a customer has. Lies in the file, sorted; what
// came since is kept beside it in memory.
//
// It holds customers' keys: it is as confidential as the ledger. Cost: 8 bytes a pair, 16 and the key a customer; a
// lookup is a binary search. Thread-safety: one thread.

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "timeline/column_file/column_file.h"
#include "timeline/column_file/column_file_writer.h"
#include "timeline/histories.h"
#include "timeline/statements.h"

namespace behoud::timeline {

// Sorted pairs, of which more may come.
class PairTable {
 public:
  PairTable() = default;
  explicit PairTable(std::span<const std::uint64_t> sorted) : base_(sorted) {}

  // visit(key, value) of keys in [first, last], in no particular order.
  template <class Visit>
  void for_each(std::uint32_t first, std::uint32_t last, const Visit& visit) const {
    const auto go = [&](auto at, auto end) {
      for (; at != end && (*at >> 32) <= last; ++at) {
        visit(static_cast<std::uint32_t>(*at >> 32), static_cast<std::uint32_t>(*at));
      }
    };
    const std::uint64_t from = std::uint64_t{first} << 32;
    go(std::lower_bound(base_.begin(), base_.end(), from), base_.end());
    go(added_.lower_bound(from), added_.end());
  }
  // visit(value) of a key.
  template <class Visit>
  void for_each(std::uint32_t key, const Visit& visit) const {
    for_each(key, key, [&visit](std::uint32_t, std::uint32_t value) { visit(value); });
  }
  void add(std::uint32_t key, std::uint32_t value) { added_.insert(std::uint64_t{key} << 32 | value); }
  std::size_t size() const { return base_.size() + added_.size(); }
  std::vector<std::uint64_t> all() const;  // sorted, each once

 private:
  std::span<const std::uint64_t> base_;
  std::set<std::uint64_t> added_;
};

class StatementIndex {
 public:
  // Of nobody.
  StatementIndex() = default;
  // Of what was derived anew. Sorts the statements.
  StatementIndex(Statements statements, const Histories& h);
  // Of a file's shared columns; the file must outlive it. Errors: kCorrupt.
  static Result<StatementIndex> open(const ColumnFile& file);

  // The customer of a resolved identity.
  std::optional<std::uint32_t> find(ledger::IdentityRef identity) const;
  std::uint32_t find_or_add(ledger::IdentityRef identity);
  // Whose a number is, be they nobody any more; valid until somebody is added.
  ledger::IdentityRef identity(std::uint32_t number) const;
  std::uint32_t customers() const { return base_customers_ + static_cast<std::uint32_t>(added_keys_.size()); }

  PairTable names, head_of, about, orders, refunds, records;

  // What is to be written, and what keeps its bytes alive.
  struct Written {
    std::vector<BlockData> blocks;
    std::vector<std::unique_ptr<std::vector<std::uint64_t>>> numbers;
    std::unique_ptr<std::string> keys;
  };
  Written written() const;
  std::uint64_t bytes() const;  // of what would be written, about

 private:
  std::string_view key(std::uint32_t number) const;
  void bind_memory();

  PairTable people_;  // hash of the key -> number
  std::span<const std::uint64_t> key_ends_;
  std::string_view key_bytes_;
  std::uint32_t base_customers_ = 0;
  std::vector<std::string> added_keys_;
  // Of what was derived and lies in no file yet.
  struct Memory {
    Statements statements;
    std::vector<std::uint64_t> people, key_ends;
    std::string key_bytes;
  };
  std::unique_ptr<const Memory> memory_;
};

}  // namespace behoud::timeline
