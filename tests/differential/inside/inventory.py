"""Every public name of the sentry-sdk on the path, as a list in JSON on standard output.

`sentry_sdk.scope.Scope.fork` is a name, `sentry_sdk.tracing.Span(name)` a parameter, and
`sentry_sdk.init(dsn)` an option. Runs in the SDK's own environment; the project is not there.
"""

from __future__ import annotations

import ast
import contextlib
import importlib
import inspect
import json
import pkgutil
import sys
import textwrap
import types
from collections.abc import Iterator

import sentry_sdk
from sentry_sdk.consts import DEFAULT_OPTIONS

ROOT = "sentry_sdk"
SKIPPED = ("sentry_sdk.ai", "sentry_sdk.consts.OP.", "sentry_sdk.consts.SPANDATA.")
"""Long lists that only the SDK's own integrations use."""


def modules() -> Iterator[types.ModuleType]:
    """The package's modules, without those that want a library that is not installed."""
    yield sentry_sdk
    for found in pkgutil.walk_packages(sentry_sdk.__path__, ROOT + ".", onerror=lambda _: None):
        if "._" not in found.name:
            with contextlib.suppress(Exception):
                yield importlib.import_module(found.name)


def ours(value: object) -> bool:
    """Whether the SDK made it, as far as one can tell: a constant does not say."""
    kind = type(value)
    if issubclass(kind, types.ModuleType):
        home = vars(value).get("__name__")
    elif issubclass(kind, (type, types.FunctionType)) or kind.__module__.startswith(ROOT):
        home = getattr(value, "__module__", ROOT)
    else:
        home = ROOT if kind.__module__ == "builtins" else kind.__module__
    return str(home).split(".")[0] == ROOT


def parameters(name: str, value: object) -> Iterator[str]:
    """The parameters that a call may name."""
    with contextlib.suppress(ValueError, TypeError):
        for one in inspect.signature(value).parameters.values():  # type: ignore[arg-type]
            if one.kind in (one.POSITIONAL_OR_KEYWORD, one.KEYWORD_ONLY) and one.name != "self":
                yield f"{name}({one.name})"


def attributes(owner: type) -> Iterator[str]:
    """What the methods of a class give its instances."""
    for base in owner.__mro__:
        try:
            tree = ast.parse(textwrap.dedent(inspect.getsource(base)))
        except (OSError, TypeError, SyntaxError):
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
                if isinstance(node.value, ast.Name) and node.value.id == "self":
                    yield node.attr


def members(name: str, owner: type) -> Iterator[str]:
    """The members of a class, and the parameters of its methods."""
    for member in {*dir(owner), *attributes(owner)}:
        if not member.startswith("_"):
            yield f"{name}.{member}"
            value = getattr(owner, member, None)
            if callable(value) and not isinstance(value, type):
                yield from parameters(f"{name}.{member}", value)


def names() -> Iterator[str]:
    """All of them, some more than once."""
    yield from (f"{ROOT}.init({option})" for option in DEFAULT_OPTIONS)
    for module in modules():
        yield module.__name__
        for local, value in vars(module).items():
            if local.startswith("_") or not ours(value):
                continue
            if ".integrations." in module.__name__ and not local.endswith("Integration"):
                continue  # nobody but the SDK itself uses their insides
            name = f"{module.__name__}.{local}"
            yield name
            home = getattr(value, "__module__", "")
            if module is not sentry_sdk and home != module.__name__:
                continue
            if isinstance(value, type):
                yield from members(name, value)
            if callable(value):
                yield from parameters(name, value)


json.dump(sorted({name for name in names() if not name.startswith(SKIPPED)}), sys.stdout)
