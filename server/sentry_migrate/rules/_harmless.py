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
        *(
            "TypeError",
            "ValueError",
            "abs",
            "all",
            "any",
            "ascii",
            "bin",
            "bool",
            "bytes",
            "callable",
            "chr",
        ),
        *("dict", "divmod", "enumerate", "filter", "float", "format", "frozenset", "getattr"),
        *(
            "hasattr",
            "hash",
            "hex",
            "id",
            "int",
            "isinstance",
            "issubclass",
            "iter",
            "len",
            "list",
            "map",
        ),
        *(
            "max",
            "min",
            "next",
            "oct",
            "open",
            "ord",
            "pow",
            "print",
            "range",
            "repr",
            "reversed",
            "round",
            "set",
        ),
        *("sorted", "str", "sum", "tuple", "type", "vars", "zip"),
    )
)
"""Builtins that reach no code of the user's but what they are given."""

PURE_METHODS = frozenset(
    (
        *("append", "as_dict", "capitalize", "copy", "count", "date", "decode", "dict", "encode"),
        *(
            "endswith",
            "extend",
            "format",
            "get",
            "group",
            "groups",
            "hex",
            "index",
            "isoformat",
            "items",
        ),
        *("join", "keys", "ljust", "lower", "lstrip", "model_dump", "partition", "pop", "replace"),
        *("rjust", "rpartition", "rsplit", "rstrip", "setdefault", "split", "splitlines"),
        *("startswith", "strftime", "strip", "time", "timestamp", "title", "to_dict"),
        *("total_seconds", "upper", "values", "zfill"),
    )
)
"""Method names of builtin types; on another object they are taken to be as harmless."""

PURE_MODULES = frozenset(
    (
        *(
            "base64",
            "collections",
            "copy",
            "datetime",
            "decimal",
            "functools",
            "hashlib",
            "inspect",
        ),
        *(
            "itertools",
            "json",
            "math",
            "os",
            "pathlib",
            "platform",
            "pprint",
            "re",
            "socket",
            "string",
        ),
        *("sys", "textwrap", "time", "traceback", "types", "uuid"),
    )
)
"""Standard modules whose functions know nothing of Sentry."""
