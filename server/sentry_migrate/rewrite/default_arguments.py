"""Calls that leave a parameter to its default."""

from __future__ import annotations

from sentry_migrate.kit.context import Context
from sentry_migrate.proof.option_flow import options_of
from sentry_migrate.sdk.uses import Use

_HOME = "sentry_sdk.integrations"

DJANGO = f"{_HOME}.django.DjangoIntegration"
FLASK = f"{_HOME}.flask.FlaskIntegration"
STARLETTE = f"{_HOME}.starlette.StarletteIntegration"
FASTAPI = f"{_HOME}.fastapi.FastApiIntegration"
AIOHTTP = f"{_HOME}.aiohttp.AioHttpIntegration"
BOTTLE = f"{_HOME}.bottle.BottleIntegration"
CELERY = f"{_HOME}.celery.CeleryIntegration"
TORNADO = f"{_HOME}.tornado.TornadoIntegration"
GRPC = f"{_HOME}.grpc.GRPCIntegration"
BOTO = f"{_HOME}.boto3.Boto3Integration"
WSGI = f"{_HOME}.wsgi.SentryWsgiMiddleware"
ASGI = f"{_HOME}.asgi.SentryAsgiMiddleware"


def leaves_out(use: Use, *names: str) -> bool:
    """Whether a use is a call that gives none of these keywords, nor arguments out of view."""
    return use.call is not None and not any(
        arg.star or (arg.keyword is not None and arg.keyword.value in names)
        for arg in use.call.args
    )


def inits_without(use: Use, context: Context, *names: str) -> bool:
    """Whether a use is a call of `init()` that certainly gets none of these options."""
    if use.call is None or any(arg.star for arg in use.call.args):
        return False
    return not any(option.key in names for option in options_of(context, use.call))
