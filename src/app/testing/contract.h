#pragma once

// api/openapi.yaml as a judge of real requests and answers: whether an answer is one that the contract describes, field
// by field. A field that is not described is a fault, as is one that is required and missing.
//
// Of JSON Schema it knows: $ref, type (one or several), required, properties, additionalProperties, items, enum, const,
// oneOf, anyOf, allOf, minimum, maximum, minItems, maxItems, pattern-free formats (date, date-time). An object is
// closed unless additionalProperties says otherwise; faults_of_itself() tells of whatever else stands in the file.

#include <boost/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace behoud::app::testing {

using Faults = std::vector<std::string>;

class Contract {
 public:
  // Errors: those of reading the file.
  static Result<Contract> load(const std::string& path);
  static Result<Contract> parse(std::string_view yaml);

  struct Operation {
    std::string method, path;  // "get", "/api/v1/imports/{id}/undo"
    const boost::json::object* content = nullptr;
  };
  std::vector<Operation> operations() const;
  // The operation that a request is of; a literal segment beats a captured one.
  std::optional<Operation> operation_of(std::string_view method, std::string_view target) const;

  // The request's parameters and body.
  Faults faults_of_request(const Operation& of, std::string_view target, std::string_view body) const;
  Faults faults_of_answer(const Operation& of, int status, std::string_view content_type, std::string_view body) const;
  Faults faults_of_value(const boost::json::value& schema, const boost::json::value& value) const;

  // Keywords that it does not know, references to nothing, objects and arrays that say nothing of what is in them,
  // schemas that nobody uses.
  Faults faults_of_itself() const;

  const boost::json::object& document() const { return document_; }

 private:
  explicit Contract(boost::json::object document) : document_(std::move(document)) {}
  const boost::json::value* at(std::string_view reference) const;  // "#/components/schemas/Error"
  const boost::json::object* resolved(const boost::json::value& maybe_reference) const;
  void judge(const boost::json::value& schema, const boost::json::value& value, const std::string& where,
             Faults& faults) const;
  void judge_object(const boost::json::object& schema, const boost::json::object& value, const std::string& where,
                    Faults& faults) const;
  void look_at(const boost::json::value& schema, const std::string& where, Faults& faults) const;

  boost::json::object document_;
};

}  // namespace behoud::app::testing
