"""Code as machine code, kept on disk: a second process compiles nothing."""

from __future__ import annotations

import ctypes
import hashlib
import os
import tempfile
from collections.abc import Callable
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import llvmlite  # type: ignore[import-untyped]
from llvmlite import binding as llvm

Function = Callable[[int], None]
"""Of the address of the arguments. The interpreter goes on in other threads while it runs."""

JUMPLESS = "-x86-cmov-converter=0"
"""The lesser of two amounts stays a choice: as a jump, which LLVM makes of it in loops, it is guessed wrong for every
other claim. Processors of another kind do not know the word and have no such jumps."""

ONE_BY_ONE = "+prefer-no-gather"
"""Where several claims are taken at once, each looks up its own cell: fetched one by one these are there sooner than by
the one instruction for all of them. Known to the same processors as the word above."""

_engines: list[Any] = []
"""What holds the machine code of this process."""


@lru_cache(maxsize=256)
def compiled(text: str, folder: Path | None) -> Function:
    """The function of a module; its machine code is kept in ``folder``, if there is one. Only texts of ``source_of``
    come here: our names and integers, nothing of a rule file."""
    machine = _machine()
    file = None if folder is None else folder / "kernels" / f"{_key(text)}.o"
    code = _read(file)
    if code is None:
        code = _made(text)
        _write(file, code)
    engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), machine)
    engine.add_object_file(llvm.ObjectFileRef.from_data(code))
    engine.finalize_object()
    _engines.append(engine)
    found: Function = ctypes.CFUNCTYPE(None, ctypes.c_void_p)(engine.get_function_address("kernel"))
    return found


def _machine() -> Any:
    """The processor of this machine, all that it can do."""
    _initialized()
    target = llvm.Target.from_default_triple()
    return target.create_target_machine(cpu=llvm.get_host_cpu_name(), features=_features(), opt=3, jit=True)


def _features() -> str:
    """What the processor can do, and what is better left."""
    found = llvm.get_host_cpu_features()
    return ",".join(filter(None, [found.flatten(), ONE_BY_ONE if "avx2" in found else ""]))


@cache
def _initialized() -> None:
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    llvm.set_option("", JUMPLESS)


def _made(text: str) -> bytes:
    machine = _machine()
    module = llvm.parse_assembly(text)
    module.verify()
    options = llvm.create_pipeline_tuning_options(speed_level=3)
    builder = llvm.create_pass_builder(machine, options)
    builder.getModulePassManager().run(module, builder)
    found: bytes = machine.emit_object(module)
    return found


def _key(text: str) -> str:
    _initialized()
    machine = f"{llvmlite.__version__} {llvm.get_host_cpu_name()} {_features()} {JUMPLESS}\n"
    return hashlib.sha256((machine + text).encode()).hexdigest()


def _read(file: Path | None) -> bytes | None:
    """Machine code with its digest in front; a damaged file is none."""
    if file is None or not file.is_file():
        return None
    content = file.read_bytes()
    digest, code = content[:32], content[32:]
    return code if hashlib.sha256(code).digest() == digest else None


def _write(file: Path | None, code: bytes) -> None:
    """Whole or not at all, also when two processes write."""
    if file is None:
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=file.parent, suffix=".part")
    with os.fdopen(handle, "wb") as out:
        out.write(hashlib.sha256(code).digest() + code)
    Path(temporary).replace(file)
