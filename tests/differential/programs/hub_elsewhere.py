"""Hubs and their methods that are used elsewhere than they were taken."""

from differential.program import differs, manual, safe, unsafe

TABLE = (
    unsafe(
        "elsewhere/method-in-a-name",
        "hub-capture",
        """
        from sentry_sdk import Hub

        capture = Hub.current.capture_exception

        def report(error):
            capture(error)

        report(ValueError("x"))
        """,
    ),
    unsafe(
        "elsewhere/method-in-an-attribute",
        "hub-capture",
        """
        from sentry_sdk import Hub

        class Reporter:
            def __init__(self):
                self.capture = Hub.current.capture_message

            def report(self, text):
                self.capture(text)

        Reporter().report("x")
        """,
    ),
    differs(
        "elsewhere/method-becomes-a-class-attribute",
        "hub-capture",
        """
        from sentry_sdk import Hub

        def make(report):
            class Reporter:
                pass

            Reporter.report = report
            return Reporter()

        make(Hub.current.capture_message).report("x")
        """,
        differs="message",
    ),
    differs(
        "elsewhere/method-runs-in-another-hub",
        "hub-capture hub-clone-with",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        handlers = [Hub.current.capture_message]

        def handle(text):
            with Hub(Hub.current):
                sentry_sdk.set_tag("inner", "1")
                for handler in handlers:
                    handler(text)

        handle("x")
        """,
        differs="inner",
    ),
    unsafe(
        "elsewhere/one-line-suites",
        "hub-capture hub-current hub-current",
        """
        from sentry_sdk import Hub

        class Reporter:
            def __init__(self): self.hub = Hub.current

            def report(self, text): self.hub.capture_message(text)

        def report(text): hub = Hub.current; hub.capture_message(text)

        Reporter().report("x")
        report("y")
        """,
    ),
    safe(
        "elsewhere/run-in-parentheses",
        "hub-run",
        """
        from sentry_sdk import Hub, capture_message

        def work():
            capture_message("x")

        def start():
            (Hub(Hub.current).run(work))

        start()
        """,
    ),
    safe(
        "elsewhere/headers-of-a-span-without-its-name",
        "hub-trace-propagation",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        def headers(span):
            return dict(Hub.current.iter_trace_propagation_headers(span))

        transaction = sentry_sdk.start_transaction(name="t")
        out(headers(transaction)["sentry-trace"].startswith(transaction.trace_id))
        """,
        setup="traced",
    ),
    unsafe(
        "elsewhere/last-event-id-in-another-function",
        "hub-capture hub-last-event-id",
        """
        from sentry_sdk import Hub

        def capture():
            return Hub.current.capture_message("x")

        def last():
            return Hub.current.last_event_id()

        event = capture()
        out(last() == event)
        """,
    ),
    differs(
        "elsewhere/clone-of-an-attribute",
        "hub-clone-with",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        class Consumer:
            def __init__(self):
                self.hub = Hub.current

            def handle(self, message):
                with Hub(self.hub):
                    sentry_sdk.set_tag("message", message)
                    sentry_sdk.capture_message("handled")

        consumer = Consumer()

        def request(number):
            with Hub(Hub.current):
                sentry_sdk.set_tag("request", number)
                consumer.handle("m")

        request(1)
        """,
        differs="request",
    ),
    differs(
        "elsewhere/clone-of-an-attribute-run",
        "hub-run hub-clone-with",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        KEPT = Hub.current

        def work():
            sentry_sdk.capture_message("handled")

        def request(number):
            with Hub(Hub.current):
                sentry_sdk.set_tag("request", number)
                Hub(KEPT).run(work)

        request(1)
        """,
        differs="request",
    ),
    manual(
        "elsewhere/clone-of-main",
        "hub-clone-with hub-main",
        """
        from sentry_sdk import Hub, capture_message

        def work():
            with Hub(Hub.main):
                capture_message("x")

        work()
        """,
    ),
    differs(
        "elsewhere/generator-goes-on-in-another-hub",
        "hub-capture",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        def reporting():
            hub = Hub.current
            while True:
                yield
                hub.capture_message("x")

        reports = reporting()
        next(reports)
        with Hub(Hub.current):
            sentry_sdk.set_tag("inner", "1")
            next(reports)
        """,
        differs="inner",
    ),
    differs(
        "elsewhere/generator-expression",
        "hub-capture",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        def reporting(texts):
            hub = Hub.current
            return (hub.capture_message(text) for text in texts)

        reports = reporting(["x"])
        with Hub(Hub.current):
            sentry_sdk.set_tag("inner", "1")
            next(reports)
        """,
        differs="inner",
    ),
    differs(
        "elsewhere/clone-entered-by-an-exit-stack",
        "hub-capture",
        """
        import contextlib

        import sentry_sdk
        from sentry_sdk import Hub

        def work():
            hub = Hub.current
            with contextlib.ExitStack() as stack:
                stack.enter_context(Hub(Hub.current))
                sentry_sdk.set_tag("inner", "1")
                hub.capture_message("x")

        work()
        """,
        differs="inner",
    ),
    differs(
        "elsewhere/init-in-a-cloned-hub",
        "hub-clone-with",
        """
        import sentry_sdk

        def check():
            with sentry_sdk.Hub(sentry_sdk.Hub.current):
                sentry_sdk.init(release="inner", default_integrations=False)
                sentry_sdk.capture_message("in")
            sentry_sdk.capture_message("out")

        check()
        """,
        differs="release",
    ),
    differs(
        "elsewhere/continued-trace-without-a-source",
        "hub-continue-trace",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        INCOMING = {"sentry-trace": "a" * 32 + "-" + "b" * 16 + "-1"}

        def handle():
            transaction = Hub.current.continue_trace(INCOMING, op="o", name="n")
            with sentry_sdk.start_transaction(transaction):
                pass

        handle()
        """,
        setup="traced",
        differs="source",
    ),
    safe(
        "hub-parameter/with-a-comment-for-its-type",
        "hub-current hub-capture hub-scope",
        """
        from sentry_sdk import Hub

        def note(hub, name):
            # type: (Hub, str) -> None
            hub.scope.set_tag("name", name)
            hub.capture_message("noted")

        def run():
            hub = Hub.current
            note(hub, "a")
            note(hub, "b")

        run()
        """,
    ),
    unsafe(
        "hub-parameter/with-a-default",
        "hub-current hub-capture",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        def note(name, hub=Hub.current):
            hub.capture_message(name)

        note("a")
        sentry_sdk.set_tag("b", "1")
        note("b")
        """,
    ),
    safe(
        "hub-parameter/from-function-to-function",
        "hub-current hub-capture hub-add-breadcrumb hub-scope",
        """
        from sentry_sdk import Hub

        def tell(hub, message):
            hub.add_breadcrumb(message=message)
            hub.scope.set_tag("told", message)

        def note(hub, message, level=None):
            tell(hub, message)
            out(hub.capture_message(message, level=level) is not None)

        def run():
            hub = Hub.current
            note(hub, "by variable", level="info")
            note(Hub.current, message="directly")

        run()
        """,
    ),
    safe(
        "hub-parameter/of-a-block",
        "hub-clone-with hub-capture hub-client hub-scope",
        """
        import sentry_sdk
        from sentry_sdk import Hub
        from sentry_sdk.utils import event_from_exception

        def report(hub, error):
            event, hint = event_from_exception(error, client_options=hub.client.options)
            hub.capture_event(event, hint=hint)

        def run():
            with Hub(Hub.current) as hub:
                hub.scope.set_tag("in", "the block")
                try:
                    1 / 0
                except ZeroDivisionError as error:
                    report(hub, error)
            sentry_sdk.capture_message("behind it")

        run()
        """,
    ),
    safe(
        "hub-parameter/with-spans",
        "hub-import hub-start-span",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        def traced(hub: Hub, work):
            with hub.start_span(op="work"):
                work()

        def run():
            with sentry_sdk.start_transaction(name="t", op="test"):
                traced(Hub.current, lambda: sentry_sdk.capture_message("inside"))

        run()
        """,
        setup="traced",
    ),
    unsafe(
        "hub-parameter/of-a-thread",
        "hub-capture hub-current hub-import",
        """
        from threading import Thread
        from sentry_sdk import Hub

        def note(hub: Hub, message):
            hub.capture_message(message)

        def run():
            thread = Thread(target=note, args=(Hub.current, "from the thread"))
            thread.start()
            thread.join()

        run()
        """,
    ),
)
