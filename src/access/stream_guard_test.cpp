#include "access/stream_guard.h"

#include <gtest/gtest.h>

#include "access/testing/room.h"

namespace behoud::access {
namespace {

using namespace testing;
using http::StreamState;

// A stream of news that goes on for ever, read by somebody with this header; `woken` counts the wakes it was given.
struct Reading {
  Reading(Room& room, const std::string& field, const std::string& value, http::Right right = http::Right::kRead)
      : wake(std::make_shared<const std::function<void()>>([this] { ++woken; })) {
    http::Request request;
    request.headers.set(field, value);
    http::Stream news;
    news.pull = [](std::string& out, const http::Wake&) {
      out += "news\n";
      return StreamState::kWait;
    };
    stream = while_allowed(*room.access, request, right, std::move(news));
  }
  // What comes next, and how it goes on.
  StreamState next() {
    piece.clear();
    return stream.pull(piece, wake);
  }
  bool goes_on() { return next() == StreamState::kWait && piece == "news\n"; }
  // Woken since it was last asked, it ends with a word to the page.
  bool ends() {
    const int before = woken;
    return before > 0 && next() == StreamState::kEnd && piece.starts_with("event: signed_out\ndata: {\"error\":{") &&
           piece.ends_with("}}\n\n") && piece.find("news") == std::string::npos &&
           piece.find("not_signed_in") != std::string::npos;
  }
  int woken = 0;
  http::Wake wake;
  http::Stream stream;
  std::string piece;
};

std::string cookie(const Access::SignedIn& in) { return "behoud_session=" + in.session; }

TEST(StreamGuard, EndsWhenTheSessionIsEnded) {
  Room room;
  const auto in = room.owner();
  Reading reading(room, "Cookie", cookie(in));
  ASSERT_TRUE(reading.goes_on());
  EXPECT_EQ(reading.woken, 0);
  ASSERT_TRUE(room.access->sign_out(session(in)).has_value());
  EXPECT_TRUE(reading.ends()) << reading.piece;
}

TEST(StreamGuard, EndsWhenItsUserIsRemovedOrGetsANewPassword) {
  Room room;
  room.owner();
  const auto removed = room.member("a", Role::kViewer);
  const auto renewed = room.member("b", Role::kViewer);
  Reading one(room, "Cookie", cookie(removed));
  Reading two(room, "Cookie", cookie(renewed));
  ASSERT_TRUE(one.goes_on());
  ASSERT_TRUE(two.goes_on());
  ASSERT_TRUE(room.access->remove_user(kCommandLine, removed.user.id).has_value());
  EXPECT_TRUE(one.ends()) << one.piece;
  ASSERT_TRUE(two.goes_on()) << "who is not concerned reads on";
  ASSERT_TRUE(room.access->change_password(renewed.user.id, kPassword, "another horse", kHome).has_value());
  EXPECT_TRUE(two.ends()) << two.piece;
}

TEST(StreamGuard, EndsWhenTheTokenIsRevoked) {
  Room room;
  room.owner();
  const auto made = room.access->make_token(kCommandLine, "till", Role::kViewer, {}).value();
  Reading reading(room, "Authorization", "Bearer " + made.secret);
  ASSERT_TRUE(reading.goes_on());
  ASSERT_TRUE(room.access->revoke_token(kCommandLine, made.token.id).has_value());
  EXPECT_TRUE(reading.ends()) << reading.piece;
}

TEST(StreamGuard, EndsWhenTheRoleIsNoLongerEnough) {
  Room room;
  room.owner();
  const auto in = room.member("a", Role::kOwner);
  Reading reading(room, "Cookie", cookie(in), http::Right::kAdmin);
  ASSERT_TRUE(reading.goes_on());
  Access::UserChange change;
  change.role = Role::kEditor;
  ASSERT_TRUE(room.access->change_user(kCommandLine, in.user.id, change).has_value());
  EXPECT_TRUE(reading.ends()) << reading.piece;
}

TEST(StreamGuard, EndsWithTheTimeOfSessionAndToken) {
  Room room;
  const auto in = room.owner();
  const auto made =
      room.access
          ->make_token(kCommandLine, "till", Role::kViewer, calendar::Instant{room.now.ms + 2 * calendar::kMsPerDay})
          .value();
  Reading by_cookie(room, "Cookie", cookie(in));
  Reading by_token(room, "Authorization", "Bearer " + made.secret);
  ASSERT_TRUE(by_cookie.goes_on());
  ASSERT_TRUE(by_token.goes_on());
  room.now.ms += 3 * calendar::kMsPerDay;
  ASSERT_TRUE(room.access->upkeep().has_value());
  EXPECT_TRUE(by_token.ends()) << by_token.piece;
  ASSERT_TRUE(by_cookie.goes_on());
  room.now.ms += kSessionMs;
  ASSERT_TRUE(room.access->upkeep().has_value());
  EXPECT_TRUE(by_cookie.ends()) << by_cookie.piece;
}

TEST(StreamGuard, IsToldOfWhatAnotherHasChangedAndOfNothingOnceItHasGone) {
  Room room;
  const auto in = room.owner();
  const auto made = room.access->make_token(kCommandLine, "till", Role::kViewer, {}).value();
  Access command(*room.ledger,
                 {[&room] { return room.now; }, [] { return std::int64_t{0}; }, chance_of(3), kCheapPassword});
  Reading reading(room, "Authorization", "Bearer " + made.secret);
  ASSERT_TRUE(reading.goes_on());
  ASSERT_TRUE(command.revoke_token(kCommandLine, made.token.id).has_value());
  EXPECT_EQ(reading.woken, 0);
  room.access->tell_watchers();
  EXPECT_TRUE(reading.ends()) << reading.piece;

  int woken = 0;
  {
    Reading gone(room, "Cookie", cookie(in));
    ASSERT_TRUE(gone.goes_on());
    gone.stream = {};
    room.access->tell_watchers();
    woken = gone.woken;
  }
  EXPECT_EQ(woken, 0);
}

}  // namespace
}  // namespace behoud::access
