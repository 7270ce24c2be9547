"""``python -m case_builder [NAME...] [--out DIR] [--audio PYTHON]``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from case_builder.build import CASES, BuildError, build, names


def main() -> int:
    """Build the named encounters, all of them by default; returns the exit status."""
    parser = argparse.ArgumentParser(prog="case_builder", description="Rebuild the made-up encounters in cases/.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of: {' '.join(names())} (default: all)")
    parser.add_argument("--out", type=Path, default=CASES, metavar="DIR", help="where to (default: cases/)")
    parser.add_argument(
        "--audio", type=Path, metavar="PYTHON", help="also speak the recordings, with this environment's Python"
    )
    args = parser.parse_args()
    unknown = sorted(set(args.names) - set(names()))
    if unknown:
        parser.error(f"no such visit: {', '.join(unknown)}; there are {', '.join(names())}")
    try:
        for name in args.names or names():
            for path in build(name, args.out, audio=args.audio):
                print(path)
    except BuildError as error:
        print(f"case_builder: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
