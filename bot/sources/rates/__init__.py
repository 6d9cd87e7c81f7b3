"""How each bank writes its rates: one small module per format, all of one shape, listed here.

A format is a pure function: the bytes of a page and what is known about it → the quotes on it. It raises
FormatError when the page is not what it should be. A new bank is a module with a ``read`` function, and a
line below.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from bot.model import Quote
from bot.sources.rates import cbr, cbt, cbu, ecb, er_api, nbk, nbkr, nbt, ticker
from bot.sources.rates.page import RatesPage

RatesFormat = Callable[[bytes, RatesPage], list[Quote]]

RATES_FORMATS: Mapping[str, RatesFormat] = MappingProxyType(
    {
        "nbk": nbk.read,
        "nbkr": nbkr.read,
        "cbu": cbu.read,
        "nbt": nbt.read,
        "cbt": cbt.read,
        "cbr": cbr.read,
        "ecb": ecb.read,
        "er-api": er_api.read,
        "ticker": ticker.read,
    }
)
