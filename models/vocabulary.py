"""The words that tables, imports and the graph share: one closed list for each."""

from __future__ import annotations

from enum import StrEnum


class Level(StrEnum):
    """机构层级. The level of an institution in the bank's tree."""

    HEAD_OFFICE = "HEAD_OFFICE"
    TIER1 = "TIER1"
    TIER2 = "TIER2"
    SUB_BRANCH = "SUB_BRANCH"
    OUTLET = "OUTLET"


class InstitutionKind(StrEnum):
    """A branch of the line, or a wealth management centre (个人理财中心) that hangs under one."""

    BRANCH = "BRANCH"
    WEALTH_CENTRE = "WEALTH_CENTRE"


class Department(StrEnum):
    """部门. The department of an institution a person is assigned to."""

    PERSONAL_BANKING = "PERSONAL_BANKING"
    WEALTH_CENTRE = "WEALTH_CENTRE"
    OPERATIONS = "OPERATIONS"
    PERSONAL_CREDIT = "PERSONAL_CREDIT"
    INTERNATIONAL = "INTERNATIONAL"
    BANK_CARDS = "BANK_CARDS"
    E_BANKING = "E_BANKING"
    LEGAL_COMPLIANCE = "LEGAL_COMPLIANCE"
    INTERNAL_AUDIT = "INTERNAL_AUDIT"
    TECHNOLOGY = "TECHNOLOGY"


class IdentityKind(StrEnum):
    """证件种类 (Annex 2). The kind of an identity document."""

    RESIDENT_ID = "RESIDENT_ID"
    PASSPORT = "PASSPORT"
    MILITARY_ID = "MILITARY_ID"
    ARMED_POLICE_ID = "ARMED_POLICE_ID"
    TRAVEL_PERMIT = "TRAVEL_PERMIT"
    HOUSEHOLD_REGISTER = "HOUSEHOLD_REGISTER"
    OTHER = "OTHER"


class Gender(StrEnum):
    MALE = "MALE"
    FEMALE = "FEMALE"


class AccountKind(StrEnum):
    SAVINGS = "SAVINGS"
    TERM_DEPOSIT = "TERM_DEPOSIT"
    CARD = "CARD"


class HolderRole(StrEnum):
    """OWNER: the figures are his. JOINT: a co-holder. DISPONENT: may dispose, owns nothing (decisions.md 27)."""

    OWNER = "OWNER"
    JOINT = "JOINT"
    DISPONENT = "DISPONENT"


class BalanceKind(StrEnum):
    DAY_END = "DAY_END"
    MONTH_AVERAGE = "MONTH_AVERAGE"


class Direction(StrEnum):
    CREDIT = "CREDIT"
    DEBIT = "DEBIT"


class LoanClass(StrEnum):
    """贷款五级分类. NORMAL is the only good one."""

    NORMAL = "NORMAL"
    SPECIAL_MENTION = "SPECIAL_MENTION"
    SUBSTANDARD = "SUBSTANDARD"
    DOUBTFUL = "DOUBTFUL"
    LOSS = "LOSS"


class DayKind(StrEnum):
    """HOLIDAY: closed. WORKING_DAY_SWAP: a weekend day that is worked. IN_LIEU: a weekday that is not."""

    HOLIDAY = "HOLIDAY"
    WORKING_DAY_SWAP = "WORKING_DAY_SWAP"
    IN_LIEU = "IN_LIEU"


class Tier(StrEnum):
    """VIP级别 (Art. 2). Head-office tier wins over branch tier."""

    HEAD_OFFICE = "HEAD_OFFICE"
    BRANCH = "BRANCH"


class Combine(StrEnum):
    """Whether one criterion suffices (ANY) or every one must be met (ALL)."""

    ANY = "ANY"
    ALL = "ALL"


class AveragingRule(StrEnum):
    """How the monthly average of savings is taken (decisions.md 23)."""

    DAILY_12 = "daily_12"
    MONTH_END_12 = "month_end_12"
    SINCE_OPENING = "since_opening"


class CriterionKind(StrEnum):
    AVERAGE_SAVINGS = "AVERAGE_SAVINGS"
    LOAN_BALANCE = "LOAN_BALANCE"
    SPEND = "SPEND"


class StandardState(StrEnum):
    DRAFT = "DRAFT"
    SUBMITTED = "SUBMITTED"
    APPROVED = "APPROVED"
    SUPERSEDED = "SUPERSEDED"


class ConsentKind(StrEnum):
    VOLUNTARY = "VOLUNTARY"
    DISCLOSURE = "DISCLOSURE"


class ConsentForm(StrEnum):
    WRITTEN = "WRITTEN"
    ELECTRONIC = "ELECTRONIC"


class MembershipState(StrEnum):
    """会员资格的状态 (domain.md 3). ACTIVE only by a recorded filing or an approved exception."""

    PROSPECT = "PROSPECT"
    APPLIED = "APPLIED"
    EVALUATED = "EVALUATED"
    FILING = "FILING"
    ACTIVE = "ACTIVE"
    WITHDRAWN = "WITHDRAWN"
    CANCELLED = "CANCELLED"
    EXPIRED = "EXPIRED"


class FilingState(StrEnum):
    DRAFT = "DRAFT"
    SUBMITTED = "SUBMITTED"
    RECORDED = "RECORDED"
    RETURNED = "RETURNED"


class ArchiveState(StrEnum):
    BUILDING = "BUILDING"
    ACTIVE = "ACTIVE"
    CLOSED = "CLOSED"


class ProposalState(StrEnum):
    PROPOSED = "PROPOSED"
    EXECUTED = "EXECUTED"
    REFUSED = "REFUSED"


class ProposalKind(StrEnum):
    """What a head proposes and sec_admin executes (decisions.md 8)."""

    GRANT = "GRANT"
    TRANSFER = "TRANSFER"
    END = "END"
    PASSWORD_RESET = "PASSWORD_RESET"
    UNLOCK = "UNLOCK"


class ImportState(StrEnum):
    RUNNING = "RUNNING"
    DONE = "DONE"
    REFUSED = "REFUSED"


class ScreeningState(StrEnum):
    RUNNING = "RUNNING"
    DONE = "DONE"
