"""`from sentry_sdk.hub import init` → `from sentry_sdk import init`."""

from __future__ import annotations

from collections.abc import Iterator

from sentry_migrate.kit.context import Context, Draft, FixDraft, by_hand
from sentry_migrate.kit.rule import DETAILED_GUIDE, Flags, Ignores, Rewrites, Rule
from sentry_migrate.model import Severity
from sentry_migrate.rewrite.imported_names import (
    import_from,
    rename_reads,
    through_module,
    written,
)
from sentry_migrate.sdk.import_needs import NoName
from sentry_migrate.sdk.uses import Use

_MOVED = {
    "init": "init",
    "_init": "init",
    "Scope": "Scope",
    "_should_send_default_pii": "scope.should_send_default_pii",
}

_PII = "sentry_sdk.hub._should_send_default_pii"

RULE = Rule(
    code="SEN602",
    name="import-hub-init",
    kind="safe",
    summary="Some names can no longer be imported from `sentry_sdk.hub`",
    messages=("`…` was removed",),
    why=(
        "Importing them raises `ImportError`: `init` from 2.11 on, `Scope` from 2.12 on, "
        "`_should_send_default_pii` from 2.10 on, from the integrations that imported it too."
    ),
    safety="Safe: the same object, imported from where it lives in both 1.x and 2.x.",
    link=DETAILED_GUIDE,
    since="2.10.0",
    severity=Severity.ERROR,
    deprecated=False,
    examples=(
        Ignores("from mylib.hub import init\n"),
        Ignores("from sentry_sdk.hub import Hub\n"),
        Ignores("import sentry_sdk\nsentry_sdk.init()\n"),
        Ignores("import sentry_sdk\nprint(sentry_sdk.Scope)\n"),
        Rewrites(
            "from sentry_sdk.hub import init\ndef start():\n    init(traces_sample_rate=1.0)\n",
            "from sentry_sdk import init\ndef start():\n    init(traces_sample_rate=1.0)\n",
        ),
        Rewrites(
            "import sentry_sdk.hub\ndef start():\n    sentry_sdk.hub.init()\n",
            "import sentry_sdk.hub\ndef start():\n    sentry_sdk.init()\n",
        ),
        Rewrites(
            "from sentry_sdk import capture_message\n"
            "from sentry_sdk.hub import _should_send_default_pii\n"
            "def report(user='a'):\n"
            "    capture_message(user if _should_send_default_pii() else 'x')\n",
            "from sentry_sdk import capture_message\n"
            "from sentry_sdk.scope import should_send_default_pii\n"
            "def report(user='a'):\n"
            "    capture_message(user if should_send_default_pii() else 'x')\n",
        ),
        Rewrites(
            "from sentry_sdk.integrations.django import _should_send_default_pii\n"
            "def shown(user='a'):\n"
            "    return user if _should_send_default_pii() else 'x'\n",
            "from sentry_sdk.scope import should_send_default_pii\n"
            "def shown(user='a'):\n"
            "    return user if should_send_default_pii() else 'x'\n",
        ),
        Rewrites(
            "from sentry_sdk.hub import Hub, Scope as S\ndef clean(hub: Hub):\n    return S()\n",
            "from sentry_sdk import Scope as S\n"
            "from sentry_sdk.hub import Hub\n"
            "def clean(hub: Hub):\n"
            "    return S()\n",
        ),
        Flags(
            "from sentry_sdk.hub import _InitGuard\n",
            remedy="Remove the import: no class is needed for the return value of `init()`.",
        ),
    ),
)

_REMEDY = "Remove the import: no class is needed for the return value of `init()`."


@RULE.on(
    f"import:={_PII}",
    *(f"import:sentry_sdk.hub.{name}" for name in ("init", "_init", "Scope", "_InitGuard")),
)
def check_import(use: Use, context: Context) -> Iterator[Draft]:
    name = use.path.rpartition(".")[2]
    tail = _MOVED.get(name)
    fix: FixDraft | None = None
    if tail is not None and context.imports.from_import(use.node) is not None:
        message = f"Import `sentry_sdk.{tail}`"
        try:
            if tail == name:
                fix = import_from(context, context.fix(message), use, "sentry_sdk", name)
            else:
                fix = rename_reads(context, use, tail, message)
        except NoName as error:
            yield context.finding(use, remedy=by_hand(error), message=_gone(use.path))
            return
    remedy = _REMEDY if name == "_InitGuard" else f"Import `sentry_sdk.{tail}` instead."
    yield context.finding(use, fix, remedy="" if fix else remedy, message=_gone(use.path))


@RULE.on(
    "sentry_sdk.init",
    "sentry_sdk.Scope",
    "sentry_sdk.hub._init",
    _PII,
)
def check(use: Use, context: Context) -> Iterator[Draft]:
    path = written(context, use)
    if not through_module(use) or not (use.trigger == _PII or path.startswith("sentry_sdk.hub.")):
        return
    name = path.rpartition(".")[2]
    tail = _MOVED[name]
    fix = context.fix(f"Replace with `sentry_sdk.{tail}`")
    try:
        fix.edit(use.start, use.end, fix.api(tail, use))
    except NoName as error:
        yield context.finding(use, remedy=by_hand(error), message=_gone(path))
        return
    yield context.finding(use, fix, message=_gone(path))


def _gone(path: str) -> str:
    return f"`{path}` was removed"
