"""Decoding: the encoding is found strictly, or the file is refused with a remedy."""

import contextlib
import hashlib
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.imports.decoding import decode, inspect, reader
from desk.imports.limits import Limits
from desk.imports.refusals import FileRefused

TEXT = "姓名,金额\r\n周明,１２３\r\n𠮷,㐀\r\n"


def refusal(data, encoding=None, limits=None):
    with pytest.raises(FileRefused) as refused:
        decode(data, encoding, *([limits] if limits else []))
    assert refused.value.fault.remedy.endswith(".")
    return refused.value.fault.code


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (TEXT.encode(), "utf-8"),
        (TEXT.encode("utf-8-sig"), "utf-8-sig"),
        (TEXT.encode("gb18030"), "gb18030"),
        (TEXT.encode("utf-16"), "utf-16"),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), "utf-16"),
    ],
)
def test_the_encoding_is_found(data, found):
    assert decode(data) == (TEXT, found)


def test_ascii_is_utf_8():
    assert decode(b"a,b\n") == ("a,b\n", "utf-8")


def test_valid_utf_8_wins_over_gb18030_and_can_be_overridden():
    data = "客户".encode()
    assert data.decode("gb18030") == "瀹㈡埛"
    assert decode(data) == ("客户", "utf-8")
    assert decode(data, "gb18030") == ("瀹㈡埛", "gb18030")


def test_utf_8_with_a_broken_byte_does_not_become_other_chinese():
    data = bytearray(TEXT.encode() * 3)
    data[-12] = 0xFF
    assert refusal(bytes(data)) == "DAMAGED_UTF8"
    cut = (TEXT * 3).encode() + "周".encode()[:2]
    assert refusal(cut) == "DAMAGED_UTF8"
    assert decode(cut[:-2], "utf-8")[1] == "utf-8"


@pytest.mark.parametrize(
    ("data", "encoding", "code"),
    [
        (b"\xff\xff\xff", None, "UNKNOWN_ENCODING"),
        (b"a\x00b", None, "NUL_BYTES"),
        ("a,b".encode("utf-16-le"), None, "NUL_BYTES"),
        ("a".encode("utf-32"), None, "UTF_32"),
        (b"\xef\xbb\xbf\xff", None, "WRONG_ENCODING"),
        (b"\xff\xfea", None, "WRONG_ENCODING"),
        (TEXT.encode("gb18030"), "utf-8", "WRONG_ENCODING"),
        (b"a", "latin-1", "UNKNOWN_ENCODING"),
    ],
)
def test_what_cannot_be_decoded_is_refused(data, encoding, code):
    assert refusal(data, encoding) == code


def test_sizes_are_capped():
    limits = Limits(file=1 << 21, line=1 << 10)
    assert refusal(b"a\n" * ((1 << 20) + 1), None, limits) == "FILE_TOO_LARGE"
    assert refusal(b"a" * 1025, None, limits) == "LINE_TOO_LONG"
    assert refusal(b"a\n" + b"b" * (1 << 21), None, Limits()) == "LINE_TOO_LONG"
    assert decode(b"a" * 1024 + b"\r" + b"b" * 1024, None, limits)[1] == "utf-8"


def test_a_file_is_read_in_blocks_and_its_digest_is_that_of_its_bytes():
    data = (TEXT * 60_000).encode("gb18030")
    stream = io.BytesIO(data)
    contents = inspect(stream)
    assert contents.encoding == "gb18030"
    assert contents.size == len(data)
    assert contents.digest == hashlib.sha256(data).hexdigest()
    assert reader(stream, contents.encoding).read() == TEXT * 60_000


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=200))
def test_every_text_in_utf_8_comes_back(text):
    data = text.encode()
    if not data.startswith((b"\xef\xbb\xbf", b"\xfe\xff", b"\xff\xfe")):
        assert decode(data) == (text, "utf-8")


@given(st.binary(max_size=200))
def test_no_bytes_make_decoding_crash(data):
    with contextlib.suppress(FileRefused):
        text, found = decode(data)
        assert "\0" not in text
        assert data.decode(found) == text
