#include "ledger/internal/faulty_disk.h"

#include <atomic>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <mutex>
#include <new>
#include <string>

#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ledger/internal/testing.h"

namespace behoud::ledger::testing {
namespace {

struct Disk {
  std::mutex mutex;
  Fault fault = Fault::kNone;
  std::uint64_t at = 0, count = 0, after_failed_sync = 0;
  std::string only;
  bool struck = false, sync_has_failed = false;
} disk;

enum class Operation : std::uint8_t { kWrite, kTruncate, kSync };

// What the operation shall come to: SQLITE_OK lets it through. `half` asks for half of the write before a kill.
int judge(Operation op, const std::string& name, bool& half) {
  const std::lock_guard lock(disk.mutex);
  ++disk.count;
  half = false;
  if (disk.sync_has_failed) ++disk.after_failed_sync;
  if (disk.fault == Fault::kNone || disk.count < disk.at || !name.ends_with(disk.only)) return SQLITE_OK;
  switch (disk.fault) {
    case Fault::kDiskFull:
    case Fault::kWriteError:
      if (op != Operation::kWrite) return SQLITE_OK;
      disk.struck = true;
      return disk.fault == Fault::kDiskFull ? SQLITE_FULL : SQLITE_IOERR_WRITE;
    case Fault::kDiskFullOnce:
      if (op != Operation::kWrite || disk.struck) return SQLITE_OK;
      disk.struck = true;
      return SQLITE_FULL;
    case Fault::kSyncError:
      if (op != Operation::kSync || disk.struck) return SQLITE_OK;
      disk.struck = disk.sync_has_failed = true;
      return SQLITE_IOERR_FSYNC;
    case Fault::kKill:
      half = op == Operation::kWrite && disk.count % 2 == 0;
      return SQLITE_ABORT;
    case Fault::kNone:
      break;
  }
  return SQLITE_OK;
}

[[noreturn]] void die() {
  ::kill(::getpid(), SIGKILL);
  for (;;) ::pause();
}

struct File {
  sqlite3_file handle;
  std::string* name;
  sqlite3_file* base() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};
sqlite3_file* base(sqlite3_file* f) { return reinterpret_cast<File*>(f)->base(); }
const std::string& name_of(sqlite3_file* f) { return *reinterpret_cast<File*>(f)->name; }

int x_close(sqlite3_file* f) {
  delete reinterpret_cast<File*>(f)->name;
  return base(f)->pMethods->xClose(base(f));
}
int x_read(sqlite3_file* f, void* to, int n, sqlite3_int64 at) { return base(f)->pMethods->xRead(base(f), to, n, at); }
int x_write(sqlite3_file* f, const void* from, int n, sqlite3_int64 at) {
  bool half = false;
  const int verdict = judge(Operation::kWrite, name_of(f), half);
  if (verdict == SQLITE_ABORT) {
    if (half) base(f)->pMethods->xWrite(base(f), from, n / 2, at);
    die();
  }
  return verdict != SQLITE_OK ? verdict : base(f)->pMethods->xWrite(base(f), from, n, at);
}
int x_truncate(sqlite3_file* f, sqlite3_int64 size) {
  bool half = false;
  const int verdict = judge(Operation::kTruncate, name_of(f), half);
  if (verdict == SQLITE_ABORT) die();
  return verdict != SQLITE_OK ? verdict : base(f)->pMethods->xTruncate(base(f), size);
}
int x_sync(sqlite3_file* f, int) {
  bool half = false;
  const int verdict = judge(Operation::kSync, name_of(f), half);
  if (verdict == SQLITE_ABORT) die();
  return verdict;
}
int x_size(sqlite3_file* f, sqlite3_int64* size) { return base(f)->pMethods->xFileSize(base(f), size); }
int x_lock(sqlite3_file* f, int level) { return base(f)->pMethods->xLock(base(f), level); }
int x_unlock(sqlite3_file* f, int level) { return base(f)->pMethods->xUnlock(base(f), level); }
int x_reserved(sqlite3_file* f, int* out) { return base(f)->pMethods->xCheckReservedLock(base(f), out); }
int x_control(sqlite3_file* f, int op, void* arg) { return base(f)->pMethods->xFileControl(base(f), op, arg); }
int x_sector(sqlite3_file* f) { return base(f)->pMethods->xSectorSize(base(f)); }
int x_characteristics(sqlite3_file* f) { return base(f)->pMethods->xDeviceCharacteristics(base(f)); }
int x_shm_map(sqlite3_file* f, int page, int n, int extend, void volatile** to) {
  return base(f)->pMethods->xShmMap(base(f), page, n, extend, to);
}
int x_shm_lock(sqlite3_file* f, int at, int n, int flags) { return base(f)->pMethods->xShmLock(base(f), at, n, flags); }
void x_shm_barrier(sqlite3_file* f) { base(f)->pMethods->xShmBarrier(base(f)); }
int x_shm_unmap(sqlite3_file* f, int remove) { return base(f)->pMethods->xShmUnmap(base(f), remove); }

const sqlite3_io_methods kMethods = {
    2,           x_close,    x_read,    x_write,  x_truncate,        x_sync,    x_size,     x_lock,
    x_unlock,    x_reserved, x_control, x_sector, x_characteristics, x_shm_map, x_shm_lock, x_shm_barrier,
    x_shm_unmap, nullptr,    nullptr};

int v_open(sqlite3_vfs* v, sqlite3_filename name, sqlite3_file* f, int flags, int* out) {
  auto* under = static_cast<sqlite3_vfs*>(v->pAppData);
  File& mine = *new (f) File{};
  const int rc = under->xOpen(under, name, mine.base(), flags, out);
  if (rc != SQLITE_OK) {
    if (mine.base()->pMethods) mine.base()->pMethods->xClose(mine.base());
    f->pMethods = nullptr;
    return rc;
  }
  mine.name = new std::string(name ? name : "");
  mine.handle.pMethods = &kMethods;
  return SQLITE_OK;
}

}  // namespace

const char* FaultyDisk::vfs() {
  static sqlite3_vfs mine = [] {
    sqlite3_vfs v = *sqlite3_vfs_find(nullptr);
    v.pAppData = sqlite3_vfs_find(nullptr);
    v.szOsFile += static_cast<int>(sizeof(File));
    v.zName = "faulty-disk";
    v.xOpen = v_open;
    v.pNext = nullptr;
    return v;
  }();
  static const int registered = sqlite3_vfs_register(&mine, 0);
  return registered == SQLITE_OK ? mine.zName : "";
}

void FaultyDisk::arm(Fault what, std::uint64_t at, std::string_view only) {
  const std::lock_guard lock(disk.mutex);
  disk.fault = what;
  disk.at = at;
  disk.only = only;
  disk.count = disk.after_failed_sync = 0;
  disk.struck = disk.sync_has_failed = false;
}
void FaultyDisk::lift() { arm(Fault::kNone, 0); }
std::uint64_t FaultyDisk::operations() {
  const std::lock_guard lock(disk.mutex);
  return disk.count;
}
bool FaultyDisk::struck() {
  const std::lock_guard lock(disk.mutex);
  return disk.struck;
}
std::uint64_t FaultyDisk::operations_after_failed_sync() {
  const std::lock_guard lock(disk.mutex);
  return disk.after_failed_sync;
}

int in_child(const std::function<void()>& body) {
  std::fflush(nullptr);
  const pid_t pid = ::fork();
  if (pid == 0) {
    body();
    ::_exit(0);
  }
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return status;
}

namespace {

// The disk itself must do what it says, or the tests that stand on it prove nothing.
TEST(FaultyDisk, FailsTheOperationItWasArmedForAndKillsWhereAsked) {
  const TemporaryFolder folder;
  const std::string path = folder / "x.db";
  const auto write = [&] {
    sqlite3* db = nullptr;
    sqlite3_open_v2(path.c_str(), &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, FaultyDisk::vfs());
    const int rc =
        sqlite3_exec(db, "CREATE TABLE IF NOT EXISTS t(x); INSERT INTO t VALUES(1)", nullptr, nullptr, nullptr);
    sqlite3_close(db);
    return rc;
  };
  FaultyDisk::lift();
  EXPECT_EQ(write(), SQLITE_OK);
  const auto operations = FaultyDisk::operations();
  EXPECT_GT(operations, 4u);

  FaultyDisk::arm(Fault::kDiskFull, 1);
  EXPECT_EQ(write(), SQLITE_FULL);
  EXPECT_TRUE(FaultyDisk::struck());
  FaultyDisk::arm(Fault::kSyncError, 1);
  EXPECT_EQ(write() & 0xff, SQLITE_IOERR);
  FaultyDisk::arm(Fault::kWriteError, 1);
  EXPECT_EQ(write() & 0xff, SQLITE_IOERR);
  FaultyDisk::lift();

  const int status = in_child([&] {
    FaultyDisk::arm(Fault::kKill, 2);
    write();
  });
  EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
  EXPECT_EQ(write(), SQLITE_OK) << "after a kill the rollback journal mends the file";
}

}  // namespace
}  // namespace behoud::ledger::testing
