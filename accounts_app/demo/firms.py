"""The invented customers: name, country, trade, and the parent among them if any.

Every name is made up for this demo; places and families in them do not exist as far as
could be told, and no firm is meant.
"""

from typing import Final, NamedTuple

from accounts_app.demo.slugs import slug


class Firm(NamedTuple):
    name: str
    country: str
    trade: str
    parent: str = ""


def mail_domain_of(firm: Firm) -> str:
    """Below the reserved domain, where nobody can be reached."""
    return f"{slug(firm.name, '-')}.example"


CENTRAL: Final = (
    Firm("Hollbrück Pressenbau", "DE", "presses"),
    Firm("Wendauer Antriebstechnik", "DE", "drives"),
    Firm("Raustedt Landmaschinen", "DE", "farm machinery"),
    Firm("Kelmbach Kunststoffmaschinen", "DE", "plastics machinery"),
    Firm("Oberlinde Fördertechnik", "DE", "conveyors"),
    Firm("Strehnitz Werkzeugmaschinen", "DE", "machine tools"),
    Firm("Falkenrode Baumaschinen", "DE", "construction machinery"),
    Firm("Gernhausener Walzwerke", "DE", "rolling mills"),
    Firm("Mühltaler Recyclingtechnik", "DE", "recycling"),
    Firm("Tiefenau Bergbautechnik", "DE", "mining equipment"),
    Firm("Lennefels Stahlumformung", "DE", "forming"),
    Firm("Barkhorst Hebezeuge", "DE", "lifting gear"),
    Firm("Sandershof Spritzguss", "DE", "moulding"),
    Firm("Ellerwerth Krantechnik", "DE", "cranes"),
    Firm("Nordmoor Windservice", "DE", "wind power"),
    Firm("Pahlen & Söhne Maschinenbau", "DE", "machine building"),
    Firm("Quernheimer Holzmaschinen", "DE", "wood machinery"),
    Firm("Reuschenthal Druckguss", "DE", "die casting"),
    Firm("Vossbeck Kommunalfahrzeuge", "DE", "municipal vehicles"),
    Firm("Dornwald Prüfstandbau", "DE", "test rigs"),
    Firm("Ahlsteiner Verpackung", "DE", "packaging"),
    Firm("Immenfelder Sondermaschinen", "DE", "special machines"),
    Firm("Zellinger Papiertechnik", "DE", "paper machinery"),
    Firm("Hollbrück Austria", "AT", "presses", "Hollbrück Pressenbau"),
    Firm("Hochgrund Seilbahnbau", "AT", "ropeways"),
    Firm("Traunegger Schmiedetechnik", "AT", "forging"),
    Firm("Karnbach Forstmaschinen", "AT", "forestry machinery"),
    Firm("Silvrettal Pistenfahrzeuge", "AT", "snow groomers"),
    Firm("Weizbrunn Turbinenbau", "AT", "turbines"),
    Firm("Aarmatt Präzision", "CH", "precision parts"),
    Firm("Rheineggli Pressen", "CH", "presses"),
    Firm("Stettler-Bernau Automation", "CH", "automation"),
    Firm("Valdorens Mécanique", "CH", "precision parts"),
    Firm("Falkenrode Polska", "PL", "construction machinery", "Falkenrode Baumaschinen"),
    Firm("Brzezowiec Maszyny", "PL", "machine building"),
    Firm("Odrawa Konstrukcje", "PL", "steel structures"),
    Firm("Kamiennik Hydro", "PL", "hydro power"),
    Firm("Sokolnik Agro", "PL", "farm machinery"),
    Firm("Bystrov Strojírny", "CZ", "machine building"),
    Firm("Moravin Lisy", "CZ", "presses"),
    Firm("Vltavan Jeřáby", "CZ", "cranes"),
    Firm("Doubravec Kovárny", "CZ", "forging"),
)

NORTH: Final = (
    Firm("Ekhammar Skogsmaskiner", "SE", "forestry machinery"),
    Firm("Brunnsjöborg Verkstad", "SE", "machine building"),
    Firm("Norrforsen Gruvteknik", "SE", "mining equipment"),
    Firm("Tallåsen Lyftkranar", "SE", "cranes"),
    Firm("Vikmanshult Stål", "SE", "steel"),
    Firm("Östanbäcken Maskin", "SE", "machine building"),
    Firm("Härnvik Papper", "SE", "paper machinery"),
    Firm("Sandhemmet Fordonsteknik", "SE", "special vehicles"),
    Firm("Kvarnholt Process", "SE", "process plants"),
    Firm("Älvdalsbruk Press", "SE", "presses"),
    Firm("Halvorsen Marine Systems", "NO", "ship equipment"),
    Firm("Fjellvangen Offshore", "NO", "offshore"),
    Firm("Straumnesvik Aquatech", "NO", "fish farming"),
    Firm("Kvitbergan Tunnelutstyr", "NO", "tunnelling"),
    Firm("Haugviken Skipsverft", "NO", "shipyards"),
    Firm("Strathorn Norge", "NO", "offshore", "Strathorn Subsea"),
    Firm("Vesterlunden Vindteknik", "DK", "wind power"),
    Firm("Skovhøjgård Landbrugsmaskiner", "DK", "farm machinery"),
    Firm("Nørremosen Pumper", "DK", "pumps"),
    Firm("Fjordbjerg Havnekraner", "DK", "cranes"),
    Firm("Ravnsholm Maskinfabrik", "DK", "machine building"),
    Firm("Ekhammar Danmark", "DK", "forestry machinery", "Ekhammar Skogsmaskiner"),
    Firm("Koskivaaran Metsäkone", "FI", "forestry machinery"),
    Firm("Järvenkärki Kaivostekniikka", "FI", "mining equipment"),
    Firm("Pohjanharjun Nosturit", "FI", "cranes"),
    Firm("Lahdenselkä Paperikoneet", "FI", "paper machinery"),
    Firm("Saarilammen Laivatekniikka", "FI", "ship equipment"),
    Firm("Strathorn Subsea", "GB", "offshore"),
    Firm("Harrowmere Pumps", "GB", "pumps"),
    Firm("Thornwickham Rail Components", "GB", "rail"),
    Firm("Calderbeck Presses", "GB", "presses"),
    Firm("Penmarrow Quarry Plant", "GB", "quarrying"),
    Firm("Ashcombe Vale Mouldings", "GB", "moulding"),
    Firm("Whinmoorside Lifting Gear", "GB", "lifting gear"),
    Firm("Eastlea Baling Systems", "GB", "recycling"),
    Firm("Dunmarsh Dredging", "GB", "dredging"),
    Firm("Ravenshaugh Test Rigs", "GB", "test rigs"),
    Firm("Glenorran Forestry", "GB", "forestry machinery"),
    Firm("Fenwater Sluices", "GB", "water engineering"),
    Firm("Marlhouse Forge", "GB", "forging"),
    Firm("Tynewold Crushers", "GB", "quarrying"),
)

SOUTH: Final = (
    Firm("Fratelli Corvanti Presse", "IT", "presses"),
    Firm("Ferrandola Stampi", "IT", "moulds"),
    Firm("Officine Valtresca", "IT", "machine building"),
    Firm("Meccanica Torreventola", "IT", "machine building"),
    Firm("Idromec Salviati Nord", "IT", "hydro power"),
    Firm("Macchine Agricole Prandellesi", "IT", "farm machinery"),
    Firm("Oleodinamica Serravento", "IT", "hydraulic units"),
    Firm("Lamiere Castelforno", "IT", "forming"),
    Firm("Trafileria Val Brendola", "IT", "wire drawing"),
    Firm("Impianti Ceramici Sorvella", "IT", "ceramics machinery"),
    Firm("Gru Marenghino", "IT", "cranes"),
    Firm("Imballaggi Pontelmo", "IT", "packaging"),
    Firm("Ateliers Valmorin", "FR", "machine building"),
    Firm("Mécanique Durvaux", "FR", "precision parts"),
    Firm("Presses Saint-Elvenec", "FR", "presses"),
    Firm("Levage Armentol", "FR", "lifting gear"),
    Firm("Fonderie de Maubrelle", "FR", "foundries"),
    Firm("Machines Agricoles Pontavic", "FR", "farm machinery"),
    Firm("Hydro-Lestrac", "FR", "hydro power"),
    Firm("Carrières Montferrol", "FR", "quarrying"),
    Firm("Emballages Rochevine", "FR", "packaging"),
    Firm("Talleres Urbialde", "ES", "machine building"),
    Firm("Prensas Goikarte", "ES", "presses"),
    Firm("Maquinaria Castelmarín", "ES", "machine building"),
    Firm("Grúas Peñarrota", "ES", "cranes"),
    Firm("Forjas Arrizubia", "ES", "forging"),
    Firm("Valmorin Ibérica", "ES", "machine building", "Ateliers Valmorin"),
    Firm("Moldes Ribalva", "PT", "moulds"),
    Firm("Papel Castelvão", "PT", "paper machinery"),
    Firm("Pedreiras Alvorim", "PT", "quarrying"),
    Firm("Waterkampen Baggertechniek", "NL", "dredging"),
    Firm("Van Hoogmade Kassenbouw", "NL", "greenhouses"),
    Firm("Scheldewijk Kranen", "NL", "cranes"),
    Firm("Lingeveen Zuivelmachines", "NL", "dairy machinery"),
    Firm("Ourthevaux Usinage", "BE", "machine building"),
    Firm("Kempenrode Textielmachines", "BE", "textile machinery"),
    Firm("Dendervoorde Persen", "BE", "presses"),
)

FIRMS: Final = (*CENTRAL, *NORTH, *SOUTH)
