// The pages' files, linked into the program so that it needs none at run time.
#ifndef CWEBFILES_H
#define CWEBFILES_H

#include <stddef.h>

// A file of Sources/Web/Files; never changes and is never freed.
struct fanfare_web_file {
    // Its path below that folder.
    const char *path;
    const unsigned char *bytes;
    size_t byte_count;
};

size_t fanfare_web_file_count(void);
// The files by number, in the order of their paths; NULL where there is none.
const struct fanfare_web_file *fanfare_web_file(size_t index);

#endif
