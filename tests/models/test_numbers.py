"""Numbers that carry their own proof: the vectors of domain.md 7, and that one mistyped digit is caught."""

import contextlib
import datetime as dt

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from models import numbers
from models.errors import Refusal
from models.money import UnknownCurrency
from models.vocabulary import Gender

TODAY = dt.date(2026, 1, 31)
RESIDENT = "11010519491231002X"
digit = st.sampled_from("0123456789")


def _replaced(text, place, letter):
    return text[:place] + letter + text[place + 1 :]


def test_a_resident_id_is_read():
    read = numbers.resident_id(RESIDENT, TODAY)
    assert read == numbers.ResidentId(RESIDENT, "110105", dt.date(1949, 12, 31), Gender.FEMALE)
    assert numbers.resident_id("440524188001010014", TODAY).born == dt.date(1880, 1, 1)
    assert numbers.resident_id("440524188001010014", TODAY).gender is Gender.MALE


def test_a_small_x_and_the_fifteen_digit_number_are_the_same_person():
    assert numbers.resident_id(RESIDENT.lower(), TODAY).number == RESIDENT
    assert numbers.resident_id("110105491231002", TODAY).number == RESIDENT


@pytest.mark.parametrize(
    "text",
    [
        "110105194912310021",
        "",
        "1101051949123100",
        "１１０１０５１９４９１２３１００２Ｘ",
        "110105194912310٠2X",
        "11010519491231002Ⅹ",
        "1101051949123100-X",
        "110105194902300021",
        "110105491331002",
        " 11010519491231002X",
    ],
)
def test_a_bad_resident_id_is_refused(text):
    with pytest.raises(numbers.BadResidentId) as refused:
        numbers.resident_id(text, TODAY)
    assert refused.value.code == "BAD_RESIDENT_ID"
    assert text not in refused.value.message or not text


def test_nobody_is_born_after_the_given_day():
    born = numbers._with_check("11010520260131001")
    assert numbers.resident_id(born, TODAY).born == TODAY
    with pytest.raises(numbers.BadResidentId):
        numbers.resident_id(born, TODAY - dt.timedelta(days=1))


@given(st.integers(0, 16), digit)
def test_a_mistyped_digit_of_a_resident_id_is_caught(place, letter):
    assume(RESIDENT[place] != letter)
    with pytest.raises(numbers.BadResidentId):
        numbers.resident_id(_replaced(RESIDENT, place, letter), TODAY)


@given(st.dates(dt.date(1880, 1, 1), TODAY), st.integers(0, 999), st.integers(110000, 659999))
def test_every_well_formed_resident_id_is_read_back(born, serial, admin):
    number = numbers._with_check(f"{admin}{born:%Y%m%d}{serial:03d}")
    read = numbers.resident_id(number, TODAY)
    assert (read.number, read.born, read.admin_code) == (number, born, str(admin))
    assert (read.gender is Gender.MALE) == bool(serial % 2)


def test_a_mobile_number_is_stored_with_its_country():
    assert numbers.mobile("13800138000") == "+8613800138000"
    assert numbers.mobile("+8619200138000") == "+8619200138000"


@pytest.mark.parametrize(
    "text",
    [
        "12800138000",
        "1380013800",
        "138001380000",
        "１３８００１３８０００",
        "138 0013 8000",
        "8613800138000",
        "13800138000\n",
        "",
    ],
)
def test_a_bad_mobile_number_is_refused(text):
    with pytest.raises(numbers.BadMobile):
        numbers.mobile(text)


def test_a_bank_card_is_accepted():
    assert numbers.bank_card("4111111111111111") == "4111111111111111"


@pytest.mark.parametrize(
    "text",
    [
        "4111111111111112",
        "411111111111",
        "4" * 20,
        "４１１１１１１１１１１１１１１１",
        "4111 1111 1111 1111",
        "",
    ],
)
def test_a_bad_bank_card_is_refused(text):
    with pytest.raises(numbers.BadCardNumber):
        numbers.bank_card(text)


@given(st.integers(0, 15), digit)
def test_a_mistyped_digit_of_a_card_is_caught(place, letter):
    assume("4111111111111111"[place] != letter)
    with pytest.raises(numbers.BadCardNumber):
        numbers.bank_card(_replaced("4111111111111111", place, letter))


@pytest.mark.parametrize("text", ["105100000017", "102100099996", "313651027012"])
def test_a_cnaps_code_is_accepted(text):
    assert numbers.cnaps_code(text) == text


@pytest.mark.parametrize(
    "text", ["105100000018", "10510000001", "１０５１０００００００１７", "1051000000170", "10510000001X", ""]
)
def test_a_bad_cnaps_code_is_refused(text):
    with pytest.raises(numbers.BadCnapsCode):
        numbers.cnaps_code(text)


@given(st.sampled_from(["105100000017", "102100099996", "313651027012"]), st.integers(0, 11), digit)
def test_a_mistyped_digit_of_a_cnaps_code_is_caught(code, place, letter):
    assume(code[place] != letter)
    with pytest.raises(numbers.BadCnapsCode):
        numbers.cnaps_code(_replaced(code, place, letter))


def test_a_credit_code_is_accepted():
    assert numbers.credit_code("911100001000044477") == "911100001000044477"


@given(st.integers(0, 17), st.sampled_from("0123456789ABCDEFGHJKLMNPQRTUWXY"))
def test_a_mistyped_character_of_a_credit_code_is_caught(place, letter):
    code = "911100001000044477"
    assume(code[place] != letter)
    with pytest.raises(numbers.BadCreditCode):
        numbers.credit_code(_replaced(code, place, letter))


@pytest.mark.parametrize(
    "text", ["91110000100004447I", "91110000100004447", "911100001000044477 ", "", "9１1100001000044477"]
)
def test_a_bad_credit_code_is_refused(text):
    with pytest.raises(numbers.BadCreditCode):
        numbers.credit_code(text)


def test_an_admin_code_is_six_digits():
    assert numbers.admin_code("510100") == "510100"
    for text in ("010100", "51010", "5101000", "５１０１００", ""):
        with pytest.raises(numbers.BadAdminCode):
            numbers.admin_code(text)


def test_a_currency_is_a_known_iso_code():
    assert numbers.currency("CNY") == "CNY"
    with pytest.raises(UnknownCurrency):
        numbers.currency("RMB")


@given(st.text(max_size=20))
def test_no_text_makes_a_validator_crash(text):
    for validator in (
        numbers.mobile,
        numbers.bank_card,
        numbers.cnaps_code,
        numbers.credit_code,
        numbers.admin_code,
        numbers.currency,
        lambda number: numbers.resident_id(number, TODAY),
    ):
        with contextlib.suppress(Refusal):
            validator(text)
