"""Hubs that are made, kept, handed on or looked into."""

from differential.program import differs, manual, safe, unsafe

TABLE = (
    safe(
        "hub-clone/with",
        "hub-clone-with",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        def run():
            with Hub(Hub.current):
                sentry_sdk.set_tag("inner", "1")
                sentry_sdk.add_breadcrumb(message="inner")
                sentry_sdk.capture_message("inside")
            sentry_sdk.capture_message("outside")

        sentry_sdk.set_tag("base", "1")
        run()
        """,
    ),
    safe(
        "hub-clone/with-as",
        "hub-clone-with",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        def run():
            with Hub(Hub.current) as hub:
                hub.scope.set_tag("inner", "1")
                hub.add_breadcrumb(message="inner")
                hub.capture_message("inside")
            sentry_sdk.capture_message("outside")

        run()
        """,
    ),
    safe(
        "hub-clone/with-as-and-scopes",
        "hub-clone-with",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        def run():
            with Hub(Hub.current) as hub:
                with hub.configure_scope() as scope:
                    scope.clear_breadcrumbs()
                    scope.set_tag("inner", "1")
                with hub.push_scope() as pushed:
                    pushed.set_tag("pushed", "1")
                    hub.capture_message("pushed")
                hub.capture_message("inside")
            sentry_sdk.capture_message("outside")

        sentry_sdk.add_breadcrumb(message="outer")
        run()
        """,
    ),
    safe(
        "hub-clone/with-of-a-variable",
        "hub-clone-with",
        """
        import sentry_sdk

        def run():
            hub = sentry_sdk.Hub.current
            with sentry_sdk.Hub(hub):
                sentry_sdk.set_tag("inner", "1")
                sentry_sdk.capture_message("inside")
            sentry_sdk.capture_message("outside")

        run()
        """,
    ),
    safe(
        "hub-clone/with-keyword",
        "hub-clone-with",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        def run():
            with Hub(client_or_hub=Hub.current):
                sentry_sdk.set_tag("inner", "1")
                sentry_sdk.capture_message("inside")
            sentry_sdk.capture_message("outside")

        run()
        """,
    ),
    differs(
        "hub-clone/outer-clone-used-in-an-inner-one",
        "hub-clone-with",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        def run():
            with Hub(Hub.current) as outer:
                with Hub(Hub.current):
                    outer.scope.set_tag("outer", "1")
                    outer.add_breadcrumb(message="on the outer hub")
                    sentry_sdk.capture_message("inside")
                sentry_sdk.capture_message("between")

        run()
        """,
        differs="tags",
    ),
    differs(
        "hub-clone/current-hub-kept-and-used-in-a-clone",
        "hub-scope",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        def run():
            hub = Hub.current
            with Hub(Hub.current):
                hub.scope.set_tag("outer", "1")
                sentry_sdk.capture_message("inside")
            sentry_sdk.capture_message("outside")

        run()
        """,
        differs="tags",
    ),
    safe(
        "hub-clone/current-hub-kept-and-used-in-a-pushed-scope",
        "hub-scope push-scope-with",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        def run():
            hub = Hub.current
            with sentry_sdk.push_scope() as scope:
                scope.set_tag("pushed", "1")
                hub.scope.set_tag("by the hub", "1")
                hub.capture_message("inside")
            hub.capture_message("outside")

        run()
        """,
    ),
    safe(
        "hub-clone/same-trace",
        "hub-clone-with",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        def run():
            with Hub(Hub.current):
                sentry_sdk.capture_message("inside")

        sentry_sdk.capture_message("before")
        run()
        sentry_sdk.capture_message("after")
        """,
        note="All three belong to one trace.",
    ),
    safe(
        "hub-clone/span-in-a-clone",
        "hub-clone-with",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        def step():
            with Hub(Hub.current) as hub:
                with hub.start_span(op="step") as span:
                    span.set_data("rows", 2)
                if hub.scope.span:
                    hub.scope.span.set_tag("seen", "yes")

        with sentry_sdk.start_transaction(name="t", op="task"):
            step()
        """,
        setup="traced",
    ),
    safe(
        "hub-clone/with-start-span-as-second-item",
        "hub-clone-with hub-start-span",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        def step():
            with Hub(Hub.current) as hub, hub.start_span(op="step"):
                sentry_sdk.set_tag("inner", "1")
                sentry_sdk.capture_message("inside")

        with sentry_sdk.start_transaction(name="t", op="task"):
            step()
            sentry_sdk.capture_message("outside")
        """,
        setup="traced",
    ),
    safe(
        "hub-clone/asyncio-tasks",
        "hub-clone-with",
        """
        import asyncio
        import sentry_sdk
        from sentry_sdk import Hub

        async def work(name):
            with Hub(Hub.current):
                sentry_sdk.set_tag("task", name)
                await asyncio.sleep(0)
                sentry_sdk.capture_message("task " + name)

        async def main():
            await asyncio.gather(work("1"), work("2"))
            sentry_sdk.capture_message("main")

        asyncio.run(main())
        """,
    ),
    safe(
        "hub-clone/kept-and-entered",
        "hub-clone-object",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        def run():
            hub = Hub(Hub.current)
            sentry_sdk.set_tag("after the clone", "1")
            with hub:
                sentry_sdk.set_tag("inner", "1")
                sentry_sdk.capture_message("inside")
            sentry_sdk.capture_message("outside")

        sentry_sdk.set_tag("base", "1")
        run()
        """,
    ),
    safe(
        "hub-clone/handed-to-a-thread",
        "hub-clone-object",
        """
        import threading
        import sentry_sdk
        from sentry_sdk import Hub

        def work(hub):
            with hub:
                sentry_sdk.set_tag("thread", "1")
                sentry_sdk.capture_message("in the thread")

        def run():
            hub = Hub(Hub.current)
            thread = threading.Thread(target=work, args=(hub,))
            thread.start()
            thread.join()

        sentry_sdk.set_tag("main", "1")
        run()
        sentry_sdk.capture_message("in the main thread")
        """,
    ),
    safe(
        "hub-clone/handed-to-a-thread-with-a-span",
        "hub-clone-object",
        """
        import threading
        import sentry_sdk
        from sentry_sdk import Hub

        def work(hub):
            with hub:
                with sentry_sdk.start_span(op="thread"):
                    sentry_sdk.set_tag("thread", "1")

        def run():
            hub = Hub(Hub.current)
            thread = threading.Thread(target=work, args=(hub,))
            thread.start()
            thread.join()

        with sentry_sdk.start_transaction(name="t", op="task"):
            run()
        """,
        setup="traced",
        note="Both scopes have to travel, or the span is lost.",
    ),
    safe(
        "hub-clone/a-middleware",
        "hub-clone-object hub-client-truthiness hub-client hub-capture",
        """
        import sys
        from sentry_sdk import capture_message, set_tag
        from sentry_sdk.hub import Hub
        from sentry_sdk.utils import event_from_exception

        def middleware(app, path):
            hub = Hub(Hub.current)
            with hub:
                with hub.configure_scope() as scope:
                    scope.clear_breadcrumbs()
                    scope.set_tag("path", path)
                    scope.transaction = path
                try:
                    return app(path)
                except BaseException:
                    if hub.client is not None:
                        event, hint = event_from_exception(
                            sys.exc_info(), client_options=hub.client.options
                        )
                        hub.capture_event(event, hint=hint)
                    raise

        def app(path):
            set_tag("in", path)
            capture_message("inside")
            if path == "/b":
                raise ValueError(path)

        for path in ("/a", "/b"):
            try:
                middleware(app, path)
            except ValueError:
                capture_message("outside")
        """,
    ),
    safe(
        "hub-clone/entered-with-all-members",
        "hub-clone-object hub-scope hub-start-transaction hub-start-span hub-add-breadcrumb"
        " hub-push-scope hub-capture span-description",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        def run():
            hub = Hub(Hub.current)
            with hub:
                hub.scope.set_user({"id": 3})
                with hub.start_transaction(name="t", op="o"):
                    with hub.start_span(op="s", description="d"):
                        hub.add_breadcrumb(message="crumb")
                        hub.scope.span.set_data("k", 1)
                    hub.capture_message("in a transaction")
                with hub.push_scope() as pushed:
                    pushed.set_tag("pushed", 1)
                    hub.capture_message("pushed")
                with memoryview(b""):
                    hub.capture_message("in another block")
            hub.capture_message("behind")
            sentry_sdk.capture_message("outside")

        sentry_sdk.set_tag("base", 1)
        run()
        """,
        setup="traced",
    ),
    safe(
        "hub-clone/entered-and-given-to-a-helper",
        "hub-clone-object hub-client-truthiness hub-client hub-capture hub-scope",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        def capture(hub, text):
            if hub.client is not None:
                hub.capture_message(text + str(hub.client.options["sample_rate"]))

        def run():
            hub = Hub(Hub.current)
            with hub:
                hub.scope.set_tag("a", 1)
                capture(hub, "inside")
            sentry_sdk.capture_message("outside")

        run()
        """,
    ),
    safe(
        "hub-clone/one-entered-in-the-block-of-another",
        "hub-clone-object hub-scope hub-capture hub-configure-scope",
        """
        from sentry_sdk import Hub

        def run():
            first = Hub(Hub.current)
            second = Hub(Hub.current)
            first.scope.set_tag("first", 1)
            second.scope.set_tag("second", 1)
            with first:
                with second:
                    first.capture_message("of the first")
                    with first.configure_scope() as scope:
                        scope.set_tag("more", 1)
                    second.capture_message("of the second")
                first.capture_message("of the first again")

        run()
        """,
    ),
    manual(
        "hub-clone/read-in-the-block-by-a-function-called-later",
        "hub-clone-object hub-capture hub-client",
        """
        from sentry_sdk import Hub

        def run():
            hub = Hub(Hub.current)
            with hub:
                def later():
                    hub.capture_message("later")
                    return hub.client
            later()

        run()
        """,
    ),
    safe(
        "hub-clone/given-to-a-helper-also-behind-the-block",
        "hub-clone-object hub-scope",
        """
        from sentry_sdk import Hub

        def capture(hub, text):
            hub.capture_message(text)

        def run():
            hub = Hub(Hub.current)
            hub.scope.set_tag("a", 1)
            with hub:
                capture(hub, "inside")
            capture(hub, "behind")

        run()
        """,
    ),
    unsafe(
        "hub-clone/entered-around-another-manager",
        "hub-clone-object hub-clone-with hub-scope hub-capture",
        """
        from contextlib import contextmanager
        import sentry_sdk
        from sentry_sdk import Hub

        @contextmanager
        def other():
            with Hub(Hub.current):
                sentry_sdk.set_tag("other", 1)
                yield

        def run():
            hub = Hub(Hub.current)
            with hub:
                with other():
                    hub.capture_message("inside")
                    hub.scope.set_tag("s", 1)
                    sentry_sdk.capture_message("of the other")

        run()
        """,
    ),
    safe(
        "hub-clone/kept-and-entered-with-a-span",
        "hub-clone-object",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        def run():
            with sentry_sdk.start_span(op="around"):
                hub = Hub(Hub.current)
            with hub:
                with sentry_sdk.start_span(op="inside"):
                    sentry_sdk.capture_message("inside")
            sentry_sdk.capture_message("outside")

        with sentry_sdk.start_transaction(name="t", op="task"):
            run()
        """,
        setup="traced",
    ),
    safe(
        "hub-clone/kept-and-entered-in-a-pushed-scope",
        "hub-clone-object push-scope-with",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        def run():
            with sentry_sdk.push_scope() as scope:
                scope.set_tag("pushed", "1")
                hub = Hub(Hub.current)
                scope.set_tag("after the clone", "1")
            with hub:
                sentry_sdk.set_tag("inner", "1")
                sentry_sdk.capture_message("inside")
            sentry_sdk.capture_message("outside")

        run()
        """,
    ),
    safe(
        "hub-clone/handed-to-functions",
        "hub-clone-object",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        def inner(first, hub):
            hub.scope.set_tag(first, "1")
            with Hub(hub):
                sentry_sdk.capture_message("inside")

        def outer(hub: Hub):
            inner("inner", hub)
            with hub:
                sentry_sdk.capture_message("around")

        def run():
            hub = Hub(Hub.current)
            outer(hub)

        run()
        sentry_sdk.capture_message("outside")
        """,
    ),
    manual(
        "hub-clone/handed-to-a-function-that-others-call",
        "hub-clone-object",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        def work(hub):
            with hub:
                sentry_sdk.capture_message("inside")

        def run():
            hub = Hub(Hub.current)
            work(hub)

        run()
        work(Hub.current)
        """,
    ),
    safe(
        "hub-clone/handed-to-a-pool",
        "hub-clone-object",
        """
        from concurrent.futures import ThreadPoolExecutor
        import sentry_sdk
        from sentry_sdk import Hub

        def work(hub):
            with hub:
                sentry_sdk.set_tag("thread", "1")
                sentry_sdk.capture_message("in the thread")

        def run():
            hub = Hub(Hub.current)
            with ThreadPoolExecutor(1) as pool:
                pool.submit(work, hub).result()

        run()
        """,
    ),
    safe(
        "hub-clone/cloned-again",
        "hub-clone-object",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        def run():
            first = Hub(Hub.current)
            first.scope.set_tag("first", "1")
            second = Hub(first)
            with second:
                sentry_sdk.set_tag("second", "1")
                sentry_sdk.capture_message("in the second")
            with first:
                sentry_sdk.capture_message("in the first")
            with Hub(first):
                sentry_sdk.set_tag("third", "1")
                sentry_sdk.capture_message("in the third")
            first.capture_message("through the first")

        run()
        """,
    ),
    unsafe(
        "hub-clone/asked-for-an-id",
        "hub-clone-object",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        def run():
            hub = Hub(Hub.current)
            with hub:
                sentry_sdk.set_tag("inner", "1")
                out(sentry_sdk.last_event_id() is None)

        run()
        """,
    ),
    safe(
        "hub-clone/never-entered",
        "hub-clone-object hub-scope hub-capture",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        def run():
            hub = Hub(Hub.current)
            hub.scope.set_tag("a", "1")
            hub.capture_message("through the clone")

        run()
        sentry_sdk.capture_message("current")
        """,
    ),
    unsafe(
        "hub-clone/current-hub-handed-to-a-thread",
        "hub-current hub-with-current",
        """
        import threading
        import sentry_sdk
        from sentry_sdk import Hub

        def work(hub):
            with hub:
                sentry_sdk.set_tag("thread", "1")
                sentry_sdk.capture_message("in the thread")

        sentry_sdk.set_tag("main", "1")
        thread = threading.Thread(target=work, args=(Hub.current,))
        thread.start()
        thread.join()
        sentry_sdk.capture_message("in the main thread")
        """,
    ),
    manual(
        "hub-main/scope",
        "hub-main",
        """
        import threading
        import sentry_sdk
        from sentry_sdk import Hub

        def work():
            with Hub.main:
                sentry_sdk.set_tag("thread", "1")

        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
        sentry_sdk.capture_message("in the main thread")
        """,
    ),
    unsafe(
        "hub-main/global-hub",
        "hub-main",
        """
        from sentry_sdk.hub import GLOBAL_HUB

        GLOBAL_HUB.capture_message("through the global hub")
        """,
    ),
    unsafe(
        "hub-main/integration",
        "hub-main",
        """
        from sentry_sdk import Hub
        from sentry_sdk.hub import GLOBAL_HUB
        from sentry_sdk.integrations.logging import LoggingIntegration

        out(type(GLOBAL_HUB.get_integration(LoggingIntegration)).__name__)
        out(type(Hub.main.get_integration("logging")).__name__)
        GLOBAL_HUB.flush(timeout=1)
        """,
        setup="logging",
    ),
    unsafe(
        "hub-scope/transaction-named-in-a-pushed-scope-that-stays",
        "hub-scope",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        def work(run):
            with sentry_sdk.push_scope() as scope:
                run(scope)
                Hub.current.scope.set_transaction_name("import")
                sentry_sdk.capture_message("in")
            sentry_sdk.capture_message("out")

        work(lambda scope: scope.set_tag("kind", "batch"))
        """,
    ),
    unsafe(
        "hub-scope/variable-names-the-transaction-in-a-pushed-scope-that-stays",
        "hub-scope configure-scope-transaction-access",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        def work(run):
            with sentry_sdk.push_scope() as pushed:
                run(pushed)
                scope = Hub.current.scope
                scope.set_tag("step", 1)
                scope.set_transaction_name("import")
                sentry_sdk.capture_message("in")
            sentry_sdk.capture_message("out")

        work(lambda scope: scope.set_tag("kind", "batch"))
        """,
    ),
    unsafe(
        "hub-scope/transaction-named-after-an-await-in-a-pushed-scope",
        "hub-scope",
        """
        import asyncio
        import sentry_sdk
        from sentry_sdk import Hub

        async def work(run):
            with sentry_sdk.push_scope() as scope:
                scope.set_tag("kind", "batch")
                await run()
                Hub.current.scope.set_transaction_name("import")
                sentry_sdk.capture_message("in")
            sentry_sdk.capture_message("out")

        async def run():
            pass

        asyncio.run(work(run))
        """,
    ),
    safe(
        "hub-scope/transaction-named-in-a-pushed-scope-that-goes",
        "hub-scope push-scope-with",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        def work(step):
            with sentry_sdk.push_scope() as scope:
                scope.set_tag("kind", "batch")
                step()
                Hub.current.scope.set_transaction_name("import")
                sentry_sdk.capture_message("in")
            sentry_sdk.capture_message("out")

        work(lambda: sentry_sdk.add_breadcrumb(message="step"))
        """,
    ),
    safe(
        "hub-scope/private-span",
        "hub-scope",
        """
        import sentry_sdk

        def seen():
            return sentry_sdk.Hub.current.scope._span is not None

        with sentry_sdk.start_transaction(name="import"):
            out(seen())
        """,
        setup="traced",
    ),
    differs(
        "hub-scope/add-breadcrumb",
        "hub-scope",
        """
        import sentry_sdk

        def note():
            sentry_sdk.Hub.current.scope.add_breadcrumb(message="step")

        note()
        sentry_sdk.capture_message("after")
        """,
        differs="breadcrumbs",
    ),
    differs(
        "hub-scope/clear",
        "hub-scope",
        """
        import sentry_sdk

        def forget():
            sentry_sdk.Hub.current.scope.clear()

        forget()
        sentry_sdk.capture_message("after")
        """,
        differs="trace",
    ),
    differs(
        "hub-scope/clear-through-a-variable",
        "hub-scope",
        """
        import sentry_sdk

        def forget():
            scope = sentry_sdk.Hub.current.scope
            scope.clear()

        forget()
        sentry_sdk.capture_message("after")
        """,
        differs="trace",
    ),
    differs(
        "hub-scope/clear-after-a-name",
        "hub-scope scope-transaction-setter",
        """
        import sentry_sdk

        scope = sentry_sdk.Hub.current.scope
        scope.transaction = "named"
        sentry_sdk.capture_message("named")
        scope.clear()
        sentry_sdk.capture_message("after")
        """,
        differs="transaction",
    ),
    differs(
        "hub-scope/capture",
        "hub-scope",
        """
        import sentry_sdk

        def send():
            sentry_sdk.Hub.current.scope.capture_message("on the scope")

        send()
        sentry_sdk.capture_message("after")
        """,
        differs="sent",
    ),
    differs(
        "hub-scope/scope-of-the-caller-or-of-the-hub",
        "hub-scope",
        """
        import sentry_sdk

        def mark(scope=None):
            if scope is None:
                scope = sentry_sdk.Hub.current.scope
            if scope.span is not None:
                scope.span.set_tag("marked", "yes")

        with sentry_sdk.start_transaction(name="import"):
            mark()
        """,
        setup="traced",
        differs="tags",
    ),
    differs(
        "hub-client/attribute-error-caught-around-the-variable",
        "hub-client",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        def release():
            client = Hub.current.client
            try:
                return client.options["release"]
            except AttributeError:
                return "none"

        out(release())
        """,
        setup="none",
        differs="out",
    ),
    differs(
        "hub-client/any-error-caught-around-the-variable",
        "hub-client",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        def release():
            client = Hub.current.client
            try:
                return client.options["release"]
            except Exception:
                return "none"

        out(release())
        """,
        setup="none",
        differs="out",
    ),
    differs(
        "hub-client/attribute-error-caught-around-the-function",
        "hub-client",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        def release():
            return Hub.current.client.options["release"]

        try:
            out(release())
        except AttributeError:
            out("none")
        """,
        setup="none",
        differs="out",
    ),
    differs(
        "hub-client/attribute-error-suppressed",
        "hub-client",
        """
        import contextlib
        import sentry_sdk
        from sentry_sdk import Hub

        def release():
            with contextlib.suppress(AttributeError):
                out(Hub.current.client.options.get("release"))

        release()
        out("done")
        """,
        setup="none",
        differs="out",
    ),
    safe(
        "hub-client/another-error-caught",
        "hub-client",
        """
        import contextlib
        import sentry_sdk
        from sentry_sdk import Hub

        def option(name):
            client = Hub.current.client
            try:
                return client.options[name]
            except KeyError:
                return "none"

        def named(event):
            try:
                return event.name
            except AttributeError:
                return "nameless"

        out(option("release"), option("no such option"), named(3))
        with contextlib.suppress(KeyError):
            out(Hub.current.client.options["no such option"])
        """,
    ),
    manual(
        "hub-private/capture-internal",
        "hub-private",
        """
        import sys
        from sentry_sdk import Hub, capture_message

        def guard():
            try:
                1 / 0
            except ZeroDivisionError:
                Hub.current._capture_internal_exception(sys.exc_info())

        guard()
        capture_message("after")
        """,
        note="It logs the exception in 1.x.",
    ),
    manual(
        "span-hub/attribute",
        "span-hub-attr",
        """
        import sentry_sdk

        with sentry_sdk.start_transaction(name="t", op="task") as transaction:
            hub = transaction.hub
            out(hub is None or hub.client is not None)
        """,
        setup="traced",
    ),
    safe(
        "hub-import/unused-after-the-rewrite",
        "hub-capture",
        """
        from sentry_sdk import Hub, capture_message

        def report():
            Hub.current.capture_message("x")

        report()
        capture_message("after")
        """,
        note="The import of Hub goes with its last use.",
    ),
    safe(
        "hub-import/never-used",
        "hub-import",
        """
        from sentry_sdk import Hub, capture_message

        capture_message("x")
        """,
    ),
    manual(
        "hub-import/annotation",
        "hub-import",
        """
        from typing import Optional
        from sentry_sdk import Hub, capture_message

        def report(hub: Optional[Hub] = None) -> None:
            out(hub is None)
            capture_message("x")

        report()
        """,
    ),
    manual(
        "hub-import/isinstance",
        "hub-import",
        """
        from sentry_sdk import Hub, Scope

        def kind(value):
            return "hub" if isinstance(value, Hub) else "other"

        out(kind(Scope()))
        """,
    ),
    safe(
        "hub-reexport/from-api",
        "hub-reexport-import hub-capture",
        """
        from sentry_sdk.api import Hub

        def report():
            return Hub.current.capture_message("x")

        out(bool(report()))
        """,
        note="The name is not there in 2.x.",
    ),
    safe(
        "hub-reexport/from-an-integration",
        "hub-reexport-import hub-get-integration",
        """
        from sentry_sdk.integrations.logging import Hub, LoggingIntegration

        def active():
            return Hub.current.get_integration(LoggingIntegration) is not None

        out(active())
        """,
        setup="logging",
    ),
    manual(
        "mock/patched-hub-method",
        "mock-patch-hub",
        """
        from unittest import mock
        import sentry_sdk

        def test():
            with mock.patch("sentry_sdk.Hub.capture_message") as sent:
                sentry_sdk.capture_message("x")
            return sent.called

        out(test())
        """,
        note="In 2.x the patched method is never called.",
    ),
    differs(
        "mock/patched-function-of-a-module",
        "mock-patch-hub",
        """
        from unittest import mock
        import sentry_sdk

        # Stands for a module that is not migrated yet.
        WORK = "def work(): sentry_sdk.push_scope()"
        shop = {"sentry_sdk": sentry_sdk}
        exec(WORK, shop)

        def test():
            with mock.patch("sentry_sdk.push_scope") as push:
                shop["work"]()
            return push.called

        out(test())
        """,
        differs="out",
        note="The target has to follow the code that is tested.",
    ),
    manual(
        "hub/sub-class",
        "hub-import",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        class Loud(Hub):
            def capture_message(self, message, *args, **kwargs):
                return super().capture_message(message.upper(), *args, **kwargs)

        with Loud(Hub.current):
            sentry_sdk.capture_message("quiet")
        """,
    ),
)
