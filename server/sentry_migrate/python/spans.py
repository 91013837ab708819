"""Where nodes stand, counted while libcst generates the code again.

One walk gives all spans and shows whether libcst can give the text back: seven times cheaper than
PositionProvider, at the price of two private names (CodegenState and Module._codegen). Tests
compare the two on real files.
"""

from __future__ import annotations

from types import TracebackType

import libcst as cst
from libcst._nodes.internal import CodegenState

from sentry_migrate.text.spans import Span


class SpanState(CodegenState):
    """Counts code points while libcst generates code, and notes where nodes begin and end."""

    def __init__(self, module: cst.Module) -> None:
        super().__init__(
            default_indent=module.default_indent, default_newline=module.default_newline
        )
        self.offset = 0
        self.spans: dict[int, Span] = {}
        self._open: list[int] = []

    def add_indent_tokens(self) -> None:
        """Count the indentation."""
        for token in self.indent_tokens:
            self.tokens.append(token)
            self.offset += len(token)

    def add_token(self, value: str) -> None:
        """Count a token."""
        self.tokens.append(value)
        self.offset += len(value)

    def before_codegen(self, node: cst.CSTNode) -> None:
        """Note where a node begins, whitespace included."""
        self._open.append(self.offset)

    def after_codegen(self, node: cst.CSTNode) -> None:
        """Note where a node ends that has no narrower position."""
        start = self._open.pop()
        if id(node) not in self.spans:
            self.spans[id(node)] = (start, self.offset)

    def record_syntactic_position(  # type: ignore[override]
        self,
        node: cst.CSTNode,
        *,
        start_node: cst.CSTNode | None = None,
        end_node: cst.CSTNode | None = None,
    ) -> _Recorder:
        """Note the node's own position: from `start_node` to `end_node` where they are given."""
        return _Recorder(self, node, start_node, end_node)


class _Recorder:
    """The context manager of one node; a class because a generator costs twice as much."""

    __slots__ = ("_at", "_end", "_node", "_start", "_state")

    def __init__(
        self,
        state: SpanState,
        node: cst.CSTNode,
        start: cst.CSTNode | None,
        end: cst.CSTNode | None,
    ) -> None:
        self._state = state
        self._node = node
        self._start = start
        self._end = end
        self._at = 0

    def __enter__(self) -> None:
        self._at = self._state.offset

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is not None:
            return  # too deep; what is below has no spans, and the error is told as it is
        spans = self._state.spans
        start = self._at if self._start is None else spans[id(self._start)][0]
        end = self._state.offset if self._end is None else spans[id(self._end)][1]
        spans[id(self._node)] = (start, end)
