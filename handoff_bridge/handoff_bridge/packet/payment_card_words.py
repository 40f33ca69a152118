"""What the words beside a long number say of it: a card's, or something else's.

Only doubtful numbers are decided here; see `cards`. Words are folded and in the
languages that the shop speaks: English, Spanish, German, French.
"""

import re
from enum import Enum

# How far words reach, in characters.
BEFORE, AFTER = 70, 45

_CARD = (
    r"(?:credit|debit|bank|payment|prepaid)[\s-]?cards?|cards?|"
    r"master[\s-]?card|visa|amex|american\sexpress|maestro|diners(?:\sclub)?|"
    r"union\s?pay|jcb|girocard|cc|cb|"
    r"(?:kredit|debit|bank|giro|zahl|visa|ec|prepaid)[\s-]?karten?|"
    r"(?:kredit|bank)?karten?[\s-]?(?:nummer|nr)|karten?|"
    r"tarjetas?|cartes?"
)
# Not a card, but what one is for.
_PAYMENT = (
    r"charge[ds]?|debit(?:ed|s)?|payments?|abbuch\w{1,5}|abgebucht|belast\w{2,4}|"
    r"zahlung(?:en)?|cobr(?:os?|ar|ado|en)|pagos?|prelevements?|debite\w?|paiements?"
)
_OTHER_CARD = (
    r"(?:gift|e?sim|loyalty|membership|member|library|business|sd|micro\s?sd|memory|"
    r"graphics?|id|identity|report|score|rewards?|points?|store|bonus|club|discount|"
    r"travel|bus|rail|key|access|greeting|birthday|post|warranty|youth|student)"
    r"[\s-]{1,2}cards?|"
    r"(?:sim|kunden|geschenk|gutschein|speicher|sd|grafik|treue|bonus|mitglieds?|"
    r"visiten|fahr|land|eintritts?|punkte?|gesundheits?|garantie)-?karten?"
    r"(?:-?nummer)?|"
    r"tarjetas?\s(?:de\s)?(?:regalo|sim|fidelizacion|fidelidad|clientes?|socio|puntos|"
    r"embarque|memoria|grafica|sanitaria|visita|transporte|identidad|garantia|club)|"
    r"cartes?\s(?:de\s|d')?(?:cadeau|sim|fidelite|memoire|graphique|identite|vitale|"
    r"grise|embarquement|visite|membre|client|abonnement|transport|garantie|sd)"
)
_REFERENCE = (
    r"track(?:ing|ed)?|trace|parcels?|packages?|shipments?|shipping|consignment|waybill|"
    r"delivery|imei\d?|imeisv|meid|iccid|eid|serials?|s/n|sn|ean|ean-?13|gtin|upc|isbn|"
    r"bar\s?codes?|sku|articles?|items?|products?|models?|lot|batch|invoices?|receipts?|"
    r"orders?|references?|ref|tickets?|cases?|claims?|vouchers?|coupons?|phones?|"
    r"telephones?|tel|mobiles?|cell|fax|whatsapp|iban|customers?|vat|"
    r"coordinates?|coords|gps|location|lat(?:itude)?|lon(?:gitude)?|bookings?|"
    r"reservations?|transactions?|devices?|policy|meter|"
    r"(?:sendungs?|paket|tracking|verfolgungs?|serien|geraete?|gerate?|rechnungs?|"
    r"bestell|auftrags?|kunden|artikel|produkt|vorgangs?|ticket|telefon|handy|mobil|"
    r"gutschein|referenz|konto|buchungs?|transaktions?|lieferschein|beleg|chargen)"
    r"-?(?:nummern?|nr|code|id)|"
    r"sendung(?:sverfolgung)?|pakete?s?|lieferung|rechnung|bestellung|auftrag|telefon|"
    r"handy|strichcode|koordinaten|standort|seguimiento|rastreo|envios?|paquetes?|"
    r"localizador|facturas?|pedidos?|referencia|codigos?\sde\sbarras|serie|telefonos?|"
    r"moviles|movil|coordenadas|ubicacion|articulos?|productos?|albaran|guia|recibo|"
    r"suivi|colis|envoi|expedition|factures?|commandes?|code-?\s?barres|"
    r"portable|coordonnees|position|produit|bordereau|recu|livraison|"
    r"dhl|ups|usps|fedex|gls|dpd|hermes|evri|tnt|correos|seur|mrw|chronopost|"
    r"colissimo|royal\smail|la\sposte"
)
_WORD = re.compile(
    rf"(?<![^\W\d_])(?:(?P<other>{_OTHER_CARD})|(?P<reference>{_REFERENCE})|"
    rf"(?P<card>{_CARD})|(?P<payment>{_PAYMENT}))(?![^\W_])",
    re.IGNORECASE,
)
# Card words written against their number: "visa4111...".
_GLUED = re.compile(
    r"(?:cards?|visa|amex|master|maestro|karte|nummer|nr|cc|tarjeta|carte|numero|pan)$",
    re.IGNORECASE,
)
# Between a label and its number nothing but these, and no sentence.
_LINKS = frozenset(
    """
    number numbers no nr num numero numeros nummer nummern code codes id ref of the my
    our your this that a an is was are it its it's says reads shows s for and or new
    here follows de del la le les el los las un una du des d l der die das den dem
    mein meine meiner meines unser unsere mi mis tu su mon ma mes notre votre ist war
    lautet lauten sind heisst es son era sera fue est sont etait c ce cette esta este
    aqui hier voici ici sigue folgt y e o u et ou und oder von fur para pour full
    complete vollstandige completo complet n
    """.split()
)
_LETTERS = re.compile(r"[^\W\d_]{1,30}")
_LONG = re.compile(r"\d{4,40}")
_STOP = re.compile(r"[?!;]|\.\s")
# "... is my card": what may stand between a number and what it is said to be. A comma
# alone begins something else: "4012..., order A-20931".
_IS = re.compile(
    r"(?:[\s\-(\"']{0,4}|[\s,\-(\"']{0,4}(?:is|was|are|ist|war|es|era|est|etait|as|als|"
    r"como|comme|c'est|that's|it's|this\sis|das\sist|it\sis)\b)"
    r"(?:\s{1,2}(?:the|my|our|a|your|mein|meine|die|der|das|unsere|mi|la|el|un|una|le|"
    r"ma|mon|ein|eine|new|number|numero|nummer|of|de|du|d)\b){0,4}[\s']{0,2}",
    re.IGNORECASE,
)


class Said(Enum):
    """What the words say of a number."""

    NOTHING = 0
    CARD_NEAR = 1
    CARD = 2
    REFERENCE = 3


def said_of(text: str, start: int, end: int) -> Said:
    """Reads the words around `text[start:end]`, those before it first.

    `CARD` and `REFERENCE` are labels of this very number; `CARD_NEAR` is a card
    that is spoken of close by, with no other thing in between.
    """
    before = text[max(start - BEFORE, 0) : start]
    if _GLUED.search(before[-12:]):
        return Said.CARD
    label = _label_before(before)
    if label in (Said.CARD, Said.REFERENCE):
        return label
    after = _label_after(text[end : end + AFTER])
    if after in (Said.CARD, Said.REFERENCE):
        return after
    return Said.CARD_NEAR if Said.CARD_NEAR in (label, after) else Said.NOTHING


def _label_before(before: str) -> Said:
    # Among long rows of digits there is nothing to read.
    words = list(_WORD.finditer(before)) if _LETTERS.search(before) else []
    if not words or words[-1]["other"]:
        return Said.NOTHING
    last = words[-1]
    between = before[last.end() :]
    if not last["payment"] and _links(between):
        return Said.REFERENCE if last["reference"] else Said.CARD
    if not last["reference"] and not _LONG.search(between):
        return Said.CARD_NEAR
    return Said.NOTHING


def _label_after(after: str) -> Said:
    word = _WORD.search(after) if _LETTERS.search(after) else None
    if word is None or word["other"]:
        return Said.NOTHING
    linked = _IS.match(after)
    if linked and linked.end() == word.start() > 0 and not word["payment"]:
        return Said.REFERENCE if word["reference"] else Said.CARD
    near = not word["reference"] and not _LONG.search(after[: word.start()])
    return Said.CARD_NEAR if near else Said.NOTHING


def _links(between: str) -> bool:
    if _STOP.search(between.rstrip()):
        return False
    digits = _LONG.findall(between)
    # Further numbers of a list have the label of the first.
    if any(len(found) < 11 for found in digits):
        return False
    words = _LETTERS.findall(between.lower())
    return len(words) <= 8 and all(word in _LINKS for word in words)
