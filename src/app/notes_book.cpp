#include "app/notes_book.h"

#include <fmt/format.h>

#include "app/notes.h"
#include "app/random_id.h"
#include "app/request_body.h"
#include "app/request_words.h"
#include "app/route_answers.h"
#include "base/json_writer.h"
#include "base/text.h"

namespace behoud::app {

using http::Request;
using http::Response;

Result<Response> list_notes(Intake& intake, const Request& request) {
  TRY_ASSIGN(ServedShop* const shop, intake.shops().asked_for(request));
  TRY_ASSIGN(const http::Page page, http::page_of(request));
  std::optional<std::pair<std::int64_t, std::int64_t>> after;
  if (!page.after.empty()) {
    const std::size_t slash = page.after.find('/');
    const auto day = parse_integer(page.after.substr(0, slash));
    const auto number = slash == std::string::npos ? std::nullopt : parse_integer(page.after.substr(slash + 1));
    if (!day || !number) return wrong_member("cursor", "the cursor is none of this list");
    after = {*day, *number};
  }
  TRY_ASSIGN(const Format format, format_of(request));
  const bool all = format == Format::kCsv;
  std::vector<Note> notes;
  // A sample beside the own shop has none.
  if (shop == &intake.shops().home()) {
    TRY_ASSIGN(notes, all ? read_notes(shop->ledger) : read_notes(shop->ledger, after, page.limit + 1));
  }
  if (all) return csv_response(to_csv(notes_sheet(notes)), "behoud-notes.csv");
  std::optional<std::string> next;
  if (notes.size() > page.limit) {
    notes.pop_back();
    next = http::cursor_of(fmt::format("{}/{}", notes.back().day.number, notes.back().number));
  }
  return json_answer(200, notes_json(notes, next));
}

Result<Response> add_note(Intake& intake, const Request& request, const KeptAnswers::Slot* slot) {
  TRY_ASSIGN(const RequestBody body, RequestBody::parse(request, {"day", "text", "kind"}));
  TRY_ASSIGN(const std::string day, body.required_text("day"));
  TRY_ASSIGN(const std::string text, body.required_text("text"));
  TRY_ASSIGN(const auto kind, body.text("kind"));
  TRY_ASSIGN(Note note, check_note(day, text, kind));
  note.id = random_id("n_", intake.world());
  std::string out;
  JsonWriter json(out);
  write_note(json, note);
  out += "\n";
  ledger::RoomStore store(intake.shops().home().ledger);
  const auto kept = store.write([&](ledger::RoomWriter& db) -> Result<void> {
    TRY(keep_note(db, note, intake.world().now()));
    return slot == nullptr ? Result<void>{} : KeptAnswers::keep(db, *slot, 201, out);
  });
  if (!kept) return std::unexpected(kept.error());
  intake.record({request.actor, "note_added", "note", {}, {}});
  return json_answer(201, std::move(out));
}

Result<Response> remove_note(Intake& intake, const Request& request) {
  TRY(remove_note(intake.shops().home().ledger, request.capture("id")));
  intake.record({request.actor, "note_removed", "note", {}, {}});
  return Response{204, {}, {}, {}};
}

}  // namespace behoud::app
