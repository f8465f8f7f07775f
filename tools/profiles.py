"""The page of profiles: their keys, and the figures of those that travel with the library, each with its evidence."""

from __future__ import annotations

from policyengine.settlement import label_of
from policyengine.synth import bundled_profiles, figures_markdown, load_profile
from policyengine.synth.draws import DRAW, MOMENTS
from policyengine.synth.reading import CLAIMS, HOSPITAL, HOUSEHOLDS, LINE, PEOPLE, PROFILE
from tools.markdown import fields_table

SECTIONS = (
    ("Profile", PROFILE),
    ("A sort of hospitals", HOSPITAL),
    ("`households`", HOUSEHOLDS),
    ("`people`", PEOPLE),
    ("Claims of one kind", CLAIMS),
    ("A fee line", LINE),
    ("A draw", DRAW),
    ("`lognormal` of a draw", MOMENTS),
)


def profiles() -> str:
    """Every key of a profile, and every figure of the bundled ones."""
    found = [
        "# Synthetic profiles",
        "A profile says how people and claims are drawn; [Synthetic claims](../synthetic-claims.md) tells how it is "
        "used. Below, its keys; then the figures of the bundled profiles, each with who states it, or what is assumed.",
        *(f"## {title}\n\n{fields_table(fields)}" for title, fields in SECTIONS),
    ]
    for name in bundled_profiles():
        profile = load_profile(name)
        found.append(
            f"## The figures of `{name}`\n\n{label_of(profile.title, 'en', '')}.\n\n{figures_markdown(profile)}"
        )
    return "\n\n".join(found)
