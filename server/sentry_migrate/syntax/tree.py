"""One parse of one text, and where every node stands in it.

The only module that parses. Owns parents, and which text libcst is shown so that spans fit the
original.
"""

from __future__ import annotations

import dataclasses
import re
from bisect import bisect_right
from collections.abc import Sequence
from typing import Any, TypeVar

import libcst as cst

from sentry_migrate.syntax.spans import Span, SpanState
from sentry_migrate.text.lines import LineIndex
from sentry_migrate.text.source import BOM

_Node = TypeVar("_Node", bound=cst.CSTNode)


class ParseError(ValueError):
    """The text is not Python libcst can read; `offset` is a code point of the text."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.offset = offset


class Tree:
    """A parsed text. Spans are 0-based code-point offsets into `text`, end exclusive.

    `lossless` is False where libcst would not give the text back character by character; spans
    may be off then, so nothing may be edited.
    """

    __slots__ = (
        *("_moved", "_parents", "_spans", "_strings"),
        *("by_type", "lines", "lossless", "module", "text"),
    )

    def __init__(self, text: str) -> None:
        """Parse `text`. Raises ParseError."""
        self.text = text
        self.lines = LineIndex(text)
        readable, self._moved = _readable(text)
        try:
            self.module = cst.parse_module(readable)
        except cst.ParserSyntaxError as error:
            line, column = _where(error)
            raise ParseError(error.message, self.lines.offset(line, column)) from error
        except (RecursionError, ValueError, TypeError) as error:
            raise ParseError(f"{type(error).__name__}: {error}", 0) from error
        state = SpanState(self.module)
        self.module._codegen(state)
        self._spans: dict[int, Span] = state.spans
        self.lossless = "".join(state.tokens) == readable
        self._parents: dict[int, cst.CSTNode] = {}
        self.by_type: dict[type[cst.CSTNode], list[cst.CSTNode]] = {}
        self._strings: list[Span] | None = None
        self._link()

    def nodes(self, kind: type[_Node]) -> list[_Node]:
        """All nodes of exactly this type, by position."""
        found = self.by_type.get(kind, [])
        return sorted(found, key=self.span)  # type: ignore[arg-type]

    def _link(self) -> None:
        parents = self._parents
        by_type = self.by_type
        stack: list[cst.CSTNode] = [self.module]
        while stack:
            node = stack.pop()
            by_type.setdefault(node.__class__, []).append(node)
            for child in children(node):
                parents[id(child)] = node
                stack.append(child)

    def span(self, node: cst.CSTNode) -> Span:
        """Where the node stands, without its parentheses, comments before it or whitespace."""
        start, end = self._spans[id(node)]
        if self._moved:
            return self._original(start), self._original(end)
        return start, end

    def outer(self, node: cst.CSTNode) -> Span:
        """Where an expression stands with the parentheses that belong to it."""
        left: Sequence[cst.CSTNode] = getattr(node, "lpar", ())
        right: Sequence[cst.CSTNode] = getattr(node, "rpar", ())
        if not left:
            return self.span(node)
        return self.span(left[0])[0], self.span(right[-1])[1]

    def _original(self, offset: int) -> int:
        """An offset in the text libcst saw, as an offset in the original text."""
        # _moved[i] is where, in the text libcst saw, the i-th dropped character would stand.
        return offset + bisect_right(self._moved, offset)

    def code(self, node: cst.CSTNode) -> str:
        """The node's text, as written."""
        start, end = self.span(node)
        return self.text[start:end]

    def quoted(self, offset: int) -> bool:
        """Whether the character at an offset belongs to a string, or to a string's code."""
        if self._strings is None:
            self._strings = []
            found = (node for kind in _STRINGS for node in self.by_type.get(kind, ()))
            for span in sorted(map(self.span, found)):
                if not self._strings or span[0] >= self._strings[-1][1]:  # not inside an f-string
                    self._strings.append(span)
        at = bisect_right(self._strings, (offset, len(self.text) + 1)) - 1
        return at >= 0 and offset < self._strings[at][1]

    def parent(self, node: cst.CSTNode) -> cst.CSTNode | None:
        """The node that holds `node`; None for the module."""
        return self._parents.get(id(node))

    def ancestors(self, node: cst.CSTNode) -> list[cst.CSTNode]:
        """The nodes that hold `node`, innermost first."""
        result = []
        at = self._parents.get(id(node))
        while at is not None:
            result.append(at)
            at = self._parents.get(id(at))
        return result

    def enclosing(self, node: cst.CSTNode, *kinds: type[_Node]) -> _Node | None:
        """The innermost node of one of `kinds` that holds `node`."""
        at = self._parents.get(id(node))
        while at is not None:
            if isinstance(at, kinds):
                return at
            at = self._parents.get(id(at))
        return None

    def statement(self, node: cst.CSTNode) -> cst.CSTNode:
        """The statement `node` stands in: a simple statement line or a compound statement."""
        at: cst.CSTNode = node
        while not isinstance(at, cst.SimpleStatementLine | cst.BaseCompoundStatement):
            holder = self._parents.get(id(at))
            if holder is None:
                return at
            at = holder
        return at


def _where(error: cst.ParserSyntaxError) -> tuple[int, int]:
    """The 0-based line and column; the message knows them better than the attributes."""
    told = re.search(r"error at (\d+):(\d+)", error.message)
    if told is not None:
        return int(told.group(1)) - 1, int(told.group(2))
    return error.raw_line - 1, error.raw_column


def _readable(text: str) -> tuple[str, list[int]]:
    """The text libcst can read losslessly, and where characters were dropped to make it so.

    A lone CR is a line end in Python, but libcst's generator writes another; LF is as long. A byte
    order mark and form feeds before an indentation vanish in the generator; they are dropped here
    (CPython's tokenizer ignores both there).
    """
    if "\r" in text:
        text = re.sub(r"\r(?!\n)", "\n", text)
    if BOM not in text[:1] and "\f" not in text:
        return text, []
    dropped = re.finditer(r"\A\ufeff?\f*|(?<=\n)\f+", text)
    spread = [at for match in dropped for at in range(*match.span())]
    kept = "".join(
        text[left + 1 : right]
        for left, right in zip([-1, *spread], [*spread, len(text)], strict=True)
    )
    return kept, [at - index for index, at in enumerate(spread)]


_STRINGS = (cst.SimpleString, cst.FormattedString, cst.TemplatedString)
_SKIPPED = frozenset(
    (
        *("leading_lines", "lines_after_decorators", "header", "footer", "trailing_whitespace"),
        *("indent", "comma", "semicolon", "dot", "equal", "colon", "lpar", "rpar", "lbracket"),
        *("rbracket", "lbrace", "rbrace", "asynchronous", "encoding", "relative", "first_line"),
        *("default_indent", "default_newline", "has_trailing_newline", "empty_lines", "last_line"),
    )
)
_FIELDS: dict[type[cst.CSTNode], tuple[str, ...]] = {}


def _fields(kind: type[cst.CSTNode]) -> tuple[str, ...]:
    names = _FIELDS.get(kind)
    if names is None:
        names = _FIELDS[kind] = tuple(
            field.name
            for field in dataclasses.fields(kind)
            if field.name not in _SKIPPED and not field.name.startswith("whitespace")
        )
    return names


def children(node: cst.CSTNode) -> list[cst.CSTNode]:
    """The nodes directly below, in the order of their fields; no whitespace, no punctuation."""
    result: list[cst.CSTNode] = []
    for name in _fields(node.__class__):
        value: Any = getattr(node, name)
        if value is None or value.__class__ is str:
            continue
        if value.__class__ is tuple or value.__class__ is list:
            result.extend(value)
        elif isinstance(value, cst.CSTNode):
            result.append(value)
    return result
