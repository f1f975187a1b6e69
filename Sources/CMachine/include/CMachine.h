// What Swift can't say itself to the C library: a child that inherits nothing, and the clock's state.
#ifndef CMACHINE_H
#define CMACHINE_H

#include <sys/types.h>

/// Starts a program with these descriptors as its standard input, output and error, with no other open,
/// no signal blocked and each as it is by default.
///
/// Returns 0 and the process in `child`, or an error number.
int fanfare_spawn(const char *path, char *const arguments[], int input, int output, int error,
                  pid_t *child);

/// Whether the system's clock is kept right by another (1), isn't (0), or nobody knows (-1), and by how
/// much it may be wrong, in microseconds.
int fanfare_clock_is_synchronised(long *error_us_max);

#endif
