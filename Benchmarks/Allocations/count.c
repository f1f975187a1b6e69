// Counts, by thread, the allocations and the retains and releases of a running server.
//
// Preloaded (LD_PRELOAD) it stands before glibc's allocator and Swift's runtime. Once every 100 ms
// it writes a line "NAME ALLOCATIONS RETAINS" for each thread to the file named by COUNTS.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

enum { THREADS = 256 };

struct counts {
    atomic_ulong allocations, retains;
    int thread;
};
static struct counts all[THREADS];
static atomic_int used;
static __thread struct counts *mine __attribute__((tls_model("initial-exec")));

static struct counts *here(void) {
    if (!mine) {
        int index = atomic_fetch_add(&used, 1);
        mine = &all[index < THREADS ? index : THREADS - 1];
        mine->thread = gettid();
    }
    return mine;
}
static void allocated(void) {
    atomic_fetch_add_explicit(&here()->allocations, 1, memory_order_relaxed);
}
static void counted(void) {
    atomic_fetch_add_explicit(&here()->retains, 1, memory_order_relaxed);
}

extern void *__libc_malloc(size_t), *__libc_calloc(size_t, size_t), *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);
void *malloc(size_t size) { return allocated(), __libc_malloc(size); }
void *calloc(size_t count, size_t size) { return allocated(), __libc_calloc(count, size); }
void *realloc(void *old, size_t size) { return allocated(), __libc_realloc(old, size); }
void *memalign(size_t align, size_t size) { return allocated(), __libc_memalign(align, size); }
void *aligned_alloc(size_t align, size_t size) { return memalign(align, size); }
int posix_memalign(void **out, size_t align, size_t size) {
    *out = memalign(align, size);
    return *out ? 0 : 12;
}

#define REFERENCE(result, name, parameters, arguments)                        \
    result name parameters {                                                  \
        static result(*real) parameters;                                      \
        if (!real) real = (result(*) parameters)dlsym(RTLD_NEXT, #name);      \
        counted();                                                            \
        return real arguments;                                                \
    }
REFERENCE(void *, swift_retain, (void *object), (object))
REFERENCE(void *, swift_retain_n, (void *object, unsigned n), (object, n))
REFERENCE(void, swift_release, (void *object), (object))
REFERENCE(void, swift_release_n, (void *object, unsigned n), (object, n))
REFERENCE(void *, swift_bridgeObjectRetain, (void *object), (object))
REFERENCE(void, swift_bridgeObjectRelease, (void *object), (object))

static void *report(void *path) {
    char next[512];
    snprintf(next, sizeof next, "%s.next", (char *)path);
    for (;;) {
        usleep(100000);
        FILE *out = fopen(next, "w");
        if (!out) continue;
        for (int i = 0; i < used && i < THREADS; i++) {
            char name[64], file[64];
            snprintf(file, sizeof file, "/proc/self/task/%d/comm", all[i].thread);
            FILE *comm = fopen(file, "r");
            if (!comm) continue;
            if (fgets(name, sizeof name, comm)) {
                name[strcspn(name, "\n ")] = 0;
                fprintf(out, "%s %lu %lu\n", name, all[i].allocations, all[i].retains);
            }
            fclose(comm);
        }
        fclose(out);
        rename(next, path);
    }
    return NULL;
}

__attribute__((constructor)) static void start(void) {
    pthread_t thread;
    char *path = getenv("COUNTS");
    if (path) pthread_create(&thread, NULL, report, path);
}
