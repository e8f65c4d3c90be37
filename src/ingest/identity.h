#pragma once

// Who an order belongs to, as text: customer ids, e-mail addresses, phone numbers, and countries, each brought to the
// one form it is compared in. Nothing here is ever logged.

#include <string>
#include <string_view>

namespace behoud::ingest {

// A customer id trimmed; "" for those that are none: empty, "0", "-", "guest" (any case).
std::string_view customer_id(std::string_view cell);

// A customer id as the ledger knows it: that of a named source is the source's own, "woo:17", so that customer 17 of
// another source is somebody else. Without a source it is `id`. A source's name holds no colon. Into `out`.
std::string_view customer_of_source(std::string_view source, std::string_view id, std::string& out);

// Trimmed, lower-cased (ASCII), out of "<...>" and without "mailto:"; "" where it is no address: no single @ with
// something on both sides of it, a blank or a control character inside, over 254 bytes. Into `out`, which is reused.
std::string_view normalise_email_cell(std::string_view cell, std::string& out);
bool is_email(std::string_view cell);

// Digits with a leading + where the country is known: by a leading + or 00, or by `country` (ISO 3166 alpha-2), whose
// trunk 0 is dropped; else the digits as they stand. "" with fewer than 6 or more than 15 digits, or with letters.
std::string_view normalise_phone(std::string_view cell, std::string_view country, std::string& out);

// ISO 3166 alpha-2 in upper case where the text is one, an alpha-3 code or a country's name in English, Dutch, Swedish,
// German or its own language; else the text, trimmed. The view is into `cell` or of static storage.
std::string_view country_code(std::string_view cell);
bool is_country_code(std::string_view alpha2);

}  // namespace behoud::ingest
