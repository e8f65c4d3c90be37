// A dry run shows what the import then does, to the unit: its bridge, its counts, what it rejects, what it has to tell.
// Files are random: rows of several orders, returns, cancelled and unknown statuses, rows that cannot be read, the same
// row twice; so is what the shop holds before, some of it taken back.

#include <array>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "app/folder_shop.h"
#include "app/import.h"
#include "app/import_view.h"
#include "app/testing/fake_console.h"
#include "app/testing/process.h"
#include "base/file.h"
#include "language/catalogue.h"

namespace behoud::app::testing {
namespace {

std::string some_orders() {
  static const std::vector<std::string> statuses{"paid", "paid", "cancelled", "refunded", "on a cloud", ""};
  static const std::vector<std::string> days{"2024-01-05", "2024-02-11", "2024-02-30", "soon", "2023-12-31"};
  static const std::vector<std::string> amounts{"10.00", "7.50", "-3.00", "0.00", "much", ""};
  std::string out = "order_id,customer,date,amount,currency,status,item\n1,anna-17,2024-01-05,10.00,EUR,paid,tea\n";
  const auto rows = *rc::gen::container<std::vector<std::array<int, 6>>>(
      rc::gen::container<std::array<int, 6>>(rc::gen::inRange(0, 30)));
  for (const auto& r : rows) {
    const auto of = [](const std::vector<std::string>& all, int n) {
      // Mostly the first, which is well.
      return n < 15 ? all[0] : all[static_cast<std::size_t>(n) % all.size()];
    };
    out += fmt::format("{},customer-{},{},{},EUR,{},item-{}\n", r[0] % 12, r[1] % 5, of(days, r[2]), of(amounts, r[3]),
                       of(statuses, r[4]), r[5] % 3);
  }
  return out;
}

std::string seen(const Result<ImportOutcome>& outcome) {
  if (!outcome) return "error: " + outcome.error().message;
  static const language::Catalogue catalogue(language::Language::en);
  ImportOutcome o = *outcome;
  o.row.state = ledger::ImportState::kCommitted;
  o.row.received = o.row.came_at = {};
  o.row.meta.dry_run = false;
  // The window is chosen behind the import, from all that is there then.
  o.settings.window_days.reset();
  o.window_proposed_days.reset();
  return import_json({false, o, {}, catalogue});
}

RC_GTEST_PROP(DryRun, ShowsWhatTheImportThenDoes, ()) {
  const TemporaryFolder folder;
  FakeWorld world;
  auto made = ledger::DataFolder::create(folder / "shop", false, environment_of(world.world()));
  RC_ASSERT(made.has_value());
  ledger::Ledger ledger = std::move(*ledger::Ledger::open(std::move(*made)));
  const auto run = [&](const std::string& name, bool dry_run) {
    ImportRequest request;
    request.typed = request.paths = {folder / name};
    request.now = calendar::Instant{1'750'000'000'000};
    request.dry_run = dry_run;
    ImportSurroundings around;
    around.warn = [](std::string_view) {};
    around.progress = [](std::uint64_t, std::uint64_t) {};
    around.abandoned = [] { return false; };
    return import_files(ledger, request, around);
  };
  const int before = *rc::gen::inRange(0, 3);
  for (int i = 0; i < before; ++i) {
    const std::string name = fmt::format("before-{}.csv", i);
    RC_ASSERT(write_file(folder / name, some_orders()).has_value());
    const auto there = run(name, false);
    if (there && *rc::gen::arbitrary<bool>()) RC_ASSERT(ledger.undo_import(there->row.id).has_value());
  }
  RC_ASSERT(write_file(folder / "new.csv", some_orders()).has_value());
  const std::string name = before > 0 && *rc::gen::inRange(0, 4) == 0 ? "before-0.csv" : "new.csv";
  const auto revision = ledger.revision().value();
  const std::string tried = seen(run(name, true));
  RC_ASSERT(ledger.revision().value() == revision);
  RC_ASSERT(tried == seen(run(name, false)));
}

}  // namespace
}  // namespace behoud::app::testing
