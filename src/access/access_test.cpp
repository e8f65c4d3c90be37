#include "access/access.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <thread>

#include <gtest/gtest.h>

#include "access/json_views.h"
#include "access/testing/room.h"
#include "access/upkeep.h"

namespace behoud::access {
namespace {

using namespace testing;
using calendar::kMsPerDay;

std::string_view code_of(const Refusal& refusal) { return refusal.code; }

// ---- The first owner

TEST(Access, TheFirstLinkMakesTheOwnerAndOpensOnce) {
  Room room;
  EXPECT_FALSE(room.access->has_users().value());
  const std::string link = room.access->make_owner_link(kCommandLine).value();
  const Link seen = room.access->look_at_link(link, kHome).value();
  EXPECT_EQ(seen.purpose, LinkPurpose::kOwner);
  EXPECT_EQ(seen.email, "");
  const auto in = room.access->claim(link, {" Owner@Example.com ", "The Owner", kPassword}, kHome, {});
  ASSERT_TRUE(in.has_value());
  EXPECT_EQ(in->user.email, "owner@example.com");
  EXPECT_EQ(in->user.role, Role::kOwner);
  EXPECT_TRUE(room.access->has_users().value());
  const auto actor = room.who(session(*in));
  ASSERT_TRUE(actor.has_value());
  EXPECT_EQ(actor->role, Role::kOwner);
  EXPECT_EQ(actor->credential, http::Credential::kSession);
  EXPECT_EQ(actor->user, std::to_string(in->user.id));

  EXPECT_EQ(code_of(room.access->look_at_link(link, kHome).error()), "link_not_valid");
  const auto again = room.access->claim(link, {"b@example.com", "", kPassword}, kHome, {});
  EXPECT_EQ(code_of(again.error()), "link_not_valid");
  EXPECT_EQ(again.error().status, 404);
  EXPECT_EQ(code_of(room.access->make_owner_link(kCommandLine).error()), "already_owned");
}

TEST(Access, OnlyTheNewestFirstLinkOpensAndOnlyForADay) {
  Room room;
  const std::string first = room.access->make_owner_link(kCommandLine).value();
  const std::string second = room.access->make_owner_link(kCommandLine).value();
  EXPECT_FALSE(room.access->look_at_link(first, kHome).has_value());
  room.now.ms += kLinkMs - 1;
  EXPECT_TRUE(room.access->look_at_link(second, kHome).has_value());
  room.now.ms += 1;
  EXPECT_FALSE(room.access->look_at_link(second, kHome).has_value());
  EXPECT_FALSE(room.access->claim(second, {"a@example.com", "", kPassword}, kHome, {}).has_value());
  EXPECT_FALSE(room.access->has_users().value());
}

TEST(Access, AClaimThatIsRefusedLeavesTheLinkAsItWas) {
  Room room;
  const std::string link = room.access->make_owner_link(kCommandLine).value();
  const struct {
    Access::Claim claim;
    const char* field;
  } bad[] = {{{"not an address", "", kPassword}, "email"},
             {{"a@example.com", "a\nb", kPassword}, "name"},
             {{"a@example.com", "", "short"}, "password"},
             {{"long@example.com", "", "long@example.com"}, "password"}};
  for (const auto& b : bad) {
    const auto refused = room.access->claim(link, b.claim, kHome, {});
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().error.place.column, b.field);
  }
  EXPECT_TRUE(room.access->claim(link, {"a@example.com", "", kPassword}, kHome, {}).has_value());
}

// ---- Signing in

TEST(Access, WrongAndUnknownAreToldAlike) {
  Room room;
  room.owner();
  const auto wrong = room.sign_in("owner", "battery staple"), unknown = room.sign_in("nobody");
  ASSERT_FALSE(wrong.has_value());
  ASSERT_FALSE(unknown.has_value());
  EXPECT_EQ(wrong.error().error, unknown.error().error);
  EXPECT_EQ(code_of(wrong.error()), "wrong_password");
  EXPECT_EQ(code_of(unknown.error()), "wrong_password");
  EXPECT_EQ(wrong.error().status, unknown.error().status);
  EXPECT_FALSE(room.sign_in("owner", std::string(2000, 'x')).has_value());
  EXPECT_FALSE(room.access->sign_in(std::string(2000, 'x'), kPassword, kHome, {}).has_value());
  EXPECT_FALSE(room.access->sign_in("", "", kHome, {}).has_value());
  const auto in = room.access->sign_in(" OWNER@example.com", kPassword, kHome, {});
  ASSERT_TRUE(in.has_value()) << "an address is known in any letters";
  // An invited person has no password yet, so none is right.
  ASSERT_TRUE(room.access->invite(kCommandLine, "new@example.com", "", Role::kViewer).has_value());
  EXPECT_EQ(code_of(room.sign_in("new", "").error()), "wrong_password");
}

TEST(Access, ASessionThatSomebodyPlantedIsNotTheOneThatComesOut) {
  Room room;
  room.owner();
  const auto mallory = room.member("mallory", Role::kViewer);
  // Mallory's session stands in the owner's browser when the owner signs in: it does not become the owner's, and ends.
  const auto in = room.sign_in("owner", kPassword, kHome, session(mallory));
  ASSERT_TRUE(in.has_value());
  EXPECT_NE(in->session, mallory.session);
  EXPECT_EQ(room.who(session(mallory)), std::nullopt);
  EXPECT_EQ(room.who(session(*in))->role, Role::kOwner);
  // One that was never given out opens nothing afterwards either.
  const std::string made_up(kSecretLetters, 'A');
  ASSERT_TRUE(room.sign_in("owner", kPassword, kHome, {Sent::Kind::kSession, made_up}).has_value());
  EXPECT_EQ(room.who({Sent::Kind::kSession, made_up}), std::nullopt);
}

TEST(Access, GuessesOfOneAccountWaitWhereverTheyComeFrom) {
  Room room;
  room.owner();
  int tries = 0;
  for (; tries < 30; ++tries) {
    const auto guessed = room.sign_in("owner", "battery staple", "192.0.2." + std::to_string(tries));
    ASSERT_FALSE(guessed.has_value());
    if (code_of(guessed.error()) == "too_many_attempts") break;
    EXPECT_EQ(code_of(guessed.error()), "wrong_password");
  }
  EXPECT_EQ(tries, 6) << "five are free, the sixth begins the wait";
  const auto right = room.sign_in("owner", kPassword, "198.51.100.1");
  ASSERT_FALSE(right.has_value()) << "the right password has to wait as well";
  EXPECT_EQ(right.error().status, 429);
  EXPECT_EQ(right.error().retry_after.count(), 1);
  room.steady_ms += 1000;
  EXPECT_TRUE(room.sign_in("owner", kPassword, "198.51.100.1").has_value());
  EXPECT_EQ(code_of(room.sign_in("owner", "battery staple").error()), "wrong_password") << "a new count";
}

TEST(Access, GuessesFromOneAddressWaitWhicheverAccountTheyAreOf) {
  Room room;
  room.owner();
  room.member("mallory", Role::kViewer);
  int refused = 0;
  for (int i = 0; i < 40; ++i) {
    // An own account that opens in between does not begin the count anew.
    if (i % 5 == 0) [[maybe_unused]]
      const auto own = room.sign_in("mallory", kPassword, "2001:db8::1");
    const auto guess = room.sign_in("guess" + std::to_string(i), "x", "2001:db8::" + std::to_string(i + 1));
    refused += code_of(guess.error()) == "too_many_attempts" ? 1 : 0;
  }
  EXPECT_GE(refused, 15) << "one household has 2^64 addresses";
  EXPECT_TRUE(room.sign_in("owner", kPassword, "192.0.2.1").has_value()) << "others come in";
}

TEST(Access, AnAddressIsCountedByItsNetwork) {
  EXPECT_EQ(limit_key("2001:db8:0:1::1"), limit_key("2001:db8:0:1:ffff::2"));
  EXPECT_NE(limit_key("2001:db8:0:1::1"), limit_key("2001:db8:0:2::1"));
  EXPECT_EQ(limit_key("::ffff:192.0.2.1"), limit_key("192.0.2.1"));
  EXPECT_NE(limit_key("192.0.2.1"), limit_key("192.0.2.2"));
  EXPECT_EQ(limit_key("fe80::1%eth0"), limit_key("fe80::2"));
  EXPECT_EQ(limit_key(""), limit_key(""));
}

// ---- Sessions and their end

TEST(Access, ASessionEndsWithoutUseAndAfterItsTime) {
  Room room;
  const auto idle = room.owner();
  const auto used = room.sign_in("owner").value();
  room.now.ms += kSessionIdleMs - 1;
  EXPECT_TRUE(room.who(session(used)).has_value());
  room.now.ms += 1;
  EXPECT_EQ(room.who(session(idle)), std::nullopt);
  ASSERT_TRUE(room.access->upkeep().has_value());
  room.restart();
  // Used every six days, through restarts, it holds until the thirtieth.
  for (int day = 7; day + 6 < 30; day += 6) {
    ASSERT_TRUE(room.who(session(used)).has_value()) << day;
    ASSERT_TRUE(room.access->upkeep().has_value());
    room.restart();
    room.now.ms += 6 * kMsPerDay;
  }
  EXPECT_TRUE(room.who(session(used)).has_value());
  room.now.ms = used.ends.ms - 1;
  EXPECT_TRUE(room.who(session(used)).has_value());
  room.now.ms += 1;
  EXPECT_EQ(room.who(session(used)), std::nullopt);
}

TEST(Access, AnotherPasswordEndsEverySession) {
  Room room;
  const auto one = room.owner();
  const auto two = room.sign_in("owner").value();
  const auto other = room.member("editor", Role::kEditor);
  const std::string link = room.access->make_link(kCommandLine, one.user.id).value();
  EXPECT_EQ(code_of(room.access->change_password(one.user.id, "wrong horse", "battery staple", kHome).error()),
            "wrong_password");
  EXPECT_EQ(room.access->change_password(one.user.id, kPassword, "short", kHome).error().error.place.column,
            "password");
  EXPECT_TRUE(room.who(session(one)).has_value());
  const auto changed = room.access->change_password(one.user.id, kPassword, "battery staple", kHome);
  ASSERT_TRUE(changed.has_value());
  EXPECT_EQ(room.who(session(one)), std::nullopt);
  EXPECT_EQ(room.who(session(two)), std::nullopt);
  EXPECT_TRUE(room.who(session(*changed)).has_value());
  EXPECT_TRUE(room.who(session(other)).has_value());
  EXPECT_FALSE(room.access->look_at_link(link, kHome).has_value());
  EXPECT_FALSE(room.sign_in("owner").has_value());
  EXPECT_TRUE(room.sign_in("owner", "battery staple").has_value());
}

TEST(Access, ALostPasswordIsReplacedByALink) {
  Room room;
  const auto one = room.owner();
  const std::string link = room.access->make_link_for(kCommandLine, "OWNER@example.com").value();
  const Link seen = room.access->look_at_link(link, kHome).value();
  EXPECT_EQ(seen.purpose, LinkPurpose::kReset);
  EXPECT_EQ(seen.email, "owner@example.com");
  const auto in = room.access->claim(link, {"other@example.com", "Other", "battery staple"}, kHome, {});
  ASSERT_TRUE(in.has_value());
  EXPECT_EQ(in->user.email, "owner@example.com") << "a link is for one person";
  EXPECT_EQ(in->user.name, "owner") << "and changes the password alone";
  EXPECT_EQ(room.who(session(one)), std::nullopt);
  EXPECT_TRUE(room.sign_in("owner", "battery staple").has_value());
  EXPECT_EQ(code_of(room.access->make_link_for(kCommandLine, "nobody@example.com").error()), "not_found");
}

TEST(Access, ACopiedFolderHasNoSessionsAndNoLinks) {
  Room room;
  const auto in = room.owner();
  const std::string link = room.access->make_link(kCommandLine, in.user.id).value();
  const auto made = room.access->make_token(kCommandLine, "till", Role::kViewer, {}).value();
  room.end();
  std::filesystem::copy(room.path() + "/data", room.path() + "/copy", std::filesystem::copy_options::recursive);
  std::filesystem::remove_all(room.path() + "/data");
  // Copied back: the same bytes in another place.
  std::filesystem::copy(room.path() + "/copy", room.path() + "/data", std::filesystem::copy_options::recursive);
  room.restart();
  EXPECT_EQ(room.who(session(in)), std::nullopt);
  EXPECT_FALSE(room.access->look_at_link(link, kHome).has_value());
  EXPECT_TRUE(room.who(token(made.secret)).has_value());
  EXPECT_TRUE(room.sign_in("owner").has_value());
}

TEST(Access, HoldsSoManySessionsOfAUser) {
  Room room;
  const auto first = room.owner();
  std::vector<Access::SignedIn> all;
  for (int i = 0; i < kSessionsOfUserMax; ++i) {
    room.now.ms += 1000;
    all.push_back(room.sign_in("owner").value());
  }
  EXPECT_EQ(room.who(session(first)), std::nullopt) << "the oldest made room";
  for (const auto& in : all) EXPECT_TRUE(room.who(session(in)).has_value());
}

// ---- People

TEST(Access, TheLastOwnerStays) {
  Room room;
  const auto owner = room.owner();
  const Access::UserChange demoted{{}, {}, Role::kEditor};
  const auto stays = [&] {
    const auto removed = room.access->remove_user(kCommandLine, owner.user.id);
    const auto changed = room.access->change_user(kCommandLine, owner.user.id, demoted);
    return !removed && !changed && code_of(removed.error()) == "last_owner" && changed.error().status == 409;
  };
  EXPECT_TRUE(stays());
  const auto invited = room.access->invite(kCommandLine, "second@example.com", "", Role::kOwner);
  EXPECT_TRUE(stays()) << "one who has not come in yet is nobody to rely on";
  const auto second = room.claim(invited->link, "second");
  EXPECT_TRUE(room.access->change_user(kCommandLine, owner.user.id, demoted).has_value());
  EXPECT_EQ(room.who(session(owner))->role, Role::kEditor) << "from now on, in the same session";
  EXPECT_EQ(code_of(room.access->remove_user(kCommandLine, second.user.id).error()), "last_owner");
  EXPECT_TRUE(room.access->remove_user(kCommandLine, owner.user.id).has_value());
  EXPECT_EQ(room.who(session(owner)), std::nullopt);
}

TEST(Access, AnAddressBelongsToOnePersonAtATime) {
  Room room;
  room.owner();
  const auto editor = room.member("editor", Role::kEditor);
  EXPECT_EQ(code_of(room.access->invite(kCommandLine, "EDITOR@example.com", "", Role::kViewer).error()), "email_taken");
  EXPECT_EQ(code_of(room.access->change_user(kCommandLine, editor.user.id, {"owner@example.com", {}, {}}).error()),
            "email_taken");
  const auto moved = room.access->change_user(kCommandLine, editor.user.id, {"new@example.com", "New", {}});
  ASSERT_TRUE(moved.has_value());
  EXPECT_EQ(moved->email, "new@example.com");
  EXPECT_EQ(moved->name, "New");
  EXPECT_EQ(moved->role, Role::kEditor);
  EXPECT_TRUE(room.sign_in("new").has_value());
  EXPECT_EQ(code_of(room.access->change_user(kCommandLine, 77, {}).error()), "not_found");
  EXPECT_EQ(code_of(room.access->remove_user(kCommandLine, 77).error()), "not_found");
}

TEST(Access, RemovingSomebodyErasesThemAndKeepsTheirNumber) {
  Room room;
  room.owner();
  const auto gone = room.member("gone.away", Role::kEditor);
  const std::string link = room.access->make_link(kCommandLine, gone.user.id).value();
  const Doer by{Doer::Kind::kUser, gone.user.id};
  const auto made = room.access->make_token(by, "theirs", Role::kViewer, {}).value();
  ASSERT_TRUE(room.who(token(made.secret)).has_value());
  ASSERT_TRUE(room.access->remove_user(kCommandLine, gone.user.id).has_value());
  EXPECT_EQ(room.who(session(gone)), std::nullopt);
  EXPECT_EQ(room.who(token(made.secret)), std::nullopt);
  EXPECT_FALSE(room.access->look_at_link(link, kHome).has_value());
  EXPECT_EQ(code_of(room.access->user(gone.user.id).error()), "not_found");
  EXPECT_EQ(code_of(room.sign_in("gone.away").error()), "wrong_password");
  const auto rows = room.deeds();
  EXPECT_TRUE(std::ranges::any_of(rows, [&](const DeedRow& r) {
    return r.deed.by.kind == Doer::Kind::kUser && r.deed.by.id == gone.user.id && r.deed.action == "user_joined";
  }));
  // Nothing of them is left in any byte of the folder.
  room.end();
  for (const auto& file : std::filesystem::recursive_directory_iterator(room.path())) {
    if (!file.is_regular_file()) continue;
    std::ifstream in(file.path(), std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(in), {}};
    EXPECT_EQ(bytes.find("gone.away"), std::string::npos) << file.path();
  }
  room.restart();
  const auto next = room.member("gone.away", Role::kViewer);
  EXPECT_NE(next.user.id, gone.user.id) << "a number is never given twice";
}

// ---- Tokens

TEST(Access, ATokenIsWorthItsScopeAndAtMostItsMakersRole) {
  Room room;
  const auto owner = room.owner();
  room.member("second", Role::kOwner);
  const Doer by{Doer::Kind::kUser, owner.user.id};
  const auto admin = room.access->make_token(by, "all", Role::kOwner, {}).value();
  const auto read = room.access->make_token(by, "some", Role::kViewer, {}).value();
  EXPECT_EQ(room.who(token(admin.secret))->role, Role::kOwner);
  EXPECT_EQ(room.who(token(admin.secret))->credential_id, std::to_string(admin.token.id));
  ASSERT_TRUE(room.access->change_user(kCommandLine, owner.user.id, {{}, {}, Role::kEditor}).has_value());
  EXPECT_EQ(room.who(token(admin.secret))->role, Role::kEditor);
  EXPECT_EQ(room.who(token(read.secret))->role, Role::kViewer);
  // A token that makes a token stands for the same person.
  const auto child = room.access->make_token({Doer::Kind::kToken, admin.token.id}, "child", Role::kOwner, {}).value();
  EXPECT_EQ(child.token.made_by, owner.user.id);
  EXPECT_EQ(room.who(token(child.secret))->role, Role::kEditor);
}

TEST(Access, ATokenEndsWhenItWasToldTo) {
  Room room;
  const calendar::Instant end{room.now.ms + 1000};
  const auto made = room.access->make_token(kCommandLine, "till", Role::kEditor, end).value();
  EXPECT_TRUE(made.secret.starts_with("bhd_"));
  room.now.ms += 999;
  EXPECT_TRUE(room.who(token(made.secret)).has_value());
  room.now.ms += 1;
  EXPECT_EQ(room.who(token(made.secret)), std::nullopt);
  EXPECT_EQ(state_of(room.access->tokens().value().front(), room.now), "expired");

  const auto year = room.access->make_token(kCommandLine, "year", Role::kEditor, {}).value();
  EXPECT_EQ(year.token.expires->ms, room.now.ms + 365 * kMsPerDay);
  EXPECT_TRUE(room.who(token(year.secret)).has_value());
  ASSERT_TRUE(room.access->upkeep().has_value());
  const auto tokens = room.access->tokens().value();
  ASSERT_EQ(tokens.size(), 2U);
  EXPECT_EQ(to_string(tokens.front().last_used.value()), "2025-06-15");
  ASSERT_TRUE(room.access->revoke_token(kCommandLine, year.token.id).has_value());
  EXPECT_EQ(room.who(token(year.secret)), std::nullopt);
  EXPECT_TRUE(room.access->revoke_token(kCommandLine, year.token.id).has_value()) << "twice has the effect of once";
  EXPECT_EQ(code_of(room.access->revoke_token(kCommandLine, 99).error()), "not_found");

  const auto field = [&](std::string_view name, Role scope, std::optional<calendar::Instant> expires) {
    return room.access->make_token(kCommandLine, name, scope, expires).error().error.place.column;
  };
  EXPECT_EQ(field("", Role::kViewer, {}), "name");
  EXPECT_EQ(field("x", Role::kNobody, {}), "scope");
  EXPECT_EQ(field("x", Role::kViewer, room.now), "expires_at");
  EXPECT_EQ(field("x", Role::kViewer, calendar::Instant{room.now.ms + 4000 * kMsPerDay}), "expires_at");
}

// ---- The log

TEST(Access, TheLogTellsWhoDidWhatAndNamesNobody) {
  Room room;
  const auto owner = room.owner();
  room.member("editor", Role::kEditor);
  ASSERT_TRUE(room.access->record({{Doer::Kind::kUser, owner.user.id}, "import_done", "import", 3, R"({"rows":7})"}));
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(room.sign_in("owner", "battery staple").has_value());
  for (int i = 0; i < 2; ++i) EXPECT_FALSE(room.sign_in("stranger" + std::to_string(i)).has_value());
  room.now.ms += kHourMs;
  EXPECT_FALSE(room.sign_in("owner", "battery staple").has_value());
  ASSERT_TRUE(room.access->sign_out(session(owner)).has_value());

  std::vector<std::string> told;
  for (const DeedRow& row : room.deeds()) told.push_back(row.deed.action + " x" + std::to_string(row.times));
  const std::vector<std::string> expected{"sign_out x1",       "sign_in_failed x1", "sign_in_failed x2",
                                          "sign_in_failed x3", "import_done x1",    "user_joined x1",
                                          "user_invited x1",   "owner_made x1",     "link_made x1"};
  EXPECT_EQ(told, expected);
  const std::string json = deeds_json(room.deeds(), {});
  EXPECT_EQ(json.find("example.com"), std::string::npos) << json;
  EXPECT_EQ(json.find(kHome), std::string::npos) << json;
}

TEST(Access, TheLogIsPagedFromWhereItWasLeft) {
  Room room;
  for (int i = 0; i < 7; ++i) ASSERT_TRUE(room.access->record({kCommandLine, "a" + std::to_string(i), "", {}, ""}));
  std::string all;
  std::optional<std::int64_t> before;
  for (;;) {
    const auto page = room.access->deeds(before, 3).value();
    for (const DeedRow& row : page) all += row.deed.action + " ";
    if (page.size() < 3) break;
    before = page.back().id;
    // What comes in meanwhile stands before the first page, and moves nothing.
    ASSERT_TRUE(room.access->record({kCommandLine, "new", "", {}, ""}));
  }
  EXPECT_EQ(all, "a6 a5 a4 a3 a2 a1 a0 ");
}

TEST(Access, UpkeepWritesOnlyWhereThereIsSomethingToWrite) {
  Room room;
  const auto in = room.owner();
  ledger::RoomStore store(*room.ledger);
  EXPECT_TRUE(room.who(session(in)).has_value());
  const auto version = store.version();
  ASSERT_TRUE(room.access->upkeep().has_value());
  EXPECT_EQ(store.version(), version) << "used just now: nothing to write down";
  room.now.ms += kSeenStepMs;
  EXPECT_TRUE(room.who(session(in)).has_value());
  ASSERT_TRUE(room.access->upkeep().has_value());
  EXPECT_GT(store.version(), version);
  room.now.ms += kSessionMs;
  ASSERT_TRUE(room.access->upkeep().has_value());
  const auto count = [&](const char* sql) {
    std::int64_t n = -1;
    EXPECT_TRUE(store.read([&](ledger::RoomReader& db) -> Result<void> {
      TRY_ASSIGN(const auto found, db.integer(sql));
      n = found.value_or(-1);
      return {};
    }));
    return n;
  };
  EXPECT_EQ(count("SELECT count(*) FROM session"), 0);
  EXPECT_EQ(count("SELECT count(*) FROM link"), 0);
}

TEST(Access, UpkeepThatHasToWaitForgetsNothing) {
  Room room(kCheapPassword, std::chrono::milliseconds{10});
  const auto in = room.owner();
  room.now.ms += 6 * kMsPerDay;
  EXPECT_TRUE(room.who(session(in)).has_value());
  // Somebody else is writing, and does not come to an end.
  ledger::RoomStore writing(*room.ledger);
  ASSERT_TRUE(writing
                  .write([&](ledger::RoomWriter&) -> Result<void> {
                    EXPECT_TRUE(room.who(session(in)).has_value()) << "who is signed in does not wait";
                    EXPECT_TRUE(ledger::is_busy(room.access->upkeep().error()));
                    const auto busy = room.sign_in("owner");
                    EXPECT_FALSE(busy.has_value());
                    const http::Response told = refusal_response(busy.error());
                    EXPECT_EQ(told.status, 503);
                    EXPECT_EQ(told.headers.find("Retry-After"), "1");
                    EXPECT_NE(told.body.find(R"("code":"busy")"), std::string::npos) << told.body;
                    return {};
                  })
                  .has_value());
  EXPECT_TRUE(room.access->upkeep().has_value());
  EXPECT_TRUE(room.sign_in("owner").has_value());
  room.restart();
  room.now.ms += 6 * kMsPerDay;
  EXPECT_TRUE(room.who(session(in)).has_value()) << "its use was written down after all";
}

TEST(Upkeep, RunsByItselfAndEndsAtOnce) {
  Room room;
  const auto in = room.owner();
  room.now.ms += kSeenStepMs;
  EXPECT_TRUE(room.who(session(in)).has_value());
  ledger::RoomStore store(*room.ledger);
  const auto version = store.version();
  {
    const Upkeep upkeep(*room.access, {}, std::chrono::milliseconds{1});
    while (store.version() == version) std::this_thread::yield();
  }
  const Upkeep long_one(*room.access, {}, std::chrono::hours{1});  // gone when the test is
}

}  // namespace
}  // namespace behoud::access
