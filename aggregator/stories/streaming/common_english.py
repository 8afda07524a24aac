"""Common words of English with the share of texts that hold them.

The shares were counted in the first 250 words of 790 releases of members of Congress, 102 pages of the White House (neither of
the days that `make quality` measures with; works of the United States government, in the public domain), and 67 pages of the
State Department, the White House and GOV.UK (Open Government Licence v3.0): the geometric mean of the three, so that what only
one of them says often is not common, in steps. A word of the smallest list of SCOWL (size 10) has the lowest share at least,
the shortest of each stem. Folded as `text.findable` folds words.

SCOWL (Spell Checker Oriented Word Lists, http://wordlist.sourceforge.net/): the collective work is Copyright 2000-2011 by Kevin
Atkinson. Permission to use, copy, modify, distribute and sell these word lists, the associated scripts, the output created from
the scripts, and its documentation for any purpose is hereby granted without fee, provided that the above copyright notice
appears in all copies and that both that copyright notice and this permission notice appear in supporting documentation. Kevin
Atkinson makes no representations about the suitability of this array for any purpose. It is provided "as is" without express or
implied warranty.
"""

from __future__ import annotations

from collections.abc import Mapping

ENGLISH: Mapping[float, str] = {
    0.9: """
        and for in is of on that the to with
    """,
    0.6: """
        are as by from this
    """,
    0.4: """
        an at be has have it our president state states their today united we will
    """,
    0.25: """
        all also american been can first including its more new not office or other people said secretary security support these
        they through was which who work world year
    """,
    0.15: """
        about across act administration after against america announced any but continue country department economic ensure
        every federal following foreign future government he high his international into law like made many military most nation
        national now one order out over provide public so than those time two ukraine up war washington well were when while
        would years you
    """,
    0.1: """
        action actions additional address before being between biden billion both building citizens commitment communities
        community could critical day development do during economy efforts energy executive families force forces full further
        global good great had health help here historic home house how if important increase information just key last leaders
        leadership life local long make may me members minister must my nations need no only part partners policy protect
        response russia russian service services should significant since some strong such take th them there together trade
        under us use very what where working
    """,
    0.06: """
        access again agency ago agreed allies already am among areas around assistance attack available back based because below
        best bilateral bring build called care certain challenges children clear come committed congress continued continues
        cooperation cost costs council countries create crisis current days defense deputy director domestic down each education
        effective emergency end ensuring european even ever expand face family fighting financial forward four free freedom
        fully funding general get given her history homeland human impact importance include independence infrastructure
        institutions integrity investment issue issues joint justice know large legislation major march measures meeting message
        million months much nearly necessary news next north operations opportunities opportunity past peace place plan
        political potential power price prime program progress re recent region related remains report republic resources result
        right rights safe safety second secure see set signed sovereignty steps stop strategic strengthen supply system taken
        taking technology thank then threats times took union used way week white why within without women your
    """,
    0.04: """
        able addition affairs age agencies agenda aggression americans anniversary another approach april area armed authority
        background become began beginning believe benefit better bill bold border borders business businesses call cannot
        capabilities celebrate center chains chairman change close common companies comprehensive conflict consequences
        continuing control coordinated coordination course david december decision decisive deliver demand develop different
        direct discuss does doing don donald drug due established europe facilities fact february federation few focus food
        foundation funds go going gov growth hard head helping him honor immediate implementation implementing impose improve
        increased industrial industry inflation invasion jobs joined keep largest later launched lead leader leading led left
        legal level line live lives look making management market media medical meet middle millions mission moment move needs
        number off officials ongoing online participants particular particularly partnership percent person personal policies
        position powerful presidential press private process products programs promote prosperity protection proud provides
        providing put reached real received reduce regarding regional regulations relations released remain representatives
        research resilience respect results review risk role rural safer same sanctions say scale school sector sent serve
        several severe shared situation social south special stability statement strength strengthening stronger success
        supporting term thanks therefore things think thousands threat three throughout too tools top troops trump unity upon
        values ve vice whether workers yet young
    """,
    0.025: """
        ability accordance account accountability achieving added addressed administrator advancing affected affordable
        afternoon agricultural agriculture air along annual appropriate army assistant august authorities average bank base
        basis became begin benefits beyond birth briefing bringing brings built buy california calls capital career cause caused
        celebrated central century challenge changes chief choice circumstances cities city class closely combat coming
        committee commonwealth company conditions confidence consistent consumers controlled counter court covid crime crucial
        cultural culture currently cut cutting date de death declared dedicated deep defend delivered delivering demands
        democracy departments designed despite determination developed developing diplomacy diplomatic directly disaster
        discussions disease dollars dr drive driving drugs earlier early east eastern economies edge effect effectively effects
        effort eight emergencies emphasized enduring engage entire environment environmental equipment establishing event events
        evidence exchange export extraordinary facility faith far farmers final forum framework fundamental gas generations
        germany give governments governor group grow half happen having healthy heart highest highlighted holding hope hosted
        hours however identify illegal imports imposing included includes increasing independent individuals industries
        initiative initiatives innovative interests investments involved james january job john july keeping kingdom known lady
        late legacy let levels light list living loss love main makes manufacturing mark markets massive means member men met
        modern money month mutual nato natural needed never night nothing often ordered organization organizations outcomes own
        parents parties parts party pass patients paying per pleased point police powers precious prepared prevent previous
        principles priority proclamation profound proudly provided purpose putin putting quality range rate rates reach
        readiness reaffirmed reason rebuild receiving recently recognize recommendations record recovery reform regions
        relationship release relevant reported represent require resolve respond restrictions risks room rules run schools
        science scientific section seeking seen send september series served share show shows signing six small society
        solutions speaker specifically speed staff standards start step strongest subject suffering summit sure sustainable task
        tax taxpayer technical terms tonight total training ukrainian unique unite unprecedented value veterans violation
        violence violent vital vulnerable want weapons weeks welcome whose words worked yesterday
    """,
    0.015: """
        according activities actors actually advance advanced advice aggressive agree agreement agreements ahead aircraft
        alliance allow almost alone always amount announce appointed approved asked assist attempts automatic away begun behalf
        beliefs big biggest birthday brave budget calling catastrophic centuries chain choices civil claims closer collaboration
        commission compared competition completed concrete congratulate connect consider constitution consultation contact
        contributing controls core created creating creative credit criminal damage data debt decades declaration destruction
        deter directed discussed district done duty earth either eliminate employees enable ending engaged enormous enter entry
        especially essential evening everyone expanded experience experts expressed failure feel field findings firmly fiscal
        five follow formal former found friends friendship funded gave generation goal goals goods ground growing guard halt
        happening held historical historically hit hold homes hospital housing ideas identified immediately imposed initial
        innocent inspired intelligence interest introduced introduction issued join laid land largely lasting launch laws limit
        loan located low lower maintain man manner marking marks materials mean medicine might minority model moments morning
        moved movement network nuclear numerous occasion offers officer officers once open operational others outside overall
        package period placing planned play points politics popular pose positions possible practices pressure prevention
        previously prices pride prior problem produce product production prohibit projects promoting proposed protecting
        protects purchasing raise really receive recognized recognizes regardless regular relief remarks repair representative
        representing requested resolution responsible restore returned rich saving saw saying search season serious seven
        sharing showed sign significantly simple single skills something space speak spending spent spoke stage stand started
        stated still stressed successfully supplement supplies supports supreme systems takes team technological temporary tens
        terrorist thing though ties toward towards traffic train travel tremendous turn updated urged urging vast version
        victory view visitors waste watch western whole wide win woman worth youth
    """,
    0.01: """
        above absence absolute absolutely abuse academic accept acceptable accessible accident accidental accidentally accuracy
        accurate acquire acted acting active acts actual add adding adds adequate adjust administrative admit admitted adopt
        advantage advertise advise afford afraid afterward ages agreeing aid aim aimed aiming aims alarm album algorithm alias
        alive alter alternate alternative alternatively although altogether ambiguous amongst amuse analog analogue analysis
        ancient angle angry animal annoy annoys anonymous answer answered anybody anyone anyplace anything anyway anywhere apart
        apologise apologize apology apparent apparently appeal appear appearance apple application applying appreciate approval
        arbitrary argue argument arise arithmetic arm arrange arrive art article artificial artist aside ask asking asks asleep
        aspect assembly associate association assume assumption assure ate atmosphere attach attacha attend attention attitude
        attract attractive audience author automatically automobile autumn avoid awake award aware awful awkward backwards bad
        badly balance ball ban band bar bars basic basically basing battery battle bear beautiful bed beforehand behave behavior
        behaviour behind belong besides bet bets bid bidding bids bigger binary bind biology bit bite biting bits bitten bizarre
        black blame blank block blood blow blue board boat bodies body book boot bore borne borrow bothered bottle bottom bought
        bound box boxes boy bracket branch brand breach break bridge briefly bright broadcast broke broken brother brought brown
        bucket buffer bug bugs bulk bulletin buried bury bus busy button buying buys byte calculate calculation came campaign
        candidate capable capacity captain car card cardboard careful carefully carry carrying case cash cassette cat catalog
        catalogue catch category caught cease cell centre certainly chair chance channel chaos chapter char character charge
        cheap cheapest check chemical cheque child chip choose chose chosen church circle circuit circulation clarify classes
        clean clearest clearly clever climate clock closest club clue code coded coding coffee cold collapse colleagues collect
        college color colour column combine command comment commercial commonly communicate communication comparable
        comparatively comparison compatibility compatible compiler complain complaint completely complex complexity complicate
        component compose composition compromise compulsory compute concept concern conclusion conference confident confirm
        confuse consequently considerable considered consist consistency constant constraint construct consumption contain
        content context continually continuous continuously contract contrary contrast convenient convention conventional
        conversation convert convince cope copied copy corner corporate correct correctly corrupt couple cover crash crazy
        creature crisp criticism cross cry cs cumming cums cup cure curious cursor customer cuts cycle daily danger dangerous
        dare dark database dated dating datum dead deal dealt dear debate decent decide decrease deduce deem deeply default
        defence define definite definitely definitive degree delay delete deliberate deliberately democratic demonstrate
        demonstration depend depth derive describe description deserve desirable desire desk desperate destroy destroys detail
        detect device devote dictionary did die died dies differ difference differently difficult digit digital dinner dirty
        disabled disadvantage disagree disappear disc discipline discount discourage discover discovered disk dislike display
        displays distance distant distinct distinctly distinguish distribute disturb ditto divide division document doe dog
        domain door double doubt doubtful dozen dramatically drastic draw drawn dream drew drink driven drop dropped drove dry
        dubious dumb dump dying earliest ease easier easiest easily easy eat eaten eating eats edit editor educational efficient
        elect electric electronic element elevator else elsewhere embarrass embarrassed emphasis empty encounter encountered
        encourage ended ends enemy engineer engineered enhance enjoy enough entirely entitle entity entrance equal equally
        equivalent eraser err error escape essentially establishment estimate eventually everybody everything everywhere exact
        exactly examine example excellent except excess excessive exclude exclusive excuse execute exercise exist existence
        expansion expect expense expensive experiment experimental explain explanation explicit express extend extension
        extensive extent external extra extract extreme extremely eye eyes factor fail fair fairly fall fallen false familiar
        famous fan fancy farther farthest fashion fast fastest fatal fate father fault favor favorite favour favourite fear
        feasible feature fed feed feedback feet fell felt fewer fewest figure file filed filing fill film finally fine finger
        finish finite fire firm firstly fish fit fits fitted fix fixed fixes fixing flag flash flat flavor flavour flew flexible
        flied flies flight float floor flow flown fly flying folk foot forever forget forgetting forgot forgotten format forth
        forthcoming fortunately fortune fourth fraction frame freely french frequent frequently fresh friendly fries front fry
        fun function fundamentally funny furthest gain game gap garbage garden gasoline gather gender generally generate genuine
        gets getting girl giving glad glass goes gone got gotten gradually graduate grand grant graph graphic grateful grave
        gray greatest greatly green grew grey grind gross grosses grown guarantee guaranteeing guess guessed guidance guide
        guidelines gun guy habit hack hair hall hand handle hang happily happy hardest hardly hardware harm harmful harmless hat
        hate hear heard heat heavily heavy hell hello helpful hence hereby herself hes hid hidden hide hiding highly hill
        himself hint hits hitting hole holiday holidays honest hoped hopefully hoping horrible horse hot hotel huge hundred
        hundreds hung hunt hurry husband ice ideal identical identity ignore ill image imagine implication imply implying
        importantly impossible impression inability inadequate inch incident incidentally incline income incompatible incomplete
        inconsistent inconvenience incorrect indeed independently index indicate indication individually inevitably inferior
        infinite influence info initially inner innovation input inputted insert inside insist install instance instant
        instantly instead instruction insurance integer integral intelligent intend intention interact interface internal
        interpret interval intervention invalid invariably invent investigate invisible invite irrelevant irritate isolate item
        itself joke joy judge judgment jump junk justification justify justifying keen kept keyboard keys kid kill kind kindly
        king knew knock knowledge label labelled labor laboratory labour lack ladies lain language latest latter lay layout lazy
        leach leaf learn learnt least leave lecture leg legally legs lend length less lesson lets letter liable library lie lied
        lies lifetime lift liked likely likewise liking linear link listen literally literature little lived load lock log
        logged logic logical logs longest loop loose lorry lose losing lost lot lots loudly lowest luck lunch lying machine mad
        magic magnetic magnitude mail mainly majority manipulation manual map marriage marry mass master match mathematical
        mathematics matter maximum maybe meaningful meaningless meant mechanic mechanism medium membership memory mention
        mentioned mere merely merit mess metal method midnight mile mind mine minimal minimum minor minute mislead misled
        mistake mistaken mistook misunderstand misunderstood misuse mix mixed mixes mixing mod mode modify modifying monitor
        moral mostly mother motion mouth movie moving multiple music myself mysterious naive name named namely naming nasty
        naturally nature naughty near nearby nearest necessarily necessity neck negative neither nervous net nevertheless nice
        nicer nicest nine nobody noise none nonsense nor normal normally note noted notice notify noting novel nowadays nowhere
        numbest numerical obey object obscure observe obtain obvious obviously occasional occasionally occupy occupying occur
        occurred odd odds offensive oh oil old older oldest omit omitted ones onto operate operator opinion oppose opposite
        option optional ordinary organise origin original originally otherwise ought ours ourselves outer outlined output owe
        owed owes owing owner pace pack packet page paid pain painful pair paper paragraph parallel park partial partially
        partly patch path pattern pause pay payed pays peaceful peak peculiar pen perfect perfectly perform performance perhaps
        permanent permanently permission permit permitted personally persuade petrol phase phenomenon philosophy phone phrase
        physical pi pick picture piece pile pint pipe plain planet plant plastic plea pleasant plenty plot plug plus pocket poem
        poet pointless poll pool poor pop population port positive possibility post postmaster potentially pound practical
        practically practise precise precisely prefer preferable preference preferred prescription presence present preserve
        pressed presumably presume pretty primary primitive print printout probably procedure processed processor professional
        programme promise prompt promptly prone proof proper properly property proportion proposal prospect protest prove
        publicity publicly publish pull punctuation puncture pure purely push puts qualify qualifying quantity quarter queen
        question queue quick quickest quickly quiet quietly quit quitting quote race racial radio rain ran random randomly rapid
        rapidly rare rarely rather raw react read readable readily realise reality realize reasonable recall reception recognise
        recognition recover red reduction redundant refer reference referred reflect refuse register registered regret regularly
        reject relative relatively relevance reliable religion religious reluctant rely remember remembered remind remote
        remotely removal remove repeat replace reply replying reproduce reserve resident resort respectively responsibility rest
        restart retain reveal reverse rewrite rid ridding ride ridiculous rids ring rise river road roll root rough roughly
        round route routine row rubber rubbish rumor rumour running runs rush sad sadly safely safest saint sake saki sale
        sample sat satisfy satisfying save saved says scan scene scheme score scrap scratch screen script secondary secondly
        secret seeing seem sees select self sell seminar senior sense sensible sensitive sentence separate separately sequence
        serial seriously session sets setting settle severely sex shall shame shape sharp she sheet shelf shell shift ship shoot
        shop shopped short shortage shortest shortly shown shut shutting side sight signal significance silly similar similarly
        simplest simultaneous simultaneously sincerely sit site sits sitting size sleep slight slightly slip slow slowest slowly
        smallest smile smooth soft software sold solely solid solve somebody somehow someone someplace sometime somewhat
        somewhere son soon soonest sophisticate sorry sort sought sound source southern spare specially specific specify
        specifying speech spell spelt spirit spite split splitting spoken spot spotted spread spring square stable statistic
        statistical status stay steal stick stock stone stood stopped storage store storey straight straightforward strange
        strategy stream street strict strictly strike string strongly struck structure stuck student study studying stuff stupid
        style submit submitted subsequent subset substantial substitute subtle succeed successful sudden suddenly suffer suffice
        sufficient sufficiently sugar suggest suit suitable sum summary summer sun superior supervisor supplying suppose surely
        surface surprise survey survive suspect suspend suspicion switch symbol syntax table talent talk tank tape target taste
        taught tea teach technique tedious teeth telephone television tell temperature temporarily ten tend tendency terminal
        terminology terribly test text themselves theoretical theory thereby thin third thoroughly thought threw throw thrown
        thus ticket tie tied tight till timed timing tin title token told tomorrow tooth topic totally touch town trace track
        traditional transfer transferred translate translation transport trap trapped trash treat treatment tree trial trick
        tried tries trip trivial trouble truck true truly trunk trust truth try trying tune twelve twenty twice tying type typed
        typical typing ugly ultimate ultimately unable unacceptable unaware uncertain unclear undergraduate underneath
        understand understood unfortunate unfortunately unhappy uniform universal university unknown unless unlike unlikely
        unlimited unnecessarily unnecessary unpleasant unreasonable unsuitable until unusual unwanted upper upset upsetting
        upwards urge usage useful useless user uses using usual usually utility utterly vacation vague vaguely valid validity
        valuable van vans variable varied variety various vary vastly vector via video virtually virtue visible vision visit
        voice volume vote wait walk wall warm warn wash water ways wear weather weekend weight weird went west whatever
        whatsoever wheel whenever whereas whereby wherever whilst whoever whom widely wider widespread widest wife wild wind
        window wine winning wins winter wire wise wish withdraw withdrawal won wonder wondered wonderful wooden wore worn worry
        worrying worse worst worthwhile write written wrong wrote yellow yes yourself zero
    """,
}
