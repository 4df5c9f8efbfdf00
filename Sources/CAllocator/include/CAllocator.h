/// glibc's malloc, as far as the program tells it how to deal with memory; Swift's Glibc module leaves <malloc.h> out.
#ifndef C_ALLOCATOR_H
#define C_ALLOCATOR_H

/// Blocks above so many bytes get pages of their own, which go back to the kernel when they are freed. By itself malloc raises this
/// threshold with each large block that is freed, up to 32 MB, and then keeps what a long answer once needed.
void callocator_keep_large_blocks_apart(int threshold);

/// Threads share so many heaps. By itself malloc gives each thread one of its own, and each keeps what it once needed.
void callocator_share_heaps(int count);

/// Gives pages that hold nothing back to the kernel.
void callocator_trim(void);

#endif
