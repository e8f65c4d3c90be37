#pragma once

// The files of src/language/catalogue/ as they were when the binary was built; catalogue_files.cpp is made from them by
// embed.cmake.

#include <span>
#include <string_view>

namespace behoud::language {

struct CatalogueFile {
  std::string_view area, language, json;
};
std::span<const CatalogueFile> catalogue_files();

}  // namespace behoud::language
