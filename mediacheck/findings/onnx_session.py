"""Loads a network into onnxruntime: one thread, and nothing kept of what it has read."""

from __future__ import annotations

import onnxruntime

from mediacheck.errors import EngineFault


def open_session(model: bytes, what: str) -> onnxruntime.InferenceSession:
    """The network of an ONNX file; ``what`` names it in a fault.

    Raises:
        EngineFault: onnxruntime does not take it.
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    # The arena keeps the memory of the largest group photo for ever, and faces lie in it.
    options.enable_cpu_mem_arena = False
    try:
        return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's own exceptions have no public common class.
        raise EngineFault(f"{what} could not be loaded") from error
