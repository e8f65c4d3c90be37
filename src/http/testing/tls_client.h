#pragma once

// A blocking TLS client for tests, over a RawClient's socket. It trusts any certificate and tells whose it is.

#include <memory>
#include <string>
#include <string_view>

#include <openssl/ssl.h>
#include <openssl/x509.h>

#include "http/testing/raw_client.h"

namespace behoud::http::testing {

class TlsClient {
 public:
  // `version`: the only one it speaks; 0 is any. `protocols`: what it offers to speak over TLS (ALPN), each behind its
  // length; by itself what browsers do.
  explicit TlsClient(std::uint16_t port, int version = 0, std::string_view protocols = "\x02h2\x08http/1.1")
      : raw_(port), context_(SSL_CTX_new(TLS_client_method()), SSL_CTX_free), ssl_(nullptr, SSL_free) {
    SSL_CTX_set_security_level(context_.get(), 0);
    if (version != 0) {
      SSL_CTX_set_min_proto_version(context_.get(), version);
      SSL_CTX_set_max_proto_version(context_.get(), version);
    }
    SSL_CTX_set_alpn_protos(context_.get(), reinterpret_cast<const unsigned char*>(protocols.data()),
                            static_cast<unsigned int>(protocols.size()));
    ssl_.reset(SSL_new(context_.get()));
    SSL_set_fd(ssl_.get(), raw_.fd());
    shaken_ = SSL_connect(ssl_.get()) == 1;
  }

  bool shaken() const { return shaken_; }
  std::string version() const { return SSL_get_version(ssl_.get()); }
  // What the server chose of the protocols, "" where nothing.
  std::string protocol() const {
    const unsigned char* chosen = nullptr;
    unsigned int size = 0;
    SSL_get0_alpn_selected(ssl_.get(), &chosen, &size);
    return {reinterpret_cast<const char*>(chosen), size};
  }
  // The common name of the server's certificate.
  std::string server_name() const {
    X509* const certificate = SSL_get0_peer_certificate(ssl_.get());
    if (certificate == nullptr) return {};
    std::string out(256, '\0');
    const int n = X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_commonName, out.data(), 256);
    out.resize(n < 0 ? 0 : static_cast<std::size_t>(n));
    return out;
  }

  bool send(std::string_view bytes) const {
    std::size_t written = 0;
    return SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &written) == 1 && written == bytes.size();
  }
  // At least `size` bytes of what comes, unless the server ends first.
  std::string receive(std::size_t size) {
    std::string out;
    std::array<char, 16384> piece;
    std::size_t n = 0;
    while (out.size() < size && SSL_read_ex(ssl_.get(), piece.data(), piece.size(), &n) == 1)
      out.append(piece.data(), n);
    return out;
  }
  // The response to a GET on a connection of its own, whole.
  std::string get(std::string_view target) {
    send("GET " + std::string{target} + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    return receive(SIZE_MAX);
  }
  // Whether the end was a goodbye, and not a cut.
  bool said_goodbye() const { return (SSL_get_shutdown(ssl_.get()) & SSL_RECEIVED_SHUTDOWN) != 0; }

 private:
  RawClient raw_;
  std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)> context_;
  std::unique_ptr<SSL, void (*)(SSL*)> ssl_;
  bool shaken_ = false;
};

}  // namespace behoud::http::testing
