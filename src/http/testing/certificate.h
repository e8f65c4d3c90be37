#pragma once

// A self-signed certificate and its key for tests, made on the spot and written as PEM.

#include <cstdio>
#include <memory>
#include <string>

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

namespace behoud::http::testing {

// `name` is the common name, by which a test tells one certificate from another. False when OpenSSL or the disk refuse.
inline bool write_certificate(const std::string& name, const std::string& certificate_file,
                              const std::string& key_file) {
  const std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)> key(EVP_EC_gen("P-256"), EVP_PKEY_free);
  const std::unique_ptr<X509, void (*)(X509*)> certificate(X509_new(), X509_free);
  if (!key || !certificate) return false;
  X509* const c = certificate.get();
  ASN1_INTEGER_set(X509_get_serialNumber(c), 1);
  X509_gmtime_adj(X509_getm_notBefore(c), -3600);
  X509_gmtime_adj(X509_getm_notAfter(c), 86400);
  X509_set_pubkey(c, key.get());
  X509_NAME* const subject = X509_get_subject_name(c);
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1,
                             0);
  X509_set_issuer_name(c, subject);
  if (X509_sign(c, key.get(), EVP_sha256()) == 0) return false;
  const auto write = [](const std::string& file, const auto& put) {
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> out(std::fopen(file.c_str(), "w"), std::fclose);
    return out && put(out.get()) == 1;
  };
  return write(certificate_file, [&](std::FILE* out) { return PEM_write_X509(out, c); }) &&
         write(key_file, [&](std::FILE* out) {
           return PEM_write_PrivateKey(out, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
         });
}

}  // namespace behoud::http::testing
