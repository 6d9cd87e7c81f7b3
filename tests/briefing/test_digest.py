import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from bot.briefing.digest import MOST_SHOWN, Choice, DigestLinks, by_tag, choose, digest
from bot.model import Article, Message, Tag
from tests.briefing.examples import CATALOGUE, ENGLISH, NOW, TONGUES, articles, as_seen, quote, story

KZ, UZ, ENERGY, SPORT = map(Tag, ("KZ", "UZ", "energy", "sport"))
LINKS = DigestLinks(
    story=lambda article_id: f"story {article_id}",
    all_of=lambda tag: f"all {tag}",
    change_time="change",
    subscribe="subscribe",
)
EVER = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)


def _digest(stories: list[Article], follows: set[Tag], total: int | None = None) -> Message:
    choice = Choice(tuple(stories), total or len(stories))
    return digest(choice, [quote("USD", "KZT", "505.05", "0.31")], follows, ENGLISH, CATALOGUE, NOW, LINKS)


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
        "1 USD = 505.05 KZT  ▲ 0.31%\n\n"
        "From The Steppe Courier"
    )


def test_each_number_opens_its_story() -> None:
    message = _digest([story(n) for n in range(6)], {KZ}, total=18)
    assert [[(b.label, b.data) for b in row] for row in message.buttons] == [
        [("1", "story a0"), ("2", "story a1"), ("3", "story a2")],
        [("4", "story a3"), ("5", "story a4"), ("6", "story a5")],
        [("All: 🇰🇿 Kazakhstan", "all KZ"), ("🕗 Change time", "change")],
    ]
    assert "…and 12 more" in as_seen(message)


def test_a_day_without_news_has_one_friendly_line_and_the_rates() -> None:
    assert as_seen(_digest([], {KZ})) == (
        "☀️ Friday, 3 April\n\nNo news from what you follow. Have a calm day!\n\n1 USD = 505.05 KZT  ▲ 0.31%"
    )


def test_who_follows_nothing_is_shown_the_way() -> None:
    message = _digest([], set())
    assert "You follow nothing yet" in as_seen(message)
    assert message.buttons[0][0].data == "subscribe"


def test_a_story_that_touches_more_of_what_is_followed_comes_first() -> None:
    old_but_mine = story(1, topics=(ENERGY,), published=NOW - dt.timedelta(hours=20))
    fresh = story(2, topics=(), published=NOW - dt.timedelta(hours=1))
    assert choose(by_tag([fresh, old_but_mine]), {KZ, ENERGY}, EVER, NOW).stories == (old_but_mine, fresh)
    assert choose(by_tag([old_but_mine, fresh]), {KZ}, EVER, NOW).stories == (fresh, old_but_mine)


def test_only_what_matches_and_is_young_is_chosen_each_story_once() -> None:
    stories = [
        story(1),
        story(1),
        story(2, countries=(UZ,), topics=()),
        story(3, published=NOW - dt.timedelta(hours=37)),
    ]
    assert [article.id for article in choose(by_tag(stories), {KZ}, EVER, NOW).stories] == ["a1"]
    assert choose(by_tag(stories), {KZ}, NOW - dt.timedelta(hours=2), NOW).total == 0


def test_three_thousand_stories_over_night_are_eight_and_a_number() -> None:
    choice = choose(by_tag(story(n) for n in range(3000)), {KZ}, EVER, NOW)
    assert (len(choice.stories), choice.total) == (MOST_SHOWN, 3000)


@given(
    st.lists(articles, max_size=MOST_SHOWN),
    st.sets(st.sampled_from(CATALOGUE.tags)),
    st.sampled_from([tongue.code for tongue in TONGUES]),
)
def test_any_stories_make_a_briefing_that_telegram_takes(
    stories: list[Article], follows: set[Tag], language: str
) -> None:
    quotes = [quote("USD", code, "12345.6789", "-1.5") for code in ("KGS", "KZT", "TJS", "UZS", "TMT")]
    choice = Choice(tuple(stories), 3000)
    assert as_seen(digest(choice, quotes, follows, TONGUES[language], CATALOGUE, NOW, LINKS))
