#pragma once

// SHA-256 as 64 hexadecimal digits, of bytes as they come and of whole files.

#include <memory>
#include <string>
#include <string_view>

#include <openssl/evp.h>

#include "base/result.h"

namespace behoud::app {

class Sha256 {
 public:
  Sha256();
  void add(std::string_view bytes);
  std::string hexadecimal();  // once, at the end

 private:
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_;
};

// Errors: kNotFound (no such file; a folder), kUnavailable.
Result<std::string> sha256_of_file(const std::string& path);

}  // namespace behoud::app
