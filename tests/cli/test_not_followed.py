"""What the project's code does not show: options from somewhere else, and files in other languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.conftest import Run, write_tree

INIT = "import sentry_sdk\nsentry_sdk.init(**{})\n"
# what: (files, how many words are findings)
OPTIONS = {
    "an attribute of settings": (
        {"a.py": "from l import s\n" + INIT.replace("{}", "s.S['o']"), "p.py": "S = {'o': {'request_bodies': 1}}\n"},
        1,
    ),
    "a parameter's": (
        {"a.py": "import sentry_sdk\ndef f(app):\n    sentry_sdk.init(**app.config.get('S', {}))\n", "p.py": "class C:\n    S = {'with_locals': 1}\nclass D(C):\n    S = dict(C.S, request_bodies='a')\n"},
        2,
    ),
    "a copy that a function returns": (
        {"a.py": "from p import f\nimport sentry_sdk\no = f() | {'dsn': 'x'}\nsentry_sdk.init(**o)\n", "p.py": "import copy\nB = {}\ndef f():\n    d = copy.deepcopy(B)\n    d.update(with_locals=1)\n    return d\n"},
        1,
    ),
    "a program's arguments": (
        {"a.py": "import argparse, sentry_sdk\np = argparse.ArgumentParser()\np.add_argument('--with-locals')\nsentry_sdk.init(**vars(p.parse_args()))\n"},
        1,
    ),
    "another key": (
        {"a.py": "from l import s\n" + INIT.replace("{}", "s.S['o']"), "p.py": "S = {'p': {'request_bodies': 1}}\n"},
        0,
    ),
    "another variable": (
        {"a.py": "from l import s\n" + INIT.replace("{}", "s.S['o']"), "p.py": "T = {'request_bodies': 1}\n"},
        0,
    ),
    "no options from elsewhere": (
        {"a.py": "import sentry_sdk\nS = {'dsn': 'x'}\nsentry_sdk.init(**S)\n", "p.py": "S = {'with_locals': 1}\n"},
        0,
    ),
    "no init": ({"a.py": "import sentry_sdk\n", "p.py": "S = {'with_locals': 1}\n"}, 0),
    "suppressed": (
        {"a.py": "from l import s\n" + INIT.replace("{}", "s.S['o']"), "p.py": "S = {'o': {'with_locals': 1}}  # sentry-migrate: ignore\n"},
        0,
    ),
}  # fmt: skip


@pytest.mark.parametrize(("tree", "number"), OPTIONS.values(), ids=OPTIONS)
def test_options_from_elsewhere(run: Run, here: Path, tree: dict[str, str], number: int) -> None:
    write_tree(here, {"pyproject.toml": "[project]\nname = 'x'\n", **tree})
    ran = run("check", ".")
    assert ran.text.count("2.x refuses to start with") == number
    assert ran.code == int(number > 0)


# what: (a file, its text, what is told of it)
FILES = {
    "a file that another one names": ("deps/prod.pip", "a\nsentry-sdk==1.45.1\n", "sentry-sdk==1.45.1 in deps/prod.pip:2"),
    "a script without an ending": ("bin/setup", "#!/bin/bash\npip install 'sentry-sdk<2'\n", "sentry-sdk<2 in bin/setup:2"),
    "variables": (".env", "X=sentry-sdk==1.45.1\n", "sentry-sdk==1.45.1 in .env:1"),
    "Ansible": ("tasks/main.yml", "- pip:\n    name: sentry-sdk\n    version: 1.45.1\n", "sentry-sdk 1.45.1 in tasks/main.yml:2"),
    "Pants": ("BUILD", "p(requirements=['sentry-sdk~=1.4'])\n", "sentry-sdk~=1.4 in BUILD:1"),
    "a notebook": ("n.ipynb", '{"cells": [{"cell_type": "code", "source": ["%pip install sentry-sdk==1.45.1"]}], "nbformat": 4}', "sentry-sdk==1.45.1 in n.ipynb:1"),
    "options in JSON": ("sentry.json", '{"with_locals": true}', "with_locals in sentry.json:1"),
    "prose": ("README.md", "pip install sentry-sdk==1.0\n", ""),
    "changes": ("CHANGES", "sentry-sdk==1.0 is required\n", ""),
    "2.x": ("deps/prod.pip", "sentry-sdk==2.1\n", ""),
    "another package": ("deps/prod.pip", "my-sentry-sdk==1.0\nsentry-sdk-x==1.0\n", ""),
    "a comment": ("deps/prod.pip", "# sentry-sdk==1.0\n", ""),
    "also 2.x": ("deps/prod.pip", "sentry-sdk>=1.0\n", ""),
    "what git ignores": ("out/prod.pip", "sentry-sdk==1.0\n", ""),
    "a baseline or a list of ours": ("b.json", '[{"code": "SEN901", "line": "sentry-sdk<2"}]', ""),
    "a list of another tool": ("b.json", '[{"code": "PIN1", "line": "sentry-sdk<2"}]', "sentry-sdk<2 in b.json:1"),
    "no text": ("a.dat", "\0sentry-sdk==1.0\n", ""),
    "options of something else": ("api.json", '{"request_bodies": []}', ""),
    "prose of a notebook": ("n.ipynb", '{"cells": [{"cell_type": "markdown", "source": ["sentry-sdk==1.0"]}], "nbformat": 4}', ""),
}  # fmt: skip


READ = "import json, sentry_sdk\nsentry_sdk.init(**json.load(open('sentry.json')))\n"
OF_FILES = {
    "JSON": ({"a.py": READ, "sentry.json": '{"with_locals": true}'}, 1),
    "two options": ({"a.py": READ, "sentry.json": '{"with_locals": true, "request_bodies": "never"}'}, 2),
    "TOML": ({"a.py": "import toml, sentry_sdk\nsentry_sdk.init(**toml.load('c.toml')['sentry'])\n", "c.toml": "[sentry]\nwith_locals = true\n"}, 1),
    "another option": ({"a.py": READ, "sentry.json": '{"include_local_variables": true}'}, 0),
    "not given to `init()`": ({"a.py": READ.replace("**", "debug="), "sentry.json": '{"with_locals": true}'}, 0),
    "all options in the code": ({"a.py": READ.replace("json.load(open('sentry.json'))", "{'debug': True}"), "sentry.json": '{"with_locals": true}'}, 0),
    "of something else": ({"a.py": READ, "api.json": '{"with_locals": true}'}, 0),
    "prose": ({"a.py": READ, "sentry.md": "with_locals: true\n"}, 0),
    "suppressed": ({"a.py": READ.replace("))\n", "))  # noqa: SEN301\n"), "sentry.json": '{"with_locals": true}'}, 0),
}  # fmt: skip


@pytest.mark.parametrize(("tree", "number"), OF_FILES.values(), ids=OF_FILES)
def test_options_of_files_that_nobody_looks_through(
    run: Run, here: Path, tree: dict[str, str], number: int
) -> None:
    write_tree(here, {"pyproject.toml": "[project]\nname = 'x'\n", **tree})
    ran = run("check", ".")
    assert ran.text.count("2.x refuses to start with") == number
    assert ran.code == int(number > 0)
    assert ("in sentry.json:1 here" in ran.text) is (number > 0 and "sentry.json" in tree)


@pytest.mark.parametrize(("name", "text", "told"), FILES.values(), ids=FILES)
def test_files_that_nobody_looks_through(
    run: Run, here: Path, name: str, text: str, told: str
) -> None:
    write_tree(here, {"a.py": "import sentry_sdk\n", ".gitignore": "out\n", name: text})
    ran = run("check", ".")
    assert ran.code == 0
    where = f"Not counted: files that are not looked through: {told}."
    assert where in ran.text if told else "No sentry-sdk 1.x code is left" in ran.text
