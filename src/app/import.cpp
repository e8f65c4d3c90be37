#include "app/import.h"

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <utility>

#include <fmt/format.h>

#include "app/error_words.h"
#include "app/mapping_memory.h"
#include "app/order_pipeline.h"
#include "app/sha256.h"
#include "app/unknown_statuses.h"
#include "base/text.h"
#include "ingest/mapping.h"
#include "ingest/records.h"
#include "language/catalogue.h"
#include "retention/answers.h"
#include "retention/report/order_tally.h"
#include "retention/window_survey.h"
#include "timeline/rebuild.h"

namespace behoud::app {
namespace {

using ledger::Ledger;
using ledger::Settings;
using ledger::SettingsChange;
using retention::report::OrderTally;
using retention::report::TallyOptions;
using retention::report::TogetherOrders;

constexpr std::uint64_t kOrdersBetweenChecks = 1024;
constexpr std::uint64_t kOrdersToFindACurrency = 1000;
constexpr int kQuestionsMax = 3;

// ---- The shop's zone and currency.

template <class Parse>
auto ask_until_it_fits(const ImportSurroundings& around, const std::string& question, Parse parse)
    -> decltype(parse(std::string{})) {
  for (int i = 1;; ++i) {
    TRY_ASSIGN(const std::string answer, around.ask(question));
    auto parsed = parse(answer);
    if (parsed || i == kQuestionsMax) return parsed;
    around.warn(in_words_of(around.language, parsed.error()).message + "\n");
  }
}

Result<calendar::Zone> shops_zone(const Settings& known, const ImportRequest& request,
                                  const ImportSurroundings& around) {
  if (known.zone) return calendar::Zone::create(*known.zone);
  if (request.how.zone) return *request.how.zone;
  const language::Catalogue words(around.language);
  if (around.ask) {
    return ask_until_it_fits(around, words.text("ingest.import.ask_zone"),
                             [](const std::string& answer) -> Result<calendar::Zone> {
                               return answer.empty() ? calendar::Zone::utc() : calendar::Zone::create(answer);
                             });
  }
  around.warn(words.text("ingest.import.zone_assumed") + "\n");
  return calendar::Zone::utc();
}

std::unexpected<Error> currency_missing() {
  return fail(Errc::kBadInput, "neither the file nor an option says in which currency the amounts are",
              "say it, as --currency EUR", {{}, 0, "currency"}, {"problem.currency_missing"});
}

// ---- Orders.

std::unexpected<Error> given_up() {
  return fail(Errc::kUnavailable, "the import was given up: nobody waits for it any more",
              "nothing of it is seen; the same command goes on where it was", {}, {"problem.import_given_up"});
}

// Hands statements to the ledger; gives up when nobody waits any more.
class Recording : public ingest::OrderSink {
 public:
  Recording(ledger::ImportWriter& writer, const ImportSurroundings& around, retention::WindowSurvey* survey,
            UnknownStatuses& unknown, OrderTally& tally)
      : writer_(writer), around_(around), survey_(survey), unknown_(unknown), tally_(tally) {}
  Result<void> order(const ledger::OrderAssertion& order) override {
    TRY(check());
    unknown_.order(order);
    TRY(tally_.order(order));
    if (survey_ != nullptr) survey_->order(order);
    return writer_.add(order);
  }
  Result<void> refund(const ingest::LooseRefund& refund) override {
    TRY(check());
    if (survey_ != nullptr) survey_->refund();
    TRY(tally_.refund(refund.customer, refund.at, refund.amount));
    return writer_.add(ledger::RefundRecord{refund.customer, refund.at, refund.amount, refund.line});
  }

 private:
  Result<void> check() {
    if (++count_ % kOrdersBetweenChecks != 0 || !around_.abandoned()) return {};
    return given_up();
  }
  ledger::ImportWriter& writer_;
  const ImportSurroundings& around_;
  retention::WindowSurvey* const survey_;  // of the orders that pass; nullptr: nobody asks
  UnknownStatuses& unknown_;
  OrderTally& tally_;
  std::uint64_t count_ = 0;
};

// Sums the orders of a file that is read once more for its bridge alone.
class Tallying : public ingest::OrderSink {
 public:
  Tallying(TallyOptions options, TogetherOrders together, const ImportSurroundings& around)
      : options_(std::move(options)), together_(std::move(together)), around_(around) {
    tally.emplace(options_, together_);
  }
  Result<void> order(const ledger::OrderAssertion& order) override {
    if (++count_ % kOrdersBetweenChecks == 0 && around_.abandoned()) return given_up();
    return tally->order(order);
  }
  Result<void> refund(const ingest::LooseRefund& refund) override {
    return tally->refund(refund.customer, refund.at, refund.amount);
  }
  bool start_over() override {
    tally.emplace(options_, together_);
    return true;
  }

  std::optional<OrderTally> tally;

 private:
  const TallyOptions options_;
  const TogetherOrders together_;
  const ImportSurroundings& around_;
  std::uint64_t count_ = 0;
};

// Holds the first orders back until they have shown what currency the file is in, if nobody knows it before: the import
// begins with that. From then on everything goes through to a thread that writes.
class Opening : public ingest::OrderSink {
 public:
  using Begin = std::function<Result<ledger::ImportWriter>(money::Currency)>;
  // `to_tally`: its currency is the one that the import begins in, where it has none.
  Opening(Begin begin, const ImportSurroundings& around, std::optional<retention::WindowSurvey> window,
          TallyOptions to_tally)
      : survey(std::move(window)),
        unknown(to_tally.statuses),
        begin_(std::move(begin)),
        around_(around),
        tally_options_(std::move(to_tally)) {}

  Result<void> order(const ledger::OrderAssertion& order) override {
    if (pipeline_) return pipeline_->order(order);
    if (order.currency.known()) ++seen_[order.currency];
    held_.add(order);
    return open_if_shown();
  }
  Result<void> refund(const ingest::LooseRefund& refund) override {
    if (pipeline_) return pipeline_->refund(refund);
    held_.add(refund);
    return open_if_shown();
  }

  // Begins the import in this currency; none: in that of most orders held back.
  Result<void> open(money::Currency currency) {
    const auto most = std::ranges::max_element(seen_, {}, [](const auto& seen) { return seen.second; });
    if (!currency.known() && most != seen_.end()) currency = most->first;
    needs_currency = !currency.known() && held_.size() > 0;
    if (needs_currency) return currency_missing();
    TRY_ASSIGN(writer, begin_(currency));
    if (writer->repeats())
      return fail(Errc::kConflict, "the very file is there already", {}, {}, {"problem.import_repeated"});
    if (!tally_options_.currency.known()) tally_options_.currency = currency;
    tally.emplace(tally_options_, TogetherOrders{});
    recording_.emplace(*writer, around_, survey ? &*survey : nullptr, unknown, *tally);
    pipeline_.emplace(*recording_);
    return held_.hand_to(*pipeline_);
  }
  bool opened() const { return writer.has_value(); }
  bool repeats() const { return writer && writer->repeats(); }
  Result<void> finish() { return pipeline_ ? pipeline_->finish() : Result<void>{}; }

  std::optional<ledger::ImportWriter> writer;
  std::optional<retention::WindowSurvey> survey;
  // To be read once finish() has returned.
  UnknownStatuses unknown;
  std::optional<OrderTally> tally;  // of an import that is open and repeats none
  bool needs_currency = false;

 private:
  Result<void> open_if_shown() {
    return held_.size() < kOrdersToFindACurrency ? Result<void>{} : open(money::Currency::none());
  }
  Begin begin_;
  const ImportSurroundings& around_;
  TallyOptions tally_options_;
  OrderBatch held_;
  std::map<money::Currency, std::uint64_t> seen_;
  std::optional<Recording> recording_;
  std::optional<OrderPipeline> pipeline_;
};

// What decides how the files were read, in one canonical text: with it the same file is the same import.
std::string canonical_options(const ImportRequest& request, const calendar::Zone& zone, money::Currency currency) {
  std::string out = fmt::format("map={}\nzone={}\ncurrency={}\ndate_format={}\n", request.map, zone.name(),
                                currency.code(), request.how.date_format);
  if (request.how.decimal_mark != 0) out += fmt::format("decimal={}\n", request.how.decimal_mark);
  return out;
}

std::string shown_name(const std::vector<std::string>& typed) {
  std::string out;
  for (const std::string& file : typed) {
    const auto slash = file.rfind('/');
    out += (out.empty() ? "" : ", ") + file.substr(slash == std::string::npos ? 0 : slash + 1);
  }
  return out;
}

class Import {
 public:
  Import(Ledger& ledger, const ImportRequest& request, const ImportSurroundings& around, Settings known,
         calendar::Zone zone, bool is_first)
      : ledger_(ledger),
        request_(request),
        around_(around),
        known_(std::move(known)),
        zone_(std::move(zone)),
        is_first_(is_first) {}

  Result<ImportOutcome> orders() {
    ingest::ReadOptions options;
    options.map = request_.how.map;
    options.zone = request_.how.zone.value_or(zone_);
    options.date_format = request_.how.date_format;
    options.decimal_mark = request_.how.decimal_mark;
    options.source = request_.how.source;
    options.now = request_.now;
    options.progress = around_.progress;
    options.remembered = [this](std::string_view shape) { return mapping_in(known_.mappings, shape); };
    // What is said, else what the shop has; none: what the file shows, else what a person answers.
    money::Currency currency = request_.how.currency.value_or(known_.currency.value_or(money::Currency::none()));
    ImportOutcome out;
    tell_statuses(out);
    SettingsChange change = first_settings();
    std::optional<retention::WindowSurvey> passed;
    while (true) {
      if (currency.known()) options.currency = currency;
      Opening opening([&](money::Currency c) { return begin(canonical_options(request_, options.zone, c)); }, around_,
                      survey(), tally_options());
      const auto facts = read(opening, options, currency);
      if (!facts && opening.needs_currency && around_.ask) {
        TRY_ASSIGN(currency,
                   ask_until_it_fits(around_, language::Catalogue(around_.language).text("ingest.import.ask_currency"),
                                     [](const std::string& answer) { return money::Currency::parse(answer); }));
        continue;
      }
      if (!facts && !opening.repeats()) return std::unexpected(facts.error());
      if (facts) {
        describe(*facts, currency, out, change);
        Result<void> counted = check_sums(*facts);
        if (counted) counted = count_up(std::move(*opening.tally), *facts, options, out);
        if (!counted) {
          // As what is beyond another bound.
          if (counted.error().code == Errc::kOutOfRange) TRY(opening.writer->abort());
          return counted_out(std::move(counted).error(), *facts);
        }
      }
      opening.unknown.tell(out.notices);
      TRY(tell_of_the_same_file(opening.writer->repeats().has_value(), out));
      opening.writer->keep_rejected(rejected_rows(out));
      TRY_ASSIGN(out.row, opening.writer->commit(change, along(out, change)));
      if (opening.survey) passed.emplace(std::move(*opening.survey));
      break;
    }
    if (auto chosen = choose_window(out, std::move(passed)); !chosen) {
      // The orders are in and stay in; only what follows from them has no room.
      if (chosen.error().code != Errc::kUnavailable) return std::unexpected(std::move(chosen).error());
      const Error why = in_words_of(around_.language, chosen.error());
      around_.warn(language::Catalogue(around_.language)
                       .text("ingest.import.window_not_stored", {{"why", without_stop(why.message)}}) +
                   "\n");
    }
    TRY_ASSIGN(out.settings, settings_after(change));
    return out;
  }

  // The small tables beside the orders: read and written on this thread.
  Result<ImportOutcome> records(ingest::RecordKind kind) {
    ingest::RecordOptions options;
    if (!request_.map.empty()) {
      TRY_ASSIGN(options.map, of_option("map", ingest::parse_field_mapping(kind, request_.map)));
    }
    options.zone = request_.how.zone.value_or(zone_);
    options.currency = request_.how.currency ? request_.how.currency : known_.currency;
    options.date_format = request_.how.date_format;
    options.decimal_mark = request_.how.decimal_mark;
    options.source = request_.how.source;
    options.now = request_.now;
    options.progress = around_.progress;
    options.remembered = [this, kind](std::string_view shape) -> std::optional<ingest::FieldMapping> {
      const auto found = known_.mappings.find(shape);
      if (found == known_.mappings.end()) return std::nullopt;
      auto mapping = ingest::parse_field_mapping(kind, found->second);
      return mapping ? std::optional(std::move(*mapping)) : std::nullopt;
    };
    TRY_ASSIGN(ledger::ImportWriter writer,
               begin(canonical_options(request_, options.zone, options.currency.value_or(money::Currency::none()))));
    ImportOutcome out;
    tell_statuses(out);
    SettingsChange change = first_settings();
    if (!known_.currency && request_.how.currency) change.currency = request_.how.currency;
    if (!writer.repeats()) {
      bool written = true;  // false: it is the ledger that failed, and the import can be resumed
      auto facts = read_records(kind, options, writer, written);
      if (!facts) {
        if (written) TRY(writer.abort());
        return std::unexpected(std::move(facts).error());
      }
      for (const ingest::RecordShape& shape : facts->files) {
        if (options.map) change.mappings[shape.fingerprint] = request_.map;
        SeenFile& file = out.files.emplace_back(seen(shape));
        for (const ingest::FieldMatch& c : shape.columns) {
          file.columns.push_back({c.index, c.header, c.field, c.reason, c.confidence, c.refused});
        }
      }
      tell(*facts, out);
      out.bridge = retention::report::bridge_of_records(facts->bridge);
    }
    out.currency = options.currency.value_or(money::Currency::none());
    TRY(tell_of_the_same_file(writer.repeats().has_value(), out));
    writer.keep_rejected(rejected_rows(out));
    TRY_ASSIGN(out.row, writer.commit(change, along(out, change)));
    TRY_ASSIGN(out.settings, settings_after(change));
    return out;
  }

 private:
  // With their files as the list of imports names them.
  std::vector<ledger::RejectedRow> rejected_rows(const ImportOutcome& out) const {
    std::vector<ledger::RejectedRow> rows;
    rows.reserve(out.rejected.size());
    for (const ingest::Rejected& r : out.rejected) {
      std::string file = r.place.file;
      for (std::size_t i = 0; i < request_.paths.size(); ++i) {
        // A part of an archive is named by the archive's path and its own.
        if (file != request_.paths[i] && !file.starts_with(request_.paths[i] + "/")) continue;
        file = shown_name({request_.typed[i]}) + file.substr(request_.paths[i].size());
        break;
      }
      rows.push_back({std::move(file), r.place.line, r.place.column, r.reason, r.excerpt});
    }
    return rows;
  }

  Result<ingest::RecordFacts> read_records(ingest::RecordKind kind, const ingest::RecordOptions& options,
                                           ledger::ImportWriter& writer, bool& written) {
    std::uint64_t count = 0;
    const auto take = [&](const auto& record) -> Result<void> {
      Result<void> added;
      if (++count % kOrdersBetweenChecks == 0 && around_.abandoned()) {
        added = given_up();
      } else {
        added = writer.add(record);
      }
      written = added.has_value() || added.error().code == Errc::kInvalidArgument;
      return added;
    };
    switch (kind) {
      case ingest::RecordKind::kCustomers:
        return ingest::read_customers(request_.paths, options, take);
      case ingest::RecordKind::kCosts:
        return ingest::read_costs(request_.paths, options, take);
      case ingest::RecordKind::kItems:
        return ingest::read_items(request_.paths, options, take);
      case ingest::RecordKind::kRates:
        return ingest::read_rates(request_.paths, options, take);
      case ingest::RecordKind::kSubscriptions:
        return ingest::read_subscriptions(request_.paths, options, take);
    }
    return fail(Errc::kInvalidArgument, "there is no such kind of file");
  }

  Result<ledger::ImportWriter> begin(std::string options) {
    ledger::ImportMeta meta;
    meta.kind = request_.kind;
    meta.file_name = shown_name(request_.typed);
    meta.source = request_.how.source;
    meta.options = std::move(options);
    meta.sample = request_.sample;
    meta.dry_run = request_.dry_run;
    TRY_ASSIGN(meta.sha256, sha256_of(request_.paths));
    sha256_ = meta.sha256;
    return ledger_.begin_import(meta);
  }

  // Reads on this thread, writes on another. What a file has wrong takes the import back.
  Result<ingest::ReadFacts> read(Opening& opening, const ingest::ReadOptions& options, money::Currency currency) {
    if (currency.known()) TRY(opening.open(currency));
    auto facts = ingest::read_orders(request_.paths, options, opening);
    if (facts && !opening.opened()) {
      if (auto opened = opening.open(currency); !opened) facts = std::unexpected(opened.error());
    }
    const auto written = opening.finish();
    if (!written) {
      // What is beyond a bound is the file's fault, and goes on nowhere.
      const bool of_the_file = written.error().code == Errc::kOutOfRange;
      if (of_the_file && opening.opened() && !opening.repeats()) TRY(opening.writer->abort());
      return std::unexpected(written.error());
    }
    if (!facts && opening.opened() && !opening.repeats()) TRY(opening.writer->abort());
    return facts;
  }

  void describe(const ingest::ReadFacts& facts, money::Currency read_in, ImportOutcome& out,
                SettingsChange& change) const {
    const money::Currency shops = request_.how.currency.value_or(currency_of(facts, read_in));
    if (!known_.currency && shops.known()) change.currency = shops;
    if (request_.how.map) {
      for (const ingest::FileShape& shape : facts.files) change.mappings[shape.fingerprint] = request_.map;
    }
    for (const ingest::FileShape& shape : facts.files) {
      SeenFile& file = out.files.emplace_back(seen(shape));
      for (const ingest::ColumnMatch& c : shape.columns) {
        file.columns.push_back({c.index, c.header, c.role ? std::string{ingest::name(*c.role)} : "", c.reason,
                                c.confidence, c.refused ? std::string{ingest::name(*c.refused)} : ""});
      }
    }
    tell(facts, out);
    out.currency = known_.currency.value_or(shops);
  }

  TallyOptions tally_options() const {
    TallyOptions out;
    out.zone = zone_;
    out.currency = known_.currency.value_or(money::Currency::none());
    out.statuses = shops_words();
    out.rates = [this]() -> Result<money::RateTable> {
      TRY_ASSIGN(const ledger::Snapshot snapshot, ledger_.snapshot());
      return timeline::rates_of(snapshot);
    };
    out.watch_names = request_.paths.size() > 1 || std::ranges::any_of(request_.paths, is_archive);
    return out;
  }
  static bool is_archive(const std::string& path) { return to_lower(path).ends_with(".zip"); }

  // Amounts of a size that only a mistake has are refused where they bring what the shop sums to near 64 bits: half of
  // that leaves room for all that comes later. Seldom is anything looked at.
  Result<void> check_sums(const ingest::ReadFacts& facts) const {
    constexpr std::int64_t kOfAnyShop = std::int64_t{1} << 52, kMost = std::int64_t{1} << 62;
    if (facts.sums.within(kOfAnyShop)) return {};
    ledger::OrderSums sums = facts.sums;
    TRY_ASSIGN(const ledger::Snapshot snapshot, ledger_.snapshot());
    TRY(snapshot.orders([&sums](const ledger::StoredOrder& stored) -> Result<void> {
      sums.add(stored.order);
      sums.add(stored.order.refunds);
      return {};
    }));
    TRY(snapshot.refunds([&sums](const ledger::RefundRecord& refund, ledger::Seq) -> Result<void> {
      sums.add(ledger::OrderSums::kRefunds, refund.amount.minor);
      return {};
    }));
    if (sums.within(kMost)) return {};
    return fail(Errc::kOutOfRange, "together with what the shop has, the amounts are too large to count with");
  }

  // The bridge of what was read.
  Result<void> count_up(OrderTally tally, const ingest::ReadFacts& facts, const ingest::ReadOptions& options,
                        ImportOutcome& out) const {
    TRY_ASSIGN(const auto summed, sums_of(std::move(tally), out.currency, options));
    TRY_ASSIGN(out.bridge, retention::report::make_bridge(summed, facts));
    return {};
  }

  // Amounts that are beyond a bound together: the greatest of them cannot be right.
  static std::unexpected<Error> counted_out(Error error, const ingest::ReadFacts& facts) {
    if (error.code == Errc::kOutOfRange && error.place.file.empty() && !facts.greatest_amount.file.empty()) {
      const Place& at = facts.greatest_amount;
      error.place = at;
      error.message = fmt::format("{}; the greatest of the file is on line {}", error.message, at.line);
      if (!at.column.empty()) error.message += fmt::format(", column {}", quoted(at.column));
      error.hint = "Correct that amount, or leave its row out.";
      error.why = {"problem.shop_sum_too_large"};
    }
    return std::unexpected(std::move(error));
  }

  // What the orders come to. They are read once more where some hang together, or where the file turned out to be in
  // another currency than its first orders are.
  Result<retention::report::BridgeOrders> sums_of(OrderTally first, money::Currency currency,
                                                  ingest::ReadOptions options) const {
    TogetherOrders together = first.together();
    if (!together.any() && first.currency() == currency) return std::move(first).finish();
    TallyOptions again = tally_options();
    again.currency = currency;
    options.progress = {};
    Tallying taker(std::move(again), std::move(together), around_);
    OrderPipeline pipeline(taker);
    const auto facts = ingest::read_orders(request_.paths, options, pipeline);
    const auto taken = pipeline.finish();
    if (!facts) return std::unexpected(facts.error());
    TRY(taken);
    return std::move(*taker.tally).finish();
  }

  template <class Shape>
  static SeenFile seen(const Shape& s) {
    return {s.file, s.system, s.format, s.encoding, s.delimiter, s.date_format, s.decimal_mark, s.header, {}};
  }
  template <class Facts>
  static void tell(const Facts& facts, ImportOutcome& out) {
    out.rejected = facts.rejected;
    out.rejected_count = facts.rejected_count;
    out.rows = facts.rows;
    out.notices = facts.notices;
  }

  static money::Currency currency_of(const ingest::ReadFacts& facts, money::Currency read_in) {
    return facts.currency.known() ? facts.currency : read_in;
  }

  // That it came before and says something else now, since it was read in another way.
  Result<void> tell_of_the_same_file(bool repeats, ImportOutcome& out) const {
    if (repeats) return {};
    TRY_ASSIGN(const auto imports, ledger_.imports());
    for (const ledger::ImportRow& row : imports) {
      if (row.state != ledger::ImportState::kCommitted || row.meta.kind != request_.kind) continue;
      if (row.meta.sha256 != sha256_ || row.meta.source != request_.how.source) continue;
      out.notices.push_back({"ingest.notice.same_file_otherwise", {{"import", std::to_string(row.id)}}, 0});
      break;
    }
    return {};
  }

  void tell_statuses(ImportOutcome& out) const {
    for (const auto& [word, standing] : request_.statuses) {
      const auto known = known_.statuses.find(word);
      const auto before = known != known_.statuses.end() ? std::optional(known->second) : std::nullopt;
      if (standing != before) out.statuses_changed[word] = standing ? word_of(*standing) : "default";
    }
  }

  SettingsChange first_settings() const {
    SettingsChange out;
    if (!known_.zone) out.zone = zone_.name();
    if (!known_.window_days && request_.window_days) out.window_days = request_.window_days;
    out.statuses = request_.statuses;
    return out;
  }

  // Of the first thing that is imported, which is orders, the window is chosen as they pass. Whatever came before may
  // have to do with them: earlier orders, merged customers.
  std::optional<retention::WindowSurvey> survey() const {
    if (!is_first_ || request_.dry_run) return std::nullopt;
    return retention::WindowSurvey(zone_, shops_words());
  }

  // What status words mean to the shop, with what this import says of them.
  StatusWords shops_words() const {
    StatusWords out = known_.statuses;
    for (const auto& [word, standing] : request_.statuses) {
      if (standing) {
        out[word] = *standing;
      } else {
        out.erase(word);
      }
    }
    return out;
  }

  // The first orders choose the window, once; later ones only propose another.
  Result<void> choose_window(ImportOutcome& out, std::optional<retention::WindowSurvey> survey) {
    if (request_.dry_run || (out.row.repeats && known_.window_days)) return {};
    TRY_ASSIGN(const ledger::Snapshot snapshot, ledger_.snapshot());
    const std::optional<int> window = snapshot.settings().window_days;
    if (window) {
      TRY_ASSIGN(const bool worth, worth_a_look(snapshot, out.row));
      if (!worth) return {};
    }
    TRY_ASSIGN(const int days, window_of(snapshot, out.row, std::move(survey)));
    if (window) {
      if (*window != days) out.window_proposed_days = days;
      return {};
    }
    SettingsChange change;
    change.window_days = days;
    return ledger_.change(change);
  }

  // A day's orders beside years of them move no share of the gaps that a window is proposed by: 1 in 20 is asked for.
  static Result<bool> worth_a_look(const ledger::Snapshot& snapshot, const ledger::ImportRow& row) {
    constexpr std::uint64_t kShare = 20;
    TRY_ASSIGN(const std::uint64_t orders, snapshot.count(ledger::ImportKind::kOrders));
    return (row.added + row.changed) * kShare >= orders;
  }

  static Result<int> window_of(const ledger::Snapshot& snapshot, const ledger::ImportRow& row,
                               std::optional<retention::WindowSurvey> survey) {
    const bool independent = row.added == row.rows && !row.repeats;
    if (survey && independent) {
      if (const auto choice = std::move(*survey).choose()) return choice->days;
    }
    survey.reset();  // its memory
    TRY_ASSIGN(const timeline::Rebuilt rebuilt, timeline::rebuild(snapshot));
    return retention::choose_window(rebuilt.histories).days;
  }

  Result<Settings> settings_after(const SettingsChange& change) const {
    if (!request_.dry_run) return ledger_.settings();
    return known_with(change);
  }
  Settings known_with(const SettingsChange& change) const {
    Settings out = known_;
    if (change.zone) out.zone = change.zone;
    if (change.currency) out.currency = change.currency;
    if (change.window_days) out.window_days = change.window_days;
    return out;
  }

  // `out` and `change` must outlive the commit.
  ledger::AlongWith along(ImportOutcome& out, const SettingsChange& change) const {
    if (!around_.along) return {};
    return [this, &out, &change](ledger::RoomWriter& db, const ledger::ImportRow& row) {
      out.row = row;
      out.settings = known_with(change);
      return around_.along(db, out);
    };
  }

  Ledger& ledger_;
  const ImportRequest& request_;
  const ImportSurroundings& around_;
  Settings known_;
  calendar::Zone zone_;
  std::string sha256_;
  bool is_first_;  // nothing was ever imported, or at most begun
};

}  // namespace

Result<std::string> sha256_of(const std::vector<std::string>& paths) {
  if (paths.size() == 1) return sha256_of_file(paths.front());
  Sha256 sum;
  for (const std::string& path : paths) {
    TRY_ASSIGN(const std::string one, sha256_of_file(path));
    sum.add(one);
  }
  return sum.hexadecimal();
}

Result<void> settle_window(Ledger& ledger) {
  TRY_ASSIGN(const Settings known, ledger.settings());
  if (known.window_days) return {};
  TRY_ASSIGN(const ledger::Snapshot snapshot, ledger.snapshot());
  TRY_ASSIGN(const std::uint64_t orders, snapshot.count(ledger::ImportKind::kOrders));
  if (orders == 0) return {};
  TRY_ASSIGN(const timeline::Rebuilt rebuilt, timeline::rebuild(snapshot));
  SettingsChange change;
  change.window_days = retention::choose_window(rebuilt.histories).days;
  return ledger.change(change);
}

Result<ImportOutcome> import_files(Ledger& ledger, const ImportRequest& request, const ImportSurroundings& around) {
  if (ledger.sample() != request.sample) {
    return fail(Errc::kInvalidArgument,
                ledger.sample() ? "this folder holds a sample shop, and own data never mixes with it"
                                : "this folder holds a shop's own data, and a sample never mixes with it",
                "name another folder with --data", {}, {"problem.sample_apart"});
  }
  // Before anything is decided from what is there: the one before may be what sets the zone.
  TRY_ASSIGN(
      const auto turn,
      ledger.import_queue().enter(
          [&](std::size_t before) {
            around.warn(
                language::Catalogue(around.language).text("ingest.import.waits", {{"before", std::to_string(before)}}) +
                "\n");
          },
          around.abandoned));
  if (!request.dry_run) TRY(settle_window(ledger));
  TRY_ASSIGN(Settings known, ledger.settings());
  TRY_ASSIGN(calendar::Zone zone, shops_zone(known, request, around));
  TRY_ASSIGN(const auto imports, ledger.imports());
  const bool is_first = std::ranges::all_of(
      imports, [](const ledger::ImportRow& row) { return row.state == ledger::ImportState::kOpen; });
  Import import(ledger, request, around, std::move(known), std::move(zone), is_first);
  if (request.kind == ledger::ImportKind::kOrders) return import.orders();
  const auto kind = ingest::parse_record_kind(ledger::name(request.kind));
  if (!kind) return fail(Errc::kInvalidArgument, "there is no such kind of file");
  return import.records(*kind);
}

}  // namespace behoud::app
