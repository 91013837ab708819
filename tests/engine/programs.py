"""Programs made of 1.x code at random: statements, nesting, imports, indentation and line ends."""

from __future__ import annotations

from hypothesis import strategies as st

STATEMENTS = [
    "scope.set_tag('a', x)",
    "scope.user = {'id': x}",
    "scope.level = 'error'",
    "scope.transaction = x",
    "scope.set_extra('text', '''one\n        two\n  ''')",
    "y = scope.span",
    "other(scope)",
    "{p}capture_message(x)",
    "{p}set_tag('b', x)",
    "{p}Hub.current.capture_message(x)",
    "client = {p}Hub.current.client",
    "hub = {p}Hub.current",
    "hub.capture_exception(x)",
    "y = hub.client.options if hub.client else None",
    "y = {p}last_event_id()",
    "{p}configure_scope(lambda scope: scope.set_tag('c', x))",
    "{p}push_scope(lambda s: s.set_tag('d', x))",
    "with {p}configure_scope() as scope: scope.set_tag('e', x)",
    "with {p}start_span(description=x, op='o') as span: pass",
    "y = 1 + \\\n  2; other(y)",
    "other(\n'a',\n        x)  # why",
    "# a comment\1pass",
    "'''text'''",
    "return y",
]
HEADERS = [
    ("with {p}configure_scope() as scope:",),
    ("with {p}configure_scope():",),
    ("with {p}push_scope() as scope:  # why",),
    ("with {p}push_scope():",),
    ("with open(x) as file, {p}configure_scope() as scope:",),
    ("with (\n        {p}push_scope() as scope\n):",),
    ("with {p}Hub({p}Hub.current) as hub:",),
    ("with {p}Hub.current.push_scope() as scope:",),
    ("if x:", "else:"),
    ("if {p}Hub.current.client:", "elif x:"),
    ("for x in other():",),
    ("try:", "except ValueError as error:", "finally:"),
    ("def inner(x, scope=None):",),
]
NAMES = "Hub, capture_message, configure_scope, last_event_id, push_scope, set_tag, start_span"
IMPORTS = [
    ("import sentry_sdk", "sentry_sdk."),
    ("import sentry_sdk as s", "s."),
    (f"from sentry_sdk import {NAMES}", ""),
    (
        "from sentry_sdk import (\n"
        + "".join(f"    {name},  # {name[0]}\n" for name in NAMES.split(", "))
        + ")",
        "",
    ),
    (
        "from sentry_sdk import Hub, \\\n    capture_message, configure_scope, last_event_id, push_scope\nfrom sentry_sdk import set_tag, start_span",
        "",
    ),
    ("try:\n    import sentry_sdk\nexcept ImportError:\n    sentry_sdk = None", "sentry_sdk."),
    ("from sentry_sdk import *", ""),
]
INDENTS = ["    ", "  ", "\t", "        "]
NEWLINES = ["\n", "\r\n", "\r"]


@st.composite
def blocks(draw: st.DrawFn, depth: int = 1) -> list[str]:
    """Lines, a NUL for each step of indentation, \\1 for a line end before the same."""
    lines: list[str] = []
    for _ in range(draw(st.integers(1, 3 if depth > 1 else 4))):
        if depth < 4 and draw(st.booleans()):
            for header in draw(st.sampled_from(HEADERS)):
                lines.append("\0" * depth + header)
                if draw(st.integers(0, 5)) == 0:
                    lines.append("\0" * draw(st.integers(0, 4)) + "# a comment anywhere")
                lines.extend(draw(blocks(depth + 1)))
        else:
            statement = draw(st.sampled_from(STATEMENTS))
            lines.append("\0" * depth + statement.replace("\1", "\n" + "\0" * depth))
        if draw(st.integers(0, 4)) == 0:
            lines.append("")
    return lines


@st.composite
def programs(draw: st.DrawFn) -> str:
    """A module that Python and libcst can parse."""
    imports, prefix = draw(st.sampled_from(IMPORTS))
    lines = [line.replace("{p}", prefix) for line in draw(blocks())]
    indent = draw(st.sampled_from(INDENTS))
    body = "\n".join(lines)
    code = f"{imports}\n\nodd  =  [ 1,2 ]\ndef f(x, y=None):\n{body}\nodd  =  {{ }}\n"
    code = code.replace("\0", indent)
    if draw(st.integers(0, 3)) == 0:
        code = code.rstrip("\n")
    return code.replace("\n", draw(st.sampled_from(NEWLINES)))
