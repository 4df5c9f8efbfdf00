// SA_SIGINFO's si_code names, sigaltstack
#define _GNU_SOURCE
#include "CCurses.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

static const int fatal[] = {SIGSEGV, SIGILL, SIGTRAP, SIGBUS, SIGFPE, SIGABRT};
enum { fatal_count = sizeof fatal / sizeof fatal[0], stack_size = 64 * 1024 };

static struct sigaction previous[fatal_count];
static struct termios cooked;
static bool has_cooked;
static char restore_text[512];
static size_t restore_count;
static int terminal = -1;
static atomic_bool held;
static atomic_flag crashed = ATOMIC_FLAG_INIT;
static bool armed;
static void *own_stack;

static void say(int descriptor, const char *text, size_t count) {
    while (count > 0) {
        ssize_t sent = write(descriptor, text, count);
        if (sent < 0 && errno == EINTR) continue;
        if (sent <= 0) return;
        text += sent;
        count -= (size_t)sent;
    }
}

// Only what signal-safety(7) allows: no stdio, no curses, no allocation.
static void restore(int number) {
    if (!atomic_load(&held)) {
        say(terminal, restore_text, restore_count);
        if (has_cooked) tcsetattr(terminal, TCSANOW, &cooked);
    }
    // What the Swift runtime had to say on its way down lies in the capture.
    capture_end();
    static const char before[] = "binnacle crashed (signal ", after[] = "); the terminal was restored.\n";
    char digits[3];
    size_t count = 0;
    if (number >= 10) digits[count++] = (char)('0' + number / 10 % 10);
    digits[count++] = (char)('0' + number % 10);
    say(STDERR_FILENO, before, sizeof before - 1);
    say(STDERR_FILENO, digits, count);
    say(STDERR_FILENO, after, sizeof after - 1);
}

static void on_crash(int number, siginfo_t *info, void *context) {
    (void)context;
    // Two threads may crash at once.
    if (!atomic_flag_test_and_set(&crashed)) restore(number);
    for (int i = 0; i < fatal_count; i++) {
        if (fatal[i] == number) sigaction(number, &previous[i], NULL);
    }
    // A fault comes again by itself when the handler returns, with its address for whoever handled it before us.
    bool faults = info->si_code > 0 && number != SIGTRAP && number != SIGABRT;
    if (!faults) raise(number);
}

static void append(const char *text) {
    size_t count = strlen(text);
    if (restore_count + count > sizeof restore_text) return;
    memcpy(restore_text + restore_count, text, count);
    restore_count += count;
}

int crash_remember(int output) {
    terminal = output;
    has_cooked = tcgetattr(output, &cooked) == 0;
    return has_cooked ? cooked.c_cc[VERASE] : -1;
}

void crash_restore_termios(void) {
    if (has_cooked && signals_is_foreground(terminal)) tcsetattr(terminal, TCSADRAIN, &cooked);
}

void crash_arm(const char *modes_off) {
    if (armed) return;
    armed = true;
    restore_count = 0;
    append(modes_off);
    static const char *const names[] = {"sgr0", "cnorm", "rmkx", "rmcup"};
    for (int i = 0; i < 4; i++) {
        char text[64];
        if (terminfo_string(names[i], text, sizeof text) > 0) append(text);
    }
    append("\r\n");
    atomic_store(&held, false);

    // A stack overflow leaves no room for a handler. Alternate stacks belong to threads: this covers the loop's.
    stack_t stack;
    if (sigaltstack(NULL, &stack) == 0 && (stack.ss_flags & SS_DISABLE)) {
        own_stack = malloc(stack_size);
        if (own_stack) {
            memset(&stack, 0, sizeof stack);
            stack.ss_sp = own_stack;
            stack.ss_size = stack_size;
            sigaltstack(&stack, NULL);
        }
    }
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_sigaction = on_crash;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK;
    sigemptyset(&action.sa_mask);
    for (int i = 0; i < fatal_count; i++) sigaction(fatal[i], &action, &previous[i]);
}

void crash_hold(bool is_held) { atomic_store(&held, is_held); }

void crash_disarm(void) {
    if (!armed) return;
    armed = false;
    for (int i = 0; i < fatal_count; i++) sigaction(fatal[i], &previous[i], NULL);
    stack_t stack;
    if (own_stack && sigaltstack(NULL, &stack) == 0 && stack.ss_sp == own_stack) {
        memset(&stack, 0, sizeof stack);
        stack.ss_flags = SS_DISABLE;
        sigaltstack(&stack, NULL);
        free(own_stack);
    }
    // On another thread than the one it was made for the stack is still in use: leave it to the process.
    own_stack = NULL;
}
