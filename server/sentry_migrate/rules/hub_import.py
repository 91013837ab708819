"""What is left of `Hub` when its members are migrated: imports, annotations, type tests."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import libcst as cst

from sentry_migrate.rules._context import Context, Draft
from sentry_migrate.rules._rule import DETAILED_GUIDE, Ignores, Reports, Rewrites, Rule
from sentry_migrate.syntax.bindings import Binding
from sentry_migrate.syntax.needs import Need
from sentry_migrate.syntax.uses import Use

RULE = Rule(
    code="SEN226",
    name="hub-import",
    kind="conditional",
    summary="`Hub` is gone in 3.0; hand over and annotate a `Scope` instead",
    why="Importing, annotating and testing for `Hub` does not warn in 2.x, but fails in 3.0.",
    safety=(
        "Removing an import that nothing uses is safe; where it tells whether the SDK is there, "
        "`import sentry_sdk` takes its place. Not safe with a `# noqa` for it; the rest is for a "
        "person."
    ),
    link=DETAILED_GUIDE,
    since="2.0.0",
    examples=(
        Ignores("from mylib import Hub\ndef f(hub: Hub):\n    pass\n"),
        Ignores("from sentry_sdk import Hub\n__all__ = ['Hub']\n"),
        Ignores("from sentry_sdk import Hub\nHub.current.capture_message('x')\n"),
        Rewrites("import os\nfrom sentry_sdk import Hub\n", "import os\n"),
        Rewrites(
            "from sentry_sdk import Hub, init\ninit()\n", "from sentry_sdk import init\ninit()\n"
        ),
        Rewrites(
            "try:\n"
            "    from sentry_sdk import Hub\n"
            "    HAS_SENTRY = True\n"
            "except ImportError:\n"
            "    HAS_SENTRY = False\n",
            "try:\n"
            "    import sentry_sdk\n"
            "    HAS_SENTRY = True\n"
            "except ImportError:\n"
            "    HAS_SENTRY = False\n",
        ),
        Rewrites("from sentry_sdk import Hub  # noqa: F401\n", "", reason="noqa"),
        Reports("from sentry_sdk import Hub\ndef f(hub: Hub):\n    pass\n", remedy="Scope"),
        Reports("import sentry_sdk\nisinstance(1, sentry_sdk.Hub)\n", remedy="Scope"),
    ),
)


_UNUSED = re.compile(
    r"#\s*noqa\b(?!\s*:)|#\s*noqa\s*:[^#]*\bF401\b|#\s*pylint:.*\bunused-import\b", re.IGNORECASE
)


@RULE.on("import:=sentry_sdk.Hub")
def check_import(use: Use, context: Context) -> Iterator[Draft]:
    binding = context.imports.of_alias(use.node)
    if binding is None or context.imports.is_interface(binding) or context.imports.reads(binding):
        return
    if len(binding.scope.bindings[binding.name]) > 1:
        return
    fix = context.fix("Remove the unused import")
    fix.needs.append(Need("", "", 0, drop=id(use.node)))
    if _wanted_unused(context, binding):
        fix.unsafe("a `noqa` comment says that other code needs the import")
    yield context.finding(use, fix, message="`Hub` is imported but not used, and gone in 3.0")


def _wanted_unused(context: Context, binding: Binding) -> bool:
    """Whether a comment on the name's line or at an end of the statement keeps linters silent."""
    tree, statement = context.tree, binding.statement
    low, high = tree.span(statement if statement is not None else binding.node)
    offsets = (low, tree.span(binding.node)[0], high)
    lines = {tree.lines.line_of(offset) for offset in offsets}
    return any(
        _UNUSED.search(tree.text[tree.lines.start(line) : tree.lines.end(line)]) for line in lines
    )


@RULE.gather
def gather(context: Context, drafts: Sequence[Draft]) -> Iterator[Draft]:
    covered = {(draft.start, draft.end) for draft in drafts}
    for use in context.uses:
        if use.trigger != "sentry_sdk.Hub" or use.call is not None:
            continue
        parent = context.parent(use.node)
        if isinstance(parent, cst.Attribute) or (use.start, use.end) in covered:
            continue
        if _tests_presence(context, use.node):
            continue
        yield context.finding(
            use, remedy="Use `sentry_sdk.Scope` here, and hand over a scope instead of a hub."
        )


def _tests_presence(context: Context, node: cst.CSTNode) -> bool:
    """`if Hub:` and `Hub is not None` ask whether the SDK is installed."""
    parent = context.parent(node)
    return isinstance(
        parent, cst.If | cst.IfExp | cst.BooleanOperation | cst.UnaryOperation | cst.Comparison
    )
