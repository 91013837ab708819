"""Requests to the client.

Owns how long an answer is waited for. What a person decides on takes as long as it takes; anything
else has a deadline, so that a client that never answers stops nothing.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable
from typing import Any

from pygls.exceptions import JsonRpcException

logger = logging.getLogger(__name__)

PATIENCE = 10.0
"""Seconds for what a client answers by itself."""
PERSON: None = None
"""No deadline: the client may show a person what it was asked. Ends with the client."""


async def answered(
    future: Awaitable[Any], patience: float | None = PATIENCE, otherwise: Any = None
) -> Any:
    """The client's answer within `patience` seconds; `otherwise` if it is an error or too late."""
    try:
        return await asyncio.wait_for(future, patience)
    except asyncio.TimeoutError:
        logger.warning("the client did not answer within %.0f s", patience)
    except JsonRpcException as error:
        logger.warning("the client refused: %s", error)
    return otherwise
