#include "ingest/read/csv_scan.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include <emmintrin.h>

namespace behoud::ingest::read {
namespace {

constexpr std::size_t kBlock = 64;

void reserve_cells(CsvIndex& index, std::size_t more) {
  if (index.cells + more <= index.capacity) return;
  const std::size_t capacity = std::max(index.capacity * 2, index.cells + more + 4096);
  auto grown = std::make_unique_for_overwrite<std::uint32_t[]>(capacity);
  if (index.cells > 0) std::memcpy(grown.get(), index.ends.get(), index.cells * sizeof(std::uint32_t));
  index.ends = std::move(grown);
  index.capacity = capacity;
}

void reset(CsvIndex& index) {
  index.cells = 0;
  index.rows.clear();
  index.consumed = 0;
  index.quotes = index.inner_newlines = index.high = false;
  index.plain_quotes = true;
  index.nul.reset();
  index.open_quote.reset();
  index.quoted = index.misquoted = 0;
}

void emit(CsvIndex& index, std::size_t end, bool record) {
  reserve_cells(index, 1);
  index.ends[index.cells++] = static_cast<std::uint32_t>(end);
  if (record) {
    index.rows.push_back(static_cast<std::uint32_t>(index.cells));
    index.consumed = static_cast<std::uint32_t>(end + 1);
  }
}

// The cell scanner: cells from `begin` on (the start of a cell) until one ends at or after `until`. Returns where the
// next cell starts, or `size` when the piece ends within one.
std::size_t scan_cells(const char* data, std::size_t size, std::size_t begin, std::size_t until, const CsvDialect& d,
                       CsvIndex& index) {
  while (begin < size) {
    std::size_t end = size;
    const QuotedCell quoted = find_quoted(data, size, begin, d);
    switch (quoted.state) {
      case QuotedCell::State::kOpen:
        index.open_quote = static_cast<std::uint32_t>(quoted.text_begin - 1);
        return size;
      case QuotedCell::State::kUnsure:
        return size;
      case QuotedCell::State::kQuoted:
        end = quoted.end;
        index.quotes = true;
        ++index.quoted;
        if (!quoted.plain || quoted.text_begin != begin + 1 || quoted.text_end + 1 != end) index.plain_quotes = false;
        if (std::memchr(data + quoted.text_begin, d.newline, quoted.text_end - quoted.text_begin) != nullptr) {
          index.inner_newlines = true;
        }
        break;
      case QuotedCell::State::kMisquoted:
        index.quotes = true;
        index.plain_quotes = false;
        ++index.misquoted;
        [[fallthrough]];
      case QuotedCell::State::kNotQuoted:
        end = begin;
        while (end < size && data[end] != d.delimiter && data[end] != d.newline) {
          if (d.escape != '\0' && data[end] == d.escape) {
            index.quotes = true;  // the cell must be looked at, as a quoted one must
            index.plain_quotes = false;
            if (end + 1 < size && data[end + 1] == d.newline) index.inner_newlines = true;
            ++end;
          }
          ++end;
        }
        if (end >= size) return size;
        break;
    }
    emit(index, end, data[end] == d.newline);
    begin = end + 1;
    if (begin >= until) return begin;
  }
  return size;
}

// Runs of blanks. Of each record the line itself is the only "cell" in `ends`; csv.cpp parts it.
void scan_lines(const char* data, std::size_t size, const CsvDialect& d, CsvIndex& index) {
  for (std::size_t begin = 0; begin < size;) {
    const auto* end = static_cast<const char*>(std::memchr(data + begin, d.newline, size - begin));
    if (end == nullptr) return;
    emit(index, static_cast<std::size_t>(end - data), true);
    begin = static_cast<std::size_t>(end - data) + 1;
  }
}

void note_bytes(const char* data, std::size_t size, CsvIndex& index) {
  __m128i zero = _mm_setzero_si128(), high = _mm_setzero_si128();
  std::size_t i = 0;
  for (; i + 16 <= size; i += 16) {
    const __m128i v = _mm_loadu_si128(reinterpret_cast<const __m128i*>(data + i));
    zero = _mm_or_si128(zero, _mm_cmpeq_epi8(v, _mm_setzero_si128()));
    high = _mm_or_si128(high, v);
  }
  bool any_zero = _mm_movemask_epi8(zero) != 0, any_high = _mm_movemask_epi8(high) != 0;
  for (; i < size; ++i) {
    any_zero |= data[i] == '\0';
    any_high |= (static_cast<unsigned char>(data[i]) & 0x80U) != 0;
  }
  index.high = any_high;
  if (any_zero) {
    const auto* at = static_cast<const char*>(std::memchr(data, 0, size));
    index.nul = static_cast<std::uint32_t>(at - data);
  }
}

std::uint64_t mask_of(const __m128i* v, __m128i needle) {
  const auto part = [&](int i) {
    return static_cast<std::uint64_t>(static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpeq_epi8(v[i], needle))));
  };
  return part(0) | (part(1) << 16) | (part(2) << 32) | (part(3) << 48);
}

// Bit i is the xor of the bits 0..i.
std::uint64_t prefix_xor(std::uint64_t x) {
  for (int shift = 1; shift < 64; shift *= 2) x ^= x << shift;
  return x;
}

// Writes base + the place of each bit, eight at a time whatever their number: a loop that ends after the right number
// is mispredicted nearly every time.
std::uint32_t* write_bits(std::uint64_t bits, std::uint32_t base, std::uint32_t* out) {
  const auto next = [&] {
    const auto place = base + static_cast<std::uint32_t>(std::countr_zero(bits));
    bits &= bits - 1;
    return place;
  };
  std::uint32_t* const end = out + std::popcount(bits);
  for (; out < end; out += 8) {
    for (int i = 0; i < 8; ++i) out[i] = next();
  }
  return end;
}

}  // namespace

QuotedCell find_quoted(const char* data, std::size_t size, std::size_t begin, const CsvDialect& d) {
  using State = QuotedCell::State;
  QuotedCell cell;
  if (d.quote == '\0') return cell;
  std::size_t at = begin;
  if (d.blank_before_quote) {
    while (at < size && data[at] == ' ') ++at;
  }
  if (at >= size || data[at] != d.quote) return cell;
  cell.text_begin = at + 1;
  for (at = cell.text_begin;;) {
    if (d.escape == '\0') {
      const auto* quote = static_cast<const char*>(std::memchr(data + at, d.quote, size - at));
      at = quote == nullptr ? size : static_cast<std::size_t>(quote - data);
    } else {
      while (at < size && data[at] != d.quote && data[at] != d.escape) ++at;
    }
    if (at >= size) {
      cell.state = State::kOpen;
      return cell;
    }
    if (d.escape != '\0' && data[at] == d.escape && (d.escape != d.quote)) {
      cell.plain = false;
      at = std::min(at + 2, size);
      continue;
    }
    if (at + 1 < size && data[at + 1] == d.quote) {
      cell.plain = false;
      at += 2;
      continue;
    }
    break;
  }
  cell.text_end = at;
  std::size_t end = at + 1;
  while (end < size && data[end] == ' ' && d.delimiter != ' ') ++end;
  if (end < size && data[end] == '\r' && d.newline == '\n') {
    if (end + 1 < size && data[end + 1] != '\n') {
      cell.state = State::kMisquoted;
      return cell;
    }
    ++end;
  }
  if (end >= size) {
    cell.state = State::kUnsure;
  } else if (data[end] == d.delimiter || data[end] == d.newline) {
    cell.state = State::kQuoted;
    cell.end = end;
  } else {
    cell.state = State::kMisquoted;
  }
  return cell;
}

void scan_csv_slowly(const char* data, std::size_t size, const CsvDialect& dialect, CsvIndex& index) {
  reset(index);
  note_bytes(data, size, index);
  if (dialect.blanks) return scan_lines(data, size, dialect, index);
  scan_cells(data, size, 0, size, dialect, index);
}

void scan_csv(const char* data, std::size_t size, const CsvDialect& d, CsvIndex& index) {
  if (d.blanks) return scan_csv_slowly(data, size, d, index);
  reset(index);
  note_bytes(data, size, index);
  const __m128i delimiter = _mm_set1_epi8(d.delimiter), newline = _mm_set1_epi8(d.newline);
  const __m128i quote = _mm_set1_epi8(d.quote), escape = _mm_set1_epi8(d.escape);
  std::uint64_t inside = 0;  // all ones: the block begins within quotes
  std::uint64_t before = 1;  // the byte before the block ends a cell or is a quote
  std::uint64_t closed = 0;  // the byte before the block is a quote that closes
  const auto open_cell = [&] { return index.cells == 0 ? 0 : index.ends[index.cells - 1] + std::size_t{1}; };
  for (std::size_t at = 0; at < size;) {
    const auto* p = reinterpret_cast<const __m128i*>(data + at);
    const __m128i v[4] = {_mm_loadu_si128(p), _mm_loadu_si128(p + 1), _mm_loadu_si128(p + 2), _mm_loadu_si128(p + 3)};
    const std::size_t left = size - at;
    const std::uint64_t valid = left >= kBlock ? ~std::uint64_t{0} : (std::uint64_t{1} << left) - 1;
    const std::uint64_t newlines = mask_of(v, newline) & valid;
    const std::uint64_t ends = (mask_of(v, delimiter) & valid) | newlines;
    const std::uint64_t quotes = d.quote == '\0' ? 0 : mask_of(v, quote) & valid;
    std::uint64_t within = inside;
    bool again = d.escape != '\0' && (mask_of(v, escape) & valid) != 0;
    if ((quotes | closed) != 0 && !again) {
      within = prefix_xor(quotes) ^ inside;
      const std::uint64_t open = quotes & within, close = quotes & ~within;
      const std::uint64_t after_close = (close << 1) | closed;
      std::uint64_t misplaced = after_close & ~(ends | quotes) & valid;
      if (misplaced != 0 && d.newline == '\n') {
        // A quote before CRLF is where it belongs; if the two are not both in this block, the slow scanner looks.
        misplaced &= ~(mask_of(v, _mm_set1_epi8('\r')) & (newlines >> 1));
      }
      misplaced |= open & ~((ends << 1) | (quotes << 1) | before);
      again = misplaced != 0;
      if ((after_close & quotes) != 0) index.plain_quotes = false;
      index.quotes = true;
      closed = close >> 63;
    }
    if (again) {
      index.plain_quotes = false;
      at = scan_cells(data, size, open_cell(), at + std::min(left, kBlock), d, index);
      inside = closed = 0;
      before = 1;
      continue;
    }
    if ((newlines & within) != 0) index.inner_newlines = true;
    if (const std::uint64_t found = ends & ~within; found != 0) {
      reserve_cells(index, kBlock + 8);
      for (std::uint64_t lines = newlines & ~within; lines != 0; lines &= lines - 1) {
        const std::uint64_t up_to = lines ^ (lines - 1);  // and including this line end
        index.rows.push_back(static_cast<std::uint32_t>(index.cells) +
                             static_cast<std::uint32_t>(std::popcount(found & up_to)));
        index.consumed = static_cast<std::uint32_t>(at) + static_cast<std::uint32_t>(std::countr_zero(lines)) + 1;
      }
      const std::uint32_t* last = write_bits(found, static_cast<std::uint32_t>(at), index.ends.get() + index.cells);
      index.cells = static_cast<std::size_t>(last - index.ends.get());
    }
    before = (ends | quotes) >> 63;
    inside = (within >> 63) != 0 ? ~std::uint64_t{0} : 0;
    at += kBlock;
  }
  // Within quotes at the end: the slow scanner says where they were opened.
  if (inside != 0) scan_cells(data, size, open_cell(), size, d, index);
}

std::uint64_t count_byte(const char* data, std::size_t size, char wanted) {
  const __m128i needle = _mm_set1_epi8(wanted);
  std::uint64_t count = 0;
  std::size_t i = 0;
  while (i + 16 <= size) {
    // At most 255 rounds, so that the byte counters do not overflow.
    __m128i counts = _mm_setzero_si128();
    for (int round = 0; round < 255 && i + 16 <= size; ++round, i += 16) {
      counts =
          _mm_sub_epi8(counts, _mm_cmpeq_epi8(_mm_loadu_si128(reinterpret_cast<const __m128i*>(data + i)), needle));
    }
    const __m128i sums = _mm_sad_epu8(counts, _mm_setzero_si128());
    count += static_cast<std::uint64_t>(_mm_cvtsi128_si64(sums)) +
             static_cast<std::uint64_t>(_mm_cvtsi128_si64(_mm_srli_si128(sums, 8)));
  }
  for (; i < size; ++i) count += data[i] == wanted;
  return count;
}

}  // namespace behoud::ingest::read
