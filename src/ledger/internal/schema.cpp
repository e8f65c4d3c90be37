#include "ledger/internal/schema.h"

#include <array>

#include <fmt/format.h>

namespace behoud::ledger::internal {
namespace {

// "Beho": tells a ledger from any other SQLite file.
constexpr std::int64_t kApplicationId = 0x4265686f;

// Times are ms since 1970 in UTC, days are numbers of calendar::Day, money is in minor units. A column that refers to
// `dictionary` holds a code or, once the dictionary is full, the text itself. seq is one sequence over all tables: the
// order in which things were said. Enforced by the writer and checked by `behoud doctor`, foreign keys cost the import
// nothing.
constexpr const char* kVersion1 = R"sql(
CREATE TABLE meta(name TEXT PRIMARY KEY, value) WITHOUT ROWID;

CREATE TABLE dictionary(code INTEGER PRIMARY KEY, text TEXT NOT NULL);
CREATE TABLE identity(id INTEGER PRIMARY KEY, space INTEGER NOT NULL, value TEXT NOT NULL);
CREATE TABLE contact(id INTEGER PRIMARY KEY, email TEXT, phone TEXT, name TEXT);

CREATE TABLE import(
  id INTEGER PRIMARY KEY, kind INTEGER NOT NULL, file_name TEXT NOT NULL, source TEXT NOT NULL, sha256 TEXT NOT NULL,
  options TEXT NOT NULL, state INTEGER NOT NULL, received_at INTEGER NOT NULL, repeats INTEGER REFERENCES import(id),
  rows INTEGER NOT NULL DEFAULT 0, added INTEGER NOT NULL DEFAULT 0, changed INTEGER NOT NULL DEFAULT 0,
  repeated INTEGER NOT NULL DEFAULT 0, first_seq INTEGER NOT NULL, last_seq INTEGER NOT NULL,
  first_identity INTEGER NOT NULL, first_contact INTEGER NOT NULL, first_code INTEGER NOT NULL,
  committed_seq INTEGER, undone_seq INTEGER, undone_at INTEGER);
CREATE TABLE import_assertion(
  id INTEGER PRIMARY KEY, import INTEGER NOT NULL REFERENCES import(id), first_seq INTEGER NOT NULL,
  last_seq INTEGER NOT NULL);

CREATE TABLE order_event(
  seq INTEGER PRIMARY KEY, import INTEGER NOT NULL REFERENCES import(id), order_key TEXT NOT NULL,
  identity INTEGER REFERENCES identity(id), occurred_at INTEGER, flags INTEGER NOT NULL, currency INTEGER,
  amount INTEGER, status INTEGER, more BLOB NOT NULL);
CREATE TABLE order_line(
  id INTEGER PRIMARY KEY, item INTEGER, name INTEGER, quantity INTEGER NOT NULL, amount INTEGER NOT NULL);
CREATE TABLE refund(
  seq INTEGER PRIMARY KEY, import INTEGER NOT NULL REFERENCES import(id), identity INTEGER REFERENCES identity(id),
  occurred_at INTEGER NOT NULL, flags INTEGER NOT NULL, currency INTEGER, amount INTEGER NOT NULL,
  nth INTEGER NOT NULL, line INTEGER);

CREATE TABLE event(
  seq INTEGER PRIMARY KEY, import INTEGER NOT NULL REFERENCES import(id), kind INTEGER NOT NULL,
  identity INTEGER REFERENCES identity(id), occurred_at INTEGER NOT NULL, flags INTEGER NOT NULL, currency INTEGER,
  amount INTEGER, source INTEGER, campaign INTEGER, nth INTEGER NOT NULL, line INTEGER);
CREATE TABLE event_body(seq INTEGER PRIMARY KEY REFERENCES event(seq), message_id TEXT, properties TEXT);

CREATE TABLE customer(
  seq INTEGER PRIMARY KEY, import INTEGER NOT NULL REFERENCES import(id),
  identity INTEGER NOT NULL REFERENCES identity(id), contact INTEGER REFERENCES contact(id), country INTEGER,
  source INTEGER, language INTEGER, first_order INTEGER, orders_before INTEGER, consent INTEGER, consent_at INTEGER,
  unsubscribed INTEGER, unsubscribed_at INTEGER, flags INTEGER NOT NULL, line INTEGER);
CREATE TABLE cost(
  seq INTEGER PRIMARY KEY, import INTEGER NOT NULL REFERENCES import(id), from_day INTEGER NOT NULL,
  to_day INTEGER NOT NULL, currency INTEGER, amount INTEGER NOT NULL, kind TEXT, purpose TEXT, campaign TEXT,
  note TEXT, nth INTEGER NOT NULL, line INTEGER);
CREATE TABLE item(
  seq INTEGER PRIMARY KEY, import INTEGER NOT NULL REFERENCES import(id), item TEXT NOT NULL, name TEXT, category TEXT,
  currency INTEGER, cost INTEGER, line INTEGER);
CREATE TABLE rate(
  seq INTEGER PRIMARY KEY, import INTEGER NOT NULL REFERENCES import(id), base TEXT, currency TEXT NOT NULL,
  day INTEGER NOT NULL, mantissa INTEGER NOT NULL, scale INTEGER NOT NULL, line INTEGER);
CREATE TABLE subscription(
  seq INTEGER PRIMARY KEY, import INTEGER NOT NULL REFERENCES import(id), subscription TEXT NOT NULL,
  identity INTEGER REFERENCES identity(id), plan TEXT, reason TEXT, start INTEGER, trial_end INTEGER, end INTEGER,
  pauses TEXT, currency INTEGER, amount INTEGER, interval_months INTEGER NOT NULL, interval_days INTEGER NOT NULL,
  line INTEGER);

CREATE TABLE setting(seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, name TEXT NOT NULL, value);
CREATE TABLE merge(
  seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, merged INTEGER NOT NULL, a INTEGER NOT NULL REFERENCES identity(id),
  b INTEGER NOT NULL REFERENCES identity(id));
)sql";

// What the room access/ keeps (src/access/README.md): people who may sign in, their sessions, links and tokens, and who
// did what. A user's row outlives the user, nameless, and a token's its revocation: the audit keeps their numbers, and
// none is given twice. `hash` is SHA-256 of a secret that is nowhere kept.
constexpr const char* kVersion2 = R"sql(
CREATE TABLE user(
  id INTEGER PRIMARY KEY, email TEXT UNIQUE, name TEXT, role INTEGER NOT NULL, password TEXT,
  created_at INTEGER NOT NULL, erased_at INTEGER);
CREATE TABLE session(
  hash BLOB PRIMARY KEY, user INTEGER NOT NULL REFERENCES user(id), created_at INTEGER NOT NULL,
  seen_at INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE link(
  hash BLOB PRIMARY KEY, purpose INTEGER NOT NULL, user INTEGER REFERENCES user(id), created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE token(
  id INTEGER PRIMARY KEY, hash BLOB NOT NULL UNIQUE, name TEXT NOT NULL, scope INTEGER NOT NULL,
  user INTEGER REFERENCES user(id), created_at INTEGER NOT NULL, expires_at INTEGER, last_used_day INTEGER,
  revoked_at INTEGER);
CREATE TABLE audit(
  id INTEGER PRIMARY KEY, at INTEGER NOT NULL, actor INTEGER NOT NULL, actor_id INTEGER, action TEXT NOT NULL,
  subject TEXT, subject_id INTEGER, detail TEXT, times INTEGER NOT NULL DEFAULT 1);
)sql";

// Costs that people enter: the newest statement of an id holds, one without days takes it away. Rejected rows belong to
// a committed import. The rest is what app/ keeps: files that were uploaded and wait to be imported, what was asked to
// be done in the background, answers to be given again to whoever repeats a request (`asked` is SHA-256 of it), and
// notes on the time axis.
constexpr const char* kVersion3 = R"sql(
CREATE TABLE entered_cost(
  seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, id TEXT NOT NULL, from_day INTEGER, to_day INTEGER, currency TEXT,
  amount INTEGER, kind TEXT, purpose TEXT, campaign TEXT, note TEXT);
CREATE TABLE rejected_row(
  import INTEGER NOT NULL REFERENCES import(id), nth INTEGER NOT NULL, file TEXT NOT NULL, line INTEGER NOT NULL,
  column_name TEXT NOT NULL, reason TEXT NOT NULL, excerpt TEXT NOT NULL, PRIMARY KEY(import, nth)) WITHOUT ROWID;

CREATE TABLE upload(
  id TEXT PRIMARY KEY, name TEXT NOT NULL, bytes INTEGER NOT NULL, sha256 TEXT NOT NULL, used_at INTEGER NOT NULL)
  WITHOUT ROWID;
CREATE TABLE job(
  number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, title TEXT NOT NULL,
  request TEXT NOT NULL, state TEXT NOT NULL, done INTEGER NOT NULL, total INTEGER NOT NULL, asked_at INTEGER NOT NULL,
  started_at INTEGER, ended_at INTEGER, result TEXT, error TEXT);
CREATE TABLE kept_answer(
  key TEXT PRIMARY KEY, asked TEXT NOT NULL, status INTEGER NOT NULL, body TEXT NOT NULL, at INTEGER NOT NULL)
  WITHOUT ROWID;
CREATE TABLE note(
  number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, day INTEGER NOT NULL, text TEXT NOT NULL,
  kind TEXT NOT NULL, at INTEGER NOT NULL);
)sql";

constexpr std::array kMigrations{Migration{1, kVersion1}, Migration{2, kVersion2}, Migration{3, kVersion3}};

}  // namespace

std::span<const Migration> migrations() { return kMigrations; }
int newest_version(std::span<const Migration> all) { return all.empty() ? 0 : all.back().version; }

Result<int> schema_version(Database& db) {
  TRY_ASSIGN(const auto id, db.integer("PRAGMA application_id"));
  TRY_ASSIGN(const auto tables, db.integer("SELECT count(*) FROM sqlite_schema"));
  if (tables == 0 && id == 0) return 0;
  TRY_ASSIGN(const auto has, db.integer("SELECT count(*) FROM sqlite_schema WHERE name = 'migration'"));
  if (id != kApplicationId || has != 1) {
    return fail(Errc::kCorrupt, fmt::format("{} is a SQLite database, but not a ledger of Behoud", db.path()),
                "name another folder with --data");
  }
  TRY_ASSIGN(const auto version, db.integer("SELECT max(version) FROM migration"));
  return static_cast<int>(version.value_or(0));
}

Result<void> migrate(Database& db, std::span<const Migration> all, std::int64_t now_ms,
                     const std::function<Result<void>(int version)>& copy, const std::function<Result<void>()>& fill) {
  TRY_ASSIGN(const int found, schema_version(db));
  if (found > newest_version(all)) {
    return fail(Errc::kUnavailable,
                fmt::format("{} was written by a newer Behoud: its schema is {}, this program knows {}", db.path(),
                            found, newest_version(all)),
                "use the newer program, or a folder of its own");
  }
  for (const Migration& m : all) {
    if (m.version <= found) continue;
    if (found > 0) TRY(copy(m.version));
    TRY_ASSIGN(auto transaction, Transaction::begin(db));
    if (m.version == 1) {
      TRY(db.execute(fmt::format("PRAGMA application_id = {};"
                                 "CREATE TABLE migration(version INTEGER PRIMARY KEY, applied_at INTEGER NOT NULL)",
                                 kApplicationId)
                         .c_str()));
    }
    TRY(db.execute(m.sql));
    TRY(db.run("INSERT INTO migration VALUES(?1, ?2)", m.version, now_ms));
    if (m.version == 1 && fill) TRY(fill());
    TRY(transaction.commit());
  }
  return {};
}

}  // namespace behoud::ledger::internal
