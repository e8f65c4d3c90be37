#pragma once

// `behoud serve` as a process of its own for end-to-end tests, on a free port. Killed when the value goes.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "app/testing/process.h"
#include "http/testing/raw_client.h"

namespace behoud::app::testing {

class RunningServer {
 public:
  // Starts `serve --port 0` with `words` behind it and waits until it answers; ok() is false where it ended instead.
  // No file it writes may grow beyond `file_bytes_max`; 0: any may.
  explicit RunningServer(const std::vector<std::string>& words, std::uint64_t file_bytes_max = 0);

  bool ok() const { return port_ != 0; }
  std::uint16_t port() const { return port_; }
  // A token that may do everything, made by the command beside the server; one for each server.
  const std::string& token();
  Process& process() { return process_; }
  // kill -9: nothing of the process is left when it returns.
  void kill();
  // Ends it as a person would, and gives how it ended.
  Ended stop();

 private:
  std::string data_, token_;
  Process process_;
  std::uint16_t port_ = 0;
};

// The header that `token` is sent in, with its line's end.
std::string authorization(const std::string& token);
// Makes a token by `behoud access token`, for a folder that may be held by a server; "" where that fails.
std::string make_token(const std::string& data, const std::string& scope);

// A client that may do everything: its get() sends the server's token along.
class SignedInClient : public http::testing::RawClient {
 public:
  explicit SignedInClient(RunningServer& server) : SignedInClient(server.port(), server.token()) {}
  SignedInClient(std::uint16_t port, const std::string& token)
      : RawClient(port), authorization_(testing::authorization(token)) {}
  std::optional<http::testing::RawResponse> get(std::string_view target, std::string_view more_fields = {}) {
    return RawClient::get(target, authorization_ + std::string(more_fields));
  }
  const std::string& authorization() const { return authorization_; }

 private:
  std::string authorization_;
};

// The one TCP port that a process listens on, by the kernel; 0 where there is none.
std::uint16_t listening_port(pid_t pid);

}  // namespace behoud::app::testing
