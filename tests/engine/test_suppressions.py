"""Comments that silence findings, and those that do not."""

from __future__ import annotations

import pytest

from engine.table import fixed, names, report
from sentry_migrate.config import Settings
from sentry_migrate.engine.analyze import analyze
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
    "everything": ("  # sentry-migrate: ignore", "", "silences nothing"),
    "an empty list": ("  # sentry-migrate: ignore[]", None, ""),
    "no rule": ("  # sentry-migrate: ignore[SEN1]", "", "SEN1 is no rule"),
    "no rule of that name": ("  # sentry-migrate: ignore[push-scope]", "", "is no rule"),
    "after another comment": ("  # why # sentry-migrate: ignore", "  # why", "nothing"),
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
    "the file": ("\n# sentry-migrate: ignore-file", "", "nothing"),
    "the file, a code": ("\n# sentry-migrate: ignore-file[SEN102]", "", "SEN102"),
    "a line of its own": ("\n    # sentry-migrate: ignore\nx = 1", "\nx = 1", "nothing"),
}


@pytest.mark.parametrize("beside", NOT_UNUSED.values(), ids=NOT_UNUSED)
def test_not_unused(beside: str) -> None:
    assert names(QUIET.format(beside=beside)) == []


@pytest.mark.parametrize(("beside", "left", "words"), UNUSED.values(), ids=UNUSED)
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_unused(beside: str, left: str | None, words: str, newline: str) -> None:
    code = QUIET.format(beside=beside).replace("\n", newline)
    findings = report(code).findings
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
