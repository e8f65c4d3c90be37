// The implementation of testing/api_client.h lies in a *_test.cpp file so that it is part of the tests alone.
#include "app/testing/api_client.h"

#include <gtest/gtest.h>

#include "http/target.h"

namespace behoud::app::testing {

namespace json = boost::json;
using http::testing::RawClient;

const json::value& Reply::at(std::string_view path) const {
  static const json::value kNothing;
  const json::value* here = &json;
  while (!path.empty()) {
    const std::size_t dot = std::min(path.find('.'), path.size());
    const json::object* object = here->if_object();
    here = object == nullptr ? nullptr : object->if_contains(path.substr(0, dot));
    if (here == nullptr) return kNothing;
    path.remove_prefix(std::min(dot + 1, path.size()));
  }
  return *here;
}

std::string Reply::text_at(std::string_view path) const {
  const json::value& found = at(path);
  return found.is_string() ? std::string{found.get_string()} : "";
}

ApiClient::ApiClient(RunningServer& server)
    : port_(server.port()), authorization_(testing::authorization(server.token())) {}

Reply ApiClient::send(std::string_view method, std::string_view target, std::string_view type, std::string_view body,
                      std::string_view fields) const {
  RawClient client(port_);
  std::string head = std::string{method} + " " + std::string{target} + " HTTP/1.1\r\nHost: localhost\r\n";
  head += authorization_ + std::string{fields};
  if (!type.empty()) head += "Content-Type: " + std::string{type} + "\r\n";
  if (method != "GET") head += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  Reply out;
  if (!client.connected() || !client.send(head + "\r\n")) return out;
  // A server that refuses a body may answer before all of it is sent.
  client.send(body);
  const auto answer = client.receive();
  if (!answer) return out;
  out.status = answer->status;
  out.head = answer->head;
  out.type = answer->field("Content-Type");
  out.text = answer->body;
  if (out.type.starts_with("application/json")) {
    boost::system::error_code error;
    out.json = json::parse(out.text, error);
    EXPECT_FALSE(error) << target << " " << out.text;
  }
  return out;
}

Reply ApiClient::call(std::string_view method, std::string_view target, std::string_view body,
                      std::string_view fields) const {
  return send(method, target, body.empty() ? "" : "application/json", body, fields);
}

std::string escaped(std::string_view text) { return http::percent_encode(text); }

std::string ApiClient::upload(std::string_view name, std::string_view bytes) const {
  const Reply reply = send("POST", "/api/v1/uploads?name=" + escaped(name), "application/octet-stream", bytes);
  EXPECT_EQ(reply.status, 201) << reply.text;
  return reply.text_at("upload");
}

json::value ApiClient::wait_for_job(const std::string& id) const {
  // A client waits ten seconds for news, and a machine with much else to do may let a job have none for longer: then
  // the stream is asked for again, as a browser does.
  constexpr int kStreams = 12;
  for (int stream = 0; stream < kStreams; ++stream) {
    RawClient client(port_);
    client.send("GET /api/v1/jobs/" + id + "/events HTTP/1.1\r\nHost: localhost\r\n" + authorization_ + "\r\n");
    const auto head = client.receive(true);
    if (!head || head->status != 200) return nullptr;
    std::string events;
    while (const auto chunk = client.receive_chunk()) {
      if (!chunk->empty()) {
        events += *chunk;
        continue;
      }
      constexpr std::string_view kData = "\ndata: ";
      const std::size_t last = events.rfind(kData);
      if (last == std::string::npos) return nullptr;
      const std::size_t begin = last + kData.size();
      return json::parse(events.substr(begin, events.find('\n', begin) - begin));
    }
  }
  return nullptr;
}

json::value ApiClient::import(std::string_view kind, std::string_view name, std::string_view bytes,
                              std::string_view more) const {
  std::string body = R"({"uploads":[")" + upload(name, bytes) + R"("],"kind":")" + std::string{kind} + "\"";
  if (!more.empty()) body += "," + std::string{more};
  const Reply asked = call("POST", "/api/v1/imports", body + "}");
  EXPECT_EQ(asked.status, 202) << asked.text;
  return wait_for_job(asked.text_at("job"));
}

TEST(ApiClient, FindsMembersByTheirPath) {
  Reply reply;
  reply.json = json::parse(R"({"error":{"code":"x","n":1}})");
  EXPECT_EQ(reply.text_at("error.code"), "x");
  EXPECT_EQ(reply.at("error.n"), 1);
  EXPECT_TRUE(reply.at("error.no.more").is_null());
  EXPECT_EQ(escaped("a b/ü"), "a%20b%2F%C3%BC");
}

}  // namespace behoud::app::testing
