"""Looking into a model through a child, and from the command line."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.trainer.explain.layer_server import LayerServer
from tests.trainer.explain.models import ALPHABET, KERAS_MARK, N_FILTERS, Image
from trainer.__main__ import main
from trainer.errors import BundleError
from trainer.explain.client import Pictures, coded

pytestmark = KERAS_MARK


@pytest.fixture(scope="module")
def child(run: Path, archive: Path) -> Iterator[LayerServer]:
    with LayerServer(["--model", str(run)]) as server:
        server.ask({"open": {"data": str(archive)}})
        yield server


class TestChild:
    def test_the_first_line_is_the_model(self, child: LayerServer) -> None:
        model = child.model
        assert (model.name, model.kind) == ("small", "keras")
        assert model.image_shape == (28, 28)
        assert "".join(model.alphabet) == ALPHABET
        assert model.parameters == 40 + 49 * N_FILTERS * 6 + 6
        assert not model.cannot

    def test_it_looks_at_a_drawing(self, child: LayerServer, image: Image) -> None:
        request = {"image": coded(image), "layers": "all", "occlusion": True, "gradient": True}
        look = child.ask({"look": request})["look"]
        assert [layer["name"] for layer in look["layers"]] == [
            "rescaling",
            "conv",
            "pool",
            "flatten",
            "logits",
        ]
        copied = Pictures.from_record(look["layers"][1])
        assert np.allclose(copied.values()[0], image / 255, atol=0.003)
        assert np.shape(look["occlusion"]) == np.shape(look["gradient"]) == (28, 28)
        rows = child.ask({"look": {"image": image.tolist()}})["look"]
        assert rows["top"] == look["top"]

    def test_it_looks_at_samples_and_lays_them_out(self, child: LayerServer) -> None:
        look = child.ask({"look": {"sample": 3}})["look"]
        assert (look["sample"], look["character"]) == (3, "O")
        told: list[int] = []
        for method in ("pca", "tsne"):
            request = {"method": method, "samples": 60, "perplexity": 5}
            made = child.ask({"map": request}, lambda done, _: told.append(done))["map"]
            assert (made["method"], np.shape(made["points"])) == (method, (60, 2))
        assert told
        assert made["indices"] == sorted(made["indices"])
        index = made["indices"][10]
        placed = child.ask({"look": {"sample": index, "place": True}})["look"]["places"]
        assert set(placed) == {"pca", "tsne", "nearest"}
        assert placed["nearest"][0] == 10
        spread = np.ptp(made["points"], axis=0).max()
        assert np.linalg.norm(np.subtract(placed["tsne"], made["points"][10])) < 0.1 * spread

    def test_a_map_can_be_cancelled_while_drawings_are_answered(
        self, child: LayerServer, image: Image
    ) -> None:
        wanted = child.send({"map": {"method": "tsne", "samples": 120, "seed": 4}})
        look = child.ask({"look": {"image": coded(image)}})
        assert "look" in look
        child.send({"cancel": wanted})
        after = child.ask({"map": {"method": "pca", "samples": 30}})
        assert len(after["map"]["points"]) == 30

    def test_filters_come_once_asked_for(self, child: LayerServer) -> None:
        filters = Pictures.from_record(child.ask({"filters": {}})["filters"])
        assert np.allclose(filters.values()[0][1, 1], 1)

    def test_it_writes_a_sheet(self, child: LayerServer, tmp_path: Path) -> None:
        out = tmp_path / "page.html"
        request = {"sample": 3, "out": str(out), "target": "x"}
        assert child.ask({"sheet": request})["sheet"]["out"] == str(out)
        assert "by how much x becomes less probable" in out.read_text()
        with pytest.raises(BundleError, match=r"\.png or \.html"):
            child.ask({"sheet": {"sample": 3, "out": str(tmp_path / "page.pdf")}})

    @pytest.mark.parametrize(
        ("question", "expected"),
        [
            ({}, "Expected one of open, look, filters, sheet, map or cancel"),
            ({"look": {}}, "not clear"),
            ({"look": {"image": "AAAA"}}, "784 bytes"),
            ({"look": {"image": [[1, 2], [3, 999]]}}, "rows of numbers"),
            ({"look": {"sample": 10_000}}, "Expected a sample of 0 to 119"),
            ({"look": {"sample": 0, "layers": ["foo"]}}, "Expected layers of"),
            ({"look": {"sample": 0, "occlusion": True, "patch": 0}}, "Expected a step"),
            ({"map": {"method": "umap"}}, "Expected pca or tsne"),
            ({"map": {"samples": 3}}, "at least 5"),
            ({"map": {"samples": "many"}}, "not clear"),
            ({"open": {"data": "/nowhere/at/all"}}, "There is no"),
        ],
    )
    def test_a_bad_question_is_answered_and_the_next_one_too(
        self, child: LayerServer, question: dict[str, Any], expected: str
    ) -> None:
        with pytest.raises(BundleError, match=expected):
            child.ask(question)
        assert "look" in child.ask({"look": {"sample": 0}})

    def test_a_model_that_is_not_there_ends_the_child_with_a_sentence(self, tmp_path: Path) -> None:
        with pytest.raises(BundleError, match="There is no recogniser in"):
            LayerServer(["--model", str(tmp_path)])

    def test_lines_that_are_no_questions_are_answered_until_the_input_ends(self) -> None:
        done = subprocess.run(
            [sys.executable, "-m", "trainer", "layers", "--serve"],
            input='nonsense\n[1]\n\n{"id": 7, "filters": {}}\n{"id": 8, "look": {"sample": 1}}\n',
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        first, *said = [json.loads(line) for line in done.stdout.splitlines()]
        assert first["ready"]
        assert [("error" in line, line.get("id")) for line in said] == [
            (True, None),
            (True, None),
            (False, 7),
            (True, 8),
        ]
        assert said[-1]["error"] == "No data are open."


class TestCommand:
    def test_the_graph_is_a_table(self, capsys: pytest.CaptureFixture[str], run: Path) -> None:
        assert main(["layers", "--model", str(run)]) == 0
        printed = capsys.readouterr().out
        assert "small: 1,222 parameters, keras" in printed
        assert "28×28×4" in printed

    def test_a_sample_as_json_and_as_a_sheet(
        self, capsys: pytest.CaptureFixture[str], run: Path, archive: Path, tmp_path: Path
    ) -> None:
        sheet = tmp_path / "sheet.png"
        options = ["layers", "--model", str(run), "--data", str(archive), "--index", "3"]
        assert main([*options, "--out", str(sheet), "--json"]) == 0
        record = json.loads(capsys.readouterr().out)
        assert record["out"] == str(sheet)
        assert [layer["name"] for layer in record["look"]["layers"]][-1] == "logits"
        assert np.shape(record["look"]["gradient"]) == (28, 28)
        from PIL import Image as PillowImage

        with PillowImage.open(sheet) as picture:
            assert picture.width == 1000
            assert picture.height > 800
            assert len(picture.getcolors(1 << 24) or []) > 100

    def test_a_page_needs_nothing_beside_itself(
        self, run: Path, archive: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        page = tmp_path / "page.html"
        options = ["--data", str(archive), "--layers", "conv", "--out", str(page)]
        assert main(["layers", "--model", str(run), *options]) == 0
        text = page.read_text()
        assert text.count("data:image/png;base64,") == 5
        assert "conv: 4 maps" in text
        assert "flatten:" not in text
        assert "http" not in text

    def test_an_ink_and_a_picture(
        self, capsys: pytest.CaptureFixture[str], litert_file: Path, tmp_path: Path
    ) -> None:
        from PIL import Image as PillowImage
        from PIL import ImageDraw

        ink = tmp_path / "ink.json"
        ink.write_text('{"strokes": [[[0, 0], [0, 50]]]}')
        drawn = PillowImage.new("L", (80, 80), 255)
        ImageDraw.Draw(drawn).line([(40, 10), (40, 70)], fill=0, width=8)
        drawn.save(tmp_path / "drawn.png")
        looks = []
        for given_by, path in (("--ink", ink), ("--image", tmp_path / "drawn.png")):
            options = ["--model", str(litert_file), "--alphabet", ALPHABET, given_by, str(path)]
            assert main(["layers", *options, "--json"]) == 0
            looks.append(json.loads(capsys.readouterr().out)["look"])
        assert looks[0]["top"][0][0] == looks[1]["top"][0][0]

    def test_a_map_as_json(
        self, capsys: pytest.CaptureFixture[str], run: Path, archive: Path
    ) -> None:
        options = ["--data", str(archive), "--map", "pca", "--samples", "40", "--progress"]
        assert main(["layers", "--model", str(run), *options, "--json"]) == 0
        said = capsys.readouterr()
        record = json.loads(said.out)
        assert len(record["map"]["points"]) == len(record["map"]["labels"]) == 40
        assert '"phase": "embedding"' in said.err

    @pytest.mark.parametrize("form", ["png", "html"])
    def test_a_map_as_a_picture(
        self,
        capsys: pytest.CaptureFixture[str],
        run: Path,
        archive: Path,
        tmp_path: Path,
        form: str,
    ) -> None:
        out = tmp_path / f"map.{form}"
        options = ["--data", str(archive), "--map", "pca", "--samples", "40", "--out", str(out)]
        assert main(["layers", "--model", str(run), *options]) == 0
        assert str(out) in capsys.readouterr().out
        if form == "html":
            assert "40 samples laid out by PCA" in out.read_text()
            return
        from PIL import Image as PillowImage

        with PillowImage.open(out) as picture:
            colors = {color for _, color in picture.getcolors(1 << 24) or []}
            assert picture.width == 1000
            assert len(colors) > 20

    @pytest.mark.parametrize(
        ("options", "expected"),
        [
            (["--image", "a.png", "--ink", "b.json"], "Expected one of"),
            (["--map", "pca"], "needs the samples of a dataset"),
            (["--index", "0"], "--index means nothing without --data"),
            (
                ["--data", "x", "--map", "pca", "--perplexity", "9"],
                "--perplexity means nothing without --map tsne",
            ),
            (["--data", "x", "--seed", "0", "--samples", "9"], "--samples, --seed means nothing"),
            (["--out", "x.gif"], "Expected a file .png or .html"),
            (["--out", "x.png"], "Nothing is shown on the sheet"),
            (["--ink", "nowhere.json"], "cannot be read"),
            (["--model", "nowhere.keras"], "There is no nowhere.keras"),
        ],
    )
    def test_bad_options_are_explained(
        self, capsys: pytest.CaptureFixture[str], options: list[str], expected: str
    ) -> None:
        assert main(["layers", *options]) == 1
        assert expected in capsys.readouterr().err

    def test_a_sheet_that_cannot_be_written_is_explained(
        self, capsys: pytest.CaptureFixture[str], run: Path, archive: Path, tmp_path: Path
    ) -> None:
        (tmp_path / "file").write_text("")
        out = tmp_path / "file" / "sheet.png"
        options = ["layers", "--model", str(run), "--data", str(archive), "--out", str(out)]
        assert main(options) == 1
        assert "cannot be written" in capsys.readouterr().err
