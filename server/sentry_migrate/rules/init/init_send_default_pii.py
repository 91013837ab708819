"""`init(send_default_pii=...)`: `False` is the default, `True` has a successor."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from sentry_migrate.kit.context import Context, Draft
from sentry_migrate.kit.rule import Flags, Ignores, Rewrites, Rule
from sentry_migrate.proof.option_flow import doubt, for_both_versions, given
from sentry_migrate.rewrite.init_options import removed
from sentry_migrate.sdk.uses import Use

RULE = Rule(
    code="SEN306",
    name="init-send-default-pii",
    kind="conditional",
    group="later",
    summary="The option `send_default_pii` is deprecated in favour of `data_collection`",
    why=(
        "Since 2.72, `init()` warns about any value of `send_default_pii`, even `False`. The "
        "warning is attributed to a file of the SDK, so the default filters hide it. "
        "`data_collection` controls in detail what is collected."
    ),
    safety=(
        "Removing `False` is safe: it is the default. No fix for other values: "
        "`data_collection={}` is not equivalent, because it collects more and disables the "
        "scrubber."
    ),
    link="https://docs.sentry.io/platforms/python/configuration/options/#send_default_pii",
    since="2.72.0",
    replaced_since="2.70.0",
    examples=(
        Ignores("import sentry_sdk\nsentry_sdk.init(data_collection={'user_info': False})\n"),
        Ignores(
            "from sentry_sdk.scrubber import EventScrubber\n"
            "scrubber = EventScrubber(send_default_pii=True)\n"
        ),
        Ignores("import sentry_sdk\nsetup(send_default_pii=True)\nsentry_sdk.init()\n"),
        Rewrites(
            "import sentry_sdk\nsentry_sdk.init(debug=False, send_default_pii=False)\n",
            "import sentry_sdk\nsentry_sdk.init(debug=False)\n",
        ),
        Flags(
            "import sentry_sdk\nsentry_sdk.init(send_default_pii=True)\n",
            remedy=("List what may be collected as `data_collection={…}`, each kind by name."),
        ),
        Ignores("import sentry_sdk\nsentry_sdk.init(send_default_pii=True)\n", sdk_version="2.69"),
        Ignores("import sentry_sdk\nsentry_sdk.init(send_default_pii=False)\n", sdk_version="2.0"),
    ),
)


@RULE.on("option:send_default_pii")
def check(use: Use, context: Context) -> Iterator[Draft]:
    option = use.option
    if option is None or for_both_versions(context, option.call):
        return
    same = given(context, option, option.key)
    if isinstance(option.value, cst.Name) and option.value.value == "False" and len(same) == 1:
        fix = removed(context, "Remove `send_default_pii=False`, the default", [option])
        if fix is not None and option.form != "keyword":
            fix.unsafe(doubt(context, option, option.key))
        yield context.finding(use, fix)
        return
    yield context.finding(
        use,
        remedy="List what may be collected as `data_collection={…}`, each kind by name.",
    )
