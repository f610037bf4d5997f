"""The README's test command: ``uv run python -m tests`` runs every gate, in order.

``--lanes`` runs the long lanes alone: whole evaluations, the hundred planted posts, and whatever
servers of other people are installed. ``--postgresql`` runs what keeps anything on PostgreSQL.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from tests.postgresql import running_postgresql

ROOT = Path(__file__).resolve().parent.parent

#: What judges, and the tests that have to reach every branch of it.
JUDGES = (
    *("release_db.rules", "release_db.standing", "release_db.orders", "release_db.items"),
    *("release_db.policy", "mediacheck.resolution", "mediacheck.decision"),
)
JUDGED_BY = (
    *("tests/release_db/test_rules.py", "tests/release_db/test_conflict_table.py"),
    *("tests/release_db/test_policy.py", "tests/release_db/test_ended_years.py"),
    "tests/release_db/test_rule_edges.py",
    *(
        str(path.relative_to(ROOT))
        for folder in ("resolution", "decision")
        for path in sorted((ROOT / "tests" / "mediacheck" / folder).glob("test_*.py"))
        # Thousands of examples, traced line by line, take minutes and reach no branch more.
        if not path.stem.endswith("_properties")
    ),
)
IN_TWO = ["pytest", "-q", "-n", "2", "--dist", "loadgroup", "-m", "not lane"]

GATES = (
    ("format", ["ruff", "format", "--check", "."]),
    ("lint", ["ruff", "check", "."]),
    ("types", ["mypy"]),
    ("import contracts", ["lint-imports"]),
    (
        "tests of what judges, in every branch",
        [
            *IN_TWO,
            *(f"--cov={module}" for module in JUDGES),
            *("--cov-branch", "--cov-fail-under=100", "--cov-report=term-missing:skip-covered"),
            *JUDGED_BY,
        ],
    ),
    ("tests", [*IN_TWO, *(f"--ignore={path}" for path in JUDGED_BY)]),
)
LANES = (
    ("long lanes", [*IN_TWO[:-1], "lane and not live"]),
    # Each brings servers of its own, and their memory.
    ("servers of other people", ["pytest", "-q", "-m", "live"]),
)
#: What keeps anything, on a district's own database server. The pages ask the same flow.
ON_POSTGRESQL = (
    (
        "the house on PostgreSQL",
        [
            *IN_TWO[:-1],
            "not lane and not live and not slow and not browser",
            *("tests/mediacheck/accounts", "tests/mediacheck/flow", "tests/mediacheck/storage"),
            *("tests/mediacheck/wiring", "tests/mediacheck/test_jobs.py"),
            *("tests/mediacheck/test_publisher.py", "tests/release_db"),
        ],
    ),
)


def main(arguments: list[str]) -> int:
    """Runs the gates, or lanes; returns 1 when one of them fails, and says which."""
    if "--postgresql" in arguments:
        return _on_postgresql()
    return _run(LANES if "--lanes" in arguments else GATES)


def _on_postgresql() -> int:
    with running_postgresql() as address:
        if address is None:
            print("POSTGRESQL MISSING: nothing was tried on it. Install Debian's postgresql.")
            return 0
        os.environ["MEDIACHECK_TEST_POSTGRES"] = address
        return _run(ON_POSTGRESQL)


def _run(parts: Sequence[tuple[str, list[str]]]) -> int:
    failed = []
    for name, command in parts:
        begun = time.monotonic()
        print(f"--- {name}: {' '.join(command)}", flush=True)
        code = subprocess.run([_tool(command[0]), *command[1:]], cwd=ROOT, check=False).returncode
        print(f"--- {name}: {time.monotonic() - begun:.0f} s, exit {code}", flush=True)
        if code:
            failed.append(name)
    if failed:
        print(f"Failed: {', '.join(failed)}")
    return 1 if failed else 0


def _tool(name: str) -> str:
    """The tool of this environment, whatever else is on the path."""
    return shutil.which(name, path=str(Path(sys.executable).parent)) or name


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
