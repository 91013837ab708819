"""Whether a file can have findings at all: a look at its name and for a few words in it.

That settles most files without a parser. Refuses to know what a finding is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from sentry_migrate.model import TODO
from sentry_migrate.project.dependency_files import lists_requirements
from sentry_migrate.project.held_options import REFUSED

MARKS = (
    *("sentry_sdk", "raven-sentry", "sentry-migrate:", TODO.lstrip("# ")),
    *sorted(REFUSED),
)
"""A Python text that holds none of these has no findings and need not be parsed, unless it spells
a name that another module of the project re-exports."""
PACKAGE = re.compile(r"sentry[-_.]sdk", re.IGNORECASE)
"""How dependency files may spell the SDK's name."""

_SERVER = re.compile(r"\bsentry:", re.IGNORECASE)
"""How a compose file spells the image of a self-hosted Sentry."""

_UPDATED = re.compile(r"[\"'/^:]\s?\^?sentry[-_]?\*|[\"'/]\^sentry", re.IGNORECASE)
"""How a rule about updates may spell all packages of Sentry."""

_PARTS = ("sdk", "sentry:", "sentry*", "sentry-*", "sentry_*", "^sentry")
"""What has any of these, in small letters: plain text is looked for many times faster than such
patterns."""

HUB_MEMBERS = frozenset(
    (
        *("push_scope", "pop_scope_unsafe", "configure_scope", "bind_client", "last_event_id"),
        *("capture_event", "capture_message", "capture_exception", "add_breadcrumb"),
        *("iter_trace_propagation_headers", "start_session", "end_session"),
    )
)
"""What a hub has, and hardly anything else by that name."""
_HUB = re.compile(
    rf"hub['\"]?\]?\s*\.\s*(?:{'|'.join(sorted(HUB_MEMBERS))})\b".encode(), re.IGNORECASE
)
_OF_SDK = re.compile(rb"\.\s*(?:configure_scope|push_scope|Hub\.current)\b")
"""What is read of the SDK, whatever it is called."""


def may_have_findings(path: str, data: bytes) -> bool:
    """Whether a file can have findings, other modules of its project aside."""
    # Every encoding Python reads source in spells these ASCII names in the same bytes.
    return mentions_sentry(data.decode("latin-1"), not lists_requirements(path))


def mentions_sentry(text: str, python: bool = True, names: Iterable[str] = ()) -> bool:
    """Whether a text can have findings: Python, or one that lists requirements, code or not.

    `names` are the project's own that stand for some of the SDK's, dotted or not.
    """
    if any(mark in text for mark in MARKS):
        return True
    if not python and _names_package(text):
        return True
    return any(name.rpartition(".")[2] in text for name in names)


def _names_package(text: str) -> bool:
    """Whether a text names the SDK's package, or an image or a rule that stands for it."""
    folded = text.casefold()
    return any(part in folded for part in _PARTS) and any(
        one.search(text) is not None for one in (PACKAGE, _SERVER, _UPDATED)
    )


def spells_sdk(text: str | bytes) -> bool:
    """Whether a text reads 1.x names of something, or what hubs have of something that it calls a
    hub."""
    data = text.encode("utf-8", "replace") if isinstance(text, str) else text
    return _OF_SDK.search(data) is not None or spells_hub(data)


def spells_hub(text: str | bytes) -> bool:
    """Whether a text reads what hubs have of something that it calls a hub."""
    data = text.encode("utf-8", "replace") if isinstance(text, str) else text
    return _HUB.search(data) is not None
