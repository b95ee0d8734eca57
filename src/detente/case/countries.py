"""Which countries exist, and how are they called? Codes of ISO 3166-1, English names, and names in common use.

Codes and short names as of ISO 3166-1:2020 with its changes to 2024; names in common use are our own list.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from detente.errors import did_you_mean

# alpha-3, alpha-2, then names, the usual one first
_COUNTRIES = """
ABW AW Aruba|AFG AF Afghanistan|AGO AO Angola|AIA AI Anguilla|ALA AX Aland Islands|ALB AL Albania|AND AD Andorra
ARE AE United Arab Emirates/UAE/Emirates|ARG AR Argentina|ARM AM Armenia|ASM AS American Samoa|ATA AQ Antarctica
ATF TF French Southern Territories|ATG AG Antigua and Barbuda/Antigua|AUS AU Australia|AUT AT Austria
AZE AZ Azerbaijan|BDI BI Burundi|BEL BE Belgium|BEN BJ Benin|BES BQ Bonaire, Sint Eustatius and Saba/Bonaire/Caribbean Netherlands
BFA BF Burkina Faso|BGD BD Bangladesh|BGR BG Bulgaria|BHR BH Bahrain|BHS BS Bahamas
BIH BA Bosnia and Herzegovina/Bosnia/Bosnia-Herzegovina|BLM BL Saint Barthelemy|BLR BY Belarus|BLZ BZ Belize
BMU BM Bermuda|BOL BO Bolivia/Plurinational State of Bolivia|BRA BR Brazil|BRB BB Barbados
BRN BN Brunei/Brunei Darussalam|BTN BT Bhutan|BVT BV Bouvet Island|BWA BW Botswana
CAF CF Central African Republic|CAN CA Canada|CCK CC Cocos Islands/Cocos (Keeling) Islands|CHE CH Switzerland
CHL CL Chile|CHN CN China/People's Republic of China/PRC|CIV CI Cote d'Ivoire/Ivory Coast|CMR CM Cameroon
COD CD Democratic Republic of the Congo/DR Congo/DRC/Congo-Kinshasa|COG CG Congo/Republic of the Congo/Congo-Brazzaville
COK CK Cook Islands|COL CO Colombia|COM KM Comoros|CPV CV Cabo Verde/Cape Verde|CRI CR Costa Rica|CUB CU Cuba
CUW CW Curacao|CXR CX Christmas Island|CYM KY Cayman Islands|CYP CY Cyprus|CZE CZ Czechia/Czech Republic
DEU DE Germany/Federal Republic of Germany|DJI DJ Djibouti|DMA DM Dominica|DNK DK Denmark|DOM DO Dominican Republic
DZA DZ Algeria|ECU EC Ecuador|EGY EG Egypt|ERI ER Eritrea|ESH EH Western Sahara|ESP ES Spain|EST EE Estonia
ETH ET Ethiopia|FIN FI Finland|FJI FJ Fiji|FLK FK Falkland Islands/Malvinas|FRA FR France|FRO FO Faroe Islands
FSM FM Micronesia/Federated States of Micronesia|GAB GA Gabon
GBR GB United Kingdom/UK/Great Britain/Britain/United Kingdom of Great Britain and Northern Ireland|GEO GE Georgia
GGY GG Guernsey|GHA GH Ghana|GIB GI Gibraltar|GIN GN Guinea|GLP GP Guadeloupe|GMB GM Gambia|GNB GW Guinea-Bissau
GNQ GQ Equatorial Guinea|GRC GR Greece|GRD GD Grenada|GRL GL Greenland|GTM GT Guatemala|GUF GF French Guiana
GUM GU Guam|GUY GY Guyana|HKG HK Hong Kong/Hong Kong SAR China|HMD HM Heard Island and McDonald Islands/Heard and McDonald Islands|HND HN Honduras|HRV HR Croatia
HTI HT Haiti|HUN HU Hungary|IDN ID Indonesia|IMN IM Isle of Man|IND IN India|IOT IO British Indian Ocean Territory
IRL IE Ireland|IRN IR Iran/Islamic Republic of Iran|IRQ IQ Iraq|ISL IS Iceland|ISR IL Israel|ITA IT Italy
JAM JM Jamaica|JEY JE Jersey|JOR JO Jordan|JPN JP Japan|KAZ KZ Kazakhstan|KEN KE Kenya|KGZ KG Kyrgyzstan
KHM KH Cambodia|KIR KI Kiribati|KNA KN Saint Kitts and Nevis|KOR KR South Korea/Republic of Korea/ROK|KWT KW Kuwait
LAO LA Laos/Lao People's Democratic Republic|LBN LB Lebanon|LBR LR Liberia|LBY LY Libya|LCA LC Saint Lucia
LIE LI Liechtenstein|LKA LK Sri Lanka|LSO LS Lesotho|LTU LT Lithuania|LUX LU Luxembourg|LVA LV Latvia
MAC MO Macao/Macau/Macao SAR China|MAF MF Saint Martin|MAR MA Morocco|MCO MC Monaco|MDA MD Moldova/Republic of Moldova
MDG MG Madagascar|MDV MV Maldives|MEX MX Mexico|MHL MH Marshall Islands|MKD MK North Macedonia/Macedonia|MLI ML Mali
MLT MT Malta|MMR MM Myanmar/Burma/Myanmar (Burma)|MNE ME Montenegro|MNG MN Mongolia|MNP MP Northern Mariana Islands
MOZ MZ Mozambique|MRT MR Mauritania|MSR MS Montserrat|MTQ MQ Martinique|MUS MU Mauritius|MWI MW Malawi
MYS MY Malaysia|MYT YT Mayotte|NAM NA Namibia|NCL NC New Caledonia|NER NE Niger|NFK NF Norfolk Island|NGA NG Nigeria
NIC NI Nicaragua|NIU NU Niue|NLD NL Netherlands/Holland/Kingdom of the Netherlands|NOR NO Norway|NPL NP Nepal
NRU NR Nauru|NZL NZ New Zealand|OMN OM Oman|PAK PK Pakistan|PAN PA Panama|PCN PN Pitcairn/Pitcairn Islands|PER PE Peru
PHL PH Philippines|PLW PW Palau|PNG PG Papua New Guinea|POL PL Poland|PRI PR Puerto Rico
PRK KP North Korea/Democratic People's Republic of Korea/DPRK|PRT PT Portugal|PRY PY Paraguay
PSE PS Palestine/State of Palestine/Palestinian Territories|PYF PF French Polynesia|QAT QA Qatar|REU RE Reunion
ROU RO Romania|RUS RU Russia/Russian Federation|RWA RW Rwanda|SAU SA Saudi Arabia|SDN SD Sudan|SEN SN Senegal
SGP SG Singapore|SGS GS South Georgia and the South Sandwich Islands/South Georgia and South Sandwich Islands|SHN SH Saint Helena
SJM SJ Svalbard and Jan Mayen|SLB SB Solomon Islands|SLE SL Sierra Leone|SLV SV El Salvador|SMR SM San Marino
SOM SO Somalia|SPM PM Saint Pierre and Miquelon|SRB RS Serbia|SSD SS South Sudan|STP ST Sao Tome and Principe
SUR SR Suriname|SVK SK Slovakia/Slovak Republic|SVN SI Slovenia|SWE SE Sweden|SWZ SZ Eswatini/Swaziland
SXM SX Sint Maarten|SYC SC Seychelles|SYR SY Syria/Syrian Arab Republic|TCA TC Turks and Caicos Islands|TCD TD Chad
TGO TG Togo|THA TH Thailand|TJK TJ Tajikistan|TKL TK Tokelau|TKM TM Turkmenistan|TLS TL Timor-Leste/East Timor
TON TO Tonga|TTO TT Trinidad and Tobago/Trinidad|TUN TN Tunisia|TUR TR Turkey/Turkiye|TUV TV Tuvalu
TWN TW Taiwan|TZA TZ Tanzania/United Republic of Tanzania|UGA UG Uganda|UKR UA Ukraine
UMI UM United States Minor Outlying Islands/US Outlying Islands|URY UY Uruguay
USA US United States/United States of America/America/U.S./U.S.A.|UZB UZ Uzbekistan|VAT VA Holy See/Vatican/Vatican City
VCT VC Saint Vincent and the Grenadines/Saint Vincent and Grenadines|VEN VE Venezuela/Bolivarian Republic of Venezuela|VGB VG British Virgin Islands
VIR VI US Virgin Islands/United States Virgin Islands|VNM VN Vietnam/Viet Nam|VUT VU Vanuatu
WLF WF Wallis and Futuna|WSM WS Samoa|YEM YE Yemen|ZAF ZA South Africa|ZMB ZM Zambia|ZWE ZW Zimbabwe|XKX XK Kosovo
"""  # noqa: E501
_ENTRIES = [entry.split(maxsplit=2) for entry in _COUNTRIES.strip().replace("\n", "|").split("|")]
ALPHA_3 = frozenset(alpha_3 for alpha_3, _, _ in _ENTRIES if alpha_3 != "XKX")
_USER_ASSIGNED = re.compile("X[A-Z]{2}")  # XKX, widely used for Kosovo, is one of them


def _plain(name: str) -> str:
    """Return a name without accents, capitals, dots, ``the`` and other marks; ``&`` is ``and``."""
    spelt = name[:100].replace("’", "'").replace("&", " and ")
    letters = unicodedata.normalize("NFKD", spelt).encode("ascii", "ignore").decode()
    bare = re.sub(r"[^a-z]+", " ", re.sub(r"\bst\.? ", "saint ", letters.casefold().replace(".", "")))
    return bare.strip().removeprefix("the ")


@cache
def _codes() -> dict[str, str]:
    """Return plain name or code → alpha-3."""
    return {_plain(word): entry[0] for entry in _ENTRIES for word in (*entry[:2], *entry[2].split("/"))}


def country_code(text: str) -> str | None:
    """Return the alpha-3 code that a code or name means, ``None`` where it means none.

    >>> country_code("Russia"), country_code("UK"), country_code("the Netherlands"), country_code("Obama")
    ('RUS', 'GBR', 'NLD', None)
    """
    return text if _USER_ASSIGNED.fullmatch(text) else _codes().get(_plain(text))


def country_name(code: str) -> str | None:
    """Return the usual English name of a code of ISO 3166-1 alpha-3, ``None`` where it means no country."""
    return next(iter(country_names(code)), None)


def country_names(code: str) -> tuple[str, ...]:
    """Return the English names of a code, the usual one first."""
    return next((tuple(entry[2].split("/")) for entry in _ENTRIES if entry[0] == code), ())


def checked_country(text: str) -> str:
    """Return the code of ISO 3166-1 alpha-3 that a code or name in common use means.

    Raises:
        ValueError: no country is known by it.
    """
    code = country_code(text)
    if code is None:
        names = [entry[2].split("/")[0] for entry in _ENTRIES]
        hint = did_you_mean(text, names) or did_you_mean(text, sorted(ALPHA_3)) or "for example Norway or NOR"
        raise ValueError(f"no country is known by this name or code; {hint}")
    return code
