"""Files of claims made: how many, in which form, with the mapping of their columns and the people beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from policyengine.bulk.writing import refused, require_room, write_text
from policyengine.errors import Diagnostic, PolicyError
from policyengine.synth.columns import mapping_text
from policyengine.synth.lists import with_lists
from policyengine.synth.model import Line
from policyengine.synth.people import BEFORE_FIRST, BLOCK
from policyengine.synth.plan import Plan, blocks
from policyengine.synth.writing import FORMATS, Progress, ahead, limited, write_batches

MAPPING = ".columns.yaml"
"""What the name of the mapping ends in; it begins as that of the file of claims does."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is wanted: a number of ``people`` or of ``claims``, where; ``lists``: fee lines as lists, not columns."""

    claims_file: Path
    people: int | None = None
    claims: int | None = None
    people_file: Path | None = None
    lists: bool = False


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: rows, the people that they are of, files."""

    claims: int
    people: int
    files: tuple[Path, ...]


def format_of(path: Path, lists: bool = False) -> str:
    """The format by the ending of a file's name. Raises ``PolicyError`` E729."""
    found = FORMATS.get(path.suffix.lower())
    if found is None:
        text = f"the ending of `{path.name}` says no format"
        raise PolicyError(Diagnostic("E729", text, None, "one of " + ", ".join(FORMATS), record=str(path)))
    if lists and found == "csv":
        text = "a CSV file has no lists of fee lines"
        raise PolicyError(
            Diagnostic("E729", text, None, "Parquet or Arrow, or a column for each fee line", record=str(path))
        )
    return found


def make_claims(plan: Plan, order: Order, progress: Progress) -> Written:
    """Writes claims in the order of persons and days, and beside them the mapping of their columns. Raises
    ``PolicyError``."""
    form = format_of(order.claims_file, order.lists)
    people_form = None if order.people_file is None else format_of(order.people_file)
    _require_room(order)
    drawn = _counted(plan, order)
    rows = write_batches(drawn.batches(), order.claims_file, form, progress)
    mapping = order.claims_file.with_suffix(MAPPING)
    write_text(mapping, mapping_text(plan, drawn.schema()))
    files = [order.claims_file, mapping]
    if order.people_file is not None and people_form is not None:
        batches = ahead(plan.people_batch, blocks(drawn.people))
        write_batches(batches, order.people_file, people_form, lambda _rows, _blocks: None)
        files.append(order.people_file)
    return Written(rows, drawn.people, tuple(files))


def _require_room(order: Order) -> None:
    require_room(order.claims_file)
    if order.people_file is not None:
        require_room(order.people_file)
        if order.people_file.resolve() == order.claims_file.resolve():
            raise refused(order.people_file, "claims and people go to the same file", "two files")


@dataclass(slots=True)
class _Drawn:
    """Batches of claims on their way to a file; afterwards, how many people they are of."""

    make: Callable[[int, int], pa.RecordBatch]
    order: Order
    people: int = 0

    def schema(self) -> pa.Schema:
        """The columns of the claims."""
        return self.make(0, 1).schema

    def batches(self) -> Iterator[pa.RecordBatch]:
        """The claims that are wanted."""
        batches = ahead(self.make, blocks(self.order.people))
        if self.order.claims is None:
            self.people = self.order.people or 0
            yield from batches
            return
        for batch in limited(batches, self.order.claims):
            self.people += BLOCK
            if batch.num_rows:
                last = batch.column("person_id")[batch.num_rows - 1].as_py()
            yield batch
        self.people = last - BEFORE_FIRST


def _counted(plan: Plan, order: Order) -> _Drawn:
    lines: dict[str, Line] = {line.id: line for kind in plan.profile.claims for line in kind.lines}

    def make(block: int, persons: int) -> pa.RecordBatch:
        batch = plan.claim_batch(block, persons)
        return with_lists(batch, tuple(lines.values())) if order.lists else batch

    return _Drawn(make, order)
