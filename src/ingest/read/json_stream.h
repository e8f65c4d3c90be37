#pragma once

// The upper levels of a JSON file, streamed: finds the records and gives the text of each, without reading into them.
// One character ahead; memory is one record. Counts lines, for errors.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "ingest/read/bytes.h"
#include "ingest/read/encoding.h"

namespace behoud::ingest::read {

inline constexpr std::size_t kMaxJsonRecord = std::size_t{16} << 20;
inline constexpr int kMaxJsonDepth = 64;

// The first quote, backslash or control character; `end` if there is none.
const char* find_in_json_text(const char* at, const char* end);

// Where the records are.
struct JsonShape {
  enum class Kind : std::uint8_t { kElements, kObjects, kWrapped };
  Kind kind = Kind::kObjects;
  std::string member;  // of kWrapped
};

class JsonStream {
 public:
  JsonStream(const Bytes& bytes, const std::string& name, EncodingGuess encoding, std::size_t chunk_bytes);

  // Reads on as far as it takes to tell; the stream is of no use afterwards. Errors: as of next_record.
  Result<JsonShape> find_shape();

  // The next record's text; nullopt at the end. It is an object unless the file holds something else among its records.
  Result<std::optional<std::string_view>> next_record(const JsonShape& shape);
  std::uint64_t record_line() const { return record_line_; }  // on which the record in hand began
  std::uint64_t bytes_done() const { return stream_.offset(); }

 private:
  enum class Keep : std::uint8_t { kNothing, kText };
  static constexpr int kEnd = -1;

  std::unexpected<Error> malformed(std::string_view what) const;
  std::unexpected<Error> cut_off(std::uint64_t line) const;
  Result<int> peek();          // kEnd at the end
  Result<int> peek_visible();  // skips white space
  void take() { line_ += buffer_[begin_++] == '\n'; }
  Result<void> expect(char wanted);
  Result<std::string> key();           // and its colon
  Result<void> skip_value(Keep keep);  // into text_
  Result<void> skip_scalar(Keep keep);
  Result<void> keep_text(const char* from, const char* to, std::uint64_t began);
  Result<std::optional<std::string_view>> next_element();

  const std::string& name_;
  TextStream stream_;
  std::string buffer_;
  std::size_t begin_ = 0, end_ = 0;
  bool ended_ = false;
  std::uint64_t line_ = 1, record_line_ = 1;
  std::string text_;
  bool in_array_ = false;  // of records
  bool first_ = true;      // element of it
  bool in_wrapper_ = false;
};

}  // namespace behoud::ingest::read
