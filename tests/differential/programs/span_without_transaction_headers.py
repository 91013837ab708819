"""Trace headers in spans, with and without a transaction."""

from differential.program import differs, safe

TABLE = (
    differs(
        "trace-headers/in-a-span-without-a-transaction",
        "span-without-transaction-headers hub-trace-propagation",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        def call():
            with sentry_sdk.start_span(op="http.client"):
                headers = dict(Hub.current.iter_trace_propagation_headers())
            out(sorted(headers))

        call()
        """,
        "out",
        setup="traced",
        leaves=("span-without-transaction-headers",),
    ),
    safe(
        "trace-headers/in-a-span-of-a-transaction",
        "hub-trace-propagation",
        """
        import sentry_sdk
        from sentry_sdk import Hub

        def call():
            with sentry_sdk.start_transaction(name="job"):
                with sentry_sdk.start_span(op="http.client"):
                    headers = dict(Hub.current.iter_trace_propagation_headers())
            out(sorted(headers))

        call()
        """,
        setup="traced",
    ),
)
