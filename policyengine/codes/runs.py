"""Codes of finding rule sets, receipts and the command line: E6xx."""

from __future__ import annotations

from policyengine.codes.base import Code

CODES: dict[str, Code] = {
}
