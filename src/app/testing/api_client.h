#pragma once

// The API of a running server as a program uses it: JSON in, JSON out, uploads, jobs that are waited for by their
// events.

#include <boost/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "app/testing/running_server.h"
#include "http/testing/raw_client.h"

namespace behoud::app::testing {

struct Reply {
  int status = 0;  // 0: the server went away
  std::string type, text;
  std::string head;
  boost::json::value json;  // null where the answer is none

  // A member by its path, "error.code"; null where it is not there.
  const boost::json::value& at(std::string_view path) const;
  std::string text_at(std::string_view path) const;  // "" where it is no text
};

class ApiClient {
 public:
  // May do everything.
  explicit ApiClient(RunningServer& server);
  ApiClient(std::uint16_t port, std::string authorization) : port_(port), authorization_(std::move(authorization)) {}

  // `body`: JSON, or "". `fields`: further header lines, each with its end.
  Reply call(std::string_view method, std::string_view target, std::string_view body = {},
             std::string_view fields = {}) const;
  Reply get(std::string_view target) const { return call("GET", target); }
  // With any body and type.
  Reply send(std::string_view method, std::string_view target, std::string_view type, std::string_view body,
             std::string_view fields = {}) const;

  // The id; "" where it was refused.
  std::string upload(std::string_view name, std::string_view bytes) const;
  // Follows a job's events to its end: the last document; null where they broke off.
  boost::json::value wait_for_job(const std::string& id) const;
  // Uploads, imports and waits: the job as it ended. `more`: further members, as R"("currency":"EUR")".
  boost::json::value import(std::string_view kind, std::string_view name, std::string_view bytes,
                            std::string_view more = {}) const;

  const std::string& authorization() const { return authorization_; }
  std::uint16_t port() const { return port_; }

 private:
  std::uint16_t port_;
  std::string authorization_;
};

// A text as a part of a query.
std::string escaped(std::string_view text);

}  // namespace behoud::app::testing
