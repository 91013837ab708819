"""The one list of settings: who reads each, what it may be, and what an editor says of it.

Owns their keys and words. Refuses to know the rules, and how an editor is told.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from sentry_migrate.project import setting_values as values
from sentry_migrate.project.setting_values import Choice


class Reader(Enum):
    """Who reads a setting."""

    PROJECT = "project"
    """The command line and the server; pyproject.toml may have it, as may an editor."""
    SERVER = "server"
    """The server only."""
    CLIENT = "client"
    """An editor's extension only, before there is a server."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting."""

    key: str
    """As pyproject.toml would spell it."""
    reader: Reader
    check: Callable[[Any], Any]
    """What it may be, see `setting_values.py`."""
    offer: str = ""
    """Markdown: what an editor says of it. Empty where an editor does not offer it: what it says
    must hold for the command line as well, or `rules` says it."""

    @property
    def camel(self) -> str:
        """The key as editors spell it."""
        first, *rest = self.key.split("-")
        return first + "".join(word.capitalize() for word in rest)


_VARIABLES = " `~`, `${workspaceFolder}`, `${userHome}` and `${env:NAME}` are expanded."

SETTINGS = (
    Setting(
        "enable",
        Reader.SERVER,
        values.flag,
        "Whether to look for uses of the sentry-sdk 1.x API.",
    ),
    Setting(
        "sdk-version",
        Reader.PROJECT,
        values.version,
        "Oldest sentry-sdk 2.x that the code must run on, such as `2.12`, or `latest`. If not set, "
        "`pyproject.toml` or the project's requirements decide.",
    ),
    Setting(
        "select",
        Reader.PROJECT,
        values.selectors,
        "Rules to check, by code, code prefix, name or group. If not set, `pyproject.toml` "
        "decides; without it, the group `migration` is checked.",
    ),
    Setting("extend-select", Reader.PROJECT, values.selectors),
    Setting(
        "ignore",
        Reader.PROJECT,
        values.selectors,
        "Rules to skip, even if they are selected. If not set, `pyproject.toml` decides.",
    ),
    Setting("unsafe-fixes", Reader.PROJECT, values.flag),
    Setting(
        "assume",
        Reader.PROJECT,
        values.answers,
        "Doubts that are answered with yes for this project, in addition to those in "
        "`pyproject.toml`; fixes that rest on nothing else are safe.",
    ),
    Setting(
        "strict",
        Reader.PROJECT,
        values.flag,
        "Whether to assume nothing, not even what is assumed by default or by `pyproject.toml`.",
    ),
    Setting("severity", Reader.PROJECT, values.severities),
    Setting("per-file-ignores", Reader.PROJECT, values.ignores),
    Setting("exclude", Reader.PROJECT, values.globs),
    Setting("extend-exclude", Reader.PROJECT, values.globs),
    Setting("force-exclude", Reader.PROJECT, values.flag),
    Setting("respect-gitignore", Reader.PROJECT, values.flag),
    Setting("baseline", Reader.PROJECT, values.file_name),
    Setting(
        "rules",
        Reader.SERVER,
        values.rules,
        "Severity of each rule, and whether fixing a whole file may apply its fixes: "
        '`{"SEN101": "error", "SEN6": {"severity": "hint", "autofix": false}}`. Later entries '
        "take precedence over earlier ones.",
    ),
    Setting(
        "diagnostic-mode",
        Reader.SERVER,
        Choice(
            {
                "openFiles": "Open files.",
                "workspace": "All Python files of the workspace, in the Problems view.",
            }
        ),
        "Files to show findings for.",
    ),
    Setting(
        "run",
        Reader.SERVER,
        Choice(
            {
                "onType": "Shortly after each change.",
                "onSave": "When the file is opened or saved.",
            }
        ),
        "When to analyse a file.",
    ),
    Setting(
        "configuration-preference",
        Reader.SERVER,
        Choice(
            {
                "editorFirst": "The editor's settings.",
                "filesystemFirst": "The settings in the file.",
                "editorOnly": "The editor's settings; the file is not read.",
            }
        ),
        "Which settings take precedence where `pyproject.toml` has a `[tool.sentry-migrate]` "
        "table.",
    ),
    Setting(
        "code-lens",
        Reader.SERVER,
        values.flag,
        "Show the number of uses above the first line of a file, with a link that migrates the "
        "file.",
    ),
    Setting(
        "max-findings",
        Reader.SERVER,
        values.count,
        "Maximum number of findings to show per file; `0` shows all.",
    ),
    Setting(
        "welcome",
        Reader.CLIENT,
        values.flag,
        "Show a message, once for each project, when a project that requires sentry-sdk 1.x is "
        "opened.",
    ),
    Setting(
        "interpreter",
        Reader.CLIENT,
        values.command,
        "Python interpreter (3.10 or newer) that runs the server, with its arguments. If it is "
        "empty or does not work, the extension tries the active interpreter of the Python "
        "extension, then those on `PATH`." + _VARIABLES,
    ),
    Setting(
        "import-strategy",
        Reader.CLIENT,
        Choice(
            {
                "useBundled": "The server bundled with the extension.",
                "fromEnvironment": (
                    "The server in your environment, that is, the interpreter's; if there is "
                    "none, the bundled server."
                ),
            }
        ),
        "Which server to run.",
    ),
    Setting(
        "path",
        Reader.CLIENT,
        values.command,
        'Command that starts the server, such as `["uv", "run", "sentry-migrate", "server"]`. It '
        "is run exactly as written; `interpreter`, `importStrategy` and `logLevel` are ignored."
        + _VARIABLES,
    ),
    Setting(
        "log-level",
        Reader.CLIENT,
        Choice(
            {
                "info": "Startup and connection messages.",
                "debug": "Also each analysis.",
                "warning": "Only warnings and errors.",
                "error": "Only errors.",
            }
        ),
        "How much the server writes to the log.",
    ),
    Setting(
        "trace.server",
        Reader.CLIENT,
        Choice(
            {
                "off": "No messages.",
                "messages": "The names and times of the messages.",
                "verbose": "The full messages, including source text.",
            }
        ),
        "Whether to log the messages between editor and server in a separate output channel.",
    ),
    # Not ours: what extensions of other editors have in the same section.
    Setting("server", Reader.CLIENT, values.command),
    Setting("args", Reader.CLIENT, values.command),
    Setting("env", Reader.CLIENT, dict),
)


def read_by(reader: Reader) -> dict[str, Setting]:
    """The settings that somebody reads, by key."""
    return {setting.key: setting for setting in SETTINGS if setting.reader is reader}


def key_of(name: str) -> str:
    """A key as pyproject.toml spells it, of one in camel case."""
    return re.sub(r"(?<=[a-z])([A-Z])", r"-\1", name).lower()


def nearest(key: str, known: Iterable[str]) -> str:
    """What to add to a message about a key that is not known; empty where none is spelled much
    like it."""
    near = difflib.get_close_matches(key, known, 1, 0.7)
    return f"; did you mean {near[0]!r}?" if near else ""
