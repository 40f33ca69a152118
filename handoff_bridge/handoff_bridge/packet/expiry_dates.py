"""Where a folded text tells a payment card's expiry date.

Month and year beside a card's number, or called a card's date. What expires otherwise,
a voucher, an offer, a gas canister, is left alone.
"""

import re
from collections.abc import Iterator, Sequence

from handoff_bridge.packet.payment_cards import Card

_MONTHS = (
    r"(?:jan|feb|mar|apr|may|mai|jun|jul|aug|sep|oct|okt|nov|dec|dez|ene|abr|ago|dic|"
    r"fev|avr|juin|juil|aout)[a-z]{0,7}\.?"
)
_YEAR = r"(?:20[2-4]\d|[2-4]\d)"
_DATE = (
    rf"((?<![\d/.\-])(?:0?[1-9]|1[0-2])(?:\s{{0,2}}[/.\-]\s{{0,2}}{_YEAR}|"
    rf"\s20[2-4]\d|\s[2-4]\d(?=\s{{0,2}}(?:$|[,;.)]|cv|sec)))"
    rf"|(?<!\d)(?:0[1-9]|1[0-2])[2-4]\d|{_MONTHS}\s(?:de\s|of\s)?(?:20[2-4]\d|'?[2-4]\d))"
    r"(?![\d%€$£]|\s{0,2}[/\-]\s{0,2}\d|[.,:]\d)"
)
# Said of nothing but cards.
_CERTAIN = (
    r"valid\s(?:thru|through)|good\sthru|mm\s?/\s?(?:yy|jj|aa)|"
    r"(?:card|karten?)[\s'\-]?s?\s?(?:expir\w{1,8}|exp\.?|ablauf\w{0,8})(?:\sdate)?"
)
_LABEL = (
    r"exp\.?(?:\sdate)?|expir(?:y|es?|ed|ing|ation|acion|e|ent|ant|o|ara|era)"
    r"(?:[\s-]dates?)?|valid\s(?:until|till|til|to)|runs\sout|date\sof\sexpiry|"
    r"(?:ablauf|verfalls?)(?:datum|monat)|gultig(?:keit)?(?:\snoch)?(?:\sbis)?|"
    r"lauft|abgelaufen|verfallt|"
    r"caduca(?:ba)?|caducidad|cad\.?|vence|vencia|vencimiento|vto\.?|valid[ao]\shasta|"
    r"validez|valable\s(?:jusqu'?\s?(?:au|en|a)?)|valid(?:e|ite)(?:\sjusqu'?(?:au|en|a)?)?|"
    r"d'expiration|perime|echeance|fin\sde\svalidite"
)
_LINKS = (
    r"(?:[\s:=.,(\-]{1,4}(?:date|fecha|datum|is|on|in|at|the|end|of|until|thru|es|el|la|"
    r"en|de|del|a|fin|finales|am|im|bis|ende|ist|lautet|zum|le|en|au|est|c'est|jusqu'au|"
    r"jusqu'en|it's|was|war|era|etait|y|und|and|et|noch)\b){0,4}[\s:=.,(\-]{0,4}"
)
_SAID = re.compile(rf"\b(?:{_LABEL}){_LINKS}{_DATE}", re.IGNORECASE)
_CERTAINLY = re.compile(rf"\b(?:{_CERTAIN}){_LINKS}{_DATE}", re.IGNORECASE)
_BEHIND = re.compile(
    rf"{_DATE}\s{{0,2}}(?:is|ist|es|est|lauft|as|als)?[\s(]{{0,2}}"
    r"(?:(?:the|my|its|das|mein|la|el|le|ma)\s)?"
    r"(?:exp(?:iry|iration)?\b|ab(?:laufdatum)?\b|fecha\sde|date\sd'exp|caducidad)",
    re.IGNORECASE,
)
_NEXT = re.compile(rf"[\s,;:/\-(|]{{1,4}}{_LINKS}{_DATE}", re.IGNORECASE)
_CARD = re.compile(
    r"\b(?:(?:credit|debit|bank)?\s?cards?|visa|master\s?card|amex|(?:kredit|bank|ec-)?"
    r"karten?|tarjeta|carte|cvc|cvv|card's)\b",
    re.IGNORECASE,
)
# Other things that expire, or that are valid for a time.
_OTHER = re.compile(
    r"\b(?:vouchers?|coupons?|gift|offers?|sale|deliver\w{1,4}|orders?|parcels?|pass|"
    r"passport|tickets?|warranty|guarantee|member\w{0,7}|subscription|links?|codes?|"
    r"gutschein\w{0,6}|geschenk\w{0,8}|angebot\w{0,3}|aktion|lieferung|garantie|"
    r"mitglied\w{0,8}|ausweis|\w{0,8}pass|abo|kundenkarte|fahrkarte|"
    r"vales?|cupon|oferta|regalo|entrega|pedido|garantia|socio|pasaporte|promocion|"
    r"fidelidad|bons?|offre|cadeau|livraison|commande|fidelite|abonnement|passeport|"
    r"promo\w{0,5}|loyalty|library|sim|points?|punkte|puntos|food|gas|cartridge|"
    r"canister|kartusche|cartucho|cartouche|bar|meals?|spray|cream|tablets?|permit|"
    r"licen[cs]e|insurance|versicherung|seguro|assurance|quote|rent\w{0,3})\b",
    re.IGNORECASE,
)
# A message that is a label and its date.
_PLAIN = re.compile(
    rf"\W{{0,3}}(?:(?:the|my|la|el|mi|die|das|mein|le|ma|sa)\s)?"
    r"(?:exp\.?|exp(?:iry|iration)?(?:\sdate)?|ablaufdatum|fecha\sde\s(?:caducidad|vencimiento|"
    rf"expiracion)|date\sd'expiration|caducidad|vencimiento)\b{_LINKS}{_DATE}\W{{0,5}}",
    re.IGNORECASE,
)
# How far behind a card's number its date is looked for.
_REACH = 60
# How far before a date another thing is looked for.
_BEFORE = 40


def expiry_spans(text: str, cards: Sequence[Card]) -> list[tuple[int, int]]:
    """Return the places of cards' expiry dates, with or without a card's number."""
    patterns = [] if not cards and _OTHER.search(text) else [_CERTAINLY]
    if cards or _is_about_cards(text):
        patterns += [_SAID, _BEHIND]
    found = [match for pattern in patterns for match in pattern.finditer(text)]
    spans = {match.span(1) for match in found if not _is_others(text, match)}
    return sorted({*spans, *_beside(text, cards)})


def _is_about_cards(text: str) -> bool:
    """Whether a date in a text without a card's number is a card's."""
    if _OTHER.search(text):
        return False
    return bool(_CARD.search(text) or _PLAIN.fullmatch(text))


def _is_others(text: str, match: re.Match[str]) -> bool:
    """Whether something else is spoken of just before: that expires, not the card."""
    start = match.start()
    return bool(_OTHER.search(text, max(start - _BEFORE, 0), start))


def _beside(text: str, cards: Sequence[Card]) -> Iterator[tuple[int, int]]:
    for card in cards:
        end = min(card.end + _REACH, len(text))
        if found := _NEXT.match(text, card.end, end):
            yield found.span(1)
