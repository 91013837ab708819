"""What is left of `Hub` when its members are migrated: imports, annotations, type tests."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

import libcst as cst

from sentry_migrate.kit.context import Context, Draft, FixDraft
from sentry_migrate.kit.index import replacements
from sentry_migrate.kit.rule import DETAILED_GUIDE, Flags, Ignores, Rewrites, Rule
from sentry_migrate.rewrite.active_hubs import handed_in
from sentry_migrate.rewrite.fallbacks import ask_for_sdk
from sentry_migrate.rewrite.unused_imports import drop
from sentry_migrate.sdk.uses import QUOTED, Use

RULE = Rule(
    code="SEN226",
    name="hub-import",
    kind="conditional",
    summary="`Hub` will be removed in 3.0; use `Scope` instead",
    messages=(
        "`Hub` is imported but unused, and will be removed in 3.0",
        "This patches `sentry_sdk.Hub.…`, which migrated code no longer uses",
    ),
    why=(
        "Importing `Hub`, annotating with it and testing for it do not warn in 2.x, but will "
        "fail in 3.0."
    ),
    safety=(
        "Removing an unused import is safe; where it tests whether the SDK is installed, `import "
        "sentry_sdk` replaces it. Unsafe where a `# noqa` comment keeps the import. All other "
        "uses have to be changed by hand."
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
        Rewrites(
            "from sentry_sdk import Hub  # noqa: F401\n",
            "",
            reason="a `noqa` comment suggests that other code needs the import",
        ),
        Flags(
            "from sentry_sdk import Hub\ndef f(hub: Hub):\n    pass\n",
            remedy="Use `sentry_sdk.Scope` here, and pass a scope instead of a hub.",
        ),
        Flags(
            "import sentry_sdk\ndef f(hub: 'sentry_sdk.Hub'):\n    pass\n",
            remedy="Use `sentry_sdk.Scope` here, and pass a scope instead of a hub.",
        ),
        Rewrites(
            "try:\n"
            "    from sentry_sdk import Hub\n"
            "except ImportError:\n"
            "    Hub = None\n"
            "def f():\n"
            "    return Hub is not None\n",
            "try:\n"
            "    import sentry_sdk\n"
            "except ImportError:\n"
            "    sentry_sdk = None\n"
            "def f():\n"
            "    return sentry_sdk is not None\n",
        ),
        Flags(
            "try:\n"
            "    from sentry_sdk import Hub\n"
            "except ImportError:\n"
            "    Hub = object()\n"
            "def f():\n"
            "    return Hub is not None\n",
            remedy=(
                "Import `sentry_sdk` where `Hub` is imported, and ask here whether it is there: "
                "`if sentry_sdk:`."
            ),
        ),
        Flags(
            "import sentry_sdk\nisinstance(1, sentry_sdk.Hub)\n",
            remedy="Use `sentry_sdk.Scope` here, and pass a scope instead of a hub.",
        ),
        Flags(
            "from sentry_sdk import Hub\nHub.capture_event = print\n",
            remedy="Patch `sentry_sdk.Scope.capture_event`, which migrated code calls, and which "
            "gets a scope for a hub.",
        ),
        Flags(
            "from sentry_sdk import Hub\nHub.bind_client = print\n",
            remedy="Remove it, and patch the function that migrated code calls, if you still need "
            "it.",
        ),
    ),
)


@RULE.on("import:=sentry_sdk.Hub")
def check_import(use: Use, context: Context) -> Iterator[Draft]:
    binding = context.imports.of_alias(use.node)
    if binding is None or context.imports.is_interface(binding):
        return
    if context.scopes.reads_beside(binding):
        return
    if len(binding.scope.bindings[binding.name]) > 1 or binding.scope.kind == "class":
        return
    fix = drop(context, binding)
    yield context.finding(
        use, fix, message="`Hub` is imported but unused, and will be removed in 3.0"
    )


_FOUND = ("current", "main")
"""What the class has that other rules find."""
_USE_SCOPE = "Use `sentry_sdk.Scope` here, and pass a scope instead of a hub."
_PATCH = "Patch `sentry_sdk.Scope.{}`, which migrated code calls, and which gets a scope for a hub."
_PATCH_ELSE = "Remove it, and patch the function that migrated code calls, if you still need it."
_ASK_FOR_SDK = (
    "Import `sentry_sdk` where `Hub` is imported, and ask here whether it is there: "
    "`if sentry_sdk:`."
)


@RULE.gather
def gather(context: Context, drafts: Sequence[Draft]) -> Iterator[Draft]:
    covered = {(draft.start, draft.end) for draft in drafts}
    replaced = replacements(context, drafts)
    hubs = [use for use in context.uses if use.trigger in ("sentry_sdk.Hub", QUOTED)]
    asked = {use for use in hubs if _tests_presence(context, use.node)}
    if asked and len(asked) == len(hubs):  # else it may go with the rest
        fix = _asking_for_sdk(context, asked)
        yield from (context.finding(use, fix, remedy="" if fix else _ASK_FOR_SDK) for use in hubs)
        return
    patched = _patched(context)
    for use in hubs:
        parent = context.parent(use.node)
        if id(use.node) in patched:
            continue
        if isinstance(parent, cst.Attribute):
            yield from _member(context, use, parent, drafts)
        if use.call is not None or isinstance(parent, cst.Attribute):
            continue
        if (use.start, use.end) in covered or use in asked:
            continue
        yield context.finding(
            use,
            replaced.over(use.start, use.end) or handed_in(context, use.node, drafts),
            remedy=_USE_SCOPE,
        )


def _patched(context: Context) -> Collection[int]:
    """The ids of what a test patches a member of, `monkeypatch.setattr(Hub, "current", …)`: the
    finding of that member is about it."""
    return {
        id(arg.value)
        for use in context.uses
        if use.trigger.startswith("string:sentry_sdk.Hub.")
        for arg in (use.call.args[:1] if use.call is not None else ())
    }


def _member(
    context: Context, use: Use, member: cst.Attribute, drafts: Sequence[Draft]
) -> Iterator[Draft]:
    """`Hub.flush = print` and `old = Hub.flush`: what the class has that no rule is about."""
    name, end = member.attr.value, context.span(member)[1]
    if name in _FOUND or any(one.start <= use.start and end <= one.end for one in drafts):
        return
    patched = isinstance(context.parent(member), cst.AssignTarget)
    remedy = _PATCH.format(name) if context.has(f"Scope.{name}") else _PATCH_ELSE
    yield context.finding(
        use,
        remedy=remedy if patched else _USE_SCOPE,
        message=f"This patches `sentry_sdk.Hub.{name}`, which migrated code no longer uses"
        if patched
        else "",
    )


def _asking_for_sdk(context: Context, asked: Collection[Use]) -> FixDraft | None:
    """A fix for all tests, if the name comes from one import."""
    nodes = [use.node for use in asked]
    names = [node for node in nodes if isinstance(node, cst.Name)]
    found = {id(one): one for name in names for one in context.scopes.reaching(name)}
    imports = [one for one in found.values() if one.kind == "import"]
    if len(imports) != 1 or len(names) != len(nodes):
        return None
    return ask_for_sdk(context, imports[0], nodes)


def _tests_presence(context: Context, node: cst.CSTNode) -> bool:
    """`if Hub:` and `Hub is not None` ask whether the SDK is installed."""
    parent = context.parent(node)
    return isinstance(
        parent, cst.If | cst.IfExp | cst.BooleanOperation | cst.UnaryOperation | cst.Comparison
    )
