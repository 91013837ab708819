"""The harness can say no: what goes wrong with an editor fails its test, and is shown."""

from __future__ import annotations

import pytest

from editors.install import PROJECT
from editors.session import Case

BAD_ENDS = {
    # a shell in the editor's place, its steps, and what the failure says
    "an exit code": ("echo because; exit 3", [], "the editor exited 3(.|\n)*because"),
    "killed": ("kill -9 $$", [], "the editor exited 137"),
    "said elsewhere": ("echo because > /mnt/case/failure.txt; exit 1", [], "because"),
    "on the screen": ("echo because > /mnt/case/screen; exit 1", [], "because"),
    "too early": ("exit 0", [("shown", 1)], "ended before its time"),
    "something left": ("setsid sleep 300 & exit 0", [], "still running:(.|\n)*sleep 300"),
    "the project changed": ("touch /mnt/project/README.md", [], "Read-only"),
}


@pytest.mark.parametrize("name", BAD_ENDS)
def test_a_bad_end(case: Case, name: str) -> None:
    script, steps, says = BAD_ENDS[name]
    with pytest.raises(AssertionError, match=says):
        case.run("trixie", ("sh", "-c", script), steps)


def test_a_good_end(case: Case) -> None:
    ended = case.run("trixie", ("sh", "-c", "pwd; sleep 1 & exit 0"), [])
    assert (ended.output, ended.observed, ended.trace) == ("/mnt/case/app\n", [], [])


def test_nothing_stays_mounted(case: Case) -> None:
    case.run("trixie", ("true",), [])
    with open("/proc/mounts", encoding="utf-8") as mounts:
        assert str(PROJECT / ".cache") not in mounts.read()
