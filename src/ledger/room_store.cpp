#include "ledger/room_store.h"

#include <atomic>
#include <mutex>

#include "ledger/internal/ledger_state.h"

namespace behoud::ledger {
namespace {

using internal::Database;
using internal::Statement;
using internal::Transaction;

Result<Statement> prepared(Database& db, std::string_view sql, RoomValues values) {
  TRY_ASSIGN(auto statement, db.prepare(sql));
  int i = 0;
  for (const RoomValue& v : values) {
    ++i;
    if (const auto* number = std::get_if<std::int64_t>(&v.value())) {
      statement.bind(i, *number);
    } else if (const auto* text = std::get_if<std::string_view>(&v.value())) {
      statement.bind(i, *text);
    } else if (const auto* blob = std::get_if<RoomBytes>(&v.value())) {
      statement.bind_blob(i, blob->bytes);
    } else {
      statement.bind(i, nullptr);
    }
  }
  return statement;
}

}  // namespace

bool RoomRow::null(int column) const { return statement_.null(column); }
std::int64_t RoomRow::integer(int column) const { return statement_.integer(column); }
std::optional<std::int64_t> RoomRow::maybe(int column) const { return statement_.maybe(column); }
std::string RoomRow::text(int column) const { return statement_.text(column); }
std::optional<std::string> RoomRow::maybe_text(int column) const {
  return null(column) ? std::nullopt : std::optional(text(column));
}

Result<void> RoomReader::each(std::string_view sql, RoomValues values, const Each& each) {
  TRY_ASSIGN(auto statement, prepared(db_, sql, values));
  for (;;) {
    TRY_ASSIGN(const bool there, statement.step());
    if (!there) return {};
    TRY(each(RoomRow(statement)));
  }
}

Result<std::optional<std::int64_t>> RoomReader::integer(std::string_view sql, RoomValues values) {
  TRY_ASSIGN(auto statement, prepared(db_, sql, values));
  TRY_ASSIGN(const bool there, statement.step());
  if (!there) return std::nullopt;
  return statement.maybe(0);
}

Result<std::int64_t> RoomWriter::change(std::string_view sql, RoomValues values) {
  TRY_ASSIGN(auto statement, prepared(db_, sql, values));
  const auto before = sqlite3_total_changes64(db_.handle());
  TRY_ASSIGN(bool there, statement.step());
  while (there) {
    TRY_ASSIGN(there, statement.step());
  }
  return sqlite3_total_changes64(db_.handle()) - before;
}

Result<void> RoomWriter::run(std::string_view sql, RoomValues values) {
  TRY(change(sql, values));
  return {};
}

std::int64_t RoomWriter::inserted_id() const { return sqlite3_last_insert_rowid(db_.handle()); }

struct RoomStore::Impl {
  internal::LedgerState& state;
  std::chrono::milliseconds patience;
  std::mutex mutex;  // before using `reader`
  std::optional<Database> reader;
};

RoomStore::RoomStore(Ledger& ledger, std::chrono::milliseconds patience)
    : impl_(new Impl{*ledger.impl_, patience, {}, {}}) {}
RoomStore::~RoomStore() = default;

Result<void> RoomStore::write(const std::function<Result<void>(RoomWriter&)>& work) {
  internal::LedgerState& state = impl_->state;
  TRY(state.may_write());
  TRY_ASSIGN(const auto pass, state.let_in(impl_->patience));
  Database& db = *state.writer;
  TRY_ASSIGN(auto transaction, Transaction::begin(db));
  RoomWriter writer(db);
  TRY(work(writer));
  const auto committed = transaction.commit();
  // Also after a commit that failed: what it left is what the next reader must see for itself.
  state.room_version.fetch_add(1, std::memory_order_release);
  if (!committed) return committed;
  if (state.log_is_long()) {
    // It is durable in the log; should there be no room to move it into the file, the next write says so.
    [[maybe_unused]] const auto moved = db.checkpoint();
  }
  return {};
}

Result<void> RoomStore::read(const std::function<Result<void>(RoomReader&)>& work) const {
  const std::lock_guard lock(impl_->mutex);
  if (!impl_->reader) {
    const DataFolder& folder = impl_->state.folder;
    TRY_ASSIGN(impl_->reader, Database::open(folder.database_path(), Database::Mode::kRead, folder.environment().vfs));
  }
  Database& db = *impl_->reader;
  TRY(db.execute("BEGIN"));
  RoomReader reader(db);
  auto done = work(reader);
  const auto ended = db.execute("COMMIT");
  if (!ended) impl_->reader.reset();  // the next read begins anew
  if (!done) return done;
  return ended;
}

std::uint64_t RoomStore::version() const { return impl_->state.room_version.load(std::memory_order_acquire); }

}  // namespace behoud::ledger
