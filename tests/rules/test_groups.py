"""The groups of rules: what is on by default, what `later` selects, and since when it says it.

Code that is the result of the migration has no finding by default: that of the official guide, and
that of every example of every rule.
"""

from __future__ import annotations

from pathlib import PurePath

import pytest

from rules.test_guide import INIT_AFTER, ONE_FINDING
from sentry_migrate.engine.analyze import analyze
from sentry_migrate.engine.fix import fix
from sentry_migrate.kit.rule import GROUPS, Flags, Ignores, Rewrites
from sentry_migrate.model import Severity
from sentry_migrate.project import selectors
from sentry_migrate.project.config import ConfigError, Settings
from sentry_migrate.project.versions import FIRST, LATEST, Version, parse_version
from sentry_migrate.rules import RULES
from sentry_migrate.sdk.releases import since
from sentry_migrate.text.source import Source

LATER = [rule for rule in RULES.values() if rule.group == "later"]

Found = set[str]


def found(code: str, settings: Settings, filename: str = "module.py") -> Found:
    result = analyze(Source(code), settings, PurePath(filename))
    assert result.failure is None
    return {finding.name for finding in result.findings}


def _later_code() -> list[object]:
    """Each example of a rule of `later` in which it finds something."""
    return [
        pytest.param(rule.name, example, id=f"{rule.name}-{index}")
        for rule in LATER
        for index, example in enumerate(rule.examples)
        if not isinstance(example, Ignores)
    ]


def _code(example: Rewrites | Flags) -> str:
    return example.before if isinstance(example, Rewrites) else example.code


def test_the_groups() -> None:
    assert {rule.group for rule in RULES.values()} == GROUPS.keys()
    assert not GROUPS.keys() & ({*RULES} | {"ALL"})
    assert {rule.name for rule in RULES.values() if rule.kind == "info"} < {
        rule.name for rule in RULES.values() if rule.group == "info"
    }


@pytest.mark.parametrize(
    "code",
    [
        'init(dsn="x", profiles_sample_rate=1.0)',
        "init(profiles_sampler=lambda context: 1)",
        "init(enable_tracing=True)",
        "init(enable_tracing=False, traces_sample_rate=1.0)",
        "init(send_default_pii=True)",
        "init(send_default_pii=False)",
        "init(propagate_traces=False)",
        "init(instrumenter='otel')",
        "set_measurement('a', 1)",
        "with sentry_sdk.init():\n    pass",
        "init(**{'send_default_pii': True, 'enable_tracing': True})",
        "Client(profiles_sample_rate=1.0, send_default_pii=True)",
    ],
)
@pytest.mark.parametrize("floor", [FIRST, LATEST])
def test_what_a_later_release_deprecated_is_silent(code: str, floor: Version) -> None:
    written = code if code.startswith("with") else f"sentry_sdk.{code}"
    program = f"import sentry_sdk\n{written}\n"
    assert found(program, Settings(sdk_version=floor)) == set()


@pytest.mark.parametrize(("name", "example"), _later_code())
def test_an_example_of_later(name: str, example: Rewrites | Flags) -> None:
    """No rule of the group finds it by default, and this one does if the group is selected."""
    version = parse_version(example.sdk_version)
    by_default = found(_code(example), Settings(sdk_version=version))
    assert not by_default & {rule.name for rule in LATER}
    assert name in found(_code(example), Settings(select=("later",), sdk_version=version))
    extended = Settings(extend_select=("later",), sdk_version=version)
    assert found(_code(example), extended) >= by_default | {name}


@pytest.mark.parametrize(("name", "example"), _later_code())
def test_silent_below_the_release_of_the_replacement(name: str, example: Rewrites | Flags) -> None:
    major, minor, patch = parse_version(RULES[name].replaced_since)
    if minor:
        settings = Settings(select=("later", name), sdk_version=(major, minor - 1, 99))
        assert name not in found(_code(example), settings)
    settings = Settings(select=(name,), sdk_version=(major, minor, patch))
    assert name in found(_code(example), settings)


@pytest.mark.parametrize(
    ("rule", "names"),
    [
        ("init-transaction-profiling", ("init(profile_lifecycle)",)),
        ("init-transaction-profiling", ("init(profile_session_sample_rate)",)),
        ("init-send-default-pii", ("init(data_collection)",)),
        ("init-enable-tracing", ("init(traces_sample_rate)",)),
        ("init-propagate-traces", ("init(trace_propagation_targets)",)),
        ("init-context-manager", ("get_client",)),
        ("set-measurement", ("tracing.Span.set_data",)),
        ("continue-from-headers", ("continue_trace",)),
        ("span-description", ("tracing.Span(name)",)),
    ],
)
def test_the_replacement_is_there(rule: str, names: tuple[str, ...]) -> None:
    for name in names:
        first = since(f"sentry_sdk.{name}")
        assert first is not None
        assert first <= parse_version(RULES[rule].replaced_since)


@pytest.mark.parametrize(
    "after",
    [*(after for _, after in ONE_FINDING.values()), INIT_AFTER],
    ids=[*ONE_FINDING, "the options of init()"],
)
def test_the_result_of_the_guide_is_clean(after: str) -> None:
    assert found(after, Settings()) == set()


LEFT = {
    # The example has more 1.x code than the one use that it shows, which a person has to look at.
    ("hub-capture", 2): {"hub-current"},
    ("hub-configure-scope", 2): {"hub-import"},
    ("hub-run", 4): {"hub-current"},
    ("hub-reexport-import", 0): {"hub-import"},
    ("hub-reexport-import", 1): {"hub-import"},
    ("init-experiments-metrics", 0): {"init-experiments-metrics"},
    ("init-experiments-metrics", 1): {"init-experiments-metrics"},
    ("tracing-utils-hub-params", 2): {"hub-import"},
    ("import-hub-init", 4): {"hub-import"},
}


@pytest.mark.parametrize(
    ("example", "left"),
    [
        pytest.param(example, LEFT.get((rule.name, index), set()), id=f"{rule.name}-{index}")
        for rule in RULES.values()
        for index, example in enumerate(rule.rewrites())
    ],
)
def test_the_result_of_every_example_is_clean(example: Rewrites, left: Found) -> None:
    """Each result, and that of each alternative, after all other fixes."""
    settings = Settings(sdk_version=parse_version(example.sdk_version))
    path = PurePath(example.filename)
    for code in (example.after, *(one.after for one in example.alternatives)):
        remaining = fix(Source(code), settings, path, unsafe=True).remaining
        assert remaining.failure is None
        assert {finding.name for finding in remaining.findings} == left
        assert all(finding.fix is None for finding in remaining.findings)


BOTH = "import sentry_sdk\nsentry_sdk.init(enable_tracing=True, with_locals=True)\n"
OLD, NEW = "init-with-locals", "init-enable-tracing"
INFO = {"default-value-length", "default-auto-integrations"}


@pytest.mark.parametrize(
    ("settings", "names"),
    [
        (Settings(), {OLD}),
        (Settings(select=("migration",)), {OLD}),
        (Settings(select=("later",)), {NEW}),
        (Settings(select=("ALL",)), {OLD, NEW} | INFO),
        (Settings(select=("SEN3",)), {OLD, NEW}),
        (Settings(select=("info",)), INFO),
        (Settings(extend_select=("later",)), {OLD, NEW}),
        (Settings(extend_select=("later",), ignore=("migration",)), {NEW}),
        (Settings(select=("ALL",), ignore=("later",)), {OLD} | INFO),
        (Settings(select=("ALL",), per_file_ignores=(("*.py", ("later",)),)), {OLD} | INFO),
    ],
)
def test_a_group_selects_as_other_selectors_do(settings: Settings, names: Found) -> None:
    assert found(BOTH, settings) == names


def test_a_group_has_a_severity() -> None:
    settings = Settings(select=("SEN3",), severity=(("later", Severity.HINT),))
    severities = {one.name: one.severity for one in analyze(Source(BOTH), settings).findings}
    assert severities == {OLD: Severity.ERROR, NEW: Severity.HINT}


@pytest.mark.parametrize("word", ["laters", "Later", "LATER", "lat", "migrations", "", "default"])
def test_no_group(word: str) -> None:
    assert selectors.unknown([word], RULES.values()) == [word]
    with pytest.raises(ConfigError, match="unknown rule"):
        found(BOTH, Settings(select=(word,)))


@pytest.mark.parametrize(
    ("code", "floor", "names"),
    [
        ("from sentry_sdk import last_event_id\n", "2.0", {"last-event-id"}),
        ("from sentry_sdk import last_event_id\n", "2.1", {"last-event-id"}),
        ("from sentry_sdk import last_event_id as last\n", "2.0", {"last-event-id"}),
        ("from sentry_sdk.api import last_event_id\n", "2.0", {"last-event-id"}),
        ("from sentry_sdk import last_event_id\n__all__ = ['last_event_id']\n", "2.0", {"last-event-id"}),
        ("import sentry_sdk as s\ns.last_event_id()\n", "2.0", {"last-event-id"}),
        ("import sentry_sdk\nf = sentry_sdk.last_event_id\n", "2.3", {"last-event-id"}),
        ("from sentry_sdk import last_event_id\n", "2.2", set()),
        ("from sentry_sdk import last_event_id\nlast_event_id()\n", "2.4", set()),
        ("from sentry_sdk import last_event_id\nlast_event_id()\n", "latest", set()),
        ("from mylib import last_event_id\nimport sentry_sdk\n", "2.0", set()),
        ("import sentry_sdk\nsentry_sdk.capture_message('x')\nlast_event_id = 1\n", "2.0", set()),
        (
            "try:\n    from sentry_sdk import last_event_id\n"
            "except ImportError:\n    last_event_id = None\nif last_event_id:\n    last_event_id()\n",
            "2.0",
            set(),
        ),
    ],
)  # fmt: skip
def test_last_event_id(code: str, floor: str, names: Found) -> None:
    settings = Settings(sdk_version=parse_version(floor))
    findings = analyze(Source(code), settings).findings
    assert {one.name for one in findings} == names
    assert len(findings) == len(names)
    assert all(one.severity is Severity.ERROR for one in findings)
