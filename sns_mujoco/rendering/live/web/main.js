// Time, commands, and what was done.
const live = (() => {
  let about = null, state = null, pressed = {}, calm = 0;
  const sliders = new Map();
  const leave = id => { document.activeElement === get(id) && get(id).blur(); };

  link.on("hello", hello => {
    about = hello; get("summary").textContent = `${hello.summary} · ${hello.terrain}`;
    const rows = get("commands"); rows.replaceChildren(); sliders.clear();
    for (const command of hello.commands) {
      const label = document.createElement("label"), slider = document.createElement("input"), value = document.createElement("output");
      label.textContent = label.title = command.name; label.htmlFor = slider.id = `command-${command.name}`;
      Object.assign(slider, {type: "range", min: command.lo, max: command.hi, step: (command.hi - command.lo) / 100});
      slider.value = command.value; slider.dataset.command = command.name;
      let waiting = null;  // what was done is kept, so not every pixel of a move is one
      slider.oninput = () => {
        value.textContent = Number(slider.value).toFixed(2); pressed[command.name] = Date.now();
        waiting ??= setTimeout(() => { waiting = null; link.wish("command", {name: command.name, value: Number(slider.value)}); }, 120);
      };
      rows.append(label, slider, value); sliders.set(command.name, {slider, value});
    }
    get("save").hidden = !hello.saves;
  });

  link.on("signals", told => {
    const fresh = !state || told.life !== state.life;
    state = told;
    get("play").textContent = told.playing ? "Pause" : "Start";
    for (const [name, {slider, value}] of sliders) {
      if (Date.now() - (pressed[name] || 0) < 600) continue;  // the hand on it has the word
      slider.value = told.commands[name]; value.textContent = told.commands[name].toFixed(2);
    }
    if (fresh) get("seed").value = told.seed;
    get("notice").textContent = told.trouble || notice.now();
    if (get("deeds").dataset.last !== `${told.life} ${told.done} ${told.deeds.at(-1)?.what}`) list(told);
    if (performance.now() - calm < 200 && told.playing) return;
    calm = performance.now();
    get("time").textContent = `${told.time.toFixed(2)} s`;
    get("factor").textContent = told.playing && told.factor ? `${told.factor.toFixed(2)} ×` : "–";
    get("pictures").textContent = told.playing ? told.pictures.toFixed(0) : "–";
    get("dropped").textContent = told.dropped;
    get("travel").textContent = told.travel === null ? "" : `${told.travel.toFixed(2)} body lengths/s`;
    get("rhythm").textContent = told.rhythm ? `${told.rhythm.toFixed(2)} Hz` : "";
  });

  function list(told) {
    get("deeds").dataset.last = `${told.life} ${told.done} ${told.deeds.at(-1)?.what}`;
    get("count").textContent = (told.done ? `· ${told.done}` : "") + (told.earlier ? ` · ${told.earlier} earlier ${told.earlier > 1 ? "lives" : "life"}` : "");
    get("deeds").replaceChildren(...told.deeds.map(deed => {
      const item = document.createElement("li"), time = document.createElement("time"), words = document.createElement("span");
      time.textContent = `${deed.time.toFixed(3)} s`; words.textContent = words.title = deed.what; item.append(time, words); return item;
    }));
    get("deeds").scrollTop = 1e6;
  }

  const notice = (() => {
    let words = "", until = 0;
    return {say: text => { words = text; until = Date.now() + 6000; get("notice").textContent = text; }, now: () => Date.now() < until ? words : ""};
  })();
  link.on("answer", told => {
    if (told.notice) notice.say(told.notice);
    if (told.saved) notice.say(told.saved);
    if ("protocol" in told) {
      const file = document.createElement("a");
      file.href = URL.createObjectURL(new Blob([told.protocol], {type: "application/yaml"}));
      file.download = `${about.hello}.yaml`; file.click(); URL.revokeObjectURL(file.href);
    }
  });

  const toggle = () => link.wish(state?.playing ? "pause" : "play");
  get("play").onclick = () => { toggle(); leave("play"); };
  get("step").onclick = () => { link.wish("step", {n: 1}); leave("step"); };
  get("leap").onclick = () => { link.wish("step", {n: Math.round(.02 / about.timestep)}); leave("leap"); };
  get("reset").onclick = () => { link.wish("reset", {seed: Math.round(Number(get("seed").value))}); leave("reset"); };
  get("speed").onchange = event => { link.wish("speed", {value: Number(event.target.value)}); leave("speed"); };
  get("save").onclick = () => link.wish("save");
  get("download").onclick = () => link.wish("protocol");
  addEventListener("keydown", event => {
    if (["INPUT", "SELECT", "BUTTON"].includes(event.target.tagName) && event.target.type !== "range") return;
    const act = {" ": toggle, ".": () => get("step").click(), ",": () => get("leap").click()}[event.key];
    if (act) { event.preventDefault(); act(); }
  });
  return {
    get state() { return state; }, get samples() { return traces.samples(); }, get pictures() { return body.pictures(); },
  };
})();
window.live = live;
