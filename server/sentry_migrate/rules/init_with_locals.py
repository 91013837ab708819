"""`init(with_locals=...)` → `init(include_local_variables=...)`."""

from __future__ import annotations

from collections.abc import Iterator

from sentry_migrate.model import Severity
from sentry_migrate.rules._context import Context, Draft
from sentry_migrate.rules._options import renamed
from sentry_migrate.rules._rule import GUIDE, Ignores, Reports, Rewrites, Rule
from sentry_migrate.syntax.uses import Use

RULE = Rule(
    code="SEN301",
    name="init-with-locals",
    kind="conditional",
    summary="The option `with_locals` is gone; it is called `include_local_variables`",
    why=(
        "2.x raises `TypeError: Unknown option 'with_locals'` from `init()` and `Client()`. Late "
        "releases of 1.x know both names and give them the same meaning."
    ),
    safety=(
        "Safe where the options are in view: the value stays as it is. Not safe where a `**name` "
        "from elsewhere may hold either name, or where the dictionary of options is used for more "
        "than `init()`. No fix where both names are given."
    ),
    link=GUIDE + "#configuration-options",
    severity=Severity.ERROR,
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
            reason="`**options` may hold",
        ),
        Reports(
            "import sentry_sdk\nsentry_sdk.init(with_locals=False, include_local_variables=True)\n",
            remedy="the one that comes last wins",
        ),
    ),
)


@RULE.on("option:with_locals")
def check(use: Use, context: Context) -> Iterator[Draft]:
    yield from renamed(use, context, "include_local_variables")
