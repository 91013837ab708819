"""Parsing, and parsing only what changed since a text that is much the same.

The only module that parses. A statement stands for itself: libcst makes the same of it whatever
stands around it, so a text after an edit takes the statements before and after the edit from the
text before, in a class or function that was edited too. Owns how to tell which ones, and where all
nodes stand.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import libcst as cst

from sentry_migrate.python.spans import SpanState
from sentry_migrate.text.spans import Span

MOST = 500_000
"""Words and signs of a text that is parsed. libcst's tree takes two kilobytes for each, whatever
the text is like, so this bounds memory: a gigabyte, for code of 50,000 lines."""
_TOKENS = re.compile(r"\w+|[^\w\s]|\n")
_LINE_ENDS = re.compile(r"[\r\n]*")


@dataclass(frozen=True)
class Parsed:
    """A text that libcst was shown, and its nodes, which nobody changes.

    Spans are 0-based code-point offsets into `text`, end exclusive, by id of the node. What stands
    on the lines before a statement, blank or comments, may be missing from its node. `lossless` is
    False where libcst would not give the text back character by character.
    """

    text: str
    module: cst.Module
    spans: dict[int, Span]
    lossless: bool

    @cached_property
    def whole(self) -> _Block:
        """The module's statements; the last part is what follows all of them."""
        cuts = self.cuts(self.module.body)
        whole = (0, *cuts, len(self.text)) if cuts else ()
        return _Block(self.text, self.module, self.module.body, whole, 0)

    def block_of(self, statement: cst.CSTNode) -> _Block | None:
        """The statements of a class or function but for the first, which stays with the name; None
        if the statement is none, or is indented like nothing else."""
        if not isinstance(statement, cst.ClassDef | cst.FunctionDef):
            return None
        block = statement.body
        if not isinstance(block, cst.IndentedBlock) or block.indent is not None:
            return None
        return _Block(self.text, statement, block.body, self.cuts(block.body), 1)

    def cuts(self, body: Sequence[cst.CSTNode]) -> tuple[int, ...]:
        """Where the text can be cut: behind the lines of each statement. Empty if one of that may
        be no place to cut."""
        cuts = []
        for statement in body if self.lossless else ():
            end = self.text.find("\n", self.spans[id(statement)][1]) + 1
            if self.text[max(0, end - 3) : end].rstrip("\r\n").endswith("\\"):
                return ()  # the line goes on, or a comment looks like it
            cuts.append(end or len(self.text))
        return tuple(cuts)


@dataclass(frozen=True)
class _Block:
    """Statements of a text, in parts between two cuts each."""

    text: str
    node: cst.Module | cst.ClassDef | cst.FunctionDef
    body: Sequence[cst.CSTNode]
    cuts: tuple[int, ...]
    before: int
    """How many statements stand before the first cut."""

    @property
    def parts(self) -> int:
        """How many parts there are."""
        return max(0, len(self.cuts) - 1)

    @cached_property
    def starts(self) -> Sequence[int]:
        """The cuts, but behind the blank lines that follow them."""
        return [_LINE_ENDS.match(self.text, cut).end() for cut in self.cuts]  # type: ignore[union-attr]


def is_too_large(text: str) -> bool:
    """Whether a text has too many words and signs to be parsed."""
    return len(text) > MOST and sum(1 for _ in _TOKENS.finditer(text)) > MOST


def parsed(text: str) -> Parsed:
    """Parse all of a text. Raises what libcst raises."""
    module = cst.parse_module(text)
    state = SpanState(module)
    module._codegen(state)
    return Parsed(text, module, state.spans, "".join(state.tokens) == text)


def parsed_like(text: str, before: Parsed) -> Parsed | None:
    """Parse of a text what is not the same in the one `before`; None if that is too much, or
    cannot be told apart."""
    shift = len(text) - len(before.text)
    blocks = [before.whole]
    changes = []
    while (changed := _changed(text, before.text, blocks[-1])) is not None:
        changes.append(changed)
        first, last = changed
        at = first + blocks[-1].before
        if last - first != 1 or at >= len(blocks[-1].body):
            break
        inner = before.block_of(blocks[-1].body[at])
        if inner is None:
            break
        blocks.append(inner)
    while changes:
        first, last = changes.pop()
        blocks = blocks[: len(changes) + 1]
        # Next, with the statements beside it: `else:` belongs to the one above, a decorator below.
        for low, high in ((first, last), (max(0, first - 1), min(blocks[-1].parts, last + 1))):
            size = blocks[-1].starts[high] + shift - blocks[-1].cuts[low]
            if 2 * size > len(text):
                return None
            if (found := _with_changed(text, before, blocks, low, high)) is not None:
                return found
    return None


def _changed(text: str, old: str, block: _Block) -> tuple[int, int] | None:
    """Which parts of a block of the `old` text are not in this one: the first, and the one after
    the last; None if there are changes elsewhere."""
    cuts, shift = block.cuts, len(text) - len(old)
    if not block.parts or cuts[-1] + shift < cuts[0]:
        return None
    if not text.startswith(old[: cuts[0]]) or not text.endswith(old[cuts[-1] :]):
        return None
    first, last = 0, block.parts
    while first < last and old[cuts[first + 1] - 1] == "\n":
        low, high = cuts[first], cuts[first + 1]
        if low == high or not text.startswith(old[low:high], low):
            break
        first += 1
    at = cuts[first]
    while last > first:
        low, high = block.starts[last - 1], cuts[last]
        start = low + shift
        begins_line = start == at or text[start - 1 : start] == "\n"
        if start < at or not begins_line or not text.startswith(old[low:high], start):
            break
        last -= 1
    return first, last


def _with_changed(
    text: str, before: Parsed, blocks: Sequence[_Block], first: int, last: int
) -> Parsed | None:
    """Parse only what a text has in place of some parts of the innermost of the blocks, each of
    which holds the next; None if that cannot be parsed apart."""
    block, depth = blocks[-1], len(blocks) - 1
    low, high, shift = block.cuts[first], block.starts[last], len(text) - len(before.text)
    old = before.module
    above = "".join(f"{old.default_indent * at}if _:{old.default_newline}" for at in range(depth))
    between = text[low : high + shift]
    new: Sequence[cst.CSTNode] = ()
    apart = None
    if between.strip():
        try:
            apart = parsed(above + between)
        except Exception:  # whether the text has a mistake is found out by parsing all of it
            return None
        found = _statements(apart, depth)
        if found is None:
            return None
        new = found
    if not _is_written_like(None if apart is None else apart.module, before, blocks, first, last):
        return None
    spans = {}
    for key, (start, end) in before.spans.items():
        if end <= low:
            spans[key] = start, end
        elif start >= high:
            spans[key] = start + shift, end + shift
    by = low - len(above)
    for key, (start, end) in apart.spans.items() if apart is not None else ():
        if start >= len(above):
            spans[key] = start + by, end + by
    body = [*block.body[: first + block.before], *new, *block.body[last + block.before :]]
    for outer, inner in zip(reversed(blocks[:-1]), reversed(blocks[1:]), strict=True):
        assert not isinstance(inner.node, cst.Module)
        held = inner.node.body.with_changes(body=body)
        node = inner.node.with_changes(body=held)
        end = spans[id(body[-1])][1]
        spans[id(held)] = before.spans[id(inner.node.body)][0], end
        spans[id(node)] = before.spans[id(inner.node)][0], end
        body = [node if one is inner.node else one for one in outer.body]
    module = old.with_changes(body=body)
    spans[id(module)] = 0, len(text)
    return Parsed(text, module, spans, True)


def _statements(apart: Parsed, depth: int) -> Sequence[cst.CSTNode] | None:
    """The statements of a text below so many lines that each begin a block; None if it ends one of
    these blocks, or begins another."""
    body: Sequence[cst.CSTNode] = apart.module.body
    for _ in range(depth):
        block = body[0].body if len(body) == 1 and isinstance(body[0], cst.If) else None
        if not isinstance(block, cst.IndentedBlock) or block.indent is not None:
            return None
        if body[0].orelse is not None:  # type: ignore[attr-defined]
            return None
        body = block.body
    return body if apart.lossless else None


def _is_written_like(
    new: cst.Module | None, before: Parsed, blocks: Sequence[_Block], first: int, last: int
) -> bool:
    """Whether a module keeps the line ends and the indentation of the one `before`, if `new` takes
    the place of some parts. The first indentation is that of a module, four blanks without one."""
    old, body = before.module, blocks[-1].body
    if new is not None and new.default_newline != old.default_newline:
        return False
    if len(blocks) > 1:  # the lines above give the indentation
        return new is None or new.default_indent == old.default_indent
    if any(map(_is_indented, body[:first])):
        return True
    if new is not None and any(map(_is_indented, new.body)):
        return new.default_indent == old.default_indent
    return not any(map(_is_indented, body[first:last]))


def _is_indented(statement: cst.CSTNode) -> bool:
    """Whether lines are indented in a statement, at first sight."""
    block = getattr(statement, "body", None)
    return isinstance(statement, cst.Match) or isinstance(block, cst.IndentedBlock)
