"""Which rules run on a file, and with which severity: the settings that decide it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import PurePath

from sentry_migrate.kit.rule import Rule
from sentry_migrate.model import Severity
from sentry_migrate.project.config import ConfigError, Settings
from sentry_migrate.project.declared_requirements import in_script
from sentry_migrate.project.specifiers import judge, lowest
from sentry_migrate.project.versions import Version, parse_version
from sentry_migrate.rules import RULES, chosen, select, unknown


def chosen_rules(settings: Settings, path: PurePath | None) -> frozenset[str]:
    """Names of the rules that run. Raises ConfigError for a selector that means no rule."""
    names = _chosen(settings.select, settings.extend_select, settings.ignore)
    names &= _with_a_replacement(settings.sdk_version)
    ignored = settings.ignored_for(path)
    return names - _matching(ignored, "per-file-ignores") if ignored else names


def for_script(settings: Settings, text: str) -> Settings:
    """The settings for a text that may say itself which sentry-sdk 2.x it needs: no newer one
    counts then. What allows 1.x too has to be raised, to what the settings say."""
    required = ((one.specifier, one.style) for one in in_script(text))
    floor = lowest(one for one in required if judge(*one) is None)
    if floor is None or floor >= settings.sdk_version:
        return settings
    return replace(settings, sdk_version=floor)


def by_code(names: Collection[str]) -> Mapping[str, Rule]:
    """The rules with these names by their codes."""
    return {rule.code: rule for name, rule in RULES.items() if name in names}


@lru_cache(maxsize=64)
def _chosen(
    selected: tuple[str, ...], extended: tuple[str, ...], ignored: tuple[str, ...]
) -> frozenset[str]:
    try:
        return chosen(selected, extended, ignored)
    except KeyError as error:
        wrong = error.args[0]
        written = {"select": selected, "extend-select": extended, "ignore": ignored}
        setting = next(name for name, given in written.items() if wrong in given)
        raise ConfigError(f"{setting}: {unknown(wrong)}") from error


@lru_cache(maxsize=64)
def _with_a_replacement(oldest: Version) -> frozenset[str]:
    """Rules whose 1.x form has its replacement in every release that the project supports."""
    return frozenset(
        rule.name for rule in RULES.values() if parse_version(rule.replaced_since) <= oldest
    )


def severities(settings: Settings) -> Mapping[str, Severity]:
    """The severities the settings give, by rule name. Raises ConfigError."""
    return _severities(settings.severity)


@lru_cache(maxsize=64)
def _severities(given: tuple[tuple[str, Severity], ...]) -> Mapping[str, Severity]:
    return {
        name: severity
        for selector, severity in given
        for name in _matching((selector,), "severity")
    }


def _matching(selectors: tuple[str, ...], setting: str) -> frozenset[str]:
    try:
        return select(selectors)
    except KeyError as error:
        raise ConfigError(f"{setting}: {unknown(error.args[0])}") from error
