"""Words that tell no event from another, and the shortening of the others to what their forms share."""

from __future__ import annotations

from functools import lru_cache


def words(text: str) -> frozenset[str]:
    """A set of words, written as a line."""
    return frozenset(text.split())


COMMON = words(
    "a an the of in on at by for to from with and or but as is are was were be been will would has have "
    "had it its that this than then up down out into over per every all any no not he she they his her "
    "their who which what when where after before until since about more most less some said say says "
    "told tell year years month months week weeks day days last next new first one two three four five "
    "six seven eight nine ten also can may must should could between under against during while because "
    "through only other another there here monday tuesday wednesday thursday friday saturday sunday "
    "january february march april may june july august september october november december minister "
    "ministry president government official officials country region state national people million "
    "billion thousand hundred dollar dollars percent according update source opinion brief interview и в "
    "на с по из за к у о об от до для не что как это его её их был была были будет также после перед при "
    "или а но"
)
"""What every story says."""

KNOWN_NAMES = words(
    "kazakhstan kazakh kazakhs kyrgyzstan kyrgyz tajikistan tajik tajiks turkmenistan turkmen uzbekistan "
    "uzbek uzbeks afghanistan afghan azerbaijan azerbaijani china chinese russia russian mongolia "
    "mongolian iran iranian turkey turkish america american united states asia asian central europe "
    "european eurasian astana almaty bishkek dushanbe ashgabat tashkent moscow beijing tokayev japarov "
    "rahmon mirziyoyev berdimuhamedov putin caspian ministry national international bank committee agency "
    "academy sciences stock exchange corporation company forum union cup captain council court city "
    "regional emergency situations development finance energy transport health news wire agency post "
    "courier times daily weekly road street north south east west northern southern eastern western our "
    "his her one let here there every"
)
"""Capitalized words that stories of one week share whatever they are about; what countries are meant, the tags say."""

FAMILIAR_NAMES = words(
    "aktau aktobe atyrau karaganda kostanay pavlodar semey shymkent taraz turkistan kyzylorda mangystau osh jalal abad "
    "batken naryn talas issyk kul karakol khujand sughd khatlon kulob bokhtar khorog badakhshan mary lebap dashoguz "
    "turkmenbashi balkan samarkand bukhara khiva fergana andijan namangan navoi nukus termez khorezm karakalpakstan "
    "kabul herat kunduz balkh mazar sharif kandahar taliban baku alat karabakh tehran mashhad ulaanbaatar ankara "
    "istanbul xinjiang urumqi kashgar shanghai hong kong petersburg orenburg siberia kazan washington york london "
    "paris berlin brussels geneva vienna dubai doha delhi islamabad pakistan pakistani india indian georgia georgian "
    "tbilisi armenia yerevan ukraine ukrainian kyiv belarus minsk germany german france french britain british italy "
    "japan japanese korea korean seoul tokyo qatar emirates saudi israel canada poland hungary airport university "
    "institute academy museum theater lake river mountain canal port valley province district sea gulf "
    "kazmunaygas samruk kazyna kazatomprom kegoc kashagan tengiz karachaganak kuryk khorgos ekibastuz kumtor "
    "toktogul kambarata rogun nurek turkmengaz galkynysh tapi uzbekneftegaz socar gazprom rosatom lukoil rosneft "
    "cnpc sinopec huawei boeing chevron total eni shell masdar acwa erdogan aliyev trump pezeshkian park street "
    "square bazaar"
)
"""Names that many stories of one week share: of two that name the same big city few tell the same event."""

_ENDINGS = ("'s", "ing", "ies", "ed", "es", "s", "y", "e")
_ENDINGS_RUSSIAN = (
    "ами", "ями", "ого", "его", "ому", "ему", "ыми", "ими", "ах", "ях", "ов", "ев", "ой", "ей", "ом", "ем", "ам", "ям",
    "ый", "ий", "ая", "ые", "ие", "ую", "а", "я", "у", "ю", "ы", "и", "е", "о", "ь",
)  # fmt: skip
_SHORTEST_STEM = 4


@lru_cache(maxsize=8192)  # the same few thousand words make up most of what is read
def stem(word: str) -> str:
    """What the forms of a word share, roughly: "flights" and "flight", "миллиона" and "миллион"."""
    for ending in _ENDINGS if word.isascii() else _ENDINGS_RUSSIAN:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            return word[: -len(ending)]
    return word
