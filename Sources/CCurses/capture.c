// memfd_create
#define _GNU_SOURCE
#include "CCurses.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

// Stray prints of libraries and of the runtime would scar the screen, and would be lost with it.

enum { replayed = 16 * 1024, kept = 1024 * 1024 };

static int target = -1, original = -1, memory = -1;
static bool paused;
static char chunk[replayed];

bool capture_begin(int descriptor) {
    if (target >= 0) return false;
    int copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 3);
    if (copy < 0) return false;
    int store = memfd_create("binnacle-stderr", MFD_CLOEXEC);
    // Appending: capture_trim may shorten it while others write.
    if (store < 0 || fcntl(store, F_SETFL, O_APPEND) < 0 || dup2(store, descriptor) < 0) {
        if (store >= 0) close(store);
        close(copy);
        return false;
    }
    original = copy;
    memory = store;
    target = descriptor;
    paused = false;
    return true;
}

void capture_pause(void) {
    if (target < 0 || paused) return;
    paused = true;
    dup2(original, target);
}

void capture_resume(void) {
    if (target < 0 || !paused) return;
    paused = false;
    dup2(memory, target);
}

/// Reads the end of what was captured into `chunk`; its length.
static ssize_t read_end(void) {
    struct stat facts;
    if (fstat(memory, &facts) != 0) return 0;
    off_t start = facts.st_size > replayed ? facts.st_size - replayed : 0;
    ssize_t count = pread(memory, chunk, replayed, start);
    return count < 0 ? 0 : count;
}

static void say(int descriptor, const char *text, ssize_t count) {
    while (count > 0) {
        ssize_t sent = write(descriptor, text, (size_t)count);
        if (sent < 0 && errno == EINTR) continue;
        if (sent <= 0) return;
        text += sent;
        count -= sent;
    }
}

void capture_trim(void) {
    struct stat facts;
    if (target < 0 || fstat(memory, &facts) != 0 || facts.st_size <= kept) return;
    ssize_t count = read_end();
    if (ftruncate(memory, 0) == 0) say(memory, chunk, count);
}

void capture_end(void) {
    if (target < 0) return;
    int descriptor = target;
    target = -1;
    dup2(original, descriptor);
    say(original, chunk, read_end());
    close(memory);
    close(original);
    memory = original = -1;
}
