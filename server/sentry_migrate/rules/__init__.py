"""Rules: one file per migration item. Pure functions of a use and its context; no input, output
or global state.

`RULES` holds every rule by name, found by importing each module of the packages in this one. Two
rules with one code or name are a programming error.
"""

from __future__ import annotations

import difflib
import pkgutil
from collections.abc import Collection, Mapping
from importlib import import_module

from sentry_migrate.kit.rule import Rule
from sentry_migrate.project import selectors
from sentry_migrate.project.config import no_rule


def _discover() -> Mapping[str, Rule]:
    found: dict[str, Rule] = {}
    codes: set[str] = set()
    for module in pkgutil.walk_packages(__path__, f"{__name__}."):
        if module.ispkg:
            continue
        rule: Rule = import_module(module.name).RULE
        if rule.name in found or rule.code in codes:
            raise RuntimeError(f"two rules have the code {rule.code} or the name {rule.name}")
        found[rule.name] = rule
        codes.add(rule.code)
    return dict(sorted(found.items(), key=lambda item: item[1].code))


RULES: Mapping[str, Rule] = _discover()


def chosen(
    selected: Collection[str], extended: Collection[str], ignored: Collection[str]
) -> frozenset[str]:
    """Names of the rules that settings choose: `selected`, or those on by default; with the
    `extended` ones, without the `ignored` ones. Raises KeyError with an unknown selector."""
    default = (rule.name for rule in RULES.values() if rule.default)
    names = select(selected) if selected else frozenset(default)
    return (names | select(extended)) - select(ignored)


def select(chosen: Collection[str]) -> frozenset[str]:
    """Names of the rules a list of selectors means. Raises KeyError with the first unknown one."""
    return selectors.select(chosen, RULES.values())


def unknown(selector: str) -> str:
    """What to say of a selector that means no rule, with rules that are spelled much like it."""
    known = {name.lower(): name for rule in RULES.values() for name in (rule.code, rule.name)}
    near = difflib.get_close_matches(selector.lower(), known, 3, 0.75)
    meant = " or ".join(repr(known[name]) for name in near)
    return f"{no_rule(selector)}; did you mean {meant}?" if meant else no_rule(selector)
