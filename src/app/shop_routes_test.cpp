// The routes of a shop, asked without sockets.

#include "app/shop_routes.h"

#include <boost/json.hpp>

#include <gtest/gtest.h>

#include "app/questions.h"
#include "app/testing/process.h"
#include "app/testing/routes.h"
#include "base/text.h"

namespace behoud::app::testing {
namespace {

boost::json::object json(const http::Response& response) { return boost::json::parse(response.body).as_object(); }

class ShopRoutes : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = std::make_unique<TemporaryFolder>();
    const Ended made = run_behoud({"sample", "--customers", "200", "--seed", "4", "--data", *folder_ / "shop"});
    ASSERT_EQ(made.exit_code, 0) << made.err;
    routes_ = std::make_unique<Routes>(*folder_ / "shop");
  }
  static void TearDownTestSuite() {
    routes_.reset();
    folder_.reset();
  }
  static http::Response get(std::string_view target, http::Headers headers = {}) {
    return routes_->get(target, std::move(headers));
  }
  static std::unique_ptr<TemporaryFolder> folder_;
  static std::unique_ptr<Routes> routes_;
};
std::unique_ptr<TemporaryFolder> ShopRoutes::folder_;
std::unique_ptr<Routes> ShopRoutes::routes_;

TEST_F(ShopRoutes, EveryRouteNeedsTheRightToReadAndOnlyHealthNone) {
  for (const http::Route& route : routes_->router().routes()) {
    EXPECT_EQ(route.policy.right, route.pattern == "/health" ? http::Right::kPublic : http::Right::kRead)
        << route.pattern;
    EXPECT_EQ(route.method, http::Method::kGet);
  }
}

TEST_F(ShopRoutes, CsvIsTheCommandsAndHasAName) {
  for (const QuestionSyntax& question : questions()) {
    const std::string name{question.name};
    std::vector<std::string> words{name, "--data", *folder_ / "shop", "--format", "csv"};
    std::string target = "/api/v1/" + name + "?format=csv";
    if (name == "customers") {
      words.insert(words.end(), {"--behind", "buyers"});
      target += "&behind=buyers";
    }
    const http::Response response = get(target);
    EXPECT_EQ(response.status, 200) << response.body;
    EXPECT_EQ(response.content_type, "text/csv; charset=utf-8");
    EXPECT_EQ(response.headers.find("Content-Disposition"), "attachment; filename=\"behoud-" + name + ".csv\"");
    EXPECT_EQ(response.body, run_behoud(words).out) << name;
  }
  const http::Response imports = get("/api/v1/imports?format=csv");
  EXPECT_EQ(imports.body, run_behoud({"imports", "--data", *folder_ / "shop", "--format", "csv"}).out);
}

TEST_F(ShopRoutes, ImportsComeWholeAndInParts) {
  const auto whole = json(get("/api/v1/imports"));
  EXPECT_FALSE(whole.contains("next")) << "as the command says it";
  const auto& all = whole.at("rows").as_array();
  for (const std::size_t limit : {std::size_t{1}, std::size_t{2}, all.size()}) {
    boost::json::array joined;
    std::string cursor;
    std::size_t pages = 0;
    do {
      const auto part = json(get("/api/v1/imports?limit=" + std::to_string(limit) + cursor));
      for (const auto& row : part.at("rows").as_array()) joined.push_back(row);
      cursor = part.at("next").is_null() ? "" : "&cursor=" + std::string(part.at("next").as_string());
      ASSERT_LE(++pages, all.size());
    } while (!cursor.empty());
    EXPECT_EQ(joined, all);
    EXPECT_EQ(pages, (all.size() + limit - 1) / limit);
  }
}

TEST_F(ShopRoutes, AComparisonIsTheCommands) {
  for (const std::string name : {"retention", "value", "cost", "cohorts", "claims"}) {
    for (const std::string with : {"previous", "last_year"}) {
      const http::Response response = get("/api/v1/" + name + "?grain=quarter&compare=" + with);
      EXPECT_EQ(response.body, run_behoud({name, "--data", *folder_ / "shop", "--format", "json", "--grain", "quarter",
                                           "--compare", with})
                                   .out);
      const auto document = json(response);
      EXPECT_EQ(document.at("comparison").at("rows").as_array().size(), document.at("rows").as_array().size());
    }
  }
}

TEST_F(ShopRoutes, TheListOfCustomersIsTheCommands) {
  const http::Response all = get("/api/v1/customers?sort=revenue&limit=7");
  EXPECT_EQ(all.status, 200) << all.body;
  EXPECT_EQ(all.body, run_behoud({"customers", "--data", *folder_ / "shop", "--sort", "revenue", "--limit", "7",
                                  "--format", "json"})
                          .out);
  const auto document = json(all);
  EXPECT_EQ(document.at("total"), 200);
  EXPECT_EQ(document.at("rows").as_array().size(), 7U);
  const std::string next{document.at("next").as_string()};
  const auto second = json(get("/api/v1/customers?sort=revenue&limit=7&cursor=" + next));
  EXPECT_NE(second.at("rows").at(0), document.at("rows").at(6));
  const std::string email{document.at("rows").at(3).at("email").as_string()};
  const auto found = json(get("/api/v1/customers?q=" + http::percent_encode(email)));
  EXPECT_EQ(found.at("total"), 1);
  EXPECT_EQ(found.at("rows").at(0).at("customer"), document.at("rows").at(3).at("customer"));
  EXPECT_EQ(get("/api/v1/customers?format=csv&limit=3").body,
            run_behoud({"customers", "--data", *folder_ / "shop", "--limit", "3", "--format", "csv"}).out);
  EXPECT_EQ(get("/api/v1/customers?behind=buyers&grain=year&limit=2").body,
            run_behoud({"customers", "--data", *folder_ / "shop", "--behind", "buyers", "--grain", "year", "--limit",
                        "2", "--format", "json"})
                .out);
  http::Headers held;
  held.add("If-None-Match", std::string(*all.headers.find("ETag")));
  EXPECT_EQ(get("/api/v1/customers?sort=revenue&limit=7", held).status, 304);
}

TEST_F(ShopRoutes, ThoseBehindANumberAreCalledAsInTheList) {
  std::map<std::string, std::pair<boost::json::value, boost::json::value>> called;
  const auto all = json(get("/api/v1/customers?limit=1000"));
  for (const auto& row : all.at("rows").as_array()) {
    called[std::string(row.at("customer").as_string())] = {row.at("email"), row.at("name")};
  }
  for (const std::string behind : {"buyers", "slipping_away"}) {
    const std::string target = "/api/v1/customers?grain=year&behind=" + behind;
    const auto plain = json(get(target)).at("rows").as_array();
    const http::Response named = get(target + "&names=true");
    ASSERT_EQ(named.status, 200) << named.body;
    const auto rows = json(named).at("rows").as_array();
    ASSERT_GT(rows.size(), 0U);
    ASSERT_EQ(rows.size(), plain.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const std::string customer{rows[i].at("customer").as_string()};
      EXPECT_EQ(rows[i].at("email"), called.at(customer).first) << customer;
      EXPECT_EQ(rows[i].at("name"), called.at(customer).second) << customer;
      EXPECT_EQ(plain[i].at("customer"), rows[i].at("customer"));
      EXPECT_FALSE(plain[i].as_object().contains("email"));
    }
    for (const std::string format : {"json", "csv"}) {
      EXPECT_EQ(get(target + "&names=true&format=" + format).body,
                run_behoud({"customers", "--data", *folder_ / "shop", "--grain", "year", "--behind", behind, "--names",
                            "--format", format})
                    .out);
    }
    EXPECT_EQ(get(target + "&names=false").body, get(target).body);
  }
}

TEST_F(ShopRoutes, OneCustomerIsTheCommands) {
  const auto rows = json(get("/api/v1/customers?limit=5&sort=orders")).at("rows").as_array();
  ASSERT_EQ(rows.size(), 5U);
  for (const auto& row : rows) {
    const std::string id{row.at("customer").as_string()};
    const http::Response response = get("/api/v1/customers/" + http::percent_encode(id) + "?limit=4");
    ASSERT_EQ(response.status, 200) << response.body;
    EXPECT_EQ(response.body,
              run_behoud({"customer", id, "--data", *folder_ / "shop", "--limit", "4", "--format", "json"}).out);
    const auto document = json(response);
    for (const char* field : {"orders", "revenue_minor", "first_order", "last_order", "active"}) {
      EXPECT_EQ(document.at("summary").at(field), row.at(field)) << field;
    }
    EXPECT_EQ(document.at("profile").at("email"), row.at("email"));
    EXPECT_EQ(document.at("events").as_array().size(), 4U);
    EXPECT_EQ(get("/api/v1/customers/" + id + "?format=csv&limit=4").body,
              run_behoud({"customer", id, "--data", *folder_ / "shop", "--limit", "4", "--format", "csv"}).out);
  }
  const http::Response nobody = get("/api/v1/customers/secret%40example.com");
  EXPECT_EQ(nobody.status, 404);
  EXPECT_EQ(nobody.body.find("secret"), std::string::npos);
  EXPECT_NE(run_behoud({"customer", "nobody", "--data", *folder_ / "shop"}).exit_code, 0);
  const Ended table =
      run_behoud({"customer", std::string(rows[0].at("customer").as_string()), "--data", *folder_ / "shop"});
  EXPECT_NE(table.out.find(" orders, the first on "), std::string::npos) << table.out << table.err;
}

TEST_F(ShopRoutes, TodayIsTheCommands) {
  for (const std::string lang : {"en", "nl", "sv"}) {
    const http::Response response = get("/api/v1/today?lang=" + lang);
    ASSERT_EQ(response.status, 200) << response.body;
    EXPECT_EQ(response.body, run_behoud({"today", "--data", *folder_ / "shop", "--lang", lang, "--json"}).out);
    const http::Response lists = get("/api/v1/today?format=csv&lang=" + lang);
    EXPECT_EQ(lists.content_type, "text/csv; charset=utf-8");
    EXPECT_EQ(lists.body, run_behoud({"today", "--data", *folder_ / "shop", "--lang", lang, "--format", "csv"}).out);
    const auto document = json(response);
    EXPECT_EQ(document.at("sentence"), json(get("/api/v1/report")).at("answer").at(lang));
    for (const auto& thing : document.at("todo").as_array()) {
      std::string target = "/api/v1/customers?behind=" + std::string(thing.at("behind").as_string());
      for (const char* of : {"from", "to", "grain"}) {
        if (!thing.at(of).is_null()) target += "&" + std::string(of) + "=" + std::string(thing.at(of).as_string());
      }
      EXPECT_EQ(json(get(target)).at("rows").as_array().size(), thing.at("people").to_number<std::size_t>()) << target;
    }
  }
}

TEST_F(ShopRoutes, AnAnswerThatWasMadeIsGivenAgain) {
  const http::Response first = get("/api/v1/value?grain=year");
  const std::size_t kept = routes_->shops().home().answers.bytes();
  const http::Response again = get("/api/v1/value?grain=year");
  EXPECT_EQ(again.body, first.body);
  EXPECT_EQ(again.headers.find("ETag"), first.headers.find("ETag"));
  EXPECT_EQ(again.content_type, first.content_type);
  EXPECT_EQ(routes_->shops().home().answers.bytes(), kept);
  EXPECT_GE(kept, first.body.size());
}

TEST_F(ShopRoutes, PagesOfAListToActOnAreTheWholeList) {
  const auto report = json(get("/api/v1/report"));
  int lists = 0;
  for (const auto& action : report.at("actions").as_array()) {
    if (action.at("people") == 0) continue;
    ++lists;
    const std::string target = "/api/v1/customers?behind=" + std::string(action.at("name").as_string());
    const auto whole = json(get(target)).at("rows").as_array();
    boost::json::array pages;
    std::string cursor;
    for (int n = 0; n < 100; ++n) {
      const auto page = json(get(target + "&limit=7" + cursor));
      for (const auto& row : page.at("rows").as_array()) pages.push_back(row);
      if (page.at("next").is_null()) break;
      cursor = "&cursor=" + std::string(page.at("next").as_string());
    }
    EXPECT_EQ(pages, whole) << target;
  }
  EXPECT_GE(lists, 2);
}

TEST_F(ShopRoutes, MistakesNameTheirParameter) {
  const struct {
    const char *target, *field;
  } cases[] = {{"/api/v1/retention?format=table", "format"},
               {"/api/v1/retention?format=xml", "format"},
               {"/api/v1/report?format=csv", "format"},
               {"/api/v1/imports?colour=blue", "colour"},
               {"/api/v1/imports?cursor=c78", "cursor"},
               {"/api/v1/imports?limit=0", "limit"},
               {"/api/v1/retention?compare=tomorrow", "compare"},
               {"/api/v1/cohorts?compare=before", "compare"},
               {"/api/v1/whatif?compare=yes", "compare"},
               {"/api/v1/customers?cursor=c1", "cursor"},
               {"/api/v1/customers?search=x", "search"},
               {"/api/v1/customers?q=x&behind=lost", "q"},
               {"/api/v1/customers?limit=1001", "limit"},
               {"/api/v1/customers?sort=name", "sort"},
               {"/api/v1/customers?grain=year", "grain"},
               {"/api/v1/customers?behind=buyers&cursor=c1", "cursor"},
               {"/api/v1/customers?behind=buyers&names=maybe", "names"},
               {"/api/v1/customers?names=true", "names"},
               {"/api/v1/customers/c1?cursor=h1", "cursor"},
               {"/api/v1/customers/c1?namespace=shoe", "namespace"},
               {"/api/v1/customers/c1?behind=lost", "behind"},
               {"/api/v1/today?lang=de", "lang"},
               {"/api/v1/today?split=source", "split"},
               {"/api/v1/today?format=table", "format"},
               {"/api/v1/definitions?lang=de", "lang"},
               {"/api/v1/definitions?grain=month", "grain"},
               {"/api/v1/report?lang=xx", "lang"},
               {"/report?lang=xx", "lang"}};
  for (const auto& c : cases) {
    const http::Response response = get(c.target);
    EXPECT_EQ(response.status, 400) << c.target;
    EXPECT_EQ(json(response).at("error").at("field"), c.field) << response.body;
  }
}

// Every option of a question that has a dash, under either name; and where it is another question's.
TEST_F(ShopRoutes, MistakesNameTheirParameterAsItWasSent) {
  std::size_t dashed = 0;
  for (const QuestionSyntax& question : questions()) {
    std::string path = "/api/v1/" + std::string(question.name);
    for (const Option& option : question.options) {
      if (option.name.find('-') == std::string_view::npos) continue;
      ++dashed;
      std::string underscores(option.name);
      std::ranges::replace(underscores, '-', '_');
      for (const std::string& sent : {std::string(option.name), underscores}) {
        std::string target = path + "?" + sent + "=%3F";
        if (question.name == "customers") target += "&behind=buyers&from=2024-01-01&to=2024-02-01";
        const http::Response response = get(target);
        EXPECT_EQ(response.status, 400) << target;
        EXPECT_EQ(json(response).at("error").at("field"), sent.c_str()) << target << " " << response.body;
      }
    }
  }
  EXPECT_GE(dashed, questions().size()) << "each has as-of";
  for (const char* path : {"/api/v1/report", "/report", "/api/v1/today"}) {
    for (const char* sent : {"as-of", "as_of"}) {
      const http::Response response = get(std::string(path) + "?" + sent + "=never");
      EXPECT_EQ(response.status, 400) << path;
      EXPECT_EQ(json(response).at("error").at("field"), sent) << response.body;
    }
  }
  for (const char* sent : {"no_such", "no-such"}) {
    for (const char* path : {"/api/v1/retention", "/api/v1/definitions", "/api/v1/customers/c1"}) {
      const http::Response response = get(std::string(path) + "?" + sent + "=1");
      EXPECT_EQ(response.status, 400) << path;
      EXPECT_EQ(json(response).at("error").at("field"), sent) << response.body;
    }
  }
}

TEST_F(ShopRoutes, WhoHoldsAnAnswerIsToldThatItStands) {
  for (const char* target : {"/api/v1/retention?grain=quarter", "/api/v1/cohorts?format=csv", "/api/v1/report",
                             "/api/v1/imports", "/report"}) {
    const http::Response first = get(target);
    ASSERT_EQ(first.status, 200) << target;
    const std::string tag{first.headers.find("ETag").value_or("")};
    ASSERT_TRUE(tag.starts_with("W/\"")) << target;
    http::Headers held;
    held.add("If-None-Match", "\"other\", " + tag);
    const http::Response again = get(target, held);
    EXPECT_EQ(again.status, 304) << target;
    EXPECT_TRUE(again.body.empty());
    for (const char* field : {"ETag", "Vary", "Cache-Control"}) {
      EXPECT_EQ(again.headers.find(field), first.headers.find(field)) << target << " " << field;
    }
  }
  const auto tag = [](std::string_view target) { return std::string(*get(target).headers.find("ETag")); };
  EXPECT_NE(tag("/api/v1/retention"), tag("/api/v1/value"));
  EXPECT_NE(tag("/api/v1/retention?grain=year"), tag("/api/v1/retention?grain=month"));
  EXPECT_EQ(tag("/api/v1/retention?grain=year"), tag("/api/v1/retention?grain=year"));
  http::Headers any;
  any.add("If-None-Match", "*");
  EXPECT_EQ(get("/api/v1/retention?grain=fortnight", any).status, 400) << "a mistake stays one";
}

TEST_F(ShopRoutes, DefinitionsAreTheCommandsInTheReadersLanguage) {
  for (const std::string lang : {"en", "nl", "sv"}) {
    const http::Response response = get("/api/v1/definitions?lang=" + lang);
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.body, run_behoud({"definitions", "--lang", lang, "--format", "json"}).out);
    http::Headers headers;
    headers.add("Accept-Language", lang + "-XX,en;q=0.5");
    EXPECT_EQ(get("/api/v1/definitions", headers).body, response.body);
  }
  const auto rows = json(get("/api/v1/definitions?lang=nl")).at("rows").as_array();
  bool found = false;
  for (const auto& row : rows) {
    if (row.at("field") != "crr_strict") continue;
    found = true;
    EXPECT_EQ(row.at("term"), "Klantbehoudpercentage");
    EXPECT_EQ(row.at("unit"), "rate");
    EXPECT_EQ(row.at("page"), "retention");
    EXPECT_EQ(row.at("formula"), "behouden klanten / klanten aan het begin");
  }
  EXPECT_TRUE(found);
  EXPECT_NE(run_behoud({"definitions", "--lang", "sv"}).out.find("Kundbortfall"), std::string::npos);
  EXPECT_TRUE(
      run_behoud({"definitions", "--format", "csv"}).out.starts_with("page,field,term,unit,sentence,formula\n"));
}

TEST_F(ShopRoutes, EachAnswerSaysWhatItTook) {
  const std::string target = "/api/v1/value?grain=year&window=77d";
  const http::Response made = get(target), kept = get(target);
  http::Headers holds;
  holds.add("If-None-Match", std::string(*made.headers.find("ETag")));
  const http::Response held = get(target, holds);
  EXPECT_EQ(held.status, 304);
  const auto document = json(get("/api/v1/shops")).at("rows").at(0);
  const auto number = [&](const char* field) { return std::to_string(document.at(field).as_int64()); };
  const std::string from =
      ";desc=rebuilt, revision;desc=" + number("revision") + ", orders;desc=" + number("orders") + ", events;desc=";
  for (const auto& [answer, how] : {std::pair(&made, "made"), {&kept, "kept"}, {&held, "held"}}) {
    const std::string said{answer->headers.find("Server-Timing").value_or("")};
    EXPECT_TRUE(said.starts_with("answer;dur=")) << said;
    const std::string loaded = std::string(";desc=") + how + ", histories;dur=";
    const std::size_t at = said.find(loaded);
    ASSERT_NE(at, std::string::npos) << said;
    const std::size_t end = said.find(from);
    ASSERT_NE(end, std::string::npos) << said;
    EXPECT_GT(std::stod(said.substr(at + loaded.size(), end - at - loaded.size())), 0) << "how long it took to load";
    EXPECT_GT(parse_integer(said.substr(said.rfind('=') + 1)).value_or(0), 0) << said;
  }
  EXPECT_EQ(made.body, kept.body);
}

TEST_F(ShopRoutes, AnExplainedAnswerIsTheAnswerAndWhatItTook) {
  for (const char* target :
       {"/api/v1/retention?grain=year&window=83d", "/api/v1/cohorts?grain=year&window=83d",
        "/api/v1/value?grain=year&window=83d", "/api/v1/cost?grain=year&window=83d",
        "/api/v1/claims?grain=year&window=83d", "/api/v1/whatif?points=3", "/api/v1/today?grain=year&window=83d",
        "/api/v1/report?grain=year&window=83d", "/api/v1/customers?limit=3",
        "/api/v1/customers?behind=buyers&grain=year&window=83d", "/api/v1/customers/c7?limit=3"}) {
    const std::string asked = std::string(target) + "&explain=true";
    const http::Response first = get(asked), plain = get(target);
    ASSERT_EQ(first.status, 200) << target << first.body;
    http::Headers holds;
    holds.add("If-None-Match", std::string(*plain.headers.find("ETag")));
    const http::Response again = get(asked, holds);
    EXPECT_EQ(again.status, 200) << target;
    for (const auto& [answer, how] : {std::pair(&first, "made"), {&again, "kept"}}) {
      EXPECT_FALSE(answer->headers.find("ETag")) << target;
      EXPECT_EQ(answer->headers.find("Cache-Control"), "no-store");
      auto document = json(*answer);
      const auto explain = document.at("explain").as_object();
      EXPECT_EQ(explain.at("answer").as_string(), how) << target;
      EXPECT_EQ(explain.at("revision"), json(plain).at("revision"));
      EXPECT_EQ(explain.at("customers").as_int64(), 200);
      EXPECT_GT(explain.at("orders").as_int64(), 200);
      EXPECT_GT(explain.at("bytes").as_int64(), explain.at("orders").as_int64() * 20);
      EXPECT_GE(explain.at("threads").as_int64(), 1);
      EXPECT_GE(explain.at("answer_ms").to_number<double>(), 0);
      EXPECT_GE(explain.at("read_ms").to_number<double>(), 0);
      document.erase("explain");
      EXPECT_EQ(document, json(plain)) << target;
    }
    EXPECT_EQ(plain.body.find("\"explain\""), std::string::npos) << target;
    EXPECT_EQ(get(std::string(target) + "&explain=false").body, plain.body) << target;
  }
}

TEST_F(ShopRoutes, ExplainIsOfJsonAnswersOfQuestions) {
  EXPECT_EQ(get("/api/v1/imports").status, 200);
  EXPECT_EQ(get("/report").status, 200);
  for (const char* target : {"/api/v1/imports?explain=true", "/report?explain=true", "/api/v1/value?explain=yes",
                             "/api/v1/value?explain=true&format=csv", "/api/v1/definitions?explain=true"}) {
    const http::Response refused = get(target);
    ASSERT_EQ(refused.status, 400) << target;
    EXPECT_EQ(json(refused).at("error").at("field"), "explain") << target;
  }
  EXPECT_TRUE(get("/api/v1/value?format=csv").headers.find("Server-Timing"));
}

}  // namespace
}  // namespace behoud::app::testing
