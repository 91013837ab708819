"""A worker whose analysis is a few regular expressions, for tests of the server alone.

`old_name` is a use with a safe fix to `new_name`, `risky` one with an unsafe fix, `lost` one
without a fix; `choice` has a safe fix and an alternative, `breaks` a fix whose result does not parse, `noted` one for display; `shared` has a
fix that is safe unless another file is told to have some. `def def` does not parse, `CRASH` kills
the process, `HANG` never ends, `SLOW` takes half a second, `RAISE` is an exception in the analysis.
"""

from __future__ import annotations

import os
import re
import time
from pathlib import Path

from sentry_migrate.model import (
    Applicability,
    Assumption,
    CheckResult,
    Failure,
    Finding,
    Fix,
    FixOutcome,
    Related,
    Severity,
)
from sentry_migrate.plan import Answer, Site
from sentry_migrate.project.config import Settings
from sentry_migrate.text.edits import Edit, apply
from sentry_migrate.text.source import Source
from sentry_migrate.worker import frames, process

_USES = re.compile(
    r"\b(old_name|risky|lost|choice|breaks|noted|shared)\b(?![^\n]*sentry-migrate: ignore)"
)
_CODES = {
    "old_name": "SEN901",
    "risky": "SEN902",
    "lost": "SEN903",
    "choice": "SEN904",
    "breaks": "SEN905",
    "noted": "SEN906",
    "shared": "SEN907",
}
DOUBT = "other-threads"
"""Of `risky`, and of `shared` where it is not safe."""
SHARED = "push"
"""The kind of code that `shared` depends on."""
SAFE, UNSAFE = Applicability.SAFE, Applicability.UNSAFE


def finding(match: re.Match[str], settings: Settings, left: frames.Left) -> Finding:
    word, start, end = match[1], match.start(), match.end()
    edit = (Edit(start, end, "new_name"),)
    line_end = re.compile(r"(?=\r?\n|\Z)").search(match.string, end).start()  # type: ignore[union-attr]
    comment = Edit(line_end, line_end, f"  # sentry-migrate: ignore[{_CODES[word]}]")
    fix = None
    if word in ("old_name", "choice"):
        fix = Fix("Replace with new_name", SAFE, edit)
    elif word == "risky":
        if DOUBT in settings.assumed:
            assumed = (Assumption(DOUBT, "cannot be sure"),)
            fix = Fix("Replace with new_name", SAFE, edit, assumes=assumed)
        else:
            fix = Fix("Replace with new_name", UNSAFE, edit, "cannot be sure", (DOUBT,))
    elif word == "shared":
        places = dict(left)
        fix = Fix("Replace with new_name", SAFE, edit)
        if SHARED in places:
            reason = f"{places[SHARED]} has some"
            fix = Fix("Replace with new_name", UNSAFE, edit, reason, (DOUBT,))
    elif word == "breaks":
        fix = Fix("Break it", SAFE, (Edit(start, end, "def def"),))
    elif word == "noted":
        fix = Fix("Note it down", Applicability.DISPLAY, (Edit(end, end, "  # TODO"),))
    others = (Fix("Use other_name", UNSAFE, (Edit(start, end, "other_name"),), "it differs"),)
    severity = dict(settings.severity).get(_CODES[word], Severity.WARNING)
    return Finding(
        _CODES[word],
        word.replace("_", "-"),
        f"`{word}` is deprecated",
        start,
        end,
        severity,
        "https://example.invalid/guide",
        fix,
        others if word == "choice" else (),
        "do it by hand" if word == "lost" else "",
        word != "lost",
        (Related(0, 6, "imported here"),),
        suppression=comment,
    )


def analyze(text: str, settings: Settings, left: frames.Left = ()) -> CheckResult:
    if "CRASH" in text:
        os._exit(7)
    if "HANG" in text:
        time.sleep(3600)
    if "SLOW" in text:
        time.sleep(0.5)
    if "RAISE" in text:
        raise RuntimeError("a bug")
    if "def def" in text:
        return CheckResult(failure=Failure("syntax", "invalid syntax", text.index("def def")))
    ignored = set(settings.ignore)
    found = (finding(match, settings, left) for match in _USES.finditer(text))
    suppressed = text.count("sentry-migrate: ignore")
    findings = tuple(one for one in found if one.code not in ignored)
    plan = Answer(asked=(SHARED,) if "shared" in text else ())
    return CheckResult(findings, None, suppressed, plan=plan)


def survey(ask: frames.Survey) -> frames.Surveyed:
    """A file that has some says `some`; `LONG` takes longer than a menu waits."""
    texts = [(path, read(path)) for path in ask.paths]
    if any("LONG" in text for _, text in texts):
        time.sleep(5)
    sites = [
        (path, text.partition("some")[0].count("\n")) for path, text in texts if "some" in text
    ]
    return frames.Surveyed(tuple((path, Answer((Site(SHARED, line + 1),))) for path, line in sites))


def fix(text: str, ask: frames.FixAll | frames.FixFile) -> FixOutcome:
    result = analyze(text, ask.settings)
    within = ask.within if isinstance(ask, frames.FixAll) else None
    chosen = [
        one
        for one in result.findings
        if one.fix
        and (one.fix.applicability is SAFE or ask.unsafe)
        and (ask.rules is None or one.name in ask.rules)
        and (within is None or (one.start <= within[1] and within[0] <= one.end))
    ]
    edits = tuple(edit for one in chosen if one.fix for edit in one.fix.edits)
    after = apply(text, edits)
    return FixOutcome(after, edits, tuple(chosen), analyze(after, ask.settings))


def read(path: str) -> str:
    try:
        return Source.from_bytes(Path(path).read_bytes()).text
    except OSError:  # the real one tells of a failure
        return ""


def load() -> tuple[frames.Hello, process.Handlers]:
    docs = tuple(
        frames.RuleDoc(
            *(code, word.replace("_", "-"), "migration", "safe", word),
            *(f"Why {word} goes.", "", "https://a.invalid/"),
        )
        for word, code in _CODES.items()
    )
    handlers = {
        frames.Analyze: lambda ask: analyze(ask.text, ask.settings, ask.left),
        frames.Parse: lambda ask: CheckResult(failure=analyze(ask.text, Settings()).failure),
        frames.FixAll: lambda ask: fix(ask.text, ask),
        frames.AnalyzeFile: lambda ask: frames.FileResult(
            read(ask.path), analyze(read(ask.path), ask.settings)
        ),
        frames.FixFile: lambda ask: frames.FileFix(read(ask.path), fix(read(ask.path), ask)),
        frames.Discover: lambda ask: frames.Files(
            () if ask.stray else tuple(sorted(str(path) for path in Path(ask.root).rglob("*.py")))
        ),
        frames.Survey: survey,
        frames.Read: lambda ask: frames.Modules((None,) * len(ask.paths), (None,) * len(ask.paths)),
    }
    return frames.Hello(docs, (("fake", "1"),)), handlers


if __name__ == "__main__":
    process.run(load)
