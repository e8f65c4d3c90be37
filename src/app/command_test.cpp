#include "app/command.h"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <cstdlib>
#include <set>

#include <gtest/gtest.h>

#include "app/exit_code.h"
#include "app/help_command.h"
#include "app/testing/fake_console.h"
#include "base/file.h"

namespace behoud::app {
namespace {

using testing::FakeConsole;
using testing::FakeWorld;

int run_words(std::vector<std::string> words, FakeConsole& console) {
  FakeWorld world;
  return run(words, console, world.world());
}

TEST(Command, WithoutWordsItSaysWhatThereIs) {
  FakeConsole console;
  EXPECT_EQ(run_words({}, console), kDone);
  for (const Command& c : commands()) {
    EXPECT_NE(console.said.find("  " + std::string{c.syntax.name}), std::string::npos);
  }
}

TEST(Command, EveryCommandHasItsHelp) {
  for (const Command& c : commands()) {
    FakeConsole direct;
    FakeConsole asked;
    EXPECT_EQ(run_words({"help", std::string{c.syntax.name}}, direct), kDone);
    EXPECT_EQ(run_words({std::string{c.syntax.name}, "--help"}, asked), kDone);
    EXPECT_EQ(direct.said, asked.said);
    EXPECT_TRUE(direct.said.starts_with("behoud " + std::string{c.syntax.name}));
    EXPECT_EQ(direct.noted, "");
  }
}

TEST(Command, OptionsOfACommandAreNamedOnceAndExplained) {
  for (const Command& c : commands()) {
    std::set<std::string_view> names;
    for (const Option& o : c.syntax.options) {
      EXPECT_TRUE(names.insert(o.name).second) << c.syntax.name << " --" << o.name;
      EXPECT_FALSE(o.help.empty());
    }
    EXPECT_FALSE(c.syntax.summary.empty());
    EXPECT_FALSE(c.syntax.summary.ends_with('.')) << c.syntax.name;
  }
}

TEST(Command, AnUnknownCommandNamesTheNearest) {
  FakeConsole console;
  EXPECT_EQ(run_words({"verzion"}, console), kUsage);
  EXPECT_EQ(console.noted, "behoud: there is no command 'verzion'\n  did you mean: behoud version\n");
  EXPECT_EQ(console.said, "");
}

TEST(Command, WithJsonAnErrorIsOneDocumentOnStandardOutputToo) {
  for (const std::vector<std::string>& words : {std::vector<std::string>{"version", "--json"},
                                                {"nothing", "--format", "json"},
                                                {"version", "x", "--format=json"}}) {
    FakeConsole console;
    EXPECT_EQ(run_words(words, console), kUsage);
    const auto document = boost::json::parse(console.said);
    EXPECT_EQ(document.at("error").at("code").as_string(), "invalid_argument");
    EXPECT_FALSE(document.at("error").at("message").as_string().empty());
    EXPECT_FALSE(console.noted.empty());
  }
}

TEST(Command, ErrorsNameFileLineAndColumnAndCannotSteerTheTerminal) {
  EXPECT_EQ(error_text({Errc::kBadInput, "no such day", "as 2024-01-31", {"orders.csv", 17, "Paid at"}}),
            "behoud: orders.csv:17: Paid at: no such day\n  as 2024-01-31\n");
  EXPECT_EQ(error_text({Errc::kInvalidArgument, "is not known", "", {"", 0, "grain"}}),
            "behoud: --grain: is not known\n");
  EXPECT_EQ(error_text({Errc::kNotFound, "there is no such file", "", {"a\x1b[31m\n.csv", 0, ""}}),
            "behoud: a\xEF\xBF\xBD[31m\xEF\xBF\xBD.csv: there is no such file\n");
}

TEST(Command, EveryErrorHasItsExitCode) {
  EXPECT_EQ(exit_code_of(Errc::kInvalidArgument), 2);
  EXPECT_EQ(exit_code_of(Errc::kBadInput), 3);
  EXPECT_EQ(exit_code_of(Errc::kNotFound), 3);
  EXPECT_EQ(exit_code_of(Errc::kOutOfRange), 3);
  EXPECT_EQ(exit_code_of(Errc::kCorrupt), 4);
  EXPECT_EQ(exit_code_of(Errc::kConflict), 5);
  EXPECT_EQ(exit_code_of(Errc::kUnavailable), 1);
}

// The options that several commands share, read by a command that has them all.
struct Shared {
  Shared(std::vector<std::string> words, std::map<std::string, std::string> variables = {})
      : syntax{.name = "x",
               .operands = "",
               .operands_min = 0,
               .operands_max = 0,
               .summary = "x",
               .details = {},
               .options = {format_option(), json_option(), data_option(), lang_option()}},
        arguments(*parse_arguments(syntax, words)) {
    fake.variables = std::move(variables);
    world = fake.world();
  }
  Syntax syntax;
  Arguments arguments;
  FakeConsole console;
  FakeWorld fake;
  World world;
  Call call() { return {arguments, console, world}; }
};

TEST(Command, TheFormatIsATableUnlessJsonOrCsvIsAskedFor) {
  EXPECT_EQ(format_of(Shared({}).call()), Format::kTable);
  EXPECT_EQ(format_of(Shared({"--json"}).call()), Format::kJson);
  EXPECT_EQ(format_of(Shared({"--format", "csv"}).call()), Format::kCsv);
  EXPECT_EQ(format_of(Shared({"--format=json", "--json"}).call()), Format::kJson);
  EXPECT_EQ(format_of(Shared({"--format=csv", "--json"}).call()).error().place.column, "format");
  EXPECT_EQ(format_of(Shared({"--format=xml"}).call()).error().place.column, "format");
}

TEST(Command, TheDataFolderIsTheOptionThenTheVariableThenTheDefault) {
  EXPECT_EQ(data_of(Shared({"--data", "a/b//"}, {{"BEHOUD_DATA", "/env"}}).call()), "a/b");
  EXPECT_EQ(data_of(Shared({}, {{"BEHOUD_DATA", "/env/"}}).call()), "/env");
  EXPECT_EQ(data_of(Shared({}).call()), "behoud-data");
  EXPECT_EQ(data_of(Shared({"--data", "/"}).call()), "/");
}

TEST(Command, TheLanguageIsTheOptionThenTheEnvironmentsThenEnglish) {
  using language::Language;
  EXPECT_EQ(language_of(Shared({"--lang", "sv"}, {{"LANG", "nl_NL.UTF-8"}}).call()), Language::sv);
  EXPECT_EQ(language_of(Shared({}, {{"LANG", "nl_NL.UTF-8"}}).call()), Language::nl);
  EXPECT_EQ(language_of(Shared({}, {{"LC_ALL", "C"}, {"LANG", "nl_NL.UTF-8"}}).call()), Language::en);
  EXPECT_EQ(language_of(Shared({}).call()), Language::en);
  EXPECT_EQ(language_of(Shared({"--lang", "de"}).call()).error().place.column, "lang");
}

// To renew it: BEHOUD_WRITE_DOCS=1 build/debug/src/app/app_test --gtest_filter='*CommandsDocument*'
TEST(Command, TheCommandsDocumentIsWhatTheTableSays) {
  const std::string path = std::string{BEHOUD_SOURCE_DIR} + "/docs/commands.md";
  if (std::getenv("BEHOUD_WRITE_DOCS") != nullptr) {
    ASSERT_TRUE(write_file(path, commands_markdown()));
  }
  const auto document = read_file(path, 1 << 20);
  ASSERT_TRUE(document) << document.error().message;
  EXPECT_TRUE(*document == commands_markdown()) << "docs/commands.md is not what the table says: renew it as above";
}

}  // namespace
}  // namespace behoud::app
