"""Where log records go: to standard error, and to the client's log as soon as it can take them.

Owns levels and the way to `window/logMessage`. pygls logs whole message bodies at level INFO,
source code included: only its warnings pass.
"""

from __future__ import annotations

import logging
import sys

from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcInternalError

from sentry_migrate.lsp.documents.uris import readable
from sentry_migrate.lsp.session.session import Session

_TYPES = (
    (logging.ERROR, types.MessageType.Error),
    (logging.WARNING, types.MessageType.Warning),
    (logging.INFO, types.MessageType.Info),
    (logging.NOTSET, types.MessageType.Log),
)


class _ToClient(logging.Handler):
    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session

    def emit(self, record: logging.LogRecord) -> None:
        """Send one record. Before the client is initialized nothing may be sent but by stderr."""
        if not self._session.ready:
            return
        kind = next(kind for level, kind in _TYPES if record.levelno >= level)
        params = types.LogMessageParams(kind, readable(self.format(record)))
        self._session.server.window_log_message(params)


def _is_ours(record: logging.LogRecord) -> bool:
    """Whether a record of pygls's is about a fault, and not about a message that was refused.

    What it says of one that it cannot decode quotes it, and wire/protocol.py answers it.
    """
    if record.msg.startswith("Unable to deserialize"):
        return False
    error = record.exc_info[1] if record.exc_info else None
    return not isinstance(error, JsonRpcException) or isinstance(error, JsonRpcInternalError)


def configure(session: Session, level: str) -> None:
    """Log from `level` (`debug`, `info`, `warning`, `error`) upwards."""
    stderr = logging.StreamHandler(sys.stderr)
    stderr.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    own = logging.getLogger("sentry_migrate")
    own.setLevel(level.upper())
    early = logging.StreamHandler(sys.stderr)
    early.setFormatter(stderr.formatter)
    early.addFilter(lambda _: not session.ready)  # editors show standard error beside the log
    own.addHandler(early)
    own.addHandler(_ToClient(session))
    own.propagate = False
    framework = logging.getLogger("pygls")
    framework.setLevel(logging.WARNING)
    logging.getLogger("pygls.protocol.json_rpc").addFilter(_is_ours)
    framework.addHandler(stderr)
    framework.propagate = False
