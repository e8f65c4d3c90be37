#include "timeline/kept/statement_index.h"

#include <algorithm>
#include <array>
#include <utility>

#include "timeline/internal/text_map.h"

namespace behoud::timeline {
namespace {

// Columns of what is shared, beside those of TimelineFile. The numbers are in files: never renumber, only add.
enum Where : std::uint16_t {
  kNames = 16,
  kHeadOf,
  kAbout,
  kOrders,
  kRefunds,
  kRecords,
  kPeople,
  kKeyEnds,
  kKeyBytes,
};

std::string key_of(ledger::IdentityRef identity) {
  return static_cast<char>('0' + static_cast<int>(identity.space)) + std::string(identity.value);
}
std::uint32_t hash_of(std::string_view key) { return static_cast<std::uint32_t>(hash_text(key) >> 32); }

}  // namespace

std::vector<std::uint64_t> PairTable::all() const {
  std::vector<std::uint64_t> out;
  out.reserve(size());
  std::ranges::set_union(base_, added_, std::back_inserter(out));
  return out;
}

StatementIndex::StatementIndex(Statements statements, const Histories& h) {
  auto memory = std::make_unique<Memory>();
  memory->statements = std::move(statements);
  memory->statements.sort();
  const auto n = static_cast<std::uint32_t>(h.customers());
  memory->people.reserve(n);
  memory->key_ends.reserve(n);
  for (std::uint32_t c = 0; c < n; ++c) {
    const std::string key = key_of({h.customer_space[c], h.customer_key[c]});
    memory->key_bytes += key;
    memory->key_ends.push_back(memory->key_bytes.size());
    memory->people.push_back(std::uint64_t{hash_of(key)} << 32 | c);
  }
  std::ranges::sort(memory->people);
  memory_ = std::move(memory);
  bind_memory();
}

void StatementIndex::bind_memory() {
  const Statements& s = memory_->statements;
  names = PairTable(s.names);
  head_of = PairTable(s.head_of);
  about = PairTable(s.about);
  orders = PairTable(s.orders);
  refunds = PairTable(s.refunds);
  records = PairTable(s.records);
  people_ = PairTable(memory_->people);
  key_ends_ = memory_->key_ends;
  key_bytes_ = memory_->key_bytes;
  base_customers_ = static_cast<std::uint32_t>(key_ends_.size());
}

Result<StatementIndex> StatementIndex::open(const ColumnFile& file) {
  const auto damaged = [] {
    return fail(Errc::kCorrupt, "what the timeline knows of statements contradicts itself",
                "It is derived from the ledger and is made anew from it.");
  };
  StatementIndex out;
  std::array<std::span<const std::uint64_t>, kKeyEnds - kNames + 1> columns;
  for (std::uint16_t c = kNames; c <= kKeyEnds; ++c) {
    TRY_ASSIGN(const Column column, file.shared(c));
    if (column.count == 0) continue;
    if (column.width != 8 || column.base != 0) return damaged();
    columns[c - kNames] = {column.as<std::uint64_t>(), static_cast<std::size_t>(column.count)};
  }
  TRY_ASSIGN(const Column bytes, file.shared(kKeyBytes));
  if (bytes.count != 0 && (bytes.width != 1 || bytes.base != 0)) return damaged();
  const auto column = [&](Where where) { return columns[where - kNames]; };
  out.key_ends_ = column(kKeyEnds);
  out.key_bytes_ = {reinterpret_cast<const char*>(bytes.data), static_cast<std::size_t>(bytes.count)};
  const std::size_t customers = out.key_ends_.size();
  std::uint64_t end = 0;
  for (const std::uint64_t e : out.key_ends_) {
    if (e <= end || e > out.key_bytes_.size()) return damaged();
    end = e;
  }
  if (end != out.key_bytes_.size() || customers > 0xffff'fffe || column(kPeople).size() != customers) return damaged();
  for (const std::uint64_t pair : column(kPeople)) {
    if ((pair & 0xffff'ffff) >= customers) return damaged();
  }
  for (std::uint16_t c = kNames; c <= kPeople; ++c) {
    if (!std::ranges::is_sorted(columns[c - kNames])) return damaged();
  }
  out.base_customers_ = static_cast<std::uint32_t>(customers);
  out.names = PairTable(column(kNames));
  out.head_of = PairTable(column(kHeadOf));
  out.about = PairTable(column(kAbout));
  out.orders = PairTable(column(kOrders));
  out.refunds = PairTable(column(kRefunds));
  out.records = PairTable(column(kRecords));
  out.people_ = PairTable(column(kPeople));
  return out;
}

std::string_view StatementIndex::key(std::uint32_t number) const {
  if (number >= base_customers_) return added_keys_[number - base_customers_];
  const std::uint64_t begin = number == 0 ? 0 : key_ends_[number - 1];
  return key_bytes_.substr(begin, key_ends_[number] - begin);
}

ledger::IdentityRef StatementIndex::identity(std::uint32_t number) const {
  const std::string_view text = key(number);
  return {static_cast<ledger::IdentitySpace>(text[0] - '0'), text.substr(1)};
}

std::optional<std::uint32_t> StatementIndex::find(ledger::IdentityRef identity) const {
  const std::string wanted = key_of(identity);
  std::optional<std::uint32_t> found;
  people_.for_each(hash_of(wanted), [&](std::uint32_t number) {
    if (key(number) == wanted) found = number;
  });
  return found;
}

std::uint32_t StatementIndex::find_or_add(ledger::IdentityRef identity) {
  if (const auto found = find(identity)) return *found;
  const std::uint32_t number = customers();
  added_keys_.push_back(key_of(identity));
  people_.add(hash_of(added_keys_.back()), number);
  return number;
}

StatementIndex::Written StatementIndex::written() const {
  Written out;
  const auto put = [&out](Where where, std::vector<std::uint64_t> values) {
    if (values.empty()) return;
    auto& kept = out.numbers.emplace_back(std::make_unique<std::vector<std::uint64_t>>(std::move(values)));
    out.blocks.push_back(
        {where,
         {.data = reinterpret_cast<const std::byte*>(kept->data()), .count = kept->size(), .base = 0, .width = 8}});
  };
  put(kNames, names.all());
  put(kHeadOf, head_of.all());
  put(kAbout, about.all());
  put(kOrders, orders.all());
  put(kRefunds, refunds.all());
  put(kRecords, records.all());
  put(kPeople, people_.all());
  std::vector<std::uint64_t> ends(key_ends_.begin(), key_ends_.end());
  out.keys = std::make_unique<std::string>(key_bytes_);
  for (const std::string& key : added_keys_) {
    *out.keys += key;
    ends.push_back(out.keys->size());
  }
  put(kKeyEnds, std::move(ends));
  if (!out.keys->empty()) {
    out.blocks.push_back({kKeyBytes,
                          {.data = reinterpret_cast<const std::byte*>(out.keys->data()),
                           .count = out.keys->size(),
                           .base = 0,
                           .width = 1}});
  }
  return out;
}

std::uint64_t StatementIndex::bytes() const {
  std::uint64_t pairs = customers();
  for (const PairTable* table : {&names, &head_of, &about, &orders, &refunds, &records, &people_}) {
    pairs += table->size();
  }
  return 8 * pairs + key_bytes_.size() + 16 * added_keys_.size();
}

}  // namespace behoud::timeline
