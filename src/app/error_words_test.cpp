#include "app/error_words.h"

#include <cstdlib>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "app/command.h"
#include "app/exit_code.h"
#include "app/testing/fake_console.h"
#include "app/testing/process.h"
#include "base/file.h"

namespace behoud::app {
namespace {

using language::Language;
using testing::FakeConsole;
using testing::FakeWorld;

const Error kMixed{
    Errc::kBadInput,
    "a.csv: the amounts mix decimal marks: '1.5' (line 2) and '1,5' (line 3)",
    "Export the file with one way of writing numbers, or split it.",
    {"a.csv", 3, "Bedrag"},
    {"problem.amounts_mixed", {{"first", "1.5"}, {"first_line", 2}, {"second", "1,5"}, {"second_line", 3}}}};

TEST(ErrorWords, AreThoseOfTheLanguageWithItsWayOut) {
  const Error nl = in_words_of(Language::nl, kMixed);
  EXPECT_EQ(nl.message, "De bedragen zijn op twee manieren geschreven: “1.5” op regel 2 en “1,5” op regel 3.");
  EXPECT_EQ(nl.hint, "Exporteer het bestand met één schrijfwijze voor getallen, of splits het.");
  EXPECT_EQ(nl.place, kMixed.place);
  EXPECT_EQ(nl.code, kMixed.code);
  EXPECT_EQ(in_words_of(Language::en, kMixed), kMixed) << "English is what the error says";
}

TEST(ErrorWords, TellTheWayOutAsItIsTyped) {
  const Error missing{
      Errc::kBadInput,
      "m",
      "h",
      {"a.csv", 1, ""},
      {"problem.columns_missing", {{"roles", "date"}, {"example", "x=#1"}, {"looked", "date"}, {"found", "'a', 'b'"}}}};
  EXPECT_EQ(in_words_of(Language::sv, missing).hint,
            "Ange kolumnerna: --map x=#1; #1 är den första kolumnen. Sökta namn: date. Kolumner i filen: 'a', 'b'.");
}

TEST(ErrorWords, LeaveAnErrorAsItIsWhereWordsOrValuesAreMissing) {
  Error bare = kMixed;
  bare.why = {};
  EXPECT_EQ(in_words_of(Language::nl, bare), bare);
  Error newer = kMixed;
  newer.why.reason = "problem.of_tomorrow";
  EXPECT_EQ(in_words_of(Language::nl, newer), newer);
  Error without = kMixed;
  without.why.values.pop_back();
  EXPECT_EQ(in_words_of(Language::nl, without), without);
}

// Errors were in English whatever --lang said.
TEST(ErrorWords, ACommandFailsInItsReadersLanguage) {
  const testing::TemporaryFolder folder;
  const std::string file = folder / "orders.json";
  ASSERT_TRUE(write_file(file, "[{\"id\":1},\n {\"id\":\n"));
  const auto note_of = [&](std::vector<std::string> words) {
    FakeConsole console;
    FakeWorld world;
    words.insert(words.begin(), {"report", file});
    EXPECT_EQ(run(words, console, world.world()), kBadInput);
    return console.noted;
  };
  EXPECT_NE(note_of({"--lang", "nl"}).find("Wat op deze regel begint, houdt nergens op"), std::string::npos);
  EXPECT_NE(note_of({"--lang=sv"}).find("filen är avklippt"), std::string::npos);
  EXPECT_NE(note_of({}).find("is cut off"), std::string::npos);
}

// What was typed wrong was told in English, and what stood in a file in the reader's language.
TEST(ErrorWords, AMistypedCommandIsToldInItsReadersLanguage) {
  const std::vector<std::string> mistakes[] = {
      {"reprot"},
      {"frobnicate"},
      {"report"},
      {"report", "a.csv", "--bad"},
      {"report", "a.csv", "--grian", "day"},
      {"report", "a.csv", "--json", "--json"},
      {"report", "a.csv", "--json=yes"},
      {"report", "a.csv", "--grain"},
      {"report", "a.csv", "--grain", "foo"},
      {"report", "a.csv", "--as-of", "2020-99-01"},
      {"report", "a.csv", "--basis", "foo"},
      {"report", "a.csv", "--kinds", "visit"},
      {"report", "a.csv", "--explain"},
      {"report", "a.csv", "--data", "shop"},
      {"report", "--data", "shop", "--decimal", ","},
      {"import"},
      {"import", "poems", "a.csv"},
      {"import", "orders", "missing.csv"},
      {"imports", "undo"},
      {"imports", "undo", "1", "2"},
      {"today", "--format", "foo"},
      {"today", "--format", "csv", "--json"},
      {"definitions", "--format", "foo"},
  };
  const auto note_of = [](std::vector<std::string> words, const char* lang) {
    FakeConsole console;
    FakeWorld world;
    world.variables["LANG"] = lang;
    EXPECT_NE(run(words, console, world.world()), kDone);
    return console.noted;
  };
  for (const auto& words : mistakes) {
    const std::string en = note_of(words, "C.UTF-8"), nl = note_of(words, "nl_NL.UTF-8"),
                      sv = note_of(words, "sv_SE.UTF-8");
    EXPECT_NE(en, nl) << nl;
    EXPECT_NE(en, sv) << sv;
    EXPECT_NE(nl, sv) << sv;
  }
}

TEST(ErrorWords, TheLanguageOfACommandThatWasNotUnderstood) {
  FakeWorld fake;
  const World world = fake.world();
  const auto of = [&](std::vector<std::string> words) { return language_of(words, world); };
  EXPECT_EQ(of({"report", "--lang", "nl", "--bad"}), Language::nl);
  EXPECT_EQ(of({"report", "--lang=sv"}), Language::sv);
  EXPECT_EQ(of({"report", "--lang"}), Language::en);
  EXPECT_EQ(of({"report", "--lang", "de"}), Language::en);
  EXPECT_EQ(of({"report", "--", "--lang", "nl"}), Language::en);
  EXPECT_EQ(of({}), Language::en);
  fake.variables["LANG"] = "nl_NL.UTF-8";
  EXPECT_EQ(of({"report"}), Language::nl) << "the environment's";
  EXPECT_EQ(of({"report", "--lang", "sv"}), Language::sv);
}

}  // namespace
}  // namespace behoud::app
