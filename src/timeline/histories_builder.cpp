#include "timeline/histories_builder.h"

#include <algorithm>
#include <cassert>
#include <deque>
#include <numeric>
#include <unordered_map>
#include <utility>

#include "timeline/internal/staging.h"
#include "timeline/internal/text_map.h"
#include "timeline/internal/together.h"

namespace behoud::timeline {
namespace {

using calendar::Day;
using calendar::Instant;
using calendar::Moment;
using ledger::OrderAssertion;
using ledger::Standing;
using money::Currency;

constexpr std::uint32_t kRowsMax = 0xfffffffe;  // 2^32 - 2: kNoRow and one for counting
constexpr std::size_t kPendingMax = 64;         // enough to hide a cache miss behind the next rows' work
constexpr std::size_t kTextBytesMax = 4096;     // of an id, a key, a word: longer is no identifier
constexpr std::size_t kLabelBytesMax = 1024;

constexpr const char* kTooLong = "an order id, a customer key or another short text is longer than 4,096 bytes";
constexpr const char* kTooMuchText = "the ids and keys of the orders take more than 16 GB";
constexpr const char* kBadMoment = "the moment of an order, a refund or a cancellation is not within 1900..9999";

// Years 1900 to 9999, with a day to spare on either side for the zone. What is earlier than 1990 a reader refuses; this
// bound only keeps civil days within their 32 bits.
bool in_range(Instant t) {
  constexpr std::int64_t kFirst = -2'208'988'800'000, kLast = (2932896LL + 1) * calendar::kMsPerDay;
  return kFirst <= t.ms && t.ms < kLast;
}
bool in_range(std::optional<Instant> t) { return !t || in_range(*t); }

// Texts with codes in order of first appearance. Remembers the last one: files repeat themselves.
class Dictionary {
 public:
  Result<Code> code(std::string_view text) {
    if (text.empty()) return Code{0};
    if (last_ != 0 && texts_.by_code[last_] == text) return last_;
    if (text.size() > kTextBytesMax) return fail(Errc::kOutOfRange, kTooLong);
    const auto found = map_.find_or_insert(text, hash_text(text), static_cast<Code>(texts_.size()));
    if (!found) return fail(Errc::kOutOfRange, kTooMuchText);
    if (found->inserted) texts_.by_code.emplace_back(text);
    last_ = found->number;
    return last_;
  }
  Code find(std::string_view text) const { return text.empty() ? 0 : map_.find(text, hash_text(text)).value_or(0); }
  std::string_view operator[](Code code) const { return texts_[code]; }
  std::size_t size() const { return texts_.size(); }
  Texts take() && { return std::move(texts_); }

 private:
  TextMap map_;
  Texts texts_;
  Code last_ = 0;
};

// What became of an order that is no row.
struct LeftOutSum {
  std::uint64_t orders = 0;
  __int128 gross = 0;
};

// What a refund that names no order took of one.
struct Taken {
  std::int64_t at_ms = kUnstated;
  std::int64_t minor = 0;
};

bool fits(__int128 value) {
  return value <= std::numeric_limits<std::int64_t>::max() && value > std::numeric_limits<std::int64_t>::min();
}

// The greatest of a customer's amounts left by range, so that "the latest order at or before i with `least` left" takes
// O(log n): a customer with a million orders and a million refunds is no quadratic surprise.
class AmountsLeft {
 public:
  explicit AmountsLeft(const std::vector<std::int64_t>& left) {
    while (leaves_ < left.size()) leaves_ *= 2;
    greatest_.assign(2 * leaves_, -1);
    std::copy(left.begin(), left.end(), greatest_.begin() + static_cast<std::ptrdiff_t>(leaves_));
    for (std::size_t i = leaves_ - 1; i > 0; --i) greatest_[i] = std::max(greatest_[2 * i], greatest_[2 * i + 1]);
  }
  std::optional<std::size_t> latest_before(std::size_t end, std::int64_t least) const {
    return search(1, 0, leaves_, end, least);
  }
  void take(std::size_t i, std::int64_t amount) {
    i += leaves_;
    greatest_[i] -= amount;
    for (i /= 2; i > 0; i /= 2) greatest_[i] = std::max(greatest_[2 * i], greatest_[2 * i + 1]);
  }

 private:
  std::optional<std::size_t> search(std::size_t node, std::size_t begin, std::size_t size, std::size_t end,
                                    std::int64_t least) const {
    if (begin >= end || greatest_[node] < least) return std::nullopt;
    if (size == 1) return begin;
    if (const auto right = search(2 * node + 1, begin + size / 2, size / 2, end, least)) return right;
    return search(2 * node, begin, size / 2, end, least);
  }
  std::size_t leaves_ = 1;
  std::vector<std::int64_t> greatest_;
};

}  // namespace

struct HistoriesBuilder::Impl {
  explicit Impl(BuildSettings s) : settings(std::move(s)) {
    statuses.emplace_back(Standing::kCounts);  // no status word: every order counts
    for (const auto& [item, cost] : settings.item_costs) {
      if (item.size() > kTextBytesMax) continue;  // no line can name it
      costed_items.find_or_insert(item, hash_text(item), static_cast<std::uint32_t>(unit_costs.size()));
      unit_costs.push_back(cost);
    }
  }

  // ---- Adding.

  struct Pending {
    std::uint32_t row = 0;
    std::uint64_t order_hash = 0, alias_hash = 0, customer_hash = 0;
    std::uint32_t order_begin = 0, order_end = 0, alias_end = 0, customer_end = 0, label_end = 0;  // of pending_texts
    ledger::IdentitySpace space = ledger::IdentitySpace::kNone;
  };

  Result<void> add(const OrderAssertion& a, Instant received) {
    if (staged.rows >= kRowsMax) return fail(Errc::kOutOfRange, "more than 4,294,967,294 statements about orders");
    if (a.order_id.size() > kTextBytesMax || a.alias.size() > kTextBytesMax ||
        a.customer.value.size() > kTextBytesMax) {
      return fail(Errc::kOutOfRange, kTooLong);
    }
    if ((a.placed && !in_range(a.placed->at)) || !in_range(a.refunded_at) || !in_range(a.cancelled_at)) {
      return fail(Errc::kOutOfRange, kBadMoment);
    }
    const std::uint32_t row = staged.rows;
    TRY_ASSIGN(const Code status, status_words.code(a.status));
    while (statuses.size() < status_words.size()) {
      const std::string_view word = status_words[static_cast<Code>(statuses.size())];
      const auto own = settings.statuses.find(word);
      statuses.push_back(own != settings.statuses.end() ? own->second : ledger::standing_of(word));
    }
    if (status > 0xffff) return fail(Errc::kOutOfRange, "more than 65,535 different status words");
    TRY_ASSIGN(const std::uint8_t currency, number_of(a.currency));
    TRY_ASSIGN(const Code coupon, coupons.code(a.coupon));
    TRY_ASSIGN(const Code source, sources.code(a.source));
    TRY_ASSIGN(const Code country, countries.code(a.country));

    std::uint8_t flags = 0;
    if (a.placed) staged.placed.set(row, a.placed->at.ms);
    if (a.placed && a.placed->date_only) flags |= kDateOnly;
    if (a.test) flags |= kTest;
    if (!a.lines.empty()) {
      flags |= kLines;
      TRY(add_lines(row, a.lines));
    }
    if (!a.refunds.empty()) {
      flags |= kRefunds;
      TRY(add_refund_parts(row, a.refunds));
    }
    staged.status.set(row, static_cast<std::uint16_t>(status));
    staged.currency.set(row, currency);
    const auto set = [row](auto& column, std::optional<std::int64_t> value) {
      if (value) column.set(row, *value);
    };
    const auto set_instant = [row](auto& column, std::optional<Instant> value) {
      if (value) column.set(row, value->ms);
    };
    set(staged.gross, a.gross_minor);
    if (a.total_minor && a.total_minor == a.gross_minor) {
      flags |= kTotalIsGross;
    } else {
      set(staged.total, a.total_minor);
    }
    staged.flags.set(row, flags);
    set(staged.tax, a.tax_minor);
    set(staged.shipping, a.shipping_minor);
    set(staged.discount, a.discount_minor);
    set(staged.refund, a.refund_minor);
    set(staged.units, a.units_milli);
    set_instant(staged.updated_at, a.updated_at);
    set_instant(staged.refunded_at, a.refunded_at);
    set_instant(staged.cancelled_at, a.cancelled_at);
    staged.coupon.set(row, coupon);
    staged.source.set(row, source);
    staged.country.set(row, country);
    if (staged.received_ms.empty() || staged.received_ms.back().second != received.ms) {
      staged.received_ms.emplace_back(row, received.ms);
    }

    Pending& p = pending[pending_count++];
    p.row = row;
    p.space = a.customer.space;
    p.order_hash = hash_text(a.order_id);
    p.customer_hash = hash_text(a.customer.value, static_cast<std::uint64_t>(p.space));
    orders.prefetch_slot(p.order_hash);
    customers.prefetch_slot(p.customer_hash);
    const auto keep = [this](std::string_view text) {
      pending_texts.append(text);
      return static_cast<std::uint32_t>(pending_texts.size());
    };
    p.order_begin = static_cast<std::uint32_t>(pending_texts.size());
    p.order_end = keep(a.order_id);
    p.alias_end = a.alias == a.order_id ? p.order_end : keep(a.alias);  // the same name twice says nothing
    if (p.alias_end > p.order_end) {
      p.alias_hash = hash_text(a.alias);
      aliases.prefetch_slot(p.alias_hash);
    }
    p.customer_end = keep(a.customer.value);
    p.label_end = keep(label_of(a));
    ++staged.rows;
    return pending_count == kPendingMax ? flush() : Result<void>{};
  }

  // E-mail, else name, for people to read; nothing when it is the key itself.
  static std::string_view label_of(const OrderAssertion& a) {
    const std::string_view label = a.email.empty() ? a.name : a.email;
    return label == a.customer.value || label.size() > kLabelBytesMax ? std::string_view{} : label;
  }

  // Finds each pending row's customer and order. The slots were prefetched by add(), the records are here, so that the
  // misses of all rows overlap.
  Result<void> flush() {
    for (std::size_t i = 0; i < pending_count; ++i) customers.prefetch_record(pending[i].customer_hash);
    const std::string_view texts = pending_texts;
    for (std::size_t i = 0; i < pending_count; ++i) {
      const Pending& p = pending[i];
      const auto text = [&texts](std::uint32_t begin, std::uint32_t end) { return texts.substr(begin, end - begin); };
      if (p.space != ledger::IdentitySpace::kNone) {
        TRY_ASSIGN(const std::uint32_t c, customer(p.space, text(p.alias_end, p.customer_end), p.customer_hash));
        staged.customer.set(p.row, c);
        if (p.label_end > p.customer_end && labels[c] == kNoRow) {
          TRY(set_label(c, text(p.customer_end, p.label_end)));
        }
      }
      const auto found = orders.find_or_insert(text(p.order_begin, p.order_end), p.order_hash, p.row);
      if (!found) return fail(Errc::kOutOfRange, kTooMuchText);
      if (settings.keep_order_ids) order_references.push_back(found->reference);
      if (!found->inserted) chain(found->number, p.row);
      if (p.alias_end > p.order_end) {
        const std::uint32_t head = found->number;
        staged.flags.set(head, static_cast<std::uint8_t>(staged.flags[head] | kAliased));
        const auto other = aliases.find_or_insert(text(p.order_end, p.alias_end), p.alias_hash, head);
        if (!other) return fail(Errc::kOutOfRange, kTooMuchText);
        if (other->number != head) same_order.emplace_back(other->number, head);
      }
    }
    pending_count = 0;
    pending_texts.clear();
    return {};
  }

  void chain(std::uint32_t head, std::uint32_t row) {
    staged.next.set(row, staged.next[head]);
    staged.next.set(head, row);
    staged.flags.set(head, static_cast<std::uint8_t>(staged.flags[head] | kFollowed));
    // A row that follows is no order of its own.
    followers.push_back(row);
  }

  // Two statements are about one order when they share its id, or its alias; or when the id of an order that no source
  // gives an alias is another's alias. (Where both names are known they are not mixed: a shop may give one order the
  // number that is the id of another.) Called once all statements are here, so that their order of arrival is nothing.
  void join_aliases() {
    aliases.for_each([this](std::string_view alias, std::uint32_t head) {
      const auto other = orders.find(alias, hash_text(alias));
      if (other && !(staged.flags[*other] & kAliased)) same_order.emplace_back(head, *other);
    });
    if (same_order.empty()) return;
    // The first row of each group becomes its head; chains are hung behind it one after the other.
    std::unordered_map<std::uint32_t, std::uint32_t> parent;
    const auto root = [&parent](std::uint32_t row) {
      while (true) {
        const auto up = parent.find(row);
        if (up == parent.end()) return row;
        row = up->second;
      }
    };
    for (const auto& [a, b] : same_order) {
      const std::uint32_t x = root(a), y = root(b);
      if (x != y) parent[std::max(x, y)] = std::min(x, y);
    }
    for (const auto& [child, up] : parent) {
      const std::uint32_t head = root(child);
      std::uint32_t last = child;
      while (staged.next[last] != kNoRow) last = staged.next[last];
      staged.next.set(last, staged.next[head]);
      staged.next.set(head, child);
      staged.flags.set(head, static_cast<std::uint8_t>(staged.flags[head] | kFollowed));
      followers.push_back(child);
    }
    std::sort(followers.begin(), followers.end());
  }

  Result<std::uint32_t> customer(ledger::IdentitySpace space, std::string_view value, std::uint64_t hash) {
    // Two spaces may hold one value: the space's digit keeps them apart in the map.
    key.assign(1, static_cast<char>('0' + static_cast<int>(space)));
    key.append(value);
    const auto found = customers.find_or_insert(key, hash, static_cast<std::uint32_t>(customer_references.size()));
    if (!found) return fail(Errc::kOutOfRange, kTooMuchText);
    if (found->inserted) {
      if (customer_references.size() >= kRowsMax) return fail(Errc::kOutOfRange, "more than 4,294,967,294 customers");
      customer_references.push_back(found->reference);
      labels.push_back(kNoRow);
    }
    return found->number;
  }

  Result<std::uint32_t> customer(ledger::IdentityRef identity) {
    if (identity.space == ledger::IdentitySpace::kNone) {
      return fail(Errc::kInvalidArgument, "nobody was named where a customer is needed");
    }
    if (identity.value.size() > kTextBytesMax) return fail(Errc::kOutOfRange, kTooLong);
    TRY(flush());  // whoever was met before comes first
    return customer(identity.space, identity.value,
                    hash_text(identity.value, static_cast<std::uint64_t>(identity.space)));
  }

  // Remembers what a call without a Result could not say; finish() says it.
  void broken(const Error& e) {
    if (!first_error) first_error = e;
  }

  Result<void> set_label(std::uint32_t customer, std::string_view label) {
    const auto reference = customers.store(label.substr(0, kLabelBytesMax), customer);
    if (!reference) return fail(Errc::kOutOfRange, kTooMuchText);
    labels[customer] = *reference;
    return {};
  }

  Result<std::uint8_t> number_of(Currency currency) {
    for (std::size_t i = 0; i < currencies.size(); ++i) {
      if (currencies[i] == currency) return static_cast<std::uint8_t>(i);
    }
    if (currencies.size() > 255) return fail(Errc::kOutOfRange, "more than 255 currencies");
    currencies.push_back(currency);
    return static_cast<std::uint8_t>(currencies.size() - 1);
  }

  Result<void> add_lines(std::uint32_t row, std::span<const ledger::OrderLine> lines) {
    const ledger::OrderLine* greatest = nullptr;
    __int128 all = 0, costed = 0, cost = 0;
    bool any_costed = false;
    for (const ledger::OrderLine& line : lines) {
      all += line.amount_minor;
      if (!line.item.empty() && (greatest == nullptr || line.amount_minor > greatest->amount_minor ||
                                 (line.amount_minor == greatest->amount_minor && line.item < greatest->item))) {
        greatest = &line;
      }
      if (unit_costs.empty() || line.item.size() > kTextBytesMax) continue;
      if (const auto costed_item = costed_items.find(line.item, hash_text(line.item))) {
        TRY_ASSIGN(const std::int64_t line_cost, money::mul_div(unit_costs[*costed_item], line.quantity_milli, 1000));
        cost += line_cost;
        costed += line.amount_minor;
        any_costed = true;
      }
    }
    if (greatest != nullptr) {
      TRY_ASSIGN(const Code item, items.code(greatest->item));
      staged.item.set(row, item);
    }
    if (any_costed) {
      if (!fits(all) || !fits(costed) || !fits(cost)) {
        return fail(Errc::kOutOfRange, "the lines of an order sum beyond 64 bits");
      }
      staged.item_cost.set(row, static_cast<std::int64_t>(cost));
      staged.costed.set(row, static_cast<std::int64_t>(costed));
      staged.lines_total.set(row, static_cast<std::int64_t>(all));
    }
    return {};
  }

  Result<void> add_refund_parts(std::uint32_t row, std::span<const ledger::RefundPart> parts) {
    for (const ledger::RefundPart& part : parts) {
      if (!in_range(part.at)) return fail(Errc::kOutOfRange, kBadMoment);
      StagedRefund r;
      r.row = row;
      r.at_ms = part.at ? part.at->ms : kUnstated;
      r.minor = part.minor;
      if (!part.id.empty()) {
        if (part.id.size() > kTextBytesMax) return fail(Errc::kOutOfRange, kTooLong);
        const auto found = refund_ids.find_or_insert(part.id, hash_text(part.id), 0);
        if (!found) return fail(Errc::kOutOfRange, kTooMuchText);
        r.id = found->reference;
      }
      staged.refunds.push_back(r);
    }
    return {};
  }

  // ---- Settling (ledger::settle): only orders with several statements or named refunds need it.

  // The assertion of a staged row again, as far as settling looks at it. Its lines are known by one line alone, whose
  // quantity is the row: what was made of them at add() lies in that row's columns.
  ledger::StatedOrder stated(std::uint32_t row, ledger::OrderLine& line, std::vector<ledger::RefundPart>& parts) const {
    const auto amount = [](std::int64_t minor) {
      return minor == kUnstated ? std::nullopt : std::optional<std::int64_t>(minor);
    };
    const auto instant = [](std::int64_t ms) {
      return ms == kUnstated ? std::nullopt : std::optional<Instant>(Instant{ms});
    };
    ledger::StatedOrder s;
    OrderAssertion& o = s.order;
    if (const std::uint32_t c = staged.customer[row]; c != kNoRow) {
      o.customer = {static_cast<ledger::IdentitySpace>(customers.text(customer_references[c])[0] - '0'),
                    customers.text(customer_references[c])};
    }
    if (staged.placed[row] != kUnstated) {
      o.placed = Moment{Instant{staged.placed[row]}, (staged.flags[row] & kDateOnly) != 0};
    }
    o.updated_at = instant(staged.updated_at[row]);
    o.status = status_words[staged.status[row]];
    o.currency = currencies[staged.currency[row]];
    o.gross_minor = amount(staged.gross[row]);
    o.total_minor = amount(staged.flags[row] & kTotalIsGross ? staged.gross[row] : staged.total[row]);
    o.tax_minor = amount(staged.tax[row]);
    o.shipping_minor = amount(staged.shipping[row]);
    o.discount_minor = amount(staged.discount[row]);
    o.refund_minor = amount(staged.refund[row]);
    o.refunded_at = instant(staged.refunded_at[row]);
    o.cancelled_at = instant(staged.cancelled_at[row]);
    o.units_milli = amount(staged.units[row]);
    o.coupon = coupons[staged.coupon[row]];
    o.source = sources[staged.source[row]];
    o.country = countries[staged.country[row]];
    if (staged.flags[row] & kLines) {
      line.quantity_milli = row;
      o.lines = {&line, 1};
    }
    const auto begin = std::lower_bound(staged.refunds.begin(), staged.refunds.end(), row,
                                        [](const StagedRefund& r, std::uint32_t x) { return r.row < x; });
    for (auto part = begin; part != staged.refunds.end() && part->row == row; ++part) {
      const std::string_view id = part->id == kNoRow ? std::string_view{} : refund_ids.text(part->id);
      parts.push_back({id, instant(part->at_ms), part->minor});
    }
    o.refunds = parts;
    o.test = staged.flags[row] & kTest;
    const auto after = std::upper_bound(staged.received_ms.begin(), staged.received_ms.end(), row,
                                        [](std::uint32_t r, const auto& run) { return r < run.first; });
    s.received = Instant{std::prev(after)->second};
    s.seq = row;
    return s;
  }

  // Writes the settled state of the chain that begins at `head` into the head's row, and its refunds beside it.
  void settle(std::uint32_t head) {
    std::deque<ledger::OrderLine> lines;
    std::deque<std::vector<ledger::RefundPart>> parts;
    std::vector<ledger::StatedOrder> all;
    std::vector<std::uint32_t> rows;
    for (std::uint32_t row = head; row != kNoRow; row = staged.next[row]) {
      all.push_back(stated(row, lines.emplace_back(), parts.emplace_back()));
      rows.push_back(row);
    }
    const ledger::OrderState state = ledger::settle(all);
    refund_steps.emplace(head, state.refund_steps);
    if (rows.size() == 1) return;

    const OrderAssertion& o = state.order;
    const auto amount = [](std::optional<std::int64_t> minor) { return minor.value_or(kUnstated); };
    const auto instant = [](std::optional<Instant> t) { return t ? t->ms : kUnstated; };
    const auto code = [](const Dictionary& words, std::string_view text) { return words.find(text); };
    if (o.customer.space != ledger::IdentitySpace::kNone) {
      // Texts lie in the map's arena once: the same customer is the same place.
      for (std::size_t i = 0; i < rows.size(); ++i) {
        if (all[i].order.customer.value.data() != o.customer.value.data()) continue;
        staged.customer.set(head, staged.customer[rows[i]]);
        break;
      }
    }
    std::uint8_t flags = kFollowed | kRefunds;
    if (o.placed && o.placed->date_only) flags |= kDateOnly;
    if (o.test) flags |= kTest;
    staged.flags.set(head, flags);
    staged.placed.set(head, o.placed ? o.placed->at.ms : kUnstated);
    staged.status.set(head, static_cast<std::uint16_t>(code(status_words, o.status)));
    staged.currency.set(head, number_of(o.currency).value_or(0));
    staged.gross.set(head, amount(o.gross_minor));
    staged.total.set(head, amount(o.total_minor));
    staged.tax.set(head, amount(o.tax_minor));
    staged.shipping.set(head, amount(o.shipping_minor));
    staged.discount.set(head, amount(o.discount_minor));
    staged.refund.set(head, amount(o.refund_minor));
    staged.refunded_at.set(head, instant(o.refunded_at));
    staged.cancelled_at.set(head, instant(o.cancelled_at));
    staged.units.set(head, amount(o.units_milli));
    staged.coupon.set(head, code(coupons, o.coupon));
    staged.source.set(head, code(sources, o.source));
    staged.country.set(head, code(countries, o.country));
    const auto from = o.lines.empty() ? head : static_cast<std::uint32_t>(o.lines.front().quantity_milli);
    const bool any = !o.lines.empty();
    staged.item.set(head, any ? staged.item[from] : 0);
    staged.item_cost.set(head, any ? staged.item_cost[from] : kUnstated);
    staged.costed.set(head, any ? staged.costed[from] : kUnstated);
    staged.lines_total.set(head, any ? staged.lines_total[from] : kUnstated);
  }

  // How much of the order's total is refunded since when, by refunds that name it.
  std::vector<ledger::RefundStep> refunds_of(std::uint32_t row) const {
    if (staged.flags[row] & (kFollowed | kRefunds)) {
      const auto settled = refund_steps.find(row);
      return settled != refund_steps.end() ? settled->second : std::vector<ledger::RefundStep>{};
    }
    const std::int64_t refund = or_zero(staged.refund[row]), at = staged.refunded_at[row];
    if (refund <= 0) return {};
    return {{at == kUnstated ? std::nullopt : std::optional<Instant>(Instant{at}), refund}};
  }

  // ---- What an order is worth, in its own currency.

  // Stated, else made from what is: gross = total - tax - shipping, total = gross + tax + shipping where those are
  // known and the source stated no total.
  std::int64_t gross_of(std::uint32_t row) const {
    if (staged.gross[row] != kUnstated) return staged.gross[row];
    const __int128 gross =
        static_cast<__int128>(staged.total[row]) - or_zero(staged.tax[row]) - or_zero(staged.shipping[row]);
    return fits(gross) ? static_cast<std::int64_t>(gross) : staged.total[row];
  }
  std::int64_t total_of(std::uint32_t row) const {
    if (staged.total[row] != kUnstated) return staged.total[row];
    if (staged.flags[row] & kTotalIsGross) return staged.gross[row];
    const __int128 total =
        static_cast<__int128>(staged.gross[row]) + or_zero(staged.tax[row]) + or_zero(staged.shipping[row]);
    return fits(total) ? static_cast<std::int64_t>(total) : staged.gross[row];
  }
  static std::int64_t or_zero(std::int64_t minor) { return minor == kUnstated ? 0 : minor; }

  // The steps of an order by its refunds, `unnamed` ones on top, and its cancellation; refunds still in its own
  // currency. Empty where nothing was taken back. An unknown instant is the least: from the start.
  std::vector<OrderStep> steps_of(std::uint32_t row, const std::vector<Taken>& unnamed) const {
    const std::int64_t gross = gross_of(row), total = total_of(row);
    const std::vector<ledger::RefundStep> named = refunds_of(row);
    const auto ms = [](std::optional<Instant> t) { return t ? t->ms : kUnknownInstant; };
    const std::int64_t cancelled_at = staged.cancelled_at[row];
    const bool all_refunded = statuses[staged.status[row]] == Standing::kRefunded;
    std::int64_t all_refunded_at = staged.refunded_at[row];
    if (all_refunded_at == kUnstated && !named.empty()) all_refunded_at = ms(named.back().at);

    std::vector<std::int64_t> instants;
    for (const ledger::RefundStep& step : named) instants.push_back(ms(step.at));
    for (const Taken& part : unnamed) instants.push_back(part.at_ms);
    if (all_refunded) instants.push_back(all_refunded_at);
    if (cancelled_at != kUnstated) instants.push_back(cancelled_at);
    std::sort(instants.begin(), instants.end());
    instants.erase(std::unique(instants.begin(), instants.end()), instants.end());

    std::vector<OrderStep> steps;
    for (const std::int64_t at : instants) {
      __int128 refunded = 0;
      for (const ledger::RefundStep& step : named) {
        if (ms(step.at) <= at) refunded = step.refunded_minor;
      }
      for (const Taken& part : unnamed) refunded += part.at_ms <= at ? part.minor : 0;
      const bool in_full = (total > 0 && refunded >= total) || (all_refunded && all_refunded_at <= at);
      OrderStep step;
      step.at_ms = at;
      step.counts = !in_full && !(cancelled_at != kUnstated && cancelled_at <= at);
      if (in_full || (total <= 0 && refunded > 0)) {
        step.refunded_minor = gross;
      } else if (refunded > 0) {
        // Net x refund / total, half away from zero; no more than the whole.
        const auto net = money::mul_div(gross, static_cast<std::int64_t>(refunded), total);
        step.refunded_minor = std::min(net.value_or(gross), gross);
      }
      steps.push_back(step);
    }
    return steps;
  }

  // Why an order is no row; empty: it is one. Requires a settled row.
  std::string_view left_out_reason(std::uint32_t row) const {
    if (staged.flags[row] & kTest) return "test";
    switch (statuses[staged.status[row]]) {
      case Standing::kCounts:
        break;
      case Standing::kTest:
        return "test";
      case Standing::kAwaited:
        return "awaited";
      case Standing::kUnknown:
        return "unknown_status";
      case Standing::kNot:
        // A cancellation with an instant undoes an order that counted until then; what was never paid never counted.
        if (!never_paid(status_words[staged.status[row]]) && staged.cancelled_at[row] != kUnstated) break;
        return status_words[staged.status[row]].starts_with("cancel") ? "cancelled" : "void";
      case Standing::kRefunded:
        break;
    }
    if (may_have_steps(row)) {
      const std::vector<OrderStep> steps = steps_of(row, {});
      if (!steps.empty() && steps.front().at_ms == kUnknownInstant && !steps.front().counts) return "refunded";
    }
    return staged.customer[row] == kNoRow ? "anonymous" : "";
  }
  static bool never_paid(std::string_view word) { return word == "voided" || word == "expired" || word == "failed"; }
  bool standing_allows_refunds(std::uint32_t row) const {
    const Standing standing = statuses[staged.status[row]];
    return !(staged.flags[row] & kTest) && (standing == Standing::kCounts || standing == Standing::kRefunded);
  }
  bool may_have_steps(std::uint32_t row) const {
    return (staged.flags[row] & kRefunds) || or_zero(staged.refund[row]) > 0 || staged.cancelled_at[row] != kUnstated ||
           statuses[staged.status[row]] == Standing::kRefunded;
  }

  // ---- Finishing.

  // In the reporting currency by the rate of the order's day. An order that states no currency is in the shop's.
  std::optional<std::int64_t> convert(std::int64_t minor, std::uint8_t currency, Day on) const {
    if (!foreign(currency)) return minor;
    if (settings.rates == nullptr) return std::nullopt;
    return settings.rates->convert({minor, currencies[currency]}, reporting, on);
  }
  bool foreign(std::uint8_t currency) const {
    return currencies[currency].known() && reporting.known() && currencies[currency] != reporting;
  }

  Result<Histories> finish() {
    if (first_error) return std::unexpected(*first_error);
    TRY(flush());
    join_aliases();
    aliases = TextMap{};
    if (!settings.keep_order_ids) orders = TextMap{};
    for_each_order([this](std::uint32_t row) {
      if (staged.flags[row] & (kFollowed | kRefunds)) settle(row);
    });
    staged.next.free();
    staged.updated_at.free();
    choose_currency();

    Histories h;
    h.zone = settings.zone;
    h.currency = reporting;
    h.margin_rate_millionth = settings.margin_rate_millionth;
    TRY(choose_rows(h));
    cluster(h);
    fill_steps(h);
    std::vector<Day>().swap(day);
    fill_orders(h);
    fill_customers(h);
    fill_beside(h);
    return h;
  }

  // Without a currency of its own the shop reports in the one that most orders have; of equals, the first by code.
  void choose_currency() {
    reporting = settings.currency;
    if (reporting.known()) return;
    std::vector<std::uint64_t> count(currencies.size(), 0);
    for_each_order([&](std::uint32_t row) { ++count[staged.currency[row]]; });
    std::uint64_t most = 0;
    for (std::size_t i = 0; i < currencies.size(); ++i) {
      if (!currencies[i].known() || count[i] == 0) continue;
      if (count[i] > most || (count[i] == most && currencies[i].code() < reporting.code())) {
        most = count[i];
        reporting = currencies[i];
      }
    }
  }

  template <class Visit>
  void for_each_order(Visit visit) const {
    auto follower = followers.begin();
    for (std::uint32_t row = 0; row < staged.rows; ++row) {
      if (follower != followers.end() && *follower == row) {
        ++follower;
        continue;
      }
      visit(row);
    }
  }

  // Decides which orders are rows (`chosen`, in order of arrival) and on which day they fall, and sums up the others.
  Result<void> choose_rows(Histories& h) {
    std::map<std::pair<std::string, std::string>, LeftOutSum> left_out;
    std::map<std::string, std::pair<Currency, LeftOutSum>> unconverted;
    day.assign(staged.rows, Day{});
    chosen.reserve(staged.rows - followers.size());
    __int128 sum = 0;  // of all amounts, so that no sum of some can leave 64 bits
    const auto magnitude = [](__int128 x) { return x < 0 ? -x : x; };
    for_each_order([&](std::uint32_t row) {
      const std::int64_t placed = staged.placed[row];
      const bool has_amount = staged.gross[row] != kUnstated || staged.total[row] != kUnstated;
      if (placed == kUnstated || !has_amount) {
        ++left_out[{"incomplete", ""}].orders;
        return release_refunds(row);  // of an order that is not here
      }
      if ((gross_of(row) < 0 || total_of(row) < 0) && standing_allows_refunds(row)) return release_refunds(row);
      day[row] = settings.zone.day_of(Moment{Instant{placed}, (staged.flags[row] & kDateOnly) != 0});
      const std::uint8_t currency = staged.currency[row];
      const std::string_view reason = left_out_reason(row);
      const std::int64_t gross = gross_of(row);
      sum += magnitude(gross) + magnitude(total_of(row)) + magnitude(or_zero(staged.tax[row])) +
             magnitude(or_zero(staged.shipping[row])) + magnitude(or_zero(staged.discount[row])) +
             magnitude(or_zero(staged.item_cost[row])) + magnitude(or_zero(staged.units[row]));
      const std::optional<std::int64_t> converted = convert(gross, currency, day[row]);
      sum += converted ? magnitude(*converted) : 0;
      if (!reason.empty()) {
        LeftOutSum& line = left_out[{std::string(reason), std::string(status_words[staged.status[row]])}];
        ++line.orders;
        line.gross += converted.value_or(0);
        return;
      }
      if (!converted) {
        any_unconverted = true;
        auto& [which, line] = unconverted[currencies[currency].code()];
        which = currencies[currency];
        ++line.orders;
        line.gross += gross;
      }
      any_foreign = any_foreign || foreign(currency);
      if (may_have_steps(row)) stepped.push_back(row);
      chosen.push_back(row);
    });
    if (!fits(sum)) return fail(Errc::kOutOfRange, "the amounts or the units of all orders sum beyond 64 bits");
    for (const auto& [why, line] : left_out) {
      h.left_out.push_back({why.first, why.second, line.orders, static_cast<std::int64_t>(line.gross)});
    }
    for (const auto& [code, line] : unconverted) {
      h.unconverted.push_back({line.first, line.second.orders, static_cast<std::int64_t>(line.second.gross)});
    }
    return {};
  }

  // The refunds of an order that is not here, and the amount of a negative one, look for another order of the customer.
  void release_refunds(std::uint32_t row) {
    const std::int64_t placed = staged.placed[row];
    const bool date_only = staged.flags[row] & kDateOnly;
    const auto release = [&](std::int64_t at_ms, std::int64_t minor) {
      if (minor <= 0) return;
      LooseRefund refund;
      refund.customer = staged.customer[row];
      refund.at = {Instant{at_ms}, date_only && at_ms == placed};
      refund.minor = minor;
      refund.currency = currencies[staged.currency[row]];
      refund.arrival = row;
      loose.push_back(refund);
    };
    std::int64_t before = 0;
    for (const ledger::RefundStep& step : refunds_of(row)) {
      release(step.at ? step.at->ms : placed, step.refunded_minor - before);
      before = step.refunded_minor;
    }
    const bool has_amount = staged.gross[row] != kUnstated || staged.total[row] != kUnstated;
    if (has_amount && placed != kUnstated) {
      const std::int64_t amount = std::min(total_of(row), gross_of(row));
      if (amount < 0) release(placed, -amount);
    }
  }

  // Counting sort by customer, then each customer's orders by (day, instant, arrival) where they are not already.
  void cluster(Histories& h) {
    const std::size_t n = chosen.size();
    h.order_begin.assign(customer_references.size() + 1, 0);
    for (const std::uint32_t row : chosen) ++h.order_begin[staged.customer[row] + 1];
    std::partial_sum(h.order_begin.begin(), h.order_begin.end(), h.order_begin.begin());
    order.resize(n);
    {
      std::vector<std::uint32_t> cursor(h.order_begin.begin(), h.order_begin.end() - 1);
      for (const std::uint32_t row : chosen) order[cursor[staged.customer[row]]++] = row;
    }
    std::vector<std::uint32_t>().swap(chosen);

    h.order_day.resize(n);
    h.order_at.resize(n);
    const auto gather_days = [&](std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; ++i) h.order_day[i] = day[order[i]];
    };
    const auto gather_instants = [&](std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; ++i) h.order_at[i] = Instant{staged.placed[order[i]]};
    };
    run_together({[&] { gather_days(0, n); }, [&] { gather_instants(0, n); }});
    for (std::size_t c = 0; c < customer_references.size(); ++c) {
      const std::size_t begin = h.order_begin[c], end = h.order_begin[c + 1];
      bool ascending = true;
      for (std::size_t i = begin + 1; i < end && ascending; ++i) {
        ascending = std::pair(h.order_day[i - 1], h.order_at[i - 1]) <= std::pair(h.order_day[i], h.order_at[i]);
      }
      if (ascending) continue;
      std::sort(order.begin() + static_cast<std::ptrdiff_t>(begin), order.begin() + static_cast<std::ptrdiff_t>(end),
                [this](std::uint32_t a, std::uint32_t b) { return comes_before(a, b); });
      gather_days(begin, end);
      gather_instants(begin, end);
    }
  }

  // The orders whose money was taken back, before the columns that this is made from are gone.
  void fill_steps(Histories& h) {
    const std::map<std::uint32_t, std::vector<Taken>> matched = match_loose_refunds(h);
    for (const auto& [row, taken] : matched) stepped.push_back(row);
    std::sort(stepped.begin(), stepped.end());
    stepped.erase(std::unique(stepped.begin(), stepped.end()), stepped.end());
    for (const std::uint32_t row : stepped) {
      const auto i = static_cast<std::size_t>(place_of(h, row) - order.begin());
      assert(order[i] == row);
      const auto extra = matched.find(row);
      for (OrderStep step : steps_of(row, extra != matched.end() ? extra->second : std::vector<Taken>{})) {
        step.order = static_cast<std::uint32_t>(i);
        step.refunded_minor = convert(step.refunded_minor, staged.currency[row], h.order_day[i]).value_or(0);
        h.steps.push_back(step);
      }
    }
    std::sort(h.steps.begin(), h.steps.end(), [](const OrderStep& a, const OrderStep& b) {
      return std::pair(a.order, a.at_ms) < std::pair(b.order, b.at_ms);
    });
  }

  // Where a staged row lies among its customer's orders, which ascend by (day, instant, arrival).
  std::vector<std::uint32_t>::const_iterator place_of(const Histories& h, std::uint32_t row) const {
    const std::uint32_t c = staged.customer[row];
    return std::lower_bound(order.begin() + h.order_begin[c], order.begin() + h.order_begin[c + 1], row,
                            [this](std::uint32_t a, std::uint32_t b) { return comes_before(a, b); });
  }
  bool comes_before(std::uint32_t a, std::uint32_t b) const {
    return std::tuple(day[a], staged.placed[a], a) < std::tuple(day[b], staged.placed[b], b);
  }

  // The columns, each gathered from its staged one, which is given back at once.
  void fill_orders(Histories& h) {
    const std::size_t n = order.size();
    // In the reporting currency.
    const auto money = [&](std::size_t i, std::int64_t minor) {
      if (!any_foreign) return minor;
      const std::uint8_t currency = staged.currency[order[i]];
      return foreign(currency) ? convert(minor, currency, h.order_day[i]).value_or(0) : minor;
    };
    const auto gather = [&]<class From, class T>(From& from, std::vector<T>& to, auto value) {
      if (from.empty()) return;
      to.resize(n);
      for (std::size_t i = 0; i < n; ++i) to[i] = value(i, from[order[i]]);
      from.free();
    };
    const auto gather_money = [&](MoneyColumn& from, std::vector<std::int64_t>& to) {
      gather(from, to, [&](std::size_t i, std::int64_t minor) { return money(i, or_zero(minor)); });
    };
    const auto gather_codes = [&](CodeColumn& from, std::vector<Code>& to) {
      gather(from, to, [](std::size_t, Code code) { return code; });
    };
    // What others are made from first: the gross, which some find by total, tax and shipping.
    run_together(
        {[&] {
           h.gross_minor.resize(n);
           for (std::size_t i = 0; i < n; ++i) h.gross_minor[i] = money(i, gross_of(order[i]));
           if (any_unconverted) h.converted.resize(n);
           for (std::size_t i = 0; i < h.converted.size(); ++i) {
             const std::uint32_t row = order[i];
             h.converted[i] = convert(gross_of(row), staged.currency[row], h.order_day[i]).has_value();
           }
         },
         [&] {
           bool any_date_only = false;
           for (std::size_t i = 0; i < n && !any_date_only; ++i) {
             any_date_only = staged.flags[order[i]] & kDateOnly;
           }
           if (!any_date_only) return;
           h.date_only.resize(n);
           for (std::size_t i = 0; i < n; ++i) h.date_only[i] = (staged.flags[order[i]] & kDateOnly) != 0;
         },
         [&] { gather_codes(staged.item, h.item); }, [&] { gather_codes(staged.coupon, h.coupon); },
         [&] { gather_codes(staged.source, h.source); }, [&] { gather_codes(staged.country, h.country); },
         [&] { gather(staged.units, h.units_milli, [](std::size_t, std::int64_t u) { return or_zero(u); }); }});
    staged.gross.free();
    staged.total.free();
    run_together({[&] { gather_money(staged.tax, h.tax_minor); },
                  [&] { gather_money(staged.shipping, h.shipping_minor); },
                  [&] { gather_money(staged.discount, h.discount_minor); }, [&] { fill_item_costs(h); },
                  [&] {
                    if (!settings.keep_order_ids) return;
                    h.order_id.resize(n);
                    for (std::size_t i = 0; i < n; ++i) h.order_id[i] = orders.text(order_references[order[i]]);
                  }});
  }

  // Where a discount lies on the whole order, the lines sum to more than its gross: each line bears its share.
  void fill_item_costs(Histories& h) const {
    if (staged.item_cost.empty()) return;
    h.item_cost_minor.resize(order.size());
    h.costed_gross_minor.resize(order.size());
    for (std::size_t i = 0; i < order.size(); ++i) {
      const std::uint32_t row = order[i];
      const bool converted = h.converted.empty() || h.converted[i];
      if (staged.item_cost[row] == kUnstated || !converted) continue;
      const std::int64_t all = staged.lines_total[row], costed = staged.costed[row], gross = h.gross_minor[i];
      h.item_cost_minor[i] = staged.item_cost[row];
      if (all == costed) {
        h.costed_gross_minor[i] = gross;
      } else if (all > 0) {
        h.costed_gross_minor[i] = money::mul_div(gross, costed, all).value_or(0);
      }
    }
  }

  // Each refund that names no order goes to the customer's latest earlier order with enough left, in order of time.
  std::map<std::uint32_t, std::vector<Taken>> match_loose_refunds(Histories& h) {
    std::map<std::uint32_t, std::vector<Taken>> matched;  // by staged row
    // An amount without a currency is in the shop's.
    for (LooseRefund& refund : loose) {
      if (!refund.currency.known()) refund.currency = reporting;
    }
    std::sort(loose.begin(), loose.end(), [](const LooseRefund& a, const LooseRefund& b) {
      return std::tuple(a.customer, a.currency, a.at.at.ms, a.arrival, a.minor) <
             std::tuple(b.customer, b.currency, b.at.at.ms, b.arrival, b.minor);
    });
    __int128 unmatched = 0;
    for (std::size_t first = 0; first < loose.size();) {
      std::size_t last = first;
      while (last < loose.size() && loose[last].customer == loose[first].customer &&
             loose[last].currency == loose[first].currency) {
        ++last;
      }
      const std::uint32_t c = loose[first].customer;
      const std::size_t begin = c == kNoRow ? 0 : h.order_begin[c];
      const std::size_t end = c == kNoRow ? 0 : h.order_begin[c + 1];
      std::vector<std::int64_t> left(end - begin, -1);
      for (std::size_t i = begin; i < end; ++i) left[i - begin] = left_of(order[i], loose[first].currency);
      AmountsLeft amounts(left);
      for (std::size_t r = first; r < last; ++r) {
        const LooseRefund& refund = loose[r];
        std::optional<std::size_t> found;
        Day refund_day{};
        if (refund.at.at.ms != kUnstated) {
          refund_day = settings.zone.day_of(refund.at);
          // Earlier: on an earlier day, or on the same one and not after the refund's instant, if it has one.
          const auto after = std::partition_point(
              h.order_day.begin() + static_cast<std::ptrdiff_t>(begin),
              h.order_day.begin() + static_cast<std::ptrdiff_t>(end), [&](const Day& d) {
                if (d != refund_day || refund.at.date_only) return d <= refund_day;
                return h.order_at[static_cast<std::size_t>(&d - h.order_day.data())] <= refund.at.at;
              });
          const auto until = static_cast<std::size_t>(after - h.order_day.begin());
          found = amounts.latest_before(until - begin, refund.minor);
        }
        if (found) {
          amounts.take(*found, refund.minor);
          matched[order[begin + *found]].push_back({refund.at.at.ms, refund.minor});
        } else {
          ++h.unmatched_refunds;
          if (refund.currency == reporting) {
            unmatched += refund.minor;
          } else if (settings.rates != nullptr && refund.at.at.ms != kUnstated) {
            unmatched += settings.rates->convert({refund.minor, refund.currency}, reporting, refund_day).value_or(0);
          }
        }
      }
      first = last;
    }
    h.unmatched_refunds_minor = fits(unmatched) ? static_cast<std::int64_t>(unmatched) : 0;
    return matched;
  }

  std::int64_t left_of(std::uint32_t row, Currency currency) const {
    const Currency own = currencies[staged.currency[row]];
    if ((own.known() ? own : reporting) != currency) return -1;
    const std::vector<OrderStep> steps = may_have_steps(row) ? steps_of(row, {}) : std::vector<OrderStep>{};
    if (!steps.empty() && !steps.back().counts) return -1;
    const std::vector<ledger::RefundStep> named = refunds_of(row);
    const std::int64_t left = total_of(row) - (named.empty() ? 0 : named.back().refunded_minor);
    return left > 0 ? left : -1;
  }

  void fill_customers(Histories& h) {
    const std::size_t n = customer_references.size();
    h.customer_space.resize(n);
    h.customer_key.resize(n);
    h.customer_label.resize(n);
    for (std::size_t c = 0; c < n; ++c) {
      const std::string_view text = customers.text(customer_references[c]);
      h.customer_space[c] = static_cast<ledger::IdentitySpace>(text[0] - '0');
      h.customer_key[c] = text.substr(1);
      if (labels[c] != kNoRow) h.customer_label[c] = customers.text(labels[c]);
    }
    h.known_since = std::move(known_since);
    h.known_since.resize(n);
    h.orders_before = std::move(orders_before);
    h.orders_before.resize(n);
  }

  void fill_beside(Histories& h) {
    h.items = std::move(items).take();
    h.coupons = std::move(coupons).take();
    h.sources = std::move(sources).take();
    h.countries = std::move(countries).take();
    h.kinds = std::move(kinds).take();
    std::stable_sort(subscriptions.begin(), subscriptions.end(), [](const Subscription& a, const Subscription& b) {
      return std::pair(a.customer, a.start) < std::pair(b.customer, b.start);
    });
    for (auto* acts : {&joined, &parted, &events}) std::stable_sort(acts->begin(), acts->end());
    h.subscriptions = std::move(subscriptions);
    h.relation_joined = std::move(joined);
    h.relation_left = std::move(parted);
    h.events = std::move(events);
    h.costs = std::move(costs);
  }

  struct LooseRefund {
    std::uint32_t customer = kNoRow;  // kNoRow: nobody's
    Moment at;                        // at.ms kUnstated: never matches
    std::int64_t minor = 0;
    Currency currency;
    std::uint32_t arrival = 0;
  };

  BuildSettings settings;
  std::optional<Error> first_error;
  std::uint64_t last_seq = 0;
  Staging staged;
  TextMap orders, aliases, customers, refund_ids, costed_items;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> same_order;  // heads of one order under two names
  std::vector<std::int64_t> unit_costs;
  std::vector<std::uint32_t> order_references;             // by row, when ids are kept
  std::vector<std::uint32_t> followers;                    // rows that follow another of their order
  std::vector<std::uint32_t> customer_references, labels;  // by customer; kNoRow: no label
  std::vector<std::optional<Day>> known_since;             // by customer, as far as anything was said
  std::vector<std::uint32_t> orders_before;                // the same
  std::string key;
  Dictionary status_words, items, coupons, sources, countries, kinds;
  std::vector<Standing> statuses;  // by code of status_words
  std::vector<Currency> currencies{Currency::none()};
  Currency reporting;
  std::vector<LooseRefund> loose;
  std::vector<Subscription> subscriptions;
  std::vector<Act> joined, parted, events;
  std::vector<CostEntry> costs;

  Pending pending[kPendingMax];
  std::size_t pending_count = 0;
  std::string pending_texts;

  // Of finish().
  std::unordered_map<std::uint32_t, std::vector<ledger::RefundStep>> refund_steps;  // by settled row
  std::vector<Day> day;                                                             // by staged row
  std::vector<std::uint32_t> chosen, order;  // staged rows: in order of arrival; clustered
  std::vector<std::uint32_t> stepped;        // rows that may have steps
  bool any_foreign = false, any_unconverted = false;
};

HistoriesBuilder::HistoriesBuilder(BuildSettings settings) : impl_(std::make_unique<Impl>(std::move(settings))) {}
HistoriesBuilder::HistoriesBuilder(HistoriesBuilder&&) noexcept = default;
HistoriesBuilder::~HistoriesBuilder() = default;

Result<void> HistoriesBuilder::add(const OrderAssertion& assertion, Instant received, std::uint64_t seq) {
  assert(seq >= impl_->last_seq);
  impl_->last_seq = seq;
  return impl_->add(assertion, received);
}

Result<void> HistoriesBuilder::add_refund(ledger::IdentityRef customer, Moment at, money::Money refund,
                                          std::uint64_t seq) {
  assert(seq >= impl_->last_seq);
  impl_->last_seq = seq;
  if (refund.minor <= 0) return fail(Errc::kInvalidArgument, "a refund's amount is not above 0");
  if (!in_range(at.at)) return fail(Errc::kOutOfRange, kBadMoment);
  Impl::LooseRefund loose;
  if (customer.space != ledger::IdentitySpace::kNone) {
    TRY_ASSIGN(loose.customer, impl_->customer(customer));
  }
  loose.at = at;
  loose.minor = refund.minor;
  loose.currency = refund.currency;
  loose.arrival = impl_->staged.rows;
  impl_->loose.push_back(loose);
  return {};
}

std::uint32_t HistoriesBuilder::customer(ledger::IdentityRef identity) {
  const Result<std::uint32_t> found = impl_->customer(identity);
  if (!found) impl_->broken(found.error());
  return found.value_or(0);
}

void HistoriesBuilder::describe(std::uint32_t customer, std::string_view label, std::optional<Day> known_since,
                                std::uint32_t orders_before) {
  if (customer >= impl_->customer_references.size()) return;
  if (!label.empty()) {
    if (const auto set = impl_->set_label(customer, label); !set) impl_->broken(set.error());
  }
  if (known_since) {
    if (impl_->known_since.size() <= customer) impl_->known_since.resize(customer + 1);
    std::optional<Day>& known = impl_->known_since[customer];
    known = known ? std::min(*known, *known_since) : *known_since;
  }
  if (orders_before > 0) {
    if (impl_->orders_before.size() <= customer) impl_->orders_before.resize(customer + 1);
    impl_->orders_before[customer] = std::max(impl_->orders_before[customer], orders_before);
  }
}

void HistoriesBuilder::add_subscription(Subscription s) { impl_->subscriptions.push_back(std::move(s)); }
void HistoriesBuilder::add_joined(Act a) { impl_->joined.push_back(a); }
void HistoriesBuilder::add_left(Act a) { impl_->parted.push_back(a); }
void HistoriesBuilder::add_event(std::uint32_t customer, Day day, std::string_view kind) {
  const Result<Code> code = impl_->kinds.code(kind);
  if (!code) return impl_->broken(code.error());
  impl_->events.push_back({customer, day, *code});
}
void HistoriesBuilder::add_cost(CostEntry c) { impl_->costs.push_back(std::move(c)); }

Result<Histories> HistoriesBuilder::finish() && { return impl_->finish(); }

}  // namespace behoud::timeline
