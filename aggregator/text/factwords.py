"""Words that make a number a date, a sum or a share, in nine languages, and which language small words tell of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from aggregator.text.language import SMALL
from aggregator.text.months import MONTHS
from aggregator.text.numberwords import LANGUAGES, cardinals, ordinals, scales, word_set

# As in text/months, for the languages that it has not; short forms only where they are no other word.
_MORE_MONTHS = {
    "es": """enero/ene febrero/feb marzo abril/abr mayo junio/jun julio/jul agosto/ago septiembre/setiembre/sept
        octubre/oct noviembre/nov diciembre/dic""",
    "it": """gennaio/gen febbraio/feb marzo aprile maggio/mag giugno/giu luglio/lug agosto/ago settembre/sett
        ottobre/ott novembre/nov dicembre/dic""",
    "nl": """januari/jan februari/feb maart/mrt april/apr mei juni/jun juli/jul augustus/aug september/sep
        oktober/okt november/nov december/dec""",
    "pl": """stycznia/styczeń/styczniu lutego/luty/lutym marca/marzec/marcu kwietnia/kwiecień/kwietniu maja/maj/maju
        czerwca/czerwiec/czerwcu
        lipca/lipiec/lipcu sierpnia/sierpień/sierpniu września/wrzesień/wrześniu października/październik/październiku
        listopada/listopad/listopadzie grudnia/grudzień/grudniu""",
}
_NO_MONTHS = word_set("лист сер тра ver mar")  # short forms that are words: sheet, gray, …
# Monday to Sunday. "Среда" is also surroundings, "domingo" also a name: those ask for more than the word (see facts).
_WEEKDAYS = {
    "en": """monday/mondays tuesday/tuesdays wednesday/wednesdays thursday/thursdays friday/fridays saturday/saturdays
        sunday/sundays""",
    "fr": "lundi mardi mercredi jeudi vendredi samedi dimanche",
    "de": """montag/montags dienstag/dienstags mittwoch/mittwochs donnerstag/donnerstags freitag/freitags
        samstag/sonnabend/samstags sonntag/sonntags""",
    "es": "lunes martes miércoles jueves viernes sábado/sábados domingo/domingos",
    "it": "lunedì martedì mercoledì giovedì venerdì sabato domenica",
    "nl": "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag",
    "pl": """poniedziałek/poniedziałku/poniedziałkiem wtorek/wtorku/wtorkiem środa/środę/środy/środzie
        czwartek/czwartku/czwartkiem
        piątek/piątku/piątkiem sobota/sobotę/soboty/sobocie niedziela/niedzielę/niedzieli""",
    "ru": """понедельник/понедельника/понедельнику вторник/вторника/вторнику среду четверг/четверга/четвергу
        пятница/пятницу/пятницы/пятнице
        суббота/субботу/субботы/субботе воскресенье/воскресенья/воскресенью""",
    "uk": """понеділок/понеділка вівторок/вівторка середа/середу/середи четвер/четверга пʼятниця/пʼятницю/пʼятниці
        субота/суботу/суботи
        неділя/неділю/неділі""",
}
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_CURRENCIES = {
    "EUR": "eur euro euros евро євро",
    "USD": """usd dollar dollars dólar dólares dollari dollaro dolar dolary dolarów dolara доллар доллара долларов
        доллары долларам долларах """
    "долларами долл долар долара доларів долари доларам доларах дол",
    "GBP": "gbp sterling",
    "RUB": """rub rur rouble roubles ruble rubles rubel rublos rublo rubli roebel ruble rubli рубль рубля рублей рубли
        рублям рублях руб""",
    "UAH": """uah hryvnia hryvnias hryvnya hryven hryvni hrywnja hrivna гривна гривны гривен гривень гривня гривні
        гривнях грн""",
    "PLN": "pln zł zloty zlotys zlotych złoty złote złotych злотых злотих",
    "CHF": "chf",
    "JPY": "jpy yen yens иен єн ієн",
    "CNY": "cny rmb yuan yuans renminbi юань юаня юаней юанів",
    "INR": "inr rupee rupees roupies rupien рупий рупій",
    "SEK": "sek",
    "NOK": "nok",
    "DKK": "dkk",
    "CZK": "czk",
    "TRY": "try",
    "CAD": "cad",
    "AUD": "aud",
    "BYN": "byn",
    "KZT": "kzt tenge тенге",
}
CODES_ONLY = word_set("try nok inr rub")  # as words of other languages they are written small
_PERCENT = """
    percent percents pct prozent prozentpunkte prozentpunkten procent procentów procenta procenty процент процента
    процентов проценты
    процентам процентах процентами proc відсоток відсотка відсотків відсотки відсоткам відсотках
"""
# Two words: "per cent", "pour cent", "por ciento", "per cento".
PERCENT_PAIRS = frozenset({("per", "cent"), ("pour", "cent"), ("por", "ciento"), ("per", "cento")})
# Words of four more languages, in the manner of text/language.
_MORE_SMALL = {
    "es": "el la los las de del y en que por con para una un es se su al lo como más ha fue sus este esta también",
    "it": "il la lo gli le di del della e in che per con una un è si dei delle nel alla al ha sono anche più dal dalla",
    "nl": "de het een van en in te dat op voor met zijn is die aan niet ook door bij naar werd heeft uit wordt om",
    "pl": "i w z na do że się nie jest o oraz przez dla od po za jak który która które są ze było także został",
}
MOST_GUESSED = 400  # words of the beginning


class Meaning(NamedTuple):  # some hundred are made for a language: a frozen dataclass takes three times as long
    """What a word can be in a fact; 0 or "" where it is not that. `cardinal` is under 1000, `scale` multiplies."""

    cardinal: int = 0
    ordinal: int = 0
    scale: int = 0
    month: int = 0
    weekday: str = ""
    currency: str = ""
    percent: bool = False


@lru_cache(maxsize=16)
def lexicon(language: str) -> Mapping[str, Meaning]:
    """Every word that can be part of a fact, in small letters. "" for a language that is not known: the words all agree on."""
    if language not in LANGUAGES:
        return _common()
    parts: dict[str, dict[str, object]] = {}
    tables: Iterable[tuple[str, Mapping[str, object]]] = (
        ("cardinal", cardinals(language)),
        ("ordinal", ordinals(language)),
        ("scale", scales(language)),
        ("month", months(language)),
        ("weekday", _weekdays(language)),
        ("currency", {word: code for code, words in _CURRENCIES.items() for word in words.split()}),
        ("percent", dict.fromkeys(_PERCENT.split(), True)),
    )
    for name, table in tables:
        for word, value in table.items():
            parts.setdefault(word, {})[name] = value
    return {word: Meaning(**values) for word, values in parts.items()}  # type: ignore[arg-type]  # each table has its type


def _common() -> dict[str, Meaning]:
    """Words that mean the same in all of the languages that have them and are none of the small words of another."""
    found: dict[str, Meaning] = {}
    doubtful: set[str] = set()
    small = {word for words in (*_MORE_SMALL.values(), " ".join(SMALL)) for word in words.split()}
    for language in LANGUAGES:
        for word, meaning in lexicon(language).items():
            if found.setdefault(word, meaning) != meaning or word in small:
                doubtful.add(word)
    doubtful |= {"once", "due", "sei", "sette", "nove", "mil", "tre", "prim", "primo", "secondo", "md"}
    return {word: meaning for word, meaning in found.items() if word not in doubtful}


@lru_cache(maxsize=16)
def months(language: str) -> Mapping[str, int]:
    """Names of months: those of the language, and of the others where they are no word of another kind here."""
    if language in _MORE_MONTHS:
        forms = enumerate(_MORE_MONTHS[language].split(), 1)
        return {form: number for number, month in forms for form in month.split("/")}
    return {name: number for name, number in MONTHS.items() if name not in _NO_MONTHS}


def _weekdays(language: str) -> dict[str, str]:
    return {form: day for day, forms in zip(DAYS, _WEEKDAYS[language].split(), strict=True) for form in forms.split("/")}


def _small() -> dict[str, tuple[str, ...]]:
    more = {language: set(words.split()) for language, words in _MORE_SMALL.items()}
    every = set(SMALL).union(*more.values())
    return {word: (*SMALL.get(word, ()), *(language for language, words in more.items() if word in words)) for word in every}


_SMALL = _small()
_UKRAINIAN, _RUSSIAN = frozenset("іїєґ"), frozenset("ыэъё")


def is_small_word(word: str) -> bool:
    """Whether a word, in small letters, is one of the small words of one of the languages."""
    return word in _SMALL


def guess_language(words: Iterable[str]) -> str:
    """The one of nine languages that most small words are of, "" where that is not sure. `words` in small letters."""
    first = list(islice(words, MOST_GUESSED))
    counts: Counter[str] = Counter()
    for languages, times in Counter(filter(None, map(_SMALL.get, first))).items():
        for language in languages:
            counts[language] += times
    letters = set("".join(first)) if "ru" in counts or "uk" in counts else frozenset()
    if letters & _UKRAINIAN:
        del counts["ru"]
    elif letters & _RUSSIAN:
        del counts["uk"]
    ranked = counts.most_common(2)
    if not ranked or ranked[0][1] < 3 or ranked[0][1] * 12 < len(first):
        return ""
    return ranked[0][0] if len(ranked) == 1 or ranked[0][1] * 2 > ranked[1][1] * 3 else ""
