"""Threads, tasks, generators and context managers: where a block begins and ends."""

from differential.program import differs, safe, unsafe

TABLE = (
    safe(
        "threads/configure-scope-in-a-thread",
        "configure-scope-with",
        """
        import threading
        import sentry_sdk

        def work():
            with sentry_sdk.configure_scope() as scope:
                scope.set_tag("thread", "1")
            sentry_sdk.capture_message("in the thread")

        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
        sentry_sdk.capture_message("in the main thread")
        """,
        setup="threads",
        linked=False,
    ),
    safe(
        "threads/push-scope-in-a-thread",
        "push-scope-with",
        """
        import threading
        import sentry_sdk

        def work():
            with sentry_sdk.push_scope() as scope:
                scope.set_tag("thread", "1")
                sentry_sdk.capture_message("in the block")
            sentry_sdk.capture_message("in the thread")

        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
        sentry_sdk.capture_message("in the main thread")
        """,
        setup="threads",
        linked=False,
    ),
    safe(
        "threads/started-inside-a-pushed-scope",
        "push-scope-with",
        """
        import threading
        import sentry_sdk

        def run():
            with sentry_sdk.push_scope() as scope:
                scope.set_tag("parent", "1")
                thread = threading.Thread(
                    target=lambda: sentry_sdk.capture_message("in the thread")
                )
                thread.start()
                thread.join()
            sentry_sdk.capture_message("outside")

        run()
        """,
        setup="threads",
        note="A thread starts from the top scope of the main hub, pushed or not.",
    ),
    safe(
        "threads/worker-per-job",
        "push-scope-with",
        """
        import queue
        import threading
        import sentry_sdk

        jobs = queue.Queue()

        def worker():
            while True:
                job = jobs.get()
                if job is None:
                    return
                with sentry_sdk.push_scope() as scope:
                    scope.set_tag("job", job)
                    sentry_sdk.add_breadcrumb(message="job " + job)
                    try:
                        int(job)
                    except ValueError:
                        sentry_sdk.capture_exception()

        for job in ("a", "1", "b", None):
            jobs.put(job)
        thread = threading.Thread(target=worker)
        thread.start()
        thread.join()
        """,
        setup="threads",
        linked=False,
    ),
    safe(
        "threads/pool",
        "hub-clone-with",
        """
        from concurrent.futures import ThreadPoolExecutor
        import sentry_sdk
        from sentry_sdk import Hub

        def work(name):
            with Hub(Hub.current):
                sentry_sdk.set_tag("job", name)
                sentry_sdk.capture_message("job " + name)

        with ThreadPoolExecutor(max_workers=1) as pool:
            for name in ("a", "b"):
                pool.submit(work, name).result()
        sentry_sdk.capture_message("main")
        """,
        setup="threads",
        linked=False,
    ),
    differs(
        "threads/start-up-tags-and-raw-threads",
        "configure-scope-with",
        """
        import threading
        import sentry_sdk

        sentry_sdk.init(default_integrations=False)
        with sentry_sdk.configure_scope() as scope:
            scope.set_tag("service", "billing")

        thread = threading.Thread(target=sentry_sdk.capture_message, args=("in the thread",))
        thread.start()
        thread.join()
        """,
        setup="none",
        differs="tags",
        note="Only the global scope of 2.x reaches a thread that nothing propagates to.",
    ),
    # asyncio
    safe(
        "asyncio/configure-scope-in-tasks",
        "configure-scope-with",
        """
        import asyncio
        import sentry_sdk

        async def work(name):
            with sentry_sdk.configure_scope() as scope:
                scope.set_tag("task" + name, "1")
            await asyncio.sleep(0)
            sentry_sdk.capture_message("task " + name)

        async def main():
            await asyncio.gather(work("1"), work("2"))
            sentry_sdk.capture_message("main")

        asyncio.run(main())
        """,
        note="Without the integration all tasks share one scope, in both versions.",
    ),
    safe(
        "asyncio/configure-scope-with-the-integration",
        "configure-scope-with",
        """
        import asyncio
        import sentry_sdk
        from sentry_sdk.integrations.asyncio import AsyncioIntegration

        async def work(name):
            with sentry_sdk.configure_scope() as scope:
                scope.set_tag("task", name)
            await asyncio.sleep(0)
            sentry_sdk.capture_message("task " + name)

        async def main():
            sentry_sdk.init(default_integrations=False, integrations=[AsyncioIntegration()])
            await asyncio.gather(work("1"), work("2"))
            sentry_sdk.capture_message("main")

        asyncio.run(main())
        """,
        setup="none",
        linked=False,
    ),
    safe(
        "asyncio/await-inside-configure-scope",
        "configure-scope-with",
        """
        import asyncio
        import sentry_sdk

        async def load():
            await asyncio.sleep(0)
            return "loaded"

        async def handle():
            with sentry_sdk.configure_scope() as scope:
                scope.set_tag("stage", "load")
                result = await load()
                scope.set_tag("stage", result)
            sentry_sdk.capture_message("handled")
            return result

        out(asyncio.run(handle()))
        """,
    ),
    unsafe(
        "asyncio/await-inside-push-scope",
        "push-scope-with",
        """
        import asyncio
        import sentry_sdk

        async def load():
            await asyncio.sleep(0)
            sentry_sdk.set_tag("loaded", "yes")
            return "loaded"

        async def handle():
            with sentry_sdk.push_scope() as scope:
                scope.set_tag("stage", "load")
                result = await load()
                sentry_sdk.capture_message("inside")
            sentry_sdk.capture_message("outside")
            return result

        out(asyncio.run(handle()))
        """,
    ),
    differs(
        "asyncio/interleaved-pushes",
        "push-scope-with",
        """
        import asyncio
        import sentry_sdk

        async def work(name, pause):
            with sentry_sdk.push_scope() as scope:
                scope.set_tag("task", name)
                await asyncio.sleep(pause)
                sentry_sdk.set_tag("done", name)
                sentry_sdk.capture_message("task " + name)

        async def main():
            await asyncio.gather(work("1", 0.01), work("2", 0.02))

        asyncio.run(main())
        """,
        differs="tags",
        note="Two tasks share one stack in 1.x and each is given the other's tags; 2.x is right.",
    ),
    safe(
        "asyncio/hub-per-task",
        "hub-clone-with",
        """
        import asyncio
        import sentry_sdk
        from sentry_sdk import Hub

        async def work(name):
            with Hub(Hub.current) as hub:
                with hub.configure_scope() as scope:
                    scope.set_tag("task", name)
                await asyncio.sleep(0)
                hub.capture_message("task " + name)

        async def main():
            await asyncio.gather(work("1"), work("2"))
            sentry_sdk.capture_message("main")

        asyncio.run(main())
        """,
    ),
    safe(
        "asyncio/span-per-task",
        "hub-clone-with",
        """
        import asyncio
        import sentry_sdk
        from sentry_sdk import Hub

        async def work(name):
            with Hub(Hub.current) as hub:
                with hub.start_span(op="task " + name):
                    await asyncio.sleep(0)

        async def main():
            with sentry_sdk.start_transaction(name="t", op="task"):
                await asyncio.gather(work("1"), work("2"))

        asyncio.run(main())
        """,
        setup="traced",
    ),
    # generators and context managers
    unsafe(
        "generators/context-manager-around-user-code",
        "push-scope-with",
        """
        import contextlib
        import sentry_sdk

        @contextlib.contextmanager
        def tagged(**tags):
            with sentry_sdk.push_scope() as scope:
                for name, value in tags.items():
                    scope.set_tag(name, value)
                yield scope

        with tagged(a="1") as scope:
            sentry_sdk.set_tag("b", "1")
            scope.set_extra("e", 1)
            sentry_sdk.capture_message("inside")
        sentry_sdk.capture_message("outside")
        """,
    ),
    safe(
        "generators/context-manager-with-capture",
        "push-scope-with",
        """
        import contextlib
        import sentry_sdk

        @contextlib.contextmanager
        def reported(step):
            try:
                yield
            except Exception as error:
                with sentry_sdk.push_scope() as scope:
                    scope.set_tag("step", step)
                    sentry_sdk.capture_exception(error)
                raise

        try:
            with reported("parse"):
                int("x")
        except ValueError:
            sentry_sdk.capture_message("outside")
        """,
    ),
    unsafe(
        "generators/configure-scope-around-yield",
        "configure-scope-with",
        """
        import contextlib
        import sentry_sdk

        @contextlib.contextmanager
        def described(user):
            with sentry_sdk.configure_scope() as scope:
                scope.set_user({"id": user})
                yield scope
                scope.set_user(None)

        with described("ann"):
            sentry_sdk.capture_message("inside")
        sentry_sdk.capture_message("outside")
        """,
    ),
    unsafe(
        "generators/push-scope-in-a-generator",
        "push-scope-with",
        """
        import sentry_sdk

        def rows(values):
            for value in values:
                with sentry_sdk.push_scope() as scope:
                    scope.set_tag("row", value)
                    sentry_sdk.capture_message("before the row")
                    yield value
                    sentry_sdk.capture_message("after the row")

        for row in rows(["1", "2"]):
            sentry_sdk.capture_message("row " + row)
        sentry_sdk.capture_message("end")
        """,
    ),
    safe(
        "generators/decorator-with-user-code",
        "push-scope-with",
        """
        import functools
        import sentry_sdk

        def monitored(name):
            def decorate(function):
                @functools.wraps(function)
                def call(*args, **kwargs):
                    with sentry_sdk.push_scope() as scope:
                        scope.set_tag("monitor", name)
                        try:
                            return function(*args, **kwargs)
                        except Exception:
                            sentry_sdk.capture_exception()
                            raise
                return call
            return decorate

        @monitored("divide")
        def divide(a, b):
            sentry_sdk.add_breadcrumb(message="dividing")
            return a / b

        out(divide(4, 2))
        try:
            divide(1, 0)
        except ZeroDivisionError:
            sentry_sdk.capture_message("outside")
        """,
    ),
    unsafe(
        "generators/async-context-manager",
        "push-scope-with",
        """
        import asyncio
        import contextlib
        import sentry_sdk

        @contextlib.asynccontextmanager
        async def tagged(name):
            with sentry_sdk.push_scope() as scope:
                scope.set_tag("name", name)
                yield

        async def main():
            async with tagged("a"):
                sentry_sdk.set_tag("b", "1")
                sentry_sdk.capture_message("inside")
            sentry_sdk.capture_message("outside")

        asyncio.run(main())
        """,
    ),
    safe(
        "generators/recursion",
        "push-scope-with",
        """
        import sentry_sdk

        def walk(tree, path=""):
            with sentry_sdk.push_scope() as scope:
                scope.set_tag("path", path or "root")
                for name, child in tree.items():
                    walk(child, path + "/" + name)
                sentry_sdk.capture_message("visited " + (path or "root"))

        walk({"a": {"b": {}}, "c": {}})
        """,
    ),
    safe(
        "generators/two-loops-one-scope-name",
        "push-scope-with",
        """
        import sentry_sdk

        def run(names):
            for name in names:
                with sentry_sdk.push_scope() as scope:
                    scope.set_tag("first", name)
                    sentry_sdk.capture_message("first")
            for name in names:
                with sentry_sdk.push_scope() as scope:
                    scope.set_tag("second", name)
                    sentry_sdk.capture_message("second")

        run(["a", "b"])
        """,
    ),
    unsafe(
        "generators/hub-in-a-context-manager-object",
        "hub-clone-object",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        class Unit:
            def __enter__(self):
                self.hub = Hub(Hub.current)
                self.hub.__enter__()
                return self

            def __exit__(self, *details):
                return self.hub.__exit__(*details)

        with Unit():
            sentry_sdk.set_tag("unit", "1")
            sentry_sdk.capture_message("inside")
        sentry_sdk.capture_message("outside")
        """,
    ),
)
