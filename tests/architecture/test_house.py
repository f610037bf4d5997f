"""Tests of the house itself: sizes, doors that must stay single, and promises of the map."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pytest
from packaging.version import Version

from mediacheck.cli.doctor import FLOORS
from mediacheck.model.audit import Event

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted(
    path
    for package in ("mediacheck", "release_db")
    for path in (ROOT / package).rglob("*.py")
    if "versions" not in path.parts
)
LONGEST_MODULE, LONGEST_FUNCTION, DEEPEST_NESTING = 400, 40, 3


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def functions_in(tree: ast.AST) -> Iterator[ast.FunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            yield node


def code_lines(function: ast.FunctionDef) -> int:
    """Lines from ``def`` to the end, without the docstring."""
    end = function.end_lineno or function.lineno
    lines = end - function.lineno + 1
    first = function.body[0]
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
        lines -= (first.end_lineno or first.lineno) - first.lineno + 1
    return lines


_BLOCKS = (ast.If, ast.For, ast.While, ast.With, ast.Try, ast.Match)


def nesting_of(node: ast.AST, depth: int = 0) -> int:
    deepest = depth
    for child in ast.iter_child_nodes(node):
        is_elif = isinstance(node, ast.If) and child in node.orelse and isinstance(child, ast.If)
        step = 1 if isinstance(child, _BLOCKS) and not is_elif else 0
        deepest = max(deepest, nesting_of(child, depth + step))
    return deepest


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_stays_small(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST_MODULE
    too_long = [
        f"{function.name}: {code_lines(function)}"
        for function in functions_in(tree_of(path))
        if code_lines(function) > LONGEST_FUNCTION
    ]
    too_deep = [
        f"{function.name}: {nesting_of(function)}"
        for function in functions_in(tree_of(path))
        if nesting_of(function) > DEEPEST_NESTING
    ]

    assert too_long == []
    assert too_deep == []


def modules_that(pattern: str) -> set[str]:
    found = re.compile(pattern)
    return {
        str(path.relative_to(ROOT))
        for path in SOURCES
        if found.search(path.read_text(encoding="utf-8"))
    }


def test_only_one_module_builds_a_clearance() -> None:
    assert modules_that(r"\bClearance\((?!Id)") == {"mediacheck/decision/clearance.py"}


def test_only_one_module_builds_what_a_connector_may_send() -> None:
    assert modules_that(r"\bClearedContent\(") == {"mediacheck/publish/content.py"}


def test_a_fault_is_caught_only_where_it_leaves_the_post_blocked() -> None:
    caught = modules_that(r"except (Exception|BaseException)\b")

    allowed = {"mediacheck/flow/" + name for name in ("check.py", "check_file.py", "check_once.py")}
    allowed |= {"mediacheck/flow/judge.py", "mediacheck/flow/enroll.py"}
    allowed |= {"mediacheck/flow/measure.py", "mediacheck/worker.py"}
    allowed |= {"mediacheck/flow/portraits_work.py"}
    assert caught <= allowed | {
        # An engine's own errors become one fault: findings raise it, and never go on.
        path
        for path in caught
        if path.startswith("mediacheck/findings/")
    }


def test_the_distance_of_the_plain_recipe_stands_nowhere() -> None:
    used = modules_that(r"(distance|threshold|tolerance)\w*\s*(=|<=|<|:)\s*0\.6\b")

    assert used == set()


def test_an_init_module_imports_nothing() -> None:
    for path in SOURCES:
        if path.name == "__init__.py":
            imports = [
                node
                for node in ast.walk(tree_of(path))
                if isinstance(node, ast.Import | ast.ImportFrom)
            ]
            assert imports == [], path


def test_every_audit_event_is_written_somewhere() -> None:
    everything = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES)

    unused = [event.name for event in Event if f"Event.{event.name}" not in everything]
    assert unused == []


def test_every_template_is_used() -> None:
    folder = ROOT / "templates"
    everything = "\n".join(
        path.read_text(encoding="utf-8") for path in (*SOURCES, *folder.rglob("*.html"))
    )

    names = [path.relative_to(folder).as_posix() for path in folder.rglob("*.html")]
    assert names
    assert [name for name in names if name not in everything] == []


@pytest.mark.parametrize(("package", "floor"), FLOORS.items())
def test_no_package_with_a_known_hole_is_installed_or_allowed(package: str, floor: str) -> None:
    assert Version(metadata.version(package)) >= Version(floor)
    wanted = (ROOT / "pyproject.toml").read_text(encoding="utf-8").lower()
    assert f'"{package.lower()}>={floor}' in wanted


def test_the_readme_stays_short_and_gives_two_commands() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")

    assert len(readme.splitlines()) <= 120
    assert "uv run mediacheck serve --demo" in readme
    assert "uv run python -m tests" in readme


def test_ci_runs_the_readme_s_test_command() -> None:
    assert "uv run python -m tests" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
