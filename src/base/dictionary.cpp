#include "base/dictionary.h"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <string>

namespace behoud {
namespace {

constexpr std::size_t kSlotsMin = 16;
constexpr std::size_t kLengthBytesMax = 3;

// Seven bits a byte, the lowest first, the top bit where more follow.
char* write_length(char* p, std::size_t n) {
  for (; n >= 0x80; n >>= 7) *p++ = static_cast<char>(n | 0x80);
  *p++ = static_cast<char>(n);
  return p;
}
std::string_view read_word(const char* p) {
  std::size_t n = 0;
  for (int shift = 0;; shift += 7) {
    const auto byte = static_cast<unsigned char>(*p++);
    n |= static_cast<std::size_t>(byte & 0x7F) << shift;
    if (byte < 0x80) return {p, n};
  }
}

}  // namespace

Dictionary::Dictionary(HashKey key, DictionaryLimits limits)
    : key_(key), limits_(limits), slots_(kSlotsMin, Slot{0, kEmpty}), used_(kBlockBytes) {
  static_assert(kWordBytesMax + kLengthBytesMax <= kBlockBytes);
}

std::uint32_t Dictionary::hash_of(std::string_view word) const {
  return static_cast<std::uint32_t>(table_hash(key_, word));
}

std::string_view Dictionary::at(std::uint32_t code) const {
  assert(code < places_.size());
  const std::uint32_t place = places_[code];
  return read_word(blocks_[place >> kBlockShift].get() + (place & (kBlockBytes - 1)));
}

std::size_t Dictionary::seek(std::string_view word, std::uint32_t hash) const {
  std::size_t i = home(hash);
  while (true) {
    const Slot& slot = slots_[i];
    if (slot.code == kEmpty || (slot.hash == hash && at(slot.code) == word)) return i;
    if (++i == slots_.size()) i = 0;
  }
}

std::optional<std::uint32_t> Dictionary::find(std::string_view word) const {
  const Slot& slot = slots_[seek(word, hash_of(word))];
  return slot.code == kEmpty ? std::nullopt : std::optional(slot.code);
}

std::uint64_t Dictionary::bytes() const {
  const std::uint64_t words = blocks_.empty() ? 0 : (blocks_.size() - 1) * kBlockBytes + used_;
  return words + slots_.size() * sizeof(Slot) + places_.capacity() * sizeof(std::uint32_t);
}

void Dictionary::rehash(std::size_t slots) {
  std::vector<Slot> old(slots, Slot{0, kEmpty});
  old.swap(slots_);
  for (const Slot& slot : old) {
    if (slot.code == kEmpty) continue;
    std::size_t i = home(slot.hash);
    while (slots_[i].code != kEmpty) i = i + 1 == slots_.size() ? 0 : i + 1;
    slots_[i] = slot;
  }
}

Result<std::uint32_t> Dictionary::intern(std::string_view word) {
  const std::uint32_t hash = hash_of(word);
  std::size_t slot = seek(word, hash);
  if (slots_[slot].code != kEmpty) [[likely]]
    return slots_[slot].code;

  if (word.size() > kWordBytesMax) {
    return fail(Errc::kOutOfRange, "a word of " + std::to_string(word.size()) + " bytes is too long for a dictionary");
  }
  const bool full = (places_.size() + 1) * 5 > slots_.size() * 4;
  const std::size_t slots = full ? slots_.size() + slots_.size() / 2 : slots_.size();
  const std::size_t needed = word.size() + kLengthBytesMax;
  const bool new_block = used_ + needed > kBlockBytes;
  // What vector growth may add is counted too, so that the bound holds after the call and not before the next.
  const bool places_grow = places_.size() == places_.capacity();
  const std::uint64_t more = needed + (slots - slots_.size()) * sizeof(Slot) + (new_block ? kBlockBytes - used_ : 0) +
                             (places_grow ? std::max<std::size_t>(1, places_.capacity()) * sizeof(std::uint32_t) : 0);
  if (places_.size() >= limits_.words_max || bytes() + more > limits_.bytes_max ||
      (new_block && blocks_.size() == std::size_t{1} << (32 - kBlockShift))) {
    return fail(Errc::kOutOfRange, "the dictionary is full: " + std::to_string(places_.size()) + " words in " +
                                       std::to_string(bytes()) + " bytes");
  }

  if (full) {
    rehash(slots);
    slot = seek(word, hash);
  }
  if (new_block) {
    blocks_.push_back(std::make_unique_for_overwrite<char[]>(kBlockBytes));
    used_ = 0;
  }
  char* const begin = blocks_.back().get() + used_;
  char* const bytes = write_length(begin, word.size());
  if (!word.empty()) std::memcpy(bytes, word.data(), word.size());
  const auto code = static_cast<std::uint32_t>(places_.size());
  places_.push_back(static_cast<std::uint32_t>((blocks_.size() - 1) << kBlockShift | used_));
  used_ += static_cast<std::size_t>(bytes - begin) + word.size();
  slots_[slot] = {hash, code};
  return code;
}

}  // namespace behoud
