"""How long a chart takes and whether memory grows: ``python -m benchmarks.charts [how many]``.

Prints the first chart (with matplotlib's import), the median and the 95th percentile of the rest, the processor
time of one (which neighbours on a busy machine do not change much), the bytes of a picture, and the resident
memory at five points on the way. Memory rises by 2 MB over 1,000 charts, for the
numbers that :mod:`bot.language` has written stay at hand, up to a bound; of its texts' widths, which are far more,
matplotlib is made to forget what is long gone.
"""

from __future__ import annotations

import asyncio
import os
import random
import statistics
import sys
import time
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from bot.briefing.chart import ChartOrder
from bot.briefing.chart_studio import ChartStudio
from bot.language import Tongues

LANGUAGES = ("en", "ru", "kk", "ky", "uz", "tg", "tk")
LENGTHS_DAYS = (7, 30, 90, 365)
WARM_UP = 100


def an_order(number: int) -> ChartOrder:
    dice = random.Random(number)
    days = LENGTHS_DAYS[number % len(LENGTHS_DAYS)]
    value, history = 480.0, []
    for n in range(days):
        value *= 1 + dice.gauss(0.0003, 0.004)
        history.append((date(2026, 5, 22) - timedelta(days=days - n), Decimal(f"{value:.2f}")))
    return ChartOrder(tuple(history), f"US dollar in tenge · {days} days", "KZT", "A bank · 22 May 2026")


def resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


async def measure(count: int) -> None:
    tongues = Tongues()
    times_ms, sizes, resident, busy_s = [], [], [], 0.0
    stops = {WARM_UP + (count - 1 - WARM_UP) * quarter // 4 for quarter in range(5)}
    async with ChartStudio() as studio:
        for number in range(count):
            began = time.perf_counter()
            picture = await studio.draw(an_order(number), tongues[LANGUAGES[number % len(LANGUAGES)]])
            times_ms.append((time.perf_counter() - began) * 1000)
            sizes.append(len(picture))
            if number == WARM_UP:
                busy_s = time.process_time()
            if number in stops:
                resident.append(f"{resident_mb():.1f} ({number})")
        busy_ms = (time.process_time() - busy_s) * 1000 / (count - 1 - WARM_UP)
        print(f"first chart      {times_ms[0]:8.0f} ms (imports matplotlib)")
        warm = sorted(times_ms[WARM_UP:])
        print(f"p50 of {len(warm):5}     {statistics.median(warm):8.1f} ms (goal: 150)")
        print(f"p95              {warm[int(len(warm) * 0.95)]:8.1f} ms")
        print(f"processor time   {busy_ms:8.1f} ms a chart; load of the machine {os.getloadavg()[0]:.1f}")
        print(f"picture          {statistics.median(sizes) / 1000:8.0f} kB")
        print(f"resident MB      {', '.join(resident)}")
        began = time.perf_counter()
        tongue = tongues["en"]
        await asyncio.gather(*(studio.draw(an_order(count + n), tongue) for n in range(100)))
        print(f"two at a time    {100 / (time.perf_counter() - began):8.1f} charts/s")


if __name__ == "__main__":
    asyncio.run(measure(int(sys.argv[1]) if len(sys.argv) > 1 else 2100))
