// The implementation of testing/process.h lies in a *_test.cpp file so that it is part of the tests and not of the
// library.
#include "app/testing/process.h"

#include <array>
#include <chrono>
#include <csignal>
#include <thread>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace behoud::app::testing {
namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

struct Pipe {
  int read = -1, write = -1;
  Pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) == 0) {
      read = ends[0];
      write = ends[1];
    }
  }
};

}  // namespace

Process::Process(const Start& start) {
  Pipe in;
  Pipe out;
  Pipe err;
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in.read, STDIN_FILENO);
  if (start.close_out) {
    posix_spawn_file_actions_addclose(&actions, STDOUT_FILENO);
  } else {
    posix_spawn_file_actions_adddup2(&actions, start.out_fd >= 0 ? start.out_fd : out.write, STDOUT_FILENO);
  }
  posix_spawn_file_actions_adddup2(&actions, err.write, STDERR_FILENO);
  if (!start.folder.empty()) posix_spawn_file_actions_addchdir_np(&actions, start.folder.c_str());

  std::vector<std::string> words{BEHOUD_BINARY};
  words.insert(words.end(), start.words.begin(), start.words.end());
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  std::vector<std::string> variables;
  for (const auto& [name, value] : start.variables) variables.push_back(name + "=" + value);
  std::vector<char*> envp;
  for (std::string& variable : variables) envp.push_back(variable.data());
  envp.push_back(nullptr);
  rlimit before{};
  ::getrlimit(RLIMIT_FSIZE, &before);
  if (start.file_bytes_max > 0) {
    // Inherited by the child; nothing is written here meanwhile.
    const rlimit small{start.file_bytes_max, before.rlim_max};
    EXPECT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  }
  const int status = ::posix_spawn(&pid_, BEHOUD_BINARY, &actions, nullptr, argv.data(), envp.data());
  ::setrlimit(RLIMIT_FSIZE, &before);
  posix_spawn_file_actions_destroy(&actions);
  EXPECT_EQ(status, 0) << "cannot start " << BEHOUD_BINARY;
  ::close(in.read);
  ::close(out.write);
  ::close(err.write);
  out_ = out.read;
  err_ = err.read;
  // Inputs of tests are far below what a pipe holds (64 KiB).
  if (!start.input.empty()) {
    EXPECT_GT(::write(in.write, start.input.data(), start.input.size()), 0);
  }
  ::close(in.write);
}

Process::~Process() {
  if (!done_ && pid_ > 0) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  if (out_ >= 0) ::close(out_);
  if (err_ >= 0) ::close(err_);
}

void Process::signal(int number) const { ::kill(pid_, number); }

// Takes what the program has written, waiting at most so long for something.
void Process::collect(int timeout_ms) {
  std::array<pollfd, 2> fds{{{out_, POLLIN, 0}, {err_, POLLIN, 0}}};
  if (::poll(fds.data(), fds.size(), timeout_ms) <= 0) return;
  const auto take = [](const pollfd& from, int& fd, std::string& into) {
    if (fd < 0 || (from.revents & (POLLIN | POLLHUP)) == 0) return;
    std::array<char, 65536> chunk;
    const auto n = ::read(fd, chunk.data(), chunk.size());
    if (n > 0) {
      into.append(chunk.data(), static_cast<std::size_t>(n));
    } else {
      ::close(fd);
      fd = -1;
    }
  };
  take(fds[0], out_, ended_.out);
  take(fds[1], err_, ended_.err);
}

bool Process::wait_for(const std::string& text) {
  const auto until = Clock::now() + 30s;
  while (Clock::now() < until) {
    if (ended_.err.find(text) != std::string::npos || ended_.out.find(text) != std::string::npos) return true;
    if (out_ < 0 && err_ < 0) return false;
    collect(100);
  }
  return false;
}

Ended Process::wait() {
  const auto until = Clock::now() + 120s;
  while ((out_ >= 0 || err_ >= 0) && Clock::now() < until) collect(100);
  int status = 0;
  bool killed = false;
  while (::waitpid(pid_, &status, WNOHANG) == 0) {
    if (Clock::now() >= until && !killed) {
      ::kill(pid_, SIGKILL);
      killed = true;
    }
    std::this_thread::sleep_for(1ms);  // both streams are closed: it is about to end
  }
  done_ = true;
  if (WIFEXITED(status)) ended_.exit_code = WEXITSTATUS(status);
  if (WIFSIGNALED(status)) ended_.signal = WTERMSIG(status);
  return ended_;
}

Ended run_behoud(const Start& start) { return Process(start).wait(); }

Ended run_behoud(std::vector<std::string> words) {
  Start start;
  start.words = std::move(words);
  return run_behoud(start);
}

}  // namespace behoud::app::testing
