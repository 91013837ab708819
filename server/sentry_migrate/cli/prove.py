"""`sentry-migrate prove`: run the project's own tests on both SDKs, and compare what they send.

Owns the order of the runs, what is tried to find the fix at fault, and the exit code.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from sentry_migrate.cli.entry_point import Interrupted
from sentry_migrate.cli.output import put, say
from sentry_migrate.project.kept_proofs import Kept, keep
from sentry_migrate.prove.blame import blamed, taken_back
from sentry_migrate.prove.copies import copy_project
from sentry_migrate.prove.environments import (
    NoEnvironmentError,
    new_release,
    old_release,
    python_of,
    sdk,
)
from sentry_migrate.prove.fixes import Fixer, NotFixedError, TriedFix
from sentry_migrate.prove.recordings import Recording, Test, UnknownSdkError
from sentry_migrate.prove.runs import NotRecordedError, Outcome, Probes, Runner, TooSlowError
from sentry_migrate.prove.summary import Cause, Difference, Result, as_json, lines
from sentry_migrate.prove.verdicts import Comparison, verdicts
from sentry_migrate.report.summary import plural

_FAILED = 20
"""As many tests that fail are named."""
_FAILING = "the tests fail with the old SDK already, so they prove nothing"
_NOTHING = "no test ran, and nothing was sent"
_ADVICE_ON_TESTS = (
    "Name a command that runs them (`sentry-migrate prove -- COMMAND`). If it gives them "
    "another environment, as tox does, have it pass on PYTHONPATH, PYTEST_PLUGINS and "
    "SENTRY_MIGRATE_* (`pass_env`)."
)
_ADVICE_ON_FAILURES = (
    "They ran in a copy of the project, without its repository (`.git`), what is beside it and the "
    "internet. Mend or deselect them (`-- python -m pytest --deselect …`); --allow-failures "
    "compares them as they are; --no-client helps where a test expects that Sentry is not started."
)


@dataclass(frozen=True, slots=True)
class Options:
    """What was typed."""

    directory: str
    command: tuple[str, ...]
    """What runs the tests; empty for pytest."""
    fixer: Fixer
    cache: str
    python: str | None = None
    old: str | None = None
    """The release of 1.x; None for the one that the project requires exactly."""
    new: str | None = None
    """The release of 2.x; None for the newest."""
    default_client: bool = True
    allow_failures: bool = False
    timeout: float | None = None
    """Seconds that one run of the tests may take."""
    budget: float | None = None
    """Seconds that all of it may take."""
    output_format: str = "text"


class _Failed(Exception):
    """The proof cannot be made; str() says why."""


class _OutOfTimeError(_Failed):
    """The time budget has ended."""


REASONS = (
    _Failed,
    NoEnvironmentError,
    NotFixedError,
    NotRecordedError,
    UnknownSdkError,
    OSError,
)
"""Why there is no proof."""


def run(options: Options) -> int:
    """Prove; the exit code."""
    _end_with_the_terminal()
    try:
        with tempfile.TemporaryDirectory(prefix="sentry-migrate-") as scratch:
            return _Proof(options, os.path.realpath(scratch)).run()
    except REASONS as error:
        return refused(error)
    except KeyboardInterrupt:
        raise Interrupted("interrupted; the project is as it was") from None


def _end_with_the_terminal() -> None:
    """Have a terminal that is closed end the tests too, and what they left, unless it is not to."""
    if sys.platform != "win32" and signal.getsignal(signal.SIGHUP) is signal.SIG_DFL:
        signal.signal(signal.SIGHUP, lambda *_: signal.raise_signal(signal.SIGTERM))


class _Proof:
    """One proof, in a directory that is gone after it."""

    def __init__(self, options: Options, scratch: str) -> None:
        self._options = options
        self._root = os.path.realpath(options.directory)
        self._copy = os.path.join(scratch, os.path.basename(self._root) or "project")
        self._fixed = f"{self._copy}-fixed"
        """Where the copy is that has the wanted fixes, until the tests run in it."""
        python = os.path.abspath(options.python) if options.python else python_of(self._root)
        command = options.command or (python, "-m", "pytest")
        self._runner = Runner(command, python, self._root, options.default_client)
        self._fixer = options.fixer
        self._begun, self._runs = time.monotonic(), 0
        self._is_cut = False
        self._whole = {""}
        """Tests that send something else without the others; so does what runs outside of tests."""

    def run(self) -> int:
        """The exit code."""
        options, python = self._options, self._runner.python
        self._fresh()
        fixes = self._fixer.find_and_make(self._copy)
        if not fixes:
            say(self._nothing(), sys.stderr)
            return 0
        os.rename(self._copy, self._fixed)
        wanted = f"=={options.old}" if options.old else old_release(self._root)
        old_sdk, old = self._old = sdk(python, wanted, options.cache)
        wanted = f"=={options.new}" if options.new else new_release(self._root)
        new_sdk, new = self._new = sdk(python, wanted, options.cache)
        probes = _probes(fixes)
        first = self._tests(f"sentry-sdk {old}, the code as it is", old_sdk, probes=probes)
        self._refuse_failures(first)
        again = self._tests(f"sentry-sdk {old}, once more", old_sdk, probes=probes)
        changed = self._tests(
            f"sentry-sdk {new}, with {plural(len(fixes), 'fix', 'fixes')}", new_sdk, fixed=True
        )
        compared = Comparison(first.recording, again.recording, changed.recording)
        compared = self._left_alone(compared)
        compared, differences = self._blame(compared, fixes)
        due = [one for one in differences if one.cause == "fix"]
        at_fault = {fix.id: [one.test for one in due if fix.id in one.fixes] for fix in fixes}
        told = [fix for fix in fixes if fix.is_code or at_fault[fix.id]]
        open_tests = [one.test for one in differences if one.cause != "sdk" and self._is_cut]
        found = verdicts([fix.id for fix in told], compared, at_fault, open_tests)
        budget = options.budget if self._is_cut else None
        result = Result(old, new, told, found, differences, compared, budget)
        self._keep(result)
        tell(result, options.output_format)
        return 1 if differences else 0

    def _nothing(self) -> str:
        """What to say where there is no fix to prove."""
        fixer = self._fixer
        others = [] if fixer.unsafe or fixer.ids else replace(fixer, unsafe=True).find(self._copy)
        if not others:
            return "No fix to prove: `sentry-migrate check` says what is left."
        several = len(others) > 1
        return (
            f"No safe fix to prove, and no test was run. There {'are' if several else 'is'} "
            f"{plural(len(others), 'fix', 'fixes')} that {'are' if several else 'is'} not safe: "
            f"`sentry-migrate prove --unsafe-fixes` tries {'them' if several else 'it'}."
        )

    def _fresh(self) -> None:
        """The copy is the project as it is, at the same path each time."""
        shutil.rmtree(self._copy, ignore_errors=True)
        copy_project(self._root, self._copy)

    def _set_up(self, fixed: bool, ids: Sequence[str]) -> None:
        """The copy has the wanted fixes, those with the IDs, or none."""
        if fixed and os.path.isdir(self._fixed):
            shutil.rmtree(self._copy, ignore_errors=True)
            os.rename(self._fixed, self._copy)
            return
        self._fresh()
        if fixed or ids:
            self._fixer.make(self._copy, None if fixed else ids)

    def _tests(
        self,
        said: str,
        sdk_directory: str,
        probes: Probes | None = None,
        fixed: bool = False,
        ids: Iterable[str] = (),
        only: Iterable[str] = (),
    ) -> Outcome:
        """What came of one run in a fresh copy, with the wanted fixes or those with the IDs."""
        self._set_up(fixed, [*ids])
        left = self._left()
        limits = [limit for limit in (self._options.timeout, left) if limit is not None]
        try:
            found = self._runner.run(
                self._copy, sdk_directory, probes, only, min(limits, default=None)
            )
        except TooSlowError:
            self._left()
            raise
        self._runs += 1
        count = sum(bool(name) for name in found.recording)
        tests = f"{plural(count, 'test')} in " if count else ""  # a script has none
        say(f"{said}: {tests}{found.seconds:.1f} s", sys.stderr)
        return found

    def _left(self) -> float | None:
        """The seconds that are left of the time budget; None where there is none. Raises
        _OutOfTimeError."""
        budget = self._options.budget
        if budget is None:
            return None
        left = budget - (time.monotonic() - self._begun)
        if left > 0:
            return left
        raise _OutOfTimeError(
            f"the time budget of {budget:g} seconds ended after {plural(self._runs, 'run')} of the "
            "tests, and three are needed to compare anything; allow more, or name fewer tests"
        )

    def _refuse_failures(self, first: Outcome) -> None:
        """Raises _Failed where the code as it is tells nothing."""
        recording, code = first.recording, first.code
        printed = [f"  {line}" for line in first.printed]
        if not any(name or test.sent for name, test in recording.items()):
            raise _Failed("\n".join([f"{_NOTHING} (exit code {code})", *printed, _ADVICE_ON_TESTS]))
        # A test without an outcome has ended the process, and those after it did not run.
        failed = [name for name, test in recording.items() if name and test.is_failure]
        if (code or failed) and not self._options.allow_failures:
            named = [f"  {name}" for name in failed[:_FAILED]]
            ended = [f"{_FAILING} (exit code {code}):", *named, "What was printed last:", *printed]
            raise _Failed("\n".join([*ended, _ADVICE_ON_FAILURES]))

    def _rerun(
        self,
        said: str,
        of: tuple[str, str],
        names: Collection[str],
        fixed: bool = False,
        ids: Iterable[str] = (),
    ) -> Recording:
        """What came of some tests in one more run, with an SDK, and the wanted fixes or those with
        the IDs. It has no other tests, unless one of these is another one without them."""
        only = () if self._whole.intersection(names) else names
        directory, version = of
        said = f"sentry-sdk {version}, {said}"
        return self._tests(said, directory, fixed=fixed, ids=ids, only=only).recording

    def _left_alone(self, compared: Comparison) -> Comparison:
        """The comparison, with what the new SDK makes of the code as it is where a test differs."""

        def unlike() -> list[str]:
            return [name for name in names if not compared.alike(name, compared.left, compared.new)]

        names = compared.different()
        if not names:
            return compared
        try:
            found = self._rerun("the code as it is", self._new, names)
            left = {name: found.get(name, Test()) for name in names}  # it may not even start
            compared = replace(compared, left=left)
            # Earlier tests and fixtures may have made what a test sends: it is compared with a
            # run of few tests only where that sends the same with the old SDK, which costs less
            # than running them all each time.
            if alone := [name for name in unlike() if name not in self._whole]:
                few = self._rerun("the code as it is, few tests", self._old, alone)
                stateful = [name for name in alone if not compared.alike(name, few, compared.old)]
                self._whole.update(stateful)
                if stateful and "" not in names:
                    whole = self._rerun("the code as it is, all tests", self._new, stateful)
                    more = {name: whole.get(name, Test()) for name in stateful}
                    compared = replace(compared, left={**left, **more})
            if rest := unlike():
                again = self._rerun("the code as it is, once more", self._new, rest)
                compared = replace(
                    compared, left_again={name: again.get(name, Test()) for name in rest}
                )
        except _OutOfTimeError:
            self._is_cut = True
        return compared

    def _blame(
        self, compared: Comparison, fixes: Sequence[TriedFix]
    ) -> tuple[Comparison, list[Difference]]:
        """Each test that differs, and why: the SDK alone, one fix, or nothing that was found. The
        last are compared once more, because they may differ without any reason."""
        names = compared.different()
        own = [name for name in names if compared.is_as_without(name, compared.new)]
        found: dict[str, list[str]] = {name: [] for name in names}
        by_id = {fix.id: fix for fix in fixes}

        def differing(ids: Sequence[str], tests: Sequence[str]) -> list[str]:
            fix = by_id[ids[0]]
            some = f"{fix.code} at {fix.place}" if len(ids) == 1 else f"{len(ids)} fixes"
            alone = self._rerun(f"with {some} alone", self._new, tests, ids=ids)
            worse = [test for test in tests if compared.is_worse(test, alone)]
            others = [fix.id for fix in fixes if fix.id != ids[0]]
            unsure = [test for test in worse if compared.is_unsure(test)]
            if len(ids) > 1 or not others or not unsure:
                return worse
            # The code as it is does not say what is the SDK's own doing; the other fixes do.
            rest = self._rerun(f"without {some}", self._new, unsure, ids=others)
            return [one for one in worse if one not in unsure or compared.needs(one, rest)]

        def without(ids: Sequence[str], tests: Sequence[str]) -> tuple[list[str], list[str]]:
            others = [fix for fix in by_id if fix not in ids]
            if not others:  # that is the code as it is
                return [], []
            said = f"without {plural(len(ids), 'fix', 'fixes')}"
            less = self._rerun(said, self._new, tests, ids=others)
            unlike = [test for test in tests if not compared.alike(test, less, compared.new)]
            return unlike, [test for test in unlike if compared.is_cured(test, less)]

        ran = {name: compared.ran(name) for name in names if name not in own}
        try:
            for name, fix in blamed(ran, [*by_id], differing):
                found[name].append(fix)
            rest = [name for name in ran if not found[name]]
            if unsure := [name for name in rest if compared.is_unsure(name)]:
                own_fixes = [fix for fix in by_id if any(fix in ran[name] for name in unsure)]
                for name, fix in taken_back(unsure, own_fixes, without):
                    found[name].append(fix)
                rest = [name for name in rest if not found[name]]
            its_own = frozenset(filter(compared.may_be_own, rest))
            compared = replace(compared, own=its_own)
            if rest := [name for name in rest if name not in its_own]:
                again = self._rerun("with all fixes once more", self._new, rest, fixed=True)
                compared = replace(
                    compared, new_again={name: again.get(name, Test()) for name in rest}
                )
        except _OutOfTimeError:
            self._is_cut = True
        unknown: Cause = "open" if self._is_cut else "unexplained"
        return compared, [
            Difference(
                name,
                "sdk" if name in own else "fix" if found[name] else unknown,
                tuple(found[name] or (() if name in own else sorted(compared.ran(name)))),
            )
            for name in names
            if name not in compared.own and not compared.unsteady(name).whole
        ]

    def _keep(self, result: Result) -> None:
        told = {
            fix.id: Kept(fix.path, fix.code, fix.row, fix.column, verdict.kind, verdict.tests)
            for fix in result.fixes
            if (verdict := result.verdicts.get(fix.id))
        }
        try:
            keep(self._root, told)
        except OSError as error:
            say(f"warning: the verdicts could not be kept: {error}", sys.stderr)


def _probes(fixes: Iterable[TriedFix]) -> Probes:
    found: dict[str, dict[str, list[str]]] = {}
    for fix in fixes:
        if fix.is_code:
            places = found.setdefault(fix.path, {})
            places.setdefault(f"{fix.row}:{fix.column}", []).append(fix.id)
    return found


def tell(result: Result, output_format: str) -> None:
    """Print the result."""
    if output_format == "json":
        put(json.dumps(as_json(result), indent=2) + "\n", sys.stdout)
        return
    for line in lines(result):
        say(line, sys.stdout)


def refused(reason: object) -> int:
    """Say why there is no proof; the exit code."""
    for line in f"error: {reason}".splitlines():
        say(line, sys.stderr)
    return 2
