"""Dependency files of every kind: what is raised, what is left to a tool or a person, what stays.

A row is a file's name and its text, with `{}` where the specifier is. The same rows are written
with every specifier, so that no place is better known than another.
"""

from __future__ import annotations

import json
import time
from pathlib import PurePath

import pytest

from sentry_migrate.engine.analyze import analyze
from sentry_migrate.engine.fix import fix
from sentry_migrate.model import Applicability, Finding
from sentry_migrate.project.config import Settings
from sentry_migrate.project.versions import parse_version
from sentry_migrate.text.source import Source

PIN, PYTHON, SERVER = "requirements-pin", "python-requires", "self-hosted-image"


def found(text: str, name: str, floor: str = "latest", rule: str = PIN) -> list[Finding]:
    settings = Settings(sdk_version=parse_version(floor))
    result = analyze(Source(text), settings, PurePath(name))
    assert result.failure is None
    return [finding for finding in result.findings if finding.name == rule]


def raised(text: str, name: str, floor: str) -> str:
    settings = Settings(sdk_version=parse_version(floor))
    outcome = fix(Source(text), settings, PurePath(name), unsafe=True)
    again = fix(Source(outcome.text), settings, PurePath(name), unsafe=True)
    assert again.text == outcome.text
    assert len(outcome.applied) == len(outcome.edits)
    return outcome.text


PEP508 = {
    "pip": ("requirements.txt", "flask\nsentry-sdk{}\n"),
    "pip, the last line without an end": ("requirements.txt", "flask\nsentry-sdk{}"),
    "pip, Windows": ("requirements.txt", "flask\r\nsentry-sdk{}\r\nx\r\n"),
    "pip, extras and a comment": ("requirements.txt", "Sentry_SDK[flask, django] {}  # errors\n"),
    "pip, a marker": ("requirements.txt", 'sentry-sdk{} ; python_version >= "3.8" # x\n'),
    "pip, a marker for a system": ("requirements.txt", 'sentry-sdk{}; sys_platform == "win32"\n'),
    "pip, beside other files": ("requirements.txt", "-r base.txt\n-c constraints.txt\nsentry-sdk{}\n"),
    "pip, in a directory": ("requirements/base.txt", "sentry-sdk{}\n"),
    "pip, in a directory of one": ("requirements/local/dev.txt", "sentry-sdk{}\n"),
    "pip, another ending": ("requirements.pip", "sentry-sdk{}\n"),
    "uv.toml": ("uv.toml", 'constraint-dependencies = ["sentry-sdk{}"]\n'),
    "hatch.toml": ("hatch.toml", '[envs.test]\ndependencies = ["sentry-sdk{}"]\n'),
    "conda, its own name": ("conda.yaml", "dependencies:\n  - sentry-sdk{}\n"),
    "conda, a short name": ("env.yml", "dependencies:\n  - sentry-sdk{}\n"),
    "pip-tools' source": ("requirements.in", "sentry-sdk{}\n"),
    "constraints": ("constraints.txt", "sentry-sdk{}\n"),
    "constraints with another name": ("pip-constraints-3.11.txt", "sentry-sdk{}\n"),
    "project": ("pyproject.toml", '[project]\ndependencies = ["a", "sentry-sdk{}"]\n'),
    "project, extras": ("pyproject.toml", "[project]\ndependencies = ['sentry-sdk[flask]{}']\n"),
    "project, one line": ("pyproject.toml", 'project.dependencies = ["sentry-sdk{}"]\n'),
    "project, Windows": ("pyproject.toml", '[project]\r\ndependencies = [\r\n  "sentry-sdk{}",\r\n]\r\n'),
    "optional": ("pyproject.toml", '[project.optional-dependencies]\nsentry = ["sentry-sdk{}"]\n'),
    "groups": ("pyproject.toml", '[dependency-groups]\ndev = [{{include-group = "a"}}, "sentry-sdk{}"]\n'),
    "build system": ("pyproject.toml", '[build-system]\nrequires = ["sentry-sdk{}"]\n'),
    "PDM": ("pyproject.toml", '[tool.pdm.dev-dependencies]\ntest = ["sentry-sdk{}"]\n'),
    "uv": ("pyproject.toml", '[tool.uv]\ndev-dependencies = ["sentry-sdk{}"]\n'),
    "uv, constraints": ("pyproject.toml", '[tool.uv]\nconstraint-dependencies = ["sentry-sdk{}"]\n'),
    "Hatch": ("pyproject.toml", '[tool.hatch.envs.default]\ndependencies = ["sentry-sdk{}"]\n'),
    "Hatch, extra": ("pyproject.toml", '[tool.hatch.envs.t]\nextra-dependencies = ["sentry-sdk{}"]\n'),
    "tox in pyproject": ("pyproject.toml", '[tool.tox.env_run_base]\ndeps = ["sentry-sdk{}"]\n'),
    "tox.ini in pyproject": (
        "pyproject.toml",
        '[tool.tox]\nlegacy_tox_ini = """\n[testenv]\ndeps =\n    sentry-sdk{}\n"""\n',
    ),
    "tox.toml": ("tox.toml", '[env_run_base]\ndeps = ["pytest", "sentry-sdk{}"]\n'),
    "tox.ini": ("tox.ini", "[tox]\nenvlist = py\n[testenv]\ndeps =\n    pytest\n    sentry-sdk{}\n"),
    "tox.ini, some Pythons": ("tox.ini", "[testenv]\ndeps =\n    pytest\n    py38,py311: sentry-sdk{}\n"),
    "tox.ini, the only environments": ("tox.ini", "[testenv]\ndeps =\n    pytest\n    old: sentry-sdk{}\n"),
    "tox.ini, two factors": ("tox.ini", "[testenv]\ndeps =\n    py38-old: sentry-sdk{}\n"),
    "tox.ini, one line": ("tox.ini", "[testenv]\ndeps = sentry-sdk{}\ncommands = pytest\n"),
    "setup.cfg": ("setup.cfg", "[options]\ninstall_requires =\n    a\n    sentry-sdk{}\n"),
    "setup.cfg, one line": ("setup.cfg", "[options]\ninstall_requires = sentry-sdk{}\n"),
    "setup.cfg, extras": ("setup.cfg", "[options.extras_require]\nsentry =\n    sentry-sdk[flask]{}\n"),
    "setup.py": ("setup.py", "from setuptools import setup\nsetup(install_requires=['sentry-sdk{}'])\n"),
    "setup.py, elsewhere": ("setup.py", 'REQUIRES = [\n    "sentry-sdk[flask]{}",\n]\n'),
    "setup.py, one string": ("setup.py", "setup(install_requires='sentry-sdk{}')\n"),
    "setup.py, lines": ("setup.py", 'setup(\n    tests_require="""\nsentry-sdk{}\nflask\n"""\n)\n'),
    "setup.py, words": ("setup.py", "setup(install_requires='a sentry-sdk{} flask'.split())\n"),
    "a list of other code": ("deps.py", "REQ = ['a', 'sentry-sdk{}']\n"),
    "lists of other code": ("src/_deps.py", "EXTRAS_REQUIRE: dict = {{'sentry': ['sentry-sdk[flask]{}']}}\n"),
    "a command as a list": ("boot.py", "import subprocess, sys\nsubprocess.run([sys.executable, '-m', 'pip', 'install', 'sentry-sdk{}'])\n"),
    "noxfile.py": ("noxfile.py", "def tests(session):\n    session.install('sentry-sdk{}')\n"),
    "conda": ("environment.yml", "dependencies:\n  - python=3.11\n  - sentry-sdk{}\n"),
    "conda, pip": ("environment-dev.yaml", "dependencies:\n  - pip:\n      - sentry-sdk[flask]{}  # x\n"),
    "conda, a channel": ("environment.yml", "dependencies:\n  - conda-forge::sentry-sdk {}\n"),
    "conda, a marker": ("environment.yml", "dependencies:\n  - pip:\n    - 'sentry-sdk{} ; python_version > \"3.6\"'\n"),
    "conda, quoted": ("environment.yml", 'dependencies:\n  - "sentry-sdk{}"\n'),
    "a script": ("a.py", '# /// script\n# dependencies = [\n#   "sentry-sdk{}", # x\n# ]\n# ///\nimport sentry_sdk\n'),
    "a container": ("Dockerfile", 'FROM x\nRUN pip install -U \\\n  a \\\n  "sentry-sdk[flask]{}"\n'),
    "a workflow": ("workflows/test.yml", "    - run: python -m pip install 'sentry-sdk{}' a\n"),
}  # fmt: skip
EXCLUDES = ["==1.45.1", "~=1.40", "<2", ">=1.16,<2", ">=1.0,<2.0.0", "==1.*"]
ALLOWS = [
    (">=1.16", ">={}"),
    (">=1.16,<3", ">={},<3"),
    (">=1.5,!=1.9.0", ">={},!=1.9.0"),
    (">1.0", ">={}"),
    ("<3", ">={},<3"),
    (">=0.20", ">={}"),
]
FINE = [">=2.0", "~=2.3", "==2.20.0", ">=2,<3", ">=3", ""]


@pytest.mark.parametrize(("name", "text"), PEP508.values(), ids=PEP508)
@pytest.mark.parametrize(("before", "after"), [*((one, ">={},<3") for one in EXCLUDES), *ALLOWS])
@pytest.mark.parametrize("floor", ["2.0", "2.12", "latest"])
def test_a_bound_is_raised(name: str, text: str, before: str, after: str, floor: str) -> None:
    written = text.format(before)
    (finding,) = found(written, name, floor)
    assert finding.fix is not None
    assert finding.fix.applicability is Applicability.UNSAFE
    least = "2.15" if floor == "latest" else floor
    assert raised(written, name, floor) == text.format(after.format(least))


@pytest.mark.parametrize(("name", "text"), PEP508.values(), ids=PEP508)
@pytest.mark.parametrize("specifier", FINE)
def test_what_allows_only_2_stays(name: str, text: str, specifier: str) -> None:
    assert found(text.format(specifier), name) == []


MARKED = {
    "project": ("pyproject.toml", '[project]\ndependencies = ["a", "sentry-sdk{}; {}"]  # x\n', "'"),
    "project, the other quotes": ("pyproject.toml", "[project]\ndependencies = ['sentry-sdk[flask] {} ; {}']\n", '"'),
    "project, escaped": ("pyproject.toml", '[project]\ndependencies = ["sentry-sdk{}; {}"]\n', '\\"'),
    "project, three quotes": ("pyproject.toml", '[project]\ndependencies = ["""sentry-sdk{}; {} """]\n', '"'),
    "optional": ("pyproject.toml", '[project.optional-dependencies]\na = [\n  "sentry-sdk{};{}", "b",\n]\n', "'"),
    "groups": ("pyproject.toml", '[dependency-groups]\ndev = [{{include-group = "a"}}, "sentry-sdk{}; {}"]\n', "'"),
    "uv": ("pyproject.toml", '[tool.uv]\nconstraint-dependencies = ["sentry-sdk{}; {}"]\n', "'"),
    "Hatch": ("pyproject.toml", '[tool.hatch.envs.t]\nextra-dependencies = ["sentry-sdk{}; {}"]\n', "'"),
    "tox.toml": ("tox.toml", "[env_run_base]\ndeps = ['sentry-sdk{}; {}']\n", '"'),
    "setup.py": ("setup.py", "R = ['a', 'sentry-sdk{}; {}']\n", '"'),
    "setup.py, escaped": ("setup.py", "R = ['a', 'sentry-sdk{}; {}']\n", "\\'"),
    "a script": ("a.py", '# /// script\n# dependencies = ["sentry-sdk{}; {}"]\n# ///\nimport sentry_sdk\n', "'"),
}  # fmt: skip


@pytest.mark.parametrize(("name", "text", "quote"), MARKED.values(), ids=MARKED)
def test_a_marker_stays_as_it_is(name: str, text: str, quote: str) -> None:
    for marker in ("python_version >= '3.8' and extra == 'a'", "sys_platform != 'win32'"):
        marker = marker.replace("'", quote)
        assert raised(text.format(">=1.14,<2", marker), name, "latest") == text.format(
            ">=2.15,<3", marker
        )
        old = f"python_version < {quote}3.6{quote}"
        for specifier, other in [(">=2.1", marker), ("~=2.3", marker), ("", marker), ("<2", old)]:
            assert found(text.format(specifier, other), name) == []


KEYED = {
    "Poetry": ("pyproject.toml", '[tool.poetry.dependencies]\npython = "^3.8"\nsentry-sdk = "{}"\n'),
    "Poetry, inline": (
        "pyproject.toml",
        '[tool.poetry.dependencies]\nsentry-sdk = {{ extras = ["flask"], version = "{}" }}\n',
    ),
    "Poetry, dev": ("pyproject.toml", "[tool.poetry.dev-dependencies]\nsentry-sdk = '{}'\n"),
    "Poetry, group": ("pyproject.toml", '[tool.poetry.group.dev.dependencies]\n"sentry-sdk" = "{}"\n'),
    "Poetry, table": (
        "pyproject.toml",
        '[tool.poetry.dependencies.sentry-sdk]\nextras = ["flask"]\nversion = "{}"\n\n[tool.x]\nversion = "1"\n',
    ),
    "Poetry, for new Pythons": (
        "pyproject.toml",
        '[tool.poetry.dependencies]\nsentry-sdk = [\n    {{ version = "^1.0", python = "<3.6" }},\n'
        '    {{ version = "{}", python = ">=3.6" }},\n]\n',
    ),
    "Poetry, a key for the version": ("pyproject.toml", '[tool.poetry.dependencies]\nsentry-sdk.version = "{}"\n'),
    "Poetry, in one line": ("pyproject.toml", '[tool.poetry]\ndependencies = {{ a = "1.0", sentry-sdk = "{}" }}\n'),
    "Pipenv": ("Pipfile", '[packages]\nflask = "*"\nsentry-sdk = "{}"\n'),
    "Pipenv, inline": ("Pipfile", '[dev-packages]\nsentry-sdk = {{version = "{}", extras = ["flask"]}}\n'),
    "Pipenv, table": ("Pipfile", '[packages.sentry-sdk]\nversion = "{}"\nextras = ["flask"]\n'),
}  # fmt: skip


@pytest.mark.parametrize(("name", "text"), KEYED.values(), ids=KEYED)
@pytest.mark.parametrize(
    ("before", "after"), [("==1.45.1", ">=2.15,<3"), (">=1.16,<2", ">=2.15,<3"), *ALLOWS]
)
def test_a_key_with_a_version(name: str, text: str, before: str, after: str) -> None:
    written = text.format(before)
    (finding,) = found(written, name)
    assert finding.fix is not None
    assert raised(written, name, "latest") == text.format(after.format("2.15"))


@pytest.mark.parametrize(("name", "text"), KEYED.values(), ids=KEYED)
@pytest.mark.parametrize("specifier", [">=2.0", "==2.20.0", "*", ">=3"])
def test_a_key_with_a_fitting_version(name: str, text: str, specifier: str) -> None:
    assert found(text.format(specifier), name) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("^1.45", "^2.15"),
        ("~1.45", "^2.15"),
        ("1.45.1", "^2.15"),
        ("=1.45.1", ">=2.15,<3"),
        ("=2.20", None),
        ("~=1.45", ">=2.15,<3"),
        ("^1.40 || ^2.0", "^2.0"),
        (">=1.16 <3", ">=2.15 <3"),
        ("^2.0", None),
        ("~2.3", None),
    ],
)
def test_what_only_poetry_has(before: str, after: str | None) -> None:
    name, text = KEYED["Poetry"]
    assert raised(text.format(before), name, "latest") == text.format(after or before)


PIXI = {
    "pixi": ("pixi.toml", "[dependencies]\npython = '>=3.8'\nsentry-sdk = '{}'\n"),
    "a table": ("pixi.toml", "[feature.a.dependencies]\nsentry-sdk = {{ version = '{}', channel = 'x' }}\n"),
    "a target": ("pixi.toml", "[target.linux-64.dependencies]\nsentry-sdk = '{}'\n"),
    "a table of its own": ("pixi.toml", "[dependencies.sentry-sdk]\nversion = '{}'\n[tasks]\n"),
    "a key with dots": ("pixi.toml", "dependencies.sentry-sdk = '{}'\n"),
    "pyproject": ("pyproject.toml", "[tool.pixi.dependencies]  # x\r\nsentry-sdk = '{}'\r\n"),
    "pyproject, a feature": ("pyproject.toml", "[tool.pixi.feature.b.dependencies]\n'sentry-sdk' = '{}'\n"),
    "pyproject, in one line": ("pyproject.toml", "[tool.pixi]\ndependencies = {{ sentry-sdk = '{}' }}\n"),
    "pyproject, beside Poetry": (
        "pyproject.toml",
        "[tool.pixi.dependencies]\nsentry-sdk = '{}'\n[tool.poetry.dependencies]\nsentry-sdk = '^2.1'\n",
    ),
}  # fmt: skip
PYPI = {
    "pixi": ("pixi.toml", "[dependencies]\na = '1'\n[pypi-dependencies]\nsentry-sdk = '{}'\n"),
    "a table": ("pixi.toml", "[pypi-dependencies]\nsentry-sdk = {{ version = '{}', extras = ['x'] }}\n"),
    "a feature": ("pixi.toml", "[feature.a.pypi-dependencies]\nsentry-sdk = '{}'\n"),
    "pyproject": ("pyproject.toml", "[tool.pixi.pypi-dependencies]\nsentry-sdk = '{}'\n"),
}  # fmt: skip
FROM_CONDA = ["1.*", "1.45.*", "1.45.1", "=1.45", "==1.45.1", "~=1.45", ">=1.16,<2"]


@pytest.mark.parametrize(("name", "text"), PIXI.values(), ids=PIXI)
def test_pixi_has_no_caret(name: str, text: str) -> None:
    for before in FROM_CONDA:
        assert raised(text.format(before), name, "latest") == text.format(">=2.15,<3")
    for before, after in [(">=1.16", ">=2.15"), (">=1.16,<3", ">=2.15,<3"), ("<2|>=2.1", ">=2.1")]:
        assert raised(text.format(before), name, "latest") == text.format(after)
    for fine in ("*", "2.*", "2.20.0", ">=2.1", "^1.45", ">=1|>=2 banana"):
        assert found(text.format(fine), name) == []


@pytest.mark.parametrize(("name", "text"), PYPI.values(), ids=PYPI)
def test_pixi_takes_from_pypi_what_pip_would(name: str, text: str) -> None:
    for before in ("==1.*", "==1.45.1", "~=1.45", "<2"):
        assert raised(text.format(before), name, "latest") == text.format(">=2.15,<3")
    for fine in ("*", "==2.*", ">=2.1", "^1.45", "1.45"):
        assert found(text.format(fine), name) == []


@pytest.mark.parametrize(
    "specifier",
    [
        "=1.40",
        "=1.40.*",
        "==1.4",
        " 1.40",
        " 1.40.*",
        "=1.40=py_0",
        " ==1.45.1 py_0",
        " 1.40 pyh1_0",
    ],
)
def test_what_only_conda_has(specifier: str) -> None:
    text = "dependencies:\n  - sentry-sdk{}\n"
    space = " " * specifier.startswith(" ")
    after = raised(text.format(specifier), "environment.yml", "latest")
    assert after == text.format(f"{space}>=2.15,<3")


# what: (a file, its text with a specifier in the place of `{}`, the specifier, what becomes of it)
COMMANDS = {
    "without quotes": ("Dockerfile", "RUN pip install sentry-sdk{} a\n", "==1.45.1", "~=2.15"),
    "a bound without quotes": ("Dockerfile", "RUN pip3 install sentry-sdk{}\n", "!=1.5", "~=2.15"),
    "a list": ("a.Dockerfile", 'RUN ["pip", "install", "sentry-sdk{}"]\n', "==1.45.1", ">=2.15,<3"),
    "a mount": ("Dockerfile.dev", "RUN --mount=type=cache,target=/c pip install sentry-sdk{}\n", "==1.0", "~=2.15"),
    "after another command": ("Containerfile", "RUN apt-get update && pip install sentry-sdk{} && x\n", "~=1.4", "~=2.15"),
    "in another line": ("Dockerfile", "RUN apt-get update \\\r\n && pip install sentry-sdk{}\r\n", "~=1.4", "~=2.15"),
    "by an interpreter": ("Dockerfile", "RUN /venv/bin/python3.11 -m pip install sentry-sdk{}\n", "==1.4", "~=2.15"),
    "by its path": ("Dockerfile", "RUN /venv/bin/pip --quiet install sentry-sdk{}\n", "==1.4", "~=2.15"),
    "by uv": ("Dockerfile", "RUN uv pip install --system sentry-sdk{}\n", "==1.4", "~=2.15"),
    "by a shell": ("Dockerfile", "RUN bash -lc 'pip install \"sentry-sdk{}\"'\n", "<2", ">=2.15,<3"),
    "by a shell, as a list": ("Dockerfile", 'RUN ["/bin/sh", "-c", "pip install sentry-sdk{}"]\n', "==1.4", "~=2.15"),
    "with a variable": ("Dockerfile", "RUN A=1 pip install sentry-sdk{}\n", "==1.4", "~=2.15"),
    "a block of a workflow": ("workflows/a.yaml", "    - run: |\n        make\n        pip install sentry-sdk{}\n", "==1.4", "~=2.15"),
    "quoted by YAML": ("workflows/a.yml", '    - run: "pip install sentry-sdk{}"\n', "==1.4", "~=2.15"),
    "GitLab": (".gitlab-ci.yml", "t:\n  script:\n    - pip install sentry-sdk{}\n", "==1.45.1", "~=2.15"),
    "GitLab, quoted": (".gitlab-ci.yml", "t:\n  script: pip install 'sentry-sdk{}'\n", ">=1.0,<2", ">=2.15,<3"),
    "with a comment in between": ("Dockerfile", "RUN pip install \\\n  # pinned\n  sentry-sdk{}\n", "==1.4", "~=2.15"),
    "a script that a container runs": ("Dockerfile", "RUN <<EOF\npip install sentry-sdk{}\nEOF\n", "==1.4", "~=2.15"),
    "after a text for a file": ("workflows/a.yml", "    - run: |\n        cat <<EOF > r.txt\n        a\n        EOF\n        pip install sentry-sdk{}\n", "==1.4", "~=2.15"),
    "after what an action is given": ("workflows/a.yml", "    - uses: x\n      with:\n        a: 1\n    - run: pip install sentry-sdk{}\n", "==1.4", "~=2.15"),
    "a new Python": ("Dockerfile", "FROM python:3.12.7\nRUN python3 -m pip install a==2.7 sentry-sdk{}\n", "==1.4", "~=2.15"),
    "some new Pythons": ("workflows/a.yml", "        python-version: ['3.10', \"3.12\"]\n    - run: pip install x==2.7 sentry-sdk{}\n", "==1.4", "~=2.15"),
    "a Makefile": ("Makefile", "a:\n\t@pip install 'sentry-sdk{}'\n", "==1.4", ">=2.15,<3"),
    "a Makefile's interpreter": ("Makefile", "a:\n\t-$(PYTHON) -m pip install sentry-sdk{}\n", "==1.4", "~=2.15"),
    "tox": ("tox.ini", "[testenv]\ncommands_pre = pip install sentry-sdk{}\n", "==1.45.1", "~=2.15"),
    "tox, quoted": ("tox.ini", '[testenv]\ncommands =\n  pytest\n\n# a\n  python -m pip install "sentry-sdk{}"\n', "<2", ">=2.15,<3"),
    "tox, without a shell": ("tox.ini", "[testenv]\r\ncommands =\r\n  {{envpython}} -m pip install \\\r\n    sentry-sdk{}\r\n", "<2", "~=2.15"),
    "tox.toml": ("tox.toml", "[env.a]\ncommands_pre = [['python', '-m', 'pip', 'install', 'sentry-sdk{}']]\n", "<2", ">=2.15,<3"),
    "a script of a shell": ("bin/install.sh", "#!/bin/sh\nset -e\nif [ x ]; then\n  python3 -m pip install 'sentry-sdk{}' a\nfi\n", "<2", ">=2.15,<3"),
    "a script, without quotes": ("install.sh", "PIP_X=1 sudo pip install -U sentry-sdk{} || exit 1\n", "==1.4", "~=2.15"),
    "Heroku": ("Procfile", "release: pip install 'sentry-sdk{}' && x\nweb: x\n", "<2", ">=2.15,<3"),
    "an action": ("action.yml", "runs:\n  steps:\n    - run: pip install sentry-sdk{}\n      shell: bash\n", "==1.4", "~=2.15"),
    "CircleCI": (".circleci/config.yml", "    steps:\n      - run:\n          command: pip install 'sentry-sdk{}'\n", "<2", ">=2.15,<3"),
    "Azure": ("azure-pipelines.yml", "steps:\n- script: pip install sentry-sdk{}\n- bash: x\n", "==1.4", "~=2.15"),
    "Azure, by bash": ("azure-pipelines-pr.yml", "steps:\n- bash: |\n    pip install sentry-sdk{}\n", "==1.4", "~=2.15"),
    "Travis": (".travis.yml", "install:\n  - pip install sentry-sdk{}\n", "==1.4", "~=2.15"),
    "Travis, in one line": (".travis.yml", "before_install: pip install sentry-sdk{}\n", "==1.4", "~=2.15"),
    "Bitbucket": ("bitbucket-pipelines.yml", "    - step:\n        script:\n          - pip install sentry-sdk{}\n", "==1.4", "~=2.15"),
    "Read the Docs": (".readthedocs.yaml", "build:\n  jobs:\n    post_install:\n      - pip install sentry-sdk{}\n", "==1.4", "~=2.15"),
    "Task": ("Taskfile.yml", "tasks:\n  i:\n    cmds:\n      - pip install sentry-sdk{}\n", "==1.4", "~=2.15"),
    "just": ("justfile", "install:\n    @pip install 'sentry-sdk{}'\n", "<2", ">=2.15,<3"),
    "a compose file": ("compose.yml", "services:\n  a:\n    command: sh -c \"pip install 'sentry-sdk{}' && python a.py\"\n", "<2", ">=2.15,<3"),
    "a list of a compose file": ("compose.yml", "services:\n  a:\n    command: ['pip', 'install', 'sentry-sdk{}']\n", "<2", ">=2.15,<3"),
    "an image of a compose file": ("docker-compose.yml", "    build:\n      dockerfile_inline: |\n        FROM x\n        RUN pip install sentry-sdk{}\n", "==1.4", "~=2.15"),
    "uv, for one run": ("workflows/a.yml", "    - run: uv run --with 'sentry-sdk{}' pytest\n", "<2", ">=2.15,<3"),
    "uvx": ("ci.sh", "uvx --with=sentry-sdk{} pytest\n", "==1.4", "~=2.15"),
    "an included file of GitLab": ("ci/build.gitlab-ci.yml", "b:\n  script:\n    - pip install sentry-sdk{}\n", "==1.4", "~=2.15"),
    "pipx": ("workflows/a.yml", "    - run: pipx inject a sentry-sdk{}\n", "==1.4", "~=2.15"),
}  # fmt: skip


@pytest.mark.parametrize(("name", "text", "before", "after"), COMMANDS.values(), ids=COMMANDS)
def test_a_command_that_installs(name: str, text: str, before: str, after: str) -> None:
    (finding,) = found(text.format(before), name)
    # a comment may end what goes on in the next line
    assert finding.suppression is None or name.endswith(".toml")
    assert raised(text.format(before), name, "latest") == text.format(after)


ADDED = {
    "Poetry": ("Dockerfile", "RUN poetry add sentry-sdk@^1.40\n"),
    "Poetry, quoted": (
        "workflows/a.yml",
        "    - run: poetry add --group dev 'sentry-sdk[flask]<2'\n",
    ),
    "Poetry, one release": ("Dockerfile", "RUN poetry add a sentry-sdk@1.45.1 b\n"),
    "Poetry, also 1.x": ("Makefile", "a:\n\tpoetry add 'sentry-sdk@>=1.16'\n"),
    "uv": ("Dockerfile", "RUN uv add sentry-sdk==1.45.1\n"),
    "PDM": (".gitlab-ci.yml", "    - pdm add 'sentry-sdk~=1.40'\n"),
}


@pytest.mark.parametrize(("name", "text"), ADDED.values(), ids=ADDED)
def test_what_a_command_also_writes_elsewhere_is_for_a_person(name: str, text: str) -> None:
    (finding,) = found(text, name)
    assert (finding.fix, finding.remedy) == (None, "Have this command add a 2.x release.")


# what: (a file, its text, what of it is a finding)
BY_HAND = {
    "a task's command": ("tasks.py", "def dev(c):\n    c.run('pip install -q sentry-sdk==1.45.1')\n", ["==1.45.1"]),
    "a command for a shell": ("a.py", "import os\nos.system('cd x && pip install \"sentry-sdk<2\" b')\n", ["<2"]),
    "an argument": ("Dockerfile", "ARG SENTRY=1.45.1\nRUN pip install sentry-sdk==${SENTRY}\n", ["1.45.1"]),
    "an argument with quotes": ("Dockerfile", "ARG V='1.45'\nRUN pip install \"sentry-sdk[flask]~=$V\"\n", ["1.45"]),
    "a default": ("install.sh", "pip install sentry-sdk==${V:-1.45.1}\n", ["1.45.1"]),
    "an environment": ("workflows/a.yml", "env:\n  V: 1.45.1\njobs:\n  - run: pip install sentry-sdk==${{ env.V }}\n", ["1.45.1"]),
    "a variable of make": ("Makefile", "V ?= 1.45.1\na:\n\tpip install sentry-sdk==$(V)\n", ["1.45.1"]),
    "a variable of just": ("justfile", "v := '1.45.1'\na:\n    pip install sentry-sdk=={{v}}\n", ["1.45.1"]),
    "a matrix of versions": (
        "workflows/a.yml",
        "      matrix:\n        v: ['1.45.1', '2.20', \"1.40\"]\n    - run: pip install sentry-sdk==${{ matrix.v }}\n",
        ["1.45.1", "1.40"],
    ),
    "a matrix in lines": (
        "workflows/a.yml",
        "matrix:\n  v:\n    - 1.45.1\n    - 2.1.0\nrun: pip install sentry-sdk==${{ matrix.v }}\n",
        ["1.45.1"],
    ),
    "a matrix of requirements": (
        "workflows/a.yml",
        "matrix:\n  s: ['sentry-sdk==1.45.1', 'sentry-sdk>=2']\nrun: pip install '${{ matrix.s }}'\n",
        ["==1.45.1"],
    ),
    "a matrix of more": (
        "workflows/a.yml",
        "    matrix:\n      include:\n        - sentry: sentry-sdk~=1.40\n          x: 1\n        - sentry: \"sentry-sdk<2\"\n    steps: 1\n",
        ["~=1.40", "<2"],
    ),
    "conda's command": ("ci.sh", "conda install -y a sentry-sdk=1.45\n", ["=1.45"]),
    "mamba's": ("Dockerfile", "RUN micromamba create -n x 'conda-forge::a' sentry-sdk=1.*\n", ["=1.*"]),
    "a requirement in a variable of make": ("Makefile", "S = sentry-sdk==1.45.1\na:\n\tpip install $(S)\n", ["==1.45.1"]),
    "a requirement in a script's variable": ("install.sh", "export V='a sentry-sdk<2'\npip install -U \"$V\"\n", ["<2"]),
    "a requirement in a container's argument": ("Dockerfile", "ARG S=sentry-sdk~=1.4\nRUN pip install ${S}\n", ["~=1.4"]),
    "what is written to a file": ("Dockerfile", "RUN echo \"sentry-sdk==1.45.1\" > r.txt && pip install -r r.txt\n", ["==1.45.1"]),
    "what is added to a file": ("ci.sh", "printf 'sentry-sdk<2\\n' | tee -a requirements/ci.txt\n", ["<2"]),
    "a batch file": ("install.bat", "@echo off\r\npip install sentry-sdk==1.45.1\r\n", ["==1.45.1"]),
    "PowerShell": ("install.ps1", 'python -m pip install "a" "sentry-sdk<2"\n', ["<2"]),
    "Jenkins": ("Jenkinsfile", 'node { sh "pip install sentry-sdk==1.45.1" }\n', ["==1.45.1"]),
    "Cloud Build": ("ci/cloudbuild.yaml", 'steps:\n- args: ["-c", "pip install sentry-sdk==1.45.1"]\n', ["==1.45.1"]),
    "a dev container": (".devcontainer/devcontainer.json", "{ \"postCreateCommand\": \"pip install 'sentry-sdk<2'\" }\n", ["<2"]),
    "a compose file's environment": ("docker-compose.yaml", 'x:\n  environment:\n    _PIP_REQUIREMENTS: "a sentry-sdk==1.45.1"\n', ["==1.45.1"]),
    "a compose file's argument": ("compose.yaml", "    args:\n      - EXTRA=sentry-sdk==1.45.1\n", ["==1.45.1"]),
    "Dependabot, all majors of any": (
        "dependabot.yml",
        "    ignore:\n      - dependency-name: \"sentry-*\"\n        update-types: [\"version-update:semver-major\"]\n",
        ["sentry-*"],
    ),
    "Renovate, a pattern": (
        "renovate.json",
        '{"packageRules":[{"matchPackagePatterns":["^sentry"],"matchUpdateTypes":["major"],"enabled":false}]}',
        ["^sentry"],
    ),
    "Dependabot": (
        "dependabot.yml",
        "updates:\n  - package-ecosystem: pip\n    ignore:\n      - dependency-name: \"sentry-sdk\"\n        versions: ['>=2']\n",
        ["sentry-sdk"],
    ),
    "Dependabot, of any kind": ("dependabot.yaml", "    ignore:\n    - dependency-name: sentry-sdk\n    - dependency-name: b\n", ["sentry-sdk"]),
    "Dependabot, in lines": ("dependabot.yml", "    ignore:\n      - dependency-name: sentry-sdk\n        versions:\n          - 2.x\n", ["sentry-sdk"]),
    "Dependabot, all majors": (
        "dependabot.yml",
        "    ignore:\n      - dependency-name: sentry-*\n        update-types: ['version-update:semver-major']\n",
        ["sentry-*"],
    ),
    "Renovate": ("renovate.json", '{"packageRules": [{"matchPackageNames": ["sentry-sdk"], "allowedVersions": "<2"}]}', ["sentry-sdk"]),
    "Renovate, a bound": (".renovaterc", '{"packageRules": [{"allowedVersions": "<2.0.0", "matchDepNames": ["a", "sentry-sdk"]}]}', ["sentry-sdk"]),
    "Renovate, never": ("renovate.json5", "{packageRules: [{matchPackageNames: ['sentry-sdk'], enabled: false}]}", ["sentry-sdk"]),
}  # fmt: skip


@pytest.mark.parametrize(("name", "text", "parts"), BY_HAND.values(), ids=BY_HAND)
def test_what_stands_apart_from_its_package_is_for_a_person(
    name: str, text: str, parts: list[str]
) -> None:
    findings = found(text, name)
    assert [text[one.start : one.end] for one in findings] == parts
    assert all(one.fix is None and one.remedy for one in findings)
    assert raised(text, name, "latest") == text


PRE_COMMIT = ".pre-commit-config.yaml"
HOOK = "repos:\n- repo: https://a.invalid\n  rev: v1\n  hooks:\n  - id: mypy\n    "
# what: (a file, its text with a specifier in the place of `{}`, the specifier, what becomes of it)
IN_YAML = {
    "a hook": (PRE_COMMIT, HOOK + 'additional_dependencies: [a, "sentry-sdk{}"]\n', "==1.45.1", ">=2.15,<3"),
    "a hook, the other quotes": (PRE_COMMIT, HOOK + "additional_dependencies: ['sentry-sdk[flask]{}', b]\n", "<2", ">=2.15,<3"),
    "a hook, a marker": (PRE_COMMIT, HOOK + "additional_dependencies: [\"sentry-sdk{}; python_version > '3.8'\"]\n", "<2", ">=2.15,<3"),
    "a hook, without quotes": (PRE_COMMIT, HOOK + "additional_dependencies: [a, sentry-sdk{}]\n", "==1.45.1", "~=2.15"),
    "a hook, a bound without quotes": (PRE_COMMIT, HOOK + "additional_dependencies: [sentry-sdk{}, a]\n", ">=1.16", "~=2.15"),
    "a hook, several lines": (PRE_COMMIT, HOOK + "additional_dependencies: [\r\n      a,  # it's\r\n      'sentry-sdk{}',\r\n    ]\r\n", "~=1.4", ">=2.15,<3"),
    "a hook, a list": (PRE_COMMIT, HOOK + "additional_dependencies:\n      - a\n\n      # b\n      - sentry-sdk{}  # c\n    args: []\n", ">=1.16,<2", ">=2.15,<3"),
    "a hook, a quoted list": (PRE_COMMIT, HOOK + "additional_dependencies:\n    - 'sentry-sdk{}'\n", ">=1.16", ">=2.15"),
    "a hook, in braces": (PRE_COMMIT, "repos: [{{hooks: [{{id: x, additional_dependencies: ['sentry-sdk{}']}}]}}]\n", "<2", ">=2.15,<3"),
    "conda, pip in brackets": ("environment.yml", "dependencies:\n  - {{pip: [a, 'sentry-sdk{}']}}\n", "==1.45.1", ">=2.15,<3"),
    "a recipe": ("conda/meta.yaml", "requirements:\n  run:\n    - python\n    - sentry-sdk {}\n", ">=1.16,<2", ">=2.15,<3"),
    "a recipe, one release": ("meta.yaml", "requirements:\n  run:\n    - sentry-sdk {}  # [py>=36]\n", "1.45.1", ">=2.15,<3"),
    "a recipe of today": ("recipe/recipe.yaml", "requirements:\n  run:\n    - if: win\n      then:\n        - sentry-sdk {}\n", "1.45.*", ">=2.15,<3"),
}  # fmt: skip


@pytest.mark.parametrize(("name", "text", "before", "after"), IN_YAML.values(), ids=IN_YAML)
def test_a_list_of_yaml(name: str, text: str, before: str, after: str) -> None:
    assert len(found(text.format(before), name)) == 1
    assert raised(text.format(before), name, "latest") == text.format(after)
    for fine in (">=2.1", after):
        assert found(text.format(fine), name) == []


SCRIPT = """# /// script
# dependencies = ["sentry-sdk{}"]
# ///
import sentry_sdk
def f():
    with sentry_sdk.configure_scope() as scope:
        scope.set_tag("a", "b")
"""


@pytest.mark.parametrize(
    ("specifier", "given", "new"),
    [
        ("==2.0.0", "2.75", "sentry_sdk.Scope.get_isolation_scope()"),
        (">=2.3", "2.75", "sentry_sdk.Scope.get_isolation_scope()"),
        (">=2.20", "2.75", "sentry_sdk.get_isolation_scope()"),
        (">=2.20", "2.0", "sentry_sdk.Scope.get_isolation_scope()"),
        ("", "2.75", "sentry_sdk.get_isolation_scope()"),
        ("==1.45.1", "2.75", "sentry_sdk.get_isolation_scope()"),
    ],
)
def test_the_code_of_a_script_is_for_what_it_asks_for(specifier: str, given: str, new: str) -> None:
    settings = Settings(sdk_version=parse_version(given))
    code = SCRIPT.format(specifier)
    assert f"scope = {new}" in fix(Source(code), settings, PurePath("a.py")).text


OLD = {
    "an image": ("Dockerfile", "FROM python:2.7\n"),
    "a slim image": ("Dockerfile", "FROM python:3.5-slim\n"),
    "Python 2": ("Dockerfile", "FROM python:2\n"),
    "an interpreter": ("Dockerfile", "RUN python2.7 -m a\n"),
    "a job's container": ("workflows/a.yml", "    container: python:2.7\n"),
    "a version": ("workflows/a.yml", "        python-version: '2.7'\n"),
    "the first of several": ("workflows/a.yml", "        python-version: [2.7, 3.12]\n"),
    "the last of several": ("workflows/a.yml", '        python-version: ["3.12", "3.5"]\n'),
    "one in a list": ("workflows/a.yml", "        python:\n        - 3.8\n        - '3.5'\n"),
    "a condition": ("workflows/a.yml", "    - if: matrix.python == '2.7'\n"),
    "a variable": (".gitlab-ci.yml", "  PYTHON_VERSION: 3.5.10\n"),
    "an environment": (".gitlab-ci.yml", "  script: tox -e py27\n"),
}


@pytest.mark.parametrize(("name", "text"), OLD.values(), ids=OLD)
def test_what_an_old_python_may_install_is_for_a_person(name: str, text: str) -> None:
    begin = "RUN " if name == "Dockerfile" else "    - run: "
    code = f"{text}{begin}pip install 'sentry-sdk<2'\n"
    (finding,) = found(code, name)
    assert finding.fix is None
    assert "this file also has an older one" in finding.remedy


STAYS = {
    "a list of other things": ("a.py", "NAMES = ['sentry-sdk==1.0']\nTESTED = ('sentry-sdk<2',)\n"),
    "one text of other code": ("a.py", "REQUIREMENT = 'sentry-sdk==1.0'\nDEPS = NEEDS = 'sentry-sdk'\n"),
    "2.x of other code": ("deps.py", "REQ = ['sentry-sdk>=2', 'sentry-sdk-x==1.0']\n"),
    "keys of other code": ("deps.py", "PACKAGES = {'sentry-sdk==1.0': 1}\n"),
    "a list in a function": ("a.py", "def test():\n    reqs = ['sentry-sdk==1.0']\n"),
    "a comment of other code": ("deps.py", "REQ = [\n    # 'sentry-sdk==1.0'\n]\n"),
    "an argument of other code": ("a.py", "check(['sentry-sdk==1.0'], parse('sentry-sdk<2'))\n"),
    "words of no command": ("a.py", "x = ['pip', 'uninstall', 'sentry-sdk==1.0']\ny = ['sentry-sdk==1.0', 'pip', 'install']\n"),
    "a command that code prints": ("a.py", "print('pip install sentry-sdk==1.0')\nraise E('pip install sentry-sdk<2')\n"),
    "a command of another package": ("a.py", "c.run('pip install sentry-sdk-x==1.0 sentry-sdk')\nc.run('echo pip install sentry-sdk==1.0')\n"),
    "documentation of other code": ("a.py", '"""\n    pip install sentry-sdk==1.0\n"""\n'),
    "words that nobody splits": ("setup.py", "setup(description='a sentry-sdk<2 flask')\n"),
    "lines of another argument": ("setup.py", 'setup(keywords="""\nsentry-sdk<2\n""")\n'),
    "words of 2.x": ("setup.py", "setup(install_requires='sentry-sdk>=2 flask'.split())\n"),
    "a program that uv runs": ("ci.sh", "uv run a.py sentry-sdk==1.0\nuvx sentry-sdk==1.0 --with sentry-sdk\n"),
    "2.x for one run": ("ci.sh", "uv run --with 'sentry-sdk>=2' a\nuvx --with sentry-sdk==2.1 a\n"),
    "another package for one run": ("ci.sh", "uvx --with my-sentry-sdk==1.0 --with sentry-sdk-x==1.0 a\n"),
    "2.x of conda": ("ci.sh", "conda install sentry-sdk=2.1 sentry-sdk-x=1.0\nconda remove sentry-sdk=1.4\n"),
    "conda's command that another prints": ("ci.sh", "echo conda install sentry-sdk=1.4\n# conda install sentry-sdk=1.4\n"),
    "pip knows no single sign": ("ci.sh", "pip install sentry-sdk=1.4\n"),
    "a variable that nothing installs": ("Makefile", "S = sentry-sdk==1.45.1\na:\n\techo $(S)\n\tpip install $(SS)\n"),
    "a variable of 2.x": ("install.sh", "V='sentry-sdk==2.1'\npip install \"$V\"\n"),
    "a comment about a variable": ("install.sh", "# V='sentry-sdk==1.0'\npip install \"$V\"\n"),
    "what is written to another file": ("ci.sh", "echo 'sentry-sdk==1.4' >> $GITHUB_STEP_SUMMARY\necho sentry-sdk==1.4 >> CHANGES.md\necho sentry-sdk==1.4 2>&1\n"),
    "a sentence that is written": ("ci.sh", "echo 'we: leave sentry-sdk==1.4' > notes.txt\n"),
    "2.x that is written": ("Dockerfile", "RUN echo sentry-sdk==2.1 > r.txt\n"),
    "what a batch file says": ("a.bat", "echo pip install sentry-sdk==1.0\nrem pip install sentry-sdk==1.0\n:: pip install sentry-sdk==1.0\n"),
    "what a batch file takes away": ("a.bat", "pip uninstall sentry-sdk==1.0\n"),
    "2.x of a batch file": ("a.bat", "pip install sentry-sdk==2.1 sentry-sdk-x==1.0\n"),
    "what PowerShell says": ("a.ps1", "Write-Host 'pip install sentry-sdk==1.0'\n"),
    "a comment of Jenkins": ("Jenkinsfile", "// sh 'pip install sentry-sdk==1.0'\n/*\n * pip install sentry-sdk==1.0\n */\n"),
    "what Jenkins says": ("Jenkinsfile", "echo 'pip install sentry-sdk==1.0'\nsh 'pip install a; echo sentry-sdk==1.0'\n"),
    "the name of a dev container": ("devcontainer.json", '{"name": "pip install sentry-sdk==1.0"}\n'),
    "another file for a container": ("container.json", '{"a": "pip install sentry-sdk==1.0"}\n'),
    "a compose file's label": ("compose.yml", "    labels:\n      needs: sentry-sdk==1.0\n"),
    "2.x of a compose file's environment": ("compose.yml", "    environment:\n      X: sentry-sdk==2.1\n      Y: my-sentry-sdk==1.0\n"),
    "all packages of another": ("dependabot.yml", "    ignore:\n      - dependency-name: sentryx-*\n      - dependency-name: '*-sentry'\n"),
    "another pattern of Renovate": ("renovate.json", '{"packageRules":[{"matchPackagePatterns":["^sentryfish", "sentry"],"matchPackageNames":["^a"]}]}'),
    "another list of a hook": (PRE_COMMIT, HOOK + "args: ['sentry-sdk<2']\n    entry: sentry-sdk<2\n"),
    "after a hook's list": (PRE_COMMIT, HOOK + "additional_dependencies: [a]\n    args: ['sentry-sdk<2']\n"),
    "after a hook's list of lines": (PRE_COMMIT, HOOK + "additional_dependencies:\n    - a\n    args:\n    - sentry-sdk<2\n"),
    "a comment of a hook": (PRE_COMMIT, HOOK + "# additional_dependencies: ['sentry-sdk<2']\n"),
    "a comment in a hook's list": (PRE_COMMIT, HOOK + "additional_dependencies:\n    # - sentry-sdk<2\n    - a  # sentry-sdk<2\n"),
    "another package of a hook": (PRE_COMMIT, HOOK + "additional_dependencies: ['sentry-sdk-x<2', my-sentry-sdk==1.0]\n"),
    "another key of a hook": (PRE_COMMIT, HOOK + "my-additional_dependencies: ['sentry-sdk<2']\n"),
    "for old Pythons, of a hook": (PRE_COMMIT, HOOK + "additional_dependencies: [\"sentry-sdk<2; python_version<'3'\"]\n"),
    "no version of a hook": (PRE_COMMIT, HOOK + "additional_dependencies: [sentry-sdk, 'sentry-sdk[flask]']\n"),
    "another name for hooks": ("hooks.yaml", HOOK + "additional_dependencies: ['sentry-sdk<2']\n"),
    "for old Pythons, of conda's pip": ("environment.yml", "dependencies:\n  - pip:\n    - sentry-sdk<2; python_version < '3'\n"),
    "another list of conda": ("environment.yml", "variables: {x: ['sentry-sdk==1.0'], my-pip: ['sentry-sdk==1.0']}\n"),
    "2.x with a build": ("environment.yml", "dependencies:\n  - sentry-sdk ==2.1 py_0\n  - sentry-sdk 2.1 py_0\n"),
    "for old Pythons, of a recipe": ("meta.yaml", "  run:\n    - sentry-sdk <2  # [py<36]\n    - sentry-sdk 1.4 # [py2k]\n"),
    "a recipe's variable": ("meta.yaml", "  run:\n    - sentry-sdk {{ version }}\n"),
    "a recipe of sentry-sdk": ("meta.yaml", "package:\n  name: sentry-sdk\n  version: 1.45.1\n"),
    "no command that installs": ("Dockerfile", "RUN echo sentry-sdk==1.45.1\n"),
    "2.x that Poetry adds": ("Dockerfile", "RUN poetry add sentry-sdk@^2.1 && poetry add sentry-sdk@latest sentry-sdk\n"),
    "what Poetry removes": ("Dockerfile", "RUN poetry remove sentry-sdk@^1.40\nRUN poetry lock && echo poetry add sentry-sdk@^1.40\n"),
    "no version of pip's": ("Dockerfile", "RUN pip install sentry-sdk@1.40\n"),
    "another command of tox": ("tox.ini", "[testenv]\ncommands = echo pip install sentry-sdk==1.0\n  pip uninstall sentry-sdk==1.0\n"),
    "another option of tox": ("tox.ini", "[testenv]\ndescription =\n  pip install sentry-sdk==1.0\ncommands = a\nsetenv =\n  pip install sentry-sdk==1.0\n"),
    "some environments' commands of tox": ("tox.ini", "[testenv]\ncommands =\n  old: pip install sentry-sdk==1.0\n"),
    "a comment among tox's commands": ("tox.ini", "[testenv]\ncommands =\n  # pip install sentry-sdk==1.0\n  a\n"),
    "2.x of tox": ("tox.ini", "[testenv]\ncommands = pip install sentry-sdk>=2.0\n"),
    "other commands of tox.toml": ("tox.toml", "[env.a]\ncommands = [['echo', 'sentry-sdk==1.0'], ['pip', 'list', 'sentry-sdk==1.0']]\n"),
    "what a Makefile prints": ("Makefile", "a:\n\t@echo pip install sentry-sdk==1.0\n# pip install sentry-sdk==1.0\n"),
    "a script of another shell": ("install.fish", "pip install sentry-sdk==1.0\n"),
    "what a script prints": ("install.sh", "echo pip install sentry-sdk==1.0\n# pip install sentry-sdk==1.0\n"),
    "what a script writes": ("install.sh", "cat > r.txt <<EOF\npip install sentry-sdk==1.0\nEOF\n"),
    "another line of a Procfile": ("Procfile", "web: echo 'pip install sentry-sdk==1.0'\n"),
    "a command that another prints": ("Dockerfile", "RUN echo pip install sentry-sdk==1.45.1\n"),
    "another command in the line": ("Dockerfile", "RUN pip install a && echo sentry-sdk==1.0\n"),
    "what a command takes away": ("Dockerfile", "RUN pip uninstall sentry-sdk==1.0\n"),
    "a redirection": ("Dockerfile", "RUN pip install sentry-sdk<2\n"),
    "a variable's version": ("Dockerfile", "RUN pip install sentry-sdk==$VERSION\n"),
    "a comment in a container": ("Dockerfile", "# RUN pip install sentry-sdk==1.45.1\n"),
    "another package in a container": ("Dockerfile", "RUN pip install my-sentry-sdk==1.0\n"),
    "a longer name": ("Dockerfile", "RUN pip install sentry-sdk-x==1.0 x/sentry-sdk==1.0\n"),
    "2.x in a container": ("Dockerfile", "RUN pip install sentry-sdk==2.3 'sentry-sdk>=2'\n"),
    "for old Pythons, in a container": ("Dockerfile", "RUN pip install 'sentry-sdk<2; python_version<\"3.6\"'\n"),
    "a label": ("Dockerfile", "LABEL a=\"pip install sentry-sdk==1.0\"\n"),
    "a step's name": ("workflows/a.yml", "    - name: pip install sentry-sdk==1.0\n"),
    "a comment in a workflow": ("workflows/a.yml", "    # - run: pip install sentry-sdk==1.0\n"),
    "a matrix": ("workflows/a.yml", "    sentry: ['sentry-sdk==1.0']\n"),
    "another file of YAML": ("ci.yml", "    - run: pip install sentry-sdk==1.0\n"),
    "no comment of a script": ("a.py", "# dependencies = ['sentry-sdk<2']\nimport sentry_sdk\n"),
    "an open comment of a script": ("a.py", "# /// script\n# dependencies = ['sentry-sdk<2']\nimport sentry_sdk\n"),
    "two comments of a script": ("a.py", "# /// script\n# dependencies = ['sentry-sdk<2']\n# ///\n\n# /// script\n# dependencies = []\n# ///\nimport sentry_sdk\n"),
    "another comment of a script": ("a.py", "# /// other\n# dependencies = ['sentry-sdk<2']\n# ///\nimport sentry_sdk\n"),
    "broken TOML of a script": ("a.py", "# /// script\n# dependencies = ['sentry-sdk<2'\n# ///\nimport sentry_sdk\n"),
    "a comment in a script's": ("a.py", "# /// script\n# # 'sentry-sdk<2'\n# dependencies = []\n# ///\nimport sentry_sdk\n"),
    "2.x of a script": ("a.py", "# /// script\n# dependencies = ['sentry-sdk>=2']\n# ///\nimport sentry_sdk\n"),
    "indented": ("a.py", "def f():\n    # /// script\n    # dependencies = ['sentry-sdk<2']\n    # ///\n    import sentry_sdk\n"),
    "suppressed in a script": ("a.py", "# /// script\n# dependencies = ['sentry-sdk<2']  # sentry-migrate: ignore[SEN901]\n# ///\nimport sentry_sdk\n"),
    "for old Pythons": ("requirements.txt", 'sentry-sdk<2; python_version < "3.6"\n'),
    "for Python 2": ("requirements.txt", "sentry-sdk==1.45.1 ; python_version=='2.7'\n"),
    "for old Pythons on Windows": (
        "requirements.txt",
        "sentry-sdk<2; python_version < '3.5' and sys_platform == 'win32'\n",
    ),
    "for old Pythons, in a project": (
        "pyproject.toml",
        "[project]\ndependencies = ['sentry-sdk<2; python_version < \"3\"']\n",
    ),
    "for old Pythons, in Poetry": (
        "pyproject.toml",
        '[tool.poetry.dependencies]\nsentry-sdk = {version = "^1.0", python = "~2.7"}\n',
    ),
    "for old Pythons, in Pipenv": (
        "Pipfile",
        "[packages]\nsentry-sdk = {version = '<2', markers = \"python_version < '3.6'\"}\n",
    ),
    "for old Pythons, in setup.py": ("setup.py", "R = ['sentry-sdk<2;python_version<\"3.6\"']\n"),
    "some environments of tox beside others": ("tox.ini", "[testenv]\ndeps =\n    old: sentry-sdk<2\n    new: sentry-sdk>=2\n"),
    "some environments of tox beside any release": ("tox.ini", "[testenv]\ndeps =\n    old: sentry-sdk<2\n    !old: sentry-sdk\n"),
    "some environments of tox beside all": ("tox.ini", "[testenv]\ndeps =\n    sentry-sdk>=2\n    old: sentry-sdk<2\n"),
    "environments of tox with two factors": ("tox.ini", "[testenv]\ndeps =\n    py27-old: sentry-sdk<2\n    py27,old: sentry-sdk<2\n"),
    "some environments of tox with 2.x": ("tox.ini", "[testenv]\ndeps =\n    new: sentry-sdk>=2\n"),
    "old Pythons of tox": ("tox.ini", "[testenv]\ndeps =\n    py27: sentry-sdk<2\n    py35,py36: sentry-sdk<2\n"),
    "2.x of some Pythons": ("tox.ini", "[testenv]\ndeps =\n    py38: sentry-sdk>=2\n    !py27: sentry-sdk\n"),
    "another list of setup.cfg": ("setup.cfg", "[metadata]\nkeywords =\n    sentry-sdk<2\n"),
    "another table of pixi": ("pixi.toml", "[activation.env]\nsentry-sdk = '1.0'\n"),
    "another package of pixi": ("pixi.toml", "[dependencies]\nmy-sentry-sdk = '1.0'\nsentry-sdk-x = '1.0'\n"),
    "a comment of pixi": ("pixi.toml", "[dependencies]\n# sentry-sdk = '1.0'\na = '1.0'\n"),
    "a description": ("pyproject.toml", '[project]\ndescription = "sentry-sdk<2"\n'),
    "keywords": ("pyproject.toml", '[project]\nkeywords = ["sentry-sdk<2"]\n'),
    "a key of something else": ("pyproject.toml", '[tool.mine]\nsentry-sdk = "1.0"\n'),
    "a comment": ("requirements.txt", "# sentry-sdk<2\nflask  # sentry-sdk==1.0\n"),
    "a comment in TOML": ("pyproject.toml", '[project]\n# "sentry-sdk<2"\ndependencies = []\n'),
    "a comment in YAML": ("environment.yml", "dependencies:\n#  - sentry-sdk=1.0\n"),
    "a comment in INI": ("setup.cfg", "[options]\ninstall_requires =\n    # sentry-sdk<2\n    a\n"),
    "another package": ("requirements.txt", "sentry-sdk-tools<2\nmy-sentry-sdk<2\n"),
    "another package of conda": ("environment.yml", "dependencies:\n  - sentry-sdk-x=1.0\n"),
    "another package's address": ("requirements.txt", "x @ https://a.invalid/1.45.1.zip\ngit+https://a.invalid/x@1.45.1#egg=x\n"),
    "an address of another package's plugin": ("requirements.txt", "git+https://a.invalid/x@1.0#egg=sentry-sdk-x\nhttps://a.invalid/sentry-sdk-x-1.0.zip\n"),
    "an address of 2.x": ("requirements.txt", "sentry-sdk @ https://a.invalid/1.0/sentry_sdk-2.1.0-py2.py3-none-any.whl\n"),
    "a tag of 2.x": ("requirements.txt", "git+https://github.com/getsentry/sentry-python@2.1.0#egg=sentry-sdk\n"),
    "a file of 2.x": ("requirements.txt", "./vendor/1.0/sentry_sdk-2.1.0-py2.py3-none-any.whl\n-r a/1.0.zip\n"),
    "a branch": ("requirements.txt", "git+https://github.com/getsentry/sentry-python@1.0-fix#egg=sentry-sdk\n"),
    "no tag": ("requirements.txt", "-e git+https://github.com/getsentry/sentry-python#egg=sentry-sdk\nsentry-sdk @ https://a.invalid/1.0/x.zip\n"),
    "an address in a comment": ("requirements.txt", "# sentry-sdk @ https://a.invalid/1.45.1.zip\na # git+https://a.invalid/x@1.0#egg=sentry-sdk\n"),
    "an address for old Pythons": ("requirements.txt", "sentry-sdk @ https://a.invalid/1.45.1.zip ; python_version < '3'\n"),
    "Poetry's tag of 2.x": ("pyproject.toml", "[tool.poetry.dependencies]\nsentry-sdk = {git = 'x', tag = '2.1.0'}\n"),
    "Poetry's branch": ("pyproject.toml", "[tool.poetry.dependencies]\nsentry-sdk = {git = 'https://a.invalid/1.0', branch = '1.0', rev = '1af'}\n"),
    "another package's tag": ("pyproject.toml", "[tool.uv.sources]\nx = {git = 'x', tag = '1.1.0'}\n"),
    "another tool's tag": ("pyproject.toml", "[tool.mine]\nsentry-sdk = {git = 'x', tag = '1.1.0'}\n"),
    "an address of 2.x that a command installs": ("Dockerfile", "RUN pip install git+https://github.com/getsentry/sentry-python@2.0.0\n"),
    "an address that no command installs": ("Dockerfile", "RUN git clone https://github.com/getsentry/sentry-python/1.45.1.zip sentry-sdk\n"),
    "an egg": ("requirements.txt", "-e git+https://a.invalid/x#egg=sentry-sdk==1.0\n"),
    "no version": ("requirements.txt", "sentry-sdk===banana\nsentry-sdk==one\n"),
    "nothing that fits": ("requirements.txt", "sentry-sdk>2,<2\n"),
    "broken TOML": ("pyproject.toml", '[project\ndependencies = ["sentry-sdk<2"]\n'),
    "broken INI": ("setup.cfg", "install_requires = sentry-sdk<2\n[options\n"),
    "code with another name": ("deploy.py", "import sentry_sdk\nNEEDS = 'sentry-sdk<2'\n"),
    "a text that only mentions it": ("setup.py", "DOC = 'needs sentry-sdk<2 or so'\n"),
    "an f-string of a parameter": ("noxfile.py", "def f(session, v):\n    session.install(f'sentry-sdk=={v}', 'sentry-sdk==%s' % v)\n"),
    "an f-string of 2.x": ("setup.py", "V = '2.1'\nR = [f'sentry-sdk>={V}', 'sentry-sdk' + '>=2,<3']\n"),
    "a constant that is set again": ("setup.py", "V = '1.4'\nif x:\n    V = '2.1'\nR = [f'sentry-sdk=={V}']\n"),
    "another package's parts": ("setup.py", "V = '1.4'\nR = [f'sentry-sdk-x=={V}', 'my-' + 'sentry-sdk==1.4']\n"),
    "a text of parts that only mentions it": ("setup.py", "V = '<2'\nDOC = f'needs sentry-sdk{V}' + ' or ' + 'sentry-sdk'\n"),
    "parts for old Pythons": ("setup.py", "R = ['sentry-sdk<2' + '; python_version < \"3\"']\n"),
    "parts in other code": ("a.py", "import sentry_sdk\nV = '1.4'\nR = [f'sentry-sdk=={V}']\n"),
    "a text of several lines": ("setup.py", "DOC = '''\nsentry-sdk<2\n'''\n"),
    "several lines of 2.x": ("setup.py", "R = '''\nsentry-sdk>=2\n# sentry-sdk<2\n'''.split()\n"),
    "a lock file of 2.x": ("uv.lock", '[[package]]\nname = "sentry-sdk"\nversion = "2.20.0"\n'),
    "a lock file of conda's other packages": ("pixi.lock", "- conda: https://a.invalid/sentry-sdk-1.4/x-2.0-0.conda\n"),
    "a lock file of another name": ("conda-lock.yaml", "- name: sentry-sdk\n  version: 1.40.0\n"),
    "what a lock file's package needs": ("pixi.lock", "- conda: a\n  depends:\n  - sentry-sdk >=1.0,<2\n"),
    "a generated file of 2.x": ("requirements.txt", "# autogenerated by pip-compile\nsentry-sdk==2.3\n"),
    "suppressed": ("requirements.txt", "sentry-sdk<2  # sentry-migrate: ignore[SEN901]\n"),
    "a text for a file": ("workflows/a.yml", "    - run: |\n        cat <<EOF > r.txt\n        pip install sentry-sdk==1.0\n        EOF\n"),
    "a text for a file of a container": ("Dockerfile", "COPY <<-'EOF' /r.sh\npip install sentry-sdk==1.0\nEOF\n"),
    "what an action is given": ("workflows/a.yml", "    - uses: x\n      with:\n        run: pip install sentry-sdk==1.0\n\n        script: |\n          pip install sentry-sdk==1.0\n"),
    "an old Python of a script": ("a.py", "# /// script\n# requires-python = '<3.6'\n# dependencies = ['sentry-sdk<2']\n# ///\nimport sentry_sdk\n"),
    "a compose file's environment": ("compose.yml", "services:\n  a:\n    environment:\n      X: pip install sentry-sdk==1.0\n      V: 1.0\n"),
    "no job": (".circleci/a.json", "- run: pip install sentry-sdk==1.0\n"),
    "the name of a step": ("action.yml", "    - name: pip install sentry-sdk==1.0\n      description: pip install sentry-sdk==1.0\n"),
    "a config of something else": ("config.yml", "- run: pip install sentry-sdk==1.0\n"),
    "a directory of one that is not of requirements": ("docs/local/dev.txt", "sentry-sdk==1.0\n"),
    "another table of uv": ("uv.toml", "[[index]]\nname = 'sentry-sdk==1.0'\n"),
    "an argument of 2.x": ("Dockerfile", "ARG SENTRY=2.20.0\nRUN pip install sentry-sdk==${SENTRY}\n"),
    "an argument of another package": ("Dockerfile", "ARG V=1.45.1\nRUN pip install flask==$V sentry-sdk==$W\n"),
    "an argument of another name": ("Dockerfile", "ARG MY_V=1.45.1\nARG V_X=1.0.1\nRUN pip install sentry-sdk==$V\n"),
    "a bound of a variable": ("Dockerfile", "ARG V=1.45.1\nRUN pip install 'sentry-sdk>=$V'\n"),
    "a matrix of 2.x": ("workflows/a.yml", "matrix:\n  s: ['sentry-sdk>=2.1', sentry-sdk]\n  d: [sentry-sdk-x==1.0]\n"),
    "beside a matrix": ("workflows/a.yml", "matrix:\n  s: [a]\nsteps: ['sentry-sdk==1.0']\n"),
    "in a comment of a matrix": ("workflows/a.yml", "matrix:\n  # s: ['sentry-sdk==1.0']\n  s: [a]  # 'sentry-sdk==1.0'\n"),
    "what Dependabot may update": ("dependabot.yml", "    allow:\n      - dependency-name: sentry-sdk\n"),
    "a minor update": ("dependabot.yml", "    ignore:\n      - dependency-name: sentry-sdk\n        update-types: ['version-update:semver-patch']\n"),
    "what is old": ("dependabot.yml", "    ignore:\n      - dependency-name: sentry-sdk\n        versions: ['1.x', '<1.20']\n"),
    "another package of Dependabot": ("dependabot.yml", "    ignore:\n      - dependency-name: sentry-sdk-x\n      - dependency-name: b\n        versions: ['>=2']  # sentry-sdk\n"),
    "Dependabot's group": ("dependabot.yml", "    groups:\n      sentry:\n        patterns:\n          - sentry-sdk\n"),
    "another package of Renovate": ("renovate.json", '{"packageRules": [{"matchPackageNames": ["x"], "allowedVersions": "<2"}, {"matchPackageNames": ["sentry-sdk"]}]}'),
    "what Renovate may update": ("renovate.json", '{"packageRules": [{"matchPackageNames": ["sentry-sdk"], "allowedVersions": "<3"}, {"matchPackageNames": ["sentry-sdk"], "enabled": true}]}'),
    "another file for JSON": ("package.json", '{"packageRules": [{"matchPackageNames": ["sentry-sdk"], "allowedVersions": "<2"}]}'),
}  # fmt: skip


@pytest.mark.parametrize(("name", "text"), STAYS.values(), ids=STAYS)
def test_stays(name: str, text: str) -> None:
    assert found(text, name) == []
    assert raised(text, name, "latest") == text


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Dockerfile", "RUN \\\n" + "\\\n" * 20_000 + "sentry-sdk"),
        ("Dockerfile", "RUN " + '["' * 20_000 + "sentry-sdk"),
        ("Dockerfile", "RUN <<A\nCOPY <<B x\n" * 3_000 + "sentry-sdk"),
        ("workflows/a.yml", "  with:\n" * 20_000 + "sentry-sdk"),
        ("workflows/a.yml", "python: " + "1.1 " * 20_000 + "sentry-sdk"),
        ("workflows/a.yml", "python" * 20_000 + "sentry-sdk"),
        (PRE_COMMIT, "additional_dependencies: [" + "a, " * 20_000 + "sentry-sdk"),
        (PRE_COMMIT, "additional_dependencies:\n" * 20_000 + "sentry-sdk"),
        (PRE_COMMIT, "additional_dependencies: ['" + "\"\\'" * 20_000 + "sentry-sdk"),
        ("tox.ini", "[testenv]\ncommands = a\n" + "\n  pip install \n#" * 20_000 + "sentry-sdk"),
        ("Dockerfile", "RUN pip install " + "a" * 40_000 + "sentry-sdk"),
        ("requirements.txt", "a/" * 20_000 + " sentry-sdk x\n" + ",\\\n" * 20_000),
        ("pyproject.toml", "a = " + "'\"" * 20_000 + "sentry-sdk"),
        ("Dockerfile", "RUN pip install sentry-sdk==$A\n" + "A=" * 20_000),
        ("workflows/a.yml", "  matrix:\n" * 20_000 + "    - sentry-sdk\n" * 20_000),
        (
            "dependabot.yml",
            "  allow:\n" + "  - dependency-name: sentry-sdk\n    x: 1\n" * 500 + "  - x\n" * 9_000,
        ),
        ("renovate.json", '{"sentry-sdk": "' * 20_000),
        ("a.py", "import sentry_sdk\n" + "# /// script\n# sentry-sdk\n" * 3_000),
    ],
    ids=[
        *("empty lines", "brackets", "texts", "given", "versions", "Pythons"),
        *(
            "hooks",
            "lists of hooks",
            "quotes of a hook",
            "commands",
            "a word",
            "an address",
            "quotes",
            *("variables", "matrices", "updates", "JSON"),
            "comments",
        ),
    ],
)
def test_a_long_text_costs_no_more_than_its_length(name: str, text: str) -> None:
    begin = time.process_time()
    assert found(text, name) == []
    assert time.process_time() - begin < 5


@pytest.mark.parametrize(
    ("bounds", "after"),
    [(">=1.5,\\\n<2", ">=2.15,<3"), ("~=1.5, \\\r\n  !=1.6", ">=2.15,<3"), (">=2.1,\\\n<3", "")],
)
def test_bounds_in_two_lines(bounds: str, after: str) -> None:
    text = "a\nsentry-sdk{} \\\n  ; python_version > '3'\nb\n"
    assert raised(text.format(bounds), "requirements.txt", "latest") == text.format(after or bounds)


def test_only_the_old_one_of_two() -> None:
    """The same string in a comment and in a list of other things is no requirement."""
    text = '# "sentry-sdk<2"\n[project]\nname = "x"\ndependencies = ["sentry-sdk<2"] # "sentry-sdk<2"\n'
    after = raised(text, "pyproject.toml", "latest")
    assert 'dependencies = ["sentry-sdk>=2.15,<3"] #' in after
    assert after.count("sentry-sdk<2") == 2


def test_findings_are_by_position() -> None:
    text = '[project]\nrequires-python = ">=2.7"\ndependencies = ["sentry-sdk<2"]\n'
    result = analyze(Source(text), Settings(), PurePath("pyproject.toml"))
    assert [finding.name for finding in result.findings] == [PYTHON, PIN]


def test_bounds_that_leave_no_room() -> None:
    (finding,) = found("sentry-sdk>=1.0,<2.5\n", "requirements.txt", "2.12")
    assert finding.fix is None
    assert "2.x" in finding.remedy


HEADER = "#\n# This file is autogenerated by pip-compile with Python 3.11\n# by the following command:\n#\n#    {}\n#\n"
LOCKED = '[[package]]\nname = "sentry-sdk"\nversion = "1.40.0"\n'
PIPENV = json.dumps(
    {"default": {"sentry-sdk": {"hashes": ["sha256:0"], "index": "x", "version": "==1.40.0"}}},
    indent=4,
)

GENERATED = {
    "pip-compile": (
        "requirements.txt",
        HEADER.format("pip-compile requirements.in") + "sentry-sdk==1.40.0\n    # via -r requirements.in\n",
        "pip-compile --upgrade-package sentry-sdk requirements.in",
    ),
    "pip-compile, hashes": (
        "requirements/dev.txt",
        HEADER.format("pip-compile --generate-hashes dev.in") + "sentry-sdk==1.40.0 \\\n    --hash=sha256:0\n",
        "pip-compile --upgrade-package sentry-sdk --generate-hashes dev.in",
    ),
    "pip-compile without its command": (
        "requirements.txt",
        "# This file is autogenerated by pip-compile\n# make deps\nsentry-sdk==1.40.0\n",
        "pip-compile --upgrade-package sentry-sdk",
    ),
    "uv pip compile": (
        "requirements.txt",
        "# This file was autogenerated by uv via the following command:\n"
        "#    uv pip compile requirements.in -o requirements.txt\nsentry-sdk[flask]==1.40.0\n",
        "uv pip compile --upgrade-package sentry-sdk requirements.in -o requirements.txt",
    ),
    "uv export": (
        "requirements.txt",
        "# This file was autogenerated by uv via the following command:\n"
        "#    uv export --no-dev -o requirements.txt\nsentry-sdk==1.40.0 \\\n    --hash=sha256:0\n",
        "uv export --upgrade-package sentry-sdk --no-dev -o requirements.txt",
    ),
    "hashes": ("requirements.txt", "sentry-sdk==1.40.0 --hash=sha256:0\n", "the tool that wrote the hashes"),
    "uv.lock": ("uv.lock", LOCKED, "uv lock --upgrade-package sentry-sdk"),
    "poetry.lock": ("poetry.lock", LOCKED, "poetry update sentry-sdk"),
    "pdm.lock": ("pdm.lock", LOCKED, "pdm update sentry-sdk"),
    "pylock.toml": ("pylock.toml", LOCKED.replace("package", "packages"), "the tool that created it"),
    "pixi.lock": (
        "pixi.lock",
        "version: 6\nenvironments:\n  default:\n    packages:\n      linux-64:\n"
        "      - conda: https://a.invalid/noarch/sentry-sdk-1.40.0-pyhd8ed1ab_0.conda\n"
        "packages:\n- conda: https://a.invalid/noarch/sentry-sdk-1.40.0-pyhd8ed1ab_0.conda\n  sha256: 0\n",
        "pixi update sentry-sdk",
    ),
    "pixi.lock, of PyPI": (
        "pixi.lock",
        "packages:\n- pypi: https://a.invalid/sentry_sdk-1.40.0-py2.py3-none-any.whl\n"
        "  name: sentry-sdk\n  version: 1.40.0\n  sha256: 0\n",
        "pixi update sentry-sdk",
    ),
    "pixi.lock, of earlier days": (
        "pixi.lock",
        "packages:\n- kind: conda\n  name: sentry-sdk\n  version: 1.40.0\n  url: https://a.invalid\n",
        "pixi update sentry-sdk",
    ),
    "conda-lock.yml": (
        "conda-lock.yml",
        "package:\n- name: sentry-sdk\n  version: 1.40.0\n  manager: conda\n",
        "conda-lock lock --update sentry-sdk",
    ),
    "conda-lock, named": (
        "dev.conda-lock.yml",
        "package:\n- name: sentry-sdk\n  version: '1.40.0'\n",
        "the tool that created it",
    ),
    "Pipfile.lock": ("Pipfile.lock", PIPENV, "pipenv upgrade --lock-only sentry-sdk"),
}  # fmt: skip


@pytest.mark.parametrize(("name", "text", "command"), GENERATED.values(), ids=GENERATED)
def test_left_to_its_tool(name: str, text: str, command: str) -> None:
    (finding,) = found(text, name)
    assert text[finding.start : finding.end].endswith("1.40.0")
    assert found(text.replace("1.40.0", "2.20.0"), name) == []
    assert found(text.replace("entry", "x-sentry"), name) == []
    assert finding.fix is None
    assert command in finding.remedy
    assert raised(text, name, "latest") == text


# what: the code of `setup.py`, what it becomes; nothing where that is for a person
TOGETHER = {
    "an f-string": ("V = '1.39.1'\nR = [f'sentry-sdk>={V},<2']\n", ""),
    "an f-string elsewhere": ("V = '1.39.1'\nSDK = f'sentry-sdk[flask]=={V}'\nR = [SDK]\n", ""),
    "an f-string with the bound": ("SDK = 'sentry-sdk'\nR = [f'{SDK}<2']\n", "SDK = 'sentry-sdk'\nR = [f'{SDK}>=2.15,<3']\n"),
    "percent": ("V = '1.39.1'\nR = ['sentry-sdk==%s' % V]\n", ""),
    "format": ("V = '1.39.1'\nR = ['sentry-sdk=={}'.format(V)]\n", ""),
    "plus": ("R = ['a', 'sentry-sdk' + '>=1.2,<2']\n", "R = ['a', 'sentry-sdk' + '>=2.15,<3']\n"),
    "plus, two bounds": ("R = ['sentry-sdk>=1.2' + ',<2']\n", ""),
    "beside each other": ("R = ['sentry-sdk' '[flask]~=1.4']\n", "R = ['sentry-sdk' '[flask]>=2.15,<3']\n"),
    "a marker": ("M = '; python_version > \"3\"'\nR = ['sentry-sdk<2' + M]\n", "M = '; python_version > \"3\"'\nR = ['sentry-sdk>=2.15,<3' + M]\n"),
    "a part that cannot be told": ("from x import M\nR = ['sentry-sdk<2' + M]\n", ""),
    "several parts that cannot be told": ("from x import A, B\nR = [('sentry-sdk<2' + A) + B]\n", ""),
    "a list in a text": ("R = ' '.join(['sentry-sdk<2', 'a'])\n", "R = ' '.join(['sentry-sdk>=2.15,<3', 'a'])\n"),
    "a list of two": ("R = ['sentry-sdk<2'] + ['a']\n", "R = ['sentry-sdk>=2.15,<3'] + ['a']\n"),
    "lines": ("R = '''\na\nsentry-sdk<2\n'''.split()\n", "R = '''\na\nsentry-sdk>=2.15,<3\n'''.split()\n"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "after"), TOGETHER.values(), ids=TOGETHER)
def test_what_is_put_together(text: str, after: str) -> None:
    (finding,) = found(text, "setup.py")
    assert raised(text, "setup.py", "latest") == (after or text)
    if not after:
        assert "so that it says `>=2.15,<3`" in finding.remedy


NAMED = {
    "an archive": ("requirements.txt", "sentry-sdk @ https://github.com/getsentry/sentry-python/archive/refs/tags/1.45.1.tar.gz\n"),
    "an archive's marker": ("requirements.txt", "sentry-sdk[flask]@https://a.invalid/v1.45.1.zip ; python_version > '3' # x\n"),
    "a wheel": ("requirements.txt", "https://a.invalid/2.0/sentry_sdk-1.45.1-py2.py3-none-any.whl\n"),
    "a file": ("requirements.txt", "a\n./vendor/sentry_sdk-1.45.1-py2.py3-none-any.whl\n"),
    "Poetry, a file": ("pyproject.toml", "[tool.poetry.dependencies]\nsentry-sdk = {path = 'vendor/sentry-sdk-1.45.1.tar.gz'}\n"),
    "a tag": ("constraints.txt", "a\ngit+https://github.com/getsentry/sentry-python.git@1.45.1\n"),
    "a tag with its name": ("requirements.txt", "-e git+ssh://git@a.invalid/sentry-python@v1.45.1#egg=sentry-sdk  # x\n"),
    "setup.cfg": ("setup.cfg", "[options]\ninstall_requires =\n    sentry-sdk @ git+https://a.invalid/x@1.45.1\n"),
    "setup.py": ("setup.py", "R = ['sentry-sdk @ git+https://a.invalid/x@1.45.1']\n"),
    "project": ("pyproject.toml", "[project]\ndependencies = ['sentry-sdk @ git+https://a.invalid/x@1.45.1']\n"),
    "Poetry": ("pyproject.toml", "[tool.poetry.dependencies]\nsentry-sdk = {git = 'https://a.invalid', tag = '1.45.1'}\n"),
    "Poetry, an address": ("pyproject.toml", "[tool.poetry.dependencies]\nsentry-sdk = {url = 'https://a.invalid/sentry_sdk-1.45.1-py3.whl'}\n"),
    "Poetry, a table": ("pyproject.toml", "[tool.poetry.dependencies.sentry-sdk]\ngit = 'x'\nrev = 'v1.45.1'\n"),
    "uv": ("pyproject.toml", "[project]\ndependencies = ['sentry-sdk']\n[tool.uv.sources]\nsentry-sdk = { git = 'x', tag = '1.45.1' }\n"),
    "Pipenv": ("Pipfile", "[packages]\nsentry-sdk = {git = 'x', ref = '1.45.1', editable = true}\n"),
    "a command": ("Dockerfile", "RUN pip install a git+https://github.com/getsentry/sentry-python@1.45.1\n"),
}  # fmt: skip


@pytest.mark.parametrize(("name", "text"), NAMED.values(), ids=NAMED)
def test_a_release_that_an_address_names_is_for_a_person(name: str, text: str) -> None:
    (finding,) = found(text, name)
    assert text[finding.start : finding.end] == "1.45.1"
    assert (finding.fix, finding.remedy) == (None, "Name a release of 2.x here instead.")


PYTHONS = {
    "project": ("pyproject.toml", '[project]\nrequires-python = "{}"\ndependencies = ["sentry-sdk"]\n'),
    "Poetry": ("pyproject.toml", '[tool.poetry.dependencies]\npython = "{}"\nsentry-sdk = "*"\n'),
    "setup.cfg": ("setup.cfg", "[options]\npython_requires = {}\ninstall_requires = sentry-sdk\n"),
    "setup.py": ("setup.py", "from setuptools import setup\nsetup(python_requires='{}', install_requires=['sentry-sdk'])\n"),
    "conda": ("environment.yml", "dependencies:\n  - python{}\n  - sentry-sdk\n"),
    "a script": ("a.py", "# /// script\n# requires-python = '{}'\n# dependencies = ['sentry-sdk']\n# ///\nimport sentry_sdk\n"),
}  # fmt: skip


@pytest.mark.parametrize(("name", "text"), PYTHONS.values(), ids=PYTHONS)
@pytest.mark.parametrize(
    ("specifier", "old"),
    [
        (">=2.7", True),
        (">=3.5", True),
        (">=3.5.3,<4", True),
        ("~=3.5", True),
        (">=2.7,!=3.0.*,!=3.1.*", True),
        ("==3.5.*", True),
        (">=3.6", False),
        (">=3.6.1", False),
        ("~=3.8", False),
        ("<4", False),
        (">3.6", False),
    ],
)
def test_python(name: str, text: str, specifier: str, old: bool) -> None:
    findings = found(text.format(specifier), name, rule=PYTHON)
    assert [finding.fix for finding in findings] == [None] * old


@pytest.mark.parametrize(
    ("name", "text", "old"),
    [
        ("Pipfile", '[packages]\nsentry-sdk = "*"\n[requires]\npython_version = "2.7"\n', True),
        ("Pipfile", '[packages]\nsentry-sdk = "*"\n[requires]\npython_full_version = "2.7.3"\n', True),
        ("Pipfile", '[packages]\nsentry-sdk = "*"\n[requires]\npython_version = "3.10"\n', False),
        ("pyproject.toml", '[tool.poetry.dependencies]\npython = "^2.7 || ^3.5"\nsentry-sdk = "*"\n', True),
        ("pyproject.toml", '[tool.poetry.dependencies]\npython = "^3.8"\nsentry-sdk = "*"\n', False),
        ("pyproject.toml", '[project]\nrequires-python = ">=2.7"\n', False),
        ("pyproject.toml", '[project]\n# requires-python = ">=2.7"\ndependencies = ["sentry-sdk"]\n', False),
        ("setup.cfg", "[mine]\npython_requires = >=2.7\n[options]\ninstall_requires = sentry-sdk\n", False),
        ("setup.py", "from setuptools import setup\nsetup(python_requires='>=2.7')\n", False),
        ("environment.yml", "dependencies:\n  - python=3.5\n  - sentry-sdk\n", True),
        ("environment.yml", "dependencies:\n  - python-dateutil=2.7\n  - sentry-sdk\n", False),
    ],
)  # fmt: skip
def test_other_pythons(name: str, text: str, old: bool) -> None:
    assert bool(found(text, name, rule=PYTHON)) is old


@pytest.mark.parametrize("name", ["docker-compose.yml", "docker-compose.prod.yaml", "compose.yaml"])
@pytest.mark.parametrize(
    ("image", "old"),
    [
        ("getsentry/sentry:20.5.1", True),
        ("getsentry/sentry:10.0.0", True),
        ("registry.example.invalid:5000/getsentry/sentry:9.1", True),
        ("sentry:9.1.2", True),
        ("sentry:9", True),
        ("sentry:9.1-onbuild", True),
        ("'sentry:8.22'", True),
        ("${SENTRY_IMAGE:-getsentry/sentry:20.5.0}", True),
        ("getsentry/sentry:20.6.0", False),
        ("getsentry/sentry:20.10.1", False),
        ("getsentry/sentry:21.1", False),
        ("getsentry/sentry:nightly", False),
        ("getsentry/sentry", False),
        ("example/sentry:1.0", False),
        ("getsentry/snuba:20.5.0", False),
        ("my-sentry:1.0", False),
        ("nginx:1.19 # sentry:9.1.2", False),
    ],
)
def test_self_hosted(name: str, image: str, old: bool) -> None:
    text = f"services:\n  web:\n    image: {image}\n    # image: sentry:9.1\n"
    findings = found(text, name, rule=SERVER)
    assert [finding.fix for finding in findings] == [None] * old
    assert all("20.6.0" in finding.remedy for finding in findings)
