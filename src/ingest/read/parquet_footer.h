#pragma once

// A Parquet file's footer, looked over before DuckDB reads it. A footer is a Thrift struct in the compact protocol, in
// which a list says how long it is before it comes; DuckDB makes room for as many as are claimed, outside the memory
// that it is given: a file of 519 bytes took 5.7 GB. Here every length is held to the bytes that follow, and the whole
// to kStructsMax structs, so that room is made for no more than there is.
//
// Says nothing of what the footer means, and nothing of a file whose end is no footer: DuckDB does, and names it.
// Source: Parquet's file format ("PAR1", data, footer, its length in four bytes, "PAR1") and Thrift's compact protocol.
// Cost: the footer is read once, at most kFooterMax bytes. Errors: kBadInput (a length beyond the end, nested deeper
// than any writer nests), kOutOfRange (larger than the bounds), those of Bytes::read_at.

#include <cstddef>
#include <cstdint>
#include <string>

#include "base/result.h"
#include "ingest/read/bytes.h"

namespace behoud::ingest::read {

inline constexpr std::uint64_t kFooterMax = std::uint64_t{64} << 20;
// One for each column, for each column of each row group, and for each kind of its pages: 50 columns in 3,000 row
// groups. DuckDB keeps up to 672 bytes of each.
inline constexpr std::uint64_t kStructsMax = std::uint64_t{1} << 19;

// `name` is for errors.
Result<void> check_parquet_footer(const Bytes& bytes, const std::string& name);

}  // namespace behoud::ingest::read
