"""What models run on: what was asked for where it works, and otherwise the processor, with the reason in words."""

from pathlib import Path
from types import SimpleNamespace

import onnxruntime
import pytest
from onnx import TensorProto, helper, save

from vision import inference


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A model that adds its input to itself."""
    given = helper.make_tensor_value_info("x", TensorProto.FLOAT, [1])
    answer = helper.make_tensor_value_info("y", TensorProto.FLOAT, [1])
    graph = helper.make_graph([helper.make_node("Add", ["x", "x"], ["y"])], "twice", [given], [answer])
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    save(made, tmp_path / "twice.onnx")
    return tmp_path / "twice.onnx"


@pytest.fixture(autouse=True)
def asked(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    wish = SimpleNamespace(models_on="processor")
    monkeypatch.setattr(inference, "configuration", lambda: wish)
    monkeypatch.setattr(inference, "_told", {})
    return wish


def twice(session: onnxruntime.InferenceSession) -> float:
    return float(session.run(None, {"x": [2.0]})[0][0])


def opened(model: Path) -> onnxruntime.InferenceSession:
    return inference.opened(model, onnxruntime.SessionOptions())


def test_the_processor_is_what_is_used_without_a_wish(model: Path) -> None:
    assert twice(opened(model)) == 4
    assert inference.told_where() == ["the processor"]


@pytest.mark.parametrize(("wish", "name"), [("cuda", "CUDA"), ("openvino", "OpenVINO"), ("coreml", "Core ML")])
def test_what_onnx_runtime_was_not_installed_for_is_said(
    wish: str, name: str, model: Path, asked: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(onnxruntime, "get_available_providers", lambda: ["CPUExecutionProvider"])
    asked.models_on = wish
    assert twice(opened(model)) == 4
    assert inference.told_where() == [f"the processor, because ONNX Runtime was installed without {name}"]


def test_whatever_there_is_may_be_nothing(model: Path, asked: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(onnxruntime, "get_available_providers", lambda: ["CPUExecutionProvider"])
    asked.models_on = "auto"
    assert twice(opened(model)) == 4
    assert inference.told_where() == ["the processor"]


@pytest.mark.parametrize("wish", ["cuda", "auto"])
def test_what_is_installed_but_does_not_start_is_said(
    wish: str, model: Path, asked: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """This ONNX Runtime says that it has CUDA, as one does whose libraries of the card are missing."""
    monkeypatch.setattr(
        onnxruntime, "get_available_providers", lambda: ["CUDAExecutionProvider", "CPUExecutionProvider"]
    )
    asked.models_on = wish
    assert twice(opened(model)) == 4
    assert inference.told_where() == ["the processor, because CUDA does not start here"]


def test_what_works_is_used_and_the_processor_for_what_it_does_not_know(
    model: Path, asked: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = []

    def session(path: str, options: object, providers: list[object]) -> SimpleNamespace:
        given.append(providers)
        return SimpleNamespace(get_providers=lambda: ["OpenVINOExecutionProvider", "CPUExecutionProvider"])

    monkeypatch.setattr(onnxruntime, "get_available_providers", lambda: ["OpenVINOExecutionProvider"])
    monkeypatch.setattr(onnxruntime, "InferenceSession", session)
    asked.models_on = "auto"
    opened(model)
    assert given == [[("OpenVINOExecutionProvider", {}), "CPUExecutionProvider"]]
    assert inference.told_where() == ["OpenVINO"]


def test_a_file_that_is_no_model_is_refused_whatever_was_asked_for(tmp_path: Path, asked: SimpleNamespace) -> None:
    asked.models_on = "auto"
    (tmp_path / "none.onnx").write_bytes(b"nothing")
    with pytest.raises(Exception, match=r"none\.onnx"):
        opened(tmp_path / "none.onnx")


def test_only_what_workers_load_is_accelerated(model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = []
    monkeypatch.setattr(inference, "opened", lambda path, options: chosen.append(path))
    inference.loaded.cache_clear()
    inference.loaded(model)
    assert chosen == []
    inference.loaded(model, accelerated=True)
    assert chosen == [model]
    inference.loaded.cache_clear()
