"""Claim files: objects, arrays, JSON Lines; every record is handed on, good or bad, with its place."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from policyengine.claim import Claim
from policyengine.encode import encode
from policyengine.errors import ClaimError
from policyengine.records import Record, read_claims, read_records
from tests.claims.programs import program
from tests.claims.support import SOUND, changed, pretty, refusal, underlined, without

ONE = json.dumps(SOUND, ensure_ascii=False)
TWO = json.dumps({**SOUND, "id": "c-18"}, ensure_ascii=False)
BAD = json.dumps(changed("lines.0.amount", "1e5", without("total")), ensure_ascii=False)


def file_of(folder: Path, text: str | bytes, name: str = "claims.json") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def records(folder: Path, text: str | bytes, form: str = "auto", name: str = "claims.json") -> list[Record]:
    return list(read_records(file_of(folder, text, name), form))


def outcomes(found: list[Record]) -> list[str]:
    """The id of each claim, or code and place of what is wrong."""
    said = []
    for record in found:
        if record.error is None:
            said.append(record.taken().id)
        else:
            said += [f"{d.code}:{d.span.line}:{d.span.column}" for d in record.error.diagnostics if d.span]
    return said


FORMS = [
    ("one object on one line", ONE, ["c-17"]),
    ("one object over many lines", pretty(SOUND), ["c-17"]),
    ("an array on one line", f"[{ONE}, {TWO}]", ["c-17", "c-18"]),
    ("an array over many lines", pretty([SOUND, {**SOUND, "id": "c-18"}]), ["c-17", "c-18"]),
    ("an empty array", "[ ]", []),
    ("lines", f"{ONE}\n{TWO}\n", ["c-17", "c-18"]),
    ("lines without a last line feed", f"{ONE}\n{TWO}", ["c-17", "c-18"]),
    ("lines that end as on Windows", f"{ONE}\r\n{TWO}\r\n", ["c-17", "c-18"]),
    ("lines with empty ones between", f"\n{ONE}\n\n  \n{TWO}\n\n", ["c-17", "c-18"]),
    ("a byte order mark", "\ufeff" + ONE, ["c-17"]),
    ("a byte order mark before an array", "\ufeff" + f"[{ONE}]", ["c-17"]),
    ("a byte order mark before lines", "\ufeff" + f"{ONE}\n{TWO}", ["c-17", "c-18"]),
]


@pytest.mark.parametrize(("text", "said"), [f[1:] for f in FORMS], ids=[f[0] for f in FORMS])
def test_the_form_is_found_by_itself(tmp_path: Path, text: str, said: list[str]) -> None:
    assert outcomes(records(tmp_path, text)) == said


BAD_FILES = [
    ("a bad line among good ones", f"{ONE}\n{BAD}\n{TWO}\n", ["c-17", f"E509:2:{BAD.index('1e5')}", "c-18"]),
    ("a broken line among good ones", f"{ONE}\n{ONE[:50]}\n{TWO}\n", ["c-17", "E501:2:46", "c-18"]),
    ("a broken first line", f"{ONE[:50]}\n{TWO}\n", ["E501:1:46", "c-18"]),
    ("an unfinished first line", f'{{"id": "c-17",\n{TWO}\n', ["E501:1:15", "c-18"]),
    ("a number among the lines", f"{ONE}\n17\n{TWO}", ["c-17", "E508:2:1", "c-18"]),
    ("null among the lines", f"{ONE}\nnull\n{TWO}", ["c-17", "E508:2:1", "c-18"]),
    ("twins in a line", f'{ONE}\n{{"id": 1, "id": 2}}\n{TWO}', ["c-17", "E502:2:11", "c-18"]),
    ("a bad member of an array", f"[{ONE},\n {BAD},\n{TWO}]", ["c-17", f"E509:2:{BAD.index('1e5') + 1}", "c-18"]),
    ("twins in a member", f'[{ONE},\n{{"id": 1, "id": 2}},\n{TWO}]', ["c-17", "E502:2:11", "c-18"]),
    ("NaN in a member", f'[{{"total": NaN}},\n{TWO}]', ["E503:1:12", "c-18"]),
    ("a broken member ends the array", f"[{ONE},\n{{'id': 1}},\n{TWO}]", ["c-17", "E501:2:2"]),
    ("an array without its end", f"[{ONE},\n{TWO}\n", ["c-17", "c-18", "E501:3:1"]),
    ("an array with a last comma", f"[{ONE},\n]", ["c-17", "E501:2:1"]),
    ("something after the array", f"[{ONE}]\n{TWO}", ["c-17", "E501:2:1"]),
    ("something after the object", f"{pretty(SOUND)}\nx", ["E501:36:1"]),
    ("null in an array", "[null]", ["E508:1:2"]),
    ("a table", "id,amount\nc-17,5\n", ["E501:1:1"]),
    ("bytes of another encoding in an array", f"[{ONE},\n".encode() + "\n张]".encode("gbk"), ["E505:3:1"]),
]


@pytest.mark.parametrize(("text", "said"), [f[1:] for f in BAD_FILES], ids=[f[0] for f in BAD_FILES])
def test_a_bad_record_is_handed_on_with_its_place_and_nothing_is_lost(
    tmp_path: Path, text: str | bytes, said: list[str]
) -> None:
    assert outcomes(records(tmp_path, text)) == said


def test_a_line_of_another_encoding_harms_no_other(tmp_path: Path) -> None:
    wrong = TWO.replace("c-18", "张").encode("gbk")
    found = records(tmp_path, ONE.encode() + b"\n" + wrong + b"\n" + TWO.encode())
    assert [r.error is None for r in found] == [True, False, True]
    assert outcomes(found)[1] == f"E505:2:{TWO.index('c-18') + 1}"


def test_records_know_their_number_and_place(tmp_path: Path) -> None:
    path = file_of(tmp_path, f"[{ONE},\n  {TWO}]")
    assert [(r.number, str(r.place)) for r in read_records(path)] == [(1, f"{path}:1:2"), (2, f"{path}:2:3")]
    path = file_of(tmp_path, f"\n{ONE}\n\n{TWO}", "claims.jsonl")
    assert [(r.number, str(r.place)) for r in read_records(path)] == [(1, f"{path}:2:1"), (2, f"{path}:4:1")]


def test_the_end_of_a_broken_array_is_a_record_of_its_own(tmp_path: Path) -> None:
    for text in (f"[{ONE},\n{TWO} x", f"[{ONE},\n{TWO}] x"):
        found = records(tmp_path, text)
        assert [r.number for r in found] == [1, 2, 3]
        assert found[2].error is not None
        assert underlined(found[2].error.diagnostics[0]) == "x"


def test_the_suffix_or_the_caller_may_say_the_form(tmp_path: Path) -> None:
    assert outcomes(records(tmp_path, f"{ONE[:50]}\n{ONE[50:]}\n", name="a.jsonl")) == ["E501:1:46", "E501:2:1"]
    assert [r.error is None for r in records(tmp_path, pretty(SOUND), name="a.ndjson")] == [False] * 35
    assert outcomes(records(tmp_path, f"[{ONE}]", form="lines")) == ["E508:1:1"]
    assert outcomes(records(tmp_path, f"[{ONE}]", form="object")) == ["E508:1:1"]
    assert outcomes(records(tmp_path, ONE, form="array")) == ["E501:1:1"]


def test_claims_are_read_until_the_first_bad_one(tmp_path: Path) -> None:
    reading = read_claims(file_of(tmp_path, f"{ONE}\n{BAD}\n{TWO}\n"))
    assert next(reading) == Claim.model_validate(SOUND)
    assert refusal(next, reading).code == "E509"


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(f"{ONE}\n{BAD}".encode())))
    found = list(read_records("-"))
    assert [str(r.place) for r in found] == ["<stdin>:1:1", "<stdin>:2:1"]
    assert not sys.stdin.buffer.closed


@pytest.mark.parametrize("text", ["", "\n \n", "\ufeff", "\ufeff\n"], ids=repr)
def test_a_file_without_a_claim_is_an_error(tmp_path: Path, text: str) -> None:
    found = refusal(records, tmp_path, text)
    assert (found.code, found.message) == ("E505", "the file holds no claim")


def test_a_file_that_cannot_be_opened(tmp_path: Path) -> None:
    found = refusal(lambda: list(read_records(tmp_path / "none.json")))
    assert (found.code, found.message) == ("E505", "the file cannot be read: No such file or directory")
    assert refusal(lambda: list(read_records(tmp_path))).message == "the file cannot be read: Is a directory"
    assert refusal(lambda: list(read_records("a\0b"))).code == "E505"


def test_a_file_above_ten_megabytes(tmp_path: Path) -> None:
    found = records(tmp_path, b"[" + b" " * 10_000_000)
    assert [r.error.diagnostics[0].message for r in found if r.error] == ["the file is larger than 10 MB"]
    assert found[0].error is not None
    assert found[0].error.diagnostics[0].hint.startswith("write one claim a line (JSON Lines)")
    assert outcomes(records(tmp_path, b"[" + ONE.encode() + b" " * (10_000_000 - len(ONE) - 2) + b"]")) == ["c-17"]


def test_a_line_above_ten_megabytes_harms_no_other(tmp_path: Path) -> None:
    long = b'{"id": "' + b"x" * 25_000_000 + b'"}'
    found = records(tmp_path, ONE.encode() + b"\n" + long + b"\n" + TWO.encode())
    assert outcomes(found) == ["c-17", "E504:2:1", "c-18"]
    assert found[1].error is not None
    assert found[1].error.diagnostics[0].message == "the line is larger than 10 MB"


def test_lines_are_streamed() -> None:
    class Endless(io.RawIOBase):
        """A stream of claims that never ends."""

        def readable(self) -> bool:
            return True

        def readline(self, size: int | None = -1) -> bytes:
            return ONE.encode() + b"\n"

    class Stdin:
        buffer = Endless()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdin", Stdin())
        reading = read_claims("-")
        assert [next(reading).id for _ in range(3)] == ["c-17"] * 3


def test_a_stream_that_fails_is_a_claim_error() -> None:
    class Torn(io.RawIOBase):
        def readline(self, size: int | None = -1) -> bytes:
            raise OSError(5, "Input/output error")

    class Stdin:
        buffer = Torn()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdin", Stdin())
        found = refusal(lambda: list(read_records("-")))
    assert (found.code, found.message) == ("E505", "the file cannot be read: Input/output error")


LATER = [
    # change of the claim, what the program reads, code, underlined
    ({"person.tags": ["retired", "registred_poor"]}, [], "E533", '"registred_poor"'),
    ({"facts": {"rurall": True}}, [], "E532", '"rurall"'),
    ({"paid_elsewhere": [{"payer": "employer", "amount": 5}]}, [], "E534", '"employer"'),
    ({"person.birth_date": None}, ["age"], "E530", "null"),
    ({}, ["area"], "E530", "{"),
]


@pytest.mark.parametrize(("changes", "reads", "code", "mark"), LATER, ids=[case[2] for case in LATER])
@pytest.mark.parametrize("form", ["lines", "array", "object"])
def test_what_settling_finds_is_located_as_well(
    tmp_path: Path, changes: dict[str, Any], reads: list[str], code: str, mark: str, form: str
) -> None:
    data = SOUND
    for path, value in changes.items():
        data = changed(path, value, data)
    text = {"lines": f"{ONE}\n{json.dumps(data)}", "array": f"[{ONE},\n{pretty(data)}]", "object": pretty(data)}[form]
    record = records(tmp_path, text, form)[-1]
    with pytest.raises(ClaimError) as caught:
        encode(program(*reads), record.taken())
    (found,) = record.located(caught.value).diagnostics
    assert found.code == code
    assert underlined(found) == mark
    assert found.span is not None
    assert found.span.line >= record.place.line
    assert found.message == caught.value.diagnostics[0].message
