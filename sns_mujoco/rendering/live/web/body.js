// The body: pictures from the animal's side; dragging the animal pushes it, dragging the ground looks around.
const body = (() => {
  const canvas = get("picture"), pen = canvas.getContext("2d"), line = get("arrow").querySelector("line"), words = get("arrow").querySelector("text");
  const FULL = 2.0;  // times the animal's weight, of a push across the whole picture
  const eye = {turn: 0, tilt: 0, zoom: 1};
  let about = null, drag = null, answer = null, pictures = 0;

  link.on("hello", hello => {
    about = hello; pictures = 0;
    const list = get("pushed"); list.replaceChildren();
    for (const name of hello.bodies) { const option = document.createElement("option"); option.textContent = name; list.append(option); }
    list.value = hello.torso;
    get("push").hidden = !hello.bodies.length;  // bodies without a name
    get("hint").textContent = (hello.bodies.length ? "drag the animal to push it · drag the ground" : "drag") + " to look around · wheel to come closer";
    room(); look(); strength();
  });
  link.on("picture", bitmap => {
    if (canvas.width !== bitmap.width || canvas.height !== bitmap.height) { canvas.width = bitmap.width; canvas.height = bitmap.height; }
    pen.drawImage(bitmap, 0, 0); pictures++; get("waiting").hidden = true;
  });
  const room = () => {
    const ratio = Math.min(devicePixelRatio || 1, 2);
    if (about && canvas.clientWidth) link.wish("size", {width: canvas.clientWidth * ratio, height: canvas.clientHeight * ratio});
  };
  new ResizeObserver(room).observe(canvas);
  const look = () => link.wish("view", eye);
  get("straight").onclick = () => { Object.assign(eye, {turn: 0, tilt: 0, zoom: 1}); look(); };
  canvas.addEventListener("wheel", event => {
    event.preventDefault();
    eye.zoom = Math.min(10, Math.max(.1, eye.zoom * Math.exp(-event.deltaY * .0012))); look();
  }, {passive: false});

  const place = event => { const box = canvas.getBoundingClientRect(); return [event.clientX - box.left, event.clientY - box.top, box.width, box.height]; };
  canvas.addEventListener("contextmenu", event => event.preventDefault());
  canvas.addEventListener("pointerdown", event => {
    const [x, y, width, height] = place(event);
    canvas.setPointerCapture(event.pointerId);
    drag = {x, y, height, eye: {...eye}, picked: event.button === 2 ? "" : null};
    if (event.button !== 2) { answer = told => { if (drag) Object.assign(drag, told); }; link.wish("pick", {x: x / width, y: y / height}); }
  });
  canvas.addEventListener("pointermove", event => {
    if (!drag || drag.picked === null) return;
    const [x, y] = place(event);
    if (!drag.picked) {
      eye.turn = drag.eye.turn - (x - drag.x) * .35; eye.tilt = Math.min(60, Math.max(-80, drag.eye.tilt - (y - drag.y) * .25));
      return look();
    }
    drag.to = [x, y];
    line.setAttribute("x1", drag.x); line.setAttribute("y1", drag.y); line.setAttribute("x2", x); line.setAttribute("y2", y);
    line.style.visibility = "visible";
    words.setAttribute("x", x + 10); words.setAttribute("y", y - 8);
    words.textContent = `${drag.picked} ${newton(force())}`;
  });
  canvas.addEventListener("pointerup", () => {
    if (drag?.picked && drag.to) push(drag.picked, dragged());
    drag = null; line.style.visibility = "hidden"; words.textContent = "";
  });
  const force = () => FULL * about.weight * Math.hypot(drag.to[0] - drag.x, drag.to[1] - drag.y) / drag.height;
  const dragged = () => drag.right.map((part, n) => FULL * about.weight / drag.height * (part * (drag.to[0] - drag.x) - drag.up[n] * (drag.to[1] - drag.y)));
  const newton = value => value < .1 ? `${(1e3 * value).toPrecision(3)} mN` : `${value.toPrecision(3)} N`;
  const push = (name, given) => link.wish("push", {body: name, force: given, seconds: .1});
  link.on("answer", told => { if ("picked" in told && answer) { const use = answer; answer = null; use(told); } });

  const chosenForce = () => Number(get("strength").value) * about.weight;
  const strength = () => { get("newton").textContent = newton(chosenForce()); };
  get("strength").oninput = strength;
  get("pad").addEventListener("click", event => {
    const way = event.target.dataset.way;
    if (!way) return;
    answer = ({right}) => {
      const length = Math.hypot(right[0], right[1]), [x, y] = [right[0] / length, right[1] / length];
      const to = {right: [x, y, 0], left: [-x, -y, 0], away: [-y, x, 0], toward: [y, -x, 0], up: [0, 0, 1]}[way];
      push(get("pushed").value, to.map(part => part * chosenForce()));
    };
    link.wish("pick", {x: .5, y: .5});
  });
  return {pictures: () => pictures};
})();
