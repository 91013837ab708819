"""The two streams to and from a client.

Owns where they come from: standard input and output, or one connection.
"""

from __future__ import annotations

import os
import socket
import sys
from typing import BinaryIO


def opened(tcp: tuple[str, int] | None) -> tuple[BinaryIO, BinaryIO]:
    """What to read from and what to write to. Says so and exits with 2 if it cannot listen."""
    return _stdio() if tcp is None else _accept(tcp)


def _stdio() -> tuple[BinaryIO, BinaryIO]:
    """Standard input and output for the protocol alone: stray prints go to standard error."""
    source, sink = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return source, sink


def _accept(address: tuple[str, int]) -> tuple[BinaryIO, BinaryIO]:
    family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    try:
        listener = socket.create_server(address, family=family)
    except (OSError, UnicodeError) as error:  # the latter for a host that cannot be a name
        reason = getattr(error, "strerror", None) or error
        print(f"error: {address[0]}:{address[1]}: {reason}", file=sys.stderr)
        sys.exit(2)
    with listener:
        host, port = listener.getsockname()[:2]
        print(f"listening on {host}:{port}", file=sys.stderr, flush=True)
        connection, _ = listener.accept()
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection.makefile("rb"), connection.makefile("wb")
