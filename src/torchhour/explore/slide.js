// Slides a kernel over a picture; the numbers of the maps are PyTorch's, see slide.py.
const start = root => {
  const { picture, kernels, at, frame } = JSON.parse(root.dataset.thing);
  const find = selector => root.querySelector(selector);
  const word = key => find(`[data-word="${key}"]`).textContent;
  const area = find(".picture"), map = find(".map"), numbers = find("[data-shows=numbers]");
  const choice = find("select"), play = find("[data-does=play]");
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const seen = new Set(); // places on the map, counted as one reads
  let [row, column] = at, timer = 0, kernel, found, rows, columns, tall, wide;

  const set = (element, values) => {
    for (const [name, value] of Object.entries(values)) element.setAttribute(name, value);
    return element;
  };
  const make = (name, values, text = "") => {
    const element = set(document.createElementNS(map.namespaceURI, name), values);
    element.textContent = text;
    return element;
  };
  const largest = values => Math.max(...values.flat().map(Math.abs)) || 1;
  const tint = (value, most) => ({ fill: `var(--${value < 0 ? "warm" : "accent"})`, "fill-opacity": Math.abs(value) / most });
  const low = Math.min(...picture.flat()), high = Math.max(...picture.flat());
  const light = value => (value - low) / (high - low || 1);
  const gray = value => ({ fill: `rgb(${Array(3).fill(Math.round(255 * light(value)))})` });
  const say = value => {
    const places = Math.max(0, 3 - Math.floor(Math.log10(largest(found))));
    return String(Number(value.toFixed(places))).replace("-", "−");
  };
  const brief = (value, isTight) => {
    const size = Math.abs(value);
    const forms = (size % 1 ? [2, 1, 0] : [0]).map(digits => size.toFixed(digits).replace(isTight ? /^0(?=\.)/ : "", ""));
    const short = forms.find(form => form.length < (isTight ? 4 : 5)) ?? size.toExponential(0).replace("+", "");
    return (value < 0 && Number(short) ? "–" : "") + short;
  };

  const grid = (name, values, square, ink = () => "currentColor") => {
    const sides = Math.max(tall, wide), side = frame.grid / sides;
    const squares = values.flatMap((line, i) => line.flatMap((value, j) => [
      make("rect", { x: j * side, y: i * side, width: side, height: side, stroke: "var(--soft)", ...square(value) }),
      make("text", { x: (j + 0.5) * side, y: (i + 0.5) * side, dy: "0.36em", color: ink(value) }, brief(value, sides > 4)),
    ]));
    set(find(`.${name}`), { class: `${name} of-${sides}` }).replaceChildren(...squares);
  };
  const tell = (key, ...told) => { numbers.textContent = word(key).replace(/\{\}/g, () => told.shift()); };
  const mark = place => {
    if (seen.has(place)) return;
    seen.add(place);
    const x = place % columns, y = (place - x) / columns;
    map.append(make("rect", { x, y, width: 1, height: 1, ...tint(found[y][x], largest(found)) }));
  };
  const show = () => {
    row = Math.min(Math.max(row, 0), rows - 1);
    column = Math.min(Math.max(column, 0), columns - 1);
    mark(row * columns + column);
    const patch = kernel.map((line, i) => picture[row + i].slice(column, column + wide));
    const products = kernel.map((line, i) => line.map((weight, j) => weight * patch[i][j]));
    grid("patch", patch, gray, value => light(value) > 0.5 ? "#000" : "#fff");
    grid("weights", kernel, value => tint(value, 2 * largest(kernel)));
    grid("products", products, value => tint(value, 2 * largest(kernel) * largest(picture)));
    find(".total").textContent = say(products.flat().reduce((sum, product) => sum + product));
    const level = row + tall / 2;
    set(find(".frame"), { x: column, y: row });
    set(find(".spot"), { x: column, y: row });
    set(find(".link"), { x1: column + wide, x2: frame.across + column + (wide - 1) / 2, y1: level, y2: level });
    tell("numbers", row, column, say(found[row][column]));
    area.setAttribute("aria-description", numbers.textContent); // where the kernel is, for those who come to it
  };
  const isWhole = () => seen.size === rows * columns;
  const stop = () => {
    clearInterval(timer);
    timer = 0;
    play.textContent = word("run");
    numbers.setAttribute("aria-live", "polite");
  };
  const move = ([down, right]) => { stop(); row += down; column += right; show(); };
  const fill = () => {
    stop();
    for (let place = 0; place < rows * columns; place++) mark(place);
    tell("filled", rows, columns);
  };
  const clear = () => { stop(); seen.clear(); map.replaceChildren(); };
  const reset = () => { clear(); row = column = 0; show(); };
  const next = () => {
    let place = 0;
    while (seen.has(place)) place++;
    column = place % columns;
    row = (place - column) / columns;
    show();
    if (isWhole()) stop();
  };
  const choose = () => {
    const wasWhole = isWhole();
    clear();
    ({ kernel, map: found } = kernels[choice ? choice.value : 0]);
    [rows, columns, tall, wide] = [found.length, found[0].length, kernel.length, kernel[0].length];
    set(find(".frame"), { width: wide, height: tall });
    set(find(".edge"), { width: columns, height: rows });
    set(find(".beside"), { transform: `translate(${frame.across + (wide - 1) / 2} ${(tall - 1) / 2})` });
    find(".shape").textContent = `${rows}×${columns}`;
    if (wasWhole) fill();
    show();
  };
  const point = event => {
    const box = find("image").getBoundingClientRect();
    row = Math.floor((event.clientY - box.y) / box.height * picture.length - (tall - 1) / 2);
    column = Math.floor((event.clientX - box.x) / box.width * picture[0].length - (wide - 1) / 2);
    move([0, 0]);
  };

  const ways = { left: [0, -1], up: [-1, 0], down: [1, 0], right: [0, 1] };
  for (const way in ways) find(`[data-does=${way}]`).addEventListener("click", () => move(ways[way]));
  set(area, { tabindex: 0, role: "application", "aria-label": word("picture"), "data-lm-suppress-shortcuts": true });
  area.addEventListener("keydown", event => {
    const line = { Home: [0, -column], End: [0, columns - 1 - column] }; // the begin and the end of the row
    const way = line[event.key] ?? ways[event.key.replace("Arrow", "").toLowerCase()];
    if (event.altKey || event.ctrlKey || event.metaKey || !way && event.key !== " ") return;
    event.preventDefault(); // of what scrolls the picture away
    way ? move(way) : play.click();
  });
  area.addEventListener("pointerdown", event => { area.setPointerCapture(event.pointerId); point(event); });
  area.addEventListener("pointermove", event => { if (area.hasPointerCapture(event.pointerId)) point(event); });
  choice?.addEventListener("change", choose);
  find("[data-does=fill]").addEventListener("click", fill);
  find("[data-does=reset]").addEventListener("click", reset);
  play.addEventListener("click", () => {
    if (timer) return stop();
    if (isWhole()) clear();
    if (calm) { fill(); return move([rows, columns]); } // no motion: the whole map at once
    play.textContent = word("pause");
    numbers.setAttribute("aria-live", "off"); // too fast to be read aloud
    timer = setInterval(next, Math.min(Math.max(15000 / (rows * columns), 25), 400));
    next();
  });
  choose();
};
