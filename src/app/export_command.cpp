#include "app/export_command.h"

#include <filesystem>

#include <fmt/format.h>

#include "app/customer_directory.h"
#include "app/export_table.h"
#include "app/kept_shop.h"
#include "app/output_file.h"
#include "app/questions.h"
#include "base/file.h"
#include "base/text.h"

namespace behoud::app {
namespace {

enum class Form : std::uint8_t { kCsv, kParquet };

Result<Form> form_of(const Call& call) {
  const std::string_view form = call.value("format").value_or("csv");
  if (form == "csv") return Form::kCsv;
  if (form == "parquet") return Form::kParquet;
  return fail(Errc::kInvalidArgument, "--format is " + quoted(form), "use csv or parquet");
}

// What DuckDB says of a file that it cannot write names neither the file nor a way out.
Error not_written(Error error, const std::string& path) {
  if (!error.message.starts_with("DuckDB: ")) return error;  // what is exported could not be read
  return {Errc::kUnavailable,
          "cannot write: " + error.message,
          "Check that the disk has room; nothing that was there before has changed.",
          {path, 0, {}},
          {"problem.file_not_kept"}};
}

// In a file of its own first, so that a reader never sees half of it.
Result<void> write_parquet_whole(const ExportTable& table, const std::string& path) {
  TRY(AtomicFile::create(path));  // a place that takes no file says so as for any other
  const std::string partial = path + ".partial";
  std::error_code error;
  const auto written = write_parquet(table, partial);
  if (!written) {
    std::filesystem::remove(partial, error);
    return std::unexpected(not_written(written.error(), path));
  }
  std::filesystem::rename(partial, path, error);
  if (error)
    return fail(Errc::kUnavailable, "cannot write: " + error.message(),
                "Check the folder and its rights; nothing that was there before has changed.", {path, 0, {}},
                {"problem.file_not_kept"});
  return {};
}

Result<void> export_rows(const Call& call) {
  const std::string_view what = call.arguments.operands().front();
  if (what != "orders" && what != "customers" && what != "events") {
    return fail(Errc::kInvalidArgument, quoted(what) + " cannot be exported", "export orders, customers or events");
  }
  TRY_ASSIGN(const Form form, form_of(call));
  const auto out = call.value("out");
  if (form == Form::kParquet && !out) {
    return fail(Errc::kInvalidArgument, "a Parquet file needs a name", "say where to: --out FILE");
  }
  if (out) TRY(require_free("out", std::string{*out}, {}));
  TRY_ASSIGN(const ledger::Ledger ledger, open_ledger(data_of(call), ledger::Access::kRead, call.world));
  TRY_ASSIGN(ledger::Snapshot taken, ledger.snapshot());
  const auto snapshot = std::make_shared<const ledger::Snapshot>(std::move(taken));
  timeline::EveryOrder orders;
  ExportTable table;
  if (what == "events") {
    table = events_table(snapshot);
  } else if (what == "orders") {
    TRY_ASSIGN(orders, timeline::rebuild_every_order(*snapshot));
    table = orders_table(orders);
    call.console.note(without_orders(orders.histories));
  } else {
    TRY_ASSIGN(FolderShop shop, read_kept_shop(ledger, *snapshot));
    call.console.note(without_orders(shop.histories));
    TRY_ASSIGN(auto directory,
               CustomerDirectory::create(*snapshot, std::make_shared<const FolderShop>(std::move(shop))));
    table = customers_table(std::move(directory));
  }
  std::uint64_t rows = 0;
  Progress progress = progress_on(call.console, call.world, fmt::format("Exporting {}", what), "rows");
  const auto next = std::move(table.next);
  table.next = [&](std::vector<ExportCell>& row) -> Result<bool> {
    if (call.console.abandoned()) return fail(Errc::kUnavailable, "the export was given up: nobody waits for it");
    TRY_ASSIGN(const bool more, next(row));
    rows += more ? 1U : 0U;
    if (rows % 4096 == 0) progress.update(rows, 0);
    return more;
  };
  if (form == Form::kParquet) {
    TRY(write_parquet_whole(table, std::string{*out}));
  } else if (out) {
    TRY_ASSIGN(AtomicFile file, AtomicFile::create(std::string{*out}));
    TRY(write_csv(table, [&](std::string_view bytes) { return file.append(bytes); }));
    TRY(file.commit());
  } else {
    TRY(write_csv(table, [&](std::string_view bytes) -> Result<void> {
      call.console.out(bytes);
      return {};
    }));
  }
  progress.finish();
  if (out) call.console.note(fmt::format("{} {} in {}\n", rows, what, *out));
  return {};
}

}  // namespace

Command export_command() {
  return {{.name = "export",
           .operands = "orders|customers|events",
           .operands_min = 1,
           .operands_max = 1,
           .summary = "Writes what a data folder holds as CSV or Parquet",
           .details =
               "Every order as it stands, with what was refunded. counts says whether figures are made of it, and\n"
               "why_not why they are not: awaited, void, cancelled, refunded, unknown_status, test, anonymous,\n"
               "incomplete. Its amounts are in the shop's currency, and empty without an exchange rate; those of the\n"
               "stated_ columns are in its own. Customers with their sums, and\n"
               "the country and source stated of them, else of their first order; events as they came.\n"
               "Amounts are in minor units (cents) of the currency beside them, times in UTC. In CSV a text that\n"
               "a spreadsheet would run as a formula gets an apostrophe before it.",
           .options = {data_option(),
                       {"format", "FORM", "csv or parquet (default: csv)", false},
                       {"out", "FILE", "where to (default, for csv: standard output)", false}}},
          export_rows};
}

}  // namespace behoud::app
