#pragma once

// Bytes of text files to UTF-8.
//
// Which encoding a file has is decided once, from a byte order mark or from a sample taken over its whole length:
// zeros at every other byte are UTF-16; otherwise, when more bytes are outside UTF-8 than there are well-formed
// sequences beyond ASCII, it is windows-1252 (of which ISO-8859-1 is the printable part); else UTF-8.
// In a UTF-8 file a byte that is part of no well-formed sequence is read as the windows-1252 character of that value.
// So a first accent after gigabytes of ASCII, parts in two encodings glued together, and text that some program cut in
// the middle of a character all read as a person would, in the same way in each pass, without reading the file twice.
// In UTF-16 half a surrogate pair becomes U+FFFD.
//
// Source of the tables: Unicode 15 ch. 3.9 table 3-7 (well-formed UTF-8), WHATWG Encoding (windows-1252 index).

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "ingest/read/bytes.h"

namespace behoud::ingest::read {

enum class Encoding : std::uint8_t { kUtf8, kUtf8Bom, kUtf16Le, kUtf16Be, kWindows1252 };
std::string_view name(Encoding encoding);

struct EncodingGuess {
  Encoding encoding = Encoding::kUtf8;
  std::uint32_t bom_bytes = 0;  // to skip at the start
};

// Errors: kBadInput (UTF-32; UTF-16 of an odd size, which is cut off), and those of reading.
Result<EncodingGuess> guess_encoding(const Bytes& bytes);

// The length of the longest prefix that is well-formed UTF-8.
std::size_t valid_utf8_prefix(std::string_view text);
inline bool is_valid_utf8(std::string_view text) { return valid_utf8_prefix(text) == text.size(); }

// Appends UTF-8. `strict1252`: every byte beyond ASCII is a windows-1252 character; otherwise only those that are part
// of no well-formed UTF-8 sequence.
void append_as_utf8(std::string_view bytes, bool strict1252, std::string& out);

void append_code_point(std::uint32_t code, std::string& out);

// A stream of UTF-8 (UTF-16 files) or of bytes as they are (all others; cells are mended one by one, where needed: CSV
// structure is ASCII in either). Owns its position; the bytes must outlive it.
class TextStream {
 public:
  TextStream(const Bytes& bytes, EncodingGuess guess, std::uint64_t offset);
  // Fills up to `capacity` bytes (at least 8); 0 at the end. Errors: those of reading; kBadInput (UTF-16 of an odd
  // size).
  Result<std::size_t> read(char* out, std::size_t capacity);
  std::uint64_t offset() const { return offset_; }  // in the file

 private:
  const Bytes& bytes_;
  EncodingGuess guess_;
  std::uint64_t offset_;
  std::string raw_;
};

}  // namespace behoud::ingest::read
