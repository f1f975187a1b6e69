// A target needs one file to compile; everything here is in the header.
#include "CLinux.h"
