// libbrotlienc for Swift: Brotli, one way.
#ifndef FANFARE_CBROTLI_H
#define FANFARE_CBROTLI_H

#include <brotli/encode.h>

#endif
