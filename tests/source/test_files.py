"""Which files are opened at all: regular ones, of at most 1 MiB, and nothing that could make the reader wait."""

import errno
import os
import socket
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from policyengine.errors import Diagnostic
from policyengine.source import read_file
from tests.source.support import file_refusal, place, plain

needs_fifo = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")


def within_seconds(work: Callable[[], Diagnostic]) -> Diagnostic:
    """What ``work`` returns, unless it waits."""
    results: list[Diagnostic] = []
    thread = threading.Thread(target=lambda: results.append(work()), daemon=True)
    thread.start()
    thread.join(20)
    assert not thread.is_alive(), "reading waits"
    return results[0]


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    path = tmp_path / "rules.yaml"
    path.write_text("ruleset: cn/饶河\n", encoding="utf-8")
    return path


def test_places_have_the_name_that_is_shown(rules: Path) -> None:
    tree = read_file(rules, "cn/raohe.yaml")
    assert plain(tree) == {"ruleset": "cn/饶河"}
    assert tree.span.file == "cn/raohe.yaml"


def test_a_symbolic_link_is_followed(rules: Path) -> None:
    link = rules.with_name("link.yaml")
    link.symlink_to(rules)
    assert plain(read_file(link, "link")) == {"ruleset": "cn/饶河"}


def test_missing_file(tmp_path: Path) -> None:
    finding = file_refusal(tmp_path / "absent.yaml")
    assert (finding.code, place(finding.span)) == ("E101", (1, 1, ""))
    assert finding.span is not None
    assert finding.span.file == "rules.yaml"
    assert finding.message == "the file cannot be read: No such file or directory"


@pytest.mark.parametrize(
    ("name", "reason"),
    [("a\0b", "null"), ("x" * 5000, "too long"), ("rules.yaml/inside", "Not a directory"), ("loop", "symbolic links")],
)
def test_names_that_are_none(rules: Path, name: str, reason: str) -> None:
    rules.with_name("loop").symlink_to("loop")
    finding = file_refusal(rules.parent / name)
    assert finding.code == "E101"
    assert reason in finding.message


def refuse_to_open(*_: object) -> int:
    raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))


def test_file_without_permission(rules: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An administrator may read every file: where the tests run as one, the system's refusal is played."""
    rules.chmod(0)
    with monkeypatch.context() as played:
        if os.geteuid() == 0:
            played.setattr(os, "open", refuse_to_open)
        finding = file_refusal(rules)
    assert (finding.code, finding.message) == ("E101", "the file cannot be read: Permission denied")


def test_folder(tmp_path: Path) -> None:
    finding = file_refusal(tmp_path)
    assert (finding.code, finding.message) == ("E102", "this is a folder, not a file")


@pytest.mark.parametrize(
    ("data", "line", "shown"),
    [
        (b"a: 1\nb: x\xd5y\nc: 2\n", 2, "b: x\\xd5y"),
        (b"a: 1\r\nb: x\xd5y\r\n", 2, "b: x\\xd5y"),
        (b"b: x\xd5yz", 1, "b: x\\xd5yz"),
        (b"\xef\xbb\xbfb: x\xd5", 1, "b: x\\xd5"),
    ],
)
def test_the_whole_line_of_a_bad_byte_is_shown(tmp_path: Path, data: bytes, line: int, shown: str) -> None:
    file = tmp_path / "rules.yaml"
    file.write_bytes(data)
    span = file_refusal(file).span
    assert span is not None
    assert (span.line, span.column, span.text) == (line, 5, shown)


@pytest.mark.parametrize("device", ["/dev/null", "/dev/zero", "/dev/tty"])
def test_device(device: str) -> None:
    if not Path(device).is_char_device():
        pytest.skip("this system has no such device")
    finding = within_seconds(lambda: file_refusal(Path(device)))
    assert (finding.code, finding.message) == ("E102", "this is a device, pipe or socket, not a file")


@needs_fifo
def test_pipe_that_nobody_writes(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.yaml"
    os.mkfifo(pipe)
    assert within_seconds(lambda: file_refusal(pipe)).code == "E102"


@needs_fifo
def test_link_to_a_pipe(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    link = tmp_path / "rules.yaml"
    link.symlink_to("pipe")
    assert within_seconds(lambda: file_refusal(link)).code == "E102"


@needs_fifo
def test_file_exchanged_for_a_pipe_before_it_is_opened(rules: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first look saw a regular file; what is opened is looked at again."""
    seen = rules.stat()
    rules.unlink()
    os.mkfifo(rules)
    monkeypatch.setattr(Path, "stat", lambda self, **_: seen)
    finding = within_seconds(lambda: file_refusal(rules))
    assert (finding.code, finding.message) == ("E102", "this is a device, pipe or socket, not a file")


def test_file_that_grew_after_it_was_measured(rules: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small = rules.stat()
    rules.write_bytes(b"a: 1\n" * 400_000)
    monkeypatch.setattr(Path, "stat", lambda self, **_: small)
    monkeypatch.setattr(os, "fstat", lambda _: small)
    assert file_refusal(rules).code == "E103"


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="this system has no such sockets")
def test_socket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # the name of a socket is short
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("rules.yaml")
        assert within_seconds(lambda: file_refusal(tmp_path / "rules.yaml")).code == "E102"


def test_no_descriptor_is_left_open(rules: Path, tmp_path: Path) -> None:
    large = tmp_path / "large.yaml"
    large.write_bytes(b"#" * 2_000_000)
    descriptors = Path("/proc/self/fd")
    if not descriptors.is_dir():
        pytest.skip("descriptors cannot be counted here")
    before = len(list(descriptors.iterdir()))
    for _ in range(5):
        read_file(rules, "rules")
        file_refusal(large)
        file_refusal(tmp_path)
    assert len(list(descriptors.iterdir())) == before
