"""The number words of nine languages: cardinals, ordinals, powers of ten, in the forms that prose has them.

One and its forms are left out where they are an article or a pronoun ("one of them", "ein", "un", "один из"): they would be
read far more often than they are meant.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache


def word_set(written: str) -> frozenset[str]:
    """The words of a line."""
    return frozenset(written.split())


LANGUAGES = ("en", "fr", "de", "es", "it", "nl", "pl", "ru", "uk")
# By language: "VALUE word word …" joined by "; ". Tens are told from units by their value.
_CARDINALS = {
    "en": """2 two; 3 three; 4 four; 5 five; 6 six; 7 seven; 8 eight; 9 nine; 10 ten; 11 eleven; 12 twelve; 13 thirteen;
        14 fourteen;
        15 fifteen; 16 sixteen; 17 seventeen; 18 eighteen; 19 nineteen; 20 twenty; 30 thirty; 40 forty; 50 fifty; 60 sixty;
        70 seventy; 80 eighty; 90 ninety""",
    "fr": """2 deux; 3 trois; 4 quatre; 5 cinq; 6 six; 7 sept; 8 huit; 9 neuf; 10 dix; 11 onze; 12 douze; 13 treize; 14
        quatorze; 15 quinze;
        16 seize; 20 vingt vingts; 30 trente; 40 quarante; 50 cinquante; 60 soixante; 70 septante; 80 huitante octante;
        90 nonante""",
    "de": """2 zwei; 3 drei; 4 vier; 5 fünf; 6 sechs; 7 sieben; 8 acht; 9 neun; 10 zehn; 11 elf; 12 zwölf; 13 dreizehn;
        14 vierzehn;
        15 fünfzehn; 16 sechzehn; 17 siebzehn; 18 achtzehn; 19 neunzehn; 20 zwanzig; 30 dreißig dreissig; 40 vierzig; 50
        fünfzig;
        60 sechzig; 70 siebzig; 80 achtzig; 90 neunzig""",
    "es": """2 dos; 3 tres; 4 cuatro; 5 cinco; 6 seis; 7 siete; 8 ocho; 9 nueve; 10 diez; 11 once; 12 doce; 13 trece; 14
        catorce; 15 quince;
        16 dieciséis; 17 diecisiete; 18 dieciocho; 19 diecinueve; 20 veinte; 21 veintiuno veintiún veintiuna; 22 veintidós;
        23 veintitrés; 24 veinticuatro; 25 veinticinco; 26 veintiséis; 27 veintisiete; 28 veintiocho; 29 veintinueve; 30
        treinta;
        40 cuarenta; 50 cincuenta; 60 sesenta; 70 setenta; 80 ochenta; 90 noventa; 200 doscientos doscientas;
        300 trescientos trescientas; 400 cuatrocientos cuatrocientas; 500 quinientos quinientas; 600 seiscientos
        seiscientas;
        700 setecientos setecientas; 800 ochocientos ochocientas; 900 novecientos novecientas""",
    "it": """2 due; 3 tre; 4 quattro; 5 cinque; 6 sei; 7 sette; 8 otto; 9 nove; 10 dieci; 11 undici; 12 dodici; 13
        tredici; 14 quattordici;
        15 quindici; 16 sedici; 17 diciassette; 18 diciotto; 19 diciannove; 20 venti; 30 trenta; 40 quaranta; 50 cinquanta;
        60 sessanta; 70 settanta; 80 ottanta; 90 novanta""",
    "nl": """2 twee; 3 drie; 4 vier; 5 vijf; 6 zes; 7 zeven; 8 acht; 9 negen; 10 tien; 11 elf; 12 twaalf; 13 dertien; 14
        veertien; 15 vijftien;
        16 zestien; 17 zeventien; 18 achttien; 19 negentien; 20 twintig; 30 dertig; 40 veertig; 50 vijftig; 60 zestig; 70
        zeventig;
        80 tachtig; 90 negentig""",
    "pl": """2 dwa dwie dwaj dwóch dwu dwóm dwoma dwiema; 3 trzy trzech trzej trzem trzema; 4 cztery czterech czterej
        czterem;
        5 pięć pięciu; 6 sześć sześciu; 7 siedem siedmiu; 8 osiem ośmiu; 9 dziewięć dziewięciu; 10 dziesięć dziesięciu;
        11 jedenaście jedenastu; 12 dwanaście dwunastu; 13 trzynaście trzynastu; 14 czternaście czternastu;
        15 piętnaście piętnastu; 16 szesnaście szesnastu; 17 siedemnaście siedemnastu; 18 osiemnaście osiemnastu;
        19 dziewiętnaście dziewiętnastu; 20 dwadzieścia dwudziestu; 30 trzydzieści trzydziestu; 40 czterdzieści
        czterdziestu;
        50 pięćdziesiąt pięćdziesięciu; 60 sześćdziesiąt sześćdziesięciu; 70 siedemdziesiąt siedemdziesięciu;
        80 osiemdziesiąt osiemdziesięciu; 90 dziewięćdziesiąt dziewięćdziesięciu; 200 dwieście dwustu; 300 trzysta trzystu;
        400 czterysta czterystu; 500 pięćset pięciuset; 600 sześćset sześciuset; 700 siedemset; 800 osiemset; 900
        dziewięćset""",
    "ru": """2 два две двух двум двумя двое двоих; 3 три трёх трех трём трем тремя трое троих;
        4 четыре четырёх четырех четырём четырем четырьмя четверо;
        5 пять пяти пятью пятеро; 6 шесть шести шестью шестеро; 7 семь семи; 8 восемь восьми; 9 девять девяти; 10 десять десяти;
        11 одиннадцать одиннадцати; 12 двенадцать двенадцати; 13 тринадцать тринадцати; 14 четырнадцать четырнадцати;
        15 пятнадцать пятнадцати; 16 шестнадцать шестнадцати; 17 семнадцать семнадцати; 18 восемнадцать восемнадцати;
        19 девятнадцать девятнадцати; 20 двадцать двадцати; 30 тридцать тридцати; 40 сорок сорока; 50 пятьдесят пятидесяти;
        60 шестьдесят шестидесяти; 70 семьдесят семидесяти; 80 восемьдесят восьмидесяти; 90 девяносто девяноста;
        200 двести двухсот; 300 триста трёхсот трехсот; 400 четыреста четырёхсот четырехсот; 500 пятьсот пятисот;
        600 шестьсот шестисот; 700 семьсот семисот; 800 восемьсот восьмисот; 900 девятьсот девятисот""",
    "uk": """2 два дві двох двом двома двоє; 3 три трьох трьом трьома троє; 4 чотири чотирьох чотирьом чотирма четверо;
        5 пʼять пʼяти пʼятьох пʼятеро;
        6 шість шести шістьох шестеро; 7 сім семи сімох; 8 вісім восьми вісьмох; 9 девʼять девʼяти девʼятьох; 10 десять десяти
        десятьох;
        11 одинадцять одинадцяти; 12 дванадцять дванадцяти; 13 тринадцять тринадцяти; 14 чотирнадцять чотирнадцяти;
        15 пʼятнадцять пʼятнадцяти; 16 шістнадцять шістнадцяти; 17 сімнадцять сімнадцяти; 18 вісімнадцять вісімнадцяти;
        19 девʼятнадцять девʼятнадцяти; 20 двадцять двадцяти; 30 тридцять тридцяти; 40 сорок сорока; 50 пʼятдесят
        пʼятдесяти;
        60 шістдесят шістдесяти; 70 сімдесят сімдесяти; 80 вісімдесят вісімдесяти; 90 девʼяносто девʼяноста;
        200 двісті двохсот; 300 триста трьохсот; 400 чотириста чотирьохсот; 500 пʼятсот пʼятисот; 600 шістсот шестисот;
        700 сімсот семисот; 800 вісімсот восьмисот; 900 девʼятсот девʼятисот""",
}
# Powers of ten, in short forms too. English and Russian count on the short scale, the others here on the long one.
_SCALES = {
    "en": """100 hundred; 1000 thousand; 1000000 million millions mn mln mio; 1000000000 billion billions bn bln milliard;
        1000000000000 trillion trillions tn trn; 12 dozen""",
    "fr": """100 cent cents; 1000 mille millier milliers; 1000000 million millions mio; 1000000000 milliard milliards mds
        md mrd;
        1000000000000 billion billions; 12 douzaine douzaines""",
    "de": """100 hundert; 1000 tausend tsd; 1000000 million millionen mio mill; 1000000000 milliarde milliarden mrd mia;
        1000000000000 billion billionen bio; 12 dutzend""",
    "es": """100 cien ciento; 1000 mil miles; 1000000 millón millones mill mln; 1000000000000 billón billones;
        12 docena docenas""",
    "it": """100 cento; 1000 mille mila; 1000000 milione milioni mln mio; 1000000000 miliardo miliardi mld mrd;
        1000000000000 bilione trilione trilioni; 12 dozzina dozzine""",
    "nl": """100 honderd; 1000 duizend; 1000000 miljoen mln mio; 1000000000 miljard mld mrd; 1000000000000 biljoen;
        12 dozijn""",
    "pl": """100 sto stu; 1000 tysiąc tysiące tysięcy tysiącach tys; 1000000 milion miliony milionów milionach mln;
        1000000000 miliard miliardy miliardów miliardach mld; 1000000000000 bilion biliony bilionów bln; 12 tuzin tuziny
        tuzinów""",
    "ru": """100 сто ста; 1000 тысяча тысячи тысяч тысячу тысячам тысячами тысячах тыс;
        1000000 миллион миллиона миллионов миллиону миллионам миллионами миллионах млн;
        1000000000 миллиард миллиарда миллиардов миллиарду миллиардам миллиардами миллиардах млрд;
        1000000000000 триллион триллиона триллионов триллионам трлн; 12 дюжина дюжины дюжин""",
    "uk": """100 сто ста; 1000 тисяча тисячі тисяч тисячу тисячам тисячами тисячах тис;
        1000000 мільйон мільйона мільйони мільйонів мільйону мільйонам мільйонами мільйонах млн;
        1000000000 мільярд мільярда мільярди мільярдів мільярду мільярдам мільярдами мільярдах млрд;
        1000000000000 трильйон трильйона трильйони трильйонів трлн; 12 дюжина дюжини дюжин""",
}
_ORDINALS = {
    "en": """1 first; 2 second; 3 third; 4 fourth; 5 fifth; 6 sixth; 7 seventh; 8 eighth; 9 ninth; 10 tenth; 11 eleventh;
        12 twelfth;
        13 thirteenth; 14 fourteenth; 15 fifteenth; 16 sixteenth; 17 seventeenth; 18 eighteenth; 19 nineteenth; 20
        twentieth;
        30 thirtieth; 40 fortieth; 50 fiftieth; 60 sixtieth; 70 seventieth; 80 eightieth; 90 ninetieth; 100 hundredth""",
    "fr": "1 premier première; 2 seconde",
    "de": "",
    "es": """1 primer primero primera; 2 segundo segunda; 3 tercer tercero tercera; 4 cuarto cuarta; 5 quinto quinta; 6
        sexto sexta;
        7 séptimo séptima; 8 octavo octava; 9 noveno novena; 10 décimo décima; 11 undécimo undécima; 12 duodécimo duodécima;
        13 decimotercero decimotercer decimotercera; 14 decimocuarto decimocuarta; 15 decimoquinto decimoquinta;
        16 decimosexto decimosexta; 17 decimoséptimo decimoséptima; 18 decimoctavo decimoctava; 19 decimonoveno
        decimonovena;
        20 vigésimo vigésima""",
    "it": """1 primo; 2 secondo seconda; 3 terzo terza; 4 quarto quarta; 5 quinto quinta; 6 sesto sesta; 7 settimo settima;
        8 ottavo ottava; 9 nono nona; 10 decimo decima""",
    "nl": """1 eerste; 2 tweede; 3 derde; 4 vierde; 5 vijfde; 6 zesde; 7 zevende; 8 achtste; 9 negende; 10 tiende; 11
        elfde; 12 twaalfde;
        13 dertiende; 14 veertiende; 15 vijftiende; 16 zestiende; 17 zeventiende; 18 achttiende; 19 negentiende; 20
        twintigste""",
    "pl": "",
    "ru": "",
    "uk": "",
}
# Ordinals that decline like adjectives: stem by value, and the endings.
_STEMS = {
    "fr": """2 deuxième; 3 troisième; 4 quatrième; 5 cinquième; 6 sixième; 7 septième; 8 huitième; 9 neuvième; 10
        dixième; 11 onzième;
        12 douzième; 13 treizième; 14 quatorzième; 15 quinzième; 16 seizième; 20 vingtième; 30 trentième; 40 quarantième;
        50 cinquantième; 60 soixantième; 100 centième""",
    "de": """1 erst; 2 zweit; 3 dritt; 4 viert; 5 fünft; 6 sechst; 7 siebt; 8 acht; 9 neunt; 10 zehnt; 11 elft; 12
        zwölft; 13 dreizehnt;
        14 vierzehnt; 15 fünfzehnt; 16 sechzehnt; 17 siebzehnt; 18 achtzehnt; 19 neunzehnt; 20 zwanzigst""",
    "it": """11 undicesim; 12 dodicesim; 13 tredicesim; 14 quattordicesim; 15 quindicesim; 16 sedicesim; 17 diciassettesim;
        18 diciottesim; 19 diciannovesim; 20 ventesim""",
    "pl": """2 drug; 3 trzec; 4 czwart; 5 piąt; 6 szóst; 7 siódm; 8 ósm; 9 dziewiąt; 10 dziesiąt; 11 jedenast; 12
        dwunast; 13 trzynast;
        14 czternast; 15 piętnast; 16 szesnast; 17 siedemnast; 18 osiemnast; 19 dziewiętnast; 20 dwudziest""",
    "ru": """1 перв; 2 втор; 4 четвёрт; 4 четверт; 5 пят; 6 шест; 7 седьм; 8 восьм; 9 девят; 10 десят; 11 одиннадцат; 12
        двенадцат;
        13 тринадцат; 14 четырнадцат; 15 пятнадцат; 16 шестнадцат; 17 семнадцат; 18 восемнадцат; 19 девятнадцат; 20 двадцат;
        30 тридцат; 40 сороков; 50 пятидесят; 60 шестидесят; 70 семидесят; 80 восьмидесят; 90 девяност; 100 сот""",
    "uk": """1 перш; 2 друг; 4 четверт; 5 пʼят; 6 шост; 7 сьом; 8 восьм; 9 девʼят; 10 десят; 11 одинадцят; 12 дванадцят;
        13 тринадцят;
        14 чотирнадцят; 15 пʼятнадцят; 16 шістнадцят; 17 сімнадцят; 18 вісімнадцят; 19 девʼятнадцят; 20 двадцят; 30 тридцят;
        40 сороков; 50 пʼятдесят; 60 шістдесят; 70 сімдесят; 80 вісімдесят; 90 девʼяност; 100 сот""",
}
_ENDINGS = {
    "fr": ("", "s"),
    "de": ("e", "en", "er", "es", "em"),
    "it": ("o", "a", "i", "e"),
    "pl": tuple(sorted(word_set("y a e ego ej emu ym ą ych i ie ia iego iej iemu im ich"))),
    "ru": tuple(sorted(word_set("ый ой ая ое ого ому ым ом ую ые ых ыми"))),
    "uk": tuple(sorted(word_set("ий а е ого ої ому ій им у і их ими"))),
}
# Trzeci, третий, третій: soft stems, whole.
_WHOLE = {
    "ru": {3: "третий третья третье третьего третьей третьему третьим третьем третью третьи третьих третьими"},
    "uk": {3: "третій третя третє третього третьої третьому третім третю треті третіх третіми"},
    "en": {},
}


@cache
def cardinals(language: str) -> Mapping[str, int]:
    """Words for numbers under a thousand, in small letters."""
    plain = dict(_listed(_CARDINALS[language]))
    joined = {"de": _german, "nl": _dutch, "it": _italian}.get(language)
    return plain if joined is None else plain | dict(joined(plain))


@cache
def scales(language: str) -> Mapping[str, int]:
    """Words and short forms for hundred, dozen and the powers of a thousand; they multiply what stands before them."""
    return dict(_listed(_SCALES[language]))


@cache
def ordinals(language: str) -> Mapping[str, int]:
    """Words for ordinals, in small letters, in every case and gender."""
    found = dict(_listed(_ORDINALS[language]))
    for stem, value in _listed(_STEMS.get(language, "")):
        found |= {stem + ending: value for ending in _ENDINGS[language]}
    for value, forms in _WHOLE.get(language, {}).items():
        found |= dict.fromkeys(forms.split(), value)
    if language == "uk":
        found = {word: value for word, value in found.items() if word not in cardinals(language)}  # девʼяноста
    if language == "de":
        found |= {f"{unit}undzwanzigst{ending}": value for unit, value in _german_units() for ending in _ENDINGS["de"]}
    return found


def _listed(table: str) -> Iterator[tuple[str, int]]:
    for line in filter(None, map(str.strip, table.split(";"))):
        value, *forms = line.split()
        for form in forms:
            yield form, int(value)


def _german_units() -> list[tuple[str, int]]:
    names = ("ein", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun")
    return [(name, value + 20) for value, name in enumerate(names, 1)]


def _german(plain: Mapping[str, int]) -> Iterator[tuple[str, int]]:
    units = {"ein": 1} | {name: value for name, value in plain.items() if value < 10}
    tens = {name: value for name, value in plain.items() if value >= 20}
    small = dict(plain)
    for unit, one in units.items():
        small |= {f"{unit}und{ten}": value + one for ten, value in tens.items()}
    yield from small.items()
    for name, value in (units | small).items():
        if value < 10:
            yield f"{name}hundert", value * 100
        yield f"{name}tausend", value * 1000


def _dutch(plain: Mapping[str, int]) -> Iterator[tuple[str, int]]:
    units = {"een": 1} | {name: value for name, value in plain.items() if value < 10}
    tens = {name: value for name, value in plain.items() if value >= 20}
    for unit, one in units.items():
        link = "ën" if unit.endswith("e") else "en"
        for ten, value in tens.items():
            yield f"{unit}{link}{ten}", value + one
    for name, value in plain.items():
        if value < 10:
            yield f"{name}honderd", value * 100
        yield f"{name}duizend", value * 1000


def _italian(plain: Mapping[str, int]) -> Iterator[tuple[str, int]]:
    units = {"uno": 1, "tré": 3} | {name: value for name, value in plain.items() if value < 10}
    tens = {name: value for name, value in plain.items() if value >= 20}
    small = dict(plain)
    for ten, value in tens.items():
        small |= {(ten[:-1] if unit[0] in "uo" else ten) + unit: value + one for unit, one in units.items()}
    yield from small.items()
    for name, value in small.items():
        if 1 < value < 10:
            yield f"{name}cento", value * 100
        yield f"{name}mila", value * 1000
