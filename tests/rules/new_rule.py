"""Writes what a new rule needs: `python tests/rules/new_rule.py NAME --code SEN615 --on TRIGGER`.

That is the rule's module, beside the rules whose codes begin with the same digit, and a program
for the differential tests. The rule finds the trigger at once; the tests fail for what is still to
be said, in places that read `FILL IN`.
"""

from __future__ import annotations

import argparse
import pkgutil
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from importlib import import_module
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS), str(TESTS.parent / "server")]

from differential import programs as tables  # noqa: E402
from sentry_migrate import rules  # noqa: E402
from sentry_migrate.python.scopes import Scopes  # noqa: E402
from sentry_migrate.python.tree import Tree  # noqa: E402
from sentry_migrate.rules import RULES  # noqa: E402
from sentry_migrate.sdk.uses import find_uses  # noqa: E402
from sentry_migrate.sdk.values import Values  # noqa: E402

MODULE = '''\
"""FILL IN: the 1.x code → the 2.x code, in one line."""

from __future__ import annotations

from collections.abc import Iterator

from {context} import Context, Draft
from {rule} import GUIDE, Flags, Ignores, Rule
from {use} import Use

RULE = Rule(
    code="{code}",
    name="{name}",
    kind="manual",
    summary="FILL IN: what is deprecated or gone, in one sentence without a full stop",
    why="FILL IN: what 2.x does with the 1.x code.",
    safety="FILL IN: when the fix is safe, and what makes it unsafe.",
    link=GUIDE,
    deprecated=False,
    examples=(
        Ignores({ignored}),
        Flags({example},
            remedy="FILL IN: what a person should do.",
        ),
    ),
)


@RULE.on("{trigger}")
def check(use: Use, context: Context) -> Iterator[Draft]:
{begin}    yield context.finding(use, remedy="FILL IN: what a person should do.")
'''

PROGRAMS = '''\
"""{name}: FILL IN."""

from differential.program import manual

TABLE = (
    manual(
        "{name}/FILL IN: what the program shows",
        "{name}",
        """
{program}
        sentry_sdk.capture_message("FILL IN: what 1.x and 2.x must both send")
        """,
    ),
)
'''

OPTION = """\
    option = use.option
    if option is None:
        return
"""
"""How a check of options begins: the option, its value and its call."""

HEAD = "import sentry_sdk\n"
SPAN = HEAD + "with sentry_sdk.start_transaction(name='job') as {name}:\n    {name}.{tail}\n"
MEMBERS = {
    "Client": HEAD + "sentry_sdk.Hub.current.client.{tail}\n",
    "Hub": HEAD + "sentry_sdk.Hub.current.{tail}\n",
    "Scope": HEAD + "with sentry_sdk.push_scope() as scope:\n    scope.{tail}\n",
    "Span": HEAD + "with sentry_sdk.start_span(op='job') as span:\n    span.{tail}\n",
    "Transaction": SPAN.replace("{name}", "transaction"),
}
"""How code comes by an instance whose member a trigger names."""

KINDS = {
    "import": "from {head} import {tail}\nimport sentry_sdk\n",
    "class": "import {head}\nimport sentry_sdk\nclass Mine({path}):\n    pass\n",
    "option": HEAD + "sentry_sdk.init({path}=None)\n",
    "string": "from unittest import mock\nimport sentry_sdk\nmock.patch('{path}')\n",
    "module": "import {head}\n{path}()\n",
}
"""How code looks that has a trigger of this kind; `module` is a plain path of the SDK."""


def example(trigger: str) -> str:
    """The shortest code with the trigger. Raises ValueError where none is known."""
    kind, _, path = trigger.rpartition(":")
    head, _, tail = path.removeprefix("=").rpartition(".")
    if not kind and head in MEMBERS:
        code = MEMBERS[head].format(tail=tail)
    elif (kind or "module") in KINDS:
        code = KINDS[kind or "module"].format(head=head, tail=tail, path=path)
    else:
        code = ""
    with suppress(ValueError):
        if trigger in triggers(code):
            return code
    raise ValueError(
        f"{trigger!r} is no trigger that code is known for; see Triggers in CONTRIBUTING.md, or "
        "give the code with --example"
    )


def triggers(code: str) -> set[str]:
    """Every trigger that some use in the code has. Raises ValueError if it is no Python."""
    try:
        tree = Tree(code)
    except ValueError as error:
        raise ValueError(f"the example is no Python: {error}") from error
    scopes = Scopes(tree)
    return {use.trigger for use in find_uses(tree, scopes, Values(tree, scopes))}


def checked(code: str, trigger: str) -> str:
    """The code given as an example. Raises ValueError if it has no use with the trigger."""
    if trigger not in (found := triggers(code)):
        known = ", ".join(sorted(found)) or "none"
        raise ValueError(f"{trigger!r} is not in the example; what is there: {known}")
    return code


def modules(package: str) -> Iterator[tuple[str, Path]]:
    """The modules of a package and of those in it, and where they are."""
    root = import_module(package)
    for found in pkgutil.walk_packages(root.__path__, f"{package}."):
        path = import_module(found.name).__file__
        if path is not None:
            yield found.name, Path(path)


def home(code: str) -> Path:
    """The directory with most rules whose codes begin as `code` does."""
    beside: Counter[Path] = Counter()
    for name, path in modules(rules.__name__):
        rule = getattr(import_module(name), "RULE", None)
        if rule is not None and rule.code[:4] == code[:4]:
            beside[path.parent] += 1
    return beside.most_common(1)[0][0] if beside else Path(rules.__path__[0])


def files(name: str, code: str, trigger: str, shown: str) -> dict[Path, str]:
    """What to write where. Raises ValueError if the name or code is taken or is none."""
    if not re.fullmatch(r"[a-z][a-z0-9-]+", name):
        raise ValueError(f"{name!r} is no name: small letters, digits and hyphens")
    if not re.fullmatch(r"SEN\d{3}", code):
        raise ValueError(f"{code!r} is no code: SEN and three digits")
    if taken := [one.name for one in RULES.values() if one.name == name or one.code == code]:
        raise ValueError(f"{taken[0]} has this name or code")
    where = {path: module for module, path in modules("sentry_migrate")}
    owners = {
        part: where[Path(sys.modules[owner.__module__].__file__ or "")]
        for part, owner in _owners().items()
    }
    module = name.replace("-", "_") + ".py"
    look_alike = shown.replace("sentry_sdk", "other") + HEAD
    program = "\n".join(" " * 8 + line for line in shown.rstrip().splitlines())
    return {
        home(code) / module: MODULE.format(
            name=name,
            code=code,
            trigger=trigger,
            example=_literal(shown),
            ignored=_literal(look_alike),
            begin=OPTION if trigger.startswith("option:") else "",
            **owners,
        ),
        Path(tables.__path__[0]) / module: PROGRAMS.format(name=name, program=program),
    }


def _owners() -> dict[str, type]:
    from sentry_migrate.kit.context import Context
    from sentry_migrate.kit.rule import Rule
    from sentry_migrate.sdk.uses import Use

    return {"context": Context, "rule": Rule, "use": Use}


def _literal(code: str) -> str:
    return "\n            ".join(["", *map(_quoted, code.splitlines(keepends=True))])


def _quoted(line: str) -> str:
    return '"' + line.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code: 2 if nothing was written."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("name", help="of the rule: what it finds, such as hub-flush")
    what = "a free one, such as SEN699: the digit after SEN is the part of the SDK"
    parser.add_argument("--code", required=True, help=what)
    parser.add_argument("--on", required=True, metavar="TRIGGER", help="such as sentry_sdk.flush")
    parser.add_argument("--example", help="code that has the trigger, `\\n` between its lines")
    given = parser.parse_args(arguments)
    try:
        code = (given.example or "").replace("\\n", "\n") + "\n"
        shown = checked(code, given.on) if given.example else example(given.on)
        texts = files(given.name, given.code, given.on, shown)
        for path in texts:
            if path.exists():
                raise ValueError(f"{path} exists")
    except ValueError as error:
        parser.error(str(error))
    for path, text in texts.items():
        path.write_text(text, encoding="utf-8", newline="\n")
    formatter = [sys.executable, "-m", "ruff", "format", "--quiet", *map(str, texts)]
    subprocess.run(formatter, check=False)  # without ruff, `ruff format --check` says it later
    for path in texts:
        print(path.relative_to(TESTS.parent).as_posix())
    print("\nTests of it, once the FILL INs are gone (in a test's name, the rule has its hyphens):")
    print(f"    .venv/bin/python -m pytest -q -m fast -k '{given.name} or fill_in or tables'")
    return 0


if __name__ == "__main__":
    sys.exit(main())
