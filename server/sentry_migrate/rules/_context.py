"""What a rule's check is given, and what it gives back.

Owns building fixes: spans, spellings of the new API, reasons. A check sees one use and asks the
context about the rest of the file; it never reads or writes anything else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath

import libcst as cst

from sentry_migrate.config import Settings
from sentry_migrate.model import Applicability, Severity
from sentry_migrate.syntax.imports import Imports
from sentry_migrate.syntax.needs import Need, NoName
from sentry_migrate.syntax.scopes import Scopes
from sentry_migrate.syntax.spans import Span
from sentry_migrate.syntax.tree import Tree
from sentry_migrate.syntax.uses import Use
from sentry_migrate.syntax.value_types import Value
from sentry_migrate.syntax.values import Values
from sentry_migrate.text.edits import Edit

_COMMENT = re.compile(r"#[^\r\n]*(?=[\r\n])")  # what ends its line, if it is no part of a string

# The first release of each replacement that is younger than 2.0 (research: bisected on every
# release). Older targets get another spelling or no fix.
_SINCE = {
    "get_isolation_scope": (2, 12, 0),
    "get_current_scope": (2, 12, 0),
    "get_global_scope": (2, 12, 0),
    "last_event_id": (2, 2, 0),
    "set_tags": (2, 1, 0),
    "set_transaction_name": (2, 34, 0),
    "tracing.TransactionSource": (2, 23, 1),
    "sessions.track_session": (2, 13, 0),
}


@dataclass(eq=False, slots=True)
class FixDraft:
    """A fix under construction. Edits and needs are collected; the engine adds import edits."""

    message: str
    context: Context
    edits: list[Edit] = field(default_factory=list)
    needs: list[Need] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    display: bool = False
    _seen: set[Edit] = field(default_factory=set)

    @property
    def applicability(self) -> Applicability:
        """Safe unless a reason was given."""
        if self.display:
            return Applicability.DISPLAY
        return Applicability.UNSAFE if self.reasons else Applicability.SAFE

    def replace(self, node: cst.CSTNode, text: str) -> FixDraft:
        """Replace the node, its own parentheses excluded."""
        return self.edit(*self.context.tree.span(node), text)

    def edit(self, start: int, end: int, text: str) -> FixDraft:
        """Replace a span; the same edit twice counts once."""
        removed = self.context.tree.text[start:end]
        if "#" in removed and any(note not in text for note in _COMMENT.findall(removed)):
            self.unsafe("a comment inside the replaced code goes with it")
        return self.add([Edit(start, end, text)])

    def add(self, edits: Iterable[Edit]) -> FixDraft:
        """Take edits made elsewhere."""
        if len(self._seen) != len(self.edits):
            self._seen = set(self.edits)  # some rule took an edit back
        for one in edits:
            if one not in self._seen:
                self._seen.add(one)
                self.edits.append(one)
        return self

    def api(self, tail: str, use: Use | cst.CSTNode) -> str:
        """How to write `sentry_sdk.<tail>` at the use, imports taken care of. Raises NoName."""
        site, root = (use.node, use.root) if isinstance(use, Use) else (use, None)
        version = self.context.settings.sdk_version
        if version < _SINCE.get(tail, (2, 0, 0)):
            if tail.endswith("_scope"):
                tail = f"Scope.{tail}"
            else:
                raise NoName(
                    f"`sentry_sdk.{tail}` does not exist in the sentry-sdk of `sdk-version`"
                )
        spelling = self.context.imports.spell(tail, site, root)
        self.needs.extend(spelling.needs)
        return spelling.text

    def unsafe(self, reason: str) -> FixDraft:
        """Give a reason, which makes the fix unsafe; empty reasons do nothing."""
        if reason and reason not in self.reasons:
            self.reasons.append(reason)
        return self

    def include(self, other: FixDraft) -> FixDraft:
        """Do what `other` does too, reasons included."""
        self.add(other.edits)
        self.needs.extend(other.needs)
        for reason in other.reasons:
            self.unsafe(reason)
        return self


@dataclass(eq=False, slots=True)
class Draft:
    """A finding under construction."""

    start: int
    end: int
    fix: FixDraft | None = None
    alternatives: Sequence[FixDraft] = ()
    remedy: str = ""
    message: str = ""
    """Replaces the rule's summary where the use needs other words."""
    severity: Severity | None = None
    related: tuple[tuple[cst.CSTNode, str], ...] = ()
    use: Use | None = None


@dataclass(eq=False, slots=True)
class Context:
    """One analysed text, for rules."""

    tree: Tree
    scopes: Scopes
    values: Values
    imports: Imports
    settings: Settings
    uses: Sequence[Use]
    path: PurePath | None = None
    memory: dict[object, object] = field(default_factory=dict)
    """Results that several checks of one text share, by key."""

    # -- asking ------------------------------------------------------------------------------

    def code(self, node: cst.CSTNode) -> str:
        """The node's text."""
        return self.tree.code(node)

    def parent(self, node: cst.CSTNode) -> cst.CSTNode | None:
        """The node that holds `node`."""
        return self.tree.parent(node)

    def value(self, node: cst.CSTNode | None) -> Value | None:
        """What an expression can mean."""
        return self.values.of(node)

    def span(self, node: cst.CSTNode) -> Span:
        """Where a node stands."""
        return self.tree.span(node)

    def function(self, node: cst.CSTNode) -> cst.CSTNode:
        """The function, lambda, class or module whose code holds `node`."""
        return self.scopes.scope_of(node).function().node

    def at_least(self, *version: int) -> bool:
        """Whether the targeted sentry-sdk is this release or newer."""
        numbers = (*version, 0, 0)
        return self.settings.sdk_version >= (numbers[0], numbers[1], numbers[2])

    # -- answering ---------------------------------------------------------------------------

    def fix(self, message: str) -> FixDraft:
        """Begin a fix."""
        return FixDraft(message, self)

    def finding(
        self,
        use: Use,
        fix: FixDraft | None = None,
        alternatives: Sequence[FixDraft] = (),
        remedy: str = "",
        message: str = "",
        severity: Severity | None = None,
        related: tuple[tuple[cst.CSTNode, str], ...] = (),
    ) -> Draft:
        """A finding on the use's span."""
        return Draft(use.start, use.end, fix, alternatives, remedy, message, severity, related, use)
