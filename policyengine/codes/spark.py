"""Codes of claims on Spark: executors, partitions, columns of the result."""

from __future__ import annotations

from policyengine.codes.base import Code

CODES: dict[str, Code] = {
    "E770": Code(
        "An executor that would compute something else than the driver",
        "The rule set travels to the executors by its content, with a seal, and with the digest of the source files of "
        "this library: another library, or a damaged rule set, could pay other amounts.",
        "Install the same version of the library on every machine, as a package and not as an archive of sources.",
    ),
    "E771": Code(
        "Two columns of one name",
        "Settled claims have the columns id, status, code, reason and one for each amount, and those that are kept; "
        "Spark takes `ID` and `id` for the same name.",
        "Rename the column before it is kept, or name fewer amounts with `only`.",
    ),
    "E772": Code(
        "A claim in a partition in which it does not belong",
        "Claims that wait for each other, those of a person or of a household, have to stand in one partition. "
        "`arranged_in` says that they do; the executors look whether each stands where Spark's hash puts it.",
        "Leave `arranged_in` out, or state the number of buckets into which the table was written.",
    ),
    "E773": Code(
        "A digest of what are no settled claims",
        "The columns of settled claims are known by the metadata that `settle` wrote beside them; new columns have "
        "none, and neither do those of files that keep none.",
        "Take the digest of what `settle` gave, before its columns are computed anew.",
    ),
    "E774": Code(
        "A number of partitions that is none",
        "Claims are brought into as many partitions as `partitions` says, or Spark's own setting "
        "`spark.sql.shuffle.partitions`, which some platforms set to a word.",
        "State a whole number of at least 1.",
    ),
    "E775": Code(
        "A column or an amount that is not there",
        "`keep` names columns of the DataFrame, `only` amounts of the rule set.",
        "Write the name as the message lists it.",
    ),
}
