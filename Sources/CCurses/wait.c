// ppoll
#define _GNU_SOURCE
#include "CCurses.h"

#include <errno.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

int64_t wait_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

int wait_for(int input, int wakeup, int signals, int64_t nanoseconds) {
    struct pollfd polled[3] = {{input, POLLIN, 0}, {wakeup, POLLIN, 0}, {signals, POLLIN, 0}};
    int64_t deadline = nanoseconds < 0 ? -1 : wait_now() + nanoseconds;
    for (;;) {
        struct timespec left = {0, 0};
        if (deadline >= 0) {
            int64_t rest = deadline - wait_now();
            if (rest < 0) rest = 0;
            left.tv_sec = rest / 1000000000;
            left.tv_nsec = rest % 1000000000;
        }
        int ready = ppoll(polled, 3, deadline < 0 ? NULL : &left, NULL);
        if (ready < 0 && errno == EINTR) continue;
        if (ready <= 0) return 0;
        break;
    }
    int result = 0;
    if (polled[0].revents & POLLIN) result |= wait_input;
    if (polled[0].revents & (POLLHUP | POLLERR | POLLNVAL)) result |= wait_hangup;
    if (polled[1].revents) result |= wait_wakeup;
    if (polled[2].revents) result |= wait_signal;
    return result;
}

int wakeup_open(void) { return eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC); }

void wakeup_signal(int descriptor) {
    uint64_t one = 1;
    // It can fail only because it is full of earlier wakeups, and then the loop wakes anyway.
    ssize_t ignored = write(descriptor, &one, sizeof one);
    (void)ignored;
}

void wakeup_clear(int descriptor) {
    uint64_t count;
    ssize_t ignored = read(descriptor, &count, sizeof count);
    (void)ignored;
}

void wakeup_close(int descriptor) { close(descriptor); }
