"""Hubs that are followed from what makes them through all that keeps and takes them."""

from differential.program import unsafe

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
        "hub-capture hub-custom-client hub-scope hub-with-current",
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
)
