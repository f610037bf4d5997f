"""A process of its own that checks a picture and prints which recognition code that loaded.

``python -m mediacheck.cli.self_test``: one JSON list; the doctor starts it.
"""

from __future__ import annotations

import json
import sys

from mediacheck.flow.recognition_proof import recognition_code_after_a_check
from mediacheck.settings import settings_from
from mediacheck.wiring.services import open_services


def main() -> int:
    """Prints the names of the modules; raises what an engine or the database raises."""
    loaded = recognition_code_after_a_check(open_services(settings_from()))
    print(json.dumps(loaded))
    return 0


if __name__ == "__main__":
    sys.exit(main())
