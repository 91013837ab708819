"""Every text that a user sees: plain English, about something that is named, in one style.

`server/docs/words.md` says which words stand for what.
"""

from __future__ import annotations

import ast
import io
import json
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePath
from typing import Any

import click
import pytest

from sentry_migrate.cli.commands import cli
from sentry_migrate.engine.analyze import analyze
from sentry_migrate.kit.rule import Example, Ignores, Rewrites, Rule
from sentry_migrate.model import Applicability, Finding
from sentry_migrate.project.config import Settings
from sentry_migrate.project.versions import parse_version
from sentry_migrate.report.settings_offered import schema
from sentry_migrate.rules import RULES
from sentry_migrate.text.edits import apply
from sentry_migrate.text.source import Source

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "server/sentry_migrate"
CLIENT = ROOT / "vscode-client"
MAX_TITLE = 70

# what is not to be written: why, or what to write
BANNED = {
    r"\b(?:this|the) (?:private )?(?:name|constant|module|method|part|internal|call|form)"
    r"(?: of [\w`.-]+)? (?:is gone|moved|went)": "name it, and where it went",
    r"no longer has this name": "name it",
    r"\bis no (?!longer\b|more\b|different\b|public\b|(?:automatic )?fix\b|such\b)[ a-z]*"
    r"\b(?:rule|pattern|setting|table|list|dictionary|option|name|file|path)\b": "is not a …",
    r"(?<!there )\b(?:is|are|was) none\b(?! \w)": "is not one",
    r"\bhand(?:s|ed|ing)? (?:it |them |a scope |over |on\b|the \w+ on\b)": "pass, re-export",
    r"\bhand over\b": "pass",
    r"\btak(?:e|es|ing) (?:\w+ )?out\b|\btake it out\b": "remove",
    r"\bleaves? [\w.`]+ out\b|\b(?:leave|left) out\b": "exclude, skip",
    r"\bsilenc(?:es?|ed|ing)\b": "suppress",
    r"\b(?:is|are) asked (?:with|for|of)\b": "use a verb with an actor",
    r"\bis said\b|\bsays so\b": "who says it?",
    r"\bof (?:one's|their|its|your|a module's) own\b": "own …, separate …",
    r"\bsee that\b": "make sure",
    r"\botherwise\b": "differently, if not",
    r"\b(?:warns?|calls?|exists?|raises?|is|are) (?:\w+ )?since \d": "has … since",
    r"\b(?:is|are) (?:gone|missing) since\b": "was removed in",
    r"\bany more\b": "no longer",
    r"\bin view\b": "visible",
    r"\bvisibly\b|\bsurely\b": "known to be",
    r"\bstart-up\b": "startup",
    r"\bgoes? with (?:it|them)\b": "is deleted too",
    r"\bmeans something else\b": "refers to something else",
    r"\bswitch(?:es|ed)? (?:\w+ )?(?:on|off)\b": "enable, disable, turn on",
    r"\bticked\b|\bso many places\b|\bnote (?:it )?down\b|\bspelled out\b": "plain verbs",
    r"\bneeds? a person\b": "has to be changed by hand",
    r"\bnobody can\b": "cannot be",
    r"\banew\b": "again, regenerate",
    r"\bdo(?:es)? not count\b(?! as\b)": "is ignored",
    r"\bbeginnings? of codes\b": "code prefix",
    r"\bfrom \d+ upwards\b": "… or more",
    r"\bexclude each other\b|\bstands? alone\b": "cannot be used with",
    r"\blie on top\b|\bhow loud\b": "take precedence, severity",
    r"\bfor itself\b|\blooked at (?:again|anew)\b": "plain verbs",
    r"\bdoes so no\b|\bno longer in view\b|\bis (?:right|wrong) in\b": "is correct",
    r"\bmistake report\b|\breport of a mistake\b": "bug report",
    r"\bnot to (?:be )?(?:\w+ed) (?:is|are)\b": "plain word order",
    r"\bturn of the (?:server's )?event loop\b": "event-loop iteration",
}  # fmt: skip


@dataclass(frozen=True)
class Text:
    """A text that somebody reads, and where it is written."""

    place: str
    text: str


def _rule_texts() -> Iterator[Text]:
    for rule in RULES.values():
        for part in ("summary", "why", "safety"):
            yield Text(f"{rule.name}: {part}", getattr(rule, part))


def _command_texts(command: click.Command, path: str) -> Iterator[Text]:
    for text in (command.help, command.epilog, command.short_help):
        if text:
            yield Text(path, text)
    for option in command.params:
        if isinstance(option, click.Option) and option.help:
            yield Text(f"{path} {option.opts[-1]}", option.help)
    if isinstance(command, click.Group):
        for name, one in command.commands.items():
            yield from _command_texts(one, f"{path} {name}")


_SPOKEN = frozenset(
    (
        *("title", "description", "markdownDescription", "markdownEnumDescriptions", "altText"),
        *("patternErrorMessage", "errorMessage"),
    )
)


def _json_texts(value: Any, path: str, spoken: bool = False) -> Iterator[Text]:
    if isinstance(value, dict):
        for key, one in value.items():
            yield from _json_texts(one, f"{path}.{key}", key in _SPOKEN)
    elif isinstance(value, list):
        for one in value:
            yield from _json_texts(one, path, spoken)
    elif isinstance(value, str) and spoken:
        yield Text(path, value)


def _page_texts() -> Iterator[Text]:
    pages = [
        *(ROOT / "README.md", ROOT / "CHANGELOG.md", CLIENT / "README.md"),
        *sorted((ROOT / "server/docs").glob("*.md")),
    ]
    for page in pages:
        if page.name == "words.md":
            continue  # names the words that are not used
        text = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.S | re.M)
        for block in re.split(r"\n\s*\n|\n(?=[-|#*]|\d+\. )", text):
            if block.strip():
                yield Text(f"{page.relative_to(ROOT)}: {block.strip()[:30]}", block)


def _literals(path: Path) -> Iterator[Text]:
    """The prose among the string literals of a module: messages, titles, remedies, reasons."""
    tree = ast.parse(path.read_bytes())
    skipped: set[ast.AST] = set()
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            skipped |= {one.value for one in body if isinstance(one, ast.Expr)}
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in (
            *("Rewrites", "Flags", "Ignores"),
        ):
            skipped |= {inner for inner in ast.walk(node) if not isinstance(inner, ast.keyword)}
        if isinstance(node, ast.JoinedStr):
            skipped |= set(ast.walk(node)) - {node}
    for node in ast.walk(tree):
        if node in skipped:
            continue
        if isinstance(node, ast.JoinedStr):
            text = "".join(
                str(one.value) if isinstance(one, ast.Constant) else "…" for one in node.values
            )
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = node.value
        else:
            continue
        if re.search(r"[a-z]+ [a-z]+", text):
            yield Text(f"{path.relative_to(ROOT)}:{node.lineno}", text)


def _script_literals(path: Path) -> Iterator[Text]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.lstrip().startswith(("*", "/*", "//")):
            for found in re.findall(
                r"\"([^\"]*[a-z] [a-z][^\"]*)\"|`([^`]*[a-z] [a-z][^`]*)`", line
            ):
                yield Text(f"{path.relative_to(ROOT)}:{number}", "".join(found))


@cache
def texts() -> tuple[Text, ...]:
    """All texts."""
    package = json.loads((CLIENT / "package.json").read_text(encoding="utf-8"))
    offered = {key: package[key] for key in ("description", "capabilities")}
    contributes = {k: v for k, v in package["contributes"].items() if k != "configuration"}
    return (
        *_rule_texts(),
        *_command_texts(cli, "sentry-migrate"),
        *_json_texts(schema(), "settings"),
        *_json_texts(offered | contributes, "package.json"),
        *_page_texts(),
        *(text for path in sorted(PACKAGE.rglob("*.py")) for text in _literals(path)),
        *(text for path in sorted(CLIENT.glob("src/*.ts")) for text in _script_literals(path)),
    )


def test_every_kind_of_text_is_collected() -> None:
    places = {re.split(r"[ :.]", text.place)[0].partition("/")[0] for text in texts()}
    assert {"sentry-migrate", "settings", "package", "README", "vscode-client"} <= places
    assert {"configure-scope-with", "server"} <= places


def _prose(text: str) -> str:
    """The text without code, in one line."""
    return re.sub(r"`[^`]*`|\s+", lambda found: " " if found[0].isspace() else "`…`", text)


@cache
def _proses() -> tuple[tuple[Text, str], ...]:
    return tuple((one, _prose(one.text)) for one in texts())


BANNED_IN_CODE = {
    r"\bsilenc(?:es?|ed|ing)\b": "suppress",
    r"\bany more\b": "no longer",
    r"\bsurely\b|\bvisibly\b": "known to be, always",
    r"\b(?:both|SDK|old) lines\b": "1.x and 2.x",
    r"\bpin(?:s|ned)?\b": "requirement, specifier",
    r"\bhand(?:s|ed|ing)? (?:it |them )?on\b": "pass on, re-export",
    r"\bon the spot\b": "site, place",
    r"(?<!there )\b(?:is|are) no (?!longer\b|more\b)": "is not a …",
    r"\banew\b": "again",
    r"\bleft out\b|\bleaves? (?:\w+ )*out\b": "exclude, skip",
}


def _remarks(path: Path) -> Iterator[Text]:
    """The docstrings and comments of a module."""
    code = path.read_text(encoding="utf-8")
    place = path.relative_to(ROOT)
    for node in ast.walk(ast.parse(code)):
        for one in (
            getattr(node, "body", ()) if not isinstance(node, ast.IfExp | ast.Lambda) else ()
        ):
            value = one.value if isinstance(one, ast.Expr) else None
            if isinstance(value, ast.Constant) and isinstance(value.value, str):
                yield Text(f"{place}:{value.lineno}", value.value)
    for token in tokenize.generate_tokens(io.StringIO(code).readline):
        if token.type == tokenize.COMMENT:
            yield Text(f"{place}:{token.start[0]}", token.string)


def test_no_remark_says_it_in_other_words() -> None:
    remarks = [one for path in sorted(PACKAGE.rglob("*.py")) for one in _remarks(path)]
    assert len(remarks) > 1000
    found = [
        f"{one.place}: {one.text.strip()[:100]} → {better}"
        for one in remarks
        for banned, better in BANNED_IN_CODE.items()
        if re.search(banned, _prose(one.text), re.IGNORECASE)
    ]
    assert found == []


@pytest.mark.parametrize("banned", BANNED)
def test_no_text_says_it_in_other_words(banned: str) -> None:
    looked_for = re.compile(banned, re.IGNORECASE)
    found = [
        f"{one.place}: {one.text.strip()[:200]}"
        for one, prose in _proses()
        if looked_for.search(prose)
    ]
    assert found == [], f"write: {BANNED[banned]}"


# -- style ---------------------------------------------------------------------------------------

_BEGINS = re.compile(r"[A-Z`\d]")
_SAID = re.compile(r"[A-Z`\d].*[.!?`)]$", re.DOTALL)


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_a_rule_is_summed_up_in_one_style(rule: Rule) -> None:
    assert _BEGINS.match(rule.summary)
    assert not rule.summary.endswith(".")
    assert "\n" not in rule.summary
    assert len(rule.summary) <= 100
    assert _SAID.match(rule.why)
    assert _SAID.match(rule.safety)


@cache
def found(rule: str) -> tuple[tuple[Example, str, Finding], ...]:
    """What the examples of a rule show, as users see it, with the code of the example."""
    result: list[tuple[Example, str, Finding]] = []
    for example in RULES[rule].examples:
        code = example.before if isinstance(example, Rewrites) else example.code
        settings = Settings(select=(rule,), sdk_version=parse_version(example.sdk_version))
        report = analyze(Source(code), settings, PurePath(example.filename))
        result += [(example, code, finding) for finding in report.findings]
    return tuple(result)


PLACEHOLDER = re.compile(r"\{[a-z_]\w*(?:\.\w+|\[\w+\])*(?:![rsa])?\}")
"""What is left of an f-string that is none: a name in braces. `{name}` is a set in Python, too, so
code of the example may say it."""


def left_unfilled(code: str, *said: str) -> list[str]:
    """The placeholders in texts that are not code of the example."""
    return [one for text in said for one in PLACEHOLDER.findall(text) if one not in code]


def test_a_placeholder_is_seen() -> None:
    assert left_unfilled("import a", "Import `{name}`", "{one.name!r}") == [
        *("{name}", "{one.name!r}"),
    ]
    assert left_unfilled("f({name})", "`f({name})`", "`{}`", '`{"a": 1}`', "`{**a}`") == []


def _is_in_one_style(finding: Finding) -> None:
    assert _BEGINS.match(finding.message)
    assert not finding.message.endswith(".")
    assert finding.remedy == "" or (_BEGINS.match(finding.remedy) and finding.remedy[-1] == ".")
    for fix in (finding.fix, *finding.alternatives):
        if fix is not None:
            assert re.match(r"[A-Z]", fix.message)
            assert len(fix.message) <= MAX_TITLE
            assert ":" not in re.sub(r"`[^`]*`", "", fix.message), "the reason is not in the title"
            assert not fix.message.endswith(".")
            assert fix.reason == "" or not fix.reason.endswith(".")
            assert fix.reason == "" or re.match(r"[a-z`\d]|Sentry|Redis", fix.reason)


@pytest.mark.parametrize("rule", RULES)
def test_what_a_finding_says_is_in_one_style(rule: str) -> None:
    for _, code, finding in found(rule):
        _is_in_one_style(finding)
        fixes = [one for one in (finding.fix, *finding.alternatives) if one is not None]
        words = (text for one in fixes for text in (one.message, one.reason))
        assert left_unfilled(code, finding.message, finding.remedy, *words) == []
        _recommends_what_the_fix_inserts(code, finding)
        if finding.deprecated:
            assert warned_about(code[finding.start : finding.end])


@pytest.mark.parametrize(
    "text",
    [*_command_texts(cli, "sentry-migrate")],
    ids=lambda one: one.place,
)
def test_help_of_the_command_line_is_in_one_style(text: Text) -> None:
    assert re.match(r"[A-Z\b]", text.text)
    assert "Exit codes" in text.text or text.text.rstrip().endswith(".")


# -- what a fix inserts, and what is said of it --------------------------------------------------

API = frozenset(
    (
        *("get_isolation_scope", "get_current_scope", "get_global_scope", "new_scope"),
        *("isolation_scope", "use_isolation_scope", "use_scope", "fork", "get_client"),
        *("is_initialized", "is_active", "set_client", "start_span", "start_transaction"),
        *("start_child", "continue_trace", "set_data", "set_user", "set_level", "trace"),
        *("set_transaction_name", "get_traceparent", "get_baggage", "track_session"),
        *("last_event_id", "add_breadcrumb", "capture_message", "capture_exception", "flush"),
        *("capture_event", "capture_envelope", "setup_once", "propagate_scope", "pii_denylist"),
        *("traces_sample_rate", "include_local_variables", "max_request_body_size"),
        *("trace_propagation_targets", "data_collection", "EndpointType", "Transaction"),
    )
)
"""What 2.x code is written with, so that a text that names one recommends it."""


def _words(code: str) -> set[str]:
    return set(re.findall(r"\w+", code)) & API


def _named(text: str) -> set[str]:
    return {word for code in re.findall(r"`([^`]*)`", text) for word in _words(code)}


def contradiction(before: str, after: str, message: str, title: str, remedy: str) -> str:
    """How texts and a fix disagree; empty if they do not."""
    inserted = _words(after) - _words(before)
    if not inserted:
        return ""
    for said in (title, remedy, message.partition(" use ")[2]):
        recommended = _named(said) - _words(before)
        if recommended and not recommended & inserted:
            return f"{said!r} recommends {sorted(recommended)}, the fix inserts {sorted(inserted)}"
    if not _named(title + message + remedy) & inserted and _named(title):
        return f"nothing names {sorted(inserted)}"
    return ""


CONTRADICTIONS = {
    # what: (message, title, remedy), and the fix makes `a` of `client = get_client(); is_active()`
    "another name in the message": ("gone; use `is_initialized()`", "Replace", ""),
    "another name in the title": ("gone", "Replace with `is_initialized()`", ""),
    "another name in the remedy": ("gone", "Replace", "Call `is_initialized()`."),
}


@pytest.mark.parametrize("said", CONTRADICTIONS.values(), ids=CONTRADICTIONS)
def test_a_contradiction_is_seen(said: tuple[str, str, str]) -> None:
    assert contradiction("a", "client = get_client(); client.is_active()", *said)
    right = tuple(part.replace("is_initialized", "is_active") for part in said)
    assert not contradiction("a", "client = get_client(); client.is_active()", *right)


def _recommends_what_the_fix_inserts(code: str, finding: Finding) -> None:
    for fix in (finding.fix, *finding.alternatives):
        if fix is not None and fix.applicability is not Applicability.DISPLAY:
            message = finding.message if fix is finding.fix else ""
            after = apply(code, fix.edits)
            assert not contradiction(code, after, message, fix.message, finding.remedy)


# -- what an editor strikes out ------------------------------------------------------------------

DEPRECATED: dict[str, list[str]] = json.loads(
    (ROOT / "tests/differential/deprecations.json").read_text(encoding="utf-8")
)
"""Made by tests/differential/deprecations.py from the source of the SDK."""


def warned_about(code: str) -> bool:
    """Whether code is a name that the SDK itself calls deprecated."""
    base, _, name = code.strip("'\"").rpartition(".")
    owners = {"", "Hub"} if re.search("hub", base, re.IGNORECASE) else {""}
    if re.search("scope$|scope\b", base, re.IGNORECASE):
        owners = {"Scope"}
    if re.search("transaction$|span$", base, re.IGNORECASE):
        owners = {"Span", "Transaction"}
    return any(name in DEPRECATED[owner] for owner in owners)


@pytest.mark.parametrize(
    "code",
    [
        *("start_span", "sentry_sdk.start_span", "transaction.start_child", "span.finish"),
        *("get_current_span", "scope.capture_event", "client", "transport", "'with_locals'"),
        *("sentry_sdk.init", "propagate_hub=True", "GLOBAL_HUB", "Span", "scope.set_tag"),
    ],
)
def test_the_sdk_does_not_warn_about(code: str) -> None:
    assert not warned_about(code)


def test_something_is_struck_out() -> None:
    every = {rule: found(rule) for rule in RULES}
    struck = {rule for rule, shown in every.items() for _, _, one in shown if one.deprecated}
    assert {"push-scope-with", "hub-capture", "init-enable-tracing", "scope-user-setter"} <= struck
    assert not any(isinstance(example, Ignores) for row in every.values() for example, _, _ in row)
