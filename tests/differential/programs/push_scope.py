"""push_scope(): data for a few events only."""

from differential.program import differs, manual, safe, unsafe

TABLE = (
    # Only setters on the scope and captures: new_scope()
    safe(
        "push-scope/every-setter",
        "push-scope-with",
        """
        import sentry_sdk

        def report(order):
            with sentry_sdk.push_scope() as scope:
                scope.set_tag("order", order)
                scope.set_user({"id": "u1"})
                scope.set_extra("items", [1, 2])
                scope.set_context("basket", {"size": 2})
                scope.set_level("warning")
                scope.fingerprint = ["checkout"]
                sentry_sdk.capture_message("inside")

        sentry_sdk.set_tag("base", "1")
        report("o-1")
        sentry_sdk.capture_message("outside")
        """,
    ),
    safe(
        "push-scope/capture-exception",
        "push-scope-with",
        """
        import sentry_sdk

        def parse(text):
            try:
                return int(text)
            except ValueError as error:
                with sentry_sdk.push_scope() as scope:
                    scope.set_extra("text", text)
                    sentry_sdk.capture_exception(error)
                return None

        out(parse("x"))
        sentry_sdk.capture_message("outside")
        """,
    ),
    safe(
        "push-scope/capture-event",
        "push-scope-with",
        """
        import sentry_sdk

        def report():
            with sentry_sdk.push_scope() as scope:
                scope.set_tag("kind", "event")
                sentry_sdk.capture_event({"message": "by hand", "level": "warning"})

        report()
        sentry_sdk.capture_message("outside")
        """,
    ),
    safe(
        "push-scope/from-import",
        "push-scope-with",
        """
        from sentry_sdk import capture_message, push_scope

        def report():
            with push_scope() as scope:
                scope.set_tag("kind", "x")
                capture_message("inside")

        report()
        capture_message("outside")
        """,
    ),
    safe(
        "push-scope/from-import-alias",
        "push-scope-with",
        """
        from sentry_sdk import capture_message, push_scope as pushed

        def report():
            with pushed() as scope:
                scope.set_tag("kind", "x")
                capture_message("inside")

        report()
        capture_message("outside")
        """,
    ),
    safe(
        "push-scope/from-api",
        "push-scope-with",
        """
        from sentry_sdk.api import capture_message, push_scope

        def report():
            with push_scope() as scope:
                scope.set_tag("kind", "x")
                capture_message("inside")

        report()
        capture_message("outside")
        """,
    ),
    safe(
        "push-scope/module-alias",
        "push-scope-with",
        """
        import sentry_sdk as sentry

        def report():
            with sentry.push_scope() as scope:
                scope.set_tag("kind", "x")
                sentry.capture_message("inside")

        report()
        sentry.capture_message("outside")
        """,
    ),
    safe(
        "push-scope/from-import-in-try",
        "push-scope-with",
        """
        try:
            from sentry_sdk import capture_message, push_scope
        except ImportError:
            capture_message = push_scope = None

        def report():
            if push_scope is not None:
                with push_scope() as scope:
                    scope.set_tag("kind", "x")
                    capture_message("inside")

        report()
        cap("outside")
        """,
        note="A guard against a missing package, not against a version.",
        leaves=("push-scope-with",),
    ),
    safe(
        "push-scope/scope-given-to-the-capture",
        "push-scope-with",
        """
        import sentry_sdk

        def report():
            with sentry_sdk.push_scope() as scope:
                scope.set_tag("kind", "x")
                scope.set_level("error")
                sentry_sdk.capture_message("inside", scope=scope)

        report()
        sentry_sdk.capture_message("outside")
        """,
    ),
    safe(
        "push-scope/level-and-user-assigned",
        "push-scope-with scope-level-setter scope-user-setter",
        """
        import sentry_sdk

        def report():
            with sentry_sdk.push_scope() as scope:
                scope.level = "error"
                scope.user = {"id": "u2"}
                sentry_sdk.capture_message("inside")

        report()
        sentry_sdk.capture_message("outside")
        """,
    ),
    safe(
        "push-scope/processor-and-attachment",
        "push-scope-with",
        """
        import sentry_sdk

        def shout(event, hint):
            event["message"] = event["message"].upper()
            return event

        def report():
            with sentry_sdk.push_scope() as scope:
                scope.add_event_processor(shout)
                scope.add_attachment(bytes=b"1,2,3", filename="rows.csv", content_type="text/csv")
                sentry_sdk.capture_message("inside")

        report()
        sentry_sdk.capture_message("outside")
        """,
    ),
    safe(
        "push-scope/extras-in-a-loop",
        "push-scope-with",
        """
        import sentry_sdk

        def report(message, **extras):
            with sentry_sdk.push_scope() as scope:
                for key, value in extras.items():
                    scope.set_extra(key, value)
                sentry_sdk.capture_message(message, level="warning")

        report("inside", a=1, b=[2])
        sentry_sdk.capture_message("outside")
        """,
    ),
    safe(
        "push-scope/return-the-event-id",
        "push-scope-with",
        """
        import sentry_sdk

        def report(message):
            with sentry_sdk.push_scope() as scope:
                scope.set_tag("kind", "x")
                return sentry_sdk.capture_message(message)

        out(report("inside"))
        sentry_sdk.capture_message("outside")
        """,
    ),
    safe(
        "push-scope/raise-inside",
        "push-scope-with",
        """
        import sentry_sdk

        def work():
            with sentry_sdk.push_scope() as scope:
                scope.set_tag("kind", "x")
                sentry_sdk.capture_message("before it fails")
                raise RuntimeError("failed")

        try:
            work()
        except RuntimeError as error:
            sentry_sdk.capture_exception(error)
        """,
        note="The exception leaves the block, and so the tag does not reach its event.",
    ),
    safe(
        "push-scope/nested-pushes",
        "push-scope-with",
        """
        import sentry_sdk

        def report():
            with sentry_sdk.push_scope() as outer:
                outer.set_tag("outer", "1")
                with sentry_sdk.push_scope() as inner:
                    inner.set_tag("inner", "1")
                    sentry_sdk.capture_message("both")
                sentry_sdk.capture_message("outer only")
            sentry_sdk.capture_message("none")

        report()
        """,
    ),
    safe(
        "push-scope/inner-block-writes-the-outer-scope",
        "push-scope-with",
        """
        import sentry_sdk

        def report():
            with sentry_sdk.push_scope() as outer:
                with sentry_sdk.push_scope() as inner:
                    outer.set_tag("late", "1")
                    inner.set_tag("inner", "1")
                    sentry_sdk.capture_message("inner")
                sentry_sdk.capture_message("outer")
            sentry_sdk.capture_message("none")

        report()
        """,
    ),
    safe(
        "push-scope/two-items",
        "push-scope-with",
        """
        import io
        import sentry_sdk

        def report():
            with io.StringIO("text") as file, sentry_sdk.push_scope() as scope:
                scope.set_extra("file", file.read())
                sentry_sdk.capture_message("inside")

        report()
        sentry_sdk.capture_message("outside")
        """,
    ),
    safe(
        "push-scope/parenthesised-items",
        "push-scope-with",
        """
        import io
        import sentry_sdk

        def report():
            with (
                io.StringIO("text") as file,
                sentry_sdk.push_scope() as scope,  # for this event only
            ):
                scope.set_extra("file", file.read())
                sentry_sdk.capture_message("inside")

        report()
        sentry_sdk.capture_message("outside")
        """,
    ),
    unsafe(
        "push-scope/exit-stack",
        "push-scope-with",
        """
        import contextlib
        import sentry_sdk

        def report():
            with contextlib.ExitStack() as stack:
                scope = stack.enter_context(sentry_sdk.push_scope())
                scope.set_tag("stacked", "yes")
                sentry_sdk.capture_message("inside")
            sentry_sdk.capture_message("outside")

        report()
        """,
    ),
    unsafe(
        "push-scope/manual-enter-and-exit",
        "push-scope-with",
        """
        import sentry_sdk

        class Unit:
            def __enter__(self):
                self._manager = sentry_sdk.push_scope()
                scope = self._manager.__enter__()
                scope.set_tag("unit", "open")
                return self

            def __exit__(self, *details):
                return self._manager.__exit__(*details)

        with Unit():
            sentry_sdk.capture_message("inside")
        sentry_sdk.capture_message("outside")
        """,
    ),
    manual(
        "push-scope/entered-and-not-kept",
        "push-scope-with push-scope-without-with",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        def begin():
            scope = sentry_sdk.push_scope().__enter__()
            scope.set_tag("a", "b")

        begin()
        sentry_sdk.capture_message("inside")
        Hub.current.pop_scope_unsafe()
        sentry_sdk.capture_message("outside")
        """,
    ),
    safe(
        "push-scope/attribute-target",
        "push-scope-with",
        """
        import sentry_sdk

        class Reporter:
            def report(self):
                with sentry_sdk.push_scope() as self.scope:
                    self.scope.set_tag("reporter", "yes")
                    sentry_sdk.capture_message("inside")

        Reporter().report()
        sentry_sdk.capture_message("outside")
        """,
    ),
    safe(
        "push-scope/one-line",
        "push-scope-with",
        """
        import sentry_sdk

        def report():
            with sentry_sdk.push_scope() as scope: scope.set_tag("k", "v"); sentry_sdk.capture_message("in")

        report()
        sentry_sdk.capture_message("outside")
        """,
    ),
    unsafe(
        "push-scope/scope-given-away-after-the-block",
        "push-scope-with",
        """
        import sentry_sdk

        def make():
            with sentry_sdk.push_scope() as scope:
                scope.set_tag("made", "yes")
                return scope

        kept = make()
        kept.set_tag("later", "yes")
        sentry_sdk.capture_message("without")
        sentry_sdk.capture_message("with", scope=kept)
        """,
    ),
    # What goes past the scope: isolation_scope()
    safe(
        "push-scope/top-level-setters",
        "push-scope-with",
        """
        import sentry_sdk

        def report():
            with sentry_sdk.push_scope():
                sentry_sdk.set_tag("a", "1")
                sentry_sdk.set_user({"id": "1"})
                sentry_sdk.set_extra("e", 1)
                sentry_sdk.set_context("c", {"k": 1})
                sentry_sdk.set_level("warning")
                sentry_sdk.capture_message("inside")

        report()
        sentry_sdk.capture_message("outside")
        """,
        note="In new_scope() all of it would stay behind.",
    ),
    safe(
        "push-scope/top-level-setter-wins",
        "push-scope-with",
        """
        import sentry_sdk

        def report():
            with sentry_sdk.push_scope() as scope:
                scope.set_tag("a", "1")
                sentry_sdk.set_tag("a", "2")
                sentry_sdk.capture_message("inside")

        report()
        sentry_sdk.capture_message("outside")
        """,
    ),
    safe(
        "push-scope/breadcrumb-inside",
        "push-scope-with",
        """
        import sentry_sdk

        def report(name):
            with sentry_sdk.push_scope() as scope:
                scope.set_tag("name", name)
                sentry_sdk.add_breadcrumb(message="working on " + name, category="job")
                sentry_sdk.capture_message("inside")

        sentry_sdk.add_breadcrumb(message="start")
        report("first")
        report("second")
        """,
    ),
    safe(
        "push-scope/logging-inside",
        "push-scope-with",
        """
        import logging
        import sentry_sdk

        log = logging.getLogger("shop")
        log.setLevel(logging.INFO)

        def report():
            with sentry_sdk.push_scope() as scope:
                scope.set_tag("a", "1")
                log.info("about to fail")
                log.error("failed for %s", "ann")

        report()
        sentry_sdk.capture_message("outside")
        """,
        setup="logging",
        note="A log line becomes a breadcrumb, which new_scope() would keep.",
    ),
    unsafe(
        "push-scope/clear-inside",
        "push-scope-with",
        """
        import sentry_sdk

        sentry_sdk.set_tag("base", "1")
        sentry_sdk.add_breadcrumb(message="base")

        def report():
            with sentry_sdk.push_scope() as scope:
                scope.clear()
                scope.set_tag("only", "1")
                sentry_sdk.capture_message("inside")

        report()
        sentry_sdk.capture_message("outside")
        """,
        linked=False,
        note="A cleared scope has no trace in 1.x and a new one in 2.x.",
    ),
    safe(
        "push-scope/removers-inside",
        "push-scope-with",
        """
        import sentry_sdk

        sentry_sdk.set_tag("a", "1")
        sentry_sdk.set_extra("e", 1)
        sentry_sdk.set_context("c", {"k": 1})
        sentry_sdk.set_user({"id": "7"})
        sentry_sdk.add_breadcrumb(message="crumb")

        def report():
            with sentry_sdk.push_scope() as scope:
                scope.remove_tag("a")
                scope.remove_extra("e")
                scope.remove_context("c")
                scope.set_user(None)
                scope.clear_breadcrumbs()
                sentry_sdk.capture_message("inside")

        report()
        sentry_sdk.capture_message("outside")
        """,
        note="new_scope() cannot hide what the outer scopes hold.",
    ),
    safe(
        "push-scope/user-none-assigned",
        "push-scope-with scope-user-setter",
        """
        import sentry_sdk

        sentry_sdk.set_user({"id": "7"})

        def report():
            with sentry_sdk.push_scope() as scope:
                scope.user = None
                sentry_sdk.capture_message("inside")

        report()
        sentry_sdk.capture_message("outside")
        """,
    ),
    safe(
        "push-scope/helper-writes-top-level",
        "push-scope-with",
        """
        import sentry_sdk

        def fill(scope):
            scope.set_extra("on_the_scope", 1)
            sentry_sdk.set_extra("top_level", 1)

        def report():
            with sentry_sdk.push_scope() as scope:
                fill(scope)
                sentry_sdk.capture_message("inside")

        report()
        sentry_sdk.capture_message("outside")
        """,
    ),
    safe(
        "push-scope/user-code-inside",
        "push-scope-with",
        """
        import sentry_sdk

        def wrapped(function):
            def call(*args):
                with sentry_sdk.push_scope() as scope:
                    scope.set_tag("function", function.__name__)
                    return function(*args)
            return call

        @wrapped
        def work(n):
            sentry_sdk.set_tag("n", n)
            sentry_sdk.add_breadcrumb(message="n is known")
            sentry_sdk.capture_message("working")
            return n

        out(work(1))
        out(work(2))
        sentry_sdk.capture_message("outside")
        """,
    ),
    safe(
        "push-scope/worker-loop",
        "push-scope-with",
        """
        import sentry_sdk

        def run(jobs):
            for job in jobs:
                with sentry_sdk.push_scope() as scope:
                    scope.set_tag("job", job["id"])
                    if "user" in job:
                        sentry_sdk.set_user({"id": job["user"]})
                    sentry_sdk.capture_message("running")

        run([{"id": "1", "user": "ann"}, {"id": "2"}])
        """,
        note="In new_scope() the second job would be ann's.",
    ),
    safe(
        "push-scope/read-private-state",
        "push-scope-with",
        """
        import sentry_sdk

        sentry_sdk.set_tag("a", "1")

        def report():
            with sentry_sdk.push_scope() as scope:
                out(dict(scope._tags))

        report()
        """,
    ),
    safe(
        "push-scope/continue-trace-inside",
        "push-scope-with",
        """
        import sentry_sdk

        INCOMING = {"sentry-trace": "c" * 32 + "-" + "d" * 16 + "-1"}

        def handle():
            with sentry_sdk.push_scope():
                sentry_sdk.continue_trace(INCOMING)
                sentry_sdk.capture_message("inside")

        sentry_sdk.capture_message("before")
        handle()
        sentry_sdk.capture_message("after")
        """,
    ),
    safe(
        "push-scope/configure-scope-inside",
        "push-scope-with configure-scope-with",
        """
        import sentry_sdk

        def report():
            with sentry_sdk.push_scope() as scope:
                scope.set_tag("outer", "1")
                with sentry_sdk.configure_scope() as inner:
                    inner.set_tag("inner", "1")
                sentry_sdk.capture_message("inside")
            sentry_sdk.capture_message("outside")

        report()
        """,
        note="new_scope() outside and get_isolation_scope() inside would leak.",
    ),
    safe(
        "push-scope/configure-scope-callback-inside",
        "push-scope-with configure-scope-callback",
        """
        import sentry_sdk

        def report():
            with sentry_sdk.push_scope() as scope:
                scope.set_tag("outer", "1")
                sentry_sdk.configure_scope(lambda inner: inner.set_tag("inner", "1"))
                sentry_sdk.capture_message("inside")
            sentry_sdk.capture_message("outside")

        report()
        """,
    ),
    safe(
        "push-scope/configure-scope-inside-both-at-once",
        "push-scope-nested-consistency",
        """
        import sentry_sdk

        def report():
            with sentry_sdk.push_scope() as scope:
                scope.set_tag("outer", "1")
                with sentry_sdk.configure_scope() as inner:
                    inner.set_tag("inner", "1")
                sentry_sdk.capture_message("inside")
            sentry_sdk.capture_message("outside")

        report()
        """,
        alone=True,
    ),
    safe(
        "push-scope/hub-scope-inside-both-at-once",
        "push-scope-nested-consistency",
        """
        import sentry_sdk

        def report():
            with sentry_sdk.push_scope():
                sentry_sdk.Hub.current.scope.set_user({"id": "1"})
                sentry_sdk.capture_message("inside")
            sentry_sdk.capture_message("outside")

        report()
        """,
        alone=True,
    ),
    safe(
        "push-scope/hub-scope-inside",
        "push-scope-with hub-scope",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        def report():
            with sentry_sdk.push_scope():
                Hub.current.scope.set_tag("inner", "1")
                sentry_sdk.capture_message("inside")
            sentry_sdk.capture_message("outside")

        report()
        """,
        leaves=("hub-import",),
    ),
    safe(
        "push-scope/pushes-of-two-kinds-nested",
        "push-scope-with",
        """
        import sentry_sdk

        def report():
            with sentry_sdk.push_scope() as outer:
                outer.set_tag("outer", "1")
                with sentry_sdk.push_scope() as inner:
                    inner.set_tag("inner", "1")
                    sentry_sdk.set_tag("top", "1")
                    sentry_sdk.capture_message("both")
                sentry_sdk.capture_message("outer only")
            sentry_sdk.capture_message("none")

        report()
        """,
        note="Both have to be isolation scopes: a current one would override the inner block.",
    ),
    safe(
        "push-scope/nested-inner-only-setters",
        "push-scope-with",
        """
        import sentry_sdk

        def report():
            with sentry_sdk.push_scope() as outer:
                outer.set_tag("k", "outer")
                sentry_sdk.set_tag("top", "outer")
                with sentry_sdk.push_scope() as inner:
                    inner.set_tag("k", "inner")
                    sentry_sdk.capture_message("inner")
                sentry_sdk.set_tag("k", "top")
                sentry_sdk.capture_message("outer")
            sentry_sdk.capture_message("none")

        report()
        """,
    ),
    differs(
        "push-scope/outer-scope-names-the-transaction-from-an-inner-block",
        "push-scope-with",
        """
        import sentry_sdk

        def report():
            with sentry_sdk.push_scope() as outer:
                with sentry_sdk.push_scope() as inner:
                    inner.set_tag("inner", "1")
                    sentry_sdk.set_tag("top", "1")
                    outer.set_transaction_name("renamed")
                    sentry_sdk.capture_message("inner")
                sentry_sdk.set_tag("top", "2")
                sentry_sdk.capture_message("outer")

        report()
        """,
        differs="transaction",
        note="The name belongs to the outer layer, which is not the current one here.",
    ),
    differs(
        "push-scope/outer-scope-has-no-span-of-an-inner-block",
        "push-scope-with",
        """
        import sentry_sdk

        def report():
            with sentry_sdk.push_scope() as outer:
                sentry_sdk.set_tag("top", "1")
                with sentry_sdk.push_scope() as inner:
                    sentry_sdk.set_tag("top", "2")
                    with sentry_sdk.start_transaction(name="t", op="task"):
                        out(outer.span is None, inner.span is None)

        report()
        """,
        setup="traced",
        differs="out",
    ),
    # In a transaction
    safe(
        "push-scope/inside-a-transaction",
        "push-scope-with",
        """
        import sentry_sdk

        with sentry_sdk.start_transaction(name="t", op="task"):
            with sentry_sdk.push_scope() as scope:
                scope.set_tag("a", "1")
                with sentry_sdk.start_span(op="step"):
                    sentry_sdk.capture_message("inside")
            sentry_sdk.capture_message("outside")
        """,
        setup="traced",
        note="The transaction's own event must not have the tag.",
    ),
    safe(
        "push-scope/transaction-inside",
        "push-scope-with",
        """
        import sentry_sdk

        def run():
            with sentry_sdk.push_scope() as scope:
                scope.set_tag("a", "1")
                with sentry_sdk.start_transaction(name="t", op="task"):
                    sentry_sdk.capture_message("inside")

        run()
        sentry_sdk.capture_message("outside")
        """,
        setup="traced",
    ),
    safe(
        "push-scope/transaction-read",
        "push-scope-with",
        """
        import sentry_sdk

        def label():
            with sentry_sdk.push_scope() as scope:
                out(scope.span is not None)
                if scope.transaction:
                    scope.transaction.set_tag("k", "v")

        with sentry_sdk.start_transaction(name="t", op="task"):
            label()
        label()
        """,
        setup="traced",
    ),
    safe(
        "push-scope/transaction-name",
        "push-scope-with",
        """
        import sentry_sdk

        with sentry_sdk.start_transaction(name="t", op="task"):
            with sentry_sdk.push_scope() as scope:
                scope.set_transaction_name("renamed")
                sentry_sdk.capture_message("inside")
            sentry_sdk.capture_message("outside")
        """,
        setup="traced",
    ),
    safe(
        "push-scope/name-and-top-level-setter",
        "push-scope-with",
        """
        import sentry_sdk

        with sentry_sdk.start_transaction(name="t", op="task"):
            with sentry_sdk.push_scope() as scope:
                scope.set_tag("a", "1")
                scope.set_transaction_name("renamed")
                sentry_sdk.set_tag("b", "1")
                sentry_sdk.capture_message("inside")
            sentry_sdk.capture_message("outside")
        """,
        setup="traced",
    ),
    safe(
        "push-scope/transaction-assigned",
        "push-scope-with scope-transaction-setter",
        """
        import sentry_sdk

        def report():
            with sentry_sdk.push_scope() as scope:
                scope.transaction = "renamed"
                sentry_sdk.capture_message("inside")
            sentry_sdk.capture_message("outside")

        report()
        """,
    ),
    # last_event_id() is on the isolation scope in 2.x
    safe(
        "push-scope/last-event-id-after-simple-block",
        "push-scope-with",
        """
        import sentry_sdk

        def report():
            with sentry_sdk.push_scope() as scope:
                scope.set_tag("a", "1")
                sentry_sdk.capture_message("inside")
            return sentry_sdk.last_event_id()

        out(report())
        """,
        note="new_scope() keeps it, isolation_scope() would not.",
    ),
    differs(
        "push-scope/last-event-id-after-isolating-block",
        "push-scope-with",
        """
        import sentry_sdk

        def report():
            with sentry_sdk.push_scope():
                sentry_sdk.set_tag("a", "1")
                sentry_sdk.capture_message("inside")
            return sentry_sdk.last_event_id()

        out(report())
        """,
        differs="out",
    ),
    # Callbacks
    safe(
        "push-scope/callback-lambda",
        "push-scope-callback",
        """
        import sentry_sdk

        def report():
            sentry_sdk.push_scope(
                lambda scope: (scope.set_tag("a", "1"), sentry_sdk.capture_message("inside"))
            )
            sentry_sdk.capture_message("outside")

        report()
        """,
    ),
    safe(
        "push-scope/callback-function",
        "push-scope-callback",
        """
        from sentry_sdk import capture_message, push_scope

        def send(scope):
            scope.set_tag("a", "1")
            capture_message("inside")

        def report():
            push_scope(send)
            capture_message("outside")

        report()
        """,
    ),
    safe(
        "push-scope/callback-keyword",
        "push-scope-callback",
        """
        import sentry_sdk

        def send(scope):
            scope.set_tag("a", "1")
            sentry_sdk.set_tag("b", "1")
            sentry_sdk.capture_message("inside")

        def report():
            sentry_sdk.push_scope(callback=send)
            sentry_sdk.capture_message("outside")

        report()
        """,
    ),
    manual(
        "push-scope/callback-in-a-lambda",
        "push-scope-callback",
        """
        import sentry_sdk

        def send(scope):
            scope.set_tag("a", "1")
            sentry_sdk.capture_message("inside")

        run = lambda: sentry_sdk.push_scope(send)
        out(run())
        sentry_sdk.capture_message("outside")
        """,
        note="A with statement does not fit into a lambda.",
    ),
    manual(
        "push-scope/callback-value-used",
        "push-scope-callback",
        """
        import sentry_sdk

        def send(scope):
            scope.set_tag("a", "1")
            return sentry_sdk.capture_message("inside")

        out([sentry_sdk.push_scope(send) for _ in range(2)])
        sentry_sdk.capture_message("outside")
        """,
    ),
    # Without with
    manual(
        "push-scope/bare-push-and-pop",
        "push-scope-without-with",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        def run():
            Hub.current.push_scope()
            sentry_sdk.set_tag("a", "1")
            sentry_sdk.capture_message("inside")
            Hub.current.pop_scope_unsafe()
            sentry_sdk.capture_message("outside")

        run()
        """,
    ),
    manual(
        "push-scope/bare-push",
        "push-scope-without-with",
        """
        import sentry_sdk

        def run():
            sentry_sdk.push_scope()
            sentry_sdk.set_tag("a", "1")
            sentry_sdk.capture_message("pushed and never popped")

        run()
        """,
    ),
    unsafe(
        "push-scope/returned-manager",
        "push-scope-with",
        """
        import sentry_sdk

        def pushed():
            return sentry_sdk.push_scope()

        def report():
            with pushed() as scope:
                scope.set_tag("a", "1")
                sentry_sdk.set_tag("b", "1")
                sentry_sdk.capture_message("inside")
            sentry_sdk.capture_message("outside")

        report()
        """,
        note="Who enters it, and what is done inside, is not to be seen at the call.",
    ),
    # A value that may be None hides what outer scopes hold, and new_scope() cannot
    safe(
        "push-scope/user-may-be-none",
        "push-scope-with",
        """
        import sentry_sdk
        from sentry_sdk import push_scope, capture_message
        sentry_sdk.set_user({"id": 1})
        def report(user):
            with push_scope() as scope:
                scope.set_user(user)
                capture_message("x")
        report(None)
        report({"id": 2})
        """,
    ),
    safe(
        "push-scope/user-or-none",
        "push-scope-with",
        """
        import sentry_sdk
        sentry_sdk.set_user({"id": 1})
        def report(job):
            with sentry_sdk.push_scope() as scope:
                scope.set_user({"id": job["user"]} if job.get("user") else None)
                sentry_sdk.capture_message("x")
        report({})
        """,
    ),
    safe(
        "push-scope/assigned-user-may-be-none",
        "push-scope-with scope-user-setter",
        """
        import sentry_sdk
        sentry_sdk.set_user({"id": 1})
        def report(user):
            with sentry_sdk.push_scope() as scope:
                scope.user = user
                sentry_sdk.capture_message("x")
        report(None)
        """,
    ),
    safe(
        "push-scope/user-from-a-mapping",
        "push-scope-with",
        """
        import sentry_sdk
        def report(exc, **context):
            with sentry_sdk.push_scope() as scope:
                for key, value in context.items():
                    scope.set_extra(key, value)
                scope.set_tag("component", __name__)
                scope.set_user(context.get("user"))
                return sentry_sdk.capture_exception(exc)
        sentry_sdk.set_user({"id": "global"})
        report(ValueError("x"))
        """,
    ),
    safe(
        "push-scope/level-may-be-none",
        "push-scope-with",
        """
        import sentry_sdk
        sentry_sdk.set_level("fatal")
        def report(level):
            with sentry_sdk.push_scope() as scope:
                scope.set_level(level)
                sentry_sdk.capture_message("x")
        report(None)
        """,
    ),
    safe(
        "push-scope/level-none",
        "push-scope-with scope-level-setter",
        """
        import sentry_sdk
        sentry_sdk.set_level("fatal")
        def report():
            with sentry_sdk.push_scope() as scope:
                scope.level = None
                sentry_sdk.capture_message("x")
        report()
        """,
    ),
    safe(
        "push-scope/fingerprint-may-be-none",
        "push-scope-with configure-scope-with",
        """
        import sentry_sdk
        def setup():
            with sentry_sdk.configure_scope() as scope:
                scope.fingerprint = ["outer"]
        def report(fp=None):
            with sentry_sdk.push_scope() as scope:
                scope.fingerprint = fp
                sentry_sdk.capture_message("x")
        setup(); report()
        """,
    ),
    safe(
        "push-scope/user-may-be-none-in-a-callback",
        "push-scope-callback configure-scope-callback",
        """
        import sentry_sdk
        def f(k, v):
            sentry_sdk.configure_scope(lambda scope: scope.set_tag(k, v))
            sentry_sdk.push_scope(lambda scope: (scope.set_tag("p", v), sentry_sdk.capture_message("in")))
            sentry_sdk.push_scope(callback=lambda s: (s.set_user(v), sentry_sdk.capture_message("in2")))
            sentry_sdk.capture_message("out")
        sentry_sdk.set_user({"id": 1})
        f("a", None)
        """,
    ),
    # An outer block is no simpler than the inner one
    safe(
        "push-scope/inner-and-outer-set-the-same-tag",
        "push-scope-with",
        """
        import sentry_sdk
        def f():
            with sentry_sdk.push_scope() as outer:
                outer.set_tag("a", "outer")
                with sentry_sdk.push_scope() as inner:
                    inner.set_tag("a", "inner")
                    outer.set_tag("a", "outer2")
                    sentry_sdk.capture_message("x")
                sentry_sdk.capture_message("y")
        f()
        """,
    ),
    safe(
        "push-scope/inner-and-outer-set-the-same-tag-in-a-loop",
        "push-scope-with",
        """
        import sentry_sdk
        def f(jobs):
            with sentry_sdk.push_scope() as batch:
                batch.set_tag("status", "running")
                for job in jobs:
                    with sentry_sdk.push_scope() as scope:
                        scope.set_tag("status", job)
                        batch.set_extra("last", job)
                        sentry_sdk.capture_message("job")
                sentry_sdk.capture_message("done")
        f(["a", "b"])
        """,
    ),
    safe(
        "push-scope/inner-and-outer-set-user-and-level",
        "push-scope-with scope-level-setter",
        """
        import sentry_sdk
        def f():
            with sentry_sdk.push_scope() as outer:
                outer.set_user({"id": "outer"})
                outer.level = "warning"
                with sentry_sdk.push_scope() as inner:
                    inner.set_user({"id": "inner"})
                    inner.level = "fatal"
                    outer.set_tag("seen", "1")
                    sentry_sdk.capture_message("x")
                sentry_sdk.capture_message("y")
        f()
        """,
    ),
    safe(
        "push-scope/inner-and-outer-of-a-hub-set-the-same-tag",
        "hub-push-scope",
        """
        import sentry_sdk
        from sentry_sdk import Hub
        def f():
            hub = Hub.current
            with hub.push_scope() as outer:
                outer.set_tag("a", "outer")
                with hub.push_scope() as inner:
                    inner.set_tag("a", "inner")
                    outer.set_extra("b", "outer2")
                    hub.capture_message("x")
                hub.capture_message("y")
        f()
        """,
    ),
    # A span enters on the scope it was started on
    differs(
        "push-scope/enters-a-transaction-of-outside",
        "push-scope-with",
        """
        import sentry_sdk
        def f():
            tx = sentry_sdk.start_transaction(name="t")
            with sentry_sdk.push_scope() as scope:
                scope.set_tag("n", 1)
                with tx:
                    sentry_sdk.capture_message("x")
        f()
        """,
        setup="traced",
        differs="transaction",
    ),
    differs(
        "push-scope/enters-a-transaction-of-outside-as-an-item",
        "push-scope-with",
        """
        import sentry_sdk
        def job(n):
            transaction = sentry_sdk.start_transaction(op="job", name="job")
            with sentry_sdk.push_scope() as scope, transaction:
                scope.set_tag("n", n)
                sentry_sdk.capture_message("x")
        job(1)
        """,
        setup="traced",
        differs="transaction",
    ),
    differs(
        "push-scope/enters-a-transaction-of-outside-and-sets-a-tag",
        "push-scope-with",
        """
        import sentry_sdk
        def f():
            tx = sentry_sdk.start_transaction(name="t")
            with sentry_sdk.push_scope() as scope:
                sentry_sdk.set_tag("n", 1)
                with tx:
                    sentry_sdk.capture_message("x")
        f()
        """,
        setup="traced",
        differs="transaction",
    ),
    differs(
        "push-scope/enters-a-span-of-outside",
        "push-scope-with",
        """
        import sentry_sdk
        def f():
            with sentry_sdk.start_transaction(name="t"):
                span = sentry_sdk.start_span(op="s")
                with sentry_sdk.push_scope() as scope:
                    scope.set_tag("n", 1)
                    with span:
                        sentry_sdk.capture_message("x")
        f()
        """,
        setup="traced",
        differs="trace",
    ),
    differs(
        "push-scope/enters-a-span-of-outside-and-sets-a-tag",
        "push-scope-with",
        """
        import sentry_sdk
        def f():
            with sentry_sdk.start_transaction(name="t"):
                span = sentry_sdk.start_span(op="s")
                with sentry_sdk.push_scope() as scope:
                    sentry_sdk.set_tag("n", 1)
                    with span:
                        with sentry_sdk.start_span(op="child"):
                            sentry_sdk.capture_message("x")
        f()
        """,
        setup="traced",
        differs="trace",
    ),
    # Code of others that runs in the block
    safe(
        "push-scope/maps-a-function",
        "push-scope-with",
        """
        import sentry_sdk
        def handle(item):
            sentry_sdk.set_tag("item", item)
            sentry_sdk.add_breadcrumb(message="handled")
        def batch(items):
            with sentry_sdk.push_scope() as scope:
                scope.set_tag("batch", "1")
                list(map(handle, items))
                sentry_sdk.capture_message("in")
            sentry_sdk.capture_message("out")
        batch(["a", "b"])
        """,
    ),
    safe(
        "push-scope/sorts-by-a-function",
        "push-scope-with",
        """
        import sentry_sdk
        def key(item):
            sentry_sdk.set_tag("item", item)
            return item
        def batch(items):
            with sentry_sdk.push_scope() as scope:
                scope.set_extra("sorted", sorted(items, key=lambda i: key(i)))
                sentry_sdk.capture_message("in")
            sentry_sdk.capture_message("out")
        batch(["b", "a"])
        """,
    ),
    safe(
        "push-scope/a-method-called-get",
        "push-scope-with",
        """
        import sentry_sdk
        class Client:
            def get(self, url):
                sentry_sdk.add_breadcrumb(category="http", message="GET " + url)
                return {"status": 200}
        client = Client()
        def batch():
            with sentry_sdk.push_scope() as scope:
                scope.set_extra("r", client.get("/x"))
                sentry_sdk.capture_message("in")
            sentry_sdk.capture_message("out")
        batch()
        """,
    ),
    safe(
        "push-scope/a-method-called-to-dict",
        "push-scope-with",
        """
        import sentry_sdk
        class Doc(dict):
            def to_dict(self):
                with sentry_sdk.push_scope() as scope:
                    scope.set_tag("a", "inner")
                    sentry_sdk.add_breadcrumb(message="b")
                    sentry_sdk.capture_message("in")
                return dict(self)
        def f(doc):
            with sentry_sdk.push_scope() as outer:
                outer.set_tag("a", "outer")
                outer.set_extra("doc", doc.to_dict())
                sentry_sdk.capture_message("y")
        f(Doc())
        """,
    ),
    safe(
        "push-scope/decorates-a-function",
        "push-scope-with",
        """
        import sentry_sdk
        def register(f):
            sentry_sdk.set_tag("registered", f.__name__)
            return f
        def batch():
            with sentry_sdk.push_scope() as scope:
                @register
                def before(event, hint):
                    event["extra"] = {"x": 1}
                    return event
                scope.add_event_processor(before)
                sentry_sdk.capture_message("in")
            sentry_sdk.capture_message("out")
        batch()
        """,
    ),
    safe(
        "push-scope/next-of-a-generator",
        "push-scope-with",
        """
        import sentry_sdk
        def steps():
            for n in range(3):
                sentry_sdk.set_tag("step", n)
                yield n
        def batch(it):
            with sentry_sdk.push_scope() as scope:
                scope.set_extra("n", next(it))
                sentry_sdk.capture_message("in")
            sentry_sdk.capture_message("out")
        batch(steps())
        """,
    ),
    safe(
        "push-scope/loops-over-a-generator",
        "push-scope-with",
        """
        import sentry_sdk
        def steps():
            for n in range(3):
                sentry_sdk.set_tag("step", n)
                yield n
        def batch(it):
            with sentry_sdk.push_scope() as scope:
                for n in it:
                    scope.set_extra("n", n)
                    sentry_sdk.capture_message("in")
            sentry_sdk.capture_message("out")
        batch(steps())
        """,
    ),
    safe(
        "push-scope/enters-an-unknown-manager",
        "push-scope-with",
        """
        import sentry_sdk
        class Timer:
            def __enter__(self):
                sentry_sdk.add_breadcrumb(message="start")
            def __exit__(self, *a):
                sentry_sdk.add_breadcrumb(message="stop")
        timer = Timer()
        def f():
            with sentry_sdk.push_scope() as scope, timer:
                scope.set_tag("n", 1)
                sentry_sdk.capture_message("x")
            sentry_sdk.capture_message("y")
        f()
        """,
    ),
    safe(
        "push-scope/captures-with-a-callback",
        "push-scope-with",
        """
        import sentry_sdk
        def enrich(scope):
            sentry_sdk.set_tag("enriched", 1)
            scope.set_tag("e", 1)
        def f():
            with sentry_sdk.push_scope() as scope:
                scope.set_tag("t", 2)
                sentry_sdk.capture_message("x", scope=enrich)
            sentry_sdk.capture_message("z")
        f()
        """,
    ),
    safe(
        "push-scope/captures-with-simple-callbacks",
        "push-scope-with",
        """
        import sentry_sdk
        def f():
            with sentry_sdk.push_scope() as scope:
                scope.set_tag("t", 2)
                sentry_sdk.capture_message("x", scope=lambda s: s.set_tag("t", 3))
                sentry_sdk.capture_message("x", tags={"t": 4})
                sentry_sdk.capture_message("x", user={"id": 1})
                sentry_sdk.capture_message("x", level="error")
            sentry_sdk.capture_message("z")
        f()
        """,
    ),
    safe(
        "push-scope/a-query",
        "push-scope-with",
        """
        import django
        from django.conf import settings
        import sentry_sdk
        from sentry_sdk.integrations.django import DjangoIntegration
        settings.configure(DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}, INSTALLED_APPS=["django.contrib.contenttypes"])
        django.setup()
        from django.contrib.contenttypes.models import ContentType
        from django.db import connection
        with connection.schema_editor() as ed:
            ed.create_model(ContentType)
        ContentType.objects.create(app_label="a", model="b")
        sentry_sdk.init(default_integrations=False, integrations=[DjangoIntegration()])
        def report(pk):
            with sentry_sdk.push_scope() as scope:
                user = ContentType.objects.get(pk=pk)
                scope.set_user({"id": user.pk})
                sentry_sdk.capture_message("in")
            sentry_sdk.capture_message("out")
        report(1)
        """,
        setup="none",
    ),
    safe(
        "push-scope/lists-a-query",
        "push-scope-with",
        """
        import django
        from django.conf import settings
        import sentry_sdk
        from sentry_sdk.integrations.django import DjangoIntegration
        settings.configure(DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}, INSTALLED_APPS=[], USE_TZ=False)
        django.setup()
        from django.db import connection, models
        class Customer(models.Model):
            name = models.CharField(max_length=9)
            class Meta: app_label = "shop"
        class Order(models.Model):
            customer = models.ForeignKey(Customer, on_delete=models.CASCADE)
            class Meta: app_label = "shop"
        with connection.schema_editor() as ed:
            ed.create_model(Customer); ed.create_model(Order)
        Order.objects.create(customer=Customer.objects.create(name="n"))
        sentry_sdk.init(default_integrations=False, integrations=[DjangoIntegration()])
        order = Order.objects.order_by("id")[0]

        def report(order):
            with sentry_sdk.push_scope() as scope:
                scope.set_extra("orders", list(Order.objects.values("id")))
                sentry_sdk.capture_message("in")
            sentry_sdk.capture_message("out")
        report(order)
        """,
        setup="none",
    ),
    # Blocks that await without the word
    differs(
        "push-scope/async-with-inside",
        "push-scope-with",
        """
        import asyncio
        import sentry_sdk
        async def a(lock, started):
            with sentry_sdk.push_scope() as scope:
                scope.set_tag("a", "1")
                started.set()
                async with lock:
                    sentry_sdk.capture_message("a")
        async def main():
            lock, started = asyncio.Lock(), asyncio.Event()
            await lock.acquire()
            task = asyncio.ensure_future(a(lock, started))
            await started.wait()
            sentry_sdk.capture_message("b")
            lock.release()
            await task
        asyncio.run(main())
        """,
        differs="tags",
    ),
    differs(
        "push-scope/async-for-inside",
        "push-scope-with",
        """
        import asyncio
        import sentry_sdk
        async def items(started, go):
            started.set()
            await go.wait()
            yield 1
        async def a(started, go):
            with sentry_sdk.push_scope() as scope:
                scope.set_tag("a", "1")
                async for x in items(started, go):
                    sentry_sdk.set_tag("x", x)
                    sentry_sdk.capture_message("a")
        async def main():
            started, go = asyncio.Event(), asyncio.Event()
            task = asyncio.ensure_future(a(started, go))
            await started.wait()
            sentry_sdk.capture_message("b")
            go.set()
            await task
        asyncio.run(main())
        """,
        differs="tags",
    ),
    differs(
        "push-scope/async-for-and-setters",
        "push-scope-with",
        """
        import asyncio
        import sentry_sdk
        class Stream:
            def __init__(self, go): self.go = go; self.n = 0
            def __aiter__(self): return self
            async def __anext__(self):
                await self.go.wait()
                self.n += 1
                if self.n > 1: raise StopAsyncIteration
                return self.n
        async def a(stream):
            with sentry_sdk.push_scope() as scope:
                scope.set_tag("a", "1")
                async for i in stream:
                    scope.set_extra("i", i)
                    sentry_sdk.capture_message("a")
        async def main():
            go = asyncio.Event()
            t = asyncio.ensure_future(a(Stream(go)))
            await asyncio.sleep(0)
            sentry_sdk.capture_message("b")
            go.set(); await t
        asyncio.run(main())
        """,
        differs="tags",
    ),
    differs(
        "push-scope/async-comprehension-inside",
        "push-scope-with",
        """
        import asyncio
        import sentry_sdk
        async def items(go):
            await go.wait()
            yield 1
        async def a(go):
            with sentry_sdk.push_scope() as scope:
                scope.set_tag("a", "1")
                x = [i async for i in items(go)]
                sentry_sdk.capture_message("a")
        async def main():
            go = asyncio.Event()
            t = asyncio.ensure_future(a(go))
            await asyncio.sleep(0)
            sentry_sdk.capture_message("b")
            go.set(); await t
        asyncio.run(main())
        """,
        differs="tags",
    ),
    # last_event_id() that stands above the block and runs after it
    differs(
        "push-scope/last-event-id-in-a-function-above",
        "push-scope-with",
        """
        import sentry_sdk
        def current_id():
            return sentry_sdk.last_event_id()
        def job():
            with sentry_sdk.push_scope():
                sentry_sdk.set_tag("a", "b")
                sentry_sdk.capture_message("x")
        job()
        out(current_id() is None)
        """,
        differs="out",
    ),
    differs(
        "push-scope/last-event-id-in-a-loop",
        "push-scope-with",
        """
        import sentry_sdk
        def job():
            for n in range(2):
                out(sentry_sdk.last_event_id() is None)
                with sentry_sdk.push_scope():
                    sentry_sdk.set_tag("n", n)
                    sentry_sdk.capture_message("x")
        job()
        """,
        differs="out",
    ),
    # A client bound inside the block
    differs(
        "push-scope/init-inside",
        "push-scope-with",
        """
        import sentry_sdk
        def test():
            with sentry_sdk.push_scope():
                sentry_sdk.init(release="inner", default_integrations=False)
                sentry_sdk.capture_message("in")
            sentry_sdk.capture_message("out")
        test()
        """,
        differs="release",
    ),
    unsafe(
        "push-scope/client-unbound-inside",
        "push-scope-with",
        """
        import sentry_sdk
        from sentry_sdk import Hub, Client
        def silence(f):
            with sentry_sdk.push_scope():
                Hub.current.bind_client(None)
                f()
        silence(lambda: sentry_sdk.capture_message("x"))
        sentry_sdk.capture_message("y")
        """,
    ),
    # The function itself, which other code calls
    unsafe(
        "push-scope/passed-on",
        "push-scope-with",
        """
        import sentry_sdk
        class Log:
            def __init__(self, provider):
                self.provider = provider
            def error(self, text):
                with self.provider() as scope:
                    scope.set_tag("a", "b")
                    sentry_sdk.set_tag("c", "d")
                    sentry_sdk.capture_message(text)
                sentry_sdk.capture_message("after")
        Log(sentry_sdk.push_scope).error("x")
        """,
    ),
    unsafe(
        "push-scope/returned",
        "push-scope-with",
        """
        from contextlib import nullcontext
        from sentry_sdk import capture_message, push_scope, set_user
        def manager(on):
            return push_scope if on else nullcontext
        for on in (True, False):
            with manager(on)():
                set_user({"id": "1"})
                capture_message("x")
            capture_message("y")
        """,
    ),
)
