"""What a story is about, and what it only mentions. All events are invented."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.score import tagging_figures
from bot.catalogue import load_catalogue
from bot.tagging import Tagger
from tests.shared_data import require_shared_data

_TAGGER = Tagger(load_catalogue())


@pytest.fixture
def tagger() -> Tagger:
    return _TAGGER


@pytest.mark.parametrize(
    ("title", "text", "countries"),
    [
        ("Kazakhstan’s Wheat Harvest Beats Forecast", "Farmers brought in a record crop.", {"KZ"}),
        ("Akorda Names a New Envoy", "The president’s office gave no reason.", {"KZ"}),
        ("Water Rises Behind Rogun", "Engineers opened a second gate on Sunday.", {"TJ"}),
        ("New Hall for Samarkand’s Puppet Theater", "The troupe had played in a tent since 2019.", {"UZ"}),
        ("Tokayev and Japarov Open a Bridge", "It spans the Chu river.", {"KZ", "KG"}),
        ("Somoni Steady Before the Holiday", "Exchange offices in Dushanbe saw no queues.", {"TJ"}),
        ("Наводнение в Атырау: дамба выдержала", "Уровень воды упал на полметра.", {"KZ"}),
        ("Ўзбекистонда янги поезд қатнови очилди", "Поезд ҳар куни қатнайди.", {"UZ"}),
    ],
)
def test_a_story_is_about_whom_its_title_names_by_any_name(
    tagger: Tagger, title: str, text: str, countries: set[str]
) -> None:
    assert set(tagger.tag(title, text).countries) == countries


@pytest.mark.parametrize(
    ("title", "text", "not_about"),
    [
        ("Dam Repaired in Khatlon", "TASHKENT (TCA) — Workers in Tajikistan closed the leak.", "UZ"),
        ("Bread Gets Dearer in Bishkek", "Bakers raised prices. Flour comes mostly from Kazakhstan.", "KZ"),
        ("A Carpet Sold in Boston", "It is a Bukhara carpet. Collectors from Ohio bid by phone.", "UZ"),
        ("Radio in Faryab Falls Silent", "Listeners in northern Afghanistan speak Uzbek at home.", "UZ"),
        (
            "Surgeon Honored in Chicago",
            "The American team won a prize. She was born in Osh, Kyrgyzstan.",
            "KG",
        ),
        (
            "Mary Wins in Almaty",
            "Mary Jones, a teacher from Leeds, finished first in Kazakhstan’s marathon.",
            "TM",
        ),
        (
            "Kyrgyz Growth Slows",
            "Output rose by 4%. Behind it are Uzbekistan, Tajikistan and Mongolia.",
            "MN",
        ),
        (
            "Kazakh Wrestler Wins Gold in Baku",
            "Daulet Omarov of Kazakhstan beat an Iranian in the final in Baku on Sunday.",
            "AZ",
        ),
        ("Rahmon and Japarov Sign Border Protocol in Tashkent", "It was their third meeting.", "UZ"),
        (
            "Chinese-Made Buses Arrive in Bishkek",
            "Buses from China will serve the outskirts of Bishkek.",
            "CN",
        ),
        ("Flood Cuts Road Near Kushka", "It follows the border with Afghanistan in Turkmenistan.", "AF"),
        ("Kazakhs in Bayan-Ölgii Build a School", "Parents collected money.", "KZ"),
        (
            "Students in Ashgabat Told to Return",
            "Turkmen students at universities in Turkey, Russia and Belarus must come.",
            "RU",
        ),
    ],
)
def test_a_mere_mention_is_not_what_a_story_is_about(
    tagger: Tagger, title: str, text: str, not_about: str
) -> None:
    countries = tagger.tag(title, text).countries
    assert countries
    assert not_about not in countries


@pytest.mark.parametrize(
    ("title", "text", "countries"),
    [
        (
            "Turkey Farmers Want a Duty",
            "Every turkey eaten in Kostanay is frozen. Turkey meat is cheap.",
            {"KZ"},
        ),
        ("Stamps: Tashkent, Not Boston", "A mill in Tashkent got a letter. It was for Boston.", {"UZ"}),
        ("Keeper Born in Tokmok Stays in Omsk", "The club paid. He left Tokmok as a child.", {"RU"}),
        ("Chess Prize for a Student", "Denis Karimov of Aktau won. Karimov is twelve.", {"KZ"}),
        ("Robots in Oakmont, CA", "They bring soup.", {"US"}),
        ("Уйғыш таңға дейін ашық", "Орал қаласында жаңа дүкен ашылды.", {"KZ"}),
        ("Bozor yopildi", "Doʻkondagi bir somsa 9 ming soʻm turadi.", {"UZ"}),
    ],
)
def test_a_word_that_is_also_something_else_is_told_by_what_stands_around(
    tagger: Tagger, title: str, text: str, countries: set[str]
) -> None:
    assert set(tagger.tag(title, text).countries) == countries


def test_some_and_something_are_no_money(tagger: Tagger) -> None:
    assert tagger.tag("Lisbon Repaves a Square", "Some said that something was missing.").countries == ()


FIVE = ("KZ", "KG", "TJ", "TM", "UZ")


@pytest.mark.parametrize(
    ("title", "text", "countries"),
    [
        ("Central Asia Agrees on Plugs", "Experts from all five states met for a day.", {*FIVE}),
        ("Beijing Courts Central Asia", "China’s premier received five ministers.", {*FIVE, "CN"}),
        ("Kyrgyzstan Opens Ski Lift", "It is Central Asia’s longest.", {"KG"}),
        ("Robotics at the American University of Central Asia", "Students in Bishkek built an arm.", {"KG"}),
        ("Kazakhstan and Uzbekistan Share Data", "Others in Central Asia may follow.", {"KZ", "UZ"}),
    ],
)
def test_the_region_means_all_five_where_it_is_the_subject(
    tagger: Tagger, title: str, text: str, countries: set[str]
) -> None:
    assert set(tagger.tag(title, text).countries) == countries


def test_the_main_actor_comes_first(tagger: Tagger) -> None:
    tags = tagger.tag(
        "Tashkent Lends Kabul Two Turbines", "Uzbekistan will deliver them to Afghanistan in May."
    )
    assert tags.countries == ("UZ", "AF")


def test_the_manat_belongs_to_the_country_that_the_story_names(tagger: Tagger) -> None:
    assert tagger.tag("Manat Holds", "The central bank in Baku sees no reason to act.").countries == ("AZ",)
    assert tagger.tag("Manat Holds", "Traders in Ashgabat disagree.").countries == ("TM",)


def test_the_newspapers_section_decides_only_where_the_text_says_nothing(tagger: Tagger) -> None:
    assert tagger.tag("A Bridge Reopens", "Drivers were glad.", ["Kyrgyzstan"]).countries == ("KG",)
    assert tagger.tag("A Bridge Reopens in Pavlodar", "Kazakhstan paid.", ["Kyrgyzstan"]).countries == ("KZ",)


def test_a_story_from_elsewhere_is_about_none_of_ours(tagger: Tagger) -> None:
    assert tagger.tag("Lisbon Repaves a Square", "Portugal’s capital used old stones.").countries == ()


@pytest.mark.parametrize(
    ("title", "text", "topic"),
    [
        ("Parliament Passes Bill on Mayors", "Deputies voted late.", "politics"),
        ("Inflation Eases as Central Bank Holds Rate", "Food prices fell.", "economy"),
        ("Gas Pipeline Repaired", "Power plants get fuel again.", "energy"),
        ("Border Guards Seize Heroin", "Two smugglers were detained.", "security"),
        ("Schools Get New Teachers", "Pupils return in September.", "society"),
        ("Museum Shows Lost Paintings", "The exhibition opens with a concert.", "culture"),
        ("Glacier Loses Ten Meters", "Hydrologists blame the climate.", "environment"),
        ("Railway Tunnel Opens", "Trains save two hours.", "transport"),
        ("Satellite Launched", "Engineers test its software.", "technology"),
        ("Boxer Wins Gold Medal", "The champion beat two rivals.", "sport"),
        ("Hospital Performs First Transplant", "Surgeons trained for a year.", "health"),
        ("Foreign Ministers Sign Treaty", "Ambassadors attended the summit.", "diplomacy"),
        ("В больнице открыли новое отделение", "Врачи приняли первых пациентов.", "health"),
        ("Теміржол бойында жаңа бекет", "Пойыздар енді тоқтайды.", "transport"),
    ],
)
def test_the_main_topic_is_found(tagger: Tagger, title: str, text: str, topic: str) -> None:
    assert tagger.tag(title, text).topics[0] == topic


def test_a_longer_name_does_not_hide_what_its_words_say(tagger: Tagger) -> None:
    tags = tagger.tag("Tashkent Metro Closes Early", "The last one leaves at eleven.")
    assert (tags.countries, tags.topics) == (("UZ",), ("transport",))


def test_at_most_three_topics_are_given(tagger: Tagger) -> None:
    text = "Parliament, inflation, gas, army, schools, museum, glacier, railway, football, hospital, embassy."
    assert 1 <= len(tagger.tag("Everything at Once", text).topics) <= 3


@given(st.text(max_size=300), st.text(max_size=1500))
@settings(max_examples=100, deadline=None)
def test_any_text_is_tagged_with_known_codes_only(title: str, text: str) -> None:
    tags = _TAGGER.tag(title, text)
    assert set(tags.countries) | set(tags.topics) <= set(load_catalogue().tags)


def test_the_gold_stories_are_tagged_as_well_as_promised(tagger: Tagger) -> None:
    figures = tagging_figures(require_shared_data() / "gold", tagger)
    assert figures["countries_f1"] >= 0.97
    assert figures["mentioned_tagged"] <= 0.03
    assert figures["topics_f1"] >= 0.82
