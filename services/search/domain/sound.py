"""How a name sounds, coarsely: the consonants that survive spelling habits and transliteration."""

import re
from functools import lru_cache

_HABITS = (
    (re.compile(r"^(?:kn|gn|pn)"), "n"),
    (re.compile(r"^wr"), "r"),
    (re.compile(r"^rh(?=[aeiouy])"), "r"),
    (re.compile(r"^ps|^x|^hs"), "s"),
    (re.compile(r"^(?:yu|yo|iu|io|jo|ju)(?=[sz][ue]f)"), "yu"),
    (re.compile(r"tsch|tch|cz|tz"), "k"),
    (re.compile(r"sch|sh|sz|zh|rz"), "s"),
    (re.compile(r"ph"), "f"),
    (re.compile(r"^geo|^gio"), "jo"),
    (re.compile(r"gh(?=t)|gh$"), ""),
    (re.compile(r"dg"), "j"),
    (re.compile(r"ck|ch|kh|gh|q"), "k"),
    (re.compile(r"c(?=[eiy])"), "s"),
    (re.compile(r"c"), "k"),
    (re.compile(r"x"), "ks"),
    (re.compile(r"mps"), "ms"),
    (re.compile(r"z"), "s"),
    (re.compile(r"(?<=[oei])va$"), "f"),
    (re.compile(r"v|w(?=[aeiouy])"), "f"),
    (re.compile(r"ska$"), "ski"),
)
_SILENT = re.compile(r"[aeiouyhw]")
_TWICE = re.compile(r"(.)\1+")


@lru_cache(maxsize=131_072)
def skeleton(word: str) -> str:
    """At most six consonants with a mark for a leading vowel: Mohammed, Muhammad and محمد give `mhmd`
    alike."""
    for habit, plain in _HABITS:
        word = habit.sub(plain, word)
    if not word:
        return ""
    head = "a" if word[0] in "aeiou" else word[0]
    rest = "".join("h" if letter == "h" else _SILENT.sub("", letter) for letter in word[1:])
    return _TWICE.sub(r"\1", head + rest)[:6]
