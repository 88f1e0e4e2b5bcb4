"""Patterns that search found among concerns, as a case tells of them."""

from dataclasses import dataclass

_ABOUT = {
    "person": "concerns about the same adult",
    "setting": "concerns at the same setting",
    "provider": "concerns at the settings of one body",
}


@dataclass(frozen=True, kw_only=True)
class Pattern:
    """`kind` is person, setting or provider. Whoever may see fewer than `needs` of its contacts is not to
    learn of it.
    """

    id: str
    reference: str
    kind: str
    needs: int

    @property
    def sentence(self) -> str:
        """What it is about, such as `PT-00000001: concerns at the same setting.`"""
        return f"{self.reference}: {_ABOUT.get(self.kind, 'concerns that belong together')}."
