"""Spans, transactions and the helpers around them."""

from differential.program import differs, manual, safe, unsafe

TABLE = (
    # description= became name=
    safe(
        "span-description/start-span",
        "span-description",
        """
        import sentry_sdk

        with sentry_sdk.start_transaction(name="t", op="task"):
            with sentry_sdk.start_span(op="db", description="SELECT 1") as span:
                span.set_data("rows", 1)
        """,
        setup="traced",
    ),
    safe(
        "span-description/start-child",
        "span-description",
        """
        import sentry_sdk

        with sentry_sdk.start_transaction(name="t", op="task") as transaction:
            with transaction.start_child(op="a", description="first") as child:
                with child.start_child(op="b", description="second"):
                    pass
        """,
        setup="traced",
    ),
    safe(
        "span-description/attribute-stays",
        "span-description",
        """
        import sentry_sdk

        with sentry_sdk.start_transaction(name="t", op="task"):
            with sentry_sdk.start_span(op="db", description="unknown") as span:
                span.description = "SELECT 2"
        """,
        setup="traced",
    ),
    safe(
        "span-description/span-class",
        "span-description",
        """
        import sentry_sdk
        from sentry_sdk.tracing import Span

        span = Span(op="db", description="SELECT 1")
        out(span.to_json()["description"])
        """,
        setup="traced",
    ),
    safe(
        "span-description/keyword-dict",
        "span-description",
        """
        import sentry_sdk

        with sentry_sdk.start_transaction(name="t", op="task"):
            with sentry_sdk.start_span(**{"op": "db", "description": "SELECT 1"}):
                pass
        """,
        setup="traced",
    ),
    safe(
        "span-description/from-import",
        "span-description",
        """
        from sentry_sdk import start_span, start_transaction

        def query(text):
            with start_span(
                op="db",
                description=text,  # shown in the waterfall
            ):
                return text

        with start_transaction(name="t", op="task"):
            out(query("SELECT 1"))
        """,
        setup="traced",
    ),
    safe(
        "span-description/current-span",
        "span-description",
        """
        import sentry_sdk

        with sentry_sdk.start_transaction(name="t", op="task"):
            parent = sentry_sdk.get_current_span()
            if parent is not None:
                with parent.start_child(op="a", description="child"):
                    pass
        """,
        setup="traced",
    ),
    # measurements
    differs(
        "measurement/top-level",
        "set-measurement",
        """
        import sentry_sdk

        with sentry_sdk.start_transaction(name="t", op="task"):
            sentry_sdk.set_measurement("memory", 12, "megabyte")
        """,
        setup="traced",
        differs="measurements",
    ),
    differs(
        "measurement/transaction",
        "set-measurement",
        """
        import sentry_sdk

        with sentry_sdk.start_transaction(name="t", op="task") as transaction:
            transaction.set_measurement("memory", 12, "megabyte")
        """,
        setup="traced",
        differs="measurements",
    ),
    # continuing a trace
    unsafe(
        "continue-trace/from-headers",
        "continue-from-headers",
        """
        import sentry_sdk
        from sentry_sdk.tracing import Transaction

        INCOMING = {"sentry-trace": "a" * 32 + "-" + "b" * 16 + "-1"}

        def handle():
            transaction = Transaction.continue_from_headers(
                INCOMING, op="o", name="n", source="task"
            )
            with sentry_sdk.start_transaction(transaction):
                sentry_sdk.capture_message("inside")

        handle()
        """,
        setup="traced",
    ),
    unsafe(
        "continue-trace/from-environ",
        "continue-from-headers",
        """
        import sentry_sdk
        from sentry_sdk.tracing import Transaction

        ENVIRON = {"HTTP_SENTRY_TRACE": "a" * 32 + "-" + "b" * 16 + "-1"}

        def handle():
            transaction = Transaction.continue_from_environ(ENVIRON, op="o", name="n")
            with sentry_sdk.start_transaction(transaction):
                sentry_sdk.capture_message("inside")

        handle()
        """,
        setup="traced",
    ),
    # hub arguments
    safe(
        "span-hub/keyword",
        "span-hub-kwarg",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        with sentry_sdk.start_transaction(name="t", op="task", hub=Hub.current):
            with sentry_sdk.start_span(op="step", hub=Hub.current):
                sentry_sdk.capture_message("inside")
        """,
        setup="traced",
        note="With hub= the event names the wrong span in 2.x.",
    ),
    safe(
        "span-hub/keyword-of-the-class",
        "span-hub-kwarg",
        """
        import sentry_sdk
        from sentry_sdk import Hub
        from sentry_sdk.tracing import Transaction

        def run():
            with sentry_sdk.start_transaction(Transaction(name="t", op="task", hub=Hub.current)):
                sentry_sdk.capture_message("inside")

        run()
        """,
        setup="traced",
    ),
    safe(
        "span-hub/keyword-with-the-hub-of-the-caller",
        "span-hub-kwarg",
        """
        import sentry_sdk

        def run(hub):
            with sentry_sdk.start_transaction(name="t", op="task", hub=hub):
                sentry_sdk.capture_message("inside")

        run(sentry_sdk.Hub.current)
        """,
        setup="traced",
    ),
    manual(
        "span-hub/keyword-with-another-hub",
        "span-hub-kwarg",
        """
        import sentry_sdk

        def run(hub):
            with sentry_sdk.start_transaction(name="t", op="task", hub=hub):
                sentry_sdk.capture_message("inside")

        for function in [run]:
            function(sentry_sdk.Hub.current)
        """,
        setup="traced",
        leaves=("hub-capture",),
    ),
    safe(
        "finish/transaction-keyword",
        "finish-hub",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        transaction = sentry_sdk.start_transaction(name="t", op="task")
        transaction.finish(hub=Hub.current)
        """,
        setup="traced",
    ),
    safe(
        "finish/transaction-positional",
        "finish-hub",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        def run():
            transaction = sentry_sdk.start_transaction(name="t", op="task")
            out(transaction.finish(Hub.current) is not None)

        run()
        """,
        setup="traced",
    ),
    safe(
        "finish/span",
        "finish-hub",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        with sentry_sdk.start_transaction(name="t", op="task"):
            span = sentry_sdk.start_span(op="step")
            span.finish(Hub.current)
            other = sentry_sdk.start_span(op="other")
            other.finish(hub=Hub.current)
        """,
        setup="traced",
    ),
    safe(
        "get-current-span/hub-positional",
        "get-current-span-hub",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        with sentry_sdk.start_transaction(name="t", op="task"):
            with sentry_sdk.start_span(op="step"):
                sentry_sdk.get_current_span(Hub.current).set_tag("k", "v")
        """,
        setup="traced",
    ),
    safe(
        "get-current-span/hub-keyword",
        "get-current-span-hub",
        """
        from sentry_sdk import Hub, get_current_span, start_transaction

        with start_transaction(name="t", op="task"):
            get_current_span(hub=Hub.current).set_tag("k", "v")
        """,
        setup="traced",
    ),
    # arguments start_span() no longer takes
    safe(
        "start-span/transaction-name",
        "start-span-legacy-args",
        """
        import sentry_sdk

        with sentry_sdk.start_span(transaction="nightly", op="task") as span:
            span.set_tag("k", "v")
        """,
        setup="traced",
    ),
    safe(
        "start-span/transaction-object",
        "start-span-legacy-args",
        """
        import sentry_sdk
        from sentry_sdk.tracing import Transaction

        with sentry_sdk.start_span(Transaction(name="nightly", op="task")) as span:
            span.set_tag("k", "v")
        """,
        setup="traced",
    ),
    manual(
        "start-span/span-object",
        "start-span-legacy-args",
        """
        import sentry_sdk
        from sentry_sdk.tracing import Span

        def run(span):
            with sentry_sdk.start_span(span):
                sentry_sdk.capture_message("inside")

        run(Span(op="by hand"))
        """,
        setup="traced",
    ),
    safe(
        "new-span/of-a-transaction",
        "new-span",
        """
        import sentry_sdk

        with sentry_sdk.start_transaction(name="t", op="task") as transaction:
            with transaction.new_span(op="a") as span:
                with span.new_span(op="b"):
                    pass
        """,
        setup="traced",
    ),
    safe(
        "new-span/with-description",
        "new-span span-description",
        """
        import sentry_sdk

        with sentry_sdk.start_transaction(name="t", op="task") as transaction:
            with transaction.new_span(op="a", description="first"):
                pass
        """,
        setup="traced",
    ),
    safe(
        "span-class/transaction-argument",
        "span-ctor-transaction",
        """
        import sentry_sdk
        from sentry_sdk.tracing import Span

        def run():
            with sentry_sdk.start_transaction(Span(transaction="nightly", op="task")):
                sentry_sdk.capture_message("inside")

        run()
        """,
        setup="traced",
    ),
    # constants and helpers
    safe(
        "source-constants/task",
        "transaction-source-constants",
        """
        import sentry_sdk
        from sentry_sdk.tracing import TRANSACTION_SOURCE_TASK

        with sentry_sdk.start_transaction(name="t", op="task", source=TRANSACTION_SOURCE_TASK):
            pass
        """,
        setup="traced",
    ),
    safe(
        "source-constants/module-attribute",
        "transaction-source-constants",
        """
        import sentry_sdk
        import sentry_sdk.tracing

        with sentry_sdk.start_transaction(
            name="t", op="task", source=sentry_sdk.tracing.TRANSACTION_SOURCE_ROUTE
        ):
            pass
        """,
        setup="traced",
    ),
    safe(
        "source-constants/several",
        "transaction-source-constants",
        """
        from sentry_sdk import start_transaction
        from sentry_sdk.tracing import (
            TRANSACTION_SOURCE_COMPONENT,
            TRANSACTION_SOURCE_CUSTOM,
            TRANSACTION_SOURCE_URL,
            TRANSACTION_SOURCE_VIEW,
            Transaction,
        )

        SOURCES = {
            "a": TRANSACTION_SOURCE_COMPONENT,
            "b": TRANSACTION_SOURCE_CUSTOM,
            "c": TRANSACTION_SOURCE_URL,
            "d": TRANSACTION_SOURCE_VIEW,
        }

        for name, source in SOURCES.items():
            start_transaction(Transaction(name=name, op="task", source=source)).finish()
        """,
        setup="traced",
    ),
    safe(
        "trace-decorator/internal",
        "trace-decorator-internals",
        """
        import sentry_sdk
        from sentry_sdk.tracing_utils_py3 import start_child_span_decorator

        @start_child_span_decorator
        def step():
            return 3

        with sentry_sdk.start_transaction(name="t", op="task"):
            out(step())
        """,
        setup="traced",
    ),
    safe(
        "tracing-utils/record-sql-queries",
        "tracing-utils-hub-params",
        """
        import sentry_sdk
        from sentry_sdk import Hub
        from sentry_sdk.tracing_utils import record_sql_queries

        def query(cursor, text):
            with record_sql_queries(
                Hub.current, cursor, text, [1], paramstyle="format", executemany=False
            ):
                return "row"

        with sentry_sdk.start_transaction(name="t", op="task"):
            out(query(None, "SELECT %s"))
        """,
        setup="traced",
    ),
    safe(
        "tracing-utils/should-propagate-trace",
        "tracing-utils-hub-params",
        """
        from sentry_sdk import Hub
        from sentry_sdk.tracing_utils import should_propagate_trace

        def headers(url):
            return should_propagate_trace(Hub.current, url)

        out(headers("https://shop.test/"))
        """,
    ),
    safe(
        "tracing-utils/is-sentry-url",
        "tracing-utils-hub-params",
        """
        from sentry_sdk import Hub
        from sentry_sdk.utils import is_sentry_url

        def own(url):
            return is_sentry_url(Hub.current, url)

        out(own("https://shop.test/"))
        """,
    ),
    safe(
        "integrations/wsgi-capture-exception",
        "tracing-utils-hub-params",
        """
        from sentry_sdk import Hub
        from sentry_sdk.integrations.wsgi import _capture_exception

        def application(environ):
            try:
                return environ["PATH_INFO"]
            except KeyError:
                return _capture_exception(Hub.current)[0].__name__

        out(application({}))
        """,
    ),
    safe(
        "integrations/asgi-capture-exception",
        "tracing-utils-hub-params",
        """
        from sentry_sdk import Hub
        from sentry_sdk.integrations.asgi import _capture_exception

        def report(error):
            _capture_exception(Hub.current, error, mechanism_type="channels")

        try:
            {}["path"]
        except KeyError as error:
            report(error)
        """,
    ),
    safe(
        "integrations/asyncio-capture-exception",
        "tracing-utils-hub-params",
        """
        from sentry_sdk import Hub
        from sentry_sdk.integrations.asyncio import _capture_exception

        def report():
            return _capture_exception(hub=Hub.current)[0].__name__

        try:
            {}["path"]
        except KeyError:
            out(report())
        """,
    ),
    # details of scopes
    unsafe(
        "scope/propagation-context",
        "scope-propagation-context",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        def trace_id():
            return Hub.current.scope._propagation_context["trace_id"]

        out(trace_id())
        """,
    ),
    safe(
        "scope/capture-with-the-client",
        "scope-capture-client-arg hub-scope",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        def report():
            Hub.current.scope.capture_message("x", client=Hub.current.client)

        sentry_sdk.set_tag("base", "1")
        report()
        """,
    ),
    unsafe(
        "scope/capture-with-the-client-detached",
        "scope-capture-client-arg",
        """
        import sentry_sdk
        from sentry_sdk import Hub, Scope

        def report():
            scope = Scope()
            scope.set_tag("own", "1")
            scope.capture_message("x", client=Hub.current.client)

        report()
        """,
        note="Equal only as long as the other scopes are empty.",
    ),
    differs(
        "scope/capture-with-the-client-detached-among-tags",
        "scope-capture-client-arg",
        """
        import sentry_sdk
        from sentry_sdk import Hub, Scope

        def report():
            scope = Scope()
            scope.set_tag("own", "1")
            scope.capture_message("x", client=Hub.current.client)

        sentry_sdk.set_tag("base", "1")
        report()
        """,
        differs="tags",
        note="2.x merges the other scopes in.",
    ),
    manual(
        "scope/capture-without-a-client",
        "scope-capture-without-client",
        """
        from sentry_sdk import Scope

        def report():
            scope = Scope()
            return scope.capture_message("goes nowhere in 1.x")

        out(report() is None)
        """,
    ),
    manual(
        "user/segment",
        "user-segment",
        """
        import sentry_sdk

        sentry_sdk.set_user({"id": "1", "segment": "trial"})
        sentry_sdk.capture_message("x")
        """,
    ),
    manual(
        "scope/fingerprint-assigned",
        "scope-fingerprint-setter",
        """
        import sentry_sdk

        def report():
            scope = sentry_sdk.Scope()
            scope.fingerprint = ["a"]
            sentry_sdk.capture_message("x", scope=scope)

        report()
        """,
        note="The setter is still the only way.",
    ),
    safe(
        "scope/setters-of-a-plain-scope",
        "scope-user-setter scope-level-setter",
        """
        import sentry_sdk

        def report():
            scope = sentry_sdk.Scope()
            scope.user = {"id": "1"}
            scope.level = "error"
            sentry_sdk.capture_message("x", scope=scope)

        report()
        """,
    ),
    manual(
        "last-event-id/top-level",
        "last-event-id-of-a-scope",
        """
        import sentry_sdk

        def page():
            sentry_sdk.capture_message("x")
            return sentry_sdk.last_event_id()

        out(page())
        """,
    ),
    differs(
        "span/an-empty-description",
        "span-description",
        """
        import sentry_sdk

        with sentry_sdk.start_transaction(name="t"):
            with sentry_sdk.start_span(op="a", description="") as span:
                pass
        out(span.to_json()["description"])
        """,
        "out",
        setup="traced",
    ),
)
