// zlib for Swift: gzip.
#ifndef FANFARE_CZLIB_H
#define FANFARE_CZLIB_H

#include <zlib.h>

#endif
