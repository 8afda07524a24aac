"""Common words of some languages with the share of texts that hold them: what a stream starts from, before it knows better."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from aggregator.stories.streaming.common_english import ENGLISH
from aggregator.stories.streaming.stems import stem

# The share of texts by list of `_WRITTEN`. They need no precision: beyond 0.22 a word tells nothing, and a stream soon counts
# itself: half or twice the shares of the second and third list gave the same figures.
_MOST, _MANY, _SOME = 0.5, 0.2, 0.08

# By hand, for want of open counts: articles, prepositions and what else no text does without; other small words (pronouns,
# particles, auxiliary verbs); numbers, times, and what is said of any state. Folded as `text.findable` folds words.
_WRITTEN: dict[str, tuple[str, str, str]] = {
    "de": (
        """
            aber als am an auch auf aus bei bis das dass dem den der des die durch ein eine einem einen einer eines er es fur
            haben hat im in ist mit nach nicht noch nur oder sich sie sind so uber um und unter vom von vor war werden wie wird
            wurde zu zum zur
        """,
        """
            ab alle allen alles also ander andere anderen anderer beim bereits bin bist da dabei dafur daher damit dann darauf
            darf davon dazu denn deutsch diese diesem diesen dieser dieses doch dort drei du durfen einmal entweder erste ersten
            etwa etwas euch gab geben gegen gemacht gewesen geworden gibt gross grosse grossen gut habe hatte hatten heute hier
            ich ihm ihn ihnen ihr ihre ihrem ihren ihrer immer ins jede jeder jedes jedoch jetzt kann kein keine keinen konnen
            konnte machen man mehr mehrere mein meine mich mir muss mussen neue neuen nichts nie nun ob ohne schon sehr seid
            sein seine seinem seinen seiner seit selbst soll sollen sollte sondern sowie sowohl uns unser unsere viel viele
            wahrend wann ware waren warum was weder wegen weil welche welcher welches wem wen wenig wenn wer wieder will wir wo
            wollen worden wurden zwei zweite zwischen
        """,
        """
            april august besonders bisher bleiben bleibt bundesregierung dezember dienstag donnerstag ende fall februar finden
            frage freitag funf gehen geht gemeinsam gemeinsame gestern hundert jahr jahre jahren januar juli juni kommen kommt
            land lander lassen leute mai marz menschen million millionen minister mittwoch monat montag morgen nehmen november
            oktober prasident prozent regierung sagen sagt sagte samstag sehen seite september sonntag staat stadt stehen steht
            tag tage tagen tausend teil uhr unternehmen vier weiter weitere welt wichtig woche zehn zeit zusammen
        """,
    ),
    "es": (
        """
            al como con de del el en entre es esta este esto fue ha han la las lo los mas no para pero por que se ser sobre son
            su sus un una unas unos
        """,
        """
            ademas ahora algun alguna algunas alguno algunos alli ante antes aquel aquella aquellos aqui asi aun aunque ayer
            bajo bien cada contra cual cuales cuando cuanto cuya cuyo debe deben decir desde despues dice dijo donde dos durante
            ella ellas ellos entonces era eran eres esa esas ese eso esos estaba estado estan estar estas estos gran grande
            grandes haber habia habian hace hacer hacia hasta hay he hecho hemos hizo hoy hubo ir le les luego mal mayor me
            mediante mejor menos mi mientras mis misma mismo mucha muchas mucho muchos muy ni ningun nos nosotros nuestra
            nuestras nuestro nuestros nueva nuevo nuevos nunca os otra otras otro otros parte poco pocos poder podria porque
            primer primera primero puede pueden pues quien quienes sea sean segun segunda segundo si sido siempre siendo sin
            sino solo somos soy tambien tampoco te tener tenia tiene tienen toda todas todavia todo todos tras tres tu tus uno
            va van ya yo
        """,
        """
            abril agosto ano anos caso cien ciento cinco ciudad compania cosa cosas cuatro dado dar dia dias diciembre diez
            domingo empresa enero febrero fin final forma general gente gobierno hora jueves julio junio llegar lugar lunes
            martes marzo mayo mes meses miercoles mil millon millones ministro momento mundo nacional nombre noviembre octubre
            pais paises parece pasado persona personas presidente proximo quiere sabado semana septiembre tiempo trabajo ultima
            ultimo veces ver vez vida viernes
        """,
    ),
    "fr": (
        """
            au aux avec ce cette comme dans de des du elle en est et ete il la le les leur mais ne ont ou par pas plus pour qu
            que qui sa se ses son sont sur un une
        """,
        """
            afin ai ainsi aller alors apres as aucun aucune aujourd aura aussi autre autres avaient avait avant avez avoir avons
            beaucoup bien ca car ceci cela celle celles celui cependant ces cet ceux chaque chez comment contre deja demain
            depuis dernier derniere deux deuxieme devoir dire dit doit doivent donc dont elles encore entre es etaient etait
            etes etre eu eux faire fait faut font grand grande grands hier hui ici ils jamais je jusqu jusque laquelle lequel
            leurs lors lorsque lui ma maintenant mal me meme memes mes moi moins mon ni non nos notamment notre nous nouveau
            nouvelle nouvelles on or oui parce pendant peu peut peuvent plusieurs pourquoi pouvoir premier premiere puis quand
            quel quelle quelles quelque quelques quels quoi sans selon sera serait seront si soit sommes sous souvent suis ta te
            tes toi ton toujours tous tout toute toutefois toutes tres trois trop tu va vers vont vos votre vous
        """,
        """
            an annee annees ans aout avril cas cent chose cinq decembre dimanche dix ensemble entreprise etat etats femme
            fevrier fin fois general generale gens gouvernement heure heures homme janvier jeudi jour jours juillet juin lundi
            mai mardi mars mercredi mettre mille milliard milliards million millions ministre mis mois moment monde national
            nationale nom novembre octobre part partie pays personne personnes place pourcent prendre president pris quatre
            rendre samedi semaine septembre societe temps travail vendredi venir vie ville voir
        """,
    ),
    "it": (
        """
            ai al alla alle anche che come con da dal dalla degli dei del della delle dello di gli ha il in la le lo ma nei nel
            nella non per piu si sono su sul sulla un una uno
        """,
        """
            abbiamo ad agli alcune alcuni all allora altra altre altri altro ancora avere aveva avevano bene chi ci circa contro
            cosi cui dagli dai dall dalle dell detto deve devono dire domani dopo dove dovrebbe due dunque durante ed era erano
            essere fa fare fatto fino fra fu gia grande grandi hanno ho ieri infatti inoltre io lei li loro lui mai male me meno
            mentre mi mia mio molta molte molti molto ne negli nell nelle nello nessun nessuno noi nostra nostro nuova nuovi
            nuovo oggi ogni oltre ora perche pero pochi poco poi poiche possono potrebbe presso prima primo proprio puo qualche
            quale quali quando quanto quei quel quella quelle quelli quello questa queste questi questo qui quindi sara sarebbe
            se seconda secondo sempre senza sia siano solo sopra sotto stata stati stato stessa stesso sua sue sugli sui sull
            sulle suo suoi te ti tra tre tu tuo tutta tutte tutti tutto va verso vi voi vostro
        """,
        """
            agosto anni anno aprile azienda caso cento cinque citta cosa cose data dato dicembre dieci domenica febbraio fine
            generale gennaio gente giorni giorno giovedi giugno governo lavoro luglio lunedi maggio martedi marzo mercoledi mese
            mesi mila miliardi miliardo milione milioni mille ministro modo momento mondo nazionale nome novembre ore ottobre
            paese paesi parte persona persone presidente prossimo quattro sabato settembre settimana societa tempo ultima ultimi
            ultimo venerdi vengono viene vita volta volte
        """,
    ),
    "nl": (
        """
            aan als bij dan dat de deze die dit door een en er heeft het hij in is maar meer met naar niet nog of om ook op over
            te tot uit van voor was werd wordt zijn
        """,
        """
            af al alle alleen alles altijd ander andere anders beide ben bent binnen buiten daar daarbij daarna daarom doen doet
            drie dus eerste elk elke enkele erg gaan gaat gedaan geen gemaakt geweest geworden ging gisteren groot grote haar
            had hadden heb hebben heel hem hen hier hierdoor hoe hoewel hun ieder iedere iemand iets ik indien je jij jouw
            jullie kan komen komt kon konden kunnen kwam maakt mag maken me mee mij mijn moest moet moeten mogen morgen na nadat
            niemand niets nieuw nieuwe nooit nu omdat onder ongeveer ons onze reeds sedert sinds sommige staan staat steeds
            tegen terwijl tijdens toch toe toen tussen twee tweede uw vandaag veel vele volgens vooral voordat waar waarbij
            waarin waarom wanneer want waren wat we weer weg weinig wel welk welke werden wie wij wil willen worden zal ze zeer
            zeggen zegt zei zelf zelfs zich zij zo zoals zonder zou zouden zullen
        """,
        """
            afgelopen april augustus bedrijf bedrijven bekend blijft blijven dag dagen december deel dinsdag donderdag duizend
            einde februari gegeven geven honderd jaar januari jaren juli juni keer krijgen laatste land landen laten leven liet
            maand maandag maanden maart mei mensen miljard miljoen minister naam nationale november oktober plaats president
            procent regering september stad tien tijd uur verder vier vijf volgende vraag vrijdag week weken wereld werk
            woensdag zaterdag zien zondag
        """,
    ),
    "pl": (
        """
            byl byla co dla do jak jako jest ktora ktore ktory na nie od oraz po przez przy sa sie takze tego to tym we za ze
        """,
        """
            aby albo ale bardziej bardzo beda bedzie bez bo byc bylo byly choc ci ciebie cos czego czy czyli czym dlaczego
            dobrze drugi duzo duzy dwa dwie dzis dzisiaj gdy gdyby gdzie go ich im inne inny innych ja jeden jedna jednak jego
            jej jemu jesli jestem jestesmy jeszcze jezeli jutro juz kazda kazdy kiedy kogo kto ktorego ktorej ktorych ktorym
            ktorzy ktos ku lecz lub ma maja malo mi mial miec miedzy mnie mniej moga moj moja moje moze mozna mu musi musza my
            nad nam nami nas nasz nasza nasze nia nic nigdy nikt nimi nowa nowe nowy okolo on ona one oni ono pierwsza pierwszy
            pod podczas ponad poniewaz potem powinien przed rowniez sam sama samo siebie sobie swoich swoj swoja swoje ta tak
            taka taki takie tam tamten te tej temu ten teraz tez trzeba trzy tu tutaj twoj ty tych tylko wam was wasz wczoraj
            wedlug wiec wiecej wiele wielki wlasnie wobec wszyscy wszystkich wszystkie wszystko wy zawsze zeby zostal zostala
            zostaly
        """,
        """
            czas czasu czerwca czesc cztery czwartek dni dnia dzien dziesiec godzina grudnia koniec kraj kraju kwietnia lat lata
            lipca listopada ludzi ludzie lutego marca miasto miejsce miesiac milion milionow minister niedziela osob osoby
            panstwa panstwo pazdziernika piatek piec polska polski polskie poniedzialek powiedzial praca pracy premier prezydent
            procent raz razem rok roku rzad sierpnia sobota sprawa sprawie sroda sto stycznia swiat swiata tydzien tysiac
            tysiecy wrzesnia wtorek zycia zycie
        """,
    ),
    "ru": (
        """
            был была были было быть во все для до его ее за из или их как которыи мы на не но об он она они от по при со также
            что это
        """,
        """
            без более больше будет будут бы вам вас ваш ваша ведь весь вот время всегда всего всем всех вся второи вчера вы где
            да даже два две должен должны другие других другои еи ему если есть еще же завтра зачем здесь им именно ими каждыи
            какая какие какои когда кого которая которого которое которои которую которые которым которых кто куда ли лишь любои
            мало между менее меньше меня мне много могут может можно мои моя над надо нам нами нас наш наша наше нашего нашеи
            наши него нее неи нет ни никогда ним них новая новые новыи нужно один одна однако около очень первая первыи перед
            под после потом потому почему поэтому просто против сам сами самыи своего своеи свои своих свою себе себя сегодня
            сеичас согласно среди стал стала стали та так такая такие такои там те тебе тебя теперь тех тогда того тоже тои
            только том тому тот три тут ты уже хотя чего чем чему через чтобы эта эти этих этого этои этом этому этот
        """,
        """
            августа апреля большои вопрос вопросы воскресенье времени вторник говорить год года году город государство декабря
            дела дело день десять днеи дня жизни жизнь июля июня конец лет людеи люди марта мая место месяц миллион миллионов
            министр мир мира неделя ноября октября понедельник правительство президент процентов пятница пять работа работы раз
            развитие развития россиискии россия сентября сказал среда сто страна страны суббота тысяч тысячи февраля час часть
            человек человека четверг четыре является января
        """,
    ),
    "uk": (
        """
            або але був була були було бути вона вони все від він для до за зі иого ми на не по при про та також це що як якии
            із іх іі
        """,
        """
            адже багато без би бо буде будуть більш більше біля вам вас ваш ваша весь вже ви всього вся всі всім всіх вчора два
            дві де другии дуже же завжди завтра зараз згідно иому кого кожен кожнии коли куди лише мало мене менш менше мені
            може можна можуть моя моі між міи навіть навіщо над нам нами нас наш наша наше нашого нашоі наші немає неі ним ними
            них нова новии нові нього ні ніколи один одна однак ось отже перед перша першии повинен потрібно потім просто проти
            під після разом сам саме самі свою своє своєі своіх свіи себе серед собі став стала стали стало сьогодні так така
            такии такі там те тебе теж тепер ти тим тих тобі того тоді тои тому треба три тут ті тільки тієі усі хоча хто цеи
            цим цих цього цьому ця ці цієі через чи чим чого чому ще щоб щодо яка якби яке яким яких якого якоі якщо які іи ім
            іншии інших інші
        """,
        """
            березня великии вересня вівторок відсотків година грудня день держава держави десять дня днів життя жовтня квітня
            краіна краіни кінець липня листопада людеи люди людина лютого мільион мільионів міністр місто місце місяць неділя
            питання понеділок президент раз робота роботи року років році рік світ світу середа серпня сказав слава справа сто
            субота січня тиждень тисяч травня украіна украіни украінськии украінськоі уряд час частина часу червня четвер чотири
            ятниця ять
        """,
    ),
}


@lru_cache
def share_of_texts(language: str) -> Mapping[str, float]:
    """The share of texts of a language that hold a folded word; empty for a language that is not in the table."""
    lists = ENGLISH if language == "en" else dict(zip((_MOST, _MANY, _SOME), _WRITTEN.get(language, ()), strict=False))
    return {word: share for share, words in lists.items() for word in words.split()}


def share_of_texts_by_stem(language: str) -> Mapping[str, float]:
    """The same for stems: a text holds one where it holds any of its words."""
    missing: dict[str, float] = {}
    for word, share in share_of_texts(language).items():
        stemmed = stem(word, language)
        missing[stemmed] = missing.get(stemmed, 1.0) * (1 - share)
    return {stemmed: 1 - rest for stemmed, rest in missing.items()}
