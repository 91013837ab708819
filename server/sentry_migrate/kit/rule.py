"""What a rule is: metadata, documentation, examples and checks in one object.

The object feeds the linter, `sentry-migrate rule`, hover, the generated documentation, the
settings schema and the tests. Knows nothing of how findings are shown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Literal, TypeAlias

from sentry_migrate import REPOSITORY
from sentry_migrate.model import Severity

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import PurePath

    from sentry_migrate.doubts import Doubt
    from sentry_migrate.kit.context import Context, Draft
    from sentry_migrate.kit.suppressions import Suppressions
    from sentry_migrate.project.config import Settings
    from sentry_migrate.sdk.uses import Use

GUIDE = "https://docs.sentry.io/platforms/python/migration/1.x-to-2.x/"
DETAILED_GUIDE = "https://github.com/getsentry/sentry-python/blob/master/MIGRATION_GUIDE.md"

Kind = Literal["safe", "conditional", "suggested", "manual", "info"]
Group = Literal["migration", "later", "info"]

KINDS: Mapping[Kind, str] = {
    "safe": "what reaches Sentry stays the same",
    "conditional": "safe where that can be proved, unsafe where not",
    "suggested": "unsafe",
    "manual": "a person has to decide",
    "info": "none, for information only",
}
"""Each kind and what it says of the fixes of a rule."""

GROUPS: Mapping[Group, str] = {
    "migration": "What must or should change to run on 2.x",
    "later": "What works in 2.0 and was deprecated by a later 2.x",
    "info": "What may stay as it is, but behaves differently in 2.x",
}
"""Each group and what its rules find."""

DEFAULT_GROUP: Group = "migration"
"""Whose rules are on when nothing is selected."""

Check: TypeAlias = "Callable[[Use, Context], Iterable[Draft]]"
Gather: TypeAlias = "Callable[[Context, Sequence[Draft]], Iterable[Draft]]"
Suppressed: TypeAlias = "Callable[[Suppressions, Collection[str], Context], Iterable[Draft]]"
Dependencies: TypeAlias = "Callable[[str, PurePath, Settings], Iterable[TextDraft]]"


@dataclass(frozen=True, slots=True)
class Alternative:
    """What another fix of the finding gives."""

    after: str
    reason: str = ""
    """Words of the reason it is unsafe; empty for a safe one."""


@dataclass(frozen=True, slots=True)
class Rewrites:
    """`before` has this rule's finding, and its preferred fix gives `after`."""

    before: str
    after: str
    reason: str = ""
    """Why the fix is unsafe; empty for a safe fix."""
    alternatives: tuple[Alternative, ...] = ()
    """All of them, in order."""
    sdk_version: str = "latest"
    filename: str = "module.py"


@dataclass(frozen=True, slots=True)
class Flags:
    """`code` has this rule's finding and no fix, but the remedy, if one is given here."""

    code: str
    remedy: str = ""
    alternatives: tuple[Alternative, ...] = ()
    """All of them, in order."""
    sdk_version: str = "latest"
    filename: str = "module.py"


@dataclass(frozen=True, slots=True)
class Ignores:
    """`code` has no finding of this rule."""

    code: str
    sdk_version: str = "latest"
    filename: str = "module.py"


Example: TypeAlias = Rewrites | Flags | Ignores


@dataclass(frozen=True, slots=True)
class TextDraft:
    """A finding under construction in a file that is not Python: a span, and what to put there."""

    start: int
    end: int
    new: str | None
    """The text of the fix; None where there is no fix."""
    doubts: Sequence[Doubt] = ()
    remedy: str = ""
    message: str = ""
    """Instead of the rule's summary."""


@dataclass(frozen=True)
class Rule:
    """What finds one kind of 1.x code and may fix it. `code` and `name` never change."""

    code: str
    name: str
    kind: Kind
    summary: str
    """The finding's message, one sentence without a full stop: what 2.x deprecates or lacks."""
    why: str
    """Markdown: what 2.x does with the 1.x code, and since when."""
    safety: str
    """Markdown: when the fix is safe, and what makes it unsafe."""
    examples: tuple[Example, ...]
    messages: tuple[str, ...] = ()
    """What the rule may say instead, with `…` for each part that varies."""
    link: str = GUIDE
    since: str = ""
    """The sentry-sdk release from which the 1.x form warns, breaks or behaves differently; empty
    where no one release is that of all that the rule finds."""
    severity: Severity = Severity.WARNING
    deprecated: bool = True
    """Whether an editor strikes the code through: it is a name that 2.x has, and warns about."""
    unnecessary: bool = False
    """Whether an editor fades the code out."""
    follows: bool = False
    """Whether fixes of other rules, in other files, may depend on this one's being made too."""
    group: Group = DEFAULT_GROUP
    """Also a selector, which means all rules of the group."""
    replaced_since: str = "2.0.0"
    """The sentry-sdk release that brought what the 1.x form is to be replaced by. The rule is
    silent in a project that supports an older one."""
    checks: list[tuple[str, Check]] = field(default_factory=list, compare=False, repr=False)
    gathers: list[Gather] = field(default_factory=list, compare=False, repr=False)
    suppressed_checks: list[Suppressed] = field(default_factory=list, compare=False, repr=False)
    dependency_checks: list[Dependencies] = field(default_factory=list, compare=False, repr=False)

    @property
    def page(self) -> str:
        """The address of the rule's page."""
        return f"{REPOSITORY}/blob/main/server/docs/rules/{self.name}.md"

    @property
    def default(self) -> bool:
        """Whether the rule is on when nothing is selected."""
        return self.group == DEFAULT_GROUP

    def says(self, message: str) -> bool:
        """Whether a finding of this rule may have the message."""
        return message == self.summary or any(
            _form(one).fullmatch(message) for one in self.messages
        )

    def on(self, *triggers: str) -> Callable[[Check], Check]:
        """Run the decorated check on every use with one of these triggers (see sdk/uses.py)."""

        def register(check: Check) -> Check:
            self.checks.extend((trigger, check) for trigger in triggers)
            return check

        return register

    def gather(self, function: Gather) -> Gather:
        """Run the decorated function once per text, after all checks, with what they found.

        For fixes that hold only together, such as a variable and all of its uses.
        """
        self.gathers.append(function)
        return function

    def suppressed(self, function: Suppressed) -> Suppressed:
        """Run the decorated function once per text, when it is known what each comment suppressed.

        It gets the comments, and the codes and names of all rules.
        """
        self.suppressed_checks.append(function)
        return function

    def dependencies(self, function: Dependencies) -> Dependencies:
        """Run the decorated function on each dependency file."""
        self.dependency_checks.append(function)
        return function

    def rewrites(self) -> Iterator[Rewrites]:
        """The examples that have a fix."""
        return (example for example in self.examples if isinstance(example, Rewrites))


@cache
def _form(message: str) -> re.Pattern[str]:
    """What a message looks like that has `…` for what varies: code between backticks, else one
    word, or several with commas."""
    parts = re.split("(`…`|…)", message)
    forms = {"`…`": "`[^`]+`", "…": r"\S+(?:, \S+)*"}
    return re.compile("".join(forms.get(part) or re.escape(part) for part in parts))
