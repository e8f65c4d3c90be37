#pragma once

// How a command reaches the process that owns its data folder: over a local socket in the folder, with the same rights.
// The command runs over there; what it says is said here, what it asks is asked here, its exit code is ours.
//
// Who may: processes of the same user, by the socket's mode (0600) and by the kernel's word on the peer (SO_PEERCRED).
// Input files are opened by the one who asks and handed over as descriptors, so they mean the same to the owner
// whatever its folder, its rights and its view of the disk.
//
// When the one who asks goes away, the owner's console says abandoned() and the command gives up; when the owner goes
// away, the asker gets kUnavailable, and what was not finished is not in the ledger.
//
// Frames, both ways: one byte of kind, four bytes of length (little-endian), the payload. Bounds: 1 MiB a frame, 64
// files, 16 commands at once.

#include <atomic>
#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "app/console.h"
#include "base/result.h"

namespace behoud::app {

inline constexpr std::string_view kSocketName = "behoud.sock";
inline constexpr std::size_t kRelayFrameMax = 1 << 20;
inline constexpr std::size_t kRelayFilesMax = 64;

struct RelayRequest {
  std::vector<std::string> words;  // the whole command line, without the program's name
  std::string folder;              // where it was typed: what relative paths mean
  std::map<std::string, std::string> variables;
  std::vector<std::string> files;  // the input files, as they stand among the words
  Terminal out, note;
  bool can_ask = false;
  friend bool operator==(const RelayRequest&, const RelayRequest&);
};
std::string encode(const RelayRequest& request);
// Errors: kInvalidArgument (cut off, or of another version).
Result<RelayRequest> decode_request(std::string_view bytes);

// Asks the owner of `data_folder`. Returns the command's exit code. Errors: kNotFound (an input file), kConflict
// (nobody listens there), kUnavailable (the owner went away in the middle).
Result<int> relay(const std::string& data_folder, const RelayRequest& request, Console& console);

// The owner's side: takes commands until it is stopped.
class RelayServer {
 public:
  // `paths` gives, for each of the request's files, where the owner can open it. The console is the asker's.
  using Run = std::function<int(const RelayRequest& request, const std::map<std::string, std::string>& paths,
                                Console& console)>;
  // Requires that this process owns the folder: whatever socket is there is stale. Errors: kUnavailable.
  static Result<std::unique_ptr<RelayServer>> listen(const std::string& data_folder, Run run);
  // Stops taking, tells running commands that they are abandoned, waits for them, removes the socket.
  ~RelayServer();
  RelayServer(const RelayServer&) = delete;
  RelayServer& operator=(const RelayServer&) = delete;

 private:
  RelayServer(std::string data_folder, int fd, Run run);
  // A command under way, on a thread of its own.
  struct Worker {
    std::thread thread;
    std::atomic<bool> done{false};
  };
  void accept();
  void serve(int fd);
  void reap();  // joins those that are done

  std::string data_folder_;
  int fd_;
  int wake_;
  Run run_;
  std::atomic<bool> stopping_{false};
  std::atomic<std::uint64_t> next_{0};
  std::list<Worker> workers_;  // of the accepting thread, and after it of the destructor
  std::thread thread_;
};

}  // namespace behoud::app
