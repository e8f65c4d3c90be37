#pragma once

// Hashes that are part of what is stored: ids made up for orders without one, and fingerprints of file shapes. So they
// may never change: 128 bits of two rounds of a 64-bit multiply-and-fold (wyhash's mixing step, Wang Yi, public
// domain), fed with length-prefixed parts. Not cryptographic: good against chance, not against malice; a shop that
// wants to deceive itself can. Cost: about 1 ns for 16 bytes.

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace behoud::ingest {

inline std::uint64_t fold_product(std::uint64_t a, std::uint64_t b) {
  const unsigned __int128 product = static_cast<unsigned __int128>(a) * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

inline std::uint64_t hash_bytes(std::string_view text, std::uint64_t seed = 0) {
  constexpr std::uint64_t k0 = 0xA0761D6478BD642FULL, k1 = 0xE7037ED1A0B428DBULL, k2 = 0x8EBC6AF09C88C6E3ULL;
  const char* p = text.data();
  std::size_t n = text.size();
  std::uint64_t h = fold_product(seed ^ k0, n ^ k1);
  // Little-endian, as every machine this runs on is.
  const auto word = [](const char* q) {
    std::uint64_t w = 0;
    std::memcpy(&w, q, 8);
    return w;
  };
  // Fewer than 8 bytes, the rest zero: from both ends, since a copy of a length that varies is a call.
  const auto last = [](const char* q, std::size_t length) {
    if (length >= 4) {
      std::uint32_t low = 0, high = 0;
      std::memcpy(&low, q, 4);
      std::memcpy(&high, q + length - 4, 4);
      return low | static_cast<std::uint64_t>(high) << 8 * (length - 4);
    }
    std::uint64_t w = 0;
    for (std::size_t i = 0; i < length; ++i) w |= static_cast<std::uint64_t>(static_cast<unsigned char>(q[i])) << 8 * i;
    return w;
  };
  while (n > 16) {
    h = fold_product(word(p) ^ k1, word(p + 8) ^ h);
    p += 16;
    n -= 16;
  }
  const std::uint64_t a = n >= 8 ? word(p) : last(p, n);
  const std::uint64_t b = n == 16 ? word(p + 8) : n > 8 ? last(p + 8, n - 8) : 0;
  return fold_product(fold_product(a ^ k1, b ^ h) ^ k2, h ^ k0);
}

struct Hash128 {
  std::uint64_t a = 0x243F6A8885A308D3ULL, b = 0x13198A2E03707344ULL;
  void add(std::string_view part) {
    a = hash_bytes(part, a);
    b = hash_bytes(part, b ^ 0x9E3779B97F4A7C15ULL);
  }
  void add(std::uint64_t number) {
    char bytes[8];
    std::memcpy(bytes, &number, 8);
    add(std::string_view(bytes, 8));
  }
  std::string hex() const {
    std::string out(32, '0');
    for (std::size_t i = 0; i < 16; ++i) {
      constexpr char kDigits[] = "0123456789abcdef";
      out[i] = kDigits[a >> (60 - 4 * i) & 15];
      out[i + 16] = kDigits[b >> (60 - 4 * i) & 15];
    }
    return out;
  }
};

}  // namespace behoud::ingest
