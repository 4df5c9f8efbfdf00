#ifndef CCURSES_H
#define CCURSES_H

#include <stdbool.h>
#include <stdint.h>

// Everything Swift sees of ncursesw, of signals and of crashes. <curses.h> stays in the .c files: its macros, wide
// types and mutable globals do not survive the importer.
//
// One terminal at a time, one thread at a time, except where a function says otherwise.

// screen.c

typedef struct {
    uint32_t scalar;
    uint32_t mark;   // one combining mark, or 0
    uint32_t traits; // 1 bold, 2 dim, 4 italic, 8 underline, 16 reverse
    int32_t pair;
    uint32_t width;  // 1 or 2; 0 in the right half of a wide character
} curses_cell;

enum { curses_ok = 0, curses_unknown_term, curses_incapable_term, curses_busy, curses_failed };

/// Opens curses on two descriptors, both left open by curses_close.
int curses_open(const char *term, int input, int output);
/// Gives the terminal back, unless another has it already.
void curses_close(void);

/// `on` is sent after the terminal was entered, `off` before it is left.
void curses_set_modes(const char *on, const char *off);
/// Ends curses mode: alternate screen left, termios as before curses_open. curses_enter undoes it and repaints.
void curses_leave(void);
void curses_enter(void);

int curses_rows(void);
int curses_columns(void);
/// Asks the tty; false if it does not know.
bool curses_measure(int *rows, int *columns);
bool curses_resize(int rows, int columns);
/// The next flush clears the real screen and paints all of it.
void curses_repaint(void);

// color.c

/// The number of colours the terminal has; 0 for none. Starts colour if it has any.
int curses_start_color(void);
/// terminfo says that colour numbers are red, green and blue.
bool curses_has_direct_color(void);
int curses_pair_limit(void);
bool curses_define_pair(int pair, int foreground, int background);
/// Forgets all pairs; the next flush repaints.
void curses_forget_pairs(void);

// screen.c again: what is on it

/// A whole row. A cell whose width the C library disputes is shown as '?', so that the rest of the row stays in place.
void curses_put_row(int y, const curses_cell *cells, int count);
/// Sends what changed; false if that was nothing. A negative cursor row hides the cursor.
bool curses_flush(bool synchronized, int cursor_y, int cursor_x);
/// Straight to the terminal, past what curses thinks of the screen.
void curses_write(const char *bytes, int count);

// terminfo.c

/// A string capability without its padding; its length, or -1 if the terminal has none or it does not fit.
int terminfo_string(const char *name, char *buffer, int size);
/// Why newterm would not have it.
int terminfo_refusal(const char *term, int output);

// locale.c

/// Sets the locale from the environment; true if its characters are UTF-8. `force` takes C.UTF-8 if they are not.
bool locale_set(bool force);

// wait.c

enum { wait_input = 1, wait_hangup = 2, wait_wakeup = 4, wait_signal = 8 };

/// poll(2) on the three descriptors; 0 after `nanoseconds` (negative: no limit). Interrupted waits are taken up again.
int wait_for(int input, int wakeup, int signals, int64_t nanoseconds);
int64_t wait_now(void);
int wakeup_open(void);
/// Any thread, any signal handler.
void wakeup_signal(int descriptor);
void wakeup_clear(int descriptor);
void wakeup_close(int descriptor);

// signals.c

enum { signals_resized = 1, signals_continued = 2, signals_stop = 4 };

void signals_install(void);
void signals_uninstall(void);
/// Becomes readable when a signal came; -1 before signals_install.
int signals_descriptor(void);
/// What came since the last call, as bits.
int signals_take(void);
/// The signal that asks the program to end, or 0. Stays.
int signals_quit(void);
/// While the terminal is lent, an interrupt is for the other program, and a stop is for both.
void signals_lend(bool lent);
/// Stops the process group as Ctrl-Z does and returns when it goes on, or soon if it cannot stop.
void signals_stop_self(void);
/// Whether a terminal may be touched: a process in the background would be stopped for it.
bool signals_is_foreground(int terminal);
/// Returns when it may be touched again, stopped until then; false if the program is asked to end instead.
bool signals_await_terminal(int terminal);

// crash.c

/// Notes the termios of the terminal before anybody changes it; returns its erase character, or -1.
int crash_remember(int output);
/// Gives the terminal the noted termios, unless another has it already.
void crash_restore_termios(void);
/// From now on a crash gives the terminal back: `modes_off`, what terminfo says, and the noted termios.
void crash_arm(const char *modes_off);
/// Whether there is something to restore: not while the terminal is lent.
void crash_hold(bool held);
void crash_disarm(void);

// capture.c

/// Diverts a descriptor into memory.
bool capture_begin(int descriptor);
void capture_pause(void);
void capture_resume(void);
/// Keeps the memory bounded; cheap enough for every turn of a loop.
void capture_trim(void);
/// Puts the descriptor back and writes the last 16 KB of what was said to it. Safe in a signal handler.
void capture_end(void);

#endif
