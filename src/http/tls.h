#pragma once

// The certificate and the key that the server shows itself with. They may be replaced on disk while it runs: what is
// new is taken for new connections, when the files have changed or when told so; a pair that is no good is refused, and
// the one before goes on.
//
// TLS 1.2 and 1.3, with forward secrecy and authenticated encryption alone. The key must not ask for a passphrase.
// Errors carry the file: kNotFound, kBadInput (not PEM; the key is not the certificate's), kUnavailable.
// Thread-safety: any number of threads.

#include <memory>
#include <mutex>
#include <string>

#include <sys/stat.h>

#include "base/result.h"

struct ssl_ctx_st;

namespace behoud::http {

class TlsIdentity {
 public:
  static Result<std::shared_ptr<TlsIdentity>> load(std::string certificate_file, std::string key_file);
  TlsIdentity(const TlsIdentity&) = delete;
  TlsIdentity& operator=(const TlsIdentity&) = delete;

  // Reads both again. On an error the pair before stays.
  Result<void> reload();
  // As reload() where a file is another than at the last try; true when a new pair was taken. Costs two stat(2).
  Result<bool> reload_if_changed();

  // What new connections use; whoever holds it keeps it.
  std::shared_ptr<ssl_ctx_st> context() const;

 private:
  // What tells one state of a file from another.
  struct Mark {
    ino_t inode = 0;
    off_t size = -1;
    timespec modified{};
    friend bool operator==(const Mark& a, const Mark& b) {
      return a.inode == b.inode && a.size == b.size && a.modified.tv_sec == b.modified.tv_sec &&
             a.modified.tv_nsec == b.modified.tv_nsec;
    }
  };
  struct Marks {
    Mark certificate, key;
    friend bool operator==(const Marks&, const Marks&) = default;
  };
  TlsIdentity(std::string certificate_file, std::string key_file)
      : certificate_file_(std::move(certificate_file)), key_file_(std::move(key_file)) {}
  Marks look() const;
  Result<std::shared_ptr<ssl_ctx_st>> make() const;

  std::string certificate_file_, key_file_;
  mutable std::mutex mutex_;
  Marks tried_;
  std::shared_ptr<ssl_ctx_st> context_;  // shared with the connections that began with it
};

}  // namespace behoud::http
