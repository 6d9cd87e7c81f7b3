"""The message of a rate alert: what moved, how far, and which wish of the reader it answers. And the list of wishes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.briefing import html
from bot.briefing.html import Html
from bot.briefing.rate_alerts import PRICED_IN_DOLLARS, DueAlert, usual_rate
from bot.briefing.rates_table import change_words, credit_lines, currency_flag, presentable
from bot.catalogue import Catalogue
from bot.language import Tongue, capitalised
from bot.model import Message, RateAlert, RateRule, Side
from bot.rate_choice import USD, foreign


def alert_card(
    alerts: Sequence[DueAlert], tongue: Tongue, catalogue: Catalogue, credits: Iterable[str] = ()
) -> Message:
    """Word alerts, the oldest first; those that do not fit one message leave a mark.

    ``credits`` are texts that their sources ask for.
    """
    blocks = [_block(alert, tongue, catalogue) for alert in alerts]
    thanks = credit_lines(text for text in dict.fromkeys(credits) if text)

    def assemble(shown: Iterable[Html], _: int) -> Html:
        return html.joined("\n\n", (*shown, thanks))

    return Message(html.fitting(blocks, assemble))


def rule_words(rule: RateRule, tongue: Tongue) -> str:
    """Say when a rule is met: "KZT: 1% within a day", "KZT: above 510"."""
    _ = tongue.gettext
    if isinstance(rule, RateAlert):
        phrase, value = (
            _("{code}: {value} or more within a day"),
            tongue.percent(rule.percent.normalize() + 0),
        )
    elif rule.side is Side.ABOVE:
        phrase, value = _("{code}: above {value}"), tongue.number(presentable(rule.level))
    else:
        phrase, value = _("{code}: below {value}"), tongue.number(presentable(rule.level))
    return phrase.format(code=rule.currency, value=value)


def _block(alert: DueAlert, tongue: Tongue, catalogue: Catalogue) -> Html:
    quote = alert.new
    code = foreign(quote)
    name = capitalised(catalogue.currency_name(code, tongue.code))
    heading = " ".join(part for part in ("🔔", currency_flag(code, catalogue)) if part)
    origin = f"{html.one_line(quote.source)} · {tongue.date(quote.as_of)}"
    lines = (
        html.joined(" ", (html.text(heading), html.bold(html.text(name)))),
        html.code(_rate(alert, code, tongue)),
        html.text(rule_words(alert.rule, tongue)),
        html.italic(html.text(origin)),
    )
    return html.joined("\n", lines)


def _rate(alert: DueAlert, code: str, tongue: Tongue) -> str:
    rate = usual_rate(alert.new, code) or alert.new.value
    base, against = (code, USD) if code in PRICED_IN_DOLLARS else (USD, code)
    line = f"1 {base} = {tongue.number(presentable(rate))} {against}"
    return f"{line}  {change_words(alert.change_percent, tongue)}".rstrip()
