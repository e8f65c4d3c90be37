// The implementation of testing/yaml.h lies in a *_test.cpp file so that it is part of the tests alone.
#include "app/testing/yaml.h"

#include <boost/json.hpp>
#include <charconv>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/text.h"

namespace behoud::app::testing {
namespace {

namespace json = boost::json;

struct Line {
  std::size_t indent = 0;
  std::string text;  // without indentation and comment
  std::string raw;   // as it stands
  std::uint64_t number = 0;
};

std::unexpected<Error> wrong(const Line& line, std::string message) {
  return fail(Errc::kBadInput, std::move(message), {}, {{}, line.number, {}});
}

// Walks over text and tells where quotes hold. `each` gets the character and whether it is quoted; false stops.
template <class Each>
void walk(std::string_view text, Each each) {
  char quote = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool quoted = quote != 0;
    if (quote == 0 && (c == '\'' || c == '"') && (i == 0 || std::string_view(" ,[{:").contains(text[i - 1]))) {
      quote = c;
    } else if (quote == '"' && c == '\\') {
      if (!each(i, true)) return;
      ++i;
    } else if (quote == c) {
      quote = 0;
    }
    if (!each(i, quoted || quote != 0)) return;
  }
}

std::string without_comment(std::string_view text) {
  std::size_t end = text.size();
  walk(text, [&](std::size_t i, bool quoted) {
    if (!quoted && text[i] == '#' && (i == 0 || text[i - 1] == ' ')) {
      end = i;
      return false;
    }
    return true;
  });
  return std::string{trim(text.substr(0, end))};
}

int depth_of(std::string_view text) {
  int depth = 0;
  walk(text, [&](std::size_t i, bool quoted) {
    if (!quoted && (text[i] == '{' || text[i] == '[')) ++depth;
    if (!quoted && (text[i] == '}' || text[i] == ']')) --depth;
    return true;
  });
  return depth;
}

json::value plain(std::string_view word) {
  if (word == "null" || word == "~" || word.empty()) return nullptr;
  if (word == "true") return true;
  if (word == "false") return false;
  std::int64_t integer = 0;
  const char* end = word.data() + word.size();
  if (std::from_chars(word.data(), end, integer).ptr == end) return integer;
  double number = 0;
  if (std::from_chars(word.data(), end, number).ptr == end) return number;
  return json::value(json::string(word));
}

class Flow {
 public:
  Flow(std::string_view text, const Line& line) : text_(text), line_(line) {}

  Result<json::value> whole() {
    TRY_ASSIGN(json::value out, value(false));
    blanks();
    if (at_ != text_.size()) return wrong(line_, "something follows a value");
    return out;
  }

 private:
  Result<json::value> value(bool inside) {
    blanks();
    if (at_ == text_.size()) return json::value(nullptr);
    if (text_[at_] == '{') return mapping();
    if (text_[at_] == '[') return sequence();
    if (text_[at_] == '"' || text_[at_] == '\'') {
      TRY_ASSIGN(const std::string text, quoted());
      return json::value(json::string(text));
    }
    if (std::string_view("&*!|>%@`").contains(text_[at_])) return wrong(line_, "this YAML is not known here");
    const std::size_t begin = at_;
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (inside && (c == ',' || c == ']' || c == '}')) break;
      if (inside && c == ':' && (at_ + 1 == text_.size() || text_[at_ + 1] == ' ')) break;
      ++at_;
    }
    return plain(trim(text_.substr(begin, at_ - begin)));
  }
  Result<json::value> mapping() {
    json::object out;
    for (++at_;;) {
      blanks();
      if (take('}')) return json::value(std::move(out));
      TRY_ASSIGN(const json::value key, value(true));
      blanks();
      if (!take(':')) return wrong(line_, "a key without a colon");
      TRY_ASSIGN(json::value member, value(true));
      const std::string name = key.is_string() ? std::string{key.as_string()} : json::serialize(key);
      if (!out.emplace(name, std::move(member)).second) return wrong(line_, "the key " + name + " stands twice");
      blanks();
      if (!take(',') && (at_ == text_.size() || text_[at_] != '}')) return wrong(line_, "no end of a mapping");
    }
  }
  Result<json::value> sequence() {
    json::array out;
    for (++at_;;) {
      blanks();
      if (take(']')) return json::value(std::move(out));
      TRY_ASSIGN(json::value item, value(true));
      out.push_back(std::move(item));
      blanks();
      if (!take(',') && (at_ == text_.size() || text_[at_] != ']')) return wrong(line_, "no end of a sequence");
    }
  }
  Result<std::string> quoted() {
    const char quote = text_[at_++];
    std::string out;
    for (; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (c == quote && quote == '\'' && at_ + 1 < text_.size() && text_[at_ + 1] == '\'') {
        ++at_;
      } else if (c == quote) {
        ++at_;
        return out;
      } else if (c == '\\' && quote == '"' && at_ + 1 < text_.size()) {
        const char next = text_[++at_];
        out += next == 'n' ? '\n' : next == 't' ? '\t' : next;
        continue;
      }
      out += c;
    }
    return wrong(line_, "a quote that is never closed");
  }
  void blanks() {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
  }
  bool take(char c) {
    if (at_ == text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  std::string_view text_;
  const Line& line_;
  std::size_t at_ = 0;
};

class Blocks {
 public:
  explicit Blocks(std::vector<Line> lines) : lines_(std::move(lines)) {}

  Result<json::value> whole() {
    skip();
    if (at_ == lines_.size()) return json::value(nullptr);
    TRY_ASSIGN(json::value out, block(lines_[at_].indent));
    skip();
    if (at_ != lines_.size()) return wrong(lines_[at_], "this line stands too far to the left");
    return out;
  }

 private:
  void skip() {
    while (at_ < lines_.size() && lines_[at_].text.empty()) ++at_;
  }
  bool has(std::size_t indent) {
    skip();
    return at_ < lines_.size() && lines_[at_].indent == indent;
  }
  static std::size_t colon_of(std::string_view text) {
    std::size_t found = std::string_view::npos;
    int depth = 0;
    walk(text, [&](std::size_t i, bool quoted) {
      if (quoted) return true;
      if (text[i] == '{' || text[i] == '[') ++depth;
      if (text[i] == '}' || text[i] == ']') --depth;
      if (depth == 0 && text[i] == ':' && (i + 1 == text.size() || text[i + 1] == ' ')) {
        found = i;
        return false;
      }
      return true;
    });
    return found;
  }

  Result<json::value> block(std::size_t indent) {
    const Line& first = lines_[at_];
    if (first.text == "-" || first.text.starts_with("- ")) return sequence(indent);
    if (!first.text.starts_with('{') && !first.text.starts_with('[') &&
        colon_of(first.text) != std::string_view::npos) {
      return mapping(indent);
    }
    return Flow(lines_[at_++].text, first).whole();
  }
  Result<json::value> sequence(std::size_t indent) {
    json::array out;
    while (has(indent) && (lines_[at_].text == "-" || lines_[at_].text.starts_with("- "))) {
      Line& line = lines_[at_];
      const std::string rest{trim(std::string_view(line.text).substr(1))};
      if (rest.empty()) {
        ++at_;
        TRY_ASSIGN(json::value item, nested(indent));
        out.push_back(std::move(item));
        continue;
      }
      line.indent = indent + (line.text.size() - rest.size());
      line.text = rest;
      TRY_ASSIGN(json::value item, block(line.indent));
      out.push_back(std::move(item));
    }
    return json::value(std::move(out));
  }
  Result<json::value> nested(std::size_t outer) {
    skip();
    if (at_ == lines_.size() || lines_[at_].indent <= outer) return json::value(nullptr);
    return block(lines_[at_].indent);
  }
  Result<json::value> mapping(std::size_t indent) {
    json::object out;
    while (has(indent)) {
      const Line line = lines_[at_];
      const std::size_t colon = colon_of(line.text);
      if (colon == std::string_view::npos) return wrong(line, "a key without a colon");
      TRY_ASSIGN(const json::value key, Flow(trim(std::string_view(line.text).substr(0, colon)), line).whole());
      const std::string name = key.is_string() ? std::string{key.as_string()} : json::serialize(key);
      const std::string rest{trim(std::string_view(line.text).substr(colon + 1))};
      ++at_;
      json::value member;
      if (rest == ">" || rest == ">-" || rest == "|" || rest == "|-") {
        member = json::value(json::string(text_block(indent, rest.front() == '|')));
      } else if (rest.empty()) {
        TRY_ASSIGN(member, nested(indent));
      } else {
        TRY_ASSIGN(member, Flow(rest, line).whole());
      }
      if (!out.emplace(name, std::move(member)).second) return wrong(line, "the key " + name + " stands twice");
    }
    skip();
    if (at_ < lines_.size() && lines_[at_].indent > indent) return wrong(lines_[at_], "this line stands too far in");
    return json::value(std::move(out));
  }
  std::string text_block(std::size_t indent, bool literal) {
    std::string out;
    while (at_ < lines_.size() && (trim(lines_[at_].raw).empty() || lines_[at_].indent > indent)) {
      const std::string line{trim(lines_[at_++].raw)};
      if (!out.empty() && !line.empty()) out += literal ? '\n' : ' ';
      out += line;
    }
    return out;
  }

  std::vector<Line> lines_;
  std::size_t at_ = 0;
};

}  // namespace

Result<boost::json::value> parse_yaml(std::string_view text) {
  std::vector<Line> lines;
  std::uint64_t number = 0;
  int depth = 0;
  std::optional<std::size_t> text_of_line;  // the indentation of the key whose text block this is
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string raw{text.substr(0, end)};
    text.remove_prefix(std::min(end + 1, text.size()));
    ++number;
    if (raw.contains('\t')) return fail(Errc::kBadInput, "a tab", {}, {{}, number, {}});
    const std::string bare = without_comment(raw);
    const std::size_t indent = std::min(raw.find_first_not_of(' '), raw.size());
    // A flow value goes on until its brackets are closed; a text block holds what it likes.
    if (depth > 0) {
      lines.back().text += " " + bare;
    } else {
      lines.push_back({indent, bare, raw, number});
    }
    if (text_of_line && !bare.empty() && indent <= *text_of_line) text_of_line.reset();
    depth = text_of_line ? 0 : depth_of(lines.back().text);
    for (const char* sign : {": >", ": >-", ": |", ": |-"}) {
      if (!text_of_line && bare.ends_with(sign)) text_of_line = indent;
    }
  }
  return Blocks(std::move(lines)).whole();
}

TEST(Yaml, ReadsWhatTheContractIsWrittenIn) {
  const auto read = parse_yaml(R"yaml(# a comment
openapi: 3.1.0
info:
  description: >
    Two lines
    that are one.
  literal: |
    a: [b
    c
paths:
  /a/{id}:
    get:
      parameters: [{$ref: '#/x'}, {name: "q \"r\"", required: true}]   # behind
      tags:
        - one
        - {two: 2, three: [3.5, null]}
        - four: 4
          five: it's
        -
          six: 6
  '200': {type: [string, 'null'],
    enum: [a b, 'c''d'], url: http://x:80/y#z}
empty:
)yaml");
  ASSERT_TRUE(read.has_value()) << read.error().message << " in line " << read.error().place.line;
  EXPECT_EQ(json::serialize(*read),
            R"({"openapi":"3.1.0","info":{"description":"Two lines that are one.","literal":"a: [b\nc"},)"
            R"("paths":{"/a/{id}":{"get":{"parameters":[{"$ref":"#/x"},{"name":"q \"r\"","required":true}],)"
            R"("tags":["one",{"two":2,"three":[3.5E0,null]},{"four":4,"five":"it's"},{"six":6}]}},)"
            R"("200":{"type":["string","null"],"enum":["a b","c'd"],"url":"http://x:80/y#z"}},"empty":null})");
}

TEST(Yaml, NamesTheLineOfWhatItDoesNotKnow) {
  const struct {
    const char* text;
    std::uint64_t line;
  } cases[] = {{"a: 1\na: 2\n", 2}, {"a:\n  b: 1\n    c: 2\n", 3}, {"a: &x 1\n", 1},   {"a: {b: 1, b: 2}\n", 1},
               {"a: 1\nb\n", 2},    {"a:\n    b: 1\n  c: 2\n", 3}, {"a: 'never\n", 1}, {"\ta: 1\n", 1}};
  for (const auto& c : cases) {
    const auto read = parse_yaml(c.text);
    ASSERT_FALSE(read.has_value()) << c.text;
    EXPECT_EQ(read.error().place.line, c.line) << c.text << read.error().message;
  }
}

}  // namespace behoud::app::testing
