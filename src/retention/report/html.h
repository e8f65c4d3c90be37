#pragma once

// The report as one self-contained HTML file: no script, no network (a content security policy says so), light, and
// made for A4 as well as for a screen. Charts are inline SVG, each with its table; every text that came from a file is
// escaped by construction (internal/markup.h) and isolated from the direction of the text around it.
//
// Cost: linear in what is shown; about 60 to 200 kB. Pure: the same report and language give the same bytes.

#include <string>
#include <string_view>

#include "base/result.h"
#include "retention/report/report.h"

namespace behoud::retention::report {

// `language`: "en", "nl" or "sv". Errors: kInvalidArgument (a language we do not have).
Result<std::string> render_html(const Report& report, std::string_view language);

}  // namespace behoud::retention::report
