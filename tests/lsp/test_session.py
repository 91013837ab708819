"""Whole sessions with the real analysis, driven by pytest-lsp: a client that is not ours."""

from __future__ import annotations

import asyncio
import sys
from typing import Any

import pytest
import pytest_lsp
from lsprotocol import types
from lsprotocol.converters import get_converter
from pytest_lsp import ClientServerConfig, LanguageClient

from lsp.capabilities import CLIENTS, ENCODINGS, offering
from lsp.wire import ROOT, apply_edits, covered

URI = "file:///w/app.py"
TEXT = (
    "import sentry_sdk\n"
    "def f():\n"
    "    '😀é'; sentry_sdk.Hub.current.capture_message('ü')\x0c; g('\u2028')\n"
    "    with sentry_sdk.push_scope() as scope:\n"
    "        scope.set_tag('😀', 'b')\n"
    "        sentry_sdk.capture_message('x')\n"
)
FIXED = TEXT.replace("sentry_sdk.Hub.current.capture", "sentry_sdk.capture").replace(
    "push_scope", "new_scope"
)


class Session:
    """pytest-lsp's client, with what it leaves out: versions, and partial results."""

    def __init__(self, client: LanguageClient, encoding: str) -> None:
        self.client = client
        self.encoding = encoding
        self.latest: dict[str, types.PublishDiagnosticsParams] = {}
        features = client.protocol.fm.features
        features[types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS] = self._shown
        features[types.PROGRESS] = lambda params: None

    def _shown(self, params: types.PublishDiagnosticsParams) -> None:
        self.latest[params.uri] = params

    def open(self, text: str) -> None:
        item = types.TextDocumentItem(URI, "python", 1, text)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))

    def replace(self, version: int, text: str) -> None:
        document = types.VersionedTextDocumentIdentifier(version, URI)
        change = types.TextDocumentContentChangeWholeDocument(text)
        params = types.DidChangeTextDocumentParams(document, [change])
        self.client.text_document_did_change(params)

    async def found(self, version: int) -> list[types.Diagnostic]:
        if self.client.capabilities.text_document.diagnostic is not None:  # type: ignore[union-attr]
            document = types.TextDocumentIdentifier(URI)
            report = await self.client.text_document_diagnostic_async(
                types.DocumentDiagnosticParams(document)
            )
            return list(report.items)
        async with asyncio.timeout(30) if sys.version_info >= (3, 11) else _Forever():
            while URI not in self.latest or self.latest[URI].version != version:
                await asyncio.sleep(0.02)
        return list(self.latest[URI].diagnostics)

    async def actions(self, range_: types.Range, *only: str) -> list[types.CodeAction]:
        context = types.CodeActionContext(diagnostics=[], only=list(only) or None)
        params = types.CodeActionParams(types.TextDocumentIdentifier(URI), range_, context)
        return list(await self.client.text_document_code_action_async(params) or [])

    async def applied(self, action: types.CodeAction, text: str) -> str:
        if action.edit is None:
            action = await self.client.code_action_resolve_async(action)
        edit = get_converter().unstructure(action.edit)
        edits = (edit.get("changes") or {}).get(URI) or edit["documentChanges"][0]["edits"]
        return apply_edits(text, edits, self.encoding)


class _Forever:
    async def __aenter__(self) -> None: ...
    async def __aexit__(self, *_: Any) -> None: ...


@pytest_lsp.fixture(
    config=ClientServerConfig(
        server_command=[sys.executable, "-m", "sentry_migrate.lsp"],
        server_env={"PYTHONPATH": str(ROOT / "server"), "PATH": ""},
    ),
    params=[(name, encoding) for name in ("vscode", "neovim", "emacs") for encoding in ENCODINGS],
    ids=lambda param: "-".join(param),
)
async def session(request: pytest.FixtureRequest, lsp_client: LanguageClient):
    name, encoding = request.param
    capabilities = offering(CLIENTS[name], encoding)
    capabilities.pop("notebookDocument", None)  # lsprotocol cannot read what we would announce
    lsp_client.feature(types.CLIENT_REGISTER_CAPABILITY)(lambda params: None)
    lsp_client.feature(types.WORKSPACE_CODE_LENS_REFRESH)(lambda params: None)
    structured = get_converter().structure(capabilities, types.ClientCapabilities)
    result = await asyncio.wait_for(
        lsp_client.initialize_session(types.InitializeParams(capabilities=structured)), 30
    )
    assert result.capabilities.position_encoding == encoding
    yield
    await asyncio.wait_for(lsp_client.shutdown_session(), 10)


@pytest.mark.timeout(60)
@pytest.mark.filterwarnings("error::pytest_lsp.LspSpecificationWarning")
async def test_from_opening_to_the_fixed_text(
    session: LanguageClient, request: pytest.FixtureRequest
) -> None:
    encoding = request.node.callspec.params["session"][1]
    talk = Session(session, encoding)
    converter = get_converter()

    talk.open(TEXT)
    found = await talk.found(1)
    spans = [covered(TEXT, converter.unstructure(one.range), encoding) for one in found]
    assert spans == ["sentry_sdk.Hub.current.capture_message", "sentry_sdk.push_scope"]

    (first, *_) = await talk.actions(found[0].range)
    expected = TEXT.replace("sentry_sdk.Hub.current.capture", "sentry_sdk.capture")
    assert await talk.applied(first, TEXT) == expected

    (everything,) = await talk.actions(found[0].range, "source.fixAll")
    assert await talk.applied(everything, TEXT) == FIXED

    windows = TEXT.replace("\n", "\r\n")
    talk.replace(2, windows)
    found = await talk.found(2)
    (everything,) = await talk.actions(found[0].range, "source.fixAll.sentry-migrate")
    assert await talk.applied(everything, windows) == FIXED.replace("\n", "\r\n")

    broken = "def (\r\n" + windows
    talk.replace(3, broken)
    spans = [
        covered(broken, converter.unstructure(one.range), encoding) for one in await talk.found(3)
    ]
    assert spans == ["sentry_sdk.Hub.current.capture_message", "sentry_sdk.push_scope"]

    talk.replace(4, FIXED)
    assert await talk.found(4) == []
    assert not session.messages
