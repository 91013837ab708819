"""Constants of `OP` that were removed."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from sentry_migrate.doubts import OTHER_FORM
from sentry_migrate.kit.context import Context, Draft
from sentry_migrate.kit.rule import DETAILED_GUIDE, Alternative, Ignores, Rewrites, Rule
from sentry_migrate.model import Severity
from sentry_migrate.rewrite.imported_names import quoted
from sentry_migrate.sdk.uses import Use

_GONE = {
    # name: (what it stands for in 1.x, the constant of 2.x, the first release without the name,
    # which has the constant)
    "CACHE_GET_ITEM": ("cache.get_item", "CACHE_GET", (2, 3)),
    "OPENAI_CHAT_COMPLETIONS_CREATE": (
        "ai.chat_completions.create.openai",
        "GEN_AI_CHAT",
        (2, 34),
    ),
    "OPENAI_EMBEDDINGS_CREATE": ("ai.embeddings.create.openai", "GEN_AI_EMBEDDINGS", (2, 34)),
}

RULE = Rule(
    code="SEN414",
    name="consts-op",
    kind="suggested",
    summary="Some constants of `sentry_sdk.consts.OP` were removed",
    messages=("`…` was removed in …",),
    why=(
        "`OP.CACHE_GET_ITEM` was removed in 2.3 and the OpenAI operations in 2.34; using them "
        "raises `AttributeError`."
    ),
    safety=(
        "Unsafe: the string keeps what 1.x sends, but Sentry's cache and AI views no longer look "
        "for it; the constant that replaced it sends a different operation."
    ),
    link=DETAILED_GUIDE,
    since="2.3.0",
    severity=Severity.ERROR,
    deprecated=False,
    examples=(
        Ignores("from mylib import OP\nprint(OP.CACHE_GET_ITEM)\n"),
        Ignores("from sentry_sdk.consts import OP\nprint(OP.DB)\n"),
        Rewrites(
            "import sentry_sdk\n"
            "from sentry_sdk.consts import OP\n"
            "with sentry_sdk.start_span(op=OP.CACHE_GET_ITEM):\n"
            "    pass\n",
            'import sentry_sdk\nwith sentry_sdk.start_span(op="cache.get_item"):\n    pass\n',
            reason="Sentry's views no longer look for this operation",
            alternatives=(
                Alternative(
                    "import sentry_sdk\n"
                    "from sentry_sdk.consts import OP\n"
                    "with sentry_sdk.start_span(op=OP.CACHE_GET):\n"
                    "    pass\n",
                    reason="it sends a different operation",
                ),
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
    keep.unsafe(OTHER_FORM.about("Sentry's views no longer look for this operation"))
    others = []
    if context.at_least(*since):
        other = context.fix(f"Replace with `OP.{constant}`").replace(use.node.attr, constant)
        others.append(other.unsafe(OTHER_FORM.about("it sends a different operation")))
    release = ".".join(map(str, since))
    yield context.finding(
        use, keep, others, message=f"`OP.{use.node.attr.value}` was removed in {release}"
    )
