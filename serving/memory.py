"""Keeps the process small: what the allocator and the garbage collector hold on to."""

from __future__ import annotations

import ctypes
import gc
import os
import sys

M_ARENA_MAX = -8  # malloc.h
ARENAS = 2


def use_few_arenas() -> None:
    """Lets glibc share its heaps among threads; elsewhere this does nothing.

    By default each thread gets a heap of its own, up to eight for a processor, and a
    model that one of them loads leaves holes there that no other thread fills.
    """
    libc = _libc()
    if libc is not None:
        libc.mallopt(M_ARENA_MAX, ARENAS)


def use_one_thread() -> None:
    """Keeps numpy from spreading a product of short vectors over the processors.

    To be called before numpy is imported.
    """
    for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ.setdefault(variable, "1")


def settle() -> None:
    """Throws away what loading left behind and takes the rest out of collection.

    A model is hundreds of thousands of objects that live as long as the process:
    looking through them at each full collection would hold up every turn. Called
    again after a reload, it lets go of the model before.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()
    libc = _libc()
    if libc is not None:
        libc.malloc_trim(0)


def _libc() -> ctypes.CDLL | None:
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None)
    return libc if hasattr(libc, "malloc_trim") else None  # musl has neither
