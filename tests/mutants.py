"""Small changes of a module, one at a time: what a test that can fail must notice. Pure."""

from __future__ import annotations

import ast
import copy
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

OTHER: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}
TURNED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
    ast.Mod: ast.Add,
}
SWAPPED = {"any": "all", "all": "any", "min": "max", "max": "min"}
LEFT_OUT = ("strip", "lstrip", "rstrip", "casefold", "lower")  # methods whose result is like what they are called on
Change = Callable[[ast.AST], None]


@dataclass(frozen=True, slots=True)
class Mutant:
    """A module with one change."""

    line: int
    statement: tuple[int, int]  # the first and last line of the statement that it is of; (0, 0) of one that runs on import
    key: str  # the line, what was changed in it, and which of those that read alike: one mutant of the file
    tree: ast.Module


def mutants(source: str, functions: Sequence[str] = ()) -> Iterator[Mutant]:
    """Every mutant of a module, in the order of its lines; with names, only of these functions and classes."""
    tree, lines = ast.parse(source), source.splitlines()
    tops = [top for top in tree.body if not _is_docstring(top) and (not functions or getattr(top, "name", "") in functions)]
    spots = [(node, span) for top in tops for node, span in _code(top, (0, 0))]
    order = {id(node): at for at, node in enumerate(ast.walk(tree))}
    seen: Counter[str] = Counter()
    for node, statement in sorted(spots, key=lambda spot: _place(spot[0])):
        for what, change in _changes(node):
            other = copy.deepcopy(tree)
            change(list(ast.walk(other))[order[id(node)]])
            line = _place(node)[0]
            key = f"{lines[line - 1].strip()} | {' '.join(ast.unparse(node).split())}: {what}"
            seen[key] += 1
            key = key if seen[key] == 1 else f"{key} #{seen[key]}"
            yield Mutant(line, statement, key, ast.fix_missing_locations(other))


def _place(node: ast.AST) -> tuple[int, int]:
    """The line and column of code; a comprehension's `for` and a `case` have none of their own."""
    if isinstance(node, ast.comprehension):
        node = node.target
    return getattr(node, "lineno", 1), getattr(node, "col_offset", 0)


def _code(node: ast.AST, span: tuple[int, int]) -> Iterator[tuple[ast.AST, tuple[int, int]]]:
    """What runs, each with the lines of the smallest statement of a function that it is of: no imports, annotations,
    docstrings, decorators."""
    if isinstance(node, ast.Import | ast.ImportFrom):
        return
    inner = isinstance(node, ast.FunctionDef)
    if isinstance(node, ast.stmt) and span[0] and not inner:
        head = node.body[0] if isinstance(node, ast.If | ast.For | ast.While | ast.With) else None
        last = (node.end_lineno or node.lineno) if head is None else max(node.lineno, head.lineno - 1)
        span = node.lineno, last
    yield node, span
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list"):
            continue
        # Statements of a function run when it is called; what stands around them, defaults too, on import.
        within = (node.lineno, node.lineno) if isinstance(node, ast.FunctionDef) and name == "body" else span
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, ast.AST) and not _is_docstring(one):
                yield from _code(one, within)


def _is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _changes(node: ast.AST) -> Iterator[tuple[str, Change]]:  # noqa: PLR0912 - a table, one line for each kind of node
    match node:
        case ast.Compare(ops=ops):
            for at, op in enumerate(ops):
                yield from ((f"{kind.__name__} {at}", _operator(at, kind)) for kind in OTHER[type(op)])
        case ast.BoolOp(op=op, values=values):
            other = ast.Or if isinstance(op, ast.And) else ast.And
            yield other.__name__, lambda one: setattr(one, "op", other())
            yield from ((f"without part {at + 1}", _without("values", at)) for at in range(len(values)))
        case ast.MatchOr(patterns=patterns):
            yield from ((f"without case {at + 1}", _without("patterns", at)) for at in range(len(patterns)))
        case ast.UnaryOp(op=ast.Not()):
            yield "without not", _to_bool
        case ast.BinOp(op=op) if type(op) in TURNED:
            yield TURNED[type(op)].__name__, lambda one: setattr(one, "op", TURNED[type(op)]())
        case ast.Constant(value=value):
            if value is not None and value is not ...:
                yield repr(_other(value)), lambda one: setattr(one, "value", _other(value))
            if isinstance(value, str):
                yield from ((f"without {part!r}", _becomes(left)) for part, left in _parts(value))
        case ast.Return(value=value) if value is not None and not _is_no(value):
            yield "None", lambda one: setattr(one, "value", ast.Constant(None))
        case ast.If() | ast.IfExp() | ast.While():
            yield "always", lambda one: setattr(one, "test", ast.Constant(True))
            yield "never", lambda one: setattr(one, "test", ast.Constant(False))
        case ast.Expr():
            yield "left out", lambda one: setattr(one, "value", ast.Constant(None))
        case ast.AugAssign():
            yield "left out", lambda one: setattr(one, "value", _nothing(one))
        case ast.For():
            yield "never", lambda one: setattr(one, "iter", ast.Tuple([], ast.Load()))
        case ast.comprehension(ifs=ifs):
            yield from ((f"without if {at + 1}", _without("ifs", at)) for at in range(len(ifs)))
        case ast.Name(id=name, ctx=ast.Load()) if name in SWAPPED:
            yield SWAPPED[name], lambda one: setattr(one, "id", SWAPPED[name])
        case ast.Attribute(attr="IGNORECASE"):
            yield "NOFLAG", lambda one: setattr(one, "attr", "NOFLAG")
        case ast.Call(func=ast.Attribute(attr=name)) if name in LEFT_OUT:
            yield f"without {name}", _to_argument
        case ast.Slice(lower=lower, upper=upper):
            if lower is not None:
                yield "from the start", lambda one: setattr(one, "lower", None)
            if upper is not None:
                yield "to the end", lambda one: setattr(one, "upper", None)


def _operator(at: int, kind: type[ast.cmpop]) -> Change:
    return lambda one: one.ops.__setitem__(at, kind())  # type: ignore[attr-defined]  # a Compare


def _without(field: str, at: int) -> Change:
    """Without one of several; where one is left of two that must be two, it stands twice, or behind a value that is nothing."""

    def change(one: ast.AST) -> None:
        parts = getattr(one, field)
        parts.pop(at)
        if len(parts) == 1 and field != "ifs":
            parts.insert(0, ast.Constant(isinstance(one.op, ast.And)) if isinstance(one, ast.BoolOp) else parts[0])

    return change


def _becomes(value: str) -> Change:
    return lambda one: setattr(one, "value", value)


def _parts(value: str) -> Iterator[tuple[str, str]]:
    """The lines of a list of words, or the alternatives of a pattern, each with what is left without it."""
    if "\n" in value.strip():
        lines = value.split("\n")
        yield from ((line.strip(), "\n".join([*lines[:at], *lines[at + 1 :]])) for at, line in enumerate(lines) if line.strip())
    elif "|" in value.strip("|"):
        alternatives = _alternatives(value)
        if len(alternatives) > 1:
            yield from ((one, "|".join([*alternatives[:at], *alternatives[at + 1 :]])) for at, one in enumerate(alternatives))


def _alternatives(pattern: str) -> list[str]:
    """A regular expression at its outermost `|`."""
    found, depth, escaped, of_signs = [""], 0, False, False
    for sign in pattern:
        if sign == "|" and not (depth or escaped or of_signs):
            found.append("")
            continue
        if not escaped and not of_signs:
            depth += {"(": 1, ")": -1}.get(sign, 0)
        of_signs = of_signs if escaped else sign == "[" or (of_signs and sign != "]")
        escaped = sign == "\\" and not escaped
        found[-1] += sign
    return found


def _to_bool(node: ast.AST) -> None:
    """`not x` becomes `not not x`: what it is without the not, as a truth value."""
    node.operand = ast.UnaryOp(ast.Not(), node.operand)  # type: ignore[attr-defined]  # a UnaryOp


def _to_argument(node: ast.AST) -> None:
    """`x.strip()` becomes `str(x)`."""
    node.func, node.args = ast.Name("str", ast.Load()), [node.func.value]  # type: ignore[attr-defined]  # a Call of a method


def _nothing(node: ast.AST) -> ast.expr:
    """What changes nothing when it is added: 0 of a number, an empty text or list."""
    return ast.BinOp(node.value, ast.Mult(), ast.Constant(0))  # type: ignore[attr-defined]  # an AugAssign


def _is_no(node: ast.AST) -> bool:
    """Whether it is None, or False, which is None to whoever asks yes or no."""
    return isinstance(node, ast.Constant) and (node.value is None or node.value is False)


def _other(value: object) -> object:
    match value:
        case bool():
            return not value
        case int() | float():
            return value + 1
        case str():
            return "" if value else "mutant"
        case _:
            return b""
