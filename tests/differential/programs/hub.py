"""Hub.current and its members, used in place or through a variable."""

from differential.program import differs, manual, safe, unsafe

TABLE = (
    safe(
        "hub/capture-in-place",
        "hub-capture",
        """
        import sentry_sdk

        out(bool(sentry_sdk.Hub.current.capture_message("m", level="warning", tags={"t": "1"})))
        out(bool(sentry_sdk.Hub.current.capture_event({"message": "e"}, hint={"k": 1})))
        try:
            1 / 0
        except ZeroDivisionError as error:
            out(bool(sentry_sdk.Hub.current.capture_exception(error)))
            out(bool(sentry_sdk.Hub.current.capture_exception()))
        """,
    ),
    safe(
        "hub/capture-from-import",
        "hub-capture",
        """
        from sentry_sdk import Hub

        def report(text):
            return Hub.current.capture_message(text)

        out(bool(report("m")))
        """,
    ),
    safe(
        "hub/capture-from-hub-module",
        "hub-capture",
        """
        from sentry_sdk.hub import Hub

        def report(text):
            return Hub.current.capture_message(text)

        out(bool(report("m")))
        """,
    ),
    safe(
        "hub/capture-through-hub-module-attribute",
        "hub-capture",
        """
        import sentry_sdk.hub

        def report(text):
            return sentry_sdk.hub.Hub.current.capture_message(text)

        out(bool(report("m")))
        """,
    ),
    safe(
        "hub/capture-alias",
        "hub-capture",
        """
        from sentry_sdk import Hub as SentryHub

        def report(text):
            return SentryHub.current.capture_message(text)

        out(bool(report("m")))
        """,
    ),
    safe(
        "hub/variable-in-a-function",
        "hub-capture hub-add-breadcrumb",
        """
        from sentry_sdk import Hub

        def report(text):
            hub = Hub.current
            hub.add_breadcrumb(message="reporting", category="report")
            return hub.capture_message(text, level="error")

        out(bool(report("m")))
        """,
    ),
    safe(
        "hub/variable-in-an-except-handler",
        "hub-capture",
        """
        import sentry_sdk

        def run(job):
            hub = sentry_sdk.Hub.current
            try:
                return job()
            except Exception:
                hub.capture_exception()
                return None

        out(run(lambda: 1 / 0))
        """,
    ),
    differs(
        "hub/stored-at-import-and-used-in-a-request",
        "hub-capture",
        """
        import sentry_sdk

        hub = sentry_sdk.Hub.current

        def app(environ, start_response):
            sentry_sdk.set_tag("request", "1")
            hub.capture_message("through the stored hub")
            start_response("200 OK", [])
            return [b""]

        request(app)
        """,
        differs="tags",
        linked=False,
        note="In 1.x the stored hub stays the main one; 2.x follows the caller.",
    ),
    safe(
        "hub/add-breadcrumb",
        "hub-add-breadcrumb",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        def crumbs():
            Hub.current.add_breadcrumb(message="b", category="c", level="info", data={"k": 1})
            Hub.current.add_breadcrumb({"message": "b2"}, {"hint": 1})

        crumbs()
        sentry_sdk.capture_message("x")
        """,
    ),
    # hub.scope
    safe(
        "hub/scope-setters",
        "hub-scope",
        """
        import sentry_sdk

        def fill():
            sentry_sdk.Hub.current.scope.set_tag("a", "1")
            sentry_sdk.Hub.current.scope.set_user({"id": "u"})
            sentry_sdk.Hub.current.scope.fingerprint = ["f"]

        fill()
        sentry_sdk.capture_message("x")
        sentry_sdk.set_tag("a", "2")
        sentry_sdk.capture_message("y")
        """,
    ),
    safe(
        "hub/scope-variable",
        "hub-scope",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        def fill():
            scope = Hub.current.scope
            scope.set_tag("a", "1")
            scope.clear_breadcrumbs()

        sentry_sdk.add_breadcrumb(message="gone")
        fill()
        sentry_sdk.capture_message("x")
        """,
    ),
    safe(
        "hub/scope-of-a-hub-variable",
        "hub-scope",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        def fill():
            hub = Hub.current
            hub.scope.set_context("c", {"k": 1})
            hub.scope.set_user({"id": "u"})

        fill()
        sentry_sdk.capture_message("x")
        """,
    ),
    safe(
        "hub/scope-span-and-transaction",
        "hub-scope",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        def label():
            out(Hub.current.scope.span is not None, Hub.current.scope.transaction is not None)
            if Hub.current.scope.span:
                Hub.current.scope.span.set_tag("k", "v")
            if Hub.current.scope.transaction:
                Hub.current.scope.transaction.set_tag("t", "v")

        label()
        with sentry_sdk.start_transaction(name="t", op="o"):
            with sentry_sdk.start_span(op="s"):
                label()
        """,
        setup="traced",
    ),
    safe(
        "hub/scope-span-start-child",
        "hub-scope",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        def step(name):
            span = Hub.current.scope.span
            if span is None:
                return "untraced"
            with span.start_child(op=name) as child:
                child.set_data("name", name)
            return "traced"

        out(step("outside"))
        with sentry_sdk.start_transaction(name="t", op="o"):
            out(step("inside"))
        """,
        setup="traced",
    ),
    unsafe(
        "hub/scope-stored-and-used-in-a-request",
        "hub-scope",
        """
        import sentry_sdk

        scope = sentry_sdk.Hub.current.scope

        def app(environ, start_response):
            scope.set_tag("leak", "1")
            sentry_sdk.capture_message("inside")
            start_response("200 OK", [])
            return [b""]

        request(app)
        sentry_sdk.capture_message("after")
        """,
        linked=False,
        note="The lookup stays where it was: at import.",
    ),
    # hub.client
    safe(
        "hub/client-options",
        "hub-client",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        def release():
            return Hub.current.client.options["release"]

        out(release(), Hub.current.client.dsn)
        """,
    ),
    safe(
        "hub/client-none-tests",
        "hub-client-truthiness",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        def state():
            out(Hub.current.client is None, Hub.current.client is not None)
            out("on" if Hub.current.client else "off", "off" if not Hub.current.client else "on")

        state()
        sentry_sdk.init()
        state()
        """,
        setup="none",
    ),
    safe(
        "hub/client-test-then-use",
        "hub-client-truthiness hub-client",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        def release():
            if Hub.current.client is None:
                return "off"
            return Hub.current.client.options["release"]

        out(release())
        sentry_sdk.init()
        out(release())
        """,
        setup="none",
    ),
    safe(
        "hub/client-variable-tested",
        "hub-client-truthiness hub-client",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        def release():
            client = Hub.current.client
            if client is not None:
                return client.options["release"]
            return "off"

        out(release())
        sentry_sdk.init()
        out(release())
        """,
        setup="none",
    ),
    safe(
        "hub/client-in-a-conjunction",
        "hub-client-truthiness hub-client",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        def enabled():
            if Hub.current.client and Hub.current.client.dsn:
                return "enabled"
            return "disabled"

        out(enabled())
        sentry_sdk.init()
        out(enabled())
        """,
        setup="none",
    ),
    safe(
        "hub/client-in-a-conjunction-that-is-a-value",
        "hub-client hub-client-truthiness",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        def enabled():
            return bool(Hub.current.client and Hub.current.client.dsn)

        out(enabled())
        sentry_sdk.init()
        out(enabled())
        """,
        setup="none",
    ),
    safe(
        "hub/hub-and-client-in-a-conjunction",
        "hub-client-truthiness",
        """
        import sentry_sdk

        def enabled():
            hub = sentry_sdk.hub.Hub.current
            if hub and hub.client and hub.client.dsn:
                return "enabled"
            return "disabled"

        out(enabled())
        sentry_sdk.init()
        out(enabled())
        """,
        setup="none",
        note="A hub is always true.",
        leaves=("hub-current",),
    ),
    safe(
        "hub/client-closed-at-the-end",
        "hub-client-truthiness hub-client",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        def stop():
            if Hub.current.client:
                Hub.current.client.close(timeout=1)
                return "closed"
            return "nothing to close"

        out(stop())
        sentry_sdk.init()
        sentry_sdk.capture_message("bye")
        out(stop())
        """,
        setup="none",
    ),
    safe(
        "hub/client-transport",
        "hub-client",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        def transport():
            return type(Hub.current.client.transport).__name__

        out(transport())
        sentry_sdk.capture_message("x")
        """,
    ),
    safe(
        "hub/flush",
        "hub-flush",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        def stop():
            sentry_sdk.capture_message("last words")
            Hub.current.flush(timeout=0.1)

        stop()
        """,
    ),
    safe(
        "hub/client-flush",
        "hub-flush",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        def stop():
            sentry_sdk.capture_message("last words")
            Hub.current.client.flush()

        stop()
        """,
    ),
    safe(
        "hub/get-integration",
        "hub-get-integration",
        """
        from sentry_sdk import Hub
        from sentry_sdk.integrations.logging import LoggingIntegration
        from sentry_sdk.integrations.threading import ThreadingIntegration

        def active():
            return (
                Hub.current.get_integration(LoggingIntegration) is not None,
                Hub.current.get_integration(ThreadingIntegration) is None,
                Hub.current.get_integration("logging") is not None,
            )

        out(active())
        """,
        setup="logging",
    ),
    safe(
        "hub/get-integration-without-client",
        "hub-get-integration",
        """
        from sentry_sdk import Hub

        def active():
            return Hub.current.get_integration("logging")

        out(active())
        """,
        setup="none",
    ),
    unsafe(
        "hub/last-event-id",
        "hub-last-event-id",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        def page():
            sentry_sdk.capture_message("x")
            return Hub.current.last_event_id()

        out(Hub.current.last_event_id())
        out(page())
        """,
    ),
    safe(
        "hub/last-event-id-after-a-capture",
        "hub-last-event-id",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        def page():
            sentry_sdk.capture_message("x")
            return Hub.current.last_event_id()

        out(page())
        """,
    ),
    differs(
        "hub/last-event-id-after-a-pushed-scope",
        "hub-last-event-id",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        def page():
            with Hub.current.push_scope():
                sentry_sdk.set_tag("a", "1")
                sentry_sdk.capture_message("x")
            return Hub.current.last_event_id()

        out(page())
        """,
        differs="out",
    ),
    # spans
    safe(
        "hub/start-transaction-and-span",
        "hub-start-transaction hub-start-span",
        """
        from sentry_sdk import Hub

        def run():
            with Hub.current.start_transaction(name="t", op="task"):
                with Hub.current.start_span(op="step") as span:
                    span.set_data("rows", 3)

        run()
        """,
        setup="traced",
    ),
    safe(
        "hub/start-span-with-description",
        "hub-start-span span-description",
        """
        from sentry_sdk import Hub

        def run():
            hub = Hub.current
            with hub.start_transaction(name="t", op="task"):
                with hub.start_span(op="db", description="SELECT 1"):
                    hub.capture_message("inside")

        run()
        """,
        setup="traced",
    ),
    safe(
        "hub/start-transaction-sampling-context",
        "hub-start-transaction",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        def sampler(context):
            out(context.get("priority"))
            return 1.0

        sentry_sdk.init(default_integrations=False, traces_sampler=sampler)

        def run():
            transaction = Hub.current.start_transaction(
                name="t", custom_sampling_context={"priority": 5}
            )
            transaction.finish()

        run()
        """,
        setup="none",
    ),
    safe(
        "hub/continue-trace",
        "hub-continue-trace",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        INCOMING = {"sentry-trace": "a" * 32 + "-" + "b" * 16 + "-1"}

        def handle():
            transaction = Hub.current.continue_trace(INCOMING, op="o", name="n", source="route")
            with sentry_sdk.start_transaction(transaction):
                sentry_sdk.capture_message("inside")
            out(transaction.trace_id == "a" * 32, transaction.parent_span_id == "b" * 16)

        handle()
        """,
        setup="traced",
    ),
    safe(
        "hub/trace-headers",
        "hub-trace-propagation",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        def headers():
            return dict(Hub.current.iter_trace_propagation_headers())["sentry-trace"]

        out(headers())
        sentry_sdk.capture_message("of the same trace")
        with sentry_sdk.start_transaction(name="t", op="o"):
            out(headers(), Hub.current.get_traceparent())
        """,
        setup="traced",
    ),
    safe(
        "hub/trace-headers-of-a-span",
        "hub-trace-propagation",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        def headers(span):
            return dict(Hub.current.iter_trace_propagation_headers(span=span))["sentry-trace"]

        with sentry_sdk.start_transaction(name="t", op="o"):
            with sentry_sdk.start_span(op="s") as span:
                pass
            out(headers(span))
        """,
        setup="traced",
    ),
    safe(
        "hub/trace-meta",
        "hub-trace-propagation",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        def meta():
            return "sentry-trace" in Hub.current.trace_propagation_meta()

        out(meta(), bool(Hub.current.get_baggage()))
        """,
        setup="traced",
    ),
    # sessions
    safe(
        "hub/sessions",
        "hub-sessions",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        def run():
            Hub.current.start_session(session_mode="application")
            try:
                raise ValueError("in the session")
            except ValueError:
                sentry_sdk.capture_exception()
            Hub.current.end_session()

        run()
        """,
        note="The session's own item is compared: its errors and its status.",
    ),
    safe(
        "hub/sessions-through-a-variable",
        "hub-sessions",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        def run():
            hub = Hub.current
            hub.start_session()
            sentry_sdk.set_user({"id": "u1"})
            hub.end_session()

        run()
        """,
        note="The user set later is the session's, too.",
    ),
    safe(
        "hub/sessions-tracking-switched",
        "hub-sessions",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        def run():
            Hub.current.stop_auto_session_tracking()
            Hub.current.resume_auto_session_tracking()
            sentry_sdk.capture_message("x")

        run()
        """,
    ),
    # hub.configure_scope, hub.push_scope
    safe(
        "hub/configure-scope",
        "hub-configure-scope",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        def fill():
            with Hub.current.configure_scope() as scope:
                scope.set_tag("a", "1")
            Hub.current.configure_scope(lambda scope: scope.set_tag("b", "1"))

        fill()
        sentry_sdk.capture_message("x")
        """,
    ),
    safe(
        "hub/configure-scope-through-a-variable",
        "hub-configure-scope hub-capture",
        """
        from sentry_sdk import Hub

        def report(user):
            hub = Hub.current
            with hub.configure_scope() as scope:
                scope.set_user({"id": user})
                scope.set_transaction_name("reports")
            hub.capture_message("x")

        report("u1")
        """,
        leaves=("configure-scope-transaction-access",),
    ),
    safe(
        "hub/push-scope",
        "hub-push-scope hub-capture",
        """
        from sentry_sdk import Hub

        def report(user):
            with Hub.current.push_scope() as scope:
                scope.set_user({"id": user})
                Hub.current.capture_message("inside")
            Hub.current.capture_message("outside")

        report("u1")
        """,
    ),
    safe(
        "hub/push-scope-through-a-variable",
        "hub-push-scope hub-capture",
        """
        from sentry_sdk import Hub

        def report(user):
            hub = Hub.current
            with hub.push_scope() as scope:
                scope.set_tag("user", user)
                hub.add_breadcrumb(message="inside only")
                hub.capture_message("inside")
            hub.capture_message("outside")

        report("u1")
        """,
    ),
    safe(
        "hub/push-scope-callback",
        "hub-push-scope",
        """
        from sentry_sdk import Hub, capture_message

        def send(scope):
            scope.set_tag("b", "1")
            capture_message("inside")

        def report():
            Hub.current.push_scope(send)
            capture_message("outside")

        report()
        """,
    ),
    safe(
        "hub/scopes-with-continue-trace-keyword",
        "hub-push-scope hub-configure-scope",
        """
        from sentry_sdk import Hub, capture_message

        def report():
            with Hub.current.push_scope(continue_trace=True) as scope:
                scope.set_tag("pushed", "1")
                capture_message("inside")
            with Hub.current.configure_scope(continue_trace=True) as scope:
                scope.set_tag("configured", "1")
            capture_message("outside")

        report()
        """,
    ),
    # with hub, hub.run
    safe(
        "hub/with-current",
        "hub-with-current",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        def run():
            with Hub.current:
                sentry_sdk.set_tag("a", "1")
                sentry_sdk.capture_message("inside")

        run()
        sentry_sdk.capture_message("after")
        """,
    ),
    safe(
        "hub/with-current-as",
        "hub-with-current hub-capture hub-scope",
        """
        from sentry_sdk import Hub

        def run():
            with Hub.current as hub:
                hub.scope.set_tag("a", "1")
                hub.capture_message("inside")
            hub.capture_message("after")

        run()
        """,
    ),
    safe(
        "hub/run-on-the-current-hub",
        "hub-run",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        def work():
            sentry_sdk.set_tag("a", "1")
            return 5

        def run():
            return Hub.current.run(work)

        out(run())
        sentry_sdk.capture_message("after")
        """,
    ),
    safe(
        "hub/run-on-a-clone",
        "hub-run",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        def work():
            sentry_sdk.set_tag("a", "1")
            sentry_sdk.capture_message("inside")
            return 5

        def run():
            value = Hub(Hub.current).run(work)
            return value

        out(run())
        sentry_sdk.capture_message("after")
        """,
    ),
    safe(
        "hub/run-on-a-clone-as-a-statement",
        "hub-run",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        def work():
            sentry_sdk.set_tag("a", "1")
            sentry_sdk.capture_message("inside")

        def run():
            Hub(Hub.current).run(work)

        run()
        sentry_sdk.capture_message("after")
        """,
    ),
    manual(
        "hub/run-on-a-clone-in-an-expression",
        "hub-run",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        def work():
            sentry_sdk.set_tag("a", "1")
            return 5

        out([Hub(Hub.current).run(work), Hub(Hub.current).run(work)])
        sentry_sdk.capture_message("after")
        """,
    ),
    # bind_client
    safe(
        "hub/bind-client-at-module-level",
        "hub-bind-client",
        """
        import sentry_sdk
        from sentry_sdk import Client, Hub

        Hub.current.bind_client(Client(release="r2", default_integrations=False))
        sentry_sdk.capture_message("from the second client")
        """,
    ),
    safe(
        "hub/unbind-client",
        "hub-bind-client",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        sentry_sdk.capture_message("bound")
        Hub.current.bind_client(None)
        sentry_sdk.capture_message("dropped")
        """,
    ),
    unsafe(
        "hub/bind-client-in-a-pushed-scope",
        "hub-bind-client push-scope-with",
        """
        import sentry_sdk
        from sentry_sdk import Client, Hub

        def report():
            with sentry_sdk.push_scope():
                Hub.current.bind_client(Client(release="r2", default_integrations=False))
                sentry_sdk.capture_message("from the second client")
            sentry_sdk.capture_message("from the first")

        report()
        """,
        note="In 2.x bind_client() replaces the client of the whole process.",
    ),
    unsafe(
        "hub/bind-client-in-a-clone",
        "hub-bind-client hub-clone-with",
        """
        import sentry_sdk
        from sentry_sdk import Client, Hub

        def report():
            with Hub(Hub.current) as hub:
                hub.bind_client(Client(release="r2", default_integrations=False))
                sentry_sdk.capture_message("from the second client")
            sentry_sdk.capture_message("from the first")

        report()
        """,
    ),
    unsafe(
        "hub/unbind-client-in-a-clone",
        "hub-bind-client hub-clone-with",
        """
        from contextlib import contextmanager
        import sentry_sdk
        from sentry_sdk import Hub

        @contextmanager
        def quiet():
            with Hub(Hub.current) as hub:
                hub.bind_client(None)
                yield

        with quiet():
            sentry_sdk.set_tag("a", "b")
            sentry_sdk.capture_message("nowhere")
        sentry_sdk.capture_message("after")
        """,
    ),
    unsafe(
        "hub/unbind-client-in-a-pushed-scope",
        "hub-bind-client push-scope-with",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        def report():
            with sentry_sdk.push_scope():
                Hub.current.bind_client(new=None)
                sentry_sdk.capture_message("nowhere")
            sentry_sdk.capture_message("after")

        report()
        """,
    ),
    unsafe(
        "hub/unbind-client-of-a-kept-clone",
        "hub-bind-client hub-clone-object",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        class Quiet:
            def __init__(self):
                self._hub = Hub(Hub.current)
                self._hub.bind_client(None)

            def work(self):
                with self._hub:
                    sentry_sdk.capture_message("nowhere")

        def main():
            Quiet().work()
            sentry_sdk.capture_message("after")

        main()
        """,
    ),
    differs(
        "hub/bind-client-in-two-threads",
        "hub-bind-client",
        """
        import threading
        import sentry_sdk
        from sentry_sdk import Client, Hub

        both_bound = threading.Barrier(2)
        turns = [threading.Event(), threading.Event()]
        turns[0].set()

        def setup_tenant(number):
            turns[number].wait()
            Hub.current.bind_client(Client(release=f"r{number}", default_integrations=False))
            turns[1].set()

        def tenant(number):
            setup_tenant(number)
            both_bound.wait()
            if number == 0:
                sentry_sdk.capture_message("from the client of the first thread")

        threads = [threading.Thread(target=tenant, args=(number,)) for number in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        """,
        differs="sent[0].release: 'r0' became 'r1'",
        note="What the function is called says nothing of which threads call it.",
    ),
    # hubs that are kept
    unsafe(
        "hub/attribute-of-an-object",
        "hub-capture",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        class Reporter:
            def __init__(self):
                self.hub = Hub.current

            def report(self, text):
                self.hub.add_breadcrumb(message="about to report")
                return self.hub.capture_message(text)

        out(bool(Reporter().report("x")))
        sentry_sdk.capture_message("after")
        """,
    ),
    safe(
        "hub/parameter-with-annotation",
        "hub-capture",
        """
        from sentry_sdk import Hub, capture_message

        def report(hub: Hub, text: str) -> None:
            hub.capture_message(text)

        report(Hub.current, "x")
        capture_message("after")
        """,
        leaves=("hub-current", "hub-import"),
    ),
    manual(
        "hub/private-stack",
        "hub-private",
        """
        from sentry_sdk import Hub, capture_message

        def top():
            client, scope = Hub.current._stack[-1]
            return client is not None

        out(top())
        """,
    ),
    # What code waits for that a fix takes away
    unsafe(
        "hub/flush-where-none-is-caught",
        "hub-flush",
        """
        from sentry_sdk import Hub

        try:
            Hub.current.client.flush()
            out("on")
        except AttributeError:
            out("off")
        """,
    ),
    differs(
        "hub/flush-without-init-where-none-is-caught",
        "hub-flush",
        """
        from sentry_sdk import Hub

        try:
            Hub.current.client.flush()
        except AttributeError:
            out("off")
        """,
        "out",
        setup="none",
    ),
    differs(
        "hub/last-event-id-of-a-clone-without-an-event",
        "hub-clone-with",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        def report(failed):
            with Hub(Hub.current):
                if failed:
                    sentry_sdk.capture_message("m")
                return sentry_sdk.last_event_id()

        sentry_sdk.capture_message("before")
        out(report(False) is None)
        """,
        "out",
    ),
    safe(
        "hub/last-event-id-of-a-clone-with-an-event",
        "hub-clone-with",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        def report():
            with Hub(Hub.current):
                sentry_sdk.capture_message("m")
                out(sentry_sdk.last_event_id() is None)
            return sentry_sdk.last_event_id()

        out(report() is None)
        """,
    ),
)
