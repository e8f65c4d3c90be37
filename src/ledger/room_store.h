#pragma once

// How another room keeps tables of its own in the ledger's database (access its users and sessions). The tables are
// made by a numbered migration like all others; what they hold says nothing about the shop: no seq, no revision.
//
//   ledger::RoomStore store(ledger);
//   TRY(store.write([&](ledger::RoomWriter& db) -> Result<void> {
//     return db.run("INSERT INTO note(day, text) VALUES(?1, ?2)", {day, text});
//   }));
//   TRY(store.read([&](ledger::RoomReader& db) -> Result<void> {
//     return db.each("SELECT day, text FROM note WHERE id > ?1", {after}, [&](const ledger::RoomRow& row) { ... });
//   }));
//
// One writer: a write waits its turn behind the writes that came before it, beside an import for some thousand rows of
// it, for `patience` at most (busy()). It is one transaction: on disk when write() has returned success, undone when
// `work` or the disk fails. A dry run writes nothing, and nobody waits for it. Reading never waits for
// a writer: it sees what was committed when its first statement began, and within one read() one state. Errors: those
// of `work`; busy(); kUnavailable (disk full; a failed sync: nothing more is written until the next start), kCorrupt,
// kInvalidArgument (the ledger was opened for reading alone), kConflict (a UNIQUE or other constraint of the table is
// broken; the transaction is undone).
//
// Thread-safety: any thread. A `work` must be short, and must not write through the same ledger (it would wait for
// itself). The ledger must outlive the store.

#include <chrono>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>

#include "base/result.h"
#include "ledger/ledger.h"

namespace behoud::ledger {

namespace internal {
class Database;
class Statement;
}  // namespace internal

// A parameter of a statement: NULL, a number, a text or bytes; borrowed.
struct RoomBytes {
  std::string_view bytes;
};
class RoomValue {
 public:
  RoomValue(std::nullopt_t) {}
  template <class T>
    requires std::is_integral_v<T>
  RoomValue(T v) : value_(static_cast<std::int64_t>(v)) {}
  RoomValue(std::string_view text) : value_(text) {}
  RoomValue(const std::string& text) : value_(std::string_view(text)) {}
  RoomValue(const char* text) : value_(std::string_view(text)) {}
  RoomValue(RoomBytes bytes) : value_(bytes) {}
  template <class T>
  RoomValue(const std::optional<T>& v) {
    if (v) *this = RoomValue(*v);
  }
  const std::variant<std::monostate, std::int64_t, std::string_view, RoomBytes>& value() const { return value_; }

 private:
  std::variant<std::monostate, std::int64_t, std::string_view, RoomBytes> value_;
};
using RoomValues = std::initializer_list<RoomValue>;

// One row of an answer, valid during the call that gets it. Columns count from 0.
class RoomRow {
 public:
  explicit RoomRow(const internal::Statement& statement) : statement_(statement) {}
  bool null(int column) const;
  std::int64_t integer(int column) const;
  std::optional<std::int64_t> maybe(int column) const;
  std::string text(int column) const;  // "" for NULL; also of bytes
  std::optional<std::string> maybe_text(int column) const;

 private:
  const internal::Statement& statement_;
};

class RoomReader {
 public:
  explicit RoomReader(internal::Database& db) : db_(db) {}
  using Each = std::function<Result<void>(const RoomRow&)>;
  Result<void> each(std::string_view sql, RoomValues values, const Each& each);
  // The first column of the first row; nullopt without a row or where it is NULL.
  Result<std::optional<std::int64_t>> integer(std::string_view sql, RoomValues values = {});

 protected:
  internal::Database& db_;
};

class RoomWriter : public RoomReader {
 public:
  using RoomReader::RoomReader;
  // The number of rows it changed.
  Result<std::int64_t> change(std::string_view sql, RoomValues values = {});
  Result<void> run(std::string_view sql, RoomValues values = {});
  // Of the newest INSERT of this transaction.
  std::int64_t inserted_id() const;
};

class RoomStore {
 public:
  explicit RoomStore(Ledger& ledger, std::chrono::milliseconds patience = std::chrono::seconds{5});
  ~RoomStore();
  RoomStore(const RoomStore&) = delete;
  RoomStore& operator=(const RoomStore&) = delete;

  Result<void> write(const std::function<Result<void>(RoomWriter&)>& work);
  Result<void> read(const std::function<Result<void>(RoomReader&)>& work) const;

  // Grows with every write() of any store of this ledger that may have changed something: what was read at one number
  // still holds while the number is the same.
  std::uint64_t version() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace behoud::ledger
