// Random people doing random things, against a model that keeps everything in plain maps: after each step everybody
// who should be known is known as what they are, and nobody else.

#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "access/testing/room.h"

namespace behoud::access {
namespace {

using namespace testing;
using calendar::kMsPerDay;

struct Model {
  struct Person {
    UserId id = 0;
    Role role = Role::kViewer;
    bool gone = false;
    std::string password{kPassword};
  };
  struct Held {
    std::size_t person = 0;
    std::string secret;
    std::int64_t created = 0, seen = 0;
    bool ended = false;
  };
  struct Kept {
    std::size_t person = 0;
    std::string secret;
    TokenId id = 0;
    Role scope = Role::kViewer;
    std::int64_t expires = 0;
    bool revoked = false;
  };
  std::vector<Person> people;
  std::vector<Held> sessions;
  std::vector<Kept> tokens;

  void end_sessions_of(std::size_t person) {
    for (Held& s : sessions) s.ended |= s.person == person;
  }
  std::optional<Role> of_session(Held& s, std::int64_t now) const {
    const Person& p = people[s.person];
    if (s.ended || p.gone || now - s.created >= kSessionMs || now - s.seen >= kSessionIdleMs) return std::nullopt;
    if (now - s.seen >= kSeenStepMs) s.seen = now;
    return p.role;
  }
  std::optional<Role> of_token(const Kept& t, std::int64_t now) const {
    const Person& p = people[t.person];
    if (t.revoked || p.gone || now >= t.expires) return std::nullopt;
    return std::min(t.scope, p.role);
  }
};

// One room for all cases: a ledger takes a tenth of a second to make. Each case has people of its own.
Room& shared_room() {
  static Room room;
  return room;
}

RC_GTEST_PROP(AccessModel, KnowsWhoeverItShouldAndNobodyElse, ()) {
  static int cases = 0;
  Room& room = shared_room();
  if (!room.access->has_users().value()) room.owner("root");
  const std::string stem = "case" + std::to_string(cases++) + "-";
  Model model;
  const auto name_of = [&](std::size_t person) { return stem + std::to_string(person); };
  const auto join = [&](Role role) {
    const auto in = room.member(name_of(model.people.size()), role);
    model.people.push_back({in.user.id, role, false, std::string(kPassword)});
    model.sessions.push_back({model.people.size() - 1, in.session, room.now.ms, room.now.ms, false});
  };
  join(Role::kEditor);
  join(Role::kViewer);

  const auto steps = *rc::gen::container<std::vector<std::tuple<int, std::size_t, int>>>(
      rc::gen::tuple(rc::gen::inRange(0, 13), rc::gen::arbitrary<std::size_t>(), rc::gen::inRange(0, 100)));
  for (const auto& [what, which, how] : steps) {
    room.steady_ms += kMsPerDay;  // no limit of guesses here: it has its own oracle
    const std::size_t person = which % model.people.size();
    Model::Person& p = model.people[person];
    Model::Held& held = model.sessions[which % model.sessions.size()];
    const Role role = static_cast<Role>(1 + how % 3);
    switch (what) {
      case 0:
        if (model.people.size() < 5) join(role);
        break;
      case 1: {
        const bool right = how % 4 != 0;
        const auto in =
            room.sign_in(name_of(person), right ? p.password : "not their password", "192.0.2." + std::to_string(how));
        RC_ASSERT(in.has_value() == (right && !p.gone));
        if (in) model.sessions.push_back({person, in->session, room.now.ms, room.now.ms, false});
        break;
      }
      case 2:
        RC_ASSERT(room.access->sign_out({Sent::Kind::kSession, held.secret}).has_value());
        held.ended = true;
        break;
      case 3: {
        // Signing in where another's session stands ends that one.
        if (p.gone) break;
        const auto in = room.sign_in(name_of(person), p.password, kHome, {Sent::Kind::kSession, held.secret});
        RC_ASSERT(in.has_value());
        held.ended = true;
        model.sessions.push_back({person, in->session, room.now.ms, room.now.ms, false});
        break;
      }
      case 4: {
        const std::string next = "password number " + std::to_string(how);
        const auto in = room.access->change_password(p.id, p.password, next, kHome);
        RC_ASSERT(in.has_value() == !p.gone);
        if (!in) break;
        p.password = next;
        model.end_sessions_of(person);
        model.sessions.push_back({person, in->session, room.now.ms, room.now.ms, false});
        break;
      }
      case 5: {
        const auto link = room.access->make_link(kCommandLine, p.id);
        RC_ASSERT(link.has_value() == !p.gone);
        if (!link) break;
        const std::string next = "password by link " + std::to_string(how);
        const auto in = room.access->claim(*link, {{}, {}, next}, kHome, {});
        RC_ASSERT(in.has_value());
        RC_ASSERT(!room.access->claim(*link, {{}, {}, next}, kHome, {}).has_value());
        p.password = next;
        model.end_sessions_of(person);
        model.sessions.push_back({person, in->session, room.now.ms, room.now.ms, false});
        break;
      }
      case 6: {
        const auto changed = room.access->change_user(kCommandLine, p.id, {{}, {}, role});
        RC_ASSERT(changed.has_value() == !p.gone);
        if (changed) p.role = role;
        break;
      }
      case 7:
        if (how % 4 == 0) {
          RC_ASSERT(room.access->remove_user(kCommandLine, p.id).has_value() == !p.gone);
          p.gone = true;
        }
        break;
      case 8: {
        if (p.gone) break;
        const std::int64_t expires = room.now.ms + (how + 1) * kMsPerDay / 4;
        const auto made = room.access->make_token({Doer::Kind::kUser, p.id}, "t", role, calendar::Instant{expires});
        RC_ASSERT(made.has_value());
        model.tokens.push_back({person, made->secret, made->token.id, role, expires, false});
        break;
      }
      case 9:
        if (!model.tokens.empty()) {
          Model::Kept& kept = model.tokens[which % model.tokens.size()];
          RC_ASSERT(room.access->revoke_token(kCommandLine, kept.id).has_value());
          kept.revoked = true;
        }
        break;
      case 10:
        room.now.ms += std::int64_t{how} * kMsPerDay / 20;
        break;
      case 11:
        room.now.ms += how * 1000;
        RC_ASSERT(room.access->upkeep().has_value());
        break;
      default:
        // A restart forgets what was not written down.
        RC_ASSERT(room.access->upkeep().has_value());
        if (how % 8 == 0) room.restart();
        break;
    }
    for (Model::Held& s : model.sessions) {
      const auto known = room.who({Sent::Kind::kSession, s.secret});
      const auto expected = model.of_session(s, room.now.ms);
      RC_ASSERT((known ? std::optional(known->role) : std::nullopt) == expected);
      if (known) RC_ASSERT(known->user == std::to_string(model.people[s.person].id));
      if (!expected) s.ended = true;  // what has ended never begins again
    }
    for (const Model::Kept& t : model.tokens) {
      const auto known = room.who({Sent::Kind::kToken, t.secret});
      RC_ASSERT((known ? std::optional(known->role) : std::nullopt) == model.of_token(t, room.now.ms));
    }
  }
  for (const Model::Person& p : model.people) {
    if (!p.gone) RC_ASSERT(room.access->remove_user(kCommandLine, p.id).has_value());
  }
}

}  // namespace
}  // namespace behoud::access
