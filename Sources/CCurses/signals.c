#include "CCurses.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

// Any thread may be the one that takes a signal, so the loop's poll need not be interrupted by it: hence the descriptor.
// Lock-free atomics are allowed in handlers.
static atomic_int pending, quit_number;
static atomic_bool lent;
static atomic_int descriptor = -1;
static bool installed;

static const int handled[] = {SIGWINCH, SIGCONT, SIGTSTP, SIGTERM, SIGHUP, SIGINT};
enum { handled_count = sizeof handled / sizeof handled[0] };
static struct sigaction previous[handled_count];

static void on_signal(int number) {
    int saved = errno;
    switch (number) {
    case SIGWINCH: atomic_fetch_or(&pending, signals_resized); break;
    case SIGCONT: atomic_fetch_or(&pending, signals_continued); break;
    case SIGTSTP: atomic_fetch_or(&pending, signals_stop); break;
    case SIGINT:
        if (!atomic_load(&lent)) atomic_store(&quit_number, number);
        break;
    default: atomic_store(&quit_number, number);
    }
    wakeup_signal(atomic_load(&descriptor));
    errno = saved;
}

static void on_nothing(int number) { (void)number; }

static void set_handler(int number, void (*handler)(int), struct sigaction *old) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = handler;
    action.sa_flags = SA_RESTART | SA_ONSTACK;
    sigemptyset(&action.sa_mask);
    sigaction(number, &action, old);
}

void signals_install(void) {
    if (installed) return;
    installed = true;
    if (atomic_load(&descriptor) < 0) atomic_store(&descriptor, wakeup_open());
    atomic_store(&pending, 0);
    atomic_store(&quit_number, 0);
    wakeup_clear(atomic_load(&descriptor));
    for (int i = 0; i < handled_count; i++) {
        set_handler(handled[i], on_signal, &previous[i]);
        // nohup and background jobs of a plain shell hand these down as ignored: leave it so.
        if (previous[i].sa_handler == SIG_IGN && (handled[i] == SIGHUP || handled[i] == SIGINT))
            sigaction(handled[i], &previous[i], NULL);
    }
    signal(SIGPIPE, SIG_IGN);
}

void signals_uninstall(void) {
    if (!installed) return;
    installed = false;
    // The descriptor stays: a handler may be running on another thread.
    for (int i = 0; i < handled_count; i++) sigaction(handled[i], &previous[i], NULL);
}

int signals_descriptor(void) { return atomic_load(&descriptor); }

int signals_take(void) {
    int fd = atomic_load(&descriptor);
    if (fd >= 0) wakeup_clear(fd);
    return atomic_exchange(&pending, 0);
}

int signals_quit(void) { return atomic_load(&quit_number); }

void signals_lend(bool is_lent) {
    if (!installed) return;
    static struct sigaction quit;
    atomic_store(&lent, is_lent);
    if (is_lent) {
        // A handler and not SIG_IGN, which the other program would inherit.
        set_handler(SIGQUIT, on_nothing, &quit);
        // If the other program is stopped and we are not, nobody is left to give the shell its prompt.
        set_handler(SIGTSTP, SIG_DFL, NULL);
    } else {
        sigaction(SIGQUIT, &quit, NULL);
        set_handler(SIGTSTP, on_signal, NULL);
    }
}

static bool is_continued(void) { return atomic_load(&pending) & signals_continued; }
static bool is_ending(void) { return atomic_load(&quit_number) != 0; }

static void wait_until(bool (*done)(void), int64_t nanoseconds) {
    int64_t limit = wait_now() + nanoseconds;
    while (!done()) {
        int64_t left = limit - wait_now();
        if (left <= 0) return;
        int fd = atomic_load(&descriptor);
        if (wait_for(-1, -1, fd, left) & wait_signal) wakeup_clear(fd);
    }
}

// The whole group, as the terminal does: with a wrapper script in it, the shell must see all of the job stop.
static void stop(int number) {
    atomic_fetch_and(&pending, ~signals_continued);
    kill(0, number);
    // The signal may be taken by another thread while this one runs on for a moment: go on only when SIGCONT came.
    // An orphaned group does not stop at all, hence the limit.
    wait_until(is_continued, 200000000);
}

void signals_stop_self(void) {
    if (!installed) {
        raise(SIGSTOP);
        return;
    }
    signals_take();
    set_handler(SIGTSTP, SIG_DFL, NULL);
    if (!is_ending()) stop(SIGTSTP);
    set_handler(SIGTSTP, on_signal, NULL);
    signals_take();
}

bool signals_is_foreground(int terminal) {
    // -1 without job control, and 0 where the group in front cannot be named here: nobody would stop us.
    pid_t group = tcgetpgrp(terminal);
    return group <= 0 || group == getpgrp();
}

bool signals_await_terminal(int terminal) {
    while (!is_ending() && !signals_is_foreground(terminal)) {
        // A shell ends a stopped job with SIGTERM and SIGCONT, and the handler of the second may be the first to run.
        wait_until(is_ending, 50000000);
        if (is_ending() || signals_is_foreground(terminal)) break;
        // What the terminal does to those who touch it from behind, but then it asks again before we can look around.
        stop(SIGTTOU);
        signals_take();
    }
    return !is_ending();
}
