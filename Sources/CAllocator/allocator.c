#include <stddef.h>
#include "CAllocator.h"

#if defined(__GLIBC__)
#include <malloc.h>

void callocator_keep_large_blocks_apart(int threshold) {
    mallopt(M_MMAP_THRESHOLD, threshold);
    mallopt(M_TRIM_THRESHOLD, threshold);
}

void callocator_share_heaps(int count) { mallopt(M_ARENA_MAX, count); }

void callocator_trim(void) { malloc_trim(0); }

#else

void callocator_keep_large_blocks_apart(int threshold) { (void)threshold; }
void callocator_share_heaps(int count) { (void)count; }
void callocator_trim(void) {}

#endif
