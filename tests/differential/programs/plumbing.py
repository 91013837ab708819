"""Transports, integrations, imports of inner names, and the old metrics."""

from differential.program import differs, manual, safe, silent, unsafe

TABLE = (
    # transports
    unsafe(
        "transport/function",
        "transport-function",
        """
        import sentry_sdk

        events = []
        sentry_sdk.init(
            "https://key@sentry.invalid/1", transport=events.append, default_integrations=False
        )
        sentry_sdk.capture_message("x")
        out([event["message"] for event in events])
        """,
        setup="none",
    ),
    unsafe(
        "transport/instance",
        "transport-function",
        """
        import sentry_sdk

        class Memory:
            def __init__(self):
                self.messages = []

            def __call__(self, event):
                self.messages.append(event["message"])

        memory = Memory()
        sentry_sdk.init(
            "https://key@sentry.invalid/1", transport=memory, default_integrations=False
        )
        sentry_sdk.capture_message("x")
        out(memory.messages)
        """,
        setup="none",
    ),
    unsafe(
        "transport/lambda",
        "transport-function",
        """
        import sentry_sdk

        events = []
        sentry_sdk.init(
            "https://key@sentry.invalid/1",
            transport=lambda event: events.append(event["level"]),
            default_integrations=False,
        )
        sentry_sdk.capture_message("x", level="warning")
        out(events)
        """,
        setup="none",
    ),
    unsafe(
        "transport/without-capture-envelope",
        "transport-abstract",
        """
        import sentry_sdk
        from sentry_sdk.transport import Transport

        events = []

        class Memory(Transport):
            def capture_event(self, event):
                events.append(event["message"])

        sentry_sdk.init(
            "https://key@sentry.invalid/1", transport=Memory, default_integrations=False
        )
        sentry_sdk.capture_message("x")
        out(events)
        """,
        setup="none",
    ),
    unsafe(
        "transport/both-methods",
        "transport-capture-event-dead",
        """
        import sentry_sdk
        from sentry_sdk.transport import Transport

        events = []

        class Memory(Transport):
            def capture_event(self, event):
                events.append(event["message"])

            def capture_envelope(self, envelope):
                pass

        sentry_sdk.init(
            "https://key@sentry.invalid/1", transport=Memory, default_integrations=False
        )
        sentry_sdk.capture_message("x")
        out(events)
        """,
        setup="none",
        note="Left alone, every error goes to the method that drops it in 2.x.",
    ),
    unsafe(
        "transport/both-methods-and-everything-sent",
        "transport-capture-event-dead configure-scope-with",
        """
        import sentry_sdk
        from sentry_sdk.transport import HttpTransport

        seen = []

        class Memory(HttpTransport):
            def capture_event(self, event, *args, **kwargs):
                seen.append(event["message"])

            def capture_envelope(this, sent, *args, **kwargs):
                '''Keeps the types.'''
                # with an attachment it has two items
                seen.append(type(sent).__name__)

        sentry_sdk.init(
            "https://key@sentry.invalid/1",
            transport=Memory,
            default_integrations=False,
        )
        sentry_sdk.capture_message("x")
        sentry_sdk.add_breadcrumb(message="b")
        with sentry_sdk.configure_scope() as scope:
            scope.add_attachment(bytes=b"z", filename="a.txt")
        sentry_sdk.capture_message("z")
        out(seen)
        """,
        setup="none",
    ),
    manual(
        "transport/patched-capture-event",
        "transport-capture-event-dead",
        """
        from unittest import mock
        import sentry_sdk

        with mock.patch("sentry_sdk.transport.HttpTransport.capture_event") as patched:
            sentry_sdk.init("https://key@sentry.invalid/1", default_integrations=False)
            sentry_sdk.capture_message("x")
        out(patched.called)
        """,
        setup="none",
    ),
    manual(
        "transport/patched-on-the-transport",
        "transport-capture-event-dead",
        """
        from unittest import mock
        import sentry_sdk
        from sentry_sdk.transport import Transport

        class Memory(Transport):
            def capture_envelope(self, envelope):
                pass

        client = sentry_sdk.Client(
            "https://key@sentry.invalid/1", transport=Memory, default_integrations=False
        )
        events = []
        client.transport.capture_event = None
        with mock.patch.object(client.transport, "capture_event", events.append):
            client.capture_event({"message": "x"})
        out([event["message"] for event in events])
        """,
        setup="none",
    ),
    unsafe(
        "transport/http-sub-class",
        "transport-capture-event-dead",
        """
        import sentry_sdk
        from sentry_sdk.transport import HttpTransport

        seen = []

        class Counting(HttpTransport):
            def capture_event(self, event):
                seen.append(event["message"])

            def _send_envelope(self, envelope):
                seen.append([item.headers["type"] for item in envelope.items])

        sentry_sdk.init(
            "https://key@sentry.invalid/1",
            transport=Counting,
            default_integrations=False,
        )
        sentry_sdk.capture_message("x")
        sentry_sdk.Hub.current.start_session()
        sentry_sdk.Hub.current.end_session()
        sentry_sdk.flush()
        out(seen)
        """,
        setup="none",
    ),
    manual(
        "transport/http-sub-class-that-sends",
        "transport-capture-event-dead",
        """
        import sentry_sdk
        from sentry_sdk.transport import HttpTransport

        seen = []

        class Counting(HttpTransport):
            def capture_event(self, event):
                seen.append(event["message"])
                super().capture_event(event)

        sentry_sdk.init(
            "https://key@sentry.invalid/1", transport=Counting, default_integrations=False
        )
        sentry_sdk.capture_message("x")
        out(seen)
        """,
        setup="none",
        note="In 2.x the original wraps the event in an envelope and calls `capture_envelope()`.",
    ),
    unsafe(
        "transport/record-lost-event",
        "transport-record-lost-event transport-capture-event-dead",
        """
        import sentry_sdk
        from sentry_sdk.transport import Transport

        lost = []

        class Memory(Transport):
            def capture_event(self, event):
                pass

            def capture_envelope(self, envelope):
                pass

            def record_lost_event(self, reason, data_category=None, item=None):
                lost.append((reason, data_category))

        sentry_sdk.init(
            "https://key@sentry.invalid/1",
            transport=Memory,
            default_integrations=False,
            before_send=lambda event, hint: None,
        )
        sentry_sdk.capture_message("x")
        out(lost)
        """,
        setup="none",
    ),
    manual(
        "transport/pool-options",
        "httptransport-private",
        """
        import sentry_sdk
        from sentry_sdk.transport import HttpTransport

        class Pooled(HttpTransport):
            def _get_pool_options(self, ca_certs):
                options = super()._get_pool_options(ca_certs)
                options["num_pools"] = 7
                return options

        sentry_sdk.init(
            "https://key@sentry.invalid/1", transport=Pooled, default_integrations=False
        )
        out(sentry_sdk.Hub.current.client.transport._get_pool_options(None)["num_pools"])
        """,
        setup="none",
        leaves=("hub-client",),
    ),
    safe(
        "auth/api-url",
        "auth-api-url",
        """
        from sentry_sdk.utils import Dsn

        auth = Dsn("https://key@sentry.invalid/1").to_auth()
        out(auth.get_api_url("envelope"))
        """,
        note="The default became the envelope endpoint.",
    ),
    manual(
        "auth/store-api-url",
        "auth-api-url",
        """
        from sentry_sdk.utils import Dsn

        auth = Dsn("https://key@sentry.invalid/1").to_auth()
        out(auth.store_api_url)
        """,
    ),
    # integrations
    differs(
        "integration/install",
        "integration-install",
        """
        import sentry_sdk
        from sentry_sdk.integrations import Integration

        class Own(Integration):
            identifier = "own"

            def install(self):
                out("installed")

        sentry_sdk.init(default_integrations=False, integrations=[Own()])
        out(sentry_sdk.Hub.current.get_integration(Own) is not None)
        """,
        setup="none",
        differs="out",
        note="In 1.x such an integration is installed but never found.",
    ),
    safe(
        "threading/propagate-hub-true",
        "threading-propagate-hub",
        """
        import threading
        import sentry_sdk
        from sentry_sdk.integrations.threading import ThreadingIntegration

        sentry_sdk.init(
            default_integrations=False,
            integrations=[ThreadingIntegration(propagate_hub=True)],
        )

        def work():
            sentry_sdk.set_tag("thread", "1")
            sentry_sdk.capture_message("in the thread")

        sentry_sdk.set_tag("main", "1")
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
        sentry_sdk.capture_message("in the main thread")
        """,
        setup="none",
    ),
    safe(
        "threading/propagate-hub-true-in-a-request",
        "threading-propagate-hub",
        """
        import threading
        import sentry_sdk
        from sentry_sdk.integrations.threading import ThreadingIntegration

        sentry_sdk.init(
            default_integrations=False,
            integrations=[ThreadingIntegration(propagate_hub=True)],
        )

        def app(environ, start_response):
            sentry_sdk.set_tag("request", "1")
            thread = threading.Thread(target=sentry_sdk.capture_message, args=("in the thread",))
            thread.start()
            thread.join()
            start_response("200 OK", [])
            return [b""]

        request(app, "/threads")
        """,
        setup="none",
        linked=False,
    ),
    safe(
        "threading/propagate-hub-positional",
        "threading-propagate-hub",
        """
        import threading
        import sentry_sdk
        from sentry_sdk.integrations.threading import ThreadingIntegration

        sentry_sdk.init(default_integrations=False, integrations=[ThreadingIntegration(True)])
        sentry_sdk.set_tag("main", "1")
        thread = threading.Thread(target=sentry_sdk.capture_message, args=("in the thread",))
        thread.start()
        thread.join()
        """,
        setup="none",
    ),
    differs(
        "threading/propagate-hub-false",
        "threading-propagate-hub",
        """
        import threading
        import sentry_sdk
        from sentry_sdk.integrations.threading import ThreadingIntegration

        sentry_sdk.init(
            default_integrations=False,
            integrations=[ThreadingIntegration(propagate_hub=False)],
        )
        sentry_sdk.set_tag("main", "1")
        thread = threading.Thread(target=sentry_sdk.capture_message, args=("in the thread",))
        thread.start()
        thread.join()
        """,
        setup="none",
        differs="tags",
        note="A thread of 1.x still sees what the main thread had set.",
    ),
    manual(
        "threading/default",
        "threading-default-flip",
        """
        import threading
        import sentry_sdk
        from sentry_sdk.integrations.threading import ThreadingIntegration

        sentry_sdk.init(default_integrations=False, integrations=[ThreadingIntegration()])

        def app(environ, start_response):
            sentry_sdk.set_tag("request", "1")
            thread = threading.Thread(target=sentry_sdk.capture_message, args=("in the thread",))
            thread.start()
            thread.join()
            start_response("200 OK", [])
            return [b""]

        request(app)
        """,
        setup="none",
    ),
    safe(
        "django/positional-arguments",
        "django-positional",
        """
        import sentry_sdk
        from sentry_sdk.integrations.django import DjangoIntegration

        integration = DjangoIntegration("url", True, False, True, ["quiet"])
        out(integration.transaction_style, integration.middleware_spans)
        out(integration.signals_spans, integration.cache_spans, integration.signals_denylist)
        """,
        setup="none",
    ),
    differs(
        "redis/max-data-size",
        "redis-max-data-size",
        """
        from sentry_sdk.integrations.redis import RedisIntegration

        out(RedisIntegration(max_data_size=512).max_data_size)
        """,
        setup="none",
        differs="out",
    ),
    manual(
        "scrubber/denylist",
        "scrubber-denylist",
        """
        import sentry_sdk
        from sentry_sdk.scrubber import DEFAULT_DENYLIST, EventScrubber

        sentry_sdk.init(
            default_integrations=False,
            event_scrubber=EventScrubber(denylist=DEFAULT_DENYLIST + ["pin"]),
        )
        sentry_sdk.set_extra("pin", "1234")
        sentry_sdk.capture_message("x")
        """,
        setup="none",
    ),
    safe(
        "sessions/auto-session-tracking",
        "sessions-auto-tracking",
        """
        import sentry_sdk
        from sentry_sdk import Hub
        from sentry_sdk.sessions import auto_session_tracking

        def handle():
            with auto_session_tracking(Hub.current, session_mode="request"):
                try:
                    raise ValueError("in the request")
                except ValueError:
                    sentry_sdk.capture_exception()

        handle()
        """,
    ),
    manual(
        "sessions/is-enabled",
        "sessions-auto-tracking",
        """
        from sentry_sdk import Hub
        from sentry_sdk.sessions import is_auto_session_tracking_enabled

        out(is_auto_session_tracking_enabled(Hub.current))
        """,
    ),
    safe(
        "debug/configure-debug-hub",
        "configure-debug-hub",
        """
        import sentry_sdk
        from sentry_sdk.debug import configure_debug_hub

        def start():
            configure_debug_hub()
            sentry_sdk.set_tag("debug", "on")

        start()
        sentry_sdk.capture_message("x")
        """,
    ),
    # inner names that moved
    safe(
        "import/scope-from-hub",
        "import-hub-init",
        """
        import sentry_sdk
        from sentry_sdk.hub import Scope

        scope = Scope()
        scope.set_tag("own", "1")
        sentry_sdk.capture_message("x", scope=scope)
        """,
    ),
    safe(
        "import/should-send-default-pii",
        "import-hub-init",
        """
        from sentry_sdk.hub import _should_send_default_pii

        def user():
            return "ann" if _should_send_default_pii() else "hidden"

        out(user())
        """,
    ),
    safe(
        "import/reraise",
        "import-compat",
        """
        import sys
        import sentry_sdk
        from sentry_sdk._compat import reraise

        def run():
            try:
                raise ValueError("first")
            except ValueError:
                details = sys.exc_info()
                sentry_sdk.capture_exception(details)
            reraise(*details)

        try:
            run()
        except ValueError as error:
            out(str(error))
        """,
    ),
    safe(
        "import/text-type",
        "import-compat",
        """
        from sentry_sdk._compat import string_types, text_type

        out(text_type(5), isinstance("x", string_types))
        """,
    ),
    safe(
        "left-over-import/never-used",
        "left-over-import",
        """
        from sentry_sdk import capture_message, configure_scope, push_scope

        def report():
            from sentry_sdk import push_scope, set_tag
            set_tag("a", "b")
            capture_message("x")

        report()
        """,
    ),
    unsafe(
        "left-over-import/offered",
        "left-over-import",
        """
        from sentry_sdk import capture_message, push_scope

        __all__ = ["capture_message", "push_scope"]
        capture_message("x")
        """,
    ),
    safe(
        "import/functools",
        "import-removed-modules",
        """
        import sentry_sdk
        from sentry_sdk._functools import wraps

        def traced(function):
            @wraps(function)
            def call(*args):
                sentry_sdk.capture_message(function.__name__)
                return function(*args)
            return call

        @traced
        def work(n):
            return n

        out(work(3), work.__name__)
        """,
    ),
    manual(
        "import/crons-decorator",
        "import-removed-modules",
        """
        from sentry_sdk.crons._decorator import MonitorMixin

        out(MonitorMixin.__name__)
        """,
    ),
    manual(
        "import/moved-utils",
        "import-moved-misc",
        """
        from sentry_sdk.utils import to_base64

        out(to_base64("text"))
        """,
    ),
    safe(
        "import/what-a-module-imported-for-itself",
        "import-moved-misc",
        """
        import sentry_sdk
        from sentry_sdk.client import trace
        from sentry_sdk.integrations.wsgi import Transaction
        from sentry_sdk.sessions import time as clock
        from sentry_sdk.transport import json_dumps
        from sentry_sdk.utils import urlparse

        @trace
        def work():
            return clock.time() > 0

        with sentry_sdk.start_transaction(Transaction(name="job", op="task")):
            out(work(), json_dumps({"a": 1}), urlparse.urlsplit("https://shop.test/a").path)
        """,
        setup="traced",
    ),
    safe(
        "import/compat-by-way-of-other-modules",
        "import-compat",
        """
        from sentry_sdk.serializer import iteritems, string_types
        from sentry_sdk.utils import PY2, text_type

        def tags(values):
            for key, value in iteritems(values):
                yield key, text_type(value), isinstance(value, string_types)

        out(PY2, sorted(tags({"a": 1, "b": "c"})))
        """,
    ),
    safe(
        "import/source-by-way-of-an-integration",
        "transaction-source-constants",
        """
        import sentry_sdk
        from sentry_sdk.integrations.wsgi import TRANSACTION_SOURCE_ROUTE

        with sentry_sdk.start_transaction(name="job", source=TRANSACTION_SOURCE_ROUTE):
            pass
        """,
        setup="traced",
    ),
    manual(
        "import/contextvars-triple",
        "import-moved-misc",
        """
        from sentry_sdk.utils import DEFAULT_MAX_VALUE_LENGTH

        out(DEFAULT_MAX_VALUE_LENGTH)
        """,
    ),
    manual(
        "import/profiler-internals",
        "import-profiler",
        """
        from sentry_sdk.profiler import ThreadScheduler, _scheduler

        out(_scheduler, ThreadScheduler.__name__)
        """,
    ),
    unsafe(
        "consts/cache-get-item",
        "consts-op",
        """
        import sentry_sdk
        from sentry_sdk.consts import OP

        with sentry_sdk.start_transaction(name="t", op="task"):
            with sentry_sdk.start_span(op=OP.CACHE_GET_ITEM):
                pass
        """,
        setup="traced",
    ),
    safe(
        "worker/thread-name",
        "background-worker-name",
        """
        import threading
        import sentry_sdk
        from sentry_sdk.worker import BackgroundWorker

        def alive():
            names = [thread.name for thread in threading.enumerate()]
            return "raven-sentry.BackgroundWorker" in names

        worker = BackgroundWorker()
        worker.start()
        out(alive())
        worker.kill()
        """,
    ),
    # the old metrics
    differs(
        "metrics/increment",
        "metrics-legacy",
        """
        import sentry_sdk
        from sentry_sdk import metrics

        sentry_sdk.init(default_integrations=False, _experiments={"enable_metrics": True})
        metrics.incr("orders", 2)
        sentry_sdk.flush()
        sentry_sdk.capture_message("x")
        """,
        setup="none",
        differs="statsd",
        note="Another product: nothing takes the old items any more.",
    ),
    manual(
        "metrics/set",
        "metrics-legacy",
        """
        import sentry_sdk
        from sentry_sdk import metrics

        metrics.set("users", "ann")
        sentry_sdk.capture_message("x")
        """,
    ),
    manual(
        "metrics/timing",
        "metrics-legacy",
        """
        import sentry_sdk
        from sentry_sdk import metrics

        with metrics.timing("work"):
            sentry_sdk.capture_message("x")
        """,
    ),
    # look-alikes and code for both versions
    silent(
        "look-alike/own-configure-scope",
        """
        import sentry_sdk

        class Telemetry:
            def configure_scope(self, **context):
                for name, value in context.items():
                    sentry_sdk.set_tag(name, value)

            def push_scope(self):
                return sentry_sdk.last_event_id()

        telemetry = Telemetry()
        telemetry.configure_scope(process="worker")
        telemetry.push_scope()
        sentry_sdk.capture_message("x")
        """,
    ),
    silent(
        "look-alike/own-functions",
        """
        import contextlib
        import sentry_sdk

        @contextlib.contextmanager
        def push_scope(**tags):
            with contextlib.ExitStack():
                yield tags

        def configure_scope(callback):
            callback({})

        with push_scope(a="1") as scope:
            sentry_sdk.set_tag("a", scope["a"])
        configure_scope(lambda scope: scope.setdefault("b", "1"))
        sentry_sdk.capture_message("x")
        """,
    ),
    silent(
        "look-alike/another-hub",
        """
        import sentry_sdk

        class Hub:
            current = None

            def __init__(self, address):
                self.address = address
                self.client = address + "/client"

        Hub.current = Hub("10.0.0.1")
        if Hub.current.client:
            sentry_sdk.set_tag("hub", Hub.current.address)
        sentry_sdk.capture_message("x")
        """,
    ),
    silent(
        "look-alike/keywords-of-another-function",
        """
        import sentry_sdk

        def render(frame, with_locals=False, request_bodies="never", description=""):
            return [frame, with_locals, request_bodies, description]

        out(render("f", with_locals=False, request_bodies="small", description="d"))
        sentry_sdk.capture_message("x")
        """,
    ),
    silent(
        "look-alike/options-of-another-dict",
        """
        import sentry_sdk

        PROFILE = {"with_locals": True, "request_bodies": "always"}
        sentry_sdk.set_context("profile", PROFILE)
        sentry_sdk.capture_message("x")
        """,
    ),
    silent(
        "look-alike/comments-and-strings",
        '''
        import sentry_sdk

        HELP = """
        with sentry_sdk.configure_scope() as scope:
            scope.set_tag("a", "1")
        """
        # sentry_sdk.Hub.current.capture_message("x") was here

        sentry_sdk.capture_message("push_scope() " + str(len(HELP) > 10))
        ''',
    ),
    silent(
        "look-alike/own-last-event-id",
        """
        import sentry_sdk

        class Stream:
            last_event_id = 5

            def new_span(self):
                return "span"

        stream = Stream()
        out(stream.last_event_id, stream.new_span())
        sentry_sdk.capture_message("x")
        """,
    ),
    silent(
        "look-alike/transaction-description",
        """
        import sentry_sdk

        def describe(transaction):
            transaction.set_tag("description", "a nightly job")

        with sentry_sdk.start_transaction(name="t", op="task") as transaction:
            describe(transaction)
        """,
        setup="traced",
    ),
    silent(
        "look-alike/shadowed-module",
        """
        import types

        def fake():
            sentry_sdk = types.SimpleNamespace(push_scope=lambda: "pushed", last_event_id=str)
            return sentry_sdk.push_scope()

        out(fake())
        cap("x")
        """,
    ),
    silent(
        "look-alike/celery-propagate-traces",
        """
        from sentry_sdk.integrations.celery import CeleryIntegration

        out(CeleryIntegration(propagate_traces=False).propagate_traces)
        """,
        setup="none",
    ),
    silent(
        "guarded/hasattr",
        """
        import sentry_sdk

        def tag(name, value):
            if hasattr(sentry_sdk, "get_isolation_scope"):
                sentry_sdk.get_isolation_scope().set_tag(name, value)
            else:
                with sentry_sdk.configure_scope() as scope:
                    scope.set_tag(name, value)

        tag("a", "1")
        sentry_sdk.capture_message("x")
        """,
    ),
    silent(
        "guarded/import-error",
        """
        try:
            from sentry_sdk import isolation_scope as fresh_scope
        except ImportError:
            from sentry_sdk import push_scope as fresh_scope

        import sentry_sdk

        def report():
            with fresh_scope() as scope:
                scope.set_tag("a", "1")
                sentry_sdk.capture_message("inside")
            sentry_sdk.capture_message("outside")

        report()
        """,
    ),
    silent(
        "guarded/version",
        """
        import sentry_sdk

        MAJOR = int(sentry_sdk.VERSION.split(".")[0])

        def tag(name, value):
            if MAJOR >= 2:
                sentry_sdk.get_isolation_scope().set_tag(name, value)
            else:
                with sentry_sdk.configure_scope() as scope:
                    scope.set_tag(name, value)

        tag("a", "1")
        sentry_sdk.capture_message("x")
        """,
    ),
    silent(
        "guarded/attribute-error",
        """
        import sentry_sdk

        def tag(name, value):
            try:
                scope = sentry_sdk.get_isolation_scope()
            except AttributeError:
                with sentry_sdk.configure_scope() as scope:
                    scope.set_tag(name, value)
            else:
                scope.set_tag(name, value)

        tag("a", "1")
        sentry_sdk.capture_message("x")
        """,
    ),
    silent(
        "guarded/getattr",
        """
        import sentry_sdk

        new_scope = getattr(sentry_sdk, "new_scope", None) or sentry_sdk.push_scope

        def report():
            with new_scope() as scope:
                scope.set_tag("a", "1")
                sentry_sdk.capture_message("inside")
            sentry_sdk.capture_message("outside")

        report()
        """,
    ),
    safe(
        "suppressions/unused",
        "unused-suppression",
        """
        import sentry_sdk

        # sentry-migrate: ignore[SEN101]
        sentry_sdk.set_tag("kept", "yes")  # noqa: SEN102
        sentry_sdk.capture_message("done")
        """,
        note="A comment that silences nothing goes; what is sent cannot depend on it.",
    ),
)
