"""What the types of the protocol leave open, and lsprotocol lets pass.

Owns which messages are none, and which of the right outer shape are refused. Knows no handler.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, NoReturn, Optional

from cattrs import Converter
from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.protocol import default_converter


@dataclass(frozen=True, slots=True)
class Undecodable:
    """A message of the right outer shape that its method does not allow."""

    data: dict[str, Any]
    error: JsonRpcException


def converter() -> Converter:
    """pygls's converter, which takes only integers and strings for ids and tokens: it would take
    anything, and what is not a key of a dictionary then fails in a handler."""
    made: Converter = default_converter()  # type: ignore[no-untyped-call]
    made.register_structure_hook(types.ProgressToken, _token)
    optional = Optional[types.ProgressToken]  # noqa: UP045 - cattrs has it so in its table
    made.register_structure_hook(
        optional, lambda value, _: value if value is None else _token(value)
    )
    return made


def _token(value: Any, _: Any = None) -> int | str:
    if is_id(value):
        return value  # type: ignore[no-any-return]
    raise ValueError(f"a {type(value).__name__} is neither an integer nor a string")


def is_id(value: Any) -> bool:
    """Whether a request may have this id (LSP 3.17 "Request Message")."""
    return isinstance(value, int | str) and not isinstance(value, bool)


def is_message(data: Any) -> bool:
    """Whether it is a JSON-RPC message. Some clients give notifications the id null."""
    return (
        isinstance(data, dict)
        and data.get("jsonrpc") == "2.0"
        and isinstance(data.get("method", ""), str)
        and (data.get("id") is None or is_id(data["id"]))
    )


def is_notification(method: str) -> bool:
    """Whether nobody waits for an answer to this method (LSP 3.17 "Notification Message")."""
    return method in types.METHOD_TO_TYPES and types.METHOD_TO_TYPES[method][1] is None


def from_json(body: bytes) -> Any:
    """The value. Raises ValueError for what is not JSON, which Python's `NaN` is not either."""
    return json.loads(body, parse_constant=_no_constant)


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
