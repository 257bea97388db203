"""The survey: what a document costs, by the rows that its pages may bring."""

from __future__ import annotations

import pytest
from graphql import parse
from hypothesis import given, settings
from hypothesis import strategies as st

from api.errors import DocumentError
from api.limits import LIMITS, Limits, cost
from api.survey import survey
from tests.api.surveying import Calls, broken_limit, measured


def nodes(text: str, **variables) -> int:
    return cost(measured(text), variables)


@pytest.mark.parametrize(
    ("text", "variables", "expected"),
    [
        pytest.param("{me{name}}", {}, 1, id="one object"),
        pytest.param("{a{x} b{x} c}", {}, 2, id="leaves are no object"),
        pytest.param("{a(first: 10){b(first: 5){c}}}", {}, 60, id="product down a path"),
        pytest.param("{a(first: 10){x} b(last: 5){x}}", {}, 15, id="sum across paths"),
        pytest.param("{a(first: 10){edges{node{b(first: 5){c}}}}}", {}, 60, id="through a connection"),
        pytest.param("query($n: Int){a(first: $n){x}}", {"n": 30}, 30, id="variable"),
        pytest.param("query($n: Int = 40){a(first: $n){x}}", {}, 40, id="default"),
        pytest.param("query($n: Int = 40){a(first: $n){x}}", {"n": None}, 1, id="null beats the default"),
        pytest.param("query($n: Int){a(first: $n){b(first: 10){c(first: $n){x}}}}", {"n": 7}, 7 + 70 + 490, id="mixed"),
        pytest.param("query($n: Int){a(first: 10, last: $n){x}}", {"n": 20}, 20, id="both: the larger"),
        pytest.param("query($n: Int){a(first: $n){x}}", {"n": -50}, 1, id="negative does not lower the sum"),
        pytest.param("{a(first: -50){x} b(first: 0){x}}", {}, 2, id="literal negative and zero"),
        pytest.param("query($n: Int){a(first: $n){x}}", {"n": 50.0}, 50, id="50.0 is an Int for GraphQL"),
        pytest.param("query($n: Int){a(first: $n){x}}", {"n": "50"}, 1, id="a string is refused later"),
        pytest.param("query($n: Int){a(first: $n){x}}", {"n": True}, 1, id="so is true"),
        pytest.param('{a(first: "50"){x} b(last: null){x}}', {}, 2, id="so are literals of other kinds"),
        pytest.param(
            "{a(first: 3){...f} b(first: 4){...f}} fragment f on T{c(first: 10){x}}", {}, 3 + 30 + 4 + 40, id="fragment"
        ),
        pytest.param("{a(first: 9){x @skip(if: true)} b(first: 2) @skip(if: true){x}}", {}, 11, id="skipped counts"),
    ],
)  # fmt: skip
def test_the_cost_of(text, variables, expected):
    assert nodes(text, **variables) == expected


@pytest.mark.parametrize("size", [10**9, 10**30, 1e30])
def test_a_huge_page_is_refused_whatever_its_type_would_say(size):
    assert broken_limit("query($n: Int){a(first: $n){x}}", n=size) == "nodes"


@pytest.mark.parametrize("digits", [9, 30, 5000])
def test_a_huge_literal_page_is_refused(digits):
    assert broken_limit("{a(first: 1" + "0" * digits + "){x}}") == "nodes"


def test_pages_under_variables_are_added_up_in_proportion_too():
    shape = measured(
        "query($n:Int){" + "a(first:$n){b(first:$n){c(first:$n){d}}}" * 60 + "}",
        limits=Limits(nodes=10**9, cells=10**9),
    )
    with Calls() as calls:
        cost(shape, {"n": 10}, Limits(nodes=10**9, cells=10**9))
    assert calls.count <= 180 * 20


# Random documents against the plain definition: expand, then count.

names = st.sampled_from(["a", "b", "c"])
sizes = st.sampled_from(["", "(first: 2)", "(last: 3)", "(first: $n)"])
selection = st.recursive(
    names,
    lambda inner: st.builds(
        lambda name, size, parts: f"{name}{size}{{{' '.join(parts)}}}", names, sizes, st.lists(inner, min_size=1, max_size=3)
    )
    | st.builds(lambda parts: f"...{{{' '.join(parts)}}}", st.lists(inner, min_size=1, max_size=3)),
    max_leaves=8,
)  # fmt: skip


@given(st.lists(st.lists(selection, min_size=1, max_size=3), min_size=1, max_size=4), st.data())
@settings(max_examples=150, deadline=None)
def test_the_survey_counts_what_the_expanded_document_holds(bodies, data):
    texts = []
    for index, parts in enumerate(bodies):
        later = st.integers(index + 1, len(bodies) - 1) if index + 1 < len(bodies) else st.nothing()
        spreads = data.draw(st.lists(later, max_size=2)) if index + 1 < len(bodies) else []
        texts.append(" ".join([*parts, *(f"...f{spread}" for spread in spreads)]))
    document = parse(
        f"query($n: Int){{{texts[0]}}}"
        + "".join(f"fragment f{i} on Q{{{text}}}" for i, text in enumerate(texts) if i)
    )
    unlimited = Limits(**dict.fromkeys(("depth", "fields", "nodes", "cells", "nesting"), 10**9))
    shape = survey(document, unlimited).select(None)
    fragments = {f.name.value: f.selection_set for f in document.definitions[1:]}
    top, rows = expanded(document.definitions[0].selection_set, fragments, 5)
    assert cost(shape, {"n": 5}, unlimited) == top + rows


def expanded(selection_set, fragments, n) -> tuple[int, int]:
    """(objects at the top that are no page, rows of all pages), by writing everything out."""
    single, rows = 0, 0
    for node in selection_set.selections:
        if node.kind == "field":
            if node.selection_set is None:
                continue
            _, below = expanded(node.selection_set, fragments, n)
            if not node.arguments:
                single, rows = single + 1, rows + below
            else:
                value = node.arguments[0].value
                rows += (n if value.kind == "variable" else int(value.value)) * (1 + below)
        else:
            inner = fragments[node.name.value] if node.kind == "fragment_spread" else node.selection_set
            more, below = expanded(inner, fragments, n)
            single, rows = single + more, rows + below
    return single, rows


def test_what_is_heavy_counts_as_many_cells():
    """An explanation takes as long as a page of thousands of cells; a dozen fit in one request."""
    many = " ".join(f"e{number}: explain {{ visibility }}" for number in range(13))
    fits = " ".join(f"e{number}: explain {{ visibility }}" for number in range(12))
    document = survey(parse(f"{{ {fits} }}"), LIMITS)
    assert cost(document.select(None), {}) == 12
    with pytest.raises(DocumentError, match="250000 for cells"):
        cost(survey(parse(f"{{ {many} }}"), LIMITS).select(None), {})


def test_a_list_without_a_page_counts_as_one():
    """Else a membership's filings, each with that membership, would multiply for nothing."""
    nested = "{ membership { filings { state } } }"
    for _ in range(3):
        nested = f"{{ membership {{ filings {nested} }} }}"
    with pytest.raises(DocumentError, match="10000 for nodes"):
        cost(survey(parse(f"{{ filings(first: 1) {{ nodes {nested} }} }}"), LIMITS).select(None), {})
    once = survey(parse("{ filings(first: 2) { nodes { membership { filings { state } } } } }"), LIMITS)
    assert cost(once.select(None), {}) == 2 * (1 + 10)
