#pragma once

// `behoud serve` as a process of its own for end-to-end tests, on a free port. Killed when the value goes.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "app/testing/process.h"

namespace behoud::app::testing {

class RunningServer {
 public:
  // Starts `serve --port 0` with `words` behind it and waits until it answers; ok() is false where it ended instead.
  explicit RunningServer(const std::vector<std::string>& words);

  bool ok() const { return port_ != 0; }
  std::uint16_t port() const { return port_; }
  Process& process() { return process_; }
  // kill -9: nothing of the process is left when it returns.
  void kill();
  // Ends it as a person would, and gives how it ended.
  Ended stop();

 private:
  Process process_;
  std::uint16_t port_ = 0;
};

// The one TCP port that a process listens on, by the kernel; 0 where there is none.
std::uint16_t listening_port(pid_t pid);

}  // namespace behoud::app::testing
