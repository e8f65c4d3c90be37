#include "retention/terms.h"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <set>
#include <utility>

#include <gtest/gtest.h>

#include "base/json_writer.h"
#include "retention/fields.h"

namespace behoud::retention {
namespace {

using Places = std::set<std::pair<std::string_view, std::string_view>>;

TEST(Terms, AreOneForEachFieldOfEachAnswerAndNoOther) {
  Places expected;
  const auto add = [&expected](std::string_view page, const std::vector<Field>& fields) {
    for (const Field& field : fields) expected.emplace(page, field.name);
  };
  add("retention", retention_fields(Basis::kSubscriptions));
  add("cohorts", cohort_fields(CohortMode::kOn));
  add("value", value_fields());
  add("cost", cost_fields());
  add("claims", claim_fields());
  add("whatif", what_if_fields());
  add("customers", behind_fields());
  add("customers", person_fields());
  add("rate", rate_fields());
  Places found;
  for (const Term& term : terms()) EXPECT_TRUE(found.emplace(term.page, term.field).second) << term.field;
  for (const auto& place : expected) EXPECT_TRUE(found.contains(place)) << place.first << "." << place.second;
  for (const auto& place : found) EXPECT_TRUE(expected.contains(place)) << place.first << "." << place.second;
}

TEST(Terms, AreWrittenInThreeLanguagesThatDiffer) {
  std::vector<boost::json::value> documents;
  for (const language::Language l : language::kLanguages) {
    std::string out;
    JsonWriter json(out);
    write_terms(json, language::Catalogue(l));
    documents.push_back(boost::json::parse(out));
    ASSERT_EQ(documents.back().at("rows").as_array().size(), terms().size());
    for (const auto& row : documents.back().at("rows").as_array()) {
      EXPECT_TRUE(row.at("sentence").as_string().ends_with('.')) << row.at("field");
      EXPECT_FALSE(row.at("term").as_string().empty()) << row.at("field");
      EXPECT_FALSE(row.at("term").as_string().starts_with("definition.")) << row.at("field");
    }
  }
  for (std::size_t i = 0; i < terms().size(); ++i) {
    const auto sentence = [&](std::size_t l) { return documents[l].at("rows").at(i).at("sentence").as_string(); };
    EXPECT_NE(sentence(0), sentence(1)) << terms()[i].field;
    EXPECT_NE(sentence(0), sentence(2)) << terms()[i].field;
    EXPECT_NE(sentence(1), sentence(2)) << terms()[i].field;
    EXPECT_EQ(documents[0].at("rows").at(i).at("formula").is_null(),
              documents[2].at("rows").at(i).at("formula").is_null());
  }
}

TEST(Terms, UnitsAreOfTheClosedList) {
  const std::set<std::string_view> units{"money",   "people", "orders", "rate", "number", "days", "periods",
                                         "windows", "months", "day",    "flag", "text",   "list"};
  for (const Term& term : terms()) {
    EXPECT_TRUE(units.contains(term.unit)) << term.unit;
    EXPECT_EQ(term.field.ends_with("_minor"), term.unit == "money") << term.field;
  }
}

}  // namespace
}  // namespace behoud::retention
