// docs/api.md is run: its examples, one after the other, by a shell with curl, against a real server.

#include <cstdio>
#include <fstream>
#include <string>

#include <gtest/gtest.h>
#include <sys/wait.h>

#include "app/testing/api_client.h"
#include "app/testing/process.h"
#include "app/testing/running_server.h"
#include "base/file.h"

namespace behoud::app::testing {
namespace {

// The blocks of the document, each followed by a mark that it got there.
std::string script_of(const std::string& document, int& blocks) {
  std::string out = "set -eu\nset -o pipefail\n";
  std::size_t at = 0;
  while ((at = document.find("\n```sh\n", at)) != std::string::npos) {
    const std::size_t begin = at + 7;
    const std::size_t end = document.find("```", begin);
    out += document.substr(begin, end - begin) + "echo; echo \"== " + std::to_string(++blocks) + "\"\n";
    at = end;
  }
  return out;
}

TEST(ApiDocument, EveryExampleDoesWhatItSays) {
  const auto document = read_file(std::string(BEHOUD_SOURCE_DIR) + "/docs/api.md", 1 << 20);
  ASSERT_TRUE(document.has_value());
  int blocks = 0;
  const std::string script = script_of(*document, blocks);
  ASSERT_GE(blocks, 10);
  const TemporaryFolder folder;
  RunningServer server({"--data", folder / "own"});
  ASSERT_TRUE(server.ok());
  std::ofstream(folder / "examples.sh") << script;
  const std::string command = "cd '" + folder.path() +
                              "' && BEHOUD_URL=http://127.0.0.1:" + std::to_string(server.port()) +
                              " BEHOUD_TOKEN=" + server.token() + " bash examples.sh 2>&1";
  std::FILE* const pipe = ::popen(command.c_str(), "r");
  ASSERT_NE(pipe, nullptr);
  std::string said;
  char buffer[4096];
  while (const std::size_t n = std::fread(buffer, 1, sizeof buffer, pipe)) said.append(buffer, n);
  const int status = ::pclose(pipe);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << said;
  EXPECT_NE(said.find("== " + std::to_string(blocks) + "\n"), std::string::npos) << said;
  EXPECT_NE(said.find("\"state\":\"done\""), std::string::npos) << "the import was followed to its end";
  EXPECT_NE(said.find("Winter sale"), std::string::npos);
  const auto refused = read_file(folder / "refused.json", 4096);
  ASSERT_TRUE(refused.has_value());
  EXPECT_NE(refused->find("changed_meanwhile"), std::string::npos);
  const auto orders = read_file(folder / "orders-out.csv", 1 << 20);
  ASSERT_TRUE(orders.has_value());
  EXPECT_TRUE(orders->starts_with("order_id,customer,")) << *orders;
}

}  // namespace
}  // namespace behoud::app::testing
