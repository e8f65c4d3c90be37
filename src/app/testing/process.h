#pragma once

// Starts the real program, as a shell would, for end-to-end tests: arguments, environment, standard streams, a time
// limit, signals. Nothing is inherited but what is named, so that a test means the same on every machine.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <sys/types.h>

#include "base/testing/temporary_folder.h"

namespace behoud::app::testing {

struct Ended {
  int exit_code = -1;  // -1: by a signal
  int signal = 0;
  std::string out, err;
};

struct Start {
  std::vector<std::string> words;  // behind the program's name
  std::map<std::string, std::string> variables{{"LANG", "C.UTF-8"}};
  std::string folder;                // where it runs; "" is here
  std::string input;                 // on standard input
  int out_fd = -1;                   // standard output, instead of being collected
  bool close_out = false;            // standard output is closed
  std::uint64_t file_bytes_max = 0;  // no file it writes may grow beyond (RLIMIT_FSIZE); 0: any may
};

// A program that runs: collected in the background, killed when the value goes.
class Process {
 public:
  explicit Process(const Start& start);
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  pid_t pid() const { return pid_; }
  void signal(int number) const;
  // Waits until `text` has been written to standard error or output; false when it ended, or 30 s went by, without.
  bool wait_for(const std::string& text);
  // Waits for the end, at most two minutes; then it is killed, and the exit code is -1.
  Ended wait();

 private:
  void collect(int timeout_ms);
  pid_t pid_ = -1;
  int out_ = -1, err_ = -1;
  Ended ended_;
  bool done_ = false;
};

// Runs it to the end.
Ended run_behoud(const Start& start);
Ended run_behoud(std::vector<std::string> words);

using behoud::TemporaryFolder;

}  // namespace behoud::app::testing
