"""Small pages in the manner of each bank, written here: the tests mean the same on any machine."""

from datetime import date

from bot.sources.rates.page import RatesPage

TODAY = date(2026, 3, 12)


def page(requested: date | None = None) -> RatesPage:
    return RatesPage("A bank", None, TODAY, requested)


NBK = """<?xml version="1.0" encoding="utf-8"?>
<rates><title>Курсы</title><date>11.03.2026</date>
<item><fullname>ДОЛЛАР США</fullname><title>USD</title><description>500.5</description><quant>1</quant>
<index>UP</index><change>+0.50</change></item>
<item><fullname>АРМЯНСКИЙ ДРАМ</fullname><title>AMD</title><description>12.7</description><quant>10</quant>
<index></index><change>0.00</change></item>
</rates>""".encode()

NBKR = """<?xml version="1.0" encoding="windows-1251" ?>
<CurrencyRates Name="Курсы" Date="13.03.2026">
<Currency ISOCode="USD"><Nominal>1</Nominal><Value>87,4500</Value></Currency>
<Currency ISOCode="JPY"><Nominal>10</Nominal><ValidFor>7</ValidFor><Value>5,5000</Value></Currency>
</CurrencyRates>""".encode("windows-1251")

NBKR_HISTORY = b"""<html><table>
<tr><td><!--date-->11.03.2026<!--date--></td><td><!--value-->87,1000<!--value--></td></tr>
<tr><td><!--date-->10.03.2026<!--date--></td><td><!--value-->87,0000<!--value--></td></tr>
</table></html>"""

CBU = b"""[{"Ccy":"USD","Nominal":"1","Rate":"12200.00","Diff":"-100","Date":"11.03.2026"},
{"Ccy":"IDR","Nominal":"10","Rate":"7.2","Diff":"0","Date":"11.03.2026"}]"""

NBT = b"""<?xml version="1.0" encoding="utf-8" ?>
<ValCurs Date="2026-03-11">
<Valute ID="840"><CharCode>USD</CharCode><Nominal>1</Nominal><Value>9.34</Value></Valute>
<Valute ID="364"><CharCode>IRR</CharCode><Nominal>1000</Nominal><Value>0.0071</Value></Valute></ValCurs>"""

CBT = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<cbt_currency_rate><date>11.03.2026</date>
<rate code="USD"><name>ABŞ-NYŇ DOLLARY</name><rate_usd>1</rate_usd>
<multiplier>1</multiplier><rate_tmt>3.5</rate_tmt></rate>
<rate code="RUB"><name>RUS RUBLY</name><rate_usd>70</rate_usd>
<multiplier>100</multiplier><rate_tmt>5</rate_tmt></rate>
</cbt_currency_rate>""".replace("\n", "\r\n").encode()

CBR = """<?xml version="1.0" encoding="windows-1251"?><ValCurs Date="11.03.2026" name="Рынок">
<Valute ID="R01235"><CharCode>USD</CharCode><Nominal>1</Nominal>
<Name>Доллар США</Name><Value>80,5000</Value></Valute>
<Valute ID="R01717"><CharCode>UZS</CharCode><Nominal>10000</Nominal>
<Name>Сумов</Name><Value>66,0000</Value></Valute>
</ValCurs>""".encode("windows-1251")

CBR_HISTORY = b"""<?xml version="1.0" encoding="windows-1251"?>
<ValCurs ID="R01335" DateRange1="09.03.2026" DateRange2="11.03.2026">
<Record Date="10.03.2026" Id="R01335"><Nominal>100</Nominal><Value>16,1000</Value></Record>
<Record Date="11.03.2026" Id="R01335"><Nominal>1000</Nominal><Value>161,5000</Value></Record></ValCurs>"""

ECB = b"""<?xml version="1.0" encoding="UTF-8"?>
<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01"
 xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">
<Cube><Cube time='2026-03-11'><Cube currency='USD' rate='1.1'/><Cube currency='JPY' rate='160.50'/></Cube>
<Cube time='2026-03-10'><Cube currency='USD' rate='1.2'/></Cube></Cube></gesmes:Envelope>"""

ECB_CSV = b"""KEY,FREQ,CURRENCY,CURRENCY_DENOM,TIME_PERIOD,OBS_VALUE,TITLE
EXR.D.USD.EUR.SP00.A,D,USD,EUR,2026-03-10,1.2,"US dollar, daily"
EXR.D.USD.EUR.SP00.A,D,USD,EUR,2026-03-11,,"a holiday"
EXR.D.JPY.EUR.SP00.A,D,JPY,EUR,2026-03-11,160.5,"yen"
"""

FRANKFURTER = b"""[{"date":"2026-03-10","base":"EUR","quote":"USD","rate":1.2},
{"date":"2026-03-11","base":"EUR","quote":"JPY","rate":160.50}]"""

ER_API = b"""{"result":"success","time_last_update_unix":1773187351,"base_code":"USD",
"rates":{"USD":1,"KZT":500.25,"EUR":0.9,"XAU":2.5e-04}}"""

ER_API_REFUSAL = b'{"result":"error","error-type":"unsupported-code"}'

FIREWALL = b"""<!DOCTYPE html><html><head><title>Request Rejected</title></head>
<body>The requested URL was rejected.<br>Your support ID is 7<br></body></html>"""

ENTITY_BOMB = b"""<?xml version="1.0"?><!DOCTYPE rates [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY passwd SYSTEM "file:///etc/passwd">]>
<rates><date>11.03.2026</date><item><title>USD</title><description>&c;&passwd;</description></item></rates>"""

TICKER = b"""11 March 2026

KGS/USD = 0.01144 -0%
KZT/USD = 0.00198 -0.31%
KGS/USD = 0.01144 -0%
"""

TICKER_HTML = b"""<!DOCTYPE html><html><body><p>Wednesday, 11 March 2026</p>
<ul class="ticker"><li>KZT/USD = 0,00198 +0.31%</li><li>UZS/USD: 0.0000829</li></ul>
<article><h2><a href="/1">A road</a></h2><time>3 March 2026</time></article></body></html>"""

PAGES = {
    "nbk": (NBK,),
    "nbkr": (NBKR, NBKR_HISTORY),
    "cbu": (CBU,),
    "nbt": (NBT,),
    "cbt": (CBT,),
    "cbr": (CBR, CBR_HISTORY),
    "ecb": (ECB, ECB_CSV, FRANKFURTER),
    "er-api": (ER_API,),
    "ticker": (TICKER, TICKER_HTML),
}
