"""A program written in another way that means the same gets the same labels.

Every program of the differential tests and every documented example is tried in some of the ways,
and every way with many programs.
"""

from __future__ import annotations

from collections import Counter
from pathlib import PurePath

import pytest

from differential.examples import examples
from differential.program import programs
from engine.variants import VARIANTS
from sentry_migrate.engine.analyze import analyze
from sentry_migrate.project.config import Settings
from sentry_migrate.text.source import Source

TEXTS = {row.id: row.text for row in programs()} | {
    f"example/{row.id}": row.rewrite.before for row in examples()
}
PATHS = ("settings.py", "wsgi.py", "celery.py", "manage.py", "push_scope.py", "init.py")

EVERY = 4
"""Each program is tried in one of so many ways."""
WAYS = {title: list(VARIANTS)[number % EVERY :: EVERY] for number, title in enumerate(TEXTS)}


def labels(text: str, path: str = "module.py") -> Counter[tuple[str, str]]:
    """How often each rule has a fix of each kind, or none."""
    result = analyze(Source(text), Settings(), PurePath("/project") / path)
    assert result.failure is None
    return Counter(
        (one.name, one.fix.applicability.value if one.fix else "none") for one in result.findings
    )


@pytest.mark.slow
@pytest.mark.parametrize("title", TEXTS)
def test_a_program_has_the_same_labels_written_otherwise(title: str) -> None:
    same = labels(TEXTS[title])
    written = {VARIANTS[way](TEXTS[title]) for way in WAYS[title]} - {TEXTS[title]}
    assert [text for text in written if labels(text) != same] == []
    path = PATHS[len(title) % len(PATHS)]
    assert labels(TEXTS[title], path) == same, path


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_variant_changes_many_programs(variant: str) -> None:
    tried = [TEXTS[title] for title, ways in WAYS.items() if variant in ways]
    assert sum(VARIANTS[variant](text) != text for text in tried) >= 5
