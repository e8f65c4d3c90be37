#pragma once

// JSON as a Table. See table.h for the contract.
//
// Records are the elements of an array, the objects of a file of one object a line, or the elements of an array within
// an object: {"orders": [..]}, {"object": "list", "data": [..]}, {"items": [..], "total_count": 7}; also several such
// pages one after the other. Columns are paths: `customer.email` is the member email of the member customer.
//
// A record with lines becomes a row for each, its other members repeated in all of them: lines are the objects of the
// array `line_items`, `lineItems`, `order_items`, `items`, `products`, `order_lines`, `orderLines`, `lines` or
// `positions` (the first of these that any record has), or of its `data` or `nodes`. A record without lines is one row.
// Of other arrays the values are joined by ", ": `tags` is "new, vip", and `refunds.amount` of two refunds
// "5.00, 7.50".
//
// Numbers are as in the file, but for noise beyond 15 digits and exponents (number_text.h); true, false; null is
// empty. What lies deeper than 6 levels is given as JSON text. Members that a record lacks are empty.
//
// Opening reads the whole file once, to know all columns; each reading reads it again. 250-400 MB/s.
// Bounds: 16 MiB a record, 64 levels, 4,096 columns, 100,000 lines a record.
// Errors: kBadInput (not JSON, with its line; no records; a file cut off, at the line where the open record began),
// kOutOfRange (a bound), those of the encoding and of reading.

#include <memory>
#include <string>

#include "ingest/read/bytes.h"
#include "ingest/table.h"

namespace behoud::ingest::read {

struct JsonOptions {
  std::size_t chunk_bytes = 256 * 1024;  // read at a time; tests make it small
};

Result<std::unique_ptr<Table>> open_json(std::unique_ptr<Bytes> bytes, std::string name, JsonOptions options = {});

}  // namespace behoud::ingest::read
