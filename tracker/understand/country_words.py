"""Words for countries that CLDR does not list: nationalities, capitals, places and actors, and false friends.

One paragraph per country. `*` lets letters follow (malien* finds maliennes); `~` allows a small first letter, which
names of places and English nationalities never have; `!` asks for capitals throughout; `?` marks
statesmen and seats of government, of whom texts about other countries speak as well. Short on purpose.
"""

WORDS = """
AFG: Afghan*, ~afghan*, ~afgan*, ~afegão*, ~afegã*, ~афган*, أفغان*, الأفغان*, Kabul, Kaboul, Cabul,
  Кабул*, كابول, Kandahar, Herat, Kunduz, Taliban*, ~talib*
ALB: Albanian*, ~albanais*, ~albanes*, Tirana
DZA: Algerian*, ~algérien*, ~argelin*, ~алжирск*, الجزائري*, Algiers, Argel
AGO: Angolan*, ~angolais*, ~angoleñ*, ~angolan*, Luanda, Cabinda
ARG: Argentine, Argentines, Argentinian*, Argentinean*, ~argentin*, Buenos Aires
ARM: Armenian*, ~arménien*, ~armeni*, ~армян*, Yerevan, Erevan, Ереван*
AUS: Australian*, ~australien*, ~australian*, Canberra, Sydney, Melbourne
AUT: Austrian*, ~autrichien*, ~austriac*, Vienna, Vienne, Viena
AZE: Azerbaijani*, Azeri*, ~azerbaïdjanais*, ~azerí*, ~азербайджанск*, Baku, Bakou, Баку, Nagorno-Karabakh,
  Nagorny-Karabakh, Нагорный Карабах, Нагорном Карабахе, Нагорного Карабаха
BHR: Bahraini*, ~bahreïni*, ~bahreiní*, Manama
BGD: Bangladeshi*, ~bangladais*, ~bangladesí*, Dhaka, Dacca, Cox's Bazar
BLR: Belarusian*, Belarussian*, ~biéloruss*, ~bielorrus*, ~белорус*, Minsk, Минск*, Белорусси*
BEL: Belgian*, ~belge, ~belges, Brussels?, Bruxelles?, Bruselas?, Bruxelas
BEN: Beninese, ~béninois*, Cotonou, Porto-Novo
BTN: Bhutanese, Thimphu
BOL: Bolivian*, ~bolivien*, ~bolivian*, La Paz, Cochabamba
BIH: Bosnian*, ~bosnien*, ~bosni*, ~боснийск*, Sarajevo, Republika Srpska
BWA: Botswanan*, Gaborone
BRA: Brazilian*, ~brésilien*, ~brasileñ*, ~brasileir*, ~бразильск*, Brasilia, Brasília, Rio de Janeiro,
  São Paulo
BGR: Bulgarian*, ~bulgare*, ~búlgar*, Sofia
BFA: Burkinabe*, Burkinabè, ~burkinabè*, ~burkinabe*, ~burkinabé*, ~burkinés*, Burkina, Ouagadougou,
  Uagadugú, Djibo, Dori, Bobo-Dioulasso
BDI: Burundian*, ~burundais*, ~burundés*, Bujumbura, Gitega
KHM: Cambodian*, ~cambodgien*, ~camboyan*, Phnom Penh
CMR: Cameroonian*, ~camerounais*, ~camerunés*, ~camaronês*, Yaoundé, Yaounde, Douala, Bamenda, Buea,
  Ambazonia*
CAN: Canadian*, ~canadien*, ~canadiens*, ~canadiense*, ~canadense*, Ottawa, Toronto, Montreal, Quebec,
  Québec
CAF: Central African Republic, CAR!, RCA!, Centrafrique, ~centrafricain*, ~centroafrican*, Bangui, Bambari,
  Центральноафриканск*
TCD: Chadian*, ~tchadien*, Чад, Чада, Чаде, ~chadian*, N'Djamena, N'djamena, Ndjamena
CHL: Chilean*, ~chilien*, ~chilen*, Santiago de Chile
CHN: Chinese, ~chinois*, ~chino, ~chinos, ~chinês, ~chinesa*, ~китайск*, الصيني*, Beijing, Pékin, Pekín,
  Pequim, Пекин*, Shanghai, Xinjiang, Uyghur*, Uighur*, Tibet*
COL: Colombian*, ~colombien*, ~colombian*, ~колумбийск*, Bogotá, Bogota, Medellín, Cali, Catatumbo, FARC!,
  ELN!
COG: Congo-Brazzaville, Brazzaville, Republic of the Congo, Republic of Congo, République du Congo,
  República del Congo, Конго-Браззавил*
COD: DR Congo, D.R. Congo, DRC!, RDC!, RD Congo, RDCongo, Congo-Kinshasa, Democratic Republic of the Congo,
  Democratic Republic of Congo, République démocratique du Congo, República Democrática del Congo,
  República Democrática do Congo, ДР Конго, Демократическая Республика Конго,
  Демократической Республике Конго, Демократической Республики Конго, ~congolais*, Congolese, ~congoleñ*,
  ~congolês*, Kinshasa, Kinsasa, Киншас*, Goma, Bukavu, Ituri, North Kivu, South Kivu, Nord-Kivu, Sud-Kivu,
  Kivu, Lubumbashi, M23!, الكونغو الديمقراطية
CRI: Costa Rican*, ~costaricien*, ~costarricense*, San José de Costa Rica
CIV: Ivory Coast, Ivorian*, ~ivoirien*, ~marfileñ*, ~marfinense*, Abidjan, Abiyán, Yamoussoukro,
  Кот-д’Ивуар*, Кот-д'Ивуар*
HRV: Croatian*, Croat, Croats, ~croate*, ~croata*, Zagreb
CUB: Cuban*, ~cubain*, ~cuban*, Havana, La Habana, La Havane
CYP: Cypriot*, ~chypriote*, ~chipriota*, Nicosia
CZE: Czech*, ~tchèque*, ~chec*, Prague
DNK: Danish, Dane, Danes, ~danois*, ~danés*, Copenhagen
DJI: Djiboutian*, ~djiboutien*
DOM: Dominican Republic, Santo Domingo, ~dominicain*, ~dominican*
ECU: Ecuadorian*, Ecuadorean*, ~équatorien*, ~ecuatorian*, ~equatorian*, Quito, Guayaquil
EGY: Egyptian*, ~égyptien*, ~egipci*, ~egípci*, ~египетск*, المصري*, Cairo, Le Caire, El Cairo, Каир*,
  القاهرة, Sinai, Alexandria
SLV: Salvadoran*, Salvadorean*, ~salvadorien*, ~salvadoreñ*, San Salvador
ERI: Eritrean*, ~érythréen*, ~eritre*, ~эритрейск*, Asmara
EST: Estonian*, ~estonien*, ~estoni*, Tallinn
SWZ: Swazi*, Swaziland, Mbabane
ETH: Ethiopian*, ~éthiopien*, ~etíope*, ~эфиопск*, الإثيوبي*, Addis Ababa, Addis-Abeba, Adís Abeba,
  Tigray*, Oromia, Amhara, أديس أبابا
FJI: Fijian*, ~fidjien*, Suva
FIN: Finnish, Finn, Finns, ~finlandais*, ~finlandés*, Helsinki
FRA: French, Frenchman, ~français*, ~francés, ~francesa*, ~franceses, ~francês, ~французск*, الفرنسي*,
  Paris, París, Париж*
GAB: Gabonese, ~gabonais*, ~gabonés*, Libreville
GMB: Gambian*, The Gambia, ~gambien*, ~gambian*, Banjul
GEO: Georgian*, ~géorgien*, ~georgian*, ~грузинск*, Tbilisi, Tbilissi, Tiflis, Тбилиси, Abkhazia,
  South Ossetia
DEU: German, Germans, ~allemand*, ~alemán*, ~aleman*, ~alemão*, ~немецк*, الألماني*, Berlin, Berlín,
  Берлин*, Munich, Hamburg
GHA: Ghanaian*, ~ghanéen*, ~ghanés*, ~ganes*, Accra, Bawku, Tamale
GRC: Greek*, ~grec, ~grecs, ~grecque*, ~grieg*, ~греческ*, Athens, Athènes, Atenas
GTM: Guatemalan*, ~guatémaltèque*, ~guatemaltec*
GIN: Guinean*, ~guinéen*, ~guinean*, Guinea-Conakry, Guinée-Conakry, Conakry, Nzérékoré
GNB: Guinea-Bissau, Guinea Bissau, Bissau-Guinean*, ~bissau-guinéen*, ~bissau-guineen*, Guinée-Bissau,
  Guinée Bissau, Guiné-Bissau, Guiné Bissau, Bissau, Bissáu, Guinea-Bisáu, Гвинея-Бисау, Гвинее-Бисау,
  غينيا بيساو
GNQ: Equatorial Guinea, Equatoguinean*, ~équato-guinéen*, ~ecuatoguinean*, Guinée équatoriale,
  Guinea Ecuatorial, Guiné Equatorial, Malabo, Экваториальная Гвинея, Экваториальной Гвинее,
  Экваториальной Гвинеи, غينيا الاستوائية
GUY: Guyanese, Guyana, Essequibo, Esequibo, Georgetown
HTI: Haitian*, ~haïtien*, ~haitian*, ~гаитянск*, Port-au-Prince, Puerto Príncipe, Cité Soleil
HND: Honduran*, ~hondurien*, ~hondureñ*, Tegucigalpa
HKG: Hong Kong, Hongkong
HUN: Hungarian*, ~hongrois*, ~húngar*, Budapest
IND: Indian, Indians, ~indien, ~indienne*, ~indiens, ~индийск*, الهندي*, New Delhi, Delhi, Mumbai, Manipur,
  Imphal, Chhattisgarh, Assam, Нью-Дели
IDN: Indonesian*, ~indonésien*, ~indonesi*, Jakarta, Yakarta, Aceh, West Papua, Papua provinc*
IRN: Iranian*, ~iranien*, ~iraní*, ~iranian*, ~иранск*, الإيراني*, Tehran, Teheran, Téhéran, Teherán,
  Тегеран*, طهران
IRQ: Iraqi*, ~irakien*, ~iraquí*, ~iraquian*, ~иракск*, العراقي*, Baghdad, Bagdad, Багдад*, بغداد, Mosul,
  Mossoul, Basra, Kirkuk, Erbil
IRL: Irish, Dublin, ~irlandais*, ~irlandés*
ISR: Israeli*, ~israélien*, ~israelí*, ~israelense*, ~israelita*, ~израильск*, الإسرائيلي*, Tel Aviv,
  Jerusalem, Jérusalem, Jerusalén, Иерусалим*, IDF!
ITA: Italian*, ~italien*, ~italian*, Rome, Roma, Milan
JAM: Jamaican*, ~jamaïcain*, ~jamaican*
JPN: Japanese, ~japonais*, ~japonés*, ~japonês*, ~японск*, Tokyo, Tokio
JOR: Jordanian*, ~jordanien*, ~jordano*, ~иорданск*, الأردني*, Amman
KAZ: Kazakh*, ~kazakh*, ~kazaj*, ~казахстанск*, Astana, Almaty
KEN: Kenyan*, ~kényan*, ~kenian*, ~keniata*, ~queniano*, ~кенийск*, Wakenya, Nairobi, Mombasa, Turkana,
  Eldoret, Kisumu
PRK: North Korea, North Korean*, N. Korea, ~nord-coréen*, ~norcorean*, ~norte-corean*, ~северокорейск*,
  Pyongyang, Corée du Nord, Corea del Norte, Coreia do Norte, КНДР!
KOR: South Korea, South Korean*, S. Korea, ~sud-coréen*, ~surcorean*, ~sul-corean*, ~южнокорейск*, Seoul,
  Séoul, Seúl, Corée du Sud, Corea del Sur, Coreia do Sul, Южная Корея, Южной Корее, Южной Кореи,
  Южную Корею
KWT: Kuwaiti*, ~koweïtien*, ~kuwaití*
XKX: Kosovar*, Kosovo, ~kosovar*, Pristina, Mitrovica, Косово
KGZ: Kyrgyz, ~kirghiz*, ~kirguís*, ~кыргызск*, ~киргизск*, Киргизи*, Bishkek, Бишкек*, Osh, Jalal-Abad,
  Batken
LAO: Laotian*, ~laotien*, Vientiane
LVA: Latvian*, ~letton*, ~letón*, Riga
LBN: Lebanese, ~libanais*, ~libanés*, ~libanês*, ~ливанск*, اللبناني*, Beirut, Beyrouth, Бейрут*, بيروت,
  Hezbollah, Hizbollah
LBR: Liberian*, ~libérien*, ~liberian*, Monrovia
LBY: Libyan*, ~libyen*, ~libi*, ~líbi*, ~ливийск*, الليبي*, Tripoli, Trípoli, Benghazi, طرابلس
LTU: Lithuanian*, ~lituanien*, ~lituan*, Vilnius
MDG: Malagasy, Madagascan*, ~malgache*, Antananarivo
MWI: Malawian*, Lilongwe, Blantyre
MYS: Malaysian*, ~malaisien*, ~malasi*, Kuala Lumpur
MDV: Maldivian*, Malé
MLI: Malian*, ~malien*, ~maliense*, ~malian*, ~малийск*, Bamako, Бамако, Mopti, Gao, Timbuktu, Tombouctou,
  Tombuctú, Kidal, Ségou, Ménaka, باماكو
MRT: Mauritanian*, ~mauritanien*, ~mauritan*, Nouakchott
MEX: Mexican*, ~mexicain*, ~mexican*, Mexico City, Ciudad de México, Sinaloa, Chiapas, Guerrero, Michoacán
MDA: Moldovan*, ~moldave*, ~moldav*, ~молдавск*, Chisinau, Chișinău, Transnistria*, Приднестровь*
MNG: Mongolian*, Ulaanbaatar
MNE: Montenegrin*, Podgorica
MAR: Moroccan*, ~marocain*, ~marroquí*, ~marroquin*, ~марокканск*, المغربي*, Rabat, Casablanca
MOZ: Mozambican*, ~mozambicain*, ~mozambiqueñ*, ~moçambican*, Maputo, Cabo Delgado, Pemba, Palma
MMR: Burma, Burmese, ~birman*, ~мьянманск*, Birmanie, Birmania, Rakhine, Rohingya*, Naypyidaw, Naypyitaw,
  Yangon, Rangoon, Kachin, Karenni, Sagaing
NAM: Namibian*, Windhoek
NPL: Nepali*, Nepalese, ~népalais*, Kathmandu
NLD: Dutch, Holland, The Hague, Amsterdam, Rotterdam, ~néerlandais*, ~holandés*
NZL: New Zealander*, Kiwi!, Wellington, Christchurch, Auckland
NIC: Nicaraguan*, ~nicaraguayen*, ~nicaragüense*, Managua
NER: Nigerien, Nigeriens, ~nigérien, ~nigérienne, ~nigériens, ~nigériennes, ~nigerien, ~nigerino*,
  ~nigerin*, ~нигерск*, Niamey, Ниамей, Tillabéri, Tillaberi, Diffa, Agadez, Tahoua, Torodi, Нигере,
  Нигера, Нигеру, Нигером, النيجر
NGA: Nigerian*, ~nigérian*, ~nigerian*, ~нигерийск*, النيجيري*, Niger State, Niger Delta, Delta du Niger,
  Delta del Níger, Abuja, Lagos, Borno, Maiduguri, Zamfara, Kaduna, Kano, Jos, Benue, Plateau State,
  Boko Haram, Боко Харам
MKD: Macedonian*, North Macedonia, Skopje
NOR: Norwegian*, ~norvégien*, ~norueg*, Oslo
OMN: Omani*, Muscat
PAK: Pakistani*, ~pakistanais*, ~paquistaní*, ~пакистанск*, الباكستاني*, Islamabad, Исламабад*, Karachi,
  Peshawar, Lahore, Balochistan, Baluchistan, Waziristan, Quetta
PSE: Palestinian*, Palestine, Palestina, ~palestinien*, ~palestin*, ~палестинск*, فلسطين*, الفلسطيني*,
  Gaza, ~сектор Газа, ~секторе Газа, ~сектора Газа, غزة, West Bank, Cisjordanie, Cisjordania,
  الضفة الغربية, Ramallah, Jenin, Jénine, Hebron, Hamas, ХАМАС, حماس
PAN: Panamanian*, ~panameñ*
PNG: Papua New Guinea, Papua-New Guinea, Papouasie-Nouvelle-Guinée, Papúa Nueva Guinea, Papua-Nova Guiné,
  Papua Nova Guiné, Port Moresby, Bougainville
PRY: Paraguayan*, ~paraguayo*, ~paraguaya*, Asunción
PER: Peruvian*, ~péruvien*, ~peruan*, Lima, Ayacucho
PHL: Filipino*, Filipina*, Philippine, ~philippin*, ~filipin*, Manila, Mindanao, Marawi, Jolo
POL: Polish, Pole, Poles, ~polonais*, ~polac*, ~польск*, Warsaw, Varsovie, Varsovia, Варшав*
PRT: Portuguese, ~portugais*, ~portugués*, ~português*, Lisbon, Lisbonne, Lisboa
QAT: Qatari*, ~qatari*, ~catarí*, Doha
ROU: Romanian*, ~roumain*, ~ruman*, Bucharest
RUS: Russian*, ~russe, ~russes, ~ruso, ~rusa, ~rusos, ~rusas, ~российск*, ~русск*, الروسي*, Moscow, Moscou,
  Moscú, Moscovo, Москв*, Kremlin?, Кремл*, Putin?, Chechnya, Chechen*, Чечн*, Dagestan, St. Petersburg, РФ!,
  موسكو
RWA: Rwandan*, ~rwandais*, ~ruandés*, ~ruandês*, ~руандийск*, Kigali
SAU: Saudi*, ~saoudien*, ~saudí*, ~saudit*, ~саудовск*, السعودي*, السعودية, Riyadh, Riyad, Riad
SEN: Senegalese, ~sénégalais*, ~senegalés*, ~senegalês*, Dakar, Casamance
SRB: Serbian*, Serb, Serbs, ~serbe*, ~serbi*, ~сербск*, Belgrade, Belgrad, Belgrado
SLE: Sierra Leonean*, ~sierra-léonais*, Freetown
SGP: Singaporean*
SVK: Slovak*, ~slovaque*, Bratislava
SVN: Slovenian*, Ljubljana
SLB: Solomon Islander*, Honiara
SOM: Somali, Somalis, Somalian*, ~somalien*, ~somalí*, ~somali*, ~сомалийск*, الصومالي*, Mogadishu,
  Mogadiscio, Могадишо, مقديشو, Al-Shabaab, Al-Shabab, al-Shabaab, al-Shabab, ~shebab*, ~shebabs, Аш-Шабаб,
  Puntland, Somaliland, Kismayo
ZAF: South African*, ~sud-africain*, ~sudafrican*, ~sul-african*, ~южноафриканск*, Pretoria, Johannesburg,
  Cape Town, Durban, KwaZulu-Natal
SSD: South Sudan, South Sudanese, S. Sudan, Soudan du Sud, ~sud-soudanais*, Sudán del Sur, ~sursudan*,
  Sudão do Sul, ~sul-sudanês*, Южный Судан, Южного Судана, Южном Судане, Южному Судану, جنوب السودان, Juba,
  Djouba, Malakal, Jonglei, Sudan Kusini
ESP: Spanish, Spaniard*, ~espagnol*, ~español*, ~espanhol*, ~испанск*, Madrid, Barcelona, Catalonia,
  Catalan*
LKA: Sri Lankan*, ~sri-lankais*, Colombo, Tamil*, Sinhal*
SDN: Sudanese, ~soudanais*, ~sudanés*, ~sudanês*, ~суданск*, السوداني*, Khartoum, Jartum, Cartum, Хартум*,
  الخرطوم, Darfur, Darfour, دارفور, El Fasher, El-Fasher, الفاشر, Kordofan, أم درمان, Omdurman
SUR: Surinamese, Paramaribo
SWE: Swedish, Swede, Swedes, ~suédois*, ~suec*, Stockholm
CHE: Swiss, ~helvétique*, Bern, Zurich
SYR: Syrian*, ~syrien*, ~sirio*, ~siria, ~sirias, ~síri*, ~сирийск*, السوري*, Damascus, Damas, Damasco,
  Дамаск*, دمشق, Aleppo, Alep, Alepo, Алеппо, حلب, Idlib, Homs, Raqqa, Daraa, Hama
TWN: Taiwanese, Taipei, ~taïwanais*, ~taiwanés*
TJK: Tajik*, ~tadjik*, ~таджикск*, Dushanbe, Душанбе
TZA: Tanzanian*, ~tanzanien*, ~tanzan*, Dar es Salaam, Zanzibar, Dodoma
THA: Thai, Thais, ~thaïlandais*, ~tailandés*, Bangkok, Pattani
TLS: Timor-Leste, East Timor, Timorese, Dili
TGO: Togolese, ~togolais*, Lomé
TTO: Trinidadian*, Trinidad and Tobago, Port of Spain
TUN: Tunisian*, ~tunisien*, ~tunecin*, ~тунисск*, التونسي*, Tunis
TUR: Turkey, Türkiye, Turkish, Turks, ~turc, ~turcs, ~turque*, ~turco*, ~turca*, ~турецк*, التركي*, Ankara,
  Анкар*, Istanbul, Estambul, Erdogan?, Diyarbakir
TKM: Turkmen, Ashgabat
UGA: Ugandan*, ~ougandais*, ~ugandés*, ~ugandês*, ~угандийск*, Kampala, Karamoja
UKR: Ukrainian*, ~ukrainien*, ~ucranian*, ~украинск*, الأوكراني*, Kyiv, Kiev, Киев*, Donetsk, Донецк*,
  Luhansk, Lugansk, Луганск*, Donbas*, Донбасс*, Crimea*, Крым*, Kharkiv, Odesa, Odessa, Mariupol,
  Debaltsev*
ARE: Emirati*, UAE!, ОАЭ!, Abu Dhabi, Dubai
GBR: British, Briton*, Britain, ~britanni*, ~británic*, ~britânic*, ~британск*, البريطاني*, UK!, U.K.!,
  England, Scotland, Scottish, Wales, Welsh, Northern Ireland, London, Londres, Лондон*, Belfast,
  Angleterre, Inglaterra, Великобритани*
USA: U.S.!, US!, USA!, U.S.A.!, America, Americans, American, ~américain*, ~estadounidense*,
  ~norteamerican*, ~americano*, ~americana*, ~американск*, الأمريكي*, الأميركي*, США!, EE.UU.!, EEUU!,
  EE UU!, EUA!, États-Unis, Washington?, Вашингтон*, واشنطن?, White House?, Pentagon?, New York, California,
  Texas, Florida, Chicago, Los Angeles, Boston, Pennsylvania, Ohio, New Jersey, New Mexico, Jersey City,
  Trump?, Obama?, أمريكا, أميركا
URY: Uruguayan*, ~uruguayo*, ~uruguaya*, Montevideo
UZB: Uzbek*, ~ouzbek*, ~uzbek*, ~узбекск*, Tashkent, Ташкент*
VEN: Venezuelan*, ~vénézuélien*, ~venezolan*, ~venezuelan*, ~венесуэльск*, Caracas
VNM: Vietnamese, ~vietnamien*, ~vietnamit*, Hanoi, Vietnam
ESH: Western Sahara, Sahara occidental, Sáhara Occidental, ~sahraoui*, Sahrawi*, ~saharaui*, Polisario
YEM: Yemeni*, ~yéménite*, ~yemení*, ~йеменск*, اليمني*, Sanaa, Sana'a, صنعاء, Aden, Hodeida*, Houthi*,
  ~houthis, ~hutí*, الحوثي*, Taiz
ZMB: Zambian*, ~zambien*, Lusaka
ZWE: Zimbabwean*, ~zimbabwéen*, ~zimbabuense*, Harare, Bulawayo
"""

NOT_COUNTRIES = """
Niger River, River Niger, fleuve Niger, río Níger, rio Níger, Gulf of Guinea, golfe de Guinée, golfo de
Guinea, golfo da Guiné, Guinea pig*, Guinea fowl, New Guinea, Congo River, fleuve Congo, Michael Jordan,
Jordan River, River Jordan, Jordan Peterson, Latin America*, South America*, Central America*, North
America*, Amérique latine, Amérique du Sud, América Latina, América del Sur, América do Sul, Kenya Barris,
Cuba Gooding*, Chad Smith, Paris Hilton, Paris Agreement, accord de Paris, Geneva Convention*, Turkey
sandwich*, Indian Ocean, Panama hat*, French fries, Brussels sprouts, New England, South Wales, Brazil
nut*
"""
"""Longer wordings that hold the name of a country and mean none."""

ONLY_WITH = {
    "georgia": (
        "USA",
        "atlanta savannah governor senate senator sheriff ga. augusta u.s. us carolina county",
    ),
    "lebanon": ("USA", "pennsylvania pa. tennessee ohio oregon county"),
    "cairo": ("USA", "illinois ill."),
    "congo": ("COG", "brazzaville sassou nguesso pointe-noire"),
    "paris": ("USA", "texas tenn. kentucky"),
}
"""Name → another country that is meant where one of the words stands in the same text."""

AMBIGUOUS = {"congo": "COD", "конго": "COD", "الكونغو": "COD"}
"""Names that two countries share, and the one that is meant unless ONLY_WITH says otherwise."""
