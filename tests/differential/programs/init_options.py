"""Options of init() and Client()."""

from differential.program import differs, manual, safe, unsafe

FAIL = """

def fail():
    secret = "in a local variable"
    raise ValueError("failed")

try:
    fail()
except ValueError:
    sentry_sdk.capture_exception()
"""

POST = """

from flask import Flask

app = Flask("shop")

@app.post("/")
def order():
    sentry_sdk.capture_message("inside")
    return "ok"

out(app.test_client().post("/", json={key: "b" * 150 for key in "abcdefgh"}).status_code)
"""

TRACE = """

with sentry_sdk.start_transaction(name="t", op="task") as transaction:
    with sentry_sdk.start_span(op="step"):
        sentry_sdk.capture_message("inside")
out(transaction.sampled)
"""


def _init(call: str, coda: str) -> str:
    flask = "from sentry_sdk.integrations.flask import FlaskIntegration\n" if coda is POST else ""
    return f"import sentry_sdk\n{flask}\n{call}\n{coda}"


TABLE = (
    # with_locals
    safe(
        "with-locals/false",
        "init-with-locals",
        _init("sentry_sdk.init(with_locals=False, default_integrations=False)", FAIL),
        setup="none",
    ),
    safe(
        "with-locals/true",
        "init-with-locals",
        _init("sentry_sdk.init(default_integrations=False, with_locals=True)", FAIL),
        setup="none",
    ),
    safe(
        "with-locals/expression",
        "init-with-locals",
        _init(
            "DEBUG = False\nsentry_sdk.init(\n    default_integrations=False,\n"
            "    with_locals=DEBUG,  # not in production\n)",
            FAIL,
        ),
        setup="none",
    ),
    safe(
        "with-locals/aliased-init",
        "init-with-locals",
        "import sentry_sdk\nfrom sentry_sdk import init as sentry_init\n\n"
        "sentry_init(default_integrations=False, with_locals=False)\n" + FAIL,
        setup="none",
    ),
    safe(
        "with-locals/client",
        "init-with-locals",
        "import sentry_sdk\nfrom sentry_sdk import Client\n\n"
        "client = Client(default_integrations=False, with_locals=False)\n"
        "try:\n    1 / 0\nexcept ZeroDivisionError as error:\n"
        "    from sentry_sdk.utils import event_from_exception\n"
        "    event, hint = event_from_exception(error, client_options=client.options)\n"
        "    client.capture_event(event, hint)\n",
        setup="none",
    ),
    unsafe(
        "with-locals/table-of-names",
        "init-with-locals",
        _init(
            'NAMES = {"LOCALS": "with_locals", "INTEGRATIONS": "default_integrations"}\n'
            'ENV = {"LOCALS": False, "INTEGRATIONS": False}\n'
            "options = {}\n"
            "for env, name in NAMES.items():\n"
            "    options[name] = ENV[env]\n"
            "sentry_sdk.init(**options)",
            FAIL,
        ),
        setup="none",
    ),
    unsafe(
        "with-locals/read-by-a-wrapper",
        "init-with-locals",
        _init(
            "def setup(**options):\n"
            '    if options.get("with_locals") is False:\n'
            '        options["release"] = "private"\n'
            "    sentry_sdk.init(default_integrations=False, **options)\n\n"
            "setup(with_locals=False)",
            FAIL,
        ),
        setup="none",
    ),
    unsafe(
        "with-locals/taken-by-a-wrapper",
        "init-with-locals",
        _init(
            "def setup(**options):\n"
            '    shown = options.pop("with_locals", True)\n'
            "    sentry_sdk.init(default_integrations=False, with_locals=shown, **options)\n\n"
            "setup(with_locals=False)",
            FAIL,
        ),
        setup="none",
    ),
    unsafe(
        "with-locals/builder",
        "init-with-locals",
        _init(
            "class Config:\n"
            "    def __init__(self):\n"
            '        self.options = {"default_integrations": False}\n\n'
            "    def option(self, name, value):\n"
            "        self.options[name] = value\n"
            "        return self\n\n"
            "    def start(self):\n"
            "        sentry_sdk.init(**self.options)\n\n"
            'Config().option("with_locals", False).start()',
            FAIL,
        ),
        setup="none",
    ),
    unsafe(
        "with-locals/enumeration",
        "init-with-locals",
        _init(
            "import enum\n\n"
            "class Name(enum.Enum):\n"
            '    LOCALS = "with_locals"\n\n'
            "sentry_sdk.init(default_integrations=False, **{Name.LOCALS.value: False})",
            FAIL,
        ),
        setup="none",
    ),
    unsafe(
        "with-locals/attribute-of-a-dictionary",
        "init-with-locals",
        _init(
            "class Config(dict):\n"
            "    __getattr__ = dict.__getitem__\n"
            "    __setattr__ = dict.__setitem__\n\n"
            "config = Config(default_integrations=False)\n"
            "config.with_locals = False\n"
            "sentry_sdk.init(**config)\n"
            "out(config.with_locals)",
            FAIL,
        ),
        setup="none",
    ),
    unsafe(
        "with-locals/fields",
        "init-with-locals",
        _init(
            "from dataclasses import asdict, dataclass\n\n"
            "@dataclass\n"
            "class Config:\n"
            "    default_integrations: bool = False\n"
            "    with_locals: bool = False\n\n"
            "sentry_sdk.init(**asdict(Config()))",
            FAIL,
        ),
        setup="none",
    ),
    safe(
        "with-locals/dict-literal-unpacked",
        "init-with-locals",
        _init(
            'sentry_sdk.init(**{"default_integrations": False, "with_locals": False})',
            FAIL,
        ),
        setup="none",
    ),
    safe(
        "with-locals/dict-call-unpacked",
        "init-with-locals",
        _init("sentry_sdk.init(**dict(default_integrations=False, with_locals=False))", FAIL),
        setup="none",
    ),
    safe(
        "with-locals/module-variable-unpacked",
        "init-with-locals",
        _init(
            'OPTIONS = {"default_integrations": False, "with_locals": False}\n'
            "sentry_sdk.init(**OPTIONS)",
            FAIL,
        ),
        setup="none",
    ),
    safe(
        "with-locals/local-variable-unpacked",
        "init-with-locals",
        _init(
            "def start(debug):\n"
            "    options = dict(default_integrations=False)\n"
            '    options["with_locals"] = debug\n'
            "    sentry_sdk.init(**options)\n\n"
            "start(False)",
            FAIL,
        ),
        setup="none",
    ),
    safe(
        "with-locals/update-then-unpacked",
        "init-with-locals",
        _init(
            "def start(debug):\n"
            '    options = {"default_integrations": False}\n'
            '    options.update({"with_locals": debug})\n'
            "    sentry_sdk.init(**options)\n\n"
            "start(False)",
            FAIL,
        ),
        setup="none",
    ),
    safe(
        "with-locals/update-keyword-then-unpacked",
        "init-with-locals",
        _init(
            "def start(debug):\n"
            "    options = dict(default_integrations=False)\n"
            "    options.update(with_locals=debug)\n"
            "    sentry_sdk.init(**options)\n\n"
            "start(False)",
            FAIL,
        ),
        setup="none",
    ),
    safe(
        "with-locals/setdefault-then-unpacked",
        "init-with-locals",
        _init(
            "def start(debug):\n"
            '    options = {"default_integrations": False}\n'
            '    options.setdefault("with_locals", debug)\n'
            "    sentry_sdk.init(**options)\n\n"
            "start(False)",
            FAIL,
        ),
        setup="none",
    ),
    safe(
        "with-locals/dict-as-the-only-argument",
        "init-with-locals",
        _init(
            'sentry_sdk.init({"dsn": "https://key@sentry.invalid/1", "with_locals": False,'
            ' "default_integrations": False})',
            FAIL,
        ),
        setup="none",
    ),
    manual(
        "with-locals/both-names",
        "init-with-locals",
        _init(
            "sentry_sdk.init(default_integrations=False, with_locals=False,"
            " include_local_variables=True)",
            FAIL,
        ),
        setup="none",
        note="The last one wins in 1.x.",
    ),
    # request_bodies
    safe(
        "request-bodies/never",
        "init-request-bodies",
        _init(
            'sentry_sdk.init(default_integrations=False, request_bodies="never", integrations=[FlaskIntegration()])',
            POST,
        ),
        setup="none",
    ),
    safe(
        "request-bodies/always",
        "init-request-bodies",
        _init(
            'sentry_sdk.init(default_integrations=False, request_bodies="always", integrations=[FlaskIntegration()])',
            POST,
        ),
        setup="none",
    ),
    safe(
        "request-bodies/small-through-a-variable",
        "init-request-bodies",
        _init(
            'BODIES = "small"\n'
            'CONFIG = {"request_bodies": BODIES, "integrations": [FlaskIntegration()]}\n'
            "sentry_sdk.init(**CONFIG)",
            POST,
        ),
        setup="none",
    ),
    safe(
        "request-bodies/and-with-locals",
        "init-request-bodies init-with-locals",
        _init(
            'sentry_sdk.init(default_integrations=False, request_bodies="medium", integrations=[FlaskIntegration()],'
            " with_locals=False)",
            POST,
        ),
        setup="none",
        linked=False,
    ),
    # enable_tracing
    safe(
        "enable-tracing/true",
        "init-enable-tracing",
        _init("sentry_sdk.init(default_integrations=False, enable_tracing=True)", TRACE),
        setup="none",
    ),
    safe(
        "enable-tracing/true-and-rate",
        "init-enable-tracing",
        _init(
            "sentry_sdk.init(default_integrations=False, enable_tracing=True,"
            " traces_sample_rate=1.0)",
            TRACE,
        ),
        setup="none",
    ),
    safe(
        "enable-tracing/true-and-zero-rate",
        "init-enable-tracing",
        _init(
            "sentry_sdk.init(default_integrations=False, enable_tracing=True,"
            " traces_sample_rate=0.0)",
            TRACE,
        ),
        setup="none",
    ),
    safe(
        "enable-tracing/true-and-sampler",
        "init-enable-tracing",
        _init(
            "def sampler(context):\n    return 1.0\n\n"
            "sentry_sdk.init(default_integrations=False, traces_sampler=sampler,"
            " enable_tracing=True)",
            TRACE,
        ),
        setup="none",
    ),
    safe(
        "enable-tracing/false",
        "init-enable-tracing",
        _init("sentry_sdk.init(default_integrations=False, enable_tracing=False)", TRACE),
        setup="none",
    ),
    safe(
        "enable-tracing/none-and-rate",
        "init-enable-tracing",
        _init(
            "sentry_sdk.init(default_integrations=False, enable_tracing=None,"
            " traces_sample_rate=1.0)",
            TRACE,
        ),
        setup="none",
    ),
    unsafe(
        "enable-tracing/false-and-rate",
        "init-enable-tracing",
        _init(
            "sentry_sdk.init(default_integrations=False, enable_tracing=False,"
            " traces_sample_rate=1.0)",
            TRACE,
        ),
        setup="none",
        note="False switches tracing off in spite of the rate.",
    ),
    unsafe(
        "enable-tracing/expression",
        "init-enable-tracing",
        _init(
            "TRACING = bool(1)\n"
            "sentry_sdk.init(default_integrations=False, enable_tracing=TRACING)",
            TRACE,
        ),
        setup="none",
    ),
    safe(
        "enable-tracing/in-a-dict",
        "init-enable-tracing",
        _init(
            'sentry_sdk.init(**{"default_integrations": False, "enable_tracing": True})',
            TRACE,
        ),
        setup="none",
    ),
    # send_default_pii
    safe(
        "send-default-pii/false",
        "init-send-default-pii",
        _init(
            "sentry_sdk.init(default_integrations=False, send_default_pii=False, integrations=[FlaskIntegration()])",
            POST,
        ),
        setup="none",
    ),
    manual(
        "send-default-pii/true",
        "init-send-default-pii",
        _init(
            "sentry_sdk.init(default_integrations=False, send_default_pii=True, integrations=[FlaskIntegration()])",
            POST,
        ),
        setup="none",
    ),
    # propagate_traces
    safe(
        "propagate-traces/true",
        "init-propagate-traces",
        _init(
            "sentry_sdk.init(default_integrations=False, propagate_traces=True)",
            TRACE,
        ),
        setup="none",
    ),
    unsafe(
        "propagate-traces/false",
        "init-propagate-traces",
        _init(
            "sentry_sdk.init(default_integrations=False, propagate_traces=False)",
            TRACE,
        ),
        setup="none",
        note="Equal unless the program itself asks for the headers.",
    ),
    differs(
        "propagate-traces/false-and-headers-by-hand",
        "init-propagate-traces",
        _init(
            "sentry_sdk.init(default_integrations=False, propagate_traces=False,"
            " traces_sample_rate=1.0)",
            "\nwith sentry_sdk.start_transaction(name='t', op='task'):\n"
            "    out(sorted(dict(sentry_sdk.Hub.current.iter_trace_propagation_headers())))\n",
        ),
        setup="none",
        differs="out",
    ),
    # profiling
    manual(
        "profiling/sample-rate",
        "init-transaction-profiling",
        _init(
            "sentry_sdk.init(default_integrations=False, traces_sample_rate=1.0,"
            " profiles_sample_rate=0.5)",
            "\nout(sentry_sdk.Hub.current.client.options['profiles_sample_rate'])\n",
        ),
        setup="none",
    ),
    manual(
        "profiling/sampler",
        "init-transaction-profiling",
        _init(
            "sentry_sdk.init(default_integrations=False, traces_sample_rate=1.0,"
            " profiles_sampler=lambda context: 0)",
            TRACE,
        ),
        setup="none",
    ),
    safe(
        "profiling/experiment",
        "init-experiments-profiling",
        _init(
            "sentry_sdk.init(default_integrations=False, traces_sample_rate=1.0,"
            ' _experiments={"profiles_sample_rate": 0.0})',
            TRACE,
        ),
        setup="none",
        leaves=("init-transaction-profiling",),
    ),
    safe(
        "profiling/experiment-among-others",
        "init-experiments-profiling",
        _init(
            "sentry_sdk.init(default_integrations=False, traces_sample_rate=1.0,"
            ' _experiments={"profiles_sample_rate": 0.0, "max_spans": 2})',
            "\nwith sentry_sdk.start_transaction(name='t', op='task'):\n"
            "    for n in range(4):\n"
            "        with sentry_sdk.start_span(op='step %d' % n):\n"
            "            pass\n",
        ),
        setup="none",
        leaves=("init-transaction-profiling",),
    ),
    safe(
        "experiments/explain-plans",
        "init-experiments-explain-plans",
        _init(
            "sentry_sdk.init(default_integrations=False, traces_sample_rate=1.0,"
            ' _experiments={"attach_explain_plans": {"explain_cache_size": 5}})',
            TRACE,
        ),
        setup="none",
    ),
    safe(
        "experiments/metrics-summary",
        "init-experiments-metrics",
        _init(
            "sentry_sdk.init(default_integrations=False, traces_sample_rate=1.0,"
            ' _experiments={"metrics_summary_sample_rate": 1.0})',
            TRACE,
        ),
        setup="none",
    ),
    manual(
        "experiments/enable-metrics",
        "init-experiments-metrics",
        _init(
            'sentry_sdk.init(default_integrations=False, _experiments={"enable_metrics": True})',
            "\nsentry_sdk.capture_message('x')\n",
        ),
        setup="none",
    ),
    # init itself
    unsafe(
        "init/context-manager",
        "init-context-manager",
        """
        import sentry_sdk

        def main():
            with sentry_sdk.init(default_integrations=False):
                sentry_sdk.capture_message("inside")
            sentry_sdk.capture_message("closed")

        main()
        """,
        setup="none",
    ),
    manual(
        "init/in-a-thread",
        "init-binding-is-global",
        """
        import threading
        import sentry_sdk

        def work():
            sentry_sdk.init(default_integrations=False, release="thread")
            sentry_sdk.capture_message("in the thread")

        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
        sentry_sdk.capture_message("in the main thread")
        """,
        note="1.x binds to the thread's hub, 2.x to the process.",
    ),
    safe(
        "init/from-the-hub-module",
        "import-hub-init",
        """
        import sentry_sdk.hub

        sentry_sdk.hub.init(default_integrations=False, release="by the hub module")
        sentry_sdk.capture_message("x")
        """,
        setup="none",
    ),
    safe(
        "init/imported-from-the-hub-module",
        "import-hub-init",
        """
        from sentry_sdk.hub import init

        init(default_integrations=False, release="by the hub module")
        cap("x")
        """,
        setup="none",
    ),
)
