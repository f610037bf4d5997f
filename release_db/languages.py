"""The languages that families are written to in, as the systems of schools name them."""

from __future__ import annotations

import re

#: Of a longer tag every part but the language is a place, in capitals, or one of the scripts.
_SCRIPTS_AND_PLACES = {"hans": "Hans", "hant": "Hant", "latn": "Latn", "cyrl": "Cyrl"}
_TAG = re.compile(r"[a-z]{2}(-[a-z0-9]{2,8})*", re.IGNORECASE)

#: English names and three-letter codes (ISO 639-2) of the languages that schools write most.
_TAGS = {
    name: tag
    for tag, names in {
        "ar": "arabic ara",
        "de": "german ger deu",
        "en": "english eng",
        "es": "spanish spa español espanol castilian",
        "fa": "farsi persian per fas",
        "fr": "french fre fra",
        "hi": "hindi hin",
        "hmn": "hmong hmn",
        "hy": "armenian arm hye",
        "ja": "japanese jpn",
        "km": "khmer khm cambodian",
        "ko": "korean kor",
        "pa": "punjabi panjabi pan",
        "pt": "portuguese por",
        "ru": "russian rus",
        "so": "somali som",
        "tl": "tagalog tgl filipino pilipino fil",
        "uk": "ukrainian ukr",
        "ur": "urdu urd",
        "vi": "vietnamese vie",
        "yue": "cantonese yue",
        "zh": "chinese chi zho mandarin cmn",
    }.items()
    for name in names.split()
}


def language_of(word: str) -> str:
    """The BCP 47 tag of a language; empty where the word is not known."""
    folded = word.strip().casefold()
    if folded in _TAGS:
        return _TAGS[folded]
    if not _TAG.fullmatch(folded):
        return ""
    language, *rest = folded.split("-")
    return "-".join((language, *(_SCRIPTS_AND_PLACES.get(part, part.upper()) for part in rest)))
