"""Which setting of the register somebody means: by number first, else by name and place."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from services.search.domain.workplaces import PLACE


class Key(NamedTuple):
    """A hash under which a setting is known; `is_sure` says that it tells by itself which place is meant.
    `scheme` is that of a number, `PLACE` for a name in its district, empty for a name in its town.
    """

    k: int
    scheme: str
    is_sure: bool


class Successor(NamedTuple):
    """Which setting followed one that closed, and when that was."""

    closed_on: date
    setting_id: str


@dataclass
class Listing:
    """The part of a register that some keys touch. `numbers` are the keyed numbers of a setting by scheme."""

    under: dict[int, str] = field(default_factory=dict)
    numbers: dict[str, dict[str, set[int]]] = field(default_factory=dict)
    followed: dict[str, Successor] = field(default_factory=dict)

    def find(self, keys: Sequence[Key], on: date) -> str | None:
        """The setting that is meant on that day; `keys` come the surest first."""
        for key, setting_id in self._under(keys):
            return setting_id if key.is_sure else self._standing(setting_id, on)
        return None

    def all(self, keys: Sequence[Key]) -> list[str]:
        """Every setting that these keys of one place lead to, the surest first."""
        return list(dict.fromkeys(setting_id for _, setting_id in self._under(keys)))

    def learn(self, setting_id: str, keys: Sequence[Key]) -> list[Key]:
        """It is known under these keys from now on; returns those that were nobody's. A key of another stays
        there.
        """
        new = [key for key in keys if key.k not in self.under]
        for key in new:
            self.under[key.k] = setting_id
        for key in keys:
            if key.scheme:
                self.numbers.setdefault(setting_id, {}).setdefault(key.scheme, set()).add(key.k)
        return new

    def join(self, gone: str, kept: str) -> None:
        """One setting turned out to be the other."""
        self.under = {k: kept if one == gone else one for k, one in self.under.items()}
        for scheme, held in self.numbers.pop(gone, {}).items():
            self.numbers.setdefault(kept, {}).setdefault(scheme, set()).update(held)

    def _under(self, keys: Sequence[Key]) -> Iterator[tuple[Key, str]]:
        for key in keys:
            setting_id = self.under.get(key.k)
            if setting_id is not None and (key.is_sure or not self._is_another(setting_id, keys)):
                yield key, setting_id

    def _is_another(self, setting_id: str, keys: Sequence[Key]) -> bool:
        # An infant and a junior school, or a school and its academy: one name and place, two numbers.
        held = self.numbers.get(setting_id, {})
        telling = (key for key in keys if key.is_sure or key.scheme == PLACE)
        return any(held.get(key.scheme, {key.k}).isdisjoint({key.k}) for key in telling)

    def _standing(self, setting_id: str, on: date) -> str:
        seen = {setting_id}
        while (after := self.followed.get(setting_id)) and after.closed_on <= on:
            if after.setting_id in seen:
                break
            setting_id = after.setting_id
            seen.add(setting_id)
        return setting_id
