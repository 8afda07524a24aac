"""Common words of some languages with the share of texts that hold them: what a stream starts from, before it knows better.

Made from wordfreq 3.1.1 (Robyn Speer, https://github.com/rspeer/wordfreq; data under CC BY-SA 4.0, and so is this table): a word
of frequency f is held by 1 - exp(-250 f) of all texts of 250 words. Folded as `text.findable` folds words, in steps.
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
            about also been do don get had has her how just like more new no out people she some their them there time up
            were what when which who would
        """,
        0.25: """
            after any back because being could day did even first go going good here him into its know make may most much
            need now only other our over really right said see should than then these think too two us very want way well
            where work year years
        """,
        0.15: """
            always am another around before best better between both come does down during every find game got great help
            high home last life little long look love made man many never off old own part re same say since something state
            still such take thing things those three through under use used ve while why world
        """,
        0.1: """
            again against already anything away bad based believe big business call called care case change city company
            days didn different doesn doing done each end enough ever everything family feel few found four free full
            getting give god government group hard having head house however including keep left let live looking lot making
            mean men might money mr music must name national next night nothing number once person place play please point
            power public put read real school second seen set show small someone start states stop support sure system team
            tell thought times today told took top until water week white without women yet
        """,
        0.06: """
            able actually age ago air almost along american among anyone area ask become bit black body book buy came car
            cause check children class close comes coming community control country course court data deal death development
            due early either else everyone face fact far five following food form friend friends fuck fucking further future
            games general girl given guy guys half hand happy health heart history hit hope hours human idea important
            information international isn job john kind known large late later law least leave less level light line ll
            local looks lost low makes matter maybe means members million mind minutes months morning move myself needs news
            nice north office often oh open order others party past pay per playing police possible post president pretty
            probably problem question rather reason red remember report research room run saw saying says season series
            service services several shit short side single social soon south special started stay story taken taking talk
            thank thanks third though together true try trying turn u.s understand united university using video wait wanted
            war watch went whether whole win within woman won working wrong yeah yes york young yourself
        """,
        0.04: """
            above according account across act action added al alone although america amount answer april areas art asked
            attention available average baby bank beautiful became behind bill blue board books boy break bring british
            brother brought building cannot center central certain chance changes character chief child church clear club co
            college common companies cool cost countries county couple cup current cut date david de dead department design
            died director dr drive east easy eat education energy england english especially event evidence exactly example
            experience eyes fall fast father federal feeling felt field fight film final finally fine fire follow football
            force former forward front fun gave gets girls giving goes gold gone gonna green ground groups guess hands
            happen happened hate haven hear heard held hey higher himself hold hot hour include industry inside instead
            interest issue issues james july june key kids killed king knew land lead league learn led likely list lives
            living london longer looked lower main major management march market match media medical meet meeting member
            middle military miss model mom moment month mother movie natural near needed non october official ok online
            original outside page paid parents park perfect performance period personal phone picture plan played player
            players points policy political position present press price private problems process production program project
            property provide quality questions quite range rate reading ready received record relationship rest result
            results return review rights road role round running save science security seems self send sense sent september
            sex share shot shows similar site six size society sometimes son song sorry sound source space st stand star
            step street strong students study stuff style summer takes talking tax term test themselves thinking total town
            trade training tried trust tv type uk upon usually value various view vote wants wasn weeks west whatever wife
            wish word words worked works worth wouldn
        """,
        0.025: """
            ability absolutely access active activities add addition additional address administration africa agree ahead
            album allow allowed amazing analysis announced annual anti anymore anyway approach aren army article asking ass
            association attack august australia australian author awesome ball band bar base battle beach beat bed began
            beginning below beyond biggest blood born bought box boys brain brown build built california calling calls
            campaign canada cancer capital card career cases cash caught centre century certainly changed charge china
            chinese choice choose christmas civil claim clean clearly closed coach code cold collection color commercial
            commission committee compared competition complete completely computer conditions conference congress consider
            considered construction contact content continue continued contract costs couldn council cover crazy create
            created credit cross culture currently dad daily damage damn dance dark daughter december decided decision deep
            defense definitely degree described designed despite details developed die difference difficult direct direction
            directly disease district doctor dog door double doubt dream drink driving drop earlier earth easily economic
            effect effort eight election ended enjoy entire episode established etc europe european events except expect
            expected extra eye facebook fair families fan fans favorite fear features february feels feet female fighting
            figure financial finish finished fish fit floor focus followed forces foreign forget france french friday funny
            gas gay generally george german germany gives glad global goal goals gotta grand greater grow growing growth gun
            hair happens heavy hell hi hospital hotel huge hurt husband ice ii image imagine immediately impact included
            includes income increase increased independent india indian individual insurance interested interesting internet
            involved island itself january jesus jobs join judge justice kept kid kill knowledge knows la lack lady language
            largest latest leader leading learning leaving legal letter levels limited lines link listen literally lol lord
            lose loss loved luck machine majority manager mark marriage married master material meant message met michael
            miles mine minister minute missing modern moved movement moving multiple named names nature nearly necessary
            network nobody none normal note notice november numbers offer officer oil okay older ones opening operation
            opinion opportunity organization overall pain paper particular particularly parts pass passed patients paul
            peace percent perhaps photo physical pick pictures piece places planning plans plus poor popular population
            positive posted potential practice pre pressure previous pro product products professional professor programs
            protect provided published quick quickly race radio reach reasons recent recently records region regular related
            release released reported reports required resources respect response rich risk river rock rule rules russia
            russian safe safety sale sales san scene schools sea search secret secretary section seeing seem sell senior
            serious seriously seven shall ship shown sign significant simple simply sir sister sit situation skin sleep sold
            sort sounds speak speaking specific speed spend spent sports spring staff stage standard starting statement
            station stock store stories straight student studies stupid subject success successful sun sunday super supposed
            sweet systems table teams technology telling ten terms text throughout thus title tomorrow tonight touch tour
            towards track train travel treatment trip trump truth turned union unit unless version via visit voice waiting
            walk wall wanna washington watching ways wear website weekend weight welcome western whose wide winning wonder
            workers worst wow write writing written wrote yesterday
        """,
        0.015: """
            1st 2nd accept accident accounts acting actions activity actual ad adult advanced advantage advice afraid
            african afternoon agency agent agreed agreement aid ain airport alive alternative americans angeles animal
            animals anywhere apart app apparently appear appeared appears apple application apply appreciate arm arms
            arrived articles artist arts assistant associated attempt audience authority avoid award awards aware background
            bag balance basic basis bay bear beauty becomes becoming beer begin believed benefit benefits bet bigger billion
            birth birthday bitch block blog boat border boss bottom brand breaking bridge bringing britain broke broken
            budget bus busy buying camera camp canadian capacity captain cards carried carry cars cast cat catch caused cell
            cells cent chairman challenge changing channel characters charles cheap chicago chris christ christian cities
            citizens claims classes classic click climate closer clothes coast coffee command comment comments communities
            completed complex concept concerned condition connection continues conversation copy core corner correct count
            covered crew crime criminal critical crowd cultural customers dangerous dating dear decide decisions demand
            democratic description develop dick digital dinner discovered discussion distance division dogs dollars dont
            draw dress drinking driver dropped drug drugs dry dude duty easier eastern eating economy ed edge edition
            effective effects efforts electric elements emergency employees ends enemy engine engineering ensure enter
            entered entirely environment environmental equipment estate evening eventually everybody evil ex excellent
            exchange excited executive exist existing explain extremely facts failed failure faith famous fantastic farm
            fashion fat feature feelings fell fellow festival fifth figures file filled finding firm fix fixed flat flight
            florida fly flying follows foot forced forest forever forms foundation fourth frank freedom fresh fuel fully
            function fund funds gain garden generation gift glass google governor grade greatest guard guide hall handle
            happening harry hasn healthy hearing heat hello helped helping helps henry herself highest highly hill holding
            holy honest horse host houses housing http hundred ideas ill images impossible improve inc indeed individuals
            industrial influence initial injury institute intelligence intended interview introduced investigation
            investment iron israel issued items jack japan japanese joe johnson joined joint jones journal keeping kick
            killing knowing labor labour lake larger laws leaders leadership learned leaves lee length library lie lies
            liked likes limit links lived located location los losing lots louis lovely lucky mad magazine magic mail male
            managed map marketing martin mary mass massive materials matters meaning medicine memory mental mention
            mentioned metal method mexico mid mike missed mission mix mobile models monday moon mostly mountain mouth movies
            mrs murder museum nation nations negative neither net nine nor northern notes nuclear obama obviously ocean
            offered offers officers onto opened operating operations option options ordered orders otherwise owned owner
            pair paris parliament parties partner path patient paying peter photos picked pieces placed plane plant plants
            plays plenty policies politics pop port possibly powerful powers prepared presence presented prevent previously
            prices primary prime prince prior prison produce produced profile profit progress projects promise proof proper
            proposed protection proud prove provides providing pull purchase purpose push putting quarter queen rain raise
            raised ran rare rates reached reaction reality realize receive reduce reference regional religion religious
            remain remains remove removed republican request require responsibility responsible returned richard ride ring
            rise robert roll rose royal runs sad saturday scale score scott screen seat seconds seemed selling senate
            separate serve served session setting sexual shape shoot shooting shop shouldn showed showing shut sick sides
            signed signs silver sites sitting skills sky slightly slow smaller smart smith software soldiers solid solution
            somebody somewhere songs soul sources southern spanish species speech spending spirit sport spot spread square
            standards standing stars starts stated status steel steps steve stick stone stopped strategy strength stress
            structure suggest suit supply supporting surface surprise target taste tea teacher teachers teaching technical
            television tells terrible texas theory therefore thinks thomas thoughts thousands throw till tired tom totally
            tough toward traditional traffic transfer treat treated tree trial trouble truly turning turns twice twitter
            types understanding unique units upper usa useful users uses valley van variety vehicle vice victory videos
            views village violence volume vs wake walking warm waste watched weapons wearing weather web wedding weird whom
            wild william willing wind window windows wine winner wins winter wonderful wood worry worse yours youth zone
        """,
        0.01: """
            3rd 4th absolute abuse academic academy accepted accurate achieve actor acts adam adding admit adopted adults
            advance advertising affairs affect affected afford aged agencies agents ages ah aim aircraft alcohol alex
            allowing allows amazon ancient andrew angry anniversary answers anybody apartment appeal appearance applications
            applied appointed appropriate approval approved approximately argument armed arrest arrested artists asia asian
            aside aspects assembly assets assistance assume attached attacked attacks attempts attend attitude attorney
            attractive authorities automatically balls ban banks baseball basically basketball bathroom battery bbc begins
            behavior bell ben besides bible bike bills bird birds blame blind blow bob bodies bomb bond boston bottle bowl
            boyfriend branch brazil bread breakfast breath brief bright brilliant brings broad brothers buildings bunch burn
            burning businesses button ca cable cake calm campus candidate candidates cap capable carbon careful carolina
            carrying category catholic causes causing chain chair champion champions championship chances chapter charged
            charges chat checked cheese chemical chest chicken childhood chose chosen circle circumstances claimed client
            clinical clinton closely clubs collected combat combination combined comedy comfortable commander committed
            communication communications comparison competitive concern concerns concert conduct conducted confidence
            confirmed conflict connected conservative considering constant constantly constitution consumer contain contains
            contest context controlled convention cook corporate corporation counter coverage covers crash cream creating
            creation creative crisis crown cry crying customer cute cutting cycle da dan dancing danger daniel dates dc
            dealing deals deaths debate debt debut decade decades declared dedicated defeat defence defined definition
            degrees deliver delivered delivery democracy democrats depending depends depression depth deputy describe
            deserve desire destroy destroyed detail detailed determine determined developing device devices diet differences
            directed dirty discuss display distribution doctors document documents dollar domestic doors download draft
            drama drawing drawn dreams driven drivers drunk dumb dying e.g earned editor educational edward eggs el elected
            elections electronic em email emotional empire employee employment empty en ending engaged engineer enjoyed
            entertainment entitled entry equal equivalent era error escape essential estimated et eu everywhere exact
            examples exciting exclusive excuse exercise existence expansion expensive experienced experiences expert experts
            explained exposed express expressed expression extended external extreme faces facilities facility facing factor
            factors factory fail fairly fake falling falls false familiar fantasy faster fault favor favourite fed fee feed
            fees fields fill films finance finds fingers fired flag flow flowers focused folks ford forgot formed founded
            fox frame francisco frequently friendly fruit ft fucked functions funding gang gender giant girlfriend golden
            golf goods grab grace graduate grant granted greek grew grown guest guilty guns ha haha hang hanging harder
            hardly hat headed heads heaven heavily height hero hidden hide historical hits holds hole holiday hollywood
            homes honestly hong honor hopefully hoping humans hundreds i.e id identified identify identity iii illegal im
            immediate importance improved incident increasing incredible independence index info injured inner inspired
            instance institutions interests interior internal introduction invited iran ireland irish islands italian italy
            item jackson jail jan jersey jewish jim joke jordan joseph journey joy jr jump keeps kevin kim kinda kinds
            kingdom kiss kitchen korea ladies laid lane largely latter laugh laughing launch launched lawyer lay le leads
            leg legislation legs lets letters letting liberal license lift lights linked listed listening literature load
            loan loans lock loud loves lunch lying ma mainly maintain maintenance manage manchester manner manufacturing
            marine marked markets matches mate matt max maximum mayor measure measures meat medium memories mess messages
            methods michigan mile milk miller millions minimum mining ministry minor mistake mixed mm mode moments monthly
            motion motor mountains moves ms multi musical muslim native navy nearby neck neighborhood newspaper nfl nick
            noise normally nose noted noticed novel numerous object objects obvious occurred offering officially officials
            ohio operate opportunities opposed opposite opposition orange organizations organized origin originally
            ourselves outstanding owners pacific pack pages paint painting pakistan panel papers parent partners passing
            pattern payment pc peak perfectly perform performed performing permanent permission personality personally
            personnel perspective phase pilot pink planet planned plastic plate platform pleasure plot pm politicians pool
            porn portion positions possibility posts pounds practices prefer pregnant premier prepare presidential princess
            principal print prize programme promote properly properties protected protein pulled pure purposes puts quiet
            quit quote racing random raw ray realized reasonable receiving recognize recognized recommend recommended
            recorded recording recovery reduced referred reform refused regarding regions register registered regularly
            regulations relations relationships relatively relevant relief remained remaining rent replace replaced reply
            reporting represent representative representatives represented republic republicans requirements requires
            reserve residents resistance resolution respond restaurant retail retirement returns revealed revenue reviews
            revolution rice rid rising roads roman roof rooms route row rural ryan salt sam sample sat saved saving scared
            scenes schedule scheme scientific scientists scored scotland scottish seasons seats secondary sector secure seek
            seeking sees selected selection semi senator sending sentence serving sets severe shame shared shares sharing
            shift shipping ships shirt shoes shopping shots shoulder shower sight signal significantly sing singer singing
            sleeping slowly smile smoke smoking snow soft solar solo solutions somehow somewhat sons soviet spain
            specifically split spoke squad stadium stands statements stations statistics stayed staying steam stephen stood
            storage stores storm strange stream streets strike stronger struggle stuck studio sub suddenly suffered
            suffering sugar suggested suicide supported suppose supreme surely surgery surprised survey survive suspect
            swear switch sydney talent talked talks tall tank task taught taxes taylor teach tech techniques teeth
            temperature tend territory testing tests thats theatre theme therapy thousand threat thursday ticket tickets tie
            tight tim tiny tip tips tony tool tools tournament tower trading tradition trained transport transportation
            trees trend tries troops truck tuesday turkey twenty typical typically ultimate ultimately un unable understood
            unfortunately universe unknown unlike update updated upset urban user usual valuable values vehicles victim
            victims virginia vision visited visual voted votes voting wales walked walls warning wars wave weak wealth
            weapon wednesday weekly weren wet wheel whenever widely williams wilson wing wise witness wondering worldwide
            worried writer writers ya yard yards yellow younger youtube zealand zero
        """,
        0.006: """
            3d 5th 6th a.m abandoned abroad absence accused achieved achievement acid acquired actors actress adds
            administrative admitted ads adventure affair afterwards agenda aggressive agricultural agriculture alan alert
            alexander ali alleged allen alliance alongside alright ambassador amendment amongst amounts anderson android
            andy angel anger angle ann anna anne announcement annoying answered anthony anxiety ap apparent appointment apps
            arab architecture arena argue argued arguments arizona arranged arrival arrive arsenal arthur asks asleep aspect
            assault assessment asshole assigned assist associate assumed ate athletes atlanta atlantic atmosphere attempted
            attended attending attracted audio aug austin authors auto automatic avenue awarded awareness awful babies badly
            bags bands bang banking banned barely bars bat bath bc bears beating bedroom begun behalf behaviour belief
            believes belong belt bench berlin bid billy biological bishop bite blast blocked blocks blues boards bone bones
            bonus boom boost boots boring bother bound bow boxes brands brave breaks breast brian bro broadcast bruce buddy
            bull bullshit bureau buried burned bush butter bye cabinet calendar cambridge cameras cant cape capture captured
            carefully cares carter castle categories cats cd celebrate centers cents centuries ceo ceremony challenges
            chamber channels charity charlie chart chase checking checks chelsea chemistry chip chocolate choices christians
            circuit citizen claiming clark cleaning clients clock closing clothing cloud coal coat collect collective
            colonel colorado colors colour columbia column comfort comic commerce commissioner commit commitment commonly
            commonwealth communist compare compensation compete complaint complicated component components composition
            comprehensive computers concerning concluded conclusion concrete confident confirm confused congratulations
            connect connections consent consequences conservation consistent consists constitutional consumers consumption
            contained containing contemporary continuing contracts contrast contribute contributed contribution
            contributions controls conversations convinced cooking cooperation cop copies cops corruption cotton couples
            courage courses courts cousin covering crack craft crap creek cricket crimes criticism critics crossed crossing
            crystal cure curious currency custom cuts d.c daddy dallas damaged dare darkness database dave davis dean decent
            deck decline deeper deeply defend defending defensive define del delay delicious demands denied density deny
            describes desert deserves designer designs desk desperate destruction detroit devil di diamond diego dies
            difficulty directors disappointed disaster discount discover discovery discrimination discussed diseases disney
            disorder distributed districts diversity divided divorce dna doc documentary domain donald downtown dozen dragon
            dramatic dressed drew drinks dropping drops drove duke dust dutch duties dynamic ear earn ears ease economics
            edit edited effectively efficiency efficient egg egypt electrical electricity element elementary elite elizabeth
            elsewhere emotions employed enable encourage encouraged enemies enforcement engage engagement engineers engines
            enjoying entering enterprise entrance epic episodes equally equity eric essentially establish establishment
            estimates ethnic eve everyday evolution exception exhibition exists exit expand expectations expecting expenses
            experiment explains explanation explore exposure extend extension extensive extent extraordinary faced faculty
            failing fallen fame fancy farmers fate favour fbi featured featuring feb feedback females fewer fiction fighter
            figured filed files finals findings finger finishing firms fishing fitness flash fleet flood flower foods
            footage forgotten formal format formation formula fort forth fortune forum foster fought founder francis fraud
            frequency friendship frozen fuckin fundamental funeral gained gallery gaming gap gary gate gates gear gen gene
            generated genetic genius genuine georgia ghost giants gifts glasses glory gods goodbye gordon gorgeous gotten
            governments graham grass grateful grave gray greatly grey gross grounds guarantee guards guests guidance guitar
            gym hadn hamilton handed handling happiness hardware harm harris heading headquarters healthcare hearts helpful
            hence heritage heroes hiding highway hillary hills hip hire hired historic hitting hockey holes honey honour
            hook hop hopes horrible horror horses hospitals household houston howard https humanity hungry hunt hunter
            hunting hurts ian ideal idiot ignore il illinois illness immigrants immigration implementation impressed
            impression impressive improvement improving inch inches increases increasingly incredibly indiana indicate
            indicated industries infection informed infrastructure initially initiative injuries innocent innovation input
            insane inspiration instagram installed instant institution instructions instruments intellectual intense
            intention interviews introduce invest investigate investors invite involvement involves involving iowa iphone
            iraq islam islamic israeli iv jacket jane jason jay jazz jean jeff jews jimmy johnny joining jokes jon jonathan
            josh journalist judges juice junior jury justin kansas kate kelly kentucky keys kicked killer kills kings kit km
            knee knife knock kong korean lab label laboratory landing lands landscape languages lately latin lawrence
            lawyers layer leather legacy legend legislative lesson lessons lewis liberty lieutenant lifetime limits lincoln
            lips liquid listing lists literary liverpool locations locked log logic loose losses loving lowest ltd luke
            luxury lyrics mac machines madrid maintained makeup managers managing manual manufacturers maps maria marks
            marry mask massachusetts masters math matthew meal meanwhile mechanical medal meetings meets melbourne
            membership memorial merely mexican mi miami microsoft midnight mill min minds mini ministers minnesota minority
            mirror mistakes mo monitor monitoring monster mood moral morgan mortgage moscow mothers mount mouse movements
            mum murdered muscle muslims mystery na nah naked narrative narrow naturally nba necessarily nervous networks
            newly nigeria nights nov nowhere nurse nursing nuts ny objective observed obtain obtained occasion occasionally
            occupied occur occurs oct odd offensive offices olympic olympics ongoing op opens operated operator opinions
            ordinary oregon organic organisation oscar ought outcome output ownership oxford p.m pa pace package packed
            painful painted palace pan pants parking parks participants participate participation partly partnership
            passenger passengers passes passion patrick patterns payments pen penalty pennsylvania percentage periods
            persons pet petition phil philadelphia philosophy phones photographs photography phrase physically physics piano
            picking pitch pizza plain pleased pocket poetry pointed poll pope possession posting pot potentially pound
            poverty pp practical praise pray prayer precious preferred pregnancy premium preparation preparing presentation
            presents pretend pride priest primarily principle principles printed priority prisoners privacy procedure
            procedures processes processing producer producers producing profits programming progressive prominent promised
            promotion proposal protecting protest proved proven province psychology publication publishing pulling punch
            punishment purchased purple pushed pushing qualified races racial racist radical rail railroad railway raising
            rally rank ranked rape rapid rapidly rarely rated rating ratio reaching reader readers rear recall recognition
            reducing reduction refer references referring reflect refuse regard regardless regime registration regret
            regulation rejected relation relative releases remembered remind remote removal rep repair repeat replacement
            reporter representation representing represents reputation requested rescue researchers residence resident
            residential resort resource respectively restaurants restrictions resulted resulting retired returning reveal
            reveals reverse reward rick ridiculous riding rings rio risks rivers rob robin rocket rocks roger roles rolling
            romance romantic rome root roots ross rough roughly rounds routine rugby ruin ruled rush russell sa saint sake
            salary samples sand santa sarah satellite sauce saudi savings scary scheduled sciences scores scoring screaming
            script seal sean searching seattle sec secrets sections seed select sensitive separated sept sequence server
            serves sessions settle settled settlement sexy shadow shake shaped sharp sheet shell shield shock shops shore
            shortly signing silence silent silly similarly simon sin singapore singles sisters situations sixth skill slave
            slide smell smooth soccer soil soldier solve sought speaker speaks spell spin spiritual spoken spots stability
            stable stages stats steady steal stem stolen stomach stones stops strategic stretch string strip strongly struck
            structures struggling studied studying styles subjects submitted subsequent substantial successfully suck sucks
            sudden suffer sufficient suggests suitable sum summary summit superior supplies supporters supports surrounded
            surrounding survival survived suspended sweden swimming swing sword symbol symptoms syria tag tail talented tape
            tear tears technique technologies teen telephone temperatures temple temporary tennis terminal terrorist tested
            texts theater thick thin thirty tho thread threatened threw throat throwing thrown tied ties tiger tissue titles
            toilet tone tongue tons topic toronto touched towns toy tracks trail trailer trans transferred transition
            translation transmission trap trash treaty trends trials trick triple tube twelve twin ugly ukraine uncle
            underground uniform universal universities unlikely unusual upcoming updates ups vacation valid vast vegas
            versions versus veterans victoria vietnam viewed violent virgin virtual virus visible visiting visitors visits
            vital voices vol voters wage walker walks walter wanting ward warriors wash waters waves wayne welfare whereas
            whilst whoever wildlife wings winners wire wisconsin wisdom wishes wolf wooden woods worker wounded writes yep
            yo
        """,
        0.004: """
            7th 8th aaron abc abilities abortion ac acceptable accidentally accompanied accounting accuracy acquisition
            acted actively adams addressed advocate affordable afghanistan ai aids aimed aims alabama alarm albert alice
            alien allies alpha amateur angels anime announce appeals applies applying approaches arc argentina arguing
            arrangement arrangements artificial asset assuming attacking attempting auction autumn awkward backed backing
            backup baker baltimore barcelona barry bass batman bearing beast beaten beats beef beliefs belongs beneath bin
            biology bitcoin bitter blessed bloody blown boats bobby bold bonds borders boundaries branches brazilian breathe
            breathing brick briefly brooklyn brush bullet burden burns butt cameron campaigns campbell canal cancelled candy
            carl carrier carries casual celebrated celebration celebrity certificate certified challenging chaos
            characteristics charlotte charter cheaper chef chips choosing christopher churches cia cited civilian classical
            classified clay cleveland clever climb clinic clip closest cm cnn coaches coaching coalition cock coins
            collaboration colleagues collections colleges com competing complain complaints completion composed con
            concentration concepts considerable consideration consistently conspiracy constructed continuous controversial
            controversy conventional conversion converted convince cooper copper copyright corp corps correctly counties
            counting counts creates creator creatures credits criteria crucial cruise custody danny dated daughters dawn dec
            declined default delete delhi democrat demonstrated denver departure dependent deposit derived des describing
            designated destination detective developers developments dialogue differently difficulties dig directions dirt
            disability disabled disappeared discipline discussing discussions disgusting dish dispute distinct diverse
            divine dj dominant douglas drag drives du dual duck dvd eagles earning earnings edinburgh editing educated
            egyptian eh eligible emails emma emperor employer employers encounter enormous ep equality equipped er errors
            essay estimate evaluation evans exam examination excess exclusively executed execution existed expanded expense
            experimental explaining explosion export fails farming fastest federation feeding fence fever fi fifa fifty
            fighters filter firing fiscal fits flights fluid focusing folk followers fool forcing forgive formerly forming
            framework franchise franklin fred frequent functional funded furniture furthermore gains galaxy garage gardens
            gather gathered gathering generate generations globe gop grades gradually grandfather graphic gravity greece
            greg guaranteed guardian guidelines gulf habit habits handled handsome harvard hawaii hd healing highlight
            highlights hilarious hiring ho holder holidays homeless hood hoped hosted hosts hotels huh hung identical
            ignored imagination imperial implemented improvements indians indicates indonesia inquiry inspector instantly
            instrument integrated integration integrity intelligent intent interaction interpretation intervention invasion
            investigations investments involve isis isolated jacob jealous jerry jet jose journalists judgment jumped
            jumping ken kennedy khan knight knocked landed laptop larry las laughed laura lazy leaf legally legendary
            legitimate leo li lied lifestyle lighting lightning lion lisa listened lmao loaded loads logo lonely longest
            loop lover magical mainstream maintaining maker malaysia males mall mama manufacturer margaret margin mario mars
            marshall maryland mature measured mechanism menu mercy meters mills missouri mitchell moderate modified moore
            motivation mounted mp municipal murray mutual nail nasa nasty naval nazi negotiations neighbors nelson
            netherlands neutral nevertheless newspapers noble nonsense nope occasions odds offense oklahoma oldest oliver
            ontario opera operational opponents oral orleans outdoor outer outfit overcome overseas owns oxygen palm panic
            parallel parker passage pat pays peaceful pension peoples performances permit perry philip philippines phoenix
            photograph photographer picks pin pipe pissed pit plates playoffs pleasant poem poet poland pole polish
            popularity portrait powder powered prevention printing productive professionals promises promoting psychological
            pub publications publicly pump pursue pussy quarters queensland quest quoted quotes racism radiation rangers
            ranks ratings reactions reads realise reception recipe recommendations recover recovered refers refugees
            regarded regulatory relate relating relax reliable rely remarkable reminds removing repeated repeatedly replied
            requests requirement reserves responded responses revenge reviewed rip robinson robot rolled rolls ron roy
            rubber rude ruined ruling sacred sacrifice safely satisfied scientist scope screw se secured securities seeds
            segment serial settings seventh shed shelter shirts shocked shoe shorter signals signature sink sized skip
            slavery slight slip snake snap socialist sole sooner sorts souls spaces spare speakers specialist spectrum
            spider sponsored springs spy stays stealing steven stewart stocks stole stopping stranger strategies streaming
            strict strikes stroke stunning submit subsequently substance succeed sue suggesting suggestion suggestions suits
            supplied surprising susan suspension swedish swim swiss switzerland syndrome tables tale tanks tap targeted
            targets tasks ted tennessee tension terror terrorism terry thailand theories thompson threats timing tokyo ton
            topics touching tourism toxic toys tracking trains transaction transactions transformation traveling treasury
            treating tribute trigger trips tune tunnel turkish twist ugh uh ultra unemployment unexpected unions unity
            upgrade usage useless utah utility va vary venture venue vessel veteran viewers virtually volunteer volunteers
            vulnerable wages waited warrant warren wealthy weed wells wheels wherever wider winds witnesses woke wore worlds
            worn worship worthy wound wtf ye yea
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
            estaba estado estan estar estas estos estoy forma gente gobierno gracias gran habia han he hecho hoy les lugar
            menos mismo mundo nuevo nunca otra otro otros pais personas poco quien quiero sea sido siempre soy tanto tener
            tengo tienen toda todas trabajo tres va voy
        """,
        0.1: """
            acuerdo ademas ahi algunos aun bajo buen buena bueno casi caso ciudad cosa cual cualquier da debe dentro dias
            dijo dios entonces eres espana estamos familia fin fuera fueron general grupo haber hacia historia hizo hombre
            ir lado ley luego mal manera mayor medio mexico mientras mis misma momento muchas muchos mujer nacional nadie
            noche nombre nosotros nuestra nuestro nueva otras parece partido pasado persona podemos poder presidente primer
            primera pueblo pueden puedo pues quiere segun sera sino sistema tal tenemos tenia tipo tus unos veces verdad
        """,
        0.06: """
            agua algun alguna algunas amigo amigos amor ante argentina articulo ayuda buenos cabeza cambio centro cerca
            cierto cinco claro clase cuanto cuatro cuerpo dar datos dejar derecho derechos desarrollo dicho dinero educacion
            ejemplo ello embargo equipo eran esas esos estados falta favor final foto frente grande grandes guerra gusta
            hablar hacen haciendo haya hemos hijo hijos hombres hora horas idea igual importante incluso informacion
            internacional juan juego libro llegar madre madrid manana mano mayoria mes meses mierda mil millones muerte
            mujeres ninos nivel nuestros numero padre paises palabras pasa pasar paso podria politica posible primero
            problema problemas proceso programa proyecto publico puedes punto razon real realidad sabe saber salir san
            seguir segundo seguridad seguro semana senor sentido seria servicio siendo sigue siguiente situacion social
            sociedad somos tarde tema the ti tienes tierra todavia tras traves ultimo unas unico unidos universidad uso
            usted vamos van varios vas veo visto
        """,
        0.04: """
            abril accion actual agosto alla alli alta alto ambos apoyo arte atencion base bastante buenas cabo calidad calle
            cambiar camino campo cantidad capital cara cargo casos causa central chile civil colombia comida comun comunidad
            condiciones conocer consejo control corazon cuales cultura dado dan deben deberia debido deja demas demasiado
            dicen diciembre diferentes dificil digo dio direccion director duda economia edad elecciones ellas empresa
            empresas encontrar encuentra enero entiendo escuela espacio espanol especial espero estaban estudio estuvo etc
            europa existe experiencia facil febrero fecha feliz fotos fuerte fuerza futuro grupos habian habla hablando
            hacerlo haga has hermano hola hubiera iba iglesia imagen importa ingles internet investigacion jefe jose joven
            julio junio junto justicia largo leer libertad libre libros linea lista llama llamado lleva llevar local luz
            manos mar marzo mayo media medios mejores mercado miedo miembros minutos mira mismos modo movimiento mucha
            mundial musica necesario necesita necesito ningun ninguna norte noticias noviembre nuestras nuevas nuevos obra
            obras octubre oficial ojos opinion oportunidad orden organizacion os padres pagina palabra papel partes partidos
            partir paz pelicula pena pensar peor personal pesar plan plaza poblacion policia politico politicos poner precio
            pregunta principal produccion pronto propia propio publica pueda puesto puntos queda quienes quieren quieres
            realmente region relacion republica respecto respuesta resto resultado resultados rey sabes salud santa sean
            segunda seis septiembre serie servicios siento siglo significa simplemente sitio sociales suerte sur tampoco
            tenga tenido tomar total trabajar trata tuvo ultima ultimos unica usar ustedes vale valor varias ve venezuela vi
            viaje video viene vista vivir vivo volver vos voz vuelta web zona
        """,
        0.025: """
            abajo aca acceso acciones acerca actividad actividades acto actualmente adelante administracion ah aire aires
            alma alrededor ambiente america analisis and animales anterior antonio apenas aprender aquellos area armas
            arriba articulos asociacion asunto ataque atras auto autor ayer ayudar baja banco banda barcelona blanco boca
            brasil busca buscando buscar camara cambios campana canal cancion capacidad capaz carlos carrera carta casas
            chica chicas chicos china cielo cine ciudadanos ciudades clases club codigo colegio color comentarios comer
            comision compania completamente completo comprar comunicacion confianza congreso conjunto conmigo conoce
            conocido conocimiento conseguir constitucion construccion contenido contigo contrario corte costa creacion crear
            cree creer crisis cualquiera cuarto cuba cuentas cuestion cuidado culpa cultural curso dando darle debemos
            decision defensa dejo democracia departamento derecha deseo destino detras di diario diciendo diez diferencia
            diferente dije directamente doctor dolares dolor domingo don dr economica economico edicion edificio efecto
            ejercito empezar encima encuentran encuentro energia entender entrada entrar epoca error escribir escrito
            escuchar espanola especialmente especie espera esperando esperar esposa estilo estudiantes estudios evitar ex
            existen exito facebook fe federal fiesta finalmente fondo formacion formas francia francisco fuego fuente
            fuerzas fui futbol ganar ganas genero gustaria gusto habra habria haces hago hambre hechos hice hicieron hija
            hospital hubo humano humanos ideas ii imagenes importancia importantes imposible in industria informe instituto
            interes interesante interior isla izquierda jamas jovenes juegos jugar juicio juntos justo legal lejos lengua
            leyes llamada llega llegado llego loco lucha lugares luis mala malo mama mantener manuel marcha maria material
            mayores mediante medida medidas menor mensaje mente mesa metros miles militar ministerio ministro mitad modelo
            momentos muerto muertos muestra nacion nacionales natural naturaleza necesidad negocio negocios negro nino
            noches normal nota noticia objetivo obtener ocho odio of oficina origen original oro pablo pagar pago par pareja
            participacion particular pasando pedir pedro pensando pequena pequeno perder perfecto permite perro peru peso
            pie piensa pienso plata pobre pocos podia politicas pone popular posibilidad posicion post pp precios preguntas
            premio prensa presencia presenta presente primeros principales principio principios probablemente productos
            profesional profesor programas propiedad propuesta proteccion provincia proyectos prueba pruebas publicado pudo
            pueblos puedan puerta puerto puso puta quedo queremos queria quiera quizas radio rapido razones re recuerda
            recuerdo recursos red redes regimen relaciones respeto responsabilidad reunion revista revolucion rico rio ropa
            sabemos saben sala sale sangre santiago sector semanas senora seran serio sexo siete siguen siguientes simple
            siquiera sol sola solamente solucion sr suelo sueno suficiente superior supuesto tecnologia telefono television
            temas tenian territorio texto tiempos tipos titulo to toma totalmente trabajadores trabajando trabajos
            transporte tuve twitter unidad union usa usuarios vaya ven venta verano version ves via victoria viejo viendo
            viernes vino violencia visita vive votos vuelve york zonas
        """,
        0.015: """
            abierta abierto abogado abrir acaba acabo aceptar actitud actos aeropuerto afuera aguas alcalde alemania alguno
            altos altura ambas amiga amo anda anteriores antigua antiguo aparece aplicacion aquel areas argentino artista
            artistas asamblea asesinato aspecto aspectos asuntos aumento autoridad autoridades ay azul bano barrio basta
            basura batalla bebe belleza beneficios blanca blog busqueda cadena caer cafe caja calles calor cama canciones
            candidato capitan caracter caracteristicas carcel carga carne categoria centros chico ciencia ciencias ciento
            cierta cita clara claramente clave coche cocina comentario comenzo comercial comercio comienza comite companero
            companeros compartir competencia completa compra comunidades concepto conciencia concurso conflicto conozco
            consecuencia consecuencias considera construir consumo contacto contar contexto continuacion contrato copa
            correcto correo corrupcion corto creado crecimiento credito creen crees critica cruz cuesta culo cumplir cuya
            cuyo dano das david debajo debate deberian debes decia decisiones declaracion decreto dejado dejan delante
            demanda depende detalles dices dicha dieron diga digital dijeron diputados directo discurso diseno distancia
            distintas distintos distribucion distrito diversas diversos doble documento documentos dormir doy dudas dulce
            dura duro ecuador efectos eh ejecutivo ejercicio eleccion electoral elegir elementos empezo empieza empleados
            empleo encanta encontrado enfermedad enorme entiende entra entrevista equipos errores escena escribio escuelas
            esfuerzo espanoles especiales esperanza espiritu estacion estadounidense estara estaria estatal esten estrategia
            estructura estudiar europea evento eventos exactamente excelente existencia explica expresion exterior extrano
            facultad familiar familiares familias fernando festival figura finales fines fiscal fisica flores fondos frances
            frio frontera fuentes fuertes funcion funciona funciones fundacion gana ganado gano garcia gas generacion
            generales generalmente genial gestion gobernador gobiernos golpe google grado gratis grave gustan habitantes
            hablan hablo hacemos hacerse hagan hara hayan hermana hermanos historias historico hogar honor hotel http humana
            identidad idioma ido iii impuestos incluye incluyendo increible independencia independiente india influencia
            ingresos inicio inmediatamente instituciones inteligencia intencion intento intereses internacionales inversion
            jaja jajaja japon jesus john jorge judicial jueves juez jugador jugadores junta larga latina leche lee lenguaje
            leon lider lineas listo literatura llamar llegan llena lleno llevan llevo locales lograr londres lopez luna
            lunes maestro mando marca marco matar materia matrimonio maximo medicina medico mejorar memoria menores mensajes
            menudo mexicano miembro miguel militares minimo mio mirada mirar mision mismas morir motivo movimientos
            municipal municipio murio naciones naturales necesidades necesitamos necesitan necesitas negra nina ninguno
            niveles nombres novela novia nueve numeros objetivos objeto obstante ocasiones ocurre oficiales ofrece oh ojala
            ojo ok online opcion operacion operaciones oposicion organizaciones pa paginas pan pantalla papa parecen parecer
            parecia paris parque participar pasan pase patria pedido peliculas peligro pelo penal pensamiento pense pequenas
            pequenos perdida perdido perdon perfil periodista periodo permiso personaje personajes personales pesos pide
            piedra piel pies piso planes planeta planta playa plazo pobres pobreza pocas podido podra podrian ponen practica
            pregunto presentacion presion presupuesto primeras principalmente prision privada privado pro producto
            profesionales profesores promedio propias propios proposito proxima proximo publicacion publicas publicos
            pudiera puente puertas quedan quedar querer querido quieras quisiera quiza raro rato reales realizado realizar
            recibido recibio recibir recien reconocimiento recordar referencia refiere reforma registro reglas regreso reina
            reino representa representantes resistencia responsable resulta rica riesgo rojo rosa rusia sabado sabia sacar
            salida salio saludos salvo sanchez santo santos seccion secretario sede segundos seleccion sentimientos sentir
            sexual siente silencio similar sirve sistemas soldados sos subir suena super supone supongo tales tamano tanta
            tantas tantos tarea teatro tecnica temporada tendra tendria tengan tengas teniendo teoria tercer tercera termina
            terminar termino terminos terreno tienda tierras tomando tomo trabaja tratado tratamiento tratando tratar tren
            tribunal triste tuvieron tv ultimas unido uruguay usando usuario utilizar vacaciones valencia valores vecinos
            velocidad vemos venir verdadera verdadero verde victimas vidas videos vieja vienen villa vio vision viva viven
            voluntad volvio votar voto
        """,
        0.01: """
            abrazo abre absolutamente absoluto abuela acabar academia acaso acceder accidente activa activo actor actores
            actuacion actuales actualidad actuar adentro adultos afecta afirma africa agencia agente agentes agricultura
            alberto alcance alcanzar alcohol alegria aleman alianza alimentos altas alternativa alumnos ama ambito amenaza
            americano amistad amplia amplio ana andar andres angel animal animo aniversario anoche anteriormente anti
            antiguos anual anuncio aparecen aparecio aparte apertura apoyar aproximadamente aquella aquellas aquello arbol
            arboles archivo archivos arena argumento arma art artes as asegurar asia asimismo asistencia ataques audiencia
            aumentar ausencia autores autos avion aviso ayuntamiento baile bajar bajos bancos bandera bar barco bases
            beneficio biblioteca bienes blancos bogota bolivia bolsa bomba bonita bonito bosque brazo brazos breve buscan by
            caballero caballo cabe cabello cae caida caliente camaras cambia cambiado caminar campeon campos canales cancer
            candidatos capaces capitulo caracas carajo cargos carino carretera cartas castillo castro cataluna causas cayo
            celular cercano cerebro cero cerrar cerveza chino cien cientos cierre ciertas ciertos circunstancias ciudadania
            ciudadano civiles clasico cliente clientes clima cm co cola colaboracion coleccion colectivo colores comandante
            combate comenzar comerciales comienzo companias comparacion complejo comportamiento compras compromiso comunes
            comunista concierto condicion conexion conferencia conocen conocida conocidos conocimientos consejos considerado
            considerar consigue consiste constante constitucional consulta contenidos contiene continua continuar conto
            controlar conversacion convertido convertirse convierte convirtio cordoba corea coronel correr corresponde
            corriente corta cortes costo crea creemos crimen cristo criticas cuadro cuantas cuantos cuello cuentan cuento
            cuerpos cuestiones culturales cumpleanos daba dale daniel danos darse debia debo decada decadas decidido decidio
            decirle declaraciones dedicado dedos defender definicion definitivamente dejando dejaron deje dejen delito
            delitos demostrar demuestra den denuncia deporte deportes des desarrollar desastre descripcion descubrir desea
            detalle deuda dialogo diaz dictadura diego dientes diferencias dificultades dignidad diputado directa diria
            disco discusion disfrutar disponible disposicion dispuesto divertido division do dominio drogas dueno echar
            economicas economicos ed edificios editorial eduardo eeuu efectivo ejecucion ejemplos electronico elegido
            eliminar emergencia encontramos encontre encontro enemigo enemigos enfermedades enlace enrique ensenanza
            entendido entero entidad entorno entrega entrenamiento entro enviado enviar escala escenario escribe escritor
            escucha esfuerzos espacios espalda especies espectaculo esperaba esperamos esposo establecer estadio estando
            estes estrella estrellas estudiante estuve et etapa europeo europeos euros evidencia evolucion examen excepto
            experiencias expertos explicacion explicar exposicion extension extranjero extranjeros extremo facilmente
            factores famoso fase federacion felices felicidad felipe fenomeno fernandez fiestas figuras filosofia firma
            firme fisico for formar foro fotografia francesa frase frecuencia fueran fuese fuimos funcionamiento
            funcionarios fundamental ganador gastos gato gay generar george global gloria gol goles gonzalez gracia granada
            guardia guatemala guia guste habido habitacion hablamos hagas haria harry haz hecha hermosa hermoso herramienta
            herramientas hiciste historica hojas homenaje horrible hubiese huevo huevos humanidad humor iban ideal iglesias
            igualdad iguales igualmente ilegal impacto imperio implica impresion impuesto incluido incluyen indica indigenas
            industrial infantil inferior informes inglaterra ingreso inicial iniciativa inmediato instalaciones institucion
            intelectual inteligente intenta intentar interesa interna intervencion investigaciones invierno irse islas
            israel italia iv james jardin javier joder jornada juega jugando juventud kilometros km labor laboral lados
            lanzamiento lectura legales leido leo letra letras leyendo libres licencia lideres liga lima limite limites
            linda lindo listas llamadas llaman llamo llegada llegando llegaron llegue llevaba llevado llevaron llorar lluvia
            loca locura logro luchar madera madres maduro maestros malas malos man maneras mantiene mapa maquina marido
            marina mario martes martin martinez masa mata materiales maxima medicos mental mentira merece meta metodo
            metodos metro mexicana mexicanos mezcla mia michael miercoles millon mina minas minuto mirando mm moda modelos
            moderna molesta moneda montana monton moral morales mostrar motivos motor movil muchisimo muere muestran
            multiples municipales museo musical nacido nacimiento nacio navidad necesaria negros new ninas normalmente
            normas notas novio nuevamente numerosos objetos obviamente obvio ocasion occidental ocurrido ocurrio oeste
            oferta oficinas ofrecer olvidar on onda opciones opiniones oportunidades ordenes orgullo oriental oriente oye
            paciente pacientes paga palacio panama papeles parar parecido pared parlamento paro participantes
            particularmente pasada pasaron pasion pasos patrimonio paul pecho pelea pensaba pensado pensamientos perdio
            perez perfecta perfectamente periodico periodistas permanente permitir perros personalidad perspectiva pertenece
            pese petroleo piden pidiendo pidio pido piensan pierde piernas pieza piezas pintura pista placer plano plantas
            plataforma poca poderes podian podran poesia poeta policias pongo poniendo populares poquito posibilidades
            posibles positivo posteriormente potencial practicamente practicas precisamente prefiero preguntar premios
            preocupa presentado presentan presentar presentes presento presidencia primaria primavera principe probable
            probar procedimiento procesos produce producir profundo promocion propiedades propuestas proteger provincial
            provincias publicaciones publicidad pude puedas puestos punta pura puro puse quedado quedaron quedarse quede
            quieran quiso rafael rapida rapidamente raza reaccion realiza realizo recibe reciente recientemente reconocer
            recuerdos recuperar reducir regalo regional regiones regla regresar regular relacionados religion renta
            representacion representante requiere reserva residencia resolucion resolver responde responder responsables
            respuestas resumen reyes ricos rios risa ritmo robo rock rodriguez roja roma romper rostro ruido rural ruso ruta
            saca sal salen salga salido salon salvador salvar seas secreto sectores secundaria seguido seguidores segura
            seguramente seguros senado senal senala sencillo senores sensacion sentencia sentimiento sepa seres serian
            servir sesion sevilla show siga siglos significado sigo siguiendo similares sitios situaciones socialista
            software soluciones sonido sonrisa sorpresa sub sube sucede suele suelen suenos suma superficie suyo talento
            taller tareas tarjeta tasa tecnicas tecnico temperatura temprano tendencia tendran tenes terrible textos tio
            tiro titular titulos toca tocar tomado tono toque torno torre torres tradicion tradicional traduccion trae traer
            trafico tranquilo trato triunfo tropas trump turismo tuviera tuyo unicamente unidades unidas universal
            universidades universo us usado usan util utiliza utilizado utilizando valle variedad vayan vea vecino vehiculos
            veia vender venga venido ventaja ventana ventas verguenza verlo verte vestido viajar viajes victima viejos
            viento vieron virgen visitar viste vivienda viviendo voces volumen vosotros vuelo vuelto vuelva washington xd
            you youtube zapatos
        """,
        0.006: """
            abandonar abiertas abogados aborto abrio absoluta abuelo abuso acaban academico aceite acepta acero acompanado
            acontecimientos activos actriz actualizacion acuerdos acusado adecuada adecuado adicional adios adolescentes
            afirmo agenda agradable ala alas album alcanza aldea alejandro alemanes alerta alex alfonso alimentacion alonso
            alternativas am amante amarillo ambiental americana americanos amigas an analizar ancho andalucia android
            angeles antecedentes anuncios aparato aparecer aparentemente aparicion apellido aplica aplicaciones aplicar
            apoya app aprende aprendido aprendizaje aprobacion aprobado aprovechar arabe arco argentinos argumentos armada
            armadas armado arquitectura arreglar arroz asco asegura asesinado asesino asiento asistir asociaciones asumir
            atacar atender audio aumenta australia autobus autonoma autonomia autorizacion avance avenida aventura aviones
            azucar bailar bajas bandas barra barrios basa basada basado basica basicamente basico basicos bateria beber
            bella bello ben beso bicicleta bienestar bienvenida bienvenido black boda bola bolas bolivar bolsillo borde
            botella bravo brillante britanico broma busco caballeros caballos cabezas cable cajas california calma cambiando
            caminando caminos camiseta campanas campeonato canada cansado cantante cantar cantidades canto capa caras caribe
            carmen caro carreras carro cartel casado castellano castigo castilla casualidad catalan categorias catolica caza
            cc celebra celebracion celebrar celulas cena cercana ceremonia cerrado cerro cesar charla charles chavez che
            chileno chinos chiste chocolate ciclo cientifica cientifico cientificos cierra ciertamente cifra cifras cinta
            circulacion circulo cirugia city ciudadana clasificacion coalicion cobertura coca coches coger colegios
            colombiano colonia columna combatir combinacion combustible come comenzaron cometido comienzos comparte
            complicado componentes composicion comprender computadora comunicaciones comunicado concentracion concepcion
            conceptos concha conclusion concreto conde condena conducir conducta conductor confiar conflictos conforme cono
            conocemos conoces conoci conocia consciente conseguido conservacion consideran considerando consigo consiguio
            consta constantemente constituye contento continente contratos conversaciones conviene cooperacion coordinacion
            copia corona corre correcta correspondiente corriendo corrientes cortar costos costumbre creando crece crecer
            creciente creditos creia crimenes criminal criminales cristiano cristianos cristina criterio critico criticos
            cuarta cubierta cubrir cuentos cuidar culpable cultivo culto cumbre cumple cumplimiento cura curiosidad curioso
            cursos cuyos dada dama dame damos dara daria darles darme darte data dato deber debera deberan deberiamos
            deberias debil debio decian decide decidir decirlo decirte declarado declaro dedo define definitiva dejamos
            dejas dejes democratica democratico demostrado departamentos dependiendo deportivo depresion derrota desaparecer
            desaparecido desarrollado desayuno descanso descarga desconocido describe descubierto descubre deseos desgracia
            desierto destaca destacar destruccion destruir detener detenido determinado determinar diablo diarios dibujo
            dibujos dichos dieta dificiles difusion digamos digan digas dijiste dime dioses directora dirige dirigentes
            dirigida dirigido discutir disponibles distinta distinto diversidad doce documental dolores domicilio dominicana
            drama droga duele duenos duque duracion echo editor educativo ee ee.uu efectiva efectivamente egipto ejercer
            electorales electrica electricidad electronica elemento embajada embajador emocion emociones empece emperador
            empezamos empezando empezaron empiezan empleado empresario empresarios encargado encontraba encontraron encuesta
            enfermo enfoque enlaces ensayo ensenar entera entidades entienden entradas entregar entrenador envio episodio
            equilibrio equivalente equivocado escapar escenas esclavos escolar escribiendo escrita escritores escritos
            escritura escuchado escuchando escucho esencial espada especificamente especifico espejo esperan espiritual
            esquina estabamos estabilidad establece establecido establecimiento estaciones estadisticas estadounidenses
            estaran estare estatales estructuras estuviera estuvieron etica evaluacion evidente exacto excepcion
            exclusivamente excusa exige existentes existir expansion experto explico explosion explotacion expresa expresar
            exteriores extra extrana extrema fabrica facilitar factor falla fallo falsa falso faltan fama famosa famosos
            fans favorito fechas femenina femenino feo feria ficcion fiel fijo fila financiera financiero firmado firmar
            firmas fiscales flor flujo formado formal forman formato formula fortuna fotografias fracaso franceses franco
            frases fraude fria fronteras fuiste fumar funcionar funcionario fundador fundamentales gabinete gabriel galeria
            ganando garantia garantizar gasolina gasto gatos genera generaciones genio gigante gil gira go golpes gomez
            gordo gracioso grados grafico graves grecia gris gritos guarda guardar guerras guerrero guillermo gustaba
            gustado habana haberse habiendo habilidad habilidades habitual hablaba hablado hablas hable hacerle hacerme
            hacerte hacian hacienda haran hayas hechas henry heridas herido heridos hermanas hernandez heroe heroes hiciera
            hicimos hielo hierro hijas hilo historicos hogares hoja honduras horario hospitales https hubieran huelga hugo
            humo identificacion identificar ideologia idiomas idiota ignacio ilusion imaginacion imaginar imagino importar
            impresionante incendio incluidos incluir incremento independientes indice indigena indio indios individual
            individuales individuo individuos infancia infierno inflacion informa informo infraestructura ingenieria
            ingeniero inicia iniciar inmediata inmigrantes inocente instagram instalacion instante instrucciones instrumento
            instrumentos integracion integrantes intentando intercambio interesado interesados interesantes interno internos
            interpretacion introduccion inversiones investigadores investigar invitado invitados ira iran irme is isabel it
            italiano ja jack jajajaja japones jean jefes judios jueces juntas jurado juro juvenil kim labios laborales
            laboratorio lago lagrimas lanza lanzado lanzo largas lastima latinoamerica laura lector lectores legislacion lei
            lenguas lento levantar leyenda liberacion liberal liberales limpia limpiar limpieza limpio link literalmente
            llamados llamas llegamos llevamos llevando llevara lleve localidad locos logica logra logrado louis lucas luces
            lujo ma macri maestra magia malaga manda mandar mandato manejar manejo manga manifestacion manifestaciones
            mantenimiento mantienen manual maquinas maravilloso marcas marcos margen mark mate matematicas materias mato max
            mecanismo mecanismos medalla mediados medias medica mejora menciona mencionado mencionar mendoza mentiras
            mercados merecen metal metas meter miami minima ministros miren misterio moderno modos monedas montanas monte
            montevideo moreno moscu mostro moto moviles muchachos muestras mueve multitud municipios murieron muro my na
            nace nacionalidad nariz nave necesariamente necesarias necesarios necesitaba negativa negativo nicaragua nicolas
            nieto nieve norma nuclear numerosas obama obispo obligacion obligado observar obtuvo occidente ocupa ocupacion
            ocupado oficialmente ofrecen oido oir olor olvidado olvido once one onu oracion ordeno organismo organismos
            organizado organizar organo organos orgulloso orientacion originales originalmente orto oscar oscuridad oscuro
            paciencia pacifico pacto pagan pagos paisaje paja palma palo paquete parada paraguay parcial parecio paredes
            parejas participa particulares partida pasaba pasajeros pasamos paseo patio patron pc pedo peligroso pelota
            pendejo pendiente pensamos penso peores per perdiendo periodicos periodismo permiten permitido permitio
            personalmente pesca peter peticion pico piedras piensas piloto pinta plato plazas plena pleno pm poblaciones
            podamos poderoso podras podriamos podrias poema pollo polvo ponerse pones ponga pop porcentaje porno portada
            portal portugal posee posesion posiblemente posiciones positiva posterior postura potencia pre preciosa
            preocupacion preparacion preparado preparar presidencial presidenta presos pretende previa previamente previo
            pri prima primo princesa prioridad privadas privados procedimientos producen producido productores produjo
            profesion profesora profunda profundidad programacion progreso prohibido promesa promover propaganda propietario
            propone protagonista protesta protestas proximos psoe publicada publicar pudieran pudieron puebla puesta
            pusieron putas puto quedando queja querian queso quimica quince quinta quinto quise quita quitar quito radical
            raices raiz ramon ramos rango rara realizacion realizada realizan rechazo reciben recientes recomiendo reconoce
            reconocido recorrido recuperacion recurso redaccion reduccion referencias refiero reflexion reformas regionales
            registros reglamento relacionadas relacionado relativamente relato religiosa religiosas religioso religiosos
            reloj rendimiento renuncia renunciar repente repetir representan reproduccion requisitos rescate reservas
            respectivamente respetar respondio restaurante restos resulto retiro reto reuniones revela revisar revision
            ricardo richard ridiculo riesgos riqueza river rivera robar robert roberto roca rojas rol ronda rosario rueda
            rumbo rurales rusa sabido sabiendo sabor saco salario salarios salas saliendo salieron salsa salta salto saludo
            sanidad secretaria secretos seguimiento seguimos seguira senador senales senalo sensible sentado senti sentia
            sentirse separacion sergio series sesiones sexuales sienta sienten sientes sierra sigan sigues siguio silla
            simbolo simples sindicato siria sirven situado so soberania sobrevivir sociedades socio socios solar soldado
            soledad solicitud solidaridad solos sombra sorprende suave sucedido sucedio sueldo suficientemente suficientes
            sufre sufrido sufrir suiza sujeto superar superiores suprema supremo supuestamente suya tabla talleres tarjetas
            tasas taxi techo tecnicos tecnologias temor templo temporal ten tendencias tendras tendremos tengamos teniamos
            teniente tension tercero teresa terminado termine territorios terror terroristas tesis tesoro testigo testigos
            testimonio tia tiendas tipico tira tirar titulado toledo tom toman tomaron tome toneladas tonto top tormenta
            torneo totalidad trabajado trabajador trabajan tradicionales traje tranquila transformacion transicion transito
            transmision transparencia trataba tratados tratan treinta tribunales tristeza turno tuvimos tuya ubicacion
            ubicado ud ue ultimamente une unicos uniforme universitaria universitario up urbana urbano urgente utilizan uu
            vacio valiente vayas vean vease vehiculo veinte vende venezolana venezolano venezolanos vengan vengo venia
            ventajas ventanas verdaderamente verdaderos verdes veremos verga verla verse versiones vias vicente
            vicepresidente vigilancia violacion virtual virus visitas vivia vivido viviendas vivimos vivos volviendo
            votacion votantes vs vueltas vuelven vuelvo vuestra vuestro world xix xx yendo zaragoza
        """,
        0.004: """
            abandonado abiertos acabado accidentes aceptado acido acta actitudes actua actuaciones adicionales
            administrativa administrativo admitir adolescente adquirir aerea afectados agradezco agregar agrego agricola
            ahorro alcanzo alegre alemana aliados all alquiler altamente amable amado amar amenazas ampliamente anade anadir
            anillo anna ansiedad antiguas apariencia apartamento aporte apple aprendi aprobo apuesta apunta aragon
            asesinatos asesinos asistente atmosfera avanzar aves ayudan ayudas ayude ayudo banca barato barcos be bebes
            bellas biblia bienvenidos big blancas bloque bloqueo bob bolsas bombas bordo bosques brasileno bus buscas ca
            cadenas caen caido calderon calendario cambian camion campamento cancha candidatura canta caos capacitacion
            capitulos captura caracteristica carbon carnaval carreteras casco catedral causar cd celebro censo censura
            centrales cerrada certificado chicago chilena chris ciego cincuenta circuito circular citas claras clinica
            cobrar cobre cocinar colectiva colectivos comedia comento comiendo comisiones comodo companera competir
            completar comprende comprension comprobar compuesto conciertos conclusiones condenado conferencias confirmar
            confirmo confusion conocio conquista considerada construido consumidores contactos contaminacion contando
            contestar continuo contribuir convencion convenio convertir convocatoria copias corazones correa correos
            correspondientes costado costumbres creada creador crean creciendo creencias cristal cristiana criterios
            criticar cronica cruel cruzar cuadros cuarenta cuartos cubano cubierto cubre cuenca culturas cumplido cuota
            cuyas danza decidieron decimos declara declarar dedica dedicada defensor defiende definir delegacion
            delincuentes denuncias dependencia deposito desafio desaparicion desarrolla descansar descargar descubrimiento
            descubrio desempeno despacho despertar despierta destacado destinado detenidos diagnostico diaria diccionario
            dichas dificultad difundir digitales digno dimensiones dinamica directores dirigio dirigir disciplina discos
            discriminacion disculpa disculpas disenado disfruta dispone dispositivo dispuestos docente docentes
            documentacion dolar dona dormido dosis dudo dulces echa eco ediciones eficaz eje ejercicios elaboracion elena
            eliminacion embarazada emision empezado empleos enamorado encontrarse encuentras encuentre encuestas enfrentar
            enormes ensayos ensena entrevistas envia eras escandalo escuche esencia espanolas esperanzas estabas estable
            estadistica estandar estaremos estima estrategias estreno estudiando europeas examenes excelencia exceso exigir
            existia expectativas explicaciones extranjera extremadamente fabricacion facilidad falsas falsos fan fantasia
            favoritos federales felicidades felicitaciones fiebre fifa fija finalidad financiacion financieros finanzas
            fiscalia florida fortaleza frank frecuentes fresco fruto frutos funcionan galicia ganadores ganancias gane
            garantias gerente gesto giro grabacion grabar grasa gratuita gravedad griego gritar grito guadalajara guardias
            guitarra gustavo habeis habrian hagamos hare herencia herida herrera hitler huesos huir humilde ignorancia
            impedir imponer importe impulso incidente independientemente indican industriales industrias info informado
            informar ingenieros inglesa iniciativas inmigracion innovacion inscripcion inspiracion instancia institucional
            integral intelectuales inteligentes intenciones intensidad intentado intentos international inutil invasion
            invertir invitacion iphone izquierdo jaime japonesa joaquin joda julia juridica justa juzgado juzgar kevin kg
            kilos ladrones lana lanzar largos latino leccion legado legislativo lentamente levanta liderazgo limitada
            limitado listos llamaba llamando llame llave llegara llenar llenos llevas llorando lluvias logros longitud
            lorenzo love luchando macho madrugada magnitud mail maiz maldita maldito mancha manifiesto mantuvo marcado
            mariano mary masas matando mataron mauricio medicamentos medina mencion mercedes metido milagro min miranda mire
            misa miseria misiones monumento motores mover mr muchacho mueren muerta muertes multa murcia muriendo musicos
            naranja negar negociaciones negras nena nervioso niega noble nombrado normales nosotras notable novelas nucleo
            obliga obligaciones obligados observa observacion obtenido oceano ocupar ocurrir ofertas ofrecio ola olimpicos
            olvida olvides op operativo or oral organizada ortega otono pagado panorama pantalones paraiso parezca park
            participaron participo pasara pasen pasta pastor patas paulo pecado peces pedazo pelear penas pendientes
            peninsula pensiones percepcion perdi perdidas perdieron permanecer permita persecucion pertenecen peruano pesado
            pescado pierna pizza placa planificacion plantea plastico plataformas platos play poderosa podes podremos poemas
            polemica policial pongan ponte popularidad portugues posteriores pozo practicar precioso preguntan preocupes
            prepara preparados presa presidentes preso prevencion prevenir previsto prisioneros privacidad probado productor
            profundamente promesas propietarios proporciona proporcionar propuesto protocolo provoca provocar proximas
            psicologia quedaba quedamos quedara quedarme quejas queres querida rabia rajoy rama raul rayos razonable
            reacciones realizadas recepcion recibieron recoger recomendaciones record reducido referente refleja refugio
            regalos registrado regresa regulacion relevante remedio reporte representar represion reputacion residentes
            respirar responsabilidades restaurantes reves revistas revolucionario rival rodrigo romero rompe rosas roto
            ruedas ruiz rumores rusos rutas rutina sa sabian sacado sacerdote sacrificio sali sano santander seamos
            sebastian seco seguia sello selva semejante semillas senadores senalar sencilla sentimos sepan separado serlo
            signo signos silva sinceramente sindicatos sintomas socialismo sois solicitar solucionar sombras soportar
            soporte sostiene street subio sufrimiento sufrio suicidio supo surge surgio suspension ta tardes tele telefonos
            teneis tenis teorias terapia terminan terrenos territorial terrorismo terrorista tetas this thomas time times
            toco tomas tomen toro tour trabajaba tradiciones tragedia trajo tranquilidad transferencia trate trayectoria
            trenes tumba turistas turquia ubicada universitarios usos utiles utilizacion utilizada vargas vaso veamos veas
            vega vencer venden venganza vera veracruz veras victor videojuegos vidrio viejas vigente vii vimos vinieron
            virtud visitantes vistazo visual vital vives vivio vol volar volvieron we whatsapp william wow xi xvi xxi
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
            ai alle altri ancora anni chi cosi dalla degli dopo dove due fa fare gia loro mai me mia mio molto ne nei no
            ogni ora parte perche poi puo quanto quella quello quindi secondo sei sempre senza sia sua sul sulla tempo uno
            vita
        """,
        0.15: """
            abbiamo altro anno avere aveva bene casa caso citta contro cose dai dalle de detto dire fine fino foto giorno
            grande grazie hai italia lavoro li lui mentre modo mondo nelle noi nuovo oggi persone po primo proprio qualche
            quale quel questi qui sara siamo sta stata stati stesso storia suoi tanto te tre tu tuo tutte va vi via viene
            volta
        """,
        0.1: """
            abbia adesso agli alcuni allora altra altre andare aver ben bisogno cazzo certo cio circa col comunque credo
            dato davvero dello deve dice donne durante ecco erano esempio famiglia fanno far forse fosse fu fuori gente
            giorni governo gruppo insieme invece italiano legge lei male meglio meno milano molti momento negli nessuno
            niente nome nostra nostro nulla numero nuova oltre ore paese pero persona poco possibile posso possono posto
            potrebbe problema punto puoi qualcosa qualcuno quali quasi quelle quelli queste rispetto roma sarebbe sembra
            serie sistema so societa sotto stessa sto sue sui sulle tipo troppo tua tutta uomo vedere vero verso video visto
            voglio voi volte vuole
        """,
        0.06: """
            accordo alcune allo almeno amici amore appena attivita attraverso avevo avrebbe avuto bambini base basta bella
            buon buona campo capire capo causa ce centro ciao comune consiglio conto corpo corso dagli dare dati devo dio
            diritto diverse diversi donna dovrebbe faccia faccio facebook facendo fai fatti figlio film forma forte forza
            fra generale genere gioco giro giusto grado gran grandi guerra idea importante infatti inoltre italiana italiani
            letto libro livello lungo luogo madre maggio mano marzo mese mesi mezzo miei migliore morte nazionale nello
            nemmeno nostri notte ormai padre parla parlare parole particolare partito passato penso periodo piace piano
            politica porta possa prendere presidente preso presso problemi progetto propria pubblicato pubblico pure
            qualsiasi quattro quei ragazza ragazzi ragione realta ricerca sa san sapere saranno scritto scuola seconda
            seguito senso servizio settembre settimana siano sito situazione soldi soprattutto spesso stanno state strada
            studio subito successo tale terra testa the tratta trovare tv unica unico uomini uso vengono vista voce vuoi
        """,
        0.04: """
            abbastanza acqua agosto ah aiuto all alto amico aprile arte articolo attenzione auto avanti avete avevano bel
            bello bisogna breve calcio capisco capito casi centrale cerca chiesa cinque cioe cittadini civile classe codice
            colpa condizioni continua controllo cultura cuore cura data davanti dell dentro devi devono dicembre dico dietro
            difficile diritti dobbiamo domanda domande domani dovuto effetti eh ero esperienza eta euro europa ex facile
            farlo fatta favore febbraio felice figli fondo francia fronte futuro genitori gennaio giornata giovane giovani
            giugno guarda ieri ii informazioni inglese inizio internazionale internet interno lavorare lavori leggere leggi
            liberta libri linea lingua luce luglio macchina magari maggior maggiore mamma mani mare massimo media mente
            mercato merda messo meta mettere mie migliori milioni ministro minuti moglie molte motivo movimento musica
            napoli neanche nessun nessuna new nonostante nord nostre nota notizie novembre nuove nuovi occasione occhi of ok
            online opera opere oppure ordine oro ottobre pace paesi pagina papa pare parola parti passare passo paura pensa
            pensare perdere perso personale piazza piccola piccolo piedi piuttosto pochi politico polizia popolo posizione
            possiamo possibilita post poter potere presente presenza presto prezzo primi probabilmente processo prodotto
            produzione programma prova provincia pubblica punti qua qualita questione ragazze ragazzo rapporto re regione
            repubblica resto rete ricordo riguarda riguardo risposta risultati ruolo sai scelta scusa secolo sede semplice
            sentire sento sera serve servizi sicurezza sicuro siete significa sinistra sociale sola sole sopra spazio
            speciale specie spero squadra stagione stai stare stessi stiamo stile studi sud sviluppo tanti tempi termine
            territorio titolo torino tramite trova trovato tuoi tuttavia ufficiale ultima ultimi ultimo uniti universita usa
            vado vai valore vanno vari varie vede vedi vedo vera veramente verita viaggio vicino vivere voglia vogliono
            vorrei web zona
        """,
        0.025: """
            abbiano abitanti accesso affari aiutare alcun alta altrimenti america analisi and andata andato animali anzi
            aperto appunto area aria armi arriva arrivare arrivato arrivo art articoli aspetti aspetto assolutamente atto
            attuale autore autorita avesse avra avrebbero avrei azienda aziende azione azioni bambino basso battaglia beh
            bianco bocca bologna buono cambiare cambio camera campagna canale cane canzone capacita capelli capitale carlo
            carta case cercando cercare chiama chiamato chiaro chiede chiedere chiedo chiesto chiunque cibo cielo cinema coi
            colore coloro commenti commissione compagnia completamente comuni comunicazione comunita confronti conoscenza
            conoscere considerato contatto contrario contratto corte costa costituzione costruzione creare credere crisi
            cristo culo culturale dallo danni danno decisione deciso destra dicendo dici dicono dieci difesa differenza
            difficolta diretta direttamente direttore direzione discorso distanza diventa diventare diverso documenti
            dollari dolore domenica doveva dovrebbero dubbio dunque ecc economia economica economico edizione effetto egli
            elementi elezioni energia entra entrambi entrare entro errore esattamente esiste essendo est europea eventi
            evitare facciamo faceva famiglie farsi fase fate fede festa festival figlia fin finale finalmente finito firenze
            fonte formazione fortuna forze fossero francesco francese fratello funzione fuoco furono gay germania giocare
            giochi giovanni giuseppe giusta giustizia google gruppi guardare guida idee immagine immagini importanti
            importanza impossibile incontro infine inizia iniziato insomma interessante interesse interessi intorno italiane
            km lascia lasciare lasciato lato lavoratori lega lettera libera libero link lista locale locali lontano lunga
            luoghi maggiori manca mangiare maniera maria marito massa materiale matrimonio mattina medico medio membri
            memoria merito messa messaggio metri mette mezzi miglior militare mille ministero misura modello mondiale morire
            morti morto mostra motivi natale nato natura naturale necessario necessita nero nomi normale notizia noto
            obiettivo odio oggetto oh on opinione originale origine ottenere ottimo ovvero ovviamente pagare pagine paio
            palazzo paolo pari parlamento parlando parlato particolarmente partire partita passa pd peggio pena pensato
            pensi pensiero perfetto permesso peso pezzo piacere piccoli piena pieno poche poiche politiche politici
            popolazione portare portato porto posti potete poteva potrebbero potuto pratica precedente precedenti premio
            prende presa presenta presenti prime principale principali pro prodotti progetti proposito proposta propri
            proprie proprieta prossima prossimo provare provato prove pubblici pur purtroppo qual qualunque quanti quest
            raccolta radio raggiungere rapporti reale regno regole relazione rende responsabilita resta ricevuto richiesta
            ricorda riesce riesco riferimento rimane rischio risultato ritorno roba rosso sacco salute sangue sanno santa
            sarebbero scelto scena scoperto scopo scorso scrivere scuole segno seguire semplicemente sentito sesso sette
            settimane settore sezione sicuramente signore silenzio simile simili siti social sociali soli solito soltanto
            soluzione son spagna speranza sport stampa stasera stava stesse storico storie struttura studenti succede sugli
            superiore tali tante tardi teatro telefono tema tenere termini terza terzo test testo to torna tornare totale
            trovano tue twitter ufficio umano unita usare usato uscire uscita utenti utile vale vecchio vediamo venezia
            venga venire venne verra versione vinto visita vittoria vive vivo vogliamo volevo voluto vostra vostro voti voto
            vuol york
        """,
        0.015: """
            accanto account addirittura aereo affatto affrontare aiuta album alcuna ama ambiente americani americano amica
            amministrazione amo anch andando andiamo andrea anima anti antonio aperta app appare applicazione aprire aree
            argomento arrivano arrivata arrivati artisti aspetta aspettare assieme associazione attacco attesa atti attorno
            attualmente aumentare aumento autori avendo avvocato bagno banca bar bassa belle bellezza beni benissimo
            berlusconi bianca bilancio blog blu bravo brutto buone buoni by caccia caffe caldo cambia cambiato campi canzoni
            capace capitano carattere caratteristiche carica carico carne caro carriera carte castello categoria cellulare
            cena cento centri cercato cerco certa certamente certe certi cervello chat chiamata chiara chiaramente chiave
            chiuso cina cinese cittadino civili cliente clienti club cm co collaborazione colori colpo com combattere
            comitato commento commerciale commercio compito complesso comportamento composto comprare computer comunale
            concetto concorso condizione conferma confronto conosce conosciuto conosco conseguenza conseguenze
            considerazione consigli conta conte contenuti contenuto contesto conti continuare continuo controllare coppia
            coraggio corrente corsa corsi coscienza costi costo costruire creato creazione crede credito crescita critica
            cucina date david debba debito decreto dedicato definizione democrazia denaro desiderio dettagli diceva
            dichiarazione diciamo digitale dimensioni dipartimento dipendenti direi diretto discussione disegno dispiace
            disponibile disposizione disse distribuzione diventato diversa do documento dolce don doppio dormire dover dovra
            dovrei dura durata ebbe el elettorale enorme entrambe episodio eppure errori esame esce esercito esistono
            esperienze espressione essa essi esso estate estero et europei europeo evento evidente facilmente fame famoso
            fan fara farmi faro farti fatte fece femminile fenomeno fianco fiducia figura filosofia finche finire finita
            fiori fisica fiume fondamentale fondi fonti for formato forme forti fossi francesi frase fratelli frattempo
            freddo funziona funzioni gara gas generazione genova gestione gesu giappone giapponese giornale giornali
            giornalista giu giudice giudizio gratis grave grecia grosso guardia http identita iii immagino immediatamente
            imparare impegno importa imprese incidente indietro inferiore informazione ingresso iniziare iniziativa intanto
            intenzione intera interessa internazionali intero intervento intervista inutile is isola istituto istituzioni it
            john latte lavora lavorato leader legale letteratura lettere lettura lezione limite limiti linee linguaggio
            lingue live livelli londra lotta luigi luna madonna maestro maggioranza malattia mancanza mandato mantenere
            marco mario massima materia medici medicina membro messaggi metodo metti migliaia migliorare mila miliardi
            militari minimo minore minuto missione misure moda modalita modi molta momenti monte morale moto muro museo
            nasce nascita nata nave nazionali nazione nazioni negozio news nonche nonna norma norme notare note numeri
            numerose numerosi occhio occidentale offerta offre oggetti ognuno onore operazione operazioni opportunita
            organizzazione ospedale ottenuto ottima otto ovunque pagamento palermo parco parigi parlano parliamo partecipare
            partecipazione partenza particolari partiti passaggio passi passione peccato pelle pensavo percio percorso
            perdita perfetta pericolo permette persino personaggi personaggio personali pertanto pezzi piacciono piani
            piccole pietro pomeriggio ponte popolare portata possano possibili posta potenza potra potrei potresti poveri
            pranzo praticamente prego prese presentato pressione prezzi prigione primavera principalmente principe principio
            privata privato prof professore profilo programmi pronti pronto protezione pubblicazione pubblicita punta quante
            quantita quartiere quarto racconta raggiunto ragioni rai rappresenta realizzato reazione recente regime regina
            regionale regioni regola relazioni religione rendere renzi resistenza reso responsabile ricco ricerche ricordare
            ricordi ridere riforma rimanere rimasto risolvere risorse rispondere risposte risposto risulta riuscito rivista
            rivoluzione romano rosa rossi russia sabato sala sale salvare salvini santo sapevo sappiamo sarei sbagliato
            scala scegliere schifo scienza scoprire scritta scrittore scrive sebbene secondi segretario segreto segue
            seguente seguenti sembrano sembrava sente sentenza senti serata serio servono sfida sguardo show sicilia
            significato signor signora sindaco singolo sistemi software soggetto sogno solamente soldati sorella sorta
            sostegno spalle speciali specialmente spesa spese spettacolo spiega spiegare spirito standard stanza star stavo
            stazione stelle stia storica strade stranieri strano strumenti strumento studiare sullo super superficie
            supporto tanta team tecnica tecnico tecnologia tedesco temi tentativo tenuto teoria terreno tesoro testi tiene
            tipi titoli top tour tradizione traduzione traffico trasporto trattato tratti tratto treno tribunale triste
            trovi trovo tweet ucciso ufficiali ultime umana umani unione uscito utente utilizzato utilizzo valori vantaggio
            ve vecchi vecchia veloce velocita vendita venerdi veniva vento venuto verde vicenda vicini villa villaggio
            vincere vino violenza visione vittima vittime voci voler volete voleva volo volonta volume vostri votare you
            zero zone
        """,
        0.01: """
            accade accedere accettare accordi accusa acque acquisto addio addosso adoro adulti afferma africa agente agenti
            agenzia aggiornamento aggiungere aggiunta aggiunto agire aiuti alberi albero alberto alessandro ali alte
            alternativa altezza alti ambito americana amicizia ampia ampio andate andati andava andra angelo angolo animale
            anime anna annuncio antica antico apertura appartamento appartiene appello approccio approvato appuntamento apre
            argento argomenti arma arrestato arti artista ascoltare aspettando assai assenza assistenza associazioni
            assoluta assoluto assumere assunto attacchi atteggiamento attimo attiva attivo averlo avessero avessi avevamo
            avrai avranno avviene avviso bambina banche band banda bandiera bari basi bassi batteria battuta be bellissima
            bellissimo bere bianchi biblioteca big biglietto birra black blocco bordo borsa braccia braccio brasile brava
            brescia brutta buongiorno cadere caduta calabria cambiamento cammino campionato campione canali cancro candidato
            cani canto capi capisce capitolo cara carabinieri carcere carino casino catena cattivo cattolica cause cavallo
            centinaia cercano cerchi chiamano chiamare chiedendo chiedono chiese chilometri chissa chiudere chiusa chiusura
            ciclo cinesi cit citato cittadinanza city classica classico classifica clima coda colazione collega colleghi
            collezione collo colpi colpito comandante comando comincia cominciare cominciato comma commerciali compagni
            compagno compleanno completa completo complimenti componenti comprato comprende comprendere compreso comunista
            concerto conclusione condanna condannato condividere condotta condotto conferenza confine confini conflitto
            congresso conosci consenso considera considerare considerata consumo contatti contento contiene continuano
            contratti contributo controlli conversazione convinto copertura copia corpi correre cos costante costituzionale
            costretto costruito crea crescere crimine cristiani critiche critico croce cronaca culturali curiosita dall
            dando day decenni decide decidere decisamente decisioni dedicata definito democratico denti denuncia deputati
            descrizione destino detta dialogo dibattito dichiarato dichiarazioni difendere differenti differenze diffusione
            dignita dimenticare dimenticato dimostra dimostrare dimostrato dipende dirlo disco discutere disponibili
            distretto diventando diventata divertente divisione dominio dovere dovesse dovete dovranno dovremmo dovresti
            dovuta dr droga dubbi duca duro eccezione economiche economici edifici edificio educazione effettivamente
            efficace elemento elenco eletto elettrica emergenza emozioni en enrico enti entrata entrato episodi epoca
            eravamo es esami esatto esclusivamente esempi esercizio esistenza esperti esperto espresso esprimere esse
            esserci esseri essersi esterno estremamente etc europee evoluzione fabbrica facolta fallimento falso familiare
            familiari famosa fantastico faranno farci farebbe farla fascia fatica fattori federico felici felicita ferma
            fermare fermo ferro fi figure fila file filo finestra fini finisce finora finta firma firmato fiscale fisico
            fondamentali fondazione fornire fortemente forum fotografia franco frasi frega fretta frutto fuga gambe
            garantire garanzia gatto generali generalmente genio gentile george gestire gesto giallo giardino gioca giocato
            giocatore giocatori gioia giorgio giornalisti giovedi girare giunta giuro gol governatore governi gradi gravi
            greco guardando guardate guerre gusto hotel ideale immaginare immigrati imparato impatto impresa impressione
            incontrare incontrato incontri incredibile indagine indagini indica indipendente indirizzo individui industria
            industriale influenza inghilterra inglesi iniziale iniziative insegnante intelligente intende intendo
            interessanti interessato interna interni interventi introduzione inverno investimenti inviato invito ipotesi
            isole israele istruzione iv jack james kg laboratorio lago lancio larga lasciando latina latino laurea lavorando
            legati legato leggermente legno leone letteralmente lezioni liberi liceo localita logica lol lombardia lorenzo
            louis luca lunedi lunghezza lunghi lupo m5s macchine maglia mail mal malattie man manager mancano manco mandare
            manifestazione mar marina matematica materiali matteo mattino max mediante merita messi messico metodi mettendo
            metto mettono mezza mica michael michele migranti milione minaccia ministri minori mm mobile modelli moderna
            moderno mondiali montagna monti morta mosca motore movimenti muore musicale my naso naturali naturalmente navi
            necessaria negozi nell nemici nemico neppure nera neri network nick nonno notato notevole noti nove novita
            nuovamente obbligo obiettivi occupa occupazione oddio offerte offrire olio omicidio onda one op open opinioni
            opposizione ordini organi organizzato orientale origini oscar ospiti ossia ovvio padova paga pagato palla palle
            pane parenti parere park parli parlo parma partecipanti partecipato partite partner passando passata passati
            pasta patria patrimonio paul pausa paziente pazienti pc peggiore penale pene pensando pensano pensate pensieri
            pensione percentuale perde perfettamente permettere personalita personalmente pesante pesce peter piacerebbe
            pianeta piangere pianta piante piattaforma piatto piede pietra pioggia pisa pizza poesia portano porte porti
            positivo posizioni possesso potente poteri potesse potevano potranno povero pp pratiche preciso preferito
            prendendo prendi prendo prendono preparazione presentare presentazione presi prestito prevede previsto principi
            privati probabile procedura processi produrre professionale profondo promozione pronta propaganda propone
            proposte proposto proprietario prospettiva prossimi protagonista proteggere provenienti provo pubblicata
            pubbliche puntata quadro quegli questioni quota quotidiano rabbia raccogliere raccolto raccontare racconti
            racconto rapidamente rappresentanti razza razzismo reali realizzare realizzazione realmente reato recentemente
            recenti record reddito referendum regalo regionali regista registrato registrazione regolamento regolare
            relativa relativamente relative relativi relativo resa restare reti ricchi riceve ricevere richiede richieste
            richiesto riconoscere riconoscimento riconosciuto ricorso ridurre riduzione riesci riescono riferisce rifiuti
            rimasta ringrazio rio riportato ripresa rischi riserva riso risponde ristorante ritardo ritiene riuscire
            riuscita rivolta roberto rock romana romani romanzo rossa rotto russo salire salvo sanita sapete sapeva saputo
            sardegna saremo saro sbaglio scambio scarpe scelte scendere scientifica scientifico scienze scoperta scorsa
            scritti scrittura scusate secoli seduta segni segreti seguendo sembrare semi semplici senato sensazione sensi
            sentimenti seriamente sessuale set siccome sicura signori simbolo sin singoli sino siria situazioni smettere
            soccorso socio soggetti sogni solidarieta soluzioni sorpresa sostanza sostenere sostiene spagnolo spazi
            specifico spedizione speriamo spiaggia spiegato sposa squadre stadio stamattina statale statistiche stavano
            stefano stella stima storici strategia street stretto strutture studente successivamente successivo sufficiente
            suono superare superato superiori svizzera svolta taglio tal talmente tantissimo tasse tasso tavola tavolo
            tecniche tecnologie tedeschi televisione temperatura tende tendenza tensione tenuta terre terremoto terribile
            tesi time tiro titolare tizio tocca togliere tom tornato torre toscana totalmente traccia tradizionale tranne
            tranquillo trasmissione trattamento trattati troppi trovata troviamo truppe turismo turno tutela uccidere ue
            uffici ufficialmente uguale ulteriore ulteriori unito uova up usando usano usata usati utili utilizzare vacanza
            vacanze vada valle valutazione varieta vedono velocemente vendere veneto venivano venti venuta vere vergogna
            veri verona verranno vescovo vestiti vestito viaggi vice vicina vie vieni vigore vince viso vissuto visti vite
            viva vivi vivono vol volto vorrebbe vostre votato vuoto weekend world youtube zio
        """,
        0.006: """
            abbandonare abbandonato abilita abiti abito accademia accaduto accetta accettato accoglienza accompagnato
            accusato accuse acido acquistare acquistato adatto aerei aeroporto affermazione affetto affinche affitto
            aggiornamenti aggiunge aggiungo agricoltura aiutato alba alex alimentare allarme alleanza alleati alternative
            altrettanto altrove altrui amante amare amato ambientale ambienti ami amiche ammesso ammettere amministrativa
            amministratore ampiamente an ancor andrebbe android anello angeles angeli annuale annunciato ansia antiche
            antichi anticipo anziani anziche aperte aperti apparentemente appartenenti apple applicare applicazioni appoggio
            approvazione architettura archivio arco argentina armata armate arresto arrivando arrivi artistica artistico
            ascolta ascolti ascolto asia asilo assemblea assicurare assicurazione assistente assume assurdo at atmosfera
            attaccare attaccato attento attivi attore attori attuali audio auguri aumenta australia austria autobus
            autonomia autorizzazione averla averne avevi avremmo avremo avresti avro avventura avvenuta avvenuto avvocati
            baby bacio ballo banco bando barca barcellona basa basata basato battute bei belli benedetto benefici benessere
            bensi benvenuto benzina bergamo berlino bici biglietti bill bloccato boh bomba bonus borgo boschi bosco
            bottiglia bravi brevi bruno buco buio bus business ca cade cagliari calcolo calda calendario calma calo calore
            cambiamenti camminare campagne campania campioni canada cancellare candidati cantante cantare caos capaci
            capisci capita caratteri caratteristica cardinale cari carina carita cassa catalogo catania categorie cattiva
            cattolici causato cavaliere cavalli cavolo cazzate cazzi cc cd celebre cellule center centrali cerchiamo
            cerimonia certezza certificato cesare charles charlie chiamate chiamati chiamo chiedi chimica chiude chiuse
            chiusi ciascuna ciascuno cifra cifre cima cioccolato circolare circolazione circolo circostanze cita cittadina
            civilta classi classici claudio clinica coglione coglioni cognome coinvolto collegamento college collegio
            colonna colonnello colpevole colui commedia commesso commissario comodo compagnie competenza competenze
            competizione compiere compiti compiuto componente comporta comportamenti composizione composta comprensione
            compresa compresi comunicare comunicato comunicazioni concerti concessione concesso concetti conclude concluso
            concorrenza confermato confusione connessione conoscenze conosciuta conosciuti conoscono conquista consapevole
            consapevolezza consegna conseguente consente conservazione considerando considerati consigliere consiste contare
            contemporanea contemporaneamente continuamente continui contrasto contributi controlla controllato convegno
            convenzione conviene convincere copertina coperto coppa coppie coprire corea corona corretta corretto corriere
            corrispondente corruzione costantemente costituisce costituito costretti costume creando creata credi credono
            creduto cresce cresciuto criminale criminali crimini cristiana cristiano criteri culto culture cure curva daniel
            danza dar darsi darti debiti debole deboli decennio decine definire definitiva definitivamente deposito
            depressione deputato der deriva des descritto deserto desideri design destinato destinazione destro determinato
            dettaglio dia diamo diario diavolo dica dichiara die diede dieta differente difficili diffusa diffuso digitali
            dimensione dimissioni dimmi dimostrazione dipendente dipendenza diretti dirigente dirigenti dirmi diro dirti
            disagio disastro disciplina discorsi discussioni disegni disoccupazione disposizioni disposto distruggere
            distrutto distruzione disturbo dita dite dito divano diventano diversamente divieto divisa doc doccia docenti
            documentario documentazione dodici dolci domenico dono doppia dotato dottor dottore dov dovevano dovevo dramma
            du duomo ebrei eccellenza eco editore edizioni egitto ehi elena elettori elettronica elevato elezione eliminare
            email emilia emma end enormi ente entita entrano entrate entusiasmo equilibrio erba eri eroe eroi esclusiva
            esecuzione esigenze esistenti espansione esposizione esprime essenziale esser esteri esterna esterni estratto
            estrema eventuale eventuali evidentemente evidenza extra facciano facevano fallito falsa false fama famosi
            fantasia fantastica farei faremo fargli farle farli farmaci farne fascismo fascista fasi fastidio fattore
            favorevole favorire fedele fedeli federale federazione femminili fenomeni ferite feriti ferito fermata fermato
            fermi ferrara ferrari feste festeggiare fiamme fidanzata fidanzato fiera figa figlie figo filippo finanza
            finanziaria finanziario finestre fiore fissa fisso flusso foglie foglio folla follia fondata fondato fondatore
            food foresta formare formula fornisce fornito frank fredda free frequenti frequenza frutta frutti fumetti fumo
            funzionare furto galleria gamba gare gatti generazioni ghiaccio giacomo giapponesi giocando giornate giovanile
            gira girato giri giudicare giudici giulia giulio giunto glielo globale gloria go gola grafica grano grasso
            gratuito grazia greca greci green grillo grossa grossi guadagnare guardi guardo guidare guido gusti han harry
            hashtag henry home house idiota illegale immigrazione impedire impegnato imperatore impero impianti impianto
            impiegati impiegato impiego improvvisamente incarico incendio inchiesta incluso incontra india indicare indicato
            indicazioni indice indipendentemente indipendenza individuale individuo indossare industriali infanzia
            informatica infrastrutture inizi inizialmente iniziano iniziata innovazione insegna insegnanti insegnare
            insegnato inserito instagram insulti integrazione intellettuale intelligenza intendi intento intenzioni
            interamente interessati international interne interpretazione intervenire intesa intitolato introdotto inutili
            investimento inviare invitato iphone iscritti iscrizione ispirazione istituti istituzione istruzioni italy joe
            kim labbra lacrime lady lancia lanciato largo lasciano lasciate lasciati lascio lati laura lavorano lazio lee
            legali legame legata legate leggenda leggendo leggera leggero leggo legislativo lentamente leonardo les lettore
            lettori liberamente liberazione libia libreria licenza life like limitata limitato line lontana lontani los love
            luci lunghe lusso madrid mafia maggiormente magia malato mancata mancato manda mangia mangiato manifestazioni
            manifesto manuale manutenzione mappa marche marchio marcia marino mark marketing martedi martin mary maschera
            maschi maschile maschio master materie meccanismo medaglia medica medie mediterraneo mentale meraviglioso
            mercati merci mercoledi meridionale meriti messe messina metro mettersi mettiamo miglia miglioramento mike
            milanese min minima minoranza mira miracolo miss mistero mito mo mobili modena moderni modifiche monaco moneta
            monete montagne monumento mossa mostrano mostrare mostrato mostro motivazione motori mr mura muri musei musicali
            na nascondere nascosto nati necessari necessariamente necessarie negativo netto neve nicola nipote nobile nomina
            nominato normali normalmente normativa nozze nucleare nucleo nudo occasioni occhiali occhiata occidentali
            occorre occupato odore off offerto offrono okay olimpiadi omaggio ombra onde operai operatori opposto opzione or
            orari orario ordinato orecchie organizzare organizzata organizzazioni organo orgoglio orientamento oriente
            originali ospite ossa osservare osservazione ottiene out ove ovest padrone pagano palco palestra panico paradiso
            parcheggio parecchi parecchio parete pareti parlamentare parlamentari parlava partecipa partendo parto party
            parziale passano passate passeggeri patto pavimento pazienza pazzo peggiori pensiamo peraltro percezione
            perdendo perdite perdono perfino performance pericoloso periodi permanente permettono persa perugia pesanti
            pesca pesci petto piacevole piaciuto piatti piemonte pieni pietre pilota pio pista pistola pittura plastica poca
            poesie poeta polemica poliziotti poliziotto polvere pone pop popolari popolazioni popoli porca porno porre
            portale portando portati portogallo positiva positivi possiede poste posteriore potenti potenziale potevo potrai
            potremmo povera poverta prato pre precedentemente precedenza precisa preferisco preghiera premi premier
            preparare preparato prescindere presentano presentata presidenza pressi prestazioni prete prevista prigionieri
            principessa priorita privacy private probabilita procedere procedure procuratore produce produttore produttori
            professione professionista professionisti professori profonda profondamente profondita programmazione progresso
            promessa promesse promesso promosso promuovere proporre proprietari prosegue prossime protagonisti protesta
            province provinciale provvedimenti provvedimento pubblicare pubblicati pubblicazioni puglia puntate pura puro
            qualora quanta quarta quindici quinta quinto raccoglie raccolte raccolti raccontato radici raggi raggio
            raggiunge rapida rappresentano rappresentante rappresentare rappresentato rappresentazione raramente rassegna
            real realizzata reati reazioni recuperare recupero red redazione reggio regia registro regolarmente religiosa
            religiose religiosi religioso rendono reparto requisiti residenti residenza respiro responsabili restano resti
            revisione ricca riccardo ricchezza ricetta ricette richard riconosce ricordato ricostruzione ridicolo ridotta
            ridotto rifiuto riflessione riflettere riforme rifugio riguardano riguardanti rilievo rimangono rimasti ripeto
            riporta riportare riposo riprendere riprese ripreso rischia risolto risoluzione risparmio rispettare
            rispettivamente ritenuto ritiro ritmo ritorna ritornare ritratto riunione riusciti riva rivela rivolto robert
            robot rom rompere rose rosse rotta rottura rumore ruota russa russi sacro saggio saltare salto salva salvato
            salvatore sam sano santi sanzioni saper sapore sappia saprei sarai sbagliata scadenza scale scandalo scappare
            scaricare scarsa scatola scegli scene scheda schema schermo scherzo schiavi schiena sciopero scolastico
            scomparsa sconfitta sconto scontro scopri scritte scrittori scrivendo scrivi scrivo scuse segnale segnato
            seguita seguono selezione senatore seno sensibilita sentimento sentirsi sentono seria server servire sessione
            sessuali sesto settentrionale settori sexy sfondo sforzi sforzo sicuri siena sig sinceramente sindacati single
            singola sinistro sintesi sintomi situato sky smartphone smesso sms soci socialista soddisfazione sofferenza
            soggiorno solare soldato solitamente somma sonno sopravvivere sorelle sorriso sorveglianza sospensione sospetto
            sostanze sostanzialmente sostenuto sostituire sostituzione spada spagnola sparare specchio specifica specifiche
            speranze sperare spiace spiegazione spinta splendida sportivo sposato st stabile stabilire stabilita stabilito
            staff stanco stando statua statunitense status stavolta steve sti stipendio stomaco stop storiche strana
            straniero straordinaria straordinario streaming stress stretta strettamente stronzo studiato stupida stupido
            successiva successive successivi suicidio suolo suona suonare sveglia svezia sviluppare sviluppato svolge
            svolgere svolto tagli taglia tagliare talento talvolta tappa taxi tecnici tedesca temo tempio temporale tendenze
            tenendo tengo tentativi tentato teorie terapia terreni territori terrorismo terzi tessuto teste testimoni
            testimonianza tette tetto this thomas tieni tim tipico tira tirare tolto tomba tono tony tornata torno torta
            torto tracce tradizionali tradizioni tragedia trama tranquilla trasferimento trasformazione trasporti trattare
            treni trenta trento trieste tristezza troia trono troppa troppe trovate trovati trovava trump turchia turisti
            tuttora uccide uccisi uguali ulteriormente ultimamente umane umanita unici unite universale university universo
            us usate uscite usi utilizza utilizzando utilizzata utilizzati vabbe val valido valutare van vantaggi varia
            vasta vaticano vecchie vederlo vedrai vedremo vendetta venduto venendo vengano vengo venisse vennero vent venuti
            verdi vergine verifica verificare versi vetro viaggiare vicende vincenzo vincitore vincitori viola violazione
            virtu virus visibile visitare visite viste vittorio viviamo volentieri volere volesse volevano volontari volumi
            vorresti vs walter washington we windows with wow xvi zia zucchero
        """,
        0.004: """
            abbandono abitudine accademico acciaio accolto acquisti adolescenti adottare adottato adozione affermare
            affermato agenzie aggiornato albergo alessandria alice alimentari alimentazione allenamento allenatore altamente
            amano amanti amazon ambasciatore ambientali americane amministrativo amor ando andranno angela anniversario
            annuncia anteriore apparire appartenenza appartengono aquila arabi arabo are armati armato arrivera as aspettano
            aspettative aspettavo aspettiamo assegnato assistere atene attrice auguro aula automaticamente automatico
            autunno avanzata avvenimenti avversari avvicina azzurro bacino barba barbara basse battista belgio benche
            beneficio best bianche bibbia bicchiere bis bisogni bloccare bob bombe borse boy brano brillante bronzo
            bruxelles budget buonanotte caduto california cambi cambiano camere can cancellato cappella cappello carbone
            carlos cassazione cattivi cattolico cavo cerchio ch champions chiami chiarezza chiavi chiediamo chitarra chris
            ciascun cinquanta circuito citazione cmq coalizione codici coinvolti collegato collettivo colloquio colonia
            color colpire colpisce combinazione comincio commissioni community como compagna compare complessa complicato
            compra comunali comunisti concludere concordo concreto condivisione condiviso conduce condurre confermare
            conosciamo consentire consentito considerate console consulente consumatori contadini contano contenta
            continente continuato contribuire contribuito convinzione cooperazione coperta copie coro corre correnti
            corrisponde corrispondenza corti corto cosiddetta coste costituiscono costituita costruita costumi cover credevo
            crediamo crediti crema crescente critici cucinare cugino curare curato curioso custodia cv dante dara dargli
            database davide definisce definita delegato delitto democratica descrive descrivere desidera destinata destinati
            determinare determinazione dev diagnosi dialetto dicevano dicevo diego difensore difetti dipinto diploma dir
            dirette disponibilita dispositivi dispositivo disposti ditta divenne diventati diventera diventi diversita
            divertimento divina diviso divorzio dna docente donato dose dott dovuti dritto ebbero eccellente eccezionale
            editoriale effettuare efficacia elegante elementare elementari eletti elettorali elettrico elevata emanuele
            eredita esci esecutivo eseguire eseguito esercizi esistente esistere esperimento esposto essenzialmente esserlo
            estensione etica eventualmente fabio facesse facevo facili fallo falsi fammi fanculo farai farvi febbre femmina
            ferita fiat finanziamenti finanziamento finanziari finiti fisiche fiumi folle fontana formaggio formale forno
            fortunato fotografie francesca fresco from fuggire funzionamento fusione futura future futuri galera gamma
            gazzetta gelato generi gestito gianni gigante ginocchio giornalismo gioventu girl giustamente giuste godere
            golfo grafico gravita grigio guai guardano guardato guardie guidato hey hitler https identificare idioti
            ignoranza imbarazzante immediata immediato immobili immobiliare impegnati impegni imposta imposte imprenditore
            imprenditori improvviso incidenti incinta include inclusi incremento indipendenti indispensabile individuali
            inferiori inferno info informato ingegnere ingegneria innamorato innanzitutto insegnamento inserire inter
            invasione inventato investire invita ironia iscritto island ispirato iva jean jim juan kevin king ladri lanciare
            lasci lasciamo lasciata lavoratore league legami legislazione lento leo letterario leva liberale libere limitare
            liquido lire liste livorno logo lord lucca lucia mac magico magistratura maio malati malgrado mancare margine
            match maurizio meccanica men meraviglia meravigliosa mestiere metallo metropolitana mezz mezzanotte mezzogiorno
            milan minacce mini mise miseria mix modifica modificare modificato moltissimo monumenti more morendo mori mostri
            motivazioni muove muoversi mussolini musulmani nascere national navigazione negare negativa negativi neo nere
            nervoso nn not notti obama occidente offesa omicidi operare operativo operato opzioni orologio orribile ospedali
            ospita osserva ottimi over pa padri paesaggio pancia panorama pantaloni paris parita parlarne parzialmente
            passeggiata pasto pazzi penna pensioni perfezione pericolosa petrolio pianto pienamente piene piero pieta pil
            piscina pittore play polemiche pollo polo polonia portate portera postato potessero pratico precisamente
            precisione preferisce preferiti prendersi preparati prevalentemente prevenzione previste previsti prezioso
            primarie privo procedimento procura professionali professor profili profitto profughi profumo project
            prospettive proveniente psicologia pubblicate pugno pulita pulito pulizia punizione putin puttana quadri qualcun
            quartieri que quote quotidiana radicale ragazzino ramo rapido rappresentanza raro ray razzista realizzati
            recensione recensioni regali registrare report resistere retorica retta ri ribelli ricercatori richiedere
            richiedono ricordano ricordate ricordati ricordiamo rientra riferimenti riferito rifiuta rifiutato righe rigore
            rilasciato rilascio rilevante rimase rimuovere rinunciare ripetere riproduzione risale riservato risparmiare
            rispondi ristoranti ritengo ritrovato rivedere riviste romagna rovina rubare rubato ruoli ruote sabbia sacra
            sacrificio salerno salta saluto salve salvezza sana sanitaria sanitario sanremo sapendo saperlo sarah scarica
            scenario scende scherzi scientifiche scienziati sconosciuto scontri scopi scopre scorta scott scrisse scrivono
            scusami secco sedia seduto segna segnalare segnali sembri seminario sentiamo sentita sentite sentivo separazione
            sergio seri servito settimanale sezioni sfera sfruttare siate significativo silvio simboli simon simone
            simpatico sincero sindacato singole soddisfare soddisfatto soffrire soglia solita soliti sondaggio sopportare
            sopratutto sorge sorpreso sorte sospeso sostenibile sostituito sottile sottolineare sovranita sovrano spagnoli
            spalla spazzatura specifici spendere sperando spetta spettacoli spettatori spinto spirituale sportiva spot ss
            stagioni stanotte stanze statali statistica statuto stazioni ste stiano stradale straniera straniere strategie
            stronzate studiosi sub succedendo succedere successi sull suoni supera sveglio svolgimento tabella tantissimi
            taranto tasca tassa tastiera taylor televisivo tempesta tenente tengono tenta tentare tenuti teresa territoriale
            terrore testimone testimonianze that tifosi timore tipica tirato toccare toccato toglie tokyo tommaso toni
            tonnellate tornando torni tradimento tradotto tramonto trasferito trasformare trasformato trasmesso trasparenza
            trattava trend tribu troverai trucco tubo tumore uccelli ucraina undici uni uniche universitario urbano urla
            utilizzate valida vasto veda vedendo vedete veicoli veicolo veloci vendite versioni vescovi veste vicenza vicine
            vide videogiochi vienna vietato vii virginia virtuale visibilita visitatori volare voli volti vorra vota west
            whatsapp wikipedia will william xi xii xiii xiv xv xx your
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
            alle alleen andere daar dag doen dus echt eens eerste gaan gaat had heel hier hun iets jij komen komt leven
            maken mee mij moeten nieuwe omdat onder onze staat tegen tijd toch toen twee weer wij wil zal zich zien zij
            zoals zou
        """,
        0.15: """
            aantal af alles altijd bent binnen deel doet drie eigen elkaar even ga geven gewoon grote hebt hele hem huis
            iedereen iemand ja jullie keer kinderen krijgen kunt laat laatste laten maakt mag man nederland net nodig nooit
            plaats samen snel steeds terug the tijdens toe tussen uur uw vanaf via vind vinden vrouw waarom want waren weet
            weg werden werk weten wie willen zelf zie zit zonder
        """,
        0.1: """
            achter allemaal anders beste beter bijna blijven buiten dagen denk doe dood eerst elke enkele erg eten familie
            foto gebruikt gedaan geeft geld geleden gemaakt geweest gezien ging goede graag groot hadden helemaal houden
            jaren jou jouw kijk kijken klaar kleine kom kon kun kwam land lang leuk ligt lijkt manier mannen misschien
            moment mooi naam natuurlijk nee nemen niets nieuw nieuws online oude paar per politie rond september sinds staan
            stad ten ter tweede vaak vandaag verder verschillende volgende volgens vooral vraag vragen vrouwen wanneer water
            website week welke wereld werken wilt zeggen zegt zei zeker zelfs zitten zullen
        """,
        0.06: """
            afgelopen amerikaanse amsterdam ander april artikel auto beetje begin beginnen bekend belangrijk best bestaat
            betekent bezig blij blijft boek boven brengen daarna daarom dank december den denken der dezelfde dingen druk
            duidelijk echte echter eerder eigenlijk enige film gebied gebruik gebruiken gehad gelijk gemeente genoeg geval
            gratis groep grootste halen hand helpen hen hoofd hoop hoor horen hou houdt idee informatie januari kans kind
            kreeg krijgt lange langs later lekker leren lezen lopen maak maanden maart meest mei meisje men miljoen minder
            minuten moeder moeilijk moest mogelijk mogen mooie morgen muziek naast nederlandse niemand niks nou november
            nummer oktober onderzoek ongeveer ooit open opnieuw oud ouders partij pas precies probleem problemen regio
            school slechts sommige soms soort spelen team terwijl thuis top vader vanuit vast verhaal video vier vijf vindt
            vol vond vrienden vrij vroeg waarbij waarin wachten weinig weken werkt zaken zeer zeg zetten ziet zodat zoek
            zoeken zoon zorg zorgen zouden zoveel zowel zuid
        """,
        0.04: """
            aandacht actie algemeen alsof and anderen antwoord augustus avond bang basis bed bedankt bedrijf bedrijven beeld
            begint begon begonnen beide belangrijke belangrijkste bericht bestaan betalen bezoek bijvoorbeeld blijf boeken
            buurt centrum club contact daarmee dacht deed delen denkt derde dienst direct diverse dochter doden doel eind
            einde elk enkel erop ervan ervoor euro europa europese extra facebook februari frankrijk gaf gebeurt geboren
            geef gegeven gehouden gek geloof gelukkig genoemd genomen geplaatst gepubliceerd geschiedenis gevoel gevonden
            geweldig geworden gezegd god grond handen hard hart heen helaas hetzelfde hoeveel hoewel hoge http huidige hulp
            ieder iedere inderdaad inmiddels internationale internet inwoners jan jarige jezelf jonge jongens juist juli
            juni kamer kant kent klein kleur km konden kopen kort korte krijg kwamen landen langer leden leeftijd lees leger
            leiden leuke lichaam licht lid liefde liggen lijst links loopt los maakte maand media meeste meisjes mens meteen
            meter midden minister mis nadat nam nationale neem neemt new noord ogen oh omgeving onderdeel onderwijs
            ontwikkeling oorlog orde organisatie overal personen persoon plaatsen plan plek politiek praten president prijs
            proberen programma project provincie recht reden rest rijden rode rol seizoen site slecht sociale speelt spel
            stap staten stellen stem sterk stond stuk succes telefoon tien to toekomst totaal tv twitter uiteindelijk vallen
            valt vanavond vanwege veilig vele ver veranderen verenigde vergeten verloren vertellen vervolgens volgen voorbij
            voordat voorkomen vorige vorm vormen vriend waardoor waarmee waaronder waarop waarschijnlijk waarvan wedstrijd
            welkom wet wilde wist wonen woord woorden word zaak zag zat zes zet zichzelf zin zwarte
        """,
        0.025: """
            aanwezig aarde acht actief activiteiten afrika afstand amerika app baan baby band bank beelden begrijpen behalve
            bekende bekijk belang belgie bepaalde bereiken beschermen beschikbaar betaald betere betreft betrokken bevat
            bevolking bieden biedt bijzonder bleef blijkbaar blijkt blog boos bouwen bovendien bracht brand brengt brief
            britse broer bron burgemeester bus centraal china controle cultuur daarbij daarnaast daarvan daarvoor dames
            dankzij deelnemers deur dicht dieren doordat dorp dr dragen drinken duitse duitsland economie eerlijk eeuw
            eiland eindelijk ene energie engels enorm eraan erbij ergens ervaring fc feest feit festival fijn films for fout
            frans franse functie gebaseerd gebeurd gebeuren gebouw gebracht gedurende gegaan geheel gehoord gekomen gekozen
            gekregen gelegen geloven geluk genieten geschreven geslacht gesloten gesprek gesproken gevallen gevolg gevraagd
            geweldige gewone gewonnen gezet gezicht gezin gingen gisteren google groningen haag haat half heer heerlijk heet
            helft helpt hield hierdoor hieronder hoeft hoger hoi holland hond hoog hoogte hoort hopen hotel houd huwelijk ie
            international invloed jeugd john jong jongen jongeren juiste kaart ken kennen kennis kerk keuze kiezen kijkt
            kilometer klopt koffie komende koning kop kost kosten kracht kunst kwijt la last leggen les let liet liever
            lijken lijn link live lokale londen loop lucht luisteren maandag macht mail makkelijk markt meerdere meestal
            mening mezelf mm mocht moeite moesten moord museum nacht name namelijk namen nederlands nergens niveau no noemen
            normaal officiele on ondanks ontstaan ontvangen oosten opdracht opgenomen oplossing overheid overleden overzicht
            pagina pakken park partijen perfect periode persoonlijk persoonlijke peter pijn plannen plezier politieke
            positie post praat prachtig prachtige prima probeert procent publiek punt punten raad radio reactie rechter
            regels regering reis relatie respect resultaten richting rij ronde rotterdam ruim ruimte rusland russische rust
            rustig samenwerking schade schip schreef schrijven schuld seks serie situatie slag slapen slechte sluiten snap
            soorten sorry spanje speciaal speciale spelers sport spreken stand start steden stel stelt stemmen stil stop
            stoppen straat straks strijd studenten sturen stuur super systeem taal tegenwoordig tekst terecht tevens titel
            toegang trekken trots uitgevoerd universiteit up utrecht vakantie val veiligheid veranderd vergeet verhalen
            verkiezingen verlaten verleden vermoord verschil versie vertelt vertrouwen verwacht viel vlak voel voelen voelt
            voetbal volgt volk volledig voorbeeld voormalige vorig vraagt vriendin vrijdag vrije vroeger vs waard waarheid
            wacht wakker wees wegens welk west winnen wit witte wk york zaterdag zee zeven ziekenhuis zoekt zomaar zomer zon
            zondag zwaar zware zwart
        """,
        0.015: """
            1e 2e aangeboden aangezien aanval aardig absoluut account achtergrond advies advocaat afdeling afhankelijk
            afkomstig aflevering afspraak album aldus algemene all allen allerlei alweer angst antwerpen artikelen arts
            australie baas bad bal bedoel bedoeld begrijp behandeling bekijken bel beleid belgische bellen beneden bepaald
            beperkt bereikt bergen berichten beroep bescherming beslissing besloot besloten besluit bestaande bestuur
            betrekking beweging bewijs bewoners bewust bezit bezoeken bezoekers bijdrage bijzondere binnenkort blauw blauwe
            bleek bloed boodschap boom bos bouw brabant bronnen brug brussel buitenland buitenlandse bureau burgers by
            camera campagne categorie centrale chinese cijfers city cm code collectie collega college combinatie commissie
            communicatie contract daardoor dagelijks dak david deden degene dergelijke des diep digitale dikke ding dinsdag
            directeur discussie dollar donderdag draagt dromen droom duizenden duur duurt economische editie eenmaal eentje
            eet eigenaar eisen el engelse enorme erger erin ermee eruit ervaren etc eu ex fantastisch favoriete fiets fijne
            finale financiele frank gang gasten gaten gebeurde gebieden gebouwd gebouwen gebruikers gebruikte gedachten
            gedood gedrag geest gefeliciteerd gegevens gehaald gekocht geldt geleerd gelegenheid gelezen geluid gemeenten
            genaamd generaal geniet geopend georganiseerd george geraakt gericht gespeeld gesteld gestuurd gevaar gevangenis
            gevolgd gevolgen geweld gewerkt gezond gezondheid goeie goud gouden grappig grens groen groene groepen groter
            grotere haalt hallo halve hangt harde he heerlijke help heren hey hierbij hiermee hiervan hiervoor historische
            hoef hoek hoeven honger hoofdstad hoogste hoorde hopelijk huizen ideeen ii inclusief indruk inhoud initiatief
            interessant interesse internationaal interview inzet islam it italie james jammer japan japanse jezus kaarten
            kamp kantoor kapot keren klanten klasse kleding kleuren klinkt koninkrijk koop koud krant kregen kritiek kust
            kwaliteit laag laatst lachen lag lage langzaam lastig le leeft leek leer leerlingen legt leidde leider leiding
            leidt lief liep lieve limburg locatie love luister lukt maat maatregelen maatschappij mama mark max mede
            medewerkers medische meid melden meneer mexico michael middel militaire miljard min ministerie missen model
            moderne mogelijke mogelijkheden mogelijkheid momenteel mond mooiste moslims motor mr muur my nationaal natuur
            nauwelijks neer negen netwerk neuken nl noemt nogal noorden nr o.a ochtend officieel ok olympische omhoog
            omstandigheden ondertussen onderweg onderwerp onderzoeken one ongeluk ontdekt ontwerp ontwikkeld onzin oog oost
            openbaar openbare opgericht opleiding optreden oranje organisaties organiseren ouder overwinning pak parijs
            parlement partner past paul personeel positieve premier prijzen pro probeer probeerde proces producten productie
            projecten raken rapport reacties reageren rechtbank rechten rechts red redden redenen reeds regelmatig regen
            reizen rekening republiek resultaat rijk risico rivier rood rug samenleving san schat schoenen scholen schrijf
            schrijft schrijver selectie serieus show sint slaan slaap slachtoffer slachtoffers sluit sneller sociaal
            soldaten spaanse speler spijt sprake spreekt st sta standaard stappen station stelde sterke steun stichting
            stijl stonden storm strand studie stukje tafel tegenover teken televisie tenzij thee tijden tijdje tips
            toegevoegd toestemming tom tonen toont totale totdat training trein troepen trouwens tuin turkije tweets twintig
            type uitgebreid uitspraak uren vaker vandaan vaste vechten veld verantwoordelijk verband verbeteren verbonden
            verdachte verdienen verdient verdwenen vereniging verjaardag verkeer verkeerd verkeerde verklaring verkocht
            verkopen verliefd verlies verliezen veroorzaakt vertaling vertelde vervangen vervoer verwachten vieren
            vlaanderen vlag vlees vliegen vlucht voedsel voeren voet voldoende volg volle volledige vonden voorbeelden
            voormalig voorstellen voorzien voorzitter vormt vrede vreemd vrijheid vrijwel vrijwilligers vrouwelijke vuur
            waarde waarvoor wapen wapens warm weekend wellicht wens wensen werkelijk werknemers werkte westen wijk wijn
            wijze wilden willem wind winkel winnaar woensdag woning woont world wou you youtube zagen zeeland ziek ziekte
            zingen zodra zogenaamde zoiets zolang zorgt zover zuiden zulke zus
        """,
        0.01: """
            3e aanbod aangenomen aangepast aangesloten aanleiding aanpak aanslag aanvallen aanwezigheid acties actieve adres
            afbeelding afbeeldingen afgesloten afrikaanse afscheid agenda agent agenten akkoord albert allebei alsjeblieft
            alsnog an analyse anna anti antwoorden appartement apple arm arme armen arnhem art as assistent at auteur avonds
            azie bak banden banen bar barcelona be bedacht bedoeling bedreigd been begraven begrepen begrijpt begrip
            behandeld behandelen behoefte behoorlijk behoren behouden behulp beiden bekeken belachelijk belangrijker benen
            benieuwd bepalen bereid berg berlijn beroemde beschermd beschouwd beschreven bespreken bestellen betaalt
            betekenen betekenis beurt bevatten beveiliging bevestigd bevinden bevindt bewegen bewijzen bezocht bezorgd
            bibliotheek bier big bijdragen bijeenkomst black bleven blik bloemen bob boeren bomen boord boot brazilie breed
            breng broek broers brood buren burger bv ca cafe canada carriere cc cd cel center charles chris christus co
            coach commentaar compleet computer concept concert congres content controleren cool creeren crisis culturele cup
            da daarin daarop dagelijkse dame dans dansen data date dating datum day debat deelname democratie dertig details
            deuren dichtbij dichter dienen diensten dient dier dik directe district do documenten dode dokter dom donker
            doorgaan draaien draait droog dubbel dubbele duidelijke duits duizend duren duurde duurzame echtgenoot eenheid
            eenvoudig eenvoudige eer eerdere effect egypte eigendom eindhoven elektrische engeland enig enthousiast enz
            ernstig erover ervaringen et europees evenals eveneens evenement evenementen excuses fans fantastische fase
            feestje feiten fietsen fifa flink forum fouten free friesland game games gas gast gaven gearresteerd
            gebeurtenissen gebleven gebrek gebruiker gedacht gedachte gedeelte gedragen gedwongen geel gegeten geheim
            geheime gehele geholpen geile geinteresseerd gele geleid geleverd gelooft gelukt gemakkelijk gemeenschap
            gemiddeld gemiddelde gemist generatie gent geprobeerd geregeld geschikt geslagen gesprekken gestart gestolen
            getrouwd gevaarlijk gevangen gevecht gevestigd gevoelens gewond gezellig gezocht gisteravond glas go goedemorgen
            golf gooi gooien graden grap grenzen griekenland groei groeien groeit haal haalde haarlem handel handig hangen
            hans harry haven heden heilige held helder herinneren herinneringen herstellen hierin hierover high hoeveelheid
            hof hogere home homo honden honderd honderden hout houten huid humor india indien individuele indonesie
            industrie ineens info ingezet inspiratie instantie instellingen instituut interessante iphone islamitische
            israel italiaanse jaarlijks jaarlijkse jack jarig joden journalist justitie kabinet kader kampen kampioen kanaal
            kandidaat kanker kansen kanten karakter kast kat keek kende keuken kies kiest kilo kim klacht klant klas
            klassieke kleren klik klimaat koken komst koningin kont koos korting kunstenaar kut kwaad kwestie lagen lager
            lagere landelijke landschap las league leeg leest leg lekkere lengte leraar letterlijk leveren levert lied
            liefst life lijden literatuur logisch logo lossen lot lul ma maakten maan maastricht maatschappelijke machine
            madrid magazine makkelijker manager manieren mannelijke maria martin mate materiaal medewerker meedoen
            meerderheid meester meiden melding menselijke merk mevrouw middag middelen mike milieu miljoenen minstens minuut
            miss missie mist mobiele mochten moe moeders moeilijke momenten monument nabij nachts namens naties national
            natuurlijke negatieve netjes neus news nijmegen noch noem noemde nogmaals non normale nummers oceaan oke olie
            oma omgaan onafhankelijk onafhankelijke ondernemers onderstaande onderwerpen onlangs onmiddellijk onmogelijk
            ontbijt ontdekken ontmoet ontmoeten ontslag ontslagen ontstond ontwikkelen ontwikkelingen ontworpen ontzettend
            oorspronkelijk oorzaak opeens openen opening operatie opgelost oplossen opnemen oproep optie opzichte originele
            oudere oudste out overeenkomst overgenomen overige overigens overleed overleven paard pad papa papier party
            passen patient patienten paus pensioen perfecte pers piet planten plastic platform plein plekken ploeg plus
            podium poging polen politici populair populaire positief praktijk presentatie prins privacy prive product
            professionele professor profiel publieke qua raakt raakte raam raar race rand reageert real reed reeks regel
            regelen regionale relatief restaurant revolutie richard richt richten rijdt rijke ring rio robert roepen roept
            rondom route roze ruzie sam schaal schatje schiet schieten schijnt schoon schuldig seconden sector service sex
            sexy sfeer shirt shit simpel sindsdien single slaat slim slot smaak snelheid snelle social sommigen spaans speel
            speelde spoor sporen sprak spullen stadion star starten status steen steken stenen ster sterker sterren sterven
            stierf stilte stoel stof stopt straf street stroom student studeren studio stukken stuurt succesvol syrie taak
            talen talent tanden tas teams techniek technische technologie tegelijk tegelijkertijd tekenen teksten telkens
            telt temperatuur tenminste tentoonstelling term termijn terrein test testen teveel tevreden theater thema
            theorie this thomas tientallen tijdelijk tijdelijke tijdschrift time toegestaan toernooi toevallig toilet ton
            toon tour traditie traditionele trainer trap trek trekt trok trouw trouwen turkse twaalf tweet twijfel uitdaging
            uiteraard uitgebreide uitgegeven uitgezonden uitleg uitslag uitzending uitzondering unie unieke update us
            vanmorgen vastgesteld veilige velen verandering veranderingen verandert verantwoordelijkheid verbinding verboden
            verdeeld verdere verdwijnen verenigd vergadering vergelijking verkoop verloor vermeld vermist verplicht
            verrassing verscheen verschenen verschillen verslag verslagen verspreid vertaald vertel verteld vertrek
            vertrekken verwijderd verwijderen verzamelen verzet verzoek vierde virus vis visie vissen vlaamse vliegtuig
            vluchtelingen vluchten vn voelde voeten vogel vogels volgde volgend volwassen voordeel voorlopig voornamelijk
            voorstel voort vooruit vreemde vreselijk vriendelijk vroege waarden waarna war ware warme washington websites
            wedstrijden wegen wereldwijd werkelijkheid wetenschap wezen wijzen winkels winnaars winst wint winter wisten
            with won woningen woon workshop zak zakken zaten zeiden zetels zette zicht zichtbaar zult zwanger zweden zwembad
            zwemmen
        """,
        0.006: """
            a00 aanbieden aandelen aangegeven aangekomen aangetroffen aangevallen aangewezen aankomen aanleg aanmelden
            aanpakken aanvraag aanwijzingen aanzienlijk aard absolute accepteren ach achtergelaten achternaam activiteit
            actuele ad adam adviseur advocaten afkomst afloop afsluiten afval ah air ajax alarm alcohol alex alexander ali
            alternatief alternatieve alvast am ambassadeur ambtenaren american amerikaans amerikanen amersfoort amper
            amsterdamse android anne anoniem apart aparte apparaat apparaten arabische archief are argentinie armoede
            artiesten artsen aspecten assen australische automatisch award aziatische back banken bart bas beantwoord
            beantwoorden bedanken bedenken bedoelde bedoelt bedraagt bedrag bedreiging beheer behoort behoud beker belangen
            belangstelling belasting beloofd benoemd beperkte bereik bereikbaar beschadigd beschikking beschrijft
            beschrijving beslag beslist besluiten besproken bestand besteden besteed besteld bestemming bestond bestuurder
            betaal betaalde betreffende betrouwbare beurs bevel bevestigen bewaard bewaren bewezen bewustzijn bezet bezorgen
            bezwaar bidden bijbel bill binnenlandse binnenstad blad blanke blijken blind blok bodem boel boer boerderij
            boete boodschappen bord borst bosch bossen box boy boze brachten brak branden braziliaanse breda brede breken
            brian brieven brittannie brugge bruin bruine btw buik business bussen cadeau canadese carlos chaos charlie
            chauffeur check chef chinees christelijke christenen circa clubs co2 coalitie comite commerciele commissaris
            competitie complete complex conclusie conflict constant contacten context cover creatieve criminelen cursus
            daadwerkelijk daaraan daarentegen daarover dachten dader dam daniel dankbaar das deal deelnemen deels deelt
            defensie definitie definitief degenen del delft democratische design destijds di dick diepe digitaal dijk diner
            diploma dj dna docent dochters documentaire doelen doelwit domein domme don donkere doorheen doos dorpen dossier
            douche download downloaden draag drama drank drenthe dringend droeg dronken drugs drukke drukken du duel
            duitsers duo dure durf durven dutch duurzaam dvd economisch ed eerlijke eeuwen effecten effectief eh ei eieren
            eigenschappen eilanden eindigde eindigt ek elders elektriciteit elektronische elementen elf elftal elite ellende
            emoties eng erachter ere erfgoed ergste eric erik erkend erkenning ernaar ernstige es eur eva exemplaar expert
            explosie externe extreem extreme fabriek families fan federale feesten feite figuur file filmpje filmpjes
            financieel fles flinke focus formule fotograaf fotografie francisco from front fruit functies fysieke gaaf
            gaande gat gauw gay gebeld geboorte gebroken gecontroleerd gedeeld gedoe geduld geestelijke gegooid geheugen
            geil geinspireerd gekeken gekend gekke gelaten gelderland geldig gelegd gelijke gelopen gemeenteraad gemeld
            genomineerd genoten gepland gepresenteerd geproduceerd gered gereden geregistreerd gerust gescheiden geschoten
            geslaagd gespecialiseerd gestaan gestopt gestorven getekend getoond getroffen getrokken getuige getuigen
            gevaarlijke gevangenen gevoelig gevoerd gevormd gewend geweten gewicht gewonden gezag gezamenlijk gezamenlijke
            gezellige gezelschap gezeten gezinnen gezonde gezondheidszorg gij girl glimlach goederen goedkoop goedkope gold
            good gouverneur graaf graf grand grapje gras green griekse grondgebied grondwet grootte grotendeels group ha
            haast hal handelen happy harder haren harte hartelijk hel helden hemel henk henry herfst herinnering herinnert
            hersenen herstel hetgeen heuvel hi hielden hierboven hierna hierop historisch hit hitler hoer hoezo hollandse
            hongaarse hongarije hoogtepunt hoopt hoorn hot houding house https huilen huur ict identiteit ijs immers impact
            incident indiase informeren infrastructuur ingang ingesteld inkomen inkomsten innovatie instelling integratie
            interne intussen investeren inzetten inzicht irak iran island jacht jaloers japans jarenlang jas jawel jean jo
            job joe johan jones jongere jongste joodse jose journalisten jr juan junior juridische jurk jury kaartje kaas
            kamers kandidaten kapitein kasteel katholieke kenmerken kennelijk kerken kern kerst keus keuzes kevin kg kids
            kijkers kijkje king kip klachten klagen kleiner kleinere klok knap knop kocht koers kok kolonel koninklijk
            koninklijke koopt korea koude krachten krachtige kranten kritisch kruis kunstenaars lach lady landbouw landelijk
            laptop late laura lee leef leefde leerde leerling leert leeuwarden legde lege leiders lenen lente leo lessen
            letten letters leugens levend levende levens lichte liedje liedjes liegen lieten lieverd lift lijf lijnen line
            linkse locaties lokaal lol loon louis lucas luchthaven lui luitenant lukken lunch luxe maal mac make malen
            management marc marco marine marokkaanse marokko mars mary massa maximaal medaille medicijnen medisch meegemaakt
            meegenomen meenemen meldt melk menselijk mensheid merken mes methode metro michel middelbare mijne militair
            militairen mini minimaal minst minste misbruik misdaad mobiel mode modellen modern moed moeilijker moorden
            moskou ms muren muzikale naakt naartoe nadenken nat nederlanders neef negatief negeren nek nep netwerken nick
            nieuwste night nood noodzakelijk noordelijke noorwegen not ns obama oefenen oekraine off officier ofwel omroep
            omvang onbekend onbekende onderdelen onderhoud onderhouden ondernemen ondernemer onderscheid ondersteunen
            ondersteuning onderzocht onderzoekers ongelooflijk onszelf ontdekte onthouden ontmoeting ontsnappen ontstaat
            ontvang ontvangst ontvangt ontwerpen ontwikkelde onvoldoende onzeker oom oordeel oorsprong oorspronkelijke
            oostenrijk opa opgepakt opgesloten opgesteld opgezet ophalen opkomst oplossingen opmerking opmerkingen opname
            opstaan opstand opvallend opzet or oren organiseert oscar ouderen overleg overlijden overtuigd overtuigen pa
            paarden pakket pakt paleis pan pand paniek papieren partners passagiers passie patrick pauze pc pen perspectief
            petitie pieter pijnlijk pik plaat plaatje plaatselijke plaatst plaatste plaatsvinden planeet plant play
            politicus poolse poort pop pot prestatie prestaties principe prinses private produceren professioneel promotie
            provincies publicatie publiceerde pure puur pvda raak racisme raden ramen ramp rare ras realiseren realiteit
            recent recente recept recepten rechtstreeks reclame record redactie redelijk reguliere reizigers rekenen
            relaties religie religieuze rennen reputatie resolutie restaurants riep rijn rit road rob robin rock roken
            rollen roman rome rook roy rt russen russisch saai salaris samenvatting samenwerken sarah sc schande scheiding
            schepen scherm scherp schilderij schone schoonheid schreeuwen schrijvers scott se seconde seksuele serieuze set
            signaal simon sites sla sleutel slimme sloeg sloot slotte smith sms sneeuw soep software soldaat south sowieso
            spannend spanning special specialist specifieke spellen spelletjes spiegel sporten spreek springen statistieken
            steek stelling steunen steve stijging stimuleren stoffen stom stopte strategie straten streek stress structuur
            stuurde succesvolle supermarkt suriname symbool t.co taart taken tante taxi technisch tegenstander tegenstelling
            tekort tel teleurgesteld tellen tempel tempo tenslotte tent terugkeer texas thailand tieten tijde tilburg tim
            tip toegankelijk toegepast toekomstige toepassing toeristen toestand toestel toeval toezicht tony toren trainen
            tranen transport treden treedt treinen trend triest tropische tuurlijk typisch uitbreiding uiterlijk uitgebracht
            uitgenodigd uitgesproken uitleggen uitsluitend uitspraken uitstekend uitvoeren uitvoering uitzicht un uniek
            united university updates vak valse vandaar vangen vanmiddag vannacht vanochtend vanzelf variant vastgelegd
            vecht veelal veertig vent veranderde verbergen verbetering verblijf verbod verborgen verdacht verdachten
            verdedigen verdediging verdiend verdieping verdrag verdriet vergeleken vergelijken vergroten verhogen verhuizen
            verkiezing verklaard verklaart verklaren verkoopt verkrijgbaar verlaat verliest verlopen vermoedelijk vermoeden
            vermogen vermoorden vernietigd vernietigen veroordeeld veroorzaken verrast verscheidene verschijnen verschijnt
            verschrikkelijk verslaan verstand versterken vertrekt vertrokken vervelend vervolg verwachting verwachtingen
            verwijzen verwoest verzameld verzameling vet vi vielen vietnam vijand vijanden vijfde vijftien vijftig villa
            vincent vinger vingers vlaams vlakbij vliegveld vloer vocht voegen voert voertuig volgers volop volwassenen
            vooraf voorbereid voorbereiding voordelen voorgesteld voorheen voorkeur voorkomt voorsprong voorstelling
            voortaan voortdurend voorwaarden voorwerpen voorzichtig voorzieningen voren vrees vreselijke vriendinnen
            vriendje vriendschap vrolijk vullen waaraan waarover waarschuwing waaruit wagen walter wandelen wc web wederom
            weigerde weleens welzijn wereldoorlog werkgever werkgevers werking werkzaam werkzaamheden westelijke westerse
            wetenschappelijk wetenschappelijke wetenschappers wetgeving wethouder wettelijke wetten white wiens wifi wijken
            wijst wild will win windows wiskunde woede wolf wonder woonde woonplaats workshops wow xxx your zaal zacht zand
            zanger zekere zekerheid zelden zelfde zelfmoord zelfstandig zender ziel zijde zilver zoektocht zojuist zonde
            zone zorgde zuidelijke zwak zwijgen zwolle
        """,
        0.004: """
            4e aanbieding aandeel aangebracht aangehouden aangekondigd aangeven aannemen aanpassen aanslagen aansluiting
            aantrekkelijk aanvankelijk aanzien abonnement achteraf acteur adem administratieve afgerond afgesproken
            afspraken ai airport alan alkmaar allah almere ambtenaar ambulance apeldoorn apparatuur apps arabisch arbeid
            arbeidsmarkt architect architectuur arthur au auteurs autoriteiten avontuur badkamer bakken bakker ballen
            basisschool bbc beach bedekt beer begeleiding begrafenis bek bekendheid bekendste belt bepaalt beperken
            beperking beperkingen bereikte bert beschermt besef beslissen beslissingen besparen bestel bestelling bestrijden
            betekende betrokkenheid bevorderen bewegingen bewerkt bewijst bezetting bloem blonde blue bod bol bom bond bood
            bovenop boys brandstof breekt brein bril bruiloft budget burgerlijke burgeroorlog californie capaciteit carl cda
            cellen cent centimeter challenge chemische chicago chili chocolade client colombia commandant commercieel
            communiceren computers concurrentie correct costa creatief crimineel cultureel daden dagblad danken danny dave
            debuut decennia deelnemer denemarken dennis desondanks deventer dichterbij diefstal diens diezelfde
            discriminatie diversiteit doc docenten document doelpunt doorgaans dordrecht down draai drankje dreigt droge
            drukte duiken east eenheden eist elizabeth emma emotioneel emotionele end enschede enthousiaste eraf eredivisie
            ertoe event exact examen excuus experiment experts face factoren favoriet figuren filmen financien first florida
            ford fort fox fractie france fraude fred fuck fysiek garage gary ge gebeurtenis gebruikelijke gecreeerd
            gedeeltelijk gedicht gedichten gelden geliefde gemak gemeen gemeenschappelijke gemeentelijke genoemde gepakt
            gepleegd gerecht geselecteerd geslapen gestemd gestoken geur gevangene gevierd gewaarschuwd gewenst gewijzigd
            gewoonlijk gezichten gezorgd girls gitaar gods goedgekeurd goedkoper graven great greep grijs grijze groeiende
            groeten haten hedendaagse heette hekel heleboel herkennen herman hete heten hielp hieraan hill ho hoogleraar hr
            hugo idioot iemands iii il illegaal illegale indrukwekkend industriele ingediend ingeschreven instrument
            interieur interim invoering inzake israelische jackson jacob jesse jim johannes johnny johnson jonger joseph
            julia juridisch kampioenschap katten keel keert kees keizer ketting kiezers klap kloppen klote klus knappe
            kogels kopie kopje koppel krachtig kritische kroatie kussen kwart kwetsbaar laagste lab label laden lading leeuw
            leugen leukste leuven leverde lezers li lichamen lichten liefste liepen lijk like linda lippen lisa liter little
            luistert lukte maagd maaltijd maarten maatschappelijk machines mails mannetje marathon marie marketing massaal
            massage master match materialen meet meld meldingen metalen mexicaanse mijzelf ministers mix mo monster mooier
            more moskee moslim music muzikanten n000 nachten nadruk natte nederlaag neergeschoten neerslag nieuwsbrief
            nieuwsgierig nodige normen nul nut nuttig ochtends oefening omvat onafhankelijkheid onderneming onderscheiden
            ongeacht ongetwijfeld ongeval onschuldig onschuldige ontbreekt ontbreken ontdek ontmoette ontspannen ontving
            ontvoerd oor opende opent opgebouwd opgeheven opgeven ophouden opnames oppervlakte oppositie oprichter
            oprichting opstellen opvolger opzetten opzoeken origineel overdag overeen overeenstemming overgang overval
            particuliere paspoort patroon percentage permanente pijpen pizza plaatse planning plat plegen plekje plicht
            plotseling pond populariteit porno portugal power prettig prettige priester procedure proef proeven prof protest
            ray re rechtszaak referendum regent regisseur registratie research review rick rijbewijs rivieren roep roger ron
            roos rose rot ruil rusten samengesteld samsung sara schattig schatting schelen schema schermen scherpe
            schilderijen schoot schot schrijfster schulden score scoren secretaris sectie senator senior series server
            sessie simpele situaties skype slaapkamer slaapt slagen slechter sloten smartphone snapt snelweg so society
            sophie specifiek speelgoed staatssecretaris stabiel stadje stage standpunt state steekt stemming steunt stevig
            stijgen stille stoelen story streven studies style sub subsidie suiker support syrische systemen tag talenten
            talloze taylor tegemoet tegenstanders tekeningen telefoons terroristen terugkeren that theo tieners tijdperk
            tijdstip tocht toegeven toenemende toerisme toevoegen tong traditioneel traject trappen trokken trouwde tunnel
            twente uiterst uiterste uitgave uitgelegd uitgeroepen uitgeschakeld uitkomen uitkomt uitmaken uitnodiging
            uitslagen uitstekende union universiteiten vaardigheden vaart vallei varen velden venlo verbaasd verbinden
            verblijven verbrand verderop verdween verdwijnt vergelijkbaar verhouding verklaarde verkregen verkrijgen
            verlangen verleend verlichting verliet verloop vermijden verminderen verplaatsen verplaatst verrassend verre
            vers verspreiden verspreiding verstandig versterkt vertrok verwerken verwerkt verwijst verwijzing victor vliegt
            vliegtuigen voer voertuigen voice volkomen voorafgaand voorbereiden voorjaar voorraad voortgezet vooruitgang
            vrachtwagen vrolijke vuil vvd waarderen waardering waarschuwt wandeling wang warmte wassen weergegeven weigeren
            wenen wennen wenst wereldwijde werkten wettelijk what william wim winkelcentrum wisselen woestijn zachte zesde
            zieke ziekenhuizen zilveren zocht zonen zoo zout zuidoost zul zuster zusters zwakke zweedse zwitserland
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
            alors ans apres autre autres avait avoir ces deux dire dit encore entre faut fois france leur ma moi monde non
            peu quand rien sans suis te temps toujours tous tres va voir
        """,
        0.15: """
            ainsi as avant beaucoup bon cela chez comment contre deja depuis donc dont es francais gens grand jamais jour
            juste leurs mes moins nos notre oui parce pays personne premier quelques quoi sera soit sous toi ton toute trois
            trop vie votre vraiment
        """,
        0.1: """
            aime aller annee annees assez aujourd aurait avais avons besoin bonne car cas celui cet ceux chaque chose compte
            coup cours demande doit droit egalement elles enfants etaient etat eu eux fais famille femme fin genre grande
            groupe histoire homme hui ici jours lieu lors maintenant maison mal merci mettre mieux mois moment mort nom
            nouveau nouvelle paris parler part partie pendant pense personnes petit peux place plusieurs point politique
            pourquoi premiere prendre prix puis quelque reste saint sais savoir selon serait seul societe suite ta tant tete
            toutes travail trouve vais vers veut veux ville vos vrai vu
        """,
        0.06: """
            accord afin ah aide ailleurs air an argent arrive article aucun aucune aura autant avaient avez ayant bas belle
            cause celle centre certains chef choix choses ci conseil corps cote crois debut dernier derniere dessus devant
            dieu dis donne donner eau effet enfin ensemble ensuite equipe etais etes europe exemple face facon femmes fille
            film fils font forme fort francaise fut general gouvernement gros guerre haut heure heures hommes idee jean jeu
            jeune jusqu ligne loi loin long main matin meilleur mere minutes mis mise ni niveau nombre notamment nuit or
            parle parti partir passe passer pere petite peuvent plan plutot porte possible pourrait pouvoir pres president
            pris probleme projet pu public quatre quel quelqu question raison rapport retour saison sait semaine sens
            service seule seulement site situation soir sommes souvent surtout systeme tard terre tes the titre tour trouver
            type vient vite vois vont vue yeux
        """,
        0.04: """
            abord action affaire affaires age agit ait allez amis amour ancien anglais aout appelle armee art attention
            aurais auteur autour avis avril base beau blanc bois bonjour bout but cadre canada cependant certaines chambre
            chance changer cinq classe club commence comprendre compris conditions confiance croire culture cœur date
            decembre demain demander derriere deuxieme developpement devrait difficile direction dix doivent doute droite
            droits ecole ecrit emploi enfant entreprise entreprises envie environ epoque espere esprit etant etats etc
            existe faites feu fevrier fond force formation francois frere garde gars gauche grace grandes grands hier ii
            important importe in interet interieur internet janvier jeunes jeux jouer journee juillet juin justice laisse
            laisser langue laquelle libre lire liste livre longtemps lorsque mai malgre maniere manque marche mars match mec
            meilleure membres memes merde mesure met milieu millions ministre mode mot mots mouvement moyen musique
            nationale noir nombreux nord nouveaux nouvelles novembre occasion octobre of offre ordre origine ouais parents
            parfois parmi peine perdu periode permet petits peur photo pierre plaisir plein points police politiques
            population pourtant pouvez premiers prend presente presque production produit produits programme propos propre
            qualite quebec quelle questions recherche regarde region rencontre rendre resultats risque roi role rouge route
            rue sante scene securite semaines semble septembre serie seront services siecle simple sinon six sortie sortir
            sud sujet super tel tellement terme train travaux truc unis vas venir video viens vieux vivre voici voila voit
            voiture voix
        """,
        0.025: """
            1er acces acheter actions activite activites actuellement administration adresse afrique aider al allait
            allemagne americain americaine ami analyse and annonce appel appele apprendre armes arrete arreter arriere
            arrivee arriver articles assemblee association assurer attaque attendre aupres avance avenir bande ben bientot
            bonnes bons bord bras bureau campagne carriere carte ceci celles certain chacun change changement charge chemin
            cher cherche chercher chine code coeur combien commencer commerce commission commun communaute commune compagnie
            completement comprend comprends con concernant concours connais connaitre connu construction continue contraire
            contrat controle couleur coupe couple cour courant course court creation creer critique cul decide decision
            defense dehors demi depart dernieres derniers desormais devait devenir devenu devient devoir difference
            differentes differents dimanche directement directeur discours disent dois domaine donnees dos double dur durant
            duree economie economique edition education eglise elections elements endroit energie entendre entendu entree
            erreur espace espece essayer etude etudes europeenne euros eviter ex exactement experience explique facile
            faible faisait faisant faite faits faute faux fera fete filles films finale finalement fini fonction fonds
            forces forte fou frais gagner generale gestion grave grosse groupes habitants haute hein heureux honneur hors
            hotel huit idees image importante impossible impression information informations instant international joue
            joueur joueurs journal juge km large lequel lettre liberte lien lieux lit livres longue louis lumiere lundi lyon
            mains maitre majorite manger mariage marie marque matiere mauvais mauvaise medias meilleurs membre mer message
            mesures metres michel midi ministere mission mme modele moitie monsieur montre montreal montrer morts moyenne
            moyens national nature necessaire neuf new nombreuses normal note numero objectif objet obtenir oh ok
            organisation ouest outre ouverture page paix parole particulier particulierement partout passage paul payer
            penser perdre permis personnel petites peuple photos physique piece pieces pied pieds pire plupart poids porter
            position poste pourra pouvait pratique premieres presence present presse pret preuve principe prise prison pro
            probablement problemes prochain prochaine proche projets propose publie publique puisque puisse putain quant
            quartier radio rapidement rappelle realite recu regarder regime regles relation relations rend rendez rendu
            repondre reponse republique reseau respect responsable rester resultat retrouve retrouver reussi salle samedi
            sang sauf second seconde secteur sein sept serieux sert simplement social sociale sociaux soient soiree sol
            soleil solution sort sorte source soutien sport style succes suffit suivant suivi suivre table taille tandis
            taux technique telephone telle terrain territoire texte to tomber tot total toutefois travailler travers
            troisieme union unique universite utilise utiliser vacances valeur vaut vendredi vente verite version veulent
            via victoire viennent village villes vis visite voie vol voulait voulez voulu voyage zone œuvre
        """,
        0.015: """
            absence absolument accident acte actes acteurs actuel actuelle adore agence aimerais ajouter album algerie
            allemand allons ame americains amerique ancienne anciens angleterre animaux anniversaire anti appareil appeler
            application appris approche arret artiste artistes assurance atteindre atteint attend attends augmentation
            auraient auront auteurs autorite avantage avion avions avocat bah banque bataille beaute beaux bebe belgique
            belles bizarre blanche bleu boite bonheur bouche boulot bref bretagne britannique bruit bruxelles budget bus
            buts cafe calme camp candidat capable capacite capitaine capital capitale caractere categorie celebre centrale
            certaine certainement certes chaine champ chanson charles chat chateau chaud cheval cheveux chien chiffres
            chinois choisi choisir ciel cinema cite citoyens clair clairement classement classique client clients coin
            collection combat comite communes communication compter comptes concerne conference connaissance connait
            conscience conseiller conseils consequences consommation contact content contenu contexte continuer cool cotes
            couleurs coups courage credit cree crise croissance croit cru cuisine dame danger dangereux danse davantage
            david debat decouvert decouverte decouvrir dedans defendre dela departement depute desole dessous details dirait
            direct disait disant distance dites divers docteur documents dollars dommage don dossier drole echange ecoles
            economiques ecoute ecouter ecran ecrire effets eh el election eleve eleves elu emission empecher empire end
            enorme enquete enseignement entend entier entierement entrer entretien envers environnement envoye envoyer
            episode equipes espagne espoir etablissement etape etranger etrangers etudiants europeen evenements evidemment
            evolution exercice existence expliquer exploitation exposition expression exterieur extreme facebook facilement
            fallait familles fasse faudra faudrait faveur fer ferme festival figure fil final finir foi fonctions football
            formes francaises franchement freres froid front furent futur gagne garder gaz generalement generation google
            gout gueule habitude hauteur heros historique hiver hollande hopital humain identite ile images imagine
            immediatement importance incroyable industrie influence institut interessant interets internationale
            intervention italie jacques jeudi jeunesse john journaliste lance largement lecture lendemain lettres liens
            lignes ligue limite locaux logique lois londres lu lutte lycee machine macron madame magnifique maire maisons
            malade maladie malheureusement maman mardi mari marine marseille martin masse matchs mecs medecin memoire
            mercredi merite methode mets mi militaire militaires milliards milliers mm moderne moindre mondiale monter
            mourir mur musee naissance naturel neanmoins nicolas no noel noire noms nouvel nul objets offrir operation
            operations opinion opposition oublie oublier ouvert ouverte ouvre ouvrir pages palais papier parc parcours
            pareil parfait parfaitement parlement partage participer parties partis passant pauvre peau pensee permettre
            personnage personnages perte philippe places planete pleine pont populaire port portes pose poser possibilite
            pourraient prefere prends prennent presenter pression prevu prince principal principalement prive privee proces
            processus proches professeur propres proprietaire propriete protection proteger province ps publics puissance
            quebecois quitter quotidien raconte raisons rapide rappeler realise realiser recemment recevoir recherches
            reference regard regardez regions regle regulierement reine rejoindre religieux religion remettre rencontrer
            rentrer reprendre represente reseaux reserve responsabilite ressemble ressources retard retraite reunion reve
            revenir revenu revient revoir revolution revue riche rire risques robert roman rome rose royaume russe russie
            sac sainte salon salut savent savez science sciences scientifique secondes secret secretaire section seigneur
            selection sent sentiment seraient serais servir seuls sexe siege signe signifie silence sites situe sociales
            societes soi soin soldats somme sorti souhaite sources spectacle st stade star statistiques statut structure su
            suisse sujets superieur surement surface surprise sympa sœur tableau techniques tele tels tendance tenir tente
            tenu termes textes theatre theorie tiens tient tiers tirer titres tombe top totalement touche traite traitement
            transport travaille tribunal triste trucs tue tuer twitter types uniquement unite univers usage utilisation
            valeurs vendre venez vent venu veritable verre vert vice victime victimes vide videos vin vingt violence visage
            vision vit vitesse vivant voire voitures volonte vote voulais vouloir vraie web week york zones
        """,
        0.01: """
            academie accepte accepter accueil achat achete acteur actualite aeroport affiche agent agents agir agreable
            agriculture aient aiment aimer aimes ajoute alain alcool alexandre alle allemande allemands alliance ambiance
            ameliorer amie amitie amoureux andre animal anne antoine apparait apparemment appartement appartient apporte
            apporter apprend arabe arabes arbre arbres archives arme arretez arrivent arts asie aspect associations assure
            attendant attendu attente attitude augmenter auparavant auquel aurai auto autorites autrement avancer avantages
            aventure avoue bac bain baisse balle balles bar barre basse bateau batiment batterie battre bel belge bernard
            besoins bete bibliotheque biens bienvenue bilan black blague blancs blesse blog boire bordeaux bordel bravo
            bresil by cabinet cache cadeau caisse canadien canal cancer candidats cap cartes casse catholique cent centaines
            central centres cercle cerveau cesse chacune chaleur champion championnat champions champs chances changements
            chansons chapitre charges chasse chaussures chefs chiens chier chiffre chomage chretiens christ chute cible
            circulation city civile claire classes claude cle climat cm co colere collaboration collectif college colonel
            commandant commande commentaire commentaires commercial commis competition complet complete complexe complique
            comportement compose composition comte concept conception concert concurrence condamne condition conduire
            conduit conduite conflit congres connue consequence considere consiste constitue constitution construire
            construit contente contient contrairement convaincre convention conversation copine correspond couche coucher
            couper courses courte cout couverture crime critiques croix daniel deces decider decisions declaration declare
            decrit defaite defaut definition demandes demeure democratie democratique denis dents depend depenses deputes
            description dessin detail deteste dette developper devenue devez devons devra devraient devrais di different
            differente difficulte difficultes diffusion dirais dirigeants discussion discuter disparu disponible dispose
            disposition distribution diverses division document doigt doigts domaines domicile donnee donnent dormir douce
            douleur doux douze dr duc dure eaux echec echelle ecriture effectivement efficace effort efforts egalite
            electricite electrique element elus emmanuel empeche empereur emplois employes enceinte endroits enfance
            engagement ennemi entends entiere entraineur envoie epouse epreuve equilibre erreurs espagnol especes essai
            essaie essaye essence essentiel essentiellement estime etablir etablissements etage etoiles etrange etrangeres
            etudiant euh euro europeens eut evenement evident examen excellent exception excuse exemples exprimer
            extremement faim fans federation fenetre ferait fermer fiche fier financement finances finit fit fleurs fn
            fonctionne fonctionnement fondation for forcement foret format former formule fortement fournir fous foutre fr
            frappe frontiere fruits garcon gare genial genie gentil george gerer glace gratuit greve grosses guide ha haine
            hasard hausse henri heureuse heureusement histoires hommage honte http huile humaine humains humanite humour iii
            imaginer immobilier impact importantes importants impose imposer impot impots inde independance indique
            individus info informatique infos initiative inquiete inscrit installer institutions intention interdit
            interesse interne inutile investissement invite is islam israel issue italien jambes james japon japonais jardin
            jaune jesus jeter joie joli jolie joseph journalistes journaux judiciaire jugement juifs jusque justement
            kilometres lac laissez lait lancer langage langues laurent legende legerement lesquelles lesquels lever
            liberation lie lies lieutenant lille limites litterature live local locale locales logement longueur lorsqu lune
            magasin magazine maintenir mairie mandat mange manuel marc marcher marches maroc materiel max maximum medecine
            medecins meilleures melange menace messages methodes metier metro mettent meurtre michael mille million min mini
            minimum ministres minute mises mobile modeles moments mondial monnaie montagne montant monte morte moteur
            mouvements mr murs musulmans nantes nation nations naturelle necessaires necessite neige net nez nice noirs
            nomme normale normalement notes nourriture nucleaire nulle numerique objectifs oblige obtenu occupe occuper oeil
            oeuvre office officiel officielle officiellement olivier ombre one option orange ordres organise organisme
            orient original ouvrage ouvrages pain papa pape parait parfaite parlent parles paroles partager partenaire
            participation particuliers passee passent passion patients patrick patrimoine patron pauvres paye pc peinture
            pen pensais pensent penses pensez perd performance permettant permettent perso personnalite personnelle peter
            phase phenomene philosophie phrase pilote piste plage plainte plait plans plantes plat plateau pluie pointe
            poisson policier policiers populations portable portant portee portrait possede post postes pote pourrais
            pourront pouvant pouvoirs pouvons pp pq pratiques precedent precis precise prenez preparation preparer
            presentation presents presidentielle prete prets preuves primaire princesse principale principales principaux
            printemps prises procedure produire professionnel professionnelle professionnels profil profit profiter
            programmes progres promis promotion proposer proposition proprietaires prouver proximite publication publiques
            puissant quantite quartiers quasi quatrieme quelles quels quitte race rang rapports rare rares reaction
            realisation recoit reconnaissance reconnaitre reconnu record recours recuperer reduction reduire reduit reel
            reellement reflechir reflexion reforme refuse reglement regler relativement remarque remise remplacer rencontres
            rentre repas repond repondu reponses representant representants representation repris reprise reprises residence
            resistance respecter responsables restaurant restent resume retirer retourne retourner reussir revanche revenus
            reves richard riches riviere robe rouges routes royal rues russes rythme sacre salaire salaries sale san sarkozy
            sauver savais savait scenario scientifiques scolaire score seance secours seine semblent sentiments sentir serai
            series serieusement servi signes simples situee socialiste soeur soins sois solutions sommet sors sourire
            soutenir souvenir souvenirs souviens soyez special speciale specialiste stage station strategie suffisamment
            suit suivante superbe superieure suppose surpris surveillance syrie systemes talent tas technologie television
            telles temperature tenter tenue termine terres terrible test theme thomas tire tom tort totale toucher toulouse
            tourisme tourne tournee tourner tournoi tours tradition traduction traiter tranquille transports travailleurs
            trente trou troupes trouvent tv ue uni unites uns up urgence us usa usine utile van vaste vecu vehicule
            vehicules veille velo venait vendu ventes venue venus verifier verra vetements viande vieille vienne vierge
            vincent vive vivent voies voisins volume voter voudrais voyez vrais washington ya you youtube œil œuvres
        """,
        0.006: """
            2e 3e abandonne abandonner abri absolue abus acceder accent accessible accompagne accords accueillir accuse
            acquis acquisition actif actifs active actrice adam adaptation adjoint adopte adulte adultes adversaire affirme
            africains agissait agricole agricoles aides aille aimez aise albert alerte alex ali alimentaire alimentation all
            allais allant allies alpes amateurs ambassadeur amelioration amenagement amende amener americaines amoureuse
            anciennes ange anglaise angle animation annoncer annuel appareils apparence apparition appelee appels apple
            applications applique appliquer apprecier apprentissage appui arc architecture armees arrives arrondissement
            artistique aspects assis assistance associe associes atelier atlantique atmosphere attaquer attaques atteinte
            attendais attendent attentat attirer audience augmente auras aurez australie automne automobile autonomie
            autorisation autorise autoroute autrefois autriche avenue avocats axe baiser balance ballon banques barcelone
            bases bassin bat batiments battu benefice berlin biere big bill billet billets bio blesses bleus bloc bob bombe
            bouge bouger bourse bouteille boutique branche bruno bureaux business cacher cadeaux cadres calcul calendrier
            camera campagnes canadienne canadiens canon capables capacites caracteristiques carbone carre carrement casser
            categories catherine causes cellule cellules cense ceremonie cf ch chaines chambres champagne chanter chanteur
            chantier chapeau chapelle chargee charlie charme charte chemins cherchent chercheurs chere chers chevalier
            chevaux chinoise choc chocolat choisis chris christian christophe chronique cinquieme circonstances circuit
            citer citoyen civil civils classiques cles clinique clubs col collective collegue collegues com combats
            combattre comedie commandes commencent commerciale commissaire communautes communications communique communiste
            compagnies comparaison comparer competences comporte composee comprennent concentration conclusion concu
            confirme conflits connaissances connaissent connaissez connard conneries connus cons consacre conseillers
            consequent conservateur conserver considerer constate constater constituent contenant continent contrats
            contribution controler convaincu convient cooperation copain copie coree correspondant corruption corse cou
            coupable couples courir couronne courrier cousin coute couteau couts couvert couvre creee creme crimes criteres
            croient croyais croyez culte culturel culturelle cultures curieux cycle dates debats debout dechets decouvre
            decouvrez decret decu defend defi definitivement degre degres dejeuner delai demandent demarche departements
            depasse deplacement depot derange descendre desert design desir dessins destin destination destine destinee
            destruction determiner detruire detruit devaient developpe deviennent devoirs diable dialogue dieux differences
            difficiles digne dimension dingue diplome dira directe dirige disais discipline discussions dise disons
            disparaitre disparition disponibles dispositif dispositions disque dite diversite dizaine dizaines do
            documentaire dominique dommages donnant dossiers doucement douche drame drapeau drogue due duo durable dynamique
            ecart echanges echapper ecris ecrite ecrits ecrivain ed editeur editions effectue effectuer efficacite egard
            electeurs electriques electronique elevee emissions emotion emotions employe enfer engage engager enjeux enlever
            ennemis enormement enregistre enregistrement enseigne entraine entrainement envoi episodes equipage equipement
            equipements equivalent ere eric espaces esperer esprits essais etabli etapes etions etoile etonnant etrangere
            etres etudier europeennes evaluation eveque evidence evoque excellente exclusivement execution existent
            experiences expert experts explication explosion extension extrait extraordinaire fabrication fac facteur
            facteurs faculte faibles faisaient faisais faisons falloir fallu fameux familiale fan fausse favorable fc
            federal federale feminin ferai ferais fermeture feront fetes feuille feuilles feux fi fidele file fillon
            financier financiere financiers fins fiscale fixe fleur fleuve flics folie folle fonctionnaires fondateur fonde
            fondee foot formations fortes forts fortune forum foule fout foyer franc franco francs frank frapper frederic
            free frontieres fruit fuite fusion future gagnant galerie gamin gamme garantie garcons gardes gardien gay
            generales generations generaux geneve georges gerard geste gilles global gloire go gorge gouvernements
            gouverneur gras gratuitement graves grec grece gris guerres guillaume guy habite harry hate hautes hauts henry
            heritage hesite hey historiques hockey honnete hop horizon horreur horrible humaines humeur hyper hypothese
            ideal identifier ignore iles immense immeuble immigration implique incendie inconnu independant indice
            indispensable individu industriel industrielle industriels inferieur ingenieur innovation inscription inscrire
            inspire installation installe institution instruction instruments integration integrer intelligence intelligent
            interdiction interessante interieure intermediaire internationales internationaux interpretation intervenir
            interview intitule introduction inverse investir invites iphone ira iran it italienne iv jack job joe jouent
            journees joyeux juger juges juif julie julien jure juridique jury jus justifier kevin kg kim laboratoire lache
            laissant lancement larmes latin leader lecon lecteur lecteurs leger legere leve levres liaison liberal libres
            licence liee liees limitee limiter liquide lis litteraire livraison logements logiciel loire lol longs longues
            los lot loup lourd love luc lunettes lutter luxe luxembourg mac machines madrid magasins magie magique mail
            maillot maintien maitrise majeur majeure major malades maladies man manche manifestation manifestations manquer
            marge maria marins mario maritime mark marketing marquer marques marrant marre materiaux matieres maurice
            mauvaises mecanique mechant medaille medical medicale medicaments menage mene mener mention messieurs metal
            meteo metiers mettant mettez meurt mexique micro mignon migrants milieux militants mine mines miroir miss
            missions mit modernes modifier monaco mont montage montagnes montee montpellier montrent moral morale morceau
            morceaux moscou motif moto multiples municipal my mystere nan nationales nationaux naturellement naturelles
            navire necessairement nee negociations nettement news niveaux normandie normes noter notion nu nuits obligation
            obligations obligatoire obtient ocean odeur offert officier officiers offres oiseau oiseaux olympique olympiques
            oncle onze op open oppose ordinaire ordinateur oreille oreilles organisations organisee organiser organismes
            orientation originale origines os oubliez outil outils ouvriers paie paiement paire papiers paquet paradis
            paraitre parallele pardon parisien parisienne parisiens parlait parlant parlementaire parlez pars partenaires
            partenariat participants participe particuliere paru pascal passait passes patient pause pauvrete paysage peche
            pensait pensees performances permettra personnellement personnels perspective pertes petrole peuples physiques
            pierres pis piscine pistes pitie placer plante plaque plastique plate plateforme pleins pleurer poche poesie
            poete poissons pole pologne pop populaires portent portugal positif positions possession possibles potentiel
            potes poursuit poursuite poursuivre pousse pousser pouvaient pouvais pratiquement pre precedente precieux
            precisement preciser precision prefecture prefet prenant prenom prepare presentent presidence presidente pretre
            prevenir prevue priere prime principes priorite prisonniers prit privees prives probable procede prochaines
            procureur producteurs prof profession profite profond profonde profondement profondeur promesse propositions
            proprietes prouve provenant provence provinces pseudo pub publicite publiee publier puisqu puissent pur pure
            pute qualites quart quasiment quelconque queue quinze raconter ramener rappel rapporte rarement rate rayon re
            reactions realisateur realisee reception recette recettes recit reconnait recrutement red redaction reelle
            refaire referendum refugies refus refuser regional regionale registre regne regrette rejoint relative releve
            religieuse religieuses remarquer remis remonte remonter remplace remplacement rempli remplir remporte rendent
            rends rene renforcer rennes renseignements rentree repartition reponds repos repose reprend representent
            representer reputation resolution resoudre respecte restauration restera retenir retrait reunis reussite revele
            reviens rhone richesse ridicule rock roger romain roy royale rupture sable sachant sache saisir saisons salaires
            salles salope sarah sauter sauvage scandale scenes scolaires sec secondaire secrets secteurs sejour sel semblait
            semblant senat sensation sensible separation serez serieuse servent seuil seules sexuelle sexy show siecles
            sieges signal signature signer similaire simon situations ski sncf soldat solidarite solide solo sombre sommeil
            sondage sortant sortent souci soucis souffle souffre souffrir soumis souris soutenu soutient specialement
            specifique sportif sports standard stars steve stop strasbourg street stress structures studio subir sucre suede
            suicide suivantes suivants suivent suivez supplementaire supplementaires support supporter suppression supprimer
            supreme sure symbole syndicat syndicats tableaux tache taper taxe team technologies temoignage temoignages
            temoin temoins temple tension tentative terminer terrains territoires terrorisme terroriste terroristes tester
            tests tetes these thierry tir titulaire toile toilettes toit tome tonnes tony totalite tournage trace traces
            traduit trafic transfert transformation transformer transition transmission travaillent tresor trompe troubles
            trouvait trouvez trump tues tunisie turquie ultra unies universitaire universites utilisant utilisateurs
            utilisee utilisent utilises vague vainqueur val vallee venant vend ventre verte verts vertu vi victoires victor
            vies vigueur villa villages vins violences virus visant vise visible visiter visiteurs vivement voient voile
            voisin volant voler voudrait voulons voyages voyageurs voyant voyons vues with wow yves zero
        """,
        0.004: """
            abandon abbe abonnes accidents accompagner accorde accorder accueille achats acide acier actuelles actuels
            adapte adapter admettre administratif administrative admis adopter adoption adversaires affirmer affronter afp
            africain africaine agression agriculteurs ailes allaient allee alsace alternative amateur ambition amene
            analyses android angeles anges annuelle apparaitre appartenant appelait appeles appellent apprecie appuie
            appuyer arbitre argentine argument arguments arthur assister assumer at ateliers attache attendait attendez
            attentats aube aussitot automatique auxquels aventures aveugle avouer baby baie bail bains baise baisser banc
            bancaire bandes banlieue basee basket bateaux be belges benefices beneficier benoit bertrand best beurre biais
            bible bijoux bite blanches blessure blessures bleue bonsoir bonus boss bosser boucle bouffe boulevard bouton box
            boy britanniques bronze bulletin calais californie camion camps candidature cannes caracteres cardinal caroline
            carton casque catalogue catastrophe catholiques cd ceinture centrales cents cesar chair chaise chant chante
            chanteuse charbon chats chaude chauffeur cherchez chimie chimiques chretien chretienne cinquante cites
            civilisation clan climatique clip coach colle collectivites colonne commandement commerciales commerciaux
            communiquer competence complexes comprehension compromis concerts conclure conclusions conducteur conferences
            confirmer conformement congo conseille conservation conserve consideree consommateurs constamment constante
            consulter contacts contemporain continuent correctement couilles couvrir craint createur credits crier criminel
            da dames dan danser debit debuts decede decennies declarations decor dedie defenseur definir degats del
            delegation demission denonce denoncer depasser deplacer deposer depression der devais devenus devront diametre
            dictionnaire diffuse dimensions diminuer diner diriger disney distinction domination donnera donnez dons dose
            douceur durer dvd ecologique economies effectif egal eglises electorale eliminer elite emplacement energetique
            enleve enseignants entourage entoure entrainer environs epargne epaule epreuves escalier essayez ethique etudie
            eventuellement evoluer exact excellence exceptionnel excuses executif exemplaires exercer existait exister
            expedition explications expose express exprime externe faciliter facons facture faiblesse fantastique fatigue
            fautes favoriser felicitations fenetres fesses fiction fideles fierte finance financer financieres fine flotte
            flux forcer forets forfait forment formidable four fourni fournit foutu francophone fraude frequence froide
            fromage fumer game gateau geant genres gere girl globale golf gosse graphique gratuite grenoble guere habitant
            habitudes habituellement haha https hugo incapable incident independante independants indien inferieure informer
            infrastructures ingenieurs inscrits inspecteur inspiration installations instrument intellectuelle intense
            intentions inter investissements irak irlande islamique issus italiens ivoire jardins jeanne jette jo joindre
            joint jules justin king laissent las laval lecons lee legale legislatives legitime legumes lentement li liberaux
            liberer libertes lion listes litteralement livrer lumieres maitres malheur mali management manager manifestants
            marcel mariee marier marin marne marquee mary masque massif master maternelle mathieu mediterranee menaces menee
            mensonge mentionne mentir meres merveilleux metropole mien mike milan mince mineurs minuit miracle misere modes
            modification modifications moteurs motifs motivation municipalite musicale musulman nancy napoleon nationalite
            naturels navigation navires negatif neo noble noires nomination norme nourrir numeros observation observe
            observer occident occupation offrent ondes ontario onu opera opinions opportunite options optique ordonnance
            originaire orleans ose ours out ouvertes ouverts pacifique parent park parking parlais partant partisans parts
            parvenir passagers passera patience peintre perdue periodes permanence permanente personnalites personnelles
            photographe photographie piano pilotes plafond plaindre poil poitrine pollution pomme pommes ponts porno portait
            portugais positive possibilites pot poudre poule poulet pourrez poutine precedemment precedentes precedents
            prendra prenne presentant presentee presentes preserver pretexte prevention prevoit prie proceder producteur
            professeurs programmation progression progressivement promesses promouvoir propagande proportion protege
            provoquer publications publies puissante quai qualifie quarante quebecoise quete quotidienne racisme raciste
            rage raisonnable rassemblement raymond reagir real recent recente recommande recompense recueil recul references
            reformes regardant reguliere relais relever remarquable remercie remercier remet remporter rendus repete repeter
            reportage reserves respectivement responsabilites ressort restait restant restes retenu retire retrouvent
            retrouvez reunions reveille rever rio rive riz robot rois roles romans rond ronde roue rouen roues sacs sage sam
            satisfait sauce savons scott scrutin seances secondaires seins semi senateur seras serge serveur session
            signaler sixieme smith so socialistes solaire sondages sons sophie sortes sorties soudain souffrance
            souverainete specialistes stable stations statistique stephane strategique stupide subi succession suffisant
            suivie supporters survie suspect symptomes sœurs tabac talents tape tapis tarifs taxes taxi tempete tenant
            tendances tennis terminee tf1 themes tiennent time tirage tissu tombee toronto touristes traditionnelle trains
            trait traites trajet traverse traverser tribune tromper trone trouble trouvera trouves tube tva ultime ump
            uniforme universel urbain utiles utilisateur utilisees utilite vaisseau valls var variete versailles veste
            veuillez vieilles viendra vingtaine viol violent visiblement visites vocation voisine vole volontaire vols
            volumes votes voulaient voyager voyait vs we william windows world xavier
        """,
    },
    "de": {
        0.9: """
            auch auf das dem den der des die ein eine es fur ich im in ist mit nicht sich sie und von zu
        """,
        0.6: """
            aber als am an aus bei dass du einen er haben hat man nach noch nur oder sind so um war was wenn werden wie wir
            wird
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
            andere anderen dabei deutschland dich diesem dieses dort drei eines erst ersten gerade hab hast heute ihm ihn
            ihnen ihren ihrer jahr jahre jahren kein kommt lassen leben macht mann mein menschen mussen neue nichts nun ob
            seinen seiner seit selbst soll sollte sondern viele vielleicht ware warum weiss weiter wer wirklich wo wohl
            wurden zwischen
        """,
        0.1: """
            allem allen allerdings arbeit art beiden bereits berlin besser bist bitte dafur danke darauf davon dazu de deine
            denen deutsche deutschen dies diesen eigentlich einige einmal ende erste etwa euch fall fast finden frage frau
            frauen gab gar geben gehen geld gemacht genau gleich grosse grossen gute hatten ihrem ins jeder jedoch kam
            kannst keinen kinder klar kommen konnte lange letzten leute liegt meinen meiner naturlich nein neuen nie paar
            recht richtig sagen sagt schnell sehen sei seinem sicher sieht sogar sollen sowie stadt steht tag teil the tun
            uhr unsere vielen wahrend weg wegen welche welt werde wissen wollen worden zuruck zusammen zwar
        """,
        0.06: """
            abend allein alten anders arbeiten ausserdem bald beide beispiel bekommen besonders besten bild bleiben bleibt
            bzw daher dank daran darf daruber dein deren deshalb dessen direkt eben ebenfalls echt eher eigenen erhalten
            essen euro familie findet fragen ganze ganzen gehort genug gerne gesagt geschichte gesehen gewesen ging glaube
            grund guten halt halten haus heisst hin hinter je jeden jemand junge kaum kleine kleinen kurz land lang lasst
            leider liebe lieber mag meinem minuten mochte moglich morgen munchen musik musste nachdem nacht namen ne neben
            nehmen neu of oft online ort platz polizei pro problem sagte schule seite sofort solche sollten sonst spater
            spiel spielen stand statt stehen stellen stunden tage thema uberhaupt unser unternehmen usa vier wasser weit
            weitere wenig weniger woche wollte zeigt zweiten
        """,
        0.04: """
            ach afd all aller alt alte alter and anderes anfang angst april artikel aufgrund augen august ausser auto bayern
            bekannt bereich beste besteht bestimmt bevor bilder bisher bisschen blick brauchen braucht bringen bringt buch
            ca cdu dachte dadurch dagegen damals danach darum deinen deiner denke denken deutlich deutsch dinge dr durfen
            ebenso egal eigene einigen einzige eltern endlich entwicklung erfolg ernst eu europa fahren fand fest film finde
            folge folgen form frankfurt frei freund freunde fruher fuhren fuhrt funf gefunden gegeben gegenuber gekommen
            gern gesellschaft gestern geworden gilt glauben gluck gott gross gruppe hamburg hand hause helfen her herr hilfe
            hoch idee ii innerhalb insbesondere insgesamt internet irgendwie is jede jedem jedes jungen kaufen keiner kind
            kirche klasse konnten kopf kosten krieg lage lauft laut leicht lernen lesen letzte liegen los madchen mai
            manchmal manner marz mehrere meinung meist meisten mensch millionen mitte moment mutter na nachsten name neues
            niemand nimmt november oben obwohl oh ok osterreich partei passiert per person personen peter politik preis
            probleme prozent raum raus reden regierung rein richtung rolle rund sache scheint scheisse schlecht schliesslich
            schreiben schwer sechs sehe seines seiten september sohn sowohl spass spd spiele spielt sprechen spricht st
            stark stelle stellt stimmt strasse suchen super system tagen tatsachlich team to tod treffen trotz trotzdem tut
            unserer us vater vergessen verschiedenen verstehen video voll vollig vorbei wahl wahrscheinlich wann weiteren
            wert wichtig wien wieso willst wobei wochen wort zahlen zeigen ziel ziemlich zudem zukunft zunachst zweite
        """,
        0.025: """
            acht ahnlich ahnung aktuell alleine anderem anderer andern angebot antwort aufgabe aufs ausbildung bad bahn band
            bank bedeutet bedeutung beginn beginnt beispielsweise beitrag bekommt bereit berliner bett bevolkerung bewegung
            bezeichnet bietet blieb boden bruder burger chance chef china cm co darin daten deinem dennoch deswegen
            deutscher dezember dollar dran drauf dritten druck durchaus ehe ehrlich eins einsatz einzelnen entfernt
            entscheiden entscheidung entweder entwickelt erde erfahren erfahrung ergebnis ergebnisse erkennen erklaren
            erklart erneut erreichen erreicht erster erwartet erzahlt etc eure europaischen facebook fallen falls fallt
            falsch fc februar fehler fehlt fertig firma fluchtlinge folgenden folgt foto fotos frankreich freitag freuen
            freundin fruh funktioniert fussball gebaude gebe gebracht gedacht gedanken gefahr gefallen gefallt gefuhl geh
            gehabt gehe gehoren gemeinde gemeinsam genannt genauso genommen geschrieben gesetz gesicht gespielt gestellt
            gewahlt gewalt gewinnen gleiche gleichen gleichzeitig gmbh gold google grad grosser grosste grossten grunden
            grunen gruppen guter gutes habt halfte hallo handelt hans haufig heraus herren herz hey hilft hinaus hoffe hohe
            hohen horen hort hotel ihres indem informationen interesse inzwischen it jahres januar jedenfalls jeweils job
            john juli juni kamen kampf karl kenne kennen kennt kindern klein kleiner klingt km knapp koln komm komplett
            konig korper kraft kreis kritik kultur kunden kunst la lag landern langer langsam lass laufen lediglich lehrer
            leipzig licht liess linie links liste live losung luft mach mache machte manche mannschaft markt martin max
            medien menge meter michael mindestens mitarbeiter mitglieder mittlerweile moglichkeit monat monate monaten musst
            nachrichten nachste nahe nahm namlich natur nen nennen neuer new niemals nix no nochmal nr nummer nutzen offen
            offentlichen okay oktober on opfer ordnung paris passt plotzlich politiker politische politischen prasident
            programm projekt punkt punkte rahmen rechte rechten rechts rede regel region reich reicht reihe reise richtige
            rot runde russland sachen sah saison samstag satz schaffen schau schauen scheiss schluss schone schritt schuld
            schuler schwarz schweiz seid seien selber selten serie setzen setzt sex sicherheit sieben sieg siehe sinn
            situation sitzen solchen somit sommer sonntag sorgen sowas soweit spieler sport sprache staat staaten start
            stimme stimmen stuck stunde stuttgart suche sucht tat teile teilen teilweise text themen thomas titel tochter
            toll top total tragen tur tv typ uberall ubrigens unbedingt universitat unserem unseren unten unterstutzung
            unterwegs verbindung verdient verein verfugung vergleich verhalten verlassen verloren vermutlich veroffentlicht
            verschiedene verstanden verstehe versuchen versucht verwendet vorher wahlen wahrheit warten weder weise
            weiterhin welcher welches wenige wenigstens wirst wirtschaft wochenende wohnung wollten worte wusste z.b zahl
            zehn zeiten zeitung ziehen zieht zimmer zuerst zug zumindest zuvor
        """,
        0.015: """
            abs abschluss absolut ag aktion aktiv aktuelle aktuellen al album alexander allgemein allgemeinen amt andreas
            angaben angriff anlage ans anschliessend anschluss anspruch anteil antworten anzahl app arbeitet arm arme armee
            arsch arten arzt aufgaben aufgenommen auftrag auge ausgabe ausland ausschliesslich aussehen aussen ausserhalb
            auswahl autor autos baby baden basis bau bauen be befinden befindet begann begriff behandelt behandlung beitrage
            bekam bekannten benutzt bericht berichtet beschaftigt besondere bessere bestatigt bestehen bestimmte bestimmten
            besuch betragt betrieb bewusst bezahlen bezahlt beziehung bezug bier bieten bilden bildung bloss blut bose
            brachte brauche bremen brief bucher bundesliga burgermeister buro bus by christian club cool csu dahin damen dar
            daraus darunter david ddr demokratie denkt derzeit deutschlands dienst diesmal ding diskussion dorf draussen
            dresden drin dritte dumm durfte dusseldorf echte eh ehemaligen eindruck einfluss eingesetzt einiges einzelne en
            energie england englisch entdeckt enthalt enthalten entschieden entsprechend entstanden entstehen erfahrungen
            erfolgreich erfolgt erhalt erinnern erinnert erlaubt erscheint erstes erstmal erstmals erwahnt erwarten erzahlen
            et europaische ex extrem fahrt falle familien fanden fans farbe fdp fehlen feiern fenster fernsehen feuer fiel
            filme finale find findest flughafen folgende for forschung fort frank franz freie freien freiheit freude
            freunden freut friedrich froh fuhlen fuhlt fuhrte fuhrung funktion furs fuss garten gaste gebaut gebiet geboren
            geburtstag gefahren gefragt gefuhrt gegangen gegensatz gegner gehalten gekauft gelernt gelesen gelten general
            genutzt geplant gericht gesamte gesamten geschafft geschehen geschlossen gesetzt gesprach gesprochen gestorben
            gesucht getan getroffen gewissen gewonnen gezeigt glaub glaubt glucklich grenze grenzen grossere grosseren
            grosses grun grunde grundlage grundsatzlich grune halle halte hande handeln handy hangt hannover hart haut
            heimat heissen herbst herrn herum herzen heutigen hielt himmel hingegen hinten hintergrund hoffentlich hoffnung
            hoher holen http hund ideen iii immerhin industrie inhalt innen insel interessant interessiert internationale
            internationalen interview irgendwann irgendwas irgendwo italien iv jahrhundert jahrhunderts jahrige jemanden
            juden jugend jung jungs kaffee kaiser kamera kampfen karriere karte karten kauf kg kilometer kleines kollegen
            komme kommentar konne konnt kontakt kontrolle konzept kostenlos kostet krankenhaus kunstler kurze lachen laden
            lander landes landkreis langen langst lebens lebt legen legt leid leisten leistung leistungen leiter leitung
            letzter leuten lieben lied liga link linke linken literatur london lust lustig machst maria mark massnahmen
            material meer mehreren mehrheit meines meinst meint meinte meister merkel min minute miteinander mitglied mittel
            mm mochten modell mogen moglichkeiten moglichst montag muller mund museum mussten nachricht naher naja nehme
            nennt nett netz neun normal notig notwendig offenbar offensichtlich offentlich offentliche organisation osten
            park parteien partner party passieren patienten paul perfekt personlich plan plus polen polizisten position
            positiv post praxis preise produkte professor prozess qualitat quelle rat regelmassig regeln reichen relativ
            religion rennen rest richter richtigen robert roten rucken ruhe ruhig sachsen sag sage schade schaden schafft
            schicken schlafen schliessen schlimm schloss schneller schonen schreibt schrieb schulen schutz schutzen schwarze
            schwarzen schweizer schwester see seele sekunden selben setzte show sicht sinne sitzt sobald solange soldaten
            solltest sonne soziale sozialen spat spiegel spitze sprach standig star starke starker stellte sterben stets
            stolz strassen strom studie studium szene tages taglich technik teilnehmer telefon test theater tief tiere tisch
            tolle tor tot tour tragt trainer traum treten trifft trinken tritt trump turkei ubernehmen umgebung un unfall
            ungefahr unglaublich union unterschied unterstutzen unterstutzt urlaub urteil usw van verandert veranstaltungen
            verantwortlich verantwortung verbunden verfahren vergangenheit verhindern verkaufen verkauft verkehr verlag
            verletzt verlieren version versteht versuch versuche vertrag vertrauen vertreten vertreter verwaltung verwendung
            videos volk voller vorhanden vorne vorstellen waffen wagen wahr wald website wege weissen weisst weiteres
            welchen weltweit wen wenigen werbung werk werke werte wesentlich westen wetter wichtige wichtiger wiederum
            wiener willkommen winter wirken wirkt wirkung wohnen wolfgang wollt wow wunsch wunsche wunschen york you youtube
            zahlreiche zahlreichen zahlt zeichen zeigte zeitpunkt zog zufrieden zugleich zuhause zuletzt zusammenarbeit
            zusammenhang zusatzlich zustand
        """,
        0.01: """
            abends abgeschlossen abgesehen abhangig abschnitt abstand abteilung achten achtung adresse afrika ah ahnliche
            aktien alkohol allgemeine alltag altere alteren alternative amazon amerika amerikaner amerikanische
            amerikanischen analyse andererseits andert anderung anfangen anfangs angeblich angebote angeboten angefangen
            angekommen angenommen angesehen angesichts anhanger anlass anna anscheinend ansehen ansicht ansonsten anstatt
            anti antrag anwalt anwendung anzeige apple armen arzte as at au aufbau aufhoren auflage auflosung aufmerksam
            aufmerksamkeit aufnahme aufnehmen auftreten auftritt ausdruck ausgeschlossen ausgezeichnet ausnahme ausreichend
            aussage aussagen ausserst aussieht ausstellung auswirkungen automatisch autoren bahnhof ball banken bar baum bd
            bedarf bedeuten bedingungen beendet begeistert beginnen begonnen behalten behauptet behorden beine beispiele
            bekannte bekomme benutzen beobachten beobachtet berg berichten beruf beschreibt beschreibung beschrieben besitz
            besitzen besitzt besonderen besonderes besseren bestand bestellt bester besuchen besucher besucht beteiligt
            betrachtet betrieben betrifft betroffen betroffenen bewegen bewegt beweis beweisen bewohner beziehungen big
            bildet bisherigen bislang bitten black blau bonn boot bot brandenburg brauchst braun breit breite brot brucke
            buhne bund bundesregierung bundestag chancen charakter christoph city code computer dach dame daneben daniel
            daraufhin dargestellt darstellung dasselbe dauer dauert davor debatte definitiv demnach design desto details di
            diejenigen dienen dienstag dient dm do donnerstag dortmund drehen dringend drogen durchgefuhrt ebene echten ecke
            ehemalige ehre eier eigener eigenes eigenschaften eindeutig einfache einfacher einfuhrung eingeladen eingestellt
            einheit einiger einrichtung einrichtungen einst einstellung einwohner einzigen eis elf empfehlen endet eng engel
            englischen entgegen entlang entscheidungen entsprechende entsprechenden entspricht entstand entsteht entwickeln
            erfolgen erforderlich erfullt ergeben ergibt erhielt erhoht erinnerung erklarte erklarung erleben erlebt
            ernsthaft eroffnet erscheinen erschien erschienen ersetzt erstellt euer europas ewig experten extra fahrer
            fahrzeug fahrzeuge falsche falschen fan farben feld festgestellt figur finger firmen fischer flache fleisch
            fliegen flucht fordern fordert forderung formel formen forum frag fragt franzosische franzosischen freiburg
            freue frieden frisch fruhen fruheren fruhstuck fuhle fuhr funktionieren gaben gang ganzes gas gast geandert
            gearbeitet geb geblieben gebraucht geburt geeignet gefahrlich gefuhle gegend gegenteil gegrundet geil geist
            gelang gelassen gelegenheit gelegt gemass gemeinden gemeinsame gemeinsamen gemeinschaft gemeint genannten
            generation geniessen georg george gerat geschaffen geschaft geschenk geschichten geschickt geschmack gesetze
            gespannt gestalten gesund gesundheit getotet getrennt gewann gewicht gewinn gewinnt gewisse gezogen gibts gingen
            glas gottes grade gratis griechenland griff grossartig ha haare halb halbe halben haltung hamburger handel
            handen hangen hass hasse hauptsachlich hauptstadt hauser hauses heiligen heinrich heinz heiss heisse hergestellt
            hermann hersteller hervor hessen hi hierbei hierzu hiess high hinweis hinweise hinzu historische historischen hm
            hochste hochsten hof hoffen hohere hoheren holt holz homepage hor hore hunde hundert information informiert
            infos inneren institut integration interessante interessen international islam island israel jahrigen jahrlich
            james jan japan jemals jene jesus jeweiligen johann johannes josef journalisten jugendliche jugendlichen jurgen
            kalt kaputt kategorie keinem keller kern kino klaus kochen komisch kommenden kommentare kommission kommst
            kommunikation konzert krank krankheit kreuz kriegen kriegt krise kuche kummern kurs kurzen kurzer lager lasse
            lauf laufe lautet le league leer legte leichter leiden leser letztes letztlich liebt lief liefern liessen liest
            lohnt losen ludwig ma machten mail main mainz mama manager manchen mannern marke maschine masse me media medizin
            mehrfach meistens melden methode milch milliarden minister mio mission mist mittels mitten mittwoch mochtest
            moderne modernen mogliche moglichen moglicherweise momentan mord morgens moskau mude muhe munster musiker musse
            mut my nachbarn nachmittag nachstes nachts nah nahezu nahmen namens nase nazis nem ner nerven news niemanden
            niveau nord norden normalen normalerweise not nrw null nurnberg nutzer nutzung oberen offenen offentlichkeit
            offiziell offnen ofter ohnehin one op open original ost osterreichischen otto papier parlament pass passen pause
            pc pdf personal personliche personlichen pflanzen pflicht phase philipp philosophie plane planung politisch
            positive posten praktisch prasentiert prasidenten presse prinzip privat private privaten produkt produktion prof
            projekte prufung ps publikum punkten quellen radio rang reaktion real realitat rechnen rechnung red regen reisen
            republik respekt restaurant retten revolution rhein richard ring risiko rock rollen rom roman rote ruf rufen
            ruft rum runter russische russischen sammlung samtliche san sc schatten schauspieler schaut scheinen schicksal
            schiff schlaf schlagen schlagt schlechte schlechter schliesst schlimmer schmerzen schmidt schnitt schoner
            schones schuhe schulz schwanz schweden schwere schweren schwierig schwierigkeiten seitdem selbstverstandlich
            sendung service shop sicherlich siehst silber simon singen single sitz smartphone sodass software sogenannte
            sogenannten solcher song sorge sorgt sorry sowieso spanien sparen spatestens speziell spielte sprachen spur
            spuren stadte stadten staffel stammt standard standen standort starb starken starten startet stattdessen status
            stecken steckt stefan stehe steigen steigt stein stern steuern stiftung stil stimmung story strafe strecke
            streit studenten studien sturm suden syrien tasche tater tatig tatigkeit tatsache teams technische technischen
            teilnahme teils temperatur termin teuer texte that theorie this tiefe tier tipp tipps tja tom ton tore toten
            tradition traf training trat traurig trug tu twitter typen u.a uberlegen ubernommen uberrascht ubersetzung
            ubersicht ubertragen uberzeugen uberzeugt ubrig ubrigen ukraine umgang ums umwelt unabhangig ungarn uni
            unmittelbar unmoglich unseres unternehmer unterricht unterscheiden unterschiedliche unterschiedlichen
            untersuchung up ursache ursprunglich vaters veranderungen veranstaltung verboten verbrechen verbreitet verdammt
            verdienen verfolgt vergangenen verhaltnis verheiratet verkauf verlangen verlangt verlauf verliert verlust
            vermeiden verpasst verpflichtet versehen verstandnis versuchte verteilt verurteilt verwenden verzichten via
            vieles vielmehr vollkommen vollstandig voraus vorbereitet vorgestellt vorschlag vorsitzender vorstellung vorteil
            wahler wahre walter wand warm warte wartet webseite wechsel wechseln weh weihnachten wein weisse weist weiterer
            welchem wem werd werfen werner weshalb west wettbewerb wichtigen wichtigste wichtigsten widerstand wild wilhelm
            willen wind wissenschaft with witz witzig wm woher wohin wohnungen wolf wolle womit worauf world worten wunder
            wurdest wurttemberg zeitraum zentrale zentrum zerstort zeug zeugen ziele zufallig zugang zumal zurich
            zusatzliche zuschauer zustimmung zweck zweifel zweimal zweiter zwolf
        """,
        0.006: """
            aachen abenteuer abgeben abgelehnt abgeordneten absatz absicht absolute account ad adam afghanistan ahnlichen
            air akademie aktionen aktive aktiven aktivitaten akzeptieren albert alex alfred allzu alternativen altes
            anbieten anbieter anderungen android anerkennung anforderungen anfrage angebracht angegeben angegriffen angeht
            angekundigt angela angelegt angesprochen angewiesen angezeigt anhalt anhand anlagen anlasslich annahme anne
            annehmen ansatz anschauen anton anzeigen arbeite arbeiter arbeitete arbeitgeber arbeitnehmer architektur archiv
            ard arger arschloch aspekte atmosphare aufgebaut aufgefallen aufgehoben aufgestellt aufklarung aufnahmen
            aufstieg aufwand augenblick augsburg ausbau ausdrucklich auseinander auseinandersetzung ausgaben ausgefuhrt
            ausgehen ausgerechnet ausgesetzt ausgesprochen ausgestattet auslander aussern aussicht ausstattung austausch
            australien autobahn bach bachelor barbara basel bauch bauer bauern baume baut bayerischen beamten beantworten
            bedenken bedingt bedroht beeinflusst beenden befand befehl begleitet begrenzt begrundet begrundung behandeln
            behaupten behorde beides bein beinahe bekommst belegt belgien beliebt bemerkt ben benotigt berater beratung
            bereiche bereichen berge bergen berichte bern bernd bernhard berucksichtigt berufen beschaftigen bescheid
            beschlossen beschluss beschrankt beschreiben besetzt besitzer besseres best bestandteil bestatigen bestehende
            bestehenden bestellen bestes bestimmen beteiligten beteiligung betont betrachten betrag betreiben betriebe
            betrug beweise bewertung bezeichnen bezeichnung beziehen bezieht beziehungsweise bezirk bezogen bezuglich bibel
            bibliothek bielefeld bildern bio bischof blatt blaue blauen bleibe blieben block blod blog blumen bmw bochum
            bock bord bosen botschaft box branche brand brasilien brauch braunschweig brechen breiten bricht britische
            britischen brussel brust bundes bundesrepublik bundeswehr burg business carl cd cent center chaos charles chat
            chemie chor chris christen community cup d.h dahinter damaligen dankbar darfst darmstadt darstellen darstellt
            date datum dauern day deal decke definiert definition deines del demnachst demo demokratischen denk denkst
            deutsches dialog dicht dichter dick dicke dienste dieter dingen direkte direkten direktor diskussionen
            diskutieren diskutiert diverse don doppelt dpa drama dreht drittel dritter droht druber drucken dumme dunkel
            dunkle durchs durchschnitt durften e.v echter ed edition effekt ehefrau ehren ei eigentliche eigentlichen
            einander einerseits einfachen eingang eingefuhrt eingerichtet einheiten einkaufen einkommen einladung einnahmen
            einschliesslich einsetzen einstellen eintritt einzig einziger einziges el elemente em empfangen enden endgultig
            engagement enge englische entdecken entfernen entfernung entlassen entscheidend entscheidet entstehung
            enttauscht entwickelte entwurf erdogan ereignisse erfasst erfolge erfolgreiche erfolgreichen erfolgte erfullen
            erganzt erhaltlich erheblich erhielten erhoben erhohen erinnere erinnerungen erkannt erkennt erlangen erlauben
            erledigt ermittelt ermoglichen ermoglicht ernahrung eroffnung erreichte errichtet ersatz ersetzen erstaunlich
            erwachsene erwachsenen erweitert erweiterung erwischt erzahlte erzeugt erzielt eur euren eurer eva evangelischen
            event eventuell existenz existieren existiert fach fahigkeiten fahre fahrrad fair fakten faktoren fangt fassen
            fassung feier feiert fein feind feinde felix ferner fernseher feste festen festival feststellen fett feuerwehr
            ff fick ficken figuren filmen finanzielle finanzierung fisch fit flachen flasche fliegt flug flugel flugzeug
            fluss fokus folgte forderungen format forscher fr fragte fraktion franken frankfurter franzosen franzosisch free
            freier freiwillig freizeit fremde fremden freundlich freundschaft frische fritz from front fruhere fruhjahr fuer
            fuhrer fuhrten funktionen fusse fussen gabe gabriel galerie galt game games garantiert gebeten gebiete gebieten
            gebildet gebrauch gedanke gedreht gefangen gefangnis gefeiert gefolgt gefordert gefuhlt gegenseitig gegenwart
            gegessen gehalt geheimnis gehirn geholfen geholt gehorte gehst gehts geile gelande gelangen gelaufen gelb
            gelegen gelegentlich gelingt geloscht gelost gelungen gemeldet gemuse genaue genauer generell genugend geoffnet
            gepragt gerate geraten gerechnet gerecht gerechtigkeit gerettet gerhard gering geringer german gerufen gesammelt
            geschafte geschaftsfuhrer geschenkt geschieht geschlagen geschlecht geschutzt geschwindigkeit gesellschaftlichen
            gesichert gesperrt gesprache gestaltet gestaltung gestartet getragen gewinne gewinner gewohnt geworfen gewusst
            gezwungen gib gipfel glaubst gluckwunsch go golf gottingen gr grab graf graz greifen greift grossbritannien
            grossem grossteil grundlagen grundung grusse guck gucken gunstig gunter gymnasium haar hafen haft haha
            halbfinale hals hammer handler handlung harry harte harten hattest haufen haufiger hauptsache haushalt hd he
            heft heftig heidelberg heilige heim helden hell helmut henry herausforderung herbert herkunft herrschaft
            herrscht herstellung herzlich herzog heutige heutzutage hierfur hinein hinsicht hinsichtlich hinterher hinweg
            hitler hitze hochschule hochstens hochzeit holle home horst horte hose hotels hrsg hsv https hubsch humor hunger
            hut identitat indien info informieren infrastruktur inhalte initiative inkl inklusive innenstadt innere insofern
            institutionen intensiv interessieren investieren iphone iran irgend irgendwelche italienischen jack jagd jager
            jahriger jahrzehnte jahrzehnten jean jederzeit jemandem jener jenseits jo joachim jobs joseph judischen julia
            junger jungeren justiz kabel kampagne kanada kanal kandidaten kannte kapitan kapitel karlsruhe kase kassel
            kategorien katholischen katze katzen kauft keinerlei kenn kennst kenntnis kerl kevin kiel kim kindheit king
            kirchen klage klang klappt klare klaren klassen klassische klassischen kleid kleidung kleinere kleineren klicken
            klima klinik kloster knie koalition koch kohle kollege kolner kombination komplette konferenz konflikt konigin
            konigs konkrete konkurrenz konntest konsequenzen kontakte kontext konto konzentrieren kooperation korrekt krafte
            krass krebs kriege krieges kritisch kritisiert krone kuchen kunde kunftig kurt kurzem kurzlich kuste lacheln
            lacherlich lacht ladt lady lagen landen landschaft landtag landwirtschaft langere langweilig las last laufenden
            lauter lebe lebensmittel lebte lecker lehre leichte leidenschaft leise lernt les lese level lieb liebsten lieder
            liefert life linien lisa liter lkw loch locker logo lokalen lol loschen lost losungen louis love lowen lugen
            madels magazin magdeburg magst male management manfred mannes mannheim mannschaften marco marie mario marketing
            markus maschinen mass massiv master mathematik matthias mauer maximal mega mehrmals menschheit menschliche
            menschlichen mercedes merken merkt messe messen messer metern methoden mexiko meyer miete migranten militar
            million mini mischung mitarbeitern mitgliedern mitnehmen mitteln mittelpunkt mittleren mobile mode modelle
            momente mond motivation motor motto mr mull munchner nachdenken nachfolger nachfrage nachher nackt nannte nation
            nationale nationalen nationen nato naturliche naturlichen nazi nee negativ negative net nette netzwerk neubau
            nich nieder niederlage niedersachsen nimm nochmals nordrhein normale note nutzt oberflache objekt offene
            offizielle offiziellen offnet oftmals ohr ohren ol oliver oma operation opposition option or ordentlich
            organisationen organisiert orte orten osterreicher osterreichische out ovp paket papa papst parallel patrick
            peinlich perfekte perspektive pfalz pfarrer pferd pferde pflege physik pizza pkw planen planeten plattform
            platze play politischer polizist pop portal positionen positiven potsdam pr prasentieren preussen priester prinz
            prinzessin probieren problemen produziert profi profil profitieren provinz prufen putin quasi quatsch rad rainer
            ran rand rande rasch rassismus rathaus rauchen raume raumen reagieren reagiert reaktionen rechtzeitig redaktion
            redet reduziert regelung regensburg regionen reifen reihen reine rente rezept rheinland richten richtet rief
            riesen ritter romischen rosa rose ruckkehr rudolf runden russen sa sagst sahen salz salzburg sammeln sand sanger
            sass sauber sauer scharf schatz schatze schatzen scheinbar schickt schien schiessen schiffe schlag schlechten
            schleswig schlug schlussel schmeckt schmerz schnee schneiden schneider schnelle schonheit schonsten schreibe
            schrift schriften schriftsteller schritte schulden schulern schuss schwach schwarzer schweigen schwerer
            schwerpunkt schwimmen se sebastian seh seht seitens sekunde seltsam sender serien server set sexy shirt sichern
            sichtbar siegen sieger signal singles sinnvoll situationen sitze sitzung social sofern sog solch solches solle
            songs soviel sozial spannend spannende spannung spateren spenden spezielle spo spontan sprecher sprich ss
            staates staatliche staatlichen stadion stahl stammen stars station statistik stattfinden steine stell stellung
            sterne steuer stieg still stirbt stock stoff stoppen stort strand strategie strecken street streng stress
            struktur strukturen stucke studio stufe sud summe suss susse sv symbol systeme systems szenen tabelle tanz
            tanzen taten tatort tausend tausende technisch technologie tee teilnehmen teilt telekom temperaturen terroristen
            testen tests teufel therapie thuringen tiefer tieren tim time tode tollen tolles tonnen tote traditionellen
            trager tranen traume treiben treibt trend trennen trennung trocken truppen turen turken turkischen turnier
            typisch u00 ubel uben uberblick ubergeben uberlassen uberleben uberlegt ubernahme ubernimmt uberprufen
            uberraschend uberraschung ubersetzt uberwiegend ublich ublichen ulrich umfang umfasst umfeld umfrage umgehen
            umgekehrt umgesetzt umsetzung umso umsonst umstanden unrecht unsinn unteren unterhalten unterhaltung unterlagen
            unternehmens unterscheidet unterschiede unterschiedlich untersucht untersuchungen update ursprunglichen user
            variante verandern veranderung verantwortlichen verband verbessern verbessert verbesserung verbinden verbindet
            verbindungen verbot verbreitung verbringen verdacht vereine vereinigten vereinigung vereins verfassung verfolgen
            verfugbar verfugt vergeben vergleichen verhandlungen verhindert verlangert verlasst verletzung verliebt verlor
            vermisst vermogen veroffentlichung verraten verruckt verschiedener verschwinden verschwunden versicherung
            versorgung versprechen verstand verstandlich verstarkt versteckt versteh verteidigen verteidigung verursacht vgl
            vi vieler vierte viertel vierten villa vogel volle vollen voran voraussetzungen vorbereitung vorbild vordergrund
            vorgehen vorgenommen vorgesehen vorkommen vorlage vorn vorschlage vorschriften vorsicht vorsichtig vorstand
            vorstellungen vorteile vortrag vs vw wach wachsen wachst wachstum waffe wagner wahlkampf wahlt wahnsinn wahren
            wahrscheinlichkeit wandel wars warst washington we weber weile weinen weisen weite weitgehend weltkrieg
            weltmeister wenden werdet wesen wesentlichen westfalen westlichen wiederholt wiesbaden wieviel windows wirft
            wirklichkeit wirtschaftliche wirtschaftlichen wissenschaftler wissenschaftliche wissenschaftlichen wisst wodurch
            wofur wohnt worter wovon wozu wunderbar wunscht wunschte wurd wurzburg your zahne zdf zeitschrift zeitungen
            zentralen zitat zoll zone zucker zufall zufolge zuge zunehmend zustandig zwecke zweier zweites
        """,
        0.004: """
            3d abgegeben abgeordnete abitur abkommen ablauf abschied abstimmung action adolf affare agentur agypten
            ahnliches akten akzeptiert altesten altstadt andrea anerkannt angabe angehorigen angenehm angepasst angriffe
            ankunft anliegen anmelden anruf anrufen anschlag ansichten anspruche apps are arena argument argumente armut
            asien aufbauen aufeinander aufenthalt aufgeben aufgefuhrt aufgegeben aufgeregt aufstehen ausfuhrung ausgebildet
            ausgelost ausgleich auskunft ausnahmen austria auszeichnung autofahrer autorin barcelona basiert bat bayer
            beachten beamte beantwortet bearbeitet bedienen bedient beeinflussen befreit begegnung begleiten begriffe
            begrussen beider belastung belegen benjamin bequem beraten berechtigt bereitet berufung beruhrt besonderer
            besorgt bestanden bestens bestimmungen bestraft betreiber betreibt betreuung bewertet bewiesen bewusstsein
            bezeichnete bill billig blatter bleib blind bob bonus borse borussia botschafter br brach brachten brauchte
            brennt briefe brille buchern buchstaben cafe can ch champions chinesischen christliche christlichen christus co2
            college content daheim dan danemark dauerhaft dazwischen db decken derart derjenige derselben detail deutliche
            dfb dicken diesel dieselbe digital digitale diversen dj doktor dokumentation dokumente donald doof dorthin dreck
            dreimal druckt dt duisburg dunklen durchfuhrung durchmesser durchschnittlich durchsetzen dusche dvd ebay ehemann
            eigentum eigentumer eingehen einig einschatzung einverstanden elisabeth empfang empfehlung empfiehlt empfohlen
            engen entschied entschuldigung entspannt entsprechen entwicklungen ereignis erfahrt erfullung erfunden erfurt
            erhohung erich erkennbar erkenntnis erkenntnisse ermittlungen ermordet erschossen erstellen erwahnen erwartungen
            erworben erzeugen erziehung erzielen erzielte esse evtl exakt experte express fahigkeit faktor fangen fazit fern
            festgelegt fifa finanzen finanziell finanziellen finanziert first flagge fluchtlingen folgendes folgten ford
            forderte fortschritt fortsetzung friedhof fruhling fuchs fuck fuhlte funften ge geboten gebrochen gebuhren
            gebunden geduld gefahrdet gefasst gehandelt geklart gelebt geleistet geleitet geliefert gemessen genannte
            genehmigung generationen genossen geplanten gepruft geredet geregelt gerichte geringe geringen germany gesang
            geschah geschenke geschlafen gesellschaftliche gesetzlichen gestiegen gestohlen getestet gewunscht gezielt gg
            ggf gitarre glatt goethe goldene goldenen grafik grand gras grau griechischen grosster group grunder grundschule
            grundstuck gunstiger gunther gutem hahn halbzeit handelte happy hassen heil heiraten held herzlichen hielten
            hiermit hilfreich hinterlassen historisch hmm hobby hochst hohem hohepunkt hollywood holstein holte house
            hunderte hurensohn hutte ice ideal idioten immobilien index individuelle infolge inseln instrument integriert
            intelligenz investiert investitionen irak irgendetwas irre isst italienische jacke jahrelang jahrgang jena jens
            jetzigen jones jorg journalist judische julian just kalten kame kampfe kampfer kampft kapital kasse katastrophe
            katholische kennenlernen kette kids kilo kindergarten kindes klagen klassiker klingen knochen kompliziert
            kongress konkret konkreten kontrollieren kontrolliert kostenlose krankheiten kredit kriterien kritiker kritische
            kugel kuhlschrank kulturelle kulturen kummert kumpel langem langfristig laune laura lebenden lee leere legende
            lehrerin leichten leidet leitet leo letztendlich liege like linz lippen logik lohn lokale lord luge madrid magen
            mails major mangel marc marchen marx mary maul maus medikamente medizinische medizinischen meinungen
            meisterschaft meldet meldung mengen metall microsoft mieten mike ministerium ministerprasident mitmachen mittag
            mittelalter mittlere model modern modus moge monster morder more motiv mrd ms muslime muster nachster nahen
            nahrung national nationalmannschaft nebenbei negativen neuem neulich niemandem notwendigen npd ns nsa obama obst
            off olympia olympischen onkel opa oper opfern ortlichen oscar osterreichs packen parkplatz partie passend
            patient pech personlichkeit piraten plant platte pokal porno portugal power praktische premiere produzieren
            propaganda protest prozesse psychologie punktlich qualifikation quer raten re rechtliche rechtlichen reduzieren
            reform regie regionale regisseur reiche reichlich religiosen ressourcen restlichen richtiger richtungen riesige
            riesigen rio risiken robin roboter roger roland roth rtl sack samt sarah satze schalke schaue schauspielerin
            scheitern schenken schick schief schild schlacht schlechtes schlicht schlimmste schmuck schrecklich schuldig
            schulter schwestern seehofer seither senat senden sg sichere sicheren sicherer sieh singt sir skandal sky sms
            soeben sohne sonstige sound sozusagen sp spanischen spaten speziellen spieltag spielten spreche springen spruch
            staatsanwaltschaft stadtischen stationen stattfindet stehenden stellten stephan stille storen storung streifen
            streiten studieren studiert stuhl such suchte support tal talent tel tempel tempo tendenz termine terror teurer
            these ticket tickets tiefen titten toller tourismus touristen trafen trage transport traumen treffer tubingen
            tue tunnel turkische typische ubernahm uberpruft ubers ubersehen ubertragung uberwachung ubung ufer ulm umgeben
            umsatz umstande umzug unbekannt ungewohnlich unklar unterhalb untersuchen ursachen uwe varianten verglichen
            vergnugen verhaftet verhaltnisse verlangerung verlegt verletzungen verliess vermitteln vermittelt verordnung
            versammlung versetzt versorgt versprochen verstecken verstorbenen verteilen vertrage vertraut verwirrt
            verzichtet vfb vielfalt vielzahl virus voraussetzung vorerst vorhaben vorhandenen vorhin vorm vorsitzende
            vorwurf wahrnehmung warf warme web weibliche weichen weiten welle wende werken werkstatt wetten what white who
            wichtiges widerspruch wiederholen wies wilde william wirkte wirtschaftlich witze wlan womoglich wonach woran
            wunderschon wurzeln wussten wut xd zb zeichnen zeichnet zeige zeigten zentimeter zerstoren zerstorung zinsen
            zitiert zogen zuganglich zugelassen zugunsten zumeist zunge zurecht zurzeit zusammengefasst zustande
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
