"""Codes of cases: the course of a stay, its ledger, the store that keeps both."""

from policyengine.codes.base import Code

CODES = {
    "E860": Code(
        "A command that cannot be read",
        "It is not an object, its kind is unknown, or its instant is none.",
        "State id, case, kind, the day (`on`), the instant of recording with its distance from universal time (`at`), "
        "and the fields of the kind; docs/cases.md lists them.",
    ),
    "E861": Code(
        "A command that is not legal where the case stands",
        "The course of a stay does not know it there: nothing is paid before the settlement, nobody is discharged who "
        "was not admitted. The message says why, and which commands are legal.",
        "Hand in one of those, or the one that is missing before this.",
    ),
    "E862": Code(
        "A command that does not fit the case",
        "It is legal, but what it states is not: more is paid than is due, a day lies before another, the parts of an "
        "agreement do not sum to the debt, another command is named than one that can be undone.",
        "Correct the field; the message says what is expected.",
    ),
    "E863": Code(
        "A command id that stands for something else",
        "A command of this id was run before and said something else. What was done under it stays.",
        "A retry says exactly the same; only the instant of recording may differ. Another command has an id of its "
        "own.",
    ),
    "E864": Code(
        "No such case",
        "No case of this id was opened in the store.",
        "Correct the id, or open the case.",
    ),
    "E865": Code(
        "A case that was opened before",
        "Another command opened a case of this id.",
        "Give each stay an id of its own.",
    ),
    "E866": Code(
        "An id that tells who somebody is",
        "It looks like an ID number, a mobile number or the number of a card, or the id of a person holds characters "
        "that names have. Neither the store of cases nor a record of evidence takes any of these.",
        "Give an opaque id of your own, such as a keyed hash.",
    ),
    "E867": Code(
        "A claim that is not that of the case",
        "Person, currency or the day of discharge differ.",
        "Settle the claim of the stay that the case is about.",
    ),
    "E868": Code(
        "A settlement with later ones after it",
        "Later settlements were made with the accumulators that this one left behind, and the rule file lets none be "
        "taken from under them.",
        "Reverse the later ones first, the last one before the others, and settle them again; or say in `settlement` "
        "of the rule file what becomes of them: `reverse: subtract` or `readjudicate`.",
    ),
    "E869": Code(
        "Nobody says who advances what the funds pay",
        "The rule file has no `timing` for the claim and the command states none; or both do.",
        "State `timing` (one_stop or claim_later) in the command where the rule file is silent, and only there.",
    ),
    "E870": Code(
        "A command that was compensated before it arrived",
        "Its caller did not know what became of it and had it undone; now it arrives late.",
        "Nothing is to be done. To do it after all, hand it in under a new id.",
    ),
    "E871": Code(
        "A store that cannot be used",
        "There is none at the place, it belongs to something else, or a later release of the library made it.",
        "Correct the place, or install that release.",
    ),
    "E872": Code(
        "A store that contradicts itself",
        "A row is missing, was changed, or does not follow from the events.",
        "Restore the store from a backup; `policyengine case verify` names every row that is wrong.",
    ),
    "E874": Code(
        "A person who cannot be erased",
        "The store knows nobody of this id, or something is left to pay in a case of theirs.",
        "Correct the id; close or cancel the cases first.",
    ),
    "E875": Code(
        "The database failed",
        "The disk is full, the file cannot be written, the server is gone, or it gave the command up for others.",
        "Mend the cause and send the same command again under its id: if it took effect after all, its stored answer "
        "comes back.",
    ),
    "E942": Code(
        "A default that a claim or an admission does not know of",
        "What was due in an earlier case of the person was not paid, its default was recorded, and the rule file says "
        "in `settlement` which fact a default makes true. The claim does not state it, or the timing by whose course "
        "the person is to be admitted rests on it.",
        "State the fact, admit by another course, or record the payment in the earlier case.",
    ),
    "E943": Code(
        "What a settlement added cannot be subtracted",
        "The rule file says `reverse: subtract`, later settlements stand, and the settlement moved a meter that is no "
        "sum (`keep: max` or `last`), or is kept in a window that a claim opens or that moves along. The message names "
        "every such meter, and the cases of the later settlements. Sums of amounts and counts by the calendar can be "
        "subtracted, and so can a greatest amount that the settlement did not raise.",
        "Reverse the later ones first, the last one before the others. For settlements to come, say `reverse: "
        "readjudicate` in the rule file; those that stand keep what it said when they were made.",
    ),
    "E944": Code(
        "A later settlement that cannot be made again",
        "The rule file says `reverse: readjudicate`. A later settlement was made by another version of the rule set, "
        "its outcome is unknown, or it has been subtracted.",
        "Confirm or compensate it, or reverse the later settlements first.",
    ),
    "E945": Code(
        "A settlement that the rule set would make otherwise now",
        "A run takes the settlements that stand in the store and makes them again from their events. The rule set is "
        "another one since, and what comes of it is another split.",
        "Run it by the rule set by which the claims were settled; `policyengine case replay` names what differs.",
    ),
    "E946": Code(
        "A text that is too long for the store",
        "The id of a run, of its taking back or of an erasure stands before a part of its own for each case, and both "
        "together are the id of one command of at most 200 characters; or the ids by which a meter is kept have "
        "together more than 500 characters. Every database refuses the same.",
        "Shorten the id: at most 100 characters for a command about many cases.",
    ),
    "E947": Code(
        "Nobody of the run",
        "A run, or the taking back of one, names a person whom the store does not know, of whom the window has no "
        "settlement, or to whom nothing stands awarded. The place in the list is told, never the id.",
        "Correct the id, or leave the person out.",
    ),
    "E940": Code(
        "A course of no timing",
        "An entry of `settlement` has the name of a timing, whose course it tells, or `every`. There is no timing of "
        "this name in the file or in what it extends.",
        "Correct the name, or add the `timing` that it is about.",
        """ruleset: bad
parts: [in_scope]
layers:
  - {id: basic, payer: pooled_fund, on: in_scope}
provisions:
  - {id: share, layer: basic, fund_share: 70%}
  - {id: at_once, timing: one_stop}
settlement:
  at_discharge: {due: 30}
""",
        """ruleset: good
parts: [in_scope]
layers:
  - {id: basic, payer: pooled_fund, on: in_scope}
provisions:
  - {id: share, layer: basic, fund_share: 70%}
  - {id: at_once, timing: one_stop}
settlement:
  at_once: {due: 30}
""",
    ),
    "E941": Code(
        "A default that makes no flag true",
        "`default` of an entry of `settlement` names the fact that a recorded default makes true of the person in "
        "later claims; what it names is a code, a count or an amount.",
        "Name a flag, such as `defaulter`.",
        """ruleset: bad
parts: [in_scope]
layers:
  - {id: basic, payer: pooled_fund, on: in_scope}
provisions:
  - {id: share, layer: basic, fund_share: 70%}
settlement:
  every: {default: age}
""",
        """ruleset: good
parts: [in_scope]
layers:
  - {id: basic, payer: pooled_fund, on: in_scope}
provisions:
  - {id: share, layer: basic, fund_share: 70%}
settlement:
  every: {default: defaulter}
""",
    ),
}  # fmt: skip
