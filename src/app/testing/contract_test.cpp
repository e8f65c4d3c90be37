// The implementation of testing/contract.h lies in a *_test.cpp file so that it is part of the tests alone.
#include "app/testing/contract.h"

#include <algorithm>
#include <charconv>
#include <functional>
#include <set>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "app/testing/yaml.h"
#include "base/file.h"
#include "calendar/day.h"
#include "http/target.h"

namespace behoud::app::testing {
namespace {

namespace json = boost::json;

constexpr std::string_view kMethods[] = {"get", "head", "post", "put", "patch", "delete"};

std::string_view text_of(const json::value& v) { return {v.as_string().data(), v.as_string().size()}; }

const json::value* member(const json::object& o, std::string_view name) { return o.if_contains(name); }

std::string_view type_of(const json::value& v) {
  switch (v.kind()) {
    case json::kind::null:
      return "null";
    case json::kind::bool_:
      return "boolean";
    case json::kind::int64:
    case json::kind::uint64:
      return "integer";
    case json::kind::double_:
      return "number";
    case json::kind::string:
      return "string";
    case json::kind::array:
      return "array";
    case json::kind::object:
      return "object";
  }
  return "";
}

bool has_type(const json::value& value, const json::value& wanted) {
  if (wanted.is_array()) {
    return std::ranges::any_of(wanted.as_array(), [&](const json::value& one) { return has_type(value, one); });
  }
  const std::string_view type = type_of(value);
  return type == text_of(wanted) || (type == "integer" && text_of(wanted) == "number");
}

double number_of(const json::value& v) { return v.to_number<double>(); }

std::vector<std::string_view> split(std::string_view text, char by) {
  std::vector<std::string_view> out;
  while (true) {
    const std::size_t at = text.find(by);
    out.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return out;
    text.remove_prefix(at + 1);
  }
}

}  // namespace

Result<Contract> Contract::load(const std::string& path) {
  TRY_ASSIGN(const std::string text, read_file(path, 16 << 20));
  return parse(text);
}

Result<Contract> Contract::parse(std::string_view yaml) {
  TRY_ASSIGN(json::value document, parse_yaml(yaml));
  if (!document.is_object()) return fail(Errc::kBadInput, "no mapping");
  return Contract(std::move(document.as_object()));
}

const json::value* Contract::at(std::string_view reference) const {
  if (!reference.starts_with("#/")) return nullptr;
  const json::object* here = &document_;
  const json::value* found = nullptr;
  for (const std::string_view part : split(reference.substr(2), '/')) {
    if (here == nullptr) return nullptr;
    found = member(*here, part);
    if (found == nullptr) return nullptr;
    here = found->if_object();
  }
  return found;
}

const json::object* Contract::resolved(const json::value& maybe_reference) const {
  const json::object* object = maybe_reference.if_object();
  for (int depth = 0; object != nullptr && depth < 16; ++depth) {
    const json::value* reference = member(*object, "$ref");
    if (reference == nullptr) return object;
    const json::value* found = at(text_of(*reference));
    object = found == nullptr ? nullptr : found->if_object();
  }
  return object;
}

std::vector<Contract::Operation> Contract::operations() const {
  std::vector<Operation> out;
  const json::value* paths = member(document_, "paths");
  if (paths == nullptr) return out;
  for (const auto& path : paths->as_object()) {
    for (const std::string_view method : kMethods) {
      const json::value* operation = member(path.value().as_object(), method);
      if (operation != nullptr) out.push_back({std::string{method}, std::string{path.key()}, &operation->as_object()});
    }
  }
  return out;
}

std::optional<Contract::Operation> Contract::operation_of(std::string_view method, std::string_view target) const {
  const auto asked = split(target.substr(0, target.find('?')), '/');
  std::optional<Operation> best;
  std::size_t best_literals = 0;
  for (Operation& operation : operations()) {
    const auto pattern = split(operation.path, '/');
    if (operation.method != method || pattern.size() != asked.size()) continue;
    std::size_t literals = 0;
    bool fits = true;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
      if (pattern[i].starts_with('{') && !asked[i].empty()) continue;
      fits = fits && pattern[i] == asked[i];
      ++literals;
    }
    if (fits && (!best || literals > best_literals)) {
      best = std::move(operation);
      best_literals = literals;
    }
  }
  return best;
}

Faults Contract::faults_of_request(const Operation& of, std::string_view target, std::string_view body) const {
  Faults out;
  const auto parsed = http::parse_target(target);
  if (!parsed) return {"the target cannot be read"};
  std::set<std::string, std::less<>> known;
  if (const json::value* parameters = member(*of.content, "parameters")) {
    for (const json::value& one : parameters->as_array()) {
      const json::object* parameter = resolved(one);
      if (parameter == nullptr) {
        out.emplace_back("a parameter refers to nothing");
        continue;
      }
      if (text_of(parameter->at("in")) == "query") known.emplace(text_of(parameter->at("name")));
    }
  }
  for (const auto& [name, value] : parsed->query) {
    if (!known.contains(name)) out.emplace_back("the parameter " + name + " is not described");
  }
  const json::value* request_body = member(*of.content, "requestBody");
  if (body.empty()) return out;
  if (request_body == nullptr) {
    out.emplace_back("a body is sent, and none is described");
    return out;
  }
  const json::object* described = resolved(*request_body);
  const json::object& content = described->at("content").as_object();
  const json::value* as_json = content.if_contains("application/json");
  if (as_json == nullptr) return out;  // of another type: any bytes
  boost::system::error_code error;
  const json::value value = json::parse(body, error);
  if (error) return {"the request's body is no JSON"};
  const Faults more = faults_of_value(as_json->at("schema"), value);
  out.insert(out.end(), more.begin(), more.end());
  return out;
}

Faults Contract::faults_of_answer(const Operation& of, int status, std::string_view content_type,
                                  std::string_view body) const {
  const json::object& responses = of.content->at("responses").as_object();
  const json::value* response = responses.if_contains(std::to_string(status));
  if (response == nullptr) response = responses.if_contains("default");
  if (response == nullptr) return {fmt::format("the status {} is not described", status)};
  const json::object* described = resolved(*response);
  if (described == nullptr) return {"the response refers to nothing"};
  const json::value* content = member(*described, "content");
  if (content == nullptr) {
    return body.empty() ? Faults{} : Faults{fmt::format("a body with {}, and none is described", status)};
  }
  const std::string_view type = content_type.substr(0, content_type.find(';'));
  const json::value* media = content->as_object().if_contains(type);
  if (media == nullptr) return {fmt::format("the type {} of a {} is not described", type, status)};
  if (type != "application/json") return {};
  boost::system::error_code error;
  const json::value value = json::parse(body, error);
  if (error) return {"the answer is no JSON"};
  return faults_of_value(media->at("schema"), value);
}

Faults Contract::faults_of_value(const json::value& schema, const json::value& value) const {
  Faults out;
  judge(schema, value, "", out);
  return out;
}

void Contract::judge(const json::value& schema, const json::value& value, const std::string& where,
                     Faults& faults) const {
  if (schema.is_bool()) {
    if (!schema.as_bool()) faults.push_back(where + ": nothing may stand here");
    return;
  }
  const json::object* s = resolved(schema);
  if (s == nullptr) {
    faults.push_back(where + ": the schema refers to nothing");
    return;
  }
  if (const json::value* type = member(*s, "type"); type != nullptr && !has_type(value, *type)) {
    faults.push_back(fmt::format("{}: is {}, not {}", where, type_of(value), json::serialize(*type)));
    return;
  }
  if (const json::value* choices = member(*s, "enum")) {
    if (std::ranges::find(choices->as_array(), value) == choices->as_array().end()) {
      faults.push_back(fmt::format("{}: {} is none of {}", where, json::serialize(value), json::serialize(*choices)));
    }
  }
  if (const json::value* constant = member(*s, "const"); constant != nullptr && *constant != value) {
    faults.push_back(fmt::format("{}: is not {}", where, json::serialize(*constant)));
  }
  if (value.is_number()) {
    if (const json::value* least = member(*s, "minimum"); least != nullptr && number_of(value) < number_of(*least)) {
      faults.push_back(where + ": is below the minimum");
    }
    if (const json::value* most = member(*s, "maximum"); most != nullptr && number_of(value) > number_of(*most)) {
      faults.push_back(where + ": is above the maximum");
    }
  }
  if (const json::value* format = member(*s, "format"); format != nullptr && value.is_string()) {
    const bool ok = text_of(*format) == "date"        ? calendar::parse_day(text_of(value)).has_value()
                    : text_of(*format) == "date-time" ? calendar::parse_instant(text_of(value)).has_value()
                                                      : true;
    if (!ok) faults.push_back(fmt::format("{}: {} is no {}", where, text_of(value), text_of(*format)));
  }
  for (const char* word : {"oneOf", "anyOf"}) {
    const json::value* parts = member(*s, word);
    if (parts == nullptr) continue;
    int fitting = 0;
    Faults nearest;
    for (const json::value& part : parts->as_array()) {
      Faults of_part;
      judge(part, value, where, of_part);
      if (of_part.empty()) ++fitting;
      if (nearest.empty() || of_part.size() < nearest.size()) nearest = std::move(of_part);
    }
    if (fitting == 0) {
      faults.push_back(where + ": fits none of " + word);
      faults.insert(faults.end(), nearest.begin(), nearest.end());
    } else if (fitting > 1 && std::string_view(word) == "oneOf") {
      faults.push_back(where + ": fits more than one of oneOf");
    }
  }
  if (value.is_array()) {
    if (const json::value* items = member(*s, "items")) {
      std::size_t i = 0;
      for (const json::value& item : value.as_array()) judge(*items, item, fmt::format("{}[{}]", where, i++), faults);
    }
    const auto size = static_cast<double>(value.as_array().size());
    const json::value* least = member(*s, "minItems");
    const json::value* most = member(*s, "maxItems");
    if ((least != nullptr && size < number_of(*least)) || (most != nullptr && size > number_of(*most))) {
      faults.push_back(where + ": has too few items, or too many");
    }
  }
  if (value.is_object()) judge_object(*s, value.as_object(), where, faults);
}

void Contract::judge_object(const json::object& schema, const json::object& value, const std::string& where,
                            Faults& faults) const {
  // The parts of an allOf are one closed object together.
  std::vector<const json::object*> parts{&schema};
  for (std::size_t i = 0; i < parts.size() && i < 64; ++i) {
    const json::value* all = member(*parts[i], "allOf");
    if (all == nullptr) continue;
    for (const json::value& part : all->as_array()) {
      if (const json::object* one = resolved(part)) parts.push_back(one);
    }
  }
  bool described = false;
  const json::value* additional = nullptr;
  for (const json::object* part : parts) {
    described = described || member(*part, "properties") != nullptr;
    if (const json::value* found = member(*part, "additionalProperties")) additional = found;
    const json::value* required = member(*part, "required");
    if (required == nullptr) continue;
    for (const json::value& name : required->as_array()) {
      if (!value.contains(text_of(name))) faults.push_back(fmt::format("{}.{}: is missing", where, text_of(name)));
    }
  }
  if (!described && additional == nullptr) return;  // by another keyword, as oneOf
  for (const auto& one : value) {
    const std::string inside = fmt::format("{}.{}", where, std::string_view(one.key().data(), one.key().size()));
    bool known = false;
    for (const json::object* part : parts) {
      const json::value* properties = member(*part, "properties");
      if (properties == nullptr) continue;
      if (const json::value* property = properties->as_object().if_contains(one.key())) {
        known = true;
        judge(*property, one.value(), inside, faults);
      }
    }
    if (known) continue;
    if (additional == nullptr || (additional->is_bool() && !additional->as_bool())) {
      faults.push_back(inside + ": is not described");
    } else {
      judge(*additional, one.value(), inside, faults);
    }
  }
}

void Contract::look_at(const json::value& schema, const std::string& where, Faults& faults) const {
  static const std::set<std::string, std::less<>> kKnown{
      "$ref",   "type",       "required", "properties", "additionalProperties",
      "items",  "enum",       "const",    "oneOf",      "anyOf",
      "allOf",  "minimum",    "maximum",  "minItems",   "maxItems",
      "format", "description"};
  if (schema.is_bool()) return;
  const json::object* s = schema.if_object();
  if (s == nullptr) {
    faults.push_back(where + ": is no schema");
    return;
  }
  for (const auto& one : *s) {
    const std::string_view keyword{one.key().data(), one.key().size()};
    if (!kKnown.contains(keyword)) faults.push_back(fmt::format("{}: the keyword {} is not known", where, keyword));
  }
  if (const json::value* reference = member(*s, "$ref"); reference != nullptr && at(text_of(*reference)) == nullptr) {
    faults.push_back(fmt::format("{}: {} is not there", where, text_of(*reference)));
  }
  if (const json::value* properties = member(*s, "properties")) {
    for (const auto& one : properties->as_object()) {
      look_at(one.value(), where + "." + std::string{one.key()}, faults);
    }
    if (const json::value* required = member(*s, "required")) {
      for (const json::value& name : required->as_array()) {
        if (!properties->as_object().contains(text_of(name))) {
          faults.push_back(fmt::format("{}: {} is required and not described", where, text_of(name)));
        }
      }
    }
  }
  for (const char* word : {"items", "additionalProperties"}) {
    if (const json::value* inner = member(*s, word)) look_at(*inner, where + "." + word, faults);
  }
  for (const char* word : {"oneOf", "anyOf", "allOf"}) {
    if (const json::value* parts = member(*s, word)) {
      for (const json::value& part : parts->as_array()) look_at(part, where + "." + word, faults);
    }
  }
  const json::value* type = member(*s, "type");
  if (type == nullptr) return;
  const auto says = [&](std::string_view word) {
    return type->is_string() ? text_of(*type) == word
                             : std::ranges::any_of(type->as_array(), [&](const auto& t) { return text_of(t) == word; });
  };
  if (says("object") && !s->contains("properties") && !s->contains("additionalProperties") && !s->contains("oneOf") &&
      !s->contains("allOf")) {
    faults.push_back(where + ": an object that says nothing of what is in it");
  }
  if (says("array") && !s->contains("items")) faults.push_back(where + ": an array that says nothing of its items");
}

Faults Contract::faults_of_itself() const {
  Faults out;
  std::set<std::string> used;
  const std::function<void(const json::value&)> collect = [&](const json::value& v) {
    if (const json::array* a = v.if_array()) {
      for (const json::value& item : *a) collect(item);
    }
    if (const json::object* o = v.if_object()) {
      for (const auto& one : *o) {
        if (one.key() == "$ref" && one.value().is_string()) used.emplace(text_of(one.value()));
        collect(one.value());
      }
    }
  };
  collect(json::value(document_));
  const json::value* components = member(document_, "components");
  if (components != nullptr) {
    for (const auto& group : components->as_object()) {
      for (const auto& one : group.value().as_object()) {
        const std::string name =
            fmt::format("#/components/{}/{}", std::string_view(group.key()), std::string_view(one.key()));
        if (group.key() != "securitySchemes" && !used.contains(name)) out.push_back(name + ": nobody uses it");
        if (group.key() == "schemas") look_at(one.value(), name, out);
      }
    }
  }
  for (const std::string& reference : used) {
    if (at(reference) == nullptr) out.push_back(reference + ": is not there");
  }
  for (const Operation& operation : operations()) {
    const std::string name = operation.method + " " + operation.path;
    if (!operation.content->contains("summary")) out.push_back(name + ": no summary");
    const auto schemas = [&](const json::value& holder) {
      const json::object* described = resolved(holder);
      const json::value* content = described == nullptr ? nullptr : member(*described, "content");
      if (content == nullptr) return;
      for (const auto& media : content->as_object()) look_at(media.value().at("schema"), name, out);
    };
    for (const auto& response : operation.content->at("responses").as_object()) schemas(response.value());
    if (const json::value* body = member(*operation.content, "requestBody")) schemas(*body);
    // Each {name} of the path is a parameter.
    for (const std::string_view part : split(operation.path, '/')) {
      if (!part.starts_with('{')) continue;
      bool there = false;
      if (const json::value* parameters = member(*operation.content, "parameters")) {
        for (const json::value& one : parameters->as_array()) {
          const json::object* p = resolved(one);
          there = there || (p != nullptr && text_of(p->at("in")) == "path" &&
                            text_of(p->at("name")) == part.substr(1, part.size() - 2));
        }
      }
      if (!there) out.push_back(fmt::format("{}: {} is not described", name, part));
    }
  }
  return out;
}

TEST(Contract, JudgesValues) {
  const auto contract = Contract::parse(R"yaml(
components:
  schemas:
    Point:
      type: object
      required: [x]
      properties:
        x: {type: integer, minimum: 0}
        day: {type: [string, 'null'], format: date}
        kind: {enum: [a, b]}
    More:
      allOf:
        - $ref: '#/components/schemas/Point'
        - {type: object, properties: {z: {type: number}}}
    Either: {oneOf: [{type: string}, {$ref: '#/components/schemas/Point'}]}
    Map: {type: object, additionalProperties: {type: array, items: {type: boolean}, maxItems: 2}}
)yaml");
  ASSERT_TRUE(contract.has_value()) << contract.error().message;
  const struct {
    const char* schema;
    const char* value;
    std::vector<std::string> faults;
  } cases[] = {
      {"Point", R"({"x":1})", {}},
      {"Point", R"({"x":1,"day":"2024-02-29","kind":"b"})", {}},
      {"Point", R"({"x":1,"day":null})", {}},
      {"Point", R"({"day":"2023-02-29"})", {".x: is missing", ".day: 2023-02-29 is no date"}},
      {"Point", R"({"x":-1})", {".x: is below the minimum"}},
      {"Point", R"({"x":1.5})", {R"(.x: is number, not "integer")"}},
      {"Point", R"({"x":1,"y":2})", {".y: is not described"}},
      {"Point", R"({"x":1,"kind":"c"})", {R"(.kind: "c" is none of ["a","b"])"}},
      {"Point", "[]", {R"(: is array, not "object")"}},
      {"More", R"({"x":1,"z":2})", {}},
      {"More", R"({"z":2,"q":0})", {".x: is missing", ".q: is not described"}},
      {"Either", R"("a")", {}},
      {"Either", "7", {": fits none of oneOf", R"(: is integer, not "string")"}},
      {"Map", R"({"a":[true,false],"b":[]})", {}},
      {"Map", R"({"a":[true,1,true]})", {R"(.a[1]: is integer, not "boolean")", ".a: has too few items, or too many"}},
  };
  for (const auto& c : cases) {
    const json::value schema{{"$ref", std::string("#/components/schemas/") + c.schema}};
    EXPECT_EQ(contract->faults_of_value(schema, json::parse(c.value)), c.faults) << c.schema << " " << c.value;
  }
}

TEST(Contract, FindsTheOperationOfARequest) {
  const auto contract = Contract::parse(R"yaml(
paths:
  /a/{id}: {get: {responses: {}}, delete: {responses: {}}}
  /a/new: {get: {responses: {}}}
  /a/{id}/b: {post: {responses: {}}}
)yaml");
  ASSERT_TRUE(contract.has_value()) << contract.error().message;
  EXPECT_EQ(contract->operation_of("get", "/a/7?x=1")->path, "/a/{id}");
  EXPECT_EQ(contract->operation_of("get", "/a/new")->path, "/a/new");
  EXPECT_EQ(contract->operation_of("post", "/a/7/b")->path, "/a/{id}/b");
  EXPECT_FALSE(contract->operation_of("put", "/a/7").has_value());
  EXPECT_FALSE(contract->operation_of("get", "/a/").has_value());
  EXPECT_EQ(contract->operations().size(), 4U);
}

TEST(Contract, FindsWhatIsWrongWithItself) {
  const auto contract = Contract::parse(R"yaml(
paths:
  /a/{id}: {get: {responses: {'200': {content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}}}}
components:
  schemas:
    A: {type: object, properties: {b: {type: object}, c: {type: array}, d: {$ref: '#/no'}, e: {colour: red}}}
    B: {type: object, required: [y], properties: {x: {type: string}}}
)yaml");
  ASSERT_TRUE(contract.has_value()) << contract.error().message;
  EXPECT_EQ(contract->faults_of_itself(),
            (Faults{"#/components/schemas/A.b: an object that says nothing of what is in it",
                    "#/components/schemas/A.c: an array that says nothing of its items",
                    "#/components/schemas/A.d: #/no is not there",
                    "#/components/schemas/A.e: the keyword colour is not known",
                    "#/components/schemas/B: nobody uses it", "#/components/schemas/B: y is required and not described",
                    "#/no: is not there", "get /a/{id}: no summary", "get /a/{id}: {id} is not described"}));
}

}  // namespace behoud::app::testing
