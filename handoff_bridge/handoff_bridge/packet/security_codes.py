"""Where a folded text spells out a card's security code: CVC, CVV and their like."""

import re
from collections.abc import Iterator, Sequence

from handoff_bridge.packet.payment_cards import Card

_ON_BACK = (
    r"(?:on|at|from)\s(?:the\s)?(?:back|reverse|rear)|"
    r"auf\sder\sruckseite|hinten(?:\sdrauf)?|"
    r"(?:que\s(?:hay|estan|vienen|tiene)\s)?(?:de\s|por\s|en\s)?(?:la\sparte\s)?"
    r"(?:de\s)?(?:atras|detras|trasera|al\sdorso|(?:del|el)\sdorso|del\sreverso|"
    r"al\sreverso)|"
    r"(?:qui\ssont\s)?(?:(?:au|du)\sdos|au\sverso|derriere|a\sl'arriere)"
)
_DIGITS_OF = (
    r"(?:(?:3|4|three|four|last\sthree|last\s3|drei|vier|tres|cuatro|trois|quatre)"
    r"(?:\sderniers|\sultimos|\sletzten)?[\s-]{1,2}(?:digits?|numbers?|figures?|ziffern?|zahlen|stellen|digitos|numeros|"
    r"cifras|chiffres))"
)
_OF_CARD = (
    r"(?:(?:of|de|auf|von|an)\s)?(?:the|my|der|meiner|mi|la|ma)\s"
    r"(?:(?:credit|bank|debit)?\s?card|(?:kredit|bank)?karte|tarjeta|carte)"
)
# Said of nothing but cards.
_CERTAIN = (
    r"cvc2?|cvv2?|ccv2?|cv2|cvn2?|cvd|kpn|"
    r"(?:card\s)?(?:security|sec\.?)\s{1,2}(?:code|number|no\.?|digits)|"
    r"(?:little\s|small\s|short\s)?numbers?\s(?:\w{1,5}\s){0,2}(?:signature|back)(?:\sstrip)?|"
    rf"(?:kleine\snummer|numeritos?|petits?\s(?:numeros?|chiffres?))\s(?:{_ON_BACK})|"
    r"card\s(?:verification|validation)\s(?:code|value|number)|"
    r"(?:three|3|four|4)[\s-]digit\s(?:code|number)|"
    rf"(?:code|numbers?|digits)\s(?:{_ON_BACK})|"
    rf"{_DIGITS_OF}\s(?:{_ON_BACK})|"
    r"(?:karten)?(?:pruf|pruef)(?:ziffern?|nummer|code|zahl)|"
    r"kartenpr(?:u|ue)f\w{2,8}|sicherheits(?:code|nummer|nr|zahl|ziffern?|schlussel)|"
    r"(?:drei|vier)stellige[rn]?\s(?:code|nummer|zahl|sicherheits\w{4,8})|"
    r"(?:codigo|cod|clave|numero|digitos)\.?\s(?:de\s)?(?:seguridad|seg)\b\.?|"
    r"(?:codigo|cod)\.?\s(?:de\s)?(?:verificacion|validacion)|"
    r"codigo\sde\s(?:la\s)?tarjeta|"
    r"codes?\s(?:de\s)?(?:securite|verification|validation)|cryptogramme(?:\svisuel)?|"
    r"crypto(?:\svisuel)?|numero\sde\s(?:securite|controle|verification)|"
    rf"(?:code|codigo)\s(?:a|de)\s{_DIGITS_OF}|code\sde\s(?:la\s|ma\s)?carte|"
    rf"(?:{_ON_BACK})\s{_OF_CARD}|{_OF_CARD}\s(?:{_ON_BACK})"
)
# Of cards only where one stands just before.
_BESIDE_A_CARD = r"csc|cid|code|codigo|verification\scode|pin"
_LINK = (
    r"(?:is|are|was|ist|sind|lautet|lauten|war|es|son|era|est|sont|etait|nr|no|n|nummer|"
    r"number|numero|code|codigo|cvc|cvv|of|for|on|the|my|this|that|von|fur|zu|der|die|"
    r"das|dem|den|meiner|meine|auf|hinten|de|del|la|el|mi|du|le|ma|mon|pour|para|en|a|au|"
    r"card|karte|kreditkarte|tarjeta|carte|visa|mastercard|amex|back|ruckseite|dorso|"
    r"reverso|dos|verso|bancaire|credito|credit|it's|its|reads|says|here|hier|aqui|"
    r"voici|c'est|steht|stehen|there|pone|hay|il\sy\sa|ecrit|marque|escrito|written)\b"
)
_LINKS = (
    rf"\s{{0,3}}[,]?(?:[\s:=#.\-/>()\"']{{1,4}}{_LINK}){{0,7}}[\s:=#.\-/>()\"']{{0,5}}"
)
_VALUE = (
    r"(?<!\d)(\d{3,4}|\d(?:[\s.,-]{1,2}\d){2,3})(?![\d/%€$£]|[.,:]\d|"
    r"\s{0,2}(?:days?|sec\w{0,6}|min\w{0,6}|sekunden?|segundos?|tage|dias|jours|eur\w{0,2}|mal|times|veces|fois)\b)"
)
_NAMED = re.compile(rf"(?<![^\W_])(?:{_CERTAIN})(?![^\W\d_]){_LINKS}{_VALUE}", re.I)
_NAMED_BESIDE = re.compile(
    rf"(?<![^\W_])(?:{_CERTAIN}|{_BESIDE_A_CARD})(?![^\W\d_]){_LINKS}{_VALUE}", re.I
)
_OWN = (
    r"(?:(?:the|my|our|is|der|die|das|mein|meine|el|la|mi|los|le|mon|les|ma|a|of|card|"
    r"karten)\s{1,2}){0,3}"
)
_BEHIND = re.compile(
    rf"{_VALUE}\s{{0,2}}(?:(?:is|was|ist|war|es|era|est|as|als|como|comme|are|sind|son|"
    rf"sont)\s{{1,2}}{_OWN}|[(=,:-]\s{{0,2}}{_OWN})(?:{_CERTAIN})(?![^\W_])",
    re.I,
)
# A card told by its end, with date and code behind: "...4242 12/27 123".
_AFTER_DATE = re.compile(
    r"(?<!\d)\d{4}[\s,;]{1,3}(?:0[1-9]|1[0-2])\s?[/.-]\s?(?:20)?[2-4]\d[\s,;]{1,3}"
    r"(\d{3,4})(?=\s{0,3}(?:[.,;!?)]|$|\n))"
)
# A card and its code or its back, and digits behind: "the code from my card, I put
# 641", "the CVV? that'd be 877". The end of a card's number is no code, nor an amount.
_CARD = (
    r"(?:(?:credit|debit|bank)\s?card|card|visa|master\s?card|amex|(?:kredit|bank|ec-?)?"
    r"karte|tarjeta|carte(?:\s(?:bleue|bancaire))?|cb)"
)
_CODE = (
    r"(?:code|codigo|geheim(?:nummer|zahl)|digits|ziffern|cifras|chiffres|nip|pin|"
    rf"{_ON_BACK})"
)
_NEAR = r"[^.!?;\n\d]{0,40}?"
_SPOKEN_OF = re.compile(
    rf"(?<![^\W_])(?:(?:{_CODE}\b{_NEAR}\b{_CARD}|{_CARD}\b{_NEAR}\b{_CODE})"
    rf"(?![^\W\d_]){_NEAR}|(?:{_CERTAIN})(?![^\W\d_])[^\d\n]{{0,60}}?)(?<![\d.,:/#-]){_VALUE}"
    r"(?!\s(?:is|ist|es|est)\s(?:not|nicht|no|pas)\b)",
    re.I,
)
# Between the card and the digits these say that the digits are something else.
_IS_NO_CODE = re.compile(
    r"\b(?:end\w{0,3}|termina\w{0,3}|acaba\w{0,3}|finit|finissant|"
    r"(?:(?:last|letzten|ultim[oa]s)\s)?(?:4|four|vier|cuatro|quatre)"
    r"(?:\s(?:last|ultim[oa]s|derniers))?\s(?:of|von|der|de|du|digits|ziffern)|"
    r"error|fehler\w{0,6}|erreur|order|bestell\w{0,6}|pedido|commande|"
    r"paid|bezahlt|pagado|pague|paye|charged|"
    r"discount|promo\w{0,3}|voucher|coupon|gutschein\w{0,4}|rabatt\w{0,4}|descuento|"
    r"cupon|reduction|cadeau|regalo|gift|"
    r"since|until|seit|bis|desde|hasta|depuis|exp\w{0,8}|ablauf\w{0,6})\b|"
    r"\bi[nm]\s(?=(?:19|20)\d\d)",
    re.I,
)
# How far behind the card's number a security code is looked for.
_REACH = 80


def security_code_spans(text: str, cards: Sequence[Card]) -> list[tuple[int, int]]:
    """Return the places of security codes, with or without their card's number."""
    spans = [match.span(1) for match in _NAMED.finditer(text)]
    for pattern in (_BEHIND, _AFTER_DATE):
        spans += [match.span(1) for match in pattern.finditer(text)]
    for match in _SPOKEN_OF.finditer(text):
        if not _IS_NO_CODE.search(match[0]):
            spans.append(match.span(1))
    return sorted({*spans, *_beside(text, cards)})


def _beside(text: str, cards: Sequence[Card]) -> Iterator[tuple[int, int]]:
    for card in cards:
        end = min(card.end + _REACH, len(text))
        if named := _NAMED_BESIDE.search(text, card.end, end):
            yield named.span(1)
