"""Findings of a check for machines: plain JSON, and SARIF for editors and code hosts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import quote

from policyengine import __version__
from policyengine.codes import CODES
from policyengine.errors import Diagnostic, Span
from policyengine.report.data import diagnostic_data

SARIF: Final = "https://json.schemastore.org/sarif-2.1.0.json"


def as_json(found: Sequence[Diagnostic]) -> list[dict[str, Any]]:
    """One object a finding; ``related`` are other places that have to do with it, ``witness`` a claim that shows it."""
    return [
        {
            **diagnostic_data(finding),
            "related": [{"message": text, **_place(span)} for text, span in finding.related],
            **_witness(finding),
        }
        for finding in found
    ]


def _witness(finding: Diagnostic) -> dict[str, Any]:
    return {"witness": json.loads(finding.witness)} if finding.witness else {}


def _place(span: Span) -> dict[str, Any]:
    return {"file": span.file, "line": span.line, "column": span.column, "length": span.length}


def as_sarif(found: Sequence[Diagnostic]) -> dict[str, Any]:
    """A SARIF 2.1.0 log of one run. Columns count characters, not bytes."""
    codes = sorted({finding.code for finding in found})
    driver = {"name": "policyengine", "version": __version__, "rules": [_rule(code) for code in codes]}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(finding, codes) for finding in found],
    }
    return {"$schema": SARIF, "version": "2.1.0", "runs": [run]}


def _rule(code: str) -> dict[str, Any]:
    about = CODES[code]
    return {
        "id": code,
        "shortDescription": {"text": about.title},
        "fullDescription": {"text": about.cause},
        "help": {"text": about.cure},
    }


def _result(finding: Diagnostic, codes: Sequence[str]) -> dict[str, Any]:
    said = [finding.message]
    said += [f"{label}: {text}" for label, text in (("expected", finding.expected), ("hint", finding.hint)) if text]
    related = [{**_location(span), "message": {"text": text}} for text, span in finding.related]
    return {
        "ruleId": finding.code,
        "ruleIndex": codes.index(finding.code),
        "level": finding.severity,
        "message": {"text": "\n".join(said)},
        "locations": [_location(finding.span)] if finding.span is not None else [],
        **({"relatedLocations": related} if related else {}),
        **({"properties": witness} if (witness := _witness(finding)) else {}),
    }


def _location(span: Span) -> dict[str, Any]:
    region = {"startLine": span.line, "startColumn": span.column, "endColumn": span.column + span.length}
    return {"physicalLocation": {"artifactLocation": {"uri": quote(span.file)}, "region": region}}
