"""The survey: what each limit counts, what it refuses, and that it stays linear on documents made to hurt."""

from __future__ import annotations

from contextlib import suppress

import pytest
from graphql import DocumentNode, SelectionNode, Visitor, get_introspection_query, parse, visit

from api.documents import Documents
from api.errors import DocumentError
from api.limits import Limits, cost
from api.survey import survey
from tests.api.small_graph import SCHEMA
from tests.api.surveying import Calls, broken_limit, measured


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
