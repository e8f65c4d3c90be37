#include "access/secret.h"

#include <cstdlib>

#include <sodium.h>

namespace behoud::access {
namespace {

// Chooses the implementations for this processor; safe to call again and from any thread.
void require_sodium() {
  static const bool ready = sodium_init() >= 0;
  if (!ready) std::abort();
}

}  // namespace

std::string random_bytes(const Chance& chance, std::size_t size) {
  std::string bytes;
  while (bytes.size() < size) {
    const std::uint64_t word = chance();
    for (std::size_t i = 0; i < 8 && bytes.size() < size; ++i) {
      bytes.push_back(static_cast<char>(static_cast<unsigned char>(word >> (8 * i))));
    }
  }
  return bytes;
}

std::string new_secret(const Chance& chance) { return base64url(random_bytes(chance, 32)); }

std::string hash_of(std::string_view purpose, std::string_view secret) {
  require_sodium();
  std::string text;
  text.reserve(purpose.size() + 1 + secret.size());
  text.append(purpose).push_back('\0');
  text.append(secret);
  std::string out(crypto_hash_sha256_BYTES, '\0');
  crypto_hash_sha256(reinterpret_cast<unsigned char*>(out.data()), reinterpret_cast<const unsigned char*>(text.data()),
                     text.size());
  sodium_memzero(text.data(), text.size());
  return out;
}

std::string base64url(std::string_view bytes) {
  require_sodium();
  constexpr int kVariant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
  std::string out(sodium_base64_ENCODED_LEN(bytes.size(), kVariant), '\0');
  sodium_bin2base64(out.data(), out.size(), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
                    kVariant);
  out.pop_back();  // its closing zero
  return out;
}

std::string hexadecimal(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    out.push_back(kDigits[byte >> 4]);
    out.push_back(kDigits[byte & 15]);
  }
  return out;
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
  require_sodium();
  return a.size() == b.size() && (a.empty() || sodium_memcmp(a.data(), b.data(), a.size()) == 0);
}

}  // namespace behoud::access
