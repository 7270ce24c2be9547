"""Rebuild the made-up encounters: ``python cases/build.py [NAME...]``; see ``case_builder/``."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from case_builder.__main__ import main

if __name__ == "__main__":
    sys.exit(main())
