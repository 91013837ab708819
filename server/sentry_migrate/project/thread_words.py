"""Whether a file may start threads, or is run by what does: a look at the modules it imports."""

from __future__ import annotations

import re

ENOUGH = 2
"""Files that start threads and are looked at: of two, one is another file than the one that is
told."""
THREADING = frozenset(
    (
        *("QueueListener", "_thread", "aiohttp", "apscheduler", "bottle", "celery", "concurrent"),
        *("django", "dramatiq", "eventlet", "falcon", "fastapi", "flask", "gevent", "greenlet"),
        *("huey", "pyramid", "quart", "rq", "run_in_executor", "sanic", "socketserver"),
        *("starlette", "threading", "Thread", "ThreadPool", "tornado", "uvicorn", "wsgiref"),
    )
)
"""What starts threads, or is run by servers that do."""
INTEGRATIONS = ("ThreadingIntegration", "default_integrations", "disabled_integrations")
"""What decides whether threads get the data of those that start them."""
_IMPORTED = re.compile(
    rb"(?:\n[ \t]*(?:from|import)[ \t][^#\n]*|\b(?:import_module|__import__)\s*\(\s*['\"]"
    rb"|\bhandlers\.)\b(?:%s)\b" % "|".join(sorted(THREADING)).encode()
)
_CONTEXT = re.compile(rb"\bContext\s*\(")


def imports_threads(data: bytes) -> bool:
    """Whether a file has a line that imports what starts threads, by whatever means, or makes an
    empty context."""
    empty = b"contextvars" in data and _CONTEXT.search(data) is not None
    return empty or _IMPORTED.search(b"\n" + data) is not None


def chooses_integrations(data: bytes) -> bool:
    """Whether a file spells what decides about the data of threads."""
    return any(word.encode() in data for word in INTEGRATIONS)
