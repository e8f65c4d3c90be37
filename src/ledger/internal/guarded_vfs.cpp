#include "ledger/internal/guarded_vfs.h"

#include <atomic>
#include <bit>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <new>

#include <sqlite3.h>

#include "base/hash.h"

namespace behoud::ledger::internal {
namespace {

// Shared by all open files of one database; dropped when the last is closed.
struct Latch {
  std::atomic<bool> failed{false};
};

std::mutex latches_mutex;
std::map<std::string, std::weak_ptr<Latch>>& latches() {  // by database path; SQLite's VFS interface has no other place
  static std::map<std::string, std::weak_ptr<Latch>> all;
  return all;
}

std::shared_ptr<Latch> latch_of(const std::string& path) {
  const std::lock_guard lock(latches_mutex);
  std::erase_if(latches(), [](const auto& entry) { return entry.second.expired(); });
  auto& slot = latches()[path];
  auto latch = slot.lock();
  if (!latch) slot = latch = std::make_shared<Latch>();
  return latch;
}

thread_local Damage damage;

// SQLite allocates szOsFile bytes; the base's file follows ours.
struct File {
  sqlite3_file handle;
  bool database;  // pages are checked
  std::shared_ptr<Latch>* latch;
  std::string* path;
  sqlite3_file* base() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};
static_assert(sizeof(File) % alignof(std::max_align_t) == 0);

File& file(sqlite3_file* f) { return *reinterpret_cast<File*>(f); }
sqlite3_file* base(sqlite3_file* f) { return file(f).base(); }
bool refused(sqlite3_file* f) { return file(f).latch && (*file(f).latch)->failed.load(std::memory_order_relaxed); }

std::uint64_t page_checksum(const char* page, std::size_t size, std::uint64_t number) {
  return checksum({page, size - kChecksumBytes}, number);
}

// Only whole pages are read and written at multiples of their size; shorter accesses are to the header alone.
bool is_page(int size, sqlite3_int64 offset) {
  return size >= 512 && std::has_single_bit(static_cast<unsigned>(size)) && offset % size == 0;
}

thread_local int refusal = 0;
int noted(int rc) {
  if (rc != SQLITE_OK) refusal = errno;
  return rc;
}

int x_close(sqlite3_file* f) {
  const int rc = base(f)->pMethods->xClose(base(f));
  delete file(f).latch;
  delete file(f).path;
  return rc;
}

int x_read(sqlite3_file* f, void* to, int size, sqlite3_int64 offset) {
  const int rc = base(f)->pMethods->xRead(base(f), to, size, offset);
  if (!file(f).database || !is_page(size, offset)) return rc;
  const std::string_view page(static_cast<const char*>(to), static_cast<std::size_t>(size));
  if (rc == SQLITE_OK && page_is_whole(page, static_cast<std::uint64_t>(offset / size))) return rc;
  // Past the end of the file there is nothing, which is well; a file that ends within a page was cut off.
  if (rc != SQLITE_OK && (rc != SQLITE_IOERR_SHORT_READ || page.find_first_not_of('\0') == std::string::npos))
    return rc;
  damage = {*file(f).path, static_cast<std::uint64_t>(offset / size) + 1};
  return SQLITE_IOERR_DATA;
}

int x_write(sqlite3_file* f, const void* from, int size, sqlite3_int64 offset) {
  if (refused(f)) return SQLITE_IOERR_FSYNC;
  if (!file(f).database || !is_page(size, offset)) return noted(base(f)->pMethods->xWrite(base(f), from, size, offset));
  // SQLite's own copy stays as it is: the log's frame checksum was made over it.
  thread_local std::string page;
  page.assign(static_cast<const char*>(from), static_cast<std::size_t>(size));
  const std::uint64_t sum = page_checksum(page.data(), page.size(), static_cast<std::uint64_t>(offset / size));
  for (int i = 0; i < kChecksumBytes; ++i) {
    page[page.size() - static_cast<std::size_t>(kChecksumBytes - i)] = static_cast<char>(sum >> (8 * i));
  }
  return noted(base(f)->pMethods->xWrite(base(f), page.data(), size, offset));
}

int x_truncate(sqlite3_file* f, sqlite3_int64 size) {
  if (refused(f)) return SQLITE_IOERR_FSYNC;
  return noted(base(f)->pMethods->xTruncate(base(f), size));
}

int x_sync(sqlite3_file* f, int flags) {
  if (refused(f)) return SQLITE_IOERR_FSYNC;
  const int rc = base(f)->pMethods->xSync(base(f), flags);
  if (rc != SQLITE_OK && file(f).latch) (*file(f).latch)->failed = true;
  return rc;
}

int x_file_size(sqlite3_file* f, sqlite3_int64* size) { return base(f)->pMethods->xFileSize(base(f), size); }
int x_lock(sqlite3_file* f, int level) { return base(f)->pMethods->xLock(base(f), level); }
int x_unlock(sqlite3_file* f, int level) { return base(f)->pMethods->xUnlock(base(f), level); }
int x_check_reserved(sqlite3_file* f, int* out) { return base(f)->pMethods->xCheckReservedLock(base(f), out); }
int x_file_control(sqlite3_file* f, int op, void* arg) { return base(f)->pMethods->xFileControl(base(f), op, arg); }
int x_sector_size(sqlite3_file* f) { return base(f)->pMethods->xSectorSize(base(f)); }
int x_characteristics(sqlite3_file* f) {
  // Atomic batch writes and sub-page writes would go past the page checksum.
  return base(f)->pMethods->xDeviceCharacteristics(base(f)) & ~SQLITE_IOCAP_BATCH_ATOMIC;
}
int x_shm_map(sqlite3_file* f, int page, int size, int extend, void volatile** to) {
  return noted(base(f)->pMethods->xShmMap(base(f), page, size, extend, to));
}
int x_shm_lock(sqlite3_file* f, int offset, int n, int flags) {
  return base(f)->pMethods->xShmLock(base(f), offset, n, flags);
}
void x_shm_barrier(sqlite3_file* f) { base(f)->pMethods->xShmBarrier(base(f)); }
int x_shm_unmap(sqlite3_file* f, int remove) { return base(f)->pMethods->xShmUnmap(base(f), remove); }

const sqlite3_io_methods kMethods = {
    2,  // shared memory, but no xFetch: no memory-mapped reads
    x_close,   x_read,     x_write,          x_truncate,     x_sync,        x_file_size,
    x_lock,    x_unlock,   x_check_reserved, x_file_control, x_sector_size, x_characteristics,
    x_shm_map, x_shm_lock, x_shm_barrier,    x_shm_unmap,    nullptr,       nullptr};

struct Guarded {
  sqlite3_vfs vfs{};
  std::string name;
  sqlite3_vfs* under = nullptr;
};
sqlite3_vfs* under(sqlite3_vfs* v) { return static_cast<Guarded*>(v->pAppData)->under; }

int v_open(sqlite3_vfs* v, sqlite3_filename name, sqlite3_file* f, int flags, int* out_flags) {
  File& mine = *new (f) File{};
  const int rc = noted(under(v)->xOpen(under(v), name, mine.base(), flags, out_flags));
  if (rc != SQLITE_OK) {
    if (mine.base()->pMethods) mine.base()->pMethods->xClose(mine.base());
    f->pMethods = nullptr;
    return rc;
  }
  mine.handle.pMethods = &kMethods;
  mine.database = (flags & SQLITE_OPEN_MAIN_DB) != 0;
  if (name && (flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL)) != 0) {
    const char* of = sqlite3_filename_database(name);
    mine.path = new std::string(of);
    mine.latch = new std::shared_ptr<Latch>(latch_of(of));
  }
  return SQLITE_OK;
}
int v_delete(sqlite3_vfs* v, const char* name, int sync) { return under(v)->xDelete(under(v), name, sync); }
int v_access(sqlite3_vfs* v, const char* name, int flags, int* out) {
  return under(v)->xAccess(under(v), name, flags, out);
}
int v_full_path(sqlite3_vfs* v, const char* name, int n, char* out) {
  return under(v)->xFullPathname(under(v), name, n, out);
}
int v_randomness(sqlite3_vfs* v, int n, char* out) { return under(v)->xRandomness(under(v), n, out); }
int v_sleep(sqlite3_vfs* v, int us) { return under(v)->xSleep(under(v), us); }
int v_time(sqlite3_vfs* v, double* out) { return under(v)->xCurrentTime(under(v), out); }
int v_time64(sqlite3_vfs* v, sqlite3_int64* out) { return under(v)->xCurrentTimeInt64(under(v), out); }
int v_last_error(sqlite3_vfs* v, int n, char* out) { return under(v)->xGetLastError(under(v), n, out); }

}  // namespace

Result<std::string> guarded_vfs(const std::string& base_name) {
  static std::mutex mutex;
  static std::list<Guarded> registered;  // stays for the life of the process, as SQLite's list of VFSes does
  const std::lock_guard lock(mutex);
  sqlite3_vfs* over = sqlite3_vfs_find(base_name.empty() ? nullptr : base_name.c_str());
  if (!over) return fail(Errc::kInvalidArgument, "no SQLite VFS is called " + base_name);
  for (const Guarded& g : registered) {
    if (g.under == over) return g.name;
  }
  Guarded& g = registered.emplace_back();
  g.name = std::string("behoud+") + over->zName;
  g.under = over;
  g.vfs.iVersion = 2;
  g.vfs.szOsFile = static_cast<int>(sizeof(File)) + over->szOsFile;
  g.vfs.mxPathname = over->mxPathname;
  g.vfs.zName = g.name.c_str();
  g.vfs.pAppData = &g;
  g.vfs.xOpen = v_open;
  g.vfs.xDelete = v_delete;
  g.vfs.xAccess = v_access;
  g.vfs.xFullPathname = v_full_path;
  g.vfs.xRandomness = v_randomness;
  g.vfs.xSleep = v_sleep;
  g.vfs.xCurrentTime = v_time;
  g.vfs.xCurrentTimeInt64 = v_time64;
  g.vfs.xGetLastError = v_last_error;
  if (sqlite3_vfs_register(&g.vfs, 0) != SQLITE_OK) {
    registered.pop_back();
    return fail(Errc::kUnavailable, "SQLite did not take the guarded VFS");
  }
  return g.name;
}

bool sync_failed(const std::string& database_path) {
  const std::lock_guard lock(latches_mutex);
  const auto it = latches().find(database_path);
  if (it == latches().end()) return false;
  const auto latch = it->second.lock();
  return latch && latch->failed;
}

const Damage& last_damage() { return damage; }
int last_refusal() { return refusal; }

bool page_is_whole(std::string_view page, std::uint64_t number) {
  std::uint64_t stored = 0;
  for (int i = 0; i < kChecksumBytes; ++i) {
    const auto byte = static_cast<unsigned char>(page[page.size() - static_cast<std::size_t>(kChecksumBytes - i)]);
    stored |= static_cast<std::uint64_t>(byte) << (8 * i);
  }
  return stored == page_checksum(page.data(), page.size(), number);
}

}  // namespace behoud::ledger::internal
