#pragma once

// Draws one chart as inline SVG: shapes in user units with classes for their look (the style sheet of html.cpp), a
// title and a description for those who hear it. Coordinates are rounded to a tenth, so that the same chart is the same
// bytes on every machine.
//
//   Svg svg(720, 240, "Customers kept", "From 96 % in January to 97 % in June.");
//   svg.rect(0, 0, 40, 120, "kept");
//   svg.text(20, 136, "100", "label", Anchor::kMiddle);
//   html.add(std::move(svg).finish());

#include <span>
#include <string>
#include <string_view>

#include "retention/report/internal/markup.h"

namespace behoud::retention::report::internal {

enum class Anchor : unsigned char { kStart, kMiddle, kEnd };

struct Point {
  double x = 0, y = 0;
};

// A coordinate with one decimal at most: "12", "12.5", "-3".
std::string coordinate(double value);

class Svg {
 public:
  // `title` and `description` are read out; with an empty title the picture is decoration and hidden from readers.
  Svg(double width, double height, std::string_view title, std::string_view description, std::string_view css_class);

  void rect(double x, double y, double width, double height, std::string_view css_class, double radius = 0);
  void line(Point from, Point to, std::string_view css_class);
  void polyline(std::span<const Point> points, std::string_view css_class);
  void polygon(std::span<const Point> points, std::string_view css_class);
  void circle(Point centre, double radius, std::string_view css_class);
  void text(double x, double y, std::string_view text, std::string_view css_class, Anchor anchor = Anchor::kStart);
  // A group whose shapes share a tooltip: browsers show <title> on hover. Close it with end().
  void begin(std::string_view tooltip);
  void end();
  Markup finish() &&;

 private:
  MarkupWriter writer_;
};

}  // namespace behoud::retention::report::internal
