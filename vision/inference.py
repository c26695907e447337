"""Models in ONNX form, loaded once per process and run with few threads.

Only stages use them, in workers: a web process never loads a model. They run on the processor, or on something faster
that ONNX Runtime was installed for, if the installation asks for it by name. What cannot be used is said in words.
"""

import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from media.sentences import english
from vision import weights
from vision.configuration import configuration

if TYPE_CHECKING:
    from onnxruntime import InferenceSession, SessionOptions

# One core is left for other workers, and more than four gain little with models this small.
THREADS = min(max((os.cpu_count() or 1) - 1, 1), 4)

PROCESSOR, WHAT_THERE_IS = "processor", "auto"
NAMES = {"cuda": "CUDA", "openvino": "OpenVINO", "coreml": "Core ML"}  # the likeliest to be fast first
CHOICES = (PROCESSOR, WHAT_THERE_IS, *NAMES)
_PROVIDERS = {
    "cuda": "CUDAExecutionProvider",
    "openvino": "OpenVINOExecutionProvider",
    "coreml": "CoreMLExecutionProvider",
}
OF_THE_PROCESSOR = "CPUExecutionProvider"
_OPTIONS: dict[str, dict[str, Any]] = {"cuda": {"cudnn_conv_algo_search": "HEURISTIC"}}  # shapes differ: no long search


class MissingWeights(Exception):
    """The file of a model is missing; the message says how to get it."""


def session(name: str, *, keep_memory: bool = True) -> "InferenceSession":
    """The model with this name in models.toml, ready to run. Raises MissingWeights.

    Without `keep_memory` it returns memory after each run: for models whose inputs have many shapes.
    """
    return loaded(path_of(name), keep_memory, accelerated=True)


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
def loaded(path: Path, keep_memory: bool = True, packed: bool = True, accelerated: bool = False) -> "InferenceSession":
    """The model in a file, ready to run; loaded once per process.

    Without `packed` it keeps no second copy of its weights in the order that is fastest: for one that sees little.
    With `accelerated` it runs where the settings say: in workers, not in the site or the sandbox.
    """
    from onnxruntime import InferenceSession

    given = options(keep_memory)
    if not packed:
        given.add_session_config_entry("session.disable_prepacking", "1")
    if accelerated:
        return opened(path, given)
    return InferenceSession(str(path), given, providers=[OF_THE_PROCESSOR])


def options(keep_memory: bool = True) -> "SessionOptions":
    """How models run: few threads, which do not spin."""
    from onnxruntime import SessionOptions

    chosen = SessionOptions()
    chosen.intra_op_num_threads = THREADS
    chosen.inter_op_num_threads = 1
    chosen.log_severity_level = 3
    chosen.enable_cpu_mem_arena = keep_memory
    chosen.add_session_config_entry("session.intra_op.allow_spinning", "0")  # idle threads would starve other workers
    return chosen


# --- where they run ---------------------------------------------------------------------------------------------------

_told: dict[str, str] = {}  # by model: what it runs on


def opened(path: Path, options: "SessionOptions") -> "InferenceSession":
    """The model in a file on the best that was asked for and works."""
    from onnxruntime import InferenceSession, get_available_providers

    asked = configuration().models_on
    wanted = [] if asked == PROCESSOR else list(NAMES) if asked == WHAT_THERE_IS else [asked]
    words = english("the processor")
    for name in wanted:
        provider = _PROVIDERS[name]
        if provider not in get_available_providers():
            if asked == name:
                words = english("the processor, because ONNX Runtime was installed without %(name)s", name=NAMES[name])
            continue
        session = _tried(path, options, name)
        if session is not None:
            _told[path.name] = NAMES[name]
            return session
        words = english("the processor, because %(name)s does not start here", name=NAMES[name])
    _told[path.name] = words
    return InferenceSession(str(path), options, providers=[OF_THE_PROCESSOR])


def _tried(path: Path, options: "SessionOptions", name: str) -> "InferenceSession | None":
    """The model on this, if it starts. Nodes that it does not know run on the processor."""
    from onnxruntime import InferenceSession

    provider = _PROVIDERS[name]
    try:
        session = InferenceSession(str(path), options, providers=[(provider, _OPTIONS.get(name, {})), OF_THE_PROCESSOR])
    except Exception:  # noqa: BLE001 - onnxruntime's exceptions have no base class of their own
        return None
    return session if provider in session.get_providers() else None


def told_where() -> list[str]:
    """What the models that this process has loaded run on, in words: what is fast first, and each once."""
    return sorted(set(_told.values()), key=lambda words: (words not in NAMES.values(), words))
