"""`sentry-migrate rule` and `sentry-migrate doubt`: pages on the terminal."""

from __future__ import annotations

import sys

from sentry_migrate.cli.output import columns, lay_out, put
from sentry_migrate.doubts import DOUBTS
from sentry_migrate.report import formats
from sentry_migrate.rules import RULES, select


def listed(output_format: str) -> None:
    """Print a line for each rule, or an array of them."""
    written = formats.writer(formats.RULE_LIST, output_format)(RULES.values())
    if isinstance(written, str):
        put(written, sys.stdout)
    else:
        columns(written, sys.stdout)


def explain(selector: str | None, output_format: str) -> None:
    """Print the pages of the rules a selector means; None means all. Raises KeyError if it means
    none.

    `text` is Markdown, laid out if standard output is a terminal; `json` an object for a code or
    a name, else an array.
    """
    names = set(RULES) if selector is None else select([selector])
    chosen = [rule for rule in RULES.values() if rule.name in names]
    one = selector in (chosen[0].code, chosen[0].name)
    _show(formats.writer(formats.RULES, output_format)(chosen, one), output_format)


def explain_doubt(code: str | None, output_format: str) -> None:
    """Print the page of the doubt with this code; None means all. `json` is an object for a code,
    else an array."""
    chosen = list(DOUBTS.values()) if code is None else [DOUBTS[code]]
    _show(formats.writer(formats.DOUBTS, output_format)(chosen, code is not None), output_format)


def _show(written: str, output_format: str) -> None:
    """Print Markdown laid out if standard output is a terminal."""
    if output_format == "text" and sys.stdout.isatty():
        lay_out(written)
    else:
        put(written, sys.stdout)
