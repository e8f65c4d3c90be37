#pragma once

// What a request says about files to be imported, or looked at: the options of `behoud import` under the same names, as
// members of a JSON object, with the ids of uploads in place of files.
//
//   {"uploads":["u_..."],"kind":"orders","map":"customer=Email,date=#2","source":"shop","timezone":"Europe/Amsterdam",
//    "currency":"EUR","date_format":"DMY","decimal":",","window":"90d","statuses":{"shipped":"counts"},"dry_run":false,"lang":"nl"}
//
// `map` may be an object too: {"customer":"Email","date":"#2"}. Errors: kInvalidArgument with the member's name.

#include <string>
#include <string_view>
#include <vector>

#include "app/import.h"
#include "app/request_body.h"
#include "app/uploads.h"
#include "language/language.h"

namespace behoud::app {

struct AskedImport {
  std::vector<std::string> uploads;
  ImportRequest request;  // without its files
  language::Language lang = language::Language::en;
};
Result<AskedImport> parse_asked_import(std::string_view json);
// The part that says which files and how they are read: uploads, map, source, timezone, currency, date_format, decimal,
// statuses and lang.
Result<AskedImport> parse_asked_files(const RequestBody& body, ledger::ImportKind kind);

// Puts the files into the request. Errors: kNotFound naming the upload.
Result<void> fill_in_files(AskedImport& asked, Uploads& uploads);

// What is told of files by their places in the data folder, by the names that people gave them.
std::string as_uploaded(const ImportRequest& request, std::string text);
Error as_uploaded(const ImportRequest& request, Error error);
void name_as_uploaded(const ImportRequest& request, std::vector<SeenFile>& files);
void name_as_uploaded(const ImportRequest& request, std::vector<ingest::Notice>& notices);
void name_as_uploaded(const ImportRequest& request, ingest::ReadFacts& facts);

}  // namespace behoud::app
