"""`with sentry_sdk.init(...):` → `init(...)` and a `try` with `close()`."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from sentry_migrate.doubts import ONE_CLIENT
from sentry_migrate.kit.context import Context, Draft, FixDraft
from sentry_migrate.kit.rule import DETAILED_GUIDE, Flags, Ignores, Rewrites, Rule
from sentry_migrate.rewrite.blocks import header_span
from sentry_migrate.sdk.import_needs import NoName
from sentry_migrate.sdk.uses import Use

RULE = Rule(
    code="SEN311",
    name="init-context-manager",
    kind="suggested",
    group="later",
    summary="Using `init()` as a context manager is deprecated",
    why=(
        "Since 2.19 it warns when the block is entered and left. All that the block does is "
        "close the client at its end."
    ),
    safety=(
        "Never safe: the block closes the client that this `init()` created; "
        "`get_client().close()` closes the client that is active at the end of the block."
    ),
    link=DETAILED_GUIDE,
    since="2.19.0",
    deprecated=False,
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
            reason=(
                "if a different client is active at the end of the block, that client is closed"
            ),
        ),
        Flags(
            "import sentry_sdk\nwith sentry_sdk.init() as guard:\n    print(guard)\n",
            remedy=(
                "Call `init()`, put the block in `try`, and in `finally` call "
                "`sentry_sdk.get_client().close()`."
            ),
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


_OTHER_CLIENT = ONE_CLIENT.about(
    "if a different client is active at the end of the block, that client is closed"
)


def _fix(context: Context, use: Use, call: cst.Call, holder: cst.With) -> FixDraft | None:
    tree = context.tree
    start, colon = header_span(tree, holder)
    first, last = tree.span(call)
    indent, newline = tree.lines.indent_at(start), tree.lines.newline_at(start)
    if not isinstance(holder.body, cst.IndentedBlock) or "#" in tree.text[last:colon]:
        return None
    fix = context.fix("Call `init()`, and `get_client().close()` in `finally`")
    fix.unsafe(_OTHER_CLIENT)
    fix.edit(start, first, "").edit(last, colon, f"{newline}{indent}try:")
    at = tree.lines.end(tree.lines.line_of(tree.span(holder)[1]))
    step = tree.module.default_indent
    close = fix.member("get_client", "close", use)
    text = f"{newline}{indent}finally:{newline}{indent}{step}{close}()"
    return fix.edit(at, at, text)
