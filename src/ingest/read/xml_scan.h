#pragma once

// A bounded pull scanner for the large parts of a workbook (sheets, shared strings): tags and text as they stream by,
// nothing kept. Knows what those parts use: elements, attributes, character data, CDATA, comments, processing
// instructions. A document type declaration is refused, so there are no entities but the five of XML and characters by
// number. Not validating: it does not check that tags match, the reader of a part counts what it needs.
//
// Bounds: 64 KiB a tag, 16 MiB a run of text. Errors: kBadInput (malformed, cut off, a DOCTYPE, not UTF-8),
// kOutOfRange. Cost: about 700 MB/s. Views are valid until the next call of next().

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

namespace behoud::ingest::read {

class XmlScanner {
 public:
  enum class Token : std::uint8_t { kOpen, kClose, kText, kEnd };
  // `more` gives the next bytes, 0 at the end.
  XmlScanner(std::string name, std::function<Result<std::size_t>(std::span<char>)> more);

  Result<Token> next();
  std::string_view tag() const { return tag_; }    // of kOpen and kClose, without a namespace prefix
  bool empty_element() const { return empty_; }    // <tag/>: no kClose follows
  std::string_view text() const { return text_; }  // of kText, entities not yet resolved
  bool is_cdata() const { return cdata_; }         // then there are none
  // As it stands between the quotes. `name` is without a prefix; one with a prefix is found as "prefix:name".
  std::optional<std::string_view> attribute(std::string_view name) const;

 private:
  std::unexpected<Error> malformed(std::string_view what) const;
  // Makes `wanted` be in the buffer from `from` on and returns its place; npos when the end comes first.
  Result<std::size_t> find(std::string_view wanted, std::size_t from, std::size_t bytes_max);
  Result<bool> fill();

  std::string name_;
  std::function<Result<std::size_t>(std::span<char>)> more_;
  std::string buffer_;
  std::size_t begin_ = 0, end_ = 0;
  bool ended_ = false, started_ = false;
  std::string_view tag_, attributes_, text_;
  bool empty_ = false, cdata_ = false;
};

// Appends `raw` with the entities of XML and Excel's `_x000D_` resolved; an unknown entity stays as it is.
void append_xml_text(std::string_view raw, bool cdata, std::string& out);

}  // namespace behoud::ingest::read
