#include "timeline/timeline.h"

#include <algorithm>
#include <bit>

namespace behoud::timeline {
namespace {

// The words of a part's customers, all set.
std::vector<std::uint64_t> all_of(std::uint32_t customers) {
  std::vector<std::uint64_t> words((std::size_t{customers} + 63) / 64, ~std::uint64_t{0});
  if (customers % 64 != 0) words.back() = (std::uint64_t{1} << (customers % 64)) - 1;
  return words;
}

}  // namespace

std::uint64_t Timeline::customers() const {
  std::uint64_t sum = 0;
  for (const Part& part : parts) {
    sum += part.segment.customers();
    for (const std::uint64_t word : part.hidden) sum -= static_cast<std::uint64_t>(std::popcount(word));
  }
  return sum;
}
std::uint64_t Timeline::events() const {
  std::uint64_t sum = 0;
  for (const Part& part : parts) sum += part.segment.events();
  return sum;
}
std::uint64_t Timeline::orders() const {
  std::uint64_t sum = 0;
  for (const Part& part : parts) sum += part.segment.orders();
  return sum;
}
std::size_t Timeline::bytes() const {
  std::size_t sum = 0;
  for (const Part& part : parts) sum += part.segment.bytes();
  return sum;
}

Selection everybody(const Timeline& timeline) {
  Selection out;
  for (const Part& part : timeline.parts) {
    auto& words = out.parts.emplace_back(all_of(part.segment.customers()));
    for (std::size_t w = 0; w < part.hidden.size(); ++w) words[w] &= ~part.hidden[w];
  }
  return out;
}

std::uint64_t count(const Selection& selection) {
  std::uint64_t sum = 0;
  for (const auto& words : selection.parts) {
    for (const std::uint64_t word : words) sum += static_cast<std::uint64_t>(std::popcount(word));
  }
  return sum;
}

std::vector<std::uint32_t> numbers(const Timeline& timeline, const Selection& selection) {
  std::vector<std::uint32_t> out(count(selection));
  std::uint32_t* next = out.data();
  for (std::size_t p = 0; p < selection.parts.size(); ++p) {
    const Segment& segment = timeline.parts[p].segment;
    for (std::size_t w = 0; w < selection.parts[p].size(); ++w) {
      for (std::uint64_t word = selection.parts[p][w]; word != 0; word &= word - 1) {
        *next++ = segment.number(w * 64 + static_cast<std::size_t>(std::countr_zero(word)));
      }
    }
  }
  return out;
}

namespace {

struct Place {
  const Segment* segment = nullptr;
  std::uint32_t index = 0;
};

std::optional<Place> place_of(const Timeline& timeline, std::uint32_t number) {
  for (const Part& part : timeline.parts) {
    const Segment& segment = part.segment;
    if (number < segment.shape().first_customer) continue;
    std::uint32_t low = 0, high = segment.customers();
    if (!segment.names_customers()) {
      low = std::min(number - segment.shape().first_customer, high);
    } else {
      while (low < high) {
        const std::uint32_t middle = low + (high - low) / 2;
        if (segment.number(middle) < number)
          low = middle + 1;
        else
          high = middle;
      }
      high = segment.customers();
    }
    if (low < high && segment.number(low) == number && !part.is_hidden(low)) return Place{&segment, low};
  }
  return std::nullopt;
}

}  // namespace

std::optional<CustomerView> find_customer(const Timeline& timeline, std::uint32_t number) {
  const auto place = place_of(timeline, number);
  if (!place) return std::nullopt;
  return CustomerView(*place->segment, place->index);
}
bool is_somebody(const Timeline& timeline, std::uint32_t number) { return place_of(timeline, number).has_value(); }

}  // namespace behoud::timeline
