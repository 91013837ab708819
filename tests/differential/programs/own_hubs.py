"""Hubs with a client of their own, and hubs without any."""

from differential.program import differs, manual, safe, unsafe

TABLE = (
    unsafe(
        "hub-client/field-of-a-dataclass",
        "hub-custom-client hub-push-scope hub-capture hub-import",
        """
        from dataclasses import dataclass, field
        import sentry_sdk
        from sentry_sdk import Client, Hub

        @dataclass
        class Reporter:
            release: str
            hub: Hub = field(init=False)

            def __post_init__(self):
                self.hub = Hub(Client(release=self.release, default_integrations=False))

            def report(self, message):
                with self.hub.push_scope() as scope:
                    scope.set_tag("one", message)
                    self.hub.capture_message(message)
                self.hub.capture_message(message)

        sentry_sdk.set_tag("base", "1")
        Reporter("plugin").report("from the plugin")
        sentry_sdk.capture_message("from the application")
        """,
    ),
    safe(
        "hub-client/kept-by-a-function",
        "hub-custom-client hub-with-current hub-scope",
        """
        import functools
        import sentry_sdk
        from sentry_sdk import Client, Hub

        @functools.lru_cache(maxsize=None)
        def hub_for(name):
            return Hub(Client(release=name, default_integrations=False))

        def report(name):
            hub_for(name).scope.set_tag("one", name)
            with hub_for(name):
                sentry_sdk.capture_message("from the plugin")

        sentry_sdk.set_tag("base", "1")
        for name in ("first", "second", "first"):
            report(name)
        sentry_sdk.capture_message("from the application")
        """,
    ),
    safe(
        "hub-client/kept-by-a-property",
        "hub-custom-client hub-with-current hub-scope",
        """
        from functools import cached_property
        import sentry_sdk
        from sentry_sdk import Client, Hub

        class Reporter:
            @cached_property
            def hub(self):
                return Hub(Client(release="plugin", default_integrations=False))

            def report(self, message):
                self.hub.scope.set_tag("one", message)
                with self.hub:
                    sentry_sdk.capture_message(message)

        sentry_sdk.set_tag("base", "1")
        reporter = Reporter()
        reporter.report("first")
        reporter.report("second")
        Reporter().report("third")
        sentry_sdk.capture_message("from the application")
        """,
    ),
    safe(
        "hub-client/with",
        "hub-custom-client",
        """
        import sentry_sdk
        from sentry_sdk import Client, Hub

        def report():
            with Hub(Client(release="plugin", default_integrations=False)):
                sentry_sdk.set_tag("inner", "1")
                sentry_sdk.add_breadcrumb(message="inner")
                sentry_sdk.capture_message("from the plugin")
            sentry_sdk.capture_message("from the application")

        sentry_sdk.set_tag("base", "1")
        report()
        """,
    ),
    safe(
        "hub-client/with-inside-the-applications-block",
        "hub-custom-client push-scope-with",
        """
        import sentry_sdk
        from sentry_sdk import Client, Hub

        client = Client(release="plugin", default_integrations=False)

        def report():
            with Hub(client):
                sentry_sdk.capture_message("from the plugin")

        with sentry_sdk.push_scope() as scope:
            scope.set_tag("application", "1")
            report()
            sentry_sdk.capture_message("from the application")
        """,
    ),
    unsafe(
        "hub-client/of-a-class",
        "hub-custom-client hub-capture hub-scope",
        """
        import sentry_sdk
        from sentry_sdk import Client, Hub

        class Reporter:
            hub = Hub(Client(release="plugin", default_integrations=False))
            hub.scope.set_tag("all", "1")

            @classmethod
            def tag(cls, value):
                cls.hub.scope.set_tag("one", value)

            def report(self, message):
                with self.hub:
                    sentry_sdk.capture_message(message)
                self.hub.capture_message(message)

        sentry_sdk.set_tag("base", "1")
        Reporter().report("first")
        Reporter.tag("2")
        Reporter().report("second")
        sentry_sdk.capture_message("from the application")
        """,
    ),
    safe(
        "hub-client/with-as",
        "hub-custom-client hub-capture hub-scope hub-add-breadcrumb",
        """
        import sentry_sdk
        from sentry_sdk import Client, Hub

        def report():
            with Hub(Client(release="plugin", default_integrations=False)) as hub:
                hub.scope.set_tag("inner", "1")
                hub.add_breadcrumb(message="inner")
                hub.capture_message("from the plugin")
            sentry_sdk.capture_message("from the application")

        report()
        """,
    ),
    safe(
        "hub-client/with-and-spans",
        "hub-custom-client",
        """
        import sentry_sdk
        from sentry_sdk import Client, Hub

        def report():
            client = Client(release="plugin", default_integrations=False, traces_sample_rate=1.0)
            with Hub(client):
                with sentry_sdk.start_transaction(name="plugin", op="test"):
                    with sentry_sdk.start_span(op="inner"):
                        sentry_sdk.capture_message("from the plugin")

        with sentry_sdk.start_transaction(name="application", op="test"):
            report()
            sentry_sdk.capture_message("from the application")
        """,
        setup="traced",
    ),
    safe(
        "hub-client/with-and-a-pushed-scope",
        "hub-custom-client push-scope-with configure-scope-with",
        """
        import sentry_sdk
        from sentry_sdk import Client, Hub

        def report():
            with Hub(Client(release="plugin", default_integrations=False)):
                with sentry_sdk.configure_scope() as scope:
                    scope.set_tag("configured", "1")
                with sentry_sdk.push_scope() as scope:
                    scope.set_tag("pushed", "1")
                    sentry_sdk.capture_message("pushed")
                sentry_sdk.capture_message("from the plugin")
            sentry_sdk.capture_message("from the application")

        sentry_sdk.set_tag("base", "1")
        report()
        """,
    ),
    safe(
        "hub-client/with-beside-another-manager",
        "hub-custom-client",
        """
        import contextlib
        import sentry_sdk
        from sentry_sdk import Client, Hub

        def report():
            client = Client(release="plugin", default_integrations=False)
            with contextlib.suppress(KeyError), (Hub(client)):
                sentry_sdk.capture_message("from the plugin")
                raise KeyError
            sentry_sdk.capture_message("from the application")

        report()
        """,
    ),
    unsafe(
        "hub-client/of-a-client-that-may-be-missing",
        "hub-custom-client",
        """
        import sentry_sdk
        from sentry_sdk import Client, Hub

        def report(client: Client):
            with Hub(client):
                sentry_sdk.capture_message("from the plugin")

        report(Client(release="plugin", default_integrations=False))
        sentry_sdk.capture_message("from the application")
        """,
    ),
    manual(
        "hub-client/with-unknown",
        "hub-custom-client",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        def report(hub):
            with Hub(hub):
                sentry_sdk.set_tag("inner", "1")
                sentry_sdk.capture_message("inside")
            sentry_sdk.capture_message("outside")

        report(getattr(Hub, "current"))
        """,
    ),
    safe(
        "hub-client/in-a-variable",
        "hub-custom-client hub-capture hub-scope hub-add-breadcrumb",
        """
        import sentry_sdk
        from sentry_sdk import Client, Hub

        plugin_hub = Hub(Client(release="plugin", default_integrations=False))

        def report(message):
            plugin_hub.scope.set_tag("inner", "1")
            plugin_hub.add_breadcrumb(message="inner")
            return plugin_hub.capture_message(
                message,
                level="warning",
            )

        sentry_sdk.set_tag("base", "1")
        out(report("first") is not None, report("second") is not None)
        sentry_sdk.capture_message("from the application")
        """,
    ),
    safe(
        "hub-client/in-a-variable-inside-the-applications-block",
        "hub-custom-client hub-capture push-scope-with",
        """
        import sentry_sdk
        from sentry_sdk import Client, Hub

        hub = Hub(Client(release="plugin", default_integrations=False))

        def report(error):
            try:
                raise ValueError(error)
            except ValueError:
                hub.capture_exception()

        with sentry_sdk.push_scope() as scope:
            scope.set_tag("application", "1")
            report("x")
            sentry_sdk.capture_message("from the application")
        """,
    ),
    safe(
        "hub-client/in-a-variable-that-is-entered",
        "hub-custom-client",
        """
        import sentry_sdk
        from sentry_sdk import Client, Hub

        hub = Hub(Client(release="plugin", default_integrations=False))

        def report(number):
            with hub:
                sentry_sdk.set_tag(f"tag {number}", "1")
                sentry_sdk.add_breadcrumb(message=f"crumb {number}")
                sentry_sdk.capture_message("from the plugin")

        report(1)
        report(2)
        sentry_sdk.capture_message("from the application")
        """,
    ),
    safe(
        "hub-client/in-a-variable-whose-scope-is-configured",
        "hub-custom-client hub-capture hub-configure-scope",
        """
        import sentry_sdk
        from sentry_sdk import Client, Hub

        def report():
            hub = Hub(Client(release="plugin", default_integrations=False))
            with hub.configure_scope() as scope:
                scope.set_tag("configured", "1")
                scope.set_level("warning")
            hub.capture_message("from the plugin")
            hub.flush()
            out(hub.client.options["release"])
            sentry_sdk.capture_message("from the application")

        report()
        """,
    ),
    safe(
        "hub-client/in-a-variable-with-another-client-later",
        "hub-custom-client hub-capture hub-bind-client",
        """
        import sentry_sdk
        from sentry_sdk import Client, Hub

        def report():
            hub = Hub(Client(release="plugin", default_integrations=False))
            hub.bind_client(Client(release="second", default_integrations=False))
            hub.capture_message("from the plugin")
            sentry_sdk.capture_message("from the application")

        report()
        """,
    ),
    safe(
        "hub-client/in-a-variable-and-an-argument-that-captures",
        "hub-custom-client hub-capture",
        """
        import sentry_sdk
        from sentry_sdk import Client, Hub

        hub = Hub(Client(release="plugin", default_integrations=False))

        def report(text):
            hub.capture_message(text())

        report(lambda: "from the plugin")
        sentry_sdk.capture_message("from the application")
        """,
    ),
    safe(
        "hub-client/in-a-variable-that-is-passed-on",
        "hub-custom-client",
        """
        import sentry_sdk
        from sentry_sdk import Client, Hub

        hub = Hub(Client(release="plugin", default_integrations=False))

        def report(taken):
            taken.capture_message("from the plugin")

        report(hub)
        sentry_sdk.capture_message("from the application")
        """,
    ),
    manual(
        "hub-client/in-a-variable-that-is-passed-on-twice",
        "hub-custom-client",
        """
        import sentry_sdk
        from sentry_sdk import Client, Hub

        hub = Hub(Client(release="plugin", default_integrations=False))

        def report(taken):
            taken.capture_message("from the plugin")

        report(hub)
        report(Hub.current)
        sentry_sdk.capture_message("from the application")
        """,
    ),
    unsafe(
        "hub-client/in-an-attribute",
        "hub-custom-client hub-capture hub-scope",
        """
        import sentry_sdk
        from sentry_sdk import Client, Hub

        class Plugin:
            def __init__(self):
                self.hub = Hub(Client(release="plugin", default_integrations=False))

            def tag(self):
                self.hub.scope.set_tag("inner", "1")

            def report(self):
                self.hub.capture_message("from the plugin")

            def work(self):
                with self.hub:
                    sentry_sdk.capture_message("from the work")

        plugin = Plugin()
        plugin.tag()
        plugin.report()
        sentry_sdk.set_tag("base", "1")
        plugin.work()
        sentry_sdk.capture_message("from the application")
        """,
    ),
    unsafe(
        "hub-client/in-an-attribute-that-is-made-late",
        "hub-custom-client hub-capture",
        """
        import sentry_sdk
        from sentry_sdk import Client, Hub

        class Plugin:
            def __init__(self):
                self.hub = None

            def report(self):
                if self.hub is None:
                    self.hub = Hub(Client(release="plugin", default_integrations=False))
                self.hub.capture_message("from the plugin")

        Plugin().report()
        sentry_sdk.capture_message("from the application")
        """,
    ),
    unsafe(
        "hub-client/in-an-annotated-attribute-with-sessions",
        "hub-custom-client hub-capture hub-sessions hub-private hub-configure-scope hub-client "
        "hub-import",
        """
        from typing import Optional
        import sentry_sdk

        class Plugin:
            def __init__(self):
                self.hub: Optional[sentry_sdk.hub.Hub] = None

            def setup(self):
                client = sentry_sdk.Client(release="plugin", default_integrations=False)
                self.hub = sentry_sdk.Hub(client)

            def tag(self, value):
                assert self.hub is not None
                with self.hub.configure_scope() as scope:
                    scope.set_tag("inner", value)
                    if not value:
                        return
                    scope.user = {"id": value}

            def start(self):
                _, scope = self.hub._stack[-1]
                if scope._session is None:
                    self.hub.start_session()

            def mark(self):
                session = self.hub._stack[-1][1]._session
                if session is not None:
                    session.update(status="crashed")

            def report(self):
                print(self.hub.client.options["release"])
                self.hub.capture_message("from the plugin")

            def end(self):
                client, scope = self.hub._stack[-1]
                if scope._session is not None and client is not None:
                    self.hub.end_session()
                    client.flush()

        plugin = Plugin()
        try:
            plugin.report()
        except AttributeError:
            sentry_sdk.set_tag("base", "1")
        plugin.setup()
        plugin.end()
        plugin.tag("1")
        plugin.start()
        plugin.report()
        plugin.mark()
        plugin.end()
        plugin.tag("")
        plugin.report()
        sentry_sdk.capture_message("from the application")
        """,
    ),
    safe(
        "hub-client/in-a-variable-with-sessions",
        "hub-custom-client hub-capture hub-sessions hub-private",
        """
        import sentry_sdk
        from sentry_sdk import Client, Hub

        def report():
            hub: Hub = Hub(Client(release="plugin", default_integrations=False))
            hub.start_session(session_mode="request")
            client, scope = hub._stack[-1]
            scope.set_tag("inner", "1")
            hub.capture_message("from the plugin")
            hub.end_session()
            client.flush()

        sentry_sdk.set_tag("base", "1")
        report()
        sentry_sdk.capture_message("from the application")
        """,
    ),
    manual(
        "hub-client/whose-scope-on-the-stack-is-passed-on",
        "hub-custom-client hub-capture hub-private",
        """
        import sentry_sdk
        from sentry_sdk import Client, Hub

        def tag(scope):
            scope.set_tag("inner", "1")

        def report():
            hub = Hub(Client(release="plugin", default_integrations=False))
            _, scope = hub._stack[-1]
            tag(scope)
            hub.capture_message("from the plugin")

        report()
        """,
    ),
    unsafe(
        "hub-client/in-attributes-of-two-classes",
        "hub-custom-client hub-capture",
        """
        import sentry_sdk
        from sentry_sdk import Client, Hub

        class First:
            def __init__(self):
                self.hub = Hub(Client(release="first", default_integrations=False))

            def report(self):
                self.hub.capture_message("from the first")

        class Second:
            def __init__(self):
                self.hub = Hub(Client(release="second", default_integrations=False))

            def report(self):
                self.hub.capture_message("from the second")

        First().report()
        Second().report()
        sentry_sdk.capture_message("from the application")
        """,
    ),
    unsafe(
        "hub-client/in-an-attribute-that-others-reach",
        "hub-custom-client hub-capture",
        """
        import sentry_sdk
        from sentry_sdk import Client, Hub

        class Plugin:
            def __init__(self):
                self.hub = Hub(Client(release="plugin", default_integrations=False))

            def report(self):
                self.hub.capture_message("from the plugin")

        plugin = Plugin()
        plugin.report()
        plugin.hub.capture_message("from elsewhere")
        sentry_sdk.capture_message("from the application")
        """,
    ),
    unsafe(
        "hub-clone-scope/with",
        "hub-custom-client",
        """
        import sentry_sdk
        from sentry_sdk import Hub, Scope

        def report(scope):
            with Hub(Hub.current, scope):
                sentry_sdk.capture_message("inside")
            sentry_sdk.capture_message("outside")

        own = Scope()
        own.set_tag("own", "1")
        sentry_sdk.set_tag("base", "1")
        report(own)
        """,
    ),
    safe(
        "hub-client/with-a-scope",
        "hub-custom-client",
        """
        import sentry_sdk
        from sentry_sdk import Client, Hub, Scope

        def report():
            scope = Scope()
            scope.set_tag("own", "1")
            client = Client(release="plugin", default_integrations=False)
            with Hub(client, scope):
                sentry_sdk.capture_message("from the plugin")
            sentry_sdk.capture_message("from the application")

        sentry_sdk.set_tag("base", "1")
        report()
        """,
    ),
    safe(
        "hub-new/empty",
        "hub-new-empty hub-capture",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        hub = Hub()
        hub.capture_message("nowhere")
        sentry_sdk.capture_message("still sent")
        """,
        note="In 2.x making the object is enough to switch the SDK off.",
    ),
    safe(
        "hub-new/none",
        "hub-new-empty",
        """
        import sentry_sdk

        def report():
            return sentry_sdk.capture_message("nowhere")

        with sentry_sdk.Hub(None):
            sentry_sdk.set_tag("nowhere", "1")
            out(report() is None)
            sentry_sdk.add_breadcrumb(message="nowhere")
            with sentry_sdk.start_transaction(name="nowhere"):
                report()
        out(report() is None)
        sentry_sdk.capture_message("still sent")
        """,
    ),
    safe(
        "hub-new/passed-on",
        "hub-new-empty",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        def report(hub):
            hub.capture_message("nowhere")

        report(Hub())
        sentry_sdk.capture_message("still sent")
        """,
    ),
    safe(
        "own-hub/of-a-subclass-of-the-client",
        "hub-custom-client",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        class Own(sentry_sdk.Client):
            pass

        client = Own(release="tool", default_integrations=False)

        def report():
            with Hub(client):
                sentry_sdk.capture_message("from the tool")

        sentry_sdk.set_tag("host", "1")
        report()
        sentry_sdk.capture_message("from the host")
        """,
    ),
    unsafe(
        "own-hub/pushes-in-a-method",
        "hub-custom-client hub-push-scope hub-capture hub-add-breadcrumb",
        """
        import sentry_sdk
        from sentry_sdk import Client, Hub

        class Reporter:
            def __init__(self):
                self.hub = Hub(Client(release="tool", default_integrations=False))
                self.hub.scope.set_tag("tool", "1")

            def report(self, message, **tags):
                with self.hub.push_scope() as scope:
                    for name, value in tags.items():
                        scope.set_tag(name, value)
                    scope.set_level("warning")
                    self.hub.add_breadcrumb(message="inside")
                    self.hub.capture_message(message)
                self.hub.capture_message("after it")

        sentry_sdk.set_tag("host", "1")
        with sentry_sdk.push_scope() as scope:
            scope.set_tag("host pushed", "1")
            Reporter().report("from the tool", a="1")
        sentry_sdk.capture_message("from the host")
        """,
    ),
    unsafe(
        "own-hub/pushes-without-a-name",
        "hub-custom-client hub-push-scope hub-capture",
        """
        import sentry_sdk
        from sentry_sdk import Client, Hub

        HUB = Hub(Client(release="tool", default_integrations=False))

        def report(error):
            with HUB.push_scope():
                HUB.capture_exception(error)

        sentry_sdk.set_tag("host", "1")
        report(ValueError("x"))
        sentry_sdk.capture_message("from the host")
        """,
    ),
    manual(
        "own-hub/pushes-and-enters",
        "hub-custom-client hub-push-scope",
        """
        import sentry_sdk
        from sentry_sdk import Client, Hub

        HUB = Hub(Client(release="tool", default_integrations=False))

        def report():
            with HUB.push_scope() as scope:
                scope.set_tag("tool", "1")
                with HUB:
                    sentry_sdk.capture_message("from the tool")

        report()
        sentry_sdk.capture_message("from the host")
        """,
    ),
    manual(
        "own-hub/pushes-around-a-function",
        "hub-custom-client hub-push-scope hub-capture",
        """
        import sentry_sdk
        from sentry_sdk import Client, Hub

        HUB = Hub(Client(release="tool", default_integrations=False))

        def report():
            with HUB.push_scope() as scope:
                scope.set_tag("tool", "1")
                other()

        def other():
            HUB.capture_message("from the tool")

        report()
        sentry_sdk.capture_message("from the host")
        """,
    ),
    safe(
        "own-hub/pushes-around-the-host",
        "hub-custom-client hub-push-scope hub-capture",
        """
        import sentry_sdk
        from sentry_sdk import Client, Hub

        HUB = Hub(Client(release="tool", default_integrations=False))

        def report():
            with HUB.push_scope() as scope:
                scope.set_tag("tool", "1")
                HUB.capture_message("from the tool")

        sentry_sdk.capture_message("from the host")
        report()
        """,
    ),
)

LATE = """
        from sentry_sdk import Client, Hub, set_tag, capture_message, add_breadcrumb, start_transaction

        _hub = None

        def get_hub():
            global _hub
            if _hub is None:
                _hub = Hub(Client(release="plugin", default_integrations=False))
            return _hub
"""

TABLE += (
    safe(
        "hub-client/made-when-it-is-asked-for",
        "hub-custom-client",
        LATE
        + """
        def report(error):
            with get_hub():
                set_tag("inner", "1")
                get_hub().capture_exception(error)

        def note(text):
            get_hub().capture_message(text)

        def trace(text):
            hub = get_hub()
            hub.scope.set_tag("set", "1")
            hub.add_breadcrumb(message="inner")
            hub.capture_message(text)

        with start_transaction(name="host"):
            set_tag("host", "1")
            note("one")
            report(ValueError("two"))
            trace("three")
            capture_message("of the host")
        note("four")
        """,
        setup="traced",
    ),
    safe(
        "hub-client/made-by-a-function",
        "hub-custom-client hub-scope hub-capture",
        """
        import sentry_sdk
        from sentry_sdk import Client, Hub

        def make(name):
            client = Client(release=name, default_integrations=False)
            return Hub(client)

        FIRST = make("first")
        SECOND = make("second")

        def report(text):
            with FIRST:
                FIRST.scope.set_tag("first", text)
                sentry_sdk.capture_message(text)
            with SECOND as hub:
                hub.scope.set_tag("second", text)
                hub.capture_message(text)
            with make("third"):
                sentry_sdk.capture_message(text)

        sentry_sdk.set_tag("host", 1)
        report("one")
        report("two")
        sentry_sdk.capture_message("of the host")
        """,
    ),
    safe(
        "hub-client/made-by-a-cached-function",
        "hub-custom-client hub-scope hub-capture",
        """
        from functools import lru_cache
        import sentry_sdk
        from sentry_sdk import Client, Hub

        @lru_cache(maxsize=None)
        def get_hub():
            return Hub(Client(release="own", default_integrations=False))

        def report(text):
            with get_hub() as hub:
                hub.scope.set_tag("n", text)
                hub.capture_message(text)
            own = get_hub()
            own.capture_message("later")
            with own:
                sentry_sdk.capture_message("again")

        sentry_sdk.set_tag("host", 1)
        report("one")
        report("two")
        sentry_sdk.capture_message("of the host")
        """,
    ),
    safe(
        "hub-client/with-a-new-scope",
        "hub-custom-client",
        """
        import sentry_sdk
        from sentry_sdk import Client, Hub, Scope

        hub = Hub(Client(release="own", default_integrations=False), Scope())
        hub.scope.set_tag("own", 1)

        def report(text):
            with hub:
                hub.capture_message(text)

        sentry_sdk.set_tag("host", 1)
        report("one")
        report("two")
        sentry_sdk.capture_message("of the host")
        """,
    ),
    unsafe(
        "hub-client/yields-its-scope",
        "hub-custom-client",
        """
        from contextlib import contextmanager
        import sentry_sdk
        from sentry_sdk import Client, Hub

        own = Hub(Client(release="own", default_integrations=False))

        @contextmanager
        def telemetry():
            with own:
                with own.configure_scope() as scope:
                    yield scope

        def report(text):
            with telemetry() as scope:
                scope.set_tag("t", text)
                sentry_sdk.capture_message(text)

        sentry_sdk.set_tag("host", 1)
        report("one")
        report("two")
        sentry_sdk.capture_message("of the host")
        """,
    ),
    manual(
        "hub-client/made-by-a-function-that-remembers-none",
        "hub-custom-client hub-with-current",
        """
        from functools import lru_cache
        import sentry_sdk
        from sentry_sdk import Client, Hub

        @lru_cache(maxsize=0)
        def get_hub():
            return Hub(Client(release="own", default_integrations=False))

        def report(text):
            with get_hub():
                sentry_sdk.capture_message(text)

        report("one")
        """,
    ),
    manual(
        "hub-client/with-a-scope-of-others",
        "hub-custom-client",
        """
        import sentry_sdk
        from sentry_sdk import Client, Hub, Scope

        scope = Scope()
        scope.set_tag("own", 1)
        hub = Hub(Client(release="own", default_integrations=False), scope)

        def report(text):
            with hub:
                sentry_sdk.capture_message(text)

        report("one")
        """,
    ),
    safe(
        "hub-client/made-late-with-types",
        "hub-custom-client",
        """
        from typing import Optional
        import sentry_sdk
        from sentry_sdk import Hub

        HUB: Optional[Hub] = None

        def hub() -> Hub:
            global HUB
            if not HUB:
                HUB = Hub(sentry_sdk.Client(release="plugin", default_integrations=False))
            return HUB

        def note(text):
            with hub():
                sentry_sdk.add_breadcrumb(message=text)
                sentry_sdk.capture_message(text)

        sentry_sdk.set_tag("host", "1")
        note("one")
        note("two")
        sentry_sdk.capture_message("of the host")
        """,
    ),
    manual(
        "hub-client/made-late-and-a-transaction",
        "hub-custom-client hub-start-transaction",
        LATE
        + """
        def trace():
            with get_hub().start_transaction(name="t"):
                get_hub().capture_message("x")

        trace()
        """,
    ),
    manual(
        "hub-client/made-late-or-another",
        "hub-custom-client",
        LATE.replace("return _hub", "return _hub or Hub.current")
        + """
        def note():
            get_hub().capture_message("x")

        note()
        """,
    ),
    manual(
        "hub-client/made-late-and-handed-on",
        "hub-custom-client",
        LATE
        + """
        def note(get):
            get().capture_message("x")

        note(get_hub)
        """,
    ),
    manual(
        "hub-client/made-again",
        "hub-custom-client",
        LATE
        + """
        def again():
            global _hub
            _hub = Hub(Client(release="other", default_integrations=False))

        get_hub().capture_message("x")
        again()
        get_hub().capture_message("y")
        """,
    ),
    unsafe(
        "hub-client/made-late-by-a-property",
        "hub-custom-client",
        """
        import sentry_sdk
        from sentry_sdk import Client, Hub

        class Tool:
            def __init__(self):
                self._hub = None

            @property
            def hub(self):
                if self._hub is None:
                    self._hub = Hub(Client(release="plugin", default_integrations=False))
                return self._hub

            def get_hub(self):
                return self.hub

            def report(self, error):
                with self.hub:
                    sentry_sdk.set_tag("inner", "1")
                    self.hub.capture_exception(error)
                self.get_hub().capture_message("x")

        sentry_sdk.set_tag("host", "1")
        tool = Tool()
        tool.report(ValueError("one"))
        Tool().report(ValueError("two"))
        tool.report(ValueError("three"))
        sentry_sdk.capture_message("of the host")
        """,
    ),
    safe(
        "hub-client/made-by-a-property-each-time",
        "hub-custom-client",
        """
        from sentry_sdk import Client, Hub

        class Tool:
            @property
            def hub(self):
                hub = Hub(Client(release="plugin", default_integrations=False))
                hub.scope.set_tag("a", "b")
                return hub

            def report(self):
                self.hub.capture_message("x")

        Tool().report()
        """,
    ),
    manual(
        "hub-client/made-late-by-a-property-of-a-base",
        "hub-custom-client",
        """
        from sentry_sdk import Client, Hub

        class Tool:
            def __init__(self):
                self._hub = None

            @property
            def hub(self):
                if self._hub is None:
                    self._hub = Hub(Client(release="plugin", default_integrations=False))
                return self._hub

        class Other(Tool):
            def report(self):
                self.hub.capture_message("x")

        Other().report()
        """,
    ),
    manual(
        "hub-client/made-late-with-an-import-in-the-function",
        "hub-custom-client",
        """
        _hub = None

        def get_hub():
            global _hub
            from sentry_sdk import Client, Hub
            if _hub is None:
                _hub = Hub(Client(release="plugin", default_integrations=False))
            return _hub

        def note():
            get_hub().capture_message("x")

        note()
        """,
    ),
    manual(
        "hub-client/made-late-with-an-import-that-may-fail",
        "hub-custom-client",
        """
        try:
            from sentry_sdk import Client, Hub
        except ImportError:
            Hub = None

        _hub = None

        def get_hub():
            global _hub
            if _hub is None and Hub is not None:
                _hub = Hub(Client(release="plugin", default_integrations=False))
            return _hub

        def note():
            if get_hub() is not None:
                get_hub().capture_message("x")

        note()
        """,
    ),
    safe(
        "hub-client/made-late-beside-a-name",
        "hub-custom-client",
        LATE
        + """
        def note():
            _current_scope = 1
            get_hub().capture_message("x")

        note()
        """,
    ),
    safe(
        "own-hub/captures-before-the-application",
        "hub-custom-client hub-capture hub-scope",
        """
        import sentry_sdk
        from sentry_sdk import Client, Hub

        client = Client(release="library")

        def report(error):
            hub = Hub(client)
            hub.scope.set_tag("library", "1")
            hub.capture_exception(error)
            hub.capture_message("note", level="warning")

        try:
            1 / 0
        except ZeroDivisionError as error:
            report(error)
            sentry_sdk.capture_exception(error)
        """,
        setup="default",
    ),
    safe(
        "own-hub/captures-after-the-application",
        "hub-custom-client hub-capture hub-add-breadcrumb",
        """
        import sentry_sdk
        from sentry_sdk import Client, Hub

        hub = Hub(Client(release="library"))

        def report():
            hub.add_breadcrumb(message="library")
            return hub.capture_exception()

        with sentry_sdk.start_transaction(name="application"):
            try:
                1 / 0
            except ZeroDivisionError as error:
                sentry_sdk.capture_exception(error)
                report()
            try:
                1 / 0
            except ZeroDivisionError:
                report()
                report()
        """,
        setup="default",
    ),
    safe(
        "own-hub/captures-without-an-application",
        "hub-custom-client hub-capture",
        """
        from sentry_sdk import Client, Hub

        hub = Hub(Client(release="library"))

        def report(error: ValueError):
            hub.capture_exception(error)

        try:
            raise ValueError("x")
        except ValueError as error:
            report(error)
            report(error)
        hub.capture_event({"message": "event", "tags": {"a": "b"}})
        hub.capture_exception(None)
        """,
        setup="none",
    ),
    unsafe(
        "own-hub/in-a-handler-of-logs",
        "hub-custom-client hub-capture",
        """
        import logging
        from sentry_sdk import Client, Hub

        class Handler(logging.Handler):
            def __init__(self):
                super().__init__()
                self._hub = Hub(Client(release="library"))

            def emit(self, record):
                self._hub.capture_exception(record.exc_info)

        log = logging.getLogger("library")
        log.addHandler(Handler())
        try:
            1 / 0
        except ZeroDivisionError:
            log.exception("failed")
        """,
        setup="default",
    ),
    differs(
        "own-hub/captures-and-is-entered",
        "hub-custom-client hub-capture",
        """
        import sentry_sdk
        from sentry_sdk import Client, Hub

        hub = Hub(Client(release="library"))

        def report(error):
            hub.capture_exception(error)

        try:
            1 / 0
        except ZeroDivisionError as error:
            report(error)
            sentry_sdk.capture_exception(error)
        with hub:
            sentry_sdk.capture_message("from the library")
        """,
        differs="event",
        setup="default",
    ),
    differs(
        "own-hub/captures-while-a-scope-is-pushed",
        "hub-custom-client hub-capture hub-push-scope",
        """
        import sentry_sdk
        from sentry_sdk import Client, Hub

        hub = Hub(Client(release="library"))

        def report(error):
            with hub.push_scope() as scope:
                scope.set_tag("library", "1")
                hub.capture_exception(error)

        try:
            1 / 0
        except ZeroDivisionError as error:
            report(error)
            sentry_sdk.capture_exception(error)
        """,
        differs="event",
        setup="default",
    ),
    safe(
        "hub-new/without-asking-for-a-release",
        "hub-new-empty",
        """
        import os
        import sentry_sdk
        from sentry_sdk import Hub

        os.environ.pop("SENTRY_RELEASE")

        def muted():
            with Hub(None):
                sentry_sdk.capture_message("nowhere")

        muted()
        sentry_sdk.capture_message("still sent")
        with sentry_sdk.start_transaction(name="application"):
            muted()
        """,
        setup="default",
    ),
    unsafe(
        "hub-new/yields",
        "hub-new-empty",
        """
        import contextlib
        import sentry_sdk
        from sentry_sdk import Hub

        @contextlib.contextmanager
        def muted():
            with Hub(None):
                yield

        with muted():
            sentry_sdk.capture_message("nowhere")
        sentry_sdk.capture_message("still sent")
        """,
    ),
    manual(
        "hub-new/yields-and-binds",
        "hub-new-empty hub-bind-client",
        """
        import contextlib
        import sentry_sdk
        from sentry_sdk import Client, Hub

        def bind():
            Hub.current.bind_client(Client(release="test", default_integrations=False))

        @contextlib.contextmanager
        def fresh():
            with Hub(None):
                yield bind

        with fresh() as bind_client:
            bind_client()
            sentry_sdk.capture_message("in the test")
        """,
    ),
    differs(
        "hub-clone-scope/in-a-loop",
        "hub-custom-client hub-capture",
        """
        import sentry_sdk
        from sentry_sdk import Hub, Scope

        def send():
            scope = Scope()
            scope.set_tag("own", "1")
            for number in range(2):
                with Hub(Hub.current, scope) as hub:
                    hub.capture_message(str(number))

        send()
        sentry_sdk.capture_message("from the application")
        """,
        differs="trace",
    ),
    unsafe(
        "hub-clone-scope/made-for-the-block",
        "hub-custom-client hub-capture",
        """
        import sentry_sdk
        from sentry_sdk import Hub, Scope

        def send():
            scope = Scope()
            scope.set_tag("own", "1")
            with Hub(Hub.current, scope) as hub:
                hub.capture_message("1")
                hub.capture_message("2")

        send()
        sentry_sdk.capture_message("from the application")
        """,
    ),
)
