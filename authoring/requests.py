"""What a request looks like, whatever it is about."""

import re

# What a request begins with or has in it; a clause without is a story ("it arrived and
# it was broken").
_ASKS = re.compile(
    r"""\?\s*$
    | ^(?:(?:so|ok|hi|hello|please|just|or|first|also|then|and|
         hola|pues|oye|hallo|bitte|also|bonjour|salut|alors)[,!]?\s)*
      (?:cancel|change|return|track|send|tell|show|give|reset|delete|close|find|check|
         update|subscribe|unsubscribe|sign|switch|stop|open|create|edit|add|remove|
         refund|get|resend|mail|order|buy|pay|leave|write|
         where|when|what|how|which|who|do|does|is|are|can|could|may|will|would|
         cancela|cancelar|anula|anular|rastrea|rastrear|devuelve|muestra|muéstrame|
         cambia|cambiad|cancelad|anulad|enviad|mandad|cambiar|devolver|dime|mándame|manda|envíame|envía|ponme|
         quítame|quita|borra|pásame|dame|quiero|quisiera|necesito|dónde|
         cuándo|cuánto|cómo|qué|puedo|puede|podéis|
         storniere|stornieren|verfolge|verfolgen|zeig|zeigt|retourniere|retournieren|
         ändere|ändern|lösche|löschen|sag|sagt|sende|senden|melde|meldet|
         ich\s+(?:möchte|will|brauche)|wo|wann|wie|
         was|kann|könnt|können|gibt|schick|schicken|
         annuler|annule|annulez|suivez|montre|montrez|retourne|rembourse|supprime|
         changer|changez|retourner|envoyez|envoie|dites|dis|donnez|passez|
         supprimez|désabonnez|désabonne|désinscrivez|désinscris|remboursez|suivre|
         je\s+(?:veux|voudrais|souhaite)|
         où|quand|combien|comment|quel|quelle|quels|quelles|est-ce|puis-je|pouvez)\b
    | \b(?:want|need|like|wanna|wish|trying|help\s+me)\s+(?:to|you|a|an|my|the|with)\b
    | \b(?:i'd\s+like|can\s+you|could\s+you|tell\s+me|let\s+me\s+know)\b
    """,
    re.IGNORECASE | re.VERBOSE,
)


def is_request(text: str) -> bool:
    """Whether a text asks for something, as opposed to telling or answering."""
    return _ASKS.search(text) is not None
