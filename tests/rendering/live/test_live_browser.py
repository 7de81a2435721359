"""The page in a real browser: Chromium without a window, clicked and dragged as a person would."""

import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sns_mujoco.models import load

from sns_mujoco.protocols import Protocol
from sns_mujoco.rendering.live import LiveView

selenium = pytest.importorskip("selenium", reason="selenium is not installed")
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
DRIVER = shutil.which("chromedriver")
if CHROMIUM is None or DRIVER is None:
    pytest.skip("there is no Chromium with its driver", allow_module_level=True)

SILENT = "L2 swing"
LESION = "L2 trigger->L2 swing"
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--window-size=1400,900",
)  # fmt: skip


class Page:
    """A page of a view, and what a person does with it."""

    def __init__(self, browser: Any, view: LiveView) -> None:
        self.browser, self.view = browser, view
        browser.get(view.url)
        self.wait(lambda: self.run("return !!(window.live && live.state)"))

    def run(self, script: str, *given: Any) -> Any:
        return self.browser.execute_script(script, *given)

    @property
    def state(self) -> dict[str, Any]:
        return self.run("return live.state")

    def text(self, name: str) -> str:
        return self.run("return document.getElementById(arguments[0]).textContent", name)

    def click(self, name: str) -> None:
        self.browser.find_element("id", name).click()

    def wait(self, true: Callable[[], Any], seconds: float = 40.0) -> None:
        """Until something holds; generous, for it says nothing about how fast a machine is."""
        end = time.monotonic() + seconds
        while not true():
            assert time.monotonic() < end, f"it did not come to pass in {seconds:g} s"
            time.sleep(0.05)

    def live(self, seconds: float) -> None:
        """Let simulated time pass."""
        until = self.state["time"] + seconds
        self.wait(lambda: self.state["time"] >= until)

    def slide(self, command: str, value: float) -> None:
        self.run(
            "const s = document.getElementById(arguments[0]); s.value = arguments[1];"
            "s.dispatchEvent(new Event('input', {bubbles: true}))",
            f"command-{command}", value,
        )  # fmt: skip

    def pixels(self, canvas: str) -> np.ndarray:
        """Colours of every seventh pixel of a canvas, [n, 3]."""
        values = self.run(
            "const c = document.getElementById(arguments[0]);"
            "const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data; let s = '';"
            "for (let i = 0; i < d.length; i += 28) s += String.fromCharCode(d[i], d[i + 1], d[i + 2]); return s",
            canvas,
        )
        return np.frombuffer(values.encode("latin-1"), np.uint8).reshape(-1, 3)


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = str(CHROMIUM)
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('chromium')}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(DRIVER))
    driver.set_script_timeout(30)
    yield driver
    driver.quit()


@pytest.fixture
def page(browser: Any, tmp_path: Path) -> Iterator[Page]:
    with LiveView(load("hexapod"), seed=2, quality="draft", save=tmp_path / "done.yaml") as view:
        opened = Page(browser, view)
        yield opened
        complaints = [entry for entry in browser.get_log("browser") if entry["level"] == "SEVERE"]
        assert not complaints, complaints
        browser.get("about:blank")


def test_the_page_shows_body_circuit_and_traces(page: Page) -> None:
    assert page.text("name") == "hexapod" and "cockroach" in page.text("summary")
    assert len(page.run("return document.querySelectorAll('#drawing .node .soma')")) == 166
    assert page.text("play") == "Start" and page.state["time"] == 0
    page.wait(lambda: page.run("return live.pictures") > 0)
    shown = page.pixels("picture")
    assert shown.std() > 10 and len(np.unique(shown, axis=0)) > 100  # a body on its ground, and no plain colour

    page.click("play")
    page.live(0.5)
    before, lit = page.pixels("lines"), page.run("return document.querySelector('#drawing').innerHTML")
    page.live(0.5)
    after = page.pixels("lines")
    assert before.shape == after.shape and (before != after).any(axis=1).mean() > 0.005  # traces have moved on
    assert lit != page.run("return document.querySelector('#drawing').innerHTML")
    assert page.run("return live.samples") > 100
    page.wait(lambda: page.text("factor") != "–")
    assert float(page.text("factor").split()[0]) > 0
    assert int(page.text("dropped")) >= 0 and page.text("play") == "Pause"
    page.wait(lambda: page.state["pictures"] > 0)


def test_pause_step_and_reset(page: Page) -> None:
    page.click("play")
    page.live(0.2)
    page.click("play")
    page.wait(lambda: not page.state["playing"])
    held = page.state["time"]
    time.sleep(0.2)
    assert page.state["time"] == held
    page.click("step")
    page.wait(lambda: page.state["time"] > held)
    assert page.state["time"] == pytest.approx(held + 0.001)
    page.click("leap")
    page.wait(lambda: page.state["time"] > held + 0.0015)
    assert page.state["time"] == pytest.approx(held + 0.021)
    page.run("document.getElementById('seed').value = 7")
    page.click("reset")
    page.wait(lambda: page.state["life"] == 2)
    assert page.state["time"] == 0 and page.state["seed"] == 7 and page.view.life.seed == 7


def test_a_slider_changes_the_gait(page: Page) -> None:
    page.view.life.set_speed(3.0)
    page.click("play")
    page.live(2.0)
    fast = page.state
    page.slide("drive", 0.2)
    page.live(3.0)
    slow = page.state
    assert slow["commands"]["drive"] == pytest.approx(0.2)
    assert 0 < slow["rhythm"] < 0.8 * fast["rhythm"]
    assert slow["travel"] < 0.8 * fast["travel"]
    assert any("drive 0.2" in deed["what"] for deed in slow["deeds"])
    assert "drive 0.2" in page.text("deeds")


def test_clicking_a_neuron_silences_it_and_the_lesion_shows(page: Page) -> None:
    page.view.life.set_speed(3.0)
    page.click("play")
    page.live(1.0)
    page.run("circuit.nodeOf(arguments[0]).dispatchEvent(new MouseEvent('click', {bubbles: true}))", SILENT)
    assert page.text("chosen") == SILENT
    page.wait(lambda: highest(page) > 10)
    page.click("silence")
    page.wait(lambda: page.run("return circuit.nodeOf(arguments[0]).classList.contains('silenced')", SILENT))
    page.live(0.6)
    page.wait(lambda: highest(page) < 2)
    page.click("release")
    page.wait(lambda: not page.state["silenced"])
    page.wait(lambda: highest(page) > 10)

    page.run(SWITCH, LESION)
    page.wait(lambda: LESION in page.state["cut"])
    page.wait(lambda: page.run("return circuit.edgeOf(arguments[0]).classList.contains('cut')", LESION))
    page.live(0.6)
    page.wait(lambda: highest(page) < 10)  # it swings no more
    page.run(SWITCH, LESION)
    page.wait(lambda: not page.run("return circuit.edgeOf(arguments[0]).classList.contains('cut')", LESION))
    page.wait(lambda: highest(page) > 10)


SWITCH = "document.querySelector('#synapses input[data-synapse=\"' + arguments[0] + '\"]').click()"


def highest(page: Page) -> float:
    """The highest potential of the chosen neuron of late, as the page tells it, mV."""
    return float(page.text("range").partition(" to ")[2].partition(" mV")[0])


def test_dragging_the_animal_pushes_it_and_dragging_the_ground_looks_around(page: Page) -> None:
    from selenium.webdriver import ActionChains

    page.wait(lambda: page.run("return live.pictures") > 0)
    page.click("play")
    canvas = page.browser.find_element("id", "picture")
    ActionChains(page.browser).move_to_element(canvas).click_and_hold().pause(0.5).move_by_offset(60, 0).pause(
        0.3
    ).release().perform()
    page.wait(lambda: page.state["done"] > 0)
    assert "pushed" in page.state["deeds"][-1]["what"]
    page.click("play")
    page.wait(lambda: not page.state["playing"])
    before = page.run("return live.pictures")
    corner = (-canvas.size["width"] // 2 + 30, -canvas.size["height"] // 2 + 30)
    ActionChains(page.browser).move_to_element_with_offset(canvas, *corner).click_and_hold().pause(0.5).move_by_offset(
        80, 40
    ).pause(0.2).release().perform()
    page.wait(lambda: page.run("return live.pictures") > before)  # time stands still, so it is another view
    assert page.state["done"] == 1


def test_what_was_done_is_saved_and_replays(page: Page, tmp_path: Path) -> None:
    page.click("play")
    page.live(0.3)
    page.slide("turn", 0.5)
    page.run("link.wish('inject', {neuron: 'R1 swing', current: 12})")
    page.live(0.2)
    page.run("document.querySelector('#pad [data-way=left]').click()")
    page.live(0.3)
    page.click("play")
    page.wait(lambda: not page.state["playing"])
    page.click("save")
    page.wait(lambda: "saved to" in page.text("notice"))
    life = page.view.life
    again = load("hexapod").simulation(seed=2, protocol=Protocol.load(tmp_path / "done.yaml"))
    again.step(round(life.simulation.time / again.model.opt.timestep))
    np.testing.assert_array_equal(again.data.qpos, life.simulation.data.qpos)
    np.testing.assert_array_equal(again.potentials, life.simulation.potentials)
    assert life.simulation.commands["turn"] == 0.5


def test_a_second_page_takes_over(page: Page, browser: Any) -> None:
    first = browser.current_window_handle
    browser.switch_to.new_window("tab")
    browser.get(page.view.url)
    page.wait(lambda: page.run("return !!(window.live && live.state)"))
    browser.close()
    browser.switch_to.window(first)
    assert "another tab" in page.text("curtain")
