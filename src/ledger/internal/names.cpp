#include "ledger/internal/names.h"

#include <algorithm>
#include <cstring>

namespace behoud::ledger::internal {

Hash128 Names::identity_hash(const IdentityRef& identity) const {
  scratch_.assign(1, static_cast<char>(identity.space));
  scratch_ += identity.value;
  return keyed_hash128(key_, scratch_);
}

Hash128 Names::contact_hash(std::string_view email, std::string_view phone, std::string_view name) const {
  // Lengths first: no two contacts give the same bytes.
  const std::uint64_t lengths[] = {email.size(), phone.size()};
  scratch_.assign(reinterpret_cast<const char*>(lengths), sizeof lengths);
  scratch_ += email;
  scratch_ += phone;
  scratch_ += name;
  return keyed_hash128(key_, scratch_);
}

Result<Names> Names::load(Database& db, HashKey key) {
  Names names(key);
  const auto each_code = [&](const Row& row) -> Result<void> {
    const auto code = static_cast<std::uint32_t>(row.integer(0));
    names.codes_.insert(keyed_hash128(key, row.bytes(1)), code);
    names.next_code_ = std::max(names.next_code_, code + 1);
    return {};
  };
  TRY(db.scan("code, text", "FROM dictionary", {}, each_code));
  const auto each_identity = [&](const Row& row) -> Result<void> {
    const auto id = static_cast<std::uint32_t>(row.integer(0));
    names.identities_.insert(names.identity_hash({static_cast<IdentitySpace>(row.integer(1)), row.bytes(2)}), id);
    names.next_identity_ = std::max(names.next_identity_, id + 1);
    return {};
  };
  TRY(db.scan("id, space, value", "FROM identity", {}, each_identity));
  const auto each_contact = [&](const Row& row) -> Result<void> {
    const auto id = static_cast<std::uint32_t>(row.integer(0));
    names.contacts_.insert(names.contact_hash(row.bytes(1), row.bytes(2), row.bytes(3)), id);
    names.next_contact_ = std::max(names.next_contact_, id + 1);
    return {};
  };
  TRY(db.scan("id, email, phone, name", "FROM contact", {}, each_contact));
  return names;
}

Result<void> Names::write_to(Database& db) {
  TRY_ASSIGN(insert_code_, BulkInsert::prepare(db, "dictionary", 2));
  TRY_ASSIGN(insert_identity_, BulkInsert::prepare(db, "identity", 3));
  TRY_ASSIGN(insert_contact_, BulkInsert::prepare(db, "contact", 4));
  writes_ = true;
  return {};
}

Cell Names::text(std::string_view text) {
  if (text.empty()) return {};
  if (text.size() > kDictionaryTextMax) return Cell::text(text);
  Recent* recent = nullptr;
  if (text.size() <= sizeof recent->text) {
    std::uint64_t first = 0, last = 0;
    const std::size_t n = std::min<std::size_t>(text.size(), 8);
    std::memcpy(&first, text.data(), n);
    std::memcpy(&last, text.data() + text.size() - n, n);
    const std::uint64_t mixed = (first + 31 * last + text.size()) * 0x9e3779b97f4a7c15;
    recent = &recent_[mixed >> 53];
    if (recent->size == text.size() && std::memcmp(recent->text, text.data(), text.size()) == 0) {
      return Cell::of(std::int64_t{recent->code});
    }
  }
  const Hash128 hash = keyed_hash128(key_, text);
  std::uint32_t code = codes_.find(hash);
  if (code == 0) {
    if (next_code_ > kDictionaryMax) return Cell::text(text);
    code = next_code_++;
    codes_.insert(hash, code);
    new_codes_.push_back(Cell::of(std::int64_t{code}));
    new_codes_.push_back(Cell::text(text));
  }
  if (recent) {
    std::memcpy(recent->text, text.data(), text.size());
    recent->size = static_cast<std::uint8_t>(text.size());
    recent->code = code;
  }
  return Cell::of(std::int64_t{code});
}

Cell Names::currency(money::Currency currency) {
  if (!currency.known()) return {};
  for (const auto& [known, cell] : currencies_) {
    if (known == currency) return cell;
  }
  const Cell cell = text(currency_codes_.emplace_back(currency.code()));
  currencies_.emplace_back(currency, cell);
  return cell;
}

std::uint32_t Names::find_identity(const IdentityRef& identity) { return identities_.find(identity_hash(identity)); }

std::uint32_t Names::identity(const IdentityRef& identity) { return this->identity(identity_hash(identity), identity); }
std::uint32_t Names::contact(std::string_view email, std::string_view phone, std::string_view name) {
  return contact(contact_hash(email, phone, name), email, phone, name);
}

std::uint32_t Names::identity(Hash128 hash, const IdentityRef& identity) {
  if (identity.space == IdentitySpace::kNone) return 0;
  std::uint32_t id = identities_.find(hash);
  if (id == 0) {
    id = next_identity_++;
    identities_.insert(hash, id);
    new_identities_.push_back(Cell::of(std::int64_t{id}));
    new_identities_.push_back(Cell::of(static_cast<std::int64_t>(identity.space)));
    Cell value = Cell::text(identity.value);
    value.type = Cell::Type::kText;  // also an empty one: the column is NOT NULL
    if (identity.value.empty()) value.bytes = "";
    new_identities_.push_back(value);
  }
  return id;
}

std::uint32_t Names::contact(Hash128 hash, std::string_view email, std::string_view phone, std::string_view name) {
  if (email.empty() && phone.empty() && name.empty()) return 0;
  std::uint32_t id = contacts_.find(hash);
  if (id == 0) {
    id = next_contact_++;
    contacts_.insert(hash, id);
    new_contacts_.push_back(Cell::of(std::int64_t{id}));
    new_contacts_.push_back(Cell::text(email));
    new_contacts_.push_back(Cell::text(phone));
    new_contacts_.push_back(Cell::text(name));
  }
  return id;
}

Result<void> Names::flush() {
  if (writes_) {
    TRY(insert_code_.run(new_codes_));
    TRY(insert_identity_.run(new_identities_));
    TRY(insert_contact_.run(new_contacts_));
  }
  new_codes_.clear();
  new_identities_.clear();
  new_contacts_.clear();
  return {};
}

}  // namespace behoud::ledger::internal
