#include "app/relay.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <optional>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "app/exit_code.h"
#include "base/text.h"

namespace behoud::app {
namespace {

constexpr std::uint32_t kVersion = 1;
constexpr std::size_t kCommandsMax = 16;
constexpr std::size_t kSayBytes = 64 * 1024;  // of one frame of output

enum class Kind : char { kRequest = 'R', kOut = 'O', kNote = 'N', kQuestion = 'Q', kAnswer = 'A', kExit = 'X' };

struct Frame {
  Kind kind = Kind::kOut;
  std::string payload;
};

class Descriptor {
 public:
  explicit Descriptor(int fd = -1) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  int get() const { return fd_; }

 private:
  int fd_;
};

// ---- Bytes.

class Encoder {
 public:
  Encoder& number(std::uint32_t n) {
    for (int shift = 0; shift < 32; shift += 8) out.push_back(static_cast<char>(n >> shift & 0xff));
    return *this;
  }
  Encoder& text(std::string_view t) {
    number(static_cast<std::uint32_t>(t.size()));
    out += t;
    return *this;
  }
  Encoder& terminal(const Terminal& t) {
    const unsigned flags = (t.interactive ? 1U : 0U) | (t.colour ? 2U : 0U) | (t.utf8 ? 4U : 0U);
    return number(flags).number(static_cast<std::uint32_t>(t.width));
  }
  std::string out;
};

// Reads what an Encoder wrote; `bad` is set, and everything is empty, from the first byte that is missing.
class Decoder {
 public:
  explicit Decoder(std::string_view bytes) : rest_(bytes) {}
  bool bad = false;

  std::uint32_t number() {
    if (rest_.size() < 4) bad = true;
    if (bad) return 0;
    std::uint32_t n = 0;
    for (std::size_t i = 0; i < 4; ++i) n |= std::uint32_t{static_cast<unsigned char>(rest_[i])} << (8 * i);
    rest_.remove_prefix(4);
    return n;
  }
  std::string text() {
    const std::uint32_t size = number();
    if (size > rest_.size()) bad = true;
    if (bad) return {};
    std::string out{rest_.substr(0, size)};
    rest_.remove_prefix(size);
    return out;
  }
  std::vector<std::string> texts() {
    std::vector<std::string> out;
    const std::uint32_t count = number();
    for (std::uint32_t i = 0; i < count && !bad; ++i) out.push_back(text());
    return out;
  }
  Terminal terminal() {
    const std::uint32_t flags = number();
    const std::uint32_t width = number();
    return {(flags & 1) != 0, (flags & 2) != 0, (flags & 4) != 0, static_cast<int>(std::min(width, 1000U))};
  }
  bool at_end() const { return !bad && rest_.empty(); }

 private:
  std::string_view rest_;
};

void encode_texts(Encoder& e, const std::vector<std::string>& texts) {
  e.number(static_cast<std::uint32_t>(texts.size()));
  for (const std::string& t : texts) e.text(t);
}

// ---- Frames over a socket.

std::string head_of(Kind kind, std::size_t size) {
  Encoder e;
  e.out.push_back(static_cast<char>(kind));
  e.number(static_cast<std::uint32_t>(size));
  return std::move(e.out);
}

bool send_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto n = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

bool send_frame(int fd, Kind kind, std::string_view payload) {
  return send_all(fd, head_of(kind, payload.size()) + std::string{payload});
}

bool receive_exactly(int fd, char* into, std::size_t size) {
  while (size > 0) {
    const auto n = ::recv(fd, into, size, 0);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    into += n;
    size -= static_cast<std::size_t>(n);
  }
  return true;
}

// nullopt: the other side has gone, is late, or sent what is no frame.
std::optional<Frame> receive_frame(int fd) {
  std::array<char, 5> head{};
  if (!receive_exactly(fd, head.data(), head.size())) return std::nullopt;
  Decoder decoder({head.data() + 1, 4});
  const std::uint32_t size = decoder.number();
  if (size > kRelayFrameMax) return std::nullopt;
  Frame out{static_cast<Kind>(head[0]), std::string(size, '\0')};
  if (!receive_exactly(fd, out.payload.data(), size)) return std::nullopt;
  return out;
}

// One byte that carries descriptors along (SCM_RIGHTS). Sent before the request, also with none.
bool send_descriptors(int fd, const std::vector<Descriptor>& descriptors) {
  char byte = 'F';
  iovec io{&byte, 1};
  msghdr message{};
  message.msg_iov = &io;
  message.msg_iovlen = 1;
  std::array<char, CMSG_SPACE(sizeof(int) * kRelayFilesMax)> control{};
  if (!descriptors.empty()) {
    std::array<int, kRelayFilesMax> fds{};
    for (std::size_t i = 0; i < descriptors.size(); ++i) fds[i] = descriptors[i].get();
    const std::size_t bytes = sizeof(int) * descriptors.size();
    message.msg_control = control.data();
    message.msg_controllen = CMSG_SPACE(bytes);
    cmsghdr* head = CMSG_FIRSTHDR(&message);
    head->cmsg_level = SOL_SOCKET;
    head->cmsg_type = SCM_RIGHTS;
    head->cmsg_len = CMSG_LEN(bytes);
    std::memcpy(CMSG_DATA(head), fds.data(), bytes);
  }
  return ::sendmsg(fd, &message, MSG_NOSIGNAL) == 1;
}

std::optional<std::vector<Descriptor>> receive_descriptors(int fd) {
  char byte = 0;
  iovec io{&byte, 1};
  msghdr message{};
  std::array<char, CMSG_SPACE(sizeof(int) * kRelayFilesMax)> control{};
  message.msg_iov = &io;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  if (::recvmsg(fd, &message, MSG_CMSG_CLOEXEC) != 1) return std::nullopt;
  std::vector<Descriptor> out;
  for (cmsghdr* head = CMSG_FIRSTHDR(&message); head != nullptr; head = CMSG_NXTHDR(&message, head)) {
    if (head->cmsg_level != SOL_SOCKET || head->cmsg_type != SCM_RIGHTS) continue;
    const std::size_t count = (head->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    std::array<int, kRelayFilesMax> fds{};
    std::memcpy(fds.data(), CMSG_DATA(head), count * sizeof(int));
    for (std::size_t i = 0; i < count; ++i) out.emplace_back(fds[i]);
  }
  if (byte != 'F' || (message.msg_flags & MSG_CTRUNC) != 0) return std::nullopt;
  return out;
}

// A socket's address holds 107 bytes; a folder's path may be longer. So the folder is opened, and named by that.
struct Address {
  Descriptor folder;
  sockaddr_un name{};
};
std::optional<Address> address_in(const std::string& data_folder) {
  Address out;
  out.folder = Descriptor(::open(data_folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (out.folder.get() < 0) return std::nullopt;
  out.name.sun_family = AF_UNIX;
  const std::string path = fmt::format("/proc/self/fd/{}/{}", out.folder.get(), kSocketName);
  std::memcpy(out.name.sun_path, path.c_str(), path.size() + 1);
  return out;
}

bool is_of_same_user(int fd) {
  ucred peer{};
  socklen_t size = sizeof peer;
  return ::getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 && peer.uid == ::geteuid();
}

// The asker's console, at the owner's side.
class RelayedConsole : public Console {
 public:
  RelayedConsole(int fd, const RelayRequest& request, const std::atomic<bool>& stopping)
      : Console(request.out, request.note), fd_(fd), can_ask_(request.can_ask), stopping_(stopping) {}

  void out(std::string_view bytes) override { say(Kind::kOut, bytes); }
  void note(std::string_view text) override { say(Kind::kNote, text); }
  bool can_ask() const override { return can_ask_; }
  Result<std::string> ask(std::string_view question) override {
    say(Kind::kQuestion, question);
    pollfd asker{fd_, POLLIN, 0};
    while (!abandoned() && ::poll(&asker, 1, 200) == 0) {
      // A person may think as long as they like.
    }
    const auto frame = abandoned() ? std::nullopt : receive_frame(fd_);
    if (frame && frame->kind == Kind::kAnswer) return frame->payload;
    gone_ = true;
    return fail(Errc::kUnavailable, "the input ended before the question was answered");
  }
  bool abandoned() const override {
    if (gone_ || stopping_) return true;
    pollfd asker{fd_, POLLRDHUP, 0};
    return ::poll(&asker, 1, 0) > 0 && (asker.revents & (POLLRDHUP | POLLHUP | POLLERR)) != 0;
  }
  Result<void> finish() override { return {}; }

  void exit(int code) { send_frame(fd_, Kind::kExit, std::to_string(code)); }

 private:
  void say(Kind kind, std::string_view text) {
    const std::lock_guard lock(mutex_);
    while (!text.empty() && !gone_) {
      const std::string_view part = text.substr(0, kSayBytes);
      if (!send_frame(fd_, kind, part)) gone_ = true;
      text.remove_prefix(part.size());
    }
  }
  int fd_;
  bool can_ask_;
  const std::atomic<bool>& stopping_;
  std::mutex mutex_;
  std::atomic<bool> gone_{false};
};

// The handed-over files under names in a folder of their own, so that a file keeps its name (and so its ending)
// although only its descriptor is known. Removed when the command is done.
class Incoming {
 public:
  Incoming(std::string folder, const std::vector<std::string>& files, const std::vector<Descriptor>& descriptors)
      : folder_(std::move(folder)) {
    std::error_code ec;
    for (std::size_t i = 0; i < files.size() && i < descriptors.size(); ++i) {
      const std::filesystem::path place = std::filesystem::path(folder_) / std::to_string(i);
      std::filesystem::create_directories(place, ec);
      const std::string name = std::filesystem::path(files[i]).filename();
      const std::string link = place / (name.empty() ? "file" : name);
      const std::string target = fmt::format("/proc/self/fd/{}", descriptors[i].get());
      if (::symlink(target.c_str(), link.c_str()) == 0) paths_.emplace(files[i], link);
    }
  }
  ~Incoming() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  Incoming(const Incoming&) = delete;
  Incoming& operator=(const Incoming&) = delete;
  const std::map<std::string, std::string>& paths() const { return paths_; }

 private:
  std::string folder_;
  std::map<std::string, std::string> paths_;
};

constexpr std::string_view kIncoming = "incoming-";

// An asker that neither reads nor sends holds nothing up for longer than this.
void set_patience(int fd) {
  const timeval sending{30, 0};
  const timeval receiving{5, 0};
  ::setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &sending, sizeof sending);
  ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &receiving, sizeof receiving);
}

}  // namespace

bool operator==(const RelayRequest& a, const RelayRequest& b) { return encode(a) == encode(b); }

std::string encode(const RelayRequest& r) {
  Encoder e;
  e.number(kVersion).text(r.folder).number(r.can_ask ? 1 : 0).terminal(r.out).terminal(r.note);
  encode_texts(e, r.words);
  encode_texts(e, r.files);
  e.number(static_cast<std::uint32_t>(r.variables.size()));
  for (const auto& [name, value] : r.variables) e.text(name).text(value);
  return std::move(e.out);
}

Result<RelayRequest> decode_request(std::string_view bytes) {
  Decoder d(bytes);
  if (d.number() != kVersion) {
    return fail(Errc::kInvalidArgument, "the command is of another version than the server that runs on this folder",
                "restart the server, so that both are of one version");
  }
  RelayRequest r;
  r.folder = d.text();
  r.can_ask = d.number() != 0;
  r.out = d.terminal();
  r.note = d.terminal();
  r.words = d.texts();
  r.files = d.texts();
  const std::uint32_t variables = d.number();
  for (std::uint32_t i = 0; i < variables && !d.bad; ++i) {
    std::string name = d.text();
    r.variables[std::move(name)] = d.text();
  }
  if (!d.at_end()) return fail(Errc::kInvalidArgument, "the command arrived cut off");
  return r;
}

Result<int> relay(const std::string& data_folder, const RelayRequest& request, Console& console) {
  std::vector<Descriptor> files;
  if (request.files.size() > kRelayFilesMax) {
    return fail(Errc::kInvalidArgument, fmt::format("at most {} files at once", kRelayFilesMax));
  }
  for (const std::string& file : request.files) {
    files.emplace_back(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    if (files.back().get() >= 0) continue;
    return fail(errno == ENOENT ? Errc::kNotFound : Errc::kUnavailable,
                fmt::format("cannot be opened: {}", std::strerror(errno)), {}, {file, 0, {}});
  }
  const auto nobody = [&] {
    return fail(Errc::kConflict, fmt::format("nobody takes commands in {}", data_folder),
                "the process that holds the folder is no server: wait until it has finished");
  };
  const auto address = address_in(data_folder);
  if (!address) return nobody();
  const Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address->name), sizeof address->name) != 0 ||
      !is_of_same_user(socket.get())) {
    return nobody();
  }
  const auto gone = [] {
    return fail(Errc::kUnavailable, "the server that was running this command has ended in the middle of it",
                "what was not finished is not in the ledger: run the command again");
  };
  if (!send_descriptors(socket.get(), files) || !send_frame(socket.get(), Kind::kRequest, encode(request))) {
    return gone();
  }
  while (const auto frame = receive_frame(socket.get())) {
    switch (frame->kind) {
      case Kind::kOut:
        console.out(frame->payload);
        break;
      case Kind::kNote:
        console.note(frame->payload);
        break;
      case Kind::kQuestion: {
        TRY_ASSIGN(const std::string answer, console.ask(frame->payload));
        if (!send_frame(socket.get(), Kind::kAnswer, answer)) return gone();
        break;
      }
      case Kind::kExit:
        return static_cast<int>(parse_integer(frame->payload).value_or(kFailed));
      case Kind::kRequest:
      case Kind::kAnswer:
        return gone();
    }
  }
  return gone();
}

RelayServer::RelayServer(std::string data_folder, int fd, Run run)
    : data_folder_(std::move(data_folder)), fd_(fd), wake_(::eventfd(0, EFD_CLOEXEC)), run_(std::move(run)) {
  thread_ = std::thread([this] { accept(); });
}

Result<std::unique_ptr<RelayServer>> RelayServer::listen(const std::string& data_folder, Run run) {
  const auto refuse = [&] {
    return fail(Errc::kUnavailable, fmt::format("cannot take commands in {}: {}", data_folder, std::strerror(errno)));
  };
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(data_folder, ignored)) {
    // Left behind by a server that was killed.
    if (entry.path().filename().string().starts_with(kIncoming)) std::filesystem::remove_all(entry.path(), ignored);
  }
  const auto address = address_in(data_folder);
  if (!address) return refuse();
  Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  ::unlink(address->name.sun_path);
  // The mode of the socket before it has a name is the mode its name gets: there is no moment in which others may.
  if (::fchmod(socket.get(), 0600) != 0 ||
      ::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address->name), sizeof address->name) != 0 ||
      ::listen(socket.get(), static_cast<int>(kCommandsMax)) != 0) {
    return refuse();
  }
  const int fd = ::dup(socket.get());
  ::fcntl(fd, F_SETFD, FD_CLOEXEC);
  return std::unique_ptr<RelayServer>(new RelayServer(data_folder, fd, std::move(run)));
}

RelayServer::~RelayServer() {
  stopping_ = true;
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(wake_, &one, sizeof one);
  thread_.join();
  if (const auto address = address_in(data_folder_)) ::unlink(address->name.sun_path);
  ::close(fd_);
  ::close(wake_);
  for (Worker& worker : workers_) worker.thread.join();
}

void RelayServer::reap() {
  std::erase_if(workers_, [](Worker& worker) {
    if (!worker.done) return false;
    worker.thread.join();
    return true;
  });
}

void RelayServer::accept() {
  while (!stopping_) {
    std::array<pollfd, 2> fds{{{fd_, POLLIN, 0}, {wake_, POLLIN, 0}}};
    if (::poll(fds.data(), fds.size(), -1) < 0 || stopping_) continue;
    Descriptor asker(::accept4(fd_, nullptr, nullptr, SOCK_CLOEXEC));
    if (asker.get() < 0 || !is_of_same_user(asker.get())) continue;
    set_patience(asker.get());
    reap();
    if (workers_.size() >= kCommandsMax) {
      // What it sends is read first: a socket closed with bytes unread is reset, and takes the answer with it.
      if (!receive_descriptors(asker.get()) || !receive_frame(asker.get())) continue;
      send_frame(asker.get(), Kind::kNote, "behoud: the server is busy with too many commands\n  try again later\n");
      send_frame(asker.get(), Kind::kExit, std::to_string(kFailed));
      continue;
    }
    Worker& worker = workers_.emplace_back();
    worker.thread = std::thread([this, &worker, owned = std::move(asker)] {
      try {
        serve(owned.get());
      } catch (const std::exception&) {
        // Out of memory for this command: its asker sees the connection end.
      }
      ::shutdown(owned.get(), SHUT_RDWR);
      worker.done = true;
    });
  }
}

void RelayServer::serve(int fd) {
  const auto files = receive_descriptors(fd);
  const auto frame = files ? receive_frame(fd) : std::nullopt;
  if (!frame || frame->kind != Kind::kRequest) return;
  const auto request = decode_request(frame->payload);
  if (!request) {
    send_frame(fd, Kind::kNote, error_text(request.error()));
    send_frame(fd, Kind::kExit, std::to_string(exit_code_of(request.error().code)));
    return;
  }
  RelayedConsole console(fd, *request, stopping_);
  int code = kFailed;
  {
    const Incoming incoming(fmt::format("{}/{}{}", data_folder_, kIncoming, next_++), request->files, *files);
    code = run_(*request, incoming.paths(), console);
  }
  console.exit(code);
}

}  // namespace behoud::app
