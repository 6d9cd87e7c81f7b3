"""``python -m benchmarks [name …]``: run the named benchmarks, or all of them, each in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HELPERS = {"__init__", "__main__", "posting_server", "strict_server", "surroundings"}
BY_HAND = {"fuzz", "score"}
"""These need arguments, or much longer than one waits: ``make score`` and ``python -m benchmarks.fuzz``."""


def main(names: list[str]) -> int:
    """Run them one after the other; 1 if one of them failed."""
    known = {path.stem for path in Path(__file__).parent.glob("*.py")} - HELPERS
    unknown = [name for name in names if name not in known]
    if unknown:
        print(
            f"no such benchmark: {', '.join(unknown)}; there are {', '.join(sorted(known))}", file=sys.stderr
        )
        return 2
    failed = []
    for name in names or sorted(known - BY_HAND):
        print(f"\n── {name} ──", flush=True)
        if subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=False).returncode:
            failed.append(name)
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
