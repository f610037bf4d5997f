"""Changes one rule at a time, the way a slip would: each change has to turn a test red.

The kinds of change are the usual ones of mutation testing (R. A. DeMillo, R. J. Lipton and F. G.
Sayward, "Hints on Test Data Selection", 1978): a comparison or a connective turned, a condition
left out or always true, a member of a set left out, the least taken for the greatest.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass

_TURNED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
_SWAPPED_NAMES = {"min": "max", "max": "min", "any": "all", "all": "any"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """A module with one change; ``change`` is the code that changed, and which of its changes."""

    module: str
    change: str
    tree: ast.Module


def mutants_of(module: str, source: str) -> Iterator[Mutant]:
    """Every change of a module, one mutant each; annotations and docstrings stay."""
    tree = ast.parse(source)
    for place, node in enumerate(ast.walk(tree)):
        for number, changed in enumerate(_changes_of(node)):
            mutated = copy.deepcopy(tree)
            target = _node_at(mutated, place)
            _put(mutated, target, changed)
            change = f"{' '.join(ast.unparse(node).split())} [{number}]"
            yield Mutant(module=module, change=change, tree=ast.fix_missing_locations(mutated))


def _node_at(tree: ast.Module, place: int) -> ast.AST:
    return next(node for at, node in enumerate(ast.walk(tree)) if at == place)


def _put(tree: ast.Module, target: ast.AST, changed: ast.AST) -> None:
    for parent in ast.walk(tree):
        for name, value in ast.iter_fields(parent):
            if value is target:
                setattr(parent, name, changed)
            elif isinstance(value, list) and target in value:
                value[value.index(target)] = changed


def _changes_of(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.Compare(ops=ops):
            for at, op in enumerate(ops):
                yield _with(node, ops=[*ops[:at], _TURNED[type(op)](), *ops[at + 1 :]])
        case ast.BoolOp(op=op, values=values):
            yield _with(node, op=ast.Or() if isinstance(op, ast.And) else ast.And())
            for left in _without_one(values):
                yield left[0] if len(left) == 1 else _with(node, values=left)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield operand
        case ast.If() | ast.IfExp():
            yield _with(node, test=ast.Constant(value=False))
            yield _with(node, test=ast.Constant(value=True))
        case ast.comprehension(ifs=conditions):
            yield from (_with(node, ifs=left) for left in _without_one(conditions))
        case ast.Set(elts=[_, _, *_] as members):
            yield from (_with(node, elts=left) for left in _without_one(members))
        case ast.Name(id=name) if name in _SWAPPED_NAMES:
            yield ast.Name(id=_SWAPPED_NAMES[name], ctx=ast.Load())
        case _:
            pass


def _without_one(parts: list[ast.expr]) -> list[list[ast.expr]]:
    return [[*parts[:at], *parts[at + 1 :]] for at in range(len(parts))]


def _with(node: ast.AST, **fields: object) -> ast.AST:
    changed = copy.copy(node)
    for name, value in fields.items():
        setattr(changed, name, value)
    return copy.deepcopy(changed)
