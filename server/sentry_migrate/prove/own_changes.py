"""What sentry-sdk 2.x itself says in another way than 1.x, each with the reason.

Pure data. No fix has a part in what is never compared. One may have a part in what integrations
tell: that is compared with what 2.x makes of the code without the fix.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OwnChange:
    """Places in a payload, or in what a test leaves in the SDK."""

    places: str
    """A regular expression for the whole place."""
    reason: str


_THREAD = "1.x writes the thread of a span into the breadcrumb that an integration makes of it."
NEVER_COMPARED = (
    OwnChange(r"contexts\.runtime", "It says which Python runs."),
    OwnChange(
        r"(contexts\.trace|spans\[\d+\])\.origin", "Only 2.x names the integration that traces."
    ),
    OwnChange(r"contexts\.trace\.data", "2.x tells the thread of a transaction."),
    OwnChange(r"breadcrumbs(\.values)?\[\d+\]\.data\.thread\.name", _THREAD),
)
TOLD_BY_INTEGRATIONS = (
    OwnChange(r"contexts\.trace\b.*", "2.x gives a transaction another operation by default."),
    OwnChange(r"transaction_info\b.*", "2.x knows of more transactions where they are named."),
    OwnChange(r"request\b.*", "2.x reads other headers and more kinds of bodies."),
    OwnChange(r"extra\.celery-job\b.*", "2.x tells other arguments of a job."),
    OwnChange(r"logentry\.formatted", "2.x adds the text that is logged with its values."),
)
LEFT_BY_INTEGRATIONS = (
    OwnChange(r"transaction|span", "2.x ends the transactions of integrations elsewhere."),
)
AUTOMATIC_SPANS = re.compile(
    r"(cache|db|event|graphql|grpc|http|middleware|queue|subprocess|template|view|websocket)\b"
)
"""Operations of the spans that integrations start."""


def places(changes: Iterable[OwnChange]) -> re.Pattern[str]:
    """What matches the places of all of them."""
    return re.compile(f"(?:{'|'.join(one.places for one in changes)})\\Z")
