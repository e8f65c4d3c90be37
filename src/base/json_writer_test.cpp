#include "base/json_writer.h"

#include <bit>
#include <boost/json.hpp>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/text.h"

namespace behoud {
namespace {

template <class Write>
std::string json(Write write, JsonStyle style = {}) {
  std::string out;
  JsonWriter w(out, style);
  write(w);
  EXPECT_TRUE(w.complete());
  return out;
}

TEST(JsonWriter, WritesMembersInTheOrderTheyCome) {
  const std::string out = json([](JsonWriter& w) {
    w.begin_object().field("b", 1).field("a", -2).key("cells").begin_array();
    w.value(true).value(false).null().value("x").value(0.5).value(std::uint64_t{18446744073709551615u});
    w.begin_object().end_object().begin_array().end_array();
    w.end_array().field("none", std::optional<int>()).field("some", std::optional<double>(2)).end_object();
  });
  EXPECT_EQ(out, R"({"b":1,"a":-2,"cells":[true,false,null,"x",0.5,18446744073709551615,{},[]],"none":null,"some":2})");
}

TEST(JsonWriter, TakesAnEmptyTextForOneThatIsNotKnown) {
  EXPECT_EQ(json([](JsonWriter& w) {
              w.begin_object().text_or_null("a", "").text_or_null("b", "b").field("c", "").end_object();
            }),
            R"({"a":null,"b":"b","c":""})");
}

struct Week {
  int number = 0;
};
std::string to_string(Week w) { return "week \"" + std::to_string(w.number) + "\""; }

TEST(JsonWriter, WritesWhatHasATextOfItsOwnAsThatText) {
  EXPECT_EQ(json([](JsonWriter& w) {
              w.begin_object().field("a", Week{7}).field("b", std::optional<Week>());
              w.field("c", std::optional(Week{8})).end_object();
            }),
            R"({"a":"week \"7\"","b":null,"c":"week \"8\""})");
}

TEST(JsonWriter, IndentsWhenAskedTo) {
  const std::string out = json(
      [](JsonWriter& w) {
        w.begin_object().field("a", 1).key("b").begin_array().value(1).value(2).end_array();
        w.key("c").begin_object().end_object().end_object();
      },
      {.indent = 2});
  EXPECT_EQ(out, "{\n  \"a\": 1,\n  \"b\": [\n    1,\n    2\n  ],\n  \"c\": {}\n}");
}

TEST(JsonWriter, OneValueAloneIsADocument) {
  EXPECT_EQ(json([](JsonWriter& w) { w.value("x"); }), "\"x\"");
  EXPECT_EQ(json([](JsonWriter& w) { w.null(); }), "null");
  EXPECT_EQ(json([](JsonWriter& w) { w.begin_array().raw("{\"x\":1}").raw("2").end_array(); }), "[{\"x\":1},2]");
  std::string out;
  EXPECT_FALSE(JsonWriter(out).complete());
}

TEST(JsonWriter, TheOutputMayBeTakenAwayAtAnyTime) {
  std::string out, all;
  JsonWriter w(out);
  const auto drain = [&] {
    all += out;
    out.clear();
  };
  w.begin_array();
  for (int i = 0; i < 3; ++i) {
    drain();
    w.begin_object();
    drain();
    w.field("i", i);
    drain();
    w.end_object();
  }
  w.end_array();
  drain();
  EXPECT_EQ(all, R"([{"i":0},{"i":1},{"i":2}])");
}

TEST(JsonWriter, EscapesWhatMustBeEscaped) {
  const auto text = [](std::string_view t, bool html = false) {
    return json([&](JsonWriter& w) { w.value(t); }, {.for_html = html});
  };
  EXPECT_EQ(text("\"\\/\b\f\n\r\t"), R"("\"\\/\b\f\n\r\t")");
  EXPECT_EQ(text(std::string_view("\0\x01\x1f\x7f", 4)), "\"\\u0000\\u0001\\u001f\x7f\"");
  EXPECT_EQ(text("é€😀"), "\"é€😀\"");
  EXPECT_EQ(text("</script><!--&\xE2\x80\xA8"), "\"</script><!--&\xE2\x80\xA8\"");
  EXPECT_EQ(text("</script>&\xE2\x80\xA8\xE2\x80\xA9\xE2\x80\xA7", true),
            "\"\\u003c/script\\u003e\\u0026\\u2028\\u2029\xE2\x80\xA7\"");
  EXPECT_EQ(json([](JsonWriter& w) { w.begin_object().field("a\"b", 1).end_object(); }), R"({"a\"b":1})");
}

TEST(JsonWriter, WhatIsNotUtf8BecomesAReplacement) {
  const std::string r(kReplacement);
  EXPECT_EQ(json([](JsonWriter& w) { w.value("a\xFFz\xE2\x82"); }), "\"a" + r + "z" + r + "\"");
}

// Boost.JSON as the oracle: what it reads is what was written, repaired.
RC_GTEST_PROP(JsonWriterLaw, AnyTextIsReadBackRepaired, ()) {
  std::string text;
  for (const auto b : *rc::gen::arbitrary<std::vector<unsigned char>>()) text += static_cast<char>(b);
  for (const bool html : {false, true}) {
    std::string out;
    JsonWriter(out, {.indent = 0, .for_html = html}).value(text);
    const boost::json::value back = boost::json::parse(out);
    RC_ASSERT(std::string(back.as_string().data(), back.as_string().size()) == repair_utf8(text));
  }
}

TEST(JsonNumber, IsWrittenAsJavaScriptWritesIt) {  // String(x), run in node 20
  const struct {
    double number;
    const char* text;
  } cases[] = {{0.0, "0"},
               {-0.0, "0"},
               {1, "1"},
               {-0.1, "-0.1"},
               {0.1, "0.1"},
               {1.0 / 3, "0.3333333333333333"},
               {100, "100"},
               {12345.678, "12345.678"},
               {0.1 + 0.2, "0.30000000000000004"},
               {4.35, "4.35"},
               {1e20, "100000000000000000000"},
               {123456789012345680000.0, "123456789012345680000"},
               {123e18, "123000000000000000000"},
               {1e21, "1e+21"},
               {2.5e22, "2.5e+22"},
               {1e23, "1e+23"},
               {0.000001, "0.000001"},
               {1e-7, "1e-7"},
               {1.5e-7, "1.5e-7"},
               {-1e-10, "-1e-10"},
               {5e-324, "5e-324"},
               {1.7976931348623157e308, "1.7976931348623157e+308"},
               {9007199254740992.0, "9007199254740992"},
               {0.0000012345678901234567, "0.0000012345678901234567"},
               {-123456.7890123456, "-123456.7890123456"}};
  for (const auto& c : cases) EXPECT_EQ(json_number(c.number), c.text);
}

TEST(JsonNumber, WhatIsNoNumberIsNull) {
  EXPECT_EQ(json_number(std::numeric_limits<double>::quiet_NaN()), "null");
  EXPECT_EQ(json_number(std::numeric_limits<double>::infinity()), "null");
  EXPECT_EQ(json_number(-std::numeric_limits<double>::infinity()), "null");
}

RC_GTEST_PROP(JsonNumberLaw, IsReadBackAsTheSameDoubleAndIsShortest, (std::uint64_t bits)) {
  const double number = std::bit_cast<double>(bits);
  RC_PRE(std::isfinite(number));
  const std::string text = json_number(number);
  double back = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), back);
  RC_ASSERT(error == std::errc{} && end == text.data() + text.size());
  RC_ASSERT(back == number);
  // With one digit less the C library's best attempt is another double.
  std::string digits;
  for (const char c : text.substr(0, text.find('e'))) {
    if (is_digit(c) && (c != '0' || !digits.empty())) digits += c;
  }
  while (digits.size() > 1 && digits.back() == '0') digits.pop_back();
  if (digits.size() > 1) {
    char shorter[40];
    std::snprintf(shorter, sizeof shorter, "%.*e", static_cast<int>(digits.size()) - 2, number);
    RC_ASSERT(std::strtod(shorter, nullptr) != number);
  }
}

TEST(JsonWriterDeathTest, ADocumentThatIsNoneIsAMistakeInTheSource) {
#ifdef NDEBUG
  GTEST_SKIP() << "asserts are off";
#else
  std::string out;
  EXPECT_DEATH(JsonWriter(out).key("x"), "a key stands in an object");
  EXPECT_DEATH(JsonWriter(out).begin_object().value(1), "a value needs a key");
  EXPECT_DEATH(JsonWriter(out).begin_object().key("a").key("b"), "a key without a value");
  EXPECT_DEATH(JsonWriter(out).begin_object().key("a").end_object(), "a key without a value");
  EXPECT_DEATH(JsonWriter(out).begin_object().end_array(), "another kind of bracket");
  EXPECT_DEATH(JsonWriter(out).end_array(), "an end without a begin");
  EXPECT_DEATH(JsonWriter(out).value(1).value(2), "one value");
  EXPECT_DEATH(
      {
        JsonWriter w(out);
        for (int i = 0; i < 65; ++i) w.begin_array();
      },
      "nested too deeply");
#endif
}

TEST(JsonWriter, SixtyFourLevelsAreFine) {
  const std::string out = json([](JsonWriter& w) {
    for (int i = 0; i < 32; ++i) w.begin_array().begin_object().key("k");
    w.value(1);
    for (int i = 0; i < 32; ++i) w.end_object().end_array();
  });
  EXPECT_EQ(out.size(), 32u * 8 + 1);
}

}  // namespace
}  // namespace behoud
