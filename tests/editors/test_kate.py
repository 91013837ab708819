"""Kate: it makes every edit that it is offered, so that it may be offered one only."""

from __future__ import annotations

import pytest

from conformance.checker import Shapes
from editors import conversation as our
from editors.session import Case
from editors.snippets import snippet

DRIVER = ("python3", "/mnt/project/tests/editors/kate.py", our.NAME)
RUNS = "[lspclient]\nAllowedServerCommandLines=/mnt/case/bin/sentry-migrate server\n"
"""What Kate keeps once a person has allowed the command."""


def told(*findings: list[object]) -> list[list[object]]:
    """Findings as the server says them: where they begin, what they are, how grave."""
    return [[line, code, severity] for line, _, code, severity in findings]


CONVERSATION: tuple[our.Row, ...] = (
    (("told", 3), told(our.SCOPE, our.CAPTURE, our.HUB)),
    (("quick_fix", 4, 20), our.ONE_FIXED),
    (("told", 2), told(our.CAPTURE, our.HUB)),
    (("undo",), our.BEFORE),
    (("told", 3), told(our.SCOPE, our.CAPTURE, our.HUB)),
    (("quick_fix", 4, 20), our.ONE_FIXED),
    (("type", our.ADDED), our.TYPED),
    (("told", 3), told(our.CAPTURE, our.HUB, our.FLUSH)),
    (("stop",), True),
)


@pytest.mark.parametrize("line_end", our.LINE_ENDS.values(), ids=our.LINE_ENDS)
def test_a_conversation(case: Case, shapes: Shapes, line_end: str) -> None:
    case.configure(".config/kate/lspclient/settings.json", snippet("kate"))
    case.configure(".config/katerc", RUNS)
    case.write(our.NAME, our.encoded(our.BEFORE, line_end))
    ended = case.run("bookworm-kate", DRIVER, our.steps(CONVERSATION))
    assert ended.observed == our.seen(CONVERSATION)
    assert (case.path / "app" / our.NAME).read_bytes() == our.encoded(our.TYPED, line_end)
    assert our.refusals(ended) == []
    assert our.wrong(ended, shapes) == []
