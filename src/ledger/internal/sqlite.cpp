#include "ledger/internal/sqlite.h"

#include <cassert>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <mutex>
#include <new>

#include <fmt/format.h>
#include <unistd.h>

#include "ledger/internal/guarded_vfs.h"

namespace behoud::ledger::internal {
namespace {

constexpr int kPageSize = 8192;
constexpr int kBusyTimeoutMs = 10'000, kCheckpointTimeoutMs = 250;

// ---- The virtual table of BulkInsert: its rows are the batch that `batch` points at.

struct Batch {
  const Cell* cells = nullptr;
  std::int64_t rows = 0;
  std::int64_t stride = 0;
};
struct BatchTable {
  sqlite3_vtab base;
  const Batch* batch;
};
struct BatchCursor {
  sqlite3_vtab_cursor base;
  const Cell* row;
  const Cell* end;
  std::int64_t stride;
};
const BatchTable& table(const sqlite3_vtab_cursor* c) { return *reinterpret_cast<const BatchTable*>(c->pVtab); }

int batch_connect(sqlite3* db, void* batch, int, const char* const*, sqlite3_vtab** out, char**) {
  std::string sql = "CREATE TABLE batch(";
  for (int i = 0; i < BulkInsert::kColumnsMax; ++i) sql += fmt::format("{}c{}", i ? "," : "", i);
  const int rc = sqlite3_declare_vtab(db, (sql + ")").c_str());
  if (rc != SQLITE_OK) return rc;
  *out = &(new BatchTable{{}, static_cast<const Batch*>(batch)})->base;
  return SQLITE_OK;
}
int batch_disconnect(sqlite3_vtab* t) {
  delete reinterpret_cast<BatchTable*>(t);
  return SQLITE_OK;
}
int batch_best_index(sqlite3_vtab*, sqlite3_index_info*) { return SQLITE_OK; }
int batch_open(sqlite3_vtab*, sqlite3_vtab_cursor** out) {
  *out = &(new BatchCursor{})->base;
  return SQLITE_OK;
}
int batch_close(sqlite3_vtab_cursor* c) {
  delete reinterpret_cast<BatchCursor*>(c);
  return SQLITE_OK;
}
int batch_filter(sqlite3_vtab_cursor* c, int, const char*, int, sqlite3_value**) {
  auto& cursor = *reinterpret_cast<BatchCursor*>(c);
  const Batch& batch = *table(c).batch;
  cursor.row = batch.cells;
  cursor.end = batch.cells + batch.rows * batch.stride;
  cursor.stride = batch.stride;
  return SQLITE_OK;
}
int batch_next(sqlite3_vtab_cursor* c) {
  auto& cursor = *reinterpret_cast<BatchCursor*>(c);
  cursor.row += cursor.stride;
  return SQLITE_OK;
}
int batch_eof(sqlite3_vtab_cursor* c) {
  const auto& cursor = *reinterpret_cast<BatchCursor*>(c);
  return cursor.row == cursor.end;
}
int batch_column(sqlite3_vtab_cursor* c, sqlite3_context* to, int i) {
  const Cell& cell = reinterpret_cast<BatchCursor*>(c)->row[i];
  switch (cell.type) {
    case Cell::Type::kNull:
      sqlite3_result_null(to);
      break;
    case Cell::Type::kInteger:
      sqlite3_result_int64(to, cell.integer);
      break;
    case Cell::Type::kText:
      sqlite3_result_text(to, cell.bytes, static_cast<int>(cell.size), SQLITE_STATIC);
      break;
    case Cell::Type::kBlob:
      sqlite3_result_blob(to, cell.bytes, static_cast<int>(cell.size), SQLITE_STATIC);
      break;
  }
  return SQLITE_OK;
}
int batch_rowid(sqlite3_vtab_cursor* c, sqlite3_int64* out) {
  const auto& cursor = *reinterpret_cast<BatchCursor*>(c);
  *out = (cursor.row - table(c).batch->cells) / cursor.stride;
  return SQLITE_OK;
}

const sqlite3_module* batch_module() {
  static const sqlite3_module module = [] {
    sqlite3_module m{};
    m.xConnect = batch_connect;  // no xCreate: it exists without being made
    m.xBestIndex = batch_best_index;
    m.xDisconnect = batch_disconnect;
    m.xOpen = batch_open;
    m.xClose = batch_close;
    m.xFilter = batch_filter;
    m.xNext = batch_next;
    m.xEof = batch_eof;
    m.xColumn = batch_column;
    m.xRowid = batch_rowid;
    return m;
  }();
  return &module;
}

void initialise_once() {
  static std::once_flag once;
  std::call_once(once, [] {
    // Memory statistics take a process-wide lock at every allocation; nobody here reads them.
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    sqlite3_initialize();
  });
}

}  // namespace

struct Connection {
  std::string path;  // as SQLite has it, absolute
  sqlite3* db = nullptr;
  Batch batch;
  int log_pages = 0;
  bool (*scan_row)(void*, const Row&) = nullptr;
  void* scan_object = nullptr;
  Connection() = default;
  Connection(const Connection&) = delete;
  ~Connection() { sqlite3_close_v2(db); }
  bool poisoned() const { return sync_failed(path); }
  Error error(int rc, std::string_view doing) const;
};

namespace {

void take_step(sqlite3_context* context, int size, sqlite3_value** values);
void take_final(sqlite3_context* context) { sqlite3_result_null(context); }

struct ScanTarget {
  bool (**row)(void*, const Row&);
  void** object;
};

}  // namespace

Database::Database(std::unique_ptr<Connection> state) : state_(std::move(state)) {}
Database::Database(Database&&) noexcept = default;
Database& Database::operator=(Database&&) noexcept = default;
Database::~Database() = default;

const std::string& Database::path() const { return state_->path; }
sqlite3* Database::handle() const { return state_->db; }
bool Database::poisoned() const { return state_->poisoned(); }

Error Database::error(int rc, std::string_view doing) const { return state_->error(rc, doing); }

Error Connection::error(int rc, std::string_view doing) const {
  const int extended = db ? sqlite3_extended_errcode(db) : rc;
  int primary = rc & 0xff;
  const int known = (extended & 0xff) == primary ? extended : rc;
  if (primary == SQLITE_NOMEM) throw std::bad_alloc();
  const auto say = [&](std::string_view what) { return fmt::format("{}: {} ({})", doing, what, path); };
  if (known == SQLITE_IOERR_FSYNC || known == SQLITE_IOERR_DIR_FSYNC || poisoned()) {
    return {Errc::kUnavailable,
            say("the disk did not confirm a write, so nothing more is accepted"),
            "stop this program, check the disk, and start again; what was confirmed before is kept",
            {}};
  }
  if (known == SQLITE_IOERR_DATA) {
    return {Errc::kCorrupt,
            say(fmt::format("page {} is damaged: its checksum does not match", last_damage().page)),
            "restore the latest backup with `behoud restore`",
            {},
            {"problem.folder_damaged"}};
  }
  // Only the log's and the database's own growing is SQLITE_FULL; the other ways to meet a full disk are told here.
  const bool grows = known == SQLITE_IOERR_WRITE || known == SQLITE_IOERR_TRUNCATE || known == SQLITE_IOERR_SHMSIZE ||
                     known == SQLITE_IOERR_SHMMAP || known == SQLITE_IOERR_SHMOPEN || primary == SQLITE_CANTOPEN;
  const int refused = grows ? last_refusal() : 0;
  if (refused == ENOSPC) rc = primary = SQLITE_FULL;
  if (refused == EFBIG || refused == EDQUOT) {
    return {Errc::kUnavailable,
            say("the file may not grow any further, by a limit or a quota of this user"),
            "raise it (ulimit -f, quota) and run the command again: it goes on",
            {},
            {"problem.disk_full"}};
  }
  // A database with a write-ahead log is read by way of a file beside it, which whoever reads must be able to make.
  if (known == SQLITE_READONLY_DIRECTORY || known == SQLITE_READONLY_CANTINIT) {
    return {Errc::kUnavailable,
            say("this user may not write to the data folder, and cannot even read it without"),
            "ask for the right to write there, or copy the folder and look at the copy",
            {},
            {"problem.folder_unusable",
             {{"folder", std::filesystem::path(path).parent_path().string()}, {"detail", std::strerror(EACCES)}}}};
  }
  switch (primary) {
    case SQLITE_FULL:
      return {Errc::kUnavailable,
              say("the disk is full"),
              "make room and run the command again: it goes on",
              {},
              {"problem.disk_full"}};
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return {Errc::kCorrupt,
              say(fmt::format("the database is damaged: {}", sqlite3_errmsg(db))),
              "run `behoud doctor`, or restore the latest backup with `behoud restore`",
              {},
              {"problem.folder_damaged"}};
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {Errc::kConflict, say("another process holds the database"), "", {}};
    case SQLITE_CONSTRAINT:
      return {Errc::kConflict, say("a row breaks a rule of its table"), "", {}};
    case SQLITE_CANTOPEN:
      return {Errc::kNotFound, say("the file cannot be opened"), "", {}};
    default:
      return {
          Errc::kUnavailable, say(fmt::format("{} [{}]", db ? sqlite3_errmsg(db) : sqlite3_errstr(rc), known)), "", {}};
  }
}

namespace {

void take_step(sqlite3_context* context, int size, sqlite3_value** values) {
  const auto& target = *static_cast<const ScanTarget*>(sqlite3_user_data(context));
  if (!(*target.row)(*target.object, Row(values, size))) sqlite3_result_error_code(context, SQLITE_ABORT);
}

}  // namespace

Result<Database> Database::open(const std::string& path, Mode mode, const std::string& vfs) {
  initialise_once();
  TRY_ASSIGN(const std::string guarded, guarded_vfs(vfs));
  auto state = std::make_unique<Connection>();
  state->path = path;
  int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  flags |= mode == Mode::kRead ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
  if (mode == Mode::kCreate || mode == Mode::kScratch) flags |= SQLITE_OPEN_CREATE;
  const int rc = sqlite3_open_v2(path.c_str(), &state->db, flags, guarded.c_str());
  Database db(std::move(state));
  if (rc != SQLITE_OK) return std::unexpected(db.error(rc, "opening"));
  if (const char* full = sqlite3_db_filename(db.handle(), "main")) db.state_->path = full;
  sqlite3_busy_timeout(db.handle(), kBusyTimeoutMs);
  // A defended database does without no journal.
  if (mode != Mode::kScratch) sqlite3_db_config(db.handle(), SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(db.handle(), SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);

  int rc2 = sqlite3_create_module_v2(db.handle(), "behoud_batch", batch_module(), &db.state_->batch, nullptr);
  if (rc2 == SQLITE_OK) {
    auto* target = new ScanTarget{&db.state_->scan_row, &db.state_->scan_object};
    rc2 = sqlite3_create_function_v2(db.handle(), "behoud_take", -1, SQLITE_UTF8, target, nullptr, take_step,
                                     take_final, [](void* p) { delete static_cast<ScanTarget*>(p); });
  }
  if (rc2 != SQLITE_OK) return std::unexpected(db.error(rc2, "opening"));

  if (mode == Mode::kCreate || mode == Mode::kScratch) {
    int reserved = kChecksumBytes;
    sqlite3_file_control(db.handle(), "main", SQLITE_FCNTL_RESERVE_BYTES, &reserved);
    TRY(db.execute(fmt::format("PRAGMA page_size = {}", kPageSize).c_str()));
  }
  if (mode == Mode::kScratch) {
    // The file is made by the first look at it, and may lose its name then.
    TRY(
        db.execute("PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; "
                   "BEGIN IMMEDIATE; COMMIT"));
    if (::unlink(db.path().c_str()) != 0) {
      return fail(Errc::kUnavailable, fmt::format("cannot take the name of {}", db.path()));
    }
  } else if (mode != Mode::kRead) {
    // The write-ahead log is moved into the file by us, since SQLite's own checkpoint after a commit keeps its errors
    // to itself (Ledger::checkpoint).
    // Foreign keys are the writer's to keep (and `behoud doctor`'s to check): enforced row by row they would cost an
    // import half its speed.
    TRY(db.execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = OFF"));
    sqlite3_wal_hook(
        db.handle(),
        [](void* pages, sqlite3*, const char*, int n) {
          *static_cast<int*>(pages) = n;
          return SQLITE_OK;
        },
        &db.state_->log_pages);
  }
  TRY(db.execute("PRAGMA cache_size = -32768; PRAGMA temp_store = MEMORY; PRAGMA cell_size_check = ON;"));
  return db;
}

int Database::log_pages() const { return state_->log_pages; }

Result<void> Database::checkpoint(bool whole) {
  int in_log = 0, moved = 0;
  // Others wait for us meanwhile, so we do not wait long for who reads.
  if (whole) sqlite3_busy_timeout(state_->db, kCheckpointTimeoutMs);
  const int rc = sqlite3_wal_checkpoint_v2(
      state_->db, "main", whole ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_PASSIVE, &in_log, &moved);
  if (whole) sqlite3_busy_timeout(state_->db, kBusyTimeoutMs);
  if (rc != SQLITE_OK && rc != SQLITE_BUSY) return std::unexpected(error(rc, "moving the log into the ledger"));
  return {};
}

Result<void> Database::execute(const char* sql) {
  const int rc = sqlite3_exec(state_->db, sql, nullptr, nullptr, nullptr);
  if (rc != SQLITE_OK) return std::unexpected(error(rc, "writing the ledger"));
  return {};
}

Result<Statement> Database::prepare(std::string_view sql) {
  sqlite3_stmt* statement = nullptr;
  const int rc = sqlite3_prepare_v3(state_->db, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                                    &statement, nullptr);
  if (rc != SQLITE_OK) return std::unexpected(error(rc, "reading the ledger"));
  return Statement(state_.get(), statement);
}

Result<void> Database::scan_rows(std::string_view columns, std::string_view from_where,
                                 std::span<const std::int64_t> parameters, Callback callback, void* object) {
  TRY_ASSIGN(auto statement, prepare(fmt::format("SELECT behoud_take({}) {}", columns, from_where)));
  int i = 0;
  for (const std::int64_t p : parameters) statement.bind(++i, p);
  // A scan inside a scan's callback has its own target: put the outer one back.
  const auto outer_row = std::exchange(state_->scan_row, callback.row);
  void* const outer_object = std::exchange(state_->scan_object, object);
  const auto stepped = statement.step();
  state_->scan_row = outer_row;
  state_->scan_object = outer_object;
  if (auto result = callback.result(object); !result) return result;
  if (!stepped) return std::unexpected(stepped.error());
  return {};
}

Result<bool> Statement::step() {
  const int rc = sqlite3_step(statement_);
  if (rc == SQLITE_ROW) return true;
  Error error;
  if (rc != SQLITE_DONE) error = db_->error(rc, "using the ledger");
  sqlite3_reset(statement_);
  if (rc != SQLITE_DONE) return std::unexpected(std::move(error));
  return false;
}

Result<void> Statement::finish() {
  for (;;) {
    TRY_ASSIGN(const bool row, step());
    if (!row) return {};
  }
}

Cell Statement::cell(int i) const {
  switch (sqlite3_column_type(statement_, i)) {
    case SQLITE_INTEGER:
      return Cell::of(integer(i));
    case SQLITE_TEXT:
      return Cell::text(bytes(i));
    case SQLITE_BLOB:
      return Cell::blob(bytes(i));
    default:
      return {};
  }
}

Cell Row::cell(int i) const {
  switch (sqlite3_value_type(values_[i])) {
    case SQLITE_INTEGER:
      return Cell::of(integer(i));
    case SQLITE_TEXT:
      return Cell::text(bytes(i));
    case SQLITE_BLOB:
      return Cell::blob(bytes(i));
    default:
      return {};
  }
}

Result<BulkInsert> BulkInsert::prepare(Database& db, const std::string& table_name, int columns) {
  assert(columns <= kColumnsMax);
  std::string sql = "INSERT INTO " + table_name + " SELECT ";
  for (int i = 0; i < columns; ++i) sql += fmt::format("{}c{}", i ? "," : "", i);
  BulkInsert insert;
  TRY_ASSIGN(insert.statement_, db.prepare(sql + " FROM behoud_batch"));
  insert.db_ = db.state_.get();
  insert.columns_ = columns;
  return insert;
}

Result<void> BulkInsert::run(std::span<const Cell> cells) {
  assert(columns_ > 0 && cells.size() % static_cast<std::size_t>(columns_) == 0);
  if (cells.empty()) return {};
  db_->batch = {cells.data(), static_cast<std::int64_t>(cells.size()) / columns_, columns_};
  auto done = statement_.run();
  db_->batch = {};
  return done;
}

Result<Transaction> Transaction::begin(Database& db) {
  TRY(db.execute("BEGIN IMMEDIATE"));
  return Transaction(db.state_.get());
}

Transaction::~Transaction() {
  if (db_ && sqlite3_get_autocommit(db_->db) == 0) {
    sqlite3_exec(db_->db, "ROLLBACK", nullptr, nullptr, nullptr);
  }
}

Result<void> Transaction::commit() {
  const int rc = sqlite3_exec(db_->db, "COMMIT", nullptr, nullptr, nullptr);
  if (rc != SQLITE_OK) return std::unexpected(db_->error(rc, "writing the ledger"));
  db_ = nullptr;
  return {};
}

}  // namespace behoud::ledger::internal
