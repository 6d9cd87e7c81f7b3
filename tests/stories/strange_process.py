"""``python -m tests.stories.strange_process …``: the bot, in a process whose clock is wrong or whose patience is short.

``STRANGE_CLOCK_S`` moves every wall clock that Python code of this process can ask. ``STRANGE_LEASE_S`` shortens
leases, and the time after which an abandoned fan-out is taken over, so that a test of dead senders takes seconds
instead of half a minute. What is tested is the bot as it is otherwise.
"""

from __future__ import annotations

import os
import sys
import time
from datetime import UTC, datetime, timedelta


def main() -> int:
    """Bend the process, then run the command line."""
    shift = timedelta(seconds=float(os.environ.get("STRANGE_CLOCK_S", "0")))
    lease_s = float(os.environ.get("STRANGE_LEASE_S", "0"))
    if shift:
        true_time = time.time
        time.time = lambda: true_time() + shift.total_seconds()
    if lease_s:
        from bot.store import fanout, outbox

        outbox.LEASE_S = lease_s
        fanout.TAKE_OVER_AFTER_MS = int(lease_s * 1000)
    from bot.assembly import clock

    clock.utc_now = lambda: datetime.now(UTC) + shift
    from bot.__main__ import main as run

    return run() or 0


if __name__ == "__main__":
    sys.exit(main())
