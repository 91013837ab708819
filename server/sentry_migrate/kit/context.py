"""What a rule's check is given, and what it gives back.

Owns building fixes: spans, spellings of the new API, doubts. A check sees one use and asks the
context about the rest of the file; it never reads or writes anything else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any

import libcst as cst

from sentry_migrate.doubts import LOSES_TEXT, Doubt, split
from sentry_migrate.model import Applicability, Severity
from sentry_migrate.plan import Elsewhere, Site
from sentry_migrate.project.config import Settings
from sentry_migrate.python.scopes import Scopes
from sentry_migrate.python.tree import Tree
from sentry_migrate.sdk.import_needs import Need, NoName
from sentry_migrate.sdk.imports import Imports
from sentry_migrate.sdk.releases import since
from sentry_migrate.sdk.uses import Use
from sentry_migrate.sdk.value_types import Value
from sentry_migrate.sdk.values import Values
from sentry_migrate.text.edits import Edit
from sentry_migrate.text.spans import Span

_COMMENT = re.compile(r"#[^\r\n]*(?=[\r\n])")  # what ends its line, if it is not part of a string

_OWNERS = {"get_client": "Client"}
"""What a function of the SDK gives whose members are asked for: a scope, all but these."""


def by_hand(error: Exception | str, remedy: str = "Rewrite this by hand.") -> str:
    """A remedy, and the reason why no fix does it."""
    return f"{remedy} No automatic fix: {error}."


def unspelled(context: Context, use: Use) -> str:
    """What to do where `sentry_sdk` cannot be written at a use."""
    scopes = context.scopes
    if scopes.lookup("sentry_sdk", scopes.scope_of(use.node)) is None:
        return "Add `import sentry_sdk` to the file; then there is a fix."
    return "Rename the local `sentry_sdk`, which refers to something else here."


@dataclass(eq=False, slots=True)
class FixDraft:
    """A fix under construction. Edits and needs are collected; the engine adds import edits."""

    message: str
    context: Context
    needs: list[Need] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    display: bool = False
    spelled: list[str] = field(default_factory=list)
    """What it calls of `sentry_sdk`."""
    drops: list[Site] = field(default_factory=list)
    """Functions that it has drop a hub which other files give, see `plan.drops_hub_key`."""
    awaits: list[Site] = field(default_factory=list)
    """Of the same kinds, with where it gives the hub, what other files have to drop for it to be
    made."""
    _edits: dict[Edit, None] = field(default_factory=dict)
    _listed: tuple[Edit, ...] = ()

    @property
    def edits(self) -> tuple[Edit, ...]:
        """What the fix changes, each change once."""
        if len(self._listed) != len(self._edits):  # many findings ask, once all are known
            self._listed = tuple(self._edits)
        return self._listed

    @property
    def applicability(self) -> Applicability:
        """Safe unless there is a doubt that nobody answered."""
        if self.display:
            return Applicability.DISPLAY
        return Applicability.UNSAFE if self.split()[0] else Applicability.SAFE

    def split(self) -> tuple[tuple[Doubt, ...], tuple[Doubt, ...]]:
        """The doubts that nobody answered, and those that the settings answer."""
        return split(self.doubts, self.context.settings.assumed)

    def replace(self, node: cst.CSTNode, text: str) -> FixDraft:
        """Replace the node, its own parentheses excluded."""
        return self.edit(*self.context.tree.span(node), text)

    def edit(self, start: int, end: int, text: str) -> FixDraft:
        """Replace a span; the same edit twice counts once."""
        removed = self.context.tree.text[start:end]
        if "#" in removed and any(note not in text for note in _COMMENT.findall(removed)):
            self.unsafe(LOSES_TEXT)
        return self.add([Edit(start, end, text)])

    def add(self, edits: Iterable[Edit]) -> FixDraft:
        """Add edits that were made elsewhere."""
        self._edits.update(dict.fromkeys(edits))
        return self

    def api(self, tail: str, use: Use | cst.CSTNode, root: cst.CSTNode | None = None) -> str:
        """How to write `sentry_sdk.<tail>` at the use, imports taken care of. Raises NoName, also
        where a sentry-sdk from `sdk-version` on lacks the name.

        `root` is the name that it takes the place of; a use knows its own.
        """
        site = use.node if isinstance(use, Use) else use
        root = use.root if isinstance(use, Use) else root
        if not self.context.has(tail) and self.context.has(f"Scope.{tail}"):
            tail = f"Scope.{tail}"
        self.context.require(tail)
        spelling = self.context.imports.spell(tail, site, root)
        self.needs.extend(spelling.needs)
        self.spelled.append(tail)
        return spelling.text

    def member(self, getter: str, name: str, use: Use | cst.CSTNode) -> str:
        """How to write `sentry_sdk.<getter>().<name>` at the use. Raises NoName, as `api` does."""
        self.context.require(f"{_OWNERS.get(getter, 'Scope')}.{name}")
        return f"{self.api(getter, use)}().{name}"

    def unsafe(self, doubt: Doubt | None) -> FixDraft:
        """Doubt the fix, which makes it unsafe unless the settings answer the doubt."""
        if doubt and doubt not in self.doubts:
            self.doubts.append(doubt)
        return self

    def include(self, other: FixDraft) -> FixDraft:
        """Do what `other` does too, doubts included."""
        self.add(other.edits)
        self.needs.extend(other.needs)
        self.spelled.extend(other.spelled)
        self.drops.extend(other.drops)
        self.awaits.extend(other.awaits)
        for doubt in other.doubts:
            self.unsafe(doubt)
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
    deprecated: bool = True
    """False where the code is a variable, not the deprecated name itself."""
    alone: FixDraft | None = None
    """Its fix where the finding is suppressed, or not selected, that it shares `fix` with."""


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
    rest: Elsewhere = field(default_factory=Elsewhere)
    """What the run leaves in the project."""
    memory: dict[tuple[object, ...], tuple[Any, object]] = field(default_factory=dict)
    """The answers of functions that are `remembered`."""

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

    def has(self, name: str) -> bool:
        """Whether every sentry-sdk from `sdk-version` on has `sentry_sdk.<name>`.

        `Scope.fork` is a member, `tracing.Span(name)` a parameter, `init(dsn)` an option.
        """
        first = since(f"sentry_sdk.{name}")
        return first is not None and first <= self.settings.sdk_version

    def require(self, name: str) -> None:
        """Raise NoName, which says what release is needed, unless `has(name)`."""
        if not self.has(name):
            first = since(f"sentry_sdk.{name}")
            needed = f"needs sentry-sdk {'.'.join(map(str, first))}" if first else "was removed"
            raise NoName(f"`sentry_sdk.{name}` {needed}")

    def elsewhere(self, kind: str) -> str:
        """Where the run leaves this kind of code in the project; empty where it does not."""
        return self.rest.ask(kind)

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
        deprecated = not use.trigger.startswith("=") or not isinstance(use.node, cst.Name)
        return Draft(
            *(use.start, use.end, fix, alternatives, remedy, message, severity, related, use),
            deprecated,
        )
