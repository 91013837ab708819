"""Spans and transactions: every shape they are written in, what becomes of it, how sure that is."""

from __future__ import annotations

import pytest

from rules.table import SAFE, UNSAFE, row, run
from sentry_migrate.engine.analyze import analyze
from sentry_migrate.model import Applicability
from sentry_migrate.project.config import Settings
from sentry_migrate.text.source import Source

REWRITTEN = [
    # -- the constants of the transaction's source ---------------------------------------------
    row(
        "source-in-a-long-import",
        "transaction-source-constants",
        """
        from sentry_sdk.tracing import (
            TRANSACTION_SOURCE_CUSTOM,  # the name is ours
            Transaction,  # the class
            TRANSACTION_SOURCE_TASK,
            TRANSACTION_SOURCE_VIEW as VIEW,  # noqa: F401
        )

        def begin(kind=TRANSACTION_SOURCE_CUSTOM):
            if kind == TRANSACTION_SOURCE_TASK or kind == VIEW:
                return Transaction(name="a", source=kind)
        """,
        """
        from sentry_sdk.tracing import (
            Transaction,  # the class
        )

        def begin(kind="custom"):
            if kind == "task" or kind == "view":
                return Transaction(name="a", source=kind)
        """,
        *(SAFE, SAFE, SAFE),
    ),
    row(
        "source-through-the-module",
        "transaction-source-constants",
        """
        import sentry_sdk.tracing as t

        class Job:
            source = t.TRANSACTION_SOURCE_TASK

            async def run(self):
                return f'{t.TRANSACTION_SOURCE_URL}'
        """,
        """
        class Job:
            source = 'task'

            async def run(self):
                return f'{"url"}'
        """,
        *(SAFE, SAFE),
    ),
    row(
        "source-imported-in-a-function",
        "transaction-source-constants",
        """
        def begin(scope):
            from sentry_sdk.tracing import TRANSACTION_SOURCE_ROUTE
            scope.set_transaction_name("a", source=TRANSACTION_SOURCE_ROUTE)
        """,
        """
        def begin(scope):
            scope.set_transaction_name("a", source="route")
        """,
    ),
    row(
        "source-offered-to-others",
        "transaction-source-constants",
        """
        from sentry_sdk.tracing import TRANSACTION_SOURCE_TASK
        __all__ = ["TRANSACTION_SOURCE_TASK"]
        print(TRANSACTION_SOURCE_TASK)
        """,
        """
        from sentry_sdk.tracing import TRANSACTION_SOURCE_TASK
        __all__ = ["TRANSACTION_SOURCE_TASK"]
        print(TRANSACTION_SOURCE_TASK)
        """,
        None,
    ),
    # -- description -----------------------------------------------------------------------------
    row(
        "description-of-a-child-of-a-child",
        "span-description",
        """
        from sentry_sdk import start_transaction as begin

        with begin(name="a", description="kept") as transaction:
            with transaction.start_child(op="b", description=f"{1}") as span:
                span.start_child(description = "c", op = "d").finish()
                span.description = "kept"
        """,
        """
        from sentry_sdk import start_transaction as begin

        with begin(name="a", description="kept") as transaction:
            with transaction.start_child(op="b", name=f"{1}") as span:
                span.start_child(name = "c", op = "d").finish()
                span.description = "kept"
        """,
        *(SAFE, SAFE),
    ),
    row(
        "description-of-the-current-span",
        "span-description",
        """
        import sentry_sdk

        async def work(url, **options):
            span = sentry_sdk.get_current_span()
            if span is not None:
                with span.start_child(
                    op="http",
                    description=(
                        "GET " + url
                    ),  # what is asked for
                    **options,
                ):
                    pass
        """,
        """
        import sentry_sdk

        async def work(url, **options):
            span = sentry_sdk.get_current_span()
            if span is not None:
                with span.start_child(
                    op="http",
                    name=(
                        "GET " + url
                    ),  # what is asked for
                    **options,
                ):
                    pass
        """,
    ),
    row(
        "description-of-a-span-that-callers-give",
        "span-description",
        """
        import sentry_sdk

        def step(span, name):
            with span.start_child(op="step", description=name):
                pass

        class Steps:
            def __init__(self, span):
                self.span = span

            def run(self):
                self.span.start_child(op="run", description="a").finish()

        def main():
            with sentry_sdk.start_transaction(name="main") as transaction:
                step(transaction, "a")
                step(name="b", span=transaction.start_child(op="b"))
                Steps(transaction).run()
        """,
        """
        import sentry_sdk

        def step(span, name):
            with span.start_child(op="step", name=name):
                pass

        class Steps:
            def __init__(self, span):
                self.span = span

            def run(self):
                self.span.start_child(op="run", name="a").finish()

        def main():
            with sentry_sdk.start_transaction(name="main") as transaction:
                step(transaction, "a")
                step(name="b", span=transaction.start_child(op="b"))
                Steps(transaction).run()
        """,
        *(UNSAFE, UNSAFE),
    ),
    row(
        "description-in-a-dictionary",
        "span-description",
        """
        from sentry_sdk.tracing import Span
        span = Span(**{"op": "a", 'description': "b"})
        other = Span(**dict(op="a", description="b"))
        """,
        """
        from sentry_sdk.tracing import Span
        span = Span(**{"op": "a", 'name': "b"})
        other = Span(**dict(op="a", name="b"))
        """,
        *(SAFE, SAFE),
    ),
    row(
        "description-of-a-new-span",
        "span-description new-span",
        """
        import sentry_sdk
        with sentry_sdk.start_span(op="a") as span:
            span.new_span(op="b", description="c").finish()
        """,
        """
        import sentry_sdk
        with sentry_sdk.start_span(op="a") as span:
            span.start_child(op="b", name="c").finish()
        """,
        *(SAFE, SAFE),
    ),
    # -- arguments of start_span() ---------------------------------------------------------------
    row(
        "transaction-of-a-format",
        "start-span-legacy-args span-description",
        """
        from sentry_sdk import start_span
        def run(job):
            with start_span(
                op="job",
                transaction="job %s" % job,  # shown in lists
                description="kept",
            ) as span:
                span.set_tag("a", "b")
        """,
        """
        from sentry_sdk import start_transaction
        def run(job):
            with start_transaction(
                op="job",
                name="job %s" % job,  # shown in lists
                description="kept",
            ) as span:
                span.set_tag("a", "b")
        """,
    ),
    row(
        "transaction-object-in-a-variable",
        "start-span-legacy-args",
        """
        import sentry_sdk as sdk
        from sentry_sdk.tracing import Transaction
        def run(headers):
            transaction = Transaction.continue_from_headers(headers, name="a")
            with sdk.start_span(span=transaction, custom_sampling_context={"a": 1}):
                pass
        """,
        """
        import sentry_sdk as sdk
        from sentry_sdk.tracing import Transaction
        def run(headers):
            transaction = Transaction.continue_from_headers(headers, name="a")
            with sdk.start_transaction(
                transaction=transaction, custom_sampling_context={"a": 1}
            ):
                pass
        """,
    ),
    row(
        "span-none",
        "start-span-legacy-args",
        """
        import sentry_sdk
        sentry_sdk.start_span(None, op="a")
        sentry_sdk.start_span(op="a", span=None)
        """,
        """
        import sentry_sdk
        sentry_sdk.start_span(op="a")
        sentry_sdk.start_span(op="a")
        """,
        *(SAFE, SAFE),
    ),
    row(
        "current-span-given-back",
        "start-span-legacy-args",
        """
        import sentry_sdk
        with sentry_sdk.start_span(sentry_sdk.get_current_span(), op="a"):
            pass
        """,
        """
        import sentry_sdk
        with sentry_sdk.start_span(sentry_sdk.get_current_span(), op="a"):
            pass
        """,
        None,
    ),
    row(
        "span-constructor",
        "span-ctor-transaction",
        """
        import sentry_sdk.tracing
        from sentry_sdk import tracing as t
        a = sentry_sdk.tracing.Span(op="a", transaction="b")
        b = t.Span(transaction="b")
        """,
        """
        import sentry_sdk.tracing
        from sentry_sdk import tracing as t
        a = sentry_sdk.tracing.Transaction(op="a", name="b")
        b = t.Transaction(name="b")
        """,
        *(SAFE, SAFE),
    ),
    # -- hubs ------------------------------------------------------------------------------------
    row(
        "hub-in-every-place",
        "span-hub-kwarg",
        """
        from sentry_sdk import Hub, start_span, start_transaction
        from sentry_sdk.tracing import Span, Transaction

        def run():
            hub = Hub.current
            start_span(hub=hub)
            start_span(hub=hub, op="a")
            start_span(op="a", hub=hub,)
            start_span(
                op="a",  # stays
                # so does this
                hub=hub,  # noqa
            )
            start_span(
                op="a",
                hub=hub,  # stays too
            )
            start_span(op="a",
                       hub=hub)
            Span(
                hub=hub,
                op="a")
            Transaction(name="a", hub=hub, **{}).start_child(hub=None)
            start_transaction(hub=(hub))
        """,
        """
        from sentry_sdk import Hub, start_span, start_transaction
        from sentry_sdk.tracing import Span, Transaction

        def run():
            hub = Hub.current
            start_span()
            start_span(op="a")
            start_span(op="a",)
            start_span(
                op="a",  # stays
                # so does this
            )
            start_span(
                op="a",
                # stays too
            )
            start_span(op="a")
            Span(
                op="a")
            Transaction(name="a", **{}).start_child()
            start_transaction()
        """,
        *(SAFE,) * 10,
    ),
    row(
        "hub-of-someone-else",
        "span-hub-kwarg finish-hub get-current-span-hub",
        """
        import sentry_sdk
        HUB = sentry_sdk.Hub.current
        def run(hub):
            span = sentry_sdk.start_span(op="a", hub=HUB)
            sentry_sdk.get_current_span(hub=hub)
            span.finish(hub=hub)
        """,
        """
        import sentry_sdk
        HUB = sentry_sdk.Hub.current
        def run(hub):
            span = sentry_sdk.start_span(op="a", hub=HUB)
            sentry_sdk.get_current_span(hub=hub)
            span.finish(hub=hub)
        """,
        *(None, None, None),
    ),
    row(
        "finish-with-a-time",
        "finish-hub",
        """
        import sentry_sdk
        from sentry_sdk import Hub
        def run(end):
            span = sentry_sdk.start_span(op="a")
            span.finish(Hub.current)
            span.finish(hub=Hub.current, end_timestamp=end)
            span.finish(Hub.current, end_timestamp=end)
            span.finish(Hub.current, end)
            span.finish(None, end)
            span.finish(None)
            sentry_sdk.start_transaction(name="a").finish(hub=None)
        """,
        """
        import sentry_sdk
        def run(end):
            span = sentry_sdk.start_span(op="a")
            span.finish()
            span.finish(end_timestamp=end)
            span.finish(end_timestamp=end)
            span.finish(end_timestamp=end)
            span.finish(None, end)
            span.finish(None)
            sentry_sdk.start_transaction(name="a").finish()
        """,
        *(SAFE,) * 5,
    ),
    row(
        "get-current-span",
        "get-current-span-hub",
        """
        from sentry_sdk import Hub, get_current_span
        from sentry_sdk.api import get_current_span as other
        print(get_current_span(hub=Hub.current), other(Hub.current), get_current_span(hub=None))
        """,
        """
        from sentry_sdk import get_current_span
        from sentry_sdk.api import get_current_span as other
        print(get_current_span(), other(), get_current_span())
        """,
        *(SAFE, SAFE, SAFE),
    ),
    row(
        "helpers-of-tracing",
        "tracing-utils-hub-params",
        """
        from sentry_sdk import Hub
        from sentry_sdk.tracing_utils import add_query_source, should_propagate_trace
        from sentry_sdk.utils import is_sentry_url

        def run(span, url):
            add_query_source(hub=Hub.current, span=span)
            return should_propagate_trace(Hub.current, url) and is_sentry_url(hub=Hub.current, url=url)
        """,
        """
        from sentry_sdk import get_client
        from sentry_sdk.tracing_utils import add_query_source, should_propagate_trace
        from sentry_sdk.utils import is_sentry_url

        def run(span, url):
            add_query_source(span=span)
            return should_propagate_trace(get_client(), url) and is_sentry_url(client=get_client(), url=url)
        """,
        *(SAFE, SAFE, SAFE),
    ),
    # -- the rest ----------------------------------------------------------------------------------
    row(
        "decorator-in-a-class",
        "trace-decorator-internals",
        """
        from sentry_sdk import tracing_utils_py3
        from sentry_sdk.tracing_utils_py3 import start_child_span_decorator

        class Job:
            @start_child_span_decorator
            async def run(self):
                return tracing_utils_py3.start_child_span_decorator(self.run)
        """,
        """
        from sentry_sdk import trace

        class Job:
            @trace
            async def run(self):
                return trace(self.run)
        """,
        *(SAFE, SAFE),
    ),
    row(
        "decorator-where-the-name-is-taken",
        "trace-decorator-internals",
        """
        import sentry_sdk
        from sentry_sdk.tracing_utils_py3 import start_child_span_decorator

        def trace(function):
            return start_child_span_decorator(function)
        """,
        """
        import sentry_sdk

        def trace(function):
            return sentry_sdk.trace(function)
        """,
    ),
    row(
        "measurement",
        "set-measurement",
        """
        from sentry_sdk import get_current_span, set_measurement, start_transaction

        class Job:
            def run(self, transaction):
                if self:
                    set_measurement("a", 1.0, "second")  # how long
                get_current_span().set_measurement(unit="byte", name="b", value=2)
                values = [set_measurement("c", 3)]
        """,
        """
        from sentry_sdk import (
            get_current_scope,
            get_current_span,
            set_measurement,
            start_transaction,
        )

        class Job:
            def run(self, transaction):
                if self:
                    sentry_transaction = get_current_scope().transaction
                    if sentry_transaction is not None:
                        sentry_transaction.set_data("a", 1.0)  # how long
                get_current_span().set_data(key="b", value=2)
                values = [set_measurement("c", 3)]
        """,
        *(UNSAFE, UNSAFE, None),
    ),
    row(
        "continued-traces",
        "continue-from-headers",
        """
        import sentry_sdk
        from sentry_sdk.tracing import Span, Transaction
        a = Transaction.continue_from_environ(environ={}, op="a", name="b", source="url")
        b = Span.continue_from_headers({}, name="b")
        c = Transaction.continue_from_headers({}, **a)
        """,
        """
        import sentry_sdk
        from sentry_sdk import continue_trace
        from sentry_sdk.tracing import Transaction
        a = continue_trace(environ_or_headers={}, op="a", name="b", source="url")
        b = continue_trace({}, name="b")
        c = Transaction.continue_from_headers({}, **a)
        """,
        *(UNSAFE, UNSAFE, None),
    ),
    row(
        "operations",
        "consts-op",
        """
        from sentry_sdk import consts, start_span
        start_span(op=consts.OP.OPENAI_EMBEDDINGS_CREATE)
        start_span(op=consts.OP.DB)
        """,
        """
        from sentry_sdk import consts, start_span
        start_span(op="ai.embeddings.create.openai")
        start_span(op=consts.OP.DB)
        """,
        UNSAFE,
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
from mylib import Span, start_span, tracer

class Tracer:
    def new_span(self, description, hub=None):
        return self

def run(span, transaction, hub, start_transaction):
    start_span(description="a", hub=hub, transaction="b")
    tracer.new_span(description="a", hub=hub)
    Tracer().new_span("a").finish(hub)
    Span(transaction="a", hub=hub)
    span.start_child(description="a", hub=hub)
    span.finish(hub)
    span.hub.client.flush()
    transaction.set_measurement("a", 1)
    start_transaction(hub=hub, description="a")
    sentry_sdk.start_transaction(name="a", description="b")
    sentry_sdk.capture_message("a", description="b")
    sentry_sdk.get_current_span(span)
    OP.CACHE_GET_ITEM
"""


def test_look_alikes_are_silent() -> None:
    settings = Settings(select=("SEN4",))
    assert analyze(Source(SILENT), settings).findings == ()


def test_code_for_both_versions_is_silent() -> None:
    text = (
        "import sentry_sdk\n"
        "if sentry_sdk.VERSION.startswith('1.'):\n"
        "    span = sentry_sdk.start_span(description='a')\n"
        "else:\n"
        "    span = sentry_sdk.start_span(name='a')\n"
    )
    assert analyze(Source(text), Settings(select=("SEN4",))).findings == ()


@pytest.mark.parametrize(
    ("rule", "version", "found"),
    [("span-description", (2, 14, 0), False), ("span-description", (2, 15, 0), True)],
)
def test_first_version(rule: str, version: tuple[int, int, int], found: bool) -> None:
    text = "import sentry_sdk\nsentry_sdk.start_span(description='a')\n"
    settings = Settings(select=(rule,), sdk_version=version)
    assert [one.name for one in analyze(Source(text), settings).findings] == [rule] * found


GIVEN = {
    "a parameter that nobody gives": ("", False),
    "a text": ("f('SELECT')", False),
    "an empty text": ("f('')", True),
    "an empty text by name": ("f(sql='')", True),
    "one of two": ("f('a')\nf('')", True),
    "what may be empty": ("f(x or '')", True),
    "another parameter": ("f('a', '')", False),
    "another function": ("g('')", False),
    "a number": ("f(1)", False),
    "zero": ("f(0)", True),
}


@pytest.mark.parametrize(("calls", "empty"), GIVEN.values(), ids=GIVEN)
def test_a_description_that_is_passed_in(calls: str, empty: bool) -> None:
    text = f"import sentry_sdk\ndef f(sql, b=1):\n    sentry_sdk.start_span(description=sql)\n{calls}\n"
    (finding,) = analyze(Source(text), Settings(select=("SEN4",))).findings
    assert finding.fix is not None
    assert (finding.fix.applicability is Applicability.UNSAFE) is empty


PASSED_ON = {
    "by keywords": ("def span(**kw): return start_span(op='x', **kw)\nspan(description='d')", 1),
    "by keywords, twice": (
        "def span(op, **kw): return start_span(op=op, **kw)\n"
        "span('a', description='d')\nspan('b', description='e')",
        2,
    ),
    "by partial()": ("from functools import partial\nspan = partial(start_span, op='x')\nspan(description='d')", 1),
    "in partial()": ("import functools\nspan = functools.partial(start_span, description='d')", 1),
    "by partial() at once": ("import functools\nfunctools.partial(start_span)(description='d')", 1),
    "a dictionary that is made by a call": ("KW = dict(op='x', description='d')\ndef f(): start_span(**KW)", 1),
    "nothing": ("def span(**kw): return start_span(op='x', **kw)\nspan(op='d')", 0),
    "another function": ("def span(**kw): return start_span(op='x', **kw)\nother(description='d')", 0),
    "a parameter of its own": ("def span(description, **kw): return start_span(**kw)\nspan(description='d')", 0),
    "beside a name": ("def span(**kw): return start_span(name='x', **kw)\nspan(description='d')", 0),
    "beside a name of its own": ("def span(name, **kw): return start_span(**kw)\nspan('a', description='d')", 0),
    "what is looked at": ("def span(**kw):\n    print(kw)\n    return start_span(**kw)\nspan(description='d')", 0),
    "by keywords that are others": ("def span(**kw): return start_span(**other)\nspan(description='d')", 0),
    "a decorated function": ("@other\ndef span(**kw): return start_span(**kw)\nspan(description='d')", 0),
    "a transaction": ("def span(**kw): return start_span(**kw)\nspan(transaction='t', description='d')", 0),
    "another partial()": ("partial = other\nspan = partial(start_span)\nspan(description='d')", 0),
    "what is given to partial()": ("import functools\nspan = functools.partial(other, start_span, description='d')", 0),
    "a dictionary that others read": ("KW = dict(description='d')\nprint(KW)\ndef f(): start_span(**KW)", 0),
}  # fmt: skip


@pytest.mark.parametrize(("code", "renamed"), PASSED_ON.values(), ids=PASSED_ON)
def test_a_description_that_is_passed_on(code: str, renamed: int) -> None:
    text = f"from sentry_sdk import start_span\n{code}\n"
    found = analyze(Source(text), Settings(select=("span-description",))).findings
    fixes = [one.fix for one in found if one.fix is not None]
    assert len(found) == len(fixes) == bool(renamed)
    assert all(one.applicability is Applicability.SAFE for one in fixes)
    assert sum(len(one.edits) for one in fixes) == renamed


TEXTS = {
    "sql": False,
    "f'{op} {sql}'": False,
    "f'{sql}'": False,
    "f'{sql.strip()}'": True,
    "sql.strip()": True,
    "' '.join(sql)": True,
    "sql.upper()": False,
    "sql.get('a')": False,
    "sql.get('a', '')": True,
    "str(sql)": False,
    "str()": True,
}


@pytest.mark.parametrize(("value", "empty"), TEXTS.items())
def test_a_description_that_is_worked_out(value: str, empty: bool) -> None:
    text = f"import sentry_sdk\ndef f(sql, op):\n    sentry_sdk.start_span(description={value})\n"
    (finding,) = analyze(Source(text), Settings(select=("SEN4",))).findings
    assert finding.fix is not None
    assert (finding.fix.applicability is Applicability.UNSAFE) is empty


HELD = {
    "for t in ('a', ''): start_span(description=t)": True,
    "x = ['a', '']\nfor t in x: start_span(description=t)": True,
    "for o, t in [('a', ''), ('b', 'c')]: start_span(description=t)": True,
    "for o, t in {'a': ''}.items(): start_span(description=t)": True,
    "x = {'a': ''}\nfor t in x.values(): start_span(description=t)": True,
    "for t in {'': 1}: start_span(description=t)": True,
    "o, t = 'a', ''\nstart_span(description=t)": True,
    "class C:\n    t = ''\n    def f(self): start_span(description=self.t)": True,
    "class C:\n    t: str = ''\n    def f(self): start_span(description=self.t)": True,
    "class C:\n    def f(self, t):\n        self.t = t or ''\n        start_span(description=self.t)": True,
    "x.t = ''\nstart_span(description=x.t)": True,
    "for t in ('a', 'b'): start_span(description=t)": False,
    "for t in load(): start_span(description=t)": False,
    "for t in x: start_span(description=t)": False,
    "for o, t in [('', 'a')]: start_span(description=t)": False,
    "for o, t in [('',)]: start_span(description=t)": False,
    "for o, t in {'': 'a'}.items(): start_span(description=t)": False,
    "for t in {'': 'a'}.values(): start_span(description=t)": False,
    "for t in {'a': ''}: start_span(description=t)": False,
    "o, t = '', 'a'\nstart_span(description=t)": False,
    "o, t = load('')\nstart_span(description=t)": False,
    "class C:\n    t = 'a'\n    def f(self): start_span(description=self.t)": False,
    "class C:\n    s = ''\n    def f(self): start_span(description=self.t)": False,
    "class C:\n    t: str\n    def f(self): start_span(description=self.t)": False,
    "x.s = ''\nstart_span(description=x.t)": False,
    "t = ''\nstart_span(description=x.t)": False,
    "for t in ('',): pass\nfor s in ('a',): start_span(description=s)": False,
}


@pytest.mark.parametrize(("code", "empty"), HELD.items())
def test_a_description_that_is_held(code: str, empty: bool) -> None:
    text = f"from sentry_sdk import start_span\n{code}\n"
    (finding,) = analyze(Source(text), Settings(select=("SEN4",))).findings
    assert finding.fix is not None
    assert (finding.fix.applicability is Applicability.UNSAFE) is empty


METHODS = {
    "C().f('')": True,
    "c.f(sql='')": True,
    "c.f('a')": False,
    "c.f('a', '')": False,
    "c.g('')": False,
    "f('')": False,
}


@pytest.mark.parametrize(("calls", "empty"), METHODS.items())
def test_a_description_that_a_method_gets(calls: str, empty: bool) -> None:
    text = (
        "import sentry_sdk\nclass C:\n    def f(self, sql, b=1):\n"
        f"        sentry_sdk.start_span(description=sql)\n{calls}\n"
    )
    (finding,) = analyze(Source(text), Settings(select=("SEN4",))).findings
    assert finding.fix is not None
    assert (finding.fix.applicability is Applicability.UNSAFE) is empty


# what a file does with a function of a parameter `span`: whether that is known to be one
GIVEN_SPANS = {
    "f(t)": True,
    "f(span=t)": True,
    "f(t)\nf(t.start_child(op='a'))": True,
    "": False,
    "f(t)\nf(other)": False,
    "f(t)\nprint(f)": False,
    "f(*[t])": False,
    "f(None)": False,
    "f('t')": False,
    "f(sentry_sdk.Hub.current.scope)": False,
    "g = f\ng(t)": False,
}


@pytest.mark.parametrize("params", ["span", "*span", "**span"])
@pytest.mark.parametrize(("uses", "known"), GIVEN_SPANS.items())
def test_spans_that_callers_give(params: str, uses: str, known: bool) -> None:
    text = (
        f"import sentry_sdk\ndef f({params}):\n    span.start_child(op='a', description='b')\n"
        f"t = sentry_sdk.start_transaction(name='a')\n{uses}\n"
    )
    found = analyze(Source(text), Settings(select=("span-description",))).findings
    assert len(found) == (known and params == "span")
    assert all(one.fix and one.fix.applicability is Applicability.UNSAFE for one in found)


# what: the code, and how often it takes or patches what the class no longer has
OF_THE_CLASS = {
    "a patch": ("Span.new_span = print\n", 1),
    "a patch of a transaction": ("Transaction.new_span = print\n", 1),
    "by modules": ("import sentry_sdk\nsentry_sdk.tracing.Span.new_span = print\n", 1),
    "by an alias": ("import sentry_sdk.tracing as t\nt.Span.new_span = print\n", 1),
    "what was there before": ("old = Span.new_span\n", 1),
    "by setattr": ("setattr(Span, 'new_span', print)\n", 1),
    "by a mock": ("from unittest import mock\nmock.patch.object(Span, 'new_span')\n", 1),
    "by a mock's path": ("mock.patch('sentry_sdk.tracing.Span.new_span')\n", 1),
    "a mock of another member": ("mock.patch.object(Span, 'start_child')\n", 0),
    "a mock of another class": ("mock.patch('mylib.Span.new_span')\n", 0),
    "another member": ("Span.start_child = print\n", 0),
    "a class of the project": ("class A:\n    pass\nA.new_span = print\n", 0),
    "a class that hides it": ("class Span:\n    pass\nSpan.new_span = print\n", 0),
    "another package's": ("from mylib import Span\nSpan.new_span = print\n", 0),
    "an unknown object": ("def f(span):\n    span.new_span = print\n", 0),
    "the class itself": ("new_span = Span\n", 0),
}


@pytest.mark.parametrize(("code", "number"), OF_THE_CLASS.values(), ids=OF_THE_CLASS)
def test_new_span_of_the_class(code: str, number: int) -> None:
    text = f"from sentry_sdk.tracing import Span, Transaction\n{code}"
    found = analyze(Source(text), Settings()).findings
    assert sum(one.name == "new-span" for one in found) == number
