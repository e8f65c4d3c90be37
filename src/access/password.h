#pragma once

// Passwords: what is accepted as one, and what is kept of it. Argon2id (RFC 9106) by libsodium, in its own text form
// "$argon2id$v=19$m=65536,t=2,p=1$salt$hash", so that any program that knows Argon2 can check it.
//
// A password is bytes: what a keyboard composes differently is another password. Cost: as `PasswordCost` says, 64 MiB
// and some 100 ms by default; at most `at_once` run at a time and `waiting` wait for them, so that many sign-ins at
// once cannot exhaust memory (kUnavailable beyond). Thread-safety: any thread; blocks.

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>

#include "access/secret.h"
#include "base/result.h"

namespace behoud::access {

inline constexpr std::size_t kPasswordCharactersMin = 10;
inline constexpr std::size_t kPasswordBytesMax = 1024;

struct PasswordCost {
  std::uint64_t passes = 2;             // Argon2's t
  std::size_t memory_bytes = 64 << 20;  // its m
  int at_once = 2;
  int waiting = 16;
};
// For tests: a hash in microseconds.
inline constexpr PasswordCost kCheapPassword{1, 8192, 2, 16};

// Errors: kInvalidArgument, column "password": shorter than 10 characters, longer than 1,024 bytes, not UTF-8, or the
// e-mail itself, whatever its case.
Result<void> check_password(std::string_view password, std::string_view email);

class PasswordHasher {
 public:
  // Makes the hash that unknown users are compared with.
  PasswordHasher(PasswordCost cost, const Chance& chance);

  Result<std::string> hash(std::string_view password, const Chance& chance);
  // Whether `password` is the one of `kept`. Where there is none ("": an unknown user, or one who has not chosen a
  // password yet) the answer is no, after the same work.
  Result<bool> verify(std::string_view kept, std::string_view password);
  // Whether `kept` was made at another cost than ours, and should be made anew when the password is next known.
  bool is_outdated(const std::string& kept) const;

 private:
  class Turn;
  Result<std::string> compute(std::string_view password, const std::string& salt) const;

  const PasswordCost cost_;
  std::string nobody_;
  std::mutex mutex_;
  std::condition_variable freed_;
  int running_ = 0, waiting_ = 0;
};

}  // namespace behoud::access
