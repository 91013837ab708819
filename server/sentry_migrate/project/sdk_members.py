"""What calling or reading a name of sentry-sdk 1.45 and 2.x gives, by both SDKs' modules.

Data only, by canonical paths: `sentry_sdk.Hub`, not `sentry_sdk.hub.Hub`.
"""

from __future__ import annotations

READS = {
    # path or Type.member: (type, origin) of what reading it gives
    "sentry_sdk.Hub.current": ("Hub", "current"),
    "sentry_sdk.Hub.main": ("Hub", "main"),
    "Hub.client": ("Client", "hub"),
    "Client.transport": ("Transport", "client"),
    "Transport.parsed_dsn": ("Dsn", "transport"),
    "Transport._auth": ("Auth", "transport"),
    "Hub.scope": ("Scope", "hub"),
    "Scope.span": ("Span", "scope"),
    "Scope.transaction": ("Transaction", "scope"),
    "Span.containing_transaction": ("Transaction", "span"),
    "Transaction.containing_transaction": ("Transaction", "span"),
    "Span.hub": ("Hub", "span"),
    "Transaction.hub": ("Hub", "span"),
}

CALLS = {
    # path or Type.method: (type, origin) of what calling it gives
    "sentry_sdk.configure_scope": ("Manager", "configure"),
    "sentry_sdk.push_scope": ("Manager", "push"),
    "Hub.configure_scope": ("Manager", "configure"),
    "Hub.push_scope": ("Manager", "push"),
    "sentry_sdk.isolation_scope": ("Manager", "isolation_scope"),
    "sentry_sdk.new_scope": ("Manager", "new_scope"),
    "sentry_sdk.scope.use_isolation_scope": ("Manager", "isolation_scope"),
    "sentry_sdk.scope.use_scope": ("Manager", "new_scope"),
    "sentry_sdk.start_span": ("Span", "started"),
    "sentry_sdk.get_current_span": ("Span", "current"),
    "sentry_sdk.start_transaction": ("Transaction", "started"),
    "sentry_sdk.continue_trace": ("Transaction", "started"),
    "Hub.start_span": ("Span", "started"),
    "Hub.start_transaction": ("Transaction", "started"),
    "Hub.continue_trace": ("Transaction", "started"),
    "Scope.start_span": ("Span", "started"),
    "Scope.start_transaction": ("Transaction", "started"),
    "Span.start_child": ("Span", "started"),
    "Span.new_span": ("Span", "started"),
    "Transaction.start_child": ("Span", "started"),
    "Transaction.new_span": ("Span", "started"),
    "sentry_sdk.tracing.Span": ("Span", "made"),
    "sentry_sdk.tracing.NoOpSpan": ("Span", "made"),
    "sentry_sdk.tracing.Transaction": ("Transaction", "made"),
    "sentry_sdk.tracing.Transaction.continue_from_headers": ("Transaction", "made"),
    "sentry_sdk.tracing.Transaction.continue_from_environ": ("Transaction", "made"),
    "sentry_sdk.Client": ("Client", "made"),
    "sentry_sdk.utils.Auth": ("Auth", "made"),
    "sentry_sdk.utils.Dsn": ("Dsn", "made"),
    "Dsn.to_auth": ("Auth", "made"),
    "sentry_sdk.get_client": ("Client", "active"),
    "sentry_sdk.Scope.get_client": ("Client", "active"),
    "sentry_sdk.Scope": ("Scope", "made"),
    "sentry_sdk.get_isolation_scope": ("Scope", "isolation"),
    "sentry_sdk.get_current_scope": ("Scope", "now"),
    "sentry_sdk.get_global_scope": ("Scope", "global"),
    "sentry_sdk.Scope.get_isolation_scope": ("Scope", "isolation"),
    "sentry_sdk.Scope.get_current_scope": ("Scope", "now"),
    "sentry_sdk.Scope.get_global_scope": ("Scope", "global"),
}

ENTERED = {
    # (type, origin) of a context manager: (type, origin) of what `as` binds
    ("Manager", "configure"): ("Scope", "configure"),
    ("Manager", "push"): ("Scope", "pushed"),
    ("Manager", "isolation_scope"): ("Scope", "isolation"),
    ("Manager", "new_scope"): ("Scope", "now"),
}

ANNOTATED = {
    "sentry_sdk.Hub": "Hub",
    "sentry_sdk.Scope": "Scope",
    "sentry_sdk.Client": "Client",
    "sentry_sdk.tracing.Span": "Span",
    "sentry_sdk.tracing.Transaction": "Transaction",
    "sentry_sdk.utils.Auth": "Auth",
    "sentry_sdk.utils.Dsn": "Dsn",
}
"""Classes that an annotation makes known."""

SPANS = frozenset(("Span", "Transaction"))
HANDED = SPANS | {"Scope"}
"""The types of instances that functions hand to each other, hubs aside."""
ASSIGNED = frozenset(("fingerprint", "level", "transaction", "user"))
"""The members of scopes that code assigns to."""
