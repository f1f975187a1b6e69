// What a header can't have: glibc's <netinet/tcp.h> has an older tcp_info, and the kernel's header,
// which has all of it, clashes with glibc's wherever both are seen.
#include "CLinux.h"

#include <linux/tcp.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>

int fanfare_window_limited_us(int descriptor, uint64_t *us) {
    struct tcp_info info;
    memset(&info, 0, sizeof info);
    socklen_t length = sizeof info;
    if (getsockopt(descriptor, 6 /* IPPROTO_TCP */, TCP_INFO, &info, &length) != 0) return -1;
    size_t end = offsetof(struct tcp_info, tcpi_rwnd_limited) + sizeof info.tcpi_rwnd_limited;
    if (length < end) return -1;
    *us = info.tcpi_rwnd_limited;
    return 0;
}
