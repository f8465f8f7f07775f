"""Codes of simulations: E74x."""

from __future__ import annotations

from policyengine.codes.base import Code

CODES: dict[str, Code] = {
    "E740": Code(
        "No groups are made of this fact",
        "Groups are made of words, of what holds or not, and of counts; ids, amounts and days would give a group each.",
        "Group by `year` or `month`, or by another fact.",
    ),
    "E741": Code(
        "A fact for groups or measures that no claim states",
        "What claims are grouped or measured by has a column in the table, or a place in the mapping.",
        "Correct the name, or say in the mapping which column states it.",
    ),
    "E742": Code(
        "An amount that the rule sets do not make",
        "Budgets and conditions are of the bill, a payer, what the patient bears, one of its reasons "
        "(`patient.deductible`), or a sum outside the bill (`grant.medical_assistance`). A budget is an amount in "
        "whole currency units.",
        "Write one of the names that the message lists.",
    ),
    "E743": Code(
        "Rule sets that do not read the same claims",
        "A baseline and its reforms settle each claim of one table, so they are dated by the same day, count in the "
        "same currency, and give a declared fact the same kind.",
        "Write the reform as a rule file that extends the baseline.",
    ),
    "E744": Code(
        "A condition that cannot be read",
        "A condition says in plain words what a reform must not do: a group, an amount, a direction, by how much and "
        "for whom.",
        "Write it like `registered_poor: patient_total increases by more than 100元 per person`.",
    ),
    "E745": Code(
        "A claim with a value that the rule set does not read",
        "The claim was not settled. Only of the first claims that are refused is the reason looked for one by one.",
        "Settle the claim by itself with `policyengine settle`: it names the value.",
    ),
    "E746": Code(
        "Too many claims that wait for each other",
        "Where an accumulator is kept for nobody in particular, all claims are settled in one batch.",
        "Simulate fewer claims, or keep the accumulator for persons or households.",
    ),
    "E747": Code(
        "A table of people that does not fit",
        "It has a row for everybody who can have a claim, once, with a person id, a household id and an income.",
        "Mend the row, or add the person.",
    ),
    "E748": Code(
        "A poverty line, or a subsistence level, that is held against nothing",
        "Both are amounts for one person and one year, held against incomes: those that claims state, or those of a "
        "table of people.",
        "Say where incomes come from: `--incomes claims`, or `--incomes people.parquet`.",
    ),
    "E749": Code(
        "A rule set that is not simulated",
        "A run is settled over earlier settlements, when a month or a year has closed; a book of claims is not.",
        "Use `policyengine month-end` or `year-end`.",
    ),
    "E843": Code(
        "An elasticity that cannot be taken",
        "An elasticity of demand lies from -0.9 to 0, has at most three decimals, and says where it comes from: "
        "nothing in rules or claims states it. It is of reforms.",
        "Write it with its label: `--elasticity '-0.2: a guess of ours'`.",
    ),
    "E844": Code(
        "So few or so many draws",
        "Of fewer than forty draws no twentieth lies outside; the seed is a whole number.",
        "Say `--bootstrap 200`.",
    ),
    "E846": Code(
        "A table of openings that does not fit",
        "It has a row for every accumulator that the national platform holds for a member, with the fields of "
        "interface 5206 and the member's id.",
        "Name the columns person_id, insutype, year, cum_ym, cum_type_code and cum.",
    ),
    "E840": Code(
        "A resumed run does not find what the interrupted one left",
        "Rows that are refused stand in a file with `.part` behind its name until a run ends; a run that goes on from "
        "a checkpoint writes behind them.",
        "Put the file back, or delete the checkpoint: the run then begins anew.",
    ),
}
