#pragma once

// The lines of an order and the parts of its refund, as the ledger keeps them.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/order.h"

namespace behoud::ingest {

struct WeightedLine {
  std::int64_t weight = 0;  // >= 0: what the line says it is worth
  ledger::OrderLine line;
};

// Lines with an item, their amounts brought to sum to the order's gross over all lines: each gets
// floor(G C_i / C) - floor(G C_(i-1) / C) with C_i the sum of the first i weights, in the order of (weight, item,
// name, quantity), so that the cents do not depend on the order of the rows. Lines of no weight at all count by their
// quantity. Reorders `lines`; `out` gets those that name an item.
void deal_out(std::int64_t gross, std::vector<WeightedLine>& lines, std::vector<ledger::OrderLine>& out);

// Sorts the parts and gives each an id made of the order's, its instant and its amount, and of how many equal ones went
// before; the ids lie in `ids`, which must outlive the parts' use.
void name_refund_parts(std::string_view order_id, std::vector<ledger::RefundPart>& parts,
                       std::vector<std::string>& ids);

}  // namespace behoud::ingest
