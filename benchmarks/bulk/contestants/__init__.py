"""Who is measured. Each module: ``ready(claims)`` gives the job of a round, from plain arrays to results, and
``answers`` the amounts in minor units; ``PACKAGES`` are named with their versions."""
