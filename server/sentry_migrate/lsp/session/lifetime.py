"""The end of the server, and of everything it started.

Owns leaving when the client is gone although its pipe is still open, and leaving nothing behind.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
import time
from typing import NoReturn

from sentry_migrate.lsp.session.session import Session

logger = logging.getLogger(__name__)

_INTERVAL = 0.5
"""Seconds between two looks at the client's process."""
_PIDS = 1 << 31
"""No process has this number, or a higher one."""


def watch(session: Session, pid: int | None) -> None:
    """Leave soon after the client's process ends (LSP 3.17 "InitializeParams.processId").

    In a thread: this is for the day the event loop hangs, too.
    """
    if pid is None or not 0 < pid < _PIDS or not alive(pid):
        return  # a client in another process namespace names a process we cannot see

    def watch() -> None:
        while alive(pid):
            time.sleep(_INTERVAL)
        print(f"the client (process {pid}) has exited", file=sys.stderr, flush=True)
        leave(session, 1)

    threading.Thread(target=watch, name="client-watch", daemon=True).start()


def alive(pid: int) -> bool:
    """Whether a process exists."""
    if sys.platform == "win32":
        return _alive_on_windows(pid)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _alive_on_windows(pid: int) -> bool:
    import ctypes

    kernel = ctypes.windll.kernel32  # type: ignore[attr-defined]
    synchronize = 0x00100000
    handle = kernel.OpenProcess(synchronize, False, pid)
    if not handle:
        return False
    try:
        still_running = 0x102  # WAIT_TIMEOUT
        return bool(kernel.WaitForSingleObject(handle, 0) == still_running)
    finally:
        kernel.CloseHandle(handle)


def leave(session: Session, code: int) -> NoReturn:
    """End the process now.

    Not by returning: a thread that still waits for standard input would hold the process.
    """
    for lane in session.lanes:
        lane.kill()
    logging.shutdown()
    sys.stderr.flush()
    os._exit(code)
