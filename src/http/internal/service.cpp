#include "http/internal/service.h"

#include "http/finish.h"

namespace behoud::http {

const std::string& Service::date() {
  if (!options.unix_seconds) return date_;
  const std::int64_t now = options.unix_seconds();
  if (now != date_of_) {
    date_of_ = now;
    date_ = http_date(now);
  }
  return date_;
}

}  // namespace behoud::http
