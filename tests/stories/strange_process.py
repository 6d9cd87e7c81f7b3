"""``python -m tests.stories.strange_process ROLE …``: the bot, in a process whose clock is wrong or patience short.

``STRANGE_CLOCK_S`` moves every wall clock that Python code of this process can ask. ``STRANGE_LEASE_S`` is the length
of its leases, so that a trial of dead processes takes seconds instead of half a minute. What is tested is the bot as
it is otherwise.
"""

from __future__ import annotations

import os
import sys
import time
from datetime import UTC, datetime, timedelta


def main() -> int:
    """Bend the process, then serve as the roles that are named."""
    shift = timedelta(seconds=float(os.environ.get("STRANGE_CLOCK_S", "0")))
    if shift:
        true_time = time.time
        time.time = lambda: true_time() + shift.total_seconds()
    # Not before: what is imported may keep the clock that it finds.
    from bot import assembly
    from bot.assembly import Patience, clock
    from bot.logs import configure_logs
    from bot.running import run_until_stopped
    from bot.settings import load_settings

    clock.utc_now = lambda: datetime.now(UTC) + shift
    patience = Patience()
    if lease_s := float(os.environ.get("STRANGE_LEASE_S", "0")):
        patience = Patience(
            polls_s=lease_s, stories_s=lease_s, chats_s=lease_s, updates_s=lease_s, poller_s=lease_s
        )
    settings = load_settings(env_file=None)
    configure_logs(settings.log_level, settings.log_format, secrets=settings.secrets)
    return run_until_stopped(
        lambda stopping: assembly.serve(settings, frozenset(sys.argv[1:]), stopping, patience)
    )


if __name__ == "__main__":
    sys.exit(main())
