"""configure_scope(): the scope of the request, the task or the process."""

from differential.program import differs, manual, safe, unsafe

TABLE = (
    safe(
        "configure-scope/every-setter",
        "configure-scope-with",
        """
        import sentry_sdk

        def describe(order):
            with sentry_sdk.configure_scope() as scope:
                scope.set_tag("order", order)
                scope.set_user({"id": "u1", "email": "a@example.com"})
                scope.set_extra("items", [1, 2])
                scope.set_context("basket", {"size": 2})
                scope.set_level("warning")
                scope.fingerprint = ["checkout", order]

        describe("o-1")
        sentry_sdk.capture_message("paid")
        """,
    ),
    safe(
        "configure-scope/from-import",
        "configure-scope-with",
        """
        from sentry_sdk import capture_message, configure_scope

        def tag(region):
            with configure_scope() as scope:
                scope.set_tag("region", region)

        tag("eu")
        capture_message("tagged")
        """,
    ),
    safe(
        "configure-scope/from-import-alias",
        "configure-scope-with",
        """
        from sentry_sdk import capture_message as send, configure_scope as cs

        def tag(region):
            with cs() as scope:
                scope.set_tag("region", region)

        tag("eu")
        send("tagged")
        """,
    ),
    safe(
        "configure-scope/from-api",
        "configure-scope-with",
        """
        from sentry_sdk.api import capture_message, configure_scope

        def tag(region):
            with configure_scope() as scope:
                scope.set_tag("region", region)

        tag("eu")
        capture_message("tagged")
        """,
    ),
    safe(
        "configure-scope/api-attribute",
        "configure-scope-with",
        """
        import sentry_sdk.api

        def tag(region):
            with sentry_sdk.api.configure_scope() as scope:
                scope.set_tag("region", region)

        tag("eu")
        sentry_sdk.capture_message("tagged")
        """,
    ),
    safe(
        "configure-scope/module-alias",
        "configure-scope-with",
        """
        import sentry_sdk as sentry

        def tag(region):
            with sentry.configure_scope() as scope:
                scope.set_tag("region", region)

        tag("eu")
        sentry.capture_message("tagged")
        """,
    ),
    safe(
        "configure-scope/star-import",
        "configure-scope-with",
        """
        from sentry_sdk import *

        def tag(region):
            with configure_scope() as scope:
                scope.set_tag("region", region)

        tag("eu")
        capture_message("tagged")
        """,
    ),
    safe(
        "configure-scope/import-inside-the-function",
        "configure-scope-with",
        """
        def tag(region):
            from sentry_sdk import configure_scope

            with configure_scope() as scope:
                scope.set_tag("region", region)

        tag("eu")
        cap("tagged")
        """,
    ),
    unsafe(
        "configure-scope/module-level",
        "configure-scope-with",
        """
        import sentry_sdk

        with sentry_sdk.configure_scope() as scope:
            scope.set_tag("service", "billing")

        sentry_sdk.capture_message("up")
        """,
    ),
    safe(
        "configure-scope/no-as",
        "configure-scope-with",
        """
        import sentry_sdk

        def mark():
            with sentry_sdk.configure_scope():
                sentry_sdk.set_tag("marked", "yes")

        mark()
        sentry_sdk.capture_message("after")
        """,
    ),
    safe(
        "configure-scope/one-line",
        "configure-scope-with",
        """
        import sentry_sdk

        def mark(job):
            with sentry_sdk.configure_scope() as scope: scope.set_tag("job", job)

        mark("j1")
        sentry_sdk.capture_message("after")
        """,
    ),
    safe(
        "configure-scope/one-line-two-statements",
        "configure-scope-with",
        """
        import sentry_sdk

        def mark(job):
            with sentry_sdk.configure_scope() as scope: scope.set_tag("job", job); scope.set_extra("n", 1)

        mark("j1")
        sentry_sdk.capture_message("after")
        """,
    ),
    safe(
        "configure-scope/only-pass",
        "configure-scope-with",
        """
        import sentry_sdk

        def mark():
            with sentry_sdk.configure_scope() as scope:
                pass
            scope.set_tag("late", "yes")

        mark()
        sentry_sdk.capture_message("after")
        """,
    ),
    safe(
        "configure-scope/module-level-after-init",
        "configure-scope-with",
        """
        import sentry_sdk

        sentry_sdk.init(default_integrations=False)

        def start():
            with sentry_sdk.configure_scope() as scope:
                scope.set_tag("service", "billing")
            scope.set_tag("part", "api")

        start()
        sentry_sdk.capture_message("up")
        """,
        setup="none",
    ),
    unsafe(
        "configure-scope/scope-used-after-the-block",
        "configure-scope-with",
        """
        import sentry_sdk

        def mark():
            with sentry_sdk.configure_scope() as scope:
                scope.set_tag("first", "1")
            scope.set_tag("second", "2")
            return scope

        mark().set_tag("third", "3")
        sentry_sdk.capture_message("after")
        """,
    ),
    safe(
        "configure-scope/first-of-two-items",
        "configure-scope-with",
        """
        import io
        import sentry_sdk

        def mark():
            with sentry_sdk.configure_scope() as scope, io.StringIO() as text:
                text.write("draft")
                scope.set_tag("text", text.getvalue())

        mark()
        sentry_sdk.capture_message("after")
        """,
    ),
    safe(
        "configure-scope/last-of-two-items",
        "configure-scope-with",
        """
        import io
        import sentry_sdk

        def mark():
            with io.StringIO() as text, sentry_sdk.configure_scope() as scope:
                text.write("draft")
                scope.set_tag("text", text.getvalue())

        mark()
        sentry_sdk.capture_message("after")
        """,
    ),
    safe(
        "configure-scope/last-item-sees-the-pushed-scope",
        "configure-scope-with push-scope-with",
        """
        import sentry_sdk

        def mark():
            with sentry_sdk.push_scope(), sentry_sdk.configure_scope() as scope:
                scope.set_tag("inner", "yes")
                sentry_sdk.capture_message("inside")
            sentry_sdk.capture_message("outside")

        mark()
        """,
    ),
    safe(
        "configure-scope/first-item-keeps-the-outer-scope",
        "configure-scope-with push-scope-with",
        """
        import sentry_sdk

        def mark():
            with sentry_sdk.configure_scope() as outer, sentry_sdk.push_scope() as inner:
                outer.set_tag("outer", "yes")
                inner.set_tag("inner", "yes")
                sentry_sdk.capture_message("inside")
            sentry_sdk.capture_message("outside")

        mark()
        """,
    ),
    safe(
        "configure-scope/attribute-target",
        "configure-scope-with",
        """
        import sentry_sdk

        class Reporter:
            def open(self):
                with sentry_sdk.configure_scope() as self.scope:
                    self.scope.set_tag("reporter", "open")

        Reporter().open()
        sentry_sdk.capture_message("after")
        """,
    ),
    safe(
        "configure-scope/comments-and-blank-lines",
        "configure-scope-with",
        """
        import sentry_sdk

        def mark(user):
            # Who is it?
            with sentry_sdk.configure_scope() as scope:  # the request's scope
                # An anonymous user has no name.

                if user:
                    scope.set_user({"username": user})  # shown in the list

                else:
                    scope.set_tag("anonymous", "yes")
            # Done.
            return user

        mark("ann")
        sentry_sdk.capture_message("named")
        mark("")
        sentry_sdk.capture_message("anonymous")
        """,
    ),
    safe(
        "configure-scope/triple-quoted-string-in-the-body",
        "configure-scope-with",
        '''
        import sentry_sdk

        def mark():
            with sentry_sdk.configure_scope() as scope:
                scope.set_extra("help", """first
                second
                    third""")

        mark()
        sentry_sdk.capture_message("after")
        ''',
    ),
    safe(
        "configure-scope/return-inside",
        "configure-scope-with",
        """
        import sentry_sdk

        def handle(value):
            with sentry_sdk.configure_scope() as scope:
                scope.set_tag("value", value)
                if value == "bad":
                    return sentry_sdk.capture_message("bad value") is not None
            return False

        out(handle("bad"), handle("good"))
        sentry_sdk.capture_message("after")
        """,
    ),
    safe(
        "configure-scope/loop-with-continue",
        "configure-scope-with",
        """
        import sentry_sdk

        def handle(values):
            for value in values:
                with sentry_sdk.configure_scope() as scope:
                    if not value:
                        continue
                    scope.set_tag("value", value)
                    sentry_sdk.capture_message("seen " + value)

        handle(["a", "", "b"])
        """,
    ),
    safe(
        "configure-scope/try-inside",
        "configure-scope-with",
        """
        import sentry_sdk

        def handle(text):
            with sentry_sdk.configure_scope() as scope:
                try:
                    scope.set_extra("number", int(text))
                except ValueError as error:
                    scope.set_extra("text", text)
                    sentry_sdk.capture_exception(error)
                finally:
                    scope.set_tag("handled", "yes")

        handle("x")
        handle("7")
        sentry_sdk.capture_message("after")
        """,
    ),
    safe(
        "configure-scope/inside-an-except-handler",
        "configure-scope-with",
        """
        import sentry_sdk

        def handle(table, key):
            try:
                return table[key]
            except KeyError as error:
                with sentry_sdk.configure_scope() as scope:
                    scope.set_context("lookup", {"key": key, "size": len(table)})
                sentry_sdk.capture_exception(error)

        handle({}, "missing")
        """,
    ),
    safe(
        "configure-scope/capture-inside-leaks-as-before",
        "configure-scope-with",
        """
        import sentry_sdk

        def report(name):
            with sentry_sdk.configure_scope() as scope:
                scope.set_tag("name", name)
                sentry_sdk.capture_message("report")

        report("first")
        sentry_sdk.capture_message("still tagged")
        """,
        note="A scope that was never pushed keeps its tags in both versions.",
    ),
    safe(
        "configure-scope/later-setter-wins",
        "configure-scope-with",
        """
        import sentry_sdk

        def start():
            with sentry_sdk.configure_scope() as scope:
                scope.set_tag("stage", "start")
                scope.set_user({"id": "1"})
                scope.set_level("debug")

        start()
        sentry_sdk.set_tag("stage", "end")
        sentry_sdk.set_user({"id": "2"})
        sentry_sdk.set_level("error")
        sentry_sdk.capture_message("last writer wins")
        """,
        note="get_current_scope() would keep the first values.",
    ),
    safe(
        "configure-scope/removers",
        "configure-scope-with",
        """
        import sentry_sdk

        sentry_sdk.set_tag("a", "1")
        sentry_sdk.set_tag("b", "1")
        sentry_sdk.set_extra("e", 1)
        sentry_sdk.set_context("c", {"k": 1})
        sentry_sdk.set_user({"id": "7"})
        sentry_sdk.add_breadcrumb(message="crumb")

        def forget():
            with sentry_sdk.configure_scope() as scope:
                scope.remove_tag("a")
                scope.remove_extra("e")
                scope.remove_context("c")
                scope.set_user(None)
                scope.clear_breadcrumbs()

        sentry_sdk.capture_message("full")
        forget()
        sentry_sdk.capture_message("forgotten")
        """,
    ),
    unsafe(
        "configure-scope/clear",
        "configure-scope-with",
        """
        import sentry_sdk

        sentry_sdk.set_tag("a", "1")
        sentry_sdk.add_breadcrumb(message="crumb")

        def forget():
            with sentry_sdk.configure_scope() as scope:
                scope.clear()

        sentry_sdk.capture_message("full")
        forget()
        sentry_sdk.capture_message("empty")
        """,
        linked=False,
        note="A cleared scope has no trace in 1.x and a new one in 2.x.",
    ),
    safe(
        "configure-scope/processors-and-attachments",
        "configure-scope-with",
        """
        import sentry_sdk

        def shout(event, hint):
            event["message"] = event.get("message", "").upper()
            return event

        def prepare():
            with sentry_sdk.configure_scope() as scope:
                scope.add_event_processor(shout)
                scope.add_attachment(bytes=b"log line", filename="app.log")

        prepare()
        sentry_sdk.capture_message("quiet")
        """,
    ),
    safe(
        "configure-scope/error-processor",
        "configure-scope-with",
        """
        import sentry_sdk

        def label(event, exc_info):
            event.setdefault("tags", {})["kind"] = exc_info[0].__name__
            return event

        def prepare():
            with sentry_sdk.configure_scope() as scope:
                scope.add_error_processor(label)

        prepare()
        try:
            {}["x"]
        except KeyError:
            sentry_sdk.capture_exception()
        """,
    ),
    safe(
        "configure-scope/processor-defined-inside",
        "configure-scope-with",
        """
        import sentry_sdk

        def prepare(version):
            with sentry_sdk.configure_scope() as scope:

                @scope.add_event_processor
                def stamp(event, hint):
                    event.setdefault("extra", {})["version"] = version
                    return event

        prepare("v7")
        sentry_sdk.capture_message("stamped")
        """,
    ),
    safe(
        "configure-scope/tags-in-a-loop",
        "configure-scope-with",
        """
        import sentry_sdk

        LABELS = {"cluster": "c1", "zone": "z2", "empty": ""}

        def label():
            with sentry_sdk.configure_scope() as scope:
                for key, value in LABELS.items():
                    if value:
                        scope.set_tag(key, value)

        label()
        sentry_sdk.capture_message("labelled")
        """,
    ),
    safe(
        "configure-scope/scope-passed-to-a-helper",
        "configure-scope-with",
        """
        import sentry_sdk

        def fill(scope, user):
            scope.set_user({"id": user})
            scope.set_tag("filled", "yes")

        def start(user):
            with sentry_sdk.configure_scope() as scope:
                fill(scope, user)

        start("u9")
        sentry_sdk.capture_message("filled")
        """,
    ),
    safe(
        "configure-scope/two-blocks-one-name",
        "configure-scope-with",
        """
        import sentry_sdk

        def run(stage):
            with sentry_sdk.configure_scope() as scope:
                scope.set_tag("stage", stage)
            sentry_sdk.capture_message("begin")
            with sentry_sdk.configure_scope() as scope:
                scope.set_tag("stage", stage + " done")
            sentry_sdk.capture_message("finish")

        run("load")
        """,
    ),
    safe(
        "configure-scope/nested-blocks",
        "configure-scope-with",
        """
        import sentry_sdk

        def run():
            with sentry_sdk.configure_scope() as outer:
                outer.set_tag("outer", "1")
                with sentry_sdk.configure_scope() as inner:
                    inner.set_tag("inner", "1")
                outer.set_tag("inner", "2")

        run()
        sentry_sdk.capture_message("both")
        """,
    ),
    safe(
        "configure-scope/exit-stack",
        "configure-scope-with",
        """
        import contextlib
        import sentry_sdk

        def run():
            with contextlib.ExitStack() as stack:
                scope = stack.enter_context(sentry_sdk.configure_scope())
                scope.set_tag("stacked", "yes")

        run()
        sentry_sdk.capture_message("after")
        """,
    ),
    safe(
        "configure-scope/level-and-user-assigned",
        "configure-scope-with scope-level-setter scope-user-setter",
        """
        import sentry_sdk

        def run():
            with sentry_sdk.configure_scope() as scope:
                scope.level = "fatal"
                scope.user = {"id": "9", "username": "root"}

        run()
        sentry_sdk.capture_message("after")
        """,
    ),
    safe(
        "configure-scope/guarded-by-an-option",
        "configure-scope-with",
        """
        import sentry_sdk

        SENTRY_ENABLED = True

        def run(task):
            if SENTRY_ENABLED:
                with sentry_sdk.configure_scope() as scope:
                    scope.set_tag("task", task)
            return task

        run("t1")
        sentry_sdk.capture_message("after")
        """,
    ),
    safe(
        "configure-scope/tab-indented",
        "configure-scope-with",
        "import sentry_sdk\n\n\ndef run():\n\twith sentry_sdk.configure_scope() as scope:\n"
        '\t\tif True:\n\t\t\tscope.set_tag("tabs", "yes")\n\n\nrun()\n'
        'sentry_sdk.capture_message("after")\n',
    ),
    # span, transaction and the transaction's name live on the current scope of 2.x
    safe(
        "configure-scope/transaction-read",
        "configure-scope-with configure-scope-transaction-access",
        """
        import sentry_sdk

        def label(route):
            with sentry_sdk.configure_scope() as scope:
                if scope.transaction:
                    scope.transaction.set_tag("route", route)
                    scope.transaction.name = route

        with sentry_sdk.start_transaction(name="unknown", op="http.server"):
            label("/orders")
            sentry_sdk.capture_message("inside")
        """,
        setup="traced",
    ),
    safe(
        "configure-scope/span-read",
        "configure-scope-with configure-scope-transaction-access",
        """
        import sentry_sdk

        def measure(rows):
            with sentry_sdk.configure_scope() as scope:
                scope.span.set_data("rows", rows)
                scope.span.set_tag("cached", "no")

        with sentry_sdk.start_transaction(name="query", op="task"):
            with sentry_sdk.start_span(op="db"):
                measure(3)
        """,
        setup="traced",
    ),
    safe(
        "configure-scope/span-and-tags-mixed",
        "configure-scope-with configure-scope-transaction-access",
        """
        import sentry_sdk

        def measure(rows):
            with sentry_sdk.configure_scope() as scope:
                scope.set_tag("rows", rows)
                span = scope.span
                if span is not None:
                    span.set_tag("rows", rows)

        with sentry_sdk.start_transaction(name="query", op="task"):
            measure(3)
            sentry_sdk.set_tag("rows", 4)
        measure(5)
        sentry_sdk.capture_message("after")
        """,
        setup="traced",
    ),
    safe(
        "configure-scope/start-child-of-the-scope-span",
        "configure-scope-with configure-scope-transaction-access",
        """
        import sentry_sdk

        def step():
            with sentry_sdk.configure_scope() as scope:
                with scope.span.start_child(op="step"):
                    sentry_sdk.capture_message("in the step")

        with sentry_sdk.start_transaction(name="steps", op="task"):
            step()
        """,
        setup="traced",
    ),
    safe(
        "configure-scope/transaction-name",
        "configure-scope-with configure-scope-transaction-access",
        """
        import sentry_sdk

        def rename(route):
            with sentry_sdk.configure_scope() as scope:
                scope.set_transaction_name(route, source="route")

        rename("/idle")
        sentry_sdk.capture_message("outside")
        with sentry_sdk.start_transaction(name="unknown", op="http.server"):
            rename("/orders/{id}")
            sentry_sdk.capture_message("inside")
        """,
        setup="traced",
    ),
    safe(
        "configure-scope/transaction-assigned",
        "configure-scope-with scope-transaction-setter",
        """
        import sentry_sdk

        def rename(route):
            with sentry_sdk.configure_scope() as scope:
                scope.transaction = route

        rename("/idle")
        sentry_sdk.capture_message("outside")
        with sentry_sdk.start_transaction(name="unknown", op="http.server"):
            rename("/orders")
            sentry_sdk.capture_message("inside")
        """,
        setup="traced",
    ),
    safe(
        "configure-scope/name-and-tags-mixed",
        "configure-scope-with configure-scope-transaction-access",
        """
        import sentry_sdk

        def rename(route):
            with sentry_sdk.configure_scope() as scope:
                scope.set_tag("route", route)
                scope.set_transaction_name(route)

        with sentry_sdk.start_transaction(name="unknown", op="http.server"):
            rename("/orders")
            sentry_sdk.set_tag("route", "overridden")
            sentry_sdk.capture_message("inside")
        sentry_sdk.capture_message("outside")
        """,
        setup="traced",
    ),
    safe(
        "configure-scope/trace-headers-of-the-span",
        "configure-scope-with configure-scope-transaction-access",
        """
        import sentry_sdk

        def headers():
            with sentry_sdk.configure_scope() as scope:
                return {"sentry-trace": scope.span.to_traceparent()} if scope.span else {}

        with sentry_sdk.start_transaction(name="call", op="task"):
            out(headers())
        """,
        setup="traced",
    ),
    safe(
        "configure-scope/span-used-several-times",
        "configure-scope-with configure-scope-transaction-access",
        """
        import sentry_sdk

        def note(rows):
            with sentry_sdk.configure_scope() as scope:
                scope.set_tag("rows", rows)
                if scope.span:
                    scope.span.set_tag("rows", str(rows))
                    scope.span.set_tag("cached", "no")
                return scope.transaction and scope.transaction.name

        out(note(1))
        with sentry_sdk.start_transaction(name="query", op="task"):
            out(note(2))
            with sentry_sdk.start_span(op="step"):
                out(note(3))
        sentry_sdk.capture_message("done")
        """,
        setup="traced",
    ),
    safe(
        "configure-scope/tested-itself",
        "configure-scope-with configure-scope-transaction-access",
        """
        import sentry_sdk

        def note():
            with sentry_sdk.configure_scope() as scope:
                if scope and scope.transaction:
                    return scope.transaction.name
            return "none"

        out(note())
        with sentry_sdk.start_transaction(name="query", op="task"):
            out(note())
        """,
        setup="traced",
    ),
    safe(
        "configure-scope/tested-itself-before-init",
        "configure-scope-with",
        """
        import sentry_sdk

        def tag(name):
            with sentry_sdk.configure_scope() as scope:
                if not scope:
                    return out("no scope")
                scope.set_tag("name", name)
                out("scope")

        tag("a")
        sentry_sdk.capture_message("tagged")
        """,
    ),
    # callbacks
    safe(
        "configure-scope/callback-lambda",
        "configure-scope-callback",
        """
        import sentry_sdk

        def login(user):
            sentry_sdk.configure_scope(lambda scope: scope.set_user({"id": user}))

        login("u1")
        sentry_sdk.capture_message("logged in")
        """,
    ),
    safe(
        "configure-scope/callback-function",
        "configure-scope-callback",
        """
        from sentry_sdk import capture_message, configure_scope

        def describe(scope):
            scope.set_tag("described", "yes")
            scope.set_extra("n", 1)

        def login():
            configure_scope(describe)

        login()
        capture_message("logged in")
        """,
    ),
    safe(
        "configure-scope/callback-keyword",
        "configure-scope-callback",
        """
        import sentry_sdk

        def login(user):
            sentry_sdk.configure_scope(callback=lambda s: s.set_user({"id": user}))

        login("u1")
        sentry_sdk.capture_message("logged in")
        """,
    ),
    safe(
        "configure-scope/callback-ignores-the-scope",
        "configure-scope-callback",
        """
        import sentry_sdk

        def start(name):
            sentry_sdk.configure_scope(lambda scope: sentry_sdk.set_tag("service", name))

        start("billing")
        sentry_sdk.capture_message("up")
        """,
    ),
    safe(
        "configure-scope/callback-over-many-lines",
        "configure-scope-callback",
        """
        import sentry_sdk

        def login(name, mail):
            sentry_sdk.configure_scope(
                lambda scope: scope.set_user(
                    {
                        "username": name,  # shown first
                        "email": mail,
                    }
                )
            )

        login("ann", "ann@example.com")
        sentry_sdk.capture_message("logged in")
        """,
    ),
    safe(
        "configure-scope/callback-touches-the-transaction",
        "configure-scope-callback",
        """
        import sentry_sdk

        def rename(route):
            sentry_sdk.configure_scope(lambda scope: scope.set_transaction_name(route))

        with sentry_sdk.start_transaction(name="unknown", op="http.server"):
            rename("/orders")
        """,
        setup="traced",
    ),
    unsafe(
        "configure-scope/callback-in-an-expression",
        "configure-scope-callback",
        """
        import sentry_sdk

        def leave(user):
            return user if user else sentry_sdk.configure_scope(lambda scope: scope.set_user(None))

        sentry_sdk.set_user({"id": "u1"})
        out(leave("u1"))
        sentry_sdk.capture_message("here")
        out(leave(""))
        sentry_sdk.capture_message("gone")
        """,
    ),
    differs(
        "configure-scope/callback-whose-value-is-printed",
        "configure-scope-callback",
        """
        import sentry_sdk

        def add(scope):
            scope.set_tag("added", "yes")
            return "added"

        out(sentry_sdk.configure_scope(add))
        sentry_sdk.capture_message("after")
        """,
        differs="out",
        note="configure_scope() gave None, whatever the callback returned.",
    ),
    # before init: 1.x hands out a scope that is thrown away
    differs(
        "configure-scope/before-init",
        "configure-scope-with",
        """
        import sentry_sdk

        with sentry_sdk.configure_scope() as scope:
            scope.set_tag("early", "yes")

        sentry_sdk.init(default_integrations=False)
        sentry_sdk.capture_message("after")
        """,
        setup="none",
        differs="tags",
        note="The tag was lost in 1.x and is kept in 2.x.",
    ),
    differs(
        "configure-scope/in-a-function-before-init",
        "configure-scope-with",
        """
        import sentry_sdk

        def tag_service():
            with sentry_sdk.configure_scope() as scope:
                scope.set_tag("early", "yes")

        def main():
            tag_service()
            sentry_sdk.init(default_integrations=False)
            sentry_sdk.capture_message("after")

        main()
        """,
        setup="none",
        differs="tags",
    ),
    differs(
        "configure-scope/in-a-decorator-before-init",
        "configure-scope-with",
        """
        import sentry_sdk

        def tagged(name):
            with sentry_sdk.configure_scope() as scope:
                scope.set_tag("early", name)
            return lambda function: function

        @tagged("yes")
        def work():
            sentry_sdk.capture_message("after")

        sentry_sdk.init(default_integrations=False)
        work()
        """,
        setup="none",
        differs="tags",
    ),
    differs(
        "configure-scope/in-a-property-before-init",
        "configure-scope-with",
        """
        import sentry_sdk

        class Service:
            @property
            def label(self):
                with sentry_sdk.configure_scope() as scope:
                    scope.set_tag("early", "yes")
                return "service"

        def made():
            return Service()

        out(made().label)
        sentry_sdk.init(default_integrations=False)
        sentry_sdk.capture_message("after")
        """,
        setup="none",
        differs="tags",
    ),
    differs(
        "configure-scope/passed-on-before-init",
        "configure-scope-with",
        """
        import sentry_sdk

        STEPS = []

        def tag_service():
            with sentry_sdk.configure_scope() as scope:
                scope.set_tag("early", "yes")

        def main():
            STEPS.append(tag_service)
            for step in STEPS:
                step()
            sentry_sdk.init(default_integrations=False)
            sentry_sdk.capture_message("after")

        main()
        """,
        setup="none",
        differs="tags",
    ),
    safe(
        "configure-scope/passed-on-before-init-and-called-after",
        "configure-scope-with",
        """
        import sentry_sdk

        STEPS = []

        def tag_service():
            with sentry_sdk.configure_scope() as scope:
                scope.set_tag("late", "yes")

        def main():
            STEPS.append(tag_service)
            sentry_sdk.init(default_integrations=False)
            for step in STEPS:
                step()
            sentry_sdk.capture_message("after")

        main()
        """,
        setup="none",
    ),
    differs(
        "configure-scope/in-a-function-at-import-before-init",
        "configure-scope-with",
        """
        import sentry_sdk

        def request(user):
            with sentry_sdk.configure_scope() as scope:
                scope.set_user({"id": user})

        request(1)
        sentry_sdk.init(default_integrations=False)
        sentry_sdk.capture_message("after")
        """,
        setup="none",
        differs="user",
    ),
    differs(
        "configure-scope/after-another-init",
        "configure-scope-with",
        """
        import sentry_sdk

        def init():
            pass

        def main():
            sentry_sdk.init(default_integrations=False)
            sentry_sdk.capture_message("after")

        init()
        with sentry_sdk.configure_scope() as scope:
            scope.set_tag("early", "yes")
        main()
        """,
        setup="none",
        differs="tags",
    ),
    differs(
        "configure-scope/callback-before-init",
        "configure-scope-callback",
        """
        import sentry_sdk

        def early(scope):
            scope.set_tag("early", "yes")

        sentry_sdk.configure_scope(early)
        sentry_sdk.init(default_integrations=False)
        sentry_sdk.capture_message("after")
        """,
        setup="none",
        differs="tags",
        note="1.x does not call the callback at all.",
    ),
    manual(
        "configure-scope/decorator",
        "configure-scope-with",
        """
        import sentry_sdk

        @sentry_sdk.configure_scope()
        def work():
            sentry_sdk.set_tag("worked", "yes")
            return 5

        out(work())
        sentry_sdk.capture_message("after")
        """,
    ),
    manual(
        "configure-scope/manual-enter",
        "configure-scope-with",
        """
        import sentry_sdk

        manager = sentry_sdk.configure_scope()
        scope = manager.__enter__()
        scope.set_tag("manual", "yes")
        manager.__exit__(None, None, None)
        sentry_sdk.capture_message("after")
        """,
    ),
    unsafe(
        "configure-scope/transaction-named-in-a-pushed-scope-that-stays",
        "configure-scope-with",
        """
        import sentry_sdk

        def work(run):
            with sentry_sdk.push_scope() as scope:
                run(scope)
                with sentry_sdk.configure_scope() as inner:
                    inner.set_extra("step", 1)
                    inner.set_transaction_name("import")
                sentry_sdk.capture_message("in")
            sentry_sdk.capture_message("out")

        work(lambda scope: scope.set_tag("kind", "batch"))
        """,
    ),
    unsafe(
        "configure-scope/callback-names-the-transaction-in-a-pushed-scope-that-stays",
        "configure-scope-callback",
        """
        import sentry_sdk

        def work(run):
            with sentry_sdk.push_scope() as scope:
                run(scope)
                sentry_sdk.configure_scope(lambda inner: inner.set_transaction_name("import"))
                sentry_sdk.capture_message("in")
            sentry_sdk.capture_message("out")

        work(lambda scope: scope.set_tag("kind", "batch"))
        """,
    ),
    unsafe(
        "configure-scope/transaction-assigned-in-a-pushed-scope-that-stays",
        "push-scope-with",
        """
        import sentry_sdk

        def work(run):
            with sentry_sdk.push_scope() as scope:
                run(scope)
                scope.transaction = "import"
                sentry_sdk.capture_message("in")
            sentry_sdk.capture_message("out")

        work(lambda scope: scope.set_tag("kind", "batch"))
        """,
    ),
    safe(
        "configure-scope/transaction-named-in-a-pushed-scope-that-goes",
        "configure-scope-with push-scope-with",
        """
        import sentry_sdk

        def work(step):
            with sentry_sdk.push_scope() as scope:
                scope.set_tag("kind", "batch")
                step()
                with sentry_sdk.configure_scope() as inner:
                    inner.set_extra("step", 1)
                    inner.set_transaction_name("import")
                sentry_sdk.capture_message("in")
            sentry_sdk.capture_message("out")

        work(lambda: sentry_sdk.add_breadcrumb(message="step"))
        """,
    ),
    safe(
        "configure-scope/private-transaction-read-after-it-is-named",
        "configure-scope-with configure-scope-transaction-access",
        """
        import sentry_sdk

        def rename():
            with sentry_sdk.configure_scope() as scope:
                scope.set_transaction_name("import")
            with sentry_sdk.configure_scope() as scope:
                scope.set_tag("named", "yes")
                out(scope._transaction)

        rename()
        sentry_sdk.capture_message("after")
        """,
    ),
    safe(
        "configure-scope/private-span",
        "configure-scope-with configure-scope-transaction-access",
        """
        import sentry_sdk

        def mark():
            with sentry_sdk.configure_scope() as scope:
                scope.set_tag("marked", "yes")
                out(scope._span is None)
                if scope._span:
                    scope._span.set_tag("slow", "yes")

        with sentry_sdk.start_transaction(name="import"):
            mark()
        """,
        setup="traced",
    ),
    safe(
        "configure-scope/private-span-in-a-callback",
        "configure-scope-callback",
        """
        import sentry_sdk

        def mark():
            sentry_sdk.configure_scope(lambda scope: out(scope._span is None))

        with sentry_sdk.start_transaction(name="import"):
            mark()
        """,
        setup="traced",
    ),
    differs(
        "configure-scope/private-propagation-context",
        "configure-scope-with",
        """
        import sentry_sdk

        def trace():
            with sentry_sdk.configure_scope() as scope:
                out(type(scope._propagation_context).__name__)

        trace()
        sentry_sdk.capture_message("after")
        """,
        differs="out",
    ),
    differs(
        "configure-scope/only-routed-before-init",
        "configure-scope-with",
        """
        import sentry_sdk

        with sentry_sdk.configure_scope() as scope:
            scope.set_transaction_name("batch")
        sentry_sdk.init(default_integrations=False)
        sentry_sdk.capture_message("after")
        """,
        setup="none",
        differs="transaction",
    ),
    safe(
        "configure-scope/only-routed-after-init",
        "configure-scope-with",
        """
        import sentry_sdk

        sentry_sdk.init(default_integrations=False)
        with sentry_sdk.configure_scope() as scope:
            scope.set_transaction_name("batch")
        sentry_sdk.capture_message("after")
        """,
        setup="none",
    ),
    differs(
        "configure-scope/add-breadcrumb-on-the-scope",
        "configure-scope-with",
        """
        import sentry_sdk

        def note():
            with sentry_sdk.configure_scope() as scope:
                scope.add_breadcrumb(message="step")

        note()
        sentry_sdk.capture_message("after")
        """,
        differs="breadcrumbs",
        note="1.x adds it only with the client as an argument.",
    ),
    differs(
        "configure-scope/add-breadcrumb-on-a-pushed-scope",
        "push-scope-with",
        """
        import sentry_sdk

        def note():
            with sentry_sdk.push_scope() as scope:
                scope.add_breadcrumb(message="step")
                sentry_sdk.capture_message("in")

        note()
        """,
        differs="breadcrumbs",
    ),
    differs(
        "configure-scope/add-breadcrumb-in-a-callback",
        "configure-scope-callback",
        """
        import sentry_sdk

        def note():
            sentry_sdk.configure_scope(lambda scope: scope.add_breadcrumb(message="step"))

        note()
        sentry_sdk.capture_message("after")
        """,
        differs="breadcrumbs",
    ),
    differs(
        "configure-scope/add-breadcrumb-in-a-callback-with-a-name",
        "configure-scope-callback",
        """
        import sentry_sdk

        def note(scope):
            scope.add_breadcrumb(message="step")

        def work():
            sentry_sdk.configure_scope(note)

        work()
        sentry_sdk.capture_message("after")
        """,
        differs="breadcrumbs",
    ),
    differs(
        "configure-scope/add-breadcrumb-in-a-callback-of-push-scope",
        "push-scope-callback",
        """
        import sentry_sdk

        def note(scope):
            scope.add_breadcrumb(message="step")
            sentry_sdk.capture_message("in")

        def work():
            sentry_sdk.push_scope(note)

        work()
        """,
        differs="breadcrumbs",
    ),
    differs(
        "configure-scope/clear-in-a-callback",
        "configure-scope-callback",
        """
        import sentry_sdk

        def forget():
            sentry_sdk.configure_scope(lambda scope: scope.clear())

        forget()
        sentry_sdk.capture_message("after")
        """,
        differs="trace",
    ),
    differs(
        "configure-scope/capture-in-a-callback",
        "configure-scope-callback",
        """
        import sentry_sdk

        def send():
            sentry_sdk.configure_scope(lambda scope: scope.capture_message("on the scope"))

        send()
        sentry_sdk.capture_message("after")
        """,
        differs="sent",
    ),
    differs(
        "configure-scope/clear-not-called-in-place",
        "configure-scope-with",
        """
        import sentry_sdk

        def forget():
            with sentry_sdk.configure_scope() as scope:
                clear = scope.clear
                clear()

        forget()
        sentry_sdk.capture_message("after")
        """,
        differs="trace",
    ),
    differs(
        "configure-scope/capture-not-called-in-place",
        "configure-scope-with",
        """
        import sentry_sdk

        def send():
            with sentry_sdk.configure_scope() as scope:
                capture = scope.capture_message
                capture("on the scope")

        send()
        sentry_sdk.capture_message("after")
        """,
        differs="sent",
    ),
    safe(
        "configure-scope/setter-not-called-in-place",
        "configure-scope-with",
        """
        import sentry_sdk

        def mark():
            with sentry_sdk.configure_scope() as scope:
                tag = scope.set_tag
                tag("marked", "yes")

        mark()
        sentry_sdk.capture_message("after")
        """,
    ),
    differs(
        "configure-scope/callback-that-is-called-too",
        "configure-scope-callback",
        """
        import sentry_sdk

        class Notes:
            transaction = None

            def set_tag(self, key, value):
                out(key, value)

        def mark(scope):
            if scope.transaction:
                scope.transaction.set_tag("slow", "yes")
            scope.set_tag("marked", "yes")

        def work():
            sentry_sdk.configure_scope(mark)
            sentry_sdk.capture_message("after")
            mark(Notes())

        with sentry_sdk.start_transaction(name="import"):
            work()
        """,
        setup="traced",
        differs="tags.slow",
    ),
    differs(
        "configure-scope/callback-that-is-called-with-a-pushed-scope",
        "configure-scope-callback",
        """
        import sentry_sdk

        def name(scope):
            out(scope.transaction.name if scope.transaction else None)

        def work():
            sentry_sdk.configure_scope(name)
            with sentry_sdk.push_scope() as scope:
                scope.span = None
                name(scope)
                sentry_sdk.capture_message("in")

        with sentry_sdk.start_transaction(name="import"):
            work()
        """,
        setup="traced",
        differs="out",
    ),
    differs(
        "configure-scope/annotated-callback-that-is-called-too",
        "configure-scope-callback",
        """
        import sentry_sdk
        from sentry_sdk import Scope

        def name(scope: Scope) -> None:
            scope.set_transaction_name("import")

        def work():
            sentry_sdk.configure_scope(name)
            sentry_sdk.capture_message("in")

        work()
        apart = Scope()
        name(apart)
        out(apart._transaction)
        """,
        differs="out",
    ),
    safe(
        "configure-scope/callback-for-both-managers-that-sets-a-tag",
        "configure-scope-callback push-scope-callback",
        """
        import sentry_sdk

        def mark(scope):
            scope.set_tag("marked", "yes")
            scope.set_level("warning")

        def work():
            sentry_sdk.push_scope(mark)
            sentry_sdk.capture_message("before")
            sentry_sdk.configure_scope(mark)
            sentry_sdk.capture_message("after")

        work()
        """,
    ),
    differs(
        "configure-scope/scope-of-the-caller-or-configured",
        "configure-scope-with",
        """
        import sentry_sdk

        def mark(scope=None):
            if scope is None:
                with sentry_sdk.configure_scope() as scope:
                    pass
            if scope.span is not None:
                scope.span.set_tag("slow", "yes")
            scope.set_tag("marked", "yes")

        with sentry_sdk.start_transaction(name="import"):
            mark()
        """,
        setup="traced",
        differs="tags.slow",
    ),
    safe(
        "configure-scope/scope-of-the-caller-or-configured-gets-a-tag",
        "configure-scope-with",
        """
        import sentry_sdk

        def mark(scope=None):
            if scope is None:
                with sentry_sdk.configure_scope() as scope:
                    pass
            scope.set_tag("marked", "yes")

        mark()
        sentry_sdk.capture_message("after")
        """,
    ),
    differs(
        "configure-scope/configured-or-pushed",
        "configure-scope-with push-scope-with",
        """
        import sentry_sdk

        def mark(first):
            if first:
                with sentry_sdk.configure_scope() as scope:
                    scope.set_tag("first", "yes")
            else:
                with sentry_sdk.push_scope() as scope:
                    scope.set_tag("first", "no")
            out(scope.span is None, scope.transaction is None)

        with sentry_sdk.start_transaction(name="import"):
            mark(True)
        """,
        setup="traced",
        differs="out",
    ),
    safe(
        "configure-scope/named-in-two-branches-and-tagged-after-them",
        "configure-scope-with",
        """
        import sentry_sdk

        def mark(first):
            if first:
                with sentry_sdk.configure_scope() as scope:
                    scope.set_transaction_name("first")
            else:
                with sentry_sdk.configure_scope() as scope:
                    scope.set_transaction_name("other")
            scope.set_tag("marked", "one")
            sentry_sdk.set_tag("marked", "two")

        mark(True)
        sentry_sdk.capture_message("after")
        """,
    ),
    safe(
        "configure-scope/configured-in-two-branches",
        "configure-scope-with configure-scope-transaction-access",
        """
        import sentry_sdk

        def mark(first):
            if first:
                with sentry_sdk.configure_scope() as scope:
                    scope.set_tag("first", "yes")
            else:
                with sentry_sdk.configure_scope() as scope:
                    scope.set_tag("first", "no")
            scope.transaction.name = "renamed"
            scope.span.set_tag("marked", "yes")

        with sentry_sdk.start_transaction(name="import"):
            mark(True)
        """,
        setup="traced",
    ),
    differs(
        "configure-scope/routed-and-tagged-before-init",
        "configure-scope-with configure-scope-transaction-access",
        """
        import sentry_sdk

        with sentry_sdk.configure_scope() as scope:
            scope.set_tag("service", "billing")
            scope.set_transaction_name("batch")
        sentry_sdk.init(default_integrations=False)
        sentry_sdk.capture_message("after")
        """,
        setup="none",
        differs="transaction",
    ),
    unsafe(
        "configure-scope/function-names-the-transaction-in-a-pushed-scope-that-stays",
        "configure-scope-callback",
        """
        import sentry_sdk

        def name(scope):
            scope.set_transaction_name("import")

        def work(run):
            with sentry_sdk.push_scope() as scope:
                run(scope)
                sentry_sdk.configure_scope(name)
                sentry_sdk.capture_message("in")
            sentry_sdk.capture_message("out")

        work(lambda scope: scope.set_tag("kind", "batch"))
        """,
    ),
    unsafe(
        "configure-scope/name-beside-a-pushed-scope-that-stays",
        "configure-scope-with push-scope-with",
        """
        import sentry_sdk

        def name(text):
            with sentry_sdk.configure_scope() as scope:
                scope.set_transaction_name(text)

        def work(enrich):
            with sentry_sdk.push_scope() as scope:
                enrich(scope)
                name("inner")
                sentry_sdk.capture_message("x")
            sentry_sdk.capture_message("y")

        name("outer")
        work(lambda scope: scope.set_tag("a", 1))
        """,
    ),
    unsafe(
        "configure-scope/name-set-beside-a-pushed-scope-that-stays",
        "scope-transaction-setter push-scope-with",
        """
        import sentry_sdk

        def name(text):
            with sentry_sdk.configure_scope() as scope:
                scope.transaction = text

        def work(enrich):
            with sentry_sdk.push_scope() as scope:
                enrich(scope)
                name("inner")
                sentry_sdk.capture_message("x")
            sentry_sdk.capture_message("y")

        name("outer")
        work(lambda scope: scope.set_tag("a", 1))
        """,
    ),
    differs(
        "configure-scope/name-beside-a-scope-that-is-passed-on",
        "configure-scope-with",
        """
        import sentry_sdk

        def first():
            with sentry_sdk.configure_scope() as scope:
                scope.set_transaction_name("first")

        def second(enrich):
            with sentry_sdk.configure_scope() as scope:
                enrich(scope)

        first()
        second(lambda scope: scope.set_transaction_name("second"))
        sentry_sdk.capture_message("x")
        """,
        differs="transaction",
    ),
)
