"""Countries, capitals, organisations and peoples under one key in nine languages.

States go by the names of ISO 3166-1 and of the United Nations' list of member states; a people and its adjective go with the
state. The list is of the states and bodies that official statements of Europe and its neighbours name; it is no gazetteer.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from aggregator.text.numberwords import word_set

# KEY: forms, in small letters. `*` stands for any ending; `_` joins words; capitals only where a form is written in capitals.
_TABLE = """
ukraine: ukrain* ucrani* ucraina ucrain* oekraïn* oekraien* украин* україн* україн* ουκραν*
russia: russia russia's russian russians russie russe russes russland russlands russisch* russen rusia ruso rusos rusa
    rusas russo russi russa rusland russisch* rosja rosji rosję rosją rosyjsk* россия россии россию россией российск*
    русск* росія росії росію росією росіян* російськ* ρωσ*
belarus: belarus* bélarus* biélorus* weißrus* weissrus* bielorrus* bielorus* wit-rusland wit-russisch* białoru*
    белорус* беларус* білорус*
usa: US u_s USA u_s_a EEUU ee_uu EUA VS VSA v_s США СЩА united_states états-unis etats-unis état*_unis* etats_unis
    vereinigte*_staaten estados_unidos stati_uniti verenigde_staten stan*_zjednoczon* американ* american* américain*
    americain* amerikan* american* amerikaans* amerykańsk* америк* america amérique amerika соединенн*_штат*
    соединённ*_штат* сполучен*_штат* estadounidens* statunitens* ηπα
uk: UK u_k english anglais* englisch* inglés ingles* inglese engels* angielsk* английск* англійськ* united_kingdom
    royaume-uni royaume_uni vereinigte*_königreich* reino_unido regno_unito verenigd_koninkrijk wielk*_brytani*
    британ* великобритан* британі* britain british britannique* britisch* británic* britannic* brits britse brytyjsk*
    großbritannien grossbritannien groot-brittannië gran_bretaña gran_bretagna grande-bretagne
france: france french français française françaises francais frankreich* französisch* franzosen francia francés
    francesa franceses francese francesi frankrijk frans franse francj* francusk* франц* γαλλ*
germany: germany german germans allemagne allemand* deutschland* deutsch deutsche deutschen deutscher alemani* alemán
    alemana alemanes germania tedesc* duitsland duits duitse duitsers niemcy niemiec niemczech niemieck* германи*
    германск* немецк* німеч* німец* γερμαν*
poland: poland polish pologne polonais* polen polnisch* poloni* polac* polaco* polen poolse polska polski polskie
    polskiej polską польш* польск* польщ* польськ*
italy: italy italian italians italie italien italienne* italienisch* itali* włoch* włosk* итал* італ*
spain: spain spanish espagne espagnol* spanien* spanisch* españa español española españoles españolas spagn* spanje
    spaans* hiszpan* испан* іспан*
netherlands: netherlands dutch pays-bas néerland* niederland* niederländ* países_bajos neerland* paesi_bassi olandes*
    olanda nederland* holandi* нидерланд* нідерланд* голланд* голланд*
belgium: belgi* belgique belge belges bélgica belga belgas belgijsk* бельг*
austria: austri* autrich* österreich* oostenrijk* австри* австрі*
switzerland: swiss switzerland suisse* schweiz* suiza suizo* svizzer* zwitser* szwajcar* швейцар*
sweden: swed* suède suédois* schwed* suecia sueco* svezia svedes* zweden zweeds* szwec* szwed* швед* швеци* швеці*
finland: finland finnish finlande finland* finnland* finnisch* finlandi* finlandés* finlandes* fiński* финлянд* финск*
    фінлянд* фінськ*
norway: norway norwegian norvèg* norvég* norweg* norueg* norvegi* noorwegen noors* norwesk* норвег* норвеж* норвез*
denmark: denmark danish danemark danois* dänemark* dänisch* dinamarca danés* danimarca danes* denemarken deens* dania
    danii danię duński* дания дании данию данией датск* данія данії данію данією данськ*
czechia: czech* tchèque* tchéqu* tschech* chequia checa checo cechia ceca ceco tsjech* чехи* чехі* чешск* чеськ*
slovakia: slovak* slovaqu* slowak* eslovaqu* eslovac* slovacc* slowakije słowac* словак* словаці* словац*
hungary: hungar* hongr* ungarn* ungarisch* hungrí* húngar* ungher* hongaar* hongarije węgry węgier węgrz* węgiersk*
    венгр* венгер* угорщ* угорс*
romania: romania* roumani* roumain* rumän* rumani* rumano* rumen* roemeen* roemenië румын* румун*
moldova: moldov* moldav* moldau* молдав* молдов* mołdaw*
bulgaria: bulgar* bulgarie bulgarisch* búlgar* bulgaars* bułgar* болгар*
serbia: serbi* serbe* serbisch* serbo serbia servië servisch* серб*
greece: greece greek grèce grec grecs grecque* griechen* griechisch* grecia grieg* griekenland grieks* grecj* greck*
    греци* греческ* греці* грецьк* ελλαδ* ελλην*
turkey: turkey türkiye turkish turquie turc turcs turque* türkei türkisch* turquí* turco turca turcos turchia turkije
    turks turkse turcj* tureck* турци* турец* туреч* τουρκ*
lithuania: lithuan* lituan* litauen* litauisch* lituani* litou* litwa litwy litwie litwę litewsk* литв* литов*
latvia: latvi* letton* lettland* lettisch* leton* letlan* łotw* латви* латыш* латві* латвій*
estonia: estoni* estnisch* estland* эстон* естон*
georgia: georgia georgian georgians géorgie géorgien* georgien georgiens georgisch* gruzj* грузия грузии грузию
    грузией грузинск* грузія грузії грузію грузією грузинськ*
armenia: armeni* arméni* armen* армян* армен* вірмен*
azerbaijan: azerbai* azerbaï* aserbaid* azerbay* azerbeid* azerbejd* азербайдж*
kazakhstan: kazakh* kasach* kazaj* kazak* казах*
uzbekistan: uzbek* ouzb* usbek* oezbe* узбек*
china: china china's chinese chine chinois* chinesisch* chino china chinos cinese cinesi cina chinees chinese chiny
    chińsk* китай* китая китаю китаем китае китаї* китає* κινα*
japan: japan* japon* giappon* япон*
india: india indian inde indien* indien* indisch* индия индии индию индией индийск* індія індії індію індією індійськ*
israel: israel* israël* isra* izrael* израил* ізраїл*
iran: iran irans iranian* irán irani* иран* іран*
iraq: iraq* irak* irak ирак* ірак*
syria: syria syrian syrians syrie syrien* syrisch* siria siriano sirio syryjsk* сирия сирии сирию сирией сирийск*
    сирія сирії сирію сирією сирійськ*
egypt: egypt* égypt* ägypt* egipt* egitto egizi* египет* египт* єгип*
turkmenistan: turkmen* туркмен*
korea_north: north_korea* corée_du_nord nordkorea* corea_del_norte corea_del_nord noord-korea* КНДР северн*_коре* північн*_коре*
korea_south: south_korea* corée_du_sud südkorea* corea_del_sur corea_del_sud zuid-korea* южн*_коре* південн*_коре*
canada: canad* kanad* канад*
australia: australi* austral* австрал*
brazil: brazil* brésil* brasil* brazyli* brazili* бразил*
saudi: saudi* saoudit* saudisch* saudit* саудов* саудівськ*
emirates: UAE ОАЭ united_arab_emirates émirats* emirat* emirat* эмират* емірат*
qatar: qatar* katar* catar катар*
cuba: cuba* kuba kubański* kubisch* kubanisch* cubaans* куба кубы кубе кубу кубой кубинск* кубинськ*
venezuela: venezuel* venezol* wenezuel* венесуэл* венесуел*
eu: EU UE e_u u_e ЕС ЄС european_union union_européenne union_europeenne europäisch*_union unión_europea
    unione_europea europese_unie uni*_europejsk* европейск*_союз* євросоюз* евросоюз* європейськ*_союз*
ecommission: european_commission commission_européenne europäisch*_kommission comisión_europea commissione_europea
    europese_commissie komisj*_europejsk* еврокомисс* европейск*_комисс* єврокомісі* європейськ*_комісі*
eparliament: european_parliament parlement_européen europäisch*_parlament* europaparlament* parlamento_europeo
    europees_parlement parlament*_europejsk* европарламент* европейск*_парламент* європарламент*
    європейськ*_парламент*
un: UN u_n ONU VN ООН united_nations nations_unies vereinte*_nationen naciones_unidas nazioni_unite verenigde_naties
    narod*_zjednoczon*
nato: NATO OTAN НАТО nato nato's
osce: OSCE OSZE OSCE OVSE OBWE ОБСЕ ОБСЄ
g7: g7
imf: IMF FMI IWF МВФ
iaea: IAEA AIEA IAEO OIEA МАГАТЭ МАГАТЕ
whitehouse: white_house maison-blanche maison_blanche weiß*_haus* casa_blanca casa_bianca witte_huis biał*_dom*
    белый_дом белого_дома белом_доме білий_дім білого_дому
kremlin: kremlin kreml* kremlin* cremlino kremla кремл*
kyiv: kyiv kiev kyjiw* kiew* kijów kijow* kijev киев киева киеве киеву киевом київ києва києві києву києвом київськ*
    κίεβο
moscow: moscow moscou moskau* moscú mosca moskou moskwa moskwy moskwie moskwę москва москвы москве москву москвой
    москви москві μόσχα*
washington: washington* waszyngton* вашингтон*
brussels: brussels bruxelles brüssel* bruselas brussel bruksel* брюссел*
london: london* londres londra londen londyn* лондон*
paris: paris parís parigi parijs paryż* париж*
berlin: berlin berlins berliner berlinés berlín berlino берлин* берлін*
warsaw: warsaw varsovie warschau* varsovia varsavia warszaw* варшав*
rome: rome roma rzym* рим рима риме
vienna: vienna vienne wien wiener viena wenen wiedeń wiedni* wiedeńsk* вена вены вене відень відн*
geneva: geneva genève genf* ginebra ginevra genew* женев*
beijing: beijing pékin peking* pekín pechino pekin* пекин* пекін*
minsk: minsk* mińsk* минск* мінськ*
istanbul: istanbul* estambul stambuł* stamboul стамбул*
ankara: ankara* анкар*
kharkiv: kharkiv kharkov kharkiv charkiw* járkov járkiv charków charkow* харьков* харків* харков*
kherson: kherson cherson* jersón херсон*
odesa: odesa odessa odess* одес*
lviv: lviv lvov lemberg* lwów* lwow* leópolis львов* львів*
mariupol: mariupol* marioupol* маріупол* мариупол*
donetsk: donetsk* donezk* donieck* донецк* донецьк* donbas* donbass* донбас*
luhansk: luhansk* lugansk* louhansk* ługańsk* луганск* луганськ*
zaporizhzhia: zaporizh* zaporozh* zaporij* saporisch* zaporoż* zaporiyia запорож* запоріж*
crimea: crimea* crimée* krim krim-* krym* крым* крим криму крима кримськ*
dnipro: dnipro dnepr* dniepr* днепр* дніпр*
chernobyl: chernobyl chornobyl tchernobyl* tschernobyl* chernóbil czarnobyl* чернобыл* чорнобил*
europe: europe european européen* europa* europä* europe* europees europese europejsk* европ* європ*
xi: си_цзиньпин* xi_jinping*
leyen: von_der_leyen фон_дер_ляйен* фон_дер_лаен* фон_дер_леєн* фон_дер_лейен* фон_дер_ляєн*
"""


def _read() -> tuple[dict[str, list[tuple[tuple[str, ...], str]]], dict[str, list[tuple[tuple[str, ...], str]]]]:
    whole: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    stems: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for line in _TABLE.replace("\n    ", " ").strip().splitlines():
        key, _, forms = line.partition(": ")
        for form in forms.split():
            first, *rest = (_folded(part) for part in form.replace("-", "_").split("_"))
            table = stems if first.endswith("*") else whole
            table.setdefault(first.rstrip("*"), []).append((tuple(rest), key.replace("_", "")))
    for table in (whole, stems):
        for entries in table.values():
            entries.sort(key=lambda entry: -len(entry[0]))
    return whole, stems


@lru_cache(maxsize=8192)
def _folded(word: str) -> str:
    """A word of Latin letters without accents; others have letters of their own that Unicode would take apart."""
    if word.isascii():
        return word
    bare = "".join(sign for sign in unicodedata.normalize("NFD", word) if unicodedata.category(sign) != "Mn")
    return bare if bare.isascii() else word


_WHOLE, _STEMS = _read()
# Written small they are other words: "indien" (if), "polish", "turkey".
SMALL_ONLY = word_set("frances aleman")  # Frances, Alemán: other people
CAPITAL_ONLY = word_set("indien polish turkey polen china rome roma cuba kuba paris english vienna wien viena")
INITIALS = 2  # letters of a part of U.S. and EE.UU.
SHORTEST = min(map(len, _STEMS))
_BEGINNINGS = frozenset(form[:SHORTEST] for form in (*_WHOLE, *_STEMS))  # most words of a text begin otherwise


def known_name(words: Sequence[str]) -> tuple[str, int]:
    """The key of the name that these words begin with, and how many words it has; ("", 0) where it is none of the table."""
    for rest, key in may_begin(words[0]):
        if all(_fits(word, form) for word, form in zip(words[1:], rest, strict=False)) and len(words) > len(rest):
            return key, 1 + len(rest)
    return "", 0


def name_of(word: str) -> str:
    """The key of the name that is this one word, "" where it is none. Not remembered: for who remembers it, or asks once."""
    if word.isascii() and word.isalpha() and word[:SHORTEST].lower() not in _BEGINNINGS and not word.isupper():
        return ""
    return next((key for rest, key in may_begin(word) if not rest), "")


@lru_cache(maxsize=8192)
def may_begin(word: str) -> tuple[tuple[tuple[str, ...], str], ...]:
    """The names that begin with this word, longest first: the other words of each, and its key."""
    if word.isupper() and word in _WHOLE:
        return tuple(_WHOLE[word])
    low = word.lower().replace("’", "'").removesuffix("'s")
    low = _folded(low.rpartition("'")[2] or low)
    if low[:SHORTEST] not in _BEGINNINGS or low in (CAPITAL_ONLY if word[0].islower() else SMALL_ONLY):
        return ()
    found = list(_WHOLE.get(low, ()))
    for length in range(min(len(low), 14), SHORTEST - 1, -1):
        found += _STEMS.get(low[:length], ())
    return tuple(sorted(found, key=lambda entry: -len(entry[0])))


def _fits(word: str, form: str) -> bool:
    if len(form) <= INITIALS and not word.isupper():
        return False
    low = _folded(word.lower())
    return low.startswith(form[:-1]) if form.endswith("*") else low == form
