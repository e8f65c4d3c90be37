#pragma once

// Notes on the time axis (a campaign, a price change), which stand over the charts: what the routes (notes_book.h) and
// `behoud notes` both do. A note belongs to no figure: adding one changes no answer and no revision.

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/sheet.h"
#include "calendar/day.h"
#include "ledger/room_store.h"

namespace behoud {
class JsonWriter;
}

namespace behoud::app {

struct Note {
  std::string id, text, kind;
  calendar::Day day;
  std::int64_t number = 0;  // in the order of their making
};

// What a person said of a note, checked; its id is still to be given. Errors: kInvalidArgument, under day, text or
// kind.
Result<Note> check_note(std::string_view day, std::string_view text, std::optional<std::string_view> kind);

// The newest day first, those behind `after` (a note's day and number); at most `limit`, where given.
Result<std::vector<Note>> read_notes(ledger::Ledger& ledger,
                                     std::optional<std::pair<std::int64_t, std::int64_t>> after = {},
                                     std::optional<std::size_t> limit = {});
Result<void> keep_note(ledger::RoomWriter& db, const Note& note, calendar::Instant at);
// Errors: kNotFound.
Result<void> remove_note(ledger::Ledger& ledger, std::string_view id);

// {"id","day","text","kind"}
void write_note(JsonWriter& json, const Note& note);
// id, day, kind, text.
Sheet notes_sheet(const std::vector<Note>& notes);
// {"rows":[..],"next"}
std::string notes_json(const std::vector<Note>& notes, const std::optional<std::string>& next = {});

}  // namespace behoud::app
