#include "base/log.h"

#include <boost/json.hpp>
#include <concepts>
#include <set>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/json_writer.h"

namespace behoud {
namespace {

constexpr std::int64_t kNow = 1'709'285'400'125;  // 2024-03-01T09:30:00.125Z

struct Lines {
  std::vector<std::string> all;
  Log log(Log::Level least = Log::Level::kInfo, Log::Form form = Log::Form::kText) {
    return Log([this](std::string_view line) { all.emplace_back(line); }, [] { return kNow; }, least, form);
  }
};

TEST(Log, WritesASentenceAndItsValues) {
  Lines lines;
  Log log = lines.log();
  log.info("import committed",
           {{"import", 12}, {"rows", 70'000u}, {"share", 0.5}, {"again", false}, {"file", "orders.csv"}});
  ASSERT_EQ(lines.all.size(), 1u);
  EXPECT_EQ(lines.all[0],
            "2024-03-01T09:30:00.125Z info \"import committed\" import=12 rows=70000 share=0.5 again=false "
            "file=orders.csv\n");
}

TEST(Log, WritesJsonLines) {
  Lines lines;
  Log log = lines.log(Log::Level::kDebug, Log::Form::kJson);
  log.warning("disk \"full\"", {{"path", std::string("a\nb")}, {"free", std::int64_t{-1}}});
  ASSERT_EQ(lines.all.size(), 1u);
  EXPECT_EQ(lines.all[0],
            R"({"at":"2024-03-01T09:30:00.125Z","level":"warning","event":"disk \"full\"","path":"a\nb","free":-1})"
            "\n");
  EXPECT_TRUE(boost::json::parse(lines.all[0]).is_object());
}

TEST(Log, AValueFromOutsideCannotWriteALineOfItsOwn) {
  Lines lines;
  Log log = lines.log();
  log.error("bad file", {{"name", "x\n2024-03-01T09:30:00.125Z info \"all is well\""},
                         {"blank", ""},
                         {"fake", "a b=c"},
                         {"esc", "\x1b[2J"}});
  ASSERT_EQ(lines.all.size(), 1u);
  EXPECT_EQ(std::count(lines.all[0].begin(), lines.all[0].end(), '\n'), 1);
  EXPECT_EQ(lines.all[0].find('\x1b'), std::string::npos);
  EXPECT_NE(lines.all[0].find("blank=\"\" fake=\"a b=c\""), std::string::npos) << lines.all[0];
}

TEST(Log, LeavesOutWhatIsBelowItsLevel) {
  Lines lines;
  Log log = lines.log(Log::Level::kWarning);
  log.debug("a");
  log.info("b");
  log.warning("c");
  log.error("d");
  EXPECT_EQ(lines.all.size(), 2u);
}

TEST(Log, LinesOfManyThreadsDoNotMix) {
  Lines lines;
  Log log = lines.log();
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&log, t] {
      for (int i = 0; i < 200; ++i) log.info("x", {{"thread", t}, {"i", i}});
    });
  }
  for (std::thread& t : threads) t.join();
  EXPECT_EQ(lines.all.size(), 800u);
  EXPECT_EQ(std::set<std::string>(lines.all.begin(), lines.all.end()).size(), 800u);
}

// ---- Personal data: what must not compile

using Email = Personal<std::string>;

template <class T>
concept Loggable = requires(const T& v) { Log::Field("name", v); };
template <class T>
concept Streamable = requires(std::ostringstream& out, const T& v) { out << v; };
template <class T>
concept JsonWritable = requires(JsonWriter& json, const T& v) { json.value(v); };

static_assert(Loggable<std::string> && Loggable<int> && !Loggable<Email> && !Loggable<Personal<int>>);
static_assert(Streamable<std::string> && !Streamable<Email>);
static_assert(JsonWritable<std::string> && !JsonWritable<Email> && !JsonWritable<Personal<int>>);
static_assert(fmt::is_formattable<std::string>::value && !fmt::is_formattable<Email>::value);
static_assert(!std::convertible_to<Email, std::string> && !std::convertible_to<Email, std::string_view>);
static_assert(!std::convertible_to<std::string, Email>);

TEST(Personal, IsComparedAndShownOnlyOnPurpose) {
  const Email a("a@example.com"), b("b@example.com");
  EXPECT_TRUE(a < b);
  EXPECT_TRUE(a == Email("a@example.com"));
  EXPECT_EQ(a.reveal(), "a@example.com");
}

}  // namespace
}  // namespace behoud
