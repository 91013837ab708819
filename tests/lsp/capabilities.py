"""What editors say they can do, in the parts a server like this one looks at.

`VSCODE` is what vscode-languageclient 9 announces; Neovim's and Emacs's are those pytest-lsp
ships as recorded.
"""

from __future__ import annotations

from typing import Any

import pytest_lsp
from lsprotocol.converters import get_converter

VSCODE: dict[str, Any] = {
    "general": {
        "staleRequestSupport": {
            "cancel": True,
            "retryOnContentModified": ["textDocument/semanticTokens/full"],
        },
        "regularExpressions": {"engine": "ECMAScript", "version": "ES2020"},
        "markdown": {"parser": "marked", "version": "1.1.0"},
        "positionEncodings": ["utf-16"],
    },
    "workspace": {
        "applyEdit": True,
        "workspaceEdit": {
            "documentChanges": True,
            "resourceOperations": ["create", "rename", "delete"],
            "failureHandling": "textOnlyTransactional",
            "normalizesLineEndings": True,
            "changeAnnotationSupport": {"groupsOnLabel": True},
        },
        "configuration": True,
        "didChangeConfiguration": {"dynamicRegistration": True},
        "didChangeWatchedFiles": {"dynamicRegistration": True, "relativePatternSupport": True},
        "codeLens": {"refreshSupport": True},
        "executeCommand": {"dynamicRegistration": True},
        "workspaceFolders": True,
        "diagnostics": {"refreshSupport": True},
    },
    "textDocument": {
        "publishDiagnostics": {
            "relatedInformation": True,
            "versionSupport": False,
            "tagSupport": {"valueSet": [1, 2]},
            "codeDescriptionSupport": True,
            "dataSupport": True,
        },
        "synchronization": {
            "dynamicRegistration": True,
            "willSave": True,
            "willSaveWaitUntil": True,
            "didSave": True,
        },
        "hover": {"dynamicRegistration": True, "contentFormat": ["markdown", "plaintext"]},
        "codeAction": {
            "dynamicRegistration": True,
            "isPreferredSupport": True,
            "disabledSupport": True,
            "dataSupport": True,
            "resolveSupport": {"properties": ["edit", "command"]},
            "codeActionLiteralSupport": {
                "codeActionKind": {"valueSet": ["", "quickfix", "refactor", "source"]}
            },
            "honorsChangeAnnotations": True,
        },
        "codeLens": {"dynamicRegistration": True},
        "diagnostic": {"dynamicRegistration": True, "relatedDocumentSupport": False},
    },
    "window": {
        "showMessage": {"messageActionItem": {"additionalPropertiesSupport": True}},
        "showDocument": {"support": True},
        "workDoneProgress": True,
    },
    "notebookDocument": {
        "synchronization": {"dynamicRegistration": True, "executionSummarySupport": True}
    },
}


def _recorded(name: str) -> dict[str, Any]:
    result: dict[str, Any] = get_converter().unstructure(pytest_lsp.client_capabilities(name))
    return result


NEOVIM = _recorded("neovim@v0.11")
EMACS = _recorded("emacs@v29.1")
NOTHING: dict[str, Any] = {}

CLIENTS = {"vscode": VSCODE, "neovim": NEOVIM, "emacs": EMACS, "bare": NOTHING}
ENCODINGS = ("utf-8", "utf-16", "utf-32")


def offering(capabilities: dict[str, Any], encoding: str) -> dict[str, Any]:
    """The same client, if it counted columns in `encoding`."""
    general = {**capabilities.get("general", {}), "positionEncodings": [encoding]}
    return {**capabilities, "general": general}


def without(capabilities: dict[str, Any], section: str, name: str) -> dict[str, Any]:
    """The same client with one capability less."""
    less = {key: value for key, value in capabilities[section].items() if key != name}
    return {**capabilities, section: less}


PUSHED = without(VSCODE, "textDocument", "diagnostic")
"""VS Code, if it did not pull."""
