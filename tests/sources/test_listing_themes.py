"""Listing pages as different themes build them: no theme is known by name, every one gives its three stories."""

from __future__ import annotations

from datetime import date

import pytest

from bot.sources.listing import parse_listing

STORIES = (
    (
        "Bridge Opens to Trucks Two Weeks Early",
        "The regional road service opened the repaired bridge to trucks on Monday, two weeks ahead of plan.",
    ),
    (
        "Measles Vaccination Begins in Three Districts",
        "Doctors in three districts began vaccinating children against measles after the holidays ended.",
    ),
    (
        "Court Rejects Appeal of Former Mayor",
        "A court rejected the appeal of the former mayor and left the sentence as it was in spring.",
    ),
)
PAGE = (
    "<!doctype html><html><head><meta charset=utf-8><title>News</title></head><body><nav><ul><li><a href='/'>Home</a>"
    "</li><li><a href='/about'>About us</a></li></ul></nav>{cards}<footer><p>© 2026 Courier. All rights reserved. "
    "Reprinting only with a link.</p></footer></body></html>"
)
THEMES = {
    "cards of Bootstrap": (
        "<div class='row'>{}</div>",
        "<div class='col-md-4'><div class='card h-100'><img class='card-img-top' src='/i.jpg'><div class='card-body'>"
        "<h5 class='card-title'>{title}</h5><p class='card-text'>{text}</p><a href='/n/{n}' class='btn'>Read more</a>"
        "</div><div class='card-footer'><small>{day} June 2026</small></div></div></div>",
    ),
    "a table": (
        "<table>{}</table>",
        "<tr><td>{day}.06.2026</td><td><a href='/n/{n}'>{title}</a><br>{text}</td></tr>",
    ),
    "items of a list, dates in Russian": (
        "<ul>{}</ul>",
        "<li><span class='date'>{day} июня 2026</span> <a href='/n/{n}'>{title}</a><p>{text}</p></li>",
    ),
    "divs without a name, dates in Kazakh": (
        "<div><div>{}</div></div>",
        "<div><div><a href='/n/{n}'><b>{title}</b></a></div><div>{text}</div><div>{day} маусым 2026</div></div>",
    ),
    "articles with a machine-readable time": (
        "<main>{}</main>",
        "<article><header><h2><a href='https://c.example/n/{n}'>{title}</a></h2><time datetime='2026-06-{day}T08:00:00"
        "+05:00'>then</time></header><div class='entry-content'><p>{text}</p></div></article>",
    ),
    "divs with a rubric and a thumbnail": (
        "<div id='content'>{}</div>",
        "<section class='news-item'><a class='thumb' href='/n/{n}'><img src='/t.jpg'></a><div class='wrap'><span "
        "class='rubric'><a href='/section/society'>Society</a></span><div class='news-title'><a href='/n/{n}'>{title}"
        "</a></div><div class='news-lead'>{text}</div>"
        "<span class='news-date'>{day}.06.2026, 10:15</span></div></section>",
    ),
    "tiles that are one large link": (
        "<div class='grid'>{}</div>",
        "<a class='tile' href='/n/{n}'><h3>{title}</h3><p>{text}</p><span class='date'>Jun {day}, 2026</span></a>",
    ),
}


@pytest.mark.parametrize("theme", THEMES)
def test_every_theme_gives_title_link_excerpt_and_date(theme: str) -> None:
    around, card = THEMES[theme]
    cards = "".join(
        card.format(n=n, title=title, text=text, day=14 - n) for n, (title, text) in enumerate(STORIES)
    )
    page = PAGE.format(cards=around.format(cards)).encode()
    told = parse_listing(page, content_type="text/html", url="https://c.example/list/").stories
    assert [(story.title, story.excerpt) for story in told] == list(STORIES)
    assert [story.link for story in told] == [f"https://c.example/n/{n}" for n in range(3)]
    assert [story.published and story.published.date() for story in told] == [
        date(2026, 6, 14 - n) for n in range(3)
    ]
