"""Common words of some languages with the share of texts that hold them: what a stream starts from, before it knows better.

Made from wordfreq 3.1.1 (Robyn Speer, https://github.com/rspeer/wordfreq; data under CC BY-SA 4.0, and so is this table): a
word of frequency f is held by 1 - exp(-250 f) of all texts of 250 words. Folded as `text.findable` folds words, in steps.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from aggregator.stories.streaming.stems import stem

_SHARES: dict[str, dict[float, str]] = {
    "en": {
        0.9: """
            and are as be for in is it of on that the this to was with you
        """,
        0.6: """
            all an at but by can from have he his if me my not one or so they we will your
        """,
        0.4: """
            about also been do don get had has her how just like more new no out people she some their them there time up were
            what when which who would
        """,
        0.25: """
            after any back because being could day did even first go going good here him into its know make may most much need
            now only other our over really right said see should than then these think too two us very want way well where work
            year years
        """,
        0.15: """
            always am another around before best better between both come does down during every find game got great help high
            home last life little long look love made man many never off old own part re same say since something state still
            such take thing things those three through under use used ve while why world
        """,
        0.1: """
            again against already anything away bad based believe big business call called care case change city company days
            didn different doesn doing done each end enough ever everything family feel few found four free full getting give
            god government group hard having head house however including keep left let live looking lot making mean men might
            money mr music must name national next night nothing number once person place play please point power public put
            read real school second seen set show small someone start states stop support sure system team tell thought times
            today told took top until water week white without women yet
        """,
        0.06: """
            able actually age ago air almost along american among anyone area ask become bit black body book buy came car cause
            check children class close comes coming community control country course court data deal death development due early
            either else everyone face fact far five following food form friend friends fuck fucking further future games general
            girl given guy guys half hand happy health heart history hit hope hours human idea important information
            international isn job john kind known large late later law least leave less level light line ll local looks lost low
            makes matter maybe means members million mind minutes months morning move myself needs news nice north office often
            oh open order others party past pay per playing police possible post president pretty probably problem question
            rather reason red remember report research room run saw saying says season series service services several shit
            short side single social soon south special started stay story taken taking talk thank thanks third though together
            true try trying turn u.s understand united university using video wait wanted war watch went whether whole win
            within woman won working wrong yeah yes york young yourself
        """,
        0.04: """
            above according account across act action added al alone although america amount answer april areas art asked
            attention available average baby bank beautiful became behind bill blue board books boy break bring british brother
            brought building cannot center central certain chance changes character chief child church clear club co college
            common companies cool cost countries county couple cup current cut date david de dead department design died
            director dr drive east easy eat education energy england english especially event evidence exactly example
            experience eyes fall fast father federal feeling felt field fight film final finally fine fire follow football force
            former forward front fun gave gets girls giving goes gold gone gonna green ground groups guess hands happen happened
            hate haven hear heard held hey higher himself hold hot hour include industry inside instead interest issue issues
            james july june key kids killed king knew land lead league learn led likely list lives living london longer looked
            lower main major management march market match media medical meet meeting member middle military miss model mom
            moment month mother movie natural near needed non october official ok online original outside page paid parents park
            perfect performance period personal phone picture plan played player players points policy political position
            present press price private problems process production program project property provide quality questions quite
            range rate reading ready received record relationship rest result results return review rights road role round
            running save science security seems self send sense sent september sex share shot shows similar site six size
            society sometimes son song sorry sound source space st stand star step street strong students study stuff style
            summer takes talking tax term test themselves thinking total town trade training tried trust tv type uk upon usually
            value various view vote wants wasn weeks west whatever wife wish word words worked works worth wouldn
        """,
        0.025: """
            ability absolutely access active activities add addition additional address administration africa agree ahead album
            allow allowed amazing analysis announced annual anti anymore anyway approach aren army article asking ass
            association attack august australia australian author awesome ball band bar base battle beach beat bed began
            beginning below beyond biggest blood born bought box boys brain brown build built california calling calls campaign
            canada cancer capital card career cases cash centre century certainly changed charge china chinese choice choose
            christmas civil claim clean clearly coach code cold collection color commercial commission committee compared
            competition complete completely computer conditions conference consider considered construction contact content
            continue continued contract costs couldn council cover crazy create created credit cross culture currently dad daily
            damn dance dark daughter december decided decision deep defense definitely degree described designed despite details
            developed die difference difficult direct direction district dog door double dream drop earlier earth easily
            economic effect effort eight election ended enjoy entire episode etc europe european events except expect expected
            extra eye fair families fan fans favorite fear features february feet female fighting figure financial finish
            finished fit floor focus followed forces foreign forget france french friday funny gas generally george german gives
            global goal goals gotta grand growing growth gun hair happens heavy hell hi hospital hotel huge hurt husband ice ii
            image imagine immediately impact included includes income increase increased independent india indian individual
            insurance interested interesting internet involved island itself january jesus jobs join judge justice kept kid kill
            knowledge knows la lack lady language latest leader leading learning leaving legal letter levels limited lines link
            listen literally lol lord lose loss loved luck majority manager mark marriage married master material meant message
            met michael miles mine minister minute missing modern moved movement moving multiple named names nature nearly
            necessary network nobody none normal note november numbers offer officer oil okay older ones opening operation
            opinion opportunity organization pain paper particular particularly parts pass passed patients paul peace percent
            perhaps photo physical pick pictures piece places plans plus poor popular population positive posted potential
            practice pre pressure previous pro product products professional protect provided published quick quickly race radio
            reach reasons recent recently region regular related release released reported required resources respect response
            rich risk river rock rule rules russia russian safe safety sale sales san scene schools sea search secret secretary
            section seeing seem sell senior serious seriously seven shall ship sign significant simple simply sir sister
            situation skin sleep sold sort sounds speak speaking specific speed spend spent sports spring staff stage standard
            starting statement station stock store stories straight student studies stupid subject success successful sun sunday
            super supposed sweet systems table teams technology telling ten terms text throughout thus title tomorrow tonight
            touch tour towards track train travel treatment trump truth turned union unit unless version via visit voice waiting
            walk wall wanna washington watching ways wear website weekend weight welcome western whose wide winning wonder
            workers worst wow write writing written wrote yesterday
        """,
    },
    "de": {
        0.9: """
            auch auf das dem den der des die ein eine es fur ich im in ist mit nicht sich sie und von zu
        """,
        0.6: """
            aber als am an aus bei dass du einen er haben hat man nach noch nur oder sind so um war was wenn werden wie wir wird
        """,
        0.4: """
            bis da dann diese doch durch einem einer habe hier ihr immer ja jetzt kann mal mehr mich mir schon sein uber vor
            wurde zum zur
        """,
        0.25: """
            ab alle alles also beim bin damit denn dieser dir einfach etwas ganz gegen geht gibt gut hatte ihre keine konnen
            machen meine muss ohne sehr seine uns unter viel vom waren weil wieder will zeit zwei
        """,
        0.15: """
            andere anderen dabei deutschland dich diesem dieses dort drei eines erst ersten gerade hab hast heute ihm ihn ihnen
            ihren ihrer jahr jahre jahren kein kommt lassen leben macht mann mein menschen mussen neue nichts nun ob seinen
            seiner seit selbst soll sollte sondern viele vielleicht ware warum weiss weiter wer wirklich wo wohl wurden zwischen
        """,
        0.1: """
            bereits berlin besser bitte dafur danke dazu deutschen diesen einmal ende euch frau gar gehen gemacht genau ins
            kommen konnte leute neuen nie sagen sehen sei seinem sowie stadt steht tag uhr unsere wahrend weg wegen welt wollen
        """,
    },
    "es": {
        0.9: """
            al como con de del el en es la las lo los no para por que se su un una
        """,
        0.6: """
            mas me pero si te
        """,
        0.4: """
            cuando esta este fue ha hay le mi muy ser sin sobre son sus tambien todo todos tu ya yo
        """,
        0.25: """
            ahora algo anos asi bien desde dia donde dos entre era eso esto hace hacer hasta mejor mucho nada ni nos parte
            porque puede solo tan tiempo tiene uno ver vez vida
        """,
        0.15: """
            alguien ano antes aqui aunque cada casa contra cosas creo cuenta decir despues dice durante ella ellos esa ese
            estaba estado estan estar estas estos estoy forma gente gobierno gracias gran habia han he hecho hoy les lugar menos
            mismo mundo nuevo nunca otra otro otros pais personas poco quien quiero sea sido siempre soy tanto tener tengo
            tienen toda todas trabajo tres va voy
        """,
        0.1: """
            ademas algunos bueno caso ciudad cual debe dias dijo entonces general historia ir luego mayor mientras mis momento
            muchos nacional nadie nuestra nuestro nueva otras parece poder primera pueden pues tal tipo veces verdad
        """,
    },
    "fr": {
        0.9: """
            au ce dans de des du en est et il je la le les pas pour qu que qui sur un une
        """,
        0.6: """
            ai avec ca elle mais ne on ou par plus se si son sont tout tu vous
        """,
        0.4: """
            aussi aux bien cette comme etait ete etre faire fait ils lui me meme mon nous ont peut sa ses
        """,
        0.25: """
            alors ans apres autre autres avait avoir ces deux dire dit encore entre faut fois france leur ma moi monde non peu
            quand rien sans suis te temps toujours tous tres va voir
        """,
        0.15: """
            ainsi as avant beaucoup bon cela chez comment contre deja depuis donc dont es francais gens grand jamais jour juste
            leurs mes moins nos notre oui parce pays personne premier quelques quoi sera soit sous toi ton toute trois trop vie
            votre vraiment
        """,
        0.1: """
            annee annees bonne car cas cet ceux chose doit elles eu fais fin histoire homme ici jours mal mieux mois moment mort
            nouveau nouvelle paris part partie pendant petit place plusieurs pourquoi premiere puis sais ta toutes travail vers
            ville vu
        """,
    },
    "it": {
        0.9: """
            che con da del della di il in la le ma non per si sono un una
        """,
        0.6: """
            al alla anche come dei delle gli ha ho lo mi nel piu questo se
        """,
        0.4: """
            ad ci cosa cui dal ed era essere fatto hanno io nella prima quando questa solo stato su suo ti tra tutti tutto
        """,
        0.25: """
            ai alle altri ancora anni chi cosi dalla degli dopo dove due fa fare gia loro mai me mia mio molto ne nei no ogni
            ora parte perche poi puo quanto quella quello quindi secondo sei sempre senza sia sua sul sulla tempo uno vita
        """,
        0.15: """
            abbiamo altro anno avere aveva bene casa caso citta contro cose dai dalle de detto dire fine fino foto giorno grande
            grazie hai italia lavoro li lui mentre modo mondo nelle noi nuovo oggi persone po primo proprio qualche quale quel
            questi qui sara siamo sta stata stati stesso storia suoi tanto te tre tu tuo tutte va vi via viene volta
        """,
        0.1: """
            agli alcuni allora altre aver cio dello deve durante erano forse fosse fu fuori gente giorni invece legge meglio
            meno momento niente nome nostro oltre pero poco posto qualcosa queste roma sarebbe sembra so sotto sto troppo vedere
            vero visto voi
        """,
    },
    "nl": {
        0.9: """
            aan als dat de die een en er het ik in is je maar met niet om op te van voor zijn
        """,
        0.6: """
            bij dan deze dit door hebben heeft hij kan meer naar nog of ook over uit was wat we ze
        """,
        0.4: """
            al ben geen goed haar heb hoe jaar kunnen me mensen mijn moet na nu ons tot veel waar wel werd worden wordt zo
        """,
        0.25: """
            alle alleen andere daar dag doen dus echt eens eerste gaan gaat had heel hier hun iets jij komen komt leven maken
            mee mij moeten nieuwe omdat onder onze staat tegen tijd toch toen twee weer wij wil zal zich zien zij zoals zou
        """,
        0.15: """
            aantal af alles altijd bent binnen deel doet drie eigen elkaar even ga geven gewoon grote hebt hele hem huis
            iedereen iemand ja jullie keer kinderen krijgen kunt laat laatste laten maakt mag man nederland net nodig nooit
            plaats samen snel steeds terug the tijdens toe tussen uur uw vanaf via vind vinden vrouw waarom want waren weet weg
            werden werk weten wie willen zelf zie zit zonder
        """,
        0.1: """
            allemaal anders beste beter blijven dagen denk eerst elke erg gebruikt gemaakt gezien ging goede graag houden jou
            kwam land lang misschien naam nee niets per staan stad vandaag verder verschillende volgende volgens vraag vragen
            wanneer wereld werken zeggen zegt zeker zelfs zullen
        """,
    },
    "pl": {
        0.9: """
            ale co do jak jest na nie sie to ze
        """,
        0.6: """
            czy dla juz ma od po przez sa tak tego tylko tym za
        """,
        0.4: """
            bardzo bedzie bo by byc ich ja jego jesli jeszcze mam mi mnie moze oraz roku sobie ten tez
        """,
        0.25: """
            bez był była było chyba ci cos gdy gdzie go jako jednak jej jestem kiedy ktore ktory lat lub ludzi ludzie mozna nas
            nawet nic no on pod przed przy rowniez ta takie takze tam te tej teraz tu tych wiec wiecej wiem wszystko zeby
        """,
        0.15: """
            aby albo bardziej beda były chce chodzi czas czasu dlaczego dlatego dnia dobrze domu dwa dzieci dzieki dzien im
            innych je jeden jestes kazdy kilka kto ktora ktorych ktorym ktorzy ktos maja mamy masz miał miejsce moj moje mu nad
            nam naprawde nich nigdy niz ok osob podczas polsce polski pracy prostu raz razem sam siebie sposob swoje taki temu
            troche trzeba tutaj ty we wiele wszyscy wszystkich wszystkie własnie zawsze został zycie
        """,
        0.1: """
            az bede cały cie ciebie dalej dni duzo dzis ile jaki jakie kraju ktorej lepiej miec moga moge moim moja mowi my
            najbardziej niego nikt nim ona oni osoby pierwszy potem rzeczy stanie strony the tyle wielu wtedy zycia
        """,
    },
    "ru": {
        0.9: """
            из как на не по что это
        """,
        0.6: """
            все для его за но он от так то
        """,
        0.4: """
            будет бы был было время года до если есть еще же или их когда кто меня мне мы она они при только ты уже чтобы
        """,
        0.25: """
            без более больше была были быть вас во вот вы где году да даже ее которые которыи лет ли может можно нас нет ни ну
            об очень под после просто раз россии себя сеичас со также там того том человек чем этого этом этот
        """,
        0.15: """
            вам всегда всего всех год два день ему жизни жизнь здесь им людеи люди между много мои надо нам него несколько них
            ничего нужно области один однако пока потому почему своеи свою себе сегодня сказал сша такои тебе тебя тем теперь
            тогда тоже тут хочу через эти этои
        """,
        0.1: """
            No вместе времени всем дело именно какои конечно которая которои которых лишь лучше место мира над первыи перед
            потом поэтому против работы свои сделать стал такое тот три хорошо человека является
        """,
    },
    "uk": {
        0.9: """
            до за на не про та це що як
        """,
        0.6: """
            але все від він для иого так то украіни
        """,
        0.4: """
            або був буде було вже ви вони дуже коли мене мені ми може нас ну по просто під року також ти тому тут час чи ще щоб
            якии якщо які із іі
        """,
        0.25: """
            без бо будь була були бути більше вам вас вона всі де зараз зі лише має можна навіть ні один при після років там те
            того треба тільки украіні хто цеи цього через чому щодо яка іх
        """,
        0.15: """
            the багато би всіх два день добре дякую же життя завжди иому людеи люди можуть між нам немає них нього ніж нічого
            області ось от потрібно проти ради раз разом роки росіі році рік саме свою себе сша сьогодні таке тебе теж тепер
            тоді тои украіна цьому ці чого щось яких інших
        """,
        0.1: """
            No знаю знову зробити краще мають міста місце над ніколи одного осіб перед питання потім рішення своі серед собі
            такии такі територіі тим тобі три украінськоі участь хочу ця шо якого інші
        """,
    },
}


@lru_cache
def share_of_texts(language: str) -> Mapping[str, float]:
    """The share of texts of a language that hold a folded word; empty for a language that is not in the table."""
    return {word: share for share, words in _SHARES.get(language, {}).items() for word in words.split()}


@lru_cache
def share_of_texts_by_stem(language: str) -> Mapping[str, float]:
    """The same for stems: a text holds one where it holds any of its words."""
    missing: dict[str, float] = {}
    for word, share in share_of_texts(language).items():
        stemmed = stem(word, language)
        missing[stemmed] = missing.get(stemmed, 1.0) * (1 - share)
    return {stemmed: 1 - rest for stemmed, rest in missing.items()}
