"""How far a migration has come since an earlier report, and how long the rest takes at that pace.

Owns the comparison and its words, and that reports of different things are not compared. Refuses
to know where the earlier report is kept, and what a selection of files and rules is.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

from sentry_migrate.report.entry import Coverage
from sentry_migrate.report.summary import Summary, markdown, plural, summarize
from sentry_migrate.report.visible import plain

if TYPE_CHECKING:
    from sentry_migrate.report.listing import Sheet

_DAY = timedelta(days=1)
_LONGEST = 10 * 365 * _DAY
"""A pace of which more would follow says nothing."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """What an earlier report in JSON says."""

    findings: int
    rules: Mapping[str, int]
    """How many findings there were, by the code of the rule."""
    time: datetime | None
    """When it was made; None for a report that does not say."""
    selection: Mapping[str, Any] | None
    """Which files and rules it is about, by part; None for a report that does not say."""
    files: Mapping[str, int] = field(default_factory=dict)
    """How many findings there were, by file."""


@dataclass(frozen=True, slots=True)
class Trend:
    """Two reports."""

    earlier: Earlier
    now: Summary
    time: datetime
    """When the later one was made."""
    selection: Mapping[str, Any]
    """Which files and rules that is about."""
    passed_over: tuple[str, ...] = ()
    """Files with findings in the earlier one that the later one knows nothing about."""

    @property
    def comparable(self) -> bool:
        """Whether the numbers of the two mean anything together."""
        return not (self.unlike or self.passed_over)

    @property
    def unlike(self) -> tuple[str, ...]:
        """What of their selections is different, so that they cannot be compared."""
        before = self.earlier.selection
        if before is None:
            return ("selection",)
        names = dict.fromkeys((*self.selection, *before))
        return tuple(name for name in names if before.get(name) != self.selection.get(name))

    @property
    def gone(self) -> int:
        """How many findings fewer there are; less than none where there are more."""
        return self.earlier.findings - self.now.total.total

    @property
    def rest(self) -> timedelta | None:
        """How long it takes until nothing is left, if as many go each day as went between the
        reports; None where that cannot be told."""
        left = self.now.total.total
        if not self.comparable or self.earlier.time is None or self.gone <= 0 or not left:
            return None
        passed = self.time - self.earlier.time
        rest = passed * left / self.gone if passed >= _DAY else None
        return rest if rest is not None and rest <= _LONGEST else None

    def rules(self) -> Iterator[tuple[str, int, int]]:
        """The rules that have another number of findings: code, then and now."""
        now = {rule.code: rule.counts.total for rule in self.now.rules}
        for code in sorted({*now, *self.earlier.rules}) if self.comparable else ():
            before, after = self.earlier.rules.get(code, 0), now.get(code, 0)
            if before != after:
                yield code, before, after


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a report is compared with."""

    selection: Mapping[str, Any]
    """Which files and rules the report is about."""
    earlier: Earlier | None = None
    passed_over: tuple[str, ...] = ()
    """As in `Trend`."""
    coverage: Coverage | None = None
    """What was looked at, if that is known."""

    def __call__(self, summary: Summary) -> Trend | None:
        """The trend up to what was found now."""
        if self.earlier is None:
            return None
        now = datetime.now(timezone.utc)
        return Trend(self.earlier, summary, now, self.selection, self.passed_over)


def read(data: bytes) -> Earlier:
    """An earlier report. Raises ValueError where it is none in JSON."""
    try:
        report = json.loads(data)
        rules = {
            str(one["code"]): sum(_count(one[kind]) for kind in ("safe", "unsafe", "manual"))
            for one in report["rules"]
        }
        said = report.get("time")
        time = None if said is None else datetime.fromisoformat(said)
        if time is not None and time.tzinfo is None:
            raise ValueError
        selection = report.get("selection")
        if not isinstance(selection, dict | None):
            raise TypeError
        files = {str(path): _count(count) for path, count in report.get("files", {}).items()}
        return Earlier(_count(report["findings"]), rules, time, selection, files)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError("is not what `report --output-format json` writes") from error


def _count(value: object) -> int:
    if type(value) is not int or value < 0:
        raise ValueError
    return value


def data(trend: Trend) -> dict[str, Any]:
    """As plain values."""
    rest = trend.rest
    return {
        "findings": trend.earlier.findings,
        "rules": dict(trend.earlier.rules),
        "time": None if trend.earlier.time is None else trend.earlier.time.isoformat(),
        "unlike": list(trend.unlike),
        "passed_over": list(trend.passed_over),
        "days_left": None if rest is None else max(1, round(rest / _DAY)),
    }


def sentences(trend: Trend) -> Iterator[str]:
    """What the reports say together."""
    if unlike := trend.unlike:
        listed = ", ".join(f"`{one}`" for one in unlike)
        at = "something else" if trend.earlier.selection is not None else "what it does not tell"
        yield f"The earlier report looked at {at} ({listed}), so the two are not compared."
        return
    if files := trend.passed_over:
        listed = ", ".join(f"`{plain(one)}`" for one in files[:3])
        more = f" and {len(files) - 3:,} more" if len(files) > 3 else ""
        why = "in which nothing was looked for now, so the two are not compared"
        yield f"The earlier report has findings in {listed}{more}, {why}."
        return
    then = trend.earlier.time
    since = f"since {then.date().isoformat()}" if then is not None else "since the earlier report"
    before, now = trend.earlier.findings, trend.now.total.total
    if trend.gone > 0:
        gone = f"{trend.gone:,} of {plural(before, 'finding')} {_are(trend.gone)} gone {since}"
        yield f"{gone}; {now:,} {_are(now)} left."
    elif trend.gone < 0:
        yield f"{plural(-trend.gone, 'finding')} more than {before:,} {since}."
    else:
        yield f"As many findings as {since.removeprefix('since ')}."
    rest = trend.rest
    if rest is not None:
        day = (trend.time + rest).date().isoformat()
        days = plural(max(1, round(rest / _DAY)), "day")
        yield f"At this pace, the rest takes {days}, until {day}."


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def changes(trend: Trend) -> Iterator[str]:
    """Each rule that has another number of findings, in a line."""
    for code, before, now in trend.rules():
        yield f"{code}: {before:,} → {now:,}"


def tables(
    sheets: Iterable[Sheet],
    summaries: object,
    subject: str,
    compared: Comparison | None = None,
) -> str:
    """What was found in Markdown, beside that of an earlier report if it is `compared`."""
    summary = summarize((sheet.entry for sheet in sheets), compared.coverage if compared else None)
    since = None if compared is None else compared(summary)
    if since is None:
        return markdown(summary)
    listed = "".join(f"- {line}\n" for line in changes(since))
    return "\n".join(filter(None, (markdown(summary), " ".join(sentences(since)) + "\n", listed)))
