"""`sentry-migrate next`: do the first stage of the migration that is not done, and commit it.

Owns what is asked before a stage, what is written besides the fixes, and the exit code. The fixes
are made as `check --fix` makes them.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import redirect_stdout, suppress
from dataclasses import dataclass, replace
from typing import Any, TextIO

from sentry_migrate import __version__
from sentry_migrate.cli import check
from sentry_migrate.cli.answers import answer_of, assume, confirmed, settings_file
from sentry_migrate.cli.choose import Choose
from sentry_migrate.cli.file_results import ReadingOptions, file_results
from sentry_migrate.cli.files_to_check import shown
from sentry_migrate.cli.followers import followers
from sentry_migrate.cli.git import GitError, Repository, repository
from sentry_migrate.cli.output import encoded, not_written, put_bytes, say
from sentry_migrate.cli.requirement_left import requirement_left
from sentry_migrate.cli.status import raised_by_hand, tell
from sentry_migrate.cli.undo import left_by_a_run
from sentry_migrate.cli.written_files import Written
from sentry_migrate.project import atomic_write, config
from sentry_migrate.project.patterns import escaped
from sentry_migrate.report import text, visible
from sentry_migrate.report.stages import REQUIREMENT, Stage, stages
from sentry_migrate.report.summary import plural

_PLACES_TO_REVIEW = 50
"""As many places as the text of a pull request lists."""
_PLACES = 5
"""As many places of a question, or changed files of a repository, as are listed."""


@dataclass(frozen=True, slots=True)
class Options(ReadingOptions):
    """What was typed, settings aside."""

    yes: bool = False
    """Whether nothing is asked; questions about the project then stay open."""
    allow_dirty: bool = False
    commit: bool = True
    pr_text: str | None = None
    """The file for the text of a pull request, `-` for standard output; None for none."""
    quiet: bool = False
    """Whether nothing is said of what is done, or of what goes well."""


@dataclass(frozen=True, slots=True)
class _Work:
    """What a stage comes to."""

    title: str
    """The first line of its commit, with `{}` for how much it is."""
    settings: Mapping[str, Any]
    """On top of the project's, for the run that makes the fixes."""
    assumed: tuple[str, ...] = ()
    """Codes of the doubts that are answered with yes."""


@dataclass(frozen=True, slots=True)
class _Tree:
    """The working tree that the stage is committed in."""

    repository: Repository | None
    """None where there is none."""
    changed: frozenset[str] = frozenset()
    """Real paths of files with changes of the user's, which are not committed."""


class _Refused(Exception):
    """The stage cannot be done here; str() says why."""


def run(options: Options, choose: Choose) -> int:
    """Do a stage; the exit code. Raises ConfigError before anything is written."""
    if options.pr_text != "-":
        return _run(options, choose, sys.stdout)
    # Nothing but the text is on standard output, so that another program can take it.
    output = sys.stdout
    with redirect_stdout(sys.stderr):
        return _run(options, choose, output)


def _run(options: Options, choose: Choose, output: TextIO) -> int:
    try:
        if missing := [path for path in options.paths if not os.path.lexists(path)]:
            raise _Refused(f"no such file or directory: {_listed(missing)}")
        tree = _tree(options)
        if options.commit and tree.repository is not None:
            options = _without_submodules(options, tree.repository)
        results = file_results(options, choose)
        found = stages(results.entries)
        stage = next((one for one in found if one.findings), None)
        if stage is None:
            if not options.quiet:
                tell(found, results)
            broken = any(entry.problem for entry in results.entries)
            return 2 if results.failed else int(broken)
        left = "" if stage.key == "requirement" else requirement_left(options, choose)
        if left:
            say(f"warning: {left}", sys.stderr)
        if not options.quiet:
            say(f"{stage.title}: {stage.size}.", sys.stdout)
        if stage.key in ("questions", "manual") and not options.quiet:
            text.show(text.proved(results.entries), sys.stdout)
        follow: Mapping[str, str] = {}
        if options.commit and tree.repository is not None and stage.key == "requirement":
            follow = followers(stage, tree.repository)
        by_hand, stage = list(raised_by_hand(stage)), stage.fixes()
        if stage.key != "manual":
            tree = _with_untracked(tree, stage, options, choose(options.home).baseline_file)
    except (_Refused, GitError) as error:
        git = "git: " if isinstance(error, GitError) else ""
        say(f"error: {git}{error}", sys.stderr)
        return 2
    work = _work(stage, options, choose(options.home).strict) if stage.findings else None
    if work is None:
        _tell_by_hand(by_hand, not stage.findings)
        return 1
    written = Written(dirty=options.allow_dirty)
    if work.assumed and not assume(options.home, work.assumed, written):
        return 2
    made = check.Options(
        options.paths, fix=True, fix_only=True, exclude=options.exclude, jobs=options.jobs,
        timeout=options.timeout, cache=options.cache, owners=options.owners,
        prune_baseline=choose(options.home).baseline_file is not None, quiet=options.quiet,
    )  # fmt: skip
    closed = None
    try:
        code = check.run(made, _on_top(choose, work.settings), written)
    except BrokenPipeError as error:  # what is written is committed all the same
        closed, code = error, 1
    if written.paths:
        done = {os.path.realpath(path) for path in written.paths} - tree.changed
        fixed = [one for one in written.fixed if os.path.realpath(one.path) in done]
        pairs = ((entry, finding) for entry in fixed for finding in entry.findings)
        stage = replace(stage, findings=tuple(pairs))
        if work.assumed and not stage.findings:
            say("No fix depends on what was answered alone: other questions are open.", sys.stdout)
            answers = ", ".join(work.assumed)
            work, code = replace(work, title=f"Assume for sentry-sdk 2.x: {answers}"), code or 1
        if follow:
            _tell_followers(follow, by_hand, stage, written)
        elif options.commit and not _committed(tree, stage, work, written, options.quiet):
            return 2
        code = _tell_others(options.pr_text, output, stage, work) or code
        if not follow:
            _tell_by_hand(by_hand, only=False)
        code = code or int(bool(by_hand or follow))
    if closed is not None:
        raise closed
    return code if written.paths else code or 1


def _tell_by_hand(lines: Sequence[str], only: bool) -> None:
    """Say what else a person has to do for a stage; and where that is `only` left, how to go on."""
    for line in lines:
        say(line, sys.stdout)
    if lines:
        said = (
            f"Do {'this' if only else 'that'} and commit it; then run `sentry-migrate next` again"
        )
        say(f"{said}, or now `next --ignore {REQUIREMENT}` to leave it for later.", sys.stdout)


def _tell_followers(
    follow: Mapping[str, str], by_hand: Sequence[str], stage: Stage, written: Written
) -> None:
    """Say what has to be committed together with the requirement, and how it gets there."""
    names = [*map(shown, follow)]
    undo = f" `{written.undo}` takes the change back." if written.undo else ""
    *most, last = [*stage.paths, *names]
    said = f"Not committed: {_listed(most)} and {last} belong in one commit."
    say(f"{said}{undo}", sys.stdout)
    others = [line for line in by_hand if not line.startswith(tuple(f"{one}:" for one in names))]
    for line in (*(f"{shown(path)}: {remedy}" for path, remedy in follow.items()), *others):
        say(line, sys.stdout)
    say("Do that and commit all of it; then run `sentry-migrate next` again.", sys.stdout)


def _on_top(choose: Choose, settings: Mapping[str, Any]) -> Choose:
    return lambda directory: config.overlay(choose(directory), settings, "command line")


def _tree(options: Options) -> _Tree:
    """The working tree, if it is as it has to be. Raises _Refused and GitError."""
    try:
        found = repository(options.home)
        if found is None:
            return _Tree(None)
        if options.commit:
            found.refuse_what_goes_on()
        changed = found.changed()
    except GitError:
        if options.commit or not options.allow_dirty:
            raise
        return _Tree(None)
    if changed and not options.allow_dirty:
        undo = left_by_a_run({os.path.realpath(found.path(name)) for name in changed})
        raise _Refused(
            f"{plural(len(changed), 'file')} changed since the last commit: {_listed(changed)}. "
            "Commit or stash them first, or use --allow-dirty."
            + (f" `{undo}` takes back what an earlier run wrote." if undo else "")
        )
    return _Tree(found, frozenset(os.path.realpath(found.path(name)) for name in changed))


def _without_submodules(options: Options, tree: Repository) -> Options:
    """The same without the files that the commit cannot have. Raises GitError."""
    asked = [os.path.realpath(path) for path in options.paths]
    found = map(tree.path, tree.submodules())
    left = [one for one in found if any(one.startswith(os.path.join(at, "")) for at in asked)]
    if not left:
        return options
    names = [os.path.relpath(one, os.path.realpath(os.getcwd())) for one in left]
    said = f"Left alone: {_listed(names)}. Run `sentry-migrate next` in a submodule to migrate it."
    say(said, sys.stdout)
    patterns = ("/" + escaped(name.replace(os.sep, "/")) for name in names)
    return replace(options, exclude=(*options.exclude, *patterns))


def _with_untracked(tree: _Tree, stage: Stage, options: Options, baseline: str | None) -> _Tree:
    """The same, with the files that git does not know among those that are changed. Raises
    _Refused and GitError where a stage has files that cannot be committed."""
    found = tree.repository
    if found is None and options.commit and stage.findings:
        raise _Refused("this is not a git repository; --no-commit makes the fixes all the same")
    if found is None:
        return tree
    outside = [path for path in stage.paths if not found.holds(path)]
    if outside and options.commit:
        raise _Refused(
            f"not in this repository: {_listed(outside)}. Exclude what is elsewhere, or run `next` "
            "there."
        )
    others = filter(os.path.lexists, (settings_file(options.home), baseline or ""))
    paths = [os.path.realpath(path) for path in stage.paths if path not in outside]
    unknown = found.untracked([*paths, *map(os.path.realpath, others)])
    asked = [path for path in unknown if path in paths]
    if asked and not options.allow_dirty:
        raise _Refused(
            f"not tracked by git: {_listed(map(shown, asked))}. Add and commit what is part of the "
            "project, or use --allow-dirty."
        )
    return _Tree(found, tree.changed.union(unknown))


def _listed(names: Iterable[str]) -> str:
    names = list(names)
    return ", ".join(names[:_PLACES]) + (", …" if len(names) > _PLACES else "")


def _work(stage: Stage, options: Options, strict: bool) -> _Work | None:
    """What to do in a stage, if a person agrees; with `strict`, no answer counts."""
    if stage.key == "manual":
        for line in _places(stage):
            say(line, sys.stdout)
        say("`sentry-migrate tasks` writes what to do at each place to a file.", sys.stdout)
        return None
    if stage.key == "questions":
        codes = (
            () if options.yes or strict else tuple(filter(None, map(answer_of, stage.questions)))
        )
        if not codes:
            why = "No answer was yes."
            if strict:
                why = "Nobody was asked, because `strict` assumes nothing."
            elif options.yes:
                why = "Nobody was asked, because of --yes."
            said = f"{why} `sentry-migrate doubt` explains each question; `sentry-migrate tasks` "
            say(f"{said}lists what to do without an answer.", sys.stdout)
            return None
        listed = ", ".join(codes)
        return _Work(
            f"Migrate to sentry-sdk 2.x: fixes that assume {listed}",
            {"assume": list(codes), "unsafe-fixes": False},
            codes,
        )
    if not options.yes and not confirmed(f"{stage.title}?", default=True):
        return None
    if stage.key == "requirement":
        return _Work("Require sentry-sdk 2.x", {"select": [REQUIREMENT], "unsafe-fixes": True})
    return _Work("Migrate to sentry-sdk 2.x: {}", {"unsafe-fixes": False})


def _committed(tree: _Tree, stage: Stage, work: _Work, written: Written, quiet: bool) -> bool:
    """Whether the stage is committed, if there is a repository. `stage` has what can be."""
    assert tree.repository is not None
    paths = [os.path.realpath(path) for path in written.paths]
    if theirs := [shown(path) for path in paths if path in tree.changed]:
        said = "which had changes before, or are not tracked"
        say(f"Not committed: {_listed(theirs)}, {said}.", sys.stderr)
    paths = [path for path in paths if path not in tree.changed]
    if not paths:
        return True
    title = work.title.format(stage.amount)
    try:
        name = tree.repository.commit(paths, f"{title}\n\n{_message(stage, work)}")
    except (GitError, OSError) as error:
        if _is_committed(tree.repository, paths):
            say("Not committed: another run has committed the same.", sys.stderr)
            return True
        undo = f"; `{written.undo}` undoes the changes" if written.undo else ""
        say(f"error: not committed: git: {error}{undo}", sys.stderr)
        return False
    if not quiet:
        say(f"Committed {plural(len(paths), 'file')} as {name}: {title}", sys.stdout)
    return True


def _is_committed(repository: Repository, paths: Sequence[str]) -> bool:
    with suppress(GitError, OSError):
        return repository.has_committed(paths)
    return False


def _message(stage: Stage, work: _Work) -> str:
    rules = [*_rules(stage)]
    lines = [*rules, "", _proof(stage, work)] if rules else ["No fix depends on this alone.", ""]
    lines.append(f"Made by sentry-migrate {__version__}.")
    return "\n".join(lines)


def _rules(stage: Stage) -> Iterator[str]:
    """How often each rule was applied, in a list."""
    counts = Counter((finding.code, finding.name) for _, finding in stage.findings)
    for (code, name), count in sorted(counts.items()):
        yield f"- {code} {name}: {count}"


def _proof(stage: Stage, work: _Work) -> str:
    if stage.key == "requirement":
        return "The code and the requirement change together: merge this with the stages after it."
    if codes := _assumed(stage, work):
        return (
            f"What reaches Sentry stays the same, as far as this holds: {', '.join(codes)} "
            f"(`sentry-migrate doubt {codes[0]}` explains it)."
        )
    return "What reaches Sentry stays the same."


def _assumed(stage: Stage, work: _Work) -> tuple[str, ...]:
    """Codes of what the fixes rest on: what was answered, and what is assumed by default."""
    fixes = (finding.fix for _, finding in stage.findings)
    known = (one.code for fix in fixes if fix is not None for one in fix.assumes)
    return tuple(dict.fromkeys((*work.assumed, *known)))


def _tell_others(file: str | None, output: TextIO, stage: Stage, work: _Work) -> int:
    """Write the text of a pull request, if one is wanted; the exit code."""
    if file is None:
        return 0
    look = ["Each place, as it was before; `sentry-migrate rule CODE` says why it changes:", ""]
    listed = [f"- {line}" for line in _places(stage)]
    look += listed[:_PLACES_TO_REVIEW]
    if (more := len(listed) - _PLACES_TO_REVIEW) > 0:
        look.append(f"- and {plural(more, 'more place')}")
    codes = () if stage.key == "requirement" else _assumed(stage, work)
    look += ["", "What has to hold:", ""] if codes else []
    look += [f"- {code}: `sentry-migrate doubt {code}`" for code in codes]
    lines = [f"# {work.title.format(stage.amount)}", "", "## What", "", *_rules(stage), ""]
    lines += ["## Proof", "", _proof(stage, work), "", "## What to look at", "", *look, ""]
    data = encoded("\n".join(lines))
    if file == "-":
        put_bytes(data, output)
        return 0
    try:
        atomic_write.put(file, data)
    except OSError as error:
        not_written(file, error)
        return 2
    return 0


def _places(stage: Stage) -> Iterator[str]:
    """Each finding in a line."""
    for entry, finding in stage.findings:
        place = entry.label(finding.start)
        yield f"{visible.plain(entry.path)}:{place}: {finding.code} {finding.message}"
