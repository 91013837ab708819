"""A 1.x name that is imported and not used: left over, or there for other modules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from sentry_migrate.kit.context import Context, Draft
from sentry_migrate.kit.rule import DETAILED_GUIDE, Flags, Ignores, Rewrites, Rule
from sentry_migrate.project.modules import LEGACY
from sentry_migrate.python.bindings import Binding
from sentry_migrate.rewrite.fallbacks import drop_with_fallback
from sentry_migrate.rewrite.unused_imports import drop, drop_offered
from sentry_migrate.rewrite.unused_modules import unused_modules
from sentry_migrate.sdk.names import canonical
from sentry_migrate.sdk.uses import Use

_INSTEAD = {
    "configure_scope": "`sentry_sdk.get_isolation_scope()`",
    "push_scope": "`sentry_sdk.new_scope()` or `sentry_sdk.isolation_scope()`",
    "Hub": "`sentry_sdk.Scope`, or the functions of `sentry_sdk`",
}
_PATHS = tuple(f"sentry_sdk.{name}" for name in LEGACY)
_TAKEN = "Have the files that take it use {instead}, and then remove the import."
_OTHERWISE = (
    "Remove the import, and whatever else names it here; code that takes it can use {instead}."
)

RULE = Rule(
    code="SEN612",
    name="left-over-import",
    kind="conditional",
    summary="A name of 1.x is imported and not used",
    messages=(
        "`…` of 1.x is imported for other modules",
        "`…` of 1.x is imported for other modules: taken by …",
        "`…` of 1.x is imported for other modules: taken by … and 1 more file",
        "`…` of 1.x is imported for other modules: taken by … and … more files",
        "`…` of 1.x is imported and not used",
    ),
    why=(
        "`push_scope` and `configure_scope` are deprecated, as `Hub` is, and will be removed in "
        "3.0: then the import fails. The rule also finds imports from modules of the project that "
        "pass these names on."
    ),
    safety=(
        "Removing the import is safe if nothing in the project takes the name from the module. It "
        "is unsafe if `__all__`, a package's `__init__.py` or a `# noqa` comment offers the name "
        "to others, and if a module of the project would no longer be imported there. There is no "
        "fix while other files take the name; the message names one, and says how many "
        "more there are."
    ),
    link=DETAILED_GUIDE,
    since="2.0.0",
    examples=(
        Ignores("from mylib import push_scope\n"),
        Ignores("import sentry_sdk\n"),
        Ignores("from sentry_sdk import new_scope\n"),
        Ignores("from sentry_sdk import push_scope\nprint(push_scope)\n"),
        Ignores("from sentry_sdk import Hub\nprint(Hub)\n"),
        Ignores(
            "try:\n"
            "    from sentry_sdk import new_scope\n"
            "except ImportError:\n"
            "    from sentry_sdk import push_scope as new_scope\n"
        ),
        Rewrites("import os\nfrom sentry_sdk import push_scope\n", "import os\n"),
        Ignores("import sentry_sdk.hub\nprint(sentry_sdk.hub)\n"),
        Ignores("from lib import hub\nimport lib.hub\n"),
        Rewrites(
            "import sentry_sdk.hub\nsentry_sdk.init()\n", "import sentry_sdk\nsentry_sdk.init()\n"
        ),
        Rewrites(
            "import importlib\n"
            "import sentry_sdk\n"
            'hub = importlib.import_module("sentry_sdk.hub")\n'
            "sentry_sdk.init()\n",
            "import sentry_sdk\nsentry_sdk.init()\n",
        ),
        Rewrites(
            "from sentry_sdk import configure_scope, init\ninit()\n",
            "from sentry_sdk import init\ninit()\n",
        ),
        Rewrites(
            "from sentry_sdk import push_scope  # noqa: F401\n",
            "",
            reason="a `noqa` comment suggests that other code needs the import",
        ),
        Rewrites(
            "from sentry_sdk import push_scope, init\n__all__ = ['init', 'push_scope']\n",
            "from sentry_sdk import init\n__all__ = ['init']\n",
            reason="`__all__` offers the name to other modules",
        ),
        Rewrites(
            "from sentry_sdk import Hub, init\n",
            "from sentry_sdk import init\n",
            reason="other code may take the name from this module",
            filename="__init__.py",
        ),
        Rewrites(
            "try:\n"
            "    from sentry_sdk import push_scope\n"
            "except ImportError:\n"
            "    push_scope = None\n",
            "try:\n    import sentry_sdk\nexcept ImportError:\n    pass\n",
        ),
        Flags(
            "try:\n"
            "    from sentry_sdk import push_scope\n"
            "except ImportError:\n"
            "    push_scope = object()\n",
            remedy=_OTHERWISE.format(instead=_INSTEAD["push_scope"]),
        ),
    ),
)


@RULE.on(*(f"import:={path}" for path in _PATHS))
def check(use: Use, context: Context) -> Iterator[Draft]:
    binding = context.imports.of_alias(use.node)
    if binding is None:
        return
    if canonical(use.path) == "sentry_sdk.Hub":
        if use.path not in ("sentry_sdk.Hub", "sentry_sdk.hub.Hub"):
            return  # is reported as an import that fails
        if not context.imports.is_interface(binding) and _alone(binding):
            return  # is reported as a hub that nothing uses
    yield from _found(context, binding, use.start, use.end, use)


@RULE.gather
def gather(context: Context, _drafts: Sequence[Draft]) -> Iterator[Draft]:
    yield from unused_modules(context)
    for binding in context.imports.reexported:
        alias = binding.node
        if isinstance(alias, cst.ImportAlias) and context.code(alias.name) in LEGACY:
            if canonical(context.values.reexported.origin(binding.path)) in _PATHS:
                yield from _found(context, binding, *context.span(alias.name))


def _alone(binding: Binding) -> bool:
    """Whether nothing else has the name: neither another value nor the members of a class."""
    return len(binding.scope.bindings[binding.name]) == 1 and binding.scope.kind != "class"


def _found(
    context: Context, binding: Binding, start: int, end: int, use: Use | None = None
) -> Iterator[Draft]:
    if context.scopes.reads_beside(binding):
        return
    name = binding.path.rpartition(".")[2]
    files = context.imports.takers(binding)
    message, remedy = f"`{name}` of 1.x is imported and not used", _OTHERWISE
    fix = None
    if files:
        message = f"`{name}` of 1.x is imported for other modules"
        if first := context.imports.first_taker(binding):
            more = f" and {files - 1} more file{'s' * (files > 2)}" if files > 1 else ""
            message += f": taken by {first}{more}"
        remedy = _TAKEN
    elif not context.imports.is_interface(binding):
        alone = _alone(binding)
        fix = drop(context, binding) if alone else drop_with_fallback(context, binding)
    else:
        message = f"`{name}` of 1.x is imported for other modules"
        fix = drop_offered(context, binding) if _alone(binding) else None
    said = "" if fix is not None else remedy.format(instead=_INSTEAD[name])
    yield Draft(start, end, fix, (), said, message, use=use)
