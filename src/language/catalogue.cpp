#include "language/catalogue.h"

#include <algorithm>
#include <boost/json.hpp>
#include <cassert>
#include <map>
#include <mutex>
#include <set>

#include <unicode/messagepattern.h>
#include <unicode/msgfmt.h>

#include "language/internal/catalogue_files.h"

namespace behoud::language {
namespace {

icu::UnicodeString utf16(std::string_view text) {
  return icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())));
}

// In the texts of pieces() a value stands between two marks: trail surrogates without a lead, which no text from UTF-8
// has. The first says which value, kEndMark that it is over.
constexpr char16_t kMarks = 0xDC00, kEndMark = 0xDFFF;
constexpr std::size_t kMarkedMax = kEndMark - kMarks;
constexpr const char* kWritten = "written_";  // before an argument's name: the value as text, also where it is counted

// `pattern` with every value that it writes as an argument of its own, "{written_name}": "{n, plural, one {# day} ..}"
// gives "{n, plural, one {{written_n} day} ..}". What it chooses by stays as it is.
icu::UnicodeString with_written_values(const icu::UnicodeString& text) {
  UErrorCode status = U_ZERO_ERROR;
  UParseError where{};
  const icu::MessagePattern pattern(text, &where, status);
  icu::UnicodeString out;
  std::vector<icu::UnicodeString> around;  // the names of the arguments that a part stands in
  std::int32_t done = 0;
  for (std::int32_t i = 0; U_SUCCESS(status) && i < pattern.countParts(); ++i) {
    const icu::MessagePattern::Part& part = pattern.getPart(i);
    if (part.getType() == UMSGPAT_PART_TYPE_ARG_START) {
      const icu::MessagePattern::Part& name = pattern.getPart(i + 1);
      around.push_back(pattern.getSubstring(name));
      if (part.getArgType() == UMSGPAT_ARG_TYPE_NONE) {
        out.append(text, done, name.getIndex() - done).append(icu::UnicodeString(kWritten));
        done = name.getIndex();
      }
    } else if (part.getType() == UMSGPAT_PART_TYPE_ARG_LIMIT) {
      around.pop_back();
    } else if (part.getType() == UMSGPAT_PART_TYPE_REPLACE_NUMBER) {
      out.append(text, done, part.getIndex() - done).append(u'{').append(icu::UnicodeString(kWritten));
      out.append(around.back()).append(u'}');
      done = part.getLimit();
    }
  }
  return out.append(text, done, text.length() - done);
}

std::string utf8(const icu::UnicodeString& text, std::int32_t from, std::int32_t to) {
  std::string out;
  return text.tempSubStringBetween(from, to).toUTF8String(out);
}

std::vector<Piece> cut_at_marks(const icu::UnicodeString& text, std::span<const Arg> args) {
  std::vector<Piece> out;
  const auto put = [&out](std::string piece, std::string_view argument) {
    if (piece.empty()) return;
    if (argument.empty() && !out.empty() && out.back().argument.empty()) {
      out.back().text += piece;  // around a value that is written as nothing
    } else {
      out.push_back({std::move(piece), std::string(argument)});
    }
  };
  std::int32_t from = 0;
  std::string_view argument;
  for (std::int32_t at = 0; at < text.length(); ++at) {
    const char16_t c = text.charAt(at);
    if (U16_IS_LEAD(c)) {
      ++at;
    } else if (U16_IS_TRAIL(c)) {
      put(utf8(text, from, at), argument);
      argument = c == kEndMark ? std::string_view() : args[static_cast<std::size_t>(c - kMarks)].name;
      from = at + 1;
    }
  }
  put(utf8(text, from, text.length()), argument);
  return out;
}

}  // namespace

struct Catalogue::Messages {
  struct Message {
    std::string pattern;
    // MessageFormat::format is const, yet makes its number formats on first use without a lock of its own.
    std::mutex mutex;
    std::unique_ptr<icu::MessageFormat> parsed;
    std::set<std::string, std::less<>> names;    // of its arguments; filled when it is parsed
    std::unique_ptr<icu::MessageFormat> marked;  // of the pattern with written values; made when it is asked for
  };

  icu::Locale locale;
  std::map<std::string, Message, std::less<>> by_key;

  // Requires the message's lock.
  void parse(Message& m) const {
    if (m.parsed) return;
    UErrorCode status = U_ZERO_ERROR;
    UParseError where{};
    auto format = std::make_unique<icu::MessageFormat>(utf16(m.pattern), locale, where, status);
    assert(U_SUCCESS(status) && "the tests parse every text of every language");
    const icu::MessagePattern pattern(utf16(m.pattern), &where, status);
    for (std::int32_t i = 0; U_SUCCESS(status) && i < pattern.countParts(); ++i) {
      const icu::MessagePattern::Part& part = pattern.getPart(i);
      if (part.getType() != UMSGPAT_PART_TYPE_ARG_NAME && part.getType() != UMSGPAT_PART_TYPE_ARG_NUMBER) continue;
      std::string name;
      pattern.getSubstring(part).toUTF8String(name);
      m.names.insert(std::move(name));
    }
    m.parsed = std::move(format);
  }
};

Catalogue::Catalogue(Language language) : conventions_(language), messages_(std::make_unique<Messages>()) {
  messages_->locale = icu::Locale(std::string(code(language)).c_str());
  for (const CatalogueFile& file : catalogue_files()) {
    if (file.language != code(language)) continue;
    // The build has seen that it is a JSON object; the tests, that its values are texts.
    const boost::json::value root = boost::json::parse(boost::json::string_view(file.json.data(), file.json.size()));
    for (const auto& [key, value] : root.as_object()) {
      const auto& pattern = value.as_string();
      messages_->by_key[std::string(key.data(), key.size())].pattern.assign(pattern.data(), pattern.size());
    }
  }
}
Catalogue::~Catalogue() = default;
Catalogue::Catalogue(Catalogue&&) noexcept = default;
Catalogue& Catalogue::operator=(Catalogue&&) noexcept = default;

bool Catalogue::has(std::string_view key) const { return messages_->by_key.contains(key); }

std::vector<std::string> Catalogue::keys() const {
  std::vector<std::string> out;
  for (const auto& [key, message] : messages_->by_key) out.push_back(key);
  return out;
}

std::vector<std::string> Catalogue::arguments(std::string_view key) const {
  const auto it = messages_->by_key.find(key);
  if (it == messages_->by_key.end()) return {};
  UErrorCode status = U_ZERO_ERROR;
  UParseError where{};
  const icu::MessagePattern pattern(utf16(it->second.pattern), &where, status);
  std::set<std::string> out;
  for (std::int32_t i = 0; U_SUCCESS(status) && i + 1 < pattern.countParts(); ++i) {
    const icu::MessagePattern::Part& start = pattern.getPart(i);
    if (start.getType() != UMSGPAT_PART_TYPE_ARG_START) continue;
    std::string name;
    pattern.getSubstring(pattern.getPart(i + 1)).toUTF8String(name);
    if (start.getArgType() == UMSGPAT_ARG_TYPE_PLURAL || start.getArgType() == UMSGPAT_ARG_TYPE_SELECTORDINAL)
      name += ":plural";
    if (start.getArgType() == UMSGPAT_ARG_TYPE_SELECT) name += ":select";
    out.insert(std::move(name));
  }
  return {out.begin(), out.end()};
}

std::string Catalogue::text(std::string_view key, std::initializer_list<Arg> args) const {
  return text(key, std::span<const Arg>(args.begin(), args.size()));
}

// A value as ICU takes it: an integer as itself, since it counts with it, and all else as text.
struct Catalogue::Written {
  const Conventions& c;
  icu::Formattable operator()(std::int64_t v) const { return icu::Formattable(v); }
  icu::Formattable operator()(const std::string& v) const { return {utf16(v)}; }
  icu::Formattable operator()(double v) const { return {utf16(c.decimal(v, 1))}; }
  icu::Formattable operator()(const Decimal& v) const { return {utf16(c.decimal(v.value, v.places))}; }
  icu::Formattable operator()(const Percent& v) const { return {utf16(c.percent(v.fraction, v.places))}; }
  icu::Formattable operator()(const money::Money& v) const { return {utf16(c.money(v))}; }
  icu::Formattable operator()(const WholeMoney& v) const { return {utf16(c.money(v.amount, Cents::kDrop))}; }
  icu::Formattable operator()(const calendar::Day& v) const { return {utf16(c.day(v, Length::kLong))}; }
  icu::Formattable operator()(const ShortDay& v) const { return {utf16(c.day(v.day, Length::kShort))}; }

  icu::UnicodeString text(const Arg::Value& value) const {
    if (const auto* n = std::get_if<std::int64_t>(&value)) return utf16(c.integer(*n));
    return std::visit(*this, value).getString();
  }
};

std::string Catalogue::text(std::string_view key, std::span<const Arg> args) const {
  const auto it = messages_->by_key.find(key);
  assert(it != messages_->by_key.end() && "no such key in the catalogue");
  if (it == messages_->by_key.end()) return std::string(key);

  std::vector<icu::UnicodeString> names;
  std::vector<icu::Formattable> values;
  names.reserve(args.size());
  values.reserve(args.size());
  for (const Arg& arg : args) {
    names.push_back(utf16(arg.name));
    values.push_back(std::visit(Written{conventions_}, arg.value));
  }

  Messages::Message& m = it->second;
  const std::lock_guard lock(m.mutex);
  messages_->parse(m);
  for ([[maybe_unused]] const std::string& name : m.names) {
    assert(std::any_of(args.begin(), args.end(), [&](const Arg& a) { return a.name == name; }) &&
           "an argument is missing");
  }
  icu::UnicodeString out;
  UErrorCode status = U_ZERO_ERROR;
  m.parsed->format(names.data(), values.data(), static_cast<std::int32_t>(args.size()), out, status);
  assert(U_SUCCESS(status) && "an argument of a plural is an integer");
  if (U_FAILURE(status)) return std::string(key);
  std::string result;
  return out.toUTF8String(result);
}

std::vector<Piece> Catalogue::pieces(std::string_view key, std::span<const Arg> args) const {
  const auto it = messages_->by_key.find(key);
  assert(it != messages_->by_key.end() && "no such key in the catalogue");
  assert(args.size() <= kMarkedMax);
  if (it == messages_->by_key.end() || args.size() > kMarkedMax) return {{std::string(key), ""}};

  // Each value twice: as what is chosen by, and as the text between its marks.
  const Written written{conventions_};
  std::vector<icu::UnicodeString> names;
  std::vector<icu::Formattable> values;
  names.reserve(args.size() * 2);
  values.reserve(args.size() * 2);
  for (const Arg& arg : args) {
    const auto mark = static_cast<char16_t>(kMarks + names.size() / 2);
    names.push_back(utf16(arg.name));
    values.push_back(std::visit(written, arg.value));
    names.push_back(icu::UnicodeString(kWritten).append(names.back()));
    values.emplace_back(icu::UnicodeString(mark).append(written.text(arg.value)).append(kEndMark));
  }

  Messages::Message& m = it->second;
  const std::lock_guard lock(m.mutex);
  UErrorCode status = U_ZERO_ERROR;
  if (!m.marked) {
    UParseError where{};
    m.marked =
        std::make_unique<icu::MessageFormat>(with_written_values(utf16(m.pattern)), messages_->locale, where, status);
  }
  icu::UnicodeString out;
  m.marked->format(names.data(), values.data(), static_cast<std::int32_t>(names.size()), out, status);
  assert(U_SUCCESS(status) && "an argument of a plural is an integer");
  if (U_FAILURE(status)) return {{std::string(key), ""}};
  return cut_at_marks(out, args);
}

}  // namespace behoud::language
