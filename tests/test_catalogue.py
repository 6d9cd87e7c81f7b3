"""What people type for a country, a topic or a currency, and what the program calls them."""

import pytest

from bot.catalogue import LANGUAGES, Catalogue, load_catalogue
from bot.settings import LANGUAGES as SPOKEN


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


def test_there_are_thirteen_countries_five_of_them_core_and_twelve_topics(catalogue: Catalogue) -> None:
    assert [c.code for c in catalogue.countries if c.core] == ["KZ", "KG", "TJ", "TM", "UZ"]
    assert [c.code for c in catalogue.countries if not c.core] == [
        "AF",
        "AZ",
        "CN",
        "IR",
        "MN",
        "RU",
        "TR",
        "US",
    ]
    topics = "politics economy energy security society culture environment transport technology sport health"
    assert " ".join(topic.code for topic in catalogue.topics) == f"{topics} diplomacy"
    assert [c.code for c in catalogue.currencies if c.core] == ["KGS", "KZT", "TJS", "UZS", "TMT"]


def test_the_catalogue_speaks_the_languages_of_the_settings() -> None:
    assert LANGUAGES == SPOKEN


@pytest.mark.parametrize(
    ("typed", "tag"),
    [
        ("KZ", "KZ"),
        ("kz", "KZ"),
        ("Kazakhstan", "KZ"),
        ("қазақстан", "KZ"),
        ("КАЗАХСТАН", "KZ"),
        ("🇰🇿", "KZ"),
        ("Oʻzbekiston", "UZ"),
        ("O'zbekiston", "UZ"),
        ("ozbekiston", "UZ"),
        ("Türkmenistan", "TM"),
        ("Киргизия", "KG"),
        ("Кыргызстан", "KG"),
        ("turkey", "TR"),
        ("Türkiye", "TR"),
        ("u.s.", "US"),
        ("  united   states ", "US"),
        ("ENERGY", "energy"),
        ("энергетика", "energy"),
        ("⚡️", "energy"),
        ("тандурустӣ", "health"),
    ],
)
def test_a_tag_is_found_by_code_name_flag_in_any_case(catalogue: Catalogue, typed: str, tag: str) -> None:
    assert catalogue.find_tag(typed) == tag


@pytest.mark.parametrize("typed", ["", "   ", "Atlantis", "🍉", "kazakhstan energy", "<b>", "x" * 5000])
def test_what_names_nothing_is_none(catalogue: Catalogue, typed: str) -> None:
    assert catalogue.find_tag(typed) is None


def test_every_name_in_every_language_leads_back_to_its_tag(catalogue: Catalogue) -> None:
    for tag in catalogue.tags:
        for language in LANGUAGES:
            assert catalogue.find_tag(catalogue.name(tag, language)) == tag


@pytest.mark.parametrize(("typed", "meant"), [("kazahstan", "KZ"), ("uzbekstan", "UZ"), ("enegry", "energy")])
def test_a_small_typing_error_brings_a_suggestion(catalogue: Catalogue, typed: str, meant: str) -> None:
    assert catalogue.find_tag(typed) is None
    assert catalogue.suggest(typed) == meant


def test_nonsense_brings_no_suggestion(catalogue: Catalogue) -> None:
    assert catalogue.suggest("qqqqqq") is None


def test_a_line_is_read_word_by_word_longest_names_first(catalogue: Catalogue) -> None:
    reading = catalogue.read("kazakhstan, united states energy 🇺🇿🇰🇬 blah kz")
    assert reading.found == ("KZ", "US", "energy", "UZ", "KG")
    assert reading.unknown == ("blah",)


def test_central_asia_means_the_five(catalogue: Catalogue) -> None:
    assert catalogue.read("Central Asia").found == catalogue.region == ("KZ", "KG", "TJ", "TM", "UZ")
    assert catalogue.read("центральная азия").found == catalogue.region


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("usd", "USD"),
        ("$", "USD"),
        ("tenge", "KZT"),
        ("ТЕНГЕ", "KZT"),
        ("сум", "UZS"),
        ("som", "KGS"),
        ("€", "EUR"),
    ],
)
def test_a_currency_is_found_by_code_sign_and_name(catalogue: Catalogue, typed: str, code: str) -> None:
    assert catalogue.find_currency(typed) == code


def test_names_come_from_cldr_in_the_language_of_the_reader(catalogue: Catalogue) -> None:
    assert catalogue.name("KZ", "en") == "Kazakhstan"
    assert catalogue.name("KZ", "tk") == "Gazagystan"
    assert catalogue.name("energy", "ru") == "Энергетика"
    assert catalogue.currency_name("KZT", "en") == "Kazakhstani Tenge"
    assert catalogue.flag("KZ") == "🇰🇿"
    assert catalogue.flag("sport") == "🏅"
    assert catalogue.flag("nothing") == ""
    assert catalogue.is_country("KZ")
    assert not catalogue.is_country("sport")
