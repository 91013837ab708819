"""The pages of a rule and of a doubt: what the command line, the documentation and editors show."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from itertools import chain, repeat
from pathlib import PurePath
from typing import Any

from sentry_migrate.doubts import DEFAULT, Doubt
from sentry_migrate.kit.rule import DETAILED_GUIDE, KINDS, Example, Flags, Ignores, Rewrites, Rule
from sentry_migrate.report.finding_table import cell
from sentry_migrate.report.proofs import proof

_LANGUAGES = {
    ".cfg": "ini",
    ".lock": "toml",
    ".py": "python",
    ".toml": "toml",
    ".yaml": "yaml",
    ".yml": "yaml",
    "Dockerfile": "dockerfile",
    "Pipfile": "toml",
}
"""Of fenced code, by the suffix of the file's name, or by the name if it has none."""


def rule_page(rule: Rule) -> str:
    """Markdown: what it finds, why, when its fix is safe, proof, examples. Ends in a newline."""
    flags = [one for one in rule.examples if isinstance(one, Flags)]
    ignores = [one for one in rule.examples if isinstance(one, Ignores)]
    parts = [
        f"# {rule.name} ({rule.code})",
        f"Severity: {rule.severity.value} · fix: {rule.kind} ({KINDS[rule.kind]})"
        f"{_since(rule)}{'' if rule.default else _off(rule)}",
        f"## What it finds\n\n{_sentence(rule.summary)}",
        f"## Why\n\n{rule.why.strip()}",
        f"## Fix safety\n\n{rule.safety.strip()}",
        f"## Proof\n\n{proof(rule.name)}",
        *_section("Examples", rule.rewrites(), _rewrite),
        *_section(
            "Reported without a fix", (one for one in flags if not one.alternatives), _report
        ),
        *_section(
            "Reported with alternatives only", (one for one in flags if one.alternatives), _report
        ),
        *_section("Not reported", ignores, lambda example: _code(example, example.code)),
        f"## References\n\n{''.join(f'- <{link}>{chr(10)}' for link in _links(rule))}".rstrip(),
    ]
    return "\n\n".join(parts) + "\n"


def _since(rule: Rule) -> str:
    return f" · since sentry-sdk {rule.since}" if rule.since else ""


def _off(rule: Rule) -> str:
    return f" · group `{rule.group}`, off by default"


def rule_pages(rules: Iterable[Rule], *_: object) -> str:
    """The pages of some rules, one after the other."""
    return "\n".join(map(rule_page, rules))


def rule_rows(rules: Iterable[Rule]) -> list[tuple[str, ...]]:
    """What a list of rules says of each: code, name, kind, summary."""
    return [(rule.code, rule.name, rule.kind, rule.summary) for rule in rules]


def rule_table(rules: Iterable[Rule]) -> str:
    """Markdown: a table of rules with links to their pages in the same directory."""
    rows = ["| code | name | finds | fix | group |", "| --- | --- | --- | --- | --- |"]
    rows += [
        f"| {rule.code} | [{rule.name}]({rule.name}.md) | {cell(rule.summary)} | {rule.kind} | "
        f"{rule.group} |"
        for rule in rules
    ]
    return "\n".join(rows) + "\n"


def rule_item(rule: Rule) -> dict[str, Any]:
    """What `rule --output-format json` prints for each rule when none is named."""
    return {name: getattr(rule, name) for name in ("code", "name", "kind", "group", "summary")}


def rule_data(rule: Rule) -> dict[str, Any]:
    """What `rule RULE --output-format json` prints for a rule."""
    return {
        **rule_item(rule),
        "why": rule.why,
        "safety": rule.safety,
        "since": rule.since or None,
        "severity": rule.severity.value,
        "default": rule.default,
        "url": rule.page,
        "examples": [
            {
                "before": example.before,
                "after": example.after,
                "filename": example.filename,
                "sdk_version": example.sdk_version,
            }
            for example in rule.rewrites()
        ],
        "explanation": rule_page(rule),
    }


def _section(title: str, examples: Iterable[Example], show: Any) -> Iterator[str]:
    shown = [show(example) for example in examples]
    if shown:
        yield f"## {title}"
        yield from shown


def _rewrite(example: Rewrites) -> str:
    fixes = _fix("becomes", example, example.after, example.reason) + _others("or", example)
    return _code(example, example.before) + fixes


def _report(example: Flags) -> str:
    remedy = f"\n\n{_sentence(example.remedy)}" if example.remedy else ""
    return _code(example, example.code) + remedy + _others("can become", example)


def _others(first: str, example: Rewrites | Flags) -> str:
    words = chain((first,), repeat("or"))
    return "".join(
        _fix(word, example, other.after, other.reason)
        for word, other in zip(words, example.alternatives, strict=False)
    )


def _fix(word: str, example: Example, after: str, reason: str) -> str:
    unsafe = f"\n\nUnsafe: {_sentence(reason)}" if reason else ""
    return f"\n\n{word}\n\n{_fenced(after, example.filename)}{unsafe}"


def _code(example: Example, text: str) -> str:
    """Code as it is before, under where and with which setting the example holds."""
    places = [] if example.filename == "module.py" else [f"in `{example.filename}`"]
    if example.sdk_version != "latest":
        places.append(f'with `sdk-version = "{example.sdk_version}"`')
    where = ", ".join(places)
    label = f"{where[0].upper()}{where[1:]}:\n\n" if where else ""
    return label + _fenced(text, example.filename)


def _fenced(text: str, filename: str) -> str:
    name = PurePath(filename)
    return f"```{_LANGUAGES.get(name.suffix or name.name, 'text')}\n{text.rstrip()}\n```"


def _sentence(text: str) -> str:
    text = text.strip()
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _links(rule: Rule) -> list[str]:
    return list(dict.fromkeys((rule.link, DETAILED_GUIDE)))


def doubt_page(doubt: Doubt, level: int = 1) -> str:
    """What a doubt asks, how to answer it, and what a wrong answer costs."""
    assumed = "\n\nAssumed unless `strict` is set." if doubt.code in DEFAULT else ""
    return (
        f"{'#' * level} `{doubt.code}`\n\n{doubt.question}{assumed}\n\n"
        f"The reason of a fix that depends on this is, for example: *{doubt.reason}*.\n\n"
        f"**How to find out.** {doubt.find_out}\n\n"
        "What changes if yes is the wrong answer:\n\n"
        f"| 1.x | 2.x, after the fix |\n|---|---|\n| {doubt.sent_by_1} | {doubt.sent_by_2} |\n"
    )


def doubt_pages(doubts: Iterable[Doubt], *_: object) -> str:
    """The pages of some doubts, one after the other."""
    return "\n".join(map(doubt_page, doubts))


def doubt_data(doubt: Doubt) -> dict[str, Any]:
    """The same as plain values."""
    return {**asdict(doubt), "assumed_by_default": doubt.code in DEFAULT}
