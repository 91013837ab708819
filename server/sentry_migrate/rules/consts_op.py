"""Constants of `OP` that are gone."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from sentry_migrate.model import Severity
from sentry_migrate.rules._context import Context, Draft
from sentry_migrate.rules._moved import quoted
from sentry_migrate.rules._rule import DETAILED_GUIDE, Ignores, Rewrites, Rule
from sentry_migrate.syntax.uses import Use

_GONE = {
    # name: (what it stands for in 1.x, the constant of 2.x, the first release without it)
    "CACHE_GET_ITEM": ("cache.get_item", "CACHE_GET", "2.3"),
    "OPENAI_CHAT_COMPLETIONS_CREATE": ("ai.chat_completions.create.openai", "GEN_AI_CHAT", "2.34"),
    "OPENAI_EMBEDDINGS_CREATE": ("ai.embeddings.create.openai", "GEN_AI_EMBEDDINGS", "2.34"),
}

RULE = Rule(
    code="SEN414",
    name="consts-op",
    kind="suggested",
    summary="this constant of `OP` is gone",
    why="`OP.CACHE_GET_ITEM` raises `AttributeError` since 2.3, the OpenAI operations since 2.34.",
    safety=(
        "Not safe: the string keeps what 1.x sends, which Sentry's views of caches and AI no "
        "longer look for; the constant that took its place sends another operation."
    ),
    link=DETAILED_GUIDE,
    since="2.3.0",
    severity=Severity.ERROR,
    examples=(
        Ignores("from mylib import OP\nprint(OP.CACHE_GET_ITEM)\n"),
        Ignores("from sentry_sdk.consts import OP\nprint(OP.DB)\n"),
        Rewrites(
            "import sentry_sdk\n"
            "from sentry_sdk.consts import OP\n"
            "with sentry_sdk.start_span(op=OP.CACHE_GET_ITEM):\n"
            "    pass\n",
            'import sentry_sdk\nwith sentry_sdk.start_span(op="cache.get_item"):\n    pass\n',
            reason="no longer look for",
            alternatives=(
                "import sentry_sdk\n"
                "from sentry_sdk.consts import OP\n"
                "with sentry_sdk.start_span(op=OP.CACHE_GET):\n"
                "    pass\n",
            ),
        ),
    ),
)


@RULE.on(*(f"sentry_sdk.consts.OP.{name}" for name in _GONE))
def check(use: Use, context: Context) -> Iterator[Draft]:
    if not isinstance(use.node, cst.Attribute):
        return
    value, constant, since = _GONE[use.node.attr.value]
    text = quoted(context, use.node, f'"{value}"')
    keep = context.fix(f"Replace with `{text}`").replace(use.node, text)
    keep.unsafe("Sentry's views of 2.x no longer look for this operation")
    other = context.fix(f"Replace with `OP.{constant}`").replace(use.node.attr, constant)
    other.unsafe("another operation is sent")
    yield context.finding(
        use, keep, [other], message=f"`OP.{use.node.attr.value}` is gone since {since}"
    )
