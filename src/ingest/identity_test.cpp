#include "ingest/identity.h"

#include <gtest/gtest.h>

namespace behoud::ingest {
namespace {

TEST(CustomerId, IsNoneWhereItSaysNothing) {
  for (const char* none : {"", " ", "0", "-", "guest", "GUEST", " Guest ", "\xC2\xA0"})
    EXPECT_EQ(customer_id(none), "") << none;
  EXPECT_EQ(customer_id(" C-17 "), "C-17");
  EXPECT_EQ(customer_id("00"), "00");
  EXPECT_EQ(customer_id("guest2"), "guest2");
}

TEST(Email, IsNormalised) {
  std::string out;
  const struct {
    const char* cell;
    const char* normal;
  } cases[] = {{" Customer1@Example.COM ", "customer1@example.com"},
               {"mailto:a@example.org", "a@example.org"},
               {"Customer 1 <a@example.org>", "a@example.org"},
               {"a+b@example.net", "a+b@example.net"},
               {"a@localhost", "a@localhost"},
               {"", ""},
               {"-", ""},
               {"a@", ""},
               {"@example.com", ""},
               {"a@b@c", ""},
               {"a b@example.com", ""},
               {"a@example.com, b@example.com", ""},
               {"n/a", ""}};
  for (const auto& c : cases) EXPECT_EQ(normalise_email_cell(c.cell, out), c.normal) << c.cell;
  EXPECT_EQ(normalise_email_cell("a@" + std::string(300, 'b'), out), "");
}

TEST(Phone, IsNormalised) {
  std::string out;
  const struct {
    const char* cell;
    const char* country;
    const char* normal;
  } cases[] = {{"+31 6 1234 5678", "", "+31612345678"},
               {"0031 6-12345678", "", "+31612345678"},
               {"06 12345678", "NL", "+31612345678"},
               {"06 12345678", "", "0612345678"},
               {"+31 (0)6 12345678", "", "+31612345678"},
               {"0031 (0)6 12345678", "", "+31612345678"},
               {"(0)6 12345678", "NL", "+31612345678"},
               {"'+46701234567", "", "+46701234567"},
               {"070-123 45 67", "SE", "+46701234567"},
               {"31612345678", "NL", "+31612345678"},
               {"0171/1234567", "DE", "+491711234567"},
               {"06 1234567", "IT", "061234567"},  // in Italy the 0 is dialled
               {"12345", "NL", ""},
               {"1234567890123456", "", ""},
               {"n/a", "NL", ""},
               {"call me", "", ""},
               {"", "NL", ""},
               {"+31+6", "", ""}};
  for (const auto& c : cases) EXPECT_EQ(normalise_phone(c.cell, c.country, out), c.normal) << c.cell;
}

TEST(Country, IsAnAlpha2CodeWhereSure) {
  const struct {
    const char* cell;
    const char* code;
  } cases[] = {{"NL", "NL"},
               {"nl", "NL"},
               {"NLD", "NL"},
               {"Nederland", "NL"},
               {"The Netherlands", "NL"},
               {"UK", "GB"},
               {"Sverige", "SE"},
               {"DEUTSCHLAND", "DE"},
               {"\xC3\x96sterreich", "AT"},
               {"Oostenrijk", "AT"},
               {"USA", "US"},
               {"Atlantis", "Atlantis"},
               {"XX", "XX"},
               {"", ""},
               {" BE ", "BE"},
               {"Tyskland", "DE"}};
  for (const auto& c : cases) EXPECT_EQ(country_code(c.cell), c.code) << c.cell;
}

}  // namespace
}  // namespace behoud::ingest
