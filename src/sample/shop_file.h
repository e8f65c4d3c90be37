#pragma once

// The sample shop as the files real shops export, so that everything that reads files can be tried on it. One shop
// gives the same retention figures in each shape.
//
// Shapes. `shopify`: one row a line item, order fields on the first row, times with offset. `woocommerce`: one row an
// order in the columns of the customer/order export plug-in, local times. `plain`: one row an order, amounts without
// tax and shipping, times in UTC. `events`: everything that happened, a Segment track call a line (JSON lines). Cost:
// streamed through a buffer of 1 MiB; 2 M rows/s.

#include <functional>
#include <string_view>

#include "calendar/zone.h"
#include "sample/shop.h"

namespace behoud::sample {

enum class Shape : std::uint8_t { kPlain, kShopify, kWooCommerce, kEvents };
// Errors: kInvalidArgument (names the text and the shapes).
Result<Shape> parse_shape(std::string_view text);

// Takes the file's next bytes; an error ends the writing and is returned.
using ByteSink = std::function<Result<void>(std::string_view)>;

Result<void> write_shop(const Shop& shop, Shape shape, const calendar::Zone& zone, const ByteSink& sink);

}  // namespace behoud::sample
