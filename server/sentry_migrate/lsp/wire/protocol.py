"""Corrections to pygls, each with its reason and a test that fails once pygls does it itself.

Owns what happens to a message before and after our handlers. Knows no feature of ours. The tests
are in tests/lsp/test_protocol.py, one class per heading below.
"""

from __future__ import annotations

import asyncio
import functools
import json
import logging
import uuid
from collections.abc import Callable, Generator
from concurrent.futures import Future
from typing import Any

from lsprotocol import types
from pygls.exceptions import (
    JsonRpcException,
    JsonRpcInternalError,
    JsonRpcInvalidParams,
    JsonRpcMethodNotFound,
    JsonRpcRequestCancelled,
)
from pygls.lsp.server import LanguageServer
from pygls.protocol import LanguageServerProtocol, lsp_method

from sentry_migrate.lsp.wire.decoding import Undecodable, is_notification

logger = logging.getLogger(__name__)

Steps = Generator[Any, Any, Any]


class Server(LanguageServer):
    """LanguageServer whose errors go to the log."""

    protocol: Protocol

    def report_server_error(self, error: Exception, source: Any) -> None:
        """No popups: pygls shows every error in a `window/showMessage`."""
        refused = isinstance(error, JsonRpcException) and not isinstance(
            error, JsonRpcInternalError
        )
        level = logging.DEBUG if refused else logging.ERROR
        logger.log(level, "%s: %s", getattr(source, "__name__", source), error)


def _only_ours(method: str) -> Any:
    """A built-in handler that leaves everything to the server's own."""

    @lsp_method(method)
    def leave(self: Protocol, params: Any) -> Steps:
        handler = self.fm.features.get(method)
        if handler is not None:
            yield handler, (params,), None

    return leave


class Protocol(LanguageServerProtocol):
    """LanguageServerProtocol, corrected."""

    exit_code: int | None = None
    on_exit: Callable[[], None] = staticmethod(lambda: None)

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._handling: set[asyncio.Task[Any]] = set()
        self._unanswered: dict[Any, None] = {}
        """Ids of the client's requests, in their order."""

    # -- Futures: pygls keeps those of notifications and of nested handlers for ever.

    def _execute_handler(
        self, msg_id: Any, handler: Any, callback: Any, args: Any = None, kwargs: Any = None
    ) -> None:
        super()._execute_handler(msg_id, handler, callback, args, kwargs)
        future = self._request_futures.get(msg_id)
        if future is not None:
            future.add_done_callback(lambda done: self._forget(msg_id, done))
        if isinstance(future, asyncio.Task):
            self._handling.add(future)
            future.add_done_callback(self._handling.discard)

    def _forget(self, msg_id: Any, done: Future[Any]) -> None:
        if done.cancelled():  # by pygls' `shutdown`, perhaps, which is going through the table
            asyncio.get_running_loop().call_soon(self._drop, msg_id, done)
        else:
            self._drop(msg_id, done)

    def _drop(self, msg_id: Any, done: Future[Any]) -> None:
        if self._request_futures.get(msg_id) is done:
            del self._request_futures[msg_id]
            self._result_types.pop(msg_id, None)

    def send_request(
        self, method: str, params: Any = None, callback: Any = None, msg_id: Any = None
    ) -> Future[Any]:
        """Send a request, which is forgotten once nobody waits for its answer."""
        name = str(uuid.uuid4()) if msg_id is None else msg_id
        future = super().send_request(method, params, callback, name)
        loop = asyncio.get_running_loop()  # later: `shutdown` cancels while it counts what there is
        future.add_done_callback(lambda done: loop.call_soon(self._forget, name, done))
        return future

    # -- Messages that cannot be decoded: pygls leaves a request without an answer, also one with
    #    the method of a notification, and logs a traceback for a method that it does not know. It
    #    takes an answer with `"error": null`, as JSON-RPC 1.0 has it, for an error.

    def structure_message(self, data: dict[str, Any]) -> Any:
        """The typed message, or an Undecodable."""
        method = data.get("method")
        if method is not None and not self._known(method):
            return Undecodable(data, JsonRpcMethodNotFound.of(method))
        if method not in (None, types.EXIT) and data.get("id") is not None:
            if is_notification(method):
                wrong = f"{method} is a notification, which has no id"
                return Undecodable(data, JsonRpcException(wrong, types.ErrorCodes.InvalidRequest))
        if method is None and "result" in data and data.get("error") is None:
            data = {name: value for name, value in data.items() if name != "error"}
        try:
            return super().structure_message(data)
        except JsonRpcException as error:
            if method == types.TEXT_DOCUMENT_CODE_ACTION:
                return self._without_diagnostics(data, error)
            return Undecodable(data, JsonRpcInvalidParams(str(error.__cause__ or "")))

    def _known(self, method: str) -> bool:
        known = (self.fm.builtin_features, self.fm.features, (types.CANCEL_REQUEST,))
        return any(method in some for some in known)

    def _without_diagnostics(self, data: dict[str, Any], error: JsonRpcException) -> Any:
        """Another server's malformed diagnostic must not cost the user our code actions."""
        try:
            context = {**data["params"]["context"], "diagnostics": []}
            params = {**data["params"], "context": context}
            return super().structure_message({**data, "params": params})
        except (JsonRpcException, KeyError, TypeError):
            return Undecodable(data, JsonRpcInvalidParams(str(error.__cause__ or "")))

    def _refuse(self, message: Undecodable) -> None:
        data = message.data
        if "method" not in data:
            future = self._request_futures.pop(data.get("id", ""), None)
            if future is not None and not future.done():
                future.set_exception(message.error)
        elif data.get("id") is not None:
            self._send_response(data["id"], error=message.error.to_response_error())
        elif isinstance(message.error, JsonRpcMethodNotFound):
            logger.debug("ignoring %s, which is not known", data["method"])
        else:
            logger.warning("ignoring a %s that cannot be decoded", data["method"])

    # -- Sending: pygls spells messages out on the event loop, which thousands of diagnostics stall
    #    for longer than a person types, and leaves a request unanswered whose result it cannot
    #    spell.

    def _send_data(self, data: Any) -> None:
        later = getattr(self.writer, "later", None)
        if later is None or not data:
            super()._send_data(data)
        else:
            later(functools.partial(self._framed, data))

    def _framed(self, data: Any) -> bytes:
        """The bytes of a message. Runs in the writer's thread."""
        try:
            body = json.dumps(data, default=self._serialize_message, allow_nan=False).encode(
                "ascii"
            )
        except Exception:
            logger.exception("cannot serialise a message")
            number = getattr(data, "id", None)
            if number is None or hasattr(data, "method"):
                return b""
            error = {"code": types.ErrorCodes.InternalError.value, "message": "not JSON"}
            body = json.dumps({"jsonrpc": "2.0", "id": number, "error": error}).encode("ascii")
        return b"Content-Length: %d\r\n\r\n%b" % (len(body), body)

    # -- Life cycle: requests before initialize and after shutdown get an error (LSP 3.17
    #    "Initialize Request", "Shutdown Request"); pygls answers the first with an internal error
    #    and the second not at all.

    def handle_message(self, message: Any) -> None:
        """Hand the message to its handler, or refuse it."""
        refusal = self._refusal(message)
        if refusal is not None and _is_request(message):
            self._send_response(_id(message), error=refusal.to_response_error())
        elif refusal is not None and _method(message) not in ("", types.EXIT):
            logger.warning("ignoring %s: %s", _method(message), refusal.message)
        elif isinstance(message, Undecodable):
            self._refuse(message)
        else:
            super().handle_message(message)

    def _refusal(self, message: Any) -> JsonRpcException | None:
        if self._shutdown:
            return JsonRpcException(
                "the server has been shut down", types.ErrorCodes.InvalidRequest
            )
        method = _method(message)
        if method == types.INITIALIZE:
            if self._workspace is None:
                return None
            return JsonRpcException(
                "the server is already initialized", types.ErrorCodes.InvalidRequest
            )
        if self._workspace is None and method:
            return JsonRpcException(
                "the server is not initialized", types.ErrorCodes.ServerNotInitialized
            )
        return None

    @lsp_method(types.EXIT)
    def lsp_exit(self, *args: Any) -> Steps:
        """Record the exit code the spec wants, which pygls loses over stdio; end the read loop."""
        self.exit_code = 0 if self._shutdown else 1
        self.on_exit()
        yield from ()

    # -- Text: pygls splits lines with str.splitlines, so that a form feed or U+2028 shifts every
    #    later edit, and clamps positions past the end one short. It keeps no text here; ours does.

    lsp_text_document__did_open = _only_ours(types.TEXT_DOCUMENT_DID_OPEN)
    lsp_text_document__did_change = _only_ours(types.TEXT_DOCUMENT_DID_CHANGE)
    lsp_text_document__did_close = _only_ours(types.TEXT_DOCUMENT_DID_CLOSE)
    lsp_notebook_document__did_open = _only_ours(types.NOTEBOOK_DOCUMENT_DID_OPEN)
    lsp_notebook_document__did_change = _only_ours(types.NOTEBOOK_DOCUMENT_DID_CHANGE)
    lsp_notebook_document__did_close = _only_ours(types.NOTEBOOK_DOCUMENT_DID_CLOSE)

    # -- Commands: pygls demands exact arity, and cancels its wrapper while the handler runs on.

    @lsp_method(types.WORKSPACE_EXECUTE_COMMAND)
    async def lsp_workspace__execute_command(  # type: ignore[override]
        self, params: types.ExecuteCommandParams
    ) -> Any:
        """Await the command as the request's own task."""
        handler = self.fm.commands.get(params.command)
        if handler is None:
            raise JsonRpcInvalidParams(f"unknown command {params.command!r}")
        return await handler(*(params.arguments or ()))

    # -- Progress: pygls keeps every token it ever made.

    def forget_progress(self, token: types.ProgressToken) -> None:
        """Drop the token of a finished piece of work."""
        self.progress.tokens.pop(token, None)

    def pending(self) -> int:
        """How many requests, in both directions, are under way."""
        return len(self._request_futures)

    # -- Leaving: pygls loses sight of a request that was cancelled, and a handler can swallow its
    #    cancellation (`asyncio.wait_for` does before Python 3.12, if what it waits for is there).

    def _handle_request(self, msg_id: Any, method_name: str, params: Any) -> None:
        self._unanswered[msg_id] = None
        super()._handle_request(msg_id, method_name, params)

    def _send_response(self, msg_id: Any, result: Any = None, error: Any = None) -> None:
        self._unanswered.pop(msg_id, None)
        super()._send_response(msg_id, result, error)

    async def answer_pending(self, timeout: float) -> None:
        """Answer all that was asked before `shutdown`: handlers have `timeout` seconds to end."""
        if self._shutdown and self._handling:
            await asyncio.wait(self._handling, timeout=timeout)
        for number in tuple(self._unanswered) if self._shutdown else ():
            cancelled = JsonRpcRequestCancelled("the server is shutting down")
            self._send_response(number, error=cancelled.to_response_error())


def _is_request(message: Any) -> bool:
    return bool(_method(message)) and _id(message) is not None


def _id(message: Any) -> Any:
    if isinstance(message, Undecodable):
        return message.data.get("id")
    return getattr(message, "id", None)


def _method(message: Any) -> str:
    if isinstance(message, Undecodable):
        return str(message.data.get("method", ""))
    return str(getattr(message, "method", ""))
