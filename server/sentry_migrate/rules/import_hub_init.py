"""`from sentry_sdk.hub import init` → `from sentry_sdk import init`."""

from __future__ import annotations

from collections.abc import Iterator

from sentry_migrate.model import Severity
from sentry_migrate.rules._context import Context, Draft, FixDraft
from sentry_migrate.rules._moved import (
    binding_of,
    import_from,
    rename_reads,
    through_module,
    written,
)
from sentry_migrate.rules._rule import DETAILED_GUIDE, Ignores, Reports, Rewrites, Rule
from sentry_migrate.syntax.needs import NoName
from sentry_migrate.syntax.uses import Use

_MOVED = {
    "init": "init",
    "_init": "init",
    "Scope": "Scope",
    "_should_send_default_pii": "scope.should_send_default_pii",
}

RULE = Rule(
    code="SEN602",
    name="import-hub-init",
    kind="safe",
    summary="this name is gone from `sentry_sdk.hub`",
    why=(
        "The import raises `ImportError`: `init` since 2.11, `Scope` since 2.12, "
        "`_should_send_default_pii` since 2.10."
    ),
    safety="Safe: the same object from where it lives in 1.x and 2.x.",
    link=DETAILED_GUIDE,
    since="2.10.0",
    severity=Severity.ERROR,
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
            "from sentry_sdk.hub import Hub, Scope as S\ndef clean(hub: Hub):\n    return S()\n",
            "from sentry_sdk.hub import Hub\n"
            "from sentry_sdk import Scope as S\n"
            "def clean(hub: Hub):\n"
            "    return S()\n",
        ),
        Reports("from sentry_sdk.hub import _InitGuard\n", remedy="init()"),
    ),
)

_REMEDY = "Import it from `sentry_sdk`; what `init()` returns needs no class."


@RULE.on("import:sentry_sdk.hub._InitGuard", *(f"import:sentry_sdk.hub.{name}" for name in _MOVED))
def check_import(use: Use, context: Context) -> Iterator[Draft]:
    name = use.trigger.rpartition(".")[2]
    tail = _MOVED.get(name)
    fix: FixDraft | None = None
    if tail is not None and binding_of(context, use) is not None:
        message = f"Import it as `sentry_sdk.{tail}`"
        try:
            if tail == name:
                fix = import_from(context, context.fix(message), use, "sentry_sdk", name)
            else:
                fix = rename_reads(context, use, tail, message)
        except NoName as error:
            yield context.finding(use, remedy=str(error))
            return
    yield context.finding(use, fix, remedy="" if fix else _REMEDY)


@RULE.on(
    "sentry_sdk.init",
    "sentry_sdk.Scope",
    "sentry_sdk.hub._init",
    "sentry_sdk.hub._should_send_default_pii",
)
def check(use: Use, context: Context) -> Iterator[Draft]:
    path = written(context, use)
    if not through_module(use) or not path.startswith("sentry_sdk.hub."):
        return
    tail = _MOVED[path.rpartition(".")[2]]
    fix = context.fix(f"Replace with `sentry_sdk.{tail}`")
    try:
        yield context.finding(use, fix.edit(use.start, use.end, fix.api(tail, use)))
    except NoName as error:
        yield context.finding(use, remedy=str(error))
