#include "retention/report/internal/svg.h"

#include <cmath>

#include <fmt/format.h>

namespace behoud::retention::report::internal {

std::string coordinate(double value) {
  if (!std::isfinite(value)) return "0";
  const double tenths = std::round(value * 10);
  const auto whole = static_cast<long long>(tenths);
  if (whole % 10 == 0) return fmt::format("{}", whole / 10);
  return fmt::format("{}{}.{}", whole < 0 ? "-" : "", std::llabs(whole) / 10, std::llabs(whole) % 10);
}

namespace {

std::string joined(std::span<const Point> points) {
  std::string out;
  for (const Point& p : points) {
    if (!out.empty()) out += ' ';
    out += coordinate(p.x);
    out += ',';
    out += coordinate(p.y);
  }
  return out;
}

}  // namespace

Svg::Svg(double width, double height, std::string_view title, std::string_view description,
         std::string_view css_class) {
  const std::string box = fmt::format("0 0 {} {}", coordinate(width), coordinate(height));
  if (title.empty()) {
    writer_.open("svg", {{"class", std::string(css_class)},
                         {"viewBox", box},
                         {"width", coordinate(width)},
                         {"height", coordinate(height)},
                         {"aria-hidden", "true"},
                         {"focusable", "false"}});
  } else {
    writer_.open("svg", {{"class", std::string(css_class)},
                         {"viewBox", box},
                         {"width", coordinate(width)},
                         {"height", coordinate(height)},
                         {"role", "img"}});
    writer_.element("title", title);
    if (!description.empty()) writer_.element("desc", description);
  }
}

void Svg::rect(double x, double y, double width, double height, std::string_view css_class, double radius) {
  if (radius > 0) {
    writer_.empty("rect", {{"class", std::string(css_class)},
                           {"x", coordinate(x)},
                           {"y", coordinate(y)},
                           {"width", coordinate(width)},
                           {"height", coordinate(height)},
                           {"rx", coordinate(radius)}});
    return;
  }
  writer_.empty("rect", {{"class", std::string(css_class)},
                         {"x", coordinate(x)},
                         {"y", coordinate(y)},
                         {"width", coordinate(width)},
                         {"height", coordinate(height)}});
}

void Svg::line(Point from, Point to, std::string_view css_class) {
  writer_.empty("line", {{"class", std::string(css_class)},
                         {"x1", coordinate(from.x)},
                         {"y1", coordinate(from.y)},
                         {"x2", coordinate(to.x)},
                         {"y2", coordinate(to.y)}});
}

void Svg::polyline(std::span<const Point> points, std::string_view css_class) {
  writer_.empty("polyline", {{"class", std::string(css_class)}, {"points", joined(points)}});
}

void Svg::polygon(std::span<const Point> points, std::string_view css_class) {
  writer_.empty("polygon", {{"class", std::string(css_class)}, {"points", joined(points)}});
}

void Svg::circle(Point centre, double radius, std::string_view css_class) {
  writer_.empty("circle", {{"class", std::string(css_class)},
                           {"cx", coordinate(centre.x)},
                           {"cy", coordinate(centre.y)},
                           {"r", coordinate(radius)}});
}

void Svg::text(double x, double y, std::string_view text, std::string_view css_class, Anchor anchor) {
  const char* const anchors[] = {"start", "middle", "end"};
  writer_.element("text", text,
                  {{"class", std::string(css_class)},
                   {"x", coordinate(x)},
                   {"y", coordinate(y)},
                   {"text-anchor", anchors[static_cast<unsigned char>(anchor)]}});
}

void Svg::begin(std::string_view tooltip) {
  writer_.open("g");
  if (!tooltip.empty()) writer_.element("title", tooltip);
}

void Svg::end() { writer_.close("g"); }

Markup Svg::finish() && {
  writer_.close("svg");
  return std::move(writer_).finish();
}

}  // namespace behoud::retention::report::internal
