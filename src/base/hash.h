#pragma once

// Hashes, by what they are for.
//
// Keyed, for whatever strangers can choose (order ids, e-mails, message ids): SipHash-2-4 of Aumasson and Bernstein,
// "SipHash: a fast short-input PRF" (INDOCRYPT 2012), with 64 and 128 bits of output. Without the key nobody can make
// two inputs collide or fill one bucket of a table, which XXH3 with a secret does not promise; at the 10 to 40 bytes of
// our keys it costs some 15 ns. `table_hash` is SipHash-1-3, the lighter member that hash tables use (as those of Rust
// and Python do). The 128 bits are for identity without looking at the bytes again: at 10^9 keys two agree by chance
// with probability 10^-21; 64 bits are for fingerprints whose hits are verified (at 10^7 keys: 3 x 10^-6).
//
// Unkeyed, for files: XXH64 of Collet, which finds every flipped byte that chance can bring, not a forger's.
//
// All values are the same on every machine (bytes are read little-endian), so they may be stored. A key comes from
// outside: only `app/` has entropy. Thread-safety: pure functions.

#include <array>
#include <compare>
#include <cstdint>
#include <string_view>

namespace behoud {

struct HashKey {
  std::uint64_t low = 0, high = 0;  // the 16 bytes of the key, little-endian
  friend bool operator==(const HashKey&, const HashKey&) = default;
};

struct Hash128 {
  std::uint64_t low = 0, high = 0;  // the first and the last 8 bytes of the output, little-endian
  friend auto operator<=>(const Hash128&, const Hash128&) = default;
};

std::uint64_t keyed_hash64(const HashKey& key, std::string_view bytes);
Hash128 keyed_hash128(const HashKey& key, std::string_view bytes);
std::uint64_t table_hash(const HashKey& key, std::string_view bytes);

// The checksum of bytes that arrive in parts; any split gives the same digest.
class Checksum {
 public:
  explicit Checksum(std::uint64_t seed = 0);
  void add(std::string_view bytes);
  std::uint64_t digest() const;  // of what was added so far

 private:
  std::array<std::uint64_t, 4> lanes_;
  std::array<char, 32> tail_{};
  std::uint64_t seed_;
  std::uint64_t total_ = 0;
};

std::uint64_t checksum(std::string_view bytes, std::uint64_t seed = 0);

}  // namespace behoud
