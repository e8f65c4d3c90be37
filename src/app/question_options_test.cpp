#include "app/question_options.h"

#include <map>

#include <gtest/gtest.h>

namespace behoud::app {
namespace {

using namespace retention;
using calendar::civil;
using Words = std::map<std::string, std::string, std::less<>>;

Result<Question> parse(const Words& words, std::string_view zone = "Europe/Amsterdam") {
  return parse_question(
      [&](std::string_view name) -> std::optional<std::string_view> {
        const auto found = words.find(name);
        if (found == words.end()) return std::nullopt;
        return found->second;
      },
      *calendar::Zone::create(zone));
}

TEST(QuestionOptions, NothingSaidIsTheDefaultQuestion) {
  const auto q = parse({});
  ASSERT_TRUE(q);
  EXPECT_EQ(q->from, std::nullopt);
  EXPECT_EQ(q->grain, calendar::Grain{});
  EXPECT_EQ(q->window_days, std::nullopt);
  EXPECT_EQ(q->basis, Basis::kOrders);
  EXPECT_EQ(q->split, Split::kNone);
  EXPECT_EQ(q->as_of, std::nullopt);
}

TEST(QuestionOptions, EveryWordArrivesWhereItBelongs) {
  const auto q = parse({{"from", "2024-01-01"},
                        {"to", "2024-07-01"},
                        {"grain", "quarter"},
                        {"window", "90d"},
                        {"basis", "events"},
                        {"kinds", "Product Viewed, Email Opened"},
                        {"split", "coupon"},
                        {"mode", "on_or_after"},
                        {"as-of", "2024-07-01"}});
  ASSERT_TRUE(q) << q.error().message;
  EXPECT_EQ(q->from, civil(2024, 1, 1));
  EXPECT_EQ(q->to, civil(2024, 7, 1));
  EXPECT_EQ(q->grain.unit, calendar::Grain::Unit::kQuarter);
  EXPECT_EQ(q->window_days, 90);
  EXPECT_EQ(q->basis, Basis::kEvents);
  EXPECT_EQ(q->kinds, (std::vector<std::string>{"Product Viewed", "Email Opened"}));
  EXPECT_EQ(q->split, Split::kCoupon);
  EXPECT_EQ(q->mode, CohortMode::kOnOrAfter);
  EXPECT_EQ(calendar::to_string(*q->as_of), "2024-06-30T22:00:00Z") << "the day's start in Amsterdam";
}

TEST(QuestionOptions, AnAsOfMayBeAnInstant) {
  EXPECT_EQ(calendar::to_string(*parse({{"as-of", "2024-07-01T12:00:00+02:00"}})->as_of), "2024-07-01T10:00:00Z");
}

TEST(QuestionOptions, EveryMistakeNamesItsOption) {
  const struct {
    std::string option, text;
  } cases[] = {{"from", "01-02-2024"}, {"from", ""},          {"to", "2024-02-30"},    {"grain", "fortnight"},
               {"grain", "0d"},        {"window", "0"},       {"window", "-3d"},       {"window", "3651d"},
               {"window", "9x"},       {"window", ""},        {"basis", "money"},      {"split", "Source"},
               {"mode", "off"},        {"as-of", "tomorrow"}, {"as-of", "2024-13-01"}, {"kinds", "Product Viewed"}};
  for (const auto& c : cases) {
    const auto q = parse({{c.option, c.text}});
    ASSERT_FALSE(q) << c.option << " " << c.text;
    EXPECT_EQ(q.error().code, Errc::kInvalidArgument) << c.option;
    EXPECT_EQ(q.error().place.column, c.option);
    EXPECT_FALSE(q.error().message.empty());
  }
  EXPECT_EQ(parse({{"basis", "events"}, {"kinds", "a,,b"}}).error().place.column, "kinds");
}

TEST(QuestionOptions, TheHelpListsWhatIsParsed) {
  std::vector<std::string> names;
  for (const Option& o : question_options()) names.emplace_back(o.name);
  EXPECT_EQ(names, (std::vector<std::string>{"from", "to", "grain", "window", "basis", "kinds", "split", "as-of"}));
}

}  // namespace
}  // namespace behoud::app
