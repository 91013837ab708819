"""`init(with_locals=...)` → `init(include_local_variables=...)`."""

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
    code="SEN301",
    name="init-with-locals",
    kind="conditional",
    summary="The option `with_locals` was renamed to `include_local_variables`",
    messages=MESSAGES,
    why=(
        "2.x raises `TypeError: Unknown option 'with_locals'` in `init()` and `Client()`. Late "
        "releases of 1.x accept both names with the same meaning. A function of another package "
        "that is given the option may pass it on."
    ),
    safety=RENAME_SAFETY,
    link=GUIDE + "#configuration-options",
    since="2.0.0",
    severity=Severity.ERROR,
    deprecated=False,
    examples=(
        Ignores(
            "import sentry_sdk\n"
            "from cgitb import render\n"
            "sentry_sdk.init()\n"
            "render(with_locals=False)\n"
        ),
        Ignores("import sentry_sdk\nsentry_sdk.init(include_local_variables=False)\n"),
        Ignores(
            "import sentry_sdk\n"
            "try:\n"
            "    sentry_sdk.init(include_local_variables=False)\n"
            "except TypeError:\n"
            "    sentry_sdk.init(with_locals=False)\n"
        ),
        Ignores('import sentry_sdk\nVIEW = {"with_locals": True}\nsentry_sdk.init()\n'),
        Rewrites(
            "import sentry_sdk\n"
            "\n"
            "sentry_sdk.init(\n"
            "    with_locals=False,  # they may hold passwords\n"
            "    max_breadcrumbs=50,\n"
            ")\n",
            "import sentry_sdk\n"
            "\n"
            "sentry_sdk.init(\n"
            "    include_local_variables=False,  # they may hold passwords\n"
            "    max_breadcrumbs=50,\n"
            ")\n",
        ),
        Rewrites(
            "from sentry_sdk import init\n"
            "OPTIONS = {'max_breadcrumbs': 50}\n"
            "OPTIONS['with_locals'] = False\n"
            "init(**OPTIONS)\n",
            "from sentry_sdk import init\n"
            "OPTIONS = {'max_breadcrumbs': 50}\n"
            "OPTIONS['include_local_variables'] = False\n"
            "init(**OPTIONS)\n",
        ),
        Rewrites(
            "import sentry_sdk\n"
            "def setup(**options):\n"
            "    sentry_sdk.init(with_locals=False, **options)\n",
            "import sentry_sdk\n"
            "def setup(**options):\n"
            "    sentry_sdk.init(include_local_variables=False, **options)\n",
            reason="`**options` may contain `with_locals` or `include_local_variables` too",
        ),
        Flags(
            "from observability import set_up_sentry\nset_up_sentry(with_locals=False)\n",
            remedy=(
                "Find out what `set_up_sentry()` does with it. If it passes its options on to "
                "`init()`, rename `with_locals` to `include_local_variables`; else use a release "
                "of its package that supports 2.x."
            ),
        ),
        Flags(
            "import sentry_sdk\nsentry_sdk.init(with_locals=False, include_local_variables=True)\n",
            remedy=(
                "Keep the value you want as `include_local_variables`; both options are given, "
                "and in 1.x the last one wins."
            ),
        ),
    ),
)


@RULE.on("option:with_locals")
def check(use: Use, context: Context) -> Iterator[Draft]:
    yield from renamed(use, context, "include_local_variables")


@RULE.on(
    "foreign:with_locals",
    "elsewhere:with_locals",
    "field:with_locals",
    "spelled:with_locals",
    "rest:with_locals",
)
def check_others(use: Use, context: Context) -> Iterator[Draft]:
    yield from of_others(use, context, "include_local_variables")
