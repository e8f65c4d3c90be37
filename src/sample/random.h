#pragma once

// A random stream that is the same on every machine: PCG-XSH-RR's successor in spirit, SplitMix64 for seeding and
// xoshiro256** (Blackman & Vigna 2018) for drawing, with the few distributions the sample shop needs. The standard
// library's distributions differ between implementations, so none is used.

#include <array>
#include <cmath>
#include <cstdint>

namespace behoud::sample {

class Random {
 public:
  Random(std::uint64_t seed, std::uint64_t stream) {
    std::uint64_t x = seed * 0x9E3779B97F4A7C15ULL ^ (stream + 1) * 0xD1B54A32D192ED03ULL;
    for (auto& word : state_) {
      x += 0x9E3779B97F4A7C15ULL;
      std::uint64_t z = x;
      z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
      z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
      word = z ^ (z >> 31);
    }
  }

  std::uint64_t next() {
    const std::uint64_t result = rotate(state_[1] * 5, 7) * 9;
    const std::uint64_t t = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= t;
    state_[3] = rotate(state_[3], 45);
    return result;
  }

  double uniform() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }  // [0, 1)
  bool chance(double p) { return uniform() < p; }
  // In [0, n); n > 0. The bias of the multiplication is under n / 2^32.
  std::uint32_t below(std::uint32_t n) {
    return static_cast<std::uint32_t>(((next() >> 32) * static_cast<std::uint64_t>(n)) >> 32);
  }
  double exponential(double rate) { return -std::log1p(-uniform()) / rate; }

  // Polar method; the second value of a pair is thrown away, so that a draw has no memory.
  double normal() {
    for (;;) {
      const double u = 2 * uniform() - 1;
      const double v = 2 * uniform() - 1;
      const double s = u * u + v * v;
      if (s > 0 && s < 1) return u * std::sqrt(-2 * std::log(s) / s);
    }
  }

  // Marsaglia & Tsang (2000), "A simple method for generating gamma variables"; shapes below 1 by their boosting rule.
  double gamma(double shape, double rate) {
    if (shape < 1) {
      const double boost = std::pow(1 - uniform(), 1 / shape);
      return gamma(shape + 1, rate) * boost;
    }
    const double d = shape - 1.0 / 3.0;
    const double c = 1 / std::sqrt(9 * d);
    for (;;) {
      const double x = normal();
      const double v = 1 + c * x;
      if (v <= 0) continue;
      const double cubed = v * v * v;
      const double u = uniform();
      if (std::log(1 - u) < 0.5 * x * x + d - d * cubed + d * std::log(cubed)) return d * cubed / rate;
    }
  }

 private:
  static std::uint64_t rotate(std::uint64_t x, int k) { return (x << k) | (x >> (64 - k)); }
  std::array<std::uint64_t, 4> state_{};
};

}  // namespace behoud::sample
