#include "CCurses.h"

#include <curses.h>

int curses_start_color(void) {
    if (!has_colors() || start_color() == ERR) return 0;
    use_default_colors();
    return COLORS;
}

bool curses_has_direct_color(void) {
    char *text = tigetstr("RGB");
    return tigetflag("RGB") > 0 || tigetnum("RGB") > 0 || (text && text != (char *)-1);
}

int curses_pair_limit(void) { return COLOR_PAIRS; }

bool curses_define_pair(int pair, int foreground, int background) {
    return init_extended_pair(pair, foreground, background) == OK;
}

void curses_forget_pairs(void) {
    reset_color_pairs();
    // The same pair number now means another colour, and curses would take a cell for unchanged.
    curses_repaint();
}
