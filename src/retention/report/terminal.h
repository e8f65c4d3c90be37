#pragma once

// The report as one page of a terminal, 80 to 100 columns wide: aligned figures, bars and sparklines of block
// characters. Colour only where it is asked for, and never as the only carrier. Where the terminal does not speak UTF-8
// the page is ASCII alone: bars of # and -, letters without their accents.
//
// What came from a file cannot steer the terminal: control and direction characters are replaced, and a name takes the
// columns it is given, whatever its script.

#include <string>
#include <string_view>

#include "base/result.h"
#include "retention/report/report.h"

namespace behoud::retention::report {

struct TerminalOptions {
  int columns = 96;  // taken as 80 to 100
  bool utf8 = true;
  bool colour = false;
};

// `language`: "en", "nl" or "sv". Errors: kInvalidArgument (a language we do not have).
Result<std::string> render_terminal(const Report& report, std::string_view language, const TerminalOptions& options);

// The first lines of the page alone: the answer and the headline rates. What `script/server` prints of the sample.
Result<std::string> render_headline(const Report& report, std::string_view language, const TerminalOptions& options);

}  // namespace behoud::retention::report
