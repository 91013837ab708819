"""Writes the schemas of settings: `python -m sentry_migrate.report.settings_schema FILE`.

Owns `contributes.configuration` of the VS Code client's package.json, the rest of which stays, and
a file `….schema.json`, which is that of `[tool.sentry-migrate]`. With `--check` it writes nothing
and fails if the file is stale.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from sentry_migrate.report.settings_offered import project_schema, schema

_WHOLE = ".schema.json"


def rewritten(name: str, text: str) -> str:
    """The text of a file with the settings as they are now, formatted as npm does it."""
    if name.endswith(_WHOLE):
        return json.dumps(project_schema(), indent=2, ensure_ascii=False) + "\n"
    package = json.loads(text)
    package["contributes"]["configuration"] = schema()
    return json.dumps(package, indent=2, ensure_ascii=False) + "\n"


def main(arguments: Sequence[str]) -> int:
    """The exit code: 1 if `--check` finds the file stale, 2 for wrong arguments."""
    names = [argument for argument in arguments if argument != "--check"]
    if len(names) != 1:
        module = "sentry_migrate.report.settings_schema"
        print(f"usage: python -m {module} [--check] FILE", file=sys.stderr)
        return 2
    file = Path(names[0])
    text = file.read_text(encoding="utf-8") if file.exists() else ""
    wanted = rewritten(file.name, text)
    if "--check" not in arguments:
        file.write_text(wanted, encoding="utf-8", newline="\n")
    elif text != wanted:
        print(f"stale: {file}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
