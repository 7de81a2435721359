"""The page about an animal: whole, escaped, alone in the world, and the same in a browser."""

import re
import shutil
import sys
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from sns_mujoco.models import Animal, Readout, Source, load

from sns_mujoco.errors import OutputPathError, UnknownNameError
from sns_mujoco.muscles import find_muscles
from sns_mujoco.network import Network, NonSpikingNeuron, NonSpikingSynapse
from sns_mujoco.rendering.report import animal_report, pictures
from sns_mujoco.rendering.report.html import MOST_ROWS, Markup, Section, page, table

NAUGHTY = "<b>&\"'x"


class Page(HTMLParser):
    """Cells of the tables by name, headings, references, and whether every element ends."""

    EMPTY = ("meta", "img", "input", "br")

    def __init__(self, html):
        super().__init__()
        self.open, self.cells, self.references, self.words, self.pictures = [], {}, [], [], []
        self.table = ""
        self.feed(html)
        self.close()
        assert not self.open, self.open

    def handle_starttag(self, tag, attrs):
        known = dict(attrs)
        self.references += [value for name, value in attrs if name in ("src", "href", "xlink:href", "data", "action")]
        if tag == "img":
            self.pictures.append(known["alt"])
        if tag == "table":
            self.table = known["id"]
        if tag in ("td", "th"):
            self.cells.setdefault(self.table, []).append("")
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.references += [value for name, value in attrs if name in ("src", "href", "xlink:href")]

    def handle_endtag(self, tag):
        assert self.open.pop() == tag
        if tag == "table":
            self.table = ""

    def handle_data(self, text):
        self.words.append(text)
        if self.table and "td" in self.open[-3:] or "th" in self.open[-1:]:
            self.cells[self.table][-1] += text


@pytest.fixture(scope="module")
def joint():
    return load("antagonist_joint")


@pytest.fixture(scope="module")
def report(joint):
    return animal_report(joint, seconds=1.5)


def test_the_page_needs_nothing_else(report):
    known = Page(report)
    assert all(reference.startswith(("data:", "#")) for reference in known.references), known.references
    assert not re.search(r"@import|url\((?!#)|<link|<iframe|<script src", report)
    assert "default-src 'none'" in report and report.startswith("<!doctype html>")
    anchors = {reference[1:] for reference in known.references if reference.startswith("#")}
    assert anchors == {f for f in re.findall(r'<section id="([a-z]+)"', report)} and len(anchors) == 11


def test_everything_is_in_its_tables(joint, report):
    known, network, model = Page(report), joint.network(), joint.build().compile()
    cells = known.cells
    assert [c for c in cells["neuron-table"][7::7]] == list(network.population_names)
    assert cells["synapse-table"][6::6] == [network.population_names[w.source] for w in network.connections]
    assert set(find_muscles(model)) <= set(cells["muscle-table"])
    assert "72.5" in cells["muscle-table"] and "68" in cells["muscle-table"]  # N and mm, as published
    assert {"SpindleIa", "GolgiTendonOrgan", "flexor Ia", "2.6 (3)"} <= set(cells["afferent-table"])
    assert "+1 × flexor motor" in cells["efferent-table"]
    assert "hip" in cells["joint-table"] and "max_conductance" in cells["varies-table"]
    text = " ".join(known.words)
    for source in joint.sources:
        assert source.citation in text and source.what in text
    assert "A graded chemical synapse" in text and "Nothing to be found" not in text
    assert len(known.pictures) == 2


def test_the_doctors_findings_are_there(joint, report):
    from sns_mujoco.diagnosis import doctor

    text = " ".join(" ".join(Page(report).words).split())
    found = doctor(joint).findings
    assert found and all(" ".join(finding.message.split()) in text for finding in found)
    assert 'id="doctor"' not in animal_report(joint, seconds=0.1, examine=False)


def naughty():
    def network():
        made = Network(NAUGHTY)
        made.add_neuron(NonSpikingNeuron(), NAUGHTY)
        made.add_neuron(NonSpikingNeuron(), "other")
        made.add_connection(NonSpikingSynapse(max_conductance=1.0, reversal_potential=40.0), NAUGHTY, "other")
        return made

    joint = load("antagonist_joint")
    return Animal(
        name=NAUGHTY, summary=NAUGHTY, length=0.3, body=joint.body, terrains=("free",), network=network,
        adapters=list, dt=0.5, start=lambda life, seed: life.reset(seed=seed), commands={}, cruise={},
        readouts=(Readout(neuron=NAUGHTY, label=NAUGHTY, family=NAUGHTY, range=(0, 20)),),
    )  # fmt: skip


def test_names_are_escaped_and_an_animal_of_ones_own_has_its_page():
    own = naughty()
    html = animal_report(own, seconds=0.1, examine=False)
    known = Page(html)
    assert "<b>" not in html
    assert known.cells["neuron-table"][7] == NAUGHTY
    assert "Animal(sources=...) names no source of these." in known.words
    assert "afferent-table" not in known.cells
    sourced = replace(own, sources=(Source(of="neurons", what="all", citation="Nobody 2026, J <i> 1:1"),))
    text = animal_report(sourced, seconds=0.1, examine=False)
    assert "all: Nobody 2026, J &lt;i&gt; 1:1" in text and "sources=..." not in text


def test_sources_name_a_part():
    with pytest.raises(UnknownNameError, match="no part of an animal named 'muscle'.*did you mean 'muscles'"):
        Source(of="muscle", what="all", citation="x")
    for name in ("hexapod", "rat_hindlimbs", "quadruped", "antagonist_joint"):
        parts = {source.of for source in load(name).sources}
        assert parts >= {"body", "neurons", "synapses", "afferents", "efferents"}


def test_files(tmp_path, joint):
    place = tmp_path / "page.html"
    html = animal_report(joint, place, seconds=0.1, examine=False)
    assert place.read_text(encoding="utf-8") == html
    with pytest.raises(OutputPathError, match=r"it may end in .html"):
        animal_report(joint, tmp_path / "page.pdf")
    with pytest.raises(UnknownNameError, match="no terrain named 'sea'"):
        animal_report(joint, tmp_path / "other.html", terrain="sea")
    assert [p.name for p in tmp_path.iterdir()] == ["page.html"]


def test_without_matplotlib(monkeypatch, joint):
    life = pictures.lived(joint, terrain=None, seed=0, seconds=0.05)
    assert "svg+xml" in pictures.activity(joint, life)
    for name in [name for name in sys.modules if name.startswith("matplotlib")]:
        monkeypatch.setitem(sys.modules, name, None)
    html = animal_report(joint, seconds=0.05, examine=False)
    assert "Not drawn: figures need matplotlib: pip install" in html


def test_tables_end_somewhere():
    rows = [(k, None, 0.12345678, Markup("<i>x</i>"), "<i>") for k in range(MOST_ROWS + 5)]
    made = table("t", ("k", "none", "number", "markup", "text"), rows, numbers=(2,))
    assert made.count("<tr>") == MOST_ROWS + 1 and "and 5 more" in made
    assert "<td class=number>0.1235</td><td><i>x</i></td><td>&lt;i&gt;</td>" in made
    assert 'data-table="t"' in Section("s", "S", made).html
    assert "find" not in Section("s", "S", table("t", ("k",), [("a",)])).html
    Page(page("a <b>", "<header></header>", [Section("s", "S <", made)]))


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    webdriver = pytest.importorskip("selenium.webdriver")
    if not (shutil.which("chromium") and shutil.which("chromedriver")):
        pytest.skip("there is no chromium with its driver")
    options = webdriver.ChromeOptions()
    for option in (
        "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
        "--disable-background-networking", "--disable-component-update", "--window-size=1240,900",
        f"--user-data-dir={tmp_path_factory.mktemp('profile')}",
    ):  # fmt: skip
        options.add_argument(option)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    service = webdriver.ChromeService(shutil.which("chromedriver"))
    driver = webdriver.Chrome(options=options, service=service)
    yield driver
    driver.quit()


def test_in_a_browser(tmp_path, browser, report):
    (tmp_path / "page.html").write_text(report, encoding="utf-8")
    browser.get(f"file://{tmp_path}/page.html")
    run = browser.execute_script
    assert browser.get_log("browser") == []
    assert run("return performance.getEntriesByType('resource').filter(e => !e.name.startsWith('data:')).length") == 0
    assert run("return [...document.images].every(i => i.complete && i.naturalWidth > 300)")
    assert run("return document.documentElement.scrollWidth <= window.innerWidth")  # nothing sticks out
    assert run("return document.querySelectorAll('#circuit svg title').length") > 40
    field = browser.find_element("css selector", "input[data-table='neuron-table']")
    shown = "return [...document.querySelectorAll('#neuron-table tbody tr')].filter(r => r.offsetHeight > 0).length"
    assert run(shown) == 18
    field.send_keys("flexor SPINDLE")
    assert run(shown) == 2  # those of Ia and II
    field.clear()
    field.send_keys("x")
    assert 0 < run(shown) <= 18
    before = run("return document.querySelector('#circuit svg').getBoundingClientRect().width")
    run("document.querySelector('#circuit svg').setAttribute('width', 5000)")
    run("document.getElementById('actual').click()")
    assert run("return document.querySelector('#circuit svg').getBoundingClientRect().width") > 2 * before
