"""Patterns that search found among concerns, as a case tells of them."""

from dataclasses import dataclass

from shared.code_words import code_words

_ABOUT = {
    "person": "concerns about the same adult",
    "setting": "concerns at the same setting",
    "provider": "concerns at the settings of one body",
}


@dataclass(frozen=True, kw_only=True)
class Pattern:
    """`kind` is person, setting or provider; `finding` is a code, empty until somebody reviewed it. Whoever
    may see fewer than `needs` of its contacts is not to learn of it.
    """

    id: str
    reference: str
    kind: str
    needs: int
    finding: str = ""

    @property
    def sentence(self) -> str:
        """What it is about and what was found, such as `PT-00000001: concerns at the same setting. Acted
        upon.`
        """
        about = f"{self.reference}: {_ABOUT.get(self.kind, 'concerns that belong together')}."
        return f"{about} {finding_words(self.finding)}." if self.finding else about


def finding_words(finding: str) -> str:
    """What somebody found who looked at a pattern."""
    return code_words("finding", finding)
