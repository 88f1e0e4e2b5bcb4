"""Text of any writing system as plain lower-case words."""

import re
import unicodedata
from functools import lru_cache

from anyascii import anyascii

LONGEST = 200

_APOSTROPHES = re.compile("['’‘ʼʻ`´ʹ′]")
_WORD = re.compile(r"[a-z0-9]+")
_SYLLABLE = re.compile(r"[A-Z][a-z]*|[a-z]+")
# Arabic writes a slave of God in two words or one, the article as part of its word, and no short vowels.
_ARABIC = re.compile("[\u0600-\u06ff]")
_SERVANT = re.compile(r"\bعبد\s*ال(?=\w{2})")
_ARTICLE = re.compile(r"\bال(?=\w{3})")
_IDEOGRAPHIC = re.compile("[\u1100-\u11ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


@lru_cache(maxsize=65_536)
def words(text: str) -> tuple[str, ...]:
    """Lower-case Latin words and numbers; an apostrophe joins, a hyphen parts. Only the first 200
    characters are read."""
    return tuple(_WORD.findall(_latin(text).lower()))


def is_ideographic(text: str) -> bool:
    """Whether it holds Chinese, Japanese or Korean characters, where the surname usually comes first."""
    return bool(_IDEOGRAPHIC.search(text))


def _latin(text: str) -> str:
    # Most text is plain, and needs none of the rest.
    if text.isascii():
        return text[:LONGEST].replace("'", "").replace("`", "")
    plain = _APOSTROPHES.sub("", unicodedata.normalize("NFKC", text[:LONGEST]))
    plain = "".join(map(_spoken, plain))
    if _ARABIC.search(plain):
        plain = _parted(plain)
    if not is_ideographic(plain):
        return _APOSTROPHES.sub("", anyascii(plain))
    # The transliteration runs syllables together in capitals; each syllable is a word of its own.
    return " ".join(_SYLLABLE.findall(anyascii(plain)))


def _parted(arabic: str) -> str:
    """The article apart, as it is in Latin letters, but not within Abdul and what follows."""
    return _ARTICLE.sub("al ", _SERVANT.sub("abdal", arabic)).replace("ذ", "z")


def _spoken(character: str) -> str:
    kind = unicodedata.category(character)
    # Marks of writing direction stand inside words and part nothing; pictures have names of their own in
    # the transliteration.
    return "" if kind == "Cf" else character if kind[0] in "LMNPZ" else " "
