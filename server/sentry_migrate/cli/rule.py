"""`sentry-migrate rule`: pages of rules on the terminal."""

from __future__ import annotations

import json
import sys

from sentry_migrate.report.markdown import rule_data, rule_page
from sentry_migrate.rules import RULES


def explain(selector: str | None, output_format: str) -> None:
    """Print one rule's page, or all if `selector` is None. Raises KeyError for an unknown rule.

    `text` is Markdown, laid out if standard output is a terminal; `json` an object, or an array.
    """
    chosen = [
        rule for rule in RULES.values() if selector in (None, rule.name) or rule.code == selector
    ]
    if not chosen:
        raise KeyError(selector)
    if output_format == "json":
        data = [rule_data(rule) for rule in chosen]
        print(json.dumps(data[0] if selector else data, indent=2, ensure_ascii=False))
        return
    text = "\n".join(rule_page(rule) for rule in chosen)
    if sys.stdout.isatty():
        from rich.console import Console
        from rich.markdown import Markdown

        Console().print(Markdown(text))
    else:
        print(text, end="")
