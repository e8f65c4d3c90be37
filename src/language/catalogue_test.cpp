#include "language/catalogue.h"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <unicode/messagepattern.h>
#include <unicode/unistr.h>

#include "language/internal/catalogue_files.h"

namespace behoud::language {
namespace {

namespace fs = std::filesystem;
using calendar::civil;
using money::Currency;
using money::Money;

std::array<Catalogue, 3> all() { return {Catalogue(Language::en), Catalogue(Language::nl), Catalogue(Language::sv)}; }

std::string shown(std::string text) {
  for (std::string::size_type at = 0; (at = text.find("\xC2\xA0", at)) != std::string::npos;) text.replace(at, 2, "_");
  return text;
}

std::string read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// ---- The catalogue as a whole

TEST(CatalogueFiles, EveryFileHasOneKeyALineOfItsAreaAndNoneTwice) {
  ASSERT_FALSE(catalogue_files().empty());
  const std::regex line("^ *\"([^\"]*)\" *:", std::regex::multiline);
  const std::regex form("[a-z][a-z0-9_]*(\\.[a-z0-9_]+)+");
  for (const CatalogueFile& file : catalogue_files()) {
    const std::string name = std::string(file.area) + "." + std::string(file.language) + ".json";
    const std::string text(file.json);
    std::set<std::string> keys;
    for (std::sregex_iterator it(text.begin(), text.end(), line), end; it != end; ++it) {
      const std::string key = (*it)[1];
      EXPECT_TRUE(keys.insert(key).second) << name << ": " << key << " stands there twice";
      EXPECT_TRUE(std::regex_match(key, form)) << name << ": " << key;
      EXPECT_TRUE(key.starts_with(std::string(file.area) + "."))
          << name << ": " << key << " does not begin with its area";
    }
    const boost::json::value root = boost::json::parse(text);
    EXPECT_EQ(root.as_object().size(), keys.size()) << name << ": write one key a line";
    for (const auto& [key, value] : root.as_object()) {
      ASSERT_TRUE(value.is_string()) << name << ": " << key;
      EXPECT_NE(value.as_string().find_first_not_of(" \n\t"), boost::json::string::npos)
          << name << ": " << key << " is empty";
    }
  }
}

TEST(CatalogueFiles, TheThreeLanguagesHaveTheSameKeysAndArguments) {
  const auto catalogues = all();
  std::set<std::string> keys;
  for (const Catalogue& c : catalogues) {
    for (std::string& key : c.keys()) keys.insert(std::move(key));
  }
  for (const std::string& key : keys) {
    for (const Catalogue& c : catalogues) {
      EXPECT_TRUE(c.has(key)) << key << " is missing in " << code(c.language());
    }
    const auto join = [](const std::vector<std::string>& names) {
      std::string out;
      for (const std::string& n : names) out += n + " ";
      return out;
    };
    EXPECT_EQ(join(catalogues[0].arguments(key)), join(catalogues[1].arguments(key))) << key << ": en and nl";
    EXPECT_EQ(join(catalogues[0].arguments(key)), join(catalogues[2].arguments(key))) << key << ": en and sv";
  }
}

// English, Dutch and Swedish have the same two forms, "one" and "other" (CLDR); exact ones such as =0 are free.
TEST(CatalogueFiles, EveryTextParsesAndItsPluralsHaveBothForms) {
  for (const CatalogueFile& file : catalogue_files()) {
    const boost::json::value root = boost::json::parse(std::string(file.json));
    for (const auto& [key, value] : root.as_object()) {
      const std::string where = std::string(file.language) + ": " + std::string(key.data(), key.size());
      UErrorCode status = U_ZERO_ERROR;
      UParseError parse{};
      const icu::MessagePattern pattern(icu::UnicodeString::fromUTF8(std::string(value.as_string().c_str())), &parse,
                                        status);
      ASSERT_TRUE(U_SUCCESS(status)) << where << ": " << u_errorName(status) << " at " << parse.offset;
      for (int i = 0; i < pattern.countParts(); ++i) {
        const icu::MessagePattern::Part& part = pattern.getPart(i);
        if (part.getType() == UMSGPAT_PART_TYPE_ARG_NUMBER) ADD_FAILURE() << where << ": name its arguments";
        if (part.getType() != UMSGPAT_PART_TYPE_ARG_START) continue;
        EXPECT_NE(part.getArgType(), UMSGPAT_ARG_TYPE_SIMPLE) << where << ": a value arrives as written text";
        if (part.getArgType() != UMSGPAT_ARG_TYPE_PLURAL) continue;
        std::set<std::string> forms;
        const int limit = pattern.getLimitPartIndex(i);
        for (int j = i + 1, depth = 0; j < limit; ++j) {
          const auto type = pattern.getPart(j).getType();
          if (type == UMSGPAT_PART_TYPE_ARG_START) ++depth;
          if (type == UMSGPAT_PART_TYPE_ARG_LIMIT) --depth;
          if (type != UMSGPAT_PART_TYPE_ARG_SELECTOR || depth > 0) continue;
          std::string form;
          forms.insert(pattern.getSubstring(pattern.getPart(j)).toUTF8String(form));
        }
        EXPECT_TRUE(forms.contains("one")) << where;
        EXPECT_TRUE(forms.contains("other")) << where;
        for (const std::string& form : forms) {
          EXPECT_TRUE(form == "one" || form == "other" || form.starts_with("="))
              << where << ": " << form << " is never taken";
        }
      }
    }
  }
}

// The reason that a key of the area "problem" has words for: "problem.no_rows" of "problem.no_rows.page".
std::string reason_of(const std::string& key) {
  constexpr std::string_view kArea = "problem.";
  return key.starts_with(kArea) ? key.substr(0, key.find('.', kArea.size())) : key;
}

// A key counts as used where it stands as a literal in the source, and the ways out of a problem where the problem
// does; a literal of a key's form in a call of text() must be one, and so must every reason of an error
// (base/result.h), or a page would say it in English. The area "example" belongs to these tests.
TEST(CatalogueFiles, TheSourceAsksForEveryKeyAndForNoOther) {
  const Catalogue catalogue(Language::en);
  std::set<std::string> unused;
  for (const std::string& key : catalogue.keys()) {
    if (!key.starts_with("example.")) unused.insert(reason_of(key));
  }
  const std::regex call("\\btext\\(\\s*\"([a-z][a-z0-9_]*(?:\\.[a-z0-9_]+)+)\"");
  const std::regex literal("\"([a-z][a-z0-9_]*(?:\\.[a-z0-9_]+)+)\"");
  int files = 0;
  for (const auto& entry : fs::recursive_directory_iterator(fs::path(BEHOUD_SOURCE_DIR) / "src")) {
    const std::string name = entry.path().filename().string();
    if (!name.ends_with(".cpp") && !name.ends_with(".h")) continue;
    if (name.ends_with("_test.cpp") || name == "catalogue.h") continue;  // the one has examples, so has the other
    ++files;
    const std::string source = read(entry.path());
    for (std::sregex_iterator it(source.begin(), source.end(), literal), end; it != end; ++it) {
      const std::string key = (*it)[1];
      unused.erase(key);
      if (!key.starts_with("problem.")) continue;
      EXPECT_TRUE(catalogue.has(key)) << entry.path() << " fails for " << key << ", and no text says that";
    }
    for (std::sregex_iterator it(source.begin(), source.end(), call), end; it != end; ++it) {
      EXPECT_TRUE(catalogue.has((*it)[1].str())) << entry.path() << " asks for " << (*it)[1];
    }
  }
  EXPECT_GT(files, 10);
  for (const std::string& key : unused) ADD_FAILURE() << key << " is in the catalogue, and no source asks for it";
}

// Next to what happened stands the way out: of a page, of a command, or of both.
TEST(CatalogueFiles, ThePartsOfAProblemAreWhatHappenedAndTheWaysOut) {
  const Catalogue catalogue(Language::en);
  std::map<std::string, std::set<std::string>> parts;
  for (const std::string& key : catalogue.keys()) {
    if (!key.starts_with("problem.")) continue;
    const std::string reason = reason_of(key);
    parts[reason].insert(key.substr(reason.size()));
  }
  EXPECT_GT(parts.size(), 100U);
  const std::set<std::string> alone{""}, both{"", ".hint"}, each{"", ".page", ".command"};
  for (const auto& [reason, found] : parts) EXPECT_TRUE(found == alone || found == both || found == each) << reason;
}

// The contract lists them, so that a client in another tongue can have a text for each.
TEST(CatalogueFiles, TheContractListsEveryReason) {
  const std::string contract = read(fs::path(BEHOUD_SOURCE_DIR) / "api" / "openapi.yaml");
  const auto begin = contract.find("\n    Reason:\n");
  ASSERT_NE(begin, std::string::npos);
  const std::string listed = contract.substr(begin, contract.find("\n    Fault:\n") + 1 - begin);
  std::set<std::string> reasons, in_contract;
  for (const std::string& key : Catalogue(Language::en).keys()) {
    if (key.starts_with("problem.")) reasons.insert(reason_of(key));
  }
  const std::regex reason("\n +- (problem\\.[a-z0-9_]+)(?=\n)");
  for (std::sregex_iterator it(listed.begin(), listed.end(), reason), end; it != end; ++it) {
    EXPECT_TRUE(in_contract.insert((*it)[1]).second) << (*it)[1] << " is listed twice";
  }
  EXPECT_EQ(in_contract, reasons);
}

// ---- One text

TEST(Catalogue, CountsAsTheLanguageDoes) {
  const auto [en, nl, sv] = all();
  const auto kept = [](const Catalogue& c, int n) {
    return shown(c.text("example.kept", {{"kept", n}, {"start", 12345}, {"day", civil(2024, 3, 1)}}));
  };
  EXPECT_EQ(kept(en, 0), "You kept no customers of the 12,345 you had on 1 March 2024.");
  EXPECT_EQ(kept(en, 1), "You kept 1 customer of the 12,345 you had on 1 March 2024.");
  EXPECT_EQ(kept(en, 2000), "You kept 2,000 customers of the 12,345 you had on 1 March 2024.");
  EXPECT_EQ(kept(nl, 1), "Je hield 1 klant van de 12.345 die je op 1 maart 2024 had.");
  EXPECT_EQ(kept(nl, 2000), "Je hield 2.000 klanten van de 12.345 die je op 1 maart 2024 had.");
  EXPECT_EQ(kept(sv, 1), "Du behöll 1 kund av de 12_345 som du hade den 1 mars 2024.");
  EXPECT_EQ(kept(sv, 2000), "Du behöll 2_000 kunder av de 12_345 som du hade den 1 mars 2024.");
}

TEST(Catalogue, OneIsWrittenAsOne) {
  const auto unconverted = [](Language language, int orders) {
    return Catalogue(language).text("report.why.unconverted", {{"orders", orders}});
  };
  EXPECT_EQ(unconverted(Language::en, 1),
            "1 order is in another currency: it counts as an order, but its money is in no sum.");
  EXPECT_EQ(unconverted(Language::en, 2),
            "2 orders are in another currency: they count as orders, but their money is in no sum.");
  EXPECT_EQ(unconverted(Language::nl, 1),
            "1 bestelling is in een andere munt: ze telt mee, maar haar geld zit in geen enkele som.");
  EXPECT_EQ(unconverted(Language::sv, 1),
            "1 order är i en annan valuta: den räknas, men dess pengar ingår inte i någon summa.");
  const auto no_flag = [](Language language, int count) {
    return Catalogue(language).text("ingest.notice.no_flag", {{"file", "a"}, {"column", "b"}, {"count", count}});
  };
  EXPECT_EQ(no_flag(Language::en, 1), "a: 1 value of “b” means neither yes nor no and was left open.");
  EXPECT_EQ(no_flag(Language::en, 2), "a: 2 values of “b” mean neither yes nor no and were left open.");
  EXPECT_EQ(no_flag(Language::nl, 1), "a: 1 waarde van “b” betekent ja noch nee en is opengelaten.");
  EXPECT_EQ(no_flag(Language::sv, 1), "a: 1 värde i ”b” betyder varken ja eller nej och lämnades öppet.");
}

TEST(Catalogue, WritesMoneyRatesDaysAndDecimals) {
  const auto [en, nl, sv] = all();
  const auto text = [](const Catalogue& c, Currency currency) {
    return shown(c.text("example.money", {{"amount", Money{123450, currency}},
                                          {"rate", Percent{0.8}},
                                          {"day", ShortDay{civil(2024, 9, 2)}},
                                          {"average", Decimal{1.25, 2}}}));
  };
  const Currency eur = Currency::parse("EUR").value();
  EXPECT_EQ(text(en, eur), "Worth €1,234.50, or 80.0% of all since 2 Sept 2024; 1.25 orders each.");
  EXPECT_EQ(text(nl, eur), "Goed voor €_1.234,50, of 80,0% van alles sinds 2 sep 2024; 1,25 bestellingen per klant.");
  EXPECT_EQ(text(sv, eur), "Värt 1_234,50_€, eller 80,0_% av allt sedan den 2 sep. 2024; 1,25 order per kund.");
  EXPECT_EQ(text(en, Currency::none()), "Worth 1,234.50, or 80.0% of all since 2 Sept 2024; 1.25 orders each.");
  EXPECT_EQ(shown(en.text("example.money", {{"amount", WholeMoney{{123450, eur}}},
                                            {"rate", Percent{std::nullopt}},
                                            {"day", "always"},
                                            {"average", 2.5}})),
            "Worth €1,235, or – of all since always; 2.5 orders each.");
}

TEST(Catalogue, ChoosesByAWord) {
  const auto [en, nl, sv] = all();
  EXPECT_EQ(en.text("example.verdict", {{"verdict", "true"}, {"shop", std::string("Bärs & Söner")}}),
            "True for Bärs & Söner.");
  EXPECT_EQ(nl.text("example.verdict", {{"verdict", "false"}, {"shop", "x"}}), "Niet waar voor x.");
  EXPECT_EQ(sv.text("example.verdict", {{"verdict", "whatever"}, {"shop", "x"}}), "Går inte att säga för x.");
}

// Every text of the product, with values of every kind that its arguments take: joined, the pieces are the text.
TEST(Catalogue, ThePiecesOfEveryTextAreTheText) {
  const std::string strange = "#{x} ' \xEE\x80\x80 \xED\x9F\xBF \xF0\x9F\x98\x80";  // and what no keyboard has
  std::size_t values = 0;
  for (const Catalogue& c : all()) {
    for (const std::string& key : c.keys()) {
      for (const std::int64_t n : {std::int64_t{0}, std::int64_t{1}, std::int64_t{2}, std::int64_t{-1234567}}) {
        const std::vector<std::string> names = c.arguments(key);
        std::vector<Arg> args;
        std::vector<std::string> bare;
        for (const std::string& name : names) bare.push_back(name.substr(0, name.find(':')));
        for (std::size_t i = 0; i < names.size(); ++i) {
          if (names[i].ends_with(":select")) {
            args.emplace_back(bare[i], "true");
          } else if (names[i].ends_with(":plural") || i % 2 == 0) {
            args.emplace_back(bare[i], n + static_cast<std::int64_t>(i));
          } else {
            args.emplace_back(bare[i], strange);
          }
        }
        std::string joined;
        bool words_before = false;
        for (const Piece& piece : c.pieces(key, args)) {
          joined += piece.text;
          EXPECT_FALSE(piece.text.empty()) << key;
          EXPECT_FALSE(words_before && piece.argument.empty()) << key;
          words_before = piece.argument.empty();
          if (words_before) continue;
          ++values;
          const auto at = std::ranges::find(bare, piece.argument);
          ASSERT_NE(at, bare.end()) << key << ": " << piece.argument;
          const Arg& arg = args[static_cast<std::size_t>(at - bare.begin())];
          const auto* integer = std::get_if<std::int64_t>(&arg.value);
          EXPECT_EQ(piece.text, integer ? c.conventions().integer(*integer) : std::get<std::string>(arg.value)) << key;
        }
        EXPECT_EQ(joined, c.text(key, args)) << code(c.language()) << ": " << key << " of " << n;
      }
    }
  }
  EXPECT_GT(values, 1000U);
}

TEST(Catalogue, CutsATextAtItsValues) {
  const Catalogue en(Language::en);
  const std::vector<Arg> args{{"kept", 1}, {"start", 12345}, {"day", civil(2024, 3, 1)}};
  EXPECT_EQ(en.pieces("example.kept", args), (std::vector<Piece>{{"You kept ", ""},
                                                                 {"1", "kept"},
                                                                 {" customer of the ", ""},
                                                                 {"12,345", "start"},
                                                                 {" you had on ", ""},
                                                                 {"1 March 2024", "day"},
                                                                 {".", ""}}));
  const std::vector<Arg> none{{"kept", 0}, {"start", 1}, {"day", ""}};
  EXPECT_EQ(en.pieces("example.kept", none),
            (std::vector<Piece>{{"You kept no customers of the ", ""}, {"1", "start"}, {" you had on .", ""}}));
  EXPECT_EQ(en.pieces("example.plain", {}), (std::vector<Piece>{{"It's simple.", ""}}));
}

TEST(Catalogue, AnArgumentIsNeverReadAsAPattern) {
  const Catalogue en(Language::en);
  EXPECT_EQ(en.text("example.verdict", {{"verdict", "true"}, {"shop", "{kept, plural} '{' <b>"}}),
            "True for {kept, plural} '{' <b>.");
}

TEST(Catalogue, AnApostropheIsItself) {
  EXPECT_EQ(Catalogue(Language::en).text("example.plain"), "It's simple.");
  EXPECT_EQ(Catalogue(Language::nl).text("example.plain"), "Het is simpel, foto's en al.");
}

TEST(Catalogue, ListsTheArgumentsOfAText) {
  const Catalogue en(Language::en);
  EXPECT_EQ(en.arguments("example.kept"), (std::vector<std::string>{"day", "kept:plural", "start"}));
  EXPECT_EQ(en.arguments("example.verdict"), (std::vector<std::string>{"shop", "verdict:select"}));
  EXPECT_TRUE(en.arguments("example.plain").empty());
  EXPECT_TRUE(en.arguments("example.none").empty());
  EXPECT_FALSE(en.has("example.none"));
}

TEST(CatalogueDeathTest, AMistakeInTheSourceStopsADebugBuild) {
#ifdef NDEBUG
  GTEST_SKIP() << "a release build answers with the key";
#else
  const Catalogue en(Language::en);
  EXPECT_DEATH(en.text("example.none"), "no such key");
  EXPECT_DEATH(en.text("example.verdict", {{"shop", "x"}}), "an argument is missing");
#endif
}

TEST(Catalogue, ManyThreadsMayUseOne) {
  const Catalogue c(Language::nl);
  std::vector<std::thread> threads;
  std::vector<int> wrong(4);
  for (std::size_t i = 0; i < wrong.size(); ++i) {
    threads.emplace_back([&, i] {
      for (int n = 0; n < 300; ++n) {
        wrong[i] += c.text("example.kept", {{"kept", 1}, {"start", 2}, {"day", civil(2024, 3, 1)}}) !=
                    "Je hield 1 klant van de 2 die je op 1 maart 2024 had.";
      }
    });
  }
  for (std::thread& t : threads) t.join();
  EXPECT_EQ(wrong, std::vector<int>(4));
}

}  // namespace
}  // namespace behoud::language
