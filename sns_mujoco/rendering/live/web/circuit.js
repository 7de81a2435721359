// The circuit: neurons light up with their potentials; a click chooses one, or a connection, and what may be done to it.
const circuit = (() => {
  const SVG = "http://www.w3.org/2000/svg", LAST = .5, LANE = "#191d24", INK = "#0e1014", PALE = "#aab2c0";
  const drawing = get("drawing"), card = get("card");
  let about = null, nodes = [], edges = [], ofNeuron = [], index = new Map(), view = null, whole = null, chosen = null, state = null;

  const make = (tag, given, parent) => {
    const element = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(given)) element.setAttribute(name, value);
    parent?.append(element);
    return element;
  };

  function build(hello) {
    about = hello; drawing.replaceChildren(); nodes = []; edges = []; ofNeuron = []; index = new Map(); chosen = null;
    const plan = hello.circuit, group = make("g", {}, drawing);
    const hue = new Map();
    for (const node of plan.nodes)
      if (node.group && node.neurons.length && !hue.has(node.group)) hue.set(node.group, hello.neurons[node.neurons[0]].color);
    const big = Math.max(15, plan.width / 80);
    for (const box of plan.boxes) {
      const color = hue.get(box.name) || PALE;
      make("rect", {class: "box", x: box.x, y: box.y, width: box.width, height: box.height, rx: 12, fill: color, stroke: color}, group);
      make("text", {x: box.x + big * .8, y: box.y + big * 1.35, "font-size": big, fill: color}, group).textContent = box.name;
    }
    for (const plain of plan.edges) {
      const element = make("g", {class: `edge ${plain.sign}`}, group);
      const way = make("path", {class: "way", d: plain.d, "stroke-width": plain.width * 1.25}, element);
      const marks = make("g", {class: "marks"}, element);
      marks.innerHTML = plain.marks;
      const edge = {...plain, element, way, level: -1};
      if (plain.sign !== "link") {
        const hit = make("path", {class: "hit", d: plain.d}, element);
        make("title", {}, hit).textContent = plain.details;
        hit.addEventListener("click", event => { event.stopPropagation(); choose({edge}); });
      }
      edges.push(edge);
    }
    for (const plain of plan.nodes) {
      const element = make("g", {class: "node", transform: `translate(${plain.x} ${plain.y})`}, group);
      const node = {...plain, element, level: -1};
      if (!plain.neurons.length) {
        element.classList.add("tag");
        const half = 8 + 3 * plain.name.length;
        make("rect", {x: -half, y: -10, width: 2 * half, height: 20, rx: 6}, element);
        make("text", {y: 3.5, "font-size": 10}, element).textContent = plain.name;
      } else {
        const color = node.color = hello.neurons[plain.neurons[0]].color;
        if (plain.many) for (const step of [8, 4]) make("circle", {r: plan.radius, cx: step, cy: -step, fill: LANE, stroke: color, "stroke-opacity": .5}, element);
        node.soma = make("circle", {class: "soma", r: plan.radius, fill: LANE, stroke: mix(LANE, color, .55)}, element);
        make("circle", {class: "ring", r: plan.radius + 5}, element);
        node.words = make("g", {fill: PALE}, element);
        const font = plain.font * 1.06, step = font * 1.1;
        plain.lines.forEach((words, n) => {
          make("text", {y: font * .35 + (n - (plain.lines.length - 1) / 2) * step, "font-size": font}, node.words).textContent = words;
        });
        make("title", {}, element).textContent = plain.details;
        element.addEventListener("click", event => {
          event.stopPropagation();
          if (event.shiftKey) toggle("silence", plain.neurons[0]);
          else if (event.altKey) toggle("inject", plain.neurons[0]);
          else choose({node, neuron: plain.neurons[0]});
        });
        for (const neuron of plain.neurons) ofNeuron[neuron] = node;
      }
      nodes.push(node);
    }
    const names = get("neurons"); names.replaceChildren();
    hello.neurons.forEach((neuron, n) => { index.set(neuron.name, n); const option = document.createElement("option"); option.value = neuron.name; names.append(option); });
    fit(); choose(null);
  }

  // Looking: the wheel comes closer, dragging moves.
  function look(to) { view = {...to}; drawing.setAttribute("viewBox", `${view.x} ${view.y} ${view.width} ${view.height}`); }
  function fit() {  // with room for the tools above
    const plan = about.circuit, wide = Math.max(drawing.clientWidth, 100), high = Math.max(drawing.clientHeight, 100);
    const s = Math.max(plan.width / (wide - 24), plan.height / (high - 62));
    whole = {x: plan.width / 2 - s * wide / 2, y: plan.height / 2 - s * (high / 2 + 19), width: s * wide, height: s * high};
    look(whole);
  }
  new ResizeObserver(() => about && fit()).observe(drawing);
  function scale() { return Math.max(view.width / drawing.clientWidth, view.height / drawing.clientHeight); }
  drawing.addEventListener("wheel", event => {
    event.preventDefault();
    const box = drawing.getBoundingClientRect(), by = Math.exp(event.deltaY * .0015), s = scale();
    const width = Math.min(whole.width * 1.5, Math.max(160, view.width * by)), share = width / view.width;
    const px = view.x + view.width / 2 + (event.clientX - box.left - box.width / 2) * s;
    const py = view.y + view.height / 2 + (event.clientY - box.top - box.height / 2) * s;
    look({x: px + (view.x - px) * share, y: py + (view.y - py) * share, width, height: view.height * share});
  }, {passive: false});
  let grip = null;
  drawing.addEventListener("pointerdown", event => { grip = {x: event.clientX, y: event.clientY, view: {...view}, moved: false}; });
  addEventListener("pointermove", event => {
    if (!grip) return;
    const dx = event.clientX - grip.x, dy = event.clientY - grip.y;
    if (Math.hypot(dx, dy) > 4) grip.moved = true;
    if (grip.moved) { drawing.classList.add("moving"); look({...grip.view, x: grip.view.x - dx * scale(), y: grip.view.y - dy * scale()}); }
  });
  addEventListener("pointerup", () => { grip && setTimeout(() => { grip = null; }); drawing.classList.remove("moving"); });
  drawing.addEventListener("click", () => { if (!grip?.moved) choose(null); });
  get("fit").onclick = fit;
  get("find").addEventListener("change", event => {
    const neuron = index.get(event.target.value);
    if (neuron === undefined) return;
    const node = ofNeuron[neuron], width = Math.min(whole.width, 620), height = width * drawing.clientHeight / drawing.clientWidth;
    look({x: node.x - width / 2, y: node.y - height / 2, width, height}); choose({node, neuron}); event.target.value = "";
  });

  function choose(what) {
    chosen?.node?.element.classList.remove("chosen"); chosen?.edge?.element.classList.remove("chosen");
    edges.forEach(edge => edge.element.classList.remove("near"));
    chosen = what; card.hidden = !what; drawing.classList.toggle("focused", !!what?.node);
    traces.pin(what?.node ? what.neuron : -1);
    if (!what) return;
    const seen = (what.node || what.edge).element.getBoundingClientRect(), room = drawing.getBoundingClientRect();
    card.classList.toggle("right", seen.left + seen.width / 2 < room.left + room.width / 2);
    (what.node || what.edge).element.classList.add("chosen");
    get("electrode").hidden = !what.node;
    get("details").textContent = (what.node || what.edge).details;
    const list = get("synapses"); list.replaceChildren();
    if (what.node) {
      get("chosen").textContent = about.neurons[what.neuron].name;
      const at = nodes.indexOf(what.node);
      const near = (heading, found) => {
        if (!found.length) return;
        const head = document.createElement("li"); head.className = "head"; head.textContent = heading; list.append(head);
        for (const edge of found) { edge.element.classList.add("near"); switches(edge, list); }
      };
      near("from", edges.filter(edge => edge.target === at && edge.connections.length));
      near("to", edges.filter(edge => edge.source === at && edge.target !== at && edge.connections.length));
    } else {
      get("chosen").textContent = what.edge.connections.length > 1 ? `${what.edge.connections.length} connections` : what.edge.connections[0];
      switches(what.edge, list);
    }
    update();
  }
  function switches(edge, list) {
    for (const name of edge.connections) {
      const item = document.createElement("li"), label = document.createElement("label"), box = document.createElement("input"), words = document.createElement("span");
      box.type = "checkbox"; box.checked = !state?.cut.includes(name); box.dataset.synapse = name; words.textContent = name;
      words.title = edge.details; label.append(box, words); item.append(label); list.append(item);
      box.onchange = () => link.wish(box.checked ? "restore" : "cut", {synapse: name});
    }
  }
  const amount = () => Number(get("current").value);
  function toggle(what, neuron) {
    const name = about.neurons[neuron].name;
    if (what === "silence" ? state?.silenced.includes(name) : name in (state?.injected || {})) link.wish("release", {neuron: name});
    else link.wish(what, what === "silence" ? {neuron: name} : {neuron: name, current: amount()});
  }
  const name = () => about.neurons[chosen.neuron].name;
  get("stimulate").onclick = () => link.wish("inject", {neuron: name(), current: amount()});
  get("silence").onclick = () => link.wish("silence", {neuron: name()});
  get("release").onclick = () => link.wish("release", {neuron: name()});
  get("current").oninput = () => { get("amount").textContent = `${amount() > 0 ? "+" : ""}${amount()} nA`; };
  get("current").onchange = () => { if (chosen?.node && name() in state.injected) link.wish("inject", {neuron: name(), current: amount()}); };
  get("current").oninput();
  get("close").onclick = () => choose(null);
  addEventListener("keydown", event => { if (event.key === "Escape") choose(null); });

  // What lights up: neurons by their potential, connections by that of their source.
  let turn = 0;
  function light(told) {
    state = told;
    update();
    if (told.playing && turn++ % 2) return;  // fifteen times a second is as much as one sees
    for (const node of nodes) {
      if (!node.soma) continue;
      let sum = 0;
      for (const neuron of node.neurons) { const {lo, hi} = about.neurons[neuron]; sum += Math.min(1, Math.max(0, (told.now[neuron] - lo) / (hi - lo))); }
      const level = Math.round(24 * sum / node.neurons.length) / 24;
      if (level === node.level) continue;
      node.level = level;
      node.soma.setAttribute("fill", mix(LANE, node.color, level));
      node.words.setAttribute("fill", level > .45 ? INK : PALE);
    }
    for (const edge of edges) {
      const level = nodes[edge.source].level;
      if (level === edge.level) continue;
      edge.level = level;
      edge.element.style.opacity = level < 0 ? .4 : .28 + .72 * level;
    }
  }
  let marked = "";
  function update() {
    if (!state) return;
    if (chosen?.node) {
      get("potential").textContent = `${state.now[chosen.neuron].toFixed(2)} mV`;
      const [least, most] = traces.range(1 + chosen.neuron, LAST);
      get("range").textContent = least <= most ? `${least.toFixed(1)} to ${most.toFixed(1)} mV in ${LAST} s` : "";
      const own = name();
      get("silence").classList.toggle("on", state.silenced.includes(own));
      get("stimulate").classList.toggle("on", own in state.injected);
    }
    const now = JSON.stringify([state.cut, state.silenced, state.injected, state.life]);
    const cut = new Set(state.cut);
    for (const box of get("synapses").querySelectorAll("input")) {
      const gone = cut.has(box.dataset.synapse);
      if (document.activeElement !== box || now !== marked) box.checked = !gone;
      box.parentElement.classList.toggle("gone", gone);
    }
    if (now === marked) return;
    marked = now;
    for (const edge of edges) {
      const gone = edge.connections.length > 0 && edge.connections.every(name => cut.has(name));
      edge.element.classList.toggle("cut", gone);
      if (gone && !edge.cross) {
        const {x, y} = edge.way.getPointAtLength(edge.way.getTotalLength() / 2);
        edge.cross = make("path", {class: "cross", d: `M${x - 7} ${y - 7}l14 14m0 -14l-14 14`}, edge.element);
      }
    }
    const silent = new Set(state.silenced.map(name => ofNeuron[index.get(name)])), driven = new Set(Object.keys(state.injected).map(name => ofNeuron[index.get(name)]));
    for (const node of nodes) { node.element.classList.toggle("silenced", silent.has(node)); node.element.classList.toggle("stimulated", driven.has(node)); }
  }
  link.on("hello", build);
  link.on("signals", light);
  return {
    nodeOf: neuron => ofNeuron[index.get(neuron)]?.element,
    edgeOf: connection => edges.find(edge => edge.connections.includes(connection))?.element,
    chosen: () => chosen,
  };
})();
