"""Codes of the workshop of an author: status, covers, roots, formats, code maps. E385 to E399, and some of E6xx."""

from __future__ import annotations

from policyengine.codes.base import Code

CODES: dict[str, Code] = {
    "E385": Code(
        "Approved, but resting on rules that are not",
        "The file counts as approved (that is the default) and extends one that is a draft or repealed.",
        "Give it the same `status`, or extend another rule set.",
        "extends: city_draft", "extends: city_draft\nstatus: draft",
    ),
    "E386": Code(
        "Not a grade",
        "A grade says how good an assumption is: S (a seed document), A, B, C, M (a mirror), I (inferred).",
        "Write one of these letters, or two of them, as in `A/M`.",
        "- {id: share, layer: basic, fund_share: 70%, assumed: {why: a guess, grade: maybe}}",
        "- {id: share, layer: basic, fund_share: 70%, assumed: {why: a guess, grade: I}}",
    ),
    "E387": Code(
        "Not the code of a place",
        "A rule set is found by the code of the place whose rules it holds: six digits of GB/T 2260, or outside China "
        "a country of ISO 3166-1 or a subdivision of ISO 3166-2. Names are in the title.",
        "Write the code, in quotes where it is of digits alone.",
        "place: 双鸭山", "place: '230500'",
    ),
    "E605": Code(
        "The name of a bundled rule set",
        "A folder of rule sets has another file under a name that is bundled with the library. Nobody could tell by "
        "which of them a claim was settled.",
        "Give yours a name of its own; with `extends` it takes over what it does not change. A path still names it.",
        "ruleset: cn/shanxi/136", "ruleset: our/shanxi\nextends: cn/shanxi/136",
    ),
    "E606": Code(
        "No folder of rule sets",
        "What `--rulesets`, `path=` or POLICYENGINE_PATH names is not a folder, or cannot be looked into.",
        "Name the folder below which `<name>/ruleset.yaml` stands.",
    ),
    "E607": Code(
        "A file that cannot be written",
        "The file, or the folder that it stands in, may not be written to, or the disk is full.",
        "Check the permissions and the room; the file is as it was.",
    ),
    "E610": Code(
        "No such map of codes",
        "No bundled map has this name, and no file this path.",
        "Name a bundled map (`national`), or the path of a map file.",
    ),
    "E611": Code(
        "Not a code of a claim",
        "A map translates the codes of the glossary that a claim holds, and the tags of a person.",
        "Write one of the facts that the message lists.",
        "fields: {med_type: {values: {'21': inpatient}}}", "fields: {care_type: {values: {'21': inpatient}}}",
    ),
    "E608": Code(
        "A file that is there already",
        "`new` writes new files only.",
        "Choose another name or folder, or go on with the file that is there.",
    ),
    "E609": Code(
        "Not a checkout of the library",
        "A mechanism is a file of the library with its tests; an installed package has no tests beside it.",
        "Clone the repository and run the command there.",
    ),
    "E612": Code(
        "Not a fact to search by",
        "Rule sets are sought by the facts of a claim that have codes, such as the scheme or the kind of care, and by "
        "their codes in either language.",
        "Write a fact and one of its codes: `scheme=resident`, `care_type=住院`.",
    ),
    "E616": Code(
        "Codes that nobody is cited for",
        "A map says for each fact who lists its codes, or what is assumed of them.",
        "Add `cite:` with a source of the map, or `assumed:`.",
    ),
    "E617": Code(
        "Not a word of the fact",
        "A code can only mean a word that the glossary has for this fact.",
        "Write one of the words that the message lists, in English or 中文.",
        "values: {'21': stay}", "values: {'21': inpatient}",
    ),
    "E618": Code(
        "Two maps for one fact",
        "`--codes` names two maps that both have codes for the same fact.",
        "Give one of them, or take the fact out of your own map.",
    ),
    "E615": Code(
        "Not the name of a new mechanism",
        "It is the key that rule files write: small letters, digits, single underscores. Or it is taken.",
        "Choose another name.",
    ),
}  # fmt: skip
