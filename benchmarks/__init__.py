"""Speed and exactness, measured side by side with another rule engine. ``make bench`` runs ``run.py``."""
