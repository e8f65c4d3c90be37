#include "http/tls.h"

#include <csignal>
#include <fstream>
#include <future>

#include "http/testing/certificate.h"
#include "http/testing/raw_client.h"
#include "http/testing/server_fixture.h"
#include "http/testing/tls_client.h"

namespace behoud::http {
namespace {

using namespace std::chrono_literals;
using testing::RawClient;
using testing::text;
using testing::TlsClient;
namespace fs = std::filesystem;

class TlsTest : public testing::ServerFixture {
 protected:
  void SetUp() override {
    std::signal(SIGPIPE, SIG_IGN);  // the test's own client writes to sockets the server has closed
    certificate_ = (folder_ / "certificate.pem").string();
    key_ = (folder_ / "key.pem").string();
    write("first.example");
    auto identity = TlsIdentity::load(certificate_, key_);
    ASSERT_TRUE(identity) << identity.error().message;
    options_.tls = identity_ = *identity;
    router_.add(Method::kGet, "/quick", [](const Request& r) { return text(r.secure ? "secure" : "open"); },
                {.quick = true});
    router_.add(Method::kGet, "/big", [](const Request&) {
      return Response{200, "application/octet-stream", std::string(3'000'000, 'x'), {}};
    });
    router_.add(Method::kPost, "/length", [](const Request& r) { return text(std::to_string(r.body.size())); },
                {.body_bytes_max = 3'000'000});
  }
  void write(const std::string& name) const {
    ASSERT_TRUE(testing::write_certificate(name, certificate_ + ".new", key_ + ".new"));
    fs::rename(certificate_ + ".new", certificate_);
    fs::rename(key_ + ".new", key_);
  }

  std::string certificate_, key_;
  std::shared_ptr<TlsIdentity> identity_;
};

TEST_F(TlsTest, ServesOverTls12And13AndNothingOlder) {
  const auto port = start();
  for (const auto& [version, name] : {std::pair{TLS1_2_VERSION, "TLSv1.2"}, std::pair{TLS1_3_VERSION, "TLSv1.3"}}) {
    TlsClient client{port, version};
    ASSERT_TRUE(client.shaken()) << name;
    EXPECT_EQ(client.version(), name);
    const std::string response = client.get("/quick");
    EXPECT_TRUE(response.starts_with("HTTP/1.1 200 OK\r\n")) << response;
    EXPECT_TRUE(response.ends_with("secure")) << "the handler knows it: " << response;
    EXPECT_TRUE(client.said_goodbye());
  }
  for (const int old : {TLS1_VERSION, TLS1_1_VERSION}) EXPECT_FALSE(TlsClient(port, old).shaken());
  EXPECT_EQ(server_->url(), "https://127.0.0.1:" + std::to_string(port));
}

TEST_F(TlsTest, ChoosesHttp11OfWhatAClientOffers) {
  const auto port = start();
  const struct {
    std::string_view offered, chosen;
  } cases[] = {{"\x02h2\x08http/1.1", "http/1.1"},  // browsers and curl
               {"\x08http/1.1", "http/1.1"},
               {"\x08http/1.0\x02h2", ""},
               {"", ""}};
  for (const auto& c : cases) {
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
      TlsClient client{port, version, c.offered};
      ASSERT_TRUE(client.shaken()) << c.offered;
      EXPECT_EQ(client.protocol(), c.chosen) << c.offered;
      EXPECT_TRUE(client.get("/quick").ends_with("secure")) << c.offered;
    }
  }
}

TEST_F(TlsTest, KeepsTheConnectionAndAnswersPipelinedRequests) {
  TlsClient client{start()};
  std::string all;
  for (int i = 0; i < 50; ++i) all += "GET /quick HTTP/1.1\r\nHost: localhost\r\n\r\n";
  ASSERT_TRUE(client.send(all + "GET /quick HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"));
  const std::string answers = client.receive(SIZE_MAX);
  int count = 0;
  for (std::size_t at = 0; (at = answers.find("\r\n\r\nsecure", at)) != std::string::npos; ++at) ++count;
  EXPECT_EQ(count, 51);
}

TEST_F(TlsTest, CarriesLargeBodiesBothWays) {
  const auto port = start();
  const std::string response = TlsClient{port}.get("/big");
  EXPECT_EQ(response.size() - response.find("\r\n\r\n") - 4, 3'000'000U);
  TlsClient up{port};
  ASSERT_TRUE(
      up.send("POST /length HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 3000000\r\n\r\n" +
              std::string(3'000'000, 'y')));
  EXPECT_TRUE(up.receive(SIZE_MAX).ends_with("3000000"));
}

TEST_F(TlsTest, TakesANewPairForNewConnectionsAndKeepsThoseThatAreThere) {
  const auto port = start();
  TlsClient before{port};
  EXPECT_EQ(before.server_name(), "first.example");
  EXPECT_EQ(identity_->reload_if_changed(), false) << "nothing changed";
  write("second.example");
  EXPECT_EQ(identity_->reload_if_changed(), true);
  EXPECT_EQ(TlsClient{port}.server_name(), "second.example");
  EXPECT_TRUE(before.get("/quick").ends_with("secure")) << "the old connection goes on";
  EXPECT_EQ(identity_->reload_if_changed(), false);
  write("third.example");
  ASSERT_TRUE(identity_->reload());
  EXPECT_EQ(TlsClient{port}.server_name(), "third.example");
}

TEST_F(TlsTest, APairThatIsNoGoodIsNamedAndTheOneBeforeStays) {
  const auto port = start();
  const std::string other = (folder_ / "other.pem").string();
  const std::string other_key = (folder_ / "other-key.pem").string();
  ASSERT_TRUE(testing::write_certificate("other.example", other, other_key));
  const auto still = [&] { return TlsClient{port}.server_name() == "first.example"; };

  fs::copy_file(other_key, key_, fs::copy_options::overwrite_existing);
  auto changed = identity_->reload_if_changed();
  ASSERT_FALSE(changed) << "a key of another certificate";
  EXPECT_EQ(changed.error().code, Errc::kBadInput);
  EXPECT_EQ(changed.error().place.file, key_);
  EXPECT_TRUE(still());
  EXPECT_EQ(identity_->reload_if_changed(), false) << "it is said once, not at every look";

  std::ofstream(certificate_) << "-----BEGIN CERTIFICATE-----\nhalf of one";
  changed = identity_->reload_if_changed();
  ASSERT_FALSE(changed);
  EXPECT_EQ(changed.error().code, Errc::kBadInput);
  EXPECT_EQ(changed.error().place.file, certificate_);
  EXPECT_TRUE(still());

  fs::remove(certificate_);
  changed = identity_->reload_if_changed();
  ASSERT_FALSE(changed);
  EXPECT_EQ(changed.error().code, Errc::kNotFound);
  EXPECT_TRUE(still());

  fs::copy_file(other, certificate_);
  EXPECT_EQ(identity_->reload_if_changed(), true) << "the certificate followed its key";
  EXPECT_EQ(TlsClient{port}.server_name(), "other.example");
}

TEST_F(TlsTest, LoadNamesTheFileThatIsNoGood) {
  const auto missing = TlsIdentity::load(certificate_, key_ + ".gone");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, Errc::kNotFound);
  EXPECT_EQ(missing.error().place.file, key_ + ".gone");
  std::ofstream(folder_ / "locked.pem")
      << "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIHeMEkGCSqGSIb3\n-----END ENCRYPTED PRIVATE KEY-----\n";
  const auto locked = TlsIdentity::load(certificate_, (folder_ / "locked.pem").string());
  ASSERT_FALSE(locked) << "nothing is asked on a terminal";
  EXPECT_EQ(locked.error().code, Errc::kBadInput);
}

TEST_F(TlsTest, TellsWhoSpeaksPlainHttpWhereToGo) {
  options_.public_url = *parse_origin("https://shop.example");
  RawClient client{start()};
  client.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  const auto response = client.receive();
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 400);
  EXPECT_NE(response->body.find("tls_required"), std::string::npos);
  EXPECT_NE(response->body.find("https://shop.example/"), std::string::npos);
  EXPECT_TRUE(client.closed());
}

TEST_F(TlsTest, EndsOnHandshakesThatAreGarbage) {
  const auto port = start();
  const std::string record{"\x16\x03\x01\x00\x05", 5};
  for (const std::string& garbage : {std::string(1000, '\xff'), std::string(1, '\0'), record + "hello",
                                     std::string{"\x16\x03\x01\xff\xff", 5} + std::string(70000, 'x'),
                                     std::string{"\x15\x03\x01\x00\x02\x02\x28", 7}, record + std::string(5, '\x01')}) {
    RawClient client{port};
    client.send(garbage);
    client.half_close();
    client.receive_all();  // an alert, or nothing: but an end
  }
  EXPECT_TRUE(TlsClient{port}.get("/quick").ends_with("secure"));
  EXPECT_GE(server_->counts().handshakes_failed, 6U);
}

TEST_F(TlsTest, AHandshakeThatStallsIsGivenUp) {
  options_.head_timeout = 60ms;
  const auto port = start();
  RawClient silent{port};
  RawClient half{port};
  half.send(std::string_view{"\x16\x03\x01\x02\x00\x01", 6});
  EXPECT_TRUE(silent.closed());
  EXPECT_TRUE(half.closed());
}

TEST_F(TlsTest, GivesUpOnAReaderThatTakesNothing) {
  router_.add(Method::kGet, "/huge", [](const Request&) {
    return Response{200, "application/octet-stream", std::string(64'000'000, 'x'), {}};
  });
  options_.body_timeout = 60ms;
  std::promise<void> given_up;
  options_.on_served = [&](const Served&) { given_up.set_value(); };
  TlsClient client{start()};
  client.send("GET /huge HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_EQ(given_up.get_future().wait_for(10s), std::future_status::ready);
}

TEST_F(TlsTest, KeepsBrowsersOnTlsUnderAPublicNameAlone) {
  options_.public_url = *parse_origin("https://shop.example");
  const auto with_name = TlsClient{start()}.get("/quick");
  EXPECT_NE(with_name.find("Strict-Transport-Security: max-age=31536000\r\n"), std::string::npos);
  server_.reset();
  options_.public_url = *parse_origin("https://localhost:8443");
  EXPECT_EQ(TlsClient{start()}.get("/quick").find("Strict-Transport-Security"), std::string::npos);
}

}  // namespace
}  // namespace behoud::http
