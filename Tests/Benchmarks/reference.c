// The floor: what listing containers and painting them costs when nothing else is done. One hand-written request over the
// unix socket, one frame with ncurses; j and k move a highlight, q quits. It follows nothing and survives nothing.
// usage: reference SOCKET
#include <curses.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { mostRows = 4096, widest = 64 };
struct row { char name[widest], image[widest], state[widest], status[widest]; };
static struct row rows[mostRows];

static char *answer(const char *path) {
    // HTTP/1.0, so that the answer ends with the connection and is not chunked.
    static const char request[] = "GET /containers/json?all=1 HTTP/1.0\r\nHost: docker\r\n\r\n";
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    int s = socket(AF_UNIX, SOCK_STREAM, 0);
    if (s < 0 || connect(s, (struct sockaddr *)&address, sizeof address) || write(s, request, sizeof request - 1) < 0) {
        perror(path);
        exit(2);
    }
    size_t used = 0, room = 1 << 16;
    char *text = malloc(room);
    for (ssize_t n; text && (n = read(s, text + used, room - used - 1)) > 0;) {
        used += (size_t)n;
        if (room - used < 2) text = realloc(text, room *= 2);
    }
    close(s);
    if (!text) abort();
    text[used] = 0;
    return text;
}

// Copies the string that follows `key` before `end`. The engine escapes nothing in these fields.
static void field(const char *from, const char *end, const char *key, char *into) {
    const char *at = strstr(from, key);
    *into = 0;
    if (!at || at >= end) return;
    at += strlen(key);
    size_t n = strcspn(at, "\"");
    if (n >= widest) n = widest - 1;
    memcpy(into, at, n);
    into[n] = 0;
}

static int parse(const char *text) {
    int count = 0;
    for (const char *at = strstr(text, "{\"Id\":"); at && count < mostRows; count++) {
        const char *next = strstr(at + 1, "{\"Id\":"), *end = next ? next : at + strlen(at);
        struct row *r = &rows[count];
        field(at, end, "\"Names\":[\"/", r->name);
        field(at, end, "\"Image\":\"", r->image);
        field(at, end, "\"State\":\"", r->state);
        field(at, end, "\"Status\":\"", r->status);
        at = next;
    }
    return count;
}

static void paint(int count, int selected) {
    int first = selected >= LINES - 1 ? selected - LINES + 2 : 0;
    mvprintw(0, 0, "%-32s %-10s %-32s %s", "NAME", "STATE", "STATUS", "IMAGE");
    for (int y = 1; y < LINES && first + y - 1 < count; y++) {
        const struct row *r = &rows[first + y - 1];
        attrset(first + y - 1 == selected ? A_REVERSE : A_NORMAL);
        mvprintw(y, 0, "%-32s %-10s %-32s %s", r->name, r->state, r->status, r->image);
        clrtoeol();
    }
    attrset(A_NORMAL);
    refresh();
}

int main(int argc, char **argv) {
    if (argc != 2) return fprintf(stderr, "usage: reference SOCKET\n"), 64;
    setlocale(LC_ALL, "");
    char *text = answer(argv[1]);
    int count = parse(text), selected = 0, key = 0;
    initscr();
    cbreak();
    noecho();
    curs_set(0);
    do {
        if (key == 'j' && selected < count - 1) selected++;
        if (key == 'k' && selected > 0) selected--;
        paint(count, selected);
    } while ((key = getch()) != 'q' && key != ERR);
    endwin();
    free(text);
    return 0;
}
