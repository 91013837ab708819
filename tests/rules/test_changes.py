"""Every name of 1.45.1 that 2.x has no more: what becomes of an import of it, one after the other."""

from __future__ import annotations

import ast

import pytest

from sentry_migrate.engine.analyze import analyze
from sentry_migrate.engine.fix import fix
from sentry_migrate.project.config import Settings
from sentry_migrate.project.versions import LATEST, Version
from sentry_migrate.rules import RULES
from sentry_migrate.sdk.changes import (
    MODULES,
    MOVED,
    PARAMETERS,
    REEXPORTS,
    REMOVED,
    Change,
    changes,
    lost_hub,
    parameters,
    reexported,
)
from sentry_migrate.sdk.names import canonical
from sentry_migrate.text.source import Source

TABLE = changes()
GONE = sorted(name for name, one in TABLE.items() if one.kind in (MOVED, REEXPORTS, REMOVED))
EVERY = Settings(select=tuple(RULES))
BESIDE = {"hub-import", "configure-scope-with"}
"""Rules that find what is done with a name, wherever it comes from."""
USED = [
    "sentry_sdk.tracing_utils.maybe_create_breadcrumbs_from_span",
    *(f"sentry_sdk.metrics.{name}" for name in ("incr", "increment", "set", "timing")),
]
"""Found where they are used, not where they are imported."""


def _import(name: str, local: str = "thing") -> str:
    module, _, tail = name.rpartition(".")
    return f"from {module} import {tail} as {local}\n\n\ndef use():\n    return {local}\n"


def _rules(text: str, version: Version = LATEST) -> list[str]:
    result = analyze(Source(text), Settings(select=tuple(RULES), sdk_version=version))
    assert result.failure is None
    return [finding.name for finding in result.findings if finding.name not in BESIDE]


@pytest.mark.slow
def test_each_is_found_once_and_says_what_to_do() -> None:
    for name in GONE:
        text = _import(name)
        line = text.index("\n")
        found = analyze(Source(text), EVERY).findings
        found = tuple(one for one in found if one.name not in BESIDE)
        if canonical(name) not in USED:
            found = tuple(one for one in found if one.start < line)
        assert len({one.name for one in found}) == 1, name
        assert all(one.fix is not None or one.remedy for one in found), name


@pytest.mark.slow
def test_what_is_fixed_is_taken_from_where_it_is_defined() -> None:
    done = 0
    for name in GONE:
        change = TABLE[name]
        if change.kind != REEXPORTS or change.where in TABLE:
            continue
        before = _import(name)
        after = fix(Source(before), EVERY).text
        assert fix(Source(after), EVERY).text == after, name
        ast.parse(after)
        if after != before:
            done += 1
            assert name.rpartition(".")[0] + " import" not in after, name
    assert done > 150


@pytest.mark.slow
def test_a_release_that_still_has_a_name_is_left_alone() -> None:
    """Only rules whose fix is as good for that release may say something."""
    gated = ("import-moved-misc", "import-profiler", "import-removed-modules")
    for name in GONE:
        major, minor, patch = TABLE[name].since
        if (minor, patch) == (0, 0):
            continue
        before = (major, minor, patch - 1) if patch else (major, minor - 1, 99)
        assert not set(_rules(_import(name), before)) & set(gated), name


@pytest.mark.slow
def test_each_is_found_where_a_test_patches_it() -> None:
    ours = {"import-moved-misc"}
    for name in GONE:
        text = f"from unittest import mock\nmock.patch({name!r})\n"
        wanted = ours & set(_rules(_import(name)))
        assert set(_rules(text)) & ours == wanted, name


@pytest.mark.parametrize(
    "text",
    [
        "from unittest import mock\nimport sentry_sdk\nmock.patch('sentry_sdk.utils.json_dumps')\n",
        "from unittest import mock\nimport sentry_sdk\nmock.patch('sentry_sdk.utils.to_base65')\n",
        "from unittest import mock\nmock.patch('sentry_sdk.integrations._asgi_common._get_url')\n",
        "from mine.client import trace\nimport sentry_sdk\nprint(trace)\n",
        "from sentry_sdk.tracing import trace\nprint(trace)\n",
        "from sentry_sdk.utils import event_from_exception\nprint(event_from_exception)\n",
        "from sentry_sdk import client\nprint(client)\n",
        "from sentry_sdk.client import unheard_of\nprint(unheard_of)\n",
        "from sentry_sdk.consts import VERSION\nprint(VERSION)\n",
        "from sentry_sdk.integrations.wsgi import SentryWsgiMiddleware\nprint(SentryWsgiMiddleware)\n",
        "try:\n    from sentry_sdk.tracing import trace\nexcept ImportError:\n    from sentry_sdk.client import trace\nprint(trace)\n",
        "from sentry_sdk.integrations.wsgi import _capture_exception\n_capture_exception()\n",
        "from sentry_sdk.integrations.asgi import _capture_exception\n_capture_exception(ValueError())\n",
        "from sentry_sdk.integrations.asgi import _capture_exception\nprint(_capture_exception)\n",
        "from sentry_sdk.integrations._asgi_common import _get_url\nprint(_get_url)\n",
        "import sentry_sdk\nsentry_sdk.time = 1\n",
    ],
)
def test_silent(text: str) -> None:
    assert _rules(text) == []


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("sentry_sdk.api.Hub", "sentry_sdk.Hub"),
        ("sentry_sdk.integrations.flask.Scope", "sentry_sdk.Scope"),
        ("sentry_sdk.integrations.wsgi.auto_session_tracking", "sentry_sdk.sessions.auto_session_tracking"),
        ("sentry_sdk.integrations.spark.spark_worker.configure_scope", "sentry_sdk.configure_scope"),
        ("sentry_sdk.utils.text_type", "sentry_sdk._compat.text_type"),
        ("sentry_sdk.sessions.time", "sentry_sdk.sessions.time"),
        ("sentry_sdk.client.unheard_of", "sentry_sdk.client.unheard_of"),
        ("sentry_sdk.utils.to_base64", "sentry_sdk.utils.to_base64"),
    ],
)  # fmt: skip
def test_what_a_module_imported_is_what_it_stands_for(path: str, expected: str) -> None:
    assert canonical(path) == expected


@pytest.mark.parametrize(
    ("kind", "where", "expected"),
    [
        (PARAMETERS, "hub, a → a", 0),
        (PARAMETERS, "a, hub → a", 1),
        (PARAMETERS, "hub → ", 0),
        (PARAMETERS, "hub, a → a, b", 0),
        (PARAMETERS, "hub, a → b, a", None),
        (PARAMETERS, "hub, a → client, a", None),
        (PARAMETERS, "a → ", None),
        (REMOVED, "", None),
    ],
)
def test_where_the_hub_was(kind: str, where: str, expected: int | None) -> None:
    assert lost_hub(Change(kind, LATEST, where)) == expected


def test_the_table_is_well_formed() -> None:
    for name, change in TABLE.items():
        assert name.startswith("sentry_sdk."), name
        assert change.since <= LATEST, name
        assert bool(reexported(name)) is (change.kind == REEXPORTS), name
        assert bool(change.where) is (change.kind not in (MODULES, REMOVED)), name
        assert change.kind != PARAMETERS or parameters(change)[0] != parameters(change)[1], name
