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

Seen = dict[str, frozenset[DataClass]]

SEES: dict[str, Seen] = {
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
    "officer": {"zhou": STATUS, "qian": STATUS, "feng": STATUS},
    "approver": {"zhou": STATUS, "qian": STATUS, "feng": STATUS},
}
"""With a purpose. Whoever is not named sees no customer."""

_AT_CHENGDU = frozenset({"lin", "luo", "han", "deng"})
GROUNDS = {"zhou": _AT_CHENGDU, "qian": _AT_CHENGDU, "feng": frozenset({"tang", "nan"})}
"""Who reads why an exception was asked for: managers and head of the branch, and who approves such cases above it (Art. 7)."""

PROPOSALS = {
    "CD": frozenset({"han", "wu", "deng", "approver", "secadmin", "auditor"}),
    "NJ": frozenset({"nan", "approver", "secadmin", "auditor"}),
}
"""Who sees what is proposed at an office: heads of it and above, who executes, who audits."""

RECORD_READERS = frozenset({"auditor", "compliance", "logadmin"})
"""Access records name rows by their ids, never by a value."""


def seen(actor: str, customer: str) -> frozenset[DataClass]:
    return SEES.get(actor, {}).get(customer, frozenset())
