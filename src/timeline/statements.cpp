#include "timeline/statements.h"

#include <algorithm>
#include <functional>

#include "base/together.h"
#include "timeline/internal/order_names.h"

namespace behoud::timeline {
namespace {

void sort_pairs(Statements::Pairs& pairs) {
  const auto middle = pairs.begin() + static_cast<std::ptrdiff_t>(pairs.size() / 2);
  run_together({[&] { std::sort(pairs.begin(), middle); }, [&] { std::sort(middle, pairs.end()); }});
  std::inplace_merge(pairs.begin(), middle, pairs.end());
  pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
}

}  // namespace

void Statements::sort() {
  for (Pairs* pairs : {&names, &head_of, &about, &orders, &refunds, &records}) sort_pairs(*pairs);
}

std::uint32_t hash_of_name(std::string_view name) {
  NameStore one;
  const auto number = one.add(name);
  return number ? short_hash(one.hash(*number)) : 0;  // one name is never too much text
}

}  // namespace behoud::timeline
