// strcasestr
#define _GNU_SOURCE
#include "CCurses.h"

#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static bool is_utf8(void) {
    const char *codeset = nl_langinfo(CODESET);
    return codeset && (strcasecmp(codeset, "UTF-8") == 0 || strcasecmp(codeset, "UTF8") == 0);
}

/// The setting that decides on characters, or NULL.
static const char *wanted(void) {
    static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};
    for (int i = 0; i < 3; i++) {
        const char *value = getenv(names[i]);
        if (value && *value) return value;
    }
    return NULL;
}

bool locale_set(bool force) {
    const char *name = wanted();
    // Characters only: the other categories cost a dozen files at start, and decimal commas in what we write.
    // A locale that ssh brought along and that is not installed here still says what the terminal shows.
    bool missing = setlocale(LC_CTYPE, "") == NULL && name && (strcasestr(name, "utf-8") || strcasestr(name, "utf8"));
    if (is_utf8()) return true;
    if (!name || missing || force) {
        if (!setlocale(LC_CTYPE, "C.UTF-8")) setlocale(LC_CTYPE, "en_US.UTF-8");
    }
    return is_utf8();
}
