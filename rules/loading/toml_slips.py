"""Finds the first slip of the pen in a file that is no TOML: a quotation mark, comma, bracket or date."""

import re
from itertools import pairwise
from typing import Final, NamedTuple

from rules.language.phrases import Phrase, phrase
from rules.loading.toml_lines import Token, gaps, tokens

_PLAIN_VALUE: Final = re.compile(r"true|false|[+-]?[0-9][0-9_]*(\.[0-9_]+)?|[0-9]{4}-[0-9]{2}-[0-9]{2}\S*|[0-9:.]+")
_DANISH_DAY: Final = re.compile(r"([0-9]{1,2})[-./]([0-9]{1,2})[-./]([0-9]{4})")
_HEADER: Final = re.compile(r"\s*\[+[A-Za-z0-9_.-]+\]+\s*(#.*)?")
_BALANCED: Final = re.compile(r"\s*(\[[^\[\]]+\]|\[\[[^\[\]]+\]\])\s*(#.*)?")
_CLOSING: Final = {"[": "]", "{": "}"}
_END: Final = Token("end", "", 0)
_BEGINS_VALUE: Final = ("bare", "text")
_FEW: Final = 40
"""How many signs of a value are named."""


class Slip(NamedTuple):
    """What is wrong in a line, and the remedy."""

    line: int
    phrase: Phrase


def first_slip(toml: str) -> Slip | None:
    """Return the first slip of a file that cannot be read, or None when it is of another kind."""
    return _quotation_mark(toml) or _Reader(toml).first_slip()


def _quotation_mark(toml: str) -> Slip | None:
    for line, behind in gaps(toml):
        is_at_end = bool(re.search(r"\w", behind.partition("#")[0]))
        return Slip(line, phrase("quotation-mark-at-end" if is_at_end else "quotation-mark"))
    return None


class _Opened(NamedTuple):
    mark: str
    line: int


class _Reader:
    """Reads marks and values as TOML expects them, up to the first that is not expected."""

    def __init__(self, toml: str) -> None:
        self._tokens = list(tokens(toml))
        self._lines = toml.splitlines()
        self._opened: list[_Opened] = []
        self._expects = "key"
        self._last = Token("", "", 1)

    def first_slip(self) -> Slip | None:
        is_header = False
        begun = 0
        for token, following in pairwise([*self._tokens, _END]):
            begins_line, begun = token.line != begun, token.line
            if begins_line and not self._opened:
                is_header = token.text == "["
                if is_header and not _BALANCED.fullmatch(self._lines[token.line - 1]):
                    return Slip(token.line, phrase("header-form"))
            if is_header:
                continue
            if self._opened and begins_line and self._begins_anew(token, following):
                return self._unclosed(token.line)
            if (slip := self._slip(token)) is not None:
                return slip
        return self._unclosed(len(self._lines)) if self._opened else None

    def _begins_anew(self, token: Token, following: Token) -> bool:
        """Return whether a line begins a table or names a key, although a bracket is still open."""
        is_pair = following.text == "=" and self._opened[-1].mark == "["
        return is_pair or bool(_HEADER.fullmatch(self._lines[token.line - 1]))

    def _slip(self, token: Token) -> Slip | None:
        if token.kind == "newline":
            return self._at_end_of_line()
        if token.kind in _BEGINS_VALUE or token.text in _CLOSING:
            return self._at_value(token)
        return self._at_mark(token)

    def _at_end_of_line(self) -> Slip | None:
        if not self._opened:
            self._expects = "key"
        elif self._opened[-1].mark == "{":
            if self._expects == "end":
                return Slip(self._last.line, phrase("bracket-at-end", mark="}"))
            return Slip(self._last.line, phrase("table-on-one-line"))
        return None

    def _at_value(self, token: Token) -> Slip | None:
        if self._expects == "end":
            if not self._opened:
                return _written_wrong(token, self._last)
            return Slip(self._last.line, phrase("comma-missing", before=_short(self._last), behind=_short(token)))
        if self._expects == "=":
            return Slip(token.line, phrase("equals-missing", key=self._last.text))
        slip = _unreadable(token) if self._expects == "value" else None
        self._expects = "=" if self._expects == "key" else "end"
        self._last = token
        if token.text in _CLOSING:
            self._opened.append(_Opened(token.text, token.line))
            self._expects = "key" if token.text == "{" else "value"
        return slip

    def _at_mark(self, token: Token) -> Slip | None:
        if token.text == "=":
            if self._expects == "end" and self._opened:
                return self._unclosed(token.line)
            self._expects = "value"
        elif token.text == "," and self._opened:
            self._expects = "key" if self._opened[-1].mark == "{" else "value"
        elif not self._opened:
            return Slip(token.line, phrase("bracket-before-missing", mark=token.text))
        else:
            if token.text != _CLOSING[self._opened[-1].mark]:
                return Slip(token.line, phrase("bracket-before", mark=_CLOSING[self._opened[-1].mark], at=token.text))
            self._opened.pop()
            self._expects = "end"
        self._last = token
        return None

    def _unclosed(self, line: int) -> Slip:
        opened = self._opened[0]
        return Slip(opened.line, phrase("bracket-open", mark=opened.mark, closing=_CLOSING[opened.mark], line=line))


def _unreadable(token: Token) -> Slip | None:
    """Return the slip of a bare word that is no value: a day in the Danish order, or text without its marks."""
    if token.kind != "bare" or (_PLAIN_VALUE.fullmatch(token.text) and not _DANISH_DAY.fullmatch(token.text)):
        return None
    day = _DANISH_DAY.fullmatch(token.text)
    if day is not None:
        return Slip(token.line, phrase("day-form", day=f"{day[3]}-{int(day[2]):02}-{int(day[1]):02}"))
    return Slip(token.line, phrase("text-without-marks", text=token.text))


def _written_wrong(token: Token, last: Token) -> Slip | None:
    if last.kind == token.kind == "bare":
        return Slip(token.line, phrase("text-without-marks", text=f"{last.text} {token.text}"))
    return Slip(token.line, phrase("too-much-on-line", text=_short(token)))


def _short(token: Token) -> str:
    """Return a token as it is named in a sentence."""
    return token.text if len(token.text) <= _FEW else f"{token.text[:_FEW]}…"
