import datetime as dt
import math

from hypothesis import given
from hypothesis import strategies as st

from bot.briefing.edition import HALVED_AFTER_S, MOST_SHOWN, PER_SOURCE, PER_TOUCH, Edition
from bot.model import Article, Tag
from tests.briefing.examples import NOW, story

KZ, UZ, ENERGY, SPORT = TAGS = tuple(map(Tag, ("KZ", "UZ", "energy", "sport")))
EVER = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


def _best(stories: list[Article], follows: set[Tag]) -> str:
    return " ".join(article.id for article in Edition(stories).choose(follows, EVER, NOW).stories)


def test_the_fresher_the_better() -> None:
    assert _best([story(1, published=NOW - HOUR), story(2)], {KZ}) == "a1 a2"


def test_what_touches_more_of_what_is_followed_is_worth_seven_hours() -> None:
    fresh = story(1, topics=(), published=NOW - HOUR)
    assert _best([fresh, story(2, published=NOW - 7 * HOUR)], {KZ, ENERGY}) == "a2 a1"
    assert _best([fresh, story(2, published=NOW - 9 * HOUR)], {KZ, ENERGY}) == "a1 a2"
    assert _best([fresh, story(2, published=NOW - 7 * HOUR)], {KZ}) == "a1 a2"


def test_what_a_second_source_tells_is_worth_as_much() -> None:
    fresh = story(1, published=NOW - HOUR)
    told_twice = story(2, published=NOW - 7 * HOUR, sources=("Kabar",))
    assert _best([fresh, told_twice], {KZ}) == "a2 a1"
    alone = story(3, published=NOW - 7 * HOUR, sources=("The Steppe Courier",))
    assert _best([fresh, alone], {KZ}) == "a1 a3"


def test_only_what_matches_and_is_new_is_chosen_each_story_once() -> None:
    stories = [story(1), story(1), story(2, countries=(UZ,), topics=())]
    assert _best(stories, {KZ, ENERGY}) == "a1"
    assert Edition(stories).choose({KZ}, NOW - 2 * HOUR, NOW).total == 0
    assert Edition(stories).choose((), EVER, NOW).total == 0


def test_three_thousand_stories_over_night_are_eight_and_a_number() -> None:
    choice = Edition(story(n) for n in range(3000)).choose({KZ}, EVER, NOW)
    assert (len(choice.stories), choice.total) == (MOST_SHOWN, 3000)


_stories = st.lists(
    st.builds(
        lambda number, tags, minutes, sources: story(
            number, countries=tags, topics=(), published=NOW - minutes * HOUR / 60, sources=sources
        ),
        st.integers(0, 10_000),
        st.lists(st.sampled_from(TAGS), unique=True).map(tuple),
        st.integers(0, 3000),
        st.lists(st.sampled_from(("Kabar", "Vesti", "The Steppe Courier"))).map(tuple),
    ),
    unique_by=lambda article: article.id,
    max_size=200,
)


@given(_stories, st.sets(st.sampled_from(TAGS)), st.integers(0, 3000), st.integers(0, 3000))
def test_it_is_the_choice_of_who_looks_at_every_story(
    stories: list[Article], follows: set[Tag], first: int, last: int
) -> None:
    since, until = NOW - first * HOUR / 60, NOW - last * HOUR / 60

    def worth(article: Article) -> float:
        others = len(set(article.sources) - {article.source})
        touches = len(follows & set(article.tags))
        fresh = article.published.timestamp() / HALVED_AFTER_S
        return fresh + math.log2(1 + PER_SOURCE * others) + math.log2(1 + PER_TOUCH * (touches - 1))

    matching = [each for each in stories if follows & set(each.tags) and since < each.published <= until]
    expected = sorted(map(worth, matching), reverse=True)[:MOST_SHOWN]
    choice = Edition(stories).choose(follows, since, until)
    assert choice.total == len(matching)
    assert [round(worth(article), 6) for article in choice.stories] == [round(each, 6) for each in expected]
