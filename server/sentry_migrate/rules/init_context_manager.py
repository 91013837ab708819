"""`with sentry_sdk.init(...):` → `init(...)` and a `try` with `close()`."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from sentry_migrate.rules._context import Context, Draft, FixDraft
from sentry_migrate.rules._items import indent_of, newline_at
from sentry_migrate.rules._rule import DETAILED_GUIDE, Ignores, Reports, Rewrites, Rule
from sentry_migrate.syntax.blocks import header_span
from sentry_migrate.syntax.needs import NoName
from sentry_migrate.syntax.uses import Use

RULE = Rule(
    code="SEN311",
    name="init-context-manager",
    kind="suggested",
    summary="What `init()` returns is deprecated as a context manager",
    why="Since 2.19 it warns on entering and on leaving. All the block does is close the client.",
    safety=(
        "Never safe: the block closes the client that this `init()` made, `get_client().close()` "
        "the one that is active at its end."
    ),
    link=DETAILED_GUIDE,
    since="2.19.0",
    examples=(
        Ignores("import sentry_sdk\nsentry_sdk.init()\n"),
        Ignores("from mine import init\nimport sentry_sdk\nwith init():\n    pass\n"),
        Ignores("import sentry_sdk\nwith sentry_sdk.isolation_scope():\n    sentry_sdk.init()\n"),
        Rewrites(
            "import sentry_sdk\n"
            "with sentry_sdk.init(debug=False):  # for this run\n"
            "    sentry_sdk.capture_message('x')\n",
            "import sentry_sdk\n"
            "sentry_sdk.init(debug=False)\n"
            "try:  # for this run\n"
            "    sentry_sdk.capture_message('x')\n"
            "finally:\n"
            "    sentry_sdk.get_client().close()\n",
            reason="another client",
        ),
        Reports(
            "import sentry_sdk\nwith sentry_sdk.init() as guard:\n    print(guard)\n",
            remedy="get_client().close()",
        ),
    ),
)


@RULE.on("sentry_sdk.init")
def check(use: Use, context: Context) -> Iterator[Draft]:
    item = context.parent(use.call) if use.call is not None else None
    holder = context.parent(item) if isinstance(item, cst.WithItem) else None
    if use.call is None or not isinstance(item, cst.WithItem) or not isinstance(holder, cst.With):
        return
    fix: FixDraft | None = None
    if len(holder.items) == 1 and item.asname is None and holder.asynchronous is None:
        try:
            fix = _fix(context, use, use.call, holder)
        except NoName:
            fix = None
    remedy = "Call `init()`, put the block in `try`, and in `finally` call "
    remedy += "`sentry_sdk.get_client().close()`."
    yield context.finding(use, fix, remedy="" if fix else remedy)


def _fix(context: Context, use: Use, call: cst.Call, holder: cst.With) -> FixDraft | None:
    tree = context.tree
    start, colon = header_span(tree, holder)
    first, last = tree.span(call)
    indent, newline = indent_of(tree, start), newline_at(tree, start)
    if not isinstance(holder.body, cst.IndentedBlock) or "#" in tree.text[last:colon]:
        return None
    fix = context.fix("Call init() and close the client in finally")
    fix.unsafe("another client may be active at the end of the block, and is closed then")
    fix.edit(start, first, "").edit(last, colon, f"{newline}{indent}try:")
    at = tree.lines.end(tree.lines.line_of(tree.span(holder)[1]))
    step = tree.module.default_indent
    text = f"{newline}{indent}finally:{newline}{indent}{step}{fix.api('get_client', use)}().close()"
    return fix.edit(at, at, text)
