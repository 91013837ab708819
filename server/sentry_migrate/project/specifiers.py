"""What a version specifier allows, and the least that has to change about it.

Owns judging and raising one specifier, in the words of its tool. Refuses to know files.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Literal

from sentry_migrate.project.versions import FIRST, Version

if TYPE_CHECKING:
    from packaging.specifiers import SpecifierSet

Style = Literal["pep508", "poetry", "pipfile", "conda", "shell"]
"""Whose words a specifier is in; `shell` are those of PEP 440 in a word without quotes."""
Verdict = Literal["excludes 2.x", "allows 1.x"]

OLD_PYTHONS = ("2.7.18", "3.3.7", "3.4.10", "3.5.10")
PYTHONS = tuple(f"3.{minor}.1" for minor in range(6, 16))
"""A release of each Python that a sentry-sdk 2.x runs on."""
_LONGEST = 200
"""Code points of a specifier that somebody wrote; the library takes quadratic time."""
_OLD_SDKS = ("0.1.0", "0.20.3", "1.0.0", "1.45.1")
_SYSTEMS = (
    ("posix", "linux", "Linux"),
    ("nt", "win32", "Windows"),
    ("posix", "darwin", "Darwin"),
)


def judge(specifier: str, style: Style) -> Verdict | None:
    """What is wrong with a requirement on sentry-sdk; None for nothing, or if it is unreadable."""
    if not (sets := list(_sets(specifier, style))):
        return None
    if not any(len(one) and _any(one, _OLD_SDKS + _below(one, (2, 0))) for one in sets):
        return None
    return "allows 1.x" if allows_2x(specifier, style) else "excludes 2.x"


def allows_2x(specifier: str, style: Style) -> bool:
    """Whether any sentry-sdk 2.x is allowed."""
    return lowest([(specifier, style)]) is not None


def in_pep_440(specifier: str, style: Style) -> list[str]:
    """The alternatives of a specifier in PEP 440's words; none if it cannot be read."""
    return [str(one) for one in _sets(specifier, style)]


def lowest(specifiers: Iterable[tuple[str, Style]]) -> Version | None:
    """The lowest 2.x version that at least one specifier (`>=1.40,<3`) allows.

    None if there is none: nothing is required, or every specifier excludes 2.x. A specifier that
    cannot be read says nothing, and neither does an empty one.
    """
    return min((floor for one in specifiers for floor in _floors(*one)), default=None)


def _floors(specifier: str, style: Style) -> Iterator[Version]:
    for allowed in _sets(specifier, style):
        if len(allowed):
            yield from (version for version in _candidates(allowed) if _allows(allowed, version))


def _candidates(specifier: SpecifierSet) -> Iterator[Version]:
    """The versions at which what a specifier allows can begin: its bounds, and just past them."""
    yield FIRST
    for clause in specifier:
        numbers = [int(part) for part in re.findall(r"\d+", clause.version)[:3]] + [0] * 3
        major, minor, patch = numbers[:3]
        yield from ((major, minor, patch), (major, minor, patch + 1), (major, minor + 1, 0))


def _allows(specifier: SpecifierSet, version: Version) -> bool:
    return version[0] == 2 and specifier.contains(".".join(map(str, version)), prereleases=True)


def raised(specifier: str, style: Style, floor: str) -> str:
    """The specifier with `floor` (`2.15`) as its lower bound. It must be one that `judge` names;
    what else it says stays if it allows 2.x."""
    if style == "shell":
        return f"~={floor}"  # which needs no quotes
    if judge(specifier, style) == "excludes 2.x":
        caret = style == "poetry" and specifier[:1] in "^~0123456789"
        caret = caret and not specifier.startswith("~=")
        return f"^{floor}" if caret else f">={floor},<3"
    kept = [
        part if judge(part, style) is None else _with_floor(part, floor)
        for part in _alternatives(specifier, style)
        if judge(part, style) != "excludes 2.x"
    ]
    return ("|" if style == "conda" else " || ").join(kept)


def only_old_pythons(marker: str) -> bool:
    """Whether a PEP 508 marker holds for no Python that 2.x runs on, but for an older one."""
    from packaging.markers import InvalidMarker, Marker, UndefinedEnvironmentName

    try:
        parsed = Marker(marker)
        return not any(map(parsed.evaluate, _environments(PYTHONS))) and any(
            map(parsed.evaluate, _environments(OLD_PYTHONS))
        )
    except (InvalidMarker, UndefinedEnvironmentName):
        return False


def allows_old_python(specifier: str, style: Style = "pep508") -> bool:
    """Whether a requirement on Python has a lower bound, or an exact version, below 3.6."""
    return any(
        any(clause.operator in (">=", ">", "~=", "==", "===") for clause in one)
        and _any(one, OLD_PYTHONS + _below(one, (3, 6)))
        for one in _sets(specifier, style)
    )


def allows_new_python(specifier: str) -> bool:
    """Whether a requirement on Python, as Poetry writes it, allows one that 2.x runs on."""
    return any(_any(one, PYTHONS) for one in _sets(specifier, "poetry"))


def _alternatives(specifier: str, style: Style) -> list[str]:
    return re.split(r"\s*\|\|?\s*", specifier) if style in ("poetry", "conda") else [specifier]


def _sets(specifier: str, style: Style) -> Iterator[SpecifierSet]:
    """The alternatives of a specifier; none at all if one of them cannot be read."""
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    if len(specifier) > _LONGEST:
        return
    try:
        yield from [
            SpecifierSet(_plain(part.strip(), style)) for part in _alternatives(specifier, style)
        ]
    except InvalidSpecifier:
        return


def _plain(specifier: str, style: Style) -> str:
    """A specifier in PEP 440's words."""
    if style in ("pep508", "pipfile", "shell"):
        return "" if specifier == "*" else specifier
    if style == "poetry":
        return _poetry(specifier)
    clauses = []
    for clause in specifier.split(","):
        fuzzy = re.fullmatch(
            r"\s*=?\s*(\d[\w.]*?)(?:\.?\*)?(?:=\S*)?\s*|\s*={0,2}\s*(\d[\w.]*)\s+\w[\w*]*\s*",
            clause,
        )
        clauses.append(f"=={fuzzy[1] or fuzzy[2]}.*" if fuzzy else clause)
    return ",".join(clauses)


def _poetry(constraint: str) -> str:
    """Poetry's caret, tilde and bare versions in PEP 440's words; `*` allows all: ''."""
    if constraint in ("*", ""):
        return ""
    clauses = []
    for clause in re.split(r"\s*,\s*|\s+(?=[<>=!~^])", constraint):
        numbers = [int(part) for part in re.findall(r"\d+", clause)]
        if re.match(r"~(?!=)", clause) and numbers:
            above = [numbers[0], numbers[1] + 1] if len(numbers) > 1 else [numbers[0] + 1]
        elif clause.startswith("^") and numbers:
            above = [numbers[0] + 1]
        else:
            clauses.append(re.sub(r"^=?(?=\d)", "==", clause))
            continue
        clauses += [f">={_dotted(numbers)}", f"<{_dotted(above)}"]
    return ",".join(clauses)


def _dotted(numbers: list[int]) -> str:
    return ".".join(map(str, numbers))


def _any(allowed: SpecifierSet, versions: tuple[str, ...]) -> bool:
    return any(allowed.contains(version, prereleases=True) for version in versions)


def _below(specifier: SpecifierSet, limit: tuple[int, int]) -> tuple[str, ...]:
    """Versions below a limit at which what is allowed can begin: its bounds, and just past them."""
    found = []
    for clause in specifier:
        numbers = [int(part) for part in re.findall(r"\d+", clause.version)[:3]] + [0] * 3
        if tuple(numbers[:2]) < limit:
            found += [f"{numbers[0]}.{numbers[1]}.{numbers[2] + more}" for more in (0, 1)]
    return tuple(found)


def _with_floor(specifier: str, floor: str) -> str:
    """One alternative with another lower bound, in the place of its own."""
    lower = list(re.finditer(r">=?\s*[\w.*+!-]+", specifier))
    if not lower:
        return f">={floor},{specifier}"
    start, end = lower[0].span()
    return f"{specifier[:start]}>={floor}{specifier[end:]}"


def _environments(pythons: tuple[str, ...]) -> Iterator[dict[str, str]]:
    for full in pythons:
        for os_name, sys_platform, platform_system in _SYSTEMS:
            for implementation in ("cpython", "pypy"):
                yield {
                    "python_version": ".".join(full.split(".")[:2]),
                    "python_full_version": full,
                    "os_name": os_name,
                    "sys_platform": sys_platform,
                    "platform_system": platform_system,
                    "implementation_name": implementation,
                    "platform_python_implementation": (
                        "CPython" if implementation == "cpython" else "PyPy"
                    ),
                    "extra": "",
                }
