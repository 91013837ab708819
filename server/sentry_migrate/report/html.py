"""The migration report as one HTML page, for the command line and the server alike.

Owns what the page says and in which order. The page needs nothing but itself: no network, no
scripts, and a policy that forbids both; its only style is `page.css`, allowed by its hash. Plain
functions from data to text, so that they run in any thread; the analysis is never needed.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from importlib import resources

from sentry_migrate import __version__
from sentry_migrate.report import folders, listing, trend
from sentry_migrate.report.listing import Sheet
from sentry_migrate.report.markup import KINDS, anchor, bar, name, prose, text
from sentry_migrate.report.questions import remedy, waiting
from sentry_migrate.report.summary import RuleCounts, Summary, headline, plural, summarize
from sentry_migrate.report.trend import Comparison, Trend

TITLE = "Migration to sentry-sdk 2.x"

_UNFOLDED = 40
"""Files up to which the tree of folders is shown unfolded."""

_MEANING = {
    "safe": (
        "What reaches Sentry stays the same; <code>sentry-migrate check --fix</code> applies "
        "these fixes."
    ),
    "unsafe": (
        "Probably right; each fix says what could not be proved. <code>--fix "
        "--unsafe-fixes</code> applies these too."
    ),
    "manual": "A person has to decide; each finding says what to do.",
}


def page(
    sheets: Iterable[Sheet],
    summaries: Callable[[], Mapping[str, str]],
    subject: str = "",
    compared: Comparison | None = None,
) -> str:
    """The page, ending in a newline. `summaries` tells what a rule finds, by code; `subject` names
    what was looked at; `compared` has the summary beside that of an earlier report."""
    ordered = sorted(sheets, key=lambda sheet: sheet.entry.path)
    summary = summarize((sheet.entry for sheet in ordered), compared.coverage if compared else None)
    words = summaries() if summary.total.total else {}
    since = None if compared is None else compared(summary)
    return "".join(document(TITLE, subject, _body(ordered, summary, words, since)))


def document(title: str, subject: str, body: Iterable[str]) -> Iterator[str]:
    """A page with a heading, in which code is between backticks, around finished markup."""
    style = resources.files(__package__).joinpath("page.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    plain = text(title.replace("`", ""))
    shown = f": {text(subject)}" if subject else ""
    yield (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{plain}{shown}</title>\n<style>{style}</style>\n</head>\n<body>\n"
    )
    about = f'<p class="subject">{name(subject)}</p>' if subject else ""
    yield f"<header>\n<h1>{prose(title)}</h1>\n{about}\n</header>\n<main>\n"
    yield from body
    yield f"</main>\n<footer>sentry-migrate {__version__}</footer>\n</body>\n</html>\n"


def _body(
    sheets: Sequence[Sheet],
    summary: Summary,
    summaries: Mapping[str, str],
    since: Trend | None,
) -> Iterator[str]:
    yield from _totals(summary)
    yield from _trend(since) if since is not None else ()
    yield from _problems(sheets, summary)
    yield from _questions(summary)
    if summary.total.total:
        yield from _rules(summary, summaries)
        yield from _folders(summary, listing.ids(sheets))
        yield from listing.findings(sheets, summary.total.total)


def _totals(summary: Summary) -> Iterator[str]:
    yield f'<p class="lead">{text(headline(summary))}</p>\n'
    if summary.total.total:
        yield f'<div class="whole">{bar(summary.total, summary.total.total)}</div>\n'
        yield '<dl class="kinds">\n'
        for key, label in KINDS:
            number = getattr(summary.total, key)
            yield (
                f'<div class="{key}"><dt>{label}</dt><dd><strong>{number:,}</strong> '
                f"<span>{_MEANING[key]}</span></dd></div>\n"
            )
        yield "</dl>\n"
    failed = len(summary.problems)
    could = f"; {plural(failed, 'file')} could not be analysed" if failed else ""
    noun = "file was" if summary.examined == 1 else "files were"
    yield (
        f'<p class="small">{summary.examined:,} {noun} examined: those that mention the '
        f"SDK{could}.</p>\n"
    )


def _trend(since: Trend) -> Iterator[str]:
    yield f"<section>\n<h2>Trend</h2>\n<p>{text(' '.join(trend.sentences(since)))}</p>\n"
    if changed := list(trend.changes(since)):
        yield f"<ul>\n{''.join(f'<li>{text(line)}</li>' for line in changed)}\n</ul>\n"
    yield "</section>\n"


def _problems(sheets: Sequence[Sheet], summary: Summary) -> Iterator[str]:
    if not summary.problems:
        return
    yield (
        "<section>\n<h2>Not analysed</h2>\n<p>Findings in these files are not counted.</p>\n"
        '<div class="wide"><table>\n<thead><tr><th scope="col">file</th>'
        '<th scope="col">why</th></tr></thead>\n<tbody>\n'
    )
    for sheet in sheets:
        problem = sheet.entry.problem
        if problem:
            place = sheet.link_to(problem.offset or 0)
            at = "" if problem.offset is None else f":{place.label}"
            label = name(sheet.entry.path) + at
            yield (
                f'<tr><th scope="row" class="path">{anchor(place.link, label)}</th>'
                f"<td>{text(problem.name)}: {text(problem.message)}</td></tr>\n"
            )
    yield "</tbody></table></div>\n</section>\n"


def _questions(summary: Summary) -> Iterator[str]:
    if not summary.questions:
        return
    yield "<section>\n<h2>Questions</h2>\n<p>Each yes makes fixes safe.</p>\n<ul>\n"
    for one in summary.questions:
        said = f"{one.doubt.question} {remedy(one.doubt, summary.strict)}"
        yield (
            f"<li><p>{prose(said)}</p>"
            f'<p class="small">{text(waiting(one))}. {prose(one.doubt.find_out)}</p></li>\n'
        )
    yield "</ul>\n</section>\n"


def _rules(summary: Summary, summaries: Mapping[str, str]) -> Iterator[str]:
    most = max(rule.counts.total for rule in summary.rules)
    yield (
        '<section>\n<h2>By rule</h2>\n<div class="wide"><table class="rules">\n<thead><tr>'
        '<th scope="col">code</th><th scope="col">rule</th>'
        + "".join(f'<th scope="col" class="number">{label}</th>' for _, label in KINDS)
        + '<th scope="col" class="number">all</th><td></td></tr></thead>\n<tbody>\n'
    )
    for rule in summary.rules:
        yield _rule(rule, summaries.get(rule.code, ""), most)
    yield "</tbody></table></div>\n</section>\n"


def _rule(rule: RuleCounts, summary: str, most: int) -> str:
    numbers = "".join(
        f'<td class="number">{getattr(rule.counts, key) or "–"}</td>' for key, _ in KINDS
    )
    about = f"<p>{prose(summary)}</p>" if summary else ""
    return (
        f'<tr id="{text(rule.code)}"><th scope="row">{text(rule.code)}</th>'
        f"<td>{anchor(rule.url, text(rule.name))}{about}</td>{numbers}"
        f'<td class="number"><strong>{rule.counts.total}</strong></td>'
        f'<td class="bar">{bar(rule.counts, most, label=False)}</td></tr>\n'
    )


def _folders(summary: Summary, ids: Mapping[str, str]) -> Iterator[str]:
    nodes = folders.tree(summary.files)
    most = max(node.counts.total for node in nodes)
    unfolded = len(summary.files) <= _UNFOLDED
    yield '<section>\n<h2>By folder</h2>\n<ul class="tree">\n'
    for node in nodes:
        yield from _node(node, most, ids, unfolded)
    yield "</ul>\n</section>\n"


def _node(node: folders.Node, most: int, ids: Mapping[str, str], unfolded: bool) -> Iterator[str]:
    counted = f'<span class="number">{node.counts.total}</span> {bar(node.counts, most)}'
    if not node.children:
        link = anchor(ids.get(node.path, ""), name(node.name))
        yield f'<li class="row"><span class="path">{link}</span> {counted}</li>\n'
        return
    yield (
        f'<li><details{" open" if unfolded else ""}><summary class="row">'
        f'<span class="path">{name(node.name)}/</span> {counted}</summary>\n<ul>\n'
    )
    for child in node.children:
        yield from _node(child, most, ids, unfolded)
    yield "</ul></details></li>\n"
