// memfd_create
#define _GNU_SOURCE
#include "CCurses.h"

#include <curses.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>
#include <wchar.h>

static SCREEN *screen;
static FILE *input_file, *output_file;
// The terminal itself, and the memory that curses writes to in its place during an update.
static int terminal = -1, frame = -1;
static char frame_bytes[64 * 1024];
static char modes_on[128], modes_off[128];
static cchar_t *row_cells;
static int row_room;
static bool repaint, can_hide, modes_due;
static int last_cursor_y, last_cursor_x;

static FILE *duplicate(int descriptor, const char *mode) {
    int copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 3);
    if (copy < 0) return NULL;
    FILE *file = fdopen(copy, mode);
    if (!file) close(copy);
    return file;
}

static void close_files(void) {
    if (input_file) fclose(input_file);
    if (output_file) fclose(output_file);
    if (terminal >= 0) close(terminal);
    if (frame >= 0) close(frame);
    input_file = output_file = NULL;
    terminal = frame = -1;
}

static bool open_files(int input, int output) {
    input_file = duplicate(input, "r");
    output_file = duplicate(output, "w");
    terminal = fcntl(output, F_DUPFD_CLOEXEC, 3);
    frame = memfd_create("binnacle-frame", MFD_CLOEXEC);
    if (input_file && output_file && terminal >= 0 && frame >= 0) return true;
    close_files();
    return false;
}

static void on_nothing(int number) { (void)number; }

/// Curses takes SIGTSTP, SIGINT, SIGTERM and SIGWINCH where it finds them at their default, and stops or exits in its
/// handlers. It looks only the first time in a process; what it finds then is not the default.
static SCREEN *open_screen(const char *term) {
    static const int wanted[] = {SIGTSTP, SIGINT, SIGTERM, SIGWINCH};
    struct sigaction found[4];
    for (int i = 0; i < 4; i++) {
        sigaction(wanted[i], NULL, &found[i]);
        struct sigaction busy = found[i];
        if (busy.sa_handler == SIG_DFL) busy.sa_handler = on_nothing;
        sigaction(wanted[i], &busy, NULL);
    }
    SCREEN *result = newterm(term, output_file, input_file);
    for (int i = 0; i < 4; i++) sigaction(wanted[i], &found[i], NULL);
    return result;
}

int curses_open(const char *term, int input, int output) {
    if (screen) return curses_busy;
    if (!open_files(input, output)) return curses_failed;
    // LINES and COLUMNS left over in the environment must not win over the real size.
    use_env(FALSE);
    use_tioctl(TRUE);
    screen = open_screen(term);
    if (!screen) {
        close_files();
        return terminfo_refusal(term, output);
    }
    char text[64];
    if (terminfo_string("cup", text, sizeof text) <= 0) {
        endwin();
        delscreen(screen);
        screen = NULL;
        close_files();
        return curses_incapable_term;
    }
    raw();
    noecho();
    nonl();
    intrflush(stdscr, FALSE);
    // An update is never broken off half way because a key came in.
    typeahead(-1);
    keypad(stdscr, TRUE);
    can_hide = curs_set(0) != ERR;
    last_cursor_y = last_cursor_x = -1;
    repaint = true;
    modes_on[0] = modes_off[0] = 0;
    modes_due = false;
    return curses_ok;
}

void curses_close(void) {
    if (!screen) return;
    if (signals_is_foreground(terminal)) curses_leave();
    delscreen(screen);
    screen = NULL;
    close_files();
    free(row_cells);
    row_cells = NULL;
    row_room = 0;
}

void curses_set_modes(const char *on, const char *off) {
    snprintf(modes_on, sizeof modes_on, "%s", on);
    snprintf(modes_off, sizeof modes_off, "%s", off);
    modes_due = true;
}

void curses_leave(void) {
    if (isendwin()) return;
    curses_write(modes_off, (int)strlen(modes_off));
    endwin();
}

void curses_enter(void) {
    // First the termios: in the background this stops the process, before anything is written over another's screen.
    reset_prog_mode();
    if (!isendwin()) {
        // Stopped and continued from outside: the screen was never left, and the shell has written on it since.
        curses_leave();
        reset_prog_mode();
    }
    clearok(curscr, TRUE);
    doupdate();
    curses_write(modes_on, (int)strlen(modes_on));
    modes_due = false;
}

int curses_rows(void) { return getmaxy(stdscr); }
int curses_columns(void) { return getmaxx(stdscr); }

bool curses_measure(int *rows, int *columns) {
    struct winsize size;
    if (terminal < 0 || ioctl(terminal, TIOCGWINSZ, &size) != 0 || size.ws_row == 0 || size.ws_col == 0) return false;
    *rows = size.ws_row;
    *columns = size.ws_col;
    return true;
}

bool curses_resize(int rows, int columns) { return resize_term(rows, columns) == OK; }

void curses_repaint(void) { repaint = true; }

static attr_t attributes(uint32_t traits) {
    attr_t result = A_NORMAL;
    if (traits & 1) result |= A_BOLD;
    if (traits & 2) result |= A_DIM;
    if (traits & 4) result |= A_ITALIC;
    if (traits & 8) result |= A_UNDERLINE;
    if (traits & 16) result |= A_REVERSE;
    return result;
}

// `like` is the cell before it, if that looks the same: setcchar costs more than all the rest of a row.
static void fill(cchar_t *target, const curses_cell *cell, wchar_t scalar, wchar_t mark, const cchar_t *like) {
    if (like) {
        *target = *like;
        target->chars[0] = scalar;
        target->chars[1] = mark;
        return;
    }
    wchar_t text[3] = {scalar, mark, 0};
    int pair = cell->pair;
    setcchar(target, text, attributes(cell->traits), 0, &pair);
}

static bool agrees(const curses_cell *cell) {
    if (cell->scalar >= 0x20 && cell->scalar < 0x7F) return cell->width == 1;
    return wcwidth((wchar_t)cell->scalar) == (int)cell->width;
}

void curses_put_row(int y, const curses_cell *cells, int count) {
    if (count > row_room) {
        cchar_t *larger = realloc(row_cells, (size_t)count * sizeof *larger);
        if (!larger) return;
        row_cells = larger;
        row_room = count;
    }
    int n = 0;
    for (int x = 0; x < count; x++) {
        const curses_cell *cell = &cells[x];
        bool alike = n > 0 && cell->traits == cell[-1].traits && cell->pair == cell[-1].pair;
        const cchar_t *like = alike ? &row_cells[n - 1] : NULL;
        bool wide = cell->width == 2;
        bool whole = !wide || (x + 1 < count && cells[x + 1].width == 0);
        if (cell->width >= 1 && whole && agrees(cell)) {
            wchar_t mark = cell->mark && wcwidth((wchar_t)cell->mark) == 0 ? (wchar_t)cell->mark : 0;
            fill(&row_cells[n++], cell, (wchar_t)cell->scalar, mark, like);
            // Curses makes the right half of a wide character itself.
            if (wide) x++;
        } else {
            fill(&row_cells[n++], cell, cell->width == 0 ? L' ' : L'?', 0, like);
        }
    }
    mvwadd_wchnstr(stdscr, y, 0, row_cells, n);
}

// Curses writes every row by itself, twice. One write for a frame is several times cheaper, and says how long it is.
static void frame_begin(void) {
    lseek(frame, 0, SEEK_SET);
    dup2(frame, fileno(output_file));
}

static bool frame_end(bool synchronized) {
    dup2(terminal, fileno(output_file));
    off_t length = lseek(frame, 0, SEEK_CUR), sent = 0;
    if (length <= 0) return false;
    static const char before[] = "\033[?2026h", after[] = "\033[?2026l";
    size_t filled = 0;
    if (synchronized) {
        memcpy(frame_bytes, before, sizeof before - 1);
        filled = sizeof before - 1;
    }
    while (sent < length) {
        size_t room = sizeof frame_bytes - filled - sizeof after;
        size_t wanted = length - sent < (off_t)room ? (size_t)(length - sent) : room;
        ssize_t count = pread(frame, frame_bytes + filled, wanted, sent);
        if (count <= 0) break;
        sent += count;
        filled += (size_t)count;
        if (sent == length && synchronized) {
            memcpy(frame_bytes + filled, after, sizeof after - 1);
            filled += sizeof after - 1;
        }
        curses_write(frame_bytes, (int)filled);
        filled = 0;
    }
    return true;
}

bool curses_flush(bool synchronized, int cursor_y, int cursor_x) {
    bool visible = cursor_y >= 0;
    leaveok(stdscr, !visible && can_hide);
    if (visible) wmove(stdscr, cursor_y, cursor_x);
    else if (!can_hide) wmove(stdscr, curses_rows() - 1, 0);
    wnoutrefresh(stdscr);
    // wnoutrefresh marks in newscr only the cells that really became others.
    bool changed = repaint || is_wintouched(newscr);
    bool moved = cursor_y != last_cursor_y || (visible && cursor_x != last_cursor_x);
    if (!changed && !moved) return false;
    frame_begin();
    if (!visible && last_cursor_y >= 0) curs_set(0);
    if (repaint) clearok(curscr, TRUE);
    doupdate();
    if (visible && last_cursor_y < 0) curs_set(1);
    bool sent = frame_end(synchronized && changed);
    if (modes_due) {
        // Only now: without a cursor to hide, the alternate screen goes out with the first update.
        curses_write(modes_on, (int)strlen(modes_on));
        modes_due = false;
    }
    repaint = false;
    last_cursor_y = cursor_y;
    last_cursor_x = cursor_x;
    return sent;
}

void curses_write(const char *bytes, int count) {
    if (terminal < 0) return;
    while (count > 0) {
        ssize_t sent = write(terminal, bytes, (size_t)count);
        if (sent >= 0) {
            bytes += sent;
            count -= (int)sent;
        } else if (errno == EAGAIN) {
            struct pollfd wait = {terminal, POLLOUT, 0};
            if (poll(&wait, 1, 1000) <= 0) return;
        } else if (errno != EINTR) {
            return;
        }
    }
}
