"""Models in ONNX form, loaded once per process and run with few threads.

Only stages use them, in workers: a web process never loads a model.
"""

import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from media.sentences import english
from vision import weights
from vision.configuration import configuration

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

# One core is left for other workers, and more than four gain little with models this small.
THREADS = min(max((os.cpu_count() or 1) - 1, 1), 4)


class MissingWeights(Exception):
    """The file of a model is missing; the message says how to get it."""


def session(name: str, *, keep_memory: bool = True) -> "InferenceSession":
    """The model with this name in models.toml, ready to run. Raises MissingWeights.

    Without `keep_memory` it returns memory after each run: for models whose inputs have many shapes.
    """
    return loaded(path_of(name), keep_memory)


def path_of(name: str) -> Path:
    """The path of the model with this name. Raises MissingWeights."""
    weight = weights.by_name(name)
    path = configuration().models / weight.placed_as
    if not path.is_file():
        raise MissingWeights(
            english("The model %(name)s is missing. `manage.py fetch_models` fetches it.", name=weight.name)
        )
    return path


@cache
def loaded(path: Path, keep_memory: bool = True, packed: bool = True) -> "InferenceSession":
    """The model in a file, ready to run; loaded once per process.

    Without `packed` it keeps no second copy of its weights in the order that is fastest: for one that sees little.
    """
    from onnxruntime import InferenceSession, SessionOptions

    options = SessionOptions()
    options.intra_op_num_threads = THREADS
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.enable_cpu_mem_arena = keep_memory
    if not packed:
        options.add_session_config_entry("session.disable_prepacking", "1")
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # idle threads would starve other workers
    return InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
