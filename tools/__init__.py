"""The tools of the workshop: set-up and reference pages."""
