// Embeds the files of Sources/Web/Files by #embed (C23). Written by Ops/web-files: change nothing here.
#include "CWebFiles.h"

#pragma clang diagnostic ignored "-Wc23-extensions"
static const unsigned char file_0[] = {
#embed "../Web/Files/favicon.svg"
};

static const struct fanfare_web_file files[] = {
    {"favicon.svg", file_0, sizeof file_0},
};

size_t fanfare_web_file_count(void) { return sizeof files / sizeof files[0]; }

const struct fanfare_web_file *fanfare_web_file(size_t index) {
    return index < fanfare_web_file_count() ? &files[index] : NULL;
}
