"""What a user does in every editor, and what they see: one table for all of them.

The text has characters of one, two and four bytes before a finding, so that a column counted in
the wrong unit covers other words; a form feed, which is no end of a line; and a finding that only a
person can fix, which "fix all" has to leave.
"""

from __future__ import annotations

from typing import Any

from conformance.checker import Shapes, check
from editors.session import Ended

NAME = "shop.py"

BEFORE = """\
import sentry_sdk


def identify(user):
    with sentry_sdk.configure_scope() as scope:
        scope.set_user(user)
\f

print("😀é"); sentry_sdk.Hub.current.capture_message("late")
hub = sentry_sdk.Hub(identify)
"""

FIXED = """\
    scope = sentry_sdk.get_isolation_scope()
    scope.set_user(user)
"""
ONE_FIXED = "".join((BEFORE[: BEFORE.index("    with")], FIXED, BEFORE[BEFORE.index("\f") :]))
ALL_FIXED = ONE_FIXED.replace("Hub.current.capture_message", "capture_message")
ADDED = "sentry_sdk.Hub.current.flush()"
TYPED = f"{ONE_FIXED}{ADDED}\n"

ERROR, WARNING = 1, 2

SCOPE = [4, "sentry_sdk.configure_scope", "SEN101", WARNING]
CAPTURE = [8, "sentry_sdk.Hub.current.capture_message", "SEN201", WARNING]
HUB = [9, "sentry_sdk.Hub", "SEN221", ERROR]
FLUSH = [10, "sentry_sdk.Hub.current.flush", "SEN206", WARNING]

MENU = [
    "Replace with `get_isolation_scope()`",
    "Replace with `get_current_scope()` (unsafe)",
    "Fix all proved problems in this file (2)",
    "Fix all SEN101 problems in the workspace",
    "Explain SEN101 (configure-scope-with)",
    "Ignore SEN101 on this line",
    "Ignore SEN101 in this file",
    "Ignore SEN101 in this project",
]

Row = tuple[tuple[Any, ...], Any]

CONVERSATION: tuple[Row, ...] = (
    # what is done, and what is then seen: a diagnostic as line, text it covers, code, severity
    (("shown", 3), [SCOPE, CAPTURE, HUB]),
    (("quick_fix", "configure_scope"), [MENU, ONE_FIXED]),
    (("shown", 2), [CAPTURE, HUB]),
    (("fix_all",), ALL_FIXED),
    (("shown", 1), [HUB]),
    (("undo",), ONE_FIXED),
    (("shown", 2), [CAPTURE, HUB]),
    (("type", ADDED), TYPED),
    (("shown", 3), [CAPTURE, HUB, FLUSH]),
    (("save",), TYPED),
    (("stop",), True),
)
SAVED = 9
"""The number of the step that saves."""

ON_SAVE: tuple[Row, ...] = (
    (("shown", 3), [SCOPE, CAPTURE, HUB]),
    (("save_fixing",), ALL_FIXED),
    (("shown", 1), [HUB]),
)
SAVED_FIXED = 1

STRICTER: tuple[Row, ...] = ((("shown", 3), [SCOPE, [*CAPTURE[:3], ERROR], HUB]),)
"""With the settings of editors.md."""

LINE_ENDS = {"unix": "\n", "dos": "\r\n"}


def encoded(text: str, line_end: str) -> bytes:
    """As it lies on disk."""
    return text.replace("\n", line_end).encode()


def steps(rows: tuple[Row, ...]) -> list[tuple[Any, ...]]:
    return [done for done, _ in rows]


def seen(rows: tuple[Row, ...]) -> list[Any]:
    return [what for _, what in rows]


def said(ended: Ended, method: str) -> Any:
    """The client's first such message."""
    return next(
        message["params"]
        for who, message in ended.trace
        if who == "client" and message.get("method") == method
    )


def announced(ended: Ended) -> Any:
    """What the server told this client of itself."""
    return next(message["result"] for who, message in ended.trace if who == "server")[
        "capabilities"
    ]


def refusals(ended: Ended) -> list[str]:
    """What the client answered to the server's requests, where it could not do them."""
    requests = {
        message["id"]: message["method"]
        for who, message in ended.trace
        if who == "server" and "method" in message and "id" in message
    }
    return [
        f"{requests[message['id']]}: {message['error']}"
        for who, message in ended.trace
        if who == "client" and "error" in message
    ]


def wrong(ended: Ended, shapes: Shapes) -> list[str]:
    """What the server said in a session that is not by the book."""
    return check(ended.trace, shapes)
