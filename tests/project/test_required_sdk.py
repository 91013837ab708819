"""Which requirement on sentry-sdk 1.x a person is told of."""

from __future__ import annotations

import pytest

from sentry_migrate.project.required_sdk import Required, required_1x

LOCK = '[[package]]\nname = "sentry-sdk"\nversion = "1.45.1"\n'
CONDA = "dependencies:\n  - sentry-sdk={}\n"
EXACT = {
    "pip": ("requirements.txt", "flask\nsentry-sdk[flask]==1.45.1  # errors\n", "1.45.1"),
    "hashed": ("requirements.txt", "sentry-sdk==1.45.1 \\\n    --hash=sha256:00\n", "1.45.1"),
    "Poetry": ("pyproject.toml", '[tool.poetry.dependencies]\nsentry-sdk = "1.45"\n', "1.45"),
    "Pipenv": ("Pipfile", '[packages]\nsentry-sdk = "==1.45.1"\n', "1.45.1"),
    "conda": ("environment.yml", CONDA.format("1.40"), "1.40"),
    "a lock file": ("poetry.lock", LOCK, "1.45.1"),
    "setup.py": ("setup.py", "setup(install_requires=['sentry-sdk==1.5'])\n", "1.5"),
    "a tag": ("requirements.txt", "sentry-sdk @ git+https://a.invalid/x@1.5.0\n", "1.5.0"),
}
RANGES = {
    "below 2": ("requirements.txt", "sentry-sdk>=1.40,<2\n", ">=1.40,<2"),
    "compatible": ("requirements.txt", "sentry-sdk~=1.40\n", "~=1.40"),
    "any 1.x": ("requirements.txt", "sentry-sdk==1.*\n", "==1.*"),
    "a caret": ("pyproject.toml", '[tool.poetry.dependencies]\nsentry-sdk = "^1.45"\n', "^1.45"),
    "setup.cfg": ("setup.cfg", "[options]\ninstall_requires =\n    sentry-sdk<2\n", "<2"),
    "setup.py": ("setup.py", "setup(install_requires=['sentry-sdk<2'])\n", "<2"),
}
NONE = {
    "2.x": ("requirements.txt", "sentry-sdk==2.20.0\n"),
    "also 1.x": ("requirements.txt", "sentry-sdk>=1.16\n"),
    "any": ("requirements.txt", "sentry-sdk\n"),
    "excluded": ("requirements.txt", "sentry-sdk!=1.45.1\n"),
    "a comment": ("requirements.txt", "# sentry-sdk==1.45.1\n"),
    "another package": ("requirements.txt", "sentry-sdk-plugin==1.0\nmy-sentry-sdk==1.0\n"),
    "for an old Python": ("requirements.txt", 'sentry-sdk<2; python_version < "3.6"\n'),
    "unreadable": ("requirements.txt", "sentry-sdk==one\n"),
    "broken": ("pyproject.toml", '[project\ndependencies = ["sentry-sdk==1.45.1"]\n'),
    "another file": ("notes.txt", "sentry-sdk==1.45.1\n"),
    "code": ("app.py", "x = 'sentry-sdk==1.45.1'\n"),
    "no file": ("", "sentry-sdk==1.45.1\n"),
    "empty": ("requirements.txt", ""),
}


@pytest.mark.parametrize(("path", "text", "version"), EXACT.values(), ids=EXACT)
def test_an_exact_version(path: str, text: str, version: str) -> None:
    assert required_1x([(f"/p/{path}", text)]) == Required(version, exact=True)


@pytest.mark.parametrize(("path", "text", "specifier"), RANGES.values(), ids=RANGES)
def test_a_range(path: str, text: str, specifier: str) -> None:
    assert required_1x([(f"/p/{path}", text)]) == Required(specifier, exact=False)


@pytest.mark.parametrize(("path", "text"), NONE.values(), ids=NONE)
def test_nothing(path: str, text: str) -> None:
    assert required_1x([(path and f"/p/{path}", text)]) is None


def test_of_several_an_exact_one_and_else_the_first() -> None:
    ranges = [
        ("/p/a/requirements.txt", "sentry-sdk<2\n"),
        ("/p/b/requirements.txt", "sentry-sdk<1.9\n"),
    ]
    assert required_1x(ranges) == Required("<2", exact=False)
    assert required_1x([*ranges, ("/p/poetry.lock", LOCK)]) == Required("1.45.1", exact=True)
    assert required_1x([]) is None
