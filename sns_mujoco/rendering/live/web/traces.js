// Traces that scroll with the motion: potentials in families of colour, antagonists over each other, feet on the ground.
const traces = (() => {
  const KEPT = 8192, LEFT = 104, RIGHT = 14, TOP = 12;
  const canvas = get("lines"), pen = canvas.getContext("2d");
  let about = null, width = 0, ring = null, count = 0, pinned = -1, drawn = "";

  function begin(hello) {
    about = hello; width = hello.columns; ring = new Float32Array(KEPT * width); count = 0; drawn = "";
  }
  function add(samples) {
    for (let at = 0; at < samples.length; at += width) {
      const time = samples[at];
      if (count && time < ring[((count - 1) % KEPT) * width]) count = 0;  // a new life
      ring.set(samples.subarray(at, at + width), (count % KEPT) * width);
      count++;
    }
  }
  function lanes() {
    const found = [];
    if (pinned >= 0) {
      const neuron = about.neurons[pinned];
      found.push({section: "", label: neuron.name, unit: "mV", rows: [{...neuron, column: 1 + pinned}], tall: 1.8});
    }
    for (const trace of about.traces) {
      const last = found[found.length - 1];
      if (trace.lane && last && last.lane === trace.lane) { last.rows.push(trace); last.labels.push(trace.label); }
      else found.push({section: trace.section, lane: trace.lane, labels: [trace.label], unit: trace.unit, rows: [trace], tall: 1});
    }
    return found;
  }
  function draw() {
    requestAnimationFrame(draw);
    const look = `${count} ${pinned} ${canvas.clientWidth} ${canvas.clientHeight} ${get("window").value}`;
    if (!about || !canvas.clientWidth || look === drawn) return;
    drawn = look;
    const ratio = Math.min(devicePixelRatio || 1, 2), wide = canvas.clientWidth, high = canvas.clientHeight;
    if (canvas.width !== Math.round(wide * ratio) || canvas.height !== Math.round(high * ratio)) {
      canvas.width = Math.round(wide * ratio); canvas.height = Math.round(high * ratio);
    }
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, wide, high);
    pen.font = font(11.5);
    const rows = lanes(), feet = about.feet;
    let sections = 0, section = null;
    for (const row of rows) if (row.section !== section) { section = row.section; if (section) sections++; }
    const footHeight = feet.length ? 13 : 0, below = 18 + (feet.length ? feet.length * footHeight + 24 : 0);
    const head = rows[0] && rows[0].section ? 0 : 18;
    const unit = (high - TOP - head - below - sections * 20) / rows.reduce((sum, row) => sum + row.tall, 0);
    const span = Number(get("window").value), now = count ? ring[((count - 1) % KEPT) * width] : 0;
    const x = time => LEFT + (time - (now - span)) / span * (wide - LEFT - RIGHT);
    const first = firstAfter(now - span), stride = Math.max(1, Math.floor((count - first) / (wide - LEFT - RIGHT)));
    let y = TOP;
    if (head) { title("Membrane potential", y); y += head; }
    section = null;
    for (const row of rows) {
      if (row.section !== section) { section = row.section; if (section) { title(section, y); y += 20; } }
      const tall = unit * row.tall - 3;
      pen.fillStyle = "#15181e"; pen.fillRect(LEFT, y, wide - LEFT - RIGHT, tall);
      row.rows.forEach((trace, n) => {
        const colour = trace.color;
        pen.fillStyle = colour; pen.textBaseline = "middle"; pen.textAlign = "right";
        const share = tall / row.rows.length, ranged = row.tall > 1 && tall > 27;
        pen.font = font(Math.min(11.5, Math.max(7.5, share * .92)));
        pen.fillText(short(row.labels ? row.labels[n] : row.label, LEFT - 14), LEFT - 9, y + share * (n + .5) - (ranged ? 6 : 0));
        pen.font = font(11.5);
        line(trace, first, stride, x, y + 1.5, tall - 3, colour);
      });
      if (row.tall > 1 && tall > 27) {
        const trace = row.rows[0];
        pen.fillStyle = "#78808f"; pen.font = font(9.5);
        pen.fillText(`${trace.lo.toFixed(0)} to ${trace.hi.toFixed(0)} mV`, LEFT - 9, y + tall / 2 + 8); pen.font = font(11.5);
      }
      y += unit * row.tall;
    }
    if (feet.length) {
      y += 6; title("Stance", y); y += 18;
      for (const foot of feet) {
        pen.fillStyle = "#15181e"; pen.fillRect(LEFT, y, wide - LEFT - RIGHT, footHeight - 3);
        pen.fillStyle = foot.color; pen.textAlign = "right"; pen.textBaseline = "middle";
        pen.fillText(foot.label, LEFT - 9, y + footHeight / 2 - 1);
        stance(foot.column, first, stride, x, y, footHeight - 3);
        y += footHeight;
      }
    }
    pen.fillStyle = "#78808f"; pen.textBaseline = "alphabetic"; pen.textAlign = "right"; pen.fillText(`${now.toFixed(2)} s`, wide - RIGHT, high - 5);
    pen.textAlign = "left"; pen.fillText(`−${span} s`, LEFT, high - 5);
  }
  const font = size => `${size}px Inter, 'Segoe UI', 'Helvetica Neue', 'DejaVu Sans', sans-serif`;
  function short(text, room) {
    let end = text.length;
    while (end > 1 && pen.measureText(end < text.length ? text.slice(0, end) + "…" : text).width > room) end--;
    return end < text.length ? text.slice(0, end) + "…" : text;
  }
  function title(text, y) {
    pen.fillStyle = "#e6ebf2"; pen.textAlign = "left"; pen.textBaseline = "top";
    pen.fillText(text.charAt(0).toUpperCase() + text.slice(1), LEFT, y);
  }
  function firstAfter(time) {
    let low = Math.max(0, count - KEPT), high = count;
    while (low < high) { const middle = (low + high) >> 1; if (ring[(middle % KEPT) * width] < time) low = middle + 1; else high = middle; }
    return low;
  }
  function line(trace, first, stride, x, top, tall, colour) {
    pen.strokeStyle = colour; pen.lineWidth = 1.4; pen.lineJoin = "round"; pen.beginPath();
    const height = value => top + tall * (1 - Math.min(1, Math.max(0, (value - trace.lo) / (trace.hi - trace.lo))));
    for (let n = first; n < count; n += stride) {  // where samples are denser than pixels, the least and the most of them
      let least = Infinity, most = -Infinity;
      for (let k = n; k < Math.min(n + stride, count); k++) {
        const value = ring[(k % KEPT) * width + trace.column];
        if (value < least) least = value;
        if (value > most) most = value;
      }
      const px = x(ring[(n % KEPT) * width]);
      if (n === first) pen.moveTo(px, height(most)); else pen.lineTo(px, height(most));
      if (least < most) pen.lineTo(px, height(least));
    }
    pen.stroke();
  }
  function stance(column, first, stride, x, y, tall) {
    let since = null;
    for (let n = first; n <= count; n += stride) {
      const at = (Math.min(n, count - 1) % KEPT) * width, down = n < count && ring[at + column] > .5;
      if (down && since === null) since = x(ring[at]);
      else if (!down && since !== null) { pen.fillRect(since, y, x(ring[at]) - since, tall); since = null; }
    }
    if (since !== null) pen.fillRect(since, y, x(ring[((count - 1) % KEPT) * width]) - since, tall);
  }
  function range(column, seconds) {  // the least and the most of late
    let least = Infinity, most = -Infinity;
    if (!count) return [least, most];
    for (let n = firstAfter(ring[((count - 1) % KEPT) * width] - seconds); n < count; n++) {
      const value = ring[(n % KEPT) * width + column];
      if (value < least) least = value;
      if (value > most) most = value;
    }
    return [least, most];
  }
  link.on("hello", begin);
  link.on("signals", (told, samples) => add(samples.subarray(0, told.samples * width)));
  requestAnimationFrame(draw);
  return {pin: neuron => { pinned = neuron; }, range, samples: () => count};
})();
