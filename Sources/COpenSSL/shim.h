// libcrypto for Swift: digests and random bytes.
#ifndef FANFARE_COPENSSL_H
#define FANFARE_COPENSSL_H

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#endif
