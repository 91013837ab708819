"""The page of one rule: what `sentry-migrate rule`, the documentation and editors show."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from sentry_migrate.rules._rule import DETAILED_GUIDE, Example, Ignores, Reports, Rewrites, Rule

_KINDS = {
    "safe": "safe",
    "conditional": "safe where that can be proved, else unsafe",
    "suggested": "unsafe",
    "manual": "a person has to decide",
    "info": "none, for information only",
}


def rule_page(rule: Rule) -> str:
    """Markdown: what it finds, why, when its fix is safe, examples. Ends in a newline."""
    parts = [
        f"# {rule.name} ({rule.code})",
        f"Since sentry-sdk {rule.since} · severity: {rule.severity.value} · "
        f"fix: {_KINDS[rule.kind]}{'' if rule.default else ' · off by default'}",
        f"## What it finds\n\n{_sentence(rule.summary)}",
        f"## Why\n\n{rule.why.strip()}",
        f"## Fix safety\n\n{rule.safety.strip()}",
        *_section("Examples", rule.rewrites(), _rewrite),
        *_section("Reported without a fix", _of(rule, Reports), _report),
        *_section("Not reported", _of(rule, Ignores), lambda example: _code(example.code)),
        f"## References\n\n{''.join(f'- <{link}>{chr(10)}' for link in _links(rule))}".rstrip(),
    ]
    return "\n\n".join(parts) + "\n"


def rule_table(rules: Iterable[Rule]) -> str:
    """Markdown: a table of rules with links to their pages in the same directory."""
    rows = ["| code | name | finds | fix |", "| --- | --- | --- | --- |"]
    rows += [
        f"| {rule.code} | [{rule.name}]({rule.name}.md) | {_cell(rule.summary)} | {rule.kind} |"
        for rule in rules
    ]
    return "\n".join(rows) + "\n"


def rule_data(rule: Rule) -> dict[str, Any]:
    """What `rule --output-format json` prints for a rule."""
    return {
        "code": rule.code,
        "name": rule.name,
        "kind": rule.kind,
        "summary": rule.summary,
        "why": rule.why,
        "safety": rule.safety,
        "since": rule.since,
        "severity": rule.severity.value,
        "default": rule.default,
        "url": rule.link,
        "examples": [
            {"before": example.before, "after": example.after} for example in rule.rewrites()
        ],
        "explanation": rule_page(rule),
    }


def _section(title: str, examples: Iterable[Example], show: Any) -> Iterator[str]:
    shown = [show(example) for example in examples]
    if shown:
        yield f"## {title}"
        yield from shown


def _of(rule: Rule, kind: type[Example]) -> Iterable[Example]:
    return (example for example in rule.examples if isinstance(example, kind))


def _rewrite(example: Rewrites) -> str:
    unsafe = f"\n\nUnsafe: {_sentence(example.reason)}" if example.reason else ""
    floor = _floor(example.sdk_version)
    others = "".join(f"\n\nor\n\n{_code(other)}" for other in example.alternatives)
    return f"{_code(example.before)}\n\nbecomes{floor}\n\n{_code(example.after)}{others}{unsafe}"


def _report(example: Reports) -> str:
    remedy = f"\n\n{_sentence(example.remedy)}" if example.remedy else ""
    return _code(example.code) + remedy


def _floor(version: str) -> str:
    return "" if version == "latest" else f' (with `sdk-version = "{version}"`)'


def _code(text: str) -> str:
    return f"```python\n{text.rstrip()}\n```"


def _sentence(text: str) -> str:
    text = text.strip()
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _links(rule: Rule) -> list[str]:
    return list(dict.fromkeys((rule.link, DETAILED_GUIDE)))
