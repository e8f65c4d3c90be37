#include "app/question_command.h"

#include <fmt/format.h>

#include "app/customer_command.h"
#include "app/customer_list.h"
#include "app/data_access.h"
#include "app/explain.h"
#include "app/kept_shop.h"
#include "app/questions.h"

namespace behoud::app {
namespace {

Result<void> ask(std::string_view name, const Call& call) {
  TRY_ASSIGN(const Format format, format_of(call));
  const Lookup said = [&call](std::string_view option) { return call.value(option); };
  TRY(parse_question(said, calendar::Zone::utc()));  // a mistake is found before the folder is read
  TRY(wants_names(said));
  if (name == "customers") {
    TRY_ASSIGN(const bool list, asks_for_list(said));
    if (list) return list_customers(call);
  }
  Explanation explanation(call);
  TRY_ASSIGN(const ledger::Ledger ledger, open_reading(call));
  TRY_ASSIGN(const ledger::Snapshot snapshot, ledger.snapshot());
  Progress progress = progress_on(call.console, call.world, "Reading the ledger", "orders");
  timeline::RebuildOptions options;
  options.progress = [&progress](std::uint64_t done, std::uint64_t total) { progress.update(done, total); };
  TRY_ASSIGN(FolderShop read, read_kept_shop(ledger, snapshot, options));
  const auto kept = std::make_shared<const FolderShop>(std::move(read));
  const FolderShop& shop = *kept;
  Asked of{shop.histories, shop.settings, shop.prepared.get()};
  TRY_ASSIGN(const bool names, wants_names(said));
  if (names) {
    TRY_ASSIGN(const auto directory, CustomerDirectory::create(snapshot, kept));
    of.called = [directory, kept](auto rows) { return called_of(*directory, kept->histories, rows); };
  }
  progress.finish();
  explanation.has_read();
  for (const timeline::Unused& u : shop.unused) {
    call.console.note(fmt::format("{} x {} in {}: no rate, so it is left out (behoud import rates)\n", u.count, u.what,
                                  u.currency.code()));
  }
  TRY_ASSIGN(const std::string answer, answer_question(name, of, said, format, call.console.out_terminal().utf8));
  if (format != Format::kTable) call.console.note(without_orders(shop.histories));  // a table says it itself
  call.console.out(answer);
  explanation.tell(shop, format);
  keep_shop(ledger, shop);
  return {};
}

}  // namespace

std::vector<Command> question_commands() {
  std::vector<Command> out;
  for (const QuestionSyntax& q : questions()) {
    std::vector<Option> options{data_option(), format_option(), json_option(), explain_option()};
    options.insert(options.end(), q.options.begin(), q.options.end());
    out.push_back({{.name = q.name,
                    .operands = "",
                    .operands_min = 0,
                    .operands_max = 0,
                    .summary = q.title,
                    .details = q.details,
                    .options = std::move(options)},
                   [name = q.name](const Call& call) { return ask(name, call); }});
  }
  return out;
}

}  // namespace behoud::app
