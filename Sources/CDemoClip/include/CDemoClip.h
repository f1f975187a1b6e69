// The demo clip, linked into the program so that it needs no file at run time.
#ifndef CDEMOCLIP_H
#define CDEMOCLIP_H

#include <stddef.h>

// An FLV file as Ops/demo-clip makes it; never changes and is never freed.
const unsigned char *fanfare_demo_clip(void);
size_t fanfare_demo_clip_byte_count(void);

#endif
