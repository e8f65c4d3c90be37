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
// Memory: an id's bytes + 8 (+ 8 while same_ids() runs). Cost: 10 ns an add; same_ids() nothing, or about 60 ns a row.

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "timeline/internal/staging.h"
#include "timeline/internal/text_store.h"

namespace behoud::timeline {

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
  std::string_view id(std::uint32_t row) const { return texts_.text(ids_[row]); }

  // Every row whose id an earlier row has, with the first such row; ascending by row.
  std::vector<Link> same_ids() const;
  // Pairs of heads that an alias makes one order, in no particular order. `same_ids` is what same_ids() gave.
  std::vector<std::pair<std::uint32_t, std::uint32_t>> same_aliases(const std::vector<Link>& same_ids) const;

  void free() { *this = OrderNames(rows_in_a_list_); }

 private:
  bool goes_on(std::string_view id);

  std::size_t rows_in_a_list_;
  TextStore texts_;
  Column<std::uint32_t, kNoRow> ids_, aliases_;  // references of texts_
  std::uint32_t rows_ = 0;
  bool sorted_ = true;  // so far the ids ascend, or descend, strictly
  int direction_ = 0;
};

}  // namespace behoud::timeline
