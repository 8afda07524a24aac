"""Words that are written with a full stop and go on, and words that begin a sentence, in nine languages."""

from __future__ import annotations

# In small letters, without the full stop. A name follows these, so they end no sentence:
_BEFORE_A_NAME = """mr mrs ms messrs dr prof gen lt col maj capt cmdr cpl sgt adm brig sen sens rep reps gov pres st ste mt hon
 rev fr amb sec atty supt vs v cf mx ft
 m mm mme mmes mlle mgr me bd
 hr hrn fr frl dipl fa
 sr sra srta dña ud uds
 sig sigg dott avv ee ing
 dhr mevr mw drs ir
 ul al im św ks gen por płk hr
 п ст им ул акад проф пр-т просп пер наб пл тов р-н гр ген полк адм св о пос дер доц
 ім вул буд пров бульв акад смт св адм див"""
# A number follows these; before anything else they may be the end:
_BEFORE_A_NUMBER = """no nos nr nrn art arts abs bd kap tel p pp pag pág num núm fig vol ca approx sec §§ par ziff rn cap
 jan feb mar apr jun jul aug sep sept oct nov dec janv févr avr juil déc okt dez
 янв фев февр мар апр июн июл авг сен сент окт ноя нояб дек січ лют бер кві тра чер лип сер вер жов лис груд
 стр стор рис табл гл ч п пп абз разд тел рис розд № n godz poz str tel pkt"""
# More of the same sentence may follow these, or a new one: the next word tells.
_MAY_END = """u.s u.k u.n e.u u.s.a d.c a.m p.m ph.d b.a m.a ll.b inc ltd co corp jr esq plc llc gmbh bros bhd nv
 approx est dept univ assn ave blvd rd etc al ed eds
 usw bzw evtl ggf inkl exkl sog vgl geb gest str stv
 p.ex av apr j.-c tél boul
 ee.uu etc pág c.v aa.vv ecc
 bijv enz evt blz jl
 np tzn itd itp m.in
 mio mrd tsd др пр гг вв напр см ред изд кв обл
 ін рр ст ред вид зв uu"""
BEFORE_A_NAME = frozenset(_BEFORE_A_NAME.split())
BEFORE_A_NUMBER = frozenset(_BEFORE_A_NUMBER.split())
MAY_END = frozenset(_MAY_END.split())
# A year stands before these, or a name behind them: "2022 г.", "г. Москва"; "2022 р.", "м. Київ".
# Written small these are no titles: "4.2 m."
CAPITAL_ONLY = frozenset(["m", "p", "me", "fr", "fa", "ing", "col", "mt", "ft", "gen"])
CITY_OR_YEAR = frozenset("г р м с д в ст r".split())
# German ordinals follow these: "am 3. Oktober", "der 2. Weltkrieg".
_BEFORE_AN_ORDINAL = """am der die das dem den des vom zum zur im ab bis und seit beim ins ein eine einen einem einer
 jeder jeden jedem zwischen sein seine seinen seinem seiner seines ihr ihre ihren ihrem ihrer unser unsere unserer unserem
 diese diesem diesen dieser dieses mein meine meinem meinen meiner"""
BEFORE_AN_ORDINAL = frozenset(_BEFORE_AN_ORDINAL.split())

_STARTERS = """
 the he she it they we i you a an this that these those there his her their our its my your in on at as if when while for
 but and or so however after before since during under with from by to also although because both each every all some many
 what who how why where not no one two more most then now here today yesterday according meanwhile asked speaking such
 le la les il elle ils elles nous vous je ce cette ces un une des en dans pour mais et selon au aux sur son sa ses leur
 leurs on or ainsi après avant cela c'est
 der die das er sie es wir ich ein eine einen einer im am mit nach dies diese dieser dieses dabei auch aber und für zu zur zum
 von vor bei als wenn seit damit daher doch sein seine ihr ihre man
 el los las ella ellos ese esa este esta estos estas pero según su sus con por para
 lo gli egli essa questo questa questi ma per con nel nella secondo si
 de het een hij zij wij ik dit dat deze die maar en op bij voor met volgens zijn haar ook
 on ona oni my ja to ten ta te ale oraz w we na po z ze od do dla jak tak jego jej ich
 он она они мы вы я это этот эта эти тот та те в во на по но и а как так с со у о об за из к ко для при после также если
 его её ее их наш наша наши кроме однако поэтому там здесь тогда потом что не вот все мой
 він вона вони ми ви це цей ця ці у під але і й та як з із зі за до для при після також якщо його її їх їхній наш наша наші
 крім однак тому там тут тоді потім що не ось усі всі про від мій
"""
STARTERS = frozenset(_STARTERS.split())  # words that, with a capital behind a full stop, most often begin a sentence
TOP_LEVEL = frozenset("com org net gov edu int info mil io app ru ua eu uk fr pl kz".split())  # "Booking.Com" is one word
