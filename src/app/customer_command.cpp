#include "app/customer_command.h"

#include <fmt/format.h>

#include "app/customer_history.h"
#include "app/customer_list.h"
#include "app/data_access.h"
#include "app/explain.h"
#include "app/kept_shop.h"

namespace behoud::app {
namespace {

Lookup said_of(const Call& call) {
  return [&call](std::string_view option) { return call.value(option); };
}

Result<std::shared_ptr<const CustomerDirectory>> read_directory(const Call& call, const ledger::Ledger& ledger,
                                                                const ledger::Snapshot& snapshot) {
  Progress progress = progress_on(call.console, call.world, "Reading the ledger", "orders");
  timeline::RebuildOptions options;
  options.progress = [&progress](std::uint64_t done, std::uint64_t total) { progress.update(done, total); };
  TRY_ASSIGN(FolderShop shop, read_kept_shop(ledger, snapshot, options));
  progress.finish();
  return CustomerDirectory::create(snapshot, std::make_shared<const FolderShop>(std::move(shop)));
}

}  // namespace

Result<void> list_customers(const Call& call) {
  TRY_ASSIGN(const Format format, format_of(call));
  TRY_ASSIGN(const CustomerQuery query, parse_customer_query(said_of(call)));
  Explanation explanation(call);
  TRY_ASSIGN(const ledger::Ledger ledger, open_reading(call));
  TRY_ASSIGN(const ledger::Snapshot snapshot, ledger.snapshot());
  TRY_ASSIGN(const auto directory, read_directory(call, ledger, snapshot));
  explanation.has_read();
  const CustomerPage page = page_of(*directory, query);
  switch (format) {
    case Format::kJson:
      call.console.out(page_json(*directory, page));
      break;
    case Format::kCsv:
      call.console.out(to_csv(page_sheet(*directory, page)));
      break;
    case Format::kTable:
      call.console.out(to_table(page_sheet(*directory, page),
                                {directory->shop().histories.currency, call.console.out_terminal().utf8}));
      call.console.out(fmt::format("\n{} of {}\n", page.customers.size(), page.total));
      break;
  }
  explanation.tell(directory->shop(), format);
  if (page.next && format != Format::kJson) call.console.note("more: --cursor " + *page.next + "\n");
  return {};
}

namespace {

Result<void> show_customer(const Call& call) {
  TRY_ASSIGN(const Format format, format_of(call));
  TRY_ASSIGN(const HistoryQuery query, parse_history_query(said_of(call)));
  Explanation explanation(call);
  TRY_ASSIGN(const ledger::Ledger ledger, open_reading(call));
  TRY_ASSIGN(const ledger::Snapshot snapshot, ledger.snapshot());
  TRY_ASSIGN(const auto directory, read_directory(call, ledger, snapshot));
  explanation.has_read();
  TRY_ASSIGN(const std::uint32_t who, customer_named(*directory, call.arguments.operands().front(), said_of(call)));
  TRY_ASSIGN(const CustomerHistory history, history_of(snapshot, *directory, who, query));
  switch (format) {
    case Format::kJson:
      call.console.out(history_json(*directory, history));
      break;
    case Format::kCsv:
      call.console.out(to_csv(history_sheet(history)));
      break;
    case Format::kTable:
      call.console.out(history_heading(*directory, history));
      call.console.out(
          to_table(history_sheet(history), {directory->shop().histories.currency, call.console.out_terminal().utf8}));
      break;
  }
  explanation.tell(directory->shop(), format);
  if (history.next && format != Format::kJson) call.console.note("more: --cursor " + *history.next + "\n");
  return {};
}

}  // namespace

Command customer_command() {
  std::vector<Option> options{data_option(), format_option(), json_option(), explain_option()};
  for (const Option& option : history_options()) options.push_back(option);
  return {{.name = "customer",
           .operands = "ID",
           .operands_min = 1,
           .operands_max = 1,
           .summary = "One customer's whole history",
           .details =
               "ID is the key that behoud customers shows. Every order with its refunds, status and items, and every\n"
               "event, newest first, with who they are and what their figures say.",
           .options = std::move(options)},
          show_customer};
}

}  // namespace behoud::app
