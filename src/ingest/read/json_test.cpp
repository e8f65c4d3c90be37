#include "ingest/read/json.h"

#include <boost/json.hpp>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "ingest/read/csv.h"
#include "ingest/read/json_stream.h"
#include "ingest/read/number_text.h"
#include "ingest/read/table_rows_for_tests.h"

namespace behoud::ingest::read {
namespace {

using Cells = std::vector<std::vector<std::string>>;
using Names = std::vector<std::string>;

Result<std::unique_ptr<Table>> open_text(std::string text, JsonOptions options = {}) {
  return open_json(bytes_of("orders.json", std::move(text)), "orders.json", options);
}

struct Read {
  Names names;
  Cells cells;
  std::vector<std::uint64_t> lines;
  friend bool operator==(const Read&, const Read&) = default;
};
Result<Read> read_text(const std::string& text, JsonOptions options = {}) {
  TRY_ASSIGN(const auto table, open_text(text, options));
  TRY_ASSIGN(const auto rows, rows_of(*table));
  Read read{table->names(), cells_of(rows), {}};
  for (const auto& row : rows) read.lines.push_back(row.line);
  return read;
}
Read expect_read(const std::string& text) {
  auto read = read_text(text);
  EXPECT_TRUE(read.has_value()) << text << ": " << read.error().message;
  return read.value_or(Read{});
}

TEST(Json, FindsTheRecordsInEachShape) {
  const Cells two{{"1", "5"}, {"2", "6"}};
  for (const std::string text : {
           R"([{"id":1,"total":5},{"id":2,"total":6}])",
           R"( [ {"id" : 1, "total" : 5} , {"id":2,"total":6} ] )",
           "{\"id\":1,\"total\":5}\n{\"id\":2,\"total\":6}\n",
           "{\"id\":1,\n \"total\":5}{\"id\":2,\"total\":6}",
           R"({"orders":[{"id":1,"total":5},{"id":2,"total":6}]})",
           R"({"shop":"x","orders":[{"id":1,"total":5},{"id":2,"total":6}],"next":null})",
           R"({"object":"list","data":[{"id":1,"total":5},{"id":2,"total":6}],"has_more":false})",
           R"({"items":[{"id":1,"total":5},{"id":2,"total":6}],"search_criteria":{"a":[1]},"total_count":2})",
           R"({"bestellingen":[{"id":1,"total":5},{"id":2,"total":6}]})",
           R"({"orders":[{"id":1,"total":5}],"page":1}
{"orders":[],"page":2}
{"page":3,"orders":[{"id":2,"total":6}]})",
           "[{\"id\":1,\"total\":5}]\n[]\n[{\"id\":2,\"total\":6}]",
           "\xEF\xBB\xBF[{\"id\":1,\"total\":5},{\"id\":2,\"total\":6}]",
       }) {
    const Read read = expect_read(text);
    EXPECT_EQ(read.names, (Names{"id", "total"})) << text;
    EXPECT_EQ(read.cells, two) << text;
    EXPECT_EQ(read.lines, (std::vector<std::uint64_t>{1, 2})) << text;
  }
  // One order, whose only array of objects are its lines, is one order.
  EXPECT_EQ(expect_read(R"({"id":7,"items":[{"sku":"a"},{"sku":"b"}]})").cells, (Cells{{"7", "a"}, {"7", "b"}}));
}

TEST(Json, GivesEachKindOfValueAsText) {
  const struct {
    const char *json, *text;
  } cases[] = {{"12", "12"},
               {"-0", "-0"},
               {"12.50", "12.5"},
               {"29.330000000000002", "29.33"},
               {"5312345670000.0", "5312345670000"},
               {"123456789012345678901234567890", "123456789012345678901234567890"},
               {"1e3", "1000"},
               {"1e30", "1e30"},
               {"true", "true"},
               {"false", "false"},
               {"null", ""},
               {"NaN", ""},
               {"-Infinity", ""},
               {"\"\"", ""},
               {R"("a\"b\\c\/d\b\f\n\r\t")", "a\"b\\c/d\b\f\n\r\t"},
               {R"("caf\u00e9 \u20AC \ud83d\ude00")", "caf\xC3\xA9 \xE2\x82\xAC \xF0\x9F\x98\x80"},
               {R"("\ud83d \ude00 \ud83d\u0041 \u0000")",
                "\xEF\xBF\xBD \xEF\xBF\xBD \xEF\xBF\xBD"
                "A \xEF\xBF\xBD"},
               {"\"caf\xC3\xA9\"", "caf\xC3\xA9"},
               {"\"caf\xE9\"", "caf\xC3\xA9"},
               {"[1,2.5,\"x\",null]", "1, 2.5, x"},
               {"[[1,2],[3]]", "1, 2, 3"},
               {"=cmd", "error"},
               {"01", "error"},
               {"1.", "error"},
               {"+1", "error"},
               {"1e", "error"},
               {R"("\x")", "error"},
               {R"("\u12g4")", "error"},
               {"[1,]", "error"},
               {"tru", "error"},
               {"truex", "error"}};
  for (const auto& c : cases) {
    const auto read = read_text("[{\"a\":" + std::string(c.json) + ",\"b\":1}]");
    EXPECT_EQ(read ? read->cells[0][0] : "error", c.text) << c.json;
  }
}

TEST(Json, ReadsTheShapesOfShops) {
  // Shopify, orders.json
  const Read shopify =
      expect_read(R"({"orders":[{"id":450789469,"name":"#1001","created_at":"2024-01-10T11:00:00-05:00",
    "customer":{"id":207119551,"email":"a@example.org","default_address":{"country_code":"NL"}},"currency":"EUR",
    "line_items":[{"id":1,"sku":"A","quantity":1,"price":"199.00"},{"id":2,"sku":"B","quantity":2,"price":"5.00"}],
    "refunds":[{"id":5,"transactions":[{"amount":"5.00"}]},{"id":6,"transactions":[{"amount":"7.50"}]}],
    "tags":"vip","total_price":"209.00","discount_codes":[]},
    {"id":450789470,"name":"#1002","created_at":"2024-01-11T11:00:00-05:00","customer":null,"currency":"EUR",
    "line_items":[],"refunds":[],"tags":"","total_price":"0.00","discount_codes":[{"code":"TEN"}]}]})");
  EXPECT_EQ(shopify.names, (Names{"id", "name", "created_at", "customer", "customer.id", "customer.email",
                                  "customer.default_address.country_code", "currency", "line_items.id",
                                  "line_items.sku", "line_items.quantity", "line_items.price", "refunds.id",
                                  "refunds.transactions.amount", "tags", "total_price", "discount_codes.code"}));
  EXPECT_EQ(shopify.cells, (Cells{{"450789469", "#1001", "2024-01-10T11:00:00-05:00", "", "207119551", "a@example.org",
                                   "NL", "EUR", "1", "A", "1", "199.00", "5, 6", "5.00, 7.50", "vip", "209.00", ""},
                                  {"450789469", "#1001", "2024-01-10T11:00:00-05:00", "", "207119551", "a@example.org",
                                   "NL", "EUR", "2", "B", "2", "5.00", "5, 6", "5.00, 7.50", "vip", "209.00", ""},
                                  {"450789470", "#1002", "2024-01-11T11:00:00-05:00", "", "", "", "", "EUR", "", "", "",
                                   "", "", "", "", "0.00", "TEN"}}));
  EXPECT_EQ(shopify.lines, (std::vector<std::uint64_t>{1, 1, 2}));
  // Stripe, invoices: lines within a list object.
  const Read stripe = expect_read(R"({"object":"list","data":[{"id":"in_1","customer":"cus_1","amount_paid":500,
    "lines":{"object":"list","data":[{"amount":300,"currency":"eur"},{"amount":200,"currency":"eur"}]}}]})");
  EXPECT_EQ(stripe.names,
            (Names{"id", "customer", "amount_paid", "lines.object", "lines.data.amount", "lines.data.currency"}));
  EXPECT_EQ(stripe.cells,
            (Cells{{"in_1", "cus_1", "500", "list", "300", "eur"}, {"in_1", "cus_1", "500", "list", "200", "eur"}}));
}

TEST(Json, KnowsMembersThatOnlyALaterRecordHas) {
  const Read read =
      expect_read("{\"id\":1}\n{\"refund\":5,\"id\":2}\n{\"id\":3,\"a\":{\"b\":{\"c\":1}}}\n{\"a\":\"text\"}");
  EXPECT_EQ(read.names, (Names{"id", "refund", "a", "a.b.c"}));
  EXPECT_EQ(read.cells, (Cells{{"1", "", "", ""}, {"2", "5", "", ""}, {"3", "", "", "1"}, {"", "", "text", ""}}));
}

TEST(Json, OfAMemberTwiceTheLastCounts) { EXPECT_EQ(expect_read(R"([{"a":1,"a":2}])").cells, (Cells{{"2"}})); }

TEST(Json, GivesWhatLiesVeryDeepAsJson) {
  const Read read = expect_read(R"([{"a":{"b":{"c":{"d":{"e":{"f":{"g":[1]},"h":2}}}}}}])");
  EXPECT_EQ(read.names, (Names{"a.b.c.d.e.f", "a.b.c.d.e.h"}));
  EXPECT_EQ(read.cells, (Cells{{R"({"g":[1]})", "2"}}));
}

TEST(Json, ProjectsAndSkips) {
  const auto table = open_text(R"([{"id":1,"items":[{"s":"a"},{"s":"b"}]},{"id":2,"items":[{"s":"c"}]},{"id":3}])");
  ASSERT_TRUE(table.has_value());
  const auto rows = rows_of(**table, {1, 0, 1, 9}, 1);
  ASSERT_TRUE(rows.has_value());
  EXPECT_EQ(*rows, (std::vector<TestRow>{
                       {1, 2, {"b", "1", "b", ""}}, {2, 2, {"c", "2", "c", ""}}, {3, 2, {"", "3", "", ""}}}));
  EXPECT_EQ(rows_of(**table, {0}, 3)->size(), 1U);
  EXPECT_TRUE(rows_of(**table, {0}, 4)->empty());
}

TEST(Json, SpreadsARecordOfManyLinesOverBatches) {
  std::string text = "[{\"id\":0},{\"id\":1,\"name\":\"long enough to be text of its own\",\"items\":[";
  for (int i = 0; i < 50'000; ++i) text += (i > 0 ? "," : "") + std::string("{\"n\":") + std::to_string(i) + "}";
  text += "]},{\"id\":2}]";
  const auto table = open_text(text);
  ASSERT_TRUE(table.has_value());
  const auto rows = rows_of(**table);
  ASSERT_TRUE(rows.has_value());
  ASSERT_EQ(rows->size(), 50'002U);
  for (std::size_t i = 0; i < 50'000; ++i) {
    ASSERT_EQ(rows->at(i + 1).cells,
              (std::vector<std::string>{"1", "long enough to be text of its own", std::to_string(i)}));
  }
  EXPECT_EQ(rows->back().cells[0], "2");
}

TEST(Json, NamesTheLineOfWhatIsWrong) {
  std::string wide = "[{", deep, many = "[{\"items\":[";
  for (int i = 0; i < 5000; ++i) wide += (i > 0 ? ",\"" : "\"") + std::to_string(i) + "\":1";
  wide += "}]";
  for (int i = 0; i < 100; ++i) deep += "{\"a\":";
  for (int i = 0; i < 100'001; ++i) many += i > 0 ? ",{\"a\":1}" : "{\"a\":1}";
  many += "]}]";
  const struct {
    const char* why;
    std::string text;
    Errc code;
    std::uint64_t line;
  } cases[] = {
      {"no records", "[]", Errc::kBadInput, 0},
      {"empty records", "[{},{}]", Errc::kBadInput, 0},
      {"an empty page", R"({"orders":[]})", Errc::kBadInput, 0},
      {"neither", "id,total\n", Errc::kBadInput, 1},
      {"numbers for records", "[1,2]", Errc::kBadInput, 1},
      {"a record among others that is none", "[{\"a\":1},\n 5]", Errc::kBadInput, 2},
      {"cut off between records", "[{\"a\":1},\n{\"a\":2},\n", Errc::kBadInput, 2},
      {"cut off within a record", "[{\"a\":1},\n{\"a\":2},\n{\"a\":\n", Errc::kBadInput, 3},
      {"cut off within a text", "[{\"a\":1},\n{\"a\":\"x\n\n", Errc::kBadInput, 2},
      {"cut off within a page", "{\"orders\":[{\"a\":1}],\n\"page\":", Errc::kBadInput, 2},
      {"a comma missing", "[{\"a\":1}\n{\"a\":2}]", Errc::kBadInput, 2},
      {"a comma missing within", "[{\"a\":1,\n\"b\":2\n\"c\":3}]", Errc::kBadInput, 3},
      {"brackets that do not match", "[{\"a\":[1}]}]", Errc::kBadInput, 1},
      {"something behind", "[{\"a\":1}]\nx", Errc::kBadInput, 2},
      {"a NUL byte", std::string("[{\"a\":\"\0\"}]", 11), Errc::kBadInput, 1},
      {"very deep", deep, Errc::kOutOfRange, 1},
      {"5,000 columns", wide, Errc::kOutOfRange, 1},
      {"100,001 lines", many, Errc::kOutOfRange, 1},
      {"a record of 17 MB", "[{\"a\":1},\n{\"a\":\"" + std::string(17 << 20, 'x') + "\"}]", Errc::kOutOfRange, 2},
  };
  for (const auto& c : cases) {
    const auto read = read_text(c.text);
    ASSERT_FALSE(read.has_value()) << c.why;
    EXPECT_EQ(read.error().code, c.code) << c.why << ": " << read.error().message;
    EXPECT_EQ(read.error().place.file, "orders.json") << c.why;
    EXPECT_EQ(read.error().place.line, c.line) << c.why << ": " << read.error().message;
  }
}

TEST(NumberText, RoundsNoiseAwayAndKeepsTheRest) {
  const struct {
    const char *stored, *text;
  } cases[] = {{"29.330000000000002", "29.33"},
               {"0.1", "0.1"},
               {"0.30000000000000004", "0.3"},
               {"-12.50", "-12.5"},
               {"12.0", "12"},
               {"-0.0", "0"},
               {"9007199254740993", "9007199254740993"},
               {"1.5E-7", "0.00000015"},
               {"4.5E3", "4500"},
               {"1e18", "1e18"},
               {"1234567890123456.5", "1234567890123456.5"},
               {"1e-40", "1e-40"},
               {"abc", "abc"},
               {"", ""},
               {"nan", "nan"},
               {"1.5x", "1.5x"},
               {"999999999999999.9", "999999999999999.9"}};
  for (const auto& c : cases) EXPECT_EQ(text_of_number(c.stored), c.text) << c.stored;
}

// Any tree of values, written by Boost.JSON: flattened here by the plainest recursion, and read back by the table.
boost::json::value random_value(int depth) {
  switch (*rc::gen::inRange(0, depth > 3 ? 5 : 7)) {
    case 0:
      return nullptr;
    case 1:
      return *rc::gen::arbitrary<bool>();
    case 2:
      return *rc::gen::inRange(-1000, 1000);
    case 3:
    case 4:
      return boost::json::string(*rc::gen::container<std::string>(
          rc::gen::element('a', '"', '\\', '{', '}', '[', ']', ',', ':', '\n', ' ', '7')));
    case 5: {
      boost::json::array array;
      for (int i = *rc::gen::inRange(0, 4); i > 0; --i) array.push_back(random_value(depth + 1));
      return array;
    }
    default: {
      boost::json::object object;
      for (int i = *rc::gen::inRange(0, 4); i > 0; --i) {
        object[*rc::gen::element<std::string>("a", "b", "c", "items", "line_items", "data", "x\"y")] =
            random_value(depth + 1);
      }
      return object;
    }
  }
}

using Flat = std::vector<std::pair<std::string, std::string>>;
void flatten(const boost::json::value& value, const std::string& path, bool joined, std::size_t depth, Flat& out) {
  const auto put = [&](const std::string& text) {
    const auto at = std::ranges::find(out, path, &Flat::value_type::first);
    if (at == out.end()) {
      out.emplace_back(path, text);
    } else if (!joined) {
      at->second = text;
    } else if (!text.empty()) {
      at->second += (at->second.empty() ? "" : ", ") + text;
    }
  };
  if (value.is_object() && depth < 6) {
    for (const auto& [key, member] : value.get_object()) {
      flatten(member, path.empty() ? std::string(key) : path + "." + std::string(key), joined, depth + 1, out);
    }
  } else if (value.is_array() && depth < 6) {
    for (const auto& element : value.get_array()) flatten(element, path, true, depth, out);
  } else if (value.is_string()) {
    put(std::string(value.get_string()));
  } else {
    put(value.is_null() ? "" : boost::json::serialize(value));
  }
}

RC_GTEST_PROP(Json, ReadsWhatAPlainRecursionReads, ()) {
  boost::json::array records;
  for (int i = *rc::gen::inRange(1, 6); i > 0; --i) {
    boost::json::object record{{"id", i}};
    // No member by the name of lines at the top: their rows have a test of their own.
    for (const char* key : {"p", "q", "r"}) {
      if (*rc::gen::arbitrary<bool>()) record[key] = random_value(1);
    }
    records.push_back(record);
  }
  const auto read =
      read_text(boost::json::serialize(records), {.chunk_bytes = *rc::gen::inRange<std::size_t>(16, 100)});
  RC_ASSERT(read.has_value());
  RC_ASSERT(read->cells.size() == records.size());
  for (std::size_t i = 0; i < records.size(); ++i) {
    Flat flat;
    flatten(records[i], "", false, 0, flat);
    Flat seen;
    for (std::size_t c = 0; c < read->names.size(); ++c) {
      if (!read->cells[i][c].empty()) seen.emplace_back(read->names[c], read->cells[i][c]);
    }
    std::erase_if(flat, [](const auto& f) { return f.second.empty(); });
    std::ranges::sort(flat);
    std::ranges::sort(seen);
    RC_ASSERT(seen == flat);
  }
}

// What Boost.JSON takes for one JSON array of objects, the table takes, too; what it refuses, the table refuses, but
// for the leniencies that json.h names and shapes that are no table.
RC_GTEST_PROP(Json, RefusesWhatBoostRefuses, ()) {
  static const std::vector<std::string> kPieces{
      "{",      "}",  "[",    "]",     ",",    ":", "\"a\"", "\"b\"", "1",         "-2.5",
      "0",      "e3", "true", "false", "null", " ", "\\",    "\"",    "{\"a\":1}", "{\"a\":[1,{\"b\":2}]}",
      "\"a\":", ".",  "-"};
  const auto parts = *rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(kPieces));
  std::string text = "[{\"z\":1},";
  for (const auto& part : parts) text += part;
  text += "]";
  boost::system::error_code error;
  const boost::json::value value = boost::json::parse(text, error);
  const auto read = read_text(text);
  bool table = !error && value.is_array();
  if (table) {
    for (const auto& record : value.get_array()) table = table && record.is_object();
  }
  // Several arrays one after the other are a table here, and no JSON there.
  if (!table && text.find("][") != std::string::npos) return;
  if (!table && text.find("] [") != std::string::npos) return;
  RC_ASSERT(read.has_value() == table);
}

}  // namespace
}  // namespace behoud::ingest::read
