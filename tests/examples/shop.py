"""A small web shop that still speaks sentry-sdk 1.x."""

import sentry_sdk
from sentry_sdk import Hub, configure_scope, push_scope


def identify(request):
    with configure_scope() as scope:
        # Whoever is logged in counts for the whole request.
        scope.set_user({"id": request.user.id})
        scope.set_tag("tenant", request.tenant)


def charge(order, gateway):
    try:
        gateway.charge(order.total)
    except gateway.Refused as error:
        with push_scope() as scope:
            scope.set_extra("order", order.number)
            sentry_sdk.capture_exception(error)
        return False
    Hub.current.add_breadcrumb(message="charged", category="payment")
    return True


def render(page):
    with Hub.current.start_span(op="render", description=page.name):
        return page.render()
