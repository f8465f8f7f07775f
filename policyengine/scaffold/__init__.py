"""Beginnings: the files of a new rule set, or of a new mechanism, that work as they are and wait to be changed."""

from policyengine.scaffold.files import write
from policyengine.scaffold.mechanism import checkout, mechanism_files
from policyengine.scaffold.ruleset import ruleset_files

__all__ = ["checkout", "mechanism_files", "ruleset_files", "write"]
