#include "app/sample_command.h"

#include <filesystem>
#include <limits>

#include <fmt/format.h>

#include "app/folder_shop.h"
#include "app/output_file.h"
#include "base/file.h"
#include "sample/shop.h"
#include "sample/shop_file.h"
#include "sample/shop_store.h"

namespace behoud::app {
namespace {

constexpr std::int64_t kCustomersMax = 50'000'000;
constexpr std::string_view kShopZone = "Europe/Amsterdam";

Result<sample::Plan> plan_of(const Call& call) {
  sample::Plan plan;
  TRY_ASSIGN(const auto customers, integer_of(call, "customers", 1, kCustomersMax, plan.customers));
  TRY_ASSIGN(const auto years, integer_of(call, "years", 1, 30, plan.years));
  TRY_ASSIGN(const auto seed, integer_of(call, "seed", 0, std::numeric_limits<std::int64_t>::max(), 1));
  plan.customers = static_cast<std::uint32_t>(customers);
  plan.years = static_cast<int>(years);
  plan.seed = static_cast<std::uint64_t>(seed);
  return plan;
}

Result<void> write_to_file(const Call& call, sample::Plan plan, const std::string& path) {
  TRY_ASSIGN(const auto shape, of_option("shape", sample::parse_shape(call.value("shape").value_or("plain"))));
  TRY_ASSIGN(const auto zone, calendar::Zone::create(kShopZone));
  plan.behaviour = shape == sample::Shape::kEvents;  // only there is it seen
  TRY_ASSIGN(const sample::Shop shop, sample::make_shop(plan));
  TRY_ASSIGN(AtomicFile file, AtomicFile::create(path));
  Progress progress = progress_on(call.console, call.world, "Writing " + path, "bytes");
  const auto sink = [&](std::string_view bytes) -> Result<void> {
    TRY(file.append(bytes));
    progress.update(file.size(), 0);
    return {};
  };
  TRY(sample::write_shop(shop, shape, zone, sink));
  return file.commit();
}

// Into a folder of its own, marked as a sample. A folder that has the very shop already is left as it is.
Result<void> keep_in_folder(const Call& call, const sample::Plan& plan, const std::string& path) {
  const auto open = [&]() -> Result<ledger::DataFolder> {
    if (ledger::DataFolder::holds_ledger(path)) {
      return ledger::DataFolder::open(path, ledger::Access::kWrite, environment_of(call.world));
    }
    return ledger::DataFolder::create(path, true, environment_of(call.world));
  };
  TRY_ASSIGN(ledger::DataFolder folder, open());
  TRY_ASSIGN(ledger::Ledger ledger, ledger::Ledger::open(std::move(folder)));
  TRY_ASSIGN(const sample::Shop shop, sample::make_shop(plan));
  Progress progress = progress_on(call.console, call.world, "Making a sample shop in " + path, "records");
  auto kept =
      sample::keep_shop(shop, ledger, [&](std::uint64_t done, std::uint64_t total) { progress.update(done, total); });
  if (!kept) {
    // Not the folder is held; it holds another shop.
    if (kept.error().code == Errc::kConflict) kept.error().code = Errc::kInvalidArgument;
    return kept;
  }
  progress.finish();
  TRY_ASSIGN(const ledger::Snapshot snapshot, ledger.snapshot());
  if (!snapshot.settings().window_days) {
    TRY_ASSIGN(const FolderShop histories, read_folder_shop(snapshot));
    ledger::SettingsChange change;
    change.window_days = histories.settings.window_days;
    TRY(ledger.change(change));
  }
  call.console.note(
      fmt::format("a sample shop of {} customers and {} orders is in {}\n", plan.customers, shop.orders.size(), path));
  return {};
}

Result<void> make_sample(const Call& call) {
  TRY_ASSIGN(const sample::Plan plan, plan_of(call));
  const auto out = call.value("out");
  const auto data = call.value("data");
  if (out && data) {
    return fail(Errc::kInvalidArgument, "a sample goes to a file or to a folder", "leave out --out or --data");
  }
  if (out) {
    std::error_code ec;
    if (!call.has("overwrite") && std::filesystem::exists(*out, ec)) {
      return fail(Errc::kInvalidArgument, "there is something already, and a sample takes the place of nothing",
                  "name another file, or say --overwrite", {std::string{*out}, 0, {}});
    }
    TRY(require_free("out", std::string{*out}, {}));
    return write_to_file(call, plan, std::string{*out});
  }
  for (const char* name : {"shape", "overwrite"}) {
    if (data && call.has(name)) {
      return fail(Errc::kInvalidArgument, "is of a file, and --data is a folder", "leave it out, or --out FILE",
                  {{}, 0, name});
    }
  }
  if (data) return keep_in_folder(call, plan, data_of(call));
  return fail(Errc::kInvalidArgument, "say where to: --out FILE or --data DIR", "see: behoud help sample");
}

}  // namespace

Command sample_command() {
  return {{.name = "sample",
           .operands = "",
           .operands_min = 0,
           .operands_max = 0,
           .summary = "Makes a shop that never existed, to try things on",
           .details = "The same numbers make the same shop, byte for byte. Nobody in it is a person.",
           .options = {{"customers", "N", "how many customers (default: 2000)", false},
                       {"years", "Y", "how many years of history (default: 3)", false},
                       {"seed", "S", "another number, another shop (default: 1)", false},
                       {"data", "DIR", "keep it in a data folder of its own, marked as a sample", false},
                       {"out", "FILE", "write its orders to a file", false},
                       {"overwrite", "", "even where that file is there already", false},
                       {"shape", "SHAPE", "of the file: plain, shopify, woocommerce, events (default: plain)", false}}},
          make_sample};
}

}  // namespace behoud::app
