#include "ingest/order_rows.h"

#include <algorithm>

#include "base/text.h"
#include "ingest/amounts.h"
#include "ingest/identity.h"

namespace behoud::ingest {

Slots::Slots(const Layout& layout) {
  first_.fill(kNone);
  for (std::size_t r = 0; r < kRoles; ++r) {
    for (const std::size_t column : layout.columns[r]) {
      auto it = std::find(table_columns.begin(), table_columns.end(), column);
      if (it == table_columns.end()) it = table_columns.insert(it, column);
      of[r].push_back(static_cast<std::uint16_t>(it - table_columns.begin()));
    }
    if (!of[r].empty()) first_[r] = of[r].front();
  }
}

std::string_view Slots::further_text(Role role, std::span<const std::string_view> cells) const {
  for (const std::uint16_t slot : of[index(role)]) {
    if (const std::string_view text = quick_trim(cells[slot]); !text.empty()) return text;
  }
  return {};
}

Hash128 made_up_key(std::string_view identity_space, std::string_view identity, const CivilTime& at) {
  Hash128 hash;
  hash.add(identity_space);
  hash.add(identity);
  // A time of 00:00 is the day itself: whether the column is one of dates alone may differ from export to export.
  hash.add(std::string_view(at.has_offset ? "instant" : "local"));
  hash.add(static_cast<std::uint64_t>(at.local_ms - (at.has_offset ? at.offset_minutes * std::int64_t{60'000} : 0)));
  return hash;
}

std::string made_up_id(const Hash128& key) { return "~" + key.hex().substr(0, 24); }

std::string_view order_id(std::string_view cell) {
  std::string_view id = quick_trim(cell);
  if (id.starts_with('#')) id = quick_trim(id.substr(1));
  return id;
}

RowKeys::RowKeys(const Layout& layout, const Slots& slots, char decimal_mark, DateReader& dates)
    : layout_(layout), slots_(slots), decimal_mark_(decimal_mark), dates_(dates) {}

bool RowKeys::negative_cell(std::string_view cell) const {
  // "-", "(", or the first byte of a minus sign of more bytes: else the cell is not worth reading.
  if (cell.find_first_of("-(\xE2") == std::string_view::npos) return false;
  Decimal d;
  return read_amount(cell, decimal_mark_, d) == AmountFault::kNone && d.negative();
}

bool RowKeys::negative(std::span<const std::string_view> cells) const {
  for (const Role role : {Role::kTotal, Role::kAmount}) {
    for (const std::uint16_t slot : slots_.of[index(role)]) {
      if (negative_cell(cells[slot])) return true;
    }
  }
  if (slots_.has(Role::kTotal) || slots_.has(Role::kAmount)) return false;
  if (!slots_.has(Role::kPrice)) {
    return slots_.has(Role::kSubtotal) && negative_cell(slots_.raw(Role::kSubtotal, cells));
  }
  const bool price = negative_cell(slots_.raw(Role::kPrice, cells));
  const bool quantity = slots_.has(Role::kQuantity) && negative_cell(slots_.raw(Role::kQuantity, cells));
  return price != quantity;
}

RowKey RowKeys::key(std::span<const std::string_view> cells, std::uint32_t width,
                    std::optional<std::uint64_t> rows_left) {
  RowKey out;
  const std::string_view id = order_id(slots_.text(Role::kOrder, cells));
  const std::string_view date = quick_trim(slots_.raw(Role::kDate, cells));
  if (id.empty() && date.empty() &&
      std::all_of(cells.begin(), cells.end(), [](std::string_view c) { return trim(c).empty(); })) {
    return out;
  }
  if (date.empty() || !is_digit(date[0])) {
    // Perhaps a total: a word for it in a cell, or money alone in the last rows.
    bool word = false, other = false;
    for (const Role role : {Role::kOrder, Role::kDate, Role::kCustomer, Role::kEmail, Role::kName, Role::kItem,
                            Role::kItemName, Role::kStatus, Role::kCurrency, Role::kCountry}) {
      const std::string_view text = slots_.text(role, cells);
      if (text.empty()) continue;
      if (is_total_word(text)) {
        word = true;
      } else if (role != Role::kCurrency) {
        other = true;
      }
    }
    if (word && (!other || date.empty() || !scan_date(date))) {
      out.kind = RowKey::Kind::kTotal;
      return out;
    }
    if (!other && date.empty() && rows_left && *rows_left < 3) {
      out.kind = RowKey::Kind::kTotal;
      return out;
    }
  }
  if (layout_.width_strict && width != layout_.width) {
    out.kind = RowKey::Kind::kBroken;
    return out;
  }
  if (!id.empty()) {
    out.kind = RowKey::Kind::kOrder;
    out.a = hash_bytes(id, 0x517CC1B727220A95ULL);
    out.b = hash_bytes(id, 0x6C8E9CF570932BD5ULL);
    return out;
  }
  const std::string_view customer = customer_id(slots_.text(Role::kCustomer, cells));
  std::string_view identity = customer, space = "c";
  if (is_email(customer)) {
    identity = normalise_email_cell(customer, email_);
    space = "e";
  }
  if (identity.empty() && slots_.has(Role::kEmail)) {
    identity = normalise_email_cell(slots_.text(Role::kEmail, cells), email_);
    space = "e";
  }
  if (identity.empty() && slots_.has(Role::kPhone)) {
    const std::string_view country = country_code(slots_.text(Role::kCountry, cells));
    identity = normalise_phone(slots_.text(Role::kPhone, cells), country, phone_);
    space = "p";
  }
  if (slots_.has(Role::kOrder) && identity.empty() && date.empty() &&
      (!slots_.text(Role::kItem, cells).empty() || !slots_.text(Role::kItemName, cells).empty())) {
    out.kind = RowKey::Kind::kContinuation;
    return out;
  }
  out.kind = RowKey::Kind::kAlone;
  if (identity.empty() || is_no_date(date) || negative(cells)) return out;
  const auto civil = dates_.read_civil(date);
  if (!civil) return out;
  const Hash128 hash = made_up_key(space, identity, *civil);
  out.kind = RowKey::Kind::kMadeUp;
  out.a = hash.a;
  out.b = hash.b;
  return out;
}

}  // namespace behoud::ingest
