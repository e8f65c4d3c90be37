#pragma once

// What orders are called, statement by statement, and, once all statements are here, which of them are about one order:
// those that share an id, those that share an alias, and an id that is another order's alias, when no statement gives
// the order of that id an alias. (Where both names are known they are not mixed: a shop may give one order the number
// that is the id of another.) Names are equal byte for byte; a hash only leads there.
//
// As long as ids only ascend, or only descend (by length, then by letters), as in most exports of a shop, none can come
// again, and nothing is looked up at all. Else the ids are parted by their hashes into lists that fit the processor's
// cache, and each list is gone through by itself, two at a time: no table of all ids is ever read at random.
//
// Memory: 4 bytes for an id that is a number below 2^31 without a zero in front, else its bytes + 10 (+ 8 while
// same_ids() runs). Cost: 10 ns an add; same_ids() nothing, or about 60 ns a row.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "timeline/internal/columns.h"
#include "timeline/internal/text_store.h"

namespace behoud::timeline {

// Names in 32 bits: a number that is written as numbers are, itself; any other text, where it is kept. Two texts are
// the same if and only if these are, or both are kept and their bytes are the same.
class NameStore {
 public:
  using Buffer = std::array<char, 10>;

  // nullopt: the texts take more than 16 GB. Never kNoRow.
  std::optional<std::uint32_t> add(std::string_view name);
  // Written into `buffer` where it is a number.
  std::string_view text(std::uint32_t name, Buffer& buffer) const;
  std::uint64_t hash(std::uint32_t name) const;
  bool same(std::uint32_t a, std::uint32_t b) const;

 private:
  TextStore texts_;
};

// A name's hash where 32 bits will do.
inline std::uint32_t short_hash(std::uint64_t hash) { return static_cast<std::uint32_t>(hash >> 32); }

class OrderNames {
 public:
  // Two rows about one order; of same_ids() the first row that has the id, and a later one.
  struct Link {
    std::uint32_t head = 0, row = 0;
    friend auto operator<=>(const Link&, const Link&) = default;
  };

  explicit OrderNames(std::size_t rows_in_a_list = std::size_t{1} << 15) : rows_in_a_list_(rows_in_a_list) {}

  // Names the next row; an empty alias says nothing. false: the texts take more than 16 GB.
  bool add(std::string_view id, std::string_view alias);
  std::uint32_t rows() const { return rows_; }
  std::string id(std::uint32_t row) const {
    NameStore::Buffer buffer;
    return std::string(names_.text(ids_[row], buffer));
  }

  // visit(row, hash) of each row's id and, where it has one, its alias.
  template <class Visit>
  void for_each_name(const Visit& visit) const {
    for (std::uint32_t row = 0; row < rows_; ++row) {
      visit(row, names_.hash(ids_[row]));
      if (aliases_[row] != kNoRow) visit(row, names_.hash(aliases_[row]));
    }
  }

  // Every row whose id an earlier row has, with the first such row; ascending by row.
  std::vector<Link> same_ids() const;
  // Pairs of heads that an alias makes one order, in no particular order. `same_ids` is what same_ids() gave.
  std::vector<std::pair<std::uint32_t, std::uint32_t>> same_aliases(const std::vector<Link>& same_ids) const;

  void free() { *this = OrderNames(rows_in_a_list_); }

 private:
  bool goes_on(std::string_view id);

  std::size_t rows_in_a_list_;
  NameStore names_;
  Column<std::uint32_t, kNoRow> ids_, aliases_;
  std::uint32_t rows_ = 0;
  std::string last_;    // id, as long as they are sorted
  bool sorted_ = true;  // so far the ids ascend, or descend, strictly
  int direction_ = 0;
};

}  // namespace behoud::timeline
