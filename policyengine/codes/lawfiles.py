"""Codes of law files: E79x, E80x."""

from __future__ import annotations

from policyengine.codes.base import Code

CODES: dict[str, Code] = {
    "E790": Code(
        "A law that cannot fail",
        "What `holds` says is true whatever the rules say: no claim could ever break the law.",
        "Name amounts that the rules decide: what a payer bears, what the patient bears, what a layer paid.",
        "holds: true", "holds: patient_total <= bill",
    ),
    "E791": Code(
        "Two laws of one name",
        "Laws are named in reports, so their ids are unique among all law files of a rule set.",
        "Give the second one another id.",
        "- id: the_poor (twice)", "- id: the_poor and - id: the_poor_in_hospital",
    ),
    "E792": Code(
        "A law that nobody is named for",
        "A law is a sentence of policy: somebody says it, or it is assumed.",
        "Cite the words of a source of the rule file, or say under `assumed` why the law ought to hold.",
        "- {id: the_poor, name: …, holds: …}", "- {id: the_poor, name: …, holds: …, cite: {notice: …}}",
    ),
    "E793": Code(
        "Not a comparison with one thing",
        "A law compares a claim with the same claim under other rules, on another day, with other numbers, or with "
        "other facts; with one of them.",
        "Keep one of `with`, `on`, `numbers`, `otherwise`; write a second law for the second. `each` belongs to a "
        "comparison.",
        "compare: {on: 2015-12-31, with: ../before}", "compare: {on: 2015-12-31}",
    ),
    "E794": Code(
        "A side that is not there",
        "In a comparison of rules the sides are `new` and `old`, in one of claims `this` and `other`; a law that "
        "compares nothing has no sides, `for_all` is about the claim as it stands.",
        "Name both sides in `holds`, and none elsewhere.",
        "holds: new.patient_total <= 100元, without compare", "holds: patient_total <= 100元",
    ),
    "E795": Code(
        "What claims of a life do not add up",
        "With `each: life`, amounts and counts of all claims are added up; what a window holds is a sum already.",
        "Compare amounts of claims, or leave out `each: life`.",
        "each: life, holds: after(new.paid) >= after(old.paid)",
        "each: life, holds: new.pooled_fund >= old.pooled_fund",
    ),
    "E796": Code(
        "A fact that cannot be otherwise",
        "`otherwise` names facts that a claim states, with a value they can have; facts that follow from others (age, "
        "level of the hospital), ids, days and facts of one fee line are none.",
        "Name the fact that the other one follows from: the grade in place of the level.",
        "compare: {otherwise: {hospital_level: 三级}}", "compare: {otherwise: {hospital_grade: 三级甲等}}",
    ),
    "E797": Code(
        "Rule sets that laws cannot be about",
        "Laws are about claims that are settled as a whole, not about fee lines settled one after the other. What a "
        "comparison is with is in the same currency, and settles claims if this does, a run if this is one.",
        "Write the law beside the rule set that settles the claims.",
        "compare: {with: cn/shanxi/136/premium_help}", "compare: {with: cn/shanxi/136}",
    ),
    "E798": Code(
        "A day without a version",
        "`on` names a day on which the rule set is not in force.",
        "Choose a day of its validity, which the message names.",
        "compare: {on: 1999-01-01}", "compare: {on: 2015-12-31}",
    ),
    "E799": Code(
        "A tolerance of nothing",
        "A tolerance is an amount of money; it loosens the amounts that `holds` compares.",
        "Write an amount such as 0.01元; leave it out where no amounts are compared.",
        "tolerance: 1%", "tolerance: 0.01元",
    ),
    "E801": Code(
        "A law that was never tried",
        "No claim that was drawn is one that the law is about and has something to be compared with; it has not "
        "passed.",
        "Draw more (`--examples`), or mend `for_all`: perhaps no claim under the rule set can meet it.",
        "for_all: tier == 县级 and hospital_level == 三级", "for_all: tier == 县级",
    ),
    "E802": Code(
        "A broken law",
        "A claim was found for which the law does not hold; the smallest one found is shown.",
        "Mend the rule file, or the law: its tolerance, or whom it is for.",
    ),
}  # fmt: skip
