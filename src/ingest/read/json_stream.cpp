#include "ingest/read/json_stream.h"

#include <algorithm>
#include <array>

#include <emmintrin.h>
#include <fmt/core.h>

namespace behoud::ingest::read {
namespace {

bool is_space(int c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// Members that hold the records of a page, whatever else the page says.
constexpr std::array<std::string_view, 8> kWrappers{"orders", "data",     "results", "records",
                                                    "rows",   "invoices", "charges", "payments"};
// Members that say where a page is among pages: an object of nothing else, and an array of objects, is a page, too.
constexpr std::array<std::string_view, 19> kPaging{"object",     "url",      "has_more",    "next",  "next_page",
                                                   "prev",       "previous", "page",        "pages", "per_page",
                                                   "limit",      "offset",   "count",       "total", "total_count",
                                                   "totalCount", "cursor",   "next_cursor", "status"};

}  // namespace

const char* find_in_json_text(const char* at, const char* end) {
  const __m128i quote = _mm_set1_epi8('"'), escape = _mm_set1_epi8('\\'), control = _mm_set1_epi8(0x1F);
  for (; end - at >= 16; at += 16) {
    const __m128i v = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    const __m128i found = _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(v, quote), _mm_cmpeq_epi8(v, escape)),
                                       _mm_cmpeq_epi8(_mm_min_epu8(v, control), v));
    const int mask = _mm_movemask_epi8(found);
    if (mask != 0) return at + __builtin_ctz(static_cast<unsigned>(mask));
  }
  while (at < end && *at != '"' && *at != '\\' && static_cast<unsigned char>(*at) >= 0x20) ++at;
  return at;
}

JsonStream::JsonStream(const Bytes& bytes, const std::string& name, EncodingGuess encoding, std::size_t chunk_bytes)
    : name_(name),
      stream_(bytes, encoding, encoding.bom_bytes),
      buffer_(std::max<std::size_t>(chunk_bytes, 16), '\0') {}

std::unexpected<Error> JsonStream::malformed(std::string_view what) const {
  return fail(Errc::kBadInput, fmt::format("{} is not JSON on this line: {}", name_, what), "Export it again.",
              {name_, line_, {}}, {"problem.json_damaged"});
}

std::unexpected<Error> JsonStream::cut_off(std::uint64_t line) const {
  return fail(Errc::kBadInput, fmt::format("{} is cut off: what begins on this line never ends", name_),
              "Download or export it again.", {name_, line, {}}, {"problem.json_cut_off"});
}

Result<int> JsonStream::peek() {
  if (begin_ == end_) {
    if (ended_) return kEnd;
    TRY_ASSIGN(end_, stream_.read(buffer_.data(), buffer_.size()));
    begin_ = 0;
    ended_ = end_ == 0;
    if (ended_) return kEnd;
  }
  return static_cast<unsigned char>(buffer_[begin_]);
}

Result<int> JsonStream::peek_visible() {
  for (;;) {
    TRY_ASSIGN(const int c, peek());
    if (!is_space(c)) return c;
    take();
  }
}

Result<void> JsonStream::expect(char wanted) {
  TRY_ASSIGN(const int c, peek_visible());
  if (c == kEnd) return cut_off(record_line_);
  if (c != wanted) return malformed(fmt::format("'{}' is missing", wanted));
  take();
  return {};
}

Result<void> JsonStream::keep_text(const char* from, const char* to, std::uint64_t began) {
  text_.append(from, static_cast<std::size_t>(to - from));
  if (text_.size() <= kMaxJsonRecord) return {};
  return fail(Errc::kOutOfRange, fmt::format("{} has a record of more than 16 MiB", name_), {}, {name_, began, {}},
              {"problem.row_too_large", {{"mib", 16}}});
}

// A number or a word: up to what ends it. (Whether it is one is checked by who reads the record.)
Result<void> JsonStream::skip_scalar(Keep keep) {
  const std::uint64_t began = line_;
  for (;;) {
    TRY_ASSIGN(const int c, peek());
    if (c == kEnd || is_space(c) || c == ',' || c == ']' || c == '}') return {};
    if (c == '"' || c == '{' || c == '[') return malformed("a value where none can be");
    if (c == '\0') return malformed("there is a NUL byte");
    const char* const at = buffer_.data() + begin_;
    take();
    if (keep == Keep::kText) TRY(keep_text(at, at + 1, began));
  }
}

// One value, white space within it included. Brackets are counted, not matched: reading into the record checks them.
Result<void> JsonStream::skip_value(Keep keep) {
  const std::uint64_t began = line_;
  TRY_ASSIGN(const int first, peek());
  if (first == kEnd) return cut_off(began);
  if (first == ',' || first == ':' || first == ']' || first == '}') return malformed("a value is missing");
  if (first != '"' && first != '{' && first != '[') return skip_scalar(keep);
  std::uint64_t text_began = line_;
  int depth = 0;
  bool in_text = false, escaped = false;
  for (bool done = false; !done;) {
    TRY_ASSIGN(const int c, peek());
    if (c == kEnd) return cut_off(in_text ? text_began : began);
    const char* const from = buffer_.data() + begin_;
    const char* const end = buffer_.data() + end_;
    const char* at = from;
    while (at < end && !done) {
      if (in_text && !escaped) {
        at = find_in_json_text(at, end);
        if (at == end) break;
      }
      const char x = *at++;
      line_ += x == '\n';
      if (x == '\0') return malformed("there is a NUL byte");
      if (in_text) {
        if (x == '"' && !escaped) {
          in_text = false;
          done = depth == 0;
        }
        escaped = x == '\\' && !escaped;
      } else if (x == '"') {
        in_text = true;
        text_began = line_;
      } else if (x == '{' || x == '[') {
        if (++depth > kMaxJsonDepth) {
          return fail(Errc::kOutOfRange, fmt::format("{} is nested deeper than {} levels", name_, kMaxJsonDepth), {},
                      {name_, line_, {}}, {"problem.json_beyond_bound"});
        }
      } else if (x == '}' || x == ']') {
        done = --depth == 0;
      }
    }
    begin_ += static_cast<std::size_t>(at - from);
    if (keep == Keep::kText) TRY(keep_text(from, at, began));
  }
  return {};
}

Result<std::string> JsonStream::key() {
  TRY_ASSIGN(const int c, peek_visible());
  if (c == kEnd) return cut_off(record_line_);
  if (c != '"') return malformed("the name of a member is missing");
  text_.clear();
  TRY(skip_value(Keep::kText));
  std::string found = text_.substr(1, text_.size() - 2);
  TRY(expect(':'));
  return found;
}

Result<JsonShape> JsonStream::find_shape() {
  TRY_ASSIGN(int c, peek_visible());
  if (c == '[') return JsonShape{JsonShape::Kind::kElements, {}};
  if (c != '{') return malformed("it begins with neither '{' nor '['");
  record_line_ = line_;
  take();
  std::optional<std::string> page;  // an array of objects under any name
  bool only_paging = true;
  TRY_ASSIGN(c, peek_visible());
  while (c != '}') {
    TRY_ASSIGN(const std::string member, key());
    TRY_ASSIGN(c, peek_visible());
    bool objects = false;
    if (c == '[') {
      take();
      TRY_ASSIGN(c, peek_visible());
      objects = c == '{';
      if (objects && std::ranges::find(kWrappers, member) != kWrappers.end()) {
        return JsonShape{JsonShape::Kind::kWrapped, member};
      }
      while (c != ']') {
        TRY(skip_value(Keep::kNothing));
        TRY_ASSIGN(c, peek_visible());
        if (c == ',') {
          take();
          TRY_ASSIGN(c, peek_visible());
        } else if (c != ']') {
          return c == kEnd ? cut_off(record_line_) : malformed("a ',' is missing");
        }
      }
      take();
    } else {
      only_paging = only_paging && (c == '{' || std::ranges::find(kPaging, member) != kPaging.end());
      TRY(skip_value(Keep::kNothing));
    }
    if (objects && !page) page = member;
    TRY_ASSIGN(c, peek_visible());
    if (c == ',') {
      take();
      TRY_ASSIGN(c, peek_visible());
      if (c == '}') return malformed("a ',' before '}'");
    } else if (c != '}') {
      return c == kEnd ? cut_off(record_line_) : malformed("a ',' is missing");
    }
  }
  if (page && only_paging) return JsonShape{JsonShape::Kind::kWrapped, *page};
  return JsonShape{JsonShape::Kind::kObjects, {}};
}

// An element of the array that the stream is in, its bracket taken.
Result<std::optional<std::string_view>> JsonStream::next_element() {
  TRY_ASSIGN(int c, peek_visible());
  if (c == ']') {
    take();
    in_array_ = first_ = false;
    return std::nullopt;
  }
  if (!first_) {
    TRY(expect(','));
    TRY_ASSIGN(c, peek_visible());
  }
  first_ = false;
  if (c == kEnd) return cut_off(record_line_);
  record_line_ = line_;
  text_.clear();
  TRY(skip_value(Keep::kText));
  return text_;
}

Result<std::optional<std::string_view>> JsonStream::next_record(const JsonShape& shape) {
  for (;;) {
    if (in_array_) {
      TRY_ASSIGN(const auto element, next_element());
      if (element) return element;
      continue;
    }
    TRY_ASSIGN(int c, peek_visible());
    if (in_wrapper_) {
      // Between members of a page: on to the array of records, or to the end of the page.
      if (c == '}') {
        take();
        in_wrapper_ = false;
        continue;
      }
      if (!first_) {
        TRY(expect(','));
      }
      first_ = false;
      TRY_ASSIGN(const std::string member, key());
      TRY_ASSIGN(c, peek_visible());
      if (member == shape.member && c == '[') {
        take();
        in_array_ = first_ = true;
      } else {
        TRY(skip_value(Keep::kNothing));
      }
      continue;
    }
    if (c == kEnd) return std::nullopt;
    record_line_ = line_;
    switch (shape.kind) {
      case JsonShape::Kind::kElements:
        if (c != '[') return malformed("something follows the array");
        take();
        in_array_ = first_ = true;
        break;
      case JsonShape::Kind::kWrapped:
        if (c != '{') return malformed("something follows the page");
        take();
        in_wrapper_ = first_ = true;
        break;
      case JsonShape::Kind::kObjects:
        text_.clear();
        TRY(skip_value(Keep::kText));
        return text_;
    }
  }
}

}  // namespace behoud::ingest::read
