#include "app/import_command.h"

#include <array>
#include <cstdio>
#include <filesystem>

#include <fmt/format.h>
#include <openssl/evp.h>

#include "app/data_access.h"
#include "app/folder_shop.h"
#include "app/import_account.h"
#include "app/imports_json.h"
#include "app/order_pipeline.h"
#include "app/read_options.h"
#include "app/sheet.h"
#include "base/file.h"
#include "base/text.h"
#include "ingest/mapping.h"
#include "ingest/records.h"

namespace behoud::app {
namespace {

using ledger::ImportKind;

// Above this many orders the window of later imports is not compared with the shop's: it would take as long as reading.
constexpr std::uint64_t kOrdersToCompareMax = 2'000'000;

Result<ImportKind> kind_of(const Call& call) {
  const std::string& text = call.arguments.operands().front();
  const auto kind = ledger::parse_import_kind(text);
  if (kind && *kind != ImportKind::kEvents) return *kind;
  return fail(Errc::kInvalidArgument, behoud::quoted(text) + " is nothing that can be imported",
              "import orders, customers, costs, items, rates or subscriptions");
}

// SHA-256 of the files' bytes, one after the other, in hexadecimal. Errors: kNotFound, kUnavailable.
Result<std::string> sum_of(const std::vector<std::string>& files) {
  const std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> hash(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  std::vector<unsigned char> chunk(1 << 20);
  EVP_DigestInit_ex(hash.get(), EVP_sha256(), nullptr);
  for (const std::string& path : files) {
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"), std::fclose);
    if (!file) return fail(Errc::kNotFound, "there is no such file, or it cannot be opened", "check the path", {path});
    while (const std::size_t n = std::fread(chunk.data(), 1, chunk.size(), file.get())) {
      EVP_DigestUpdate(hash.get(), chunk.data(), n);
    }
    if (std::ferror(file.get()) != 0)
      return fail(Errc::kUnavailable, "the file could not be read to its end", {}, {path});
  }
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  EVP_DigestFinal_ex(hash.get(), digest.data(), &size);
  std::string out;
  for (unsigned i = 0; i < size; ++i) out += fmt::format("{:02x}", digest[i]);
  return out;
}

// What the files are read with, and what the first import makes the shop's own.
struct Plan {
  ImportKind kind = ImportKind::kOrders;
  std::vector<std::string> typed, paths;  // the files, as typed and as they can be opened
  std::optional<std::string> map;         // --map as it stands
  calendar::Zone zone = calendar::Zone::utc();
  std::optional<money::Currency> currency;  // of amounts that state none
  std::string date_format, source, said_currency;
  Standings statuses;
  bool dry_run = false;
  ledger::Settings shop;  // as it was before
  ledger::SettingsChange change;
  std::vector<std::string> remarks;
};

Result<Plan> plan_of(const Call& call) {
  Plan plan;
  TRY_ASSIGN(plan.kind, kind_of(call));
  const auto& operands = call.arguments.operands();
  for (auto file = operands.begin() + 1; file != operands.end(); ++file) {
    plan.typed.push_back(*file);
    plan.paths.push_back(input_path(call, *file));
  }
  if (const auto map = call.value("map")) plan.map = std::string{*map};
  if (const auto zone = call.value("timezone")) {
    TRY_ASSIGN(plan.zone, of_option("timezone", calendar::Zone::create(*zone)));
  }
  if (const auto code = call.value("currency")) {
    TRY_ASSIGN(plan.currency, of_option("currency", money::Currency::parse(*code)));
  }
  plan.said_currency = call.value("currency").value_or("");
  plan.date_format = call.value("date-format").value_or("");
  plan.source = call.value("source").value_or("");
  TRY_ASSIGN(plan.statuses, statuses_of(call));
  plan.dry_run = call.has("dry-run");
  return plan;
}

// The shop's zone: what was said, else what it has, else what is answered, else UTC.
Result<void> settle_zone(const Call& call, Plan& plan) {
  const bool said = call.has("timezone");
  if (plan.shop.zone) {
    if (said) return {};  // of this file's times alone
    TRY_ASSIGN(plan.zone, calendar::Zone::create(*plan.shop.zone));
    return {};
  }
  if (!said && plan.kind != ImportKind::kOrders) return {};
  if (!said && call.console.can_ask()) {
    for (;;) {
      TRY_ASSIGN(const std::string answer, call.console.ask("In which time zone is the shop? (as Europe/Amsterdam) "));
      auto zone = calendar::Zone::create(answer);
      if (zone) {
        plan.zone = *zone;
        break;
      }
      call.console.note(zone.error().message + ". " + zone.error().hint + "\n");
    }
  } else if (!said) {
    plan.remarks.push_back(
        "no time zone was given, so days are those of UTC; change it with: behoud settings --timezone ZONE");
  }
  plan.change.zone = plan.zone.name();
  return {};
}

Result<money::Currency> ask_currency(const Call& call) {
  for (;;) {
    TRY_ASSIGN(const std::string answer, call.console.ask("In which currency are the amounts? (as EUR) "));
    auto currency = money::Currency::parse(answer);
    if (currency) return *currency;
    call.console.note(currency.error().message + "\n");
  }
}

// Where reading meets writing: the ledger's writer behind the pipeline's thread.
class OrderTaker : public ingest::OrderSink {
 public:
  OrderTaker(ledger::ImportWriter* writer, const Console& console) : writer_(writer), console_(console) {}
  Result<void> order(const ledger::OrderAssertion& order) override {
    TRY(go_on());
    return writer_ != nullptr ? writer_->add(order) : Result<void>{};
  }
  Result<void> refund(const ingest::LooseRefund& refund) override {
    TRY(go_on());
    const ledger::RefundRecord record{refund.customer, refund.at, refund.amount, refund.line};
    return writer_ != nullptr ? writer_->add(record) : Result<void>{};
  }

 private:
  Result<void> go_on() {
    if (++taken_ % 4096 != 0 || !console_.abandoned()) return {};
    return fail(Errc::kUnavailable, "the import was given up: nobody waits for it");
  }
  ledger::ImportWriter* writer_;
  const Console& console_;
  std::uint64_t taken_ = 0;
};

Result<ImportAccount> read_order_files(const Call& call, Plan& plan, ledger::ImportWriter* writer) {
  ingest::ReadOptions options;
  if (plan.map) {
    TRY_ASSIGN(options.map, of_option("map", ingest::parse_mapping(*plan.map)));
  }
  options.zone = plan.zone;
  options.currency = plan.currency;
  options.date_format = plan.date_format;
  options.source = plan.source;
  options.now = call.world.now();
  options.remembered = [&plan](std::string_view shape) -> std::optional<ingest::Mapping> {
    const auto found = plan.shop.mappings.find(shape);
    if (found == plan.shop.mappings.end()) return std::nullopt;
    const auto mapping = ingest::parse_mapping(found->second);
    return mapping ? std::optional(*mapping) : std::nullopt;
  };
  Progress progress = progress_on(call.console, call.world, "Importing", "bytes");
  options.progress = [&progress](std::uint64_t done, std::uint64_t total) { progress.update(done, total); };
  OrderTaker taker(writer, call.console);
  OrderPipeline pipeline(taker);
  auto facts = ingest::read_orders(plan.paths, options, pipeline);
  const auto taken = pipeline.finish();
  if (!taken) return std::unexpected(taken.error());
  if (!facts) return std::unexpected(facts.error());
  progress.finish();
  if (options.map) {
    for (const auto& shape : facts->files) plan.change.mappings[shape.fingerprint] = ingest::to_string(*options.map);
  }
  return account_of(*facts);
}

Result<ImportAccount> read_record_files(const Call& call, Plan& plan, ledger::ImportWriter* writer) {
  const auto kind = ingest::parse_record_kind(ledger::name(plan.kind));
  ingest::RecordOptions options;
  if (plan.map) {
    TRY_ASSIGN(options.map, of_option("map", ingest::parse_field_mapping(*kind, *plan.map)));
  }
  options.zone = plan.zone;
  options.currency = plan.currency;
  options.date_format = plan.date_format;
  options.now = call.world.now();
  options.remembered = [&plan, kind](std::string_view shape) -> std::optional<ingest::FieldMapping> {
    const auto found = plan.shop.mappings.find(shape);
    if (found == plan.shop.mappings.end()) return std::nullopt;
    const auto mapping = ingest::parse_field_mapping(*kind, found->second);
    return mapping ? std::optional(*mapping) : std::nullopt;
  };
  Progress progress = progress_on(call.console, call.world, "Importing", "bytes");
  options.progress = [&progress](std::uint64_t done, std::uint64_t total) { progress.update(done, total); };
  std::uint64_t taken = 0;
  const auto take = [&](const auto& record) -> Result<void> {
    if (++taken % 4096 == 0 && call.console.abandoned()) {
      return fail(Errc::kUnavailable, "the import was given up: nobody waits for it");
    }
    return writer != nullptr ? writer->add(record) : Result<void>{};
  };
  const auto read = [&]() -> Result<ingest::RecordFacts> {
    switch (*kind) {
      case ingest::RecordKind::kCustomers:
        return ingest::read_customers(plan.paths, options, take);
      case ingest::RecordKind::kCosts:
        return ingest::read_costs(plan.paths, options, take);
      case ingest::RecordKind::kItems:
        return ingest::read_items(plan.paths, options, take);
      case ingest::RecordKind::kRates:
        return ingest::read_rates(plan.paths, options, take);
      case ingest::RecordKind::kSubscriptions:
        return ingest::read_subscriptions(plan.paths, options, take);
    }
    return fail(Errc::kInvalidArgument, "no such kind");
  };
  TRY_ASSIGN(const ingest::RecordFacts facts, read());
  progress.finish();
  if (options.map) {
    for (const auto& shape : facts.files) plan.change.mappings[shape.fingerprint] = ingest::to_string(*options.map);
  }
  ImportAccount account = account_of(facts);
  account.currency = plan.currency.value_or(money::Currency::none());
  return account;
}

Result<ImportAccount> read_files(const Call& call, Plan& plan, ledger::ImportWriter* writer) {
  auto account =
      plan.kind == ImportKind::kOrders ? read_order_files(call, plan, writer) : read_record_files(call, plan, writer);
  if (!account) return std::unexpected(as_typed(call, account.error()));
  for (ImportedFile& file : account->files) file.file = as_typed(call, std::move(file.file));
  for (ingest::Rejected& row : account->rejected) row.place.file = as_typed(call, std::move(row.place.file));
  for (ingest::Notice& notice : account->notices) {
    if (const auto file = notice.args.find("file"); file != notice.args.end()) {
      file->second = as_typed(call, std::move(file->second));
    }
  }
  return account;
}

std::string joined(const std::vector<std::string>& files) {
  std::string out;
  for (const std::string& file : files)
    out += (out.empty() ? "" : ", ") + std::filesystem::path(file).filename().string();
  return out;
}

ledger::ImportMeta meta_of(const Plan& plan, const std::string& sum, bool sample) {
  ledger::ImportMeta meta;
  meta.kind = plan.kind;
  meta.file_name = joined(plan.typed);
  meta.source = plan.source;
  meta.sha256 = sum;
  meta.options = fmt::format("map={};zone={};currency={};date={}", plan.map.value_or(""), plan.zone.name(),
                             plan.said_currency, plan.date_format);
  meta.sample = sample;
  meta.dry_run = plan.dry_run;
  return meta;
}

// A shop without a currency gets the one that most orders have. Nothing says which: an error, or a question.
Result<void> settle_currency(Plan& plan, const ImportAccount& account) {
  if (plan.kind != ImportKind::kOrders || plan.shop.currency) return {};
  const money::Currency found =
      account.currency.known() ? account.currency : plan.currency.value_or(money::Currency::none());
  if (!found.known()) {
    return fail(Errc::kBadInput, "no order states a currency", "say which with --currency, as --currency EUR",
                {{}, 0, "currency"});
  }
  plan.change.currency = plan.currency.value_or(found);
  if (!plan.currency) {
    plan.remarks.push_back(fmt::format(
        "amounts are reported in {}, which most orders have; change it with: behoud settings --currency CUR",
        found.code()));
  }
  return {};
}

// Chosen once, at the first import of orders, and stored; later imports only propose another.
Result<void> settle_window(const Plan& plan, ledger::Ledger& ledger, const ledger::ImportRow& row,
                           std::vector<std::string>& remarks) {
  if (plan.kind != ImportKind::kOrders || (row.added == 0 && row.changed == 0)) return {};
  TRY_ASSIGN(const ledger::Snapshot snapshot, ledger.snapshot());
  const std::optional<int> window = snapshot.settings().window_days;
  TRY_ASSIGN(const std::uint64_t orders, snapshot.count(ImportKind::kOrders));
  if (window && orders > kOrdersToCompareMax) return {};
  TRY_ASSIGN(const timeline::Rebuilt rebuilt, timeline::rebuild(snapshot));
  const int proposed = retention::choose_window(rebuilt.histories).days;
  if (!window) {
    ledger::SettingsChange change;
    change.window_days = proposed;
    TRY(ledger.change(change));
    remarks.push_back(fmt::format(
        "a customer is active for {} days after an order; change it with: behoud settings --window Nd", proposed));
  } else if (*window != proposed) {
    remarks.push_back(
        fmt::format("the orders now fit a window of {} days better than the shop's {}; change it with: behoud settings "
                    "--window {}d",
                    proposed, *window, proposed));
  }
  return {};
}

Result<void> tell(const Call& call, const Plan& plan, ImportAccount account) {
  if (account.rejected_count > 0) {
    const std::string name = plan.typed.front() + ".rejected.csv";
    const auto written = write_file(output_path(call, name), rejected_csv(account.rejected));
    if (written) {
      account.rejected_file = name;
    } else {
      account.remarks.push_back("the rejected rows could not be written down: " + written.error().message);
    }
  }
  account.dry_run = plan.dry_run;
  TRY_ASSIGN(const Format format, format_of(call));
  call.console.out(format == Format::kJson ? to_json(account) + "\n" : to_text(account));
  return {};
}

// Into the ledger, whole or not at all.
Result<ImportAccount> import_into(const Call& call, Plan& plan, const std::string& sum) {
  TRY_ASSIGN(WritingLedger ledger, open_writing(call, IfMissing::kCreate));
  TRY_ASSIGN(plan.shop, ledger->settings());
  TRY(settle_zone(call, plan));
  if (!plan.currency && plan.shop.currency) plan.currency = plan.shop.currency;
  for (const auto& [word, standing] : plan.statuses) plan.change.statuses[word] = standing;
  for (;;) {
    TRY_ASSIGN(ledger::ImportWriter writer, ledger->begin_import(meta_of(plan, sum, ledger->sample())));
    ImportAccount account;
    if (!writer.repeats()) {
      auto read = read_files(call, plan, &writer);
      const auto currency = read ? settle_currency(plan, *read) : Result<void>{};
      if (!read || !currency) {
        // A disk that is full stays so: what was written is swept at the next start instead.
        (void)writer.abort();
        if (!read) return std::unexpected(read.error());
        if (!call.console.can_ask()) return std::unexpected(currency.error());
        TRY_ASSIGN(plan.currency, ask_currency(call));
        continue;
      }
      account = std::move(*read);
    }
    TRY_ASSIGN(account.import, writer.commit(plan.change));
    account.remarks = plan.remarks;
    if (!plan.dry_run) {
      // The import is kept, whatever becomes of its proposal.
      if (const auto window = settle_window(plan, *ledger, *account.import, account.remarks); !window) {
        account.remarks.push_back("the activity window could not be chosen: " + window.error().message);
      }
    }
    return account;
  }
}

// A first import that failed leaves nothing behind: the folder goes if it came with it, else what was put into it.
void forget_folder(const std::string& folder, bool was_there) {
  std::error_code error;
  if (!was_there) {
    std::filesystem::remove_all(folder, error);
    return;
  }
  for (const char* name : {"behoud.db", "behoud.db-wal", "behoud.db-shm", "lock"}) {
    std::filesystem::remove(std::filesystem::path(folder) / name, error);
  }
}

Result<void> import_files(const Call& call) {
  TRY(format_of(call));
  TRY_ASSIGN(Plan plan, plan_of(call));
  // Known before anything is made: a file that is not there, or holds nothing of the kind, leaves no folder behind.
  TRY_ASSIGN(const std::string sum, [&]() -> Result<std::string> {
    auto made = sum_of(plan.paths);
    if (!made) return std::unexpected(as_typed(call, made.error()));
    return made;
  }());
  const std::string folder = data_of(call);
  const bool fresh = call.host == nullptr && !ledger::DataFolder::holds_ledger(folder);
  if (fresh && plan.dry_run) {
    // There is nothing to compare with: the reading alone says what would come of it.
    TRY(settle_zone(call, plan));
    TRY_ASSIGN(ImportAccount seen, read_files(call, plan, nullptr));
    TRY(settle_currency(plan, seen));
    seen.remarks = plan.remarks;
    return tell(call, plan, std::move(seen));
  }
  const bool folder_was_there = std::filesystem::exists(folder);
  auto account = import_into(call, plan, sum);
  if (!account && fresh && account.error().code != Errc::kConflict) forget_folder(folder, folder_was_there);
  if (!account) return std::unexpected(account.error());
  return tell(call, plan, std::move(*account));
}

Result<void> show_imports(const Call& call) {
  TRY_ASSIGN(const Format format, format_of(call));
  const auto& operands = call.arguments.operands();
  if (!operands.empty()) {
    const auto id = operands.size() == 2 && operands.front() == "undo" ? parse_integer(operands.back()) : std::nullopt;
    if (!id || *id < 1 || *id > 0xFFFFFFFFLL) {
      return fail(Errc::kInvalidArgument, "imports takes nothing, or undo and the number of an import",
                  "see: behoud imports");
    }
    TRY_ASSIGN(WritingLedger ledger, open_writing(call, IfMissing::kFail));
    TRY_ASSIGN(const ledger::ImportRow row, ledger->undo_import(static_cast<ledger::ImportId>(*id)));
    call.console.out(format == Format::kJson
                         ? import_json(row) + "\n"
                         : fmt::format("Import {} ({}) is taken back; what another import holds too stays.\n", row.id,
                                       row.meta.file_name));
    return {};
  }
  TRY_ASSIGN(const ledger::Ledger ledger, open_reading(call));
  TRY_ASSIGN(const std::vector<ledger::ImportRow> imports, ledger.imports());
  if (format == Format::kJson) {
    call.console.out(imports_json(imports) + "\n");
    return {};
  }
  Sheet sheet;
  for (const char* name : {"id", "kind", "file", "state", "received", "rows", "added", "changed", "repeated"}) {
    sheet.columns.push_back({name, false});
  }
  for (const ledger::ImportRow& row : imports) {
    sheet.rows.push_back({static_cast<std::uint64_t>(row.id), std::string(ledger::name(row.meta.kind)),
                          row.meta.file_name, std::string(import_state(row)), to_string(row.received), row.rows,
                          row.added, row.changed, row.repeated});
  }
  call.console.out(format == Format::kCsv ? to_csv(sheet) : to_table(sheet, {{}, call.console.out_terminal().utf8}));
  return {};
}

}  // namespace

Command import_command() {
  std::vector<Option> options{data_option(),
                              {"dry-run", "", "show what would happen, keep nothing", false},
                              {"format", "FORMAT", "table or json (default: table)", false},
                              json_option()};
  for (const Option& o : read_options()) options.push_back(o);
  options.push_back(status_option());
  return {
      {.name = "import",
       .operands = "orders|customers|costs|items|rates|subscriptions FILE...",
       .operands_min = 2,
       .operands_max = kAnyNumber,
       .summary = "Takes files into a data folder, all or nothing",
       .details = "The same file twice adds nothing; a newer export that overlaps adds what is new and applies what\n"
                  "changed. The first import of orders sets the shop's zone, currency and window. Rows that cannot be\n"
                  "read are listed in FILE.rejected.csv with line, column and reason.",
       .options = std::move(options)},
      import_files,
      [](const Arguments& arguments) { return !arguments.has("dry-run"); },
      1};
}

Command imports_command() {
  return {{.name = "imports",
           .operands = "[undo ID]",
           .operands_min = 0,
           .operands_max = 2,
           .summary = "Lists what was imported, or takes an import back",
           .details = "What another import holds too stays.",
           .options = {data_option(), format_option(), json_option()}},
          show_imports,
          [](const Arguments& arguments) { return !arguments.operands().empty(); }};
}

}  // namespace behoud::app
