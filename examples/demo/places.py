"""The tree of 青桐银行 (Qingtong Bank, fictional): head office, branches, outlets and wealth management centres."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from examples.demo.check_digits import cnaps_code
from models.vocabulary import InstitutionKind, Level

BANK = "青桐银行"
HEAD_OFFICE = "100000"
CHENGDU = "510100"
CNAPS_BANK = "397"
"""A CNAPS bank code that, as far as we know, belongs to nobody."""

ROADS = (
    *("梧桐街", "听泉路", "望江巷", "银杏大道", "文渊路", "青石街", "白鹭路", "长亭街", "云锦路", "松风路"),
    *("明月街", "揽翠路", "桂香巷", "书院街", "清溪路", "朝阳大道"),
)

# Tier-1: code, province, CNAPS region of its seat; tier-2: code, city, CNAPS region, districts.
_PROVINCES = (
    ("510000", "四川", "6510", (
        ("510100", "成都", "6510", (("510104", "锦江"), ("510105", "青羊"), ("510107", "武侯"))),
        ("510700", "绵阳", "6590", (("510703", "涪城"), ("510704", "游仙"), ("510705", "安州"))),
        ("511500", "宜宾", "6710", (("511502", "翠屏"), ("511504", "叙州"))),
    )),
    ("320000", "江苏", "3010", (
        ("320100", "南京", "3010", (("320102", "玄武"), ("320104", "秦淮"), ("320105", "建邺"))),
        ("320500", "苏州", "3050", (("320508", "姑苏"), ("320506", "吴中"), ("320509", "吴江"))),
        ("320200", "无锡", "3020", (("320213", "梁溪"), ("320211", "滨湖"))),
    )),
    ("440000", "广东", "5810", (
        ("440100", "广州", "5810", (("440104", "越秀"), ("440105", "海珠"), ("440106", "天河"))),
        ("440600", "佛山", "5880", (("440604", "禅城"), ("440605", "南海"), ("440606", "顺德"))),
        ("440400", "珠海", "5850", (("440402", "香洲"), ("440403", "斗门"))),
    )),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """One institution. `address` is the part of a postal address that customers near it share."""

    code: str
    name: str
    level: Level
    kind: InstitutionKind
    parent: str
    cnaps: str
    admin: str
    address: str

    @property
    def is_centre(self) -> bool:
        return self.kind == InstitutionKind.WEALTH_CENTRE


def _build() -> Iterator[Place]:
    serials: dict[str, int] = {}

    def branch(code: str, name: str, level: Level, parent: str, region: str, admin: str, seat: str) -> Place:
        serials[region] = serials.get(region, 0) + 1
        cnaps = cnaps_code(CNAPS_BANK, region, serials[region])
        return Place(code, name, level, InstitutionKind.BRANCH, parent, cnaps, admin, seat)

    def centre(of: Place) -> Place:
        # A centre settles nothing itself: it has no CNAPS code of its own.
        kind = InstitutionKind.WEALTH_CENTRE
        return Place(
            f"{of.code}W", f"{of.name}个人理财中心", of.level, kind, of.code, "", of.admin, of.address
        )

    yield branch(HEAD_OFFICE, f"{BANK}总行", Level.HEAD_OFFICE, "", "1000", "110000", "北京市")
    roads = 0
    for tier1, province, seat, cities in _PROVINCES:
        yield branch(tier1, f"{province}分行", Level.TIER1, HEAD_OFFICE, seat, tier1, f"{province}省")
        for tier2, city, region, districts in cities:
            address = f"{province}省{city}市"
            second = branch(tier2, f"{city}分行", Level.TIER2, tier1, region, tier2, address)
            yield second
            yield centre(second)
            for nth, (code, district) in enumerate(districts):
                there = f"{address}{district}区"
                name = f"{city}{district}支行"
                sub = branch(code, name, Level.SUB_BRANCH, tier2, region, code, there)
                yield sub
                if nth == 0 and len(districts) == 3:
                    yield centre(sub)
                for outlet in (1, 2):
                    road = ROADS[roads % len(ROADS)]
                    roads += 1
                    yield branch(
                        f"{code}{outlet:02d}", f"{name}{road}网点", Level.OUTLET, code, region, code, there
                    )


class Tree:
    """All places, and the questions the generator asks of them."""

    def __init__(self) -> None:
        self.places = tuple(_build())
        self.by_code = {place.code: place for place in self.places}
        self.outlets = tuple(place.code for place in self.places if place.level == Level.OUTLET)
        self.centre_of = {place.parent: place.code for place in self.places if place.is_centre}
        self._outlets_under = {owner: tuple(self._under(owner)) for owner in self.centre_of}

    def _under(self, owner: str) -> Iterator[str]:
        for code in self.outlets:
            sub = self.by_code[code].parent
            if owner in (sub, self.by_code[sub].parent):
                yield code

    @property
    def owners(self) -> tuple[str, ...]:
        """Branches with a centre: only these own customers."""
        return tuple(self.centre_of)

    def outlets_under(self, owner: str) -> tuple[str, ...]:
        return self._outlets_under[owner]

    def rows(self) -> Iterator[tuple[str, ...]]:
        """Rows of institutions.csv."""
        for it in self.places:
            yield it.code, it.name, it.level.value, it.kind.value, it.parent, it.cnaps, it.admin
