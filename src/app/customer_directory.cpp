#include "app/customer_directory.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>
#include <unordered_map>

namespace behoud::app {
namespace {

using ledger::CustomerRecord;
using ledger::EventRecord;
using ledger::IdentityRef;
using ledger::IdentitySpace;
using ledger::RefundRecord;
using ledger::Seq;
using ledger::StoredOrder;
using retention::People;

// Moves `order`, whatever its order, to ascend by key; equal keys stay as they were. Two bytes at a time, from the
// lowest, leaving out those that all keys share.
template <class Key>
void sort_stably(std::vector<std::uint32_t>& order, Key key) {
  constexpr int kBits = 16;
  std::uint64_t least = std::numeric_limits<std::uint64_t>::max(), most = 0;
  for (const std::uint32_t c : order) {
    least = std::min(least, key(c));
    most = std::max(most, key(c));
  }
  if (order.empty()) return;
  std::vector<std::uint32_t> from = order, to(order.size());
  std::vector<std::size_t> begin;
  for (int shift = 0; shift < 64 && (most - least) >> shift != 0; shift += kBits) {
    begin.assign((std::size_t{1} << kBits) + 1, 0);
    const auto digit = [&](std::uint32_t c) { return (key(c) - least) >> shift & ((std::uint64_t{1} << kBits) - 1); };
    for (const std::uint32_t c : from) ++begin[digit(c) + 1];
    for (std::size_t i = 1; i < begin.size(); ++i) begin[i] += begin[i - 1];
    for (const std::uint32_t c : from) to[begin[digit(c)]++] = c;
    from.swap(to);
  }
  order = std::move(from);
}

HashKey key_of(const ledger::Generation& generation) {
  HashKey key;
  std::memcpy(&key.low, generation.data(), 8);
  std::memcpy(&key.high, generation.data() + 8, 8);
  return key;
}

}  // namespace

void CustomerDirectory::Lists::finish(std::size_t customers) {
  begin.assign(customers + 1, 0);
  for (const auto& [c, seq] : given) ++begin[c + 1];
  for (std::size_t i = 1; i < begin.size(); ++i) begin[i] += begin[i - 1];
  std::vector<std::uint32_t> next(begin.begin(), begin.end() - 1);
  seqs.resize(given.size());
  for (const auto& [c, seq] : given) seqs[next[c]++] = seq;  // they came ascending
  given = {};
}

// What the ledger says, as it comes.
class CustomerDirectory::Reader {
 public:
  Reader(CustomerDirectory& directory, const ledger::Snapshot& snapshot) : d_(directory), snapshot_(snapshot) {}

  Result<void> read() {
    // What customers are known by comes first: what is said of them later is newer.
    const timeline::Histories& h = d_.shop_->histories;
    for (std::uint32_t c = 0; c < d_.size(); ++c) contact_of({h.customer_space[c], h.customer_key[c]}, c);
    TRY(snapshot_.orders([this](const StoredOrder& o) { return take(o); }));
    TRY(snapshot_.refunds([this](const RefundRecord& r, Seq seq) -> Result<void> {
      note(d_.refunds_, d_.find(r.customer), seq);
      return {};
    }));
    TRY(snapshot_.customers(
        [this](const CustomerRecord& r, IdentityRef customer, Seq seq) { return take(r, customer, seq); }));
    TRY(snapshot_.events([this](const EventRecord&, IdentityRef customer, Seq seq) -> Result<void> {
      note(d_.events_, d_.find(customer), seq);
      return {};
    }));
    return {};
  }

 private:
  static constexpr std::uint32_t kUnknown = 0xffff'ffff;

  Result<void> take(const StoredOrder& stored) {
    const auto customer = customer_of(stored);
    if (!customer) {
      if (stored.seq > std::numeric_limits<std::uint32_t>::max()) return {};
      const auto seq = static_cast<std::uint32_t>(stored.seq);
      d_.nameless_.emplace_back(d_.order_hash(stored.order.order_id), seq);
      if (!stored.order.alias.empty()) d_.nameless_.emplace_back(d_.order_hash(stored.order.alias), seq);
      return {};
    }
    note(d_.orders_, customer, stored.seq);
    d_.search_.add_order(*customer, stored.order.order_id);
    if (!stored.order.alias.empty()) d_.search_.add_order(*customer, stored.order.alias);
    contact(*customer, stored.order.email, stored.order.name, stored.order.phone);
    return {};
  }

  Result<void> take(const CustomerRecord& record, const IdentityRef& identity, Seq seq) {
    const auto customer = d_.find(identity);
    if (!customer) return {};
    note(d_.records_, customer, seq);
    merged(record.id, identity, *customer);
    contact(*customer, record.email, record.name, record.phone);
    place(d_.country_, *customer, record.country);
    place(d_.source_, *customer, record.source);
    return {};
  }

  // An identity's number leads to its customer without looking at its value again.
  std::optional<std::uint32_t> customer_of(const StoredOrder& stored) {
    if (stored.identity == 0) return std::nullopt;
    if (stored.identity >= by_identity_.size()) by_identity_.resize(stored.identity + 1 + by_identity_.size() / 2);
    std::uint32_t& known = by_identity_[stored.identity];  // customer + 1; 0: not looked up yet
    if (known == 0) {
      // Customers mostly stand in the order in which they first came.
      const auto found = d_.find(stored.customer, next_);
      known = found ? *found + 1 : kUnknown;
      if (found) next_ = *found + 1;
      if (found) merged(stored.order.customer, stored.customer, *found);
    }
    if (known == kUnknown) return std::nullopt;
    return known - 1;
  }

  void merged(const IdentityRef& identity, const IdentityRef& into, std::uint32_t customer) {
    if (identity == into) return;
    d_.merged_.emplace_back(d_.tag_of(identity), customer);
    contact_of(identity, customer);
  }

  void contact_of(const IdentityRef& identity, std::uint32_t customer) {
    if (identity.space == IdentitySpace::kEmail) d_.search_.add_email(customer, identity.value);
    if (identity.space == IdentitySpace::kPhone) d_.search_.add_phone(customer, identity.value);
  }

  // Texts lie where they lay before when the same was said again, which is nearly always.
  void contact(std::uint32_t customer, std::string_view email, std::string_view name, std::string_view phone) {
    if (last_contact_.empty()) last_contact_.resize(d_.size());
    const auto at = [](std::string_view text) { return reinterpret_cast<std::uintptr_t>(text.data()); };
    const std::uint64_t same = (at(email) * 3 + at(name)) * 5 + at(phone) + email.size() + name.size() + phone.size();
    if (last_contact_[customer] == same) return;
    last_contact_[customer] = same;
    d_.search_.add_email(customer, email);
    d_.search_.add_name(customer, name);
    d_.search_.add_phone(customer, phone);
  }

  void place(std::vector<std::uint32_t>& column, std::uint32_t customer, std::string_view text) {
    if (text.empty()) return;
    if (column.empty()) column.resize(d_.size());
    auto [at, is_new] = places_.try_emplace(std::string(text), 0);
    if (is_new) at->second = d_.places_.add(text);
    column[customer] = at->second;
  }

  void note(Lists& lists, std::optional<std::uint32_t> customer, Seq seq) {
    if (!customer) return;
    if (seq > std::numeric_limits<std::uint32_t>::max()) {
      d_.seqs_known_ = false;
      return;
    }
    lists.given.emplace_back(*customer, static_cast<std::uint32_t>(seq));
  }

  CustomerDirectory& d_;
  const ledger::Snapshot& snapshot_;
  std::vector<std::uint32_t> by_identity_;
  std::uint32_t next_ = 0;
  std::vector<std::uint64_t> last_contact_;
  std::unordered_map<std::string, std::uint32_t> places_;
};

CustomerDirectory::CustomerDirectory(std::shared_ptr<const FolderShop> shop, People people,
                                     std::uint64_t index_bytes_max)
    : shop_(std::move(shop)),
      people_(std::move(people)),
      search_(people_.size(), index_bytes_max),
      tag_key_(key_of(shop_->generation)),
      tag_(people_.size()),
      by_tag_(people_.size()) {
  const timeline::Histories& h = shop_->histories;
  for (std::uint32_t c = 0; c < tag_.size(); ++c) tag_[c] = tag_of({h.customer_space[c], h.customer_key[c]});
  sort_tags();
}

// Tags are spread evenly, so as many beginnings as customers leave one or two customers to each: sorted in one pass,
// and found again without a search.
void CustomerDirectory::sort_tags() {
  const int bits = std::max(1, static_cast<int>(std::bit_width(tag_.size())) - 1);
  tag_shift_ = 64 - bits;
  tag_begin_.assign((std::size_t{1} << bits) + 1, 0);
  for (const std::uint64_t tag : tag_) ++tag_begin_[(tag >> tag_shift_) + 1];
  for (std::size_t i = 1; i < tag_begin_.size(); ++i) tag_begin_[i] += tag_begin_[i - 1];
  std::vector<std::uint32_t> next(tag_begin_.begin(), tag_begin_.end() - 1);
  for (std::uint32_t c = 0; c < tag_.size(); ++c) by_tag_[next[tag_[c] >> tag_shift_]++] = c;
  const auto by_tag = [this](std::uint32_t c) { return std::pair(tag_[c], c); };
  for (std::size_t i = 0; i + 1 < tag_begin_.size(); ++i) {
    if (tag_begin_[i + 1] - tag_begin_[i] < 2) continue;
    std::ranges::sort(std::span(by_tag_).subspan(tag_begin_[i], tag_begin_[i + 1] - tag_begin_[i]), {}, by_tag);
  }
}

Result<std::shared_ptr<const CustomerDirectory>> CustomerDirectory::create(const ledger::Snapshot& snapshot,
                                                                           std::shared_ptr<const FolderShop> shop,
                                                                           std::uint64_t index_bytes_max) {
  TRY_ASSIGN(People people, retention::people_of(shop->source(), shop->settings, {}));
  std::shared_ptr<CustomerDirectory> made(new CustomerDirectory(std::move(shop), std::move(people), index_bytes_max));
  TRY(Reader(*made, snapshot).read());
  if (!made->seqs_known_) {
    for (Lists* lists : {&made->orders_, &made->records_, &made->events_, &made->refunds_}) lists->given = {};
  }
  for (Lists* lists : {&made->orders_, &made->records_, &made->events_, &made->refunds_}) lists->finish(made->size());
  std::ranges::sort(made->nameless_);
  std::ranges::sort(made->merged_);
  made->search_.finish();
  return made;
}

std::uint64_t CustomerDirectory::tag_of(const IdentityRef& identity) const {
  std::string text(1, static_cast<char>(identity.space));
  text += identity.value;
  return keyed_hash64(tag_key_, text);
}

std::uint64_t CustomerDirectory::order_hash(std::string_view number) const {
  return keyed_hash64(tag_key_, std::string("order") + std::string(number));
}

std::vector<std::uint32_t> CustomerDirectory::nameless_of(std::string_view number) const {
  const std::uint64_t hash = order_hash(number);
  std::vector<std::uint32_t> out;
  auto at = std::ranges::lower_bound(nameless_, std::pair(hash, 0U));
  for (; at != nameless_.end() && at->first == hash; ++at) out.push_back(at->second);
  return out;
}

std::optional<std::uint32_t> CustomerDirectory::find(const IdentityRef& identity) const {
  if (identity.space == IdentitySpace::kNone) return std::nullopt;
  const std::uint64_t tag = tag_of(identity);
  const std::uint64_t beginning = tag >> tag_shift_;
  for (std::uint32_t i = tag_begin_[beginning]; i < tag_begin_[beginning + 1]; ++i) {
    if (tag_[by_tag_[i]] == tag && is(by_tag_[i], identity)) return by_tag_[i];
  }
  const auto merged = std::ranges::lower_bound(merged_, std::pair(tag, 0U));
  if (merged != merged_.end() && merged->first == tag) return merged->second;
  return std::nullopt;
}

std::optional<std::uint32_t> CustomerDirectory::find(const IdentityRef& identity, std::uint32_t guess) const {
  if (guess < size() && identity.space != IdentitySpace::kNone && is(guess, identity)) return guess;
  return find(identity);
}

bool CustomerDirectory::is(std::uint32_t customer, const IdentityRef& identity) const {
  const timeline::Histories& h = shop_->histories;
  return h.customer_space[customer] == identity.space && h.customer_key[customer] == identity.value;
}

std::vector<std::uint32_t> CustomerDirectory::find(std::string_view key) const {
  std::vector<std::uint32_t> out;
  for (const IdentitySpace space :
       {IdentitySpace::kCustomerId, IdentitySpace::kEmail, IdentitySpace::kPhone, IdentitySpace::kAnonymousId}) {
    const auto found = find(IdentityRef{space, key});
    if (found && std::ranges::find(out, *found) == out.end()) out.push_back(*found);
  }
  return out;
}

std::uint64_t CustomerDirectory::key(CustomerSort by, std::uint32_t c) const {
  const auto of_day = [](calendar::Day d) -> std::uint64_t {
    return d == People::kNoDay ? 0 : static_cast<std::uint64_t>(std::int64_t{d.number} + (std::int64_t{1} << 32));
  };
  switch (by) {
    case CustomerSort::kLastOrder:
      return of_day(people_.last_order[c]);
    case CustomerSort::kFirstOrder:
      return of_day(people_.first_order[c]);
    case CustomerSort::kOrders:
      return people_.orders[c];
    case CustomerSort::kRevenue:
      return static_cast<std::uint64_t>(people_.revenue_minor[c]) ^ std::uint64_t{1} << 63;
  }
  return 0;
}

std::vector<std::uint32_t> CustomerDirectory::sorted_by(CustomerSort by) const {
  std::vector<std::uint32_t> order = by_tag_;
  sort_stably(order, [this, by](std::uint32_t c) { return key(by, c); });
  return order;
}

const std::vector<std::uint32_t>& CustomerDirectory::ascending(CustomerSort by) const {
  const auto i = static_cast<std::size_t>(by);
  std::call_once(sort_once_[i], [&] { sorted_[i] = sorted_by(by); });
  return sorted_[i];
}

std::string_view CustomerDirectory::country(std::uint32_t c) const {
  if (!country_.empty() && country_[c] != 0) return places_.at(country_[c]);
  const timeline::Histories& h = shop_->histories;
  const std::uint32_t row = people_.first_row[c];
  return row == People::kNoRow || h.country.empty() ? std::string_view() : h.countries[h.country[row]];
}

std::string_view CustomerDirectory::source(std::uint32_t c) const {
  if (!source_.empty() && source_[c] != 0) return places_.at(source_[c]);
  const timeline::Histories& h = shop_->histories;
  const std::uint32_t row = people_.first_row[c];
  return row == People::kNoRow || h.source.empty() ? std::string_view() : h.sources[h.source[row]];
}

CustomerSet CustomerDirectory::with(People::Standing standing) const {
  CustomerSet out(size());
  for (std::uint32_t c = 0; c < size(); ++c) {
    if (people_.standing[c] == standing) out.add(c);
  }
  return out;
}

std::uint64_t CustomerDirectory::bytes() const {
  const auto of = [](const auto& v) { return v.capacity() * sizeof(v[0]); };
  std::uint64_t sum = search_.bytes() + of(tag_) + of(by_tag_) + of(tag_begin_) + of(merged_) + of(nameless_) +
                      places_.bytes() + of(country_) + of(source_) + of(people_.standing) + of(people_.orders) +
                      of(people_.revenue_minor) + of(people_.first_order) + of(people_.last_order) + of(people_.since) +
                      of(people_.first_row) + of(people_.own_gap_days);
  for (const Lists* lists : {&orders_, &records_, &events_, &refunds_}) sum += of(lists->begin) + of(lists->seqs);
  for (const auto& sorted : sorted_) sum += of(sorted);
  return sum;
}

}  // namespace behoud::app
