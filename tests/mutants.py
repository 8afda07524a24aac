"""Small changes of a module, one at a time: what a test that can fail must notice. Pure."""

from __future__ import annotations

import ast
import copy
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
Change = Callable[[ast.AST], None]


@dataclass(frozen=True, slots=True)
class Mutant:
    """A module with one change."""

    line: int
    what: str  # what was changed, in the source's words
    tree: ast.Module


def mutants(source: str, functions: Sequence[str] = ()) -> Iterator[Mutant]:
    """Every mutant of a module, in the order of its lines; with names, only of these functions and classes."""
    tree = ast.parse(source)
    tops = [top for top in tree.body if not _is_docstring(top) and (not functions or getattr(top, "name", "") in functions)]
    spots = [node for top in tops for node in _code(top)]
    order = {id(node): at for at, node in enumerate(ast.walk(tree))}
    for node in sorted(spots, key=lambda node: (getattr(node, "lineno", 0), getattr(node, "col_offset", 0))):
        for what, change in _changes(node):
            other = copy.deepcopy(tree)
            change(list(ast.walk(other))[order[id(node)]])
            written = " ".join(ast.unparse(node).split())
            yield Mutant(getattr(node, "lineno", 0), f"{written}: {what}", ast.fix_missing_locations(other))


def _code(node: ast.AST) -> Iterator[ast.AST]:
    """What runs: no imports, annotations, docstrings, decorators."""
    if isinstance(node, ast.Import | ast.ImportFrom):
        return
    yield node
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list", "args"):
            if name == "args" and isinstance(value, list):
                for one in value:
                    yield from _code(one)
            continue
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, ast.AST) and not _is_docstring(one):
                yield from _code(one)


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
            for at in range(len(values)):
                yield f"without part {at + 1}", lambda one, at=at: one.values.pop(at)  # type: ignore[misc]  # bound in the loop
        case ast.UnaryOp(op=ast.Not()):
            yield "without not", _to_bool
        case ast.BinOp(op=op) if type(op) in TURNED:
            yield TURNED[type(op)].__name__, lambda one: setattr(one, "op", TURNED[type(op)]())
        case ast.Constant(value=value):
            if value is not None and value is not ...:
                yield repr(_other(value)), lambda one: setattr(one, "value", _other(value))
        case ast.Return(value=value) if value is not None and not _is_none(value):
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
            for at in range(len(ifs)):
                yield f"without if {at + 1}", lambda one, at=at: one.ifs.pop(at)  # type: ignore[misc]  # bound in the loop
        case ast.Name(id=name, ctx=ast.Load()) if name in SWAPPED:
            yield SWAPPED[name], lambda one: setattr(one, "id", SWAPPED[name])
        case ast.Slice(lower=lower, upper=upper):
            if lower is not None:
                yield "from the start", lambda one: setattr(one, "lower", None)
            if upper is not None:
                yield "to the end", lambda one: setattr(one, "upper", None)


def _operator(at: int, kind: type[ast.cmpop]) -> Change:
    return lambda one: one.ops.__setitem__(at, kind())  # type: ignore[attr-defined]  # a Compare


def _to_bool(node: ast.AST) -> None:
    """`not x` becomes `not not x`: what it is without the not, as a truth value."""
    node.operand = ast.UnaryOp(ast.Not(), node.operand)  # type: ignore[attr-defined]  # a UnaryOp


def _nothing(node: ast.AST) -> ast.expr:
    """What changes nothing when it is added: 0 of a number, an empty text or list."""
    return ast.BinOp(node.value, ast.Mult(), ast.Constant(0))  # type: ignore[attr-defined]  # an AugAssign


def _is_none(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


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
