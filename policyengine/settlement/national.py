"""The national settlement message: interfaces 2207 and 2304 of the platform (2206 and 2303 for a preliminary
settlement), and the identities that its fields satisfy.

The identities are inferred from published samples (facts sheet, section 16.2); they stand here and nowhere else.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from policyengine import ir, terms
from policyengine.money import decimal_of

if TYPE_CHECKING:
    from policyengine.settlement.result import Settlement

OF_PART = {category: term.field for category, term in terms.CATEGORIES_OF_PARTS.items()}


OWN_FIELDS = ("acct_pay", "acct_mulaid_pay", "psn_cash_pay")
AMOUNTS = (
    "medfee_sumamt", *OF_PART.values(), "act_pay_dedc", *terms.FUND_FIELDS, "fund_pay_sumamt", "hosp_part_amt",
    "psn_part_amt", *OWN_FIELDS,
)  # fmt: skip
"""The fields of the message that are amounts."""


def message(settlement: Settlement) -> dict[str, Any]:
    """The message of a settlement. ``setldetail`` is the repeating node, one entry a fund that pays."""
    exponent = settlement.layout.exponent
    fields = amounts(settlement)
    check_identities(fields)
    out: dict[str, Any] = {"interface": _interface(settlement)}
    out |= {name: decimal_of(minor, exponent) for name, minor in fields.items()}
    out["pool_prop_selfpay"] = _pool_share(settlement)
    claim = settlement.claim
    out["insutype"] = terms.INSUTYPE.get(claim.person.scheme or "", "")
    out["med_type"] = "" if settlement.layout.program.run else terms.MED_TYPE.get(claim.encounter.care_type, "")
    out["setldetail"] = _details(settlement, fields)
    return out


def _interface(settlement: Settlement) -> str:
    """The interface that the message belongs to; a preliminary settlement has another than the one that is booked."""
    if settlement.layout.program.run:
        return ""
    pre, final = terms.INTERFACES[settlement.claim.encounter.care_type]
    return pre if settlement.preliminary else final


def amounts(settlement: Settlement) -> dict[str, int]:
    """Every amount of the message, in minor units."""
    program = settlement.layout.program
    fields = {"medfee_sumamt": settlement.minor(program.bill)}
    fields |= dict.fromkeys(OF_PART.values(), 0)
    for part in program.parts:
        fields[OF_PART[part.category]] += settlement.minor(part.gross)
    if "first_share" in program.national:
        fields["preselfpay_amt"] += settlement.minor(program.national["first_share"])
    outside = fields["fulamt_ownpay_amt"] + fields["overlmt_selfpay"] + fields["preselfpay_amt"]
    fields["inscp_scp_amt"] = fields["medfee_sumamt"] - outside
    dedc = program.national.get("act_pay_dedc")
    fields["act_pay_dedc"] = settlement.minor(dedc) if dedc else 0
    fields |= dict.fromkeys(terms.FUND_FIELDS, 0)
    split = settlement.split_minor
    for share in program.payers:
        if share.side == "fund":
            fields[share.national] += split[share.payer]
    fields["fund_pay_sumamt"] = sum(fields[name] for name in terms.FUND_FIELDS)
    fields["hosp_part_amt"] = settlement.side("hospital") + settlement.side("nobody")
    fields["psn_part_amt"] = settlement.side("patient")
    for name in ("acct_pay", "acct_mulaid_pay"):
        fields[name] = sum(split[p.payer] for p in program.payers if p.national == name)
    fields["psn_cash_pay"] = split["patient"]
    return fields


def check_identities(fields: dict[str, int]) -> None:
    """Our own sums: a message that breaks them is our fault."""
    parts = ("fulamt_ownpay_amt", "overlmt_selfpay", "preselfpay_amt", "inscp_scp_amt")
    assert fields["medfee_sumamt"] == sum(fields[p] for p in parts), "the parts do not sum to the bill"
    bearers = ("fund_pay_sumamt", "psn_part_amt", "hosp_part_amt")
    assert fields["medfee_sumamt"] == sum(fields[b] for b in bearers), "the bearers do not sum to the bill"
    assert fields["psn_part_amt"] == sum(fields[o] for o in OWN_FIELDS), "the patient's part does not sum"


def _pool_share(settlement: Settlement) -> Decimal:
    """Share of the first fund layer, four decimals; zero where it is not one share."""
    step = settlement.layout.program.national.get("pool_prop_selfpay")
    if step is None:
        return Decimal("0.0000")
    index = settlement.layout.index[step]
    share = Fraction(settlement.values[index], settlement.layout.denominators[index])  # type: ignore[arg-type]
    return Decimal(round(share * 10_000)).scaleb(-4)


def _details(settlement: Settlement, fields: dict[str, int]) -> list[dict[str, Any]]:
    exponent, split = settlement.layout.exponent, settlement.split_minor
    scheme = settlement.claim.person.scheme or ""
    return [
        {
            "fund_pay_type": _fund_type(share, scheme),
            "fund_pay_type_name": share.label.get("zh", share.payer),
            "inscp_scp_amt": decimal_of(fields["inscp_scp_amt"], exponent),
            "fund_payamt": decimal_of(split[share.payer], exponent),
        }
        for share in settlement.layout.program.payers
        if split[share.payer] and (share.side == "fund" or share.national == "acct_pay")
    ]


def _fund_type(share: ir.PayerShare, scheme: str) -> str:
    known = terms.PAYERS.get(share.payer)
    usual = known.fund_type if known is not None and known.fund_type else "999997"
    return terms.FUND_TYPES.get((share.payer, scheme), usual)
