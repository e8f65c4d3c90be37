#pragma once

// Archives made in memory, for tests: through libzip, as the product's reader is.

#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include <zip.h>
#include <zlib.h>

namespace behoud::ingest::read {

using ZipContents = std::vector<std::pair<std::string, std::string>>;

// A library that fails here ends the test: nothing could be said about the reader.
inline void must(bool holds) {
  if (!holds) std::abort();
}

inline std::string make_zip(const ZipContents& contents, const char* password = nullptr, bool packed = true) {
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* const target = zip_source_buffer_create(nullptr, 0, 0, &error);
  zip_source_keep(target);
  zip_t* const archive = zip_open_from_source(target, ZIP_TRUNCATE | ZIP_CREATE, &error);
  must(archive != nullptr);
  for (const auto& [name, content] : contents) {
    if (name.ends_with('/')) {
      zip_dir_add(archive, name.c_str(), ZIP_FL_ENC_UTF_8);
      continue;
    }
    zip_source_t* const source = zip_source_buffer(archive, content.data(), content.size(), 0);
    const zip_int64_t index = zip_file_add(archive, name.c_str(), source, ZIP_FL_ENC_UTF_8);
    must(index >= 0);
    if (!packed) must(zip_set_file_compression(archive, static_cast<zip_uint64_t>(index), ZIP_CM_STORE, 0) == 0);
    if (password != nullptr) {
      must(zip_file_set_encryption(archive, static_cast<zip_uint64_t>(index), ZIP_EM_AES_256, password) == 0);
    }
  }
  must(zip_close(archive) == 0);
  zip_stat_t stat;
  zip_stat_init(&stat);
  zip_source_stat(target, &stat);
  std::string bytes(stat.size, '\0');
  zip_source_open(target);
  must(zip_source_read(target, bytes.data(), bytes.size()) == static_cast<zip_int64_t>(bytes.size()));
  zip_source_close(target);
  zip_source_free(target);
  return bytes;
}

inline std::string make_gzip(const std::string& content, int level = 6) {
  z_stream z{};
  must(deflateInit2(&z, level, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  std::string out(deflateBound(&z, content.size()) + 64, '\0');
  z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(content.data()));
  z.avail_in = static_cast<uInt>(content.size());
  z.next_out = reinterpret_cast<Bytef*>(out.data());
  z.avail_out = static_cast<uInt>(out.size());
  must(deflate(&z, Z_FINISH) == Z_STREAM_END);
  out.resize(z.total_out);
  deflateEnd(&z);
  return out;
}

}  // namespace behoud::ingest::read
