#include "app/notes_book.h"

#include <algorithm>

#include <fmt/format.h>

#include "app/options.h"
#include "app/random_id.h"
#include "app/request_body.h"
#include "app/route_answers.h"
#include "app/sha256.h"
#include "base/text.h"

namespace behoud::app {
namespace {

using http::Request;
using http::Response;
using ledger::RoomReader;
using ledger::RoomRow;
using ledger::RoomWriter;

constexpr std::size_t kTextMax = 500;

struct Note {
  std::string id, text, kind;
  calendar::Day day;
  std::int64_t number = 0;
};

void write_note(JsonWriter& json, const Note& note) {
  json.begin_object().field("id", note.id).field("day", to_string(note.day)).field("text", note.text);
  json.field("kind", note.kind).end_object();
}

Result<Note> note_of(const Request& request) {
  TRY_ASSIGN(const RequestBody body, RequestBody::parse(request, {"day", "text", "kind"}));
  Note out;
  TRY_ASSIGN(const std::string day, body.required_text("day"));
  TRY_ASSIGN(out.day, of_option("day", calendar::parse_day(day)));
  TRY_ASSIGN(const std::string text, body.required_text("text"));
  out.text = trim(text);
  const bool control = std::ranges::any_of(out.text, [](char c) { return static_cast<unsigned char>(c) < ' '; });
  if (out.text.empty() || out.text.size() > kTextMax || control) {
    return wrong_member("text", "this is no text of a note", fmt::format("one line of at most {} bytes", kTextMax));
  }
  TRY_ASSIGN(const auto kind, body.text("kind"));
  out.kind = kind.value_or("other");
  if (out.kind != "campaign" && out.kind != "price" && out.kind != "other") {
    return wrong_member("kind", quoted(out.kind) + " is no kind of note", "campaign, price or other");
  }
  return out;
}

}  // namespace

Result<Response> list_notes(Intake& intake, const Request& request) {
  TRY_ASSIGN(ServedShop* const shop, intake.shops().asked_for(request));
  TRY_ASSIGN(const Page page, page_of(request));
  std::optional<std::int64_t> day, number;
  if (!page.after.empty()) {
    const std::size_t slash = page.after.find('/');
    day = parse_integer(page.after.substr(0, slash));
    number = slash == std::string::npos ? std::nullopt : parse_integer(page.after.substr(slash + 1));
    if (!day || !number) return wrong_member("cursor", "the cursor is none of this list");
  }
  std::vector<Note> notes;
  // A sample beside the own shop has none.
  if (shop == &intake.shops().home()) {
    const ledger::RoomStore store(shop->ledger);
    const auto read = store.read([&](RoomReader& db) {
      return db.each(
          "SELECT number, id, day, text, kind FROM note WHERE ?1 IS NULL OR (day, number) < (?1, ?2) "
          "ORDER BY day DESC, number DESC LIMIT ?3",
          {day, number, page.limit + 1}, [&](const RoomRow& row) -> Result<void> {
            notes.push_back({row.text(1), row.text(3), row.text(4),
                             calendar::Day{static_cast<std::int32_t>(row.integer(2))}, row.integer(0)});
            return {};
          });
    });
    if (!read) return std::unexpected(read.error());
  }
  const bool more = notes.size() > page.limit;
  if (more) notes.pop_back();
  std::string out;
  JsonWriter json(out);
  json.begin_object().key("rows").begin_array();
  for (const Note& note : notes) write_note(json, note);
  json.end_array().key("next");
  more ? json.value(cursor_of(fmt::format("{}/{}", notes.back().day.number, notes.back().number))) : json.null();
  json.end_object();
  return json_answer(200, std::move(out));
}

Result<Response> add_note(Intake& intake, const Request& request, const KeptAnswers::Slot* slot) {
  TRY_ASSIGN(Note note, note_of(request));
  note.id = random_id("n_", intake.world());
  std::string out;
  JsonWriter json(out);
  write_note(json, note);
  out += "\n";
  ledger::RoomStore store(intake.shops().home().ledger);
  const auto kept = store.write([&](RoomWriter& db) -> Result<void> {
    TRY(db.run("INSERT INTO note(id, day, text, kind, at) VALUES(?1, ?2, ?3, ?4, ?5)",
               {note.id, note.day.number, note.text, note.kind, intake.world().now().ms}));
    return slot == nullptr ? Result<void>{} : KeptAnswers::keep(db, *slot, 201, out);
  });
  if (!kept) return std::unexpected(kept.error());
  return json_answer(201, std::move(out));
}

Result<Response> remove_note(Intake& intake, const Request& request) {
  ledger::RoomStore store(intake.shops().home().ledger);
  std::int64_t removed = 0;
  const auto done = store.write([&](RoomWriter& db) -> Result<void> {
    TRY_ASSIGN(removed, db.change("DELETE FROM note WHERE id = ?1", {request.capture("id")}));
    return {};
  });
  if (!done) return std::unexpected(done.error());
  if (removed == 0) return fail(Errc::kNotFound, "there is no such note", {}, {{}, 0, "id"});
  return Response{204, {}, {}, {}};
}

}  // namespace behoud::app
