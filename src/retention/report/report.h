#pragma once

// The report of a shop as values: everything that the terminal page, the HTML file and the JSON document show, and
// nothing about how they show it. `make_report` is pure: the same histories, facts, settings and options give the same
// report, and the renderers (terminal.h, html.h, json.h) give the same bytes for the same report and language.
//
// Every number in it is one of docs/definitions.md, taken from the answers of retention/answers.h as it is; what the
// report adds of its own is the bridge (bridge.h) and the things to do (actions.h).
//
// Cost: the answers, and a few passes over the orders. Memory: the answers; a cohort table of at most kCohortsMax rows.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ingest/orders.h"
#include "retention/answers.h"
#include "retention/report/actions.h"
#include "retention/report/bridge.h"
#include "timeline/histories.h"

namespace behoud::retention::report {

inline constexpr std::size_t kCohortsMax = 200;  // a finer grain than this allows gives way to the next calendar grain

// The last complete period beside the one before it and the same one a year earlier.
struct Headline {
  RetentionRow now;
  ValueRow value;
  std::optional<RetentionRow> previous, year_earlier;
  std::optional<ValueRow> previous_value, year_earlier_value;
};

// What a reader must know before believing the numbers. A warning is a fact about the shop's history, not about a file
// (those are ingest's notices).
enum class Warning : std::uint8_t {
  kEmpty,             // there are no orders at all: there is no headline
  kNoOrders,          // nothing counted: there is no headline
  kNoCompletePeriod,  // the headline is of a period that has not ended
  kAllWarmingUp,      // the history is shorter than W: everybody looks new, and nobody can have been lost
  kNewAtMost,         // the headline's period begins within 4 W of history_start: `new` is "at most"
  kNoCurrency,        // amounts are bare numbers
  kFewCustomers,      // fewer than kFewCustomers at the start of the headline's period: rates tell little
};
inline constexpr std::uint64_t kFewCustomers = 30;
std::string_view name(Warning w);  // "no_orders", ...; the JSON's word, and the catalogue's key after "report.warning."

struct SlippingRow {
  std::string customer;  // the label people know, else the key
  std::uint64_t orders = 0;
  int silent_days = 0, usual_days = 0;
  std::int64_t at_stake_minor = 0;
  calendar::Day last_order;
};
struct SlippingPart {
  std::uint64_t customers = 0;  // all of them, whatever the number of rows
  std::int64_t at_stake_minor = 0;
  std::vector<SlippingRow> rows;  // by money at stake, descending; at most ReportOptions::slipping_rows
  std::string command;            // lists them all
};

// How the files were read: empty for a report out of a data folder.
struct RejectedReason {
  std::string reason;  // a key of the catalogue
  std::uint64_t rows = 0;
  std::vector<Place> places;  // the first few
};
struct Reading {
  std::vector<ingest::FileShape> files;
  std::vector<ingest::Notice> notices;
  std::uint64_t rows = 0, orders = 0, rejected = 0;
  std::vector<RejectedReason> reasons;  // by rows, descending
  bool reasons_complete = true;         // false: more rows were rejected than ReadFacts keeps
};

struct Report {
  Basics basics;
  bool sample = false;
  std::vector<std::string> files;                    // as given; empty for a data folder
  std::optional<calendar::Day> first_day, last_day;  // of the counted orders
  std::uint64_t customers = 0;                       // with a counted order, ever
  std::optional<WindowChoice> window_choice;         // nullopt: the window was given, not chosen
  std::vector<Warning> warnings;
  std::optional<Headline> headline;  // nullopt: kNoOrders
  RetentionAnswer retention;
  ValueAnswer value;
  CostAnswer cost;
  Bridge bridge;
  std::optional<ChangeAnswer> change;
  calendar::Grain cohort_grain;
  CohortAnswer cohorts_on, cohorts_on_or_after;
  SlippingPart slipping;
  ClaimsAnswer claims;
  WhatIfAnswer whatif;
  std::vector<Action> actions;  // at most kActionsMax, by money
  std::string first_command;    // makes the data folder that the actions' lists are made from; empty where there is one
  Reading reading;
};

struct ReportOptions {
  Question question;
  std::vector<std::string> files;  // as given on the command line; empty: a data folder's report
  // Options of the reading that the commands about the files repeat: {"--timezone", "Europe/Amsterdam"}.
  std::vector<std::string> reading_arguments;
  std::string data_dir;  // for the commands that list customers; empty: the default folder
  std::size_t slipping_rows = 10;
  // Leaves out the cohorts, the costs, the claims and the what-if, and gives all actions there are.
  bool headline_alone = false;
  // The window's choice, where it was made for this report; nullopt where it was given or stored.
  std::optional<WindowChoice> window_choice;
};

// The period that the headline is about: the last complete one, else the last; nullptr without rows.
const RetentionRow* headline_row(const RetentionAnswer& answer);

// Takes two threads. Errors: those of the questions (kInvalidArgument, kOutOfRange).
Result<Report> make_report(const Source& of, const ingest::ReadFacts& facts, const ShopSettings& settings,
                           const ReportOptions& options);

}  // namespace behoud::retention::report
