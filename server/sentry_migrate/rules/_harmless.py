"""Names that the proof of a simple block relies on. Data only."""

from __future__ import annotations

ROUTED = frozenset(
    (
        *("_span", "_transaction"),
        *("get_baggage", "get_trace_context", "get_traceparent", "iter_headers"),
        *("iter_trace_propagation_headers", "set_transaction_name", "span"),
        *("start_span", "start_transaction", "trace_propagation_meta", "transaction"),
    )
)
"""Members of a scope that live on the current scope in 2.x."""

SETTERS = frozenset(
    (
        *("add_attachment", "add_error_processor", "add_event_processor"),
        *("capture_event", "capture_exception", "capture_message", "set_context"),
        *("set_extra", "set_level", "set_tag", "set_tags", "set_transaction_name", "set_user"),
    )
)
"""Members of a pushed scope that change or send nothing but its own data."""

ATTRIBUTES = frozenset((*("fingerprint", "level", "span", "transaction", "user"),))
"""Attributes of a pushed scope that change nothing but its own data."""

CAPTURES = frozenset((*("capture_event", "capture_exception", "capture_message"),))
"""Functions that send an event."""

BUILTINS = frozenset(
    (
        *("AttributeError", "Exception", "KeyError", "LookupError", "OSError", "RuntimeError"),
        *("TypeError", "ValueError", "abs", "all", "any", "ascii", "bin", "bool", "bytes"),
        *("callable", "chr", "dict", "divmod", "enumerate", "float", "format", "frozenset"),
        *("getattr", "hasattr", "hash", "hex", "id", "int", "isinstance", "issubclass", "len"),
        *("list", "max", "min", "oct", "open", "ord", "pow", "print", "range", "repr"),
        *("reversed", "round", "set", "sorted", "str", "sum", "tuple", "type", "vars", "zip"),
    )
)
"""Builtins that reach no code of the user's but what they are given."""

ITERATING = frozenset(
    (
        *("all", "any", "bytes", "dict", "enumerate", "frozenset", "list", "max", "min"),
        *("reversed", "set", "sorted", "sum", "tuple", "zip"),
    )
)
"""Builtins that loop over what they are given, which may be a generator or a query."""

GIVES_DATA = frozenset(
    (
        *("ascii", "bin", "bool", "bytes", "chr", "dict", "divmod", "enumerate", "float"),
        *("format", "frozenset", "hash", "hex", "id", "int", "len", "list", "oct", "ord"),
        *("range", "repr", "reversed", "set", "sorted", "str", "tuple", "vars", "zip"),
    )
)
"""Builtins that give a value of a builtin type."""

TEXT_METHODS = frozenset(
    (
        *("capitalize", "date", "decode", "encode", "endswith", "format", "group", "groups"),
        *("hex", "isoformat", "join", "ljust", "lower", "lstrip", "partition", "replace"),
        *("rjust", "rpartition", "rsplit", "rstrip", "split", "splitlines", "startswith"),
        *("strftime", "strip", "timestamp", "title", "total_seconds", "upper", "zfill"),
    )
)
"""Method names that in practice only text, times and matches have; they give data."""

PURE_METHODS = frozenset(
    (
        *("append", "copy", "count", "extend", "get", "index", "items", "keys", "pop"),
        *("setdefault", "update", "values"),
    )
)
"""Method names of builtin types that other types have too, where they may do anything."""

PURE_MODULES = frozenset(
    (
        *("base64", "copy", "datetime", "decimal", "hashlib", "inspect", "json", "math"),
        *("pathlib", "pprint", "re", "string", "sys", "textwrap", "time", "traceback"),
        *("types", "uuid"),
    )
)
"""Standard modules whose functions know nothing of Sentry, nor integrations of them."""

PURE_FUNCTIONS = frozenset(
    (
        *("collections.defaultdict", "contextlib.nullcontext", "contextlib.suppress"),
        *("functools.partial", "os.cpu_count", "os.environ", "os.getcwd", "os.getenv"),
        *("os.getpid", "os.getppid", "os.getuid", "os.listdir", "os.path", "os.stat"),
        *("os.uname", "platform.python_implementation", "platform.python_version"),
        "socket.gethostname",
    )
)
"""The like in modules that also run processes, connect or loop over what they are given."""

IMPURE = frozenset((*("math.fsum", "math.prod", "uuid.getnode", "uuid.uuid1"),))
"""Functions of PURE_MODULES that run processes or loop over what they are given."""

HANDED_FUNCTIONS = frozenset((*("cls", "default", "key", "object_hook", "object_pairs_hook"),))
"""Keywords of library functions whose value is called."""

GIVEN_SCOPE = {"capture_event": 2, "capture_exception": 1, "capture_message": 2}
"""Where the functions that send an event take `scope`, which may be a function, by position."""

MAY_HIDE = frozenset((*("fingerprint", "level", "user"),))
"""Data of a scope that, while it is None, lets that of the scopes below show through in 2.x."""
