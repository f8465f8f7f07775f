"""Between a client and PostgreSQL: what passes everything on until a COMMIT, and then cuts the line."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

NAME = ".s.PGSQL.5432"
SECONDS = 60
COMMIT = b"COMMIT\x00"
"""The statement, and no isolation level that is called so."""


@dataclass
class Cutter:
    """``armed``: empty, ``sent`` (the server commits, its answer is lost) or ``unsent`` (the commit never arrives).
    ``muted``: the client that is told nothing any more; ``lost``: what it would have been told has come."""

    folder: Path
    server: str
    armed: str = ""
    cuts: int = 0
    muted: socket.socket | None = None
    lost: threading.Event = field(default_factory=threading.Event)

    def serve(self, listening: socket.socket) -> None:
        with suppress(OSError):
            while True:
                client, _ = listening.accept()
                server = socket.socket(socket.AF_UNIX)
                server.connect(self.server)
                threading.Thread(target=self.upwards, args=(client, server), daemon=True).start()
                threading.Thread(target=self.downwards, args=(client, server), daemon=True).start()

    def upwards(self, client: socket.socket, server: socket.socket) -> None:
        with suppress(OSError):
            while data := client.recv(65536):
                if not self.armed or COMMIT not in data:
                    server.sendall(data)
                    continue
                how, self.armed, self.cuts = self.armed, "", self.cuts + 1
                if how == "sent":
                    self.lost, self.muted = threading.Event(), client
                    server.sendall(data)
                    self.lost.wait(SECONDS)
                client.shutdown(socket.SHUT_RDWR)
                server.shutdown(socket.SHUT_RDWR)
                return

    def downwards(self, client: socket.socket, server: socket.socket) -> None:
        with suppress(OSError):
            while data := server.recv(65536):
                if self.muted is client:
                    self.lost.set()
                else:
                    client.sendall(data)


@contextmanager
def cutter(url: str, folder: Path) -> Iterator[tuple[Cutter, str]]:
    """A cutter before the server at a URL, and the URL that leads through it."""
    behind = parse_qs(urlsplit(url).query)["host"][0]
    made = Cutter(folder, f"{behind}/{NAME}")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(folder / NAME))
        listening.listen(64)
        threading.Thread(target=made.serve, args=(listening,), daemon=True).start()
        yield made, f"postgresql+psycopg://postgres@/postgres?host={folder}"
        with suppress(OSError):
            listening.shutdown(socket.SHUT_RDWR)
