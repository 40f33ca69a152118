"""Free phrasings in which a customer gives a password away, by kind.

Each pattern ends where the password begins, or names it `value`. Plain words count
only in the kinds that leave no other reading.
"""

import re

NAME = (
    r"(?:pas{1,2}[\s\-]?wor[dt]|passwd|passcode|psw|pwd?|pass|kennwort|passwort|"
    r"zugangscode|contrasen(?:y|i)?a|contra|clave|mots?\sde\spasse?|mdp)"
)
_MINE = (
    r"(?:(?:my|the|a|new|old|usual|mein|neues|altes|das|mi|la|nueva|vieja|mon|le|"
    r"nouveau|ancien)\s{1,2}){0,3}"
)
_VALUE = (
    r"(?:\"(?P<quoted>[^\"\n]{1,60})\"|'(?P<single>[^'\n]{1,60})'|(?P<value>\S{3,60}))"
)
# "as the password page hangs": why, and not what.
_GOES_ON = (
    r"(?:page|box|field|form|reset|link|mail|e-?mail|manager|fail\w{0,3}|is|was|does\w{0,3}|"
    r"hangs|keeps|won't|can't|length|isn't|hint)"
)
# "I always use X as my password": one word, right between the verb and "as".
AS_NAME = re.compile(
    r"\b(?:tape|saisis|tippe?|make\sit|us(?:e|ed|ing)|tr(?:y|ied)|set|put|chose|pick(?:ed)?|have|had|enter(?:ed)?|"
    r"typed?|with|"
    r"(?:be|ver)?nutz(?:e|en|t)|verwend(?:e|en|et)|nehm(?:e|en)|nimm|hab(?:e|en)?|"
    r"hatte|setz(?:e|en|t)?|mit|immer|"
    r"us(?:o|aba|ar|e|ando)|utiliz(?:o|aba|ar|ad|a)|pon(?:ed|er|go|me|edme|ga)?|puse|"
    r"puesto|ten(?:go|ia)|probado|elegi(?:do)?|con|siempre|"
    r"puso|mise?|mets|mett(?:ez|re)|utilis(?:e|ez|er|ais)|choisi(?:s|r)?|avais|ai|essaye|avec|"
    rf"toujours)\s{{1,2}}{_VALUE}\s{{1,2}}"
    rf"(?:as|als|como|de|comme?|for)\s{{1,2}}{_MINE}{NAME}\b(?![\s-]{_GOES_ON}\b)",
    re.IGNORECASE,
)
# "it's X (my password)"
IT_IS = re.compile(
    rf"\b(?:it's|it\sis|it\swas|es\sist|es\swar|es|era|c'est|c'etait)\s{{1,2}}{_VALUE}"
    rf"\s{{0,2}}\(\s{{0,2}}(?:that's\s|das\sist\s|es\s|c'est\s)?{_MINE}{NAME}"
    r"\s{0,2}(?:[).!,]|$)",
    re.IGNORECASE,
)
# "user sam pass daffodil": after a user's name, and nothing between.
USER_AND = re.compile(
    r"\b(?:user(?:\s?name)?|log[\s-]?in|e?-?mail|account|benutzer(?:name)?|nutzer|konto|"
    r"usuario|cuenta|correo|utilisateur|identifiant|compte)(?:\s(?:is|ist|es|est))?"
    r"[\s:=]{1,3}(?!(?:name|and|has|und|y|et)\s)\S{2,60}[\s,;/|]{1,3}(?:and\s|und\s|y\s|et\s)?"
    rf"{NAME}(?:\s(?:is|ist|es|est)\b)?[\s:=-]{{1,3}}{_VALUE}",
    re.IGNORECASE,
)
# "here's my password, X": a message's or a line's end.
HERE = re.compile(
    r"\b(?:here(?:'s|\sis|\sare)|this\sis|hier(?:\sist|\skommt)?|aqui\s(?:esta|va|tienes|"
    rf"tiene)|te\s(?:doy|paso)|voici|voila)\s{{1,2}}{_MINE}{NAME}\s{{0,2}}[\n,:-]\s{{0,2}}{_VALUE}"
    r"\s{0,3}$",
    re.IGNORECASE | re.MULTILINE,
)
# "reset it to X please": in a message that speaks of a password.
SET_IT = re.compile(
    r"\b(?:(?:re)?set|chang(?:e|ed)|switch|make|put)\s(?:it|that|this)\s(?:back\s)?to\s"
    rf"{{1,2}}{_VALUE}|"
    r"\b(?:setz(?:t|en)?|ander[ent]{0,2}|stell(?:t|en)?)(?:\ssie)?\ses\s(?:bitte\s)?"
    r"(?:wieder\s)?(?:auf|zu|in)\s{1,2}(?P<german>\S{3,60})|"
    r"\b(?:cambi(?:a|ad|e|en)|pon(?:ed|ga)?|restablec\w{1,4})l[ao]\s(?:a|por|en)\s{1,2}"
    r"(?P<spanish>\S{3,60})|"
    r"\b(?:mettez|changez|remettez|mets|change)-l[ea]\s(?:a|en|sur|pour)\s{1,2}"
    r"(?P<french>\S{3,60})",
    re.IGNORECASE,
)
SET = re.compile(
    rf"\b(?:setz(?:e|en|t)?|stell(?:e|en|t)?|ander(?:e|n|t)?)\s(?:\w{{1,10}}\s){{0,2}}"
    rf"{NAME}\s(?:bitte\s)?(?:auf|zu|in)\s{{1,2}}{_VALUE}|"
    rf"\b(?:mettez|mets|changez|remettez)\s(?:mon|le)\s(?P<n>{NAME})\s(?:a|en|sur)\s{{1,2}}"
    r"(?P<french>\S{3,60})",
    re.IGNORECASE,
)
# "ich melde mich mit X an": only what looks like a password, with or without its name.
LOG_IN = re.compile(
    r"\b(?:log(?:ging|ged)?[\s-]?(?:in|on)|sign(?:ing|ed)?\s?in)\s(?:\w{1,8}\s)?with\s|"
    r"\b(?:melde|logge)\smich\s(?:\w{1,10}\s)?mit\s|"
    r"\b(?:entro|accedo|entrar|me\sconecto|inicio\ssesion|me\slogueo)\s(?:\w{1,8}\s)?con\s|"
    r"\bme\s(?:connecte|logue)\s(?:\w{1,9}\s)?avec\s|"
    r"\bpass\s(?:is|was)\s|\blog-?in:?\s\S{2,60}\s?/\s?",
    re.IGNORECASE,
)
# "pw 74921": digits right behind the name that opens the message or follows a comma.
DIGITS = re.compile(
    rf"(?:^|[,;\n]\s{{0,2}}|\b(?:my|mein|mi|mon)\s)(?!pass\s|contra\s){NAME}(?:\s(?:ist|is|es|est|lautet))?"
    r"\s{1,2}(?:(?:die|das|la|el|le|the)\s)?(?P<value>\d{4,10})(?![\d/.:-]?\d|\s?[%€$£])",
    re.IGNORECASE,
)
NO_VALUES = frozenset(
    """
    address adresse direccion name nombre nom number nummer numero email e-mail mail
    correo phone telefon telefono telephone birthday default factory normal zero
    standard original link app code word reset manager field page page. keine kein
    falsch falsche neues neue pareil paypal google apple facebook face id touch sms qr
    them him her both anything everything whatever birthdate geburtstag cumpleanos
    anniversaire eines einer dieses diese jenes einen welches ese esa cual ello lo los
    quelque ca cela la lui celui
    urgent urgente dringend late hard are problems problem were both
    """.split()
)
# 'my password "two brown bears" is refused'
QUOTED = re.compile(
    rf"\b(?:my|the|mein|das|mi|la|mon|le)\s{NAME},?\s\"(?P<quoted>[^\"\n]{{3,60}})\"",
    re.IGNORECASE,
)
# "Blanks? Mine is green hat 12": what is said of it, to the end of the clause.
MINE = re.compile(
    r"\b(?:mine|mein(?:e?s)|la\smia|el\smio|le\smien|"
    rf"(?:my|mein|mi|mon)\s{NAME}(?=,|\sc'est))"
    r",?\s(?:is|ist|es|est|c'est|geht\sso|lautet|heisst)\b[\s:]{1,4}"
    r"(?P<value>[^\s,.;!?][^,.;!?\n]{2,50})",
    re.IGNORECASE,
)
ANY_NAME = re.compile(rf"\b{NAME}\b", re.IGNORECASE)
NAMED = (AS_NAME, IT_IS, USER_AND, HERE, QUOTED, MINE)
# The word only has to end a clause.
RESET = re.compile(rf"\breset\s(?:it|that)\sto\s{{1,2}}{_VALUE}", re.IGNORECASE)
GROUPS = ("quoted", "single", "value", "german", "spanish", "french")


def value_of(match: re.Match[str]) -> tuple[int, int] | None:
    """The place of the password in what a pattern found."""
    groups = match.groupdict()
    name = next((name for name in GROUPS if groups.get(name)), None)
    return match.span(name) if name else None
