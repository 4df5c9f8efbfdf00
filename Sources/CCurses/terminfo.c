#include "CCurses.h"

#include <curses.h>
#include <stdio.h>
#include <term.h>

int terminfo_string(const char *name, char *buffer, int size) {
    // tigetstr is declared without const, and does not write.
    const char *text = tigetstr((char *)name);
    if (!text || text == (const char *)-1) return -1;
    int length = 0;
    while (*text) {
        if (text[0] == '$' && text[1] == '<') {
            const char *end = text + 2;
            while (*end && *end != '>') end++;
            if (*end == '>') {
                text = end + 1;
                continue;
            }
        }
        if (length >= size - 1) return -1;
        buffer[length++] = *text++;
    }
    buffer[length] = 0;
    return length;
}

int terminfo_refusal(const char *term, int output) {
    int found = 0;
    if (setupterm(term, output, &found) == ERR) {
        // 1: it is a printing terminal; 0: unknown, or "generic"; -1: no terminfo at all.
        return found == 1 ? curses_incapable_term : curses_unknown_term;
    }
    del_curterm(cur_term);
    return curses_failed;
}
