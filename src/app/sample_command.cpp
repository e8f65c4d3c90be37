#include "app/sample_command.h"

#include <limits>

#include "base/file.h"
#include "sample/shop.h"
#include "sample/shop_file.h"

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

Result<void> make_sample(const Call& call) {
  TRY_ASSIGN(const sample::Plan plan, plan_of(call));
  const auto out = call.value("out");
  if (!out) return fail(Errc::kInvalidArgument, "say where to: --out FILE", "see: behoud help sample");
  return write_to_file(call, plan, std::string{*out});
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
                       {"out", "FILE", "write its orders to a file", false},
                       {"shape", "SHAPE", "of the file: plain, shopify, woocommerce, events (default: plain)", false}}},
          make_sample};
}

}  // namespace behoud::app
