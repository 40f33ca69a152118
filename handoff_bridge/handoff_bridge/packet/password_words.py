"""Words that follow "my password is" in talk about a password, not in place of one.

Folded: without accents, in small letters. A false alarm costs a word of the chat, a
miss puts a password into the log: only what is usual stands here.
"""

import re

# "my password is now ...": the word to judge comes after these.
FILLERS = frozenset(
    """
    now still just currently only simply actually probably always literally
    jetzt noch nur einfach aktuell derzeit momentan immer
    ahora todavia simplemente actualmente siempre
    maintenant simplement actuellement toujours encore
    """.split()
)

TALK = frozenset(
    """
    a about accepted account active after again all already also an and another any
    as asked at bad because been before being blocked broken but by can can't cannot
    case causing changed compromised correct could created declined denied did didn't
    different difficult disabled do does doesn't don't driving due easy either email
    empty enough ever every expired exactly expiring failing faulty field fine for
    forgot forgotten from giving going gone good great hacked hard has have help here
    hidden how i i'm i've if important impossible in incorrect instead insecure
    invalid is isn't it it's keeps known last later leaked let like linked locked long
    longer lost mandatory me missing more must my myself necessary needed needs never
    new no none not nothing of off ok okay old on once one optional or our out
    outdated over page please possible private probably protected public quite
    reset refused rejected required right s safe same saved screen secure sent set
    short should simple since so some something somewhere sorry still stolen stored
    strong stuck such supposed temporary terrible than that that's the their then
    there they this to today too totally tried try unable under unclear unique unknown
    unsafe until unusable up used useless using valid very via wasn't way we weak well
    what what's when where whether which while who why will with without won't working
    would wrong yes yesterday yet you your link hint none garbage mess weird odd
    abgelaufen uralt alt aber also am an auch
    auf aus bei beim bereits besser bitte blockiert da
    das dass dem den denn der des deutlich die doch dort du ein eine einem einen
    einer er erforderlich es etwas euch euer falsch fehlt fur ganz geht gehackt
    geheim geknackt gemerkt geleakt gesperrt gestohlen gespeichert gestern geandert gut
    gultig heute hier ich ihr im immer in inkorrekt ja kann kaputt kein keine korrekt
    lang leer leider mein meine mehr mir mit muss nach nein neu neues nicht nichts nie
    niemals notig nun ob oder ohne per richtig schlecht schon schwach sehr sein sich
    sicher sie so stark total um unbekannt und ungultig unklar uns unsicher
    vergessen verloren viel vom von vor wann warum was weg weil wenn wer wie wieder
    wird wo wohl zu zum zur zuruckgesetzt zurucksetzen zwar
    a al algo alguien antes aqui asi aun bien bloqueada caducada cada como con
    correcta corta cual cuando cuenta de debil del demasiado desde donde dos
    el ella en equivocada erronea es esa ese eso esta estaba este esto facil falsa
    favor fue fuerte gracias ha hace hackeada hay igual imposible incorrecta
    invalida la larga las le les lo los mal mala me mi mientras mis misma mismo muy
    nada necesaria ni ninguna no nueva nunca o obligatoria olvidada online otra otro
    para pero perdida perfecta poco por porque privada que
    quien rara robada correo movil email se segura si
    sigue sin sino sobre solo su supuestamente tambien tampoco tan te temporal tiene
    toda todo tu un una valida vieja y ya yo
    absent aucun aucune alors apres assez aucun aussi
    autre avait avant avec bien bloque bon bonne
    c'est car ce cela ces cet cette chez comme complexe compromis correct court
    dans de deja depuis des different donc du elle en encore erreur errone est et
    etait expire facile faible faux fort il ils impossible inconnu incorrect invalide
    j'ai je juste la le les ligne long lors lui ma mais mal mauvais me meme merci mes
    moi mon moins ne necessaire ni non notre nouveau nous nul obligatoire on oublie ou
    par parce pas perdu perime pirate plus pour pourquoi pourtant provisoire puis
    quand que quel qui quoi refuse reinitialise requis sans secret ses si son sous
    suite sur tout tres trop un une valable valide verrouille via vide vieux vole
    votre vous vrai
    verlopen vergeten pareil identique
    """.split()
)
# What describes a password ends like this, by the verb before it. German nouns have a
# capital letter, and no other word of theirs has.
_ENGLISH = re.compile(
    r"[A-Za-z]{2,30}(?:ing|ed|able|ible|less|ful|ous|ive|ly|ic)|"
    r"[a-z]{1,20}(?:-[a-z]{1,20}){1,3}"
)
_GERMAN = re.compile(
    r"[a-z]{1,30}(?:t|isch|ig|lich|bar|los|sam|haft|ell|al|iv|os|en|er|es)"
)
_SPANISH = re.compile(
    r"[a-z]{1,30}(?:ada|ida|osa|iva|ica|ara|gua|eja|ble|nte|al|cta|ena|isma|mente|il)"
)
_FRENCH = re.compile(
    r"[a-z]{1,30}(?:[^lmnst]e|[iu]|eux|if|ant|ent|al|ste|ble|ise|ime|ine|se|le(?<!lle)|"
    r"te(?<!tte)|ne(?<!nne))"
)
DESCRIBES = {
    **dict.fromkeys(("is", "was", "'s", "used to be", "has been"), _ENGLISH),
    **dict.fromkeys(("ist", "war"), _GERMAN),
    **dict.fromkeys(("es", "era"), _SPANISH),
    **dict.fromkeys(("est", "etait"), _FRENCH),
}
# What may follow a password: then it stands by itself.
AFTER = frozenset(
    """
    and but or please pls plz thanks thank thx ok okay so can could why what it if for
    since because yesterday now today user username login email mail my the i is was
    with just then that this does doesn't did didn't won't not
    und aber oder bitte danke kann konnen warum was es wenn fur seit weil jetzt mein
    meine ich mit und geht funktioniert nicht benutzer benutzername
    y e pero o gracias por puedes pueden puede porque para si no mi con ahora desde
    usuario correo funciona
    et mais ou merci s'il svp stp pouvez peux car pour si mon ma avec depuis maintenant
    je ne utilisateur identifiant mail
    siempre toujours immer always normalmente normalerweise usually
    """.split()
)
UNITS = re.compile(
    r"(?:char\w{0,8}|letters?|digits?|numbers?|symbols?|words?|attempts?|tries|times?|"
    r"days?|hours?|hrs?|min\w{0,4}|weeks?|months?|years?|x|or|to|-|more|"
    r"zeichen|stellen?|stellig|buchstaben?|ziffern?|versuche?|mal|tage?n?|stunden?|"
    r"wochen?|monate?n?|jahre?n?|caracteres?|letras?|digitos?|cifras?|intentos?|veces|"
    r"dias?|horas?|semanas?|mes(?:es)?|anos?|caracteres?|lettres?|chiffres?|essais?|"
    r"tentatives?|fois|jours?|heures?|semaines?|mois|ans?)",
    re.IGNORECASE,
)
