#include "base/hash.h"

#include <bit>
#include <cstring>

namespace behoud {
namespace {

static_assert(std::endian::native == std::endian::little, "the loads below read little-endian");

std::uint64_t load64(const char* p) {
  std::uint64_t v = 0;
  std::memcpy(&v, p, sizeof v);
  return v;
}
std::uint64_t load32(const char* p) {
  std::uint32_t v = 0;
  std::memcpy(&v, p, sizeof v);
  return v;
}

// ---- SipHash-c-d, names as in the paper

struct Sip {
  std::uint64_t v0, v1, v2, v3;

  void round() {
    v0 += v1;
    v1 = std::rotl(v1, 13);
    v1 ^= v0;
    v0 = std::rotl(v0, 32);
    v2 += v3;
    v3 = std::rotl(v3, 16);
    v3 ^= v2;
    v0 += v3;
    v3 = std::rotl(v3, 21);
    v3 ^= v0;
    v2 += v1;
    v1 = std::rotl(v1, 17);
    v1 ^= v2;
    v2 = std::rotl(v2, 32);
  }
  template <int kRounds>
  void rounds() {
    for (int i = 0; i < kRounds; ++i) round();
  }
  template <int kCompress>
  void absorb(std::uint64_t word) {
    v3 ^= word;
    rounds<kCompress>();
    v0 ^= word;
  }
  std::uint64_t out() const { return v0 ^ v1 ^ v2 ^ v3; }
};

// The state after all of the input, its length in the last byte.
template <int kCompress>
Sip absorb_all(const HashKey& key, std::string_view bytes, bool wide) {
  Sip s{key.low ^ 0x736f6d6570736575, key.high ^ 0x646f72616e646f6d, key.low ^ 0x6c7967656e657261,
        key.high ^ 0x7465646279746573};
  if (wide) s.v1 ^= 0xee;
  const char* p = bytes.data();
  std::size_t left = bytes.size();
  for (; left >= 8; p += 8, left -= 8) s.absorb<kCompress>(load64(p));
  std::uint64_t last = static_cast<std::uint64_t>(bytes.size()) << 56;
  for (std::size_t i = 0; i < left; ++i)
    last |= static_cast<std::uint64_t>(static_cast<unsigned char>(p[i])) << (8 * i);
  s.absorb<kCompress>(last);
  return s;
}

// ---- XXH64, names and constants as in its specification

constexpr std::uint64_t kPrime1 = 0x9E3779B185EBCA87, kPrime2 = 0xC2B2AE3D27D4EB4F, kPrime3 = 0x165667B19E3779F9,
                        kPrime4 = 0x85EBCA77C2B2AE63, kPrime5 = 0x27D4EB2F165667C5;

std::uint64_t xxh_round(std::uint64_t accumulator, std::uint64_t lane) {
  return std::rotl(accumulator + lane * kPrime2, 31) * kPrime1;
}
std::uint64_t xxh_merge(std::uint64_t accumulator, std::uint64_t lane) {
  return (accumulator ^ xxh_round(0, lane)) * kPrime1 + kPrime4;
}
void xxh_stripe(std::array<std::uint64_t, 4>& lanes, const char* p) {
  for (std::size_t i = 0; i < 4; ++i) lanes[i] = xxh_round(lanes[i], load64(p + 8 * i));
}

}  // namespace

std::uint64_t keyed_hash64(const HashKey& key, std::string_view bytes) {
  Sip s = absorb_all<2>(key, bytes, false);
  s.v2 ^= 0xff;
  s.rounds<4>();
  return s.out();
}

Hash128 keyed_hash128(const HashKey& key, std::string_view bytes) {
  Sip s = absorb_all<2>(key, bytes, true);
  s.v2 ^= 0xee;
  s.rounds<4>();
  const std::uint64_t low = s.out();
  s.v1 ^= 0xdd;
  s.rounds<4>();
  return {low, s.out()};
}

std::uint64_t table_hash(const HashKey& key, std::string_view bytes) {
  Sip s = absorb_all<1>(key, bytes, false);
  s.v2 ^= 0xff;
  s.rounds<3>();
  return s.out();
}

Checksum::Checksum(std::uint64_t seed)
    : lanes_{seed + kPrime1 + kPrime2, seed + kPrime2, seed, seed - kPrime1}, seed_(seed) {}

void Checksum::add(std::string_view bytes) {
  if (bytes.empty()) return;  // of which memcpy may not be told where they are
  const std::size_t held = total_ % tail_.size();
  total_ += bytes.size();
  if (held + bytes.size() < tail_.size()) {
    std::memcpy(tail_.data() + held, bytes.data(), bytes.size());
    return;
  }
  if (held > 0) {
    const std::size_t missing = tail_.size() - held;
    std::memcpy(tail_.data() + held, bytes.data(), missing);
    bytes.remove_prefix(missing);
    xxh_stripe(lanes_, tail_.data());
  }
  for (; bytes.size() >= tail_.size(); bytes.remove_prefix(tail_.size())) xxh_stripe(lanes_, bytes.data());
  std::memcpy(tail_.data(), bytes.data(), bytes.size());
}

std::uint64_t Checksum::digest() const {
  std::uint64_t h = seed_ + kPrime5;
  if (total_ >= tail_.size()) {
    h = std::rotl(lanes_[0], 1) + std::rotl(lanes_[1], 7) + std::rotl(lanes_[2], 12) + std::rotl(lanes_[3], 18);
    for (const std::uint64_t lane : lanes_) h = xxh_merge(h, lane);
  }
  h += total_;
  const char* p = tail_.data();
  std::size_t left = total_ % tail_.size();
  for (; left >= 8; p += 8, left -= 8) h = std::rotl(h ^ xxh_round(0, load64(p)), 27) * kPrime1 + kPrime4;
  for (; left >= 4; p += 4, left -= 4) h = std::rotl(h ^ (load32(p) * kPrime1), 23) * kPrime2 + kPrime3;
  for (; left > 0; ++p, --left) h = std::rotl(h ^ (static_cast<unsigned char>(*p) * kPrime5), 11) * kPrime1;
  h ^= h >> 33;
  h *= kPrime2;
  h ^= h >> 29;
  h *= kPrime3;
  h ^= h >> 32;
  return h;
}

std::uint64_t checksum(std::string_view bytes, std::uint64_t seed) {
  Checksum sum(seed);
  sum.add(bytes);
  return sum.digest();
}

}  // namespace behoud
