#pragma once

// How this room says no: an Error as everywhere, with a code that programs and the dashboard's texts go by, the status
// of the response, and how long to wait. An Error without a code of its own keeps the word and status of its kind.

#include <chrono>
#include <expected>
#include <string_view>

#include "base/result.h"
#include "http/message.h"

namespace behoud::access {

struct Refusal {
  Error error;
  std::string_view code{};  // "": the error's own word
  int status = 0;           // 0: the error's own
  std::chrono::seconds retry_after{0};

  Refusal() = default;
  Refusal(Error e) : error(std::move(e)) {}  // so that TRY passes an Error on
  Refusal(Errc errc, std::string_view code_, int status_, std::string message, std::string hint = {},
          std::string field = {}, Why why = {})
      : error{errc, std::move(message), std::move(hint), {{}, 0, std::move(field)}, std::move(why)},
        code(code_),
        status(status_) {}
};

template <class T>
using Answer = std::expected<T, Refusal>;

inline std::unexpected<Refusal> refuse(Refusal refusal) { return std::unexpected<Refusal>(std::move(refusal)); }

// {error:{code, message, field, hint}}, never to be kept by a cache. A 401 names the scheme that would open.
http::Response refusal_response(const Refusal& refusal);

}  // namespace behoud::access

// TRY and TRY_ASSIGN (base/result.h) for a function that gives an Answer; what they try may give a Result or an Answer,
// and may itself be a lambda that tries.
#define ASK_(tmp, expr)                                          \
  do {                                                           \
    if (auto tmp = (expr); !tmp) {                               \
      return ::behoud::access::refuse(::std::move(tmp).error()); \
    }                                                            \
  } while (false)
#define ASK(expr) ASK_(BEHOUD_CONCAT(ask_result_, __COUNTER__), expr)
#define ASK_ASSIGN_(tmp, decl, expr)                                   \
  auto tmp = (expr);                                                   \
  if (!tmp) return ::behoud::access::refuse(::std::move(tmp).error()); \
  decl = ::std::move(*tmp)
#define ASK_ASSIGN(decl, expr) ASK_ASSIGN_(BEHOUD_CONCAT(ask_value_, __COUNTER__), decl, expr)
