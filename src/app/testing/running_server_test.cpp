// The implementation of testing/running_server.h lies in a *_test.cpp file so that it is part of the tests alone.
#include "app/testing/running_server.h"

#include <algorithm>
#include <charconv>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include <gtest/gtest.h>

namespace behoud::app::testing {
namespace {

Start serve(const std::vector<std::string>& words, std::uint64_t file_bytes_max) {
  Start start;
  start.file_bytes_max = file_bytes_max;
  start.words = {"serve", "--port", "0"};
  start.words.insert(start.words.end(), words.begin(), words.end());
  return start;
}

}  // namespace

std::uint16_t listening_port(pid_t pid) {
  std::set<std::string> inodes;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/" + std::to_string(pid) + "/fd", error)) {
    const std::string to = std::filesystem::read_symlink(entry.path(), error).string();
    if (to.starts_with("socket:[")) inodes.insert(to.substr(8, to.size() - 9));
  }
  std::ifstream table("/proc/net/tcp");
  std::string line;
  std::getline(table, line);
  while (std::getline(table, line)) {
    std::istringstream words(line);
    std::string number, local, remote, state, skip, inode;
    words >> number >> local >> remote >> state >> skip >> skip >> skip >> skip >> skip >> inode;
    if (state != "0A" || !inodes.contains(inode)) continue;
    unsigned value = 0;
    const std::string hex = local.substr(local.find(':') + 1);
    std::from_chars(hex.data(), hex.data() + hex.size(), value, 16);
    return static_cast<std::uint16_t>(value);
  }
  return 0;
}

std::string authorization(const std::string& token) { return "Authorization: Bearer " + token + "\r\n"; }

std::string make_token(const std::string& data, const std::string& scope) {
  Ended made = run_behoud({"access", "token", "--name", "a test", "--scope", scope, "--data", data});
  EXPECT_EQ(made.exit_code, 0) << made.err;
  while (made.out.ends_with('\n')) made.out.pop_back();
  return made.out;
}

RunningServer::RunningServer(const std::vector<std::string>& words, std::uint64_t file_bytes_max)
    : process_(serve(words, file_bytes_max)) {
  const auto data = std::ranges::find(words, "--data");
  if (data != words.end() && data + 1 != words.end()) data_ = *(data + 1);
  if (process_.wait_for("Ctrl-C")) port_ = listening_port(process_.pid());
}

const std::string& RunningServer::token() {
  if (token_.empty() && ok()) token_ = make_token(data_, "admin");
  return token_;
}

void RunningServer::kill() {
  process_.signal(SIGKILL);
  process_.wait();
}

Ended RunningServer::stop() {
  process_.signal(SIGTERM);
  return process_.wait();
}

TEST(RunningServer, ListensUntilItIsStopped) {
  const TemporaryFolder folder;
  RunningServer server({"--data", folder / "shop"});
  ASSERT_TRUE(server.ok());
  EXPECT_EQ(listening_port(server.process().pid()), server.port());
  RunningServer refused({"--data", folder / "shop"});
  EXPECT_FALSE(refused.ok()) << "the folder is held";
  EXPECT_EQ(server.stop().exit_code, 0);
}

}  // namespace behoud::app::testing
