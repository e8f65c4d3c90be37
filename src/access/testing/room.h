#pragma once

// A room for tests: a ledger in a folder of its own, a clock that stands still until it is moved, chance from a seed,
// and passwords that cost nothing. The folder outlives restart().

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "access/access.h"
#include "base/testing/temporary_folder.h"
#include "ledger/data_folder.h"
#include "ledger/ledger.h"

namespace behoud::access::testing {

inline constexpr std::string_view kPassword = "correct horse";
inline constexpr std::string_view kHome = "127.0.0.1";

inline Chance chance_of(std::uint64_t seed) {
  return [state = seed]() mutable {
    std::uint64_t z = (state += 0x9e3779b97f4a7c15);  // SplitMix64
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  };
}

class Room {
 public:
  explicit Room(PasswordCost cost = kCheapPassword, std::chrono::milliseconds patience = std::chrono::seconds{5})
      : cost_(cost), patience_(patience) {
    auto folder = ledger::DataFolder::create(path() + "/data", false, environment());
    EXPECT_TRUE(folder.has_value());
    begin(std::move(*folder));
  }
  ~Room() { end(); }
  Room(const Room&) = delete;
  Room& operator=(const Room&) = delete;

  // As after a new start of the server: nothing but the folder is left.
  void restart() {
    end();
    auto folder = ledger::DataFolder::open(path() + "/data", ledger::Access::kWrite, environment());
    ASSERT_TRUE(folder.has_value()) << folder.error().message;
    begin(std::move(*folder));
  }
  void end() {
    access.reset();
    ledger.reset();
  }

  // Each with the e-mail address "<name>@example.com" and kPassword.
  Access::SignedIn owner(const std::string& name = "owner") {
    const auto link = access->make_owner_link(kCommandLine);
    EXPECT_TRUE(link.has_value());
    return claim(*link, name);
  }
  Access::SignedIn member(const std::string& name, Role role) {
    const auto invited = access->invite(kCommandLine, name + "@example.com", name, role);
    EXPECT_TRUE(invited.has_value()) << invited.error().error.message;
    return claim(invited->link, name);
  }
  Access::SignedIn claim(const std::string& link, const std::string& name) {
    const std::string email = name + "@example.com";
    auto in = access->claim(link, {email, name, kPassword}, kHome, {});
    EXPECT_TRUE(in.has_value()) << in.error().error.message;
    return *in;
  }
  Answer<Access::SignedIn> sign_in(const std::string& name, std::string_view password = kPassword,
                                   std::string_view from = kHome, const Sent& previous = {}) {
    return access->sign_in(name + "@example.com", password, from, previous);
  }
  std::optional<http::Actor> who(const Sent& sent) {
    const auto caller = access->caller(sent);
    EXPECT_TRUE(caller.has_value());
    return *caller ? std::optional((*caller)->actor) : std::nullopt;
  }
  std::vector<DeedRow> deeds() { return access->deeds({}, 1000).value(); }

  const std::string& path() const { return folder_.path(); }
  calendar::Instant now{1'750'000'000'000};
  std::int64_t steady_ms = 0;
  std::unique_ptr<ledger::Ledger> ledger;
  std::unique_ptr<Access> access;

 private:
  ledger::Environment environment() {
    return {[this] { return now; }, chance_of(++seed_), {}, 65'536, 4096};
  }
  void begin(ledger::DataFolder folder) {
    auto opened = ledger::Ledger::open(std::move(folder));
    ASSERT_TRUE(opened.has_value());
    ledger = std::make_unique<ledger::Ledger>(std::move(*opened));
    access = std::make_unique<Access>(*ledger, AccessEnvironment{[this] { return now; }, [this] { return steady_ms; },
                                                                 chance_of(++seed_), cost_, patience_});
  }
  PasswordCost cost_;
  std::chrono::milliseconds patience_;
  TemporaryFolder folder_;
  std::uint64_t seed_ = 7;
};

inline Sent session(const Access::SignedIn& in) { return {Sent::Kind::kSession, in.session}; }
inline Sent token(const std::string& secret) { return {Sent::Kind::kToken, secret}; }

}  // namespace behoud::access::testing
