#include "ingest/read/xml_scan.h"

#include <algorithm>
#include <charconv>
#include <cstring>

#include <fmt/core.h>

#include "ingest/read/encoding.h"

namespace behoud::ingest::read {
namespace {

constexpr std::size_t kPiece = 256 * 1024;
constexpr std::size_t kMaxTag = 64 * 1024;
constexpr std::size_t kMaxText = std::size_t{16} << 20;

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

std::string_view without_prefix(std::string_view name) {
  const std::size_t colon = name.find(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

}  // namespace

XmlScanner::XmlScanner(std::string name, std::function<Result<std::size_t>(std::span<char>)> more)
    : name_(std::move(name)), more_(std::move(more)) {}

std::unexpected<Error> XmlScanner::malformed(std::string_view what) const {
  return fail(Errc::kBadInput, fmt::format("{} is damaged: {}", name_, what), "Save the workbook again.",
              {name_, 0, {}}, {"problem.workbook_damaged"});
}

Result<bool> XmlScanner::fill() {
  if (ended_) return false;
  if (begin_ > 0) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  if (buffer_.size() - end_ < kPiece / 2) buffer_.resize(std::max(buffer_.size() * 2, kPiece));
  TRY_ASSIGN(const std::size_t n, more_({buffer_.data() + end_, buffer_.size() - end_}));
  end_ += n;
  ended_ = n == 0;
  return n > 0;
}

Result<std::size_t> XmlScanner::find(std::string_view wanted, std::size_t from, std::size_t bytes_max) {
  // `from` is relative to begin_, which moves when the buffer is filled.
  for (std::size_t seen = from;;) {
    const std::string_view view(buffer_.data() + begin_, end_ - begin_);
    const std::size_t at = view.find(wanted, seen);
    if (at != std::string_view::npos && at - from <= bytes_max) return at;
    if (at != std::string_view::npos || view.size() > from + bytes_max + wanted.size()) {
      return fail(Errc::kOutOfRange, fmt::format("{} has a tag or a text beyond its bound", name_), {}, {name_, 0, {}},
                  {"problem.workbook_damaged"});
    }
    seen = std::max(from, view.size() - std::min(view.size(), wanted.size() - 1));
    TRY_ASSIGN(const bool more, fill());
    if (!more) return std::string_view::npos;
  }
}

Result<XmlScanner::Token> XmlScanner::next() {
  if (!started_) {
    started_ = true;
    TRY(fill());
    const std::string_view head(buffer_.data(), std::min<std::size_t>(end_, 4));
    if (head.starts_with("\xEF\xBB\xBF")) begin_ = 3;
    if (head.starts_with("\xFF\xFE") || head.starts_with("\xFE\xFF")) return malformed("it is not in UTF-8");
  }
  for (;;) {
    if (begin_ == end_) {
      TRY_ASSIGN(const bool more, fill());
      if (!more) return Token::kEnd;
    }
    if (buffer_[begin_] != '<') {
      TRY_ASSIGN(std::size_t at, find("<", 0, kMaxText));
      if (at == std::string_view::npos) at = end_ - begin_;
      text_ = {buffer_.data() + begin_, at};
      cdata_ = false;
      begin_ += at;
      return Token::kText;
    }
    while (end_ - begin_ < 9) {
      TRY_ASSIGN(const bool more, fill());
      if (!more) break;
    }
    const std::string_view head(buffer_.data() + begin_, end_ - begin_);
    if (head.starts_with("<!--") || head.starts_with("<?")) {
      const std::string_view closing = head[1] == '?' ? "?>" : "-->";
      TRY_ASSIGN(const std::size_t at, find(closing, head[1] == '?' ? 2 : 4, kMaxText));
      if (at == std::string_view::npos) return malformed("it is cut off");
      begin_ += at + closing.size();
      continue;
    }
    if (head.starts_with("<![CDATA[")) {
      TRY_ASSIGN(const std::size_t at, find("]]>", 9, kMaxText));
      if (at == std::string_view::npos) return malformed("it is cut off");
      text_ = {buffer_.data() + begin_ + 9, at - 9};
      cdata_ = true;
      begin_ += at + 3;
      return Token::kText;
    }
    if (head.starts_with("<!")) return malformed("it has a document type declaration, which no workbook has");
    // A '>' within an attribute's quotes is none.
    std::size_t at = 1;
    for (char open = '\0'; at == end_ - begin_ || open != '\0' || buffer_[begin_ + at] != '>'; ++at) {
      if (at > kMaxTag) {
        return fail(Errc::kOutOfRange, fmt::format("{} has a tag beyond its bound", name_), {}, {name_, 0, {}},
                    {"problem.workbook_damaged"});
      }
      if (at == end_ - begin_) {
        TRY_ASSIGN(const bool more, fill());
        if (!more) return malformed("it is cut off");
        if (open == '\0' && buffer_[begin_ + at] == '>') break;
      }
      const char c = buffer_[begin_ + at];
      if (open == '\0' && (c == '"' || c == '\'')) {
        open = c;
      } else if (c == open) {
        open = '\0';
      }
    }
    std::string_view tag(buffer_.data() + begin_ + 1, at - 1);
    begin_ += at + 1;
    const bool closes = tag.starts_with('/');
    if (closes) tag.remove_prefix(1);
    empty_ = !closes && tag.ends_with('/');
    if (empty_) tag.remove_suffix(1);
    const auto name_end = static_cast<std::size_t>(std::ranges::find_if(tag, is_space) - tag.begin());
    tag_ = without_prefix(tag.substr(0, name_end));
    attributes_ = tag.substr(name_end);
    if (tag_.empty()) return malformed("it has a tag without a name");
    return closes ? Token::kClose : Token::kOpen;
  }
}

std::optional<std::string_view> XmlScanner::attribute(std::string_view name) const {
  std::string_view rest = attributes_;
  for (;;) {
    while (!rest.empty() && is_space(rest.front())) rest.remove_prefix(1);
    const std::size_t equals = rest.find('=');
    if (equals == std::string_view::npos) return std::nullopt;
    std::string_view found = rest.substr(0, equals);
    while (!found.empty() && is_space(found.back())) found.remove_suffix(1);
    rest.remove_prefix(equals + 1);
    while (!rest.empty() && is_space(rest.front())) rest.remove_prefix(1);
    if (rest.empty() || (rest.front() != '"' && rest.front() != '\'')) return std::nullopt;
    const std::size_t close = rest.find(rest.front(), 1);
    if (close == std::string_view::npos) return std::nullopt;
    if (found == name) return rest.substr(1, close - 1);
    rest.remove_prefix(close + 1);
  }
}

void append_xml_text(std::string_view raw, bool cdata, std::string& out) {
  const std::size_t from = out.size();
  for (std::size_t i = 0; i < raw.size() && !cdata;) {
    const std::size_t amp = std::min(raw.find('&', i), raw.size());
    out.append(raw.substr(i, amp - i));
    i = amp;
    if (i == raw.size()) break;
    const std::size_t semicolon = raw.find(';', i);
    const std::string_view entity =
        semicolon == std::string_view::npos || semicolon - i > 12 ? "" : raw.substr(i + 1, semicolon - i - 1);
    std::uint32_t code = 0;
    if (entity == "amp") {
      code = '&';
    } else if (entity == "lt") {
      code = '<';
    } else if (entity == "gt") {
      code = '>';
    } else if (entity == "quot") {
      code = '"';
    } else if (entity == "apos") {
      code = '\'';
    } else if (entity.size() > 1 && entity[0] == '#') {
      const bool hex = entity[1] == 'x' || entity[1] == 'X';
      const std::string_view digits = entity.substr(hex ? 2 : 1);
      const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), code, hex ? 16 : 10);
      if (error != std::errc() || end != digits.data() + digits.size() || digits.empty()) code = 0;
    }
    if (code == 0 || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) {
      out.push_back('&');
      ++i;
      continue;
    }
    append_code_point(code, out);
    i = semicolon + 1;
  }
  if (cdata) out.append(raw);
  // Excel writes characters that XML 1.0 has no place for as _xHHHH_ (ECMA-376 part 1, 22.4.2.4).
  std::size_t at = out.find("_x", from);
  if (at == std::string::npos) return;
  std::string decoded;
  std::size_t done = from;
  for (; at != std::string::npos && at + 7 <= out.size(); at = out.find("_x", at)) {
    std::uint32_t code = 0;
    const char* const digits = out.data() + at + 2;
    const auto [end, error] = std::from_chars(digits, digits + 4, code, 16);
    if (error != std::errc() || end != digits + 4 || out[at + 6] != '_' || code == 0 ||
        (code >= 0xD800 && code < 0xE000)) {
      at += 2;
      continue;
    }
    decoded.append(out, done, at - done);
    append_code_point(code, decoded);
    at += 7;
    done = at;
  }
  decoded.append(out, done);
  out.replace(from, std::string::npos, decoded);
}

}  // namespace behoud::ingest::read
