#include "app/loose_report.h"

#include <algorithm>
#include <optional>

#include "app/file_shop.h"
#include "app/mapping_memory.h"
#include "app/question_options.h"
#include "app/questions.h"
#include "retention/report/html.h"
#include "retention/report/json.h"
#include "retention/report/report.h"

namespace behoud::app {
namespace {

namespace report = retention::report;

std::string member_of(std::string_view option) {
  std::string out(option);
  std::ranges::replace(out, '-', '_');
  return out;
}

Lookup lookup_in(const AskedReport& asked) {
  return [&asked](std::string_view name) -> std::optional<std::string_view> {
    const auto found = asked.said.find(name);
    return found == asked.said.end() ? std::nullopt : std::optional<std::string_view>(found->second);
  };
}

calendar::Zone zone_of(const AskedReport& asked) {
  return asked.files.request.how.zone.value_or(calendar::Zone::utc());
}

Result<FileShopOptions> options_of(const AskedReport& asked, const ReportSurroundings& around) {
  const ImportRequest& request = asked.files.request;
  FileShopOptions out;
  out.files = request.paths;
  out.read.map = request.how.map;
  out.read.zone = zone_of(asked);
  out.read.currency = request.how.currency;
  out.read.date_format = request.how.date_format;
  out.read.decimal_mark = request.how.decimal_mark;
  out.read.source = request.how.source;
  out.read.now = around.now;
  out.read.progress = around.progress;
  out.read.remembered = [&around](std::string_view shape) { return mapping_in(around.mappings, shape); };
  out.abandoned = around.abandoned;
  if (const auto window = lookup_in(asked)("window")) {
    TRY_ASSIGN(out.window_days, parse_window(*window));
  }
  for (const auto& [word, standing] : request.statuses) {
    if (standing) out.statuses[word] = *standing;
  }
  return out;
}

Result<void> go_on(const ReportSurroundings& around) {
  if (around.abandoned && around.abandoned()) return fail(Errc::kConflict, "it was given up");
  return {};
}

Result<LooseReport> made_of(const AskedReport& asked, const ReportSurroundings& around) {
  const ImportRequest& request = asked.files.request;
  TRY_ASSIGN(const FileShopOptions options, options_of(asked, around));
  report::ReportOptions shown;
  shown.files = request.typed;
  shown.reading_arguments = asked.reading_arguments;
  TRY_ASSIGN(shown.question, parse_question(lookup_in(asked), options.read.zone));
  TRY_ASSIGN(FileShop shop, read_file_shop(options));
  TRY(go_on(around));
  name_as_uploaded(request, shop.facts);
  TRY(require_basis(shop.histories, shown.question));
  shown.window_choice = shop.window_choice;
  TRY_ASSIGN(const report::Report made, report::make_report(shop.histories, shop.facts, shop.settings, shown));
  TRY(go_on(around));
  LooseReport out;
  TRY_ASSIGN(out.json, report::render_json(made));
  if (!out.json.ends_with('\n')) out.json += '\n';  // as the command ends it
  TRY(go_on(around));
  TRY_ASSIGN(out.html, report::render_html(made, language::code(asked.files.lang)));
  out.orders = shop.facts.orders;
  return out;
}

}  // namespace

Result<AskedReport> parse_asked_report(std::string_view json) {
  TRY_ASSIGN(const RequestBody body,
             RequestBody::parse(
                 json, {"uploads", "map", "source", "timezone", "currency", "date_format", "decimal", "statuses",
                        "lang", "from", "to", "grain", "window", "basis", "kinds", "split", "as_of"}));
  AskedReport out;
  TRY_ASSIGN(out.files, parse_asked_files(body, ledger::ImportKind::kOrders));
  for (const Option& option : question_options()) {
    TRY_ASSIGN(auto said, body.text(member_of(option.name)));
    if (said) out.said.emplace(option.name, std::move(*said));
  }
  const auto argue = [&out](std::string_view option, std::string value) {
    out.reading_arguments.push_back("--" + std::string(option));
    out.reading_arguments.push_back(std::move(value));
  };
  if (!out.files.request.map.empty()) argue("map", out.files.request.map);
  for (const char* option : {"timezone", "currency", "date-format", "decimal", "source"}) {
    TRY_ASSIGN(auto said, body.text(member_of(option)));
    if (said) argue(option, std::move(*said));
  }
  // What is wrong with the question is said at once, and not by the job.
  if (auto question = parse_question(lookup_in(out), zone_of(out)); !question) {
    Error error = std::move(question).error();
    error.place.column = member_of(error.place.column);
    return std::unexpected(std::move(error));
  }
  return out;
}

Result<LooseReport> report_of_uploads(const AskedReport& asked, const ReportSurroundings& around) {
  auto made = made_of(asked, around);
  if (!made) return std::unexpected(as_uploaded(asked.files.request, std::move(made).error()));
  return made;
}

}  // namespace behoud::app
