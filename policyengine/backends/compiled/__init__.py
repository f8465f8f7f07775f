"""A program as one specialised Python function: the fast way to settle a single claim."""

from policyengine.backends.compiled.program import Compiled, compile_program

__all__ = ["Compiled", "compile_program"]
