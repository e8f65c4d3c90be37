// The program in a terminal, a real one as the kernel gives it (a pseudo-terminal): what a first import asks, what it
// says to a wrong answer, to none, and to the end of the input; and that colour is for terminals alone.

#include <array>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <poll.h>
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/testing/process.h"
#include "base/file.h"

namespace behoud::app::testing {
namespace {

// A program whose standard streams are a terminal of its own.
class InTerminal {
 public:
  explicit InTerminal(const std::vector<std::string>& words, const std::vector<std::string>& variables = {}) {
    std::vector<std::string> all{BEHOUD_BINARY};
    all.insert(all.end(), words.begin(), words.end());
    std::vector<std::string> environment = variables;  // the first of a name holds
    environment.insert(environment.end(), {"LANG=C.UTF-8", "TERM=xterm-256color"});
    std::vector<char*> argv;
    for (std::string& word : all) argv.push_back(word.data());
    argv.push_back(nullptr);
    std::vector<char*> envp;
    for (std::string& variable : environment) envp.push_back(variable.data());
    envp.push_back(nullptr);
    winsize size{};
    size.ws_row = 40;
    size.ws_col = 100;
    pid_ = ::forkpty(&master_, nullptr, nullptr, &size);
    if (pid_ == 0) {
      ::execve(BEHOUD_BINARY, argv.data(), envp.data());
      ::_exit(127);
    }
    EXPECT_GT(pid_, 0);
  }
  ~InTerminal() {
    if (!ended_) {
      ::kill(pid_, SIGKILL);
      ::waitpid(pid_, nullptr, 0);
    }
    ::close(master_);
  }
  InTerminal(const InTerminal&) = delete;
  InTerminal& operator=(const InTerminal&) = delete;

  // Waits until `text` is on the screen, after what was waited for before.
  bool shows(const std::string& text) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds{60};
    while (std::chrono::steady_clock::now() < until) {
      if (const auto at = screen_.find(text, seen_); at != std::string::npos) {
        seen_ = at + text.size();
        return true;
      }
      if (!collect()) return false;
    }
    return false;
  }
  void types(const std::string& keys) {
    EXPECT_EQ(::write(master_, keys.data(), keys.size()), static_cast<ssize_t>(keys.size()));
  }
  int exit_code() {
    while (collect()) {
      // Until the terminal has nobody on its other side.
    }
    int status = 0;
    ::waitpid(pid_, &status, 0);
    ended_ = true;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
  const std::string& screen() const { return screen_; }

 private:
  bool collect() {
    pollfd one{master_, POLLIN, 0};
    if (::poll(&one, 1, 60'000) <= 0) return false;
    std::array<char, 4096> chunk;
    const auto n = ::read(master_, chunk.data(), chunk.size());
    if (n <= 0) return false;
    screen_.append(chunk.data(), static_cast<std::size_t>(n));
    return true;
  }
  pid_t pid_ = -1;
  int master_ = -1;
  bool ended_ = false;
  std::string screen_;
  std::size_t seen_ = 0;
};

class Interactive : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(
        write_file(orders_, "order_id,customer,date,amount\n1,anna-17,2024-01-05,10.00\n2,bo-4,2024-01-20,20\n"));
  }
  std::vector<std::string> import() const { return {"import", "orders", orders_, "--data", data_}; }
  TemporaryFolder folder_;
  std::string orders_ = folder_ / "orders.csv", data_ = folder_ / "shop";
};

TEST_F(Interactive, AFirstImportAsksForWhatTheFileDoesNotSay) {
  InTerminal terminal(import());
  ASSERT_TRUE(terminal.shows("In which time zone is the shop")) << terminal.screen();
  terminal.types("Europe/Amsterdm\n");
  ASSERT_TRUE(terminal.shows("Europe/Amsterdm' is not")) << "a wrong answer is told: " << terminal.screen();
  ASSERT_TRUE(terminal.shows("In which time zone is the shop")) << "and asked again: " << terminal.screen();
  terminal.types("Europe/Amsterdam\n");
  ASSERT_TRUE(terminal.shows("In which currency are the amounts")) << terminal.screen();
  terminal.types("euros\n");
  ASSERT_TRUE(terminal.shows("In which currency are the amounts")) << terminal.screen();
  terminal.types("EUR\n");
  EXPECT_EQ(terminal.exit_code(), 0) << terminal.screen();
  const Ended settings = run_behoud({"settings", "--data", data_});
  EXPECT_NE(settings.out.find("Europe/Amsterdam"), std::string::npos) << settings.out;
  EXPECT_NE(settings.out.find("EUR"), std::string::npos) << settings.out;
  // What is known is not asked again.
  ASSERT_TRUE(write_file(orders_, "order_id,customer,date,amount\n3,cleo-9,2024-02-05,10.00\n"));
  InTerminal again(import());
  EXPECT_EQ(again.exit_code(), 0) << again.screen();
  EXPECT_EQ(again.screen().find("In which"), std::string::npos) << again.screen();
}

TEST_F(Interactive, WithoutAnAnswerTheZoneIsUtc) {
  InTerminal terminal({"import", "orders", orders_, "--data", data_, "--currency", "EUR"});
  ASSERT_TRUE(terminal.shows("[UTC]")) << terminal.screen();
  terminal.types("\n");
  EXPECT_EQ(terminal.exit_code(), 0) << terminal.screen();
  EXPECT_NE(run_behoud({"settings", "--data", data_}).out.find("UTC"), std::string::npos);
}

TEST_F(Interactive, TheEndOfTheInputIsANamedErrorAndTheImportCanBeMadeLater) {
  InTerminal terminal(import());
  ASSERT_TRUE(terminal.shows("[UTC]")) << terminal.screen();
  terminal.types("UTC\n");
  ASSERT_TRUE(terminal.shows("In which currency are the amounts")) << terminal.screen();
  terminal.types("\x04");  // Ctrl-D
  ASSERT_TRUE(terminal.shows("the input ended before the question was answered")) << terminal.screen();
  EXPECT_EQ(terminal.exit_code(), 1) << terminal.screen();
  const Ended later = run_behoud({"import", "orders", orders_, "--data", data_, "--currency", "EUR", "--json"});
  EXPECT_EQ(later.exit_code, 0) << later.err;
  EXPECT_NE(later.out.find("\"added\":2"), std::string::npos) << later.out;
}

TEST_F(Interactive, WhoNeverAnswersRightIsToldSoAfterThreeTimes) {
  InTerminal terminal({"import", "orders", orders_, "--data", data_, "--timezone", "UTC"});
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(terminal.shows("In which currency are the amounts")) << i << terminal.screen();
    terminal.types("?\n");
  }
  EXPECT_EQ(terminal.exit_code(), 2) << terminal.screen();
  EXPECT_FALSE(std::filesystem::exists(data_)) << "nothing is left behind";
}

TEST_F(Interactive, ColourIsForATerminalThatWantsIt) {
  const std::vector<std::string> report{"report", orders_, "--currency", "EUR"};
  InTerminal coloured(report);
  EXPECT_EQ(coloured.exit_code(), 0) << coloured.screen();
  EXPECT_NE(coloured.screen().find("\x1b["), std::string::npos) << coloured.screen();
  for (const char* plain : {"NO_COLOR=1", "TERM=dumb"}) {
    InTerminal without(report, {plain});
    EXPECT_EQ(without.exit_code(), 0);
    EXPECT_EQ(without.screen().find("\x1b["), std::string::npos) << plain << without.screen();
  }
  EXPECT_EQ(run_behoud(report).out.find('\x1b'), std::string::npos) << "a pipe is no terminal";
}

}  // namespace
}  // namespace behoud::app::testing
