"""Our corrections to pygls. Each row also holds pygls to its mistake: a row that fails on the
`pygls` side means the correction can go."""

from __future__ import annotations

import asyncio
import io
import json
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, ClassVar

import pytest
from lsprotocol import types
from pygls.lsp.server import LanguageServer

from lsp.wire import ROOT
from sentry_migrate.lsp.wire.decoding import converter
from sentry_migrate.lsp.wire.protocol import Protocol, Server
from sentry_migrate.lsp.wire.transport import QueueWriter, frames

INITIALIZE = {"id": 0, "method": "initialize", "params": {"processId": None, "capabilities": {}}}
BAD_HOVER = {"id": 1, "method": "textDocument/hover", "params": {"textDocument": {}}}
SHUTDOWN = {"id": 7, "method": "shutdown"}


class Sink:
    """Keeps what a server writes."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []

    def write(self, data: bytes) -> None:
        self.sent.append(json.loads(data.partition(b"\r\n\r\n")[2]))

    def close(self) -> None:
        pass

    def answer(self, number: Any) -> dict[str, Any] | None:
        return next((m for m in self.sent if m.get("id") == number and "method" not in m), None)

    def popups(self) -> list[Any]:
        return [m for m in self.sent if m.get("method") == "window/showMessage"]


def ours() -> LanguageServer:
    return Server("t", "1", protocol_cls=Protocol, converter_factory=converter)


def theirs() -> LanguageServer:
    return LanguageServer("t", "1")


def feed(server: LanguageServer, *messages: dict[str, Any]) -> Sink:
    """Hand messages to a server as its read loop would."""
    sink = Sink()

    async def run() -> None:
        server.protocol.set_writer(sink)
        for message in messages:
            try:
                decoded = server.protocol.structure_message({"jsonrpc": "2.0", **message})
                server.protocol.handle_message(decoded)
            except SystemExit:
                break
            except Exception as error:
                server.report_server_error(error, types.ErrorCodes)  # as pygls's loop does
            await asyncio.sleep(0)
        await asyncio.sleep(0.01)

    asyncio.run(run())
    return sink


def with_features(server: LanguageServer) -> LanguageServer:
    server.feature(types.TEXT_DOCUMENT_HOVER)(lambda params: None)
    server.feature(types.TEXT_DOCUMENT_DID_CHANGE)(lambda params: None)
    server.feature(types.TEXT_DOCUMENT_CODE_ACTION)(lambda params: [])
    return server


class TestUndecodable:
    def test_a_request_is_answered(self) -> None:
        sink = feed(with_features(ours()), INITIALIZE, BAD_HOVER)
        assert sink.answer(1)["error"]["code"] == -32602

    def test_an_unknown_method_is_not_found(self) -> None:
        sink = feed(with_features(ours()), INITIALIZE, {"id": 1, "method": "no/such"})
        assert sink.answer(1)["error"]["code"] == -32601

    @pytest.mark.parametrize("method", ["no/such", "$/such"])
    def test_an_unknown_one_of_either_kind_is_nothing_to_log(
        self, method: str, caplog: pytest.LogCaptureFixture
    ) -> None:
        feed(ours(), INITIALIZE, {"method": method}, {"id": 1, "method": method})
        assert [one for one in caplog.records if one.levelname != "DEBUG"] == []

    @pytest.mark.parametrize(
        ("method", "params"),
        [
            ("initialized", {}),
            ("$/cancelRequest", {"id": 0}),
            ("$/setTrace", {"value": "off"}),
            ("workspace/didChangeWorkspaceFolders", {"event": {"added": [], "removed": []}}),
            ("textDocument/didChange", {"contentChanges": 3}),
        ],
    )
    def test_a_notification_with_an_id_is_answered(self, method: str, params: Any) -> None:
        message = {"id": 1, "method": method, "params": params}
        sink = feed(with_features(ours()), INITIALIZE, message)
        assert sink.answer(1)["error"]["code"] == -32600
        assert feed(with_features(theirs()), INITIALIZE, message).answer(1) is None

    @pytest.mark.parametrize("token", [[1], {}, 1.5, True])
    def test_a_token_is_a_number_or_a_string(self, token: Any) -> None:
        params = {
            "textDocument": {"uri": "file:///x"},
            "position": {"line": 0, "character": 0},
            "workDoneToken": token,
        }
        ask = {"id": 1, "method": "textDocument/hover", "params": params}
        assert feed(with_features(ours()), INITIALIZE, ask).answer(1)["error"]["code"] == -32602
        assert "result" in feed(with_features(theirs()), INITIALIZE, ask).answer(1)

    def test_pygls_leaves_it_without_an_answer(self) -> None:
        assert feed(with_features(theirs()), INITIALIZE, BAD_HOVER).answer(1) is None

    def test_a_notification_is_dropped_without_a_popup(self) -> None:
        change = {"method": "textDocument/didChange", "params": {"contentChanges": 3}}
        sink = feed(with_features(ours()), INITIALIZE, change)
        assert [m.get("id") for m in sink.sent] == [0]


class TestPopups:
    CHANGE: ClassVar[dict[str, Any]] = {
        "method": "textDocument/didChange",
        "params": {"textDocument": {"uri": "file:///x", "version": 1}, "contentChanges": []},
    }

    @staticmethod
    def failing(server: LanguageServer) -> LanguageServer:
        def fail(params: Any) -> None:
            raise RuntimeError("a bug")

        server.feature(types.TEXT_DOCUMENT_DID_CHANGE)(fail)
        return server

    def test_errors_go_to_the_log(self, caplog: pytest.LogCaptureFixture) -> None:
        sink = feed(self.failing(ours()), INITIALIZE, self.CHANGE)
        assert sink.popups() == []
        assert "a bug" in caplog.text

    def test_pygls_shows_them(self) -> None:
        assert feed(self.failing(theirs()), INITIALIZE, self.CHANGE).popups()


class TestSending:
    COMMAND: ClassVar[dict[str, Any]] = {
        "id": 9,
        "method": "workspace/executeCommand",
        "params": {"command": "give", "arguments": []},
    }

    @staticmethod
    def giving(server: LanguageServer, result: Any) -> LanguageServer:
        async def give(*_arguments: Any) -> Any:
            return result

        server.command("give")(give)
        return server

    @staticmethod
    def sent(server: LanguageServer, *messages: dict[str, Any]) -> list[dict[str, Any]]:
        """What comes out of the writer a server really has."""
        stream = io.BytesIO()
        writer = QueueWriter(stream)

        async def run() -> None:
            server.protocol.set_writer(writer)
            for message in messages:
                decoded = server.protocol.structure_message({"jsonrpc": "2.0", **message})
                server.protocol.handle_message(decoded)
                await asyncio.sleep(0.01)

        asyncio.run(run())
        writer.close()
        stream.seek(0)
        return list(frames(stream))

    def test_in_order_whatever_it_takes(self) -> None:
        more = [{**self.COMMAND, "id": number} for number in range(10, 15)]
        sent = self.sent(self.giving(ours(), ["é"] * 10_000), INITIALIZE, *more)
        assert [message["id"] for message in sent] == [0, *range(10, 15)]
        assert sent[1]["result"][0] == "é"

    @pytest.mark.parametrize(("make", "thread"), [(ours, "lsp-writer"), (theirs, "MainThread")])
    def test_who_spells_it_out(
        self, make: Callable[[], LanguageServer], thread: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        server = make()
        told: list[str] = []
        spell = server.protocol._serialize_message

        def spying(message: Any) -> Any:
            if hasattr(message, "jsonrpc"):  # not what pygls logs
                told.append(threading.current_thread().name)
            return spell(message)

        monkeypatch.setattr(server.protocol, "_serialize_message", spying)
        assert len(self.sent(server, INITIALIZE)) == 1
        assert set(told) == {thread}

    @pytest.mark.parametrize("result", [{"a": object()}, float("nan"), [float("inf")]])
    def test_what_cannot_be_spelled_is_answered_all_the_same(self, result: Any) -> None:
        (_, answer) = self.sent(self.giving(ours(), result), INITIALIZE, self.COMMAND)
        assert answer["error"]["code"] == -32603

    def test_pygls_answers_nothing(self) -> None:
        sink = feed(self.giving(theirs(), {"a": object()}), INITIALIZE, self.COMMAND)
        assert sink.answer(9) is None


class TestForeignDiagnostics:
    ASK: ClassVar[dict[str, Any]] = {
        "id": 5,
        "method": "textDocument/codeAction",
        "params": {
            "textDocument": {"uri": "file:///x"},
            "range": {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 1}},
            "context": {"diagnostics": [{"range": None, "message": 5}]},
        },
    }

    def test_a_malformed_one_does_not_cost_the_answer(self) -> None:
        assert feed(with_features(ours()), INITIALIZE, self.ASK).answer(5)["result"] == []

    def test_one_that_wants_no_answer_gets_none(self) -> None:
        bad = {**self.ASK, "id": None, "params": {}}
        sink = feed(with_features(ours()), INITIALIZE, bad)
        assert [m for m in sink.sent if "error" in m] == []

    def test_but_a_malformed_request_is_refused(self) -> None:
        bad = {**self.ASK, "params": {"context": {"diagnostics": [{}]}}}
        assert feed(with_features(ours()), INITIALIZE, bad).answer(5)["error"]["code"] == -32602

    def test_pygls_answers_nothing(self) -> None:
        assert feed(with_features(theirs()), INITIALIZE, self.ASK).answer(5) is None


class TestLifeCycle:
    HOVER: ClassVar[dict[str, Any]] = {
        "id": 9,
        "method": "textDocument/hover",
        "params": {
            "textDocument": {"uri": "file:///x"},
            "position": {"line": 0, "character": 0},
        },
    }

    def test_a_request_before_initialize_is_refused(self) -> None:
        assert feed(with_features(ours()), self.HOVER).answer(9)["error"]["code"] == -32002

    def test_pygls_takes_it(self) -> None:
        answer = feed(with_features(theirs()), self.HOVER).answer(9)
        assert answer is None or answer.get("error", {}).get("code") != -32002

    def test_a_second_initialize_is_refused(self) -> None:
        sink = feed(ours(), INITIALIZE, {**INITIALIZE, "id": 3})
        assert sink.answer(3)["error"]["code"] == -32600

    def test_a_request_after_shutdown_is_refused(self) -> None:
        sink = feed(with_features(ours()), INITIALIZE, SHUTDOWN, self.HOVER)
        assert sink.answer(7)["result"] is None
        assert sink.answer(9)["error"]["code"] == -32600

    def test_pygls_leaves_it_without_an_answer(self) -> None:
        assert feed(with_features(theirs()), INITIALIZE, SHUTDOWN, self.HOVER).answer(9) is None

    @pytest.mark.parametrize(("before", "code"), [([], 1), ([SHUTDOWN], 0)])
    def test_exit_code(self, before: list[dict[str, Any]], code: int) -> None:
        server = ours()
        feed(server, INITIALIZE, *before, {"method": "exit"})
        assert server.protocol.exit_code == code

    def test_pygls_always_exits_with_0(self) -> None:
        program = "from pygls.lsp.server import LanguageServer as L; L('t', '1').start_io()"
        body = b""
        for message in (INITIALIZE, {"method": "exit"}):
            text = json.dumps({"jsonrpc": "2.0", **message}).encode()
            body += b"Content-Length: %d\r\n\r\n" % len(text) + text
        done = subprocess.run(
            [sys.executable, "-c", program], input=body, capture_output=True, timeout=30, cwd=ROOT
        )
        assert done.returncode == 0


class TestLeaving:
    """Each request has one answer once the server leaves, whatever its handler does."""

    ASK: ClassVar[dict[str, Any]] = TestLifeCycle.HOVER
    CANCEL: ClassVar[dict[str, Any]] = {"method": "$/cancelRequest", "params": {"id": 9}}

    @staticmethod
    async def swallow(params: Any) -> None:
        with suppress(asyncio.CancelledError):
            await asyncio.sleep(60)
        await asyncio.sleep(60)

    @staticmethod
    async def tidy_up(params: Any) -> None:
        try:
            await asyncio.sleep(60)
        finally:
            await asyncio.sleep(0.05)

    @staticmethod
    async def answer(params: Any) -> None:
        with suppress(asyncio.CancelledError):
            await asyncio.sleep(60)

    @pytest.mark.parametrize(
        ("handler", "said", "code"),
        [
            (swallow, (), -32800),
            (swallow, (CANCEL,), -32800),
            (tidy_up, (), -32800),
            (tidy_up, (CANCEL,), -32800),
            (answer, (), None),
            (answer, (CANCEL,), None),
        ],
    )
    def test_answers_once(self, handler: Any, said: Sequence[Any], code: int | None) -> None:
        server, sink = ours(), Sink()
        server.feature(types.TEXT_DOCUMENT_HOVER)(getattr(handler, "__func__", handler))

        async def run() -> list[dict[str, Any]]:
            server.protocol.set_writer(sink)
            for message in (INITIALIZE, self.ASK, *said, SHUTDOWN, {"method": "exit"}):
                decoded = server.protocol.structure_message({"jsonrpc": "2.0", **message})
                server.protocol.handle_message(decoded)
                await asyncio.sleep(0)
            await server.protocol.answer_pending(0.3)
            return list(sink.sent)  # the stream is closed now

        answers = [m for m in asyncio.run(run()) if m.get("id") == 9]
        assert [m.get("error", {}).get("code") for m in answers] == [code]


class TestAnswers:
    @staticmethod
    def answered(server: LanguageServer, answer: dict[str, Any]) -> Any:
        """What becomes of the client's answer: a result, or the kind of error."""

        async def run() -> Any:
            server.protocol.set_writer(Sink())
            edit = types.ApplyWorkspaceEditParams(types.WorkspaceEdit())
            future = server.protocol.send_request("workspace/applyEdit", edit, msg_id="a")
            message = {"jsonrpc": "2.0", "id": "a", **answer}
            server.protocol.handle_message(server.protocol.structure_message(message))
            return await asyncio.wait_for(asyncio.wrap_future(future), 5)

        try:
            return asyncio.run(run()).applied
        except Exception as error:
            return type(error).__name__

    @pytest.mark.parametrize(
        ("answer", "result"),
        [
            ({"result": {"applied": True}}, True),
            ({"result": {"applied": True}, "error": None}, True),
            ({"result": {"applied": False}, "error": None}, False),
            ({"error": {"code": -32603, "message": "no"}}, "JsonRpcInternalError"),
            ({"result": None, "error": {"code": -32603, "message": "no"}}, "JsonRpcInternalError"),
            ({"result": {}}, "JsonRpcInvalidParams"),
            ({"error": "no"}, "JsonRpcInvalidParams"),
        ],
    )
    def test_only_an_error_is_one(self, answer: dict[str, Any], result: Any) -> None:
        assert self.answered(ours(), answer) == result

    def test_pygls_takes_an_empty_one_for_one(self) -> None:
        assert self.answered(theirs(), {"result": {"applied": True}, "error": None}) is not True


class TestFutures:
    CHANGES: ClassVar[list[dict[str, Any]]] = [
        {
            "method": "textDocument/didChange",
            "params": {
                "textDocument": {"uri": "file:///x", "version": n},
                "contentChanges": [{"text": "x"}],
            },
        }
        for n in range(50)
    ]
    OPEN: ClassVar[dict[str, Any]] = {
        "method": "textDocument/didOpen",
        "params": {
            "textDocument": {"uri": "file:///x", "languageId": "python", "version": 0, "text": ""}
        },
    }

    @pytest.mark.parametrize(("server", "kept"), [(ours, False), (theirs, True)])
    def test_of_notifications(self, server: Any, kept: bool) -> None:
        instance = with_features(server())
        feed(instance, INITIALIZE, self.OPEN, *self.CHANGES)
        assert (len(instance.protocol._request_futures) >= 50) is kept


class TestText:
    """pygls keeps no text for us; what it would keep is wrong."""

    @pytest.mark.parametrize("between", ["\x0c", "\u2028", "\x85"])
    def test_pygls_takes_other_characters_for_line_ends(self, between: str) -> None:
        from pygls.workspace import TextDocument

        assert len(TextDocument("file:///x", f"a{between}b\nc").lines) == 3

    def test_pygls_clamps_one_short(self) -> None:
        from pygls.workspace import TextDocument

        document = TextDocument("file:///x", "abc")
        whole = types.Range(types.Position(0, 0), types.Position(0, 99))
        document.apply_change(types.TextDocumentContentChangePartial(range=whole, text="Z"))
        assert document.source == "Zc"

    def test_pygls_keeps_none(self) -> None:
        server = with_features(ours())
        feed(server, INITIALIZE, TestFutures.OPEN)
        assert not server.workspace.text_documents


class TestCommands:
    ASK: ClassVar[dict[str, Any]] = {
        "id": 4,
        "method": "workspace/executeCommand",
        "params": {"command": "c"},
    }

    @staticmethod
    def with_command(server: LanguageServer) -> LanguageServer:
        @server.command("c")
        async def command(first: str = "none") -> str:
            await asyncio.sleep(0)
            return first

        return server

    def test_a_default_holds(self) -> None:
        params = {"command": "c", "arguments": []}
        sink = feed(self.with_command(ours()), INITIALIZE, {**self.ASK, "params": params})
        assert sink.answer(4)["result"] == "none"

    def test_pygls_demands_every_argument(self) -> None:
        params = {"command": "c", "arguments": []}
        sink = feed(self.with_command(theirs()), INITIALIZE, {**self.ASK, "params": params})
        assert "error" in sink.answer(4)

    def test_an_unknown_one_is_refused(self) -> None:
        sink = feed(ours(), INITIALIZE, self.ASK)
        assert sink.answer(4)["error"]["code"] == -32602

    @pytest.mark.parametrize(("server", "stopped"), [(ours, True), (theirs, False)])
    def test_cancelling_stops_the_work(self, server: Any, stopped: bool) -> None:
        went_on = []
        instance = server()

        @instance.command("c")
        async def command() -> None:
            await asyncio.sleep(0.005)
            went_on.append(True)

        sink = feed(
            instance, INITIALIZE, self.ASK, {"method": "$/cancelRequest", "params": {"id": 4}}
        )
        assert sink.answer(4)["error"]["code"] == -32800
        assert went_on == ([] if stopped else [True])


class TestProgress:
    @staticmethod
    def run(server: LanguageServer) -> int:
        feed(server, INITIALIZE)
        helper = server.work_done_progress
        helper.begin("t", types.WorkDoneProgressBegin(title="x"))
        helper.end("t", types.WorkDoneProgressEnd())
        return len(helper.tokens)

    def test_pygls_keeps_tokens(self) -> None:
        assert self.run(theirs()) == 1

    def test_a_finished_one_can_be_forgotten(self) -> None:
        server = ours()
        self.run(server)
        server.protocol.forget_progress("t")
        assert not server.work_done_progress.tokens
