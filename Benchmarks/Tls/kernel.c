// What a GB costs that goes to TLS 1.3 clients as AES-128-GCM records: sealed by the kernel at the send
// (kTLS), sealed by OpenSSL before a plain send, and sent in the clear. One thread sends over loopback
// and another throws away what comes; the sender's CPU time is told, in pieces as a merge interval
// makes them. In QEMU with -icount a nanosecond is an instruction.
//
//   cost [MEGABYTES]

#include <errno.h>
#include <linux/tls.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/evp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static void fail(const char *what) {
    perror(what);
    exit(1);
}

// The thread that reads takes what comes without a copy, so as to take little of the time.
static void *drain(void *argument) {
    int socket = *(int *)argument;
    static char nothing[1 << 20];
    while (recv(socket, nothing, sizeof nothing, MSG_TRUNC) > 0) {
    }
    return NULL;
}

static double cpu_seconds(void) {
    struct timespec time;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return time.tv_sec + time.tv_nsec / 1e9;
}

static void connect_pair(int pair[2]) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t length = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    if (bind(listener, (void *)&address, length) || listen(listener, 1) ||
        getsockname(listener, (void *)&address, &length))
        fail("listen");
    pair[0] = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(pair[0], (void *)&address, length)) fail("connect");
    pair[1] = accept(listener, NULL, NULL);
    close(listener);
}

static void give_key(int socket) {
    struct tls12_crypto_info_aes_gcm_128 info = {
        .info = {TLS_1_3_VERSION, TLS_CIPHER_AES_GCM_128}, .key = {1}, .iv = {2}, .salt = {3}};
    if (setsockopt(socket, SOL_TCP, TCP_ULP, "tls", sizeof "tls")) fail("TCP_ULP tls");
    if (setsockopt(socket, 282, TLS_TX, &info, sizeof info)) fail("TLS_TX");
}

enum way { plain, openssl, kernel };

// CPU-s per GB of plaintext.
static double cost(enum way way, int piece, long total) {
    static unsigned char bytes[16384], record[16384 + 64];
    int pair[2], length;
    pthread_t reader;
    unsigned char nonce[12] = {0};
    connect_pair(pair);
    if (way == kernel) give_key(pair[0]);
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    EVP_EncryptInit_ex(context, EVP_aes_128_gcm(), NULL, (unsigned char *)"0123456789abcdef", NULL);
    pthread_create(&reader, NULL, drain, &pair[1]);
    double start = cpu_seconds();
    for (long sent = 0; sent < total; sent += piece) {
        const unsigned char *from = bytes;
        size_t count = piece;
        if (way == openssl) {
            memcpy(nonce, &sent, sizeof sent);
            EVP_EncryptInit_ex(context, NULL, NULL, NULL, nonce);
            EVP_EncryptUpdate(context, NULL, &length, (unsigned char *)"\x17\x03\x03\x20\x11", 5);
            EVP_EncryptUpdate(context, record + 5, &length, bytes, piece);
            EVP_EncryptUpdate(context, record + 5 + piece, &length, (unsigned char *)"\x17", 1);
            EVP_EncryptFinal_ex(context, record + 6 + piece, &length);
            EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, 16, record + 6 + piece);
            from = record;
            count += 22;
        }
        while (count > 0) {
            ssize_t taken = send(pair[0], from, count, MSG_NOSIGNAL);
            if (taken <= 0) fail("send");
            from += taken;
            count -= taken;
        }
    }
    double used = cpu_seconds() - start;
    close(pair[0]);
    pthread_join(reader, NULL);
    close(pair[1]);
    EVP_CIPHER_CTX_free(context);
    return used / total * 1e9;
}

int main(int argc, char **argv) {
    long total = (argc > 1 ? atol(argv[1]) : 64) * 1000000;
    int pieces[] = {1400, 6000, 12500, 16384};
    printf("bytes a send   in the clear   by OpenSSL   by the kernel   (CPU-s per GB)\n");
    for (int index = 0; index < 4; index++) {
        int piece = pieces[index];
        double clear = cost(plain, piece, total), own = cost(openssl, piece, total);
        printf("%12d %14.3f %12.3f %15.3f\n", piece, clear, own, cost(kernel, piece, total));
        fflush(stdout);
    }
    return 0;
}
