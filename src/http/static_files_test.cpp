#include "http/static_files.h"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "base/testing/temporary_folder.h"
#include "http/finish.h"

namespace behoud::http {
namespace {

namespace fs = std::filesystem;

class StaticFilesTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::path(outside_.path()) / "dist";
    fs::create_directories(folder_ / "assets");
    write("index.html", "<!doctype html><title>Behoud</title>");
    write("favicon.svg", "<svg/>");
    write("assets/index-B1xQ9a2c.js", std::string(5000, 'x'));
    write("assets/logo.png", "png");
    std::ofstream(folder_.parent_path() / "secret.txt") << "secret";
  }
  void write(const std::string& name, const std::string& bytes) const {
    std::ofstream(folder_ / name, std::ios::binary) << bytes;
  }
  StaticFiles load() const {
    auto files = StaticFiles::load(folder_.string());
    EXPECT_TRUE(files) << files.error().message;
    return std::move(*files);
  }
  static Request get(std::string path, std::string_view name = {}, std::string value = {}) {
    Request request;
    request.path = std::move(path);
    if (!name.empty()) request.headers.add(std::string{name}, std::move(value));
    return request;
  }

  TemporaryFolder outside_;
  fs::path folder_;
};

TEST_F(StaticFilesTest, ServesFilesByTheirNamesWithTheirTypes) {
  const StaticFiles files = load();
  EXPECT_EQ(files.size(), 4U);
  const Response page = files.answer(get("/index.html"));
  EXPECT_EQ(page.status, 200);
  EXPECT_EQ(page.content_type, "text/html; charset=utf-8");
  EXPECT_EQ(page.body, "<!doctype html><title>Behoud</title>");
  EXPECT_EQ(files.answer(get("/assets/logo.png")).content_type, "image/png");
  EXPECT_EQ(files.answer(get("/favicon.svg")).content_type, "image/svg+xml");
}

TEST_F(StaticFilesTest, PlacesWithinTheApplicationGetItsPage) {
  const StaticFiles files = load();
  const std::string page = files.answer(get("/index.html")).body;
  for (const char* path : {"/", "/retention", "/customers/a%20b", "/welcome", "/apikeys"}) {
    EXPECT_EQ(files.answer(get(path)).body, page) << path;
  }
  for (const char* path : {"/api", "/api/v1/nothing", "/assets/gone-B1xQ9a2c.js", "/robots.txt"}) {
    EXPECT_EQ(files.answer(get(path)).status, 404) << path;
  }
}

TEST_F(StaticFilesTest, NoPathLeadsOutOfTheFolder) {
  const StaticFiles files = load();
  for (const char* path : {"/../secret.txt", "/assets/../../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt",
                           "/%2e%2e%2fsecret.txt", "/assets/..%5c..%5csecret.txt", "//secret.txt", "/./secret.txt",
                           "/%252e%252e/secret.txt", "/assets//../../secret.txt", "/secret.txt%00.html",
                           "/....//secret.txt", "/etc/passwd.txt", "//etc/passwd.txt"}) {
    const Response response = files.answer(get(path));
    EXPECT_EQ(response.status, 404) << path;
    EXPECT_EQ(response.body.find("secret"), std::string::npos) << path;
  }
  fs::create_symlink(folder_.parent_path() / "secret.txt", folder_ / "link.txt");
  const auto leads_out = StaticFiles::load(folder_.string());
  ASSERT_FALSE(leads_out);
  EXPECT_EQ(leads_out.error().code, Errc::kInvalidArgument);
}

TEST_F(StaticFilesTest, APageLetsNoScriptStandInIt) {
  const std::string policy{*load().answer(get("/")).headers.find("Content-Security-Policy")};
  EXPECT_TRUE(policy.starts_with("default-src 'self'; script-src 'self';")) << policy;
  EXPECT_NE(policy.find("frame-ancestors 'none'"), std::string::npos);
  EXPECT_EQ(policy.find("unsafe-eval"), std::string::npos);
}

TEST_F(StaticFilesTest, OnlyWhatIsNamedByItsContentIsKeptForGood) {
  const StaticFiles files = load();
  EXPECT_EQ(files.answer(get("/assets/index-B1xQ9a2c.js")).headers.find("Cache-Control"),
            "public, max-age=31536000, immutable");
  for (const char* path : {"/", "/assets/logo.png", "/favicon.svg", "/retention"}) {
    EXPECT_EQ(files.answer(get(path)).headers.find("Cache-Control"), "no-cache") << path;
  }
}

TEST_F(StaticFilesTest, GivesThePackedFormToThoseWhoTakeIt) {
  const StaticFiles files = load();
  const Response plain = files.answer(get("/assets/index-B1xQ9a2c.js"));
  const Response packed = files.answer(get("/assets/index-B1xQ9a2c.js", "Accept-Encoding", "gzip, br"));
  EXPECT_EQ(plain.body.size(), 5000U);
  EXPECT_EQ(plain.headers.find("Vary"), "Accept-Encoding");
  EXPECT_EQ(packed.headers.find("Content-Encoding"), "gzip");
  EXPECT_LT(packed.body.size(), 100U);
  EXPECT_NE(plain.headers.find("ETag"), packed.headers.find("ETag"));
  EXPECT_FALSE(plain.headers.find("ETag")->starts_with("W/"));
}

TEST_F(StaticFilesTest, ServesRanges) {
  const StaticFiles files = load();
  Request request = get("/assets/index-B1xQ9a2c.js", "Range", "bytes=10-19");
  request.headers.add("Accept-Encoding", "gzip");
  const Response some = files.answer(request);
  EXPECT_EQ(some.status, 206);
  EXPECT_EQ(some.body, "xxxxxxxxxx") << "of the plain form";
  EXPECT_EQ(some.headers.find("Content-Range"), "bytes 10-19/5000");
}

TEST_F(StaticFilesTest, EachFormHasATagOfItsOwnAlsoWhenARangeIsNotFollowed) {
  const StaticFiles files = load();
  const std::string script = "/assets/index-B1xQ9a2c.js";
  const std::string plain{*files.answer(get(script)).headers.find("ETag")};
  const std::string packed{*files.answer(get(script, "Accept-Encoding", "gzip")).headers.find("ETag")};
  const struct {
    std::string range, if_range;
    int status;
  } cases[] = {{"lines=1-2", "", 200},      {"bytes=0-1,4-5", "", 200},       {"bytes=5-9", packed, 200},
               {"bytes=5-9", "\"x\"", 200}, {"bytes=5-9", "W/" + plain, 200}, {"bytes=5-9", plain, 206},
               {"bytes=9999-", "", 416}};
  for (const auto& c : cases) {
    Request request = get(script, "Range", c.range);
    request.headers.add("Accept-Encoding", "gzip");
    if (!c.if_range.empty()) request.headers.add("If-Range", c.if_range);
    const Response sent = finish(request, files.answer(request));
    EXPECT_EQ(sent.status, c.status) << c.range << " " << c.if_range;
    const bool is_packed = sent.headers.find("Content-Encoding").has_value();
    EXPECT_EQ(is_packed, c.status == 200) << c.range << " " << c.if_range;
    if (c.status == 416) continue;
    EXPECT_EQ(sent.headers.find("ETag"), is_packed ? packed : plain) << c.range << " " << c.if_range;
  }
}

TEST_F(StaticFilesTest, ServesWhereNoRouteFits) {
  Router router;
  router.add(Method::kGet, "/api/v1/a", [](const Request&) { return Response{}; });
  load().add_to(router);
  EXPECT_EQ(router.match(Method::kGet, "/api/v1/a").route, &router.routes().front());
  EXPECT_EQ(router.match(Method::kGet, "/retention").route, &*router.fallback());
  EXPECT_EQ(router.match(Method::kHead, "/").route, &*router.fallback());
  EXPECT_EQ(router.match(Method::kPost, "/retention").route, nullptr);
  EXPECT_EQ(router.match(Method::kPost, "/api/v1/a").route, nullptr) << "a path that is there has its own methods";
  EXPECT_EQ(router.match(Method::kPost, "/api/v1/a").allow, "GET, HEAD, OPTIONS");
  EXPECT_EQ(router.fallback()->policy.right, Right::kPublic);
}

TEST_F(StaticFilesTest, SaysWhatIsMissing) {
  EXPECT_EQ(StaticFiles::load((folder_ / "nothing").string()).error().code, Errc::kNotFound);
  fs::remove(folder_ / "index.html");
  EXPECT_EQ(StaticFiles::load(folder_.string()).error().code, Errc::kNotFound);
  write("index.html", "<!doctype html>");
  for (std::size_t i = 0; i < StaticFiles::kFilesMax; ++i) write("assets/" + std::to_string(i), "");
  EXPECT_EQ(StaticFiles::load(folder_.string()).error().code, Errc::kOutOfRange);
}

}  // namespace
}  // namespace behoud::http
