"""Members of scopes: every shape they are written in, what becomes of it, how sure that is."""

from __future__ import annotations

import pytest

from rules.table import SAFE, UNSAFE, row, run
from sentry_migrate.engine.analyze import analyze
from sentry_migrate.model import Applicability, Severity
from sentry_migrate.project.config import Settings, Version
from sentry_migrate.text.source import Source

REWRITTEN = [
    row(
        "user-in-every-form",
        "scope-user-setter",
        """
        from sentry_sdk import Hub, Scope, configure_scope as cs, push_scope

        def run(scope: Scope, user):
            scope.user = user
            scope.user = None; print(scope)
            scope.user = 1, 2
            scope.user = (1, 2)
            scope.user = ({"id": 1})
            scope.user = \\
                {"id": 1}
            scope.user = {
                "id": 1,  # the id
            }
            scope.user = (
                # who
                {"id": 1}
            )
            scope.user = lambda: 1
            scope . user=user if user else None
            Hub.current.scope.user = yield
            with cs() as other, push_scope() as third:
                other.user = third.user = user
                third.user = (yield user)
        """,
        """
        from sentry_sdk import Hub, Scope, configure_scope as cs, push_scope

        def run(scope: Scope, user):
            scope.set_user(user)
            scope.set_user(None); print(scope)
            scope.set_user((1, 2))
            scope.set_user((1, 2))
            scope.set_user({"id": 1})
            scope.set_user({"id": 1})
            scope.set_user({
                "id": 1,  # the id
            })
            scope.set_user(
                # who
                {"id": 1}
            )
            scope.set_user(lambda: 1)
            scope . set_user(user if user else None)
            Hub.current.scope.set_user((yield))
            with cs() as other, push_scope() as third:
                other.user = third.user = user
                third.set_user((yield user))
        """,
        *(SAFE,) * 11,
        *(None, None),
        SAFE,
    ),
    row(
        "level-of-a-kept-scope",
        "scope-level-setter",
        """
        import sentry_sdk

        class Job:
            def __init__(self):
                self.scope = sentry_sdk.Scope()

            async def run(self):
                self.scope.level = "info"
                self.level = "info"
                print(self.scope.level)
        """,
        """
        import sentry_sdk

        class Job:
            def __init__(self):
                self.scope = sentry_sdk.Scope()

            async def run(self):
                self.scope.set_level("info")
                self.level = "info"
                print(self.scope.level)
        """,
    ),
    row(
        "transaction-and-nothing-else",
        "scope-transaction-setter configure-scope-with",
        """
        import sentry_sdk
        def view(name):
            with sentry_sdk.configure_scope() as scope:
                # rename
                scope.transaction = "x"
                if name:
                    scope.transaction = name
        """,
        """
        import sentry_sdk
        def view(name):
            scope = sentry_sdk.get_current_scope()
            # rename
            scope.set_transaction_name("x")
            if name:
                scope.set_transaction_name(name)
        """,
        *(SAFE, SAFE, SAFE),
    ),
    row(
        "transaction-among-others",
        "scope-transaction-setter configure-scope-with push-scope-with",
        """
        from sentry_sdk import configure_scope, push_scope
        def view(name, job):
            with configure_scope() as scope:
                scope.set_tag("a", "b")
                scope.transaction = name
            with push_scope() as pushed:
                pushed.transaction = name
                job()
        """,
        """
        from sentry_sdk import get_current_scope, get_isolation_scope, isolation_scope
        def view(name, job):
            scope = get_isolation_scope()
            scope.set_tag("a", "b")
            get_current_scope().set_transaction_name(name)
            with isolation_scope():
                get_current_scope().set_transaction_name(name)
                job()
        """,
        *(SAFE,) * 4,
    ),
    row(
        "transaction-of-a-new-scope",
        "scope-transaction-setter",
        """
        import sentry_sdk
        def report(event):
            with sentry_sdk.push_scope() as scope:
                scope.transaction = "x"
                sentry_sdk.capture_event(event)
        """,
        """
        import sentry_sdk
        def report(event):
            with sentry_sdk.new_scope() as scope:
                scope.set_transaction_name("x")
                sentry_sdk.capture_event(event)
        """,
    ),
    row(
        "transaction-of-a-hub-alone",
        "scope-transaction-setter",
        """
        from sentry_sdk import Hub
        def view(name):
            Hub.current.scope.transaction = name
        """,
        """
        from sentry_sdk import get_current_scope
        def view(name):
            get_current_scope().set_transaction_name(name)
        """,
        SAFE,
    ),
    row(
        "transaction-of-a-hub",
        "scope-transaction-setter",
        """
        from sentry_sdk import Hub
        def view(name):
            Hub.current.scope.transaction = name
            Hub.current.scope.transaction = other = name
        """,
        """
        from sentry_sdk import Hub, get_current_scope
        def view(name):
            get_current_scope().set_transaction_name(name)
            Hub.current.scope.transaction = other = name
        """,
        *(UNSAFE, None),  # the name that stays would be overridden
    ),
    row(
        "transaction-of-the-isolation-scope",
        "scope-transaction-setter",
        """
        import sentry_sdk
        sentry_sdk.get_isolation_scope().transaction = "a"
        sentry_sdk.get_current_scope().transaction = "a"
        """,
        """
        import sentry_sdk
        sentry_sdk.get_current_scope().set_transaction_name("a")
        sentry_sdk.get_current_scope().set_transaction_name("a")
        """,
        *(UNSAFE, SAFE),
    ),
    row(
        "client-given",
        "scope-capture-client-arg",
        """
        from sentry_sdk import Client, Hub, Scope, push_scope

        def run(event, hint):
            hub = Hub.current
            hub.scope.capture_event(event, hint, hub.client)
            hub.scope.capture_exception(
                event,
                client=hub.client,
            )
            hub.scope.add_breadcrumb(message="a", client=hub.client)
            with push_scope() as scope:
                scope.capture_message("a", "info", Hub.current.client)
                scope.capture_message("a", client=Client())
                scope.capture_message("a", "info", scope)
        """,
        """
        from sentry_sdk import Hub, Scope, push_scope

        def run(event, hint):
            hub = Hub.current
            hub.scope.capture_event(event, hint)
            hub.scope.capture_exception(
                event,
            )
            hub.scope.add_breadcrumb(message="a")
            with push_scope() as scope:
                scope.capture_message("a", "info")
                scope.capture_message("a")
                scope.capture_message("a", "info", scope)
        """,
        *(SAFE, SAFE, SAFE, SAFE, UNSAFE),
    ),
    row(
        "client-given-to-a-scope-of-ones-own",
        "scope-capture-client-arg",
        """
        from sentry_sdk import Scope
        def run(event, client):
            scope = Scope()
            scope.capture_event(hint={"a": 1}, event=event, client=client)
            scope.capture_message("a", client=client)
        """,
        """
        from sentry_sdk import Scope
        def run(event, client):
            scope = Scope()
            client.capture_event(event=event, hint={"a": 1}, scope=scope)
            scope.capture_message("a")
        """,
        *(UNSAFE, UNSAFE),
    ),
    row(
        "propagation-context",
        "scope-propagation-context",
        """
        import sentry_sdk
        def run(key):
            scope = sentry_sdk.Hub.current.scope
            a = scope._propagation_context["trace_id"].upper()
            b = scope._propagation_context.get("span_id")
            c = scope._propagation_context[key]
            d = scope._propagation_context.trace_id
        """,
        """
        import sentry_sdk
        def run(key):
            scope = sentry_sdk.Hub.current.scope
            a = scope._propagation_context.trace_id.upper()
            b = scope._propagation_context.span_id
            c = scope._propagation_context[key]
            d = scope._propagation_context.trace_id
        """,
        *(UNSAFE, UNSAFE, None),
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


MEMBERS = (
    "scope-user-setter scope-level-setter scope-transaction-setter scope-fingerprint-setter "
    "scope-capture-client-arg scope-capture-without-client scope-propagation-context "
    "user-segment last-event-id-of-a-scope fastapi-yield-dependency-scope"
)

SILENT = """
import sentry_sdk
from mylib import scope as project_scope, last_event_id, set_user

def run(scope, request, stream, client):
    scope.user = scope.level = scope.transaction = None
    request.user = scope.fingerprint = 1
    project_scope.user = 1
    scope.capture_event({}, client=client)
    scope._propagation_context["trace_id"]
    set_user({"segment": "a"})
    sentry_sdk.set_user({"id": 1})
    last_event_id()
    stream.last_event_id()
    with sentry_sdk.push_scope() as pushed:
        pushed.set_user({"id": 1})
        pushed.set_level("info")
        print(pushed.transaction)
"""


def test_look_alikes_are_silent() -> None:
    assert analyze(Source(SILENT), Settings(select=tuple(MEMBERS.split()))).findings == ()


@pytest.mark.parametrize("rule", ["scope-user-setter", "scope-level-setter"])
def test_one_edit_leaves_the_rest_alone(rule: str) -> None:
    name = rule.split("-")[1]
    text = f"import sentry_sdk\nwith sentry_sdk.push_scope() as s:\n    s.{name} = 'é'  # é\n"
    found = analyze(Source(text), Settings(select=(rule,))).findings[0]
    assert text[found.start : found.end] == f"s.{name}"
    assert found.fix is not None
    assert all(edit.start >= found.start for edit in found.fix.edits)


@pytest.mark.parametrize(
    ("rule", "text", "severity"),
    [
        (
            "scope-fingerprint-setter",
            "with sentry_sdk.push_scope() as s:\n    s.fingerprint = ['a']\n",
            Severity.HINT,
        ),
        (
            "user-segment",
            "with sentry_sdk.push_scope() as s:\n    s.user = dict(segment='a')\n",
            Severity.INFORMATION,
        ),
        (
            "scope-capture-without-client",
            "s = sentry_sdk.Scope()\ns.capture_message('a')\n",
            Severity.INFORMATION,
        ),
        ("last-event-id-of-a-scope", "sentry_sdk.last_event_id()\n", Severity.INFORMATION),
    ],
)
def test_told_on_request(rule: str, text: str, severity: Severity) -> None:
    code = "import sentry_sdk\n" + text
    found = analyze(Source(code), Settings(select=(rule,))).findings
    assert [(one.severity, one.fix) for one in found] == [(severity, None)]
    names = {one.name for one in analyze(Source(code), Settings()).findings}
    assert rule not in names


@pytest.mark.parametrize("version", [(2, 1, 0), (2, 3, 1)])
def test_last_event_id_does_not_work_in_the_first_releases(version: Version) -> None:
    text = "from sentry_sdk import last_event_id\nprint(last_event_id())\n"
    settings = Settings(select=("last-event-id",), sdk_version=version)
    (found,) = analyze(Source(text), settings).findings
    assert found.severity is Severity.ERROR
    assert "2.4" in found.remedy


@pytest.mark.parametrize(
    ("head", "found"),
    [
        ("def dependency():", True),
        ("async def dependency():", False),
        ("@contextmanager\ndef dependency():", False),
    ],
)
@pytest.mark.parametrize("manager", ["push_scope", "new_scope", "isolation_scope"])
def test_yield_dependency(head: str, found: bool, manager: str) -> None:
    text = (
        "from contextlib import contextmanager\nfrom fastapi import Depends\nimport sentry_sdk\n"
        f"{head}\n    with sentry_sdk.{manager}() as scope:\n        yield scope\n"
    )
    settings = Settings(select=("fastapi-yield-dependency-scope",))
    assert bool(analyze(Source(text), settings).findings) is found


@pytest.mark.parametrize(
    ("use", "becomes", "sure"),
    [
        ("scope._transaction_info", "sentry_sdk.get_current_scope()._transaction_info", SAFE),
        ("scope._transaction", "sentry_sdk.get_current_scope()._transaction", SAFE),
        ("scope._tags", "sentry_sdk.get_isolation_scope()._tags", SAFE),
        ("scope.set_tag('a', 'b')", "sentry_sdk.get_isolation_scope().set_tag('a', 'b')", SAFE),
        ("scope.clear()", "sentry_sdk.get_isolation_scope().clear()", UNSAFE),
        ("scope._session", "sentry_sdk.get_isolation_scope()._session", UNSAFE),
        ("scope._should_capture", "sentry_sdk.get_isolation_scope()._should_capture", UNSAFE),
        ("scope.get_traceparent()", "sentry_sdk.get_current_scope().get_traceparent()", UNSAFE),
        (
            "scope.apply_to_event({}, {})",
            "sentry_sdk.get_isolation_scope().apply_to_event({}, {})",
            UNSAFE,
        ),
        ("scope.no_such_member", "sentry_sdk.get_isolation_scope().no_such_member", UNSAFE),
    ],
)
def test_a_member_goes_to_the_scope_that_has_it(
    use: str, becomes: str, sure: Applicability
) -> None:
    before = "import sentry_sdk\ndef f():\n    return {}\n"
    text = before.format(use.replace("scope.", "sentry_sdk.Hub.current.scope.", 1))
    assert run("hub-scope", text) == (before.format(becomes), [sure])
