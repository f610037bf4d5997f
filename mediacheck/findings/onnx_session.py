"""Loads a network into onnxruntime: one thread, and nothing kept of what it has read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from mediacheck.errors import EngineFault

#: The key of onnxruntime_run_options_config_keys.h: what a run has no more use for goes back.
_SHRINK = ("memory.enable_memory_arena_shrinkage", "cpu:0")


class FrugalSession(onnxruntime.InferenceSession):  # type: ignore[misc]  # It has no types.
    """A session whose memory goes back to the system after each run.

    Its arena saves asking the system for every layer's memory, which takes a third of the time of
    a large picture; left alone it would keep the memory of the largest group photo for ever, and
    faces lie in it.
    """

    def run(
        self,
        output_names: Sequence[str] | None,
        input_feed: Mapping[str, NDArray[np.generic]],
        run_options: onnxruntime.RunOptions | None = None,
    ) -> list[NDArray[np.float32]]:
        """As onnxruntime's own; raises what that does."""
        options = run_options or onnxruntime.RunOptions()
        options.add_run_config_entry(*_SHRINK)
        outputs: list[NDArray[np.float32]] = super().run(output_names, input_feed, options)
        return outputs


def open_session(model: bytes, what: str) -> FrugalSession:
    """The network of an ONNX file; ``what`` names it in a fault.

    Raises:
        EngineFault: onnxruntime does not take it.
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    # A plan of memory helps where sizes repeat, and those of pictures rarely do.
    options.enable_mem_pattern = False
    try:
        return FrugalSession(model, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's own exceptions have no public common class.
        raise EngineFault(f"{what} could not be loaded") from error
