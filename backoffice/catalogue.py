"""What Harbour & Pine sells, who buys it, and the orders that demos and tests name."""

from dataclasses import dataclass

# sku: name, price in cents
GOODS: dict[str, tuple[str, int]] = {
    "KET-09": ("Gull camping kettle 0.9 l", 3490),
    "STV-02": ("Ember two-burner stove", 11900),
    "MUG-04": ("Enamel mug, set of four", 2800),
    "TNT-2P": ("Skerry two-person tent", 28900),
    "TNT-4P": ("Skerry four-person tent", 42900),
    "BAG-M5": ("Heather sleeping bag -5 °C", 15900),
    "MAT-R3": ("Moss sleeping mat", 7400),
    "PCK-38": ("Fell backpack 38 l", 13900),
    "PCK-18": ("Tern day pack 18 l", 6900),
    "JKT-RN": ("Squall rain jacket", 17900),
    "JKT-DN": ("Eider down jacket", 23900),
    "TRS-HK": ("Granite hiking trousers", 8900),
    "SCK-MW": ("Merino socks, two pairs", 2400),
    "BOT-MD": ("Cairn hiking boots", 18900),
    "LMP-HD": ("Lantern head torch", 4200),
    "BTL-10": ("Burn water bottle 1 l", 1900),
    "FLT-W1": ("Spring water filter", 5200),
    "KNF-PK": ("Larch pocket knife", 4600),
    "HMK-01": ("Driftwood hammock", 6400),
    "BLK-WL": ("Harbour wool blanket", 9800),
    "CMP-01": ("True North compass", 3100),
    "DRY-20": ("Kelp dry bag 20 l", 2600),
    "POL-TR": ("Alder trekking poles, pair", 7900),
    "CHR-FD": ("Jetty folding chair", 5900),
}

_SIZES = ("S", "M", "L")
# sku: what there is to choose from; seeded orders hold the second
VARIANTS: dict[str, tuple[str, ...]] = {
    "JKT-RN": tuple(f"{size}, {hue}" for hue in ("navy", "moss") for size in _SIZES),
    "JKT-DN": _SIZES,
    "TRS-HK": _SIZES,
    "SCK-MW": _SIZES,
    "BOT-MD": ("39", "40", "41", "42", "43", "44"),
    "BLK-WL": ("navy", "oatmeal"),
    "MUG-04": ("white", "blue"),
    "BTL-10": ("steel", "green"),
    "PCK-18": ("green", "black"),
}
# sku and variant of what is sold out: days until it is back, None if nobody knows
SOLD_OUT: dict[tuple[str, str | None], int | None] = {
    ("JKT-RN", "L, navy"): 12,
    ("TNT-4P", None): 9,
    ("HMK-01", None): None,
    ("BOT-MD", "44"): 20,
}
# What customers also call it, in the languages that the assistant speaks; each of the
# words stands for this kind of thing and for no other.
ALSO_CALLED: dict[str, str] = {
    "KET-09": "Kessel Wasserkessel hervidor tetera bouilloire",
    "STV-02": "cooker Kocher Campingkocher hornillo réchaud",
    "MUG-04": "cup Becher Emaillebecher Tassen taza tazas tasse gobelet",
    "TNT-2P": "Zelt tienda carpa tente",
    "TNT-4P": "Zelt tienda carpa tente",
    "BAG-M5": "Schlafsack saco dormir couchage",
    "MAT-R3": "Isomatte esterilla",
    "PCK-38": "rucksack Rucksack mochila dos",
    "PCK-18": "rucksack daypack Tagesrucksack Rucksack mochila dos",
    "JKT-RN": "raincoat Regenjacke Jacke chubasquero chaqueta imperméable veste",
    "JKT-DN": "puffer Daunenjacke Jacke plumas chaqueta doudoune veste",
    "TRS-HK": "pants Wanderhose Hose pantalones pantalon",
    "SCK-MW": "Socken calcetines chaussettes",
    "BOT-MD": "Wanderschuhe Stiefel botas bottes",
    "LMP-HD": "headlamp headtorch Stirnlampe frontal frontale",
    "BTL-10": "Flasche Trinkflasche botella bouteille gourde",
    "FLT-W1": "purifier Wasserfilter filtro filtre",
    "KNF-PK": "Messer Taschenmesser navaja cuchillo couteau",
    "HMK-01": "Hängematte hamaca hamac",
    "BLK-WL": "Decke Wolldecke manta couverture",
    "CMP-01": "Kompass brújula boussole",
    "DRY-20": "Packsack",
    "POL-TR": "Stöcke Trekkingstöcke bastones bâtons",
    "CHR-FD": "Stuhl Klappstuhl silla chaise",
}
# What may be this or something else, so that it is only offered: not every lamp is worn
# on the head.
PERHAPS_CALLED: dict[str, str] = {
    "KET-09": "pot Topf olla casserole",
    "STV-02": "cocina Herd",
    "MAT-R3": "mat pad mattress Matte colchoneta matelas tapis",
    "JKT-RN": "coat waterproof Mantel abrigo manteau impermeable wasserdicht",
    "JKT-DN": "coat Mantel abrigo manteau",
    "BAG-M5": "sac",
    "PCK-38": "bag sac bolsa",
    "PCK-18": "bag sac bolsa",
    "BOT-MD": "shoes Schuhe zapatos chaussures",
    "LMP-HD": "lamp lantern torch flashlight light Lampe Laterne Taschenlampe Licht "
    "lámpara linterna luz lampe lanterne lumière",
    "BTL-10": "flask cantimplora",
    "DRY-20": "bag bolsa sac",
    "POL-TR": "poles sticks",
}
# Words of names that say of what kind a thing is, not what it is.
DESCRIBING = frozenset(
    "camping hiking trekking sleeping rain down head folding pocket water wool enamel "
    "merino dry day set pair pairs two four person burner north".split()
)
# What goes with a thing and is none: a kettle's lid is no kettle.
PARTS = frozenset(
    """
    lid cap peg pegs lace laces battery batteries cover strap zip seal bulb case
    part parts spare hook pump sheet liner table repair
    Deckel Heringe Hering Schnürsenkel Batterie Batterien Hülle Riemen Reißverschluss
    Dichtung Ersatzteil Ersatzteile Pumpe Tisch
    tapa tapón piqueta piquetas cordones pila pilas funda correa cremallera junta
    repuesto repuestos mesa
    bouchon couvercle sardine sardines lacets pile piles housse sangle fermeture joint
    pièce pièces table
    """.split()
)

CARRIERS = ("Northpost", "Swift Parcel", "Blue Van")
PAYMENT_METHODS = ("card ending 4242", "card ending 1881", "PayPal", "bank transfer")


@dataclass(frozen=True)
class Person:
    """A customer as seeded; `years` is how long they have been one."""

    name: str
    tier: str
    language: str
    address: str
    years: int


# The first ones own the fixed orders.
PEOPLE: tuple[Person, ...] = (
    Person("Jo Marsh", "gold", "en", "12 Quay Street, Bristol BS1 4RB, UK", 6),
    Person("Ana Lima", "silver", "pt", "Rua das Flores 48, 4050-262 Porto, PT", 2),
    Person("Tom Becker", "standard", "de", "Lindenweg 7, 79098 Freiburg, DE", 1),
    Person("Claire Fontaine", "gold", "fr", "3 rue du Port, 29200 Brest, FR", 4),
    Person("Ewan Reid", "standard", "en", "5 Kirk Wynd, Oban PA34 4DS, UK", 3),
    Person("Lucía Herrera", "silver", "es", "Calle Mayor 21, 39001 Santander, ES", 2),
    Person(
        "Pieter de Wit", "standard", "nl", "Havenkade 90, 1781 AC Den Helder, NL", 5
    ),
    Person("Nora Quinn", "standard", "en", "18 Strand Road, Sligo F91 XK20, IE", 1),
    Person("Henrik Dahl", "gold", "en", "Strandgata 14, 9008 Tromsø, NO", 7),
    Person("Marta Kowalska", "silver", "en", "ul. Morska 33, 81-225 Gdynia, PL", 3),
    Person("Samir Haddad", "standard", "fr", "27 quai Vauban, 25000 Besançon, FR", 1),
    Person("Greta Vogel", "silver", "de", "Am Hafen 2, 18055 Rostock, DE", 4),
)
# Accounts that are not simply active; none of their owners has ordered.
ACCOUNT_STATES = {"C-2016": "awaiting_activation", "C-2018": "blocked"}
SUBSCRIBERS = frozenset({"C-2001", "C-2006", "C-2012"})
PHONES = {"C-2001": "+441174960123", "C-2003": "+497614960123"}
FIRST_NAMES = (
    "Isla", "Owen", "Lena", "Mateo", "Freya", "Hugo", "Inês", "Jonas", "Katja",
    "Liam", "Maeve", "Nils", "Olive", "Paulo", "Ruth", "Sven", "Tilda", "Uwe",
    "Vera", "Yann", "Zoë", "Aled", "Bente", "Carlos", "Dora", "Emil", "Fiona", "Gus",
)  # fmt: skip
LAST_NAMES = (
    "Archer", "Brandt", "Costa", "Duarte", "Evans", "Fischer", "Garnier", "Holm",
    "Ibarra", "Jensen", "Keane", "Lund", "Moreau", "Novak", "Oakes", "Prieto",
    "Roux", "Smit", "Thorne", "Visser", "Webb", "Young", "Zeller", "Abbott",
)  # fmt: skip
TOWNS = (
    ("en", "Mill Lane {n}, Ambleside LA22 9DH, UK"),
    ("en", "{n} Harbour Parade, Whitby YO21 3PR, UK"),
    ("de", "Seestraße {n}, 78464 Konstanz, DE"),
    ("fr", "{n} chemin des Pins, 74000 Annecy, FR"),
    ("es", "Paseo del Mar {n}, 20007 Donostia, ES"),
    ("pt", "Rua do Cais {n}, 8600-315 Lagos, PT"),
    ("nl", "Dijkweg {n}, 8861 KZ Harlingen, NL"),
)


@dataclass(frozen=True)
class FixedOrder:
    """An order that demos and tests may count on; days are before the seeding."""

    number: int
    owner: int  # index of PEOPLE
    status: str
    placed_days: float
    goods: tuple[tuple[str, int], ...]  # sku, quantity
    shipped_days: float | None = None
    delivered_days: float | None = None
    expected_days: float | None = None
    refund: str | None = None
    returned: tuple[int, ...] = ()  # indexes of goods
    payment: str = "paid"  # or pending, declined, twice
    method: str | None = None


FIXED: tuple[FixedOrder, ...] = (
    FixedOrder(
        10421, 1, "placed", 0.1, (("LMP-HD", 1), ("SCK-MW", 2)), expected_days=-4
    ),
    FixedOrder(10422, 2, "packed", 1, (("TNT-2P", 1),), expected_days=-3),
    FixedOrder(
        10423, 3, "shipped", 3, (("JKT-RN", 1),), shipped_days=1.5, expected_days=-2
    ),
    FixedOrder(
        10424,
        4,
        "out_for_delivery",
        4,
        (("BOT-MD", 1),),
        shipped_days=2,
        expected_days=-0.2,
    ),
    FixedOrder(
        10425,
        5,
        "delivered",
        6,
        (("BAG-M5", 1), ("MAT-R3", 1), ("BTL-10", 2)),
        shipped_days=4,
        delivered_days=2,
    ),
    FixedOrder(
        10426,
        6,
        "delivered",
        70,
        (("STV-02", 1),),
        shipped_days=67,
        delivered_days=64,
    ),
    FixedOrder(10427, 7, "cancelled", 4, (("HMK-01", 1),), refund="processing"),
    FixedOrder(
        10428,
        0,
        "delivered",
        9,
        (("KET-09", 1),),
        shipped_days=7,
        delivered_days=5,
    ),
    FixedOrder(
        10429,
        8,
        "return_started",
        20,
        (("PCK-38", 1), ("POL-TR", 1)),
        shipped_days=18,
        delivered_days=15,
        refund="awaiting_return",
        returned=(0,),
    ),
    FixedOrder(
        10430,
        9,
        "refunded",
        40,
        (("JKT-DN", 1),),
        shipped_days=38,
        delivered_days=35,
        refund="paid",
        returned=(0,),
    ),
    FixedOrder(10431, 10, "payment_failed", 0.5, (("CHR-FD", 2),), payment="declined"),
    FixedOrder(
        10432,
        11,
        "return_started",
        25,
        (("TRS-HK", 1),),
        shipped_days=23,
        delivered_days=20,
        refund="processing",
        returned=(0,),
    ),
    FixedOrder(
        10433,
        4,
        "shipped",
        11,
        (("FLT-W1", 1),),
        shipped_days=9,
        expected_days=4,
    ),
    FixedOrder(
        10434, 0, "placed", 0.2, (("BLK-WL", 1), ("MUG-04", 1)), expected_days=-4
    ),
    FixedOrder(
        10473,
        7,
        "packed",
        1,
        (("KNF-PK", 1), ("CMP-01", 1)),
        expected_days=-3,
        payment="twice",
        method="card ending 1881",
    ),
    FixedOrder(
        10474,
        8,
        "placed",
        0.8,
        (("DRY-20", 2),),
        expected_days=-6,
        payment="pending",
        method="bank transfer",
    ),
    FixedOrder(
        10475,
        9,
        "placed",
        0.3,
        (("JKT-RN", 1), ("BTL-10", 2)),
        expected_days=-4,
        method="card ending 4242",
    ),
)


def also_called(sku: str) -> str | None:
    """All other words for a product, with blanks between them."""
    words = (names[sku] for names in (ALSO_CALLED, PERHAPS_CALLED) if sku in names)
    return " ".join(words) or None
