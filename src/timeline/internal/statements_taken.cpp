#include "timeline/internal/statements_taken.h"

#include <algorithm>

namespace behoud::timeline {

void StatementsTaken::take_names() {
  to_.names.reserve(to_.names.size() + intake_.staged.rows);
  intake_.names.for_each_name(
      [this](std::uint32_t row, std::uint64_t hash) { to_.add(to_.names, short_hash(hash), seqs_[row]); });
}

void StatementsTaken::take_chain(std::uint32_t head) {
  Chain chain{.head = head, .customers = {}};
  for (std::uint32_t row = head; row != kNoRow; row = intake_.staged.next[row]) {
    if (row != head) {
      to_.add(to_.head_of, static_cast<std::uint32_t>(seqs_[row]), seqs_[head]);
      to_.add(to_.about, static_cast<std::uint32_t>(seqs_[head]), seqs_[row]);
    }
    const std::uint32_t customer = intake_.people.customer_of_row[row];
    if (customer != kNoRow && std::ranges::find(chain.customers, customer) == chain.customers.end()) {
      chain.customers.push_back(customer);
    }
  }
  chains_.push_back(std::move(chain));
}

void StatementsTaken::take_orders(const SettledOrders& settled, const ChosenRows& chosen) {
  std::size_t stretch = 0, next = 0;
  const auto is_chosen = [&](std::uint32_t row) {  // rows ascend
    for (; stretch < chosen.rows.size(); ++stretch, next = 0) {
      const std::vector<std::uint32_t>& rows = chosen.rows[stretch];
      while (next < rows.size() && rows[next] < row) ++next;
      if (next < rows.size()) return rows[next] == row;
    }
    return false;
  };
  auto chain = chains_.begin();
  settled.for_each(0, intake_.staged.rows, [&](std::uint32_t head) {
    const std::uint32_t owner = is_chosen(head) ? intake_.people.customer_of_row[head] : kNoRow;
    while (chain != chains_.end() && chain->head < head) ++chain;
    if (chain != chains_.end() && chain->head == head) {
      for (const std::uint32_t customer : chain->customers) {
        if (customer != owner) to_.add(to_.orders, customer, seqs_[head]);
      }
    } else if (const std::uint32_t customer = intake_.people.customer_of_row[head];
               customer != kNoRow && customer != owner) {
      to_.add(to_.orders, customer, seqs_[head]);
    }
  });
}

}  // namespace behoud::timeline
