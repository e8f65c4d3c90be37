// What goes wrong between people and a server, over HTTP with the real program: a session that ends in the middle of an
// edit, a list that changes between two of its pages, a shop of one customer, a file that brings a script along.

#include <algorithm>
#include <boost/json.hpp>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "app/testing/api_client.h"
#include "app/testing/process.h"
#include "app/testing/running_server.h"

namespace behoud::app::testing {
namespace {

namespace json = boost::json;

class Faults : public ::testing::Test {
 protected:
  void SetUp() override {
    server_ = std::make_unique<RunningServer>(std::vector<std::string>{"--data", data_});
    ASSERT_TRUE(server_->ok());
    api_ = std::make_unique<ApiClient>(*server_);
  }
  const ApiClient& api() const { return *api_; }
  ApiClient nobody() const { return {server_->port(), ""}; }
  Reply sign_in(const std::string& fields = {}) const {
    // A password is dear to compute: on a machine with much else to do the client may have gone before it is done.
    Reply in;
    for (int i = 0; i < 6 && in.status == 0; ++i) {
      in = nobody().call("POST", "/api/v1/session", R"({"email":"owner@example.com","password":"correct horse"})",
                         fields);
    }
    return in;
  }
  void make_owner() const {
    const Ended link = run_behoud({"access", "link", "--data", data_});
    ASSERT_EQ(link.exit_code, 0) << link.err;
    const auto begin = link.out.find('#') + 1;
    const std::string secret = link.out.substr(begin, link.out.find('\n', begin) - begin);
    const Reply in = nobody().call(
        "POST", "/api/v1/session/link",
        R"({"token":")" + secret + R"(","email":"owner@example.com","name":"","password":"correct horse"})");
    ASSERT_TRUE(in.status == 200 || in.status == 0) << in.text;
    ASSERT_EQ(sign_in().status, 200);
  }
  static std::string cookie_of(const Reply& in) {
    const auto begin = in.head.find("behoud_session=");
    EXPECT_NE(begin, std::string::npos) << in.head;
    return in.head.substr(begin, in.head.find(';', begin) - begin);
  }
  static std::string fields_of(const Reply& in) {
    return "Cookie: " + cookie_of(in) + "\r\nX-Behoud-CSRF: " + in.text_at("csrf") + "\r\n";
  }

  TemporaryFolder folder_;
  std::string data_ = folder_ / "own";
  std::unique_ptr<RunningServer> server_;
  std::unique_ptr<ApiClient> api_;
};

TEST_F(Faults, ASessionThatEndsInTheMiddleOfAnEditLosesNothingAndDoesNothingTwice) {
  make_owner();
  const std::string before = fields_of(sign_in());
  ASSERT_EQ(nobody().call("PATCH", "/api/v1/settings", R"({"currency":"EUR"})", before).status, 200);
  const std::string cost = R"({"from":"2024-01-01","purpose":"retention","amount_minor":500})";
  const std::string key = "Idempotency-Key: one-edit\r\n";
  // The session goes on elsewhere: signed out in another tab.
  ASSERT_EQ(nobody().call("DELETE", "/api/v1/session", {}, before).status, 204);
  for (const Reply& refused : {nobody().call("POST", "/api/v1/costs", cost, before + key),
                               nobody().call("PATCH", "/api/v1/settings", R"({"window_days":90})", before)}) {
    EXPECT_EQ(refused.status, 401);
    EXPECT_EQ(refused.text_at("error.code"), "not_signed_in");
  }
  EXPECT_TRUE(api().get("/api/v1/costs").at("rows").as_array().empty()) << "nothing of it was done";
  EXPECT_TRUE(api().get("/api/v1/settings").at("window_days").is_null());
  // The page signs in and sends the very same again; its answer is lost once, and it is sent once more.
  const std::string after = fields_of(sign_in());
  const Reply first = nobody().call("POST", "/api/v1/costs", cost, after + key);
  EXPECT_EQ(first.status, 201) << first.text;
  EXPECT_EQ(nobody().call("POST", "/api/v1/costs", cost, after + key).text, first.text);
  EXPECT_EQ(nobody().call("PATCH", "/api/v1/settings", R"({"window_days":90})", after).status, 200);
  EXPECT_EQ(api().get("/api/v1/costs").at("rows").as_array().size(), 1U);
}

TEST_F(Faults, ASessionThatSomebodyPlantedNeverBecomesThatOfWhoSignsIn) {
  make_owner();
  const std::string planted = "behoud_session=" + std::string(43, 'A');
  const Reply in = sign_in("Cookie: " + planted + "\r\n");
  ASSERT_EQ(in.status, 200) << in.text;
  EXPECT_NE(cookie_of(in), planted);
  EXPECT_EQ(nobody().call("GET", "/api/v1/session", {}, "Cookie: " + planted + "\r\n").status, 401);
  // Another's own session, planted, ends with the signing in over it.
  const Reply over = sign_in("Cookie: " + cookie_of(in) + "\r\n");
  EXPECT_EQ(nobody().call("GET", "/api/v1/session", {}, "Cookie: " + cookie_of(in) + "\r\n").status, 401);
  EXPECT_EQ(nobody().call("GET", "/api/v1/session", {}, "Cookie: " + cookie_of(over) + "\r\n").status, 200);
}

TEST_F(Faults, AListThatChangesBetweenItsPagesGoesOnBehindItsLastRow) {
  std::string rows = "order_id,customer,date,amount,currency\n";
  const auto row = [](int customer, const char* day, int amount) {
    return "o" + std::to_string(customer) + day + ",c" + std::to_string(100 + customer) + "," + day + "," +
           std::to_string(amount) + ".00,EUR\n";
  };
  for (int i = 0; i < 30; i += 2) rows += row(i, "2024-01-05", 100 + i);
  ASSERT_EQ(api().import("orders", "a.csv", rows, R"("timezone":"UTC")").at("state"), "done");
  std::vector<std::string> seen;
  std::string cursor;
  const auto page = [&] {
    const Reply reply = api().get("/api/v1/customers?sort=revenue&direction=asc&limit=4" +
                                  (cursor.empty() ? "" : "&cursor=" + escaped(cursor)));
    EXPECT_EQ(reply.status, 200) << reply.text;
    for (const json::value& r : reply.at("rows").as_array()) seen.emplace_back(r.at("customer").as_string());
    cursor = reply.text_at("next");
  };
  page();
  // New ones before and behind, and one that was seen goes.
  std::string more = "order_id,customer,date,amount,currency\n";
  for (int i = 1; i < 30; i += 2) more += row(i, "2024-01-06", 100 + i);
  ASSERT_EQ(api().import("orders", "b.csv", more).at("state"), "done");
  page();
  const Reply undo = api().call("POST", "/api/v1/imports/1/undo", "{}");
  ASSERT_EQ(api().wait_for_job(undo.text_at("job")).at("state"), "done");
  while (!cursor.empty()) page();
  EXPECT_EQ(std::set<std::string>(seen.begin(), seen.end()).size(), seen.size()) << "nobody is seen twice";
  EXPECT_TRUE(std::ranges::is_sorted(seen)) << "and all in order";
  // Whoever is there at the end, behind the second page (whose list may be that of the moment before), was met.
  for (int i = 15; i < 30; i += 2) {
    EXPECT_TRUE(std::ranges::binary_search(seen, "c" + std::to_string(100 + i))) << i;
  }
  // A cursor of another order or of nothing is a named mistake.
  const Reply wrong = api().get("/api/v1/customers?sort=revenue&cursor=nonsense");
  EXPECT_EQ(wrong.status, 400);
  EXPECT_EQ(wrong.text_at("error.field"), "cursor");
}

TEST_F(Faults, AShopOfOneCustomerIsAnsweredEverywhere) {
  ASSERT_EQ(api()
                .import("orders", "one.csv", "order_id,customer,date,amount,currency\n1,anna,2024-01-05,10.00,EUR\n",
                        R"("timezone":"UTC")")
                .at("state"),
            "done");
  for (const char* target : {"retention", "cohorts", "value", "cost", "claims", "report", "today", "customers",
                             "whatif", "imports", "customers/anna", "settings", "doctor", "export/orders", "shops"}) {
    const Reply reply = api().get(std::string("/api/v1/") + target);
    EXPECT_EQ(reply.status, 200) << target << ": " << reply.text;
    EXPECT_EQ(reply.text.find("nan"), std::string::npos) << target;
    EXPECT_EQ(reply.text.find("inf,"), std::string::npos) << target;
  }
  EXPECT_EQ(api().get("/api/v1/customers").at("total"), 1);
}

TEST_F(Faults, AScriptOutOfAFileIsTextWhereverItIsShown) {
  const std::string script = "<script>alert(1)</script>";
  const std::string rtl =
      "\xD7\xA9\xD7\x9C\xD7\x95\xD7\x9D \xE2\x80\xAE!";  // Hebrew, and a sign that turns the direction
  const std::string emoji = "\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x9A\x80";
  const std::string formula = "=HYPERLINK(A1)";
  std::string rows = "order_id,customer,date,amount,currency,name,item\n";
  int n = 0;
  for (const std::string& text : {script, rtl, emoji, formula}) {
    ++n;
    rows += std::to_string(n) + ",c" + std::to_string(n) + ",2024-01-05,10.00,EUR," + text + "," + text + "\n";
  }
  ASSERT_EQ(api().import("orders", "evil.csv", rows, R"("timezone":"UTC")").at("state"), "done");
  std::set<std::string> names;
  const Reply list = api().get("/api/v1/customers");
  for (const json::value& r : list.at("rows").as_array()) {
    if (r.at("name").is_string()) names.emplace(r.at("name").as_string());
  }
  EXPECT_EQ(names, (std::set<std::string>{script, rtl, emoji, formula})) << "each comes back as it came: " << list.text;
  // A browser that opens an answer of the API takes it for no page.
  EXPECT_EQ(list.type, "application/json");
  EXPECT_NE(list.head.find("X-Content-Type-Options: nosniff"), std::string::npos) << list.head;
  const Reply page = api().get("/report");
  ASSERT_EQ(page.status, 200);
  EXPECT_EQ(page.text.find("<script>alert"), std::string::npos);
  EXPECT_NE(page.head.find("Content-Security-Policy"), std::string::npos) << page.head;
  const Reply csv = api().get("/api/v1/customers?format=csv");
  EXPECT_EQ(csv.status, 200);
  EXPECT_EQ(csv.text.find(",=HYPERLINK"), std::string::npos) << "a spreadsheet would run it";
}

}  // namespace
}  // namespace behoud::app::testing
