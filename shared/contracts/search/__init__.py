"""Facts that search publishes."""

from shared.contracts.search.matches import (
    AboutLink,
    AboutMatch,
    AboutProfile,
    ContactChecked,
    LinkConfirmed,
    LinkRejected,
    LinkUnsure,
    MatchFound,
    MatchWithdrawn,
    ProfileJoined,
    ProfileSplit,
)
from shared.contracts.search.patterns import (
    AboutPattern,
    PatternFound,
    PatternReviewed,
    PatternWithdrawn,
)
from shared.contracts.search.pointers import (
    PointerShown,
    PointerWithdrawn,
)
from shared.contracts.search.settings import (
    LookbackMarked,
    LookbackOpened,
    LookbackSigned,
    RegisterLoaded,
    SettingChanged,
    SettingListed,
    SettingMerged,
)

__all__ = [
    "AboutLink",
    "AboutMatch",
    "AboutPattern",
    "AboutProfile",
    "ContactChecked",
    "LinkConfirmed",
    "LinkRejected",
    "LinkUnsure",
    "LookbackMarked",
    "LookbackOpened",
    "LookbackSigned",
    "MatchFound",
    "MatchWithdrawn",
    "PatternFound",
    "PatternReviewed",
    "PatternWithdrawn",
    "PointerShown",
    "PointerWithdrawn",
    "ProfileJoined",
    "ProfileSplit",
    "RegisterLoaded",
    "SettingChanged",
    "SettingListed",
    "SettingMerged",
]
