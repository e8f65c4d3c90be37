#pragma once

// The definitions done slowly: for each period, for each customer, each sentence of docs/definitions.md as it is
// written, over sets of days. It shares with the real engine only the types of questions and answers, the calendar and
// proportion(); it is the judge of that engine and of every faster one. For tests: O(periods x customers x orders).
//
// Requires a question that has an answer (errors are the engine's own tests).

#include <set>

#include "retention/answers.h"

namespace behoud::retention::oracle {

RetentionAnswer retention(const timeline::Histories& h, const ShopSettings& s, const Question& q);
// `seen_until`: the cells are those that had begun on that day, and are read at it; else at as-of.
CohortAnswer cohorts(const timeline::Histories& h, const ShopSettings& s, const Question& q,
                     std::optional<calendar::Day> seen_until = {});
ValueAnswer value(const timeline::Histories& h, const ShopSettings& s, const Question& q);
CostAnswer cost(const timeline::Histories& h, const ShopSettings& s, const Question& q);
WhatIfAnswer whatif(const timeline::Histories& h, const ShopSettings& s, const Question& q);
SlippingAnswer slipping(const timeline::Histories& h, const ShopSettings& s, const Question& q);
std::optional<ChangeAnswer> change(const timeline::Histories& h, const ShopSettings& s, const Question& q);
WindowChoice window(const timeline::Histories& h);

// The customers that a field counts in [a, b), of one part of a split or of all.
std::set<std::uint32_t> people(const timeline::Histories& h, const ShopSettings& s, const Question& q,
                               std::string_view field, calendar::Day a, calendar::Day b,
                               const std::optional<std::string>& part);
// The customers of a cohort's cell.
std::set<std::uint32_t> cell(const timeline::Histories& h, const ShopSettings& s, const Question& q,
                             calendar::Day cohort, int k, const std::optional<std::string>& part,
                             std::optional<calendar::Day> seen_until = {});

}  // namespace behoud::retention::oracle
