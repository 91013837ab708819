"""OpenTelemetry through the SDK's own span processor."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from sentry_migrate.kit.context import Context, Draft
from sentry_migrate.kit.rule import Flags, Ignores, Rule
from sentry_migrate.rewrite.experiments import experiments
from sentry_migrate.sdk.uses import Use

RULE = Rule(
    code="SEN310",
    name="init-experiments-otel",
    kind="manual",
    group="later",
    summary=(
        "`instrumenter` and the span processor for OpenTelemetry are deprecated; use "
        "`OTLPIntegration`"
    ),
    why=(
        "2.12 removed the experimental instrumentation, `OpenTelemetryIntegration` has warned "
        "since 2.62, and `instrumenter`, `SentrySpanProcessor` and `SentryPropagator` will be "
        "removed in 3.0."
    ),
    safety=(
        "No fix: `OTLPIntegration` exports spans in a different way and is set up through "
        "OpenTelemetry."
    ),
    link="https://docs.sentry.io/platforms/python/integrations/otlp/",
    since="2.62.0",
    replaced_since="2.45.0",
    deprecated=False,
    examples=(
        Ignores("import sentry_sdk\nsentry_sdk.init(instrumenter='sentry')\n"),
        Ignores("import sentry_sdk\nsentry_sdk.init(_experiments={'max_spans': 5})\n"),
        Ignores("import sentry_sdk\nfrom mine import SentrySpanProcessor\nSentrySpanProcessor()\n"),
        Flags(
            "import sentry_sdk\nsentry_sdk.init(instrumenter='otel')\n",
            remedy=(
                "Add `OTLPIntegration()` to `integrations`, which sends what "
                "OpenTelemetry records, and remove `instrumenter`, the span processor and the "
                "propagator."
            ),
        ),
        Flags(
            "import sentry_sdk\nsentry_sdk.init(_experiments={'otel_powered_performance': True})\n",
            remedy=(
                "Add `OTLPIntegration()` to `integrations`, which sends what "
                "OpenTelemetry records, and remove `instrumenter`, the span processor and the "
                "propagator."
            ),
        ),
        Flags(
            "from sentry_sdk.integrations.opentelemetry import SentrySpanProcessor\n"
            "def setup(provider):\n"
            "    provider.add_span_processor(SentrySpanProcessor())\n",
            remedy=(
                "Add `OTLPIntegration()` to `integrations`, which sends what "
                "OpenTelemetry records, and remove `instrumenter`, the span processor and the "
                "propagator."
            ),
        ),
    ),
)

REMEDY = (
    "Add `OTLPIntegration()` to `integrations`, which sends what OpenTelemetry "
    "records, and remove `instrumenter`, the span processor and the propagator."
)

_HOME = "sentry_sdk.integrations.opentelemetry"


@RULE.on(
    f"{_HOME}.SentrySpanProcessor",
    f"{_HOME}.SentryPropagator",
    f"{_HOME}.span_processor.SentrySpanProcessor",
    f"{_HOME}.propagator.SentryPropagator",
    f"{_HOME}.integration.OpenTelemetryIntegration",
    f"{_HOME}.OpenTelemetryIntegration",
)
def check_call(use: Use, context: Context) -> Iterator[Draft]:
    if use.call is not None:
        yield context.finding(use, remedy=REMEDY)


@RULE.on("option:instrumenter")
def check_instrumenter(use: Use, context: Context) -> Iterator[Draft]:
    value = use.option.value if use.option else None
    if isinstance(value, cst.SimpleString) and value.evaluated_value == "otel":
        yield context.finding(use, remedy=REMEDY)


@RULE.on("option:_experiments")
def check_experiment(use: Use, context: Context) -> Iterator[Draft]:
    for one in experiments(context, use.option) if use.option else ():
        if one.key == "otel_powered_performance":
            start, end = context.span(one.name)
            yield Draft(start, end, remedy=REMEDY, use=use)
