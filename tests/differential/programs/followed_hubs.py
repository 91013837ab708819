"""Hubs that are followed from what makes them through all that keeps and takes them."""

from differential.program import manual, safe, unsafe

TABLE = (
    unsafe(
        "followed-hub/variable-of-a-handler",
        "hub-capture hub-client hub-client-truthiness hub-custom-client",
        """
        import logging
        import sentry_sdk
        from sentry_sdk import Client, Hub
        from sentry_sdk.utils import event_from_exception

        class Handler(logging.Handler):
            def __init__(self):
                super().__init__(logging.ERROR)
                self._hub = Hub(Client(release="lib", default_integrations=False))

            def emit(self, record):
                hub = self._hub
                if hub.client is None:
                    return
                event, hint = {}, {}
                if record.exc_info and record.exc_info[0]:
                    event, hint = event_from_exception(
                        record.exc_info, client_options=hub.client.options
                    )
                event["level"] = record.levelname.lower()
                event["logger"] = record.name
                event["logentry"] = {"message": str(record.msg), "params": list(record.args)}
                hub.capture_event(event, hint=hint)

        log = logging.getLogger("lib")
        log.propagate = False
        log.addHandler(Handler())
        sentry_sdk.set_tag("host", "1")
        log.error("failed %s", "twice")
        try:
            raise ValueError("wrong")
        except ValueError:
            log.exception("failed")
        sentry_sdk.capture_message("app")
        """,
    ),
    unsafe(
        "followed-hub/variable-that-is-entered",
        "hub-capture hub-custom-client hub-scope",
        """
        import sentry_sdk
        from sentry_sdk import Client, Hub

        class Reporter:
            def __init__(self):
                self._hub = Hub(Client(release="lib", default_integrations=False))

            def report(self, text):
                hub = self._hub
                hub.scope.set_tag("text", text)
                with hub:
                    sentry_sdk.add_breadcrumb(message=text)
                    sentry_sdk.capture_message(text)
                hub.capture_message("outside")

        sentry_sdk.set_tag("host", "1")
        reporter = Reporter()
        with sentry_sdk.start_transaction(name="t", op="task"):
            reporter.report("a")
            reporter.report("b")
        sentry_sdk.capture_message("app")
        """,
        setup="traced",
    ),
    unsafe(
        "followed-hub/function-that-several-threads-run",
        "hub-clone-object",
        """
        import threading
        import sentry_sdk
        from sentry_sdk import Hub

        def work(hub, name):
            with hub:
                sentry_sdk.set_tag("work", name)
                with sentry_sdk.start_span(op=name):
                    sentry_sdk.capture_message(name)

        def run():
            thread = threading.Thread(target=work, args=(Hub(Hub.current), "clone"))
            thread.start()
            thread.join()
            hub = Hub(Hub.current)
            hub.scope.set_tag("kept", "1")
            thread = threading.Thread(target=work, args=(hub, "kept"))
            thread.start()
            thread.join()
            work(hub, "called")
            thread = threading.Thread(target=work, kwargs={"hub": Hub.current, "name": "shared"})
            thread.start()
            thread.join()

        sentry_sdk.set_tag("request", "1")
        with sentry_sdk.start_transaction(name="t", op="task"):
            run()
        sentry_sdk.capture_message("after")
        """,
        setup="traced",
    ),
    unsafe(
        "followed-hub/pool-of-own-hubs",
        "hub-custom-client",
        """
        from concurrent.futures import ThreadPoolExecutor
        import sentry_sdk
        from sentry_sdk import Client, Hub

        one = Hub(Client(release="one", default_integrations=False))
        two = Hub(Client(release="two", default_integrations=False))

        def work(hub, text):
            with hub:
                sentry_sdk.set_tag("text", text)
                sentry_sdk.capture_message(text)

        def run(pool):
            pool.submit(work, one, "a").result()
            pool.submit(work, two, "b").result()
            work(one, "c")

        sentry_sdk.set_tag("request", "1")
        with ThreadPoolExecutor() as pool:
            run(pool)
        sentry_sdk.capture_message("after")
        """,
    ),
    unsafe(
        "followed-hub/class-of-threads",
        "hub-clone-object hub-current",
        """
        import threading
        import sentry_sdk
        from sentry_sdk import Hub

        class Worker(threading.Thread):
            def __init__(self, hub, name):
                super().__init__()
                self.hub = hub
                self.text = name

            def run(self):
                with self.hub:
                    sentry_sdk.set_tag("work", self.text)
                    with sentry_sdk.start_span(op=self.text):
                        sentry_sdk.capture_message(self.text)

        class Cloner(threading.Thread):
            def __init__(self, parent_hub: Hub):
                threading.Thread.__init__(self, daemon=True)
                self._parent_hub = parent_hub

            def run(self):
                with Hub(self._parent_hub):
                    sentry_sdk.set_tag("cloned", "1")
                    sentry_sdk.capture_message("in a clone")

        def run():
            for worker in (
                Worker(Hub(Hub.current), "clone"),
                Worker(hub=Hub.current, name="shared"),
                Cloner(Hub.current),
            ):
                worker.start()
                worker.join()

        sentry_sdk.set_tag("request", "1")
        with sentry_sdk.start_transaction(name="t", op="task"):
            run()
        sentry_sdk.capture_message("after")
        """,
        setup="traced",
    ),
    unsafe(
        "followed-hub/clone-of-what-a-thread-is-given",
        "hub-clone-object hub-current",
        """
        import threading
        import sentry_sdk
        from sentry_sdk import Hub

        def work(parent):
            hub = Hub(parent)
            hub.scope.set_tag("work", "1")
            with hub:
                sentry_sdk.capture_message("in the thread")

        def run():
            thread = threading.Thread(target=work, args=(Hub.current,))
            thread.start()
            thread.join()

        sentry_sdk.set_tag("request", "1")
        run()
        sentry_sdk.capture_message("after")
        """,
    ),
    manual(
        "followed-hub/clone-of-what-is-given",
        "hub-clone-object",
        """
        import sentry_sdk
        from sentry_sdk import Client, Hub

        def work(parent: Hub):
            hub = Hub(parent)
            with hub:
                sentry_sdk.capture_message("x")

        def run(start):
            start(work)

        run(lambda work: work(Hub(Client(release="lib", default_integrations=False))))
        sentry_sdk.capture_message("app")
        """,
    ),
    unsafe(
        "followed-hub/made-and-returned-with-data",
        "hub-capture hub-configure-scope hub-custom-client hub-scope",
        """
        import sentry_sdk
        from sentry_sdk import Client, Hub

        def make(name):
            client = Client(release=name, default_integrations=False)
            hub = Hub(client)
            hub.scope.set_tag("name", name)
            with hub.configure_scope() as scope:
                scope.set_extra("more", name)
            return hub

        class Reporter:
            def __init__(self):
                self.hub = make("kept")

            def report(self, text):
                with self.hub:
                    sentry_sdk.add_breadcrumb(message=text)
                    sentry_sdk.capture_message(text)

        def run():
            reporter = Reporter()
            reporter.report("a")
            reporter.report("b")
            hub = make("local")
            hub.capture_message("c")
            with make("entered") as entered:
                entered.capture_message("d")
            make("called").capture_message("e")

        sentry_sdk.set_tag("host", "1")
        with sentry_sdk.start_transaction(name="t", op="task"):
            run()
        sentry_sdk.capture_message("app")
        """,
        setup="traced",
    ),
    safe(
        "followed-hub/clone-that-is-returned",
        "hub-clone-object hub-scope",
        """
        import threading
        import sentry_sdk
        from sentry_sdk import Hub

        def make(name):
            hub = Hub(Hub.current)
            hub.scope.set_tag("name", name)
            return hub

        def work(hub, text):
            with hub:
                with sentry_sdk.start_span(op="work"):
                    sentry_sdk.capture_message(text)

        def run():
            with make("entered"):
                sentry_sdk.set_tag("inside", "1")
                with sentry_sdk.start_span(op="inside"):
                    sentry_sdk.capture_message("entered")
            hub = make("kept")
            sentry_sdk.set_tag("later", "1")
            with hub:
                sentry_sdk.capture_message("kept")
            thread = threading.Thread(target=work, args=(make("given"), "given"))
            thread.start()
            thread.join()

        sentry_sdk.set_tag("request", "1")
        with sentry_sdk.start_transaction(name="t", op="task"):
            with sentry_sdk.start_span(op="outer"):
                run()
        sentry_sdk.capture_message("after")
        """,
        setup="traced",
    ),
    manual(
        "followed-hub/clone-that-is-returned-out-of-a-span",
        "hub-clone-object",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        def make():
            with sentry_sdk.start_span(op="inner"):
                return Hub(Hub.current)

        def run():
            with make():
                sentry_sdk.capture_message("x")

        with sentry_sdk.start_transaction(name="t", op="task"):
            run()
        """,
        setup="traced",
    ),
    unsafe(
        "followed-hub/given-a-scope-with-data",
        "hub-capture hub-client-truthiness hub-custom-client hub-flush hub-scope",
        """
        from typing import Optional
        import sentry_sdk
        from sentry_sdk import Client, Hub, Scope

        class Tracker:
            def __init__(self):
                self._hub: Optional[Hub] = None

            @property
            def enabled(self):
                return self._hub is not None and self._hub.client is not None

            def start(self):
                client = Client(release="lib", default_integrations=False)
                scope = Scope()
                scope.set_tag("made", "here")
                self._hub = Hub(client, scope)
                scope.set_extra("later", "1")

            def tag(self, key, value):
                if self._hub is None:
                    return
                self._hub.scope.set_tag(key, value)

            def error(self, error):
                if not self.enabled:
                    return None
                return self._hub.capture_exception(error)

            def flush(self):
                if self._hub:
                    self._hub.flush(timeout=2)

        tracker = Tracker()
        tracker.tag("no", "1")
        tracker.start()
        tracker.tag("yes", "1")
        sentry_sdk.set_tag("host", "1")
        try:
            raise ValueError("wrong")
        except ValueError as error:
            tracker.error(error)
        tracker.flush()
        sentry_sdk.capture_message("app")
        """,
    ),
    safe(
        "followed-hub/entered-with-a-scope-with-data",
        "hub-custom-client",
        """
        import sentry_sdk
        from sentry_sdk import Client, Hub, Scope

        client = Client(release="lib", default_integrations=False)

        def report(text):
            scope = Scope()
            scope.set_tag("text", text)
            with Hub(client, scope):
                sentry_sdk.set_extra("in", text)
                sentry_sdk.capture_message(text)

        sentry_sdk.set_tag("host", "1")
        report("a")
        report("b")
        sentry_sdk.capture_message("app")
        """,
    ),
    unsafe(
        "followed-hub/attribute-in-slots",
        "hub-custom-client hub-scope",
        """
        import sentry_sdk
        from sentry_sdk import Client, Hub

        class Plugin:
            __slots__ = ("_hub", "name")

            def __init__(self, name):
                self._hub = Hub(Client(release="lib", default_integrations=False))
                self.name = name

            def report(self, text):
                self._hub.scope.set_tag("name", self.name)
                with self._hub:
                    sentry_sdk.capture_message(text)

        sentry_sdk.set_tag("host", "1")
        plugin = Plugin("p")
        plugin.report("a")
        plugin.report("b")
        sentry_sdk.capture_message("app")
        """,
    ),
    safe(
        "followed-hub/dictionary-of-a-queue",
        "hub-clone-object",
        """
        import queue
        import threading
        import sentry_sdk
        from sentry_sdk import Hub

        jobs = queue.Queue()

        def work():
            while True:
                job = jobs.get()
                if job is None:
                    return
                with job["hub"]:
                    sentry_sdk.set_tag("job", job["name"])
                    with sentry_sdk.start_span(op=job["name"]):
                        job["hub"].capture_message(job["name"])

        def submit(name):
            jobs.put({"name": name, "hub": Hub(Hub.current)})

        def run():
            thread = threading.Thread(target=work)
            thread.start()
            sentry_sdk.set_tag("first", "1")
            submit("a")
            sentry_sdk.set_tag("second", "1")
            jobs.put({"hub": Hub(Hub.current), "name": "b"})
            jobs.put(None)
            thread.join()

        with sentry_sdk.start_transaction(name="t", op="task"):
            run()
        sentry_sdk.capture_message("after")
        """,
        setup="traced",
    ),
    unsafe(
        "followed-hub/queue-that-two-functions-fill",
        "hub-clone-object",
        """
        import queue
        import threading
        import sentry_sdk
        from sentry_sdk import Hub

        class Pool:
            def __init__(self):
                self.jobs = queue.Queue()

            def work(self):
                while True:
                    job = self.jobs.get()
                    if job is None:
                        return
                    name, hub = job
                    with Hub(hub):
                        sentry_sdk.set_tag("job", name)
                        sentry_sdk.capture_message(name)

            def clone(self, name):
                self.jobs.put((name, Hub(Hub.current)))

            def close(self):
                self.jobs.put(None)

            def share(self, name):
                hub = Hub.current
                self.jobs.put((name, hub))

        def run():
            pool = Pool()
            thread = threading.Thread(target=pool.work)
            thread.start()
            sentry_sdk.set_tag("first", "1")
            pool.clone("a")
            sentry_sdk.set_tag("second", "1")
            pool.share("b")
            pool.close()
            thread.join()

        run()
        sentry_sdk.capture_message("after")
        """,
    ),
    unsafe(
        "followed-hub/cloned-over",
        "hub-clone-object hub-scope",
        """
        import threading
        import sentry_sdk
        from sentry_sdk import Hub

        def work(hub, name):
            hub.scope.set_tag("before", name)
            hub = Hub(hub)
            hub.scope.set_tag("behind", name)
            with hub:
                sentry_sdk.capture_message(name)

        def again():
            hub = Hub(Hub.current)
            for name in ("a", "b"):
                hub = Hub(hub)
                hub.scope.set_tag(name, name)
                with hub:
                    sentry_sdk.capture_message(name)

        def run():
            thread = threading.Thread(target=work, args=(Hub.current, "shared"))
            thread.start()
            thread.join()
            thread = threading.Thread(target=work, args=(Hub(Hub.current), "cloned"))
            thread.start()
            thread.join()

        sentry_sdk.set_tag("request", "1")
        run()
        again()
        sentry_sdk.capture_message("after")
        """,
    ),
    unsafe(
        "followed-hub/clone-that-is-entered-by-hand",
        "hub-clone-object",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        class Handler:
            def __init__(self, path):
                self.path = path

            def prepare(self):
                self.hub = Hub(Hub.current)
                self.hub.__enter__()
                sentry_sdk.set_tag("path", self.path)

            def on_finish(self):
                self.hub.__exit__(None, None, None)

            def execute(self):
                self.prepare()
                try:
                    with sentry_sdk.start_span(op=self.path):
                        sentry_sdk.capture_message(self.path)
                finally:
                    self.on_finish()

        def run():
            handler = Handler("a")
            handler.execute()
            handler.execute()
            Handler("b").execute()

        sentry_sdk.set_tag("request", "1")
        with sentry_sdk.start_transaction(name="t", op="task"):
            run()
        sentry_sdk.capture_message("after")
        """,
        setup="traced",
    ),
    unsafe(
        "followed-hub/own-client-that-is-entered-by-hand",
        "hub-custom-client",
        """
        from contextlib import ExitStack
        import sentry_sdk
        from sentry_sdk import Client, Hub

        class Session:
            def __init__(self):
                self._hub = Hub(Client(release="lib", default_integrations=False))

            def __enter__(self):
                self._stack = ExitStack()
                self._stack.enter_context(self._hub)
                sentry_sdk.set_tag("session", "1")
                return self

            def __exit__(self, *args):
                return self._stack.__exit__(*args)

        def run():
            with Session():
                sentry_sdk.capture_message("in the session")
            hub = Hub(Client(release="other", default_integrations=False))
            hub.__enter__()
            sentry_sdk.capture_message("by hand")
            hub.__exit__(None, None, None)

        sentry_sdk.set_tag("host", "1")
        run()
        sentry_sdk.capture_message("app")
        """,
    ),
)
