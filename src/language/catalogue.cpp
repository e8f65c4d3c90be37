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

}  // namespace

struct Catalogue::Messages {
  struct Message {
    std::string pattern;
    // MessageFormat::format is const, yet makes its number formats on first use without a lock of its own.
    std::mutex mutex;
    std::unique_ptr<icu::MessageFormat> parsed;
    std::set<std::string, std::less<>> names;  // of its arguments; filled when it is parsed
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

std::string Catalogue::text(std::string_view key, std::span<const Arg> args) const {
  const auto it = messages_->by_key.find(key);
  assert(it != messages_->by_key.end() && "no such key in the catalogue");
  if (it == messages_->by_key.end()) return std::string(key);

  std::vector<icu::UnicodeString> names;
  std::vector<icu::Formattable> values;
  names.reserve(args.size());
  values.reserve(args.size());
  const auto& c = conventions_;
  struct Write {
    const Conventions& c;
    icu::Formattable operator()(std::int64_t v) const { return icu::Formattable(v); }  // ICU counts with it
    icu::Formattable operator()(const std::string& v) const { return {utf16(v)}; }
    icu::Formattable operator()(double v) const { return {utf16(c.decimal(v, 1))}; }
    icu::Formattable operator()(const Decimal& v) const { return {utf16(c.decimal(v.value, v.places))}; }
    icu::Formattable operator()(const Percent& v) const { return {utf16(c.percent(v.fraction, v.places))}; }
    icu::Formattable operator()(const money::Money& v) const { return {utf16(c.money(v))}; }
    icu::Formattable operator()(const WholeMoney& v) const { return {utf16(c.money(v.amount, Cents::kDrop))}; }
    icu::Formattable operator()(const calendar::Day& v) const { return {utf16(c.day(v, Length::kLong))}; }
    icu::Formattable operator()(const ShortDay& v) const { return {utf16(c.day(v.day, Length::kShort))}; }
  };
  for (const Arg& arg : args) {
    names.push_back(utf16(arg.name));
    values.push_back(std::visit(Write{c}, arg.value));
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

}  // namespace behoud::language
