"""The figures of a profile with who states them, or why they were chosen: a table for its readers."""

from __future__ import annotations

from collections.abc import Iterator

from policyengine.synth.binding import every_draw
from policyengine.synth.model import Evidence, Profile


def figures_markdown(profile: Profile) -> str:
    """Two Markdown tables: figures with their evidence, and the sources."""
    rows = [("figure", "as the profile states it", "who says so, or what is assumed"), ("---", "---", "---")]
    rows += [(f"`{name}`", said, _evidence(evidence)) for name, said, evidence in _figures(profile)]
    sources = [("source", "what it is", "grade"), ("---", "---", "---")]
    for name, source in profile.sources.items():
        told = ", ".join(source[key] for key in ("title", "publisher", "date", "url", "file") if key in source)
        sources.append((f"`{name}`", told, source.get("grade", "")))
    return "\n".join([*map(_row, rows), "", *map(_row, sources)])


def _figures(profile: Profile) -> Iterator[tuple[str, str, Evidence]]:
    for hospital in profile.hospitals:
        facts = ", ".join(hospital.facts.values())
        yield f"hospitals.{hospital.id}", f"{hospital.number}: {facts}", hospital.evidence
    for name, draw in every_draw(profile):
        by = f"by `{draw.by}`, " if draw.by else ""
        yield name, by + draw.stated, draw.evidence
    for kind in profile.claims:
        rest = kind.lines[-1]
        yield f"claims.{kind.id}.lines.{rest.id}", "the rest of the bill", rest.evidence


def _evidence(evidence: Evidence) -> str:
    found = []
    for cite in evidence.cites:
        found.append(f"`{cite.source}`" + (f": {cite.quote}" if cite.quote else ""))
    found += [f"assumed: {one.told()}" for one in evidence.assumed]
    return "; ".join(found)


def _row(cells: tuple[str, ...]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"
