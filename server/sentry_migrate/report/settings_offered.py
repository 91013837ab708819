"""The settings that the VS Code client offers, as JSON schemas.

Owns how a setting of `project/setting_keys.py` is said in JSON, with the rules by code and name so
that an editor completes and explains them. Refuses to know where this is written.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from sentry_migrate.doubts import DOUBTS
from sentry_migrate.kit.rule import DEFAULT_GROUP, GROUPS
from sentry_migrate.project import setting_values as values
from sentry_migrate.project.server_options import SECTION, ServerOptions
from sentry_migrate.project.setting_keys import SETTINGS, Reader, Setting, read_by
from sentry_migrate.project.setting_values import Choice
from sentry_migrate.rules import RULES

Schema = dict[str, Any]
"""A JSON schema, with what VS Code adds."""

_SCOPES = {
    Reader.PROJECT: "resource",
    Reader.SERVER: "resource",
    Reader.CLIENT: "machine-overridable",
}
"""A workspace may say which program is run, once it is trusted; it is not synchronised."""

_WINDOW = {"welcome", "trace.server"}
"""What holds for the whole window, and chooses no program."""

_UNKNOWN = "Unknown rule."
"""Said in place of a list of two hundred values that are allowed."""


def selectors() -> Mapping[str, str]:
    """Every selector of rules and what it means: `ALL`, groups, code prefixes, codes, names."""
    result = {"ALL": "All rules, also those that are off by default"}
    result |= {group: f"{words} ({_on(group)})" for group, words in GROUPS.items()}
    for length in (3, 4, 5):
        prefixes = (rule.code[:length] for rule in RULES.values())
        result |= {prefix: f"All rules whose code starts with {prefix}" for prefix in prefixes}
    result |= {rule.code: f"{rule.name}: {rule.summary}" for rule in RULES.values()}
    return result | {rule.name: f"{rule.code}: {rule.summary}" for rule in RULES.values()}


def _on(group: str) -> str:
    return "on by default" if group == DEFAULT_GROUP else "off by default"


def schema() -> Schema:
    """`contributes.configuration`, in the order a person should read it."""
    offered = [setting for setting in SETTINGS if setting.offer]
    return {
        "title": "Sentry Migrate",
        "properties": {
            f"{SECTION}.{setting.camel}": {"order": order, **_one(setting)}
            for order, setting in enumerate(offered, 1)
        },
    }


def project_schema() -> Schema:
    """The schema of `[tool.sentry-migrate]` in a pyproject.toml, for editors of TOML."""
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "[tool.sentry-migrate]",
        "description": "Settings of sentry-migrate in pyproject.toml",
        "type": "object",
        "properties": {
            setting.key: {
                **({"description": setting.offer} if setting.offer else {}),
                **_for_any_editor(_SHAPES[setting.check]()),
            }
            for setting in read_by(Reader.PROJECT).values()
        },
        "additionalProperties": False,
    }


def _for_any_editor(shape: Schema) -> Schema:
    """A shape without what only VS Code understands."""
    own = ("markdownEnumDescriptions", "errorMessage", "patternErrorMessage")
    return {
        key: _for_any_editor(value) if isinstance(value, dict) else value
        for key, value in shape.items()
        if key not in own
    }


def _one(setting: Setting) -> Schema:
    check = setting.check
    shape = _words(check.words) if isinstance(check, Choice) else _SHAPES[check]()
    default: object = True if check is values.flag else []
    if isinstance(check, Choice):
        default = next(iter(check.words))
    if setting.reader is Reader.PROJECT:  # a value, also an empty one, replaces the file's
        shape["type"], default = [shape["type"], "null"], None
    elif setting.reader is Reader.SERVER:
        default = asdict(ServerOptions())[setting.key.replace("-", "_")]
    return {
        "markdownDescription": setting.offer,
        **shape,
        "default": {} if shape["type"] == "object" else default,
        "scope": "window" if setting.key in _WINDOW else _SCOPES[setting.reader],
    }


def _words(words: Mapping[str, str]) -> Schema:
    explained = list(words.values())
    return {"type": "string", "enum": list(words), "markdownEnumDescriptions": explained}


def _version() -> Schema:
    return {
        "type": "string",
        "pattern": r"^(latest|2(\.\d+){0,2})$",
        "patternErrorMessage": 'Expected a version such as "2.12", or "latest".',
    }


def _selectors() -> Schema:
    return _several(selectors(), _UNKNOWN)


def _answers() -> Schema:
    return _several({code: doubt.question for code, doubt in DOUBTS.items()}, "Unknown doubt.")


def _several(words: Mapping[str, str], error: str) -> Schema:
    return {
        "type": "array",
        "items": {
            "type": "string",
            "enum": list(words),
            "markdownEnumDescriptions": list(words.values()),
            "errorMessage": error,
        },
        "uniqueItems": True,
    }


def _rules() -> Schema:
    known = selectors()
    severity = {"type": "string", "enum": list(values.RULE_LEVELS)}
    choice = {
        "anyOf": [
            severity,
            {
                "type": "object",
                "properties": {
                    "severity": severity,
                    "autofix": {
                        "type": "boolean",
                        "description": "Whether fixing a whole file may apply fixes of this rule",
                    },
                },
                "additionalProperties": False,
            },
        ]
    }
    return {
        "type": "object",
        "properties": {name: {"markdownDescription": words} for name, words in known.items()},
        "propertyNames": {
            "pattern": f"^({'|'.join(known)})$",
            "patternErrorMessage": _UNKNOWN,
        },
        "patternProperties": {".": choice},
    }


def _by_name(value: Schema) -> Schema:
    return {
        "type": "object",
        "propertyNames": {"enum": [*selectors()]},
        "additionalProperties": value,
    }


_SHAPES: Mapping[Callable[[Any], Any], Callable[[], Schema]] = {
    values.flag: lambda: {"type": "boolean"},
    values.count: lambda: {"type": "integer", "minimum": 0},
    values.command: lambda: {"type": "array", "items": {"type": "string"}},
    values.version: _version,
    values.selectors: _selectors,
    values.answers: _answers,
    values.rules: _rules,
    values.globs: lambda: {"type": "array", "items": {"type": "string"}},
    values.file_name: lambda: {"type": "string", "minLength": 1},
    values.severities: lambda: _by_name({"type": "string", "enum": list(values.LEVELS)}),
    values.ignores: lambda: {"type": "object", "additionalProperties": _selectors()},
}
