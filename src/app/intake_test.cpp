// Files into a shop over HTTP, as a page does it: what is asked twice is done once, names are texts, lists hold while
// they change, and everything that is refused is refused in words.

#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <memory>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "app/testing/api_client.h"
#include "app/testing/process.h"
#include "app/testing/running_server.h"

namespace behoud::app::testing {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

const std::string kOrders =
    "order,customer,date,amount,currency\n"
    "1,a,2024-01-05,10.00,EUR\n2,b,2024-01-06,12.50,EUR\n3,a,2024-02-07,5.00,EUR\n";

std::string text(const json::value& v) { return json::serialize(v); }
std::string word(const json::value& v) { return v.is_string() ? std::string{v.get_string()} : text(v); }

class IntakeTest : public ::testing::Test {
 protected:
  void start(std::uint64_t file_bytes_max = 0) {
    server_ = std::make_unique<RunningServer>(std::vector<std::string>{"--data", data()}, file_bytes_max);
    ASSERT_TRUE(server_->ok());
    // One token, also after a restart.
    if (authorization_.empty()) authorization_ = ApiClient(*server_).authorization();
    api_ = std::make_unique<ApiClient>(server_->port(), authorization_);
  }
  std::string data() const { return folder_ / "own"; }
  const ApiClient& api() const { return *api_; }
  static std::string import_of(const std::string& upload, const std::string& more = {}) {
    return R"({"uploads":[")" + upload + R"("],"kind":"orders")" + (more.empty() ? "" : "," + more) + "}";
  }
  // The files under uploads/, without the folder of those that come in.
  std::set<std::string> uploaded() const {
    std::set<std::string> out;
    for (const auto& entry : fs::recursive_directory_iterator(data() + "/uploads")) {
      if (entry.is_regular_file()) out.insert(entry.path().filename().string());
    }
    return out;
  }

  TemporaryFolder folder_;
  std::string authorization_;
  std::unique_ptr<RunningServer> server_;
  std::unique_ptr<ApiClient> api_;
};

TEST_F(IntakeTest, AnImportSaysWhatTheCommandSays) {
  start();
  const json::value job = api().import("orders", "orders.csv", kOrders, R"("timezone":"Europe/Amsterdam")");
  ASSERT_EQ(job.at("state"), "done") << text(job);
  EXPECT_EQ(job.at("done"), job.at("total"));
  std::ofstream(folder_ / "orders.csv") << kOrders;
  const Ended command = run_behoud({"import", "orders", folder_ / "orders.csv", "--data", folder_ / "other",
                                    "--timezone", "Europe/Amsterdam", "--json"});
  ASSERT_EQ(command.exit_code, 0) << command.err;
  json::value told = json::parse(command.out);
  json::value result = job.at("result");
  // The clock, and where the file lay.
  for (json::value* v : {&told, &result}) {
    v->at("import").at("received") = nullptr;
    for (json::value& file : v->at("files").as_array()) file.at("file") = nullptr;
  }
  EXPECT_EQ(text(result), text(told));
  // Whoever sees the job done is answered with what it brought.
  const Reply retention = api().get("/api/v1/retention?grain=month");
  EXPECT_EQ(retention.at("rows").as_array().size(), 2U) << retention.text;
  EXPECT_EQ(uploaded(), std::set<std::string>{}) << "an upload goes once it is imported";
  EXPECT_EQ(api().get("/api/v1/audit?limit=1").at("rows").at(0).at("action"), "import");
}

TEST_F(IntakeTest, ADryRunWritesNothingAndKeepsTheUpload) {
  start();
  const std::string upload = api().upload("orders.csv", kOrders);
  const Reply asked = api().call("POST", "/api/v1/imports", import_of(upload, R"("dry_run":true)"));
  const json::value job = api().wait_for_job(asked.text_at("job"));
  ASSERT_EQ(job.at("state"), "done") << text(job);
  EXPECT_EQ(job.at("kind"), "dry_run");
  EXPECT_EQ(job.at("result").at("import").at("added"), 3);
  EXPECT_TRUE(api().get("/api/v1/imports").at("rows").as_array().empty());
  EXPECT_EQ(uploaded(), std::set<std::string>{upload});
}

TEST_F(IntakeTest, WhatIsAskedTwiceWithOneKeyIsDoneOnce) {
  start();
  const std::string key = "Idempotency-Key: one\r\n";
  const auto send = [&](std::string_view bytes) {
    return api().send("POST", "/api/v1/uploads?name=o.csv", "text/csv", bytes, "Idempotency-Key: up\r\n");
  };
  const Reply up = send(kOrders);
  EXPECT_EQ(send(kOrders).text, up.text);
  EXPECT_EQ(send(kOrders + "4,c,2024-01-01,1.00,EUR\n").status, 422);
  const std::string body = import_of(up.text_at("upload"));
  const Reply first = api().call("POST", "/api/v1/imports", body, key);
  ASSERT_EQ(first.status, 202) << first.text;
  ASSERT_EQ(api().wait_for_job(first.text_at("job")).at("state"), "done");
  // The upload is gone; the answer is the same.
  const Reply again = api().call("POST", "/api/v1/imports", body, key);
  EXPECT_EQ(again.status, 202);
  EXPECT_EQ(again.text, first.text);
  const Reply another =
      api().call("POST", "/api/v1/imports", import_of(up.text_at("upload"), R"("dry_run":true)"), key);
  EXPECT_EQ(another.status, 422);
  EXPECT_EQ(another.text_at("error.code"), "key_used_for_another");
  server_->kill();
  start();
  EXPECT_EQ(api().call("POST", "/api/v1/imports", body, key).text, first.text) << "also after a restart";
  EXPECT_EQ(api().get("/api/v1/imports").at("rows").as_array().size(), 1U);
  EXPECT_EQ(api().get("/api/v1/jobs").at("rows").as_array().size(), 1U);
  EXPECT_EQ(api().call("POST", "/api/v1/imports", body, "Idempotency-Key: \xc3\xa9\r\n").status, 400);
}

TEST_F(IntakeTest, NamesAreTextsAndNeverPaths) {
  start();
  const std::vector<std::string> names{"../../../etc/passwd",
                                       "/etc/cron.d/x",
                                       "<script>alert(1)</script>.csv",
                                       "\u202Egpj.csv",
                                       "\U0001F6D2 orders.csv",
                                       "a'; DROP TABLE upload;--",
                                       "..",
                                       "."};
  for (const std::string& name : names) {
    const Reply up = api().send("POST", "/api/v1/uploads?name=" + escaped(name), "text/csv", kOrders);
    ASSERT_EQ(up.status, 201) << name << up.text;
    EXPECT_EQ(up.text_at("name"), name);
    EXPECT_EQ(uploaded(), std::set<std::string>{up.text_at("upload")}) << name;
    const Reply seen = api().call("POST", "/api/v1/uploads/recognise", import_of(up.text_at("upload")));
    EXPECT_EQ(word(seen.at("files").at(0).at("file")), name) << seen.text;
    const Reply asked = api().call("POST", "/api/v1/imports", import_of(up.text_at("upload"), R"("dry_run":true)"));
    const json::value job = api().wait_for_job(asked.text_at("job"));
    EXPECT_EQ(job.at("state"), "done") << text(job);
    EXPECT_EQ(word(job.at("title")), name);
    EXPECT_FALSE(text(job).contains(data())) << "no path of the server is told";
    EXPECT_EQ(api().call("DELETE", "/api/v1/uploads/" + up.text_at("upload")).status, 204);
  }
  EXPECT_EQ(api().send("POST", "/api/v1/uploads?name=", "text/csv", kOrders).status, 400);
  EXPECT_EQ(api().send("POST", "/api/v1/uploads?name=" + std::string(300, 'a'), "text/csv", kOrders).status, 400);
  EXPECT_EQ(api().send("POST", "/api/v1/uploads?name=a%0Ab", "text/csv", kOrders).status, 400);
  EXPECT_EQ(api().send("POST", "/api/v1/uploads?name=a", "text/csv", "").status, 400);
  for (const char* id : {"..", "%2e%2e", "u_", "u_zz", "x", "incoming", "u_..%2fbehoud.db"}) {
    EXPECT_GE(api().call("DELETE", "/api/v1/uploads/" + std::string(id)).status, 400) << id;
  }
  EXPECT_TRUE(fs::exists(data() + "/uploads/incoming"));
}

TEST_F(IntakeTest, ABodyAboveTheBoundIsRefusedBeforeItIsSent) {
  start();
  http::testing::RawClient client(server_->port());
  client.send("POST /api/v1/uploads?name=x HTTP/1.1\r\nHost: localhost\r\n" + api().authorization() +
              "Content-Length: 4294967297\r\n\r\n");
  const auto answer = client.receive();
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->status, 413);
  EXPECT_EQ(uploaded(), std::set<std::string>{});
}

TEST_F(IntakeTest, AFullDiskIsNamedAndLeavesNothing) {
  start(3 << 20);
  for (const std::size_t bytes : {std::size_t{8} << 20, std::size_t{4} << 20}) {
    const Reply up = api().send("POST", "/api/v1/uploads?name=big.csv", "text/csv", std::string(bytes, 'x'));
    EXPECT_EQ(up.status, 507) << up.text;
    EXPECT_EQ(up.text_at("error.code"), "disk_full");
    EXPECT_EQ(uploaded(), std::set<std::string>{});
  }
  // What has room goes on.
  EXPECT_EQ(api().import("orders", "orders.csv", kOrders).at("state"), "done");
}

TEST_F(IntakeTest, WhatCannotBeDoneIsRefusedInWords) {
  start();
  const std::string upload = api().upload("o.csv", kOrders);
  const struct {
    std::string body;
    int status;
    const char* field;
  } cases[] = {
      {import_of("u_00"), 404, "uploads"},
      {import_of("../../etc/passwd"), 404, "uploads"},
      {R"({"uploads":[],"kind":"orders"})", 400, "uploads"},
      {R"({"uploads":["u_1"]})", 400, "kind"},
      {R"({"uploads":["u_1"],"kind":"events"})", 400, "kind"},
      {import_of(upload, R"("colour":"red")"), 400, "colour"},
      {import_of(upload, R"("currency":"EURO")"), 400, "currency"},
      {import_of(upload, R"("timezone":"Mars/Base")"), 400, "timezone"},
      {import_of(upload, R"("map":"nothing")"), 400, "map"},
      {import_of(upload, R"("map":7)"), 400, "map"},
      {import_of(upload, R"("window":"0d")"), 400, "window"},
      {import_of(upload, R"("statuses":{"x":"maybe"})"), 400, "statuses"},
      {import_of(upload, R"("dry_run":"yes")"), 400, "dry_run"},
      {import_of(upload, R"("lang":"de")"), 400, "lang"},
      {"[]", 400, ""},
      {"{", 400, ""},
  };
  for (const auto& c : cases) {
    const Reply reply = api().call("POST", "/api/v1/imports", c.body);
    EXPECT_EQ(reply.status, c.status) << c.body << reply.text;
    EXPECT_EQ(reply.text_at("error.field"), c.field) << reply.text;
    EXPECT_FALSE(reply.text_at("error.message").empty());
  }
  const Reply plain = api().send("POST", "/api/v1/imports", "text/plain", import_of(upload));
  EXPECT_EQ(plain.status, 415);
  EXPECT_EQ(plain.text_at("error.code"), "unsupported_media_type");
  EXPECT_EQ(plain.text_at("error.field"), "Content-Type");
  EXPECT_EQ(api().get("/api/v1/jobs/j_0").status, 404);
  EXPECT_EQ(api().get("/api/v1/jobs/j_0/events").status, 404);
  EXPECT_EQ(api().call("POST", "/api/v1/imports/7/undo").status, 404);
  EXPECT_EQ(api().call("POST", "/api/v1/imports/x/undo").status, 404);
  EXPECT_TRUE(api().get("/api/v1/jobs").at("rows").as_array().empty());
  // A file that is none fails as a job, by its own name.
  const json::value job = api().import("orders", "photo.csv", std::string("\x89PNG\r\n\x1a\n\0\0", 10));
  EXPECT_EQ(job.at("state"), "failed");
  EXPECT_TRUE(std::string(job.at("error").at("message").as_string()).contains("photo.csv")) << text(job);
  EXPECT_FALSE(text(job).contains(data()));
}

// A broken orders.json was "no column was recognised", because an upload had lost its name.
TEST_F(IntakeTest, SaysWhatIsWrongInTheKindOfFileThatItClaimsToBe) {
  start();
  const struct {
    std::string name, bytes, reason;
  } cases[] = {{"orders.json", "[{\"id\":1},\n {\"id\":\n oops}]", "problem.json_damaged"},
               {"orders.json", "customer,date\n", "problem.not_as_called"},
               {"Orders.XLSX", "PK", "problem.file_cut_off"},
               {"orders.xlsx", std::string("PK\x03\x04") + std::string(40, '\0'), "problem.workbook_damaged"},
               {"orders.parquet", "PAR", "problem.file_cut_off"},
               {"orders.csv.gz", "customer,date\n", "problem.not_as_called"},
               {"../../orders.zip", "x", "problem.not_as_called"}};
  for (const auto& c : cases) {
    const Reply seen = api().call("POST", "/api/v1/uploads/recognise",
                                  import_of(api().upload(c.name, c.bytes), R"("timezone":"UTC")"));
    ASSERT_EQ(seen.status, 200) << seen.text;
    const json::value& error = seen.at("error");
    ASSERT_TRUE(error.is_object()) << c.name << ": " << seen.text;
    EXPECT_EQ(word(error.at("reason")), c.reason) << seen.text;
    EXPECT_EQ(word(error.at("params").at("file")), c.name) << seen.text;
    EXPECT_FALSE(seen.text.contains(data())) << seen.text;
  }
  for (const std::string& file : uploaded()) {
    EXPECT_TRUE(file.starts_with("u_") && file.find('/') == std::string::npos) << file;
  }
  EXPECT_EQ(uploaded().size(), std::size(cases));
}

TEST_F(IntakeTest, AColumnCanBeSaidToBeNothing) {
  start();
  const std::string orders = "customer,date,amount,currency,discount\na,2024-01-25,10.00,EUR,1.00\n";
  const std::string upload = api().upload("o.csv", orders);
  for (const char* map : {R"("map":"discount=-","timezone":"UTC")", R"("map":{"discount":null},"timezone":"UTC")"}) {
    const Reply seen = api().call("POST", "/api/v1/uploads/recognise", import_of(upload, map));
    ASSERT_EQ(seen.status, 200) << seen.text;
    const json::value& column = seen.at("files").at(0).at("columns").at(4);
    EXPECT_TRUE(column.at("role").is_null()) << seen.text;
    EXPECT_EQ(column.at("refused"), "discount");
    EXPECT_EQ(column.at("reason"), "ingest.match.map");
  }
  // Said once, it is remembered for files of that shape.
  const json::value job = api().import("orders", "o.csv", orders, R"("map":{"discount":null},"timezone":"UTC")");
  ASSERT_EQ(job.at("state"), "done") << text(job);
  const Reply again = api().call("POST", "/api/v1/uploads/recognise",
                                 import_of(api().upload("p.csv", orders + "b,2024-01-26,10.00,EUR,1.00\n")));
  EXPECT_EQ(again.at("files").at(0).at("columns").at(4).at("refused"), "discount") << again.text;
  EXPECT_EQ(again.at("files").at(0).at("columns").at(4).at("reason"), "ingest.match.remembered");
}

TEST_F(IntakeTest, AsksWhatNeitherTheFileNorTheShopSays) {
  start();
  const auto asks = [&](const std::string& bytes, const std::string& more = {}) {
    const Reply seen = api().call("POST", "/api/v1/uploads/recognise", import_of(api().upload("o.csv", bytes), more));
    EXPECT_EQ(seen.status, 200) << seen.text;
    std::set<std::string> out;
    for (const json::value& ask : seen.at("ask").as_array()) {
      out.insert(std::string{ask.at("option").as_string()});
      EXPECT_FALSE(ask.at("question").as_string().empty());
    }
    return out;
  };
  using Asks = std::set<std::string>;
  const std::string bare = "customer,date,amount\na,2024-01-25,10\nb,2024-01-26,10\n";
  EXPECT_EQ(asks(kOrders), Asks{"timezone"});
  EXPECT_EQ(asks(bare), (Asks{"timezone", "currency"}));
  EXPECT_EQ(asks(bare, R"("currency":"SEK","timezone":"Europe/Stockholm")"), Asks{});
  EXPECT_EQ(asks("customer,date,amount\na,01/02/2024,10\nb,03/04/2024,10\n", R"("currency":"EUR","timezone":"UTC")"),
            Asks{"date_format"});
  const std::string unclear = "customer,date,amount\na,2024-01-25,1.234\nb,2024-01-26,12.500\n";
  EXPECT_EQ(asks(unclear, R"("currency":"EUR","timezone":"UTC")"), Asks{"decimal"});
  EXPECT_EQ(asks(unclear, R"("currency":"EUR","timezone":"UTC","decimal":",")"), Asks{});
  EXPECT_EQ(api()
                .call("POST", "/api/v1/uploads/recognise", import_of(api().upload("o.csv", bare), R"("decimal":"x")"))
                .status,
            400);
  EXPECT_EQ(asks("x,y,z\na,hello,b\n", R"("currency":"EUR","timezone":"UTC")"), Asks{"map"});
  // What is not recognised is shown all the same, for a person to say what it is.
  const Reply unknown = api().call("POST", "/api/v1/uploads/recognise",
                                   import_of(api().upload("o.csv", "x;y\nhello;b\n"), R"("timezone":"UTC")"));
  EXPECT_EQ(text(unknown.at("files").at(0).at("columns").at(1).at("header")), R"("y")") << unknown.text;
  EXPECT_EQ(text(unknown.at("preview")), R"([["hello","b"]])");
  EXPECT_EQ(text(unknown.at("ask").at(0).at("candidates")), R"(["x","y"])");
  // And what is recognised is shown as such, where only something else is missing.
  const Reply in_part = api().call(
      "POST", "/api/v1/uploads/recognise",
      import_of(api().upload("o.csv", "# our orders\nklant;besteldatum;kleur\na;2024-01-25;red\nb;2024-01-26;blue\n"),
                R"("timezone":"UTC")"));
  EXPECT_EQ(in_part.at("error").at("reason"), "problem.columns_missing") << in_part.text;
  EXPECT_EQ(in_part.at("error").at("params").at("roles"), "amount");
  const json::array& columns = in_part.at("files").at(0).at("columns").as_array();
  ASSERT_EQ(columns.size(), 3U);
  EXPECT_EQ(columns[0].at("role"), "customer");
  EXPECT_EQ(columns[0].at("reason"), "ingest.match.name");
  EXPECT_GT(columns[0].at("confidence").to_number<double>(), 0.7);
  EXPECT_EQ(columns[1].at("role"), "date");
  EXPECT_TRUE(columns[2].at("role").is_null());
  EXPECT_EQ(text(in_part.at("preview")), R"([["a","2024-01-25","red"],["b","2024-01-26","blue"]])");
  const Reply costs = api().call("POST", "/api/v1/uploads/recognise",
                                 R"({"uploads":[")" + api().upload("c.csv", "from,to,what\n2024-01-01,2024-02-01,x\n") +
                                     R"("],"kind":"costs","timezone":"UTC"})");
  EXPECT_EQ(costs.at("error").at("reason"), "problem.columns_missing") << costs.text;
  EXPECT_EQ(costs.at("files").at(0).at("columns").at(0).at("role"), "from") << costs.text;
  // Answered as it was asked, it is imported.
  ASSERT_EQ(api().import("orders", "o.csv", bare, R"("currency":"SEK","timezone":"Europe/Stockholm")").at("state"),
            "done");
  EXPECT_EQ(asks(bare), Asks{}) << "the shop says it now";
}

// Whoever asked over HTTP has a page, or a route, and no commands.
TEST_F(IntakeTest, AStatusThatIsNotKnownIsToldWithoutACommand) {
  start();
  const std::string orders = "order,customer,date,amount,currency,status\n1,a,2024-01-25,10.00,EUR,on hold?\n";
  for (const auto& [lang, end] : std::vector<std::pair<std::string, std::string>>{
           {"en", "in the settings."}, {"nl", "in de instellingen."}, {"sv", "i inställningarna."}}) {
    const json::value job =
        api().import("orders", "o.csv", orders, R"("timezone":"UTC","dry_run":true,"lang":")" + lang + "\"");
    ASSERT_EQ(job.at("state"), "done") << text(job);
    const json::value notice = job.at("result").at("notices").at(0);
    EXPECT_EQ(notice.at("key"), "ingest.notice.unknown_status");
    EXPECT_EQ(text(notice.at("subjects")), R"(["on hold?"])");
    EXPECT_TRUE(std::string(notice.at("text").as_string()).ends_with(end)) << text(notice);
  }
}

TEST_F(IntakeTest, RejectedRowsCanBeFetched) {
  start();
  const json::value job =
      api().import("orders", "orders.csv", kOrders + "4,c,2999-01-01,1.00,EUR\n", R"("timezone":"UTC")");
  ASSERT_EQ(job.at("state"), "done") << text(job);
  const std::string where{job.at("result").at("rejected").at("files").at(0).as_string()};
  EXPECT_EQ(where, "/api/v1/imports/1/rejected");
  const Reply rows = api().get(where + "?lang=nl");
  EXPECT_EQ(rows.type, "text/csv; charset=utf-8");
  EXPECT_TRUE(rows.text.starts_with("file,line,column,reason,cell\norders.csv,5,date,")) << rows.text;
  EXPECT_TRUE(rows.text.ends_with(",2999-01-01\n")) << rows.text;
  EXPECT_NE(api().get(where + "?lang=sv").text, rows.text);
}

TEST_F(IntakeTest, ListsHoldWhileTheyChange) {
  start();
  ASSERT_EQ(api().import("orders", "o.csv", kOrders).at("state"), "done");
  std::vector<std::string> ids;
  for (int day = 1; day <= 5; ++day) {
    const Reply made =
        api().call("POST", "/api/v1/costs",
                   R"({"from":"2024-01-0)" + std::to_string(day) + R"(","amount_minor":100,"purpose":"retention"})");
    ASSERT_EQ(made.status, 201) << made.text;
    ids.push_back(made.text_at("id"));
  }
  const auto page = [&](const std::string& cursor) {
    return api().get("/api/v1/costs?limit=2" + (cursor.empty() ? "" : "&cursor=" + cursor));
  };
  const auto ids_of = [](const Reply& reply) {
    std::vector<std::string> out;
    for (const json::value& row : reply.at("rows").as_array()) out.emplace_back(row.at("id").as_string());
    return out;
  };
  using Ids = std::vector<std::string>;
  const Reply first = page("");
  EXPECT_EQ(ids_of(first), (Ids{ids[4], ids[3]}));
  // The last row of the page goes, a newer one comes, one moves to the front: nothing repeats, nothing is passed over.
  EXPECT_EQ(api().call("DELETE", "/api/v1/costs/" + ids[3]).status, 204);
  EXPECT_EQ(
      api()
          .call("PUT", "/api/v1/costs/" + ids[1], R"({"from":"2024-03-01","amount_minor":7,"purpose":"retention"})")
          .status,
      200);
  const Reply second = page(first.text_at("next"));
  EXPECT_EQ(ids_of(second), (Ids{ids[2], ids[0]}));
  EXPECT_TRUE(second.at("next").is_null());
  EXPECT_EQ(ids_of(page("")), (Ids{ids[1], ids[4]}));
  EXPECT_EQ(page("c00").status, 400);
  EXPECT_EQ(page("../x").status, 400);
}

TEST_F(IntakeTest, TwoTabsDoNotUndoEachOther) {
  start();
  ASSERT_EQ(api().import("orders", "o.csv", kOrders, R"("window":"365d")").at("state"), "done");
  const Reply seen = api().get("/api/v1/settings");
  const std::string match = "If-Match: \"" + json::serialize(seen.at("revision")) + "\"\r\n";
  const Reply one = api().call("PATCH", "/api/v1/settings", R"({"window_days":90})", match);
  EXPECT_EQ(one.status, 200) << one.text;
  EXPECT_EQ(text(one.at("changed")), R"(["window_days"])");
  EXPECT_EQ(one.at("settings.window_days"), 90);
  const Reply two = api().call("PATCH", "/api/v1/settings", R"({"margin_rate":0.4})", match);
  EXPECT_EQ(two.status, 409);
  EXPECT_EQ(two.text_at("error.code"), "changed_meanwhile");
  EXPECT_TRUE(api().get("/api/v1/settings").at("margin_rate").is_null());
  EXPECT_EQ(api().call("PATCH", "/api/v1/settings", R"({"margin_rate":0.4})", "If-Match: 7\r\n").status, 400);
  EXPECT_EQ(api().call("PATCH", "/api/v1/settings", R"({"margin_rate":0.4})").status, 200)
      << "without: the last one wins";
  EXPECT_EQ(api().get("/api/v1/settings").at("margin_rate"), 0.4);
  for (const char* body :
       {R"({"window_days":0})", R"({"margin_rate":1.5})", R"({"zone":"Mars"})", R"({"currency":"X"})",
        R"({"statuses":{"x":"y"}})", R"({"colour":1})", R"({"window_days":"90"})"}) {
    EXPECT_EQ(api().call("PATCH", "/api/v1/settings", body).status, 400) << body;
  }
}

TEST_F(IntakeTest, ACostIsEnteredOnceInTheShopsCurrency) {
  start();
  const std::string cost = R"({"from":"2024-01-01","to":"2024-02-01","amount_minor":31000,"purpose":"retention"})";
  EXPECT_EQ(api().call("POST", "/api/v1/costs", cost).status, 409) << "the shop has no currency yet";
  ASSERT_EQ(api().import("orders", "o.csv", kOrders).at("state"), "done");
  const std::string key = "Idempotency-Key: c1\r\n";
  const Reply made = api().call("POST", "/api/v1/costs", cost, key);
  ASSERT_EQ(made.status, 201) << made.text;
  EXPECT_EQ(made.text_at("currency"), "EUR");
  EXPECT_EQ(made.text_at("origin"), "entered");
  EXPECT_EQ(api().call("POST", "/api/v1/costs", cost, key).text, made.text);
  EXPECT_EQ(api().get("/api/v1/costs").at("total"), 1);
  EXPECT_EQ(api().get("/api/v1/imports").at("rows").as_array().size(), 1U) << "a cost that is entered is no import";
  const json::value imported = api().import(
      "costs", "costs.csv", "from,amount,purpose\n2024-01-09,12.00,acquisition\n2024-01-08,1.00,retention\n");
  ASSERT_EQ(imported.at("state"), "done") << text(imported);
  const Reply all = api().get("/api/v1/costs");
  EXPECT_EQ(all.at("total"), 3);
  const std::string of_file{all.at("rows").at(0).at("id").as_string()};
  EXPECT_EQ(api().call("DELETE", "/api/v1/costs/" + of_file).status, 409) << "a file's go with their import";
  const std::string id = made.text_at("id");
  EXPECT_EQ(api().call("DELETE", "/api/v1/costs/" + id).status, 204);
  EXPECT_EQ(api().call("DELETE", "/api/v1/costs/" + id).status, 204) << "twice is once";
  EXPECT_EQ(api().call("PUT", "/api/v1/costs/" + id, cost).status, 404);
  const char* const wrong[] = {R"({"amount_minor":1,"purpose":"retention"})",
                               R"({"from":"2024-13-01","amount_minor":1,"purpose":"retention"})",
                               R"({"from":"2024-01-02","to":"2024-01-01","amount_minor":1,"purpose":"retention"})",
                               R"({"from":"2024-01-02","amount_minor":1.5,"purpose":"retention"})",
                               R"({"from":"2024-01-02","amount_minor":9000000000000000000,"purpose":"retention"})",
                               R"({"from":"2024-01-02","amount_minor":-9223372036854775808,"purpose":"retention"})",
                               R"({"from":"2024-01-02","amount_minor":1,"purpose":"fun"})",
                               R"({"from":"2024-01-02","amount_minor":1,"purpose":"retention","currency":"USD"})",
                               R"({"from":"2024-01-02","amount_minor":1,"purpose":"retention","kind":"bribes"})",
                               R"({"from":"1824-01-02","amount_minor":1,"purpose":"retention"})"};
  for (const char* body : wrong) EXPECT_EQ(api().call("POST", "/api/v1/costs", body).status, 400) << body;
}

TEST_F(IntakeTest, NotesKeepWhatPeopleWrite) {
  start();
  const std::string said = "\u202E<b>\U0001F6D2</b> 20% off";
  const std::string body = R"({"day":"2024-02-29","kind":"price","text":)" + json::serialize(json::string(said)) + "}";
  const Reply made = api().call("POST", "/api/v1/notes", body, "Idempotency-Key: n\r\n");
  ASSERT_EQ(made.status, 201) << made.text;
  EXPECT_EQ(api().call("POST", "/api/v1/notes", body, "Idempotency-Key: n\r\n").text, made.text);
  EXPECT_EQ(word(api().get("/api/v1/notes").at("rows").at(0).at("text")), said);
  for (const char* day : {"2024-01-01", "2024-03-01", "2024-02-29"}) {
    api().call("POST", "/api/v1/notes", R"({"text":"x","day":")" + std::string(day) + "\"}");
  }
  const Reply first = api().get("/api/v1/notes?limit=2");
  EXPECT_EQ(first.at("rows").at(0).at("day"), "2024-03-01");
  const Reply second = api().get("/api/v1/notes?limit=2&cursor=" + first.text_at("next"));
  EXPECT_EQ(second.at("rows").at(0).at("id"), made.at("id"));
  EXPECT_EQ(second.at("rows").at(1).at("day"), "2024-01-01");
  EXPECT_TRUE(second.at("next").is_null());
  for (const char* wrong : {R"({"day":"2024-02-30","text":"x"})", R"({"day":"2024-02-28","text":" "})",
                            R"({"day":"2024-02-28","text":"a\nb"})", R"({"day":"2024-02-28","text":"x","kind":"y"})"}) {
    EXPECT_EQ(api().call("POST", "/api/v1/notes", wrong).status, 400) << wrong;
  }
  EXPECT_EQ(api().get("/api/v1/shops").at("rows").at(0).at("revision"), 0) << "a note changes no figure";
  ASSERT_EQ(api().call("DELETE", "/api/v1/notes/" + made.text_at("id")).status, 204);
  const Reply log = api().get("/api/v1/audit?limit=2");
  EXPECT_EQ(log.at("rows").at(0).at("action"), "note_removed");
  EXPECT_EQ(log.at("rows").at(1).at("action"), "note_added");
  EXPECT_EQ(log.text.find("20% off"), std::string::npos);
}

TEST_F(IntakeTest, WhoSeesAnImportDoneFindsItsCustomers) {
  start();
  ASSERT_EQ(api().get("/api/v1/customers").at("total"), 0);
  for (int i = 1; i <= 5; ++i) {
    const std::string row = std::to_string(i) + ",new" + std::to_string(i) + ",2024-01-05,10.00,EUR\n";
    ASSERT_EQ(api()
                  .import("orders", "o.csv", "order,customer,date,amount,currency\n" + row, R"("timezone":"UTC")")
                  .at("state"),
              "done");
    const Reply list = api().get("/api/v1/customers");
    EXPECT_EQ(list.at("total"), i) << list.text;
    EXPECT_EQ(api().get("/api/v1/customers/new" + std::to_string(i)).status, 200);
  }
}

// A word that is spelled wrong in a URL is said to be, as it is on the command line.
TEST_F(IntakeTest, NoParameterIsIgnored) {
  start();
  const struct {
    const char* method;
    const char* target;
  } routes[] = {{"GET", "/api/v1/settings"},        {"PATCH", "/api/v1/settings"},
                {"GET", "/api/v1/costs"},           {"POST", "/api/v1/costs"},
                {"PUT", "/api/v1/costs/c_0"},       {"DELETE", "/api/v1/costs/c_0"},
                {"GET", "/api/v1/notes"},           {"POST", "/api/v1/notes"},
                {"DELETE", "/api/v1/notes/n_0"},    {"GET", "/api/v1/jobs"},
                {"GET", "/api/v1/jobs/j_0"},        {"GET", "/api/v1/jobs/j_0/events"},
                {"DELETE", "/api/v1/jobs/j_0"},     {"POST", "/api/v1/uploads"},
                {"DELETE", "/api/v1/uploads/u_0"},  {"POST", "/api/v1/uploads/recognise"},
                {"GET", "/api/v1/imports"},         {"POST", "/api/v1/imports"},
                {"POST", "/api/v1/imports/1/undo"}, {"GET", "/api/v1/imports/1/rejected"},
                {"GET", "/api/v1/export/orders"},   {"GET", "/api/v1/doctor"},
                {"DELETE", "/api/v1/reports/j_0"}};
  for (const auto& r : routes) {
    const Reply reply = api().call(r.method, std::string(r.target) + "?dry_rum=true", "{}");
    EXPECT_EQ(reply.status, 400) << r.method << r.target << reply.text;
    EXPECT_TRUE(reply.text_at("error.field").starts_with("dry")) << r.method << r.target << reply.text;
  }
}

TEST_F(IntakeTest, ASampleTakesNothing) {
  ASSERT_EQ(run_behoud({"sample", "--customers", "20", "--data", data()}).exit_code, 0);
  start();
  const struct {
    const char* method;
    const char* target;
  } writes[] = {
      {"POST", "/api/v1/uploads?name=x"}, {"DELETE", "/api/v1/uploads/u_0"},  {"POST", "/api/v1/uploads/recognise"},
      {"POST", "/api/v1/imports"},        {"POST", "/api/v1/imports/1/undo"}, {"DELETE", "/api/v1/jobs/j_0"},
      {"PATCH", "/api/v1/settings"},      {"POST", "/api/v1/costs"},          {"PUT", "/api/v1/costs/c_0"},
      {"DELETE", "/api/v1/costs/c_0"},    {"POST", "/api/v1/notes"},          {"DELETE", "/api/v1/notes/n_0"},
      {"DELETE", "/api/v1/reports/j_0"}};
  for (const auto& w : writes) {
    const Reply reply = api().call(w.method, w.target, "{}");
    EXPECT_EQ(reply.status, 403) << w.method << w.target;
    EXPECT_EQ(reply.text_at("error.code"), "sample_is_read_only") << w.method << w.target;
  }
}

TEST_F(IntakeTest, ExportsAreTheCommands) {
  start();
  ASSERT_EQ(api().import("orders", "o.csv", kOrders, R"("timezone":"UTC")").at("state"), "done");
  for (const std::string what : {"orders", "customers", "events"}) {
    const Ended command = run_behoud({"export", what, "--data", data()});
    ASSERT_EQ(command.exit_code, 0) << command.err;
    EXPECT_EQ(api().get("/api/v1/export/" + what).text, command.out);
  }
  const Reply parquet = api().get("/api/v1/export/orders?format=parquet");
  EXPECT_TRUE(parquet.text.starts_with("PAR1") && parquet.text.ends_with("PAR1"));
  EXPECT_EQ(api().get("/api/v1/export/orders?format=xml").status, 400);
  EXPECT_EQ(api().get("/api/v1/imports/1/rejected?format=xml").text_at("error.field"), "format");
  EXPECT_EQ(uploaded(), std::set<std::string>{});
  EXPECT_EQ(api().get("/api/v1/doctor").at("healthy"), true);
}

}  // namespace
}  // namespace behoud::app::testing
