#pragma once

// Numbers that a program stored in binary floating point, as the text that a person wrote.
//
// Programs that calculate in doubles store 29.330000000000002 for 29.33 and 5312345670000.0 for an order id. With more
// than 15 significant digits, which is what a double can carry, the rest is noise: it is rounded away. Whole numbers
// lose their point and their exponent; those written as digits alone are left as they are, however long. What is no
// number, or is too large for that to be exact (1e18 and more), is left as it is.

#include <string>
#include <string_view>

namespace behoud::ingest::read {

std::string text_of_number(std::string_view stored);

}  // namespace behoud::ingest::read
