#include "ingest/order_lines.h"

#include <algorithm>
#include <tuple>

#include "ingest/hash.h"

namespace behoud::ingest {

void deal_out(std::int64_t gross, std::vector<WeightedLine>& lines, std::vector<ledger::OrderLine>& out) {
  out.clear();
  if (lines.size() == 1) {
    if (lines[0].line.item.empty()) return;
    lines[0].line.amount_minor = gross;
    out.push_back(lines[0].line);
    return;
  }
  const bool any_amount = std::any_of(lines.begin(), lines.end(), [](const WeightedLine& w) { return w.weight > 0; });
  if (!any_amount) {
    for (WeightedLine& w : lines) w.weight = std::max<std::int64_t>(w.line.quantity_milli, 1);
  }
  std::sort(lines.begin(), lines.end(), [](const WeightedLine& a, const WeightedLine& b) {
    return std::tie(a.weight, a.line.item, a.line.name, a.line.quantity_milli) <
           std::tie(b.weight, b.line.item, b.line.name, b.line.quantity_milli);
  });
  __int128 sum = 0, so_far = 0;
  for (const WeightedLine& w : lines) sum += w.weight;
  std::int64_t before = 0;
  for (WeightedLine& w : lines) {
    so_far += w.weight;
    // Below 2^126: gross is under 2^63, and so is each sum of fewer than 4 rows of under 2^61; more rows than that
    // are scaled down first.
    __int128 part = so_far, whole = sum;
    while (whole > (static_cast<__int128>(1) << 62)) part >>= 1, whole >>= 1;
    const auto here = static_cast<std::int64_t>(static_cast<__int128>(gross) * part / whole);
    w.line.amount_minor = here - before;
    before = here;
    if (!w.line.item.empty()) out.push_back(w.line);
  }
}

void name_refund_parts(std::string_view order_id, std::vector<ledger::RefundPart>& parts,
                       std::vector<std::string>& ids) {
  std::sort(parts.begin(), parts.end(), [](const ledger::RefundPart& a, const ledger::RefundPart& b) {
    return std::tie(a.at, a.minor) < std::tie(b.at, b.minor);
  });
  ids.clear();
  ids.reserve(parts.size());
  std::uint64_t same = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    same = i > 0 && parts[i].at == parts[i - 1].at && parts[i].minor == parts[i - 1].minor ? same + 1 : 0;
    Hash128 hash;
    hash.add(order_id);
    hash.add(static_cast<std::uint64_t>(parts[i].at ? parts[i].at->ms : INT64_MIN));
    hash.add(static_cast<std::uint64_t>(parts[i].minor));
    hash.add(same);
    ids.push_back("~" + hash.hex().substr(0, 24));
  }
  for (std::size_t i = 0; i < parts.size(); ++i) parts[i].id = ids[i];
}

}  // namespace behoud::ingest
