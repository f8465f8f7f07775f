"""The course of a stay, its ledger, the store: what is refused, what is kept, what survives."""
