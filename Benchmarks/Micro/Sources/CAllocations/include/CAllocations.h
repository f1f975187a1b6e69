// Counts the allocations of this process, and hides copies from the optimiser.

#ifndef C_ALLOCATIONS_H
#define C_ALLOCATIONS_H

#include <stddef.h>
#include <stdint.h>

/// How many times this process has asked for memory since it began.
uint64_t allocation_count(void);

/// memcpy that no caller's loop can be merged with.
void plain_copy(void *to, const void *from, size_t byte_count);

/// Makes the compiler believe that somebody looks at the memory.
void look_at(const void *memory);

#endif
