// A pad to draw digits on, and a LeNet that reads them; see draw_digit.py.
const KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
// Outputs, weights of each, sides of input, kernel, pooling.
const LAYERS = [[6, 25, 32, 5, 2], [16, 150, 14, 5, 2], [120, 400, 5, 5, 1], [84, 120, 1, 1, 1], [10, 84, 1, 1, 1]];
const limit = (value, low, high) => Math.min(Math.max(value, low), high);
const sum = values => values.reduce((total, value) => total + value, 0);
const row = at => at >> 5, column = at => at & 31;
const unpack = text => Uint8Array.from(atob(text), letter => letter.charCodeAt(0));

const unpackLayers = buffer => {
  let at = 0;
  const next = (Type, count) => {
    const part = new Type(buffer, at, count);
    at += part.byteLength;
    return part;
  };
  const numbers = LAYERS.map(([count]) => [next(Float32Array, count), next(Float32Array, count)]);
  return numbers.map(([scale, bias], index) => {
    const [count, each] = LAYERS[index];
    return [Float32Array.from(next(Int8Array, count * each), (step, k) => step * scale[k / each | 0]), bias];
  });
};
// A fully connected layer is a convolution whose kernel covers everything.
const apply = (input, [weights, bias], index) => {
  const [count, each, side, size, pool] = LAYERS[index], out = (side - size + 1) / pool;
  const output = new Float32Array(count * out * out).fill(index < 4 ? 0 : -Infinity);
  for (let k = 0; k < count; k++) for (let y = 0; y < out * pool; y++) for (let x = 0; x < out * pool; x++) {
    let total = bias[k], weight = k * each;
    for (let start = y * side + x; weight < k * each + each; start += side * side) {
      for (let i = 0; i < size; i++) for (let j = 0; j < size; j++) {
        total += input[start + i * side + j] * weights[weight++];
      }
    }
    const at = (k * out + (y / pool | 0)) * out + (x / pool | 0);
    output[at] = Math.max(output[at], total);
  }
  return output;
};

const along = strokes => strokes.flatMap(stroke => stroke.flatMap(([x, y], index) => {
  const [u, v] = stroke[index - 1] || [x, y], count = Math.ceil(Math.hypot(u - x, v - y) / 0.005) || 1;
  return Array.from({ length: count }, (_, part) => [x + (u - x) * part / count, y + (v - y) * part / count]);
}));
const ends = (points, axis) => {
  const values = points.map(point => point[axis]);
  return [Math.min(...values), Math.max(...values)];
};
// The left ends of top and bottom, one above the other.
const shear = points => {
  const [top, bottom] = ends(points, 1), high = bottom - top || 1;
  const left = isNear => ends(points.filter(([, y]) => isNear(y)), 0)[0];
  const lean = (left(y => y >= bottom - high / 10) - left(y => y <= top + high / 10)) / high;
  return points.map(([x, y]) => [x + (bottom - y) * lean, y]);
};
// From each pixel to the nearest point.
const distances = points => {
  const far = new Float64Array(1024).fill(1e6);
  for (const [x, y] of points) for (let at = 0; at < 1024; at++) {
    far[at] = Math.min(far[at], (x - column(at) - 0.5) ** 2 + (y - row(at) - 0.5) ** 2);
  }
  return far.map(Math.sqrt);
};
// Blocks of 4×4, enlarged bilinearly.
const coarse = picture => {
  const blocks = Array(64).fill(0);
  const part = (at, block) => limit(1 - Math.abs(limit(at / 4 - 0.375, 0, 7) - block), 0, 1);
  picture.forEach((value, at) => { blocks[(row(at) >> 2) * 8 + (column(at) >> 2)] += value / 16; });
  return picture.map((_, at) => sum(blocks.map((value, k) => value * part(row(at), k >> 3) * part(column(at), k % 8))));
};
const prepare = (strokes, { width, height, widen, pen, centre, ink }) => {
  const points = ink ? shear(along(strokes)) : along(strokes);
  const box = [0, 1].map(axis => ends(points, axis));
  let middle = [centre, centre], picture;
  for (let turn = 0; turn < 3; turn++) { // place and pen depend on each other
    const [wide, tall] = box.map(([low, high], axis) => ([width, height][axis] - 2 * pen) / Math.max(high - low, 0.02));
    const down = widen ? tall : Math.min(tall, wide), scales = [Math.min(wide, (widen || 1) * down), down];
    const place = (value, axis) => middle[axis] + (value - sum(box[axis]) / 2) * scales[axis];
    const far = distances(points.map(point => point.map(place)));
    const inked = () => far.map(distance => limit(pen + 0.5 - distance, 0, 1));
    for (let low = 0.3, high = 8; ink && high - low > 0.01;) {
      pen = (low + high) / 2;
      if (sum(inked()) > ink) high = pen; else low = pen;
    }
    picture = inked();
    const mean = axis => sum(picture.map((value, at) => value * ([column, row][axis](at) + 0.5))) / sum(picture);
    if (!ink) middle = middle.map((value, axis) => value + centre - mean(axis));
  }
  return Float32Array.from(ink ? coarse(picture) : picture);
};

const bitmap = (values, side) => {
  const bytes = new DataView(new ArrayBuffer(54 + 4 * side * side));
  const set = (at, value) => bytes.setUint32(at, value, true);
  bytes.setUint16(0, 0x424d);
  [[10, 54], [14, 40], [18, side], [22, -side], [26, 0x200001]].forEach(pair => set(...pair));
  values.forEach((value, at) => set(54 + 4 * at, 0xff000000 + 0x10101 * Math.round(255 * value)));
  return `data:image/bmp;base64,${btoa(String.fromCharCode(...new Uint8Array(bytes.buffer)))}`;
};

const start = root => {
  const { prepare: means, softmax, key, examples, frame: [pitch, full, floor] } = JSON.parse(root.dataset.thing);
  const all = selector => [...root.querySelectorAll(selector)], find = selector => all(selector)[0];
  const word = name => find(`[data-word="${name}"]`).textContent;
  const say = (element, text) => { if (element.textContent !== text) element.textContent = text; };
  const set = (element, values) => Object.entries(values).forEach(pair => element.setAttribute(...pair));
  const number = score => {
    const percent = Math.round(100 * score);
    return softmax ? percent : (percent / 100).toFixed(2).replace("-", "−");
  };
  const pad = find(".pad"), output = find("[aria-live]"), buttons = all(".examples button");
  const pictures = examples.map(text => Float32Array.from(unpack(text), value => value / 255));
  let layers, strokes = [], taken = pictures[0], held = "", at = [0.5, 0.2];

  const draw = (name, maps, side, most = Math.max(...maps) || 1) => all(name).forEach((image, index) => {
    const one = maps.subarray(index * side * side, (index + 1) * side * side);
    set(image, { href: bitmap(one.map(value => value / most), side) });
  });
  const answer = picture => {
    let found = picture;
    const [first, second, , , scores] = layers.map((layer, index) => found = apply(found, layer, index));
    draw(".first", first, 14);
    draw(".second", second, 5);
    const best = scores.indexOf(Math.max(...scores)), powers = scores.map(score => Math.exp(score - scores[best]));
    const shown = softmax ? powers.map(power => power / sum(powers)) : scores;
    const bars = all(".bar"), values = all(".value"), told = [best, number(shown[best])];
    shown.forEach((score, digit) => {
      const height = full * limit(score, 0, 1.1), y = floor - height;
      set(bars[digit], { height, y, fill: digit === best ? "var(--accent)" : "var(--soft)" });
      set(values[digit], { y: y - 6 });
      say(values[digit], number(score) + (softmax ? "%" : ""));
    });
    set(find(".ring"), { cx: pitch * (best + 0.5) });
    say(output, word(held || (taken || strokes[0] ? "answer" : "empty")).replace(/\{\}/g, () => told.shift()));
    root.dispatchEvent(new CustomEvent("torchhour-answer", { detail: { picture, first, second, scores } }));
  };
  const show = () => {
    const picture = taken || prepare(strokes, means);
    draw(".seen", picture, 32, 1);
    set(find(".ink"), { d: strokes.map(points => `M${points.join("L")}${points[1] ? "" : "z"}`).join("") });
    set(find(".pen"), { cx: at[0], cy: at[1] });
    pad.classList.toggle("down", held);
    set(find(".tried"), { href: taken ? bitmap(taken, 32) : "" });
    buttons.forEach((button, index) => set(button, { "aria-pressed": taken === pictures[index] }));
    if (layers) answer(picture); else say(output, word("loading"));
  };
  const take = (picture, drawn = []) => { [taken, strokes, held] = [picture, drawn, ""]; show(); };
  const touch = by => { taken = null; held = by; strokes.push([at]); show(); };
  const lift = () => { if (held) { held = ""; show(); } };
  const move = (x, y) => {
    at = [limit(x, 0, 1), limit(y, 0, 1)];
    if (held) strokes.at(-1).push(at);
    show();
  };
  const follow = event => {
    const box = pad.getBoundingClientRect();
    move((event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height);
  };

  pad.addEventListener("pointerdown", event => {
    if (!event.isPrimary || event.button) return;
    pad.setPointerCapture(event.pointerId);
    lift();
    follow(event);
    touch("drawing");
  });
  pad.addEventListener("pointermove", event => { if (held === "drawing" && event.isPrimary) follow(event); });
  for (const name of ["lostpointercapture", "blur"]) pad.addEventListener(name, lift);
  pad.addEventListener("keydown", event => {
    const way = KEYS[event.key];
    if (event.altKey || event.metaKey || !way && event.key !== " ") return;
    event.preventDefault();
    if (way) move(at[0] + way[0] / 25, at[1] + way[1] / 25); else if (held) lift(); else touch("down");
    const place = at.map(part => Math.round(100 * part)); // for whoever hears where the pen is
    say(find("[data-shows=place]"), word("place").replace(/\{\}/g, () => place.shift()));
  });
  buttons.forEach((button, index) => button.addEventListener("click", () => take(pictures[index])));
  find("[data-does=undo]").addEventListener("click", () => take(null, strokes.slice(0, -1)));
  find("[data-does=clear]").addEventListener("click", () => take());
  root.addEventListener("torchhour", ({ detail }) => {
    const [name, text] = detail.split(" ");
    if (name !== key) return;
    layers = unpackLayers(unpack(text).buffer);
    show();
  });
  root.addEventListener("torchhour-ask", ({ detail: { picture, strokes } }) => { // for tests
    take(picture && Float32Array.from(picture), strokes);
  });
  show();
};
