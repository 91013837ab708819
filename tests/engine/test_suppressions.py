"""Comments that silence findings, and those that do not."""

from __future__ import annotations

import pytest

from engine.table import names

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
    assert names(code) == ["push-scope-with"]


@pytest.mark.parametrize(("above", "beside"), SILENT.values(), ids=SILENT)
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_silent(above: str, beside: str, newline: str) -> None:
    code = CODE.format(above=above, beside=beside).replace("\n", newline)
    assert names(code) == []
