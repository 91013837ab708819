"""Findings as JUnit XML, which most CI systems show as failed tests."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable

from sentry_migrate.report.entry import Entry
from sentry_migrate.report.items import file_of, items

# what XML 1.0 has no place for
_NO_CHARACTER = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def suites(entries: Iterable[Entry]) -> str:
    """A suite for each file, a failed test for each finding in it and an error for each problem;
    one test that passes where there are none."""
    root = ET.Element("testsuites", name="sentry-migrate")
    for entry in entries:
        file = _text(file_of(entry))
        found = list(items([entry]))
        errors = sum(item.finding is None for item in found)
        suite = ET.SubElement(
            root,
            "testsuite",
            name=file,
            tests=str(max(1, len(found))),
            failures=str(len(found) - errors),
            errors=str(errors),
        )
        for item in found:
            place = item.entry.label(item.start)
            where = f"{item.code} at {place}"
            case = ET.SubElement(suite, "testcase", name=where, classname=file, file=file)
            case.set("line", str(item.entry.place_in_file(item.start)[0]))
            kind = "error" if item.finding is None else "failure"
            failure = ET.SubElement(case, kind, type=item.code, message=_text(item.message))
            failure.text = _text(f"{item.file}:{place}: {item.message}\n{item.advice}")
        if not found:
            ET.SubElement(suite, "testcase", name="sentry-migrate", classname=file)
    ET.indent(root)
    return ET.tostring(root, encoding="unicode") + "\n"


def _text(text: str) -> str:
    return _NO_CHARACTER.sub("\ufffd", text)
