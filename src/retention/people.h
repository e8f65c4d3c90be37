#pragma once

// Every customer of a shop at an as-of, in columns by their number in the Histories: what a list of customers, and one
// customer's page, say about each. The same purchases, the same standing and the same gaps as every other answer.
//
// Cost: two passes over the orders; 45 bytes a customer. Errors: those of the questions.

#include <optional>
#include <vector>

#include "retention/answers.h"

namespace behoud::retention {

struct People {
  enum class Standing : std::uint8_t { kNone, kActive, kLapsed };  // none: no customer yet, as somebody who only joined
  static constexpr calendar::Day kNoDay{-0x7fffffff};
  static constexpr std::uint32_t kNoRow = 0xffffffff;

  Basics basics;
  calendar::Day today;  // at whose start they are looked at
  std::vector<Standing> standing;
  std::vector<std::uint32_t> orders;
  std::vector<std::int64_t> revenue_minor;
  std::vector<calendar::Day> first_order, last_order;  // kNoDay without an order
  std::vector<calendar::Day> since;                    // became a customer; kNoDay: not, or on no day that is known
  std::vector<std::uint32_t> first_row;                // of the first counted order in the Histories; kNoRow
  std::vector<int> own_gap_days;                       // 9 in 10 of their gaps are no longer; 0 with fewer than 5
  std::optional<int> shop_gap_days;                    // of the shop; absent without any gap

  std::size_t size() const { return standing.size(); }

  // One customer's, made from the columns.
  std::optional<double> aov_minor(std::uint32_t c) const;
  std::optional<int> usual_gap_days(std::uint32_t c) const;
  std::optional<int> silent_days(std::uint32_t c) const;
  // The day at whose start they are active no more; nothing while they are, or where no order tells.
  std::optional<calendar::Day> lost_on(std::uint32_t c) const;
};
inline std::optional<calendar::Day> known_day(calendar::Day d) {
  return d == People::kNoDay ? std::nullopt : std::optional(d);
}

// How each order stands at `as_of`, by its row: whether it counts as a purchase then, and what has been refunded of it.
struct OrderStanding {
  bool counts = false;
  std::int64_t refunded_minor = 0;
  friend bool operator==(const OrderStanding&, const OrderStanding&) = default;
};
std::vector<OrderStanding> order_standings(const timeline::Histories& h, calendar::Instant at);

// Under the basis of `q`; its span, grain and split play no part.
Result<People> people_of(const Source& source, const ShopSettings& s, const Question& q);

}  // namespace behoud::retention
