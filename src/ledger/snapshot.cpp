#include <algorithm>
#include <limits>
#include <numeric>
#include <set>
#include <unordered_map>

#include <fmt/format.h>

#include "ledger/internal/entered_costs.h"
#include "ledger/internal/ledger_state.h"
#include "ledger/internal/liveness.h"
#include "ledger/internal/rows.h"
#include "ledger/ledger.h"

namespace behoud::ledger {
namespace {

using internal::Database;
using internal::Liveness;
using internal::Row;
using internal::TableShape;
using internal::Texts;

// A read transaction holds this many seqs, some 100 ms: while one is open, the write-ahead log cannot be emptied.
constexpr std::int64_t kWindow = 1 << 18;
// Up to so many rows identities and contacts are looked up one by one (10 us each); of more all are loaded.
constexpr std::uint64_t kLookUpsMax = 100'000;

// Which identities are one customer: the connected parts of the pairs that were merged and not unmerged since. A part
// is known by its smallest number, whatever the order of the merges.
Result<std::vector<std::uint32_t>> merged_into_by(Database& db, std::int64_t last_seq) {
  std::vector<std::uint32_t> merged_into;
  std::map<std::pair<std::int64_t, std::int64_t>, bool> pairs;
  const auto each = [&](const Row& row) -> Result<void> {
    pairs[{row.integer(1), row.integer(2)}] = row.integer(0) != 0;
    return {};
  };
  const std::int64_t known[] = {last_seq};
  TRY(db.scan("merged, a, b", "FROM merge WHERE seq <= ?1 ORDER BY seq", known, each));
  const auto find = [&](std::uint32_t i) {
    while (merged_into[i] != i) i = merged_into[i];
    return i;
  };
  for (const auto& [pair, merged] : pairs) {
    if (!merged) continue;
    const auto size = static_cast<std::size_t>(std::max(pair.first, pair.second)) + 1;
    if (merged_into.size() < size) {
      const std::size_t from = merged_into.size();
      merged_into.resize(size);
      std::iota(merged_into.begin() + static_cast<std::ptrdiff_t>(from), merged_into.end(),
                static_cast<std::uint32_t>(from));
    }
    const std::uint32_t a = find(static_cast<std::uint32_t>(pair.first));
    const std::uint32_t b = find(static_cast<std::uint32_t>(pair.second));
    merged_into[std::max(a, b)] = std::min(a, b);
  }
  for (std::uint32_t i = 0; i < merged_into.size(); ++i) merged_into[i] = find(i);
  return merged_into;
}

// Customers of several identities, by the smallest of them.
std::map<std::uint32_t, std::vector<std::uint32_t>> groups_of(const std::vector<std::uint32_t>& merged_into) {
  std::map<std::uint32_t, std::vector<std::uint32_t>> out;
  for (std::uint32_t i = 0; i < merged_into.size(); ++i) {
    if (merged_into[i] == i) continue;
    std::vector<std::uint32_t>& group = out[merged_into[i]];
    if (group.empty()) group.push_back(merged_into[i]);
    group.push_back(i);
  }
  return out;
}

}  // namespace

struct Snapshot::Impl {
  std::optional<Database> db;
  std::int64_t revision = 0, last_seq = 0;
  Generation generation{};
  bool sample = false;
  Settings settings;
  Liveness liveness;
  std::vector<ImportRow> shown;
  std::vector<std::uint32_t> merged_into;  // by identity; empty where nothing is merged

  // Read when first needed; they only ever grow.
  Texts texts;
  bool has_dictionary = false, has_identities = false, has_contacts = false;
  std::optional<std::span<const Seq>> only;           // the rows that are read; nullopt: all
  std::optional<std::span<const Stretch>> stretches;  // likewise
  std::uint64_t rows_within() const;                  // at most; of all: more than any

  Result<void> need(bool identities, bool contacts);
  IdentityRef resolve(std::int64_t identity, const IdentityRef& itself) const {
    if (identity <= 0 || static_cast<std::size_t>(identity) >= merged_into.size()) return itself;
    const std::uint32_t into = merged_into[static_cast<std::size_t>(identity)];
    if (into == identity) return itself;
    const auto found = texts.identity(into);
    return found ? *found : itself;
  }

  // Calls `call(row)` for the rows of a table, ascending, in windows; `between` after each.
  template <class Call>
  Result<void> every_row(const TableShape& shape, std::string_view from, Call&& call,
                         const std::function<void()>& between = {});
  // Calls `call(row, seq, received)` for the live ones.
  template <class Call>
  Result<void> rows(const TableShape& shape, std::string_view from, Call&& call,
                    const std::function<void()>& between = {});
  Result<void> mentions(Said what, const Each<Mention>& each);  // `only` or `stretches` say which
  // The newest live record of each key, in the order of their seqs.
  template <class Record, class Key, class FromRow>
  Result<std::vector<Record>> newest(const TableShape& shape, bool identities, Key&& key, FromRow&& from_row);
};

class Snapshot::Only {
 public:
  Only(Impl& impl, std::span<const Seq> seqs) : impl_(impl) { impl_.only = seqs; }
  Only(Impl& impl, std::span<const Stretch> stretches) : impl_(impl) { impl_.stretches = stretches; }
  ~Only() {
    impl_.only.reset();
    impl_.stretches.reset();
  }
  Only(const Only&) = delete;
  Only& operator=(const Only&) = delete;

 private:
  Impl& impl_;
};

Snapshot::Snapshot(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Snapshot::Snapshot(Snapshot&&) noexcept = default;
Snapshot& Snapshot::operator=(Snapshot&&) noexcept = default;
Snapshot::~Snapshot() = default;

std::int64_t Snapshot::revision() const { return impl_->revision; }
const Generation& Snapshot::generation() const { return impl_->generation; }
bool Snapshot::sample() const { return impl_->sample; }
const Settings& Snapshot::settings() const { return impl_->settings; }
const std::vector<ImportRow>& Snapshot::imports() const { return impl_->shown; }

Result<Snapshot> Ledger::snapshot() const {
  auto s = std::make_unique<Snapshot::Impl>();
  TRY_ASSIGN(s->db,
             Database::open(impl_->folder.database_path(), Database::Mode::kRead, impl_->folder.environment().vfs));
  // One transaction for what decides which rows there are. The rows themselves are only ever appended, so that they can
  // be read in many: what this revision knows stays as it is.
  TRY(s->db->execute("BEGIN"));
  TRY_ASSIGN(const auto meta, internal::read_meta(*s->db));
  TRY_ASSIGN(s->generation, internal::parse_generation(meta.generation));
  s->revision = meta.revision;
  s->last_seq = meta.next_seq - 1;
  s->sample = meta.sample;
  TRY_ASSIGN(s->settings, internal::read_settings(*s->db));
  TRY_ASSIGN(s->liveness, Liveness::read(*s->db));
  TRY_ASSIGN(s->merged_into, merged_into_by(*s->db, s->last_seq));
  TRY(s->db->execute("COMMIT"));
  for (const ImportRow& i : s->liveness.imports()) {
    if (i.state != ImportState::kCommitted && i.state != ImportState::kUndone) continue;
    s->shown.push_back(i);
    s->shown.back().meta.sample = s->sample;
  }
  return Snapshot(std::move(s));
}

std::uint64_t Snapshot::Impl::rows_within() const {
  if (only) return only->size();
  if (!stretches) return std::numeric_limits<std::uint64_t>::max();
  std::uint64_t sum = 0;
  for (const Stretch& s : *stretches) sum += s.last - s.first + 1;
  return sum;
}

Result<void> Snapshot::Impl::need(bool identities, bool contacts) {
  if (rows_within() <= kLookUpsMax) {
    texts.look_up_in(*db);
    identities = contacts = false;
  }
  if (!has_dictionary) TRY(texts.load_dictionary(*db));
  has_dictionary = true;
  if (identities && !has_identities) TRY(texts.load_identities(*db));
  has_identities = has_identities || identities;
  if (contacts && !has_contacts) TRY(texts.load_contacts(*db));
  has_contacts = has_contacts || contacts;
  return {};
}

template <class Call>
Result<void> Snapshot::Impl::every_row(const TableShape& shape, std::string_view from, Call&& call,
                                       const std::function<void()>& between) {
  if (only) {
    const std::string one = fmt::format("FROM {} WHERE seq = ?1", from);
    for (const Seq seq : *only) {
      if (seq > static_cast<Seq>(last_seq)) break;
      const std::int64_t wanted[] = {static_cast<std::int64_t>(seq)};
      TRY(db->scan(shape.columns, one, wanted, call));
    }
    return {};
  }
  const std::string where = fmt::format("FROM {} WHERE seq > ?1 AND seq <= ?2 ORDER BY seq", from);
  const auto read = [&](std::int64_t after, std::int64_t last) -> Result<void> {
    for (; after < last; after += kWindow) {
      const std::int64_t window[] = {after, std::min(after + kWindow, last)};
      TRY(db->scan(shape.columns, where, window, call));
      if (between) between();
    }
    return {};
  };
  if (!stretches) return read(0, last_seq);
  for (const Stretch& s : *stretches) {
    TRY(read(static_cast<std::int64_t>(s.first) - 1, std::min(static_cast<std::int64_t>(s.last), last_seq)));
  }
  return {};
}

template <class Call>
Result<void> Snapshot::Impl::rows(const TableShape& shape, std::string_view from, Call&& call,
                                  const std::function<void()>& between) {
  Liveness::Walk walk(liveness);
  const auto row_of = [&](const Row& row) -> Result<void> {
    const auto seq = static_cast<Seq>(row.integer(0));
    const auto received = walk.received(seq, static_cast<ImportId>(row.integer(1)));
    if (!received) return {};
    return call(row, seq, *received);
  };
  return every_row(shape, from, row_of, between);
}

namespace {

// The rows of order_line lie in the order of their orders, so one statement goes along with them.
class LineWalk {
 public:
  static Result<LineWalk> create(Database& db) {
    LineWalk walk;
    TRY_ASSIGN(walk.rows_, db.prepare("SELECT id, item, name, quantity, amount FROM order_line WHERE id >= ?1 "
                                      "ORDER BY id"));
    return walk;
  }
  // Fills `lines` with the `count` lines of the order. Views are valid until the next call.
  Result<void> read(Seq seq, std::size_t count, Texts& texts, std::vector<OrderLine>& lines) {
    inline_texts_.reset();
    const std::int64_t from = internal::line_id(seq, 0);
    // Stepping over the lines of orders that do not count costs less than seeking, unless there are many.
    if (!open_ || from < id_ || from - id_ > std::int64_t{1} << 20) {
      rows_.reset();
      rows_.bind(1, from);
      TRY(step());
    }
    while (open_ && id_ < from) TRY(step());
    for (std::size_t i = 0; i < count; ++i) {
      if (!open_ || id_ != from + static_cast<std::int64_t>(i)) {
        return fail(Errc::kCorrupt, fmt::format("line {} of order row {} is gone", i, seq),
                    "restore the latest backup with `behoud restore`");
      }
      OrderLine& line = lines.emplace_back();
      TRY_ASSIGN(line.item, text(1, texts));
      TRY_ASSIGN(line.name, text(2, texts));
      line.quantity_milli = rows_.integer(3);
      line.amount_minor = rows_.integer(4);
      TRY(step());
    }
    return {};
  }
  void pause() {
    rows_.reset();
    open_ = false;
  }

 private:
  Result<void> step() {
    TRY_ASSIGN(open_, rows_.step());
    if (open_) id_ = rows_.integer(0);
    return {};
  }
  Result<std::string_view> text(int i, Texts& texts) {
    const auto cell = rows_.cell(i);
    if (cell.type == internal::Cell::Type::kText) return inline_texts_.copy(cell.view());
    return texts.text(cell);
  }
  internal::Statement rows_;
  internal::Arena inline_texts_;
  bool open_ = false;
  std::int64_t id_ = 0;
};

}  // namespace

Result<void> Snapshot::orders(const Each<StoredOrder>& each) const {
  Impl& s = *impl_;
  TRY(s.need(true, true));
  TRY_ASSIGN(auto lines, LineWalk::create(*s.db));
  internal::LineBuffer buffer;
  StoredOrder stored;
  const auto row = [&](const Row& r, Seq seq, calendar::Instant received) -> Result<void> {
    std::size_t line_rows = 0;
    TRY(internal::from_row(r, s.texts, stored.order, buffer, line_rows));
    if (line_rows > 0) {
      TRY(lines.read(seq, line_rows, s.texts, buffer.lines));
      stored.order.lines = buffer.lines;
    }
    stored.received = received;
    stored.seq = seq;
    stored.import = static_cast<ImportId>(r.integer(1));
    stored.identity = static_cast<std::uint32_t>(r.integer(3));
    stored.customer = s.resolve(r.integer(3), stored.order.customer);
    return each(stored);
  };
  return s.rows(internal::kOrderTable, "order_event", row, [&] { lines.pause(); });
}

Result<void> Snapshot::refunds(const std::function<Result<void>(const RefundRecord&, Seq)>& each) const {
  Impl& s = *impl_;
  TRY(s.need(true, false));
  const auto row = [&](const Row& r, Seq seq, calendar::Instant) -> Result<void> {
    TRY_ASSIGN(auto refund, internal::refund_from_row(r, s.texts));
    refund.customer = s.resolve(r.integer(2), refund.customer);
    return each(refund, seq);
  };
  return s.rows(internal::kRefundTable, "refund", row);
}

Result<void> Snapshot::customers(
    const std::function<Result<void>(const CustomerRecord&, IdentityRef, Seq)>& each) const {
  Impl& s = *impl_;
  TRY(s.need(true, true));
  const auto row = [&](const Row& r, Seq seq, calendar::Instant) -> Result<void> {
    TRY_ASSIGN(const auto customer, internal::customer_from_row(r, s.texts));
    return each(customer, s.resolve(r.integer(2), customer.id), seq);
  };
  return s.rows(internal::kCustomerTable, "customer", row);
}

Result<void> Snapshot::events(const std::function<Result<void>(const EventRecord&, IdentityRef, Seq)>& each) const {
  Impl& s = *impl_;
  TRY(s.need(true, false));
  constexpr std::string_view kFrom = "event LEFT JOIN event_body USING (seq)";
  // Where a message id came again with other content, the newest holds; that is rare, and imports count it.
  std::unordered_map<std::string, Seq> newest;
  const auto& imports = s.liveness.imports();
  if (std::any_of(imports.begin(), imports.end(), [&](const ImportRow& i) {
        // Taken back or not: others may say its rows too.
        return i.meta.kind == ImportKind::kEvents && i.changed > 0;
      })) {
    const auto row = [&](const Row& r, Seq seq, calendar::Instant) -> Result<void> {
      if (!r.null(11)) newest[std::string(r.bytes(11))] = seq;
      return {};
    };
    TRY(s.rows(internal::kEventTable, kFrom, row));
  }
  const auto row = [&](const Row& r, Seq seq, calendar::Instant) -> Result<void> {
    TRY_ASSIGN(const auto event, internal::event_from_row(r, s.texts));
    if (!newest.empty() && !event.message_id.empty() && newest[std::string(event.message_id)] != seq) return {};
    return each(event, s.resolve(r.integer(3), event.customer), seq);
  };
  return s.rows(internal::kEventTable, kFrom, row);
}

template <class Record, class Key, class FromRow>
Result<std::vector<Record>> Snapshot::Impl::newest(const TableShape& shape, bool identities, Key&& key,
                                                   FromRow&& from_row) {
  TRY(need(identities, false));
  std::map<decltype(key(std::declval<const Record&>())), std::size_t> at;
  std::vector<std::optional<Record>> all;
  const auto row = [&](const Row& r, Seq, calendar::Instant) -> Result<void> {
    TRY_ASSIGN(auto record, from_row(r));
    const auto [it, first] = at.emplace(key(record), all.size());
    if (!first) {
      all[it->second].reset();
      it->second = all.size();
    }
    all.push_back(std::move(record));
    return {};
  };
  TRY(rows(shape, shape.table, row));
  std::vector<Record> result;
  for (auto& record : all) {
    if (record) result.push_back(std::move(*record));
  }
  return result;
}

Result<std::vector<StoredCost>> Snapshot::stored_costs() const {
  Impl& s = *impl_;
  TRY(s.need(false, false));
  std::vector<StoredCost> costs;  // each row is one: equal ones are numbered
  const auto row = [&](const Row& r, Seq seq, calendar::Instant) -> Result<void> {
    TRY_ASSIGN(auto cost, internal::cost_from_row(r, s.texts));
    costs.push_back({std::move(cost), seq, static_cast<ImportId>(r.integer(1)), {}});
    return {};
  };
  TRY(s.rows(internal::kCostTable, internal::kCostTable.table, row));
  TRY_ASSIGN(auto entered, internal::read_entered_costs(*s.db, s.last_seq));
  std::ranges::move(entered, std::back_inserter(costs));
  return costs;
}

Result<std::vector<CostRecord>> Snapshot::costs() const {
  TRY_ASSIGN(auto stored, stored_costs());
  std::vector<CostRecord> costs;
  costs.reserve(stored.size());
  for (StoredCost& c : stored) costs.push_back(std::move(c.cost));
  return costs;
}

Result<std::vector<ItemRecord>> Snapshot::items() const {
  return impl_->newest<ItemRecord>(
      internal::kItemTable, false, [](const ItemRecord& i) { return i.id; },
      [&](const Row& r) { return internal::item_from_row(r, impl_->texts); });
}

Result<std::vector<RateRecord>> Snapshot::rates() const {
  return impl_->newest<RateRecord>(
      internal::kRateTable, false,
      [](const RateRecord& r) { return std::tuple(r.base, r.rate.currency, r.rate.day.number); },
      [](const Row& r) { return internal::rate_from_row(r); });
}

Result<std::vector<SubscriptionRecord>> Snapshot::subscriptions() const {
  return impl_->newest<SubscriptionRecord>(
      internal::kSubscriptionTable, true, [](const SubscriptionRecord& r) { return r.id; },
      [&](const Row& r) -> Result<SubscriptionRecord> {
        TRY_ASSIGN(auto record, internal::subscription_from_row(r, impl_->texts));
        const IdentityRef customer = impl_->resolve(r.integer(3), {record.customer_space, record.customer});
        if (customer.value != record.customer || customer.space != record.customer_space) {
          record.customer_space = customer.space;
          record.customer = std::string(customer.value);
        }
        return record;
      });
}

// The readers above, over a few rows.
Result<void> Snapshot::orders_at(std::span<const Seq> seqs, const Each<StoredOrder>& each) const {
  const Only here(*impl_, seqs);
  return orders(each);
}
Result<void> Snapshot::customers_at(
    std::span<const Seq> seqs, const std::function<Result<void>(const CustomerRecord&, IdentityRef, Seq)>& each) const {
  const Only here(*impl_, seqs);
  return customers(each);
}
Result<void> Snapshot::events_at(std::span<const Seq> seqs,
                                 const std::function<Result<void>(const EventRecord&, IdentityRef, Seq)>& each) const {
  const Only here(*impl_, seqs);
  return events(each);
}
Result<void> Snapshot::refunds_at(std::span<const Seq> seqs,
                                  const std::function<Result<void>(const RefundRecord&, Seq)>& each) const {
  const Only here(*impl_, seqs);
  return refunds(each);
}

Result<void> Snapshot::orders_in(std::span<const Stretch> stretches, const Each<StoredOrder>& each) const {
  const Only here(*impl_, stretches);
  return orders(each);
}
Result<void> Snapshot::customers_in(
    std::span<const Stretch> stretches,
    const std::function<Result<void>(const CustomerRecord&, IdentityRef, Seq)>& each) const {
  const Only here(*impl_, stretches);
  return customers(each);
}
Result<void> Snapshot::events_in(std::span<const Stretch> stretches,
                                 const std::function<Result<void>(const EventRecord&, IdentityRef, Seq)>& each) const {
  const Only here(*impl_, stretches);
  return events(each);
}
Result<void> Snapshot::refunds_in(std::span<const Stretch> stretches,
                                  const std::function<Result<void>(const RefundRecord&, Seq)>& each) const {
  const Only here(*impl_, stretches);
  return refunds(each);
}

Result<Snapshot::Stretch> Snapshot::brought_by(ImportId import) const {
  TRY_ASSIGN(const auto first, impl_->db->integer("SELECT first_seq FROM import WHERE id = ?1", import));
  TRY_ASSIGN(const auto last, impl_->db->integer("SELECT last_seq FROM import WHERE id = ?1", import));
  const Stretch out{static_cast<Seq>(first.value_or(0)), static_cast<Seq>(last.value_or(0))};
  // Of the very same file again: 0 and -1.
  return first.value_or(0) < 1 || last.value_or(0) < 1 ? Stretch{1, 0} : out;
}
Result<std::vector<Snapshot::Stretch>> Snapshot::said_again_by(ImportId import) const {
  std::vector<Stretch> out;
  const auto each = [&](const Row& row) -> Result<void> {
    out.push_back({static_cast<Seq>(row.integer(0)), static_cast<Seq>(row.integer(1))});
    return {};
  };
  const std::int64_t wanted[] = {import};
  TRY(impl_->db->scan("first_seq, last_seq", "FROM import_assertion WHERE import = ?1", wanted, each));
  std::ranges::sort(out, {}, &Stretch::first);
  return out;
}
namespace {

TableShape mentions_of(Snapshot::Said what) {
  switch (what) {
    case Snapshot::Said::kOrder:
      return {"order_event", "seq, import, identity, order_key, more", 5, 0, 0};
    case Snapshot::Said::kRefund:
      return {"refund", "seq, import, identity", 3, 0, 0};
    case Snapshot::Said::kCustomer:
      return {"customer", "seq, import, identity", 3, 0, 0};
    case Snapshot::Said::kEvent:
      return {"event", "seq, import, identity", 3, 0, 0};
  }
  return {"event", "seq, import, identity", 3, 0, 0};
}

}  // namespace

Result<void> Snapshot::Impl::mentions(Said what, const Each<Mention>& each) {
  TRY(need(true, false));
  Liveness::Walk walk(liveness);
  const TableShape shape = mentions_of(what);
  const auto row = [&](const Row& r) -> Result<void> {
    Mention m;
    m.seq = static_cast<Seq>(r.integer(0));
    m.counts = walk.received(m.seq, static_cast<ImportId>(r.integer(1))).has_value();
    TRY_ASSIGN(m.customer, texts.identity(r.integer(2)));
    m.customer = resolve(r.integer(2), m.customer);
    if (what == Said::kOrder) {
      m.order_id = r.bytes(3);
      m.alias = internal::alias_of_more(r.bytes(4));
    }
    return each(m);
  };
  return every_row(shape, shape.table, row);
}
Result<void> Snapshot::mentions_in(Said what, std::span<const Stretch> stretches, const Each<Mention>& each) const {
  const Only here(*impl_, stretches);
  return impl_->mentions(what, each);
}
Result<void> Snapshot::mentions_at(Said what, std::span<const Seq> seqs, const Each<Mention>& each) const {
  const Only here(*impl_, seqs);
  return impl_->mentions(what, each);
}

Result<std::vector<Snapshot::CustomerName>> Snapshot::regrouped_since(std::int64_t revision) const {
  Impl& s = *impl_;
  TRY_ASSIGN(const auto behind,
             s.db->integer("SELECT count(*) FROM merge WHERE seq > ?1 AND seq <= ?2", revision, s.last_seq));
  if (behind.value_or(0) == 0) return std::vector<CustomerName>();
  TRY_ASSIGN(const auto merged_before, merged_into_by(*s.db, revision));
  const auto before = groups_of(merged_before), now = groups_of(s.merged_into);
  std::set<std::uint32_t> members;  // of the groups that are no longer, and of those that are new
  const auto unlike = [&members](const auto& groups, const auto& others) {
    for (const auto& [root, group] : groups) {
      const auto other = others.find(root);
      if (other == others.end() || other->second != group) members.insert(group.begin(), group.end());
    }
  };
  unlike(before, now);
  unlike(now, before);
  const auto root_in = [](const std::vector<std::uint32_t>& merged_into, std::uint32_t i) {
    return i < merged_into.size() ? merged_into[i] : i;
  };
  std::set<std::uint32_t> roots;
  for (const std::uint32_t i : members) {
    roots.insert(root_in(merged_before, i));
    roots.insert(root_in(s.merged_into, i));
  }
  s.texts.look_up_in(*s.db);
  std::vector<CustomerName> out;
  for (const std::uint32_t root : roots) {
    TRY_ASSIGN(const IdentityRef name, s.texts.identity(root));
    out.push_back({name.space, std::string(name.value)});
  }
  std::ranges::sort(out);
  return out;
}

Result<std::uint64_t> Snapshot::count(ImportKind kind) const {
  Impl& s = *impl_;
  std::uint64_t sum = 0;
  if (!s.liveness.any_dead()) {
    for (const ImportRow& i : s.liveness.imports()) {
      if (i.meta.kind == kind) sum += i.added + i.changed;
    }
    return sum;
  }
  const auto count_of = [&](const char* table) -> Result<void> {
    const TableShape shape{table, "seq, import", 2, 0, 0};
    return s.rows(shape, table, [&](const Row&, Seq, calendar::Instant) -> Result<void> {
      ++sum;
      return {};
    });
  };
  switch (kind) {
    case ImportKind::kOrders:
      TRY(count_of("order_event"));
      TRY(count_of("refund"));
      break;
    case ImportKind::kCustomers:
      TRY(count_of("customer"));
      break;
    case ImportKind::kCosts:
      TRY(count_of("cost"));
      break;
    case ImportKind::kItems:
      TRY(count_of("item"));
      break;
    case ImportKind::kRates:
      TRY(count_of("rate"));
      break;
    case ImportKind::kSubscriptions:
      TRY(count_of("subscription"));
      break;
    case ImportKind::kEvents:
      TRY(count_of("event"));
      break;
  }
  return sum;
}

}  // namespace behoud::ledger
