"""Helpers of `sentry_sdk._compat` that bridged Python 2."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from sentry_migrate.kit.context import Context, Draft, FixDraft
from sentry_migrate.kit.rule import DETAILED_GUIDE, Flags, Ignores, Rewrites, Rule
from sentry_migrate.model import Severity
from sentry_migrate.rewrite.arguments import positional
from sentry_migrate.rewrite.imported_names import (
    drop,
    import_from,
    inline,
    through_module,
    written,
)
from sentry_migrate.sdk.uses import Use

_HOME = "sentry_sdk._compat"
_MOVED = {"reraise": "sentry_sdk.utils", "contextmanager": "contextlib"}
_INLINE = {
    # what the name stands for on every Python 3
    "text_type": "str",
    "string_types": "(str,)",
    "int_types": "(int,)",
    "number_types": "(int, float)",
    "binary_sequence_types": "(bytes, bytearray, memoryview)",
    "PY2": "False",
    "PY33": "True",
}
_REMEDIES = {
    "iteritems": "Call `.items()` on the dictionary.",
    "implements_str": "Remove the decorator.",
    "datetime_utcnow": "Use `datetime.now(timezone.utc)`.",
    "utc_from_timestamp": "Use `datetime.fromtimestamp(timestamp, timezone.utc)`.",
    "duration_in_milliseconds": "Use `delta / timedelta(milliseconds=1)`.",
}

RULE = Rule(
    code="SEN603",
    name="import-compat",
    kind="conditional",
    summary="The helpers for Python 2 were removed from `sentry_sdk._compat`",
    messages=("`…` was removed in …",),
    why=(
        "2.x no longer supports Python 2, and removed the names that bridged it; importing them "
        "raises `ImportError`, from `sentry_sdk._compat` and from the modules that imported them, "
        "such as `sentry_sdk.utils`."
    ),
    safety=(
        "Safe for `reraise` and `contextmanager`, which live elsewhere, and for names that stand "
        "for a single expression in Python 3, such as `text_type` for `str`."
    ),
    link=DETAILED_GUIDE,
    severity=Severity.ERROR,
    deprecated=False,
    examples=(
        Ignores("from mylib._compat import text_type\n"),
        Ignores("from sentry_sdk._compat import with_metaclass, PY37\n"),
        Ignores(
            "try:\n"
            "    from sentry_sdk.utils import reraise\n"
            "except ImportError:\n"
            "    from sentry_sdk._compat import reraise\n"
        ),
        Rewrites(
            "import sys\n"
            "from sentry_sdk._compat import reraise\n"
            "def again():\n"
            "    reraise(*sys.exc_info())\n",
            "import sys\n"
            "from sentry_sdk.utils import reraise\n"
            "def again():\n"
            "    reraise(*sys.exc_info())\n",
        ),
        Rewrites(
            "from sentry_sdk import set_tag\n"
            "from sentry_sdk._compat import string_types\n"
            "def tag(value='a'):\n"
            "    set_tag('kind', isinstance(value, string_types))\n",
            "from sentry_sdk import set_tag\n"
            "def tag(value='a'):\n"
            "    set_tag('kind', isinstance(value, (str,)))\n",
        ),
        Rewrites(
            "from sentry_sdk import set_tag\n"
            "from sentry_sdk._compat import iteritems\n"
            "def tags():\n"
            "    for key, value in iteritems({'a': 'b'}):\n"
            "        set_tag(key, value)\n",
            "from sentry_sdk import set_tag\n"
            "def tags():\n"
            "    for key, value in {'a': 'b'}.items():\n"
            "        set_tag(key, value)\n",
        ),
        Rewrites(
            "from sentry_sdk.utils import text_type\ndef text(value):\n"
            "    return text_type(value)\n",
            "def text(value):\n    return str(value)\n",
        ),
        Flags(
            "from sentry_sdk._compat import datetime_utcnow\n",
            remedy="Use `datetime.now(timezone.utc)`.",
        ),
    ),
)


@RULE.on(*(f"import:={_HOME}.{name}" for name in (*_MOVED, *_INLINE, *_REMEDIES)))
def check(use: Use, context: Context) -> Iterator[Draft]:
    name = use.trigger.rpartition(".")[2]
    fix: FixDraft | None = None
    if name in _MOVED and context.imports.from_import(use.node) is not None:
        module = _MOVED[name]
        fix = import_from(
            context, context.fix(f"Import `{name}` from `{module}`"), use, module, name
        )
    elif name in _INLINE:
        fix = inline(context, use, _INLINE[name], f"Replace with `{_INLINE[name]}`")
    elif name == "iteritems":
        fix = _items(context, use)
    default = f"Use `{_INLINE[name]}` instead." if name in _INLINE else _REMEDY
    remedy = "" if fix else _REMEDIES.get(name, default)
    yield context.finding(use, fix, remedy=remedy, message=_gone(use.path))


@RULE.on(*(f"{_HOME}.{name}" for name in (*_MOVED, *_INLINE, *_REMEDIES)))
def check_attribute(use: Use, context: Context) -> Iterator[Draft]:
    if not through_module(use):
        return
    name = use.trigger.rpartition(".")[2]
    text = _INLINE.get(name)
    fix = context.fix(f"Replace with `{text}`").replace(use.node, text) if text else None
    remedy = "" if fix else _REMEDIES.get(name, _REMEDY)
    yield context.finding(use, fix, remedy=remedy, message=_gone(written(context, use)))


def _gone(path: str) -> str:
    return f"`{path}` was removed in 2.0"


_REMEDY = "Import the name from where it lives now."


def _items(context: Context, use: Use) -> FixDraft | None:
    """`iteritems(x)` as `x.items()`, if every read is such a call."""
    binding = context.imports.from_import(use.node)
    reads = context.scopes.reads_beside(binding) if binding is not None else ()
    if binding is None or not reads or context.imports.is_interface(binding):
        return None
    fix = context.fix("Replace with `.items()`")
    for read in reads:
        call = context.parent(read)
        if not isinstance(call, cst.Call) or call.func is not read or len(call.args) != 1:
            return None
        arg = positional(call, 0)
        if arg is None or "#" in context.code(call):
            return None
        low, high = context.tree.outer(arg.value)
        simple = arg.value.lpar or isinstance(
            arg.value,
            cst.Name | cst.Attribute | cst.Call | cst.Subscript | cst.Dict | cst.SimpleString,
        )
        opening, closing = ("", "") if simple else ("(", ")")
        fix.edit(context.span(call)[0], low, opening)
        fix.edit(high, context.span(call)[1], f"{closing}.items()")
    return drop(fix, use)
