"""Suppressions that suppress no finding."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from sentry_migrate.doubts import LOSES_TEXT
from sentry_migrate.kit.context import Context, Draft
from sentry_migrate.kit.rule import Ignores, Rewrites, Rule
from sentry_migrate.kit.suppressions import EVERY, Comment, Suppressions
from sentry_migrate.model import Severity
from sentry_migrate.text.edits import Edit
from sentry_migrate.text.lines import LineIndex

_USE = "import sentry_sdk\n\nwith sentry_sdk.push_scope():{}\n    work()\n"
_DONE = "import sentry_sdk\n\nsentry_sdk.capture_message('done'){}\n"

RULE = Rule(
    code="SEN001",
    name="unused-suppression",
    kind="conditional",
    summary="Unused suppression comment",
    messages=(
        "Unused suppression: …",
        "Unknown rule in a suppression comment: …",
    ),
    why=(
        "A comment such as `# sentry-migrate: ignore[SEN101]` that outlives its finding hides "
        "the next one on the same line. A comment is reported if no rule finds anything on its "
        "line, whether or not the rule is selected, or if it names no known rule."
    ),
    safety=(
        "Safe: only the comment changes. Unsafe where other text follows in the same comment, "
        "because that text is deleted too."
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
            reason="also deletes the text after the comment",
        ),
    ),
)


@RULE.suppressed
def check(suppressions: Suppressions, known: Collection[str], context: Context) -> Iterator[Draft]:
    for comment, idle in suppressions.unused((RULE.code, RULE.name)):
        fix = context.fix("Remove unused suppression")
        start, end = comment.start, comment.end
        if len(idle) == len(comment.names):
            edit, words = _away(context.tree.lines, comment)
            if words:
                fix.unsafe(LOSES_TEXT.about("also deletes the text after the comment"))
        else:
            edit = _without(context.tree.text, comment, idle)
            start, end = comment.items[idle[0]][0], comment.items[idle[-1]][1]
        yield Draft(start, end, fix.add([edit]), message=_message(comment, idle, known))


def _message(comment: Comment, idle: Sequence[int], known: Collection[str]) -> str:
    names = [comment.names[at] for at in idle]
    strange = [name for name in names if name != EVERY and name not in known]
    if strange:
        return f"Unknown rule in a suppression comment: {strange[0]}"
    if names == [EVERY]:
        return RULE.summary
    return f"Unused suppression: {', '.join(names)}"


def _without(text: str, comment: Comment, idle: Sequence[int]) -> Edit:
    """The edit that takes some of a comment's items away."""
    items = comment.items
    between = text[items[0][1] : items[1][0]]
    kept = [text[slice(*item)] for at, item in enumerate(items) if at not in idle]
    return Edit(items[0][0], items[-1][1], between.join(kept))


def _away(lines: LineIndex, comment: Comment) -> tuple[Edit, bool]:
    """The edit that takes a whole comment away, and whether the author's words go with it."""
    text, line = lines.text, lines.line_of(comment.start)
    first, last = lines.start(line), lines.end(line)
    before, after = text[first : comment.start], text[comment.end : last]
    if after.lstrip().startswith("#"):  # another tool's comment stays
        return Edit(comment.start, last - len(after.lstrip()), ""), False
    words = bool(after.strip())
    if before.strip():
        return Edit(first + len(before.rstrip()), last, ""), words
    return Edit(first, lines.next_start(line), ""), words
