#include "app/notes.h"

#include <algorithm>
#include <tuple>

#include <fmt/format.h>

#include "app/options.h"
#include "base/json_writer.h"
#include "base/text.h"

namespace behoud::app {
namespace {

using ledger::RoomReader;
using ledger::RoomRow;
using ledger::RoomWriter;

constexpr std::size_t kTextMax = 500;

std::unexpected<Error> wrong(std::string_view what, std::string message, std::string hint) {
  return fail(Errc::kInvalidArgument, std::move(message), std::move(hint), {{}, 0, std::string{what}});
}

}  // namespace

Result<Note> check_note(std::string_view day, std::string_view text, std::optional<std::string_view> kind) {
  Note out;
  TRY_ASSIGN(out.day, of_option("day", calendar::parse_day(day)));
  out.text = trim(text);
  const bool control = std::ranges::any_of(out.text, [](char c) { return static_cast<unsigned char>(c) < ' '; });
  if (out.text.empty() || out.text.size() > kTextMax || control) {
    return fail(Errc::kInvalidArgument, "this is no text of a note",
                fmt::format("one line of at most {} bytes", kTextMax), {{}, 0, "text"},
                {"problem.text_unfit", {{"most", kTextMax}}});
  }
  out.kind = kind.value_or("other");
  if (out.kind != "campaign" && out.kind != "price" && out.kind != "other") {
    return wrong("kind", quoted(out.kind) + " is no kind of note", "campaign, price or other");
  }
  return out;
}

Result<std::vector<Note>> read_notes(ledger::Ledger& ledger, std::optional<std::pair<std::int64_t, std::int64_t>> after,
                                     std::optional<std::size_t> limit) {
  std::vector<Note> notes;
  std::optional<std::int64_t> day, number;
  if (after) std::tie(day, number) = *after;
  const ledger::RoomStore store(ledger);
  TRY(store.read([&](RoomReader& db) {
    return db.each(
        "SELECT number, id, day, text, kind FROM note WHERE ?1 IS NULL OR (day, number) < (?1, ?2) "
        "ORDER BY day DESC, number DESC LIMIT ?3",
        {day, number, limit ? static_cast<std::int64_t>(*limit) : std::int64_t{-1}},
        [&](const RoomRow& row) -> Result<void> {
          notes.push_back({row.text(1), row.text(3), row.text(4),
                           calendar::Day{static_cast<std::int32_t>(row.integer(2))}, row.integer(0)});
          return {};
        });
  }));
  return notes;
}

Result<void> keep_note(RoomWriter& db, const Note& note, calendar::Instant at) {
  return db.run("INSERT INTO note(id, day, text, kind, at) VALUES(?1, ?2, ?3, ?4, ?5)",
                {note.id, note.day.number, note.text, note.kind, at.ms});
}

Result<void> remove_note(ledger::Ledger& ledger, std::string_view id) {
  ledger::RoomStore store(ledger);
  std::int64_t removed = 0;
  TRY(store.write([&](RoomWriter& db) -> Result<void> {
    TRY_ASSIGN(removed, db.change("DELETE FROM note WHERE id = ?1", {id}));
    return {};
  }));
  if (removed == 0) return fail(Errc::kNotFound, "there is no such note", {}, {{}, 0, "id"}, {"problem.note_gone"});
  return {};
}

void write_note(JsonWriter& json, const Note& note) {
  json.begin_object().field("id", note.id).field("day", to_string(note.day)).field("text", note.text);
  json.field("kind", note.kind).end_object();
}

Sheet notes_sheet(const std::vector<Note>& notes) {
  Sheet sheet;
  for (const char* column : {"id", "day", "kind", "text"}) sheet.columns.push_back({column, false});
  for (const Note& n : notes) sheet.rows.push_back({n.id, n.day, n.kind, n.text});
  return sheet;
}

std::string notes_json(const std::vector<Note>& notes, const std::optional<std::string>& next) {
  std::string out;
  JsonWriter json(out);
  json.begin_object().key("rows").begin_array();
  for (const Note& note : notes) write_note(json, note);
  json.end_array().field("next", next).end_object();
  return out + "\n";
}

}  // namespace behoud::app
