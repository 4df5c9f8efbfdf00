"""What a terminal would show: enough of xterm for programs that ask terminfo what xterm-256color can."""
import codecs
import re
import unicodedata

TOKEN = re.compile(
    r"(?P<text>[^\x00-\x1f\x7f\x80-\x9f]+)"
    r"|\x1b\[(?P<private>[<=>?]?)(?P<numbers>[0-9;:]*)(?P<between>[ -/]*)(?P<final>[@-~])"
    r"|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)"  # operating system commands: title, clipboard
    r"|\x1b[PX^_][^\x1b]*\x1b\\"  # device control and application strings
    r"|\x1b(?P<slot>[()*+])(?P<charset>.)"
    r"|\x1b(?P<escape>[ -'\-./]*[0-OQ-WYZ`-~\\])"  # none that begins a longer sequence, of which the rest is yet to come
    r"|(?P<control>[\x00-\x1a\x1c-\x1f\x7f-\x9f])", re.S)
LINES = dict(zip("`afgjklmnopqrstuvwxyz{|}~", "◆▒°±┘┐┌└┼⎺⎻─⎼⎽├┤┴┬│≤≥π≠£·"))
BLANK = (" ", ())


def width(character):
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


class Screen:
    def __init__(self, columns, rows):
        self.columns, self.rows = columns, rows
        self.decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        self.rest = ""
        self.reset()

    def reset(self):
        self.cells = [[BLANK] * self.columns for _ in range(self.rows)]
        self.x = self.y = 0
        self.top, self.bottom = 0, self.rows - 1
        self.style, self.last = {}, " "
        self.look = ()
        self.full = self.insert = False
        self.autowrap = True
        self.charsets, self.shift = ["B", "B"], 0
        self.saved = (0, 0, {})

    # What is on it.

    def lines(self):
        return ["".join(character for character, _ in row) for row in self.cells]

    def copy(self):
        return [row[:] for row in self.cells]

    def changed(self, before):
        """How many cells differ from an earlier copy."""
        return sum(sum(a != b for a, b in zip(new, old)) for new, old in zip(self.cells, before) if new != old)

    def written(self):
        return any(character not in ("", " ") for row in self.cells for character, _ in row)

    # What comes in.

    def feed(self, data):
        text = self.rest + self.decode(data)
        at = 0
        while at < len(text):
            token = TOKEN.match(text, at)
            if not token:
                if len(text) - at < 65536:
                    break  # a sequence that is not complete yet
                at += 1
                continue
            at = token.end()
            if token["text"]:
                self.put(token["text"])
            elif token["final"]:
                self.sequence(token["private"], token["numbers"], token["between"], token["final"])
            elif token["control"]:
                self.control(token["control"])
            elif token["slot"] and token["slot"] in "()":
                self.charsets["()".index(token["slot"])] = token["charset"]
            elif token["escape"]:
                self.escape(token["escape"])
        self.rest = text[at:]

    def put(self, text):
        if self.charsets[self.shift] == "0":
            text = "".join(LINES.get(character, character) for character in text)
        if text.isascii() and not self.insert and not self.full and self.x + len(text) < self.columns:
            look = self.look  # by far the most frequent case
            self.cells[self.y][self.x:self.x + len(text)] = [(character, look) for character in text]
            self.repair(self.y, self.x, self.x + len(text))
            self.x += len(text)
            self.last = text[-1]
            return
        for character in text:
            self.put_one(character)

    def put_one(self, character):
        wide = width(character)
        if wide == 0:
            x = self.x if self.full else self.x - 1
            if x >= 0:
                at = x - 1 if self.cells[self.y][x][0] == "" and x else x
                old, look = self.cells[self.y][at]
                self.cells[self.y][at] = (old + character, look)
            return
        if self.full and self.autowrap or self.x + wide > self.columns:
            self.x = 0
            self.feed_line()
        self.full = False
        row = self.cells[self.y]
        if self.insert:
            row[self.x:self.x] = [BLANK] * wide
            del row[self.columns:]
        row[self.x] = (character, self.look)
        if wide == 2:
            row[self.x + 1] = ("", self.look)
        self.repair(self.y, self.x, self.x + wide)
        self.last = character
        self.x += wide
        if self.x >= self.columns:  # the cursor stays on the last column until the next character comes
            self.x, self.full = self.columns - 1, True

    def repair(self, y, start, end):
        """A wide character of which one half was overwritten is gone."""
        row = self.cells[y]
        if start > 0 and row[start][0] != "" and len(row[start - 1][0]) and width(row[start - 1][0][0]) == 2:
            row[start - 1] = (" ", row[start - 1][1])
        if end < self.columns and row[end][0] == "" and row[end - 1][0] != "" and width(row[end - 1][0][0]) != 2:
            row[end] = (" ", row[end][1])

    def control(self, character):
        if character == "\r":
            self.x, self.full = 0, False
        elif character in "\n\v\f":
            self.feed_line()
        elif character == "\b":
            self.x, self.full = max(0, self.x - 1), False
        elif character == "\t":
            self.x, self.full = min(self.columns - 1, self.x // 8 * 8 + 8), False
        elif character == "\x0e":
            self.shift = 1
        elif character == "\x0f":
            self.shift = 0

    def escape(self, code):
        if code == "7":
            self.saved = (self.x, self.y, dict(self.style))
        elif code == "8":
            self.x, self.y, style = self.saved
            self.style, self.full = dict(style), False
            self.restyle()
        elif code == "D":
            self.feed_line()
        elif code == "E":
            self.x = 0
            self.feed_line()
        elif code == "M":
            if self.y == self.top:
                self.scroll(-1)
            else:
                self.y = max(0, self.y - 1)
        elif code == "c":
            self.reset()

    def sequence(self, private, numbers, between, final):
        if between or private in ("<", "=", ">"):
            return
        if final in "hl":
            return self.mode(private, numbers.split(";"), final == "h")
        if private:
            return
        if final == "m":
            return self.rendition(numbers)
        given = [int(n or 0) for n in numbers.split(";")] if numbers else [0]
        first = given[0]
        count = max(1, first)
        second = max(1, given[1]) if len(given) > 1 else 1
        row = self.cells[self.y]
        if final not in "b":
            self.full = False
        if final in "Hf":
            self.y, self.x = min(self.rows, count) - 1, min(self.columns, second) - 1
        elif final in "G`":
            self.x = min(self.columns, count) - 1
        elif final == "d":
            self.y = min(self.rows, count) - 1
        elif final == "A":
            self.y = max(self.top if self.y >= self.top else 0, self.y - count)
        elif final in "Be":
            self.y = min(self.bottom if self.y <= self.bottom else self.rows - 1, self.y + count)
        elif final in "Ca":
            self.x = min(self.columns - 1, self.x + count)
        elif final == "D":
            self.x = max(0, self.x - count)
        elif final == "E":
            self.x, self.y = 0, min(self.rows - 1, self.y + count)
        elif final == "F":
            self.x, self.y = 0, max(0, self.y - count)
        elif final == "Z":
            self.x = max(0, (self.x - 1) // 8 * 8)
        elif final == "I":
            self.x = min(self.columns - 1, self.x // 8 * 8 + 8 * count)
        elif final == "J":
            if first == 0:
                self.erase(self.y, self.x, self.columns)
                self.erase_lines(self.y + 1, self.rows)
            elif first == 1:
                self.erase_lines(0, self.y)
                self.erase(self.y, 0, self.x + 1)
            else:
                self.erase_lines(0, self.rows)
        elif final == "K":
            self.erase(self.y, 0 if first else self.x, self.x + 1 if first == 1 else self.columns)
        elif final == "X":
            self.erase(self.y, self.x, min(self.columns, self.x + count))
        elif final == "b":
            self.put(self.last * count)
        elif final == "@":
            row[self.x:self.x] = [self.blank()] * count
            del row[self.columns:]
        elif final == "P":
            del row[self.x:self.x + count]
            row.extend([self.blank()] * (self.columns - len(row)))
        elif final in "LM" and self.top <= self.y <= self.bottom:
            top, self.top = self.top, self.y
            self.scroll(-count if final == "L" else count)
            self.top, self.x = top, 0
        elif final == "S":
            self.scroll(count)
        elif final == "T":
            self.scroll(-count)
        elif final == "r":
            bottom = min(self.rows, given[1] if len(given) > 1 and given[1] else self.rows) - 1
            self.top, self.bottom = (count - 1, bottom) if count - 1 < bottom else (0, self.rows - 1)
            self.x = self.y = 0
        elif final == "s":
            self.escape("7")
        elif final == "u":
            self.escape("8")

    def mode(self, private, numbers, on):
        for number in numbers:
            if private and number in ("47", "1047", "1049"):
                if on:
                    self.erase_lines(0, self.rows)
            elif private and number == "7":
                self.autowrap = on
            elif not private and number == "4":
                self.insert = on

    def rendition(self, numbers):
        # 38:2::1:2:3 and 38;2;1;2;3 say the same.
        codes = [int(n or 0) for n in re.split("[;:]", numbers)] if numbers else [0]
        style = self.style
        at = 0
        while at < len(codes):
            code = codes[at]
            at += 1
            if code == 0:
                style.clear()
            elif code in (38, 48, 58):
                length = 1 + {5: 1, 2: 3}.get(codes[at] if at < len(codes) else None, 0)
                style[code] = tuple(codes[at:at + length])
                at += length
            elif 30 <= code <= 37 or 90 <= code <= 97:
                style[38] = code
            elif 40 <= code <= 47 or 100 <= code <= 107:
                style[48] = code
            elif code in (39, 49, 59):
                style.pop(code - 1, None)
            elif code == 22:
                style.pop(1, None)
                style.pop(2, None)
            elif 23 <= code <= 29:
                style.pop(code - 20, None)
            else:
                style[code] = True
        self.restyle()

    def restyle(self):
        # A colour may be a number or a tuple: sorted by the key alone, they never have to be compared.
        self.look = tuple(sorted(self.style.items(), key=lambda item: item[0]))

    def blank(self):
        """Erased cells keep the background colour, and no other attribute."""
        ground = self.style.get(48)
        return (" ", ((48, ground),)) if ground is not None else BLANK

    def erase(self, y, start, end):
        if start < end:
            self.cells[y][start:end] = [self.blank()] * (end - start)

    def erase_lines(self, start, end):
        for y in range(start, end):
            self.cells[y] = [self.blank()] * self.columns

    def feed_line(self):
        self.full = False
        if self.y == self.bottom:
            self.scroll(1)
        elif self.y < self.rows - 1:
            self.y += 1

    def scroll(self, count):
        region = self.cells[self.top:self.bottom + 1]
        blank = [[self.blank()] * self.columns for _ in range(min(abs(count), len(region)))]
        if count > 0:
            region = region[count:] + blank
        else:
            region = blank + region[:len(region) + count if len(region) + count > 0 else 0]
        self.cells[self.top:self.bottom + 1] = region
