"""Small words that turn what is said: into its opposite, into what may be, into more or less, into somebody's word.

For refusals and for what may be left out. A word that is missing here lets nothing pass: what is not the source's own wording
is refused in any case, and these only say why. English, French, German, Russian, Ukrainian.
"""

from __future__ import annotations

import re

from aggregator.text.plain import plain

WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
_NOT = """
    not no never nor neither none nothing nobody nowhere cannot without nicht kein keine keinen keinem keiner keines
    nie niemals
    ohne ne n pas jamais aucun aucune sans rien personne не нет ни никогда без ничего никто немає ні ніколи нічого
    ніхто жодного
"""
_DENIED = """
    deny denies denied denying denial refuse refuses refused refusing reject rejects rejected rejecting fail fails failed
    unable unlikely false falsely untrue wrong wrongly refute refuted dispute disputed doubt doubts doubted
    contradicted retracted
    withdrawn rumour rumor alleged allegedly reportedly purported purportedly supposed supposedly claim claims claimed hoax
    dementiert dementierte bestreitet bestritt weigert weigerte angeblich falsch dément démenti nie refuse refusé prétendu
    отрицает отрицал отрицала опроверг опровергла отказался отказалась ложь якобы заперечує заперечив заперечила спростував
    відмовився відмовилась нібито
"""
_MAY = """
    may might can could will would shall should must ought perhaps possibly probably likely maybe if unless until
    whether provided
    would-be plan plans planned intend intends expect expects expected hope hopes consider considers considering
    kann könnte könnten darf dürfte soll sollte sollten wird werden würde würden muss müsste wenn falls vielleicht
    möglicherweise
    wahrscheinlich ob peut peuvent pourrait pourraient devrait devraient doit doivent sera seront serait si peut-être
    может могут мог могла бы если возможно вероятно должен должна должны будет будут ли
    може можуть міг могла б якщо можливо ймовірно повинен повинна повинні буде будуть чи
"""
_MORE = """
    more less fewer greater smaller higher lower least most over under above below up down almost nearly about
    around only exceed
    exceeds exceeded maximum minimum least than before after
    mehr weniger mindestens höchstens über unter fast nur etwa plus moins environ presque seulement
    более больше менее меньше почти около только свыше більше менше майже близько лише понад
"""
_UNITS = """
    thousand thousands million millions billion billions trillion trillions hundred hundreds dozen dozens percent per cent
    percentage point points basis half third quarter double triple twice km kilometre kilometres kilometer
    kilometers mile miles
    metre metres meter meters kg kilogram kilograms tonne tonnes ton tons litre litres barrel barrels gw mw kw
    megawatt megawatts
    gigawatt gigawatts hour hours minute minutes second seconds day days week weeks month months year years dollar
    dollars euro
    euros pound pounds rouble roubles ruble rubles hryvnia hryvnias
    tausend millionen million milliarde milliarden prozent mille millier milliers milliard milliards
    тысяч тысячи миллион миллиона миллионов миллиард миллиарда миллиардов процент процента процентов рублей долларов евро
    тисяч тисячі мільйон мільйона мільйонів мільярд мільярда мільярдів відсоток відсотка відсотків гривень доларів євро
"""
_SAYS = """
    say says said saying according tell tells told state states stated announce announces announced add adds added
    call calls called
    describe describes described believe believes believed think thinks thought view opinion write writes wrote
    report reports
    reported acting former deputy vice ex then sagte sagt laut zufolge erklärte erklärt dit selon déclaré déclare
    ancien сказал
    сказала заявил заявила сообщил сообщила словам бывший сказав сказала заявив заявила повідомив повідомила словами
    колишній
"""
NOTS = frozenset(_NOT.split())
DENIALS = NOTS | frozenset(_DENIED.split())
MODALS = frozenset(_MAY.split())
COMPARISONS = frozenset(_MORE.split())
UNITS = frozenset(_UNITS.split())
# What of a sentence may never be left out, wherever it stands.
TURNING = DENIALS | MODALS | COMPARISONS | frozenset(_SAYS.split())


def words_of(text: str) -> list[str]:
    """The words of a text in small letters; "didn't" is two, of which the second is "not"."""
    found: list[str] = []
    for word in WORD.findall(plain(text).casefold()):
        if word.endswith("n't"):
            found += (word[:-3], "not")
        else:
            found += word.split("'") if word[:2] in ("n'", "d'", "l'") else (word,)
    return found
