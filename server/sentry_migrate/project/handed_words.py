"""The names by which code gives the SDK what it calls or heeds while it sends something.

Owns the words, and telling by them which files may do so that do not mention the SDK: files of
settings, and code that is handed the SDK, a scope or a client.
"""

from __future__ import annotations

import re

CALLBACKS = frozenset(
    (
        *("before_breadcrumb", "before_send", "before_send_log", "before_send_transaction"),
        *("error_sampler", "event_scrubber", "profiles_sampler", "traces_sampler"),
    )
)
"""Options of `init()` that are called with what is sent."""
REGISTERING = (
    *("Scope.add_error_processor", "Scope.add_event_processor"),
    "sentry_sdk.scope.add_global_event_processor",
)
"""What registers functions that are called with events."""
OF_TRANSPORTS = ("capture_envelope", "capture_event")
"""Methods of a transport that the SDK calls at once; the rest of it runs in a thread of its own."""
SENDING = (*OF_TRANSPORTS, "_prepare_event")
"""The like with those of a client, which has one of the others, too."""

_METHODS = "|".join(SENDING)
_WORDS = tuple(
    word.encode()
    for word in (
        *(*CALLBACKS, *SENDING, "attach_stacktrace"),
        *(path.rpartition(".")[2] for path in REGISTERING),
    )
)
_HANDED = re.compile(
    rf"""\b(?:{"|".join(sorted(CALLBACKS))}|attach_stacktrace"""
    rf"""|{"|".join(path.rpartition(".")[2] for path in REGISTERING)}"""
    rf"""|(?<=\.)(?:{_METHODS})(?=[ \t]*=)|(?<=['"])(?:{_METHODS})(?=['"]))\b""".encode()
)


def hands(data: bytes) -> bool:
    """Whether a file spells what may give the SDK one of these."""
    return any(word in data for word in _WORDS) and _HANDED.search(data) is not None
