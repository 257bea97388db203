"""The bank's tree: one head office, the regions as tier-1, the districts as tier-2, a wealth centre in each."""

from __future__ import annotations

from collections.abc import Iterator

from examples.csv_files import Row
from examples.pkdd99.codes import HEAD_OFFICE, centre_code, district_code, region_code
from examples.pkdd99.source import Source
from models.vocabulary import InstitutionKind, Level


def region_codes(source: Source) -> dict[str, str]:
    """The code of each region, numbered in the order district.asc names them."""
    regions = dict.fromkeys(district.region for district in source.districts)
    return {region: region_code(place) for place, region in enumerate(regions, start=1)}


def institution_rows(source: Source) -> Iterator[Row]:
    """Parents before children."""
    regions = region_codes(source)
    yield _row(HEAD_OFFICE, "捷克银行总行", Level.HEAD_OFFICE, InstitutionKind.BRANCH, "")
    for region, code in regions.items():
        yield _row(code, f"{region} 一级分行", Level.TIER1, InstitutionKind.BRANCH, HEAD_OFFICE)
    for district in source.districts:
        code = district_code(district.id)
        name, parent = f"{district.name} 分行", regions[district.region]
        yield _row(code, name, Level.TIER2, InstitutionKind.BRANCH, parent)
        name = f"{district.name} 个人理财中心"
        yield _row(centre_code(district.id), name, Level.TIER2, InstitutionKind.WEALTH_CENTRE, code)


def _row(code: str, name: str, level: Level, kind: InstitutionKind, parent: str) -> Row:
    return {"code": code, "name": name, "level": level.value, "kind": kind.value, "parent_code": parent}
