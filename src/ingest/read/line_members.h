#pragma once

// The names under which shops keep the lines of an order within the order, the likeliest first.

#include <array>
#include <string_view>

namespace behoud::ingest::read {

inline constexpr std::array<std::string_view, 9> kLineMembers{
    "line_items", "lineItems", "order_items", "items", "products", "order_lines", "orderLines", "lines", "positions"};

}  // namespace behoud::ingest::read
