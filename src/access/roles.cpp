#include "access/roles.h"

#include <array>

namespace behoud::access {
namespace {

constexpr std::array<std::string_view, 4> kRoles{"nobody", "viewer", "editor", "owner"};
constexpr std::array<std::string_view, 4> kScopes{"none", "read", "write", "admin"};

std::optional<Role> find(const std::array<std::string_view, 4>& words, std::string_view word) {
  for (std::size_t i = 1; i < words.size(); ++i) {
    if (words[i] == word) return static_cast<Role>(i);
  }
  return std::nullopt;
}

}  // namespace

std::string_view role_word(Role role) { return kRoles[static_cast<std::size_t>(role)]; }
std::string_view scope_word(Role role) { return kScopes[static_cast<std::size_t>(role)]; }
std::optional<Role> parse_role(std::string_view word) { return find(kRoles, word); }
std::optional<Role> parse_scope(std::string_view word) { return find(kScopes, word); }

}  // namespace behoud::access
