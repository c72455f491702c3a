"""The line of each key of a TOML file; the standard library reads values without their places."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from rules.checks.flaws import Path

_TOKEN: Final = re.compile(
    r"""
      (?P<blank> [ \t\r]+ | \#[^\n]* )
    | (?P<newline> \n )
    | (?P<text> \"{3} (?:\\.|[^\\])*? \"{3,5} | '{3} .*? '{3,5} | \" (?:\\.|[^\"\\\n])* \" | ' [^'\n]* ' )
    | (?P<mark> [\[\]{}=,] )
    | (?P<bare> [^\s\[\]{}=,\#\"']+ )
    """,
    re.VERBOSE | re.DOTALL,
)


class Token(NamedTuple):
    """A key, value or mark, and its line."""

    kind: str
    text: str
    line: int


class TomlLines:
    """The lines of the keys of a file that `tomllib` can read."""

    def __init__(self, toml: str) -> None:
        """Note the line of every key, array element and table."""
        self._tokens = [*tokens(toml), Token("end", "", 0)]
        self._next = 0
        self._lengths: dict[Path, int] = {}
        self._lines: dict[Path, int] = {(): 1}
        self._table: Path = ()
        self.headers: set[int] = set()
        """The lines on which a table begins with its name in square brackets."""
        while self._peek().kind != "end":
            self._statement()

    def line(self, path: Path) -> int:
        """Return the line of `path`, or that of the nearest table around it."""
        return next(self._lines[path[:n]] for n in range(len(path), -1, -1) if path[:n] in self._lines)

    def _peek(self) -> Token:
        return self._tokens[self._next]

    def _take(self) -> Token:
        token = self._tokens[self._next]
        self._next = min(self._next + 1, len(self._tokens) - 1)
        return token

    def _statement(self) -> None:
        token = self._peek()
        if token.text == "[":
            self._header()
        elif token.kind in ("bare", "text"):
            self._pair(self._table)
        else:
            self._take()

    def _header(self) -> None:
        line = self._take().line
        self.headers.add(line)
        is_array = self._peek().text == "["
        if is_array:
            self._take()
        keys = self._keys("]")
        path: Path = ()
        for place, key in enumerate(keys, 1):
            path = (*path, key)
            if is_array and place == len(keys):
                self._lengths[path] = self._lengths.get(path, 0) + 1
            if path in self._lengths:
                path = (*path, self._lengths[path] - 1)
        self._table = path
        for around in (path[:-1], path):
            self._lines.setdefault(around, line)

    def _pair(self, table: Path) -> None:
        line = self._peek().line
        path = table
        for key in self._keys("="):
            path = (*path, key)
            self._lines.setdefault(path, line)
        self._value(path)

    def _keys(self, end: str) -> list[str]:
        keys: list[str] = []
        while self._peek().kind != "end" and (token := self._take()).text != end:
            if token.kind == "text":
                keys.append(token.text[1:-1])
            elif token.kind == "bare":
                keys.extend(key for key in token.text.split(".") if key)
        return keys

    def _value(self, path: Path) -> None:
        token = self._take()
        if token.text == "[":
            self._array(path)
        elif token.text == "{":
            while (inner := self._peek()).text != "}" and inner.kind != "end":
                if inner.kind in ("bare", "text"):
                    self._pair(path)
                else:
                    self._take()
            self._take()
        while self._peek().kind == "bare":  # A date and a time of day may stand apart.
            self._take()

    def _array(self, path: Path) -> None:
        place = 0
        while (inner := self._peek()).text != "]" and inner.kind != "end":
            if inner.text == "," or inner.kind == "newline":
                self._take()
                continue
            self._lines[(*path, place)] = inner.line
            self._value((*path, place))
            place += 1
        self._take()


def tokens(toml: str) -> Iterator[Token]:
    """Yield the keys, values and marks of a file, without what lies between them."""
    line = 1
    for match in _TOKEN.finditer(toml):
        kind = match.lastgroup or "blank"
        if kind != "blank":
            yield Token(kind, match[0], line)
        line += match[0].count("\n")


def gaps(toml: str) -> Iterator[tuple[int, str]]:
    """Yield the line of each sign that begins no token, a lonely quotation mark, and what follows it on its line."""
    end = 0
    for match in _TOKEN.finditer(toml):
        if match.start() > end:
            yield toml.count("\n", 0, end) + 1, toml[end + 1 :].partition("\n")[0]
        end = match.end()
    if end < len(toml):
        yield toml.count("\n", 0, end) + 1, toml[end + 1 :].partition("\n")[0]
