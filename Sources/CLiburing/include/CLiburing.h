// liburing's static inlines for Swift, and what liburing 2.3 (Debian 12) does not name yet.
//
// The order of these includes matters: <linux/io_uring.h> before <liburing.h>, after
// <sys/types.h>, or a fresh build clashes with Glibc's and SystemPackage's modules.
#ifndef FANFARE_CLIBURING_H
#define FANFARE_CLIBURING_H

#include <sys/types.h>
#include <linux/io_uring.h>
#include <liburing.h>

#endif
