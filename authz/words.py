"""The vocabulary of permission: closed lists, and the plain records a decision needs.

Every word of `policy.csv` is one of these, or the server does not start.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    """岗位 (domain.md 4.1)."""

    ARCHIVE_KEEPER = "archive_keeper"
    AUDITOR = "auditor"
    CARD_CUSTODIAN = "card_custodian"
    CARD_SUPERVISOR = "card_supervisor"
    COMPLAINT_OFFICER = "complaint_officer"
    COMPLIANCE = "compliance"
    CUST_MGR = "cust_mgr"
    DPO = "dpo"
    EXC_APPROVER = "exc_approver"
    FILING_RECORDER = "filing_recorder"
    HQ_POLICY = "hq_policy"
    HQ_POLICY_APPR = "hq_policy_appr"
    LEGAL_APPROVER = "legal_approver"
    LEGAL_LIAISON = "legal_liaison"
    LOG_ADMIN = "log_admin"
    PARTNER_HEAD = "partner_head"
    PARTNER_STAFF = "partner_staff"
    PB_OFFICER = "pb_officer"
    SEC_ADMIN = "sec_admin"
    SYS_ADMIN = "sys_admin"
    TELLER = "teller"
    WC_HEAD = "wc_head"


class BaseRole(StrEnum):
    """What no seat holds. STAFF: every signed-in person, with or without a seat. OFFICER: inherited through `g`."""

    OFFICER = "officer"
    STAFF = "staff"


class Scope(StrEnum):
    """How far a grant reaches from the seat that gives it. RECUSED: own and relatives' files, to deny only."""

    ALL = "all"
    ASSIGNED = "assigned"
    BRANCH_AND_BELOW = "branch_and_below"
    BY_BASIS = "by_basis"
    OWN_BRANCH = "own_branch"
    RECUSED = "recused"


class Kind(StrEnum):
    """What an act is done to. `customer` covers every table that belongs to one customer."""

    ARCHIVE = "archive"
    ACCESS_RECORD = "access_record"
    CAMPAIGN = "campaign"
    CARD = "card"
    CARD_ORDER = "card_order"
    CARD_PRODUCT = "card_product"
    CARD_REPORT = "card_report"
    CUSTOMER = "customer"
    CUSTOMER_MERGE = "customer_merge"
    DESIGNATION = "designation"
    DESTRUCTION = "destruction"
    EXCEPTION = "exception"
    FILING = "filing"
    HANDOVER = "handover"
    IMPLEMENTING_RULE = "implementing_rule"
    IMPORT = "import"
    INDICATOR = "indicator"
    INSTITUTION = "institution"
    NUMBER_SEGMENT = "number_segment"
    PROPOSAL = "proposal"
    REFERENCE = "reference"
    REGISTRATION = "registration"
    SCREENING = "screening"
    STAFF = "staff"
    STANDARD = "standard"
    STOCK = "stock"
    STOCK_HANDOVER = "stock_handover"
    STOCK_MOVEMENT = "stock_movement"
    STOCKTAKE = "stocktake"
    WORK_ITEM = "work_item"


class DataClass(StrEnum):
    """数据类别 (domain.md 5.2, decisions.md 2). PUBLIC: every signed-in person."""

    ACCOUNT = "ACCOUNT"
    ASSET = "ASSET"
    AUDIT = "AUDIT"
    CONTACT = "CONTACT"
    IDENTITY_DOC = "IDENTITY_DOC"
    NAME = "NAME"
    PERSONAL = "PERSONAL"
    PUBLIC = "PUBLIC"
    RESTRICTED = "RESTRICTED"
    SERVICE = "SERVICE"
    TRANSACTION = "TRANSACTION"
    VIP_STATUS = "VIP_STATUS"


class Group(StrEnum):
    """Fields that are shown or withheld together: a section of the graph, in one data class (`g2`)."""

    ACCESS = "access"
    ACCOUNTS = "accounts"
    ASSETS = "assets"
    CONTACT = "contact"
    IDENTITY = "identity"
    NAMES = "names"
    PERSONAL = "personal"
    REFERENCE = "reference"
    RESTRICTED = "restricted"
    SERVICES = "services"
    STATUS = "status"
    TRANSACTIONS = "transactions"


class Action(StrEnum):
    """What is done. READ shows the value, READ_MASKED its mask; the rest are acts."""

    AGGREGATE = "aggregate"
    APPROVE = "approve"
    ASSIGN_MANAGER = "assign_manager"
    CANCEL = "cancel"
    CORRECT = "correct"
    COUNT = "count"
    COUNTERSIGN = "countersign"
    DELEGATE = "delegate"
    DESIGNATE = "designate"
    DIVIDE = "divide"
    EXECUTE = "execute"
    EXPLAIN = "explain"
    IMPORT = "import"
    ISSUE = "issue"
    LOOK_UP = "look_up"
    MERGE = "merge"
    MOVE = "move"
    PROPOSE = "propose"
    READ = "read"
    READ_MASKED = "read_masked"
    RECORD = "record"
    REGISTER = "register"
    REJECT = "reject"
    REPORT = "report"
    RETURN = "return"
    SCREEN = "screen"
    SET_QUOTA = "set_quota"
    SIGN = "sign"
    SUBMIT = "submit"
    SUSPEND = "suspend"
    TRANSFER_OWNER = "transfer_owner"
    VERIFY = "verify"
    WITHDRAW = "withdraw"


class Effect(StrEnum):
    """What a matching rule does. One deny outweighs every allow."""

    ALLOW = "allow"
    DENY = "deny"


class Basis(StrEnum):
    """依据. What entitles beyond the role: the path walked is the permission."""

    ASSIGNMENT = "assignment"
    CASE = "case"
    CONSENT = "consent"
    DELEGATION = "delegation"
    FILING = "filing"
    LAW = "law"


ANY = "*"
"""In a rule: every data class, or every basis."""

CELL_ACTIONS = frozenset({Action.AGGREGATE, Action.READ, Action.READ_MASKED})
"""The actions that are asked of a data class. Every other act is asked of the row: its rules write `*`."""

ORDINARY = frozenset({Basis.ASSIGNMENT, Basis.DELEGATION})
"""The bases of an ordinary read, one that walks no filing, case, consent or legal request."""


class Visibility(StrEnum):
    VISIBLE = "VISIBLE"
    MASKED = "MASKED"
    WITHHELD = "WITHHELD"
    ABSENT = "ABSENT"


class ReasonCode(StrEnum):
    """Why a cell is masked or withheld. The first that applies, in this order."""

    RECUSED = "RECUSED"
    PURPOSE_REQUIRED = "PURPOSE_REQUIRED"
    NOT_ASSIGNED = "NOT_ASSIGNED"
    BASIS_REQUIRED = "BASIS_REQUIRED"
    OTHER_BRANCH = "OTHER_BRANCH"
    AGGREGATES_ONLY = "AGGREGATES_ONLY"
    ROLE_WITHOUT_ACCESS = "ROLE_WITHOUT_ACCESS"


@dataclass(frozen=True, slots=True)
class Seat:
    """A role held now at a place. `path` is the path of the branch acted for (a centre acts for its branch).

    `level` is the institution's where it stands at that path itself, and empty where it acts for another.
    """

    role: Role
    path: str
    institution_id: UUID
    department: str = ""
    level: str = ""
    assignment_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class BasisGrant:
    """An authority beside the role: what kind, which one, and whom it concerns."""

    basis: Basis
    basis_id: UUID
    customer_id: UUID


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks: his current seats, whom he stands in for, his bases, and whose files he must not touch."""

    staff_id: UUID
    person_id: UUID
    seats: tuple[Seat, ...] = ()
    delegated: frozenset[UUID] = frozenset()
    bases: tuple[BasisGrant, ...] = ()
    recused: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class Facts:
    """What a decision may know of a row (`r.obj`). A fact that is absent reaches nothing."""

    path: str | None = None
    customer_id: UUID | None = None
    managers: frozenset[UUID] = field(default=frozenset())
