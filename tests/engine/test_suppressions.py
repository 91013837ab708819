"""Comments that silence findings, and those that do not."""

from __future__ import annotations

import ast

import pytest

from engine.table import fixed, names, result
from sentry_migrate.engine.analyze import analyze
from sentry_migrate.project.config import Settings
from sentry_migrate.text.edits import apply
from sentry_migrate.text.source import Source

CODE = (
    "import sentry_sdk\ndef f():\n{above}    with sentry_sdk.push_scope():{beside}\n        pass\n"
)

# what: (comment above, comment beside)
SILENT = {
    "ignore": ("", "  # sentry-migrate: ignore"),
    "ignore a code": ("", "  # sentry-migrate: ignore[SEN102]"),
    "ignore a name": ("", "  # sentry-migrate: ignore[push-scope-with]"),
    "ignore several": ("", "  # sentry-migrate: ignore[SEN101, SEN102]"),
    "ignore after another comment": ("", "  # why  # sentry-migrate: ignore"),
    "on the line above": ("    # sentry-migrate: ignore[SEN102]\n", ""),
    "the file": ("# sentry-migrate: ignore-file\n", ""),
    "the file, a code": ("# sentry-migrate: ignore-file[SEN102]\n", ""),
    "noqa": ("", "  # noqa: SEN102"),
    "noqa with others": ("", "  # noqa: E501, SEN102"),
    "noqa in small letters": ("", "  # NOQA:sen102"),
}
HEARD = {
    "no comment": ("", ""),
    "another code": ("", "  # sentry-migrate: ignore[SEN101]"),
    "a bare noqa": ("", "  # noqa"),
    "noqa of others": ("", "  # noqa: E501"),
    "above, but not alone": ("    x = 1  # sentry-migrate: ignore\n", ""),
    "two lines above": ("    # sentry-migrate: ignore\n\n", ""),
    "a longer code": ("", "  # noqa: SEN1021"),
    "the file, another code": ("# sentry-migrate: ignore-file[SEN101]\n", ""),
    "a bracket that is not closed": ("", "  # sentry-migrate: ignore[SEN101"),
    "the file, a bracket that is not closed": ("# sentry-migrate: ignore-file[SEN101\n", ""),
    "another word": ("", "  # sentry-migrate: ignored"),
}


@pytest.mark.parametrize(("above", "beside"), HEARD.values(), ids=HEARD)
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_heard(above: str, beside: str, newline: str) -> None:
    code = CODE.format(above=above, beside=beside).replace("\n", newline)
    assert [name for name in names(code) if name != "unused-suppression"] == ["push-scope-with"]


@pytest.mark.parametrize(("above", "beside"), SILENT.values(), ids=SILENT)
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_silent(above: str, beside: str, newline: str) -> None:
    code = CODE.format(above=above, beside=beside).replace("\n", newline)
    assert "push-scope-with" not in names(code)


QUIET = "import sentry_sdk\nsentry_sdk.capture_message('x'){beside}\n"
NOT_UNUSED = {
    "no comment": "",
    "words of others": "  # ignore[SEN101]",
    "a bare noqa": "  # noqa",
    "noqa of others": "  # noqa: E501, W291",
    "a comment about it": "  # sentry-migrate: ignorance",
    "silenced by name": "  # sentry-migrate: ignore[SEN101, unused-suppression]",
    "silenced by code": "  # sentry-migrate: ignore[SEN101]  # noqa: SEN001",
}
# what: (comment, what is left of the line, a word of the message)
UNUSED = {
    "a code": ("  # sentry-migrate: ignore[SEN101]", "", "SEN101"),
    "a name": ("  # sentry-migrate: ignore[push-scope-with]", "", "push-scope-with"),
    "everything": ("  # sentry-migrate: ignore", "", "Unused suppression comment"),
    "an empty list": ("  # sentry-migrate: ignore[]", None, ""),
    "no rule": (
        "  # sentry-migrate: ignore[SEN1]",
        "",
        "Unknown rule in a suppression comment: SEN1",
    ),
    "no rule of that name": ("  # sentry-migrate: ignore[push-scope]", "", "Unknown rule"),
    "after another comment": (
        "  # why # sentry-migrate: ignore",
        "  # why",
        "Unused suppression comment",
    ),
    "before another comment": (
        "  # sentry-migrate: ignore[SEN101]  # noqa: E501",
        "  # noqa: E501",
        "SEN101",
    ),
    "noqa": ("  # noqa: SEN101", "", "SEN101"),
    "noqa with others": ("  # noqa: E501,SEN101,W291", "  # noqa: E501,W291", "SEN101"),
    "noqa with spaces": ("  # noqa: SEN101 E501", "  # noqa: E501", "SEN101"),
    "noqa before a line that looks like codes": ("  # noqa: SEN101\ns1()", "\ns1()", "SEN101"),
    "noqa and words": ("  # noqa: SEN101 see W1 in the wiki", "", "SEN101"),
    "words": ("  # sentry-migrate: ignore[SEN101]: see the wiki", "", "SEN101"),
    "the file": ("\n# sentry-migrate: ignore-file", "", "Unused suppression comment"),
    "the file, a code": ("\n# sentry-migrate: ignore-file[SEN102]", "", "SEN102"),
    "a line of its own": (
        "\n    # sentry-migrate: ignore\nx = 1",
        "\nx = 1",
        "Unused suppression comment",
    ),
}


@pytest.mark.parametrize("beside", NOT_UNUSED.values(), ids=NOT_UNUSED)
def test_not_unused(beside: str) -> None:
    assert names(QUIET.format(beside=beside)) == []


@pytest.mark.parametrize(("beside", "left", "words"), UNUSED.values(), ids=UNUSED)
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_unused(beside: str, left: str | None, words: str, newline: str) -> None:
    code = QUIET.format(beside=beside).replace("\n", newline)
    findings = result(code).findings
    if left is None:
        assert not findings
        return
    (finding,) = findings
    assert (finding.code, words in finding.message) == ("SEN001", True)
    assert fixed(code) == QUIET.format(beside=left).replace("\n", newline)


@pytest.mark.parametrize(
    "code",
    [
        "x = '# sentry-migrate: ignore[SEN101]'\n",
        'x = f"""\n# sentry-migrate: ignore {1}\n"""\n',
        '"""Doc.\n\n    # noqa: SEN101\n"""\n',
    ],
)
def test_a_string_is_no_comment(code: str) -> None:
    assert names(f"import sentry_sdk\n{code}") == []


def test_one_of_two_codes() -> None:
    code = CODE.format(above="", beside="  # sentry-migrate: ignore[SEN101, SEN102]")
    assert names(code) == ["unused-suppression"]
    assert fixed(code) == code.replace("SEN101, ", "")


def test_a_file_without_the_sdk() -> None:
    assert fixed("x = 1  # sentry-migrate: ignore\n") == "x = 1\n"


def test_a_rule_that_is_off_counts_as_finding() -> None:
    code = CODE.format(above="", beside="  # sentry-migrate: ignore[SEN102]")
    found = analyze(Source(code), Settings(ignore=("SEN102",)))
    assert not found.findings


IMPORTS = "from sentry_sdk import Hub\n"
HERE = "# sentry-migrate: ignore[SEN201]"
# what: (code, the same with a comment that silences SEN201)
PLACES = {
    "a line": ("Hub.current.capture_message(m)", f"Hub.current.capture_message(m)  {HERE}"),
    "spaces at its end": (
        "Hub.current.capture_message(m) ",
        f"Hub.current.capture_message(m) {HERE}",
    ),
    "a form feed at its end": (
        "Hub.current.capture_message(m)\x0c",
        f"Hub.current.capture_message(m)\x0c{HERE}",
    ),
    "three quotes in a string": (
        'Hub.current.capture_message(\'"""\')',
        f'Hub.current.capture_message(\'"""\')  {HERE}',
    ),
    "a comment that ends in a backslash": (
        "Hub.current.capture_message(m)  # a \\",
        f"Hub.current.capture_message(m)  # a \\  {HERE}",
    ),
    "a comment of others": (
        "Hub.current.capture_message(m)  # noqa: E501",
        f"Hub.current.capture_message(m)  # noqa: E501  {HERE}",
    ),
    "a comment of ours": (
        "Hub.current.capture_message(m)  # sentry-migrate: ignore[push-scope-with]",
        "Hub.current.capture_message(m)  # sentry-migrate: ignore[push-scope-with, SEN201]",
    ),
    "an empty comment of ours": (
        "Hub.current.capture_message(m)  # sentry-migrate: ignore[ ]",
        "Hub.current.capture_message(m)  # sentry-migrate: ignore[ SEN201]",
    ),
    "a comment of ours above": (
        '# sentry-migrate: ignore[SEN101]\nHub.current.capture_message("""\n""")',
        '# sentry-migrate: ignore[SEN101, SEN201]\nHub.current.capture_message("""\n""")',
    ),
    "what looks like a comment of ours": (
        "Hub.current.capture_message('# sentry-migrate: ignore[SEN101]')",
        f"Hub.current.capture_message('# sentry-migrate: ignore[SEN101]')  {HERE}",
    ),
    "what looks like a comment, a string above": (
        'x = """\n# sentry-migrate: ignore[SEN101]"""; Hub.current.capture_message(m)',
        f'x = """\n# sentry-migrate: ignore[SEN101]"""; Hub.current.capture_message(m)  {HERE}',
    ),
    "a second line": (
        "x = 1 + \\\n  Hub.current.capture_message(m)",
        f"x = 1 + \\\n  Hub.current.capture_message(m)  {HERE}",
    ),
    "the end of a string": (
        'x = """\n""" + Hub.current.capture_message(m)',
        f'x = """\n""" + Hub.current.capture_message(m)  {HERE}',
    ),
    "above a string": (
        'if x:\n    Hub.current.capture_message(f"""{1}""" + """\n""")',
        f'if x:\n    {HERE}\n    Hub.current.capture_message(f"""{{1}}""" + """\n""")',
    ),
    "above the first line of a string": (
        'f"""{Hub.current.capture_message(m)}\n"""',
        f'{HERE}\nf"""{{Hub.current.capture_message(m)}}\n"""',
    ),
    "above a backslash": (
        "Hub.current.capture_message(m) \\\n  .y",
        f"{HERE}\nHub.current.capture_message(m) \\\n  .y",
    ),
    "above, after a comment that ends in a backslash": (
        "# \\\nHub.current.capture_message(m) \\\n  .y",
        f"# \\\n{HERE}\nHub.current.capture_message(m) \\\n  .y",
    ),
    "above the statement, in a string": (
        'x = f"""a\n{Hub.current.capture_message(m)}\nb"""',
        f'{HERE}\nx = f"""a\n{{Hub.current.capture_message(m)}}\nb"""',
    ),
    "above the statement, in a string's code": (
        'x = f"""\n{\nHub.current.capture_message(m)\n}\n"""',
        f'{HERE}\nx = f"""\n{{\nHub.current.capture_message(m)\n}}\n"""',
    ),
    "above the statement, between strings": (
        'if x:\n  x = """\n""" + Hub.current.capture_message(m) + """\n"""',
        f'if x:\n  {HERE}\n  x = """\n""" + Hub.current.capture_message(m) + """\n"""',
    ),
    "above the statement, between backslashes": (
        "x = 1 + \\\n  2 + \\\n  Hub.current.capture_message(m) \\\n  + 2",
        f"{HERE}\nx = 1 + \\\n  2 + \\\n  Hub.current.capture_message(m) \\\n  + 2",
    ),
    "above the statement, with a comment of ours": (
        "# sentry-migrate: ignore[SEN101]\nx = 1 + \\\n  Hub.current.capture_message(m) \\\n  + 2",
        "# sentry-migrate: ignore[SEN101, SEN201]\n"
        "x = 1 + \\\n  Hub.current.capture_message(m) \\\n  + 2",
    ),
    "above the statement, a string after a backslash": (
        'x = 1 + \\\n  Hub.current.capture_message("#") + """\n"""',
        f'{HERE}\nx = 1 + \\\n  Hub.current.capture_message("#") + """\n"""',
    ),
}
ELSEWHERE = {
    "above a line that can have one itself": "{0}x = 1 + \\\n  Hub.current.capture_message(m)",
    "above a string that ends before": '{0}x = """\n""" + Hub.current.capture_message(m)',
    "in the string": 'x = f"""\n{0}{{Hub.current.capture_message(m)}}\n"""',
}


@pytest.mark.parametrize("code", ELSEWHERE.values(), ids=ELSEWHERE)
def test_a_comment_elsewhere(code: str) -> None:
    code = IMPORTS + code.format(f"{HERE}\n") + "\n"
    assert "SEN201" in {one.code for one in result(code).findings}


@pytest.mark.parametrize(("before", "after"), PLACES.values(), ids=PLACES)
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_a_place(before: str, after: str, newline: str) -> None:
    code = f"{IMPORTS}{before}\npass\n".replace("\n", newline)
    (found,) = (one for one in result(code).findings if one.code == "SEN201")
    assert found.suppression
    silent = apply(code, [found.suppression])
    assert silent == f"{IMPORTS}{after}\npass\n".replace("\n", newline)
    assert "SEN201" not in {one.code for one in result(silent).findings}
    assert ast.dump(ast.parse(silent)) == ast.dump(ast.parse(code))


@pytest.mark.parametrize("comment", ["# noqa: SEN101", "# sentry-migrate: ignore[SEN101]"])
@pytest.mark.parametrize("before", ["", "x = 1  "])
def test_a_comment_that_silences_nothing_can_be_silenced(before: str, comment: str) -> None:
    code = f"import sentry_sdk\n{before}{comment}\n"
    (found,) = result(code).findings
    assert found.suppression
    assert names(apply(code, [found.suppression])) == []


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        ("requirements.txt", "sentry-sdk==1.45.0", "sentry-sdk==1.45.0  # {}"),
        ("requirements.txt", "sentry-sdk<2 \\\n  --hash=x", "# {}\nsentry-sdk<2 \\\n  --hash=x"),
        (
            "Pipfile",
            "[packages]\nsentry-sdk = '==1.45'",
            "[packages]\nsentry-sdk = '==1.45'  # {}",
        ),
        (
            "pyproject.toml",
            'tool.tox.legacy_tox_ini = """\n[testenv]\ndeps =\n  sentry-sdk<2\n"""',
            '# {}\ntool.tox.legacy_tox_ini = """\n[testenv]\ndeps =\n  sentry-sdk<2\n"""',
        ),
        ("setup.cfg", "[options]\ninstall_requires =\n  sentry-sdk<2", None),
    ],
)
def test_a_place_in_a_dependency_file(path: str, before: str, after: str | None) -> None:
    (found,) = result(before, path).findings
    if after is None:
        assert found.suppression is None
        return
    assert found.suppression
    silent = apply(before, [found.suppression])
    assert silent == after.format("sentry-migrate: ignore[SEN901]")
    assert names(silent, path) == []
