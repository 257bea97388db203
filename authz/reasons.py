"""Why a cell is masked or withheld, in words, and what the reader can do about it."""

from __future__ import annotations

from dataclasses import dataclass

from authz.words import ReasonCode


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a person reads beside a cell that is not shown. It names no customer and no value."""

    sentence: str
    chinese: str
    article: str
    remedy: str
    remedy_chinese: str


EXPLANATIONS = {
    ReasonCode.RECUSED: Explanation(
        "This is your own or a relative's file, so you must not read it or act on it.",
        "这是您本人或亲属的资料，须回避，不得查阅或办理。",
        "4.2 回避",
        "Ask your business supervisor to have a colleague handle the customer.",
        "请由业务主管指定其他同事办理。",
    ),
    ReasonCode.PURPOSE_REQUIRED: Explanation(
        "You may see this when you say what for.",
        "说明用途后方可查看。",
        "Art. 11",
        "Ask again with a purpose from the list; it is written into the access trail.",
        "请选择用途后重新查询；用途将记入访问留痕。",
    ),
    ReasonCode.NOT_ASSIGNED: Explanation(
        "Only the customer's own manager sees this, or a colleague who stands in for him.",
        "仅该客户的客户经理或其代班人员可以查看。",
        "Art. 9, 11",
        "Ask the head of the wealth management centre for a delegation, or to be assigned to the customer.",
        "请向理财中心负责人申请代班或分配该客户。",
    ),
    ReasonCode.BASIS_REQUIRED: Explanation(
        "Your role sees this only within an open case that names this customer.",
        "您的岗位仅可在涉及该客户的已批准事项（备案、案件、客户授权、协助查询）内查看。",
        "Art. 11",
        "Open the customer from the filing, case, consent or legal request; if there is none, ask for one.",
        "请从备案、案件、客户授权或协助查询事项进入；如尚无此类事项，请先申请。",
    ),
    ReasonCode.OTHER_BRANCH: Explanation(
        "The customer belongs to another branch, and this is not shown outside it.",
        "该客户归属其他机构，资料不对外机构提供。",
        "Art. 11",
        "Ask the owning branch to serve the customer, or ask for a transfer of the owning branch.",
        "请联系归属行办理，或申请变更归属行。",
    ),
    ReasonCode.AGGREGATES_ONLY: Explanation(
        "Superior levels see totals of their subtree, not the figures of one customer.",
        "上级机构仅可查看辖内汇总数据，不得查看单个客户明细。",
        "Art. 11",
        "Use the totals, or ask the owning branch to answer for the customer.",
        "请使用汇总数据，或请归属行就该客户作出答复。",
    ),
    ReasonCode.ROLE_WITHOUT_ACCESS: Explanation(
        "Your role does not see this kind of data.",
        "您的岗位无权查看此类资料。",
        "Art. 11",
        "Ask the customer's manager for what your work needs, or the head of your institution for another role.",
        "请向客户经理索取办理业务所必需的信息，或向本机构负责人申请相应岗位。",
    ),
}
"""One explanation for every code."""
