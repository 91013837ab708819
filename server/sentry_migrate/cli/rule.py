"""`sentry-migrate rule`: pages of rules on the terminal."""

from __future__ import annotations

import json
import sys

from sentry_migrate.report.markdown import rule_data, rule_page
from sentry_migrate.rules import RULES, select


def explain(selector: str | None, output_format: str) -> None:
    """Print the pages of the rules a selector means; None means all. Raises KeyError if it means
    none.

    `text` is Markdown, laid out if standard output is a terminal; `json` an object for a code or
    a name, else an array.
    """
    names = select(["ALL" if selector is None else selector])
    chosen = [rule for rule in RULES.values() if rule.name in names]
    if output_format == "json":
        data = [rule_data(rule) for rule in chosen]
        one = selector in (chosen[0].code, chosen[0].name)
        print(json.dumps(data[0] if one else data, indent=2, ensure_ascii=False))
        return
    text = "\n".join(rule_page(rule) for rule in chosen)
    if sys.stdout.isatty():
        from rich.console import Console
        from rich.markdown import Markdown

        Console().print(Markdown(text))
    else:
        print(text, end="")
