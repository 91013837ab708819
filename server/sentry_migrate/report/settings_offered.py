"""The settings that the VS Code client offers, as JSON schemas.

Owns what each may be and what an editor says of it, with the rules by code and name so that it
completes and explains them. Refuses to know where this is written, and the server: that it reads
these settings, with these defaults, is a test.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sentry_migrate.model import Severity
from sentry_migrate.rules import RULES

Setting = dict[str, Any]
"""A JSON schema, with what VS Code adds."""

SECTION = "sentry-migrate"

_RESOURCE = "resource"
_PROCESS = "machine-overridable"
"""A workspace may say which program is run, once it is trusted; it is not synchronised."""

_UNKNOWN = "No rule has this code or name."
"""Said in place of a list of two hundred values that are allowed."""


def selectors() -> Mapping[str, str]:
    """Every selector of rules and what it means: `ALL`, beginnings of codes, codes, names."""
    result = {"ALL": "All rules, informational ones included"}
    for length in (3, 4, 5):
        prefixes = (rule.code[:length] for rule in RULES.values())
        result |= {prefix: f"All rules whose code begins with {prefix}" for prefix in prefixes}
    result |= {rule.code: f"{rule.name}: {rule.summary}" for rule in RULES.values()}
    return result | {rule.name: f"{rule.code}: {rule.summary}" for rule in RULES.values()}


def schema() -> Setting:
    """`contributes.configuration`, in the order a person should read it."""
    settings = _findings() | _process()
    return {
        "title": "Sentry Migrate",
        "properties": {
            f"{SECTION}.{name}": {"order": order, **setting}
            for order, (name, setting) in enumerate(settings.items(), 1)
        },
    }


def _findings() -> dict[str, Setting]:
    """What the server reads, and asks for anew when it changes."""
    return {
        "enable": _flag("Whether to look for uses of the sentry-sdk 1.x API.", True),
        "sdkVersion": {
            "markdownDescription": "The oldest sentry-sdk 2.x that the code must run on, such as "
            "`2.12`, or `latest`. Not set, `pyproject.toml` or the project's requirements decide.",
            "type": ["string", "null"],
            "pattern": r"^(latest|2(\.\d+){0,2})$",
            "patternErrorMessage": 'Not a version such as "2.12", and not "latest".',
            "default": None,
            "scope": _RESOURCE,
        },
        "select": _selection(
            "The rules to look for, by code, beginning of codes, or name. Not set, "
            "`pyproject.toml` decides, and without it all rules are on but informational ones."
        ),
        "ignore": _selection(
            "Rules to leave out, after all else. Not set, `pyproject.toml` decides."
        ),
        "rules": _rules(),
        "diagnosticMode": _choice(
            "Which files findings are shown for.",
            {
                "openFiles": "Files that are open.",
                "workspace": "All Python files of the workspace, in the list of problems.",
            },
        ),
        "run": _choice(
            "When a file is looked at again.",
            {"onType": "Shortly after each change.", "onSave": "On opening and on saving."},
        ),
        "configurationPreference": _choice(
            "Which settings lie on top where `pyproject.toml` has a `[tool.sentry-migrate]` table.",
            {
                "editorFirst": "Those of the editor.",
                "filesystemFirst": "Those of the file.",
                "editorOnly": "Those of the editor; no file is read.",
            },
        ),
        "codeLens": _flag(
            "Show above a file how many uses it has, with a link that migrates it.", False
        ),
        "maxFindings": {
            "markdownDescription": "The most findings shown for one file; `0` for all of them.",
            "type": "integer",
            "minimum": 0,
            "default": 500,
            "scope": _RESOURCE,
        },
    }


def _process() -> dict[str, Setting]:
    """What the client reads, because it decides which process is started and what it logs."""
    return {
        "interpreter": _command(
            "The Python that runs the server, 3.10 or newer, with its arguments. Empty, or if it "
            "does not work, the interpreter that the Python extension has active is tried, then "
            "those on `PATH`."
        ),
        "importStrategy": _choice(
            "Which server is run.",
            {
                "useBundled": "The one that comes with the extension.",
                "fromEnvironment": "The one installed in the interpreter's environment; the "
                "bundled one if there is none.",
            },
            scope=_PROCESS,
        ),
        "path": _command(
            "A command that is the server, such as "
            '`["uv", "run", "sentry-migrate", "server"]`. It is run as it is written, and '
            "`interpreter`, `importStrategy` and `logLevel` do not count."
        ),
        "logLevel": _choice(
            "How much the server writes to the log.",
            {
                "info": "What was started, and for whom.",
                "debug": "Each analysis as well.",
                "warning": "Only what went wrong.",
                "error": "Only failures.",
            },
            scope=_PROCESS,
        ),
        "trace.server": _choice(
            "Whether the messages between editor and server are shown, in a channel of their own.",
            {
                "off": "Not shown.",
                "messages": "Their names and times.",
                "verbose": "With their contents, source text among them.",
            },
            scope="window",
        ),
    }


def _flag(description: str, default: bool) -> Setting:
    return {
        "markdownDescription": description,
        "type": "boolean",
        "default": default,
        "scope": _RESOURCE,
    }


def _command(description: str) -> Setting:
    variables = " `~`, `${workspaceFolder}`, `${userHome}` and `${env:NAME}` are replaced."
    return {
        "markdownDescription": description + variables,
        "type": "array",
        "items": {"type": "string"},
        "default": [],
        "scope": _PROCESS,
    }


def _choice(description: str, values: Mapping[str, str], scope: str = _RESOURCE) -> Setting:
    """A setting with a few values; the first is the default."""
    return {
        "markdownDescription": description,
        "type": "string",
        "enum": list(values),
        "markdownEnumDescriptions": list(values.values()),
        "default": next(iter(values)),
        "scope": scope,
    }


def _selection(description: str) -> Setting:
    """A list of selectors. The default is null: a list, also an empty one, replaces the file's."""
    known = selectors()
    return {
        "markdownDescription": description,
        "type": ["array", "null"],
        "items": {
            "type": "string",
            "enum": list(known),
            "markdownEnumDescriptions": list(known.values()),
            "errorMessage": _UNKNOWN,
        },
        "uniqueItems": True,
        "default": None,
        "scope": _RESOURCE,
    }


def _rules() -> Setting:
    known = selectors()
    levels = [*(level.value for level in Severity), "off"]
    severity = {"type": "string", "enum": levels}
    choice = {
        "anyOf": [
            severity,
            {
                "type": "object",
                "properties": {
                    "severity": severity,
                    "autofix": {
                        "type": "boolean",
                        "description": "Whether fixing a whole file may fix it",
                    },
                },
                "additionalProperties": False,
            },
        ]
    }
    return {
        "markdownDescription": "How loud each rule is, and whether fixing a whole file may fix "
        'it: `{"SEN101": "error", "SEN6": {"severity": "hint", "autofix": false}}`. '
        "A later entry beats an earlier one.",
        "type": "object",
        "properties": {name: {"markdownDescription": words} for name, words in known.items()},
        "propertyNames": {
            "pattern": f"^({'|'.join(known)})$",
            "patternErrorMessage": _UNKNOWN,
        },
        "patternProperties": {".": choice},
        "default": {},
        "scope": _RESOURCE,
    }
