"""Suppression comments that silence nothing. They are found by the engine, which knows what every
comment silenced; here is what there is to say about them."""

from __future__ import annotations

from sentry_migrate.model import Severity
from sentry_migrate.rules._rule import Ignores, Rewrites, Rule

_USE = "import sentry_sdk\n\nwith sentry_sdk.push_scope():{}\n    work()\n"
_DONE = "import sentry_sdk\n\nsentry_sdk.capture_message('done'){}\n"

RULE = Rule(
    code="SEN001",
    name="unused-suppression",
    kind="safe",
    summary="This comment silences nothing",
    why=(
        "A comment such as `# sentry-migrate: ignore[SEN101]` that outlives its finding hides the "
        "next one on its line. It is reported if no rule finds anything there, whether the rule "
        "is selected or not, and if it names no rule at all."
    ),
    safety=(
        "Always safe: only a comment changes. The fix is unsafe where the author's own words "
        "follow the comment and would go with it."
    ),
    severity=Severity.HINT,
    deprecated=False,
    unnecessary=True,
    examples=(
        Ignores(_USE.format("  # sentry-migrate: ignore[SEN102]")),
        Ignores(_USE.format("  # sentry-migrate: ignore")),
        Ignores(_USE.format("  # noqa: SEN102, E501")),
        Ignores(_DONE.format("  # noqa: E501")),
        Ignores(_DONE.format("  # noqa")),
        Ignores("import sentry_sdk\n\nTEXT = '# sentry-migrate: ignore[SEN102]'\n"),
        Rewrites(_DONE.format("  # sentry-migrate: ignore[SEN101]"), _DONE.format("")),
        Rewrites(_DONE.format("  # noqa: SEN101, E501"), _DONE.format("  # noqa: E501")),
        Rewrites(
            _DONE.format("  # sentry-migrate: ignore[SEN101] until the move"),
            _DONE.format(""),
            reason="the words after it go with it",
        ),
    ),
)
