"""Codes of evidence, entitlements and audit rules, and of what derives from them."""

from __future__ import annotations

from policyengine.codes.base import Code

CODES: dict[str, Code] = {
    "E900": Code(
        "An entitlement that needs no evidence",
        "Neither `needs` nor `when` is stated, so everybody would have the right.",
        "Say which evidence gives it (`needs`), or which other right it follows from (`when`).",
    ),
    "E901": Code(
        "A condition on evidence that reads a claim",
        "Rights are derived from evidence alone, before there is a claim; the condition names a fact of claims.",
        "Make it a field of the evidence. What also depends on the claim belongs into a condition of a "
        "provision, which "
        "reads the tag.",
    ),
    "E902": Code(
        "A right that rests on itself",
        "The sentences that grant it name, directly or through others, the right itself in `when`.",
        "Leave the circle at the sentence that does not belong to it.",
    ),
    "E903": Code(
        "An audit rule that does not say what it looks at",
        "A rule looks at `each` claim or line, or at a `pair` of them. `same`, `within` and `together_above` "
        "are said of "
        "two, `after` of one; and something must tell what offends from what does not.",
        "Choose one of the two and the keys that go with it.",
    ),
    "E904": Code(
        "A pair that agrees in what cannot be compared",
        "`same` names an amount, a count or a flag, something of a fee line where whole claims are looked at, "
        "or nothing "
        "that claims state.",
        "Name ids, codes or days; of fee lines also `name`, what was charged.",
    ),
    "E910": Code(
        "A kind of evidence that the rule file does not know",
        "The record names a kind that is not declared under `evidence:` of the rule set or of what it extends.",
        "Use one of the kinds that the message lists.",
    ),
    "E911": Code(
        "Evidence that does not state what its kind declares",
        "A field is missing, is unknown, or its value is not of the kind that the rule file gives it.",
        "State every field that is declared, with a value as the message says. Nothing is guessed.",
    ),
    "E912": Code(
        "Records of evidence that contradict each other",
        "A piece of evidence ends before it begins, two records of one piece have the same day of recording, or "
        "there are "
        "too many.",
        "A correction is recorded on a day of its own, under the id of what it corrects.",
    ),
    "E913": Code(
        "No entitlements on that day",
        "The rule set does not hold on the day of which is asked.",
        "Ask of a day inside its `valid:`, or use the rule set of that day.",
    ),
    "E914": Code(
        "A rule set without entitlements",
        "Neither the file nor what it extends has the section `entitlements:`.",
        "Name a rule set that has it, or write the section.",
    ),
    "E915": Code(
        "A rule set without audit rules",
        "Neither the file nor what it extends has the section `audit:`.",
        "Name a rule set that has it, or write the section.",
    ),
    "E921": Code(
        "Two records of the evidence of one person",
        "A file of evidence has one record a person, with all that is recorded of them.",
        "Put the pieces of both into one record.",
    ),
    "E922": Code(
        "No evidence of the person of a claim",
        "Claims are settled with evidence, and nothing is handed in of the person of this one. Nobody is taken to have "
        "shown nothing by a record that was forgotten.",
        "Hand in a record of the person; of who has shown nothing, one without evidence.",
    ),
    "E923": Code(
        "A number of pieces of a kind that is not needed",
        "`at_least` says of a kind that the sentence `needs` how many pieces are asked for; it names another one.",
        "Name the kind under `needs`, or correct the name.",
    ),
    "E920": Code(
        "More than durable_rules can hold",
        "A rule set has too many rules, a fact has too many fields or a value that the engine would take for "
        "another one, "
        "a fact is refused again and again, or the rules go in circles.",
        "Derive with plain booleans (`--engine plain`): the answer is the same.",
    ),
}  # fmt: skip
