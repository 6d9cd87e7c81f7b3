"""Charts: pictures of the right kind for any history, drawn off the loop, each only once."""

from __future__ import annotations

import asyncio
import gc
import io
import os
import subprocess
import sys
import threading
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.briefing import chart_easel
from bot.briefing.chart import ChartOrder, draw_chart
from bot.briefing.chart_axis import date_ticks
from bot.briefing.chart_easel import Easel
from bot.briefing.chart_order import period_words
from bot.briefing.chart_studio import ChartStudio
from bot.language import Tongues
from tests.processes import REPOSITORY

TONGUES = Tongues()
LAST = date(2026, 5, 22)


def an_order(*values: str, title: str = "US dollar in tenge") -> ChartOrder:
    days = (LAST - timedelta(days=len(values) - 1 - n) for n in range(len(values)))
    return ChartOrder(tuple(zip(days, map(Decimal, values), strict=True)), title, "KZT", "A bank")


def opened(picture: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(picture))
    image.load()
    return image


@pytest.mark.parametrize("language", ["en", "ru", "kk", "ky", "uz", "tg", "tk"])
def test_a_chart_is_an_opaque_picture_of_telegrams_size_and_small(language: str) -> None:
    picture = draw_chart(an_order("470.1", "471.5", "468.83", "470.53"), TONGUES[language])
    image = opened(picture)
    assert (image.format, image.size) == ("PNG", (1200, 800))
    assert image.convert("RGBA").getchannel("A").getextrema() == (255, 255)
    assert len(picture) < 150_000


@pytest.mark.parametrize(
    "order",
    [
        an_order("9.34"),
        an_order("3.5", "3.5", "3.5"),
        an_order("0.0000801", "0.0000802"),
        an_order("1", "1000000"),
        an_order("470", "471", title="$1 in $ and 🇰🇿 ₸ _^{\\frac" + "very " * 60 + "long"),
        an_order(*(str(480 + n % 7) for n in range(400))),
    ],
    ids=["one day", "flat", "tiny", "steep", "strange title", "long"],
)
def test_any_history_can_be_drawn(order: ChartOrder) -> None:
    assert opened(draw_chart(order, TONGUES["en"])).size == (1200, 800)


def test_an_empty_history_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one day"):
        draw_chart(an_order(), TONGUES["en"])


def test_an_easel_leaves_nothing_of_the_chart_before() -> None:
    easel, orders = Easel(), (an_order("1", "2", "3"), an_order("5", "5"), an_order("3", "2", "1"))
    for order in (*orders, *orders):
        assert draw_chart(order, TONGUES["ru"], easel) == draw_chart(order, TONGUES["ru"])


def test_an_easel_remembers_no_words_of_charts_long_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chart_easel, "_CHARTS_REMEMBERED", 4)
    easel = Easel()

    def kept_after(charts: range) -> int:
        for number in charts:
            draw_chart(an_order(f"{number}.1", f"{number}.2", title=f"No. {number}"), TONGUES["en"], easel)
        gc.collect()
        return sum(type(each).__name__ == "FontProperties" for each in gc.get_objects())

    before = kept_after(range(10, 18))
    assert kept_after(range(18, 34)) < before + 16  # some eight a chart, were they kept


def test_the_key_changes_with_everything_that_is_seen() -> None:
    order = an_order("1", "2")
    others = [
        an_order("1", "3"),
        an_order("1", "2", title="x"),
        ChartOrder(order.history, order.title, "UZS", "A bank"),
    ]
    keys = {order.content_key("en"), order.content_key("kk"), *(other.content_key("en") for other in others)}
    assert len(keys) == 5
    assert order.content_key("en") == an_order("1", "2").content_key("en")
    assert len(order.content_key("en")) == 24


async def test_the_studio_draws_each_picture_once_on_at_most_two_threads() -> None:
    orders = [an_order("1", str(n)) for n in range(2, 6)]
    async with ChartStudio() as studio:
        asked = [studio.draw(order, TONGUES["en"]) for order in orders * 3]
        pictures = await asyncio.gather(*asked)
        drawing = [thread for thread in threading.enumerate() if thread.name.startswith("chart")]
        again = await studio.draw(orders[0], TONGUES["en"])
    assert len({id(picture) for picture in pictures}) == 4
    assert again is pictures[0]
    assert len(drawing) <= 2


async def test_the_loop_goes_on_while_a_chart_is_drawn() -> None:
    async with ChartStudio() as studio:
        drawing = asyncio.ensure_future(studio.draw(an_order("1", "2"), TONGUES["en"]))
        turns = 0
        while not drawing.done():
            turns += 1
            await asyncio.sleep(0)
    assert turns > 10


async def test_the_studio_forgets_the_oldest_pictures_and_does_not_keep_failures() -> None:
    async with ChartStudio(kept=1) as studio:
        first = await studio.draw(an_order("1", "2"), TONGUES["en"])
        await studio.draw(an_order("1", "3"), TONGUES["en"])
        assert await studio.draw(an_order("1", "2"), TONGUES["en"]) is not first
        for _ in range(2):
            with pytest.raises(ValueError, match="at least one day"):
                await studio.draw(an_order(), TONGUES["en"])


async def test_a_reader_who_goes_away_does_not_take_the_picture_from_another() -> None:
    async with ChartStudio() as studio:
        impatient = asyncio.ensure_future(studio.draw(an_order("1", "2"), TONGUES["en"]))
        patient = asyncio.ensure_future(studio.draw(an_order("1", "2"), TONGUES["en"]))
        await asyncio.sleep(0)
        impatient.cancel()
        assert opened(await patient).size == (1200, 800)


@settings(deadline=None)
@given(first=st.dates(date(1995, 1, 1), date(2035, 1, 1)), span_days=st.integers(0, 4000))
def test_a_date_axis_has_few_marks_in_order_and_inside(first: date, span_days: int) -> None:
    last = first + timedelta(days=span_days)
    ticks = date_ticks(first, last, TONGUES["kk"])
    days = [tick.day for tick in ticks]
    assert 1 <= len(ticks) <= 8
    assert days == sorted(set(days))
    assert first <= days[0]
    assert days[-1] <= last


def test_a_date_axis_says_the_year_where_it_begins() -> None:
    labels = [tick.label for tick in date_ticks(date(2025, 5, 22), LAST, TONGUES["ru"])]
    assert labels == ["Июль", "Сент.", "Нояб.", "2026", "Март", "Май"]


def test_a_period_is_named_in_the_words_of_every_language() -> None:
    named = {tongue.code: [period_words(days, tongue) for days in (7, 365)] for tongue in TONGUES}
    assert named["ru"] == ["7 дней", "1 год"]
    assert named["uz"] == ["7 kun", "1 yil"]
    assert named["tg"] == ["7 рӯз", "1 сол"]
    assert len({seven for seven, _ in named.values()}) >= 6, "Kazakh and Kyrgyz say the same"


DRAW = """
from datetime import date; from decimal import Decimal
from bot.briefing import chart_easel
from bot.briefing.chart import ChartOrder, draw_chart
from bot.language import Tongues
history = tuple((date(2026, 5, day), Decimal(500 + day)) for day in (20, 21, 22))
print(len(draw_chart(ChartOrder(history, "Tenge", "KZT", "A bank"), Tongues()["ru"])))
"""


def draw_with(tmp_path: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """A chart in a process of its own, where every warning is an error."""
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(REPOSITORY), "TMPDIR": str(temporary), **variables}
    command = [sys.executable, "-W", "error", "-c", DRAW]
    return subprocess.run(command, env=env, capture_output=True, text=True, timeout=120, check=False)


def test_a_home_that_cannot_be_written_keeps_no_chart_from_being_drawn(tmp_path: Path) -> None:
    no_home = tmp_path / "a file"
    no_home.touch()  # even root can make no folder below it
    drawn = draw_with(tmp_path, HOME=str(no_home))
    assert (drawn.returncode, drawn.stderr) == (0, "")
    assert int(drawn.stdout) > 10_000
    assert list((tmp_path / "tmp").iterdir()) == [], "what it wrote is gone"


def test_an_operators_own_folder_for_matplotlib_is_used(tmp_path: Path) -> None:
    own = tmp_path / "own"
    drawn = draw_with(tmp_path, HOME=str(tmp_path / "nobody"), MPLCONFIGDIR=str(own))
    assert (drawn.returncode, drawn.stderr) == (0, "")
    assert list(own.glob("fontlist*"))
