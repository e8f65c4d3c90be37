#pragma once

// Which statements of the ledger customers' orders were made of: so that whoever keeps what was derived can find, for
// the few customers of whom something new was said, all that is to be settled anew. Pairs of 32 bits, and only ever
// added to: what is found may be more than is needed, never less.
//
//   names     hash of an order's id or alias -> seq of a statement that bears it (hashes may collide: one order more)
//   head_of   seq of a statement -> seq of the first statement about its order, where there are several
//   about     the same the other way round
//   orders    customer -> seq of the first statement about an order that somebody said to be the customer's, but that
//   is
//             no order of theirs in the histories: left out, a refund, or another's in the end. (Their orders are known
//             by their seqs anyway.)
//   refunds   customer -> seq of a refund that names no order
//   records   customer -> seq of a statement about the customer
//
// A ledger of 2^32 seqs or more has none (`fits`). Cost: 8 bytes a statement about an order, 8 more for each alias.

#include <cstdint>
#include <string_view>
#include <vector>

#include "ledger/ledger.h"

namespace behoud::timeline {

struct Statements {
  using Pairs = std::vector<std::uint64_t>;  // key << 32 | value
  Pairs names, head_of, about, orders, refunds, records;
  bool fits = true;

  void add(Pairs& to, std::uint32_t key, ledger::Seq value) {
    fits = fits && value <= 0xffff'ffff;
    to.push_back(std::uint64_t{key} << 32 | (value & 0xffff'ffff));
  }
  void sort();  // each, without repeats
};

// What `names` has an order's id or alias under.
std::uint32_t hash_of_name(std::string_view name);

}  // namespace behoud::timeline
