"""One parse of one text, and where every node stands in it.

Owns parents, which text libcst is shown so that spans fit the original, and which trees are kept.
"""

from __future__ import annotations

import dataclasses
import re
import warnings
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar

import libcst as cst

from sentry_migrate.python.parsing import Parsed, parsed, parsed_like
from sentry_migrate.python.syntax_errors import explained
from sentry_migrate.text.lines import LineIndex
from sentry_migrate.text.source import BOM
from sentry_migrate.text.spans import Span

_Node = TypeVar("_Node", bound=cst.CSTNode)

_KEPT: dict[str, Tree] = {}
"""The latest trees by their text, the last one used at the end."""
_MANY = 6
_MOST = 160_000
"""Characters of the texts whose trees are kept: at most some 80 megabytes."""

_ESCAPE = re.compile(r"\\[NUux]")
"""What may be no character after all."""


class Tree:
    """A parsed text. Spans are 0-based code-point offsets into `text`, end exclusive.

    `lossless` is False where libcst would not give the text back character by character; spans
    may be off then, so nothing may be edited.
    """

    __slots__ = (
        *("_holders", "_moved", "_ordered", "_parents", "_parsed", "_spans", "_strings"),
        *("by_type", "lines", "lossless", "module", "text"),
    )

    def __init__(self, text: str, before: Iterable[Tree] = ()) -> None:
        """Parse `text`, only what changed if it is much like a text `before`. Raises ParseError."""
        self.text = text
        self.lines = LineIndex(text)
        readable, self._moved = _readable(text)
        try:
            alike = (parsed_like(readable, one._parsed) for one in before)
            self._parsed: Parsed = next(filter(None, alike), None) or parsed(readable)
        except Exception as error:  # its checks raise what they like
            raise explained(text, self.lines, error) from error
        self.module = self._parsed.module
        self._spans = self._parsed.spans
        self.lossless = self._parsed.lossless
        self._parents: dict[int, cst.CSTNode] = {}
        self.by_type: dict[type[cst.CSTNode], list[cst.CSTNode]] = {}
        self._ordered: dict[type[cst.CSTNode], list[cst.CSTNode]] = {}
        self._strings: list[Span] | None = None
        self._holders: dict[tuple[type[cst.CSTNode], ...], dict[int, cst.CSTNode | None]] = {}
        self._link()
        self._check_strings()

    @staticmethod
    def of(text: str) -> Tree:
        """The tree of a text, which nobody changes. Those of the last few texts are kept, unless
        they are large: a text is analysed again when more is known of its project, and after an
        edit. Raises ParseError."""
        tree = _KEPT.pop(text, None) or Tree(text, reversed(_KEPT.values()))
        _KEPT[text] = tree
        while len(_KEPT) > _MANY or sum(map(len, _KEPT)) > _MOST:
            del _KEPT[next(iter(_KEPT))]
        return tree

    def _check_strings(self) -> None:
        """Python refuses a NUL, and a string with a mistake in it, such as an unknown `\\N{…}`;
        libcst looks only when it is asked for a string's value. Raises ParseError."""
        if "\0" in self.text:
            raise explained(self.text, self.lines, ValueError("a NUL"))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for node in self.by_type.get(cst.SimpleString, ()):
                assert isinstance(node, cst.SimpleString)
                if _ESCAPE.search(node.value) or ("b" in node.prefix and not node.value.isascii()):
                    try:
                        _ = node.evaluated_value
                    except Exception as error:  # SyntaxError, or what a codec raises
                        raise explained(self.text, self.lines, error) from error

    def nodes(self, kind: type[_Node]) -> list[_Node]:
        """All nodes of exactly this type, by position. Nobody may change the list."""
        known = self._ordered.get(kind)
        if known is None:
            known = self._ordered[kind] = sorted(self.by_type.get(kind, ()), key=self.span)
        return known  # type: ignore[return-value]

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

    def lines_above(self, statement: cst.CSTNode) -> list[str]:
        """The blank lines and comments directly above a statement, without what surrounds them;
        for the first one of a block, none."""
        body: Sequence[cst.CSTNode] = getattr(self.parent(statement), "body", ())
        above: list[str] = []
        at = self.lines.line_of(self.span(statement)[0])
        while at and body and body[0] is not statement:
            at -= 1
            line = self.text[self.lines.start(at) : self.lines.end(at)].strip()
            if line and not line.startswith("#"):
                break
            above.insert(0, line)
        return above

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
        known = self._holders.setdefault(kinds, {})
        passed: list[int] = []
        at: cst.CSTNode | None = node
        found: cst.CSTNode | None = None
        while at is not None:
            key = id(at)
            if key in known:
                found = known[key]
                break
            passed.append(key)
            at = self._parents.get(key)
            if isinstance(at, kinds):
                found = at
                break
        for key in passed:
            known[key] = found
        return found  # type: ignore[return-value]

    def holders(self, node: cst.CSTNode, *kinds: type[_Node]) -> Iterator[_Node]:
        """The nodes of `kinds` that hold `node`, innermost first: as `ancestors`, but in no more
        steps than there are such nodes."""
        at = self.enclosing(node, *kinds)
        while at is not None:
            yield at
            at = self.enclosing(at, *kinds)

    def statement(self, node: cst.CSTNode) -> cst.CSTNode:
        """The statement `node` stands in: a simple statement line or a compound statement."""
        if isinstance(node, _STATEMENTS):
            return node
        holder = self.enclosing(node, *_STATEMENTS)
        return self.module if holder is None else holder


_STATEMENTS: tuple[type[cst.CSTNode], ...] = (
    cst.SimpleStatementLine,
    cst.BaseCompoundStatement,
)


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
        elif value.__class__ in _FIELDS or isinstance(value, cst.CSTNode):
            result.append(value)
    return result
