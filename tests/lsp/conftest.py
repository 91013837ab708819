from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
import pytest_asyncio

from lsp.capabilities import PUSHED
from lsp.wire import Client

Start = Callable[..., Awaitable[Client]]


SERVED = ("lsp", "conformance")
"""The directories below tests/ whose tests talk to a server, and must not wait for ever."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.parent.name in SERVED and not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(60))


@pytest_asyncio.fixture
async def start() -> AsyncIterator[Start]:
    """Starts servers with the fake worker; an orderly end of each is part of the test."""
    clients = []

    async def begin(
        capabilities: dict[str, Any] | None = None,
        encoding: str = "utf-16",
        configuration: Any = None,
        command: Any = "fake",
        **params: Any,
    ) -> Client:
        client = Client(encoding)
        client.configuration = configuration or {}
        clients.append(client)
        await client.start(command)
        await client.initialize(PUSHED if capabilities is None else capabilities, **params)
        return client

    yield begin
    for client in clients:
        try:
            if client.orderly and client.process and client.process.returncode is None:
                assert await client.stop() == 0
        finally:
            client.kill()
            if client.process:
                await client.process.wait()
