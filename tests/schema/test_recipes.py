"""Recipes: what a document asks is drawn once, and what is kept of it has a bound."""

from __future__ import annotations

import pytest

from authz import Policy
from desk.desk import Desk
from desk.gate import plans
from desk.gate.plans import PROGRAMS
from desk.gate.profile import profile_of
from schema import recipes, schema
from schema.context import Context
from tests.conftest import NOW
from tests.schema.conftest import parse_once
from tests.schema.whole import Whole

PAGES = "query ($first: Int) { customers(first: $first) { nodes { id name { value } owner { name } } } }"
NESTED = (
    "query ($first: Int) { institutions(first: 1) { nodes { children(first: $first) { nodes { code } } } } }"
)


@pytest.fixture
def nothing_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recipes, "RECIPES", recipes.Recipes())
    PROGRAMS.clear()


async def asked(desk: Desk, document: str, **variables: object) -> None:
    answer = await schema.execute(document, variable_values=variables, context_value=Context(desk))
    assert not answer.errors, answer.errors


@pytest.mark.usefixtures("nothing_kept")
async def test_pages_of_every_size_share_their_shape(whole: Whole, policy: Policy) -> None:
    desk = await Desk.take(policy, whole.cast.staff["lin"].id, NOW)
    for first in range(1, 101):
        await asked(desk, PAGES, first=first)
    (recipe,) = recipes.RECIPES.all()
    assert len(recipe.forms) == recipes.FORMS_KEPT
    assert len({id(plan.selection.shape) for plan in recipe.forms.values()}) == 1


@pytest.mark.usefixtures("nothing_kept")
async def test_documents_that_ask_the_same_share_a_statement(whole: Whole, policy: Policy) -> None:
    desk = await Desk.take(policy, whole.cast.staff["lin"].id, NOW)
    await asked(desk, PAGES, first=2)
    await asked(desk, PAGES.replace("query ($first: Int)", "query").replace("$first", "2"))
    assert len(recipes.RECIPES.all()) == 2
    assert len(PROGRAMS.plans()) == 1


@pytest.mark.usefixtures("nothing_kept")
async def test_all_that_is_kept_has_a_bound(
    whole: Whole, policy: Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recipes, "WEIGHT_KEPT", 40)
    desk = await Desk.take(policy, whole.cast.staff["lin"].id, NOW)
    parse_once.cache_clear()
    for first in range(1, 30):
        await asked(desk, NESTED, first=first)
        await asked(desk, PAGES.replace("nodes", f"nodes{first}: nodes"), first=first)
        assert sum(recipe.weight for recipe in recipes.RECIPES.all()) == recipes.RECIPES.weight <= 40


@pytest.mark.usefixtures("nothing_kept")
async def test_conditions_of_a_profile_have_a_bound(
    whole: Whole, policy: Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the policy has forgotten and made anew is written anew: without a bound it would pile up."""
    monkeypatch.setattr(plans, "CONDITIONS_KEPT", 40)
    desk = await Desk.take(policy, whole.cast.staff["lin"].id, NOW)
    lengths = []
    for first in range(1, 20):
        policy.forget(profile_of(desk.actor).actor)
        await asked(desk, PAGES, first=first)
        (kept,) = PROGRAMS._written.values()
        lengths.append(len(kept[1].conditions))
    assert lengths[0] < lengths[1]
    assert max(lengths) <= 40 + lengths[0]


async def test_filings_within_filings_do_not_double_the_statement(whole: Whole, policy: Policy) -> None:
    """Each of them may be a basis for what is below it; a recorder's statement grows with the document and no faster."""
    desk = await Desk.take(policy, whole.cast.staff["bai"].id, NOW)
    for postgres in (False, True):
        lengths = []
        for depth in (3, 6):
            below = "membership { filings { " * depth + "customer { name { value } }" + " } }" * depth
            PROGRAMS.clear()
            await asked(desk, f"{{ filings(first: 2) {{ nodes {{ {below} }} }} }}")
            (plan,) = PROGRAMS.plans()
            lengths.append(len(PROGRAMS.of(plan, desk.view(), postgres).text))
        assert lengths[1] < 3 * lengths[0]
