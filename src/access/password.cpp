#include "access/password.h"

#include <fmt/format.h>
#include <sodium.h>

#include "base/text.h"

namespace behoud::access {
namespace {

std::size_t characters(std::string_view utf8) {
  std::size_t count = 0;
  for (const char c : utf8) count += (static_cast<unsigned char>(c) & 0xC0) != 0x80 ? 1 : 0;
  return count;
}

std::string base64(std::string_view bytes) {
  constexpr int kVariant = sodium_base64_VARIANT_ORIGINAL_NO_PADDING;
  std::string out(sodium_base64_ENCODED_LEN(bytes.size(), kVariant), '\0');
  sodium_bin2base64(out.data(), out.size(), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
                    kVariant);
  out.pop_back();  // its closing zero
  return out;
}

}  // namespace

Result<void> check_password(std::string_view password, std::string_view email) {
  const auto no = [](std::string message, std::string hint, Why why) {
    return fail(Errc::kInvalidArgument, std::move(message), std::move(hint), {{}, 0, "password"}, std::move(why));
  };
  if (password.size() > kPasswordBytesMax) {
    return no("the password is too long", fmt::format("at most {} bytes", kPasswordBytesMax),
              {"problem.password_too_long", {{"most", kPasswordBytesMax}}});
  }
  if (!is_utf8(password)) return no("the password is not text", "send it as UTF-8", {"problem.password_not_text"});
  if (characters(password) < kPasswordCharactersMin) {
    return no("the password is too short", fmt::format("at least {} characters", kPasswordCharactersMin),
              {"problem.password_too_short", {{"least", kPasswordCharactersMin}}});
  }
  if (!email.empty() && equal_ignoring_case(trim(password), trim(email))) {
    return no("the password is the e-mail address", "choose one that nobody can look up",
              {"problem.password_is_email"});
  }
  return {};
}

// One of the few that may hash at a time; waits for it.
class PasswordHasher::Turn {
 public:
  static Result<Turn> take(PasswordHasher& hasher) {
    std::unique_lock lock(hasher.mutex_);
    if (hasher.running_ >= hasher.cost_.at_once) {
      if (hasher.waiting_ >= hasher.cost_.waiting) {
        return fail(Errc::kUnavailable, "too many people sign in at this moment", "try again in a few seconds", {},
                    {"problem.sign_in_busy"});
      }
      ++hasher.waiting_;
      hasher.freed_.wait(lock, [&] { return hasher.running_ < hasher.cost_.at_once; });
      --hasher.waiting_;
    }
    ++hasher.running_;
    return Turn(hasher);
  }
  Turn(Turn&& other) noexcept : hasher_(std::exchange(other.hasher_, nullptr)) {}
  Turn& operator=(Turn&&) = delete;
  ~Turn() {
    if (hasher_ == nullptr) return;
    const std::lock_guard lock(hasher_->mutex_);
    --hasher_->running_;
    hasher_->freed_.notify_one();
  }

 private:
  explicit Turn(PasswordHasher& hasher) : hasher_(&hasher) {}
  PasswordHasher* hasher_;
};

PasswordHasher::PasswordHasher(PasswordCost cost, const Chance& chance) : cost_(cost) {
  // The salt alone is random: nobody knows a password of this hash, and what is done to compare with it is the same.
  const std::string salt = random_bytes(chance, crypto_pwhash_SALTBYTES);
  const std::string hash = random_bytes(chance, 32);
  nobody_ = fmt::format("$argon2id$v=19$m={},t={},p=1${}${}", cost_.memory_bytes / 1024, cost_.passes, base64(salt),
                        base64(hash));
}

Result<std::string> PasswordHasher::compute(std::string_view password, const std::string& salt) const {
  std::string hash(32, '\0');
  const int failed = crypto_pwhash(reinterpret_cast<unsigned char*>(hash.data()), hash.size(), password.data(),
                                   password.size(), reinterpret_cast<const unsigned char*>(salt.data()), cost_.passes,
                                   cost_.memory_bytes, crypto_pwhash_ALG_ARGON2ID13);
  if (failed != 0)
    return fail(Errc::kUnavailable, "there is no memory to compute a password's hash", "try again", {},
                {"problem.no_memory"});
  return fmt::format("$argon2id$v=19$m={},t={},p=1${}${}", cost_.memory_bytes / 1024, cost_.passes, base64(salt),
                     base64(hash));
}

Result<std::string> PasswordHasher::hash(std::string_view password, const Chance& chance) {
  const std::string salt = random_bytes(chance, crypto_pwhash_SALTBYTES);
  TRY_ASSIGN(const Turn turn, Turn::take(*this));
  return compute(password, salt);
}

Result<bool> PasswordHasher::verify(std::string_view kept, std::string_view password) {
  TRY_ASSIGN(const Turn turn, Turn::take(*this));
  const std::string against(kept.empty() ? std::string_view(nobody_) : kept);
  const bool same = crypto_pwhash_str_verify(against.c_str(), password.data(), password.size()) == 0;
  return same && !kept.empty();
}

bool PasswordHasher::is_outdated(const std::string& kept) const {
  return crypto_pwhash_str_needs_rehash(kept.c_str(), cost_.passes, cost_.memory_bytes) != 0;
}

}  // namespace behoud::access
