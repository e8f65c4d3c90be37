#include "http/request_counts.h"

#include <limits>
#include <set>
#include <sstream>

#include <gtest/gtest.h>

namespace behoud::http {
namespace {

using namespace std::chrono_literals;

TEST(Prometheus, WritesFamiliesAndSamples) {
  PrometheusText text;
  text.family("a_total", "counter", "How many \\ of a\nkind.").sample({}, 3);
  text.family("b", "gauge", "B.").sample({{"x", "say \"hi\" \\ \n"}, {"y", "é"}}, 0.25);
  EXPECT_EQ(text.text(),
            "# HELP a_total How many \\\\ of a\\nkind.\n# TYPE a_total counter\na_total 3\n"
            "# HELP b B.\n# TYPE b gauge\nb{x=\"say \\\"hi\\\" \\\\ \\n\",y=\"é\"} 0.25\n");
}

TEST(Prometheus, NumbersAreReadBack) {
  const struct {
    double value;
    std::string_view text;
  } cases[] = {{0, "0"},
               {1.5, "1.5"},
               {1e15, "1000000000000000"},
               {std::numeric_limits<double>::infinity(), "+Inf"},
               {-std::numeric_limits<double>::infinity(), "-Inf"},
               {std::numeric_limits<double>::quiet_NaN(), "NaN"}};
  for (const auto& c : cases) EXPECT_EQ(prometheus_number(c.value), c.text);
}

TEST(RequestCounts, CountByRouteMethodAndStatus) {
  RequestCounts counts;
  counts.count({Method::kGet, "/a/{id}", 200, 100, 700us});
  counts.count({Method::kGet, "/a/{id}", 200, 50, 1000us});
  counts.count({Method::kGet, "/a/{id}", 404, 1, 20ms});
  counts.count({Method::kPost, "", 404, 0, 60s});
  PrometheusText text;
  counts.write(text);
  for (const char* line : {"behoud_http_requests_total{method=\"GET\",route=\"/a/{id}\",status=\"200\"} 2\n",
                           "behoud_http_requests_total{method=\"GET\",route=\"/a/{id}\",status=\"404\"} 1\n",
                           "behoud_http_requests_total{method=\"POST\",route=\"\",status=\"404\"} 1\n",
                           "behoud_http_response_bytes_total{route=\"/a/{id}\"} 151\n",
                           "behoud_http_request_duration_seconds_bucket{route=\"/a/{id}\",le=\"0.001\"} 2\n",
                           "behoud_http_request_duration_seconds_bucket{route=\"/a/{id}\",le=\"0.01\"} 2\n",
                           "behoud_http_request_duration_seconds_bucket{route=\"/a/{id}\",le=\"0.025\"} 3\n",
                           "behoud_http_request_duration_seconds_bucket{route=\"/a/{id}\",le=\"+Inf\"} 3\n",
                           "behoud_http_request_duration_seconds_count{route=\"/a/{id}\"} 3\n",
                           "behoud_http_request_duration_seconds_sum{route=\"/a/{id}\"} 0.0217\n",
                           "behoud_http_request_duration_seconds_bucket{route=\"\",le=\"10\"} 0\n",
                           "behoud_http_request_duration_seconds_bucket{route=\"\",le=\"+Inf\"} 1\n"}) {
    EXPECT_NE(text.text().find(line), std::string::npos) << line << "\nin\n" << text.text();
  }
}

TEST(RequestCounts, EveryFamilyStandsOnceAndBeforeItsSamples) {
  RequestCounts counts;
  counts.count({Method::kGet, "/a", 200, 1, 1us});
  PrometheusText text;
  counts.write(text);
  write_connections(text, {3, 10, 2, 1, 1000, 2000});
  EXPECT_NE(text.text().find("\nbehoud_http_connections 3\n"), std::string::npos);
  EXPECT_NE(text.text().find("\nbehoud_http_connections_refused_total 2\n"), std::string::npos);
  EXPECT_NE(text.text().find("\nbehoud_http_sent_bytes_total 2000\n"), std::string::npos);
  std::istringstream lines(text.text());
  std::set<std::string> families;
  std::string family;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("# TYPE ")) {
      family = line.substr(7, line.find(' ', 7) - 7);
      EXPECT_TRUE(families.insert(family).second) << family;
    } else if (!line.starts_with('#')) {
      EXPECT_TRUE(line.starts_with(family)) << line;
    }
  }
}

}  // namespace
}  // namespace behoud::http
