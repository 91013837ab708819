"""`sentry-migrate rule` and `sentry-migrate server`: arguments and what is handed on."""

from __future__ import annotations

import json
import socket
import sys
from types import ModuleType

import pytest

from cli.conftest import Run
from sentry_migrate.report.rule_pages import rule_page
from sentry_migrate.rules import RULES

REFUSED = {
    "rule SEN101 --all": "--all cannot be used with a rule",
    "rule SEN999": "unknown rule 'SEN999'",
    "rule SE": "unknown rule 'SE'",
    "rule configure": "unknown rule 'configure'",
    "rule sen101": "unknown rule 'sen101'",
    "rule all": "unknown rule 'all'",
    "rule ALL": "Use --all",
    "rule ALL --all": "--all cannot be used with a rule",
    "rule SEN101 SEN102": "unexpected extra argument",
    "server --tcp 8080": "'8080' is not HOST:PORT",
    "server --tcp host:http": "is not HOST:PORT",
    "server --tcp host:99999": "is not HOST:PORT",
    "server --stdio --tcp host:1": "cannot be used with",
    "server --log-level loud": "'loud' is not one of",
}


@pytest.mark.parametrize(("arguments", "words"), REFUSED.items())
def test_refuses(run: Run, arguments: str, words: str) -> None:
    ran = run(*arguments.split())
    assert (ran.code, words in ran.err) == (2, True), ran.err


def test_an_empty_selector_is_no_rule(run: Run) -> None:
    assert "unknown rule ''" in run("rule", "").err


@pytest.mark.parametrize("selector", ["SEN101", "configure-scope-with"])
def test_a_rule_by_code_and_name(run: Run, selector: str) -> None:
    assert run("rule", selector).text == rule_page(RULES["configure-scope-with"])


def test_a_rule_as_json(run: Run) -> None:
    data = json.loads(run("rule", "SEN101", "--output-format", "json").out)
    rule = RULES["configure-scope-with"]
    assert (data["code"], data["name"], data["kind"]) == (rule.code, rule.name, rule.kind)
    assert data["explanation"] == rule_page(rule)


@pytest.mark.parametrize(("selector", "prefix"), [("--all", ""), ("SEN", ""), ("SEN1", "SEN1")])
def test_several_rules(run: Run, selector: str, prefix: str) -> None:
    rules = [rule for rule in RULES.values() if rule.code.startswith(prefix)]
    data = json.loads(run("rule", selector, "--output-format", "json").out)
    assert [item["name"] for item in data] == [rule.name for rule in rules]
    assert run("rule", selector).text == "\n".join(rule_page(rule) for rule in rules)


def test_without_an_argument_all_rules_are_listed(run: Run) -> None:
    lines = run("rule").text.splitlines()
    assert len(lines) == len(RULES)
    for line, rule in zip(lines, RULES.values(), strict=True):
        code, name, rest = line.split(maxsplit=2)
        kind, summary = rest.split(maxsplit=1)
        assert (code, name, kind, summary) == (rule.code, rule.name, rule.kind, rule.summary)
    data = json.loads(run("rule", "--output-format", "json").out)
    assert [(item["code"], item["summary"]) for item in data] == [
        (rule.code, rule.summary) for rule in RULES.values()
    ]


def test_a_prefix_of_one_rule_is_an_array_too(run: Run) -> None:
    (rule,) = (rule for rule in RULES.values() if rule.code.startswith("SEN00"))
    assert isinstance(json.loads(run("rule", "SEN00", "--output-format", "json").out), list)
    assert isinstance(json.loads(run("rule", rule.code, "--output-format", "json").out), dict)


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("a..b:0", "error: a..b:0: "),
        (f"{'a' * 64}:0", ":0: "),
        ("192.0.2.1:0", "error: 192.0.2.1:0: "),
    ],
)
def test_where_the_server_cannot_listen(run: Run, address: str, words: str) -> None:
    ran = run("server", "--tcp", address)
    assert (ran.code, words in ran.err, ran.out) == (2, True, b""), ran.err
    assert len(ran.err.splitlines()) == 1


def test_a_host_without_an_address(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def unresolvable(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "create_server", unresolvable)
    ran = run("server", "--tcp", "host.invalid:5")
    assert (ran.code, ran.out) == (2, b"")
    assert ran.err == "error: host.invalid:5: Name or service not known\n"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_port_in_use(run: Run, host: str) -> None:
    with socket.create_server((host, 0)) as taken:
        port = taken.getsockname()[1]
        ran = run("server", "--tcp", f"{host}:{port}")
    assert (ran.code, ran.out) == (2, b"")
    assert ran.err.startswith(f"error: {host}:{port}: Address already in use"), ran.err


SERVERS = {
    "server": (None, "info"),
    "server --stdio": (None, "info"),
    "server --log-level DEBUG": (None, "debug"),
    "server --tcp localhost:2087": (("localhost", 2087), "info"),
    "server --tcp :0": (("127.0.0.1", 0), "info"),
    "server --tcp [::1]:5": (("::1", 5), "info"),
}


@pytest.mark.parametrize(("arguments", "expected"), SERVERS.items())
def test_the_server_is_started(
    run: Run, monkeypatch: pytest.MonkeyPatch, arguments: str, expected: object
) -> None:
    calls: list[object] = []
    fake = ModuleType("sentry_migrate.lsp.start")
    fake.main = lambda tcp, log_level: calls.append((tcp, log_level))  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "sentry_migrate.lsp.start", fake)
    assert run(*arguments.split()).code == 0
    assert calls == [expected]
