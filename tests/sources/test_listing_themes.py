"""Listing pages as different themes build them: no theme is known by name, every one gives its three stories."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from bot.model import FeedEntry
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


BRIEF_STORIES = (
    ("Bridge Opens to Trucks Two Weeks Early", "It was closed for repairs since May."),
    ("Measles Vaccination Begins in Three Districts", "The vaccine is free."),
    ("Court Rejects Appeal of Former Mayor", "The sentence stands as it was."),
)
BRIEF_THEMES = {
    "rows of Drupal, dates in Kazakh": (
        "<div class='view'><div class='view-content'>{}</div></div>",
        "<div class='views-row'><div class='views-field-created'>{day} маусым 2026</div><div class='views-field-title'>"
        "<a href='/n/{n}'>{title}</a></div><div class='views-field-body'>{text}</div></div>",
    ),
    "blocks of WordPress": (
        "<ul class='wp-block-post-template'>{}</ul>",
        "<li class='wp-block-post'><h2><a href='/n/{n}'>{title}</a></h2><div class='wp-block-post-excerpt'>"
        "<p>{text}</p>"
        "<p class='wp-block-post-excerpt__more-text'><a href='/n/{n}'>Read more</a></p></div><div><time datetime="
        "'2026-06-{day}T09:00:00+05:00'>then</time></div></li>",
    ),
    "links with everything in them, dates in Uzbek": (
        "<section>{}</section>",
        "<a class='news-card' href='/n/{n}'><img data-src='/i.jpg'><span class='tag'>Jamiyat</span><h3>{title}</h3>"
        "<p>{text}</p><span class='date'>{day}-iyun 2026</span></a>",
    ),
    "microdata": (
        "<div itemscope>{}</div>",
        "<div class='post' itemprop='blogPost'><meta itemprop='datePublished' content='2026-06-{day}T07:00:00Z'><h2>"
        "<a href='/n/{n}'>{title}</a></h2><div>By <span>Anna Kim</span> | <span>4 min read</span></div><div itemprop="
        "'description'>{text}</div><a href='/n/{n}#more'>Continue reading →</a></div>",
    ),
    "terms and descriptions, dates in Tajik": (
        "<dl>{}</dl>",
        "<dt><a href='/n/{n}'>{title}</a> <span>{day} июни 2026</span></dt><dd>{text}</dd>",
    ),
    "dates as terms": (
        "<dl>{}</dl>",
        "<dt>{day} июня 2026 г.</dt><dd><a href='/n/{n}'>{title}</a><p>{text}</p></dd>",
    ),
    "paragraphs of Bitrix": (
        "<div class='news-list'>{}</div>",
        "<p class='news-item' id='bx_{n}'><a href='/n/{n}'><img src='/i.jpg'></a><span class='time'>"
        "{day}.06.2026</span> <a href='/n/{n}'><b>{title}</b></a><br>{text}<div style='clear:both'></div></p>",
    ),
    "figures": (
        "<div>{}</div>",
        "<figure><a href='/n/{n}'><img src='/i.jpg'></a><figcaption><h4><a href='/n/{n}'>{title}</a></h4><p>{text}</p>"
        "<time datetime='2026-06-{day}'>then</time></figcaption></figure>",
    ),
    "subtitles": (
        "<main>{}</main>",
        "<article><a href='/@a'><p>Anna Kim</p></a><a href='/n/{n}'><h2>{title}</h2><h3>{text}</h3></a><span>Jun {day}"
        "</span><span>3 min read</span></article>",
    ),
    "headings and paragraphs side by side": (
        "<div><h1>News</h1>{}</div>",
        "<h3><a href='/n/{n}'>{title}</a></h3><p class='date'>{day} June 2026</p><p>{text}</p>",
    ),
    "columns of Bootstrap with paragraphs for everything": (
        "<div class='row'>{}</div>",
        "<div class='col'><div class='row'><div class='col-2'><p>{day}.06.2026</p></div><div class='col-10'><p>"
        "<a href='/n/{n}'>{title}</a></p><p>{text}</p></div></div></div>",
    ),
    "links with nothing but divs in them": (
        "<div>{}</div>",
        "<div class='big'><a href='/n/{n}'><div></div><div class='tt'>{title}</div><div class='ld'>{text}</div>"
        "<div class='mt'>{day} июня 2026</div></a></div>",
    ),
    "lines": (
        "<h2>Новости</h2>{}",
        "<b>{day}.06.2026</b> <a href='/n/{n}'>{title}</a> <i>{text}</i><br>",
    ),
    "days without a year": (
        "<div>{}</div>",
        "<div class='item'><a href='/n/{n}'>{title}</a><p>{text}</p><span>{day} июня, 10:20</span></div>",
    ),
    "divs in Kyrgyz": (
        "<div>{}</div>",
        "<div class='n'><div><a href='/n/{n}'><img src='/i.jpg'></a></div><div class='t'>"
        "<a href='/n/{n}'>{title}</a></div>"
        "<div class='d'>{day}-июнь, 2026 11:20</div><div>{text} <a href='/n/{n}'>Толугу менен</a></div></div>",
    ),
}
SIDE_BAR = (
    "<div class='right'><b>Top of the month</b><div class='t'><a href='/n/90'>An Old Story That Many Have Read</a> "
    "<i>02.05.2026</i></div><div class='t'><a href='/n/91'>Another Old Story That Many Have Read</a> <i>03.05.2026</i>"
    "</div></div>"
)
NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)


def entries(page: str) -> tuple[FeedEntry, ...]:
    listing = parse_listing(page.encode(), content_type="text/html", url="https://c.example/list/")
    return listing.entries("C", NOW)


@pytest.mark.parametrize("theme", BRIEF_THEMES)
def test_few_words_and_a_date_are_a_story_and_a_side_bar_is_none(theme: str) -> None:
    around, card = BRIEF_THEMES[theme]
    cards = "".join(
        card.format(n=n, title=title, text=text, day=14 - n) for n, (title, text) in enumerate(BRIEF_STORIES)
    )
    told = entries(PAGE.format(cards=around.format(cards) + SIDE_BAR))
    assert [(story.title, story.text) for story in told] == list(BRIEF_STORIES)
    assert [story.link for story in told] == [f"https://c.example/n/{n}" for n in range(3)]
    assert [story.published and story.published.day for story in told] == [14, 13, 12]


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("15/06/2026", 15),
        ("<span>2 hours ago</span>", 15),
        ("<i>вчера, 18:40</i>", 14),
        ("<time>3 дня назад</time>", 12),
    ],
)
def test_headlines_with_a_date_are_enough(line: str, day: int) -> None:
    cards = "".join(
        f"<li>{line} <a href='/n/{n}'>{title}</a></li>" for n, (title, _) in enumerate(BRIEF_STORIES)
    )
    told = entries(PAGE.format(cards=f"<ul>{cards}</ul>"))
    assert [(story.title, story.text) for story in told] == [(title, "") for title, _ in BRIEF_STORIES]
    assert {story.published and story.published.day for story in told} == {day}


def test_headlines_with_the_time_of_day_are_stories_of_unknown_day() -> None:
    rows = "".join(
        f"<div><span>1{n}:40</span><span><a href='/n/{n}'>{title}</a></span></div>"
        for n, (title, _) in enumerate(BRIEF_STORIES)
    )
    told = entries(PAGE.format(cards=f"<div><div><b>Сегодня</b></div>{rows}</div>"))
    assert [(story.title, story.published) for story in told] == [(title, None) for title, _ in BRIEF_STORIES]


def test_an_offer_among_the_stories_is_none_of_them() -> None:
    form = "<div class='entry'><a href='{link}'>{title}</a><div>{text}</div>{date}</div>"
    cards = [
        form.format(link=f"/n/{n}", title=title, text=text, date="<span>14.06.2026</span>")
        for n, (title, text) in enumerate(BRIEF_STORIES)
    ]
    offer = form.format(
        link="https://shop.example/", title="Refrigerators at Half Price", text="Until Friday only.", date=""
    )
    told = entries(PAGE.format(cards=f"<div>{cards[0]}{offer}{cards[1]}{cards[2]}</div>"))
    assert [story.title for story in told] == [title for title, _ in BRIEF_STORIES]


def test_lists_by_day_say_the_day_above() -> None:
    days = "".join(
        f"<div class='day'><h3>{14 - n} июня 2026</h3><ul><li><span>14:20</span> "
        f"<a href='/n/{n}'>{title}</a></li></ul></div>"
        for n, (title, _) in enumerate(BRIEF_STORIES)
    )
    told = entries(PAGE.format(cards=days))
    assert [(story.title, story.published and story.published.day) for story in told] == [
        (title, 14 - n) for n, (title, _) in enumerate(BRIEF_STORIES)
    ]


def test_the_large_first_story_belongs_to_the_list() -> None:
    form = "<h2><a href='/n/{n}'>{title}</a></h2><time datetime='2026-06-{day}'></time><p>{text}</p>"
    first, *others = (
        form.format(n=n, title=title, text=text, day=14 - n) for n, (title, text) in enumerate(BRIEF_STORIES)
    )
    row = "".join(f"<div class='row'><div class='column'>{card}</div></div>" for card in others)
    told = entries(PAGE.format(cards=f"<div><div class='leading'>{first}</div>{row}</div>"))
    assert [story.title for story in told] == [title for title, _ in BRIEF_STORIES]


@pytest.mark.parametrize(
    "page",
    [
        "<h1>Contacts</h1><div class='c'><p>Editorial office: 12 Abay Street. <a href='mailto:a@c.example'>a@c</a>"
        "</p></div><div class='c'><p>Advertising: on working days. <a href='mailto:b@c.example'>b@c</a></p></div>",
        "<h1>404</h1><p>Page not found. <a href='/'>Back to the front page of the newspaper</a></p>",
        "<ul><li><a href='/u/1'>Aibek</a> 12.06.2026 <p>I agree with this.</p></li>"
        "<li><a href='/u/2'>Saltanat</a> 12.06.2026 <p>What about us?</p></li></ul>",
        "<ul><li><a href='/a'>All About Our Newspaper</a></li><li><a href='/b'>Our Rules for Commenting</a></li></ul>",
    ],
)
def test_what_is_no_list_of_stories_gives_none(page: str) -> None:
    assert entries(PAGE.format(cards=page)) == ()


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
