#pragma once

// What describes a derived file, as bytes of one block: numbers of 8 bytes, little-endian, texts with their length
// before them, lists with their count before them.

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace behoud::timeline {

class DescriptionWriter {
 public:
  DescriptionWriter& number(std::uint64_t value) {
    const std::size_t at = out_.size();
    out_.resize(at + sizeof value);
    std::memcpy(out_.data() + at, &value, sizeof value);
    return *this;
  }
  DescriptionWriter& integer(std::int64_t value) { return number(static_cast<std::uint64_t>(value)); }
  DescriptionWriter& text(std::string_view value) {
    number(value.size());
    out_ += value;
    return *this;
  }
  DescriptionWriter& texts(const std::vector<std::string>& values) {
    number(values.size());
    for (const std::string& value : values) text(value);
    return *this;
  }
  DescriptionWriter& numbers(const std::vector<std::uint32_t>& values) {
    number(values.size());
    for (const std::uint32_t value : values) number(value);
    return *this;
  }
  const std::string& bytes() const { return out_; }

 private:
  std::string out_;
};

// What is not there reads as 0 and is told at the end.
class DescriptionReader {
 public:
  explicit DescriptionReader(std::string_view bytes) : bytes_(bytes) {}
  std::uint64_t number() {
    std::uint64_t value = 0;
    if (!has(sizeof value)) return 0;
    std::memcpy(&value, bytes_.data(), sizeof value);
    bytes_.remove_prefix(sizeof value);
    return value;
  }
  std::int64_t integer() { return static_cast<std::int64_t>(number()); }
  std::string text() {
    const std::uint64_t size = number();
    if (!has(size)) return {};
    std::string out(bytes_.substr(0, static_cast<std::size_t>(size)));
    bytes_.remove_prefix(static_cast<std::size_t>(size));
    return out;
  }
  std::vector<std::string> texts() {
    std::vector<std::string> out;
    for (std::uint64_t left = many(); left > 0; --left) out.push_back(text());
    return out;
  }
  std::vector<std::uint32_t> numbers() {
    std::vector<std::uint32_t> out;
    for (std::uint64_t left = many(); left > 0; --left) out.push_back(static_cast<std::uint32_t>(number()));
    return out;
  }
  // How many follow, of 8 bytes at least each; 0 where there cannot be so many.
  std::uint64_t many() {
    const std::uint64_t count = number();
    return has(count) && has(count * 8) ? count : 0;
  }
  bool ended_well() const { return whole_ && bytes_.empty(); }

 private:
  bool has(std::uint64_t size) {
    whole_ = whole_ && size <= bytes_.size();
    return whole_;
  }
  std::string_view bytes_;
  bool whole_ = true;
};

}  // namespace behoud::timeline
