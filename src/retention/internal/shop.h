#pragma once

// What every question begins with: the moment, the counted orders at it, the window, who is a customer when, and what
// the answer opens with. Borrows from the Histories and shares the View; opening one over a kept View reads nothing.

#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "base/huge_pages.h"
#include "retention/answers.h"
#include "retention/internal/axis.h"
#include "retention/internal/order_timeline.h"
#include "retention/internal/population.h"

namespace behoud::retention {

struct Shop {
  const timeline::Histories* histories = nullptr;
  AsOf now;
  int window_days = 0;
  std::shared_ptr<const View> view;
  const Purchases* purchases = nullptr;  // the view's
  std::optional<Population> population;
  std::optional<calendar::Day> first_day;  // history_start: the first day with an order
  Basics basics;

  // Errors: those of Population::create.
  static Result<Shop> open(const Source& source, const ShopSettings& s, const Question& q);

  // The first day on which somebody ordered or, under another basis, became a customer.
  std::optional<calendar::Day> first_known_day() const;
  // The question's periods. Without --from they begin with the first day that the basis knows.
  Result<Axis> axis(const Question& q) const;

  // A period that begins on `a` lies at the left edge: before history_start + W it is warming up, before
  // history_start + 4 W who looks new may not be.
  bool warming_up(calendar::Day a) const;
  bool new_may_be_old(calendar::Day a) const;

  // The counted orders as the engine reads them, made once a view.
  const OrderTimeline& orders() const;

  PeriodHead head(const Axis& axis, int p) const;
};

// Splits customers by what was said of their first counted order, so that the parts are disjoint.
class SplitOf {
 public:
  SplitOf(const Shop& shop, Split split);
  std::size_t size() const { return names_.size(); }  // 1 without a split
  std::string_view name(std::size_t part) const { return names_[part]; }
  std::size_t part(std::size_t customer) const { return part_ ? part_->span()[customer] : 0; }
  // The parts as codes of a dimension, a column as the engine has them; nullopt without a split.
  std::optional<timeline::Column> column() const;
  std::optional<std::size_t> find(std::string_view name) const;

 private:
  std::vector<std::string_view> names_;                     // ascending bytewise; "" for not known
  std::shared_ptr<const ZeroedArray<std::uint32_t>> part_;  // by customer, and padding; shared by copies, none without
};

// Bounds what a question may make us hold: periods x parts, and cells of cohorts.
inline constexpr std::size_t kCellsMax = 4'000'000;
Result<void> check_cells(std::size_t cells);

}  // namespace behoud::retention
