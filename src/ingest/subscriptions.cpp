// Files of subscriptions: who subscribed to what, from when to when, for how much an interval. The rows of one id are
// one subscription; they are held until the last is read.

#include <algorithm>
#include <map>
#include <unordered_map>

#include "base/text.h"
#include "ingest/hash.h"
#include "ingest/identity.h"
#include "ingest/record_reader.h"
#include "ingest/record_words.h"
#include "ledger/bounds.h"

namespace behoud::ingest {
namespace {

using calendar::Day;
using ledger::IdentitySpace;
using ledger::SubscriptionRecord;

enum : std::size_t {
  kId,
  kCustomer,
  kEmail,
  kPlan,
  kStart,
  kTrialEnd,
  kPause,
  kResume,
  kEnd,
  kReason,
  kAmount,
  kCurrency,
  kInterval,
  kIntervalCount
};

constexpr Field kFields[] = {
    {"id", FieldType::kIdentity,
     "subscriptionid subscription subscriptionnumber subscriptionno contractid contractnumber abonnementid "
     "abonnementnummer abonnementsnummer abonnementnr abonnement contractnummer prenumerationsid "
     "prenumerationsnummer prenumeration abonummer abonr aboid abo vertragsnummer vertragid | id | contract vertrag"},
    {"customer", FieldType::kIdentity, "", {{{Role::kCustomer, 1.0}}}},
    {"email", FieldType::kEmail, "", {{{Role::kEmail, 1.0}}}},
    {"plan",
     FieldType::kText,
     "plan planname plantitle planid subscriptionplan tier pricename pricenickname abonnementsvorm abonnementstype "
     "abonnementsnaam pakket plannamn paket tarif tarief | package abonnementstyp",
     {{{Role::kItemName, 0.8}, {Role::kItem, 0.7}, {Role::kName, 0.5}}}},
    {"start", FieldType::kDate,
     "start startdate startedat startedon startson subscriptionstart subscribedat begin begindate begindatum "
     "startdatum ingangsdatum gestartop startad startade startdag beginn gestartetam vertragsbeginn | created "
     "createdat createdon createddate from van fran von aangemaakt skapad erstellt"},
    {"trial_end", FieldType::kDate,
     "trialend trialends trialendsat trialendson trialendat trialenddate trialendedat trialuntil endoftrial "
     "eindeproefperiode eindeproef proefperiodetot proeftot einddatumproef provperiodslut provperiodenslut "
     "provperiodtill provslut testphaseende endedertestphase testende probezeitende probezeitbis"},
    {"pause", FieldType::kDate,
     "pause paused pausedat pausedon pausestart pausestartdate pausefrom pauze gepauzeerd gepauzeerdop pauzevanaf "
     "pauzestart pausad pausadden pausfran pausstart paus pausiert pausiertam pausebeginn pausevon pauseab"},
    {"resume", FieldType::kDate,
     "resume resumed resumedat resumedon resumesat resumeson resumeat pauseend pauseenddate pauseuntil hervat "
     "hervatop pauzetot pauzeeinde ateruppta aterupptagen aterupptagenden paustill pausslut fortgesetzt "
     "fortgesetztam pauseende pausebis"},
    {"end", FieldType::kDate,
     "end enddate ended endedat endedon endsat endson stoppedat expirydate einddatum einde beeindigd beeindigdop "
     "gestoptop slut slutdatum slutade avslutad avslutades ende enddatum beendet beendetam vertragsende | cancelled "
     "canceled cancelledat canceledat cancelledon canceledon cancellationdate opgezegd opgezegdop opzegdatum uppsagd "
     "uppsagddatum gekundigt gekundigtam gekundigtzum kundigungsdatum"},
    {"reason", FieldType::kText,
     "reason cancellationreason cancelreason cancelationreason endreason churnreason reasonforleaving reden "
     "opzegreden redenopzegging redenvanopzegging anledning orsak uppsagningsorsak uppsagningsanledning grund "
     "kundigungsgrund"},
    {"amount",
     FieldType::kMoney,
     "planamount recurringamount recurringtotal amountperinterval fee subscriptionamount",
     {{{Role::kAmount, 1.0}, {Role::kTotal, 0.9}, {Role::kPrice, 0.95}}}},
    {"currency", FieldType::kCurrency, "plancurrency", {{{Role::kCurrency, 1.0}}}},
    {"interval", FieldType::kInterval,
     "interval billinginterval billingperiod billingcycle billingfrequency planinterval renewalperiod frequency "
     "termijn betaalperiode betaaltermijn factuurperiode facturatieperiode frequentie intervall betalningsperiod "
     "faktureringsperiod faktureringsintervall frekvens abrechnungsintervall abrechnungszeitraum abrechnungsperiode "
     "zahlweise zahlungsintervall turnus | period cycle term periode"},
    {"interval_count", FieldType::kCount, "intervalcount planintervalcount billingintervalcount billinginterval"},
};

constexpr std::string_view kNames[] = {"id",     "customer", "email",  "plan",   "start",    "trial_end", "pause",
                                       "resume", "end",      "reason", "amount", "currency", "interval"};

constexpr Need kNeeds[] = {
    {{kCustomer, kEmail, kNoField}, "customer id, email (klantnummer, e-mailadres, kundnummer, e-post, Kundennummer)"},
    {{kStart, kNoField, kNoField}, "start, start date (startdatum, ingangsdatum, startdag, Beginn)"}};

// One subscription, as far as its rows told.
struct Gathered {
  SubscriptionRecord record;
  std::map<Day, std::optional<Day>> pauses;  // pause -> resume
  std::vector<Place> rows;
  bool two_customers = false;
};

constexpr std::string_view kOutOfOrder = "ingest.reject.dates_out_of_order";

// Why its dates cannot all be true; "" when they can.
std::string_view fault_of(const Gathered& g) {
  if (g.two_customers) return "ingest.reject.subscription_customers";
  if (!g.record.start) return "ingest.reject.date_missing";
  const auto before_start = [&](const std::optional<Day>& day) { return day && *day < *g.record.start; };
  if (before_start(g.record.trial_end) || before_start(g.record.end)) return kOutOfOrder;
  if (!g.pauses.empty() && g.pauses.begin()->first < *g.record.start) return kOutOfOrder;
  // Who pauses again had resumed, but the file does not say when.
  for (auto it = g.pauses.begin(); it != g.pauses.end(); ++it) {
    if (!it->second && std::next(it) != g.pauses.end()) return "ingest.reject.pause_open";
  }
  return {};
}

// A resumption without its pause: of the last one that is open. False: there is none to resume from.
bool resume_on(Gathered& g, Day day) {
  for (auto it = g.pauses.rbegin(); it != g.pauses.rend(); ++it) {
    if (it->second == day) return true;  // said before
    if (it->second || it->first > day) continue;
    it->second = day;
    return true;
  }
  return false;
}

class Gatherer {
 public:
  Gatherer(RecordAccount& account, std::string_view source, const SubscriptionSink& sink)
      : account_(account), source_(source), sink_(sink) {}

  void add(RecordRow& row) {
    SubscriptionRecord stated;
    std::optional<Day> pause, resume;
    if (!read(row, stated, pause, resume)) return;
    if (stated.id.empty()) {
      if (!stated.start) return row.reject(kStart, "ingest.reject.date_missing");
      stated.id = made_up_id(stated);
    }
    const auto known = by_id_.find(stated.id);
    const bool fresh = known == by_id_.end();
    const std::size_t at = fresh ? all_.size() : known->second;
    if (!pause && resume && (fresh || !resume_on(all_[at], *resume))) {
      return row.reject(kResume, "ingest.reject.resume");
    }
    if (fresh) {
      by_id_.emplace(stated.id, at);
      all_.emplace_back().record = std::move(stated);
    } else {
      account_.count("merged", row.line());
      merge(all_[at], std::move(stated));
    }
    Gathered& g = all_[at];
    g.rows.push_back(row.place(kStart));
    if (pause && pause != resume) {
      std::optional<Day>& until = g.pauses[*pause];
      if (resume) until = resume;
    }
  }

  Result<void> finish(const std::string& file) {
    for (Gathered& g : all_) {
      if (const std::string_view fault = fault_of(g); !fault.empty()) {
        account_.take_back(g.rows.size());
        for (Place& place : g.rows) account_.reject(std::move(place), fault, {});
        continue;
      }
      SubscriptionRecord& out = g.record;
      out.pauses.assign(g.pauses.begin(), g.pauses.end());
      if (out.amount && out.interval_months == 0 && out.interval_days == 0) {
        out.interval_months = 1;
        account_.notice("ingest.notice.no_interval", {{"file", file}});
      }
      TRY(sink_(out));
      account_.record();
    }
    return {};
  }

 private:
  // False: the row was rejected.
  bool read(RecordRow& row, SubscriptionRecord& out, std::optional<Day>& pause, std::optional<Day>& resume) {
    const std::string_view id = customer_id(row.text(kCustomer));
    if (!id.empty() && !is_email(id)) {
      out.customer_space = IdentitySpace::kCustomerId;
      out.customer = customer_of_source(source_, id, id_of_source_);
      if (out.customer.size() > ledger::kTextBytesMax) row.reject(kCustomer, kTextTooLong);
    } else if (const auto address = normalise_email_cell(id.empty() ? row.text(kEmail) : id, email_);
               !address.empty()) {
      out.customer_space = IdentitySpace::kEmail;
      out.customer = address;
    } else {
      row.reject(row.has(kCustomer) ? kCustomer : kEmail, "ingest.reject.customer_missing", false);
    }
    out.line = row.line();
    out.id = row.text(kId);
    out.plan = row.text(kPlan);
    out.reason = row.text(kReason);
    out.start = row.day(kStart);
    out.trial_end = row.day(kTrialEnd);
    out.end = row.day(kEnd);
    pause = row.day(kPause);
    resume = row.day(kResume);
    if (pause && resume && *resume < *pause) row.reject(kResume, kOutOfOrder);
    if (out.start && out.trial_end && *out.trial_end < *out.start) row.reject(kTrialEnd, kOutOfOrder);
    if (out.start && out.end && *out.end < *out.start) row.reject(kEnd, kOutOfOrder);
    out.amount = row.money(kAmount, kCurrency);
    if (out.amount && out.amount->minor < 0) row.reject(kAmount, "ingest.reject.amount_negative");
    read_interval(row, out);
    return !row.rejected();
  }

  static void read_interval(RecordRow& row, SubscriptionRecord& out) {
    const std::string_view text = row.text(kInterval);
    if (text.empty()) return;
    const auto one = parse_interval(text);
    const std::uint32_t times = row.count(kIntervalCount).value_or(1);
    if (!one || times == 0 || times > 1200) return row.reject(kInterval, "ingest.reject.interval");
    out.interval_months = one->months * static_cast<std::int32_t>(times);
    out.interval_days = one->days * static_cast<std::int32_t>(times);
  }

  // Of each field the last row that states it.
  static void merge(Gathered& g, SubscriptionRecord&& later) {
    SubscriptionRecord& out = g.record;
    g.two_customers = g.two_customers || out.customer_space != later.customer_space || out.customer != later.customer;
    if (!later.plan.empty()) out.plan = std::move(later.plan);
    if (!later.reason.empty()) out.reason = std::move(later.reason);
    if (later.start) out.start = later.start;
    if (later.trial_end) out.trial_end = later.trial_end;
    if (later.end) out.end = later.end;
    if (later.amount) out.amount = later.amount;
    if (later.interval_months != 0 || later.interval_days != 0) {
      out.interval_months = later.interval_months;
      out.interval_days = later.interval_days;
    }
  }

  // Without ids a subscription is known by its customer, plan and start.
  static std::string made_up_id(const SubscriptionRecord& s) {
    Hash128 hash;
    hash.add(static_cast<std::uint64_t>(s.customer_space));
    hash.add(s.customer);
    hash.add(s.plan);
    hash.add(static_cast<std::uint64_t>(s.start->number));
    return "~" + hash.hex().substr(0, 24);
  }

  RecordAccount& account_;
  const std::string_view source_;
  const SubscriptionSink& sink_;
  std::vector<Gathered> all_;  // in the order of their first rows
  std::unordered_map<std::string, std::size_t> by_id_;
  std::string email_, id_of_source_;
};

}  // namespace

const RecordSpec& subscriptions_spec() {
  static constexpr RecordSpec kSpec = {.kind = RecordKind::kSubscriptions,
                                       .fields = kFields,
                                       .names = kNames,
                                       .needs = kNeeds,
                                       .presets = {},
                                       .ahead = true};
  return kSpec;
}

Result<RecordFacts> read_subscription_tables(std::span<const OpenFile> files, const RecordOptions& options,
                                             const SubscriptionSink& sink) {
  RecordAccount account;
  Gatherer gatherer(account, options.source, sink);
  TRY_ASSIGN(RecordFacts facts,
             read_record_tables(files, subscriptions_spec(), options, account, [&](RecordRow& row) -> Result<void> {
               gatherer.add(row);
               return {};
             }));
  TRY(gatherer.finish(facts.files.front().file));
  account.finish(facts);
  return facts;
}

}  // namespace behoud::ingest
