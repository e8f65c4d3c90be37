#include "ledger/internal/entered_costs.h"

#include <fmt/format.h>

#include "ledger/internal/ledger_state.h"

namespace behoud::ledger {
namespace {

using internal::Database;
using internal::Statement;
using internal::Transaction;

constexpr std::string_view kColumns = "seq, id, from_day, to_day, currency, amount, kind, purpose, campaign, note";

Result<StoredCost> stored_from(const Statement& row) {
  StoredCost out;
  out.seq = static_cast<Seq>(row.integer(0));
  out.id = row.text(1);
  out.cost.from = calendar::Day{static_cast<std::int32_t>(row.integer(2))};
  out.cost.to = calendar::Day{static_cast<std::int32_t>(row.integer(3))};
  if (!row.null(4)) {
    TRY_ASSIGN(out.cost.amount.currency, money::Currency::parse(row.bytes(4)));
  }
  out.cost.amount.minor = row.integer(5);
  out.cost.kind = row.text(6);
  out.cost.purpose = row.text(7);
  out.cost.campaign = row.text(8);
  out.cost.note = row.text(9);
  return out;
}

// What the newest statement about an id says.
struct Newest {
  bool used = false;               // somebody used the id
  std::optional<CostRecord> cost;  // none: taken away
};
Result<Newest> newest_of(Database& db, const std::string& id) {
  TRY_ASSIGN(auto row,
             db.prepare(fmt::format("SELECT {} FROM entered_cost WHERE id = ?1 ORDER BY seq DESC LIMIT 1", kColumns)));
  row.bind(1, id);
  TRY_ASSIGN(const bool used, row.step());
  if (!used || row.null(2)) return Newest{used, std::nullopt};
  TRY_ASSIGN(StoredCost stored, stored_from(row));
  return Newest{true, std::move(stored.cost)};
}

bool same(const CostRecord& a, const CostRecord& b) {
  return a.from == b.from && a.to == b.to && a.amount == b.amount && a.kind == b.kind && a.purpose == b.purpose &&
         a.campaign == b.campaign && a.note == b.note;
}

Result<void> check(const std::string& id, const CostRecord& cost) {
  if (id.empty()) return fail(Errc::kInvalidArgument, "a cost needs an id");
  if (cost.to <= cost.from) {
    return fail(Errc::kInvalidArgument, "a cost ends before it begins", "the end is the day after the last",
                {{}, 0, "to"});
  }
  return {};
}

Result<void> state(internal::LedgerState& ledger, const std::string& id, const std::optional<CostRecord>& cost,
                   bool is_new) {
  TRY(ledger.may_write());
  if (cost) TRY(check(id, *cost));
  TRY_ASSIGN(const auto pass, ledger.let_in());
  Database& db = *ledger.writer;
  TRY_ASSIGN(auto transaction, Transaction::begin(db));
  TRY_ASSIGN(const Newest newest, newest_of(db, id));
  if (cost && newest.cost && same(*cost, *newest.cost)) return {};
  if (is_new && newest.used) return fail(Errc::kConflict, "the id of this cost was used for another");
  if (!is_new && !newest.cost) {
    if (!cost && newest.used) return {};  // it is away already
    return fail(Errc::kNotFound, "there is no such cost", "costs out of a file go with their import", {},
                {"problem.cost_gone"});
  }
  TRY_ASSIGN(const auto meta, internal::read_meta(db));
  const std::int64_t now = ledger.folder.environment().now().ms;
  if (cost) {
    const std::string code = cost->amount.currency.code();
    TRY(db.run("INSERT INTO entered_cost VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)", meta.next_seq, now, id,
               cost->from.number, cost->to.number, code.empty() ? std::nullopt : std::optional(code),
               cost->amount.minor, cost->kind, cost->purpose, cost->campaign, cost->note));
  } else {
    TRY(db.run("INSERT INTO entered_cost(seq, at, id) VALUES(?1, ?2, ?3)", meta.next_seq, now, id));
  }
  TRY(internal::set_meta(db, "next_seq", meta.next_seq + 1));
  TRY(internal::set_revision(db, meta.next_seq));
  return transaction.commit();
}

}  // namespace

namespace internal {

Result<std::vector<StoredCost>> read_entered_costs(Database& db, std::int64_t last_seq) {
  TRY_ASSIGN(auto rows,
             db.prepare(fmt::format("SELECT {} FROM entered_cost WHERE seq IN (SELECT max(seq) FROM entered_cost "
                                    "WHERE seq <= ?1 GROUP BY id) AND from_day IS NOT NULL ORDER BY seq",
                                    kColumns)));
  rows.bind(1, last_seq);
  std::vector<StoredCost> out;
  for (;;) {
    TRY_ASSIGN(const bool there, rows.step());
    if (!there) return out;
    TRY_ASSIGN(StoredCost stored, stored_from(rows));
    out.push_back(std::move(stored));
  }
}

}  // namespace internal

Result<void> Ledger::enter_cost(const std::string& id, const CostRecord& cost) { return state(*impl_, id, cost, true); }
Result<void> Ledger::restate_cost(const std::string& id, const CostRecord& cost) {
  return state(*impl_, id, cost, false);
}
Result<void> Ledger::take_cost_away(const std::string& id) { return state(*impl_, id, std::nullopt, false); }

}  // namespace behoud::ledger
