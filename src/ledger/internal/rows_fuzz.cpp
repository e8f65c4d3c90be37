// Any bytes as a row of the ledger, above all as an order's blob: a record or kCorrupt, never a crash, never a view
// beyond what the row holds.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include <sqlite3.h>
#include <unistd.h>

#include "ledger/internal/rows.h"
#include "ledger/internal/sqlite.h"
#include "ledger/ledger.h"

using namespace behoud;
using namespace behoud::ledger;
using namespace behoud::ledger::internal;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

// A small ledger whose dictionary, identities and contacts the rows' numbers can mean.
struct World {
  std::string path = std::filesystem::temp_directory_path() / ("behoud-rows-fuzz-" + std::to_string(::getpid()));
  std::optional<Database> db;
  Texts texts;
  sqlite3* rows = nullptr;

  World() {
    std::filesystem::remove_all(path);
    Environment env;
    env.now = [] { return calendar::Instant{1'700'000'000'000}; };
    env.entropy = [n = std::uint64_t{0}]() mutable { return ++n; };
    {
      auto ledger = Ledger::open(std::move(*DataFolder::create(path, false, env)));
      ImportMeta meta;
      meta.file_name = meta.sha256 = "f";
      auto import = ledger->begin_import(meta);
      OrderAssertion o;
      o.order_id = "1";
      o.customer = {IdentitySpace::kEmail, "a@example.com"};
      o.email = "a@example.com";
      o.phone = "+31612345678";
      o.currency = *money::Currency::parse("EUR");
      o.gross_minor = 5;
      o.source = "mail";
      o.country = "NL";
      o.status = "paid";
      require(import->add(o).has_value() && import->commit().has_value());
    }
    db = std::move(*Database::open(path + "/behoud.db", Database::Mode::kRead, ""));
    require(texts.load_dictionary(*db).has_value() && texts.load_identities(*db).has_value() &&
            texts.load_contacts(*db).has_value());
    require(sqlite3_open(":memory:", &rows) == SQLITE_OK);
  }
  ~World() { std::filesystem::remove_all(path); }
};

// Bytes as the cells of a row: each begins with a byte that says what it is.
struct Cells {
  std::string_view from;
  std::uint8_t byte() {
    if (from.empty()) return 0;
    const auto b = static_cast<std::uint8_t>(from.front());
    from.remove_prefix(1);
    return b;
  }
};

// `SELECT look(?1, ...)`: the way in which the ledger itself gets its rows.
template <class Look>
void as_row(sqlite3* db, Cells cells, int count, const Look& look) {
  const auto call = [](sqlite3_context* context, int size, sqlite3_value** values) {
    (*static_cast<const Look*>(sqlite3_user_data(context)))(Row(values, size));
  };
  require(sqlite3_create_function_v2(db, "look", count, SQLITE_UTF8, const_cast<Look*>(&look), call, nullptr, nullptr,
                                     nullptr) == SQLITE_OK);
  std::string sql = "SELECT look(?1";
  for (int i = 2; i <= count; ++i) sql += ", ?" + std::to_string(i);
  sqlite3_stmt* statement = nullptr;
  require(sqlite3_prepare_v2(db, (sql + ")").c_str(), -1, &statement, nullptr) == SQLITE_OK);
  for (int i = 1; i <= count; ++i) {
    const std::uint8_t kind = cells.byte();
    const bool last = i == count;
    if (last || kind % 4 == 3) {
      // The last one takes the rest: the blob.
      const std::size_t size = last ? cells.from.size() : std::min<std::size_t>(kind / 4, cells.from.size());
      sqlite3_bind_blob64(statement, i, cells.from.data() ? cells.from.data() : "", size, SQLITE_STATIC);
      cells.from.remove_prefix(size);
    } else if (kind % 4 == 2) {
      const std::size_t size = std::min<std::size_t>(kind / 4, cells.from.size());
      sqlite3_bind_text64(statement, i, cells.from.data() ? cells.from.data() : "", size, SQLITE_STATIC, SQLITE_UTF8);
      cells.from.remove_prefix(size);
    } else if (kind % 4 == 1) {
      sqlite3_bind_int64(statement, i, kind / 4 < 60 ? kind / 4 : INT64_MIN + kind);
    } else {
      sqlite3_bind_null(statement, i);
    }
  }
  sqlite3_step(statement);
  sqlite3_finalize(statement);
}

std::uint64_t bytes_of(const OrderAssertion& o) {
  std::uint64_t sum = 0;
  const auto touch = [&sum](std::string_view text) {
    for (const char c : text) sum += static_cast<std::uint8_t>(c);
  };
  for (const std::string_view text :
       {o.order_id, o.alias, o.customer.value, o.email, o.phone, o.name, o.status, o.coupon, o.source, o.country}) {
    touch(text);
  }
  for (const OrderLine& l : o.lines) touch(l.item), touch(l.name);
  for (const RefundPart& r : o.refunds) touch(r.id);
  return sum;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static World world;
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const Cells cells{bytes.substr(1)};
  const auto fails_as_damage = [](const auto& read) {
    require(read.has_value() || read.error().code == Errc::kCorrupt || read.error().code == Errc::kInvalidArgument);
  };
  switch (data[0] % 8) {
    case 0:
      as_row(world.rows, cells, kRefundTable.count,
             [&](const Row& row) { fails_as_damage(refund_from_row(row, world.texts)); });
      break;
    case 1:
      as_row(world.rows, cells, kEventTable.count,
             [&](const Row& row) { fails_as_damage(event_from_row(row, world.texts)); });
      break;
    case 2:
      as_row(world.rows, cells, kCustomerTable.count,
             [&](const Row& row) { fails_as_damage(customer_from_row(row, world.texts)); });
      break;
    case 3:
      as_row(world.rows, cells, kSubscriptionTable.count,
             [&](const Row& row) { fails_as_damage(subscription_from_row(row, world.texts)); });
      break;
    case 4:
      as_row(world.rows, cells, kCostTable.count,
             [&](const Row& row) { fails_as_damage(cost_from_row(row, world.texts)); });
      break;
    default:
      as_row(world.rows, cells, kOrderTable.count, [&](const Row& row) {
        OrderAssertion order;
        LineBuffer buffer;
        std::size_t line_rows = 0;
        const auto read = from_row(row, world.texts, order, buffer, line_rows);
        fails_as_damage(read);
        if (!read) return;
        static_cast<void>(bytes_of(order));
        require(alias_of_more(row.bytes(9)) == order.alias);
        require(content_of_more(row.bytes(9)).size() <= row.bytes(9).size());
      });
  }
  return 0;
}
