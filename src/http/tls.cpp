#include "http/tls.h"

#include <array>
#include <cerrno>
#include <string_view>

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <unistd.h>

namespace behoud::http {
namespace {

// What a client offers beside is ignored: this server speaks HTTP/1.1.
int choose_protocol(SSL*, const unsigned char** out, unsigned char* out_size, const unsigned char* in,
                    unsigned int in_size, void*) {
  // Not on the stack: OpenSSL is given a pointer into it, and reads it when this has returned.
  static constexpr std::array<unsigned char, 9> kOurs{8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
  unsigned char* chosen = nullptr;
  if (SSL_select_next_proto(&chosen, out_size, kOurs.data(), kOurs.size(), in, in_size) != OPENSSL_NPN_NEGOTIATED) {
    return SSL_TLSEXT_ERR_NOACK;
  }
  *out = chosen;
  return SSL_TLSEXT_ERR_OK;
}

// OpenSSL would ask on the terminal.
int no_passphrase(char*, int, int, void*) { return -1; }

Result<void> require_readable(const std::string& file, std::string_view what) {
  if (::access(file.c_str(), R_OK) == 0) return {};
  if (errno == ENOENT)
    return fail(Errc::kNotFound, "the file of the " + std::string{what} + " is not there", {}, {file, 0, {}});
  return fail(Errc::kUnavailable, "the file of the " + std::string{what} + " cannot be read",
              "let the server's user read it", {file, 0, {}});
}

}  // namespace

Result<std::shared_ptr<TlsIdentity>> TlsIdentity::load(std::string certificate_file, std::string key_file) {
  std::shared_ptr<TlsIdentity> out(new TlsIdentity(std::move(certificate_file), std::move(key_file)));
  TRY(out->reload());
  return out;
}

TlsIdentity::Marks TlsIdentity::look() const {
  const auto mark = [](const std::string& file) {
    struct stat found{};
    if (::stat(file.c_str(), &found) != 0) return Mark{};
    return Mark{found.st_ino, found.st_size, found.st_mtim};
  };
  return {mark(certificate_file_), mark(key_file_)};
}

Result<std::shared_ptr<ssl_ctx_st>> TlsIdentity::make() const {
  TRY(require_readable(certificate_file_, "certificate"));
  TRY(require_readable(key_file_, "key"));
  ERR_clear_error();
  std::shared_ptr<SSL_CTX> context(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
  if (!context) return fail(Errc::kUnavailable, "OpenSSL has no memory for a TLS context");
  SSL_CTX* const c = context.get();
  SSL_CTX_set_min_proto_version(c, TLS1_2_VERSION);
  SSL_CTX_set_options(c, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_IGNORE_UNEXPECTED_EOF);
  SSL_CTX_set_mode(c, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_cipher_list(c, "ECDHE+AESGCM:ECDHE+CHACHA20");
  SSL_CTX_set_session_cache_mode(c, SSL_SESS_CACHE_OFF);  // tickets do it without memory here
  SSL_CTX_set_alpn_select_cb(c, choose_protocol, nullptr);
  SSL_CTX_set_default_passwd_cb(c, no_passphrase);
  Error bad{Errc::kBadInput, {}, {}, {}};
  if (SSL_CTX_use_certificate_chain_file(c, certificate_file_.c_str()) != 1) {
    bad = {Errc::kBadInput,
           "the certificate is not one in PEM",
           "give the full chain, the server's own first",
           {certificate_file_, 0, {}}};
  } else if (SSL_CTX_use_PrivateKey_file(c, key_file_.c_str(), SSL_FILETYPE_PEM) != 1 ||
             SSL_CTX_check_private_key(c) != 1) {
    bad = {Errc::kBadInput,
           "the key is not the certificate's, is not PEM or asks for a passphrase",
           "give the key the certificate was made with, without a passphrase",
           {key_file_, 0, {}}};
  }
  ERR_clear_error();  // OpenSSL's own words name files and lines of its sources: ours say more
  if (!bad.message.empty()) return std::unexpected(std::move(bad));
  return context;
}

Result<void> TlsIdentity::reload() {
  const std::lock_guard lock(mutex_);
  tried_ = look();  // before reading: what changes meanwhile is seen by the next look
  TRY_ASSIGN(context_, make());
  return {};
}

Result<bool> TlsIdentity::reload_if_changed() {
  {
    const std::lock_guard lock(mutex_);
    if (look() == tried_) return false;
  }
  TRY(reload());
  return true;
}

std::shared_ptr<ssl_ctx_st> TlsIdentity::context() const {
  const std::lock_guard lock(mutex_);
  return context_;
}

}  // namespace behoud::http
