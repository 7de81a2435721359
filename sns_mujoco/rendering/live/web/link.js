// The socket: wishes go out, signals and pictures come in; each is acknowledged once it has been drawn.
const link = (() => {
  const heard = {hello: [], signals: [], picture: [], answer: []};
  const address = new URL(location.href);
  const socket = new WebSocket(`ws://${address.host}/socket?secret=${encodeURIComponent(address.searchParams.get("secret"))}`);
  socket.binaryType = "arraybuffer";
  const tell = (kind, ...what) => heard[kind].forEach(listener => listener(...what));
  socket.onmessage = async event => {
    if (typeof event.data === "string") {
      const told = JSON.parse(event.data);
      return tell("hello" in told ? "hello" : "answer", told);
    }
    const [kind, length] = new Uint32Array(event.data, 0, 2);
    if (kind === 1) {
      tell("signals", JSON.parse(new TextDecoder().decode(new Uint8Array(event.data, 8, length))), new Float32Array(event.data, 8 + length));
      requestAnimationFrame(() => send("1"));
    } else {
      const bitmap = await createImageBitmap(new Blob([new Uint8Array(event.data, 8 + length)], {type: "image/jpeg"}));
      tell("picture", bitmap);
      bitmap.close();
      send("2");
    }
  };
  socket.onclose = event => {
    const curtain = document.getElementById("curtain");
    curtain.textContent = event.reason || "The animal has gone: sns-mujoco view has ended.";
    curtain.hidden = false;
  };
  const send = text => { if (socket.readyState === WebSocket.OPEN) socket.send(text); };
  return {
    on: (kind, listener) => heard[kind].push(listener),
    wish: (what, given = {}) => send(JSON.stringify({do: what, ...given})),
  };
})();
const get = id => document.getElementById(id);
const mix = (one, other, share) => "#" + [1, 3, 5].map(at => {
  const a = parseInt(one.slice(at, at + 2), 16), b = parseInt(other.slice(at, at + 2), 16);
  return Math.round(a + share * (b - a)).toString(16).padStart(2, "0");
}).join("");
