"""What is known of the SDK's, Python's and the standard library's names, as far as the analysis of
effects relies on it. Data only; each table says why its names are in it.
"""

from __future__ import annotations

from sentry_migrate.sdk.scope_members import of_current, of_pushed

ROUTED = of_current()
"""Members of a scope that live on the current scope in 2.x."""

PUSHED = of_pushed() - {"add_breadcrumb"}
"""Members of a pushed scope that change or send nothing but its own data. A breadcrumb is added in
1.x only where the client is given too."""

_ITERATES = ("__getitem__", "__iter__", "__len__", "__next__")
_ZONE = ("dst", "tzname", "utcoffset")
"""What a time asks its time zone, whose class may be the project's."""
_COMPARES = ("__eq__", "__ge__", "__gt__", "__le__", "__lt__", *_ZONE)
_HASHES = ("__eq__", "__hash__", "utcoffset")
_TEXT = ("__bytes__", "__format__", "__repr__", "__str__", *_ZONE, "isoformat", "strftime")
"""A date makes its text by its own methods, which a subclass may have too."""
_NUMBER = ("__float__", "__index__", "__int__", "__trunc__")
_CLASSES = ("__class__", "__instancecheck__", "__subclasscheck__", "__subclasshook__")

EXCEPTIONS = frozenset(
    (
        *("ArithmeticError", "AssertionError", "AttributeError", "BaseException", "EOFError"),
        *("Exception", "ImportError", "IndexError", "KeyError", "KeyboardInterrupt"),
        *("LookupError", "MemoryError", "NameError", "NotImplementedError", "OSError"),
        *("OverflowError", "RecursionError", "RuntimeError", "StopIteration", "SystemExit"),
        *("TypeError", "ValueError", "ZeroDivisionError"),
    )
)
"""Builtin exceptions that keep what they are given, and call nothing of it."""

BUILTINS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys((*sorted(EXCEPTIONS), "callable", "id", "type"), ()),
    **dict.fromkeys(("list", "tuple", "zip"), _ITERATES),
    **dict.fromkeys(("dict", "frozenset", "set"), (*_ITERATES, *_HASHES, "keys")),
    **dict.fromkeys(("max", "min", "sorted"), (*_ITERATES, *_COMPARES, "__bool__")),
    **dict.fromkeys(("bin", "bytes", "chr", "hex", "oct", "ord", "range"), (*_ITERATES, *_NUMBER)),
    **dict.fromkeys(("float", "int"), (*_NUMBER, *_TEXT)),
    **dict.fromkeys(("isinstance", "issubclass"), (*_CLASSES, "__bases__")),
    **dict.fromkeys(("format", "print", "str"), _TEXT),
    **dict.fromkeys(("ascii", "repr"), ("__repr__",)),
    **dict.fromkeys(("all", "any"), (*_ITERATES, "__bool__")),
    "abs": ("__abs__",),
    "bool": ("__bool__", "__len__"),
    "divmod": ("__divmod__", "__rdivmod__"),
    "enumerate": (*_ITERATES, "__index__"),
    "getattr": (),
    "hasattr": (),
    "hash": ("__hash__",),
    "len": ("__len__",),
    "open": ("__fspath__", "__index__"),
    "pow": ("__pow__", "__rpow__"),
    "reversed": (*_ITERATES, "__reversed__"),
    "round": ("__index__", "__round__"),
    "sum": (*_ITERATES, "__add__", "__radd__"),
    "vars": ("__dict__", "__getattr__", "__getattribute__"),
}
"""Builtins, and the methods of what they are given that they call. They call nothing else."""

NAMED_ATTRIBUTE = frozenset(("getattr", "hasattr"))
"""Builtins that read the attribute that their second argument names."""

ITERATING = frozenset(
    (
        *("all", "any", "bytes", "dict", "enumerate", "frozenset", "list", "max", "min"),
        *("reversed", "set", "sorted", "sum", "tuple", "zip"),
    )
)
"""Builtins that loop over what they are given, which may be a generator or a query."""

DEEP = frozenset(
    (
        *_TEXT,
        *_COMPARES,
        "__copy__",
        "__deepcopy__",
        "__hash__",
        "__add__",
        "__bool__",
        "__ne__",
        "__radd__",
        "__reduce_ex__",
    )
)
"""Methods that a builtin container calls on what it holds."""

GIVEN = (
    *("__abs__", "__add__", "__bases__", "__bool__", "__buffer__", "__bytes__", "__ceil__"),
    *("__class__", "__complex__", "__contains__", "__copy__"),
    *("__deepcopy__", "__dict__", "__dir__", "__divmod__", "__eq__", "__float__", "__floor__"),
    *("__floordiv__", "__format__", "__fspath__", "__ge__", "__get__", "__getattr__"),
    *("__getattribute__", "__getitem__", "__getnewargs__", "__getnewargs_ex__"),
    *("__getstate__", "__gt__", "__hash__", "__index__"),
    *("__instancecheck__", "__int__", "__iter__", "__le__", "__len__", "__length_hint__"),
    *("__lt__", "__mod__", "__mul__", "__ne__", "__neg__"),
    *("__next__", "__pos__", "__pow__", "__radd__", "__reduce__"),
    *("__reduce_ex__", "__replace__", "__repr__", "__reversed__", "__rfloordiv__", "__rmod__"),
    *("__rmul__", "__round__", "__rpow__", "__rsub__", "__rtruediv__", "__set__"),
    *("__setattr__", "__setitem__", "__setstate__", "__signature__"),
    *("__sizeof__", "__str__", "__sub__", "__subclasscheck__", "__subclasshook__"),
    *("__truediv__", "__trunc__", *_ZONE, "flush", "fromutc", "isoformat", "items", "keys"),
    *("read", "write"),
)
"""Methods that functions of `PURE_MODULES` call on what they are given, or on what that holds."""

OPERATORS = {
    "Add": "add",
    "And": "and",
    "BitAnd": "and",
    "BitOr": "or",
    "BitXor": "xor",
    "Divide": "truediv",
    "FloorDivide": "floordiv",
    "LeftShift": "lshift",
    "MatrixMultiply": "matmul",
    "Modulo": "mod",
    "Multiply": "mul",
    "Power": "pow",
    "RightShift": "rshift",
    "Subtract": "sub",
}
"""Binary operators by their libcst class, as in `__add__`, `__radd__` and `__iadd__`."""

COMPARISONS: dict[str, tuple[str, ...]] = {
    "Equal": ("__eq__",),
    "NotEqual": ("__ne__", "__eq__"),
    "LessThan": ("__lt__", "__gt__"),
    "GreaterThan": ("__gt__", "__lt__"),
    "LessThanEqual": ("__le__", "__ge__"),
    "GreaterThanEqual": ("__ge__", "__le__"),
    "In": ("__contains__", "__iter__", "__eq__", "__hash__"),
    "NotIn": ("__contains__", "__iter__", "__eq__", "__hash__"),
    "Is": (),
    "IsNot": (),
}
"""What comparing calls, by the operator's libcst class."""

ITEMS = ("__class_getitem__", "__delitem__", "__getitem__", "__missing__", "__setitem__")
MATCHED = ("__eq__", "__getitem__", "__instancecheck__", "__iter__", "__len__", "get", "keys")
"""What `match` calls on its subject, depending on the patterns; their attributes aside."""
TAKEN = {
    "mod": (*_TEXT, *_NUMBER, "__getitem__", "__missing__"),
    "mul": ("__index__",),
    "sub": _ZONE,
    "truediv": ("__fspath__",),
}
"""What text, a time or a path on the left of an operator calls on the right side."""
REPEATS = {"mul": ("__index__",)}
"""The like for the other side."""
TRUTH = ("__bool__", "__len__")
TEXT = _TEXT
HASHING = _HASHES
COMPARING = _COMPARES
ZONE = _ZONE

SERIALIZED = (
    *("__class__", "__getitem__", "__iter__", "__len__", "__next__", "__repr__"),
    *("__sentry_repr__", "__str__", *_ZONE, "items", "keys"),
)
"""What the SDK calls on values that were set on a scope, and on what they hold, while it makes an
event of them."""

TAKES_FUNCTION = frozenset(("add_error_processor", "add_event_processor"))
"""Members of a scope whose argument is called with each event."""

KNOWN_DECORATORS = frozenset(
    (
        *("abc.abstractmethod", "classmethod", "functools.cache", "functools.lru_cache"),
        *("functools.wraps", "staticmethod", "typing.final", "typing.overload"),
        *("typing.override", "typing_extensions.override"),
    )
)
"""Decorators that leave what a call of the function runs as it is."""

PROPERTIES = frozenset(("functools.cached_property", "property"))
"""Decorators with which reading the name runs the function."""

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

DATA_METHODS = frozenset(
    (
        *("add", "append", "clear", "copy", "count", "discard", "extend", "get", "index"),
        *("insert", "items", "keys", "pop", "popitem", "remove", "reverse", "setdefault"),
        *("sort", "update", "values"),
    )
)
"""Method names of builtin types that other types have too, where they may do anything."""

SEARCHING = frozenset(
    (
        *("add", "count", "discard", "get", "index", "pop", "remove", "setdefault", "sort"),
        "update",
    )
)
"""Those that compare what a container holds."""

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

IMPURE = frozenset(
    (
        *("inspect.getmembers", "math.fsum", "math.prod", "sys.addaudithook"),
        *("sys.breakpointhook", "sys.call_tracing", "sys.displayhook", "sys.excepthook"),
        *("sys.set_asyncgen_hooks", "sys.setprofile", "sys.settrace", "sys.unraisablehook"),
        *("types.new_class", "types.prepare_class", "types.resolve_bases", "uuid.getnode"),
        "uuid.uuid1",
    )
)
"""Functions of PURE_MODULES that run processes, loop over what they are given, read each attribute
of it, or have it called later."""

HANDED_FUNCTIONS = frozenset(
    (
        *("cls", "default", "key", "object_hook", "object_pairs_hook", "parse_constant"),
        *("parse_float", "parse_int", "repl"),
    )
)
"""Keywords of library functions whose value is called."""

CALLED: dict[str, int] = {"hashlib.file_digest": 1, "re.sub": 1, "re.subn": 1}
"""Library functions that call what they are given without a keyword, and which argument that is."""

_CODECS = {"codecs.register": 0, "codecs.register_error": 1}
LATER: dict[str, dict[str, int]] = {
    "__del__": dict.fromkeys(
        ("weakref.WeakMethod", "weakref.finalize", "weakref.proxy", "weakref.ref"), 1
    ),
    "__missing__": {"collections.defaultdict": 0},
    "__reduce_ex__": {"copyreg.pickle": 1},
    "decode": _CODECS,
    "encode": _CODECS,
    "anything": {
        **dict.fromkeys(("sys.addaudithook", "sys.setprofile", "sys.settrace", "sentry_sdk"), 0),
        "signal.signal": 1,
    },
    "print": {"contextlib.redirect_stderr": 0, "contextlib.redirect_stdout": 0},
}
"""By an operation, the library's functions that are given what it calls later, and as which
argument."""

STREAMS = ("sys.stderr", "sys.stdout")
"""What is written to by functions that do not name it, and may be replaced by assignment."""
WRITTEN = ("__getattr__", "flush", "write", "writelines")
"""What writing to a stream calls on it."""
CODED = frozenset(("bytes", "open", "str"))
"""Builtins that may be given an encoding."""
PRINTS = ("pprint.pp", "pprint.pprint", "sys.stderr", "sys.stdout", "traceback.print_")
"""How the paths of library functions begin that write to these streams."""

FILE_METHODS = frozenset(("close", "flush", "read", "readline", "readlines", "seek", "tell"))
"""Methods of what `open()` gives."""

MAY_HIDE = frozenset((*("fingerprint", "level", "user"),))
"""Data of a scope that, while it is None, lets that of the scopes below show through in 2.x."""


def is_pure(path: str) -> bool:
    """Whether a function of the library does nothing, as far as the values it is given do not."""
    if path in IMPURE:
        return False
    parts = path.split(".")
    return parts[0] in PURE_MODULES or any(
        ".".join(parts[:end]) in PURE_FUNCTIONS for end in range(2, len(parts) + 1)
    )
