"""The cache of documents: good ones are kept, within bounds of number and size; bad ones never push them out."""

from __future__ import annotations

import pytest

from api.documents import Documents
from api.errors import DocumentError
from tests.api.small_graph import SCHEMA


def text(index: int, fields: int = 1) -> str:
    return f"query q{index} {{ me {{ {' '.join(['name'] * fields)} }} }}"


def test_the_same_text_is_the_same_document():
    documents = Documents(SCHEMA, production=True)
    assert documents.get(text(1)) is documents.get(text(1))
    assert documents.get(text(1)) is not documents.get(text(1) + " ")


def test_the_one_unused_for_longest_goes_first():
    documents = Documents(SCHEMA, production=True, entries=2)
    first, second = documents.get(text(1)), documents.get(text(2))
    assert documents.get(text(1)) is first
    documents.get(text(3))
    assert documents.get(text(1)) is first
    assert documents.get(text(2)) is not second


def test_large_documents_count_by_their_tokens():
    documents = Documents(SCHEMA, production=True, tokens=100)
    small = documents.get(text(1))
    documents.get(text(2, fields=50))
    assert documents.get(text(1)) is small
    documents.get(text(3, fields=90))
    assert documents.get(text(1)) is not small


def test_a_document_larger_than_the_whole_cache_is_answered_but_not_kept():
    documents = Documents(SCHEMA, production=True, tokens=20)
    assert documents.get(text(1, fields=30)) is not documents.get(text(1, fields=30))
    assert documents.get(text(2)) is documents.get(text(2))


def test_bad_documents_push_nothing_out():
    documents = Documents(SCHEMA, production=True, entries=1)
    kept = documents.get(text(1))
    for bad in ("{", "{ nothing }", "{ me { } }"):
        with pytest.raises(DocumentError):
            documents.get(bad)
    assert documents.get(text(1)) is kept


def test_development_says_as_much_as_ten_mistakes():
    with pytest.raises(DocumentError) as caught:
        Documents(SCHEMA, production=False).get("{ " + " ".join(f"zz{index}" for index in range(50)) + " }")
    assert len(caught.value.errors) == 11
    assert "error limit reached" in caught.value.errors[-1]["message"]
