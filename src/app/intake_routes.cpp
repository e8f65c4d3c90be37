#include "app/intake_routes.h"

#include <fmt/format.h>

#include "app/asked_import.h"
#include "app/imports_json.h"
#include "app/intake_handlers.h"
#include "app/recognise.h"
#include "app/request_body.h"
#include "app/request_words.h"
#include "app/route_answers.h"
#include "base/text.h"
#include "language/catalogue.h"

namespace behoud::app {
namespace {

using http::Method;
using http::Request;
using http::Response;
using http::Right;

constexpr http::RoutePolicy kReads{.right = Right::kRead};
constexpr http::RoutePolicy kWrites{.body_bytes_max = kJsonBodyBytesMax, .right = Right::kWrite};
constexpr http::RoutePolicy kUploads{.body_bytes_max = kUploadBytesMax, .right = Right::kWrite, .spool = true};

// ---- Uploads

Response upload(Intake& intake, const Request& request) {
  if (const auto known = require_parameters(request, {"name"}); !known) return refusal(known.error());
  if (auto refused = intake.shops().refuse_write(request)) return std::move(*refused);
  return intake.answers().once(request, [&](const KeptAnswers::Slot*) -> Response {
    // Now is as good a time as any to remove what nobody came back for.
    intake.sweep_uploads();
    const auto added = intake.uploads().add(request.parameter("name").value_or(""), request);
    return added ? json_answer(201, upload_json(*added)) : refusal(added.error());
  });
}

Result<Response> remove_upload(Intake& intake, const Request& request) {
  TRY(intake.remove_upload(std::string{request.capture("id")}));
  return Response{204, {}, {}, {}};
}

Result<Response> recognise(Intake& intake, const Request& request) {
  TRY(require_json(request));
  TRY_ASSIGN(AskedImport asked, parse_asked_import(request.body));
  TRY(fill_in_files(asked, intake.uploads()));
  asked.request.now = intake.world().now();
  TRY_ASSIGN(const ledger::Settings known, intake.shops().home().ledger.settings());
  auto seen = recognise_files(asked.request, known);
  if (!seen) return std::unexpected(as_uploaded(asked.request, std::move(seen).error()));
  name_as_uploaded(asked.request, seen->files);
  if (seen->error) seen->error = as_uploaded(asked.request, std::move(*seen->error));
  return json_answer(200, recognised_json(*seen, language::Catalogue(asked.lang)));
}

// ---- Imports

Result<Response> ask_for_import(Intake& intake, const Request& request, const KeptAnswers::Slot* slot) {
  TRY(require_json(request));
  TRY_ASSIGN(const Job job, intake.ask_for_import(request, slot));
  return json_answer(202, asked_for_json(job));
}

Result<Response> ask_for_undo(Intake& intake, const Request& request, const KeptAnswers::Slot* slot) {
  TRY_ASSIGN(const std::uint32_t id, import_id_of(request));
  TRY_ASSIGN(const Job job, intake.ask_for_undo(request, id, slot));
  return json_answer(202, asked_for_json(job));
}

Result<Response> rejected(Intake& intake, const Request& request) {
  TRY_ASSIGN(const ServedShop* const shop, intake.shops().asked_for(request));
  TRY_ASSIGN(const std::uint32_t id, import_id_of(request));
  TRY_ASSIGN(const auto rows, shop->ledger.rejected_rows(id));
  TRY_ASSIGN(const language::Language lang, language_of(request));
  const std::string_view format = request.parameter("format").value_or("csv");
  if (format != "csv" && format != "json") {
    return fail(Errc::kInvalidArgument, behoud::quoted(format) + " is not known", "one of: csv, json",
                {{}, 0, "format"});
  }
  const language::Catalogue catalogue(lang);
  if (format == "json") {
    Response response = json_answer(200, rejected_json(rows, catalogue));
    response.headers.set("Vary", "Accept-Language");
    return response;
  }
  Response response{200, "text/csv; charset=utf-8", rejected_csv(rows, catalogue), {}};
  response.headers.set("Content-Disposition", fmt::format("attachment; filename=\"import-{}-rejected.csv\"", id));
  response.headers.set("Vary", "Accept-Language");
  return response;
}

// ---- Reports of files that are not imported

Result<Response> ask_for_report(Intake& intake, const Request& request, const KeptAnswers::Slot* slot) {
  TRY(require_json(request));
  TRY_ASSIGN(const Job job, intake.ask_for_report(request, slot));
  return json_answer(202, asked_for_json(job));
}

Result<Response> show_report(Intake& intake, const Request& request) {
  const std::string_view format = request.parameter("format").value_or("json");
  if (format != "json" && format != "html") {
    return fail(Errc::kInvalidArgument, quoted(format) + " is no format of a report", "json or html",
                {{}, 0, "format"});
  }
  TRY_ASSIGN(std::string bytes, intake.reports().find(request.capture("id"), format));
  Response response = format == "html" ? report_page(std::move(bytes)) : json_answer(200, std::move(bytes));
  response.headers.set("Cache-Control", "private, no-cache");
  return response;
}

Result<Response> remove_report(Intake& intake, const Request& request) {
  TRY(intake.remove_report(std::string{request.capture("id")}));
  return Response{204, {}, {}, {}};
}

// ---- Jobs

Result<Response> list_jobs(Intake& intake, const Request& request) {
  TRY_ASSIGN(const http::Page page, http::page_of(request));
  // One more than asked for tells whether there are more.
  TRY_ASSIGN(auto jobs, intake.jobs().list({page.after, page.limit + 1}));
  const bool more = jobs.size() > page.limit;
  if (more) jobs.pop_back();
  std::string out;
  JsonWriter json(out);
  json.begin_object().key("rows").begin_array();
  for (const Job& job : jobs) write_job(json, job);
  json.end_array().key("next");
  more ? json.value(http::cursor_of(std::to_string(jobs.back().number))) : json.null();
  json.end_object();
  return json_answer(200, std::move(out));
}

Result<Response> show_job(Intake& intake, const Request& request) {
  TRY_ASSIGN(const Job job, intake.jobs().find(std::string{request.capture("id")}));
  Response response = json_answer(200, job_json(job));
  response.headers.set("Cache-Control", "no-store");
  return response;
}

// A document at once, then one at each change, until the job has ended.
Result<Response> follow_job(Intake& intake, const StreamGuard& guard, const Request& request) {
  TRY(require_parameters(request, {}));
  const std::string id{request.capture("id")};
  TRY(intake.jobs().find(id));
  Response response{200, "text/event-stream", {}, {}};
  response.headers.set("Cache-Control", "no-store");
  response.stream.pull = [&jobs = intake.jobs(), id, last = std::string{}](std::string& out,
                                                                           const http::Wake& wake) mutable {
    // In this order: what changes in between wakes us.
    jobs.wake_when_changed(id, wake);
    const auto job = jobs.find(id);
    if (!job) return http::StreamState::kBroken;
    std::string now = job_json(*job);
    now.pop_back();
    if (now != last) out += "event: job\ndata: " + now + "\n\n";
    last = std::move(now);
    return has_ended(job->state) ? http::StreamState::kEnd : http::StreamState::kWait;
  };
  if (guard) response.stream = guard(request, kReads.right, std::move(response.stream));
  return response;
}

Result<Response> cancel_job(Intake& intake, const Request& request) {
  TRY_ASSIGN(const Job job, intake.jobs().cancel(std::string{request.capture("id")}));
  return json_answer(200, job_json(job));
}

}  // namespace

void add_intake_routes(http::Router& router, Intake& intake, const StreamGuard& guard) {
  const IntakeHandlers on{intake};
  router.add(Method::kPost, "/api/v1/uploads", [&intake](const Request& r) { return upload(intake, r); }, kUploads);
  router.add(Method::kPost, "/api/v1/uploads/recognise", on.writes(recognise), kWrites);
  router.add(Method::kDelete, "/api/v1/uploads/{id}", on.writes(remove_upload), kWrites);
  router.add(Method::kPost, "/api/v1/imports", on.once(ask_for_import), kWrites);
  router.add(Method::kPost, "/api/v1/imports/{id}/undo", on.once(ask_for_undo), kWrites);
  router.add(Method::kGet, "/api/v1/imports/{id}/rejected", on.reads(rejected, {"lang", "format"}), kReads);
  router.add(Method::kPost, "/api/v1/reports", on.once(ask_for_report), kWrites);
  router.add(Method::kGet, "/api/v1/reports/{id}", on.reads(show_report, {"format"}), kReads);
  router.add(Method::kDelete, "/api/v1/reports/{id}", on.writes(remove_report), kWrites);
  router.add(Method::kGet, "/api/v1/jobs", on.reads(list_jobs, {"cursor", "limit"}), kReads);
  router.add(Method::kGet, "/api/v1/jobs/{id}", on.reads(show_job), kReads);
  router.add(
      Method::kGet, "/api/v1/jobs/{id}/events",
      [&intake, guard](const Request& r) { return answer_or_refusal(follow_job(intake, guard, r)); }, kReads);
  router.add(Method::kDelete, "/api/v1/jobs/{id}", on.writes(cancel_job), kWrites);
}

}  // namespace behoud::app
