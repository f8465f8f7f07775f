"""Writing machine code: integers of 64 and 256 bits, flags, arrays that are handed in, blocks. All of LLVM is here."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from llvmlite import ir as llvm  # type: ignore[import-untyped]

WORD: Final = llvm.IntType(64)
WIDE: Final = llvm.IntType(256)
FLAG: Final = llvm.IntType(1)

Value = Any
"""A word or a flag in the code. llvmlite says nothing of types."""

Argument = tuple[str, str]
"""What an argument holds: its role, and the name of the fact, meter or output that it is of."""

WIDTHS: Final = {
    "status": 8, "waiting": 8, "which": 32, "slot": 32, "since": 32, "out": 32, "day": 32, "first": 32, "last": 32,
    "code": 32, "flag": 8, "group": 32, "unit": 32, "mark": 8,
    "begins": 8,
}  # fmt: skip
"""Bits of the elements of arrays, by role; 64 for all others. Eight bits of status and flags have no sign."""

_GROUP, _LOOP = "accesses apart", "loop apart"
"""How the two are named until the text is finished: each is a thing of its own, which llvmlite has no words for."""

UNSIGNED: Final = ("status", "waiting", "flag", "mark", "begins")

BY_POINT: Final = (
    "waiting", "since", "out", "meter", "oldest", "newest", "follows", "added", "moved number", "moved cell", "sum",
    "settled", "one", "other", "watched", "units", "mark",
)  # fmt: skip
"""Roles of arrays that hold an element for each point, side by side, where programs are settled side by side."""
ABREAST: Final = 8
"""So many points are settled at once; there are as many points as a multiple of these."""


@dataclass(slots=True)
class Code:
    """One function of an array of arguments: places of arrays, and numbers. ``arguments``: what each must be.
    ``points``: how many there are, ``point``: the one that the code is about, where programs are settled side by
    side."""

    builder: llvm.IRBuilder = field(init=False)
    entry: llvm.IRBuilder = field(init=False)
    module: llvm.Module = field(init=False)
    arguments: list[Argument] = field(default_factory=list)
    loaded: dict[Argument, Value] = field(default_factory=dict)
    apart: Value = None
    points: Value = None
    point: Value = None

    def __post_init__(self) -> None:
        self.module = llvm.Module("kernel")
        kind = llvm.FunctionType(llvm.VoidType(), [llvm.PointerType()])
        function = llvm.Function(self.module, kind, "kernel")
        self.entry = llvm.IRBuilder(function.append_basic_block("entry"))
        self.builder = llvm.IRBuilder(function.append_basic_block("body"))

    def finished(self) -> str:
        """The text of the whole module, where the code has come to its end."""
        self.builder.ret_void()
        self.entry.branch(self.entry.function.basic_blocks[1])
        text = str(self.module)
        text = re.sub(rf'(!\d+) = !{{ !"{_LOOP}"', r"\1 = distinct !{ \1", text)
        return text.replace(f'!{{ !"{_GROUP}" }}', "distinct !{}")

    # --- what is handed in ------------------------------------------------------------------------------------------

    def given(self, role: str, name: str = "") -> Value:
        """A number that is handed in, read once when the function begins."""
        key = (role, name)
        if key not in self.loaded:
            place = self.entry.gep(self.entry.function.args[0], [WORD(len(self.arguments))], source_etype=WORD)
            self.arguments.append(key)
            self.loaded[key] = self.entry.load(place, typ=WORD)
        return self.loaded[key]

    def load(self, role: str, name: str, at: Value, kind: str = "") -> Value:
        """An element of an array. ``kind``: of a fact, ``flag`` or ``code`` or empty."""
        width = WIDTHS.get(kind or role, 64)
        found = self._marked(self.builder.load(self._place(role, name, at, width), typ=llvm.IntType(width)))
        if kind == "flag":
            return self.builder.icmp_unsigned("!=", found, llvm.IntType(width)(0))
        if width == WORD.width:
            return found
        widen = self.builder.zext if (kind or role) in UNSIGNED else self.builder.sext
        return widen(found, WORD)

    def store(self, role: str, name: str, at: Value, value: Value) -> None:
        width = WIDTHS.get(role, 64)
        if value.type.width < width:
            value = self.builder.zext(value, llvm.IntType(width))
        elif value.type.width > width:
            value = self.builder.trunc(value, llvm.IntType(width))
        self._marked(self.builder.store(value, self._place(role, name, at, width)))

    def _marked(self, access: Value) -> Value:
        """An access to an array within a loop whose turns do not touch each other's elements."""
        if self.apart is not None:
            access.set_metadata("llvm.access.group", self.apart)
        return access

    def _place(self, role: str, name: str, at: Value, width: int) -> Value:
        base = self.given(role, name)
        if self.point is not None and role in BY_POINT:
            at = self.builder.add(self.builder.mul(at, self.points), self.point)
        pointer = self.builder.inttoptr(base, llvm.PointerType())
        return self.builder.gep(pointer, [at], inbounds=True, source_etype=llvm.IntType(width))

    # --- values -----------------------------------------------------------------------------------------------------

    def number(self, value: int) -> Value:
        return (WORD if -(2**63) <= value < 2**63 else WIDE)(value)

    def signed(self, value: int) -> Value:
        """64 bits, as a number with a sign."""
        return WORD(value - 2**64 if value >= 2**63 else value)

    def like(self, other: Value, value: int) -> Value:
        """A number as wide as another."""
        return other.type(value)

    def wide(self, one: Value) -> Value:
        """The number in 256 bits."""
        return one if one.type == WIDE else self.builder.sext(one, WIDE)

    def narrow(self, one: Value) -> Value:
        """A number, which fits there, in 64 bits."""
        return self.builder.trunc(one, WORD) if one.type == WIDE else one

    def truth(self, value: bool) -> Value:
        return FLAG(int(value))

    def add(self, one: Value, other: Value) -> Value:
        return self.builder.add(one, other)

    def sub(self, one: Value, other: Value) -> Value:
        return self.builder.sub(one, other)

    def times(self, one: Value, other: Value) -> Value:
        return self.builder.mul(one, other)

    def by(self, one: Value, factor: int) -> Value:
        return one if factor == 1 else self.builder.mul(one, one.type(factor))

    def over(self, one: Value, divisor: Value | int) -> Value:
        """The whole part, neither number below zero: without a sign the processor divides faster."""
        if divisor == 1:
            return one
        by = one.type(divisor) if isinstance(divisor, int) else divisor
        if one.type == WIDE:
            return self.builder.call(self._division(), [one, by])
        return self.builder.udiv(one, by)

    def mixed(self, one: Value, shift: int, factor: int) -> Value:
        """The highest bits mixed into the others, times a factor; what leaves 64 bits is lost."""
        found = self.builder.xor(one, self.builder.lshr(one, one.type(shift)))
        return found if factor == 1 else self.builder.mul(found, self.signed(factor))

    def differing(self, one: Value, other: Value) -> Value:
        """The bits in which two numbers differ."""
        return self.builder.xor(one, other)

    def half(self, one: Value) -> Value:
        """The whole part of half a number that is not below zero."""
        return self.builder.lshr(one, one.type(1))

    def exactly_over(self, one: Value, divisor: Value | int) -> Value:
        """Where nothing is left over."""
        by = one.type(divisor) if isinstance(divisor, int) else divisor
        if one.type != WIDE:
            return self.builder.sdiv(one, by)
        zero = WIDE(0)
        negative = self.compare("<", one, zero)
        found = self.over(self.choose(negative, self.sub(zero, one), one), by)
        return self.choose(negative, self.sub(zero, found), found)

    def _division(self) -> Value:
        """The function that divides numbers of 256 bits, which no processor does: bit by bit, from the highest."""
        name = "divided"
        if name in self.module.globals:
            return self.module.get_global(name)
        function = llvm.Function(self.module, llvm.FunctionType(WIDE, [WIDE, WIDE]), name)
        function.linkage = "internal"
        outer, outer_entry = self.builder, self.entry
        self.entry = llvm.IRBuilder(function.append_basic_block("entry"))
        self.builder = llvm.IRBuilder(function.append_basic_block("body"))
        self._divide(*function.args)
        self.entry.branch(function.basic_blocks[1])
        self.builder, self.entry = outer, outer_entry
        return function

    def _divide(self, one: Value, by: Value) -> None:
        rest, found, left = (self.variable(WIDE(n)) for n in (0, 0, WIDE.width))
        with self.as_long_as(lambda: self.compare(">", self.now(left), WIDE(0))):
            self.put(left, self.sub(self.now(left), WIDE(1)))
            bit = self.builder.and_(self.builder.lshr(one, self.now(left)), WIDE(1))
            self.put(rest, self.builder.or_(self.builder.shl(self.now(rest), WIDE(1)), bit))
            fits = self.builder.icmp_unsigned(">=", self.now(rest), by)
            self.put(rest, self.choose(fits, self.sub(self.now(rest), by), self.now(rest)))
            one_more = self.builder.zext(fits, WIDE)
            self.put(found, self.builder.or_(self.builder.shl(self.now(found), WIDE(1)), one_more))
        self.builder.ret(self.now(found))

    def compare(self, relation: str, one: Value, other: Value) -> Value:
        if one.type == FLAG:
            return self.builder.icmp_unsigned(relation, one, other)
        return self.builder.icmp_signed(relation, one, other)

    def all_of(self, flags: Sequence[Value]) -> Value:
        return self._folded(self.builder.and_, flags)

    def any_of(self, flags: Sequence[Value]) -> Value:
        return self._folded(self.builder.or_, flags)

    def _folded(self, how: Callable[[Value, Value], Value], flags: Sequence[Value]) -> Value:
        found = flags[0]
        for flag in flags[1:]:
            found = how(found, flag)
        return found

    def negated(self, flag: Value) -> Value:
        return self.builder.not_(flag)

    def choose(self, cond: Value, one: Value, other: Value) -> Value:
        return self.builder.select(cond, one, other)

    def extreme(self, relation: str, values: Sequence[Value]) -> Value:
        """The least (``<``) or the largest (``>``)."""
        found = values[0]
        for value in values[1:]:
            found = self.choose(self.compare(relation, found, value), found, value)
        return found

    def as_number(self, flag: Value) -> Value:
        return self.builder.zext(flag, WORD) if flag.type == FLAG else flag

    def is_true(self, word: Value) -> Value:
        return self.compare("!=", word, word.type(0))

    # --- variables and blocks ---------------------------------------------------------------------------------------

    def variable(self, first: Value) -> Value:
        """A place for a value that changes in blocks."""
        place = self.place_of(first)
        self.builder.store(first, place)
        return place

    def place_of(self, like: Value) -> Value:
        """A place for values of the type of ``like``, nothing in it yet."""
        return self.entry.alloca(like.type)

    def put(self, place: Value, value: Value) -> None:
        self.builder.store(value, place)

    def now(self, place: Value) -> Value:
        return self.builder.load(place, typ=place.allocated_type)

    def new_block(self) -> Value:
        return self.builder.append_basic_block()

    def go_to(self, block: Value) -> None:
        self.builder.branch(block)

    def go_on_in(self, block: Value) -> None:
        self.builder.position_at_end(block)

    def branch(self, cond: Value, one: Value, other: Value) -> None:
        self.builder.cbranch(cond, one, other)

    @contextmanager
    def only_if(self, cond: Value) -> Iterator[None]:
        """What is written here runs where ``cond`` holds; it may leave for another block at its end."""
        inside, behind = self.new_block(), self.new_block()
        self.branch(cond, inside, behind)
        self.go_on_in(inside)
        yield
        if not self.builder.block.is_terminated:
            self.go_to(behind)
        self.go_on_in(behind)

    @contextmanager
    def as_long_as(self, holds: Callable[[], Value], mark: Value = None) -> Iterator[None]:
        """A loop; what is written here runs again and again while ``holds`` is true before it. ``mark``: what is said
        of the loop."""
        head, inside, behind = self.new_block(), self.new_block(), self.new_block()
        self.go_to(head)
        self.go_on_in(head)
        self.branch(holds(), inside, behind)
        self.go_on_in(inside)
        yield
        again = self.builder.branch(head)
        if mark is not None:
            again.set_metadata("llvm.loop", mark)
        self.go_on_in(behind)

    @contextmanager
    def each_apart(self, end: Value) -> Iterator[Value]:
        """A loop over the numbers from 0 to ``end``, without the last. No turn writes what another one reads or writes,
        and no jumps are written within it, so that the processor takes several at once."""
        self.apart = self.module.add_metadata([_GROUP])
        accesses = self.module.add_metadata(["llvm.loop.parallel_accesses", self.apart])
        several = self.module.add_metadata(["llvm.loop.vectorize.enable", FLAG(1)])
        with self.each(WORD(0), end, self.module.add_metadata([_LOOP, accesses, several])) as at:
            yield at
        self.apart = None

    @contextmanager
    def each_point(self) -> Iterator[None]:
        """A loop over the points, of which none touches what is of another."""
        self.points = self.by(self.given("eights"), ABREAST)
        self.apart = self.module.add_metadata([_GROUP])
        accesses = self.module.add_metadata(["llvm.loop.parallel_accesses", self.apart])
        width = self.module.add_metadata(["llvm.loop.vectorize.width", llvm.IntType(32)(ABREAST)])
        once = self.module.add_metadata(["llvm.loop.interleave.count", llvm.IntType(32)(1)])
        with self.each(WORD(0), self.points, self.module.add_metadata([_LOOP, accesses, width, once])) as at:
            self.point = at
            yield
            self.point = None
        self.apart = None

    @contextmanager
    def each(self, first: Value, end: Value, mark: Value = None) -> Iterator[Value]:
        """A loop over the numbers from ``first`` to ``end``, without the last."""
        place = self.variable(first)
        with self.as_long_as(lambda: self.compare("<", self.now(place), end), mark):
            at = self.now(place)
            yield at
            self.put(place, self.add(at, WORD(1)))
