"""What a rule is: metadata, documentation, examples and checks in one object.

The object feeds the linter, `sentry-migrate rule`, hover, the generated documentation, the
settings schema and the tests. Knows nothing of how findings are shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

from sentry_migrate.model import Severity

if TYPE_CHECKING:
    from sentry_migrate.rules._context import Context, Draft
    from sentry_migrate.syntax.uses import Use

GUIDE = "https://docs.sentry.io/platforms/python/migration/1.x-to-2.x/"
DETAILED_GUIDE = "https://github.com/getsentry/sentry-python/blob/master/MIGRATION_GUIDE.md"

Kind = Literal["safe", "conditional", "suggested", "manual", "info"]

Check: TypeAlias = "Callable[[Use, Context], Iterable[Draft]]"
Gather: TypeAlias = "Callable[[Context, Sequence[Draft]], Iterable[Draft]]"


@dataclass(frozen=True, slots=True)
class Rewrites:
    """`before` has this rule's finding, and its preferred fix gives `after`."""

    before: str
    after: str
    reason: str = ""
    """Words of the reason the fix is unsafe; empty for a safe fix."""
    alternatives: tuple[str, ...] = ()
    """What each alternative gives, in order."""
    sdk_version: str = "latest"
    filename: str = "module.py"


@dataclass(frozen=True, slots=True)
class Reports:
    """`code` has this rule's finding and no fix; the remedy holds these words."""

    code: str
    remedy: str = ""
    sdk_version: str = "latest"
    filename: str = "module.py"


@dataclass(frozen=True, slots=True)
class Ignores:
    """`code` has no finding of this rule."""

    code: str
    sdk_version: str = "latest"
    filename: str = "module.py"


Example: TypeAlias = Rewrites | Reports | Ignores


@dataclass(frozen=True)
class Rule:
    """One migration item. `name` is the catalogue's id and never changes."""

    code: str
    name: str
    kind: Kind
    summary: str
    """The finding's message, one sentence without a full stop: what is deprecated or gone."""
    why: str
    """Markdown: what 2.x does with the 1.x code, and since when."""
    safety: str
    """Markdown: when the fix is safe, and what makes it unsafe."""
    examples: tuple[Example, ...]
    link: str = GUIDE
    since: str = "2.0.0"
    """The sentry-sdk release from which the 1.x form warns, breaks or behaves differently."""
    severity: Severity = Severity.WARNING
    deprecated: bool = True
    """Whether an editor strikes the code through; False where the code itself stays valid."""
    unnecessary: bool = False
    """Whether an editor fades the code out."""
    quiet: bool = False
    """Off unless selected, though not informational: the code is valid 2.x as it stands."""
    checks: list[tuple[str, Check]] = field(default_factory=list, compare=False, repr=False)
    gathers: list[Gather] = field(default_factory=list, compare=False, repr=False)

    @property
    def default(self) -> bool:
        """Whether the rule is on when nothing is selected."""
        return self.kind != "info" and not self.quiet

    def on(self, *triggers: str) -> Callable[[Check], Check]:
        """Run the decorated check on every use with one of these paths (see syntax/uses.py)."""

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

    def rewrites(self) -> Iterator[Rewrites]:
        """The examples that have a fix."""
        return (example for example in self.examples if isinstance(example, Rewrites))
