"""What a page says to its reader in passing, in eight languages: share this, print it, was it helpful, subscribe, you are here.

Whole lines alone, in small letters. "Last updated: …" is none of them: in terms of use, lists of sanctions and statistics, that
date is what they are about.
"""

from __future__ import annotations

import re
from functools import cache

PARTS = {
    "<thing>": """page|article|story|post|release|press release|statement|news|news item|video|photo|document|content
        |information|site|website|link|publication|item|entry|answer|guide|report""",
    "<network>": """facebook|twitter|x|linkedin|whatsapp|telegram|instagram|youtube|reddit|pinterest|viber|vk|flickr
        |threads|bluesky|mastodon|tiktok|social media|google news|rss|e-?mail""",
    "<letters>": """newsletters?|(?:e-?mail |news |press )?(?:updates|alerts)|mailing lists?|(?:rss )?feeds?|channels?
        |notifications|e-?mails?|podcasts?""",
    "<like>": "related|recommended|suggested|popular|trending|featured|similar|most read|most popular",
    "<log in>": "already a (?:subscriber|member|registered user) (?:log|sign) in(?: to your account)?",
    "<sign up>": "(?:subscribe|sign up) (?:to|for) (?:our|the) (?:newsletters?|channels?|updates|alerts|mailing lists?)",
    "<channel>": "(?:телеграм-|telegram-)?канал",
}
# One kind of line in each row.
_LINES = r"""
    # English
    (?:was|is|did you find) this (?:<thing> )?(?:helpful|useful)(?: to you)?(?: yes)?(?: no)?
    did you find (?:this <thing>|what you were looking for)(?: (?:helpful|useful))?
    how (?:helpful|useful) (?:was|is) this <thing>
    (?:rate|print|e-?mail|save|download|bookmark|cite) this (?:whole |full )?<thing>
    (?:listen to|send|forward|tweet|recommend) this (?:whole |full )?<thing>
    share (?:this|the) <thing>(?: (?:on|via|by|with) (?:<network>|(?:your )?friends))?(?: (?:and |or )?<network>){0,4}
    (?:give|send|leave|share)(?: us)?(?: your)? feedback(?: (?:on|about) this <thing>)?
    report (?:a|an) (?:problem|issue|error)(?: (?:with|on|in) this <thing>)?
    (?:follow|like|join|find|watch|connect with) us on (?:our )?<network>(?:(?: and| or)? <network>){0,5}(?: and <sign up>)?
    (?:subscribe|register|log in|sign in)(?: now| here)? to (?:continue|keep) reading(?:\.? <log in>)?
    <log in>
    (?:follow|like|join|subscribe to|visit) our (?:official )?<network>(?: (?:page|channel|account|feed|group))?
    (?:subscribe|sign up)(?: now| today| here)? (?:to|for) (?:our |the |your )?(?:free |daily |weekly )?<letters>
    (?:get|receive) (?:our |the )?(?:latest |free |daily )?(?:updates|alerts|news) (?:by e-?mail|(?:in|to) your inbox)
    (?:back|return|go|jump|skip) to (?:the )?(?:top|home|homepage|list|all news|previous page)(?: of (?:the )?page)?
    (?:back|return|go|jump|skip) to (?:the )?(?:main )?(?:content|menu|navigation|search)
    <like> (?:content|news|articles?|stories|topics|posts|pages|links|publications|materials|reading|videos?)
    (?:listen|copied|loading|explore more|enlarge image|view gallery|site search|in this section|on this page)
    (?:table of contents|opens in (?:a )?new (?:window|tab)|(?:expand|collapse|show|view|see) all)
    all (?:topics|articles|stories)
    you may (?:also )?(?:like|be interested in)
    # French
    cette page (?:vous )?a-t-elle été utile
    cette page (?:vous )?est-elle utile
    (?:imprimer|partager|envoyer|enregistrer) (?:cette|la|cet|l')? ?(?:page|article|contenu)
    partager sur (?:les réseaux sociaux|<network>|whatsapp)
    suivez-nous(?: sur (?:<network>|instagram|telegram|youtube|les réseaux sociaux))?
    (?:abonnez-vous|s'abonner|inscrivez-vous)(?: à (?:notre|la) (?:newsletter|lettre d'information|chaîne(?: youtube)?))?
    retour en haut(?: de (?:la )?page)?
    retour à (?:l'accueil|la liste)
    aller au contenu(?: principal)?
    contenus? (?:liés?|associés?)
    articles? (?:liés?|similaires)
    à lire aussi
    vous êtes ici
    sur le même (?:sujet|thème)
    voir (?:plus|aussi|tout)
    # German
    (?:war|ist) diese (?:seite|information) hilfreich
    (?:haben|hat) ihnen (?:diese|dieser|die) (?:seite|artikel) geholfen
    (?:seite|artikel|beitrag|diese seite) (?:drucken|teilen|empfehlen|weiterempfehlen|merken|versenden)
    folgen sie uns(?: auf (?:<network>|instagram|telegram|youtube))?
    (?:unseren )?newsletter (?:abonnieren|bestellen)
    (?:zurück )?(?:zum|nach) (?:seitenanfang|anfang|oben)
    zum (?:haupt)?inhalt(?: springen)?
    zur (?:startseite|übersicht|navigation)(?: springen)?
    (?:verwandte|ähnliche|weitere) (?:inhalte|themen|artikel|beiträge|meldungen|nachrichten|links)
    das könnte sie auch interessieren
    sie (?:sind|befinden sich) hier
    mehr (?:anzeigen|erfahren)
    alle (?:anzeigen|meldungen)
    # Spanish
    (?:te|le) (?:ha sido|fue|resultó) útil esta (?:página|información)
    (?:imprimir|compartir|enviar) (?:esta|la|este|el) (?:página|artículo|noticia)
    compartir en (?:<network>|whatsapp|redes sociales)
    s[ií]guenos(?: en (?:<network>|telegram|youtube|redes sociales))?
    suscr[ií](?:bete|base|birse)(?: (?:a|al) (?:nuestro |nuestra )?(?:boletín|newsletter|canal))?
    (?:volver|ir) (?:arriba|al (?:inicio|contenido(?: principal)?))
    (?:contenidos?|noticias?|artículos?|temas) relacionad[oa]s?
    también te puede interesar
    est[áa]s? (?:usted )?aquí
    ver (?:más|todo)
    # Italian
    (?:questa pagina )?(?:ti |le )?è stata utile(?: questa pagina)?
    (?:stampa|condividi|invia) (?:questa|la|questo|l')? ?(?:pagina|articolo|notizia)
    condividi su (?:<network>|whatsapp)
    seguici(?: su (?:<network>|telegram|youtube))?
    iscriviti(?: alla (?:nostra )?newsletter| al canale)?
    torna (?:su|all'inizio|alla home)
    (?:vai|salta) al contenuto(?: principale)?
    (?:contenuti|notizie|articoli) (?:correlat[ie]|collegat[ie])
    potrebbe interessarti anche
    (?:ti trovi|sei) (?:qui|in)
    (?:mostra|vedi) (?:altro|tutto|tutti)
    # Dutch
    (?:was|is) deze (?:pagina|informatie) (?:nuttig|behulpzaam)
    heeft deze (?:pagina|informatie) u geholpen
    (?:print|deel|bewaar) (?:deze|dit) (?:pagina|artikel|bericht)
    (?:deze )?pagina (?:afdrukken|delen)
    delen (?:op|via) (?:<network>|whatsapp)
    volg ons(?: op (?:<network>|linkedin|youtube))?
    (?:abonneer|schrijf) (?:je|u)(?: (?:in )?(?:op|voor) (?:onze|de) nieuwsbrief)?
    (?:terug )?naar (?:boven|de inhoud|hoofdinhoud)
    direct naar (?:de )?inhoud
    (?:gerelateerde|verwante) (?:inhoud|artikelen|berichten|onderwerpen|documenten)
    lees (?:ook|meer|verder)
    (?:u bent|je bent) hier
    meer (?:tonen|nieuws)
    # Russian
    была ли (?:эта |данная )?(?:страница|информация|статья) полезн(?:а|ой)(?: для вас)?
    (?:распечатать|напечатать|сохранить) (?:эту )?(?:страницу|статью|материал)
    поделиться (?:этой |в |с )?(?:страницей|ссылкой|новостью|соцсетях|социальных сетях|друзьями|facebook|telegram)
    (?:подписывайтесь|подпишитесь|подписаться) на (?:нас|наш <channel>|(?:нашу )?рассылку|новости|обновления)(?: в telegram)?
    (?:следите за нами|мы) в (?:соцсетях|социальных сетях|telegram|телеграм|facebook|вконтакте)
    (?:вернуться )?(?:наверх|к началу(?: страницы)?|на главную|к списку)
    перейти к (?:основному )?содержанию
    (?:материалы|новости|статьи|документы) по теме
    (?:похожие|связанные|другие) (?:материалы|новости|статьи|публикации)
    вы (?:находитесь )?здесь
    показать (?:ещё|еще|все|больше)
    все новости
    # Ukrainian
    чи була (?:ця )?(?:сторінка|інформація|стаття) корисною(?: для вас)?
    (?:роздрукувати|надрукувати|зберегти) (?:цю )?(?:сторінку|статтю)
    поділитися (?:цією |в |з )?(?:сторінкою|посиланням|новиною|соцмережах|соціальних мережах|друзями|facebook|telegram)
    (?:підписуйтесь|підпишіться|підписатися) на (?:нас|наш <channel>|(?:нашу )?розсилку|новини|оновлення)(?: [ву] telegram)?
    (?:стежте за нами|ми) (?:в|у) (?:соцмережах|соціальних мережах|telegram|телеграм|facebook)
    (?:повернутися )?(?:нагору|догори|на головну|до списку)
    перейти до (?:основного )?(?:вмісту|змісту|контенту)
    (?:матеріали|новини|статті|документи) (?:за темою|по темі)
    (?:схожі|пов'язані|інші) (?:матеріали|новини|статті|публікації)
    ви (?:знаходитесь )?тут
    показати (?:ще|всі|більше)
    усі новини
"""
EDGES = " ¿?!.:…»>→"
# The first step of the path to a page.
_HOME = """home|home page|homepage|main page|accueil|page d'accueil|startseite|inicio|página principal|portada|pagina iniziale
    |homepagina|startpagina|главная|главная страница|головна|головна сторінка|you are here|vous êtes ici|sie sind hier|вы здесь
    |ви тут"""
HOME = frozenset(name.strip() for name in _HOME.split("|"))
STEP = re.compile(r" *[>»›→] *| +[/|•·\\] +")
MOST_STEPS, LONGEST_STEP = 6, 5  # steps, and words of each, as "3. Briefings & Statements"


@cache
def _aside() -> re.Pattern[str]:
    """All of them in one; made when it is first asked for, which takes a while."""
    rows = (row.strip() for row in _LINES.strip().splitlines())
    every = "|".join(f"(?:{row})" for row in rows if not row.startswith("#"))
    for name, choices in PARTS.items():
        every = every.replace(name, f"(?:{re.sub(chr(10) + ' *', '', choices)})")
    return re.compile(every)


def is_aside(said: str) -> bool:
    """Whether a line, short and in small letters, is an aside to the reader."""
    return _aside().fullmatch(" ".join(said.replace("?", " ").split()).strip(EDGES)) is not None


def is_path(said: str) -> bool:
    """Whether a line, short and in small letters, is the path to a page: "home > news > speeches". A figure says something."""
    steps = [step.strip(" :") for step in STEP.split(said.strip())]
    if not 1 < len(steps) <= MOST_STEPS or steps[0] not in HOME or any(map(str.isdigit, said)):
        return False
    return all(0 < len(step.split()) <= LONGEST_STEP and step[-1] not in ".!?" for step in steps[1:])
