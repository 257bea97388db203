"""Names of persons: one way to write a minority name, every Han ideograph, and nothing that only looks like a letter."""

from __future__ import annotations

import contextlib
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.names import LOOK_ALIKES, BadName, customer_name, with_middle_dots


@pytest.mark.parametrize("dot", LOOK_ALIKES)
def test_each_look_alike_becomes_the_middle_dot_and_is_refused_as_it_is(dot):
    assert with_middle_dots(f"阿卜杜{dot}热合曼") == "阿卜杜·热合曼"
    with pytest.raises(BadName):
        customer_name(f"阿卜杜{dot}热合曼")


def test_blanks_beside_the_dot_go_and_others_stay():
    assert with_middle_dots("阿卜杜 ·\u3000热 合曼") == "阿卜杜·热 合曼"
    assert with_middle_dots("Anne O'Neill") == "Anne O'Neill"


@pytest.mark.parametrize("code", [0x3400, 0x4E00, 0x20000, 0x2CC56, 0x2CEB1, 0x30EDE, 0x323AF, 0x33479])
def test_every_plane_of_han_ideographs_has_names(code):
    assert customer_name(f"王{chr(code)}") == f"王{chr(code)}"


@given(st.text(max_size=12))
def test_what_is_a_name_is_written_in_one_way(text):
    with contextlib.suppress(BadName):
        name = customer_name(text)
        assert name == text == with_middle_dots(text) == unicodedata.normalize("NFC", text)
    once = with_middle_dots(text)
    assert with_middle_dots(once) == once
