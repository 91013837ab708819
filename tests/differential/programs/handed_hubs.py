"""Hubs that are given to threads, pools and queues: both scopes go over instead."""

from differential.program import manual, safe, unsafe

TABLE = (
    unsafe(
        "handed-hub/thread-that-clones",
        "hub-current hub-clone-with",
        """
        import threading
        import sentry_sdk
        from sentry_sdk import Hub

        def work(hub):
            with Hub(hub):
                sentry_sdk.set_tag("thread", "1")
                with sentry_sdk.start_span(op="thread"):
                    sentry_sdk.capture_message("in the thread")

        def run():
            thread = threading.Thread(target=work, args=(Hub.current,))
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
        "handed-hub/thread-that-shares",
        "hub-current hub-with-current",
        """
        import threading
        import sentry_sdk
        from sentry_sdk import Hub

        def work(hub):
            with hub:
                sentry_sdk.set_tag("thread", "1")
                with sentry_sdk.start_span(op="thread"):
                    sentry_sdk.capture_message("in the thread")

        def run():
            hub = Hub.current
            thread = threading.Thread(target=work, args=(hub,))
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
        "handed-hub/thread-that-names-its-clone",
        "hub-current hub-clone-with hub-capture hub-configure-scope hub-import",
        """
        import threading
        import sentry_sdk
        from sentry_sdk import Hub

        def watch(error, hub: Hub):
            with Hub(hub) as hub:
                with hub.configure_scope() as scope:
                    scope.set_tag("watched", "1")
                hub.capture_exception(error)

        def run():
            timer = threading.Timer(0, watch, args=[ValueError("x"), Hub.current])
            timer.start()
            timer.join()

        sentry_sdk.set_tag("request", "1")
        run()
        sentry_sdk.capture_message("after")
        """,
    ),
    unsafe(
        "handed-hub/thread-that-captures-with-it",
        "hub-current hub-capture hub-add-breadcrumb",
        """
        from threading import Thread
        import sentry_sdk
        from sentry_sdk import Hub

        def note(hub, message):
            hub.add_breadcrumb(message="noted")
            hub.capture_message(message)

        def run():
            thread = Thread(target=note, args=(Hub.current, "from the thread"))
            thread.start()
            thread.join()

        sentry_sdk.set_tag("request", "1")
        run()
        sentry_sdk.capture_message("after")
        """,
    ),
    safe(
        "handed-hub/clone-to-a-pool",
        "hub-clone-object hub-with-current",
        """
        from concurrent.futures import ThreadPoolExecutor
        import sentry_sdk
        from sentry_sdk import Hub

        def work(hub, number):
            with hub:
                sentry_sdk.set_tag("thread", number)
                with sentry_sdk.start_span(op="thread"):
                    sentry_sdk.capture_message("in the thread")

        def run():
            with ThreadPoolExecutor(1) as pool:
                pool.submit(work, Hub(Hub.current), "1").result()

        sentry_sdk.set_tag("request", "1")
        with sentry_sdk.start_transaction(name="t", op="task"):
            run()
        sentry_sdk.capture_message("after")
        """,
        setup="traced",
    ),
    unsafe(
        "handed-hub/clone-to-a-method-in-a-pool",
        "hub-clone-object hub-with-current",
        """
        from concurrent.futures import ThreadPoolExecutor
        import sentry_sdk
        from sentry_sdk import Hub

        class Jobs:
            def __init__(self):
                self.pool = ThreadPoolExecutor(1)

            def _work(self, hub):
                with hub:
                    sentry_sdk.set_tag("thread", "1")
                    sentry_sdk.capture_message("in the thread")

            def run(self):
                self.pool.submit(self._work, Hub(Hub.current)).result()

        sentry_sdk.set_tag("request", "1")
        Jobs().run()
        sentry_sdk.capture_message("after")
        """,
    ),
    unsafe(
        "handed-hub/queue",
        "hub-current hub-custom-client",
        """
        import queue
        import threading
        import sentry_sdk
        from sentry_sdk import Hub

        jobs = queue.Queue()

        def work():
            while True:
                item = jobs.get()
                if item is None:
                    return
                function, hub = item
                with Hub(hub):
                    sentry_sdk.set_tag("thread", "1")
                    with sentry_sdk.start_span(op="thread"):
                        function("in the thread")

        def submit(function):
            jobs.put((function, Hub.current))

        def run():
            thread = threading.Thread(target=work)
            thread.start()
            submit(sentry_sdk.capture_message)
            jobs.put(None)
            thread.join()

        sentry_sdk.set_tag("request", "1")
        with sentry_sdk.start_transaction(name="t", op="task"):
            run()
        sentry_sdk.capture_message("after")
        """,
        setup="traced",
    ),
    unsafe(
        "handed-hub/queue-of-clones",
        "hub-clone-object",
        """
        from queue import Queue
        from threading import Thread
        import sentry_sdk
        from sentry_sdk import Hub

        class Worker:
            def __init__(self):
                self._jobs = Queue()

            def work(self):
                text, hub = self._jobs.get()
                with hub:
                    sentry_sdk.set_tag("thread", "1")
                    sentry_sdk.capture_message(text)

            def run(self):
                thread = Thread(target=self.work)
                thread.start()
                hub = Hub(Hub.current)
                self._jobs.put(("in the thread", hub))
                thread.join()

        sentry_sdk.set_tag("request", "1")
        Worker().run()
        sentry_sdk.capture_message("after")
        """,
    ),
    unsafe(
        "handed-hub/function-inside",
        "hub-current hub-clone-with",
        """
        import threading
        import sentry_sdk
        from sentry_sdk import Hub

        def carried(function):
            hub = Hub.current

            def inner():
                with Hub(hub):
                    sentry_sdk.set_tag("thread", "1")
                    with sentry_sdk.start_span(op="thread"):
                        function("in the thread")

            return inner

        def run():
            thread = threading.Thread(target=carried(sentry_sdk.capture_message))
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
        "handed-hub/thread-of-a-function-that-is-used-elsewhere",
        "hub-current hub-with-current",
        """
        import threading
        import sentry_sdk
        from sentry_sdk import Hub

        def work(hub):
            with hub:
                sentry_sdk.capture_message("in the thread")

        def run():
            thread = threading.Thread(target=work, args=(Hub.current,))
            thread.start()
            thread.join()
            work(Hub.current)

        run()
        """,
    ),
    safe(
        "handed-hub/thread-with-arguments-by-name",
        "hub-clone-object hub-configure-scope hub-capture",
        """
        import threading
        import sentry_sdk
        from sentry_sdk import Hub

        def work(n, hub):
            with hub:
                with hub.configure_scope() as scope:
                    scope.set_tag("n", n)
                hub.capture_message("of the thread")

        def start():
            for n in range(2):
                one = threading.Thread(target=work, kwargs={"hub": Hub(Hub.current), "n": n})
                one.start()
                one.join()

        sentry_sdk.set_tag("main", 1)
        start()
        sentry_sdk.capture_message("outside")
        """,
        linked=False,
    ),
    safe(
        "handed-hub/part-of-a-call-for-a-map",
        "hub-clone-object hub-capture hub-start-span",
        """
        from concurrent.futures import ThreadPoolExecutor
        from functools import partial
        import sentry_sdk
        from sentry_sdk import Hub

        def work(n, hub):
            with hub:
                with hub.start_span(op="x"):
                    hub.capture_message("of the pool")

        def start():
            with sentry_sdk.start_transaction(name="t"):
                with ThreadPoolExecutor(1) as pool:
                    list(pool.map(partial(work, hub=Hub(Hub.current)), [1, 2]))

        sentry_sdk.set_tag("main", 1)
        start()
        sentry_sdk.capture_message("outside")
        """,
        setup="traced",
    ),
    manual(
        "handed-hub/thread-with-a-default",
        "hub-clone-object hub-with-current",
        """
        import threading
        import sentry_sdk
        from sentry_sdk import Hub

        def work(hub=None):
            with hub:
                sentry_sdk.capture_message("of the thread")

        one = threading.Thread(target=work, kwargs={"hub": Hub(Hub.current)})
        one.start()
        one.join()
        """,
    ),
    unsafe(
        "handed-hub/part-of-a-call",
        "hub-current hub-with-current",
        """
        import threading
        from functools import partial
        import sentry_sdk
        from sentry_sdk import Hub

        def work(hub, number):
            with hub:
                sentry_sdk.set_tag("thread", number)
                sentry_sdk.capture_message("in the thread")

        def run():
            thread = threading.Thread(target=partial(work, Hub.current), args=("1",))
            thread.start()
            thread.join()

        sentry_sdk.set_tag("request", "1")
        run()
        sentry_sdk.capture_message("after")
        """,
    ),
    unsafe(
        "handed-hub/part-of-a-call-with-a-clone",
        "hub-clone-object hub-with-current",
        """
        import threading
        from functools import partial
        import sentry_sdk
        from sentry_sdk import Hub

        def work(hub, number):
            with hub:
                sentry_sdk.set_tag("thread", number)
                sentry_sdk.capture_message("in the thread")

        sentry_sdk.set_tag("request", "1")
        for number in ("1", "2"):
            thread = threading.Thread(target=partial(work, Hub(Hub.current), number))
            thread.start()
            thread.join()
        sentry_sdk.capture_message("after")
        """,
    ),
    manual(
        "handed-hub/thread-that-keeps-it",
        "hub-current",
        """
        import threading
        import sentry_sdk
        from sentry_sdk import Hub

        kept = []

        def work(hub):
            kept.append(hub)

        def run():
            thread = threading.Thread(target=work, args=(Hub.current,))
            thread.start()
            thread.join()

        run()
        sentry_sdk.capture_message(str(len(kept)))
        """,
    ),
)
