"""Small applications of real frameworks, with the SDK's integration switched on."""

from differential.program import Program, differs, manual, safe, unsafe

FLASK = """
import sentry_sdk
from flask import Flask, g, request
from sentry_sdk.integrations.flask import FlaskIntegration

sentry_sdk.init(
    default_integrations=False, integrations=[FlaskIntegration()], traces_sample_rate=1.0
)
app = Flask("shop")
"""

DJANGO = """
import sys
import sentry_sdk
from django.conf import settings
from sentry_sdk.integrations.django import DjangoIntegration

sentry_sdk.init(
    default_integrations=False,
    integrations=[DjangoIntegration(middleware_spans=False)],
    traces_sample_rate=1.0,
)
settings.configure(
    SECRET_KEY="not secret",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=sys.modules[__name__],
    MIDDLEWARE=["program.Middleware"],
    DEBUG_PROPAGATE_EXCEPTIONS=False,
    LOGGING_CONFIG=None,
)
import django

django.setup()

from django.http import HttpResponse
from django.test import Client
from django.urls import path
"""

FASTAPI = """
import sentry_sdk
from fastapi import Depends, FastAPI, Request
from fastapi.testclient import TestClient
from sentry_sdk.integrations.fastapi import FastApiIntegration
from sentry_sdk.integrations.starlette import StarletteIntegration

sentry_sdk.init(
    default_integrations=False,
    integrations=[StarletteIntegration(), FastApiIntegration()],
    traces_sample_rate=1.0,
)
app = FastAPI()
client = TestClient(app, raise_server_exceptions=False)
"""

CELERY = """
import sentry_sdk
from celery import Celery
from sentry_sdk.integrations.celery import CeleryIntegration

sentry_sdk.init(
    default_integrations=False, integrations=[CeleryIntegration()], traces_sample_rate=1.0
)
app = Celery("shop", broker="memory://")
app.conf.task_always_eager = True
"""


def _in(framework: str, program: Program) -> Program:
    return Program(
        program.id,
        program.rules,
        framework.lstrip("\n") + "\n\n" + program.text,
        program.expect,
        setup="none",
        differs=program.differs,
        note=program.note,
        leaves=program.leaves,
        linked=False,
    )


TABLE = (
    _in(
        FLASK,
        safe(
            "flask/user-before-the-request",
            "configure-scope-with",
            """
            @app.before_request
            def identify():
                with sentry_sdk.configure_scope() as scope:
                    scope.set_user({"id": request.args.get("user", "nobody")})
                    scope.set_tag("method", request.method)

            @app.route("/orders/<int:number>")
            def order(number):
                sentry_sdk.capture_message("order %d" % number)
                return "ok"

            client = app.test_client()
            out(client.get("/orders/1?user=ann").status_code)
            out(client.get("/orders/2").status_code)
            sentry_sdk.capture_message("outside")
            """,
        ),
    ),
    _in(
        FLASK,
        safe(
            "flask/error-handler",
            "push-scope-with",
            """
            @app.errorhandler(ValueError)
            def failed(error):
                with sentry_sdk.push_scope() as scope:
                    scope.set_extra("path", request.path)
                    scope.set_level("warning")
                    sentry_sdk.capture_exception(error)
                return "bad value", 400

            @app.route("/<text>")
            def number(text):
                return str(int(text))

            client = app.test_client()
            out(client.get("/x").status_code, client.get("/5").status_code)
            """,
        ),
    ),
    _in(
        FLASK,
        safe(
            "flask/push-with-top-level-setter-and-a-later-error",
            "push-scope-with",
            """
            @app.route("/")
            def view():
                with sentry_sdk.push_scope() as scope:
                    scope.set_tag("inner", "1")
                    sentry_sdk.set_tag("top", "1")
                    sentry_sdk.capture_message("inside")
                raise RuntimeError("later in the request")

            client = app.test_client()
            out(client.get("/").status_code)
            """,
            note="new_scope() would leave `top` on the error and on the transaction.",
        ),
    ),
    _in(
        FLASK,
        safe(
            "flask/rename-the-transaction",
            "configure-scope-with configure-scope-transaction-access",
            """
            @app.route("/<path:rest>")
            def everything(rest):
                with sentry_sdk.configure_scope() as scope:
                    scope.set_tag("tenant", rest.split("/")[0])
                    if scope.transaction is not None:
                        scope.transaction.name = "tenant " + rest.split("/")[0]
                sentry_sdk.capture_message("inside")
                return "ok"

            app.test_client().get("/acme/orders")
            """,
        ),
    ),
    _in(
        FLASK,
        safe(
            "flask/unhandled-exception",
            "configure-scope-with",
            """
            @app.route("/fail")
            def fail():
                with sentry_sdk.configure_scope() as scope:
                    scope.set_context("basket", {"items": 2})
                raise KeyError("missing")

            out(app.test_client().get("/fail").status_code)
            """,
        ),
    ),
    _in(
        FLASK,
        unsafe(
            "flask/hub-in-after-request",
            "hub-scope hub-last-event-id",
            """
            from sentry_sdk import Hub

            @app.after_request
            def trace(response):
                transaction = Hub.current.scope.transaction
                response.headers["X-Traced"] = "no" if transaction is None else "yes"
                response.headers["X-Event"] = Hub.current.last_event_id() or ""
                return response

            @app.route("/")
            def view():
                g.event = sentry_sdk.capture_message("inside")
                return "ok"

            response = app.test_client().get("/")
            out(response.headers["X-Traced"], response.headers["X-Event"])
            """,
        ),
    ),
    _in(
        FLASK,
        safe(
            "flask/span-in-a-view",
            "span-description hub-start-span",
            """
            from sentry_sdk import Hub

            @app.route("/")
            def view():
                with sentry_sdk.start_span(op="template", description="page.html"):
                    with Hub.current.start_span(op="db", description="SELECT 1"):
                        pass
                return "ok"

            app.test_client().get("/")
            """,
        ),
    ),
    # Django
    _in(
        DJANGO,
        safe(
            "django/middleware",
            "configure-scope-with",
            """
            class Middleware:
                def __init__(self, get_response):
                    self.get_response = get_response

                def __call__(self, request):
                    with sentry_sdk.configure_scope() as scope:
                        scope.set_tag("host", request.get_host())
                        scope.set_user({"id": request.GET.get("user", "")})
                    return self.get_response(request)

            def view(request, number):
                sentry_sdk.capture_message("order %d" % number)
                return HttpResponse("ok")

            urlpatterns = [path("orders/<int:number>/", view)]
            client = Client(raise_request_exception=False)
            out(client.get("/orders/1/?user=ann").status_code)
            out(client.get("/orders/2/").status_code)
            sentry_sdk.capture_message("outside")
            """,
        ),
    ),
    _in(
        DJANGO,
        safe(
            "django/unhandled-exception-after-a-pushed-scope",
            "push-scope-with",
            """
            def Middleware(get_response):
                return get_response

            def view(request):
                with sentry_sdk.push_scope() as scope:
                    scope.set_tag("inner", "1")
                    sentry_sdk.add_breadcrumb(message="inside")
                    sentry_sdk.capture_message("inside")
                raise RuntimeError("failed")

            urlpatterns = [path("", view)]
            out(Client(raise_request_exception=False).get("/").status_code)
            """,
        ),
    ),
    _in(
        DJANGO,
        safe(
            "django/middleware-wraps-the-request-in-configure-scope",
            "configure-scope-with configure-scope-transaction-access",
            """
            def Middleware(get_response):
                def call(request):
                    with sentry_sdk.configure_scope() as scope:
                        scope.set_tag("path", request.path)
                        response = get_response(request)
                        if scope.transaction:
                            scope.transaction.set_tag("status", response.status_code)
                        return response
                return call

            def view(request):
                sentry_sdk.capture_message("inside")
                return HttpResponse("ok", status=201)

            urlpatterns = [path("", view)]
            out(Client().get("/").status_code)
            """,
        ),
    ),
    _in(
        DJANGO,
        safe(
            "django/scope-callback-in-a-view",
            "configure-scope-callback",
            """
            def Middleware(get_response):
                return get_response

            def view(request):
                sentry_sdk.configure_scope(lambda scope: scope.set_extra("get", dict(request.GET)))
                sentry_sdk.capture_message("inside")
                return HttpResponse("ok")

            urlpatterns = [path("", view)]
            out(Client().get("/?a=1").status_code)
            """,
        ),
    ),
    # FastAPI
    _in(
        FASTAPI,
        safe(
            "fastapi/middleware",
            "configure-scope-with",
            """
            @app.middleware("http")
            async def identify(request: Request, call_next):
                with sentry_sdk.configure_scope() as scope:
                    scope.set_user({"id": request.query_params.get("user", "")})
                return await call_next(request)

            @app.get("/orders/{number}")
            async def order(number: int):
                sentry_sdk.capture_message("order %d" % number)
                return {"number": number}

            out(client.get("/orders/1?user=ann").json(), client.get("/orders/2").json())
            """,
        ),
    ),
    _in(
        FASTAPI,
        safe(
            "fastapi/dependency",
            "configure-scope-with",
            """
            async def tenant(request: Request):
                with sentry_sdk.configure_scope() as scope:
                    scope.set_tag("tenant", request.headers.get("x-tenant", "none"))
                return request.headers.get("x-tenant")

            @app.get("/")
            async def root(name: str = Depends(tenant)):
                sentry_sdk.capture_message("inside")
                return name

            out(client.get("/", headers={"x-tenant": "acme"}).json())
            out(client.get("/").json())
            """,
        ),
    ),
    _in(
        FASTAPI,
        safe(
            "fastapi/exception-handler",
            "push-scope-with",
            """
            from fastapi.responses import JSONResponse

            class Rejected(Exception):
                pass

            @app.exception_handler(Rejected)
            async def rejected(request: Request, error: Rejected):
                with sentry_sdk.push_scope() as scope:
                    scope.set_context("request", {"path": request.url.path})
                    scope.set_tag("handled", "yes")
                    sentry_sdk.capture_exception(error)
                return JSONResponse({"error": str(error)}, status_code=422)

            @app.get("/")
            async def root():
                raise Rejected("not today")

            out(client.get("/").status_code)
            """,
        ),
    ),
    _in(
        FASTAPI,
        manual(
            "fastapi/yield-dependency",
            "fastapi-yield-dependency-scope",
            """
            def tagged():
                with sentry_sdk.push_scope() as scope:
                    scope.set_tag("dependency", "yes")
                    yield scope

            @app.get("/")
            async def root(scope=Depends(tagged)):
                sentry_sdk.capture_message("inside")
                return "ok"

            out(client.get("/").json())
            """,
            note="The generator runs in a thread: 2.x enters the scope in another context.",
        ),
    ),
    _in(
        FASTAPI,
        safe(
            "fastapi/rename-the-transaction",
            "hub-scope",
            """
            from sentry_sdk import Hub

            @app.get("/files/{rest:path}")
            async def files(rest: str):
                Hub.current.scope.set_transaction_name("files of " + rest.split("/")[0])
                sentry_sdk.capture_message("inside")
                return rest

            out(client.get("/files/acme/1").json())
            """,
        ),
    ),
    # Celery
    _in(
        CELERY,
        safe(
            "celery/task-tags",
            "configure-scope-with",
            """
            @app.task(name="shop.add", bind=True)
            def add(self, a, b):
                with sentry_sdk.configure_scope() as scope:
                    scope.set_tag("task", self.name)
                    scope.set_extra("arguments", [a, b])
                sentry_sdk.capture_message("adding")
                return a + b

            out(add.delay(1, 2).get())
            sentry_sdk.capture_message("outside")
            """,
        ),
    ),
    _in(
        CELERY,
        safe(
            "celery/failing-task-with-a-pushed-scope",
            "push-scope-with",
            """
            @app.task(name="shop.fail")
            def fail(text):
                try:
                    return int(text)
                except ValueError as error:
                    with sentry_sdk.push_scope() as scope:
                        scope.set_tag("text", text)
                        sentry_sdk.set_extra("retry", False)
                        sentry_sdk.capture_exception(error)
                    raise RuntimeError("task failed") from error

            result = fail.apply(args=["x"])
            out(result.state)
            """,
        ),
    ),
    _in(
        CELERY,
        safe(
            "celery/span-of-the-hub",
            "hub-scope span-description",
            """
            from sentry_sdk import Hub

            @app.task(name="shop.work")
            def work():
                span = Hub.current.scope.span
                if span is None:
                    return "untraced"
                with span.start_child(op="step", description="of the task"):
                    return "traced"

            out(work.delay().get())
            """,
        ),
    ),
    _in(
        CELERY,
        differs(
            "celery/isolated-in-a-clone-and-read-outside",
            "hub-last-event-id",
            """
            from sentry_sdk import Hub

            @app.task(name="shop.report")
            def report():
                return sentry_sdk.capture_message("in the task")

            event = report.delay().get()
            out(Hub.current.last_event_id() == event)
            """,
            differs="out",
            note="The id stays on the task's own scope.",
        ),
    ),
)
