#include "retention/report/html.h"

#include "retention/report/internal/page.h"

namespace behoud::retention::report {

Result<std::string> render_html(const Report& report, std::string_view language) {
  TRY_ASSIGN(const internal::Words words, internal::Words::create(language, report.basics));
  return internal::Page(report, words).write();
}

}  // namespace behoud::retention::report
