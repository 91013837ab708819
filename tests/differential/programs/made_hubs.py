"""Hubs that are made, where the scopes in their place may do something else."""

from differential.program import differs, manual, safe, unsafe

TABLE = (
    differs(
        "made-hub/cloned-before-init",
        "hub-clone-object",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        hub = Hub(Hub.current)
        sentry_sdk.init(default_integrations=False)
        with hub:
            sentry_sdk.capture_message("nowhere in 1.x")
        sentry_sdk.capture_message("app")
        """,
        differs="message",
        setup="none",
    ),
    differs(
        "made-hub/cloned-before-init-and-entered-in-a-function",
        "hub-clone-object",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        hub = Hub(Hub.current)

        def work():
            with hub:
                sentry_sdk.capture_message("nowhere in 1.x")

        def main():
            sentry_sdk.init(default_integrations=False)
            work()
            sentry_sdk.capture_message("app")

        main()
        """,
        differs="message",
        setup="none",
    ),
    differs(
        "made-hub/init-called-in-the-block",
        "hub-custom-client",
        """
        import sentry_sdk
        from sentry_sdk import Hub, Client

        def setup():
            sentry_sdk.init(default_integrations=False, release="second")

        def f():
            with Hub(Client(release="p", default_integrations=False)):
                setup()
                sentry_sdk.capture_message("y")
            sentry_sdk.capture_message("z")

        f()
        """,
        differs="release",
        setup="none",
    ),
    differs(
        "made-hub/client-that-is-none-on-one-path",
        "hub-custom-client",
        """
        import sentry_sdk
        from sentry_sdk import Hub, Client

        def f(on):
            client = None
            if on:
                client = Client(release="p", default_integrations=False)
            with Hub(client):
                sentry_sdk.capture_message("x")
            sentry_sdk.capture_message("app")

        f(True)
        f(False)
        """,
        differs="message",
    ),
    safe(
        "made-hub/bound-to-no-client",
        "hub-bind-client hub-capture hub-custom-client",
        """
        import sentry_sdk
        from sentry_sdk import Client, Hub

        def main():
            hub = Hub(Client(release="p", default_integrations=False))
            hub.bind_client(None)
            hub.capture_message("nowhere")
            sentry_sdk.capture_message("app")

        main()
        """,
    ),
    manual(
        "made-hub/empty-and-bound-later",
        "hub-bind-client hub-capture hub-new-empty",
        """
        import sentry_sdk
        from sentry_sdk import Hub, Client

        def f():
            hub = Hub()
            hub.capture_message("nowhere")
            hub.bind_client(Client(release="p", default_integrations=False))
            hub.capture_message("x")
            with hub:
                sentry_sdk.capture_message("y")
            hub.bind_client(None)
            hub.capture_message("nowhere")
            sentry_sdk.capture_message("app")

        f()
        """,
    ),
    manual(
        "made-hub/empty-with-breadcrumbs-and-bound-later",
        "hub-add-breadcrumb hub-bind-client hub-capture hub-flush hub-new-empty",
        """
        import sentry_sdk
        from sentry_sdk import Hub, Client

        def f():
            h1 = Hub()
            h1.flush()
            h1.add_breadcrumb(message="q")
            h1.bind_client(Client(release="p", default_integrations=False))
            h1.capture_message("x")
            with h1:
                sentry_sdk.add_breadcrumb(message="z")
                sentry_sdk.capture_message("z")

        f()
        """,
    ),
    manual(
        "made-hub/empty-whose-client-is-read",
        "hub-client-truthiness hub-new-empty",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        def main():
            hub = Hub()
            out(hub.client is None)
            sentry_sdk.capture_message("app")

        main()
        """,
    ),
    differs(
        "made-hub/empty-and-the-active-client-read-in-the-block",
        "hub-client-truthiness hub-custom-client hub-get-integration hub-new-empty",
        """
        import logging
        import sentry_sdk
        from sentry_sdk import Hub, Client
        from sentry_sdk.integrations.logging import LoggingIntegration

        def f():
            with Hub(
                Client(
                    release="p", default_integrations=False, integrations=[LoggingIntegration()]
                )
            ):
                logging.error("in")
                out(Hub.current.get_integration(LoggingIntegration) is None)
            with Hub():
                logging.error("nowhere")
                out(Hub.current.get_integration(LoggingIntegration) is None)
                out(Hub.current.client is None)
            logging.error("out")

        f()
        """,
        differs="out",
        setup="logging",
    ),
    differs(
        "made-hub/entered-again-inside-a-pushed-scope",
        "hub-clone-object push-scope-with",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        def f():
            hub = Hub(Hub.current)
            with hub:
                with sentry_sdk.push_scope() as s:
                    s.set_tag("pushed", "1")
                    with hub:
                        sentry_sdk.set_tag("b", "1")
                        sentry_sdk.capture_message("deep")
                sentry_sdk.capture_message("mid")
            sentry_sdk.capture_message("out")

        f()
        """,
        differs="pushed",
    ),
    differs(
        "made-hub/used-by-a-function-inside-a-pushed-scope",
        "hub-capture hub-custom-client hub-scope push-scope-with",
        """
        import sentry_sdk
        from sentry_sdk import Hub, Client

        hub = Hub(Client(release="p", default_integrations=False))

        def note():
            hub.scope.set_tag("b", "1")
            hub.capture_message("y")

        def f():
            with hub:
                with sentry_sdk.push_scope() as s:
                    s.set_tag("pushed", "1")
                    note()
                    sentry_sdk.capture_message("x")
                sentry_sdk.capture_message("z")

        f()
        """,
        differs="pushed",
    ),
    differs(
        "made-hub/used-by-a-thread-beside-a-pushed-scope",
        "hub-capture hub-custom-client push-scope-with",
        """
        import threading
        import sentry_sdk
        from sentry_sdk import Hub, Client

        hub = Hub(Client(release="p", default_integrations=False))
        a, b = (threading.Event(), threading.Event())

        def one():
            with hub:
                with sentry_sdk.push_scope() as s:
                    s.set_tag("one", "1")
                    a.set()
                    b.wait(5)
                    sentry_sdk.capture_message("one")

        def two():
            a.wait(5)
            hub.capture_message("two")
            b.set()

        def m():
            ts = [threading.Thread(target=t) for t in (one, two)]
            for t in ts:
                t.start()
            for t in ts:
                t.join()

        m()
        """,
        differs="tags",
    ),
    safe(
        "made-hub/shared-by-threads-while-one-has-a-transaction",
        "hub-clone-object",
        """
        import threading
        import sentry_sdk
        from sentry_sdk import Hub

        a, b = (threading.Event(), threading.Event())

        def one(hub):
            with hub:
                with sentry_sdk.start_transaction(name="one"):
                    a.set()
                    b.wait(5)
                    sentry_sdk.capture_message("one")

        def two(hub):
            a.wait(5)
            with hub:
                sentry_sdk.capture_message("two")
            b.set()

        def main():
            hub = Hub(Hub.current)
            ts = [
                threading.Thread(target=one, args=(hub,)),
                threading.Thread(target=two, args=(hub,)),
            ]
            for t in ts:
                t.start()
            for t in ts:
                t.join()
            sentry_sdk.capture_message("z")

        main()
        """,
        setup="traced",
    ),
    safe(
        "made-hub/transaction-named",
        "hub-clone-object hub-scope",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        def f():
            with sentry_sdk.start_transaction(name="t", op="x"):
                hub = Hub(Hub.current)
                hub.scope.set_transaction_name("renamed")
                with hub:
                    sentry_sdk.capture_message("in")
                sentry_sdk.capture_message("out")

        f()
        """,
        setup="traced",
    ),
    safe(
        "made-hub/transaction-named-in-the-block",
        "hub-capture hub-clone-object hub-scope",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        def f():
            hub = Hub(Hub.current)
            with hub:
                with sentry_sdk.start_transaction(name="t", op="x"):
                    hub.scope.set_transaction_name("renamed")
                    sentry_sdk.set_tag("in", "1")
                    sentry_sdk.capture_message("in")
            hub.capture_message("after")
            sentry_sdk.capture_message("out")

        f()
        """,
        setup="traced",
    ),
    safe(
        "made-hub/span-and-transaction-read",
        "hub-capture hub-clone-object hub-scope",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        def f():
            with sentry_sdk.start_transaction(name="t"):
                hub = Hub(Hub.current)
                out(hub.scope.span is not None)
                out(hub.scope.transaction is not None)
                hub.capture_message("x")

        f()
        """,
        setup="traced",
    ),
    safe(
        "made-hub/transaction-named-without-one",
        "hub-capture hub-custom-client hub-scope push-scope-with",
        """
        import sentry_sdk
        from sentry_sdk import Hub, Client

        def f():
            hub = Hub(Client(release="p", default_integrations=False, traces_sample_rate=1.0))
            hub.scope.set_transaction_name("pre")
            hub.capture_message("x")
            with hub:
                with sentry_sdk.push_scope() as s:
                    s.set_transaction_name("pushed")
                    sentry_sdk.capture_message("y")
                sentry_sdk.capture_message("z")

        f()
        """,
        setup="traced",
    ),
    manual(
        "made-hub/transaction-named-by-configure-scope",
        "hub-capture hub-clone-object hub-configure-scope",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        def f():
            with sentry_sdk.start_transaction(name="t"):
                hub = Hub(Hub.current)
                with hub.configure_scope() as scope:
                    scope.set_transaction_name("cc")
                hub.capture_message("x")

        f()
        """,
        setup="traced",
    ),
    manual(
        "made-hub/transaction-named-by-configure-scope-and-passed-on",
        "hub-capture hub-configure-scope hub-custom-client",
        """
        import sentry_sdk
        from sentry_sdk import Hub, Client

        def f(cb):
            with sentry_sdk.start_transaction(name="t"):
                hub = Hub(Client(release="p", default_integrations=False))
                with hub.configure_scope() as scope:
                    scope.transaction = "cc"
                with hub.configure_scope() as scope:
                    scope.set_transaction_name("dd")
                cb(hub)
                hub.capture_message("x")
                sentry_sdk.capture_message("y")

        f(lambda h: None)
        """,
        setup="traced",
    ),
    differs(
        "made-hub/transaction-of-another-client-ends-in-the-block",
        "hub-custom-client",
        """
        import sentry_sdk
        from sentry_sdk import Hub, Client

        def f():
            t = sentry_sdk.start_transaction(name="outer")
            c = Hub(Client(release="p", default_integrations=False, traces_sample_rate=1.0))
            with c:
                with t:
                    sentry_sdk.capture_message("b")
            with t.start_child(op="x") as s:
                with c:
                    sentry_sdk.capture_message("d")
                s.set_tag("a", "1")
            sentry_sdk.capture_message("app")

        f()
        """,
        differs="release",
        setup="traced",
    ),
    manual(
        "made-hub/function-called-through-globals",
        "hub-clone-object hub-current",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        def work(hub):
            with hub:
                sentry_sdk.capture_message("x")

        def main():
            hub = Hub(Hub.current)
            work(hub)
            globals()["work"](Hub.current)

        main()
        """,
    ),
    manual(
        "made-hub/function-called-through-its-module",
        "hub-clone-object hub-current",
        """
        import sys
        import sentry_sdk
        from sentry_sdk import Hub

        def work(hub):
            with hub:
                sentry_sdk.capture_message("x")

        def main():
            hub = Hub(Hub.current)
            work(hub)
            getattr(sys.modules[__name__], "wo" + "rk")(Hub.current)

        main()
        """,
    ),
    manual(
        "made-hub/function-called-in-a-string",
        "hub-custom-client",
        """
        import sentry_sdk
        from sentry_sdk import Client, Hub

        def work(hub):
            hub.capture_message("x")

        def main():
            hub = Hub(Client(release="p", default_integrations=False))
            work(hub)
            eval("work(Hub.current)")

        main()
        """,
    ),
    manual(
        "made-hub/variable-read-through-its-module",
        "hub-capture hub-custom-client",
        """
        import sys
        import sentry_sdk
        from sentry_sdk import Hub, Client

        hub = Hub(Client(release="p", default_integrations=False))
        hub.capture_message("x")
        sys.modules[__name__].hub.capture_message("y")
        """,
    ),
    manual(
        "made-hub/function-that-is-exported",
        "hub-clone-object",
        """
        import sys
        import sentry_sdk
        from sentry_sdk import Hub

        __all__ = ["work"]

        def work(hub):
            with hub:
                sentry_sdk.capture_message("x")

        def main():
            hub = Hub(Hub.current)
            work(hub)

        main()
        """,
    ),
    manual(
        "made-hub/variable-read-through-locals",
        "hub-capture hub-clone-object",
        """
        import sentry_sdk
        from sentry_sdk import Hub, Client

        def f():
            hub = Hub(Hub.current)
            hub.capture_message("x")
            out(sorted(locals()))

        f()
        """,
    ),
    manual(
        "made-hub/assigned-in-a-with-statement",
        "hub-clone-object hub-scope",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        def main():
            with (hub := Hub(Hub.current)):
                hub.scope.set_tag("a", "1")
                sentry_sdk.capture_message("x")

        main()
        """,
    ),
    safe(
        "made-hub/error-whose-text-uses-the-sdk",
        "hub-capture hub-custom-client",
        """
        import sentry_sdk
        from sentry_sdk import Hub, Client

        class E(Exception):
            def __str__(self):
                sentry_sdk.set_tag("str", "1")
                sentry_sdk.capture_message("from str")
                return "e"

        def f():
            hub = Hub(Client(release="p", default_integrations=False))
            try:
                raise E()
            except E as e:
                hub.capture_exception(e)
            sentry_sdk.capture_message("app")

        f()
        """,
    ),
    safe(
        "made-hub/handled-error-whose-text-uses-the-sdk",
        "hub-capture hub-custom-client",
        """
        import sentry_sdk
        from sentry_sdk import Hub, Client

        class E(Exception):
            def __str__(self):
                sentry_sdk.set_tag("str", "1")
                return "e"

        def f():
            hub = Hub(Client(release="p", default_integrations=False))
            try:
                raise E()
            except E as e:
                hub.capture_exception()
            sentry_sdk.capture_message("app")

        f()
        """,
    ),
    safe(
        "made-hub/before-send-that-uses-the-sdk",
        "hub-capture hub-custom-client",
        """
        import sentry_sdk
        from sentry_sdk import Hub, Client

        def before(e, h):
            sentry_sdk.set_tag("bs", "1")
            sentry_sdk.add_breadcrumb(message="bs")
            return e

        def f():
            hub = Hub(Client(release="p", default_integrations=False, before_send=before))
            hub.capture_message("a")
            sentry_sdk.capture_message("app")
            hub.capture_message("b")

        f()
        """,
    ),
    differs(
        "made-hub/before-breadcrumb-that-uses-the-sdk",
        "hub-add-breadcrumb hub-capture hub-custom-client",
        """
        import sentry_sdk
        from sentry_sdk import Hub, Client

        def before(e, h):
            sentry_sdk.set_tag("bs", "1")
            return e

        def f():
            hub = Hub(Client(release="p", default_integrations=False, before_breadcrumb=before))
            hub.add_breadcrumb(message="a")
            sentry_sdk.capture_message("app")
            hub.capture_message("b")

        f()
        """,
        differs="tags",
    ),
    manual(
        "made-hub/yielded-ids",
        "hub-clone-object",
        """
        import sentry_sdk
        from sentry_sdk import Hub, Client

        def work(hub):
            yield hub.capture_message("x")
            yield hub.scope.set_tag("a", "1")
            yield hub.capture_message("x")

        def f():
            hub = Hub(Hub.current)
            sentry_sdk.set_tag("b", "1")
            for x in work(hub):
                sentry_sdk.capture_message("y")

        f()
        """,
    ),
    safe(
        "made-hub/id-given-to-a-function-that-uses-the-sdk",
        "hub-capture hub-custom-client",
        """
        import sentry_sdk
        from sentry_sdk import Hub, Client

        def store(x):
            sentry_sdk.set_tag("s", "1")
            return x

        def f():
            hub = Hub(Client(release="p", default_integrations=False))
            store(hub.capture_message("z"))
            sentry_sdk.capture_message("app")

        f()
        """,
    ),
    safe(
        "made-hub/ids-kept",
        "hub-capture hub-custom-client",
        """
        import sentry_sdk
        from sentry_sdk import Hub, Client

        class A:
            def go(self):
                hub = Hub(Client(release="p", default_integrations=False))
                self.last = hub.capture_message("y")
                try:
                    1 / 0
                except Exception as error:
                    self.last = hub.capture_exception(error)
                return self.last

        out(A().go() is None)
        """,
    ),
    safe(
        "made-hub/clone-with-another-client",
        "hub-bind-client hub-capture hub-clone-object",
        """
        import sentry_sdk
        from sentry_sdk import Hub, Client

        def f():
            c = Hub(Hub.current)
            c.bind_client(Client(release="p", default_integrations=False))
            c.capture_message("a")
            with c:
                sentry_sdk.capture_message("b")
            sentry_sdk.capture_message("app")

        f()
        """,
    ),
    safe(
        "made-hub/given-to-a-thread-after-another-argument",
        "hub-custom-client",
        """
        import sentry_sdk
        from threading import Thread
        from sentry_sdk import Hub, Client

        def work(n, hub, /):
            hub.scope.set_tag("a", str(n))
            hub.capture_message("x")

        def f():
            hub = Hub(Client(release="p", default_integrations=False))
            t = Thread(name="name", args=(1, hub), target=work)
            t.start()
            t.join()

        f()
        """,
    ),
    safe(
        "made-hub/made-in-each-task",
        "hub-clone-object",
        """
        import asyncio
        import sentry_sdk
        from sentry_sdk import Hub

        async def work(n):
            hub = Hub(Hub.current)
            with hub:
                sentry_sdk.set_tag("n" + n, "1")
                await asyncio.sleep(0)
                sentry_sdk.capture_message("x" + n)

        async def main():
            await asyncio.gather(work("1"), work("2"))
            sentry_sdk.capture_message("z")

        asyncio.run(main())
        """,
    ),
)

TABLE += (
    safe(
        "made-hub/run-of-a-clone-that-is-kept",
        "hub-clone-object hub-run",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        def work():
            sentry_sdk.set_tag("work", "1")
            sentry_sdk.add_breadcrumb(message="work")
            with sentry_sdk.start_span(op="inner"):
                sentry_sdk.capture_message("in")
            return 3

        def main():
            hub = Hub(Hub.current)
            hub.scope.set_tag("clone", "1")
            hub.run(work)
            found = hub.run(lambda: work() + 1)
            sentry_sdk.capture_message(str(found))
            hub.capture_message("of the clone")
            return hub.run(work)

        sentry_sdk.set_tag("host", "1")
        with sentry_sdk.start_transaction(name="host"):
            main()
        sentry_sdk.capture_message("out")
        """,
        setup="traced",
    ),
    unsafe(
        "made-hub/run-of-an-own-hub",
        "hub-custom-client hub-run",
        """
        import sentry_sdk
        from sentry_sdk import Client, Hub

        def work():
            sentry_sdk.set_tag("work", "1")
            sentry_sdk.capture_message("in")

        def main():
            hub = Hub(Client(release="plugin", default_integrations=False))
            hub.run(work)
            hub.run(work)

        sentry_sdk.set_tag("host", "1")
        main()
        sentry_sdk.capture_message("out")
        """,
    ),
    manual(
        "made-hub/run-of-what-a-call-gives",
        "hub-clone-object hub-run",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        def make():
            sentry_sdk.capture_message("made")
            return lambda: sentry_sdk.capture_message("in")

        def main():
            hub = Hub(Hub.current)
            hub.scope.set_tag("clone", "1")
            hub.run(make())

        main()
        """,
    ),
    manual(
        "made-hub/run-in-an-expression",
        "hub-clone-object hub-run",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        def main():
            hub = Hub(Hub.current)
            sentry_sdk.capture_message(str(hub.run(lambda: sentry_sdk.capture_message("in"))[:0]))

        main()
        """,
    ),
    safe(
        "made-hub/push-of-a-clone-that-is-kept",
        "hub-clone-object hub-push-scope",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        def main():
            hub = Hub(Hub.current)
            hub.scope.set_tag("clone", "1")
            with hub.push_scope() as scope:
                scope.set_tag("pushed", "1")
                hub.add_breadcrumb(message="pushed")
                hub.capture_message("x")
            hub.capture_message("y")

        sentry_sdk.set_tag("host", "1")
        with sentry_sdk.start_transaction(name="host"):
            main()
        sentry_sdk.capture_message("out")
        """,
        setup="traced",
    ),
    manual(
        "made-hub/push-of-a-clone-with-its-scope-handed-on",
        "hub-clone-object hub-push-scope",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        def main():
            hub = Hub(Hub.current)
            with hub.push_scope() as scope:
                scope.set_tag("pushed", "1")
                hub.capture_message("x")
                print(str(scope)[:0])

        sentry_sdk.set_tag("host", "1")
        main()
        sentry_sdk.capture_message("out")
        """,
    ),
)
