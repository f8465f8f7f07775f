"""What differs between two rule sets: in the law, in the smallest claim, over a book of claims."""
