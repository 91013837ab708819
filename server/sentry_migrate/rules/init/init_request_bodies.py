"""`init(request_bodies=...)` → `init(max_request_body_size=...)`."""

from __future__ import annotations

from collections.abc import Iterator

from sentry_migrate.kit.context import Context, Draft
from sentry_migrate.kit.rule import GUIDE, Flags, Ignores, Rewrites, Rule
from sentry_migrate.model import Severity
from sentry_migrate.rewrite.init_options import RENAME_SAFETY
from sentry_migrate.rewrite.option_words import MESSAGES, of_others
from sentry_migrate.rewrite.renamed_options import renamed
from sentry_migrate.sdk.uses import Use

RULE = Rule(
    code="SEN302",
    name="init-request-bodies",
    kind="conditional",
    summary="The option `request_bodies` was renamed to `max_request_body_size`",
    messages=MESSAGES,
    why=(
        "2.x raises `TypeError: Unknown option 'request_bodies'` in `init()` and `Client()`. The "
        "values (`never`, `small`, `medium`, `always`) keep their meaning. A function of another "
        "package that is given the option may pass it on."
    ),
    safety=RENAME_SAFETY,
    link=GUIDE + "#configuration-options",
    since="2.0.0",
    severity=Severity.ERROR,
    deprecated=False,
    examples=(
        Ignores(
            "import sentry_sdk\n"
            "def render(request_bodies):\n"
            "    return request_bodies\n"
            "render(request_bodies='always')\n"
            "sentry_sdk.init()\n"
        ),
        Ignores("import sentry_sdk\nsentry_sdk.init(max_request_body_size='always')\n"),
        Rewrites(
            "import sentry_sdk\nsentry_sdk.init(debug=False, request_bodies='always')\n",
            "import sentry_sdk\nsentry_sdk.init(debug=False, max_request_body_size='always')\n",
        ),
        Rewrites(
            "from sentry_sdk import Client\n"
            'client = Client(**dict({"request_bodies": "never"}, debug=True))\n',
            "from sentry_sdk import Client\n"
            'client = Client(**dict({"max_request_body_size": "never"}, debug=True))\n',
        ),
        Flags(
            "import sentry_sdk\n"
            "from fillmore.libsentry import set_up_sentry\n"
            "set_up_sentry(request_bodies='never')\n",
            remedy=(
                "Find out what `set_up_sentry()` does with it. If it passes its options on to "
                "`init()`, rename `request_bodies` to `max_request_body_size`; else use a release "
                "of its package that supports 2.x."
            ),
        ),
        Flags(
            "import sentry_sdk\n"
            "options = {'max_request_body_size': 'small'}\n"
            "sentry_sdk.init(request_bodies='never', **options)\n",
            remedy=(
                "Keep the value you want as `max_request_body_size`; both options are given, and "
                "in 1.x the last one wins."
            ),
        ),
    ),
)


@RULE.on("option:request_bodies")
def check(use: Use, context: Context) -> Iterator[Draft]:
    yield from renamed(use, context, "max_request_body_size")


@RULE.on(
    "foreign:request_bodies",
    "elsewhere:request_bodies",
    "field:request_bodies",
    "spelled:request_bodies",
    "rest:request_bodies",
)
def check_others(use: Use, context: Context) -> Iterator[Draft]:
    yield from of_others(use, context, "max_request_body_size")
