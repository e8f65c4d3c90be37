#include "app/server_log.h"

#include <array>
#include <cstdlib>
#include <memory>
#include <typeinfo>

#include <cxxabi.h>

#include "base/text.h"

namespace behoud::app {

Option log_option() {
  return {"log", "LEVEL", "error, warning, info (each request) or debug (default: warning)", false};
}

Result<Log::Level> log_level_of(const Call& call) {
  const std::string_view word = call.value("log").value_or("warning");
  constexpr std::array<std::pair<std::string_view, Log::Level>, 4> kLevels{{{"error", Log::Level::kError},
                                                                            {"warning", Log::Level::kWarning},
                                                                            {"info", Log::Level::kInfo},
                                                                            {"debug", Log::Level::kDebug}}};
  for (const auto& [name, level] : kLevels) {
    if (name == word) return level;
  }
  return fail(Errc::kInvalidArgument, quoted(word) + " is not a level of the log", "error, warning, info or debug",
              {{}, 0, "log"});
}

void log_request(Log& log, const http::Served& served) {
  const auto level = served.status >= 500 && served.status != 503 ? Log::Level::kError : Log::Level::kInfo;
  log.write(level, "request",
            {{"method", http::name(served.method)},
             {"route", served.pattern},
             {"status", served.status},
             {"bytes", served.bytes},
             {"us", static_cast<std::int64_t>(served.took.count())}});
}

void log_thrown(Log& log, std::string_view pattern, const std::exception& thrown) {
  int status = 0;
  const std::unique_ptr<char, void (*)(void*)> name(
      abi::__cxa_demangle(typeid(thrown).name(), nullptr, nullptr, &status), std::free);
  log.error("a handler failed", {{"route", pattern}, {"exception", std::string_view(status == 0 ? name.get() : "?")}});
}

void log_error(Log& log, std::string_view event, const Error& error) {
  log.error(event, {{"message", error.message}, {"file", error.place.file}, {"hint", error.hint}});
}

}  // namespace behoud::app
