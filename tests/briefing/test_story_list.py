from hypothesis import given
from hypothesis import strategies as st

from bot.briefing.story_list import story_list
from bot.model import Article, Message
from tests.briefing.examples import CATALOGUE, ENGLISH, NOW, articles, as_seen, story


def _list(stories: list[Article], total: int) -> Message:
    return story_list(stories, ENGLISH, CATALOGUE, NOW, total=total, latest_data="l")


def test_two_stories_are_a_numbered_list_in_the_order_given() -> None:
    assert as_seen(_list([story(1), story(2)], 2)) == (
        "2 new stories\n\n"
        "1. 🇰🇿 Story number 1\nThe Steppe Courier · 3 hours ago\n\n"
        "2. 🇰🇿 Story number 2\nThe Steppe Courier · 3 hours ago"
    )


def test_a_short_list_needs_no_button() -> None:
    assert _list([story(1), story(2)], 2).buttons == ()


def test_above_ten_the_rest_is_counted_and_one_tap_away() -> None:
    message = _list([story(n) for n in range(33)], 33)
    seen = as_seen(message)
    assert "10. 🇰🇿 Story number 9" in seen
    assert "Story number 10" not in seen
    assert seen.endswith("…and 23 more")
    assert [[button.data for button in row] for row in message.buttons] == [["l"]]


@given(st.lists(articles, min_size=1, max_size=12), st.integers(0, 5000))
def test_any_articles_make_a_list_that_telegram_takes(stories: list[Article], more: int) -> None:
    assert as_seen(_list(stories, len(stories) + more))
