"""The survey: what each limit counts, what it refuses, and that it stays linear on documents made to hurt."""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import Self

import pytest
from graphql import DocumentNode, SelectionNode, Visitor, get_introspection_query, parse, visit
from hypothesis import given, settings
from hypothesis import strategies as st

from api.documents import Documents
from api.errors import DocumentError
from api.limits import LIMITS, Limits, cost
from api.survey import survey
from tests.api.small_graph import SCHEMA


def measured(text: str, name: str | None = None, limits: Limits = LIMITS):
    return survey(parse(text), limits).select(name)


def nodes(text: str, **variables) -> int:
    return cost(measured(text), variables)


def broken_limit(text: str, limits: Limits = LIMITS, **variables) -> str:
    with pytest.raises(DocumentError) as caught:
        cost(measured(text, limits=limits), variables, limits)
    assert caught.value.code == "LIMIT_EXCEEDED"
    return caught.value.extensions["limit"]


def deep(levels: int) -> str:
    return "{" + "a{" * (levels - 1) + "b" + "}" * levels


def fragment_bomb(levels: int) -> str:
    chain = "".join(f"fragment f{i} on Query{{...f{i + 1} ...f{i + 1}}} " for i in range(levels))
    return f"{{...f0}} {chain} fragment f{levels} on Query{{me{{name}}}}"


@pytest.mark.parametrize(
    ("asked", "limit", "over"),
    [
        pytest.param(deep(15), "depth", deep(16), id="depth"),
        pytest.param(
            "{" + "f " * 1000 + "}", "fields", "{...f ...f} fragment f on Query{" + "f " * 501 + "}", id="fields"
        ),
        pytest.param(
            "{" + "".join(f"a{i}: f " for i in range(100)) + "}",
            "aliases",
            "{" + "".join(f"a{i}: f " for i in range(101)) + "}",
            id="aliases",
        ),
        pytest.param(
            "{f " + "@skip(if: false) " * 100 + "}", "directives", "{f " + "@skip(if: false) " * 101 + "}", id="directives"
        ),
        pytest.param("mutation{a b c d}", "mutations", "mutation{a b ...f} fragment f on M{c d e}", id="mutations"),
        pytest.param("{a(first: 10000){b}}", "nodes", "{a(first: 10001){b}}", id="nodes"),
        pytest.param("{a(first: 100){b(last: 99){c}}}", "nodes", "{a(first: 100){b(last: 100){c}}}", id="nodes nested"),
        pytest.param(
            "{a(first: 9999){" + "f " * 25 + "}}", "cells", "{a(first: 9999){" + "f " * 26 + "}}", id="cells"
        ),
        pytest.param("{a}", "nesting", "{" + "...{" * 50 + "a" + "}" * 51, id="nesting"),
        pytest.param("mutation{signIn}", "signIn", "mutation{signIn a: signIn}", id="signing in twice"),
    ],
)  # fmt: skip
def test_each_limit_holds_where_it_says(asked, limit, over):
    cost(measured(asked), {})
    assert broken_limit(over) == limit


def test_the_number_of_operations_is_limited():
    survey(parse("".join(f"query q{i}{{a}} " for i in range(10))))
    with pytest.raises(DocumentError, match="limit of 10 for operations"):
        survey(parse("".join(f"query q{i}{{a}} " for i in range(11))))


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


def test_the_refusal_says_the_limit_and_the_remedy():
    with pytest.raises(DocumentError) as caught:
        cost(measured("{a(first: 100){b(first: 1000){c}}}"), {})
    (error,) = caught.value.errors
    assert error["extensions"] == {"code": "LIMIT_EXCEEDED", "limit": "nodes", "allowed": 10_000}
    assert "smaller pages" in error["message"]


@pytest.mark.parametrize("text", ["{}", "{ me {} }", "{ ... {} }", "{ ...f } fragment f on Query {}"])
def test_an_empty_selection_is_refused(text):
    with pytest.raises(DocumentError) as caught:
        survey(parse(text))
    assert caught.value.code == "GRAPHQL_PARSE_FAILED"


@pytest.mark.parametrize("name", ["signIn", "x: signIn"])
def test_signing_in_is_counted_through_fragments_and_aliases(name):
    text = "mutation{...f ...{a: signIn}} fragment f on Mutation{...g} fragment g on Mutation{" + name + "}"
    assert broken_limit(text) == "signIn"


@pytest.mark.parametrize(
    ("text", "name", "code"),
    [
        ("query a{x} query b{x}", None, "OPERATION_NAME_REQUIRED"),
        ("query a{x} query b{x}", "c", "UNKNOWN_OPERATION"),
        ("query a{x}", "", "UNKNOWN_OPERATION"),
        ("{x}", "a", "UNKNOWN_OPERATION"),
        ("fragment f on Query{x}", None, "NO_OPERATION"),
    ],
)
def test_which_operation_runs_is_never_guessed(text, name, code):
    with pytest.raises(DocumentError) as caught:
        measured(text, name)
    assert caught.value.code == code


def test_the_named_operation_is_measured_by_itself():
    text = "query a{x(first: 5){y}} query b{__schema{types{name}}}"
    assert (measured(text, "a").nodes, measured(text, "a").introspects) == (5, False)
    assert measured(text, "b").introspects


@pytest.mark.parametrize("text", ["{__type(name: \"A\"){name}}", "{a: __schema{types{name}}}", "{...f} fragment f on Query{...{__schema{types{name}}}}"])  # fmt: skip
def test_introspection_is_seen_under_any_disguise(text):
    assert measured(text).introspects
    assert not measured("{__typename me{__typename}}").introspects


def test_the_standard_introspection_query_stays_within_the_limits():
    Documents(SCHEMA, production=False).get(get_introspection_query())


HOSTILE = {
    "fragment bomb 2^45": fragment_bomb(45),
    "chain of 240 fragments": "{...f0}"
    + "".join(f"fragment f{i} on Query{{a ...f{i + 1}}}" for i in range(240))
    + "fragment f240 on Query{a}",
    "cycle": "{...a} fragment a on Query{x ...b} fragment b on Query{y ...a ...b}",
    "200 fragments of one field": "{"
    + "".join(f"...f{i} " for i in range(190))
    + "}"
    + "".join(f"fragment f{i} on Query{{a}}" for i in range(190)),
    "every fragment spreads every later one": "{...f0}"
    + "".join(
        f"fragment f{i} on Query{{" + "".join(f"...f{j} " for j in range(i + 1, 24)) + "a}" for i in range(24)
    ),
    "one field 990 times": "{" + "a " * 990 + "}",
    "one object 490 times": "{" + "a{b}" * 490 + "}",
    "600 deep": "{" + "a{" * 600 + "b" + "}" * 601,
    "150 lists deep": "{a(x: " + "[" * 150 + "]" * 150 + ")}",
    "10,000 aliases": "{" + "".join(f"a{i}:b " for i in range(10_000)) + "}",
    "include chain": "{" + "...@include(if:true){" * 80 + "a" + "}" * 81,
    "240 directives": "{a " + "@include(if:true)" * 240 + "}",
    "pages under variables": "query($n:Int){"
    + "a(first:$n){...f}" * 60
    + "} fragment f on Q{"
    + "b(first:$n){c(first:$n){d}}" * 60
    + "}",
    "100 kB of commas": "{a" + "," * 100_000 + "}",
    "60 kB of commas": "{a" + "," * 60_000 + "}",
    "50,000 comments": "{a" + "#\n" * 50_000 + "}",
    "one comment of 60 kB": "{a#" + "x" * 60_000 + "\n}",
    "block string of 60 kB": '{a(x:"""' + "y\n" * 30_000 + '""")}',
    "unknown fields": "{" + " ".join(f"zz{i}" for i in range(990)) + "}",
    "400 variables": "query(" + "".join(f"$v{i}:Int" for i in range(400)) + "){a}",
    "200 operations": "".join(f"query q{i}{{a}}" for i in range(200)),
}


class Calls:
    """Counts the calls of functions, of Python and of C, that a block makes: work without a clock."""

    def __enter__(self) -> Self:
        self.count = 0

        def profile(frame, event, argument):
            if event in ("call", "c_call"):
                self.count += 1

        sys.setprofile(profile)
        return self

    def __exit__(self, *_exception) -> None:
        sys.setprofile(None)


class Selections(Visitor):
    """Counts the selections, arguments and definitions of a document as they are written."""

    count = 0

    def enter(self, node, *_rest):
        self.count += isinstance(node, SelectionNode) or node.kind in (
            "argument",
            "directive",
            "variable_definition",
        )


def written(document: DocumentNode) -> int:
    counter = Selections()
    visit(document, counter)
    return counter.count


@pytest.mark.parametrize(
    "name", [name for name in HOSTILE if name not in ("600 deep", "50,000 comments") and "kB" not in name]
)
def test_the_survey_does_work_in_proportion_to_the_text(name):
    document = parse(HOSTILE[name])
    with Calls() as calls, suppress(DocumentError):
        survey(document)
    assert calls.count <= 60 * written(document) + 200


def test_a_fragment_is_measured_once_however_often_it_is_spread():
    def work(levels: int) -> int:
        document = parse(fragment_bomb(levels))
        with Calls() as calls:
            survey(document, Limits(fields=2**64))
        return calls.count

    assert work(40) <= 2.2 * work(20)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_document_made_to_hurt_is_decided_with_bounded_work(name):
    """The whole decision: parse, survey, validation. 300,000 calls take 10 to 25 ms of one processor of 2024."""
    with Calls() as calls, suppress(DocumentError):
        Documents(SCHEMA, production=True).get(HOSTILE[name])
    assert calls.count <= 300_000


def test_twenty_fragments_that_share_their_fields_are_taken():
    fields = "__typename me{name rank __typename friends(first: 1){name rank}} square"
    spreads = " ".join(f"...f{index}" for index in range(20))
    fragments = " ".join(f"fragment f{index} on Query{{{fields}}}" for index in range(20))
    Documents(SCHEMA, production=False).get(f"{{{spreads}}} {fragments}")


def test_the_refusal_of_many_more_says_so():
    with pytest.raises(DocumentError) as caught:
        Documents(SCHEMA, production=True).get("{" + "me{name}" * 300 + "}")
    assert (caught.value.code, caught.value.extensions["limit"]) == ("LIMIT_EXCEEDED", "overlap")


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
