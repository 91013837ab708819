"""Names that moved: every shape they are imported and used in, and what becomes of it."""

from __future__ import annotations

from pathlib import PurePath

import pytest

from rules.table import SAFE, UNSAFE, row, run
from sentry_migrate.engine.analyze import analyze
from sentry_migrate.model import Applicability
from sentry_migrate.plan import Move
from sentry_migrate.project.config import Settings
from sentry_migrate.text.edits import apply
from sentry_migrate.text.source import Source

REWRITTEN = [
    row(
        "hub-init-beside-an-import-of-the-package",
        "import-hub-init",
        """
        from sentry_sdk import capture_message
        from sentry_sdk.hub import init as start, Hub

        start(dsn="")
        capture_message(Hub)
        """,
        """
        from sentry_sdk import capture_message, init as start
        from sentry_sdk.hub import Hub

        start(dsn="")
        capture_message(Hub)
        """,
    ),
    row(
        "hub-init-offered-to-others",
        "import-hub-init",
        """
        from sentry_sdk.hub import (
            Hub,  # gone soon
            Scope,
            init,
        )
        __all__ = ["Hub", "Scope", "init"]
        """,
        """
        from sentry_sdk import Scope, init
        from sentry_sdk.hub import (
            Hub,  # gone soon
        )
        __all__ = ["Hub", "Scope", "init"]
        """,
        *(SAFE, SAFE),
    ),
    row(
        "hub-init-in-a-function",
        "import-hub-init",
        """
        import sentry_sdk

        def start():
            from sentry_sdk.hub import _init
            _init(dsn="")
            if sentry_sdk.hub._should_send_default_pii():
                sentry_sdk.hub.init()
        """,
        """
        import sentry_sdk
        import sentry_sdk.scope

        def start():
            from sentry_sdk import init
            init(dsn="")
            if sentry_sdk.scope.should_send_default_pii():
                sentry_sdk.init()
        """,
        *(SAFE, SAFE, SAFE),
    ),
    row(
        "compat",
        "import-compat",
        """
        from sentry_sdk._compat import (
            PY2,
            PY37,  # stays
            iteritems,
            number_types,
            reraise as again,
            string_types, text_type,
        )

        def run(values, *args):
            if PY2 or not isinstance(values, string_types):
                for key, value in iteritems(values or {}):
                    yield text_type(key), isinstance(value, (bytes, number_types))
            again(*args)
        """,
        """
        from sentry_sdk._compat import (
            PY37,  # stays
        )
        from sentry_sdk.utils import reraise as again

        def run(values, *args):
            if False or not isinstance(values, (str,)):
                for key, value in (values or {}).items():
                    yield str(key), isinstance(value, (bytes, (int, float)))
            again(*args)
        """,
        *(SAFE,) * 6,
    ),
    row(
        "compat-beside-utils",
        "import-compat",
        """
        import sentry_sdk._compat
        from sentry_sdk.utils import event_from_exception
        from sentry_sdk._compat import contextmanager, reraise

        @contextmanager
        def manager():
            yield sentry_sdk._compat.text_type(1)
            reraise(*event_from_exception())
        """,
        """
        from sentry_sdk.utils import event_from_exception, reraise
        from contextlib import contextmanager

        @contextmanager
        def manager():
            yield str(1)
            reraise(*event_from_exception())
        """,
        *(SAFE, SAFE, SAFE),
    ),
    row(
        "compat-passed-on",
        "import-compat",
        """
        from sentry_sdk._compat import iteritems, text_type, utc_from_timestamp
        pairs = map(iteritems, [{}])
        text_type = text_type or str
        """,
        """
        from sentry_sdk._compat import iteritems, text_type, utc_from_timestamp
        pairs = map(iteritems, [{}])
        text_type = text_type or str
        """,
        *(None, None, None),
    ),
    row(
        "functools",
        "import-removed-modules",
        """
        import os
        from sentry_sdk._functools import partial, wraps as keeps
        from sentry_sdk.db.explain_plan.django import attach_explain_plan_to_span
        import sentry_sdk.crons._decorator

        @keeps(os.path.join)
        def run():
            return partial(run)
        """,
        """
        import os
        from functools import partial, wraps as keeps
        from sentry_sdk.db.explain_plan.django import attach_explain_plan_to_span
        import sentry_sdk.crons._decorator

        @keeps(os.path.join)
        def run():
            return partial(run)
        """,
        *(SAFE, SAFE, None, None),
    ),
    row(
        "debug-hub",
        "configure-debug-hub",
        """
        import sentry_sdk.debug as debug
        from sentry_sdk.debug import configure_debug_hub

        def one():
            configure_debug_hub()

        def two():
            print(1); configure_debug_hub(); print(2)
            print(1); debug.configure_debug_hub()
            configure_debug_hub()  # for the log

            if one: configure_debug_hub()
            return (
                2
            )

        debug.configure_debug_hub(
        )
        """,
        """
        def one():
            pass

        def two():
            print(1); print(2)
            print(1)
            # for the log

            if one: pass
            return (
                2
            )

        """,
        *(SAFE,) * 6,
    ),
    row(
        "sessions",
        "sessions-auto-tracking",
        """
        from sentry_sdk import Hub
        from sentry_sdk import sessions
        from sentry_sdk.sessions import auto_session_tracking as tracking

        async def run(hub):
            with tracking():
                pass
            with tracking(hub=Hub.current), sessions.auto_session_tracking(
                session_mode="request",  # each
            ):
                pass
            with tracking(hub):
                pass
        """,
        """
        from sentry_sdk import get_isolation_scope
        from sentry_sdk.sessions import auto_session_tracking as tracking
        from sentry_sdk.sessions import track_session

        async def run(hub):
            with track_session(get_isolation_scope()):
                pass
            with track_session(scope=get_isolation_scope()), track_session(
                get_isolation_scope(), session_mode="request",  # each
            ):
                pass
            with tracking(hub):
                pass
        """,
        *(SAFE, SAFE, SAFE, None),
    ),
    row(
        "metrics",
        "metrics-legacy",
        """
        import sentry_sdk
        from sentry_sdk import metrics
        from sentry_sdk.metrics import distribution, increment

        def run(**tags):
            increment("a")
            metrics.incr(key="a", unit="none", tags=tags)
            metrics.incr("a", 2, "none", tags)
            sentry_sdk.metrics.incr(
                "a",
                tags={"b": "c"},  # why
                stacklevel=2,
            )
            distribution("a", 1, "second", tags)
            distribution("a", 1, timestamp=0)
            metrics.set("a", "b")
            with metrics.timing("a"):
                pass
        """,
        """
        import sentry_sdk
        from sentry_sdk import metrics
        from sentry_sdk.metrics import count, distribution

        def run(**tags):
            count("a", 1.0)
            metrics.count(name="a", value=1.0, unit="none", attributes=tags)
            metrics.count("a", 2, "none", tags)
            sentry_sdk.metrics.count(
                "a", 1.0,
                attributes={"b": "c"},  # why
            )
            distribution("a", 1, "second", tags)
            distribution("a", 1, timestamp=0)
            metrics.set("a", "b")
            with metrics.timing("a"):
                pass
        """,
        *(UNSAFE,) * 4,
        *(None, None, None),
    ),
    row(
        "worker",
        "background-worker-name",
        """
        NAMES = {'raven-sentry.BackgroundWorker': 1, r"raven-sentry.BackgroundWorker": 2}
        TEXT = "wait for raven-sentry.BackgroundWorker"
        """,
        """
        NAMES = {'sentry-sdk.BackgroundWorker': 1, r"sentry-sdk.BackgroundWorker": 2}
        TEXT = "wait for raven-sentry.BackgroundWorker"
        """,
        *(SAFE, SAFE),
    ),
    row(
        "patches",
        "mock-patch-hub",
        """
        from unittest import mock
        from unittest.mock import patch
        import sentry_sdk
        from sentry_sdk import Hub

        @patch("sentry_sdk.configure_scope", autospec=True)
        @patch('app.views.sentry_sdk.push_scope')
        @mock.patch("sentry_sdk.api.push_scope")
        def test(first, second, third, monkeypatch, mocker, views):
            monkeypatch.setattr(sentry_sdk, "configure_scope", first)
            mocker.patch.object(sentry_sdk, "Hub")
            mocker.spy(Hub, "capture_event")
            mocker.patch("sentry_sdk.hub.Hub.current")
            mocker.patch("sentry_sdk.hub.init")
            mocker.patch("sentry_sdk.init")
            mocker.patch("app.views.push_scope")
            mocker.patch.object(views, "push_scope")
            print("sentry_sdk.push_scope", sentry_sdk.get_client)
        """,
        """
        from unittest import mock
        from unittest.mock import patch
        import sentry_sdk
        from sentry_sdk import Hub

        @patch("sentry_sdk.get_isolation_scope", autospec=True)
        @patch('app.views.sentry_sdk.new_scope')
        @mock.patch("sentry_sdk.api.new_scope")
        def test(first, second, third, monkeypatch, mocker, views):
            monkeypatch.setattr(sentry_sdk, "get_isolation_scope", first)
            mocker.patch.object(sentry_sdk, "Hub")
            mocker.spy(Hub, "capture_event")
            mocker.patch("sentry_sdk.hub.Hub.current")
            mocker.patch("sentry_sdk.hub.init")
            mocker.patch("sentry_sdk.init")
            mocker.patch("app.views.push_scope")
            mocker.patch.object(views, "push_scope")
            print("sentry_sdk.push_scope", sentry_sdk.get_client)
        """,
        *(UNSAFE,) * 4,
        *(None,) * 4,
    ),
]


@pytest.mark.parametrize(("rules", "before", "after", "sure"), REWRITTEN)
def test_rewritten(rules: str, before: str, after: str, sure: list[Applicability | None]) -> None:
    text, given = run(rules, before)
    assert text == after
    assert given == sure


@pytest.mark.parametrize(("rules", "before", "after", "sure"), REWRITTEN)
def test_windows_line_ends_stay(
    rules: str, before: str, after: str, sure: list[Applicability | None]
) -> None:
    text, given = run(rules, before.replace("\n", "\r\n"))
    assert text == after.replace("\n", "\r\n")
    assert given == sure


SILENT = """
import sentry_sdk
from mylib import metrics, reraise
from mylib._compat import text_type
from mylib.hub import init
from sentry_sdk.hub import Hub
from sentry_sdk._compat import PY37, with_metaclass
from sentry_sdk.profiler import ThreadScheduler
from sentry_sdk.utils import event_from_exception, qualname_from_function
from sentry_sdk.crons import monitor
from sentry_sdk.integrations.redis import RedisIntegration
try:
    from sentry_sdk.utils import reraise
except ImportError:
    from sentry_sdk._compat import reraise

init()
metrics.incr("a")
metrics.timing("a")
auto_session_tracking(Hub)
scheduler.stop_profiling()
sentry_sdk.init(auto_session_tracking=False)
"""


def test_look_alikes_are_silent() -> None:
    rules = (
        "import-hub-init import-compat import-removed-modules import-moved-misc import-profiler "
        "background-worker-name metrics-legacy configure-debug-hub sessions-auto-tracking "
        "mock-patch-hub"
    )
    assert analyze(Source(SILENT), Settings(select=tuple(rules.split()))).findings == ()


REMEDIES = [
    ("import-hub-init", "from sentry_sdk.hub import _InitGuard", "init"),
    ("import-compat", "from sentry_sdk._compat import datetime_utcnow", "timezone.utc"),
    ("import-moved-misc", "from sentry_sdk import _compat\n_compat.urlparse", "urllib"),
    ("import-removed-modules", "from sentry_sdk import _functools", "functools"),
    ("import-removed-modules", "import sentry_sdk.tracing_utils_py3 as t", "sentry_sdk.trace"),
    ("import-removed-modules", "from sentry_sdk.integrations.redis import asyncio", "Redis"),
    ("import-moved-misc", "from sentry_sdk.utils import epoch", "datetime"),
    ("import-moved-misc", "from sentry_sdk import utils\nutils.from_base64('')", "base64"),
    ("import-moved-misc", "from sentry_sdk.scope import _merge_scopes", "merges"),
    ("import-moved-misc", "from sentry_sdk.utils import _get_contextvars", "two values"),
    ("import-profiler", "from sentry_sdk.profiler import _scheduler", "transaction_profiler"),
    ("import-profiler", "from sentry_sdk.profiler import thread_sleep", "Remove"),
    ("import-moved-misc", "from sentry_sdk import profiler\nprofiler.ThreadPool", "gevent"),
    ("metrics-legacy", "from sentry_sdk.metrics import set\nset('a', 1)", "count"),
    (
        "sessions-auto-tracking",
        "from sentry_sdk import sessions\nsessions.is_auto_session_tracking_enabled()",
        "no public",
    ),
]


@pytest.mark.parametrize(("rule", "code", "words"), REMEDIES)
def test_left_to_a_person(rule: str, code: str, words: str) -> None:
    (found,) = analyze(Source(code + "\n"), Settings(select=(rule,))).findings
    assert found.fix is None
    assert words in found.remedy


@pytest.mark.parametrize(
    ("rule", "code", "version"),
    [
        ("import-moved-misc", "from sentry_sdk.utils import to_base64", (2, 68, 0)),
        ("import-removed-modules", "import sentry_sdk.db", (2, 14, 0)),
        ("import-removed-modules", "import sentry_sdk.integrations.redis.asyncio", (2, 2, 0)),
        ("import-profiler", "from sentry_sdk.profiler import _scheduler", (2, 5, 0)),
    ],
)
def test_not_yet_gone(rule: str, code: str, version: tuple[int, int, int]) -> None:
    settings = Settings(select=(rule,), sdk_version=version)
    assert analyze(Source(code + "\n"), settings).findings == ()
    assert analyze(Source(code + "\n"), Settings(select=(rule,))).findings


def test_track_session_needs_its_release() -> None:
    text = "from sentry_sdk.sessions import auto_session_tracking\nauto_session_tracking()\n"
    settings = Settings(select=("sessions-auto-tracking",), sdk_version=(2, 12, 0))
    (found,) = analyze(Source(text), settings).findings
    assert found.fix is None
    assert "track_session" in found.remedy


def test_a_package_keeps_what_it_offers() -> None:
    text = "from sentry_sdk._compat import reraise, text_type\nprint(text_type)\n"
    settings = Settings(select=("import-compat",))
    found = analyze(Source(text), settings, PurePath("app/__init__.py")).findings
    assert [one.fix is not None for one in found] == [True, False]
    assert found[0].fix is not None
    after = apply(text, found[0].fix.edits)
    assert "from sentry_sdk.utils import reraise\n" in after
    assert "from sentry_sdk._compat import text_type\n" in after


@pytest.mark.parametrize(
    ("body", "fork", "sure"),
    [
        ("scope.set_tag('a', 'b')", "new_scope", SAFE),
        ("job()", "isolation_scope", SAFE),
        ("yield job()", "new_scope", UNSAFE),
    ],
)
def test_a_patch_follows_the_code_it_tests(body: str, fork: str, sure: Applicability) -> None:
    text = (
        "from unittest import mock\nimport sentry_sdk\n"
        f"def work(job):\n    with sentry_sdk.push_scope() as scope:\n        {body}\n"
        "with mock.patch('sentry_sdk.push_scope'):\n    work(print)\n"
    )
    (found,) = analyze(Source(text), Settings(select=("mock-patch-hub",))).findings
    assert found.fix is not None
    assert found.fix.applicability is sure
    assert f"mock.patch('sentry_sdk.{fork}')" in apply(text, found.fix.edits)


def test_a_patched_name_of_the_project_is_found_with_its_reexports() -> None:
    text = "from unittest import mock\nmock.patch('app.views.push_scope')\n"
    settings = Settings(select=("mock-patch-hub",))
    names = {"app.views.push_scope": "sentry_sdk.push_scope"}
    (found,) = analyze(Source(text), settings, None, names).findings
    assert found.fix is None, "nobody knows what the module calls"
    assert found.remedy.startswith("Migrate that module first")
    moves = {"app.views.push_scope": Move("push_scope", "isolation_scope", True)}
    (found,) = analyze(Source(text), settings, None, names, moves=moves).findings
    assert found.fix is not None
    assert found.fix.applicability is Applicability.SAFE
    assert apply(text, found.fix.edits).endswith("mock.patch('app.views.isolation_scope')\n")
