"""Rules: one file per migration item. Pure functions of a use and its context; no input, output
or global state.

`RULES` holds every rule by name, found by importing each module of this package whose name has
no leading underscore. Two rules with one code or name are a programming error.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Iterable, Mapping
from importlib import import_module

from sentry_migrate.rules._rule import Rule


def _discover() -> Mapping[str, Rule]:
    found: dict[str, Rule] = {}
    codes: set[str] = set()
    for module in pkgutil.iter_modules(__path__):
        if module.name.startswith("_"):
            continue
        rule: Rule = import_module(f"{__name__}.{module.name}").RULE
        if rule.name in found or rule.code in codes:
            raise RuntimeError(f"two rules are called {rule.code} or {rule.name}")
        found[rule.name] = rule
        codes.add(rule.code)
    return dict(sorted(found.items(), key=lambda item: item[1].code))


RULES: Mapping[str, Rule] = _discover()


def select(selectors: Iterable[str], universe: Iterable[Rule] | None = None) -> frozenset[str]:
    """Names of the rules a list of selectors means. Raises KeyError with the first unknown one.

    A selector is `ALL`, a code, a prefix of codes that ends before the number or inside it
    (`SEN`, `SEN1`), or a name.
    """
    rules = list(RULES.values() if universe is None else universe)
    chosen: set[str] = set()
    for selector in selectors:
        matches = [
            rule.name
            for rule in rules
            if selector == "ALL"
            or selector == rule.name
            or (selector.startswith("SEN") and rule.code.startswith(selector))
        ]
        if not matches:
            raise KeyError(selector)
        chosen.update(matches)
    return frozenset(chosen)
