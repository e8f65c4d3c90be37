#pragma once

// The rows of one order to the assertion about it.
//
// Within an order the rows' order does not matter: the instant is the earliest row's; order-level texts that differ
// between rows give the smallest, but of status words the one that counts most (paid before pending before void); lines
// are sorted before the cents of a rounding are dealt out. A negative row is a refund of the order.

#include <cstdint>
#include <memory>
#include <span>

#include "ingest/order_account.h"
#include "ingest/order_rows.h"
#include "ingest/order_survey.h"

namespace behoud::ingest {

// Folds the orders of one table. Not thread-safe.
class OrderFold {
 public:
  // All arguments but `survey` must outlive it.
  static Result<std::unique_ptr<OrderFold>> create(const Layout& layout, const Slots& slots, const OrderSurvey& survey,
                                                   const ReadOptions& options, OrderAccount& account, OrderSink& sink);
  virtual ~OrderFold() = default;
  // `made_up`: the order has no id of its own. `alone`: nor can rows be told to belong together (RowKey::kAlone).
  virtual Result<void> fold(std::span<const RowRef> rows, bool made_up, bool alone) = 0;
};

}  // namespace behoud::ingest
