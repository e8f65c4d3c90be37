#pragma once

// Who may do what: three roles, which are also the three scopes of a token. A role holds every right of the ones below.
//
//   viewer / read    figures and people
//   editor / write   and bring data in, costs, notes, settings
//   owner  / admin   and people, tokens, the log of who did what

#include <optional>
#include <string_view>

#include "http/message.h"
#include "http/router.h"

namespace behoud::access {

using http::Role;

constexpr bool allows(Role role, http::Right right) {
  switch (right) {
    case http::Right::kPublic:
      return true;
    case http::Right::kRead:
      return role >= Role::kViewer;
    case http::Right::kWrite:
      return role >= Role::kEditor;
    case http::Right::kAdmin:
      return role >= Role::kOwner;
  }
  return false;
}

std::string_view role_word(Role role);   // "viewer", "editor", "owner"; "nobody"
std::string_view scope_word(Role role);  // "read", "write", "admin"; "none"
std::optional<Role> parse_role(std::string_view word);
std::optional<Role> parse_scope(std::string_view word);

}  // namespace behoud::access
