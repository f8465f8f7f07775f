"""Codes of profiles and of the making of synthetic claims: E72x."""

from __future__ import annotations

from policyengine.codes.base import Code

CODES: dict[str, Code] = {
    "E720": Code(
        "No such profile",
        "No bundled profile has this name, and no file this path.",
        "Take one of the names that the message lists, or the path of a profile of your own.",
    ),
    "E721": Code(
        "A figure that nobody states",
        "A profile says of every figure where it is from, and this one has neither `cite` nor `assumed`.",
        "Cite a source of the file, or write under `assumed` why the figure was chosen, with a grade.",
    ),
    "E722": Code(
        "Shares that do not sum to 100 %",
        "Of everybody something must be drawn, and the shares leave some out or count them twice.",
        "Correct a share; or write plain numbers without `%`, of which each takes its part.",
    ),
    "E723": Code(
        "Not a distribution",
        "A draw has one distribution: shares, chance, value, within, points, lognormal or poisson.",
        "The message says what does not fit; a lognormal distribution has its median below its mean, points rise from "
        "0% to 100%.",
    ),
    "E724": Code(
        "A name that the profile does not know",
        "A source, a hospital, or a fact on which a draw depends, is not in the profile, not drawn before it, or drawn "
        "twice.",
        "Correct the name, or draw the fact earlier: of the household, of the person, then of the claim.",
    ),
    "E725": Code(
        "Figures that do not meet every value",
        "A draw that depends on another fact needs figures for each value of that fact, and for no other.",
        "Add the value, correct it, or give figures for `other`.",
    ),
    "E726": Code(
        "A value that the fact cannot have",
        "A word is not in the glossary, a number is of another kind (an amount, a share, a count), or too large.",
        "Write the value in the form that the message expects.",
    ),
    "E727": Code(
        "Fee lines that do not make up the bill",
        "The last fee line of a kind of claims, and no other, takes what the others leave of the bill; a line of one "
        "name is the same everywhere.",
        "Put one line without `share` and `amount` at the end; give different lines different names.",
    ),
    "E728": Code(
        "Claims that cannot be drawn",
        "The id of a claim counts up to 999 claims of one person, and in so many years there could be more; or nobody "
        "has any; or the rule set has no version in these years, or is a run, whose rows are settlements.",
        "Draw fewer years at once, or other years; name a rule set that settles claims.",
    ),
    "E729": Code(
        "A form in which claims are not written",
        "The ending of the file's name says the format, and this one says none; or the format has no lists.",
        "Write to a file that ends in .parquet, .arrow or .csv; lists of fee lines need one of the first two.",
    ),
}  # fmt: skip
