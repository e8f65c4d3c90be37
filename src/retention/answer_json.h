#pragma once

// Every answer as JSON: the bytes of `behoud retention --format json` and its sisters, of /api/v1/retention and its
// sisters, and of the answers inside `behoud report --json`. One document an answer:
//
//   {"as_of":"2024-07-01T00:00:00Z","revision":12,"history_start":"2022-01-03",
//    "definitions":{"grain":"month","window_days":365,"basis":"orders","timezone":"Europe/Amsterdam","currency":"EUR",
//                   "customers_start":"Customers active at the start of the period (S).", ...},
//    "rows":[{"period_start":"2024-01-01","period_end":"2024-02-01","complete":true,"warming_up":false, ...}]}
//
// A comparison follows the rows: "comparison":{"compare":"previous","from":"2023-11-01","to":"2024-01-01","rows":[..]};
// that of cohorts has "evaluated_to" and "means" too, those of claims and what-if "as_of", and what-if's its sums.
//
// Where orders have no exchange rate, the document says before its rows what is in none of its sums, of the whole
// history: "unconverted":[{"currency":"USD","orders":2,"gross_minor":3000}], in that currency. Inside a report the
// bridge says it, once for all answers.
//
// Field names are those of docs/definitions.md; a member of an answer that is absent is null, and fields that another
// basis alone has (paused, in_trial, ...) are left out. A rate is {"value","n","d","low","high"}. Days are YYYY-MM-DD,
// money is integers in minor units. Pure: the same answer gives the same bytes.

#include <span>
#include <string>

#include "retention/answers.h"

namespace behoud {
class JsonWriter;
}

namespace behoud::retention {

using Unconverted = std::span<const timeline::Unconverted>;

// Each writes one value, so that an answer can stand inside another document.
void write_json(JsonWriter& json, const RetentionAnswer& answer, Unconverted unconverted = {});
void write_json(JsonWriter& json, const CohortAnswer& answer, Unconverted unconverted = {});
void write_json(JsonWriter& json, const ValueAnswer& answer, Unconverted unconverted = {});
void write_json(JsonWriter& json, const CostAnswer& answer, Unconverted unconverted = {});
void write_json(JsonWriter& json, const ClaimsAnswer& answer, Unconverted unconverted = {});
void write_json(JsonWriter& json, const WhatIfAnswer& answer, Unconverted unconverted = {});
void write_json(JsonWriter& json, const BehindAnswer& answer, Unconverted unconverted = {});
void write_json(JsonWriter& json, const Rate& rate);

std::string_view name(Basis basis);      // "orders", ...: as --basis takes it
std::string_view name(Split split);      // "none", "source", ...
std::string_view name(CohortMode mode);  // "on", "on_or_after", "active"
std::string_view name(Compare compare);  // "previous", "last_year"
std::string_view name(Verdict verdict);  // "true", "false", "cannot_tell"

}  // namespace behoud::retention
