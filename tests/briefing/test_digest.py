import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.briefing.digest import DigestLinks, DigestWriter
from bot.briefing.edition import MOST_SHOWN, Choice
from bot.language import Tongue
from bot.model import Article, Message, Tag
from tests.briefing.examples import CATALOGUE, NOW, TONGUES, articles, as_seen, quote, story

KZ, UZ, ENERGY, SPORT = map(Tag, ("KZ", "UZ", "energy", "sport"))
LINKS = DigestLinks(
    story=lambda article_id: f"story {article_id}",
    all_of=lambda tag: f"all {tag}",
    rest=lambda since, until: f"rest {since:%d} {until:%d}",
    change_time="change",
    subscribe="subscribe",
)
EVER = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
WRITER = DigestWriter(TONGUES, CATALOGUE, LINKS)


def _digest(stories: list[Article], follows: set[Tag], total: int | None = None) -> Message:
    choice = Choice(tuple(stories), total or len(stories), EVER)
    return WRITER.write(choice, [quote("USD", "KZT", "505.05", "0.31")], follows, "en", NOW)


def test_stories_stand_below_the_country_or_topic_that_the_reader_follows() -> None:
    stories = [
        story(1, countries=(UZ,), summary="It is so. It stays so."),
        story(2, countries=(KZ, UZ)),
        story(3, countries=(Tag("RU"),), topics=(SPORT,)),
        story(4, countries=(UZ,)),
    ]
    assert as_seen(_digest(stories, {KZ, UZ, SPORT})) == (
        "☀️ Friday, 3 April\n\n"
        "🇰🇿 Kazakhstan\n1. Story number 2\nThe plant near Mangystau starts with 2,000 tonnes a year. "
        "Half of it goes abroad.\n\n"
        "🇺🇿 Uzbekistan\n2. Story number 1\nIt is so. It stays so.\n3. Story number 4\n\n"
        "🏅 Sport\n4. Story number 3\nThe plant near Mangystau starts with 2,000 tonnes a year. "
        "Half of it goes abroad.\n\n"
        "💱 Exchange rates\n1 USD = 505.05 KZT  ▲ 0.31%\n\n"
        "From The Steppe Courier"
    )


def test_a_source_of_rates_is_named_the_way_it_asks_to_be() -> None:
    kzt = quote("USD", "KZT", "505.05", "0.31")
    credits = {kzt.source: "Rates by <the> world", "Somebody else": "Not shown"}
    for stories in ([story(1)], []):
        choice = Choice(tuple(stories), len(stories), EVER)
        message = as_seen(WRITER.write(choice, [kzt], {KZ}, "en", NOW, credits))
        assert "1 USD = 505.05 KZT  ▲ 0.31%\nRates by <the> world" in message
        assert "Not shown" not in message


def test_each_number_opens_its_story() -> None:
    message = _digest([story(n) for n in range(6)], {KZ}, total=18)
    assert [[(b.label, b.data) for b in row] for row in message.buttons] == [
        [("1", "story a0"), ("2", "story a1"), ("3", "story a2")],
        [("4", "story a3"), ("5", "story a4"), ("6", "story a5")],
        [("…and 12 more", "rest 01 03")],
        [("All: 🇰🇿 Kazakhstan", "all KZ"), ("🕗 Change time", "change")],
    ]


@pytest.mark.parametrize("tongue", list(TONGUES), ids=lambda tongue: tongue.code)
def test_the_labels_below_it_fit_a_phone_in_any_language_and_whatever_is_followed(tongue: Tongue) -> None:
    for tag in CATALOGUE.tags:
        choice = Choice((story(1, countries=(tag,)),), 1300, EVER)
        rows = WRITER.write(choice, [], {tag}, tongue.code, NOW).buttons
        assert all(len(button.label) <= (42 if len(row) == 1 else 19) for row in rows for button in row)


def test_a_day_without_news_has_one_friendly_line_and_the_rates() -> None:
    assert as_seen(_digest([], {KZ})) == (
        "☀️ Friday, 3 April\n\nNo news from what you follow. Have a calm day!\n\n"
        "💱 Exchange rates\n1 USD = 505.05 KZT  ▲ 0.31%"
    )


def test_who_follows_nothing_is_shown_the_way() -> None:
    message = _digest([], set())
    assert "You follow nothing yet" in as_seen(message)
    assert message.buttons[0][0].data == "subscribe"


def test_a_story_that_others_tell_too_names_them() -> None:
    told = story(1, sources=("The Steppe Courier", "Kabar", "<b>Vesti</b>"), summary="")
    assert "1. Story number 1\nThe Steppe Courier · also: Kabar, <b>Vesti</b>\n" in as_seen(
        _digest([told], {KZ})
    )


def test_a_story_whose_text_is_empty_is_its_headline() -> None:
    assert "🇰🇿 Kazakhstan\n1. Story number 1\n\n💱" in as_seen(_digest([story(1, summary="")], {KZ}))


def test_summaries_are_whole_and_folded_and_the_best_stories_get_the_room() -> None:
    long = "A sentence of some length that says what happened there on that day in May. " * 5
    tags = CATALOGUE.tags[:8]
    stories = [
        story(n, countries=(tag,), summary=long, title="T" * 140, topics=()) for n, tag in enumerate(tags)
    ]
    message = _digest(stories, set(tags))
    shown = message.html.count("<blockquote expandable>")
    assert 5 <= shown <= 8
    assert message.html.count("day in May.</blockquote>") == shown
    as_seen(message)


@given(
    st.lists(articles, max_size=MOST_SHOWN),
    st.sets(st.sampled_from(CATALOGUE.tags)),
    st.sampled_from([tongue.code for tongue in TONGUES]),
)
def test_any_stories_make_a_briefing_that_telegram_takes(
    stories: list[Article], follows: set[Tag], language: str
) -> None:
    quotes = [quote("USD", code, "12345.6789", "-1.5") for code in ("KGS", "KZT", "TJS", "UZS", "TMT")]
    choice = Choice(tuple(stories), 3000, EVER)
    assert as_seen(WRITER.write(choice, quotes, follows, language, NOW))
