"""Claims by the million, side by side with other engines and with code written by hand; ``run.py`` measures."""
