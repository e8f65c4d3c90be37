#pragma once

// What the ledger's tests and benches share: a folder that goes when the test does, a clock and chance that never vary.
// Not for the library.

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "base/testing/temporary_folder.h"
#include "ledger/data_folder.h"

namespace behoud::ledger::testing {

using behoud::TemporaryFolder;

// Now is 2024-03-01T00:00:00Z and a second later at each call; chance is a sequence that `seed` decides.
inline Environment environment(std::uint64_t seed = 1, std::string vfs = "") {
  // Several threads of a test may ask at once.
  auto now = std::make_shared<std::atomic<std::int64_t>>(1'709'251'200'000);
  auto state = std::make_shared<std::atomic<std::uint64_t>>(seed);
  return {[now] { return calendar::Instant{now->fetch_add(1000)}; },
          [state] {
            constexpr std::uint64_t kStep = 0x9e3779b97f4a7c15;  // SplitMix64
            std::uint64_t z = state->fetch_add(kStep) + kStep;
            z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
            z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
            return z ^ (z >> 31);
          },
          std::move(vfs)};
}

inline std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}
inline void write_file(const std::string& path, std::string_view bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}
inline void copy_folder(const std::string& from, const std::string& to) {
  std::filesystem::copy(from, to, std::filesystem::copy_options::recursive);
}

}  // namespace behoud::ledger::testing
