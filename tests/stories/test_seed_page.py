"""A real topic page, as a listing and as a ticker: its six stories in /latest, its five pairs in /rates."""

from __future__ import annotations

import re

from tests.shared_data import require_shared_data
from tests.stories.newsroom import Newsroom, Page
from tests.stories.people import ask_until


async def test_the_seed_page_fills_latest_and_rates(newsroom: Newsroom) -> None:
    page = Page(
        (require_shared_data() / "seed" / "timesca-topic-page.txt").read_bytes(), content_type="text/plain"
    )
    newsroom.pages |= {"/page": page, "/feed": Page(status=404)}
    newsroom.extra_sources = (
        f'[[news]]\nname = "Times"\nurl = "{newsroom.url}/page"\nformat = "listing"\n'
        f'[[rates]]\nname = "Ticker"\nurl = "{newsroom.url}/page"\nformat = "ticker"\n'
    )
    reader = newsroom.telegram.user(1)
    async with newsroom.run():
        latest = await ask_until(newsroom, reader, "/latest", "of 6")
        rates = await ask_until(newsroom, reader, "/rates", "KZT")
    assert "1–6 of 6" in latest
    assert "USAID Freeze Leaves Central Asian NGOs in Limbo" in latest
    compact = re.sub(r"\s+", " ", rates)
    assert "1 USD = 505.05 KZT" in compact
    assert "1 KZT = 0.00198 USD" in compact
    assert all(code in rates for code in ("KGS", "KZT", "TJS", "UZS", "TMT"))
