"""What mail programs and companies hang on to a text: signatures, disclaimers, the mail that is answered."""

from __future__ import annotations

import re

_DISCLAIMER = re.compile(
    # Of a mail itself, in so many words: the last paragraph of an article may speak of secrets, viruses and lists too.
    r"(?:e-?mail|message|information|transmission|confidential).{0,100}intended (?:solely |only |exclusively )?for the"
    r" (?:use of |addressee|named|individual|person|recipient)|(?:not|than) (?:the|an) (?:intended|named) (?:recipient|"
    r"addressee)|this (?:e-?mail|message|transmission).{0,60}\bconfidential|confidentiality notice|"
    r"if you (?:have )?received? (?:this|it).{0,40}(?:error|mistake)|"
    r"think before.{0,20}\bprint|(?:think|consider|of) the environment before|"
    r"(?:e-?mail|message|attachments?).{0,60}(?:scanned|checked).{0,40}(?:virus|malware)|"
    r"/mailman3?/(?:listinfo|lists)/|unsubscribe|manage your (?:subscription|preferences)|"
    r"view (?:this|it|the) (?:e-?mail |message |newsletter )?(?:in (?:a|your)|online in).{0,20}browser|"
    r"view this (?:e-?mail|message|newsletter).{0,20}online|"
    r"diese[rs]? (?:e-?mail|nachricht|mitteilung).{0,80}vertraulich|irrtümlich erhalten|"
    r"newsletter.{0,100}(?:abbestell|abmeld)|hier abmelden|ce message.{0,60}confidentiel|se désabonner|se désinscrire|"
    r"este mensaje.{0,60}confidencial|darse de baja",
    re.IGNORECASE | re.DOTALL,
)
_SENT_FROM = re.compile(
    r"(?:sent (?:from|via|with) (?:my |the )?[\w .'’-]{2,40}|get outlook for [\w ]{2,20}|"
    r"von meinem [\w .-]{2,30} gesendet|gesendet (?:von|mit) [\w .-]{2,40}|envoyé (?:de|depuis) mon [\w .-]{2,30}|"
    r"enviado desde mi [\w .-]{2,30}|inviato da[l ][\w .-]{2,30}|verstuurd vanaf mijn [\w .-]{2,30})\W{0,3}",
    re.IGNORECASE,
)
_RULE = re.compile(r"[\s_*=~#–—-]{3,100}")
_ANSWERED = re.compile(
    r"(?:on .{5,150}\bwrote|am .{5,150}\bschrieb.{0,80}|le .{5,150}\ba écrit|el .{5,150}\bescribió|"
    r"il .{5,150}\bha scritto|op .{5,150}\bschreef.{0,80})\s?:",
    re.IGNORECASE | re.DOTALL,
)
ORIGINAL = re.compile(
    r"-{2,12} ?(?:original message|original-nachricht|ursprüngliche nachricht|message d'origine|mensaje original|"
    r"oorspronkelijk bericht|messaggio originale|oprindelig meddelelse|ursprungligt meddelande) ?-{2,12}",
    re.IGNORECASE,
)
_ATTACHED = re.compile(
    # No words that say something else in most articles: "alcalde adjunto", "der Anhang des Vereins", "приложение".
    r"\b(?:attach(?:ed|ment|ments|ing)|enclosed|anbei|(?:im|als|siehe|den) anhang|angehängt|(?:in der|als) anlage|"
    r"beigefügt\w{0,2}|ci-joint\w{0,2}|pièces? jointes?|adjuntamos|(?:^|(?<=[.,:;!>]\s))adjunt[oa]s?|"
    r"(?:se|les?|te|os|en|documentos?|archivos?|ficheros?) adjunt\w{1,3}|en anexo|em anexo|allegat\w|bijlagen?|"
    r"bijgevoegd|bifoga\w{1,2}|vedlag\w{1,2}|vedhæftet|liitteenä|załączniku|во вложени\w|"
    r"в приложени\w к (?:письм|сообщени)\w)\b",
    re.IGNORECASE,
)
FORWARDED = re.compile(
    r"(?:-{5,12} ?(?:forwarded message|weitergeleitete nachricht|message transféré|mensaje reenviado) ?-{5,12}|"
    r"begin forwarded message:|anfang der weitergeleiteten nachricht:|début du message réexpédié ?:)",
    re.IGNORECASE,
)


def is_signature_mark(line: str) -> bool:
    """Whether *line* alone opens a signature (RFC 3676 section 4.3); the blank at its end is often lost."""
    return line.rstrip() in ("--", "– –") or line.rstrip() == "\u2014\u2014"


def speaks_of_attached(text: str) -> bool:
    """Whether *text* points to what is attached."""
    return _ATTACHED.search(text) is not None


def is_rule(line: str) -> bool:
    """Whether *line* is nothing but a rule across the text."""
    return _RULE.fullmatch(line[:200]) is not None


def closes(block: str) -> bool:
    """Whether the last *block* of a text is a disclaimer, or the sign of a telephone."""
    said = " ".join(block.split())
    if not said or _RULE.fullmatch(said):
        return True
    return (len(said) <= 3000 and _DISCLAIMER.search(said[:3000]) is not None) or _SENT_FROM.fullmatch(
        said[:100]
    ) is not None


def opens_answered(line: str) -> bool:
    """Whether *line* stands above the mail that this one answers."""
    line = " ".join(line[:300].split())
    return _ANSWERED.fullmatch(line) is not None or ORIGINAL.fullmatch(line) is not None
