// The shop's zone, currency and window are settings: changed after the imports, every answer is to the byte that of a
// shop that had them from the start (but for the revision, which counts what was done).
//
// What a file says of itself is no setting: so the files here state a currency in every row, and their times carry an
// offset or are dates alone.

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "app/folder_shop.h"
#include "app/import.h"
#include "app/questions.h"
#include "app/testing/fake_console.h"
#include "app/testing/process.h"
#include "base/file.h"
#include "calendar/period.h"
#include "retention/report/json.h"
#include "retention/report/report.h"

namespace behoud::app::testing {
namespace {

using calendar::Day;
using calendar::Zone;

// Apia skipped 2011-12-30; Sao Paulo's 2018-11-04 lacks 00:00; Lord Howe's day of 2024-04-07 has 24.5 hours.
constexpr const char* kZones[] = {"Australia/Lord_Howe", "America/Sao_Paulo", "Pacific/Apia"};
constexpr const char* kZonesBefore[] = {"UTC", "Europe/Amsterdam", "Australia/Lord_Howe", "America/Sao_Paulo",
                                        "Pacific/Apia"};
constexpr const char* kCurrencies[] = {"EUR", "SEK", "USD", "JPY"};
constexpr int kWindows[] = {1, 7, 30, 90, 365};

std::int64_t below(std::int64_t n) { return *rc::gen::inRange<std::int64_t>(0, n); }
template <class T, std::size_t N>
const T& any_of(const T (&values)[N]) {
  return values[static_cast<std::size_t>(below(static_cast<std::int64_t>(N)))];
}

struct Wanted {
  std::string zone, currency;
  int window_days = 0;
};

// Files of one shop, as text, in the order in which they are imported.
struct Files {
  std::vector<std::pair<ledger::ImportKind, std::string>> all;
  std::optional<ledger::ImportId> undone;
};

class AnyFiles {
 public:
  explicit AnyFiles(const Zone& zone) : zone_(zone) {
    static const Day begins[] = {calendar::civil(2011, 12, 20), calendar::civil(2018, 10, 28),
                                 calendar::civil(2024, 3, 30)};
    static const int lengths[] = {20, 60, 500};
    begin_ = any_of(begins);
    days_ = any_of(lengths);
  }

  Files make() {
    Files out;
    const std::int64_t orders = 1 + below(40);
    const bool ids = below(4) != 0;
    std::vector<std::string> rows;
    for (std::int64_t i = 0; i < orders; ++i) rows.push_back(order(ids ? std::to_string(1000 + i) : ""));
    // Two exports that overlap.
    const auto half = static_cast<std::size_t>(below(orders + 1));
    out.all.emplace_back(ledger::ImportKind::kOrders, order_file(rows, 0, rows.size()));
    if (half > 0) {
      for (std::size_t i = 0; i < half; i += 3) {
        if (ids) rows[i] = order(std::to_string(1000 + i));
      }
      out.all.emplace_back(ledger::ImportKind::kOrders, order_file(rows, 0, half));
      if (below(3) == 0) out.undone = 1;
    }
    if (below(2) == 0) {
      std::string text = "id,first_order,orders_before,consent_at,unsubscribed_at\n";
      for (std::int64_t i = below(4); i >= 0; --i) {
        text += fmt::format("c{},{},{},{},{}\n", below(6), below(2) ? moment() : "", below(3), below(2) ? moment() : "",
                            below(3) == 0 ? moment() : "");
      }
      out.all.emplace_back(ledger::ImportKind::kCustomers, text);
    }
    if (below(2) == 0) {
      std::string text = "from,to,amount,currency,kind,purpose\n";
      for (std::int64_t i = below(4); i >= 0; --i) {
        const Day from = day();
        text +=
            fmt::format("{},{},{}.50,{},marketing,{}\n", to_string(from), to_string(from + static_cast<int>(below(40))),
                        below(100), any_of(kCurrencies), below(2) ? "retention" : "acquisition");
      }
      out.all.emplace_back(ledger::ImportKind::kCosts, text);
    }
    if (below(2) == 0) {
      std::string text = "id,customer,start,end,amount,currency,interval\n";
      for (std::int64_t i = below(4); i >= 0; --i) {
        const Day from = day();
        text +=
            fmt::format("s{},c{},{},{},{}.00,{},month\n", i, below(6), to_string(from),
                        below(2) ? to_string(from + static_cast<int>(below(60))) : "", below(20), any_of(kCurrencies));
      }
      out.all.emplace_back(ledger::ImportKind::kSubscriptions, text);
    }
    if (below(4) != 0) {
      std::string text = "date,currency,rate,base\n";
      for (int d = -3; d < days_; d += 5) {
        text += fmt::format("{},USD,1.{:02},EUR\n{},SEK,11.{:02},EUR\n", to_string(begin_ + d), below(100),
                            to_string(begin_ + d), below(100));
        if (below(2)) text += fmt::format("{},JPY,16{}.0,EUR\n", to_string(begin_ + d), below(10));
      }
      out.all.emplace_back(ledger::ImportKind::kRates, text);
    }
    return out;
  }

 private:
  Day day() const { return begin_ + static_cast<int>(below(days_)); }
  // Often within a minute of a midnight of the zone that is asked for in the end.
  std::string moment() const {
    if (below(4) == 0) return to_string(day());
    std::int64_t ms = zone_.first_instant(day()).ms;
    ms += below(2) ? (below(3) - 1) * 1000 : below(86'400) * 1000;
    return calendar::to_string(calendar::Instant{ms});
  }
  std::string order(const std::string& id) const {
    static const char* const statuses[] = {"paid", "paid", "paid", "pending", "cancelled", "refunded"};
    static const char* const sources[] = {"", "mail", "search"};
    const std::int64_t amount = below(100);
    return fmt::format("{},c{},{},{}.25,{},{},{},{},{}\n", id, below(6), moment(), amount, any_of(kCurrencies),
                       any_of(statuses), below(6) == 0 ? fmt::format("{}.00", below(amount + 1)) : "", any_of(sources),
                       below(2) ? "NL" : "SE");
  }
  static std::string order_file(const std::vector<std::string>& rows, std::size_t from, std::size_t to) {
    // The last column of dates has a date and a time in the same file: both forms are of ISO 8601.
    std::string text = "order_id,customer,date,total,currency,status,refund,source,country\n";
    const bool ids = !rows.front().starts_with(',');
    if (!ids) text = text.substr(text.find(',') + 1);
    for (std::size_t i = from; i < to; ++i) text += ids ? rows[i] : rows[i].substr(1);
    return text;
  }

  const Zone& zone_;
  Day begin_;
  int days_ = 0;
};

ledger::Ledger shop_of(const Files& files, const Wanted& settings, const TemporaryFolder& at, const std::string& name) {
  FakeWorld world;
  auto folder = ledger::DataFolder::create(at / name, false, environment_of(world.world()));
  RC_ASSERT(folder.has_value());
  auto ledger = ledger::Ledger::open(std::move(*folder));
  RC_ASSERT(ledger.has_value());
  for (std::size_t i = 0; i < files.all.size(); ++i) {
    const std::string path = at / fmt::format("{}-{}.csv", name, i);
    RC_ASSERT(write_file(path, files.all[i].second).has_value());
    ImportRequest request;
    request.kind = files.all[i].first;
    request.typed = {fmt::format("{}.csv", i)};
    request.paths = {path};
    request.now = world.now;
    if (i == 0) {
      request.how.zone = *Zone::create(settings.zone);
      request.how.currency = *money::Currency::parse(settings.currency);
      request.window_days = settings.window_days;
    }
    ImportSurroundings around;
    around.warn = [](std::string_view) {};
    const auto outcome = import_files(*ledger, request, around);
    if (!outcome) RC_LOG() << outcome.error().message << "\n" << files.all[i].second;
    RC_ASSERT(outcome.has_value());
  }
  if (files.undone) RC_ASSERT(ledger->undo_import(*files.undone).has_value());
  return std::move(*ledger);
}

std::string without_revision(const std::string& json) {
  const std::string_view key = "\"revision\":";
  std::string out;
  std::size_t from = 0;
  for (auto at = json.find(key); at != std::string::npos; at = json.find(key, from)) {
    out.append(json, from, at + key.size() - from);
    from = json.find_first_not_of("0123456789", at + key.size());
  }
  return out.append(json, from);
}

using Words = std::map<std::string, std::string, std::less<>>;

std::string answer(const FolderShop& shop, const std::string& question, const Words& words) {
  const Lookup said = [&words](std::string_view name) -> std::optional<std::string_view> {
    const auto found = words.find(name);
    return found == words.end() ? std::nullopt : std::optional<std::string_view>(found->second);
  };
  if (question == "report") {
    retention::report::ReportOptions options;
    options.question = *parse_question(said, shop.histories.zone);
    const auto report = retention::report::make_report(shop.histories, {}, shop.settings, options);
    if (!report) return report.error().message;
    return without_revision(*retention::report::render_json(*report));
  }
  const auto answered = answer_question(question, {shop.histories, shop.settings}, said, Format::kJson, true);
  return answered ? without_revision(*answered) : answered.error().message;
}

// Says where two answers part, not all they say.
bool same(const std::string& a, const std::string& b) {
  if (a == b) return true;
  const auto at = static_cast<std::size_t>(std::ranges::mismatch(a, b).in1 - a.begin());
  const std::size_t from = at < 80 ? 0 : at - 80;
  RC_LOG() << "changed: " << a.substr(from, 200) << "\nfresh:   " << b.substr(from, 200) << "\n";
  return false;
}

RC_GTEST_PROP(Settings, ChangedAfterImportsGiveTheAnswersOfAShopThatHadThemFromTheStart, ()) {
  const Wanted before{any_of(kZonesBefore), any_of(kCurrencies), any_of(kWindows)};
  const Wanted after{any_of(kZones), any_of(kCurrencies), any_of(kWindows)};
  const Zone zone = *Zone::create(after.zone);
  const Files files = AnyFiles(zone).make();
  const TemporaryFolder folder;
  ledger::Ledger changed = shop_of(files, before, folder, "changed");
  ledger::SettingsChange change;
  change.zone = after.zone;
  change.currency = *money::Currency::parse(after.currency);
  change.window_days = after.window_days;
  RC_ASSERT(changed.change(change).has_value());
  const ledger::Ledger fresh = shop_of(files, after, folder, "fresh");
  const auto changed_shop = read_folder_shop(*changed.snapshot());
  const auto fresh_shop = read_folder_shop(*fresh.snapshot());
  RC_ASSERT(changed_shop.has_value());
  RC_ASSERT(fresh_shop.has_value());
  static const char* const grains[] = {"day", "week", "month", "quarter", "year", "10d", "2w"};
  static const char* const bases[] = {"orders", "orders", "subscriptions", "relation"};
  const Words words{{"basis", any_of(bases)}, {"grain", any_of(grains)}};
  for (const char* question : {"retention", "cohorts", "value", "cost", "claims", "whatif", "report"}) {
    RC_ASSERT(same(answer(*changed_shop, question, words), answer(*fresh_shop, question, words)));
  }
  Words people = words;
  for (const char* behind : {"buyers", "retained", "lost", "new", "slipping_away"}) {
    people["behind"] = behind;
    RC_ASSERT(same(answer(*changed_shop, "customers", people), answer(*fresh_shop, "customers", people)));
  }
}

}  // namespace
}  // namespace behoud::app::testing
