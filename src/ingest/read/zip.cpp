#include "ingest/read/zip.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include <fmt/core.h>
#include <zip.h>

#include "ingest/read/encoding.h"

namespace behoud::ingest::read {
namespace {

// libzip's view of Bytes.
struct Source {
  const Bytes* bytes;
  std::uint64_t position = 0;
  std::optional<Error> error;  // of reading, which libzip can only tell as "read error"
};

zip_int64_t serve(void* state, void* data, zip_uint64_t length, zip_source_cmd_t command) {
  auto& source = *static_cast<Source*>(state);
  switch (command) {
    case ZIP_SOURCE_OPEN:
      source.position = 0;
      return 0;
    case ZIP_SOURCE_READ: {
      const auto n = source.bytes->read_at(source.position, {static_cast<char*>(data), length});
      if (!n) {
        source.error = n.error();
        return -1;
      }
      source.position += *n;
      return static_cast<zip_int64_t>(*n);
    }
    case ZIP_SOURCE_SEEK: {
      zip_error_t error;
      zip_error_init(&error);
      const zip_int64_t to =
          zip_source_seek_compute_offset(source.position, source.bytes->size(), data, length, &error);
      zip_error_fini(&error);
      if (to < 0) return -1;
      source.position = static_cast<std::uint64_t>(to);
      return 0;
    }
    case ZIP_SOURCE_TELL:
      return static_cast<zip_int64_t>(source.position);
    case ZIP_SOURCE_STAT: {
      auto* const stat = static_cast<zip_stat_t*>(data);
      zip_stat_init(stat);
      stat->size = source.bytes->size();
      stat->valid = ZIP_STAT_SIZE;
      return sizeof(*stat);
    }
    case ZIP_SOURCE_ERROR: {
      const int codes[2] = {ZIP_ER_READ, 0};
      std::memcpy(data, codes, std::min<std::size_t>(length, sizeof codes));
      return sizeof codes;
    }
    case ZIP_SOURCE_SUPPORTS:
      return zip_source_make_command_bitmap(ZIP_SOURCE_OPEN, ZIP_SOURCE_READ, ZIP_SOURCE_CLOSE, ZIP_SOURCE_STAT,
                                            ZIP_SOURCE_ERROR, ZIP_SOURCE_FREE, ZIP_SOURCE_SEEK, ZIP_SOURCE_TELL,
                                            ZIP_SOURCE_SUPPORTS, -1);
    case ZIP_SOURCE_CLOSE:
    case ZIP_SOURCE_FREE:
      return 0;
    default:
      return -1;
  }
}

std::string shown(const char* name) {
  const std::string_view raw(name == nullptr ? "" : name);
  std::string text;
  append_as_utf8(raw.substr(0, 1000), false, text);
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = '?';
  }
  return text;
}

std::uint64_t little_endian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = bytes.size(); i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[i]);
  return value;
}

// How many entries the archive says it has (APPNOTE 4.3.16 and 4.3.14), before libzip makes room for them; 0 if it
// does not say so in the usual place.
Result<std::uint64_t> claimed_entries(const Bytes& bytes) {
  constexpr std::uint64_t kTail = 65'557;  // an end record with the longest comment
  std::string tail(static_cast<std::size_t>(std::min(bytes.size(), kTail)), '\0');
  const std::uint64_t begin = bytes.size() - tail.size();
  TRY_ASSIGN(const std::size_t n, bytes.read_at(begin, tail));
  tail.resize(n);
  const std::size_t at = tail.rfind("PK\x05\x06");
  if (at == std::string::npos || at + 22 > tail.size()) return std::uint64_t{0};
  const std::uint64_t entries = little_endian(std::string_view(tail).substr(at + 10, 2));
  if (entries != 0xFFFF || at < 20 || std::string_view(tail).substr(at - 20, 4) != "PK\x06\x07") return entries;
  std::string record(56, '\0');
  TRY_ASSIGN(const std::size_t m, bytes.read_at(little_endian(std::string_view(tail).substr(at - 12, 8)), record));
  if (m < record.size() || !record.starts_with("PK\x06\x06")) return entries;
  return little_endian(std::string_view(record).substr(32, 8));
}

}  // namespace

struct ZipArchive::Impl {
  Source source{};
  zip_t* archive = nullptr;
  std::string name;
  UnpackBounds bounds;
  UnpackBudget budget;
  std::vector<ZipEntry> entries;

  Impl(const Bytes& bytes, std::string named, const UnpackBounds& limits)
      : source{&bytes, 0, {}}, name(std::move(named)), bounds(limits), budget(name, bytes.size(), limits) {}
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl() {
    if (archive != nullptr) zip_discard(archive);
  }
  std::unexpected<Error> damaged(const std::string& part, std::string_view what,
                                 const char* reason = "problem.archive_damaged") const {
    if (source.error) return std::unexpected(*source.error);
    const std::string whole = part.empty() ? name : fmt::format("{}/{}", name, part);
    return fail(Errc::kBadInput, fmt::format("{} {}", whole, what), "Download or export it again.", {whole, 0, {}},
                {reason});
  }
};

struct ZipStream::Impl {
  ZipArchive::Impl* archive;
  zip_file_t* file;
  std::string part;
  std::optional<UnpackBudget> own_budget;
  ~Impl() { zip_fclose(file); }
};

ZipStream::ZipStream(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
ZipStream::ZipStream(ZipStream&&) noexcept = default;
ZipStream::~ZipStream() = default;

Result<std::size_t> ZipStream::read(std::span<char> out) {
  const zip_int64_t n = zip_fread(impl_->file, out.data(), out.size());
  if (n < 0) {
    return impl_->archive->damaged(impl_->part, zip_error_code_zip(zip_file_get_error(impl_->file)) == ZIP_ER_CRC
                                                    ? "is damaged: its checksum does not match"
                                                    : "is damaged: it cannot be unpacked");
  }
  const auto made = static_cast<std::size_t>(n);
  TRY((impl_->own_budget ? *impl_->own_budget : impl_->archive->budget).spend(made));
  return made;
}

ZipArchive::ZipArchive(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
ZipArchive::ZipArchive(ZipArchive&&) noexcept = default;
ZipArchive& ZipArchive::operator=(ZipArchive&&) noexcept = default;
ZipArchive::~ZipArchive() = default;

Result<ZipArchive> ZipArchive::open(const Bytes& bytes, const std::string& name, const UnpackBounds& bounds) {
  auto impl = std::make_unique<Impl>(bytes, name, bounds);
  const auto too_many = [&] {
    return fail(Errc::kOutOfRange, fmt::format("{} has more than {} entries", name, bounds.entries_max),
                "Unpack it, and give the files of orders.", {name, 0, {}},
                {"problem.archive_too_many", {{"most", bounds.entries_max}}});
  };
  TRY_ASSIGN(const std::uint64_t claimed, claimed_entries(bytes));
  if (claimed > bounds.entries_max) return too_many();
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* const source = zip_source_function_create(serve, &impl->source, &error);
  if (source != nullptr) {
    impl->archive = zip_open_from_source(source, ZIP_RDONLY, &error);
    if (impl->archive == nullptr) zip_source_free(source);
  }
  zip_error_fini(&error);
  if (impl->archive == nullptr) return impl->damaged("", "is a damaged archive: it cannot be opened");
  const zip_int64_t count = zip_get_num_entries(impl->archive, 0);
  if (static_cast<std::uint64_t>(count) > bounds.entries_max) return too_many();
  for (zip_int64_t i = 0; i < count; ++i) {
    zip_stat_t stat;
    zip_stat_init(&stat);
    const auto index = static_cast<zip_uint64_t>(i);
    if (zip_stat_index(impl->archive, index, 0, &stat) != 0) return impl->damaged("", "is a damaged archive");
    ZipEntry entry{shown(stat.name), index, (stat.valid & ZIP_STAT_SIZE) != 0 ? stat.size : 0, false};
    entry.encrypted = (stat.valid & ZIP_STAT_ENCRYPTION_METHOD) != 0 && stat.encryption_method != ZIP_EM_NONE;
    impl->entries.push_back(std::move(entry));
  }
  return ZipArchive(std::move(impl));
}

const std::vector<ZipEntry>& ZipArchive::entries() const { return impl_->entries; }

const ZipEntry* ZipArchive::find(std::string_view name) const {
  const auto at = std::ranges::find(impl_->entries, name, &ZipEntry::name);
  return at == impl_->entries.end() ? nullptr : &*at;
}

Result<ZipStream> ZipArchive::stream(const ZipEntry& entry, bool again) {
  if (entry.encrypted) {
    const std::string whole = fmt::format("{}/{}", impl_->name, entry.name);
    return fail(Errc::kBadInput, fmt::format("{} is encrypted", whole),
                "Unpack it with its password, and give the file.", {whole, 0, {}}, {"problem.archive_encrypted"});
  }
  zip_file_t* const file = zip_fopen_index(impl_->archive, entry.index, 0);
  if (file == nullptr) {
    const int code = zip_error_code_zip(zip_get_error(impl_->archive));
    if (code == ZIP_ER_COMPNOTSUPP || code == ZIP_ER_ENCRNOTSUPP) {
      return impl_->damaged(entry.name, "is packed in a way that is not read: unpack it yourself",
                            "problem.archive_packed_otherwise");
    }
    return impl_->damaged(entry.name, "is damaged: it cannot be unpacked");
  }
  auto stream = std::make_unique<ZipStream::Impl>(impl_.get(), file, entry.name, std::nullopt);
  if (again) stream->own_budget.emplace(impl_->name, impl_->source.bytes->size(), impl_->bounds);
  return ZipStream(std::move(stream));
}

Result<std::string> ZipArchive::content(const ZipEntry& entry, std::uint64_t bytes_max) {
  TRY_ASSIGN(auto stream, this->stream(entry));
  std::string content;
  for (;;) {
    const std::size_t at = content.size();
    content.resize(at + 64 * 1024);
    TRY_ASSIGN(const std::size_t n, stream.read({content.data() + at, content.size() - at}));
    content.resize(at + n);
    if (n == 0) return content;
    if (content.size() > bytes_max) {
      const std::string whole = fmt::format("{}/{}", impl_->name, entry.name);
      return fail(Errc::kOutOfRange, fmt::format("{} is larger than {} MiB", whole, bytes_max >> 20), {},
                  {whole, 0, {}}, {"problem.unpack_part_too_large", {{"mib", bytes_max >> 20}}});
    }
  }
}

}  // namespace behoud::ingest::read
