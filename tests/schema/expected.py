"""Who may see what of whom in the whole bank, written by hand from domain.md 5.3 and not from the policy."""

from __future__ import annotations

from authz import DataClass

STATUS = frozenset({DataClass.VIP_STATUS})
NAMED = STATUS | {DataClass.NAME}
FIGURES = frozenset({DataClass.ACCOUNT, DataClass.ASSET, DataClass.TRANSACTION})
COLLEAGUE = NAMED | {DataClass.SERVICE}
HEAD = COLLEAGUE | FIGURES | {DataClass.IDENTITY_DOC}
MANAGER = HEAD | {DataClass.CONTACT, DataClass.PERSONAL}
KEEPER = NAMED | {DataClass.IDENTITY_DOC}
EVIDENCE = NAMED | {DataClass.ASSET}

SEES: dict[str, dict[str, frozenset[DataClass]]] = {
    "lin": {"zhou": MANAGER, "qian": COLLEAGUE},
    "luo": {"zhou": COLLEAGUE, "qian": MANAGER},
    "tang": {"feng": MANAGER},
    "han": {"zhou": HEAD, "qian": HEAD},
    "nan": {"feng": HEAD},
    "gao": {"zhou": KEEPER, "qian": KEEPER},
    "wu": {"zhou": STATUS, "qian": STATUS},
    # Qian's filing is open before Bai's department; Bo is of another one.
    "bai": {"zhou": STATUS, "qian": EVIDENCE},
    "bo": {"zhou": STATUS, "qian": STATUS},
    "cheng": {"zhou": STATUS, "qian": STATUS},
    # Qian's exception is open before his.
    "deng": {"zhou": STATUS, "qian": EVIDENCE},
    "pan": {"zhou": STATUS, "qian": STATUS},
    "officer": {"zhou": STATUS, "qian": STATUS, "feng": STATUS},
    "approver": {"zhou": STATUS, "qian": STATUS, "feng": STATUS},
}
"""With a purpose. Whoever is not named sees no customer."""

_AT_CHENGDU = frozenset({"lin", "luo", "han", "deng"})
GROUNDS = {"zhou": _AT_CHENGDU, "qian": _AT_CHENGDU, "feng": frozenset({"tang", "nan"})}
"""Who reads why an exception was asked for: managers and head of the branch, and who approves such cases above it (Art. 7)."""

PROPOSALS = {
    "CD": frozenset({"han", "wu", "deng", "pan", "approver", "secadmin", "auditor"}),
    "NJ": frozenset({"nan", "approver", "secadmin", "auditor"}),
}
"""Who sees what is proposed at an office: heads of it and above, who executes, who audits."""

_ABOVE_CHENGDU = frozenset({"cheng", "deng", "pan", "officer", "approver"})
_OFFICERS = {
    "CD": _ABOVE_CHENGDU | {"wu", "bai", "bo"},
    "SC": _ABOVE_CHENGDU,
    "NJ": frozenset({"officer", "approver"}),
    "JS": frozenset({"officer", "approver"}),
}
"""Superior levels: of whom anything is written for their subtree."""
_AUDIT = frozenset({"auditor"})
_MANAGERS = {"CD": frozenset({"lin", "luo", "han"}), "NJ": frozenset({"tang", "nan"})}
_KEEPERS = {
    "CD": frozenset({"he", "zhao"}),
    "NJ": frozenset({"qi", "yue"}),
    "SC": frozenset({"ku", "jian"}),
    "JS": frozenset({"mo", "bian"}),
}


def _readers(owner: str, tier1: str, head: str, counter: frozenset[str]) -> dict[str, frozenset[str]]:
    stock = _KEEPERS[tier1] | _OFFICERS[tier1] | _AUDIT
    return {
        "CARD": _MANAGERS[owner] | _KEEPERS[owner] | _OFFICERS[owner],
        "HOLDER": _MANAGERS[owner] | _KEEPERS[owner],
        "WORDS": _MANAGERS[owner],
        "CENTRE": _KEEPERS[owner] | {head} | _OFFICERS[owner] | _AUDIT,
        "BRANCH": stock,
        # A partner department's head approves what is cut at his branch.
        "LIST": stock | ({"zhang"} if tier1 == "SC" else set()),
        "REPORT": counter | _OFFICERS[owner],
    }


_CHENGDU = _readers("CD", "SC", "han", frozenset({"teller"}))
READERS = {
    "zhou": _CHENGDU,
    "qian": _CHENGDU,
    "feng": _readers("NJ", "JS", "nan", frozenset({"tang", "nan", "qi", "yue"})),
}
"""Of whose card: who reads how it stands, whose it is, and why it changed; and who reads the books of the centre that keeps
it, of the branch above, what was cut there, and what was reported at a counter (Notice 4, Annex 1)."""

RECORD_READERS = frozenset({"auditor", "compliance", "logadmin"})
"""Access records name rows by their ids, never by a value."""


def reads(actor: str, customer: str) -> frozenset[str]:
    """The readers of READERS among whom he is."""
    return frozenset(reader for reader, names in READERS[customer].items() if actor in names)


def seen(actor: str, customer: str) -> frozenset[DataClass]:
    return SEES.get(actor, {}).get(customer, frozenset())
