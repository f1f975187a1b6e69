// What OpenSSL has as macros, which Swift's importer can't call.
#ifndef FANFARE_COPENSSL_MACROS_H
#define FANFARE_COPENSSL_MACROS_H

#include "shim.h"

static inline int fanfare_ssl_set_versions(SSL_CTX *context) {
    return SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) == 1
        && SSL_CTX_set_max_proto_version(context, TLS1_3_VERSION) == 1;
}

// No renegotiation, no compression, the server's order of suites, but ChaCha20 for who prefers it.
static inline void fanfare_ssl_set_options(SSL_CTX *context) {
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION
                                     | SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
}

static inline int fanfare_ssl_set_groups(SSL_CTX *context, const char *list) {
    return SSL_CTX_set1_groups_list(context, list) == 1;
}

static inline void fanfare_ssl_on_server_name(
    SSL_CTX *context, int (*choose)(SSL *, int *, void *), void *argument) {
    SSL_CTX_set_tlsext_servername_callback(context, choose);
    SSL_CTX_set_tlsext_servername_arg(context, argument);
}

static inline void fanfare_ssl_on_status(
    SSL_CTX *context, int (*staple)(SSL *, void *), void *argument) {
    SSL_CTX_set_tlsext_status_cb(context, staple);
    SSL_CTX_set_tlsext_status_arg(context, argument);
}

// Hands a copy of a stapled answer to a handshake, which frees it.
static inline int fanfare_ssl_staple(SSL *ssl, const unsigned char *bytes, long count) {
    unsigned char *copy = (unsigned char *)OPENSSL_memdup(bytes, (size_t)count);
    if (copy == NULL) return 0;
    if (SSL_set_tlsext_status_ocsp_resp(ssl, copy, count) == 1) return 1;
    OPENSSL_free(copy);
    return 0;
}

static inline int fanfare_ssl_add_chain(SSL_CTX *context, X509 *certificate) {
    return SSL_CTX_add1_chain_cert(context, certificate) == 1;
}

static inline int fanfare_ssl_set_host_name(SSL *ssl, const char *name) {
    return SSL_set_tlsext_host_name(ssl, name) == 1;
}

static inline EVP_PKEY *fanfare_make_p256_key(void) { return EVP_EC_gen("P-256"); }

static inline EVP_PKEY *fanfare_make_rsa_key(unsigned bits) { return EVP_RSA_gen(bits); }

// RFC 2253, as people write names.
static const unsigned long fanfare_name_style = XN_FLAG_RFC2253;

// The number of an error's reason.
static inline int fanfare_error_reason(unsigned long code) { return ERR_GET_REASON(code); }

// An empty BIO in memory that says "try again" at its end.
static inline BIO *fanfare_make_memory(void) {
    BIO *bio = BIO_new(BIO_s_mem());
    if (bio != NULL) BIO_set_mem_eof_return(bio, -1);
    return bio;
}

// HMAC-SHA-256 under a key, for session tickets.
static inline int fanfare_ticket_mac(EVP_MAC_CTX *context, void *key, size_t count) {
    char digest[] = "SHA256";
    OSSL_PARAM params[] = {
        OSSL_PARAM_construct_octet_string(OSSL_MAC_PARAM_KEY, key, count),
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
        OSSL_PARAM_construct_end(),
    };
    return EVP_MAC_CTX_set_params(context, params);
}

static inline ASN1_TIME *fanfare_make_time(long long seconds) {
    return ASN1_TIME_set(NULL, (time_t)seconds);
}

#endif
