#pragma once

// Turns byte strings into dense codes 0, 1, 2, ... in the order of their first appearance, and back: the columns of a
// history hold codes, the words stand once.
//
// Layout: the bytes lie in blocks, each string with its length in front (one byte below 128, else two or three), so a
// view of it stays good for the dictionary's life. An open-addressing table with linear probing holds (32 bits of hash,
// code) for each; it is looked up by multiply-shift instead of a mask, so that it can grow by halves and stay between
// 53 and 80 % full. The hash is keyed (base/hash.h): the words come from strangers.
//
// Cost: a known word about 20 ns, no allocation. Memory per word: its bytes, 1 to 3 for the length, 4 to find it by
// code, and 10 to 15 in the table. Bounded: by bytes (blocks and table together) and by words. Thread-safety: const
// calls may run together.

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "base/hash.h"
#include "base/result.h"

namespace behoud {

struct DictionaryLimits {
  std::uint64_t bytes_max = std::uint64_t{1} << 30;
  std::uint32_t words_max = 0xFFFF'FFFE;
};

class Dictionary {
 public:
  static constexpr std::size_t kWordBytesMax = 65'536;

  explicit Dictionary(HashKey key, DictionaryLimits limits = {});

  // Errors: kOutOfRange (a word above kWordBytesMax, or a limit would be passed; the dictionary is unchanged).
  Result<std::uint32_t> intern(std::string_view word);
  std::optional<std::uint32_t> find(std::string_view word) const;
  // Requires code < size().
  std::string_view at(std::uint32_t code) const;
  std::uint32_t size() const { return static_cast<std::uint32_t>(places_.size()); }
  std::uint64_t bytes() const;  // of memory in use

 private:
  struct Slot {
    std::uint32_t hash;
    std::uint32_t code;  // kEmpty: free
  };
  static constexpr std::uint32_t kEmpty = 0xFFFF'FFFF;
  static constexpr int kBlockShift = 20;  // 4,096 blocks of 1 MiB are all that a place of 32 bits can name
  static constexpr std::size_t kBlockBytes = std::size_t{1} << kBlockShift;

  std::uint32_t hash_of(std::string_view word) const;
  std::size_t home(std::uint32_t hash) const {
    return static_cast<std::size_t>(std::uint64_t{hash} * slots_.size() >> 32);
  }
  // The slot of `word`, or the free one where it would stand.
  std::size_t seek(std::string_view word, std::uint32_t hash) const;
  void rehash(std::size_t slots);

  HashKey key_;
  DictionaryLimits limits_;
  std::vector<Slot> slots_;
  std::vector<std::uint32_t> places_;  // by code: block number x kBlockBytes + where the word's length begins in it
  std::vector<std::unique_ptr<char[]>> blocks_;
  std::size_t used_;  // bytes of the last block; the first word opens the first one
};

}  // namespace behoud
