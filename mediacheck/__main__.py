"""``python -m mediacheck`` is the ``mediacheck`` command."""

from __future__ import annotations

import sys

from mediacheck.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
