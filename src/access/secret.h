#pragma once

// Secrets that open something (a session, a link, a token) and what is kept of them: 256 bits of chance as 43 letters
// of base64url, of which the database holds the SHA-256 alone. 256 random bits need no salt and no slow hash: nobody
// can try them out.
//
// Chance is an argument; in the product it is the kernel's. Thread-safety: pure functions.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace behoud::access {

using Chance = std::function<std::uint64_t()>;

inline constexpr std::size_t kSecretLetters = 43;

std::string random_bytes(const Chance& chance, std::size_t size);
std::string new_secret(const Chance& chance);  // 43 letters

// SHA-256 of a purpose and a secret, 32 bytes: the same secret is another hash for another purpose.
std::string hash_of(std::string_view purpose, std::string_view secret);

std::string base64url(std::string_view bytes);
std::string hexadecimal(std::string_view bytes);

// In a time that depends on the lengths alone.
bool equal_in_constant_time(std::string_view a, std::string_view b);

}  // namespace behoud::access
