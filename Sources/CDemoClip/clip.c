// Embeds demo.flv. SwiftPM's own .embedInCode makes a Swift array literal of it, which takes the
// compiler minutes for a megabyte; #embed (C23) takes milliseconds.
#include "CDemoClip.h"

#pragma clang diagnostic ignored "-Wc23-extensions"
static const unsigned char clip[] = {
#embed "demo.flv"
};

const unsigned char *fanfare_demo_clip(void) { return clip; }
size_t fanfare_demo_clip_byte_count(void) { return sizeof clip; }
