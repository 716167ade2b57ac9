"""What the coordinator takes along: an annex, sentences and pictures that say what the page says, and no more."""

import datetime
import io
import re
import shutil
import struct
import subprocess
import sys
import zipfile

import docx
import pytest
from PIL import Image

from pipelines.disclosure.policy import INTERNAL
from pipelines.disclosure.reading.find_leaks import find_leaks
from pipelines.disclosure.reading.read_release_folder import read_folders
from pipelines.errors import InputRefused
from pipelines.language import Language
from pipelines.outputs.browser import BrowserFailed, read_page_once_drawn
from pipelines.outputs.coordinator_kit import KitFacts, make_pictures, write_beside_page
from pipelines.run_log import RunLog
from pipelines.tables.table_spec import load_catalogue
from tests.made_up_release import FOR_THE_PUBLIC, made_up_release
from tests.one_number import TOLD_IN, different_texts
from tests.published_folder import CONFIG, FRENCH, write_kit_folder

TABLES = ("requester_type", "relationship", "age_by_relationship", "relationship_by_year")
#: A class of aggressors that the made-up release hides, and a number that stands elsewhere in the same table.
HIDDEN, SHOWN_ELSEWHERE = "Inconnu", "20"


@pytest.fixture(scope="module")
def kit(tmp_path_factory, browser_path):
    folder = tmp_path_factory.mktemp("kit") / "release"
    _, hidden = write_kit_folder(folder, FRENCH, TABLES, browser_path)
    return folder, hidden


@pytest.fixture
def annex(kit):
    return docx.Document(str(kit[0] / "annexe_statistique.docx"))


def test_the_annex_has_headings_a_title_and_a_language(annex):
    levels = [int(of.style.name[-1]) for of in annex.paragraphs if of.style.name.startswith("Heading")]

    assert levels[0] == 1 and all(after - before <= 1 for before, after in zip(levels, levels[1:], strict=False))
    assert annex.core_properties.title == annex.paragraphs[0].text
    assert annex.core_properties.language == "fr-CA"
    assert annex.styles.element.xpath("./w:docDefaults//w:lang/@w:val") == ["fr-CA"]


def test_each_table_of_the_annex_repeats_its_headings_and_is_described(annex):
    assert len(annex.tables) >= len(TABLES)
    for table in annex.tables:
        assert table.rows[0]._tr.xpath("./w:trPr/w:tblHeader")
        assert table._tbl.xpath("./w:tblPr/w:tblCaption/@w:val")[0]
        assert all(cell.text for cell in table.rows[0].cells)
        assert not table._tbl.xpath(".//w:gridSpan | .//w:vMerge")


def test_each_picture_of_the_annex_has_an_alternative(annex):
    described = [shape._inline.docPr.get("descr") for shape in annex.inline_shapes]

    assert len(described) == len(TABLES)
    assert all(text and len(text) <= 250 for text in described)


def test_a_hidden_number_is_a_mark_in_the_annex(annex):
    rows = {row.cells[0].text: row.cells[1].text for table in annex.tables for row in table.rows}

    assert rows[HIDDEN] == "s"
    assert any(paragraph.text.startswith("s à la place d'un nombre") for paragraph in annex.paragraphs)


def test_the_same_release_gives_the_same_bytes(kit, tmp_path):
    write_kit_folder(tmp_path / "release", FRENCH, TABLES)
    again = (tmp_path / "release" / "phrases.txt").read_bytes()

    assert again == (kit[0] / "phrases.txt").read_bytes()
    with zipfile.ZipFile(tmp_path / "release" / "annexe_statistique.docx") as archive:
        assert {part.date_time for part in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_pictures_are_of_two_widths_at_300_dots_an_inch(kit):
    for table in TABLES:
        for ending, points, centimetres in (("", 1890, "16cm"), ("_demi", 945, "8cm")):
            with Image.open(kit[0] / "figures" / f"{table}{ending}.png") as png:
                width, dots = png.width, png.info["dpi"]
            svg = (kit[0] / "figures" / f"{table}{ending}.svg").read_text(encoding="utf-8")
            assert (width, [round(each) for each in dots]) == (points, [300, 300])
            assert f'width="{centimetres}"' in svg and "<title>" in svg and "<desc>" in svg


@pytest.mark.parametrize("audience", [INTERNAL, "public"])
def test_only_what_may_leave_the_centre_has_pictures(tmp_path, audience):
    """The browser named here draws nothing: it is asked for pictures of a public report alone."""
    release = made_up_release(**(FOR_THE_PUBLIC if audience == "public" else {}))
    facts = KitFacts(release, [], load_catalogue(CONFIG, "demo").unit, FRENCH, datetime.date(2024, 6, 1))
    (tmp_path / "dashboard.html").write_text("<html><body></body></html>", encoding="utf-8")
    said = []

    log = RunLog(FRENCH, said.append)
    write_beside_page(tmp_path / "dashboard.html", facts, tmp_path / "work", log, {"BILAN_BROWSER": sys.executable})

    assert any("image" in str(line) for line in said) == (audience == "public")
    assert (tmp_path / "annexe_statistique.docx").is_file()
    assert not (tmp_path / "figures").exists()


def test_pictures_hold_no_word_of_another_and_no_drawing_of_lots(kit, tmp_path):
    folder, _ = kit
    for path in (folder / "figures").glob("*.svg"):
        text = path.read_text(encoding="utf-8")
        assert "http" not in re.sub(r'xmlns(:\w+)?="[^"]*"', "", text)
        assert "<script" not in text and str(folder) not in text
    for path in (folder / "figures").glob("*.png"):
        kinds = {path.read_bytes()[at + 4 : at + 8] for at in chunks(path.read_bytes())}
        assert kinds == {b"IHDR", b"pHYs", b"PLTE", b"IDAT", b"IEND"}


def chunks(png):
    at = 8
    while at < len(png):
        yield at
        at += 12 + struct.unpack(">I", png[at : at + 4])[0]


def test_an_honest_kit_says_what_the_cells_say(kit):
    folder, hidden = kit

    assert read_folders([folder]).cells
    assert find_leaks(folder, hidden) == []


def in_sentences(text):
    return "phrases.txt", lambda old: old.replace(b"[relationship]\n", f"[relationship]\n{text}\n".encode())


def in_annex(pattern, planted):
    def change(old):
        written = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(old)) as archive, zipfile.ZipFile(written, "w") as new:
            for part in archive.infolist():
                content = archive.read(part)
                if part.filename == "word/document.xml":
                    content = re.sub(pattern, planted, content.decode(), count=1, flags=re.DOTALL).encode()
                new.writestr(part, content)
        return written.getvalue()

    return "annexe_statistique.docx", change


def in_picture(name, old, new):
    return f"figures/{name}", lambda text: text.replace(old.encode(), new.encode(), 1)


PLANTED = {
    "a sentence on a hidden cell": in_sentences(f"Parmi eux, {SHOWN_ELSEWHERE} relèvent de «\u00a0{HIDDEN}\u00a0»."),
    "none, of a hidden cell": in_sentences(f"Pour 2023-2024, aucun lien ne relève de «\u00a0{HIDDEN}\u00a0»."),
    "a label and its number": in_sentences(f"{HIDDEN} : {SHOWN_ELSEWHERE}"),
    "a line outside of the tables": ("phrases.txt", lambda old: f"{HIDDEN} : 3\n\n".encode() + old),
    "a cell of the annex": in_annex(rf"({HIDDEN}</w:t>.*?<w:t>)s(</w:t>)", rf"\g<1>{SHOWN_ELSEWHERE}\2"),
    "a note of the annex": in_annex(r"(<w:t[^>]*>)Sans réponse[^<]*", rf"\g<1>{HIDDEN} : 987"),
    "the alternative of a picture": in_annex(r'descr="[^"]*"', f'descr="{HIDDEN} : 987"'),
    "the cover of the annex": in_annex("<w:t>Produit le", f"<w:t>{HIDDEN} : 3. Produit le"),
    "a number of a picture": in_picture("relationship.svg", ">s<", f">{SHOWN_ELSEWHERE}<"),
    "the words of a picture": in_picture("relationship.svg", "<desc>", f"<desc>{HIDDEN} : 3. "),
    "a comment in a picture": in_picture("relationship_demi.svg", "<desc>", f"<!-- {HIDDEN} : 3 --><desc>"),
    "words beside the drawing": in_picture("relationship.svg", "<desc>", f"<metadata>{HIDDEN} : 3</metadata><desc>"),
}  # fmt: skip


@pytest.fixture
def spoilt(kit, request):
    """The folder with something planted in one file, which is mended afterwards."""
    folder, _ = kit
    name, change = PLANTED[request.param]
    original = (folder / name).read_bytes()
    planted = change(original)
    assert planted != original
    (folder / name).write_bytes(planted)
    yield folder, name
    (folder / name).write_bytes(original)


@pytest.mark.parametrize("spoilt", PLANTED, indirect=True)
def test_a_number_planted_in_any_of_them_is_found(kit, spoilt):
    folder, name = spoilt
    with pytest.raises(InputRefused) as refused:
        read_folders([folder])

    assert name.rpartition("/")[2] in refused.value.one_line(Language("fr"))
    assert name in {leak.file for leak in find_leaks(folder, kit[1])}


def test_words_packed_beside_the_points_of_a_picture_are_found(kit):
    path = kit[0] / "figures" / "relationship.png"
    original = path.read_bytes()
    path.write_bytes(original[:33] + struct.pack(">I", 9) + b"tEXtInconnu 3" + b"\0\0\0\0" + original[33:])
    with pytest.raises(InputRefused):
        read_folders([kit[0]])
    path.write_bytes(original)


def test_a_picture_of_no_drawing_of_the_page_is_refused(kit):
    stranger = kit[0] / "figures" / "stranger.svg"
    shutil.copy(kit[0] / "figures" / "relationship.svg", stranger)
    with pytest.raises(InputRefused):
        read_folders([kit[0]])
    stranger.unlink()


def test_one_number_has_one_text_in_every_output(kit):
    assert different_texts(kit[0]) == set()


@pytest.mark.parametrize("name", sorted(TOLD_IN))
def test_another_text_of_a_number_is_seen_in_each_output(kit, name):
    folder, _ = kit
    path, change = TOLD_IN[name]
    original = (folder / path).read_bytes()
    changed = change(original)
    assert changed != original
    (folder / path).write_bytes(changed)
    found = different_texts(folder)
    (folder / path).write_bytes(original)

    assert ("relationship", "Entourage") in {each[1:] for each in found}


@pytest.mark.parametrize("name", ["tables.xlsx", "annexe_statistique.docx"])
def test_libreoffice_opens_it_and_makes_a_pdf(kit, tmp_path, name):
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed")
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [office, profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(kit[0] / name)]
    done = subprocess.run(command, check=True, capture_output=True, timeout=180, text=True)

    assert (tmp_path / name).with_suffix(".pdf").read_bytes().startswith(b"%PDF")
    assert "repair" not in (done.stdout + done.stderr).lower()


def test_without_a_browser_there_is_one_sentence_and_no_picture(tmp_path):
    pictures, fault = make_pictures(tmp_path / "page.html", (), tmp_path, tmp_path / "work", {"BILAN_BROWSER": ""})

    assert pictures == {} and not list(tmp_path.iterdir())
    assert FRENCH.text(fault).startswith("Aucune image")


def test_a_browser_that_fails_leaves_no_picture(tmp_path):
    with pytest.raises(BrowserFailed):
        read_page_once_drawn("false", tmp_path / "page.html", tmp_path, time_limit_s=10)
