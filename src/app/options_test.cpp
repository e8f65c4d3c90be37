#include "app/options.h"

#include <algorithm>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace behoud::app {
namespace {

const Syntax kSyntax{.name = "retention",
                     .operands = "[FILE]...",
                     .operands_min = 0,
                     .operands_max = 2,
                     .summary = "who stayed",
                     .details = {},
                     .options = {{"from", "DATE", "the first day", false},
                                 {"grain", "GRAIN", "the length of a period", false},
                                 {"status", "WORD=counts|awaited|no", "what a status means", true},
                                 {"json", "", "print JSON", false}}};

Result<Arguments> parse(std::vector<std::string> words) { return parse_arguments(kSyntax, words); }

TEST(Options, TakesBothFormsAndOperandsInBetween) {
  const auto a =
      parse({"one.csv", "--from", "2024-01-01", "--grain=week", "--json", "--status", "a=no", "--status=b=c"});
  ASSERT_TRUE(a) << a.error().message;
  EXPECT_EQ(a->operands(), (std::vector<std::string>{"one.csv"}));
  EXPECT_EQ(a->value("from"), "2024-01-01");
  EXPECT_EQ(a->value("grain"), "week");
  EXPECT_TRUE(a->has("json"));
  EXPECT_EQ(std::vector<std::string>(a->values("status").begin(), a->values("status").end()),
            (std::vector<std::string>{"a=no", "b=c"}));
  EXPECT_EQ(a->value("split"), std::nullopt);
}

TEST(Options, ADashAloneAndAnythingBehindTwoIsAnOperand) {
  EXPECT_EQ(parse({"-", "--", "--from"})->operands(), (std::vector<std::string>{"-", "--from"}));
}

TEST(Options, AValueMayBeginWithADashOrBeEmpty) {
  EXPECT_EQ(parse({"--from", "--json"})->value("from"), "--json");
  EXPECT_EQ(parse({"--from="})->value("from"), "");
}

TEST(Options, EveryMistakeIsAUsageErrorThatNamesTheWayOut) {
  const struct {
    std::vector<std::string> words;
    std::string_view message, hint, column;
  } cases[] = {
      {{"--form", "x"}, "there is no option --form", "did you mean --from?", ""},
      {{"--grian=week"}, "there is no option --grian", "did you mean --grain?", ""},
      {{"--gr=week"}, "there is no option --gr", "did you mean --grain?", ""},
      {{"--nothing-like-it"}, "there is no option --nothing-like-it", "see: behoud help retention", ""},
      {{"-grain"}, "there is no option -grain", "did you mean --grain?", ""},
      {{"-f"}, "there is no option -f", "did you mean --from?", ""},
      {{"--from"}, "needs a value: --from DATE", "see: behoud help retention", "from"},
      {{"--json=yes"}, "takes no value", "see: behoud help retention", "json"},
      {{"--from=a", "--from=b"}, "was given twice", "see: behoud help retention", "from"},
      {{"--json", "--json"}, "was given twice", "see: behoud help retention", "json"},
      {{"a", "b", "c"},
       "there is a word too many, 'c': behoud retention [FILE]... [OPTION]...",
       "see: behoud help retention",
       ""},
  };
  for (const auto& c : cases) {
    const auto a = parse(c.words);
    ASSERT_FALSE(a) << c.words.front();
    EXPECT_EQ(a.error().code, Errc::kInvalidArgument);
    EXPECT_EQ(a.error().message, c.message);
    EXPECT_EQ(a.error().hint, c.hint);
    EXPECT_EQ(a.error().place.column, c.column);
  }
}

TEST(Options, ACommandThatNeedsAnOperandSaysSo) {
  Syntax syntax = kSyntax;
  syntax.operands_min = 1;
  EXPECT_EQ(parse_arguments(syntax, {}).error().message,
            "something is missing: behoud retention [FILE]... [OPTION]...");
}

TEST(Options, SuggestsOnlyWhatIsNear) {
  const std::string_view known[] = {"report", "retention", "restore", "serve"};
  EXPECT_EQ(nearest("reprot", known), "report");
  EXPECT_EQ(nearest("retenton", known), "retention");
  EXPECT_EQ(nearest("srv", known), "");
  EXPECT_EQ(nearest("se", known), "serve");
  EXPECT_EQ(nearest("re", known), "") << "three begin so";
  EXPECT_EQ(nearest("", known), "");
  EXPECT_EQ(nearest(std::string(100'000, 'r'), known), "");
}

TEST(Options, HelpNamesEveryOption) {
  const std::string text = help_text(kSyntax);
  for (const Option& o : kSyntax.options) {
    EXPECT_NE(text.find("--" + std::string{o.name}), std::string::npos);
    EXPECT_NE(text.find(o.help), std::string::npos);
  }
  EXPECT_NE(help_markdown(kSyntax).find("`--status WORD=counts\\|awaited\\|no`"), std::string::npos);
}

RC_GTEST_PROP(Options, WhatIsTakenIsExactlyWhatWasTyped, ()) {
  const auto words = *rc::gen::container<std::vector<std::string>>(rc::gen::element<std::string>(
      "a", "--from", "--from=1", "--json", "--status=x", "--", "-", "--grain", "", "--x", "b c"));
  const auto a = parse(words);
  if (!a) {
    RC_ASSERT(a.error().code == Errc::kInvalidArgument && !a.error().message.empty() && !a.error().hint.empty());
    return;
  }
  std::size_t values = 0;
  for (const Option& o : kSyntax.options) values += a->values(o.name).size();
  const auto dashes = std::ranges::count(words, "--") > 0 ? 1U : 0U;
  RC_ASSERT(a->operands().size() + values + dashes <= words.size());
}

}  // namespace
}  // namespace behoud::app
