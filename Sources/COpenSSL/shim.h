// OpenSSL for Swift: digests, random bytes, ciphers, and TLS handshakes.
#ifndef FANFARE_COPENSSL_H
#define FANFARE_COPENSSL_H

#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/kdf.h>
#include <openssl/ocsp.h>
#include <openssl/params.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

// Overwrites the stack below the caller's frame.
static __attribute__((noinline)) void fanfare_wipe_stack(void) {
    unsigned char below[32 << 10];
    OPENSSL_cleanse(below, sizeof below);
}

#endif
