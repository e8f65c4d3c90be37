#include "ingest/read/csv_dialect.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <map>
#include <vector>

#include "ingest/read/csv_scan.h"

namespace behoud::ingest::read {
namespace {

constexpr std::size_t kSampleRows = 1000;
constexpr std::array<char, 4> kDelimiters{',', ';', '\t', '|'};

// The delimiter of a first line `sep=;`, which Excel writes and reads; and the bytes of that line.
struct SepLine {
  char delimiter = '\0';
  std::uint32_t bytes = 0;
};
SepLine sep_line(std::string_view sample) {
  std::string_view line = sample.substr(0, sample.find_first_of("\r\n"));
  std::size_t bytes = line.size();
  if (line.size() >= 2 && line.front() == '"' && line.back() == '"') line = line.substr(1, line.size() - 2);
  if (line.size() != 5) return {};
  constexpr std::string_view kWord = "sep=";
  for (std::size_t i = 0; i < kWord.size(); ++i) {
    if (std::tolower(static_cast<unsigned char>(line[i])) != kWord[i]) return {};
  }
  if (bytes < sample.size() && sample[bytes] == '\r') ++bytes;
  if (bytes < sample.size() && sample[bytes] == '\n') ++bytes;
  return {line[4], static_cast<std::uint32_t>(bytes)};
}

// Digits with the marks of numbers, dates, times, percentages and currencies; empty cells are neither for nor against.
bool looks_like_value(std::string_view cell) {
  bool digit = false;
  for (const char c : cell) {
    const auto u = static_cast<unsigned char>(c);
    if (std::isdigit(u)) {
      digit = true;
    } else if (std::string_view(" .,-+/:TZ%$\"'").find(c) == std::string_view::npos && u < 0x80) {
      return false;
    }
  }
  return digit;
}

struct Score {
  double total = -1;
  std::size_t width = 0;  // that most rows have
  double share = 0;       // of the rows with that width
  std::uint32_t quoted = 0, misquoted = 0;
  bool open = false;  // the sample ends within a quoted cell
};

Score score(std::string_view sample, const CsvDialect& dialect, CsvIndex& index) {
  scan_csv_slowly(sample.data(), sample.size(), dialect, index);
  std::map<std::size_t, std::size_t> widths;
  std::size_t rows = 0, first_width = 0, values = 0, texts = 0, cell = 0, begin = 0;
  for (const std::uint32_t last : index.rows) {
    const std::size_t end = index.ends[last - 1];
    const std::size_t width = last - cell;
    const bool empty = width == 1 && end - begin <= 1;
    if (!empty && rows < kSampleRows) {
      ++rows;
      ++widths[width];
      if (rows == 1) first_width = width;
      std::size_t from = begin;
      for (std::size_t c = cell; c < last; ++c) {
        const std::string_view text = sample.substr(from, index.ends[c] - from);
        if (text.find_first_not_of(" \r") != std::string_view::npos) ++(looks_like_value(text) ? values : texts);
        from = index.ends[c] + 1;
      }
    }
    cell = last;
    begin = end + 1;
  }
  Score result;
  result.quoted = index.quoted;
  result.misquoted = index.misquoted;
  result.open = index.open_quote.has_value();
  std::size_t most = 0;
  for (const auto& [width, count] : widths) {
    if (width >= 2 && count >= most) {
      most = count;
      result.width = width;
    }
  }
  if (result.width == 0) return result;
  result.share = static_cast<double>(most) / static_cast<double>(rows);
  const double misquoted = std::min(1.0, static_cast<double>(index.misquoted) / static_cast<double>(rows));
  const double by_value = static_cast<double>(values) / static_cast<double>(std::max<std::size_t>(values + texts, 1));
  result.total = result.share * (1 - misquoted) + 0.3 * by_value + (first_width == result.width ? 0.15 : 0) +
                 0.02 * std::min(10.0, static_cast<double>(result.width));
  // The sample ends within a quote: likely the wrong quote, unless all have that.
  if (index.open_quote && index.consumed * 2 < sample.size()) result.total -= 0.5;
  return result;
}

bool parts_at_blanks(std::string_view sample, char newline) {
  std::map<std::size_t, std::size_t> widths;
  std::size_t rows = 0;
  while (!sample.empty() && rows < kSampleRows) {
    const std::size_t end = sample.find(newline);
    const std::string_view line = sample.substr(0, end);
    sample = end == std::string_view::npos ? std::string_view() : sample.substr(end + 1);
    std::size_t width = 0;
    bool within = false;
    for (const char c : line) {
      const bool blank = c == ' ' || c == '\t' || c == '\r';
      width += !blank && !within;
      within = !blank;
    }
    if (width == 0) continue;
    ++rows;
    ++widths[width];
  }
  const auto most = std::ranges::max_element(widths, {}, [](const auto& w) { return w.second; });
  return most != widths.end() && most->first >= 2 && most->second * 10 >= rows * 9;
}

std::size_t count_of(std::string_view text, std::string_view wanted) {
  std::size_t count = 0;
  for (std::size_t i = text.find(wanted); i != std::string_view::npos; i = text.find(wanted, i + wanted.size()))
    ++count;
  return count;
}

}  // namespace

CsvGuess guess_dialect(std::string_view sample, bool whole) {
  CsvGuess guess;
  const SepLine sep = sep_line(sample);
  guess.preamble_bytes = sep.bytes;
  sample.remove_prefix(sep.bytes);
  if (sample.find('\n') == std::string_view::npos && sample.find('\r') != std::string_view::npos) {
    guess.dialect.newline = '\r';
  }
  const char newline = guess.dialect.newline;
  std::string text(sample);
  if (whole && !text.empty() && text.back() != newline) text.push_back(newline);
  text.append(64, '\0');
  const std::string_view padded(text.data(), text.size() - 64);

  CsvIndex index;
  CsvDialect best_dialect = guess.dialect;
  Score best;
  const auto consider = [&](CsvDialect dialect) {
    const Score s = score(padded, dialect, index);
    if (s.total > best.total) {
      best = s;
      best_dialect = dialect;
    }
    return s;
  };
  std::vector<char> delimiters(kDelimiters.begin(), kDelimiters.end());
  if (sep.delimiter != '\0') delimiters = {sep.delimiter};
  for (const char delimiter : delimiters) {
    CsvDialect dialect = guess.dialect;
    dialect.delimiter = delimiter;
    consider(dialect);
  }
  if (sep.delimiter != '\0') best_dialect.delimiter = sep.delimiter;
  if (best.share < 0.6 && sep.delimiter == '\0' && parts_at_blanks(padded, newline)) {
    guess.dialect.delimiter = ' ';
    guess.dialect.blanks = true;
    guess.dialect.quote = '\0';
    return guess;
  }
  // With the delimiter known: another quote only if this one quotes nothing and that one quotes well; an escape, or
  // blanks before the quotes, only if more quotes are then where they belong.
  guess.dialect = best_dialect;
  if (best.quoted == 0) {
    CsvDialect single = best_dialect;
    single.quote = '\'';
    const Score s = score(padded, single, index);
    if (s.quoted >= 2 && s.misquoted == 0 && s.share >= best.share - 0.02) {
      guess.dialect = best_dialect = single;
      best = s;
    }
  }
  const char quote = guess.dialect.quote;
  if (best.misquoted > 0 || padded.find(std::string{'\\', quote}) != std::string_view::npos) {
    CsvDialect escaped = guess.dialect;
    escaped.escape = '\\';
    const std::size_t escapes = count_of(padded, std::string{'\\', quote});
    if (escapes > 0) {
      const Score s = score(padded, escaped, index);
      // By chance `\\"` is also the end of a cell, or the first half of a doubled quote: the escape must mend
      // something.
      const bool mends = s.misquoted < best.misquoted || (best.open && !s.open) || s.share > best.share + 0.1;
      const bool breaks = s.misquoted > best.misquoted || (s.open && !best.open);
      if (mends && !breaks) {
        guess.dialect = escaped;
        best = s;
      }
    }
  }
  if (count_of(padded, std::string{guess.dialect.delimiter, ' ', quote}) > 0) {
    CsvDialect spaced = guess.dialect;
    spaced.blank_before_quote = true;
    const Score s = score(padded, spaced, index);
    if (s.quoted > best.quoted && s.misquoted <= best.misquoted && s.share >= best.share) guess.dialect = spaced;
  }
  return guess;
}

}  // namespace behoud::ingest::read
