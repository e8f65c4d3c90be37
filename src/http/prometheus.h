#pragma once

// Writes metrics in Prometheus' text format, version 0.0.4
// (https://prometheus.io/docs/instrumenting/exposition_formats/): a family's HELP and TYPE, then its samples.
//
//   PrometheusText text;
//   text.family("behoud_http_requests_total", "counter", "Requests answered.").sample({{"status", "200"}}, 12);
//
// A family's name is [a-zA-Z_:][a-zA-Z0-9_:]* and stands once; values of labels may hold anything.

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace behoud::http {

inline constexpr std::string_view kPrometheusType = "text/plain; version=0.0.4; charset=utf-8";

class PrometheusText {
 public:
  using Labels = std::initializer_list<std::pair<std::string_view, std::string_view>>;

  PrometheusText& family(std::string_view name, std::string_view type, std::string_view help);
  // Of the family begun last; `suffix` is for a histogram's "_bucket", "_sum" and "_count".
  PrometheusText& sample(Labels labels, double value, std::string_view suffix = {});
  const std::string& text() const { return text_; }

 private:
  std::string text_, name_;
};

// A number as Prometheus reads it: the shortest digits, "+Inf", "-Inf", "NaN".
std::string prometheus_number(double value);

}  // namespace behoud::http
