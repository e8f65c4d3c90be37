// The program: real streams, real world, real exit code. Everything else is in the library, where tests reach it.

#include <csignal>
#include <string>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

#include "app/command.h"

namespace {

// A standard stream that was closed at the start would be handed to the next file that is opened, which would then be
// written into. Standing in for it: input that is empty, output that fails.
void hold_standard_streams() {
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(fd, F_GETFD) == -1) ::open("/dev/null", O_RDONLY);  // the lowest free descriptor: this one
  }
}

}  // namespace

int main(int argc, char** argv) {
  using namespace behoud;
  hold_standard_streams();
  std::signal(SIGXFSZ, SIG_IGN);  // a file that may not grow (ulimit -f) is a write that fails, and told as one
  std::signal(SIGPIPE, SIG_IGN);  // a reader that has gone is seen as EPIPE, and is no reason to stop half-way
  const app::World world = app::real_world();
  const Terminal out = Terminal::of(STDOUT_FILENO, world.variable);
  const Terminal note = Terminal::of(STDERR_FILENO, world.variable);
  app::LocalConsole console{out, note, note.interactive && ::isatty(STDIN_FILENO) == 1};
  const std::vector<std::string> words(argv + 1, argv + argc);
  return app::run(words, console, world);
}
