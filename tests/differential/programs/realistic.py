"""Shapes seen in real projects: start-up, wrappers, reporters, command lines, plug-ins."""

from differential.program import manual, safe, unsafe

TABLE = (
    unsafe(
        "start-up/tags-next-to-init",
        "configure-scope-with",
        """
        import os
        import sentry_sdk

        def setup_sentry(environment, region):
            sentry_sdk.init(environment=environment, default_integrations=False)
            with sentry_sdk.configure_scope() as scope:
                scope.set_tag("region", region)
                scope.set_tag("pid_known", str(os.getpid() > 0))
                scope.set_extra("application", "shop")

        setup_sentry("staging", "eu-1")
        sentry_sdk.capture_message("started")
        """,
        setup="none",
        note="Whether these belong to the whole process is for a person to say.",
    ),
    manual(
        "start-up/top-level-setters-next-to-init",
        "process-wide-data",
        """
        import sentry_sdk

        sentry_sdk.init(default_integrations=False)
        sentry_sdk.set_tag("service", "billing")
        sentry_sdk.set_context("build", {"number": 7})
        sentry_sdk.capture_message("started")
        """,
        setup="none",
        note="Valid in 2.x; whether it is for every thread is for a person to say.",
    ),
    safe(
        "start-up/optional-sentry",
        "configure-scope-with",
        """
        try:
            import sentry_sdk
        except ImportError:
            sentry_sdk = None

        def set_user(user):
            if sentry_sdk is None:
                return
            with sentry_sdk.configure_scope() as scope:
                scope.set_user({"id": user})

        set_user("u1")
        cap("x")
        """,
    ),
    safe(
        "start-up/settings-object",
        "init-with-locals init-request-bodies",
        """
        import sentry_sdk

        class Settings:
            dsn = "https://key@sentry.invalid/1"
            debug = False

        def start(settings):
            if not settings.dsn:
                return False
            sentry_sdk.init(
                dsn=settings.dsn,
                default_integrations=False,
                with_locals=settings.debug,
                request_bodies="never",
                release="shop@1.0",
            )
            return True

        out(start(Settings))
        try:
            value = "secret"
            int(value)
        except ValueError:
            sentry_sdk.capture_exception()
        """,
        setup="none",
    ),
    safe(
        "wrappers/error-reporter-class",
        "push-scope-with scope-level-setter",
        """
        import sentry_sdk

        class ErrorReporter:
            def __init__(self, service):
                self.service = service

            def report(self, error, level="error", **context):
                with sentry_sdk.push_scope() as scope:
                    scope.set_tag("service", self.service)
                    scope.level = level
                    for key, value in context.items():
                        scope.set_extra(key, value)
                    sentry_sdk.capture_exception(error)

        reporter = ErrorReporter("billing")
        try:
            {}["amount"]
        except KeyError as error:
            reporter.report(error, level="fatal", order="o-1")
        sentry_sdk.capture_message("after")
        """,
    ),
    safe(
        "wrappers/log-handler",
        "push-scope-with",
        """
        import logging
        import sentry_sdk

        class SentryHandler(logging.Handler):
            def emit(self, record):
                with sentry_sdk.push_scope() as scope:
                    scope.set_tag("logger", record.name)
                    scope.set_extra("line", record.getMessage())
                    if record.exc_info:
                        sentry_sdk.capture_exception(record.exc_info)
                    else:
                        sentry_sdk.capture_message(record.getMessage(), level="error")

        log = logging.getLogger("shop")
        log.propagate = False
        log.addHandler(SentryHandler())
        log.error("plain %s", "text")
        try:
            1 / 0
        except ZeroDivisionError:
            log.exception("failed")
        """,
    ),
    safe(
        "wrappers/structured-log-processor",
        "push-scope-with",
        """
        import sentry_sdk

        def processor(logger, method, event):
            with sentry_sdk.push_scope() as scope:
                for key in ("user", "order"):
                    value = event.pop(key, None)
                    if value is not None:
                        scope.set_tag(key, value)
                scope.set_context("log", {"method": method})
                event["sentry_id"] = sentry_sdk.capture_message(event["event"], level=method)
            return event

        out(sorted(processor(None, "warning", {"event": "low stock", "user": "ann"})))
        sentry_sdk.capture_message("after")
        """,
    ),
    safe(
        "wrappers/database-proxy",
        "hub-client-truthiness span-description",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        class Cursor:
            def __init__(self, rows):
                self.rows = rows

            def execute(self, query):
                if Hub.current.client is None:
                    return self.rows
                with sentry_sdk.start_span(op="db", description=query) as span:
                    span.set_data("rows", len(self.rows))
                    return self.rows

        with sentry_sdk.start_transaction(name="report", op="task"):
            out(Cursor([1, 2]).execute("SELECT * FROM orders"))
        """,
        setup="traced",
    ),
    safe(
        "wrappers/message-consumer",
        "hub-clone-with",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        def consume(messages, handler):
            for message in messages:
                with Hub(Hub.current) as hub:
                    with hub.configure_scope() as scope:
                        scope.clear_breadcrumbs()
                        scope.set_tag("topic", message["topic"])
                    try:
                        handler(message)
                    except Exception:
                        hub.capture_exception()

        def handler(message):
            sentry_sdk.add_breadcrumb(message="handling " + message["topic"])
            if message["topic"] == "b":
                raise ValueError("bad message")
            sentry_sdk.capture_message("handled")

        consume([{"topic": "a"}, {"topic": "b"}, {"topic": "c"}], handler)
        sentry_sdk.capture_message("after")
        """,
    ),
    safe(
        "wrappers/wsgi-middleware-of-a-project",
        "hub-clone-with",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        class Middleware:
            def __init__(self, application):
                self.application = application

            def __call__(self, environ, start_response):
                with Hub(Hub.current) as hub:
                    with hub.configure_scope() as scope:
                        scope.set_tag("path", environ["PATH_INFO"])
                        scope.set_extra("method", environ["REQUEST_METHOD"])
                    try:
                        return self.application(environ, start_response)
                    except Exception:
                        hub.capture_exception()
                        start_response("500", [])
                        return [b""]

        def application(environ, start_response):
            if environ["PATH_INFO"] == "/fail":
                raise ValueError("failed")
            sentry_sdk.capture_message("fine")
            start_response("200", [])
            return [b"ok"]

        wrapped = Middleware(application)
        for path in ("/", "/fail"):
            wrapped({"PATH_INFO": path, "REQUEST_METHOD": "GET"}, lambda *args: None)
        sentry_sdk.capture_message("after")
        """,
    ),
    safe(
        "wrappers/transaction-per-job",
        "hub-start-transaction hub-start-span configure-scope-with",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        def run(job):
            with sentry_sdk.configure_scope() as scope:
                scope.set_tag("job", job.__name__)
            with Hub.current.start_transaction(op="job", name=job.__name__) as transaction:
                with Hub.current.start_span(op="body"):
                    job()
                transaction.set_status("ok")

        def nightly():
            sentry_sdk.capture_message("in the job")

        run(nightly)
        """,
        setup="traced",
    ),
    safe(
        "wrappers/span-by-hand",
        "hub-scope",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        def start_step(name):
            if Hub.current.scope.span is not None:
                Hub.current.scope.span.start_child(op=name).__enter__()

        def end_step():
            if Hub.current.scope.span is not None:
                Hub.current.scope.span.__exit__(None, None, None)

        with sentry_sdk.start_transaction(name="pipeline", op="task"):
            start_step("extract")
            sentry_sdk.capture_message("in the step")
            end_step()
            sentry_sdk.capture_message("after the step")
        """,
        setup="traced",
    ),
    safe(
        "wrappers/trace-headers-for-a-client",
        "hub-scope hub-trace-propagation",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        def headers():
            result = dict(Hub.current.iter_trace_propagation_headers())
            transaction = Hub.current.scope.transaction
            result["x-name"] = transaction.name if transaction else "none"
            return {name: result[name] for name in ("sentry-trace", "x-name")}

        out(headers())
        with sentry_sdk.start_transaction(name="call", op="task"):
            out(headers())
            sentry_sdk.capture_message("inside")
        """,
        setup="traced",
    ),
    safe(
        "wrappers/bot-command-error",
        "push-scope-with scope-user-setter",
        """
        import asyncio
        import sentry_sdk

        class Author:
            id = 5
            name = "ann"

        async def on_command_error(author, command, error):
            with sentry_sdk.push_scope() as scope:
                scope.user = {"id": author.id, "username": author.name}
                scope.set_tag("command", command)
                scope.set_extra("full_message", "!" + command)
                sentry_sdk.capture_exception(error)

        async def main():
            try:
                raise RuntimeError("command failed")
            except RuntimeError as error:
                await on_command_error(Author, "ping", error)
            sentry_sdk.capture_message("after")

        asyncio.run(main())
        """,
    ),
    safe(
        "wrappers/fingerprint-by-kind",
        "push-scope-with",
        """
        import sentry_sdk

        def report(errors):
            for kind, text in errors:
                with sentry_sdk.push_scope() as scope:
                    scope.fingerprint = ["{{ default }}", kind]
                    scope.set_tag("kind", kind)
                    sentry_sdk.capture_message(text)

        report([("timeout", "slow"), ("refused", "closed")])
        """,
    ),
    safe(
        "wrappers/ignored-errors-of-a-user-function",
        "configure-scope-with",
        """
        import sentry_sdk

        class Ignored(Exception):
            pass

        def drop(event, hint):
            return None if issubclass(hint["exc_info"][0], Ignored) else event

        def protected(function):
            with sentry_sdk.configure_scope() as scope:
                scope.add_event_processor(drop)
                try:
                    return function()
                except Exception as error:
                    sentry_sdk.capture_exception(error)

        def ignored():
            raise Ignored("not sent")

        def failed():
            raise ValueError("sent")

        protected(ignored)
        protected(failed)
        """,
    ),
    safe(
        "wrappers/context-from-a-dataclass",
        "configure-scope-with scope-user-setter",
        """
        import dataclasses
        import sentry_sdk

        @dataclasses.dataclass
        class User:
            id: str
            plan: str = "free"

        class Session:
            user = None

            def login(self, user: User) -> "Session":
                self.user = user
                with sentry_sdk.configure_scope() as scope:
                    scope.user = dataclasses.asdict(user)
                    scope.set_tag("plan", user.plan)
                return self

            def logout(self):
                with sentry_sdk.configure_scope() as scope:
                    scope.user = None
                    scope.remove_tag("plan")

        session = Session().login(User("u1", "gold"))
        sentry_sdk.capture_message("logged in")
        session.logout()
        sentry_sdk.capture_message("logged out")
        """,
    ),
    safe(
        "wrappers/query-log",
        "push-scope-with",
        '''
        import sentry_sdk

        def run_query(sql, settings):
            try:
                raise TimeoutError("too slow")
            except TimeoutError as cause:
                with sentry_sdk.push_scope() as scope:
                    scope.fingerprint = ["query", type(cause).__name__]

                    # What the reader needs to try it by hand.
                    scope.set_extra("sql", sql)
                    scope.set_context(
                        "settings",
                        {
                            key: value
                            for key, value in settings.items()
                        },
                    )
                    sentry_sdk.capture_exception(cause)

        run_query("""
            SELECT 1
            FROM orders
        """, {"threads": 4})
        ''',
    ),
    safe(
        "wrappers/integration-of-a-project",
        "hub-get-integration hub-client hub-push-scope hub-capture",
        """
        import sys
        import sentry_sdk
        from sentry_sdk import Hub
        from sentry_sdk.utils import capture_internal_exceptions, event_from_exception

        def report(details):
            hub = Hub.current
            if hub.get_integration("logging") is None:
                return
            client = hub.client
            with capture_internal_exceptions():
                event, hint = event_from_exception(
                    details,
                    client_options=client.options,
                    mechanism={"type": "own", "handled": False},
                )
                with hub.push_scope() as scope:
                    scope.set_tag("reported", "yes")
                    hub.capture_event(event, hint=hint)

        try:
            1 / 0
        except ZeroDivisionError:
            report(sys.exc_info())
        sentry_sdk.capture_message("after")
        """,
        setup="logging",
    ),
    safe(
        "wrappers/feature-flag-tag",
        "configure-scope-callback hub-add-breadcrumb",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        def flag(name, value):
            Hub.current.add_breadcrumb(category="flag", message=name, data={"value": value})
            sentry_sdk.configure_scope(lambda scope: scope.set_tag("flag." + name, value))
            return value

        if flag("new_checkout", True):
            sentry_sdk.capture_message("new checkout")
        """,
    ),
    safe(
        "wrappers/command-line",
        "hub-flush configure-scope-with",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        def main(arguments):
            with sentry_sdk.configure_scope() as scope:
                scope.set_context("command", {"arguments": arguments})
            try:
                return int(arguments[0])
            except ValueError as error:
                sentry_sdk.capture_exception(error)
                return 2
            finally:
                Hub.current.flush(timeout=1)

        out(main(["x"]), main(["0"]))
        """,
    ),
    unsafe(
        "wrappers/test-double-for-the-transport",
        "hub-bind-client",
        """
        import sentry_sdk
        from sentry_sdk import Client, Hub

        class Case:
            def setup(self):
                Hub.current.bind_client(Client(release="test", default_integrations=False))

            def teardown(self):
                Hub.current.bind_client(None)

        case = Case()
        case.setup()
        sentry_sdk.capture_message("in the test")
        case.teardown()
        sentry_sdk.capture_message("never")
        """,
        setup="none",
    ),
    safe(
        "wrappers/dynamic-module",
        "configure-scope-with",
        """
        import importlib

        sentry_sdk = importlib.import_module("sentry_sdk")

        def tag():
            with sentry_sdk.configure_scope() as scope:
                scope.set_tag("a", "1")

        tag()
        sentry_sdk.capture_message("x")
        """,
    ),
    manual(
        "wrappers/optional-hub-parameter",
        "hub-current hub-import",
        """
        from typing import Optional
        from sentry_sdk import Hub, capture_message

        class Reporter:
            def __init__(self, hub: Optional[Hub] = None) -> None:
                self._hub = hub

            def _get_hub(self) -> Hub:
                return self._hub or Hub.current

            def report(self, text: str) -> None:
                self._get_hub().capture_message(text)

        Reporter().report("x")
        capture_message("after")
        """,
    ),
    safe(
        "wrappers/guarded-helper-module",
        "push-scope-with configure-scope-with",
        """
        import sentry_sdk as sentry

        ENABLED = True

        def with_tags(tags, function):
            if not ENABLED:
                return function()
            with sentry.push_scope() as scope:
                for name in tags:
                    scope.set_tag(name, tags[name])
                return function()

        def remember(name, value):
            if ENABLED:
                with sentry.configure_scope() as scope:
                    scope.set_tag(name, value)

        def failing():
            remember("seen", "yes")
            sentry.capture_message("inside")
            return "result"

        out(with_tags({"a": "1"}, failing))
        sentry.capture_message("outside")
        """,
        leaves=("last-event-id",),
    ),
)
