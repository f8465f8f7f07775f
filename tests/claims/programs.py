"""Small programs for tests of encoding: only what they read matters."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from policyengine import ir, terms
from policyengine.errors import Span


def fact(name: str, **other: Any) -> ir.InputDecl:
    """A fact of the glossary as a program declares it."""
    about = terms.FACTS[name]
    values = (*about.values, *(("other", "none") if about.open else ()))
    low, high = {"money": (0, 10**11), "count": (0, 10_000), "rate": (Fraction(0), Fraction(1))}.get(
        about.kind, (None, None)
    )
    stated = {"values": values, "open": about.open, "low": low, "high": high, "default": about.default} | other
    return ir.InputDecl(about.id, about.kind, about.domain, **stated)  # type: ignore[arg-type]


def own(name: str, kind: ir.Kind, **other: Any) -> ir.InputDecl:
    """A fact that the rule file declares in line 7."""
    return ir.InputDecl(name, kind, span=Span("rules.yaml", 7, 3, len(name)), **other)


def program(*inputs: str | ir.InputDecl, **other: Any) -> ir.Program:
    """A program that reads ``inputs``, a step each, and computes nothing."""
    decls = tuple(fact(i) if isinstance(i, str) else i for i in inputs)
    steps = tuple(ir.Step(f"read.{d.name}", ir.Input(d.name, d.kind, d.domain)) for d in decls)
    stated = {
        "ruleset": "cn/test", "valid": ("", ""), "currency": "CNY", "dated_by": "discharge_date", "inputs": decls,
        "tables": (), "steps": steps, "meters": (), "parts": (), "payers": (), "reasons": (), "timings": (),
    }  # fmt: skip
    return ir.Program(**{**stated, **other})  # type: ignore[arg-type]


def meter(
    name: str, kind: ir.Kind = "money", per: tuple[str, ...] = ("person_id",), window: str = "year", **other: Any
) -> ir.Meter:
    """A meter; its window starts on 1 January unless ``starts`` says otherwise."""
    starts = other.pop("starts", (1, 1))
    return ir.Meter(name, kind, per, ir.Window(window, window, starts), "sum", f"meter.{name}", **other)
