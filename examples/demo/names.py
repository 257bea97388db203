"""Made-up names, occupations and employers, drawn so that common surnames are common."""

from __future__ import annotations

import random

SURNAMES: tuple[str, ...] = (
    *"王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈",
    *"姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤",
    *("欧阳", "司马", "上官", "诸葛"),
)
_MALE = "伟强磊军勇杰涛明超刚平辉鹏飞波斌浩宇轩博文志国建华俊峰海龙晨阳凯旭睿泽安宁远成林"
_FEMALE = "芳娜敏静丽娟艳秀霞燕玲桂红雪梅琳慧颖洁倩婷佳怡欣月莹蕾璐瑶宁清文安妍舒晴云若彤岚"

_WORK = (
    *(("工程师", "科技公司"), ("程序员", "科技公司"), ("教师", "中学"), ("医生", "医院"), ("护士", "医院")),
    *(("会计师", "会计师事务所"), ("律师", "律师事务所"), ("建筑师", "建筑设计院"), ("设计师", "建筑设计院")),
    *(
        ("销售经理", "商贸公司"),
        ("企业负责人", "商贸公司"),
        ("企业负责人", "食品公司"),
        ("驾驶员", "物流公司"),
    ),
    *(("公务员", ""), ("个体经营者", ""), ("农场经营者", ""), ("退休人员", "")),
)
_EMPLOYERS = ("青禾", "远帆", "云岭", "嘉木", "星河", "澄湖", "百川", "恒岳", "知行", "南风", "朗月", "新桥")

FOREIGNERS = (
    ("Anna Müller", "DEU"),
    ("James O'Connor", "IRL"),
    ("佐藤 健", "JPN"),
    ("Kim Min-jun", "KOR"),
    ("Lucía Fernández", "ESP"),
    ("Tan Wei Ling", "SGP"),
)
"""Names and nationalities of passport holders: letters beyond ASCII, apostrophes and spaces belong to life."""


def draw_name(rng: random.Random, male: bool) -> str:
    count = len(SURNAMES)
    surname = SURNAMES[rng.randrange(count) * rng.randrange(count) // count]
    characters = _MALE if male else _FEMALE
    given = rng.choice(characters)
    if rng.randrange(4):
        given += rng.choice(characters)
    return surname + given


def draw_work(rng: random.Random) -> tuple[str, str]:
    """An occupation and an employer that goes with it, or none."""
    occupation, kind = rng.choice(_WORK)
    return occupation, rng.choice(_EMPLOYERS) + kind if kind else ""
