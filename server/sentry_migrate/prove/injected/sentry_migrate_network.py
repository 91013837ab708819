"""Cuts the network, below everything that a test may replace."""

from __future__ import annotations

import errno
import functools
import ipaddress
import os
import socket
from collections.abc import Callable
from typing import Any, ClassVar
from urllib.parse import urlsplit

_LOCAL = ("localhost", "127.0.0.1", "::1", "0.0.0.0", "testserver")
_PROXIES = ("http_proxy", "https_proxy", "all_proxy")
_getaddrinfo = socket.getaddrinfo


def cut(module: Any) -> None:
    """As soon as there is the SDK's transport: tox and pip, which need the network, have none.

    Its own servers are answered for. Nothing else reaches an address of the internet either, except
    where a command is recorded that works by hand."""
    for kind in list(vars(module).values()):
        if isinstance(kind, type) and "_make_pool" in vars(kind):
            kind._make_pool = _without_network(kind._make_pool)  # type: ignore[attr-defined]
    if "SENTRY_MIGRATE_OFFLINE" in os.environ:
        refuse(socket.socket)
        for name in _PROXIES:  # a proxy in the next room leads everywhere
            os.environ.pop(name, None)
            os.environ.pop(name.upper(), None)


def _without_network(make_pool: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(make_pool)
    def make(self: Any, *args: Any, **named: Any) -> Any:
        pool = make_pool(self, *args, **named)
        name = "urlopen" if hasattr(pool, "urlopen") else "request"
        send = getattr(pool, name, None)
        if send is None:
            return pool

        def answered(method: Any, url: Any, *rest: Any, **more: Any) -> Any:
            host = urlsplit(url if isinstance(url, str) else "").hostname
            return send(method, url, *rest, **more) if host in _LOCAL else _Answer()

        setattr(pool, name, answered)
        return pool

    return make


class _Answer:
    """What a server says that took everything."""

    status = status_code = 200
    data = content = b"{}"
    headers: ClassVar[dict[str, str]] = {}

    def close(self) -> None:
        pass

    release_conn = drain_conn = close


def refuse(kind: Any) -> None:
    """Have sockets of a class reach nothing that is public."""
    connect, connect_ex, sendto = kind.connect, kind.connect_ex, kind.sendto

    def checked(address: Any) -> None:
        if is_public(address):
            said = f"sentry-migrate prove lets no test reach {address[0]}"
            raise ConnectionRefusedError(errno.ECONNREFUSED, said)

    def connect_near(self: Any, address: Any) -> Any:
        checked(address)
        return connect(self, address)

    def connect_ex_near(self: Any, address: Any) -> Any:
        return errno.ECONNREFUSED if is_public(address) else connect_ex(self, address)

    def sendto_near(self: Any, data: Any, *rest: Any) -> Any:
        checked(rest[-1] if rest else None)
        return sendto(self, data, *rest)

    kind.connect, kind.connect_ex, kind.sendto = connect_near, connect_ex_near, sendto_near


def is_public(address: Any) -> bool:
    """Whether an address of a socket is one of the internet. Databases in containers have none."""
    host = address[0] if isinstance(address, tuple) and address else None
    if isinstance(host, (bytes, bytearray)):
        host = host.decode("latin-1")
    if not isinstance(host, str) or host in ("", "<broadcast>"):
        return False
    try:
        return _is_global(host)
    except ValueError:
        pass
    try:
        return any(_is_global(str(one[4][0])) for one in _getaddrinfo(host, None))
    except (OSError, ValueError):
        return False


def _is_global(host: str) -> bool:
    found = ipaddress.ip_address(host.partition("%")[0])
    return (getattr(found, "ipv4_mapped", None) or found).is_global
