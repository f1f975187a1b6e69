// libcrypto for Swift: SHA-256, HMAC and random bytes.
#ifndef FANFARE_COPENSSL_H
#define FANFARE_COPENSSL_H

// The digests whose state is a plain struct are what HMAC under one key is made of: those of EVP
// take memory for each copy.
#define OPENSSL_SUPPRESS_DEPRECATED

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

#endif
