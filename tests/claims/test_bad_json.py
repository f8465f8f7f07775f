"""Wrong claims handed in as JSON text: the error has line and column and underlines what is wrong."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policyengine.claim import Claim, Document, History, locate, value_of
from policyengine.claim.scan import scan
from policyengine.errors import ClaimError
from tests.claims.support import SOUND, changed, pretty, refusal, refused_text, underlined, without

SOUND_TEXT = pretty(SOUND)

BROKEN: list[tuple[str, str, str, str, str]] = [
    # what stands in the sound text, what stands there instead, code, message, underlined
    ('"800.00"', "NaN", "E503", "NaN is not a number", "NaN"),
    ('"800.00"', "-Infinity", "E503", "-Infinity is not a number", "-Infinity"),
    ('"800.00"', "1e400", "E503", "the number 1e400 has an exponent", "1e400"),
    ('"800.00"', "1E+999999", "E503", "the number 1E+999999 has an exponent", "1E+999999"),
    ('"800.00"', "8" * 25, "E503", "a number of 25 characters", "8" * 25),
    ('"800.00"', "800." + "0" * 30, "E503", "a number of 34 characters", "800." + "0" * 30),
    ('"800.00"', "１２", "E501", "`１` is not expected here", "１"),
    ('"800.00"', "0800", "E501", "`8` is not expected here", "8"),
    ('"800.00"', "+800", "E501", "`+` is not expected here", "+"),
    ('"800.00"', ".5", "E501", "`.` is not expected here", "."),
    ('"800.00"', "True", "E501", "`T` is not expected here", "T"),
    ('"800.00"', "'800'", "E501", "`'` is not expected here", "'"),
    ('"800.00"', '"800.00', "E501", "the text has no end", '"'),
    ('"c-17",', '"c-17", "id": "c-18",', "E502", "the field `id` stands twice in one object", '"id"'),
    ('"c-17",', '"c-17",,', "E501", "`,` is not expected here", ","),
    ('"c-17",', '"c-17"', "E501", '`"` is not expected here', '"'),
    ('"c-17",', '"c-17"，', "E501", "`，` is not expected here", "，"),
    ('"c-17",', '"c-17", // first', "E501", "`/` is not expected here", "/"),
    ('"c-17"', '"c-\t17"', "E501", "a control character inside a text", "\t"),
    ('"c-17"', '"c-\\x17"', "E501", "an escape that JSON does not know", "\\"),
    ('"c-17"', "“c-17”", "E501", "`“` is not expected here", "“"),
    ('"total": "1250.50"', '"total": "1250.50",', "E501", "a comma before `}`", ","),
]

WRONG: list[tuple[str, Any, str, str, str]] = [
    # field, wrong value, code, message, underlined
    ("lines.0.amount", "NaN", "E509", "not a plain decimal amount", '"NaN"'),
    ("lines.0.amount", "１２.５", "E509", "not a plain decimal amount", '"１２.５"'),
    ("lines.0.amount", True, "E509", "true/false is not an amount", "true"),
    ("lines.0.amount", "-800", "E511", "a negative amount", '"-800"'),
    ("lines.0.amount", -800, "E511", "a negative amount", "-800"),
    ("lines.0.amount", "800.005", "E510", "more decimals than CNY has", '"800.005"'),
    ("lines.0.amount", None, "E509", "a NoneType is not an amount", "null"),
    ("total", "1250.51", "E513", "the lines add up to 1,250.50, the total says 1,250.51", '"1250.51"'),
    ("encounter.discharge_date", "2017-04-01", "E516", "lies before the admission of 2017-05-01", '"2017-04-01"'),
    ("encounter.discharge_date", "2017-02-30", "E515", "there is no day 2017-02-30 in the calendar", '"2017-02-30"'),
    ("lines.1.category", "westerndrug", "E514", "`westerndrug` is not a category", '"westerndrug"'),
    ("lines.1.categry", "bed", "E507", "no such field", '"categry"'),
    ("lines.1.id", "l-1", "E518", "`l-1` stands already at lines[0]", '"l-1"'),
    ("facts", {"area": "x"}, "E525", "has a place of its own in the claim", '"area"'),
    ("person.tags", "retired", "E508", "expected a list of tags, found a text", '"retired"'),
    ("person.tags", ["retired", 5], "E508", "expected a tag, found a whole number", "5"),
    ("lines", [5], "E508", "expected an object, found a whole number", "5"),
    ("id", 17, "E508", "expected a text, found a whole number", "17"),
]


@pytest.mark.parametrize(("old", "new", "code", "message", "mark"), BROKEN, ids=[b[1][:12].strip() for b in BROKEN])
def test_text_that_is_not_plain_json_is_located(old: str, new: str, code: str, message: str, mark: str) -> None:
    text = SOUND_TEXT.replace(old, new, 1)
    found = refused_text(text)
    assert (found.code, found.message) == (code, message)
    assert found.span is not None
    line = text.split("\n")[found.span.line - 1]
    assert line[found.span.column - 1 :][: found.span.length] == mark


@pytest.mark.parametrize("indent", [None, 1], ids=["one line", "pretty"])
@pytest.mark.parametrize(("path", "value", "code", "message", "mark"), WRONG, ids=[f"{w[0]}={w[1]}" for w in WRONG])
def test_a_wrong_value_is_underlined(
    path: str, value: Any, code: str, message: str, mark: str, indent: int | None
) -> None:
    base = SOUND if path == "total" or path.startswith("lines.1") else without("total")
    found = refused_text(json.dumps(changed(path, value, base), ensure_ascii=False, indent=indent))
    assert found.code == code
    assert message in found.message
    assert underlined(found) == mark


def test_a_missing_field_points_at_the_object_that_lacks_it() -> None:
    found = refused_text(pretty(without("lines.1.amount")))
    assert found.code == "E506"
    assert underlined(found) == "{"
    assert found.span is not None
    assert pretty(without("lines.1.amount")).split("\n")[found.span.line].strip() == '"id": "l-2",'


def test_the_whole_message() -> None:
    text = SOUND_TEXT.replace('"2017-05-09"', '"2017-04-09"')
    with pytest.raises(ClaimError) as caught:
        Claim.model_validate_json(text, file="ward/claims.json")
    assert str(caught.value) == (
        "ward/claims.json:14:21: error[E516]: "
        "encounter.discharge_date: 2017-04-09 lies before the admission of 2017-05-01\n"
        ' 14 |   "discharge_date": "2017-04-09",\n'
        "    |                     ^^^^^^^^^^^^\n"
        " expected: 2017-05-01 or later\n"
        " ward/claims.json:13:21: note: admission_date\n"
        ' 13 |   "admission_date": "2017-05-01",\n'
        "    |                     ^^^^^^^^^^^^"
    )


def test_errors_come_in_the_order_of_the_text() -> None:
    data = changed("lines.1.category", "x", changed("encounter.care_type", "x", changed("person.scheme", "x")))
    with pytest.raises(ClaimError) as caught:
        Claim.model_validate_json(pretty(data))
    assert [d.field for d in caught.value.diagnostics] == ["person.scheme", "encounter.care_type", "lines[1].category"]


def test_all_twins_and_odd_numbers_are_said_at_once() -> None:
    text = '{"id": "a", "total": NaN, "id": "b", "sequence": 1e3}'
    with pytest.raises(ClaimError) as caught:
        Claim.model_validate_json(text)
    assert [d.code for d in caught.value.diagnostics] == ["E503", "E502", "E503"]
    assert [note for note, _ in caught.value.diagnostics[1].related] == ["first here"]


def test_nesting_is_bounded_without_recursion() -> None:
    for text in ("[" * 100_000, '{"a":' * 100_000):
        found = refused_text(text)
        assert (found.code, found.message) == ("E504", "more than 32 levels of nesting")


def test_a_text_above_ten_megabytes_is_refused_unread() -> None:
    found = refused_text(" " * 10_000_001)
    assert (found.code, found.message) == ("E504", "the text is larger than 10 MB")
    assert refusal(History.model_validate_json, b" " * 50_000_001).message == "the text is larger than 50 MB"


def test_bytes_that_are_not_utf8_are_located() -> None:
    data = SOUND_TEXT.replace('"c-17"', '"张-17"').encode("utf-8")
    wrong = data.replace("张".encode(), "张".encode("gbk"))
    found = refused_text(wrong)
    assert (found.code, found.message, str(found.span)) == ("E505", "the byte 0xD5 is not UTF-8", "<claim>:2:9")
    assert Claim.model_validate_json(b"\xef\xbb\xbf" + data).id == "张-17"


def test_numbers_are_read_from_their_text() -> None:
    text = SOUND_TEXT.replace('"800.00"', "0.10").replace('"450.50"', "0.20").replace('"1250.50"', "0.30")
    assert Claim.model_validate_json(text).amounts_minor == (10, 20)


def test_a_wide_line_is_cut_around_the_fault() -> None:
    lines = [{"category": "bed", "amount": "1.00", "name": "病" * 50} for _ in range(50)]
    text = json.dumps(changed("lines", [*lines, {"category": "bed", "amount": "x"}], without("total")))
    shown = refused_text(text).render().split("\n")
    assert len(shown[1]) < 170
    assert shown[1][shown[2].index("^") :].startswith('"x"')


@pytest.mark.parametrize(
    ("path", "text"),
    [((), "{"), (("id",), '"c-17"'), (("lines", 1, "amount"), '"450.50"'), (("lines", 7, "amount"), "["),
     (("person", "id"), '"QX' + "…" * 7 + '"')],
)  # fmt: skip
def test_places_are_found_by_path(path: tuple[str | int, ...], text: str) -> None:
    span = locate(SOUND_TEXT, path, "x.json")
    shown = span.text[span.column - 1 :][: span.length]
    assert shown == text


def test_in_an_empty_text_every_place_is_its_beginning() -> None:
    assert str(locate("", ("total",))) == "<claim>:1:1"


JSON_TEXT = st.text(alphabet="{}[]\",:\\ 019.-eEntrufalsNI'/\n\tü", max_size=40)


@given(JSON_TEXT)
def test_the_scanner_refuses_what_the_decoder_refuses(text: str) -> None:
    """The decoder reads, the scanner explains: whatever the one cannot read, the other has a place for."""
    try:
        value_of(Document("x", text))
    except ClaimError as error:
        refused = error.diagnostics
    else:
        refused = ()
    assert len(scan(text).faults) == len(refused)
    assert all(d.span is not None for d in refused)


@given(st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3), max_leaves=12,
))  # fmt: skip
def test_the_scanner_knows_the_place_of_every_value(data: Any) -> None:
    text = json.dumps(data, indent=1)
    for path, place in scan(text).places.items():
        value = data
        for part in path:
            value = value[part]
        if isinstance(value, dict | list):
            assert text[place.start] in "{["
        else:
            assert json.loads(text[place.start : place.end]) == value
