"""The words that tables, imports and the graph share: one closed list for each."""

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
    INDICATOR = "INDICATOR"
    """An extra indicator of the customer's tier-1 branch, approved by head office (Art. 5)."""


class LawState(StrEnum):
    """How far a standard, campaign, indicator or implementing rule has come. APPROVED ones are law between their days."""

    DRAFT = "DRAFT"
    SUBMITTED = "SUBMITTED"
    APPROVED = "APPROVED"
    RETURNED = "RETURNED"


class LawPhase(StrEnum):
    """What it is on a given day: its state, and for an approved one whether it is law then (Notice 2)."""

    DRAFT = "DRAFT"
    SUBMITTED = "SUBMITTED"
    RETURNED = "RETURNED"
    APPROVED = "APPROVED"
    EFFECTIVE = "EFFECTIVE"
    SUPERSEDED = "SUPERSEDED"


class ConsentKind(StrEnum):
    VOLUNTARY = "VOLUNTARY"
    DISCLOSURE = "DISCLOSURE"


class ConsentForm(StrEnum):
    WRITTEN = "WRITTEN"
    ELECTRONIC = "ELECTRONIC"


class MembershipState(StrEnum):
    """会员资格的状态 (domain.md 3). ACTIVE only by a recorded filing or an approved exception.

    ACTIVE, REVIEW_DUE and SUSPENDED are members; REVIEW_DUE is one whose term ends soon. The last five are over.
    """

    APPLIED = "APPLIED"
    EVALUATED = "EVALUATED"
    FILING = "FILING"
    EXCEPTION_PENDING = "EXCEPTION_PENDING"
    ACTIVE = "ACTIVE"
    REVIEW_DUE = "REVIEW_DUE"
    SUSPENDED = "SUSPENDED"
    REJECTED = "REJECTED"
    WITHDRAWN = "WITHDRAWN"
    CANCELLED = "CANCELLED"
    EXPIRED = "EXPIRED"
    DECEASED = "DECEASED"


MEMBERS = (MembershipState.ACTIVE, MembershipState.REVIEW_DUE, MembershipState.SUSPENDED)
"""The states of whoever is a VIP customer."""


class CancellationCause(StrEnum):
    """取消资格的事由 (Art. 16): 恶意透支, 拖欠贷款, 其他损害本行利益的行为."""

    MALICIOUS_OVERDRAFT = "MALICIOUS_OVERDRAFT"
    LOAN_ARREARS = "LOAN_ARREARS"
    HARM_TO_BANK = "HARM_TO_BANK"


class InvitationState(StrEnum):
    """邀请 (客户自愿): what the customer answered when he was asked."""

    OPEN = "OPEN"
    ACCEPTED = "ACCEPTED"
    DECLINED = "DECLINED"


class FilingState(StrEnum):
    """WITHDRAWN: the membership ended, on the customer's wish or otherwise, before anybody decided."""

    SUBMITTED = "SUBMITTED"
    RECORDED = "RECORDED"
    RETURNED = "RETURNED"
    WITHDRAWN = "WITHDRAWN"


class ExceptionCategory(StrEnum):
    """放宽标准的四类客户 (Art. 7): 重大贡献, 知名人士, 企业负责人, 有潜力的客户."""

    MAJOR_CONTRIBUTOR = "MAJOR_CONTRIBUTOR"
    PUBLIC_FIGURE = "PUBLIC_FIGURE"
    ENTERPRISE_HEAD = "ENTERPRISE_HEAD"
    POTENTIAL = "POTENTIAL"


class ExceptionState(StrEnum):
    SUBMITTED = "SUBMITTED"
    APPROVED = "APPROVED"
    REJECTED = "REJECTED"
    RETURNED = "RETURNED"
    WITHDRAWN = "WITHDRAWN"


class HandoverState(StrEnum):
    """交接: drawn up, signed by receiver and witness, carried out at its second; or called off before."""

    DRAWN_UP = "DRAWN_UP"
    SIGNED = "SIGNED"
    DONE = "DONE"
    CALLED_OFF = "CALLED_OFF"


class MergeState(StrEnum):
    """Whether two customer rows are one person: proposed, decided by another, and split again if it was wrong."""

    PROPOSED = "PROPOSED"
    MERGED = "MERGED"
    REFUSED = "REFUSED"
    SPLIT_PROPOSED = "SPLIT_PROPOSED"
    SPLIT = "SPLIT"


class MonthStep(StrEnum):
    """The steps of a monthly run, in order. DONE is the last."""

    IMPORT = "IMPORT"
    SCREEN = "SCREEN"
    RENEWALS = "RENEWALS"
    WORKLIST = "WORKLIST"
    DONE = "DONE"


class WorkKind(StrEnum):
    """待办. Why a customer is on his manager's list for the month."""

    NEWLY_ELIGIBLE = "NEWLY_ELIGIBLE"
    NO_LONGER_ELIGIBLE = "NO_LONGER_ELIGIBLE"
    NEAR_MISS = "NEAR_MISS"
    TERM_ENDING = "TERM_ENDING"
    MISSING_DATA = "MISSING_DATA"


class WorkState(StrEnum):
    OPEN = "OPEN"
    DONE = "DONE"
    SUPERSEDED = "SUPERSEDED"


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
    INTERRUPTED = "INTERRUPTED"


class ScreeningState(StrEnum):
    RUNNING = "RUNNING"
    DONE = "DONE"
