// Slides a kernel over a picture; the numbers of the maps are PyTorch's, see slide.py.
(() => {
  "use strict";
  const start = root => {
    const { picture, kernels, at, frame } = JSON.parse(root.dataset.thing);
    const find = selector => root.querySelector(selector);
    const word = key => find(`[data-word="${key}"]`).textContent;
    const [area, pixels, spot, edge, map] = [".picture", "image", ".spot", ".edge", ".map"].map(find);
    const choice = find("select"), play = find("[data-does=play]"), numbers = find("[data-shows=numbers]");
    const low = Math.min(...picture.flat()), high = Math.max(...picture.flat());
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const seen = new Set(); // places on the map, in the order in which they are read
    let [row, column] = at, timer = 0, kernel, found, rows, columns;

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
    const say = value => {
      const places = Math.max(0, 3 - Math.floor(Math.log10(largest(found))));
      return String(Number(value.toFixed(places))).replace("-", "−");
    };
    const brief = (value, letters) => {
      const size = Math.abs(value);
      const forms = (size % 1 ? [2, 1, 0] : [0]).map(digits => size.toFixed(digits));
      const short = letters < 4 ? forms.map(form => form.replace(/^0\./, ".")) : forms;
      return (value < 0 ? "–" : "") + (short.find(form => form.length <= letters) ?? size.toExponential(0).replace("+", ""));
    };

    const grid = (name, values, x, square, ink) => {
      const sides = Math.max(values.length, values[0].length), side = frame.grid / sides;
      const place = index => frame.under + index * side;
      set(find(`.${name}`), { class: `${name} of-${sides}` }).replaceChildren(...values.flatMap((line, i) => line.flatMap((value, j) => [
        make("rect", { x: x + j * side, y: place(i), width: side, height: side, stroke: "var(--soft)", ...square(value) }),
        make("text", {
          x: x + (j + 0.5) * side, y: place(i + 0.5), "text-anchor": "middle", "dominant-baseline": "central", color: ink?.(value) ?? "currentColor",
        }, brief(value, sides > 4 ? 3 : 4)),
      ])));
    };
    const light = value => (value - low) / (high - low || 1);
    const gray = value => ({ fill: `rgb(${Array(3).fill(Math.round(255 * light(value)))})` });
    const mark = place => map.append(make("rect", {
      x: place % columns, y: Math.floor(place / columns), width: 1, height: 1, ...tint(found[Math.floor(place / columns)][place % columns], largest(found)),
    }));

    const show = () => {
      row = Math.min(Math.max(row, 0), rows - 1);
      column = Math.min(Math.max(column, 0), columns - 1);
      const place = row * columns + column;
      if (!seen.has(place)) mark(place);
      seen.add(place);
      const patch = kernel.map((line, i) => picture[row + i].slice(column, column + line.length));
      const products = kernel.map((line, i) => line.map((weight, j) => weight * patch[i][j]));
      const most = largest(kernel), bound = most * largest(picture);
      grid("patch", patch, frame.grids[0], gray, value => light(value) > 0.5 ? "#000" : "#fff");
      grid("weights", kernel, frame.grids[1], value => tint(value, 2 * most));
      grid("products", products, frame.grids[2], value => tint(value, 2 * bound));
      find(".total").textContent = say(products.flat().reduce((sum, product) => sum + product));
      set(find(".frame"), { x: frame.picture + column * frame.pixel, y: frame.top + row * frame.pixel });
      set(spot, { x: Number(edge.getAttribute("x")) + column * frame.pixel, y: Number(edge.getAttribute("y")) + row * frame.pixel });
      const level = frame.top + (row + kernel.length / 2) * frame.pixel;
      set(find(".link"), { x1: frame.picture + (column + kernel[0].length) * frame.pixel, x2: spot.getAttribute("x"), y1: level, y2: level });
      const told = [row, column, say(found[row][column])];
      numbers.textContent = word("numbers").replace(/\{\}/g, () => told.shift());
    };
    const move = (down, right) => { row += down; column += right; show(); };
    const fill = () => {
      stop();
      for (let place = 0; place < rows * columns; place++) {
        if (!seen.has(place)) mark(place);
        seen.add(place);
      }
    };
    const clear = () => { stop(); seen.clear(); map.replaceChildren(); };
    const stop = () => {
      clearInterval(timer);
      timer = 0;
      play.textContent = word("run");
      numbers.setAttribute("aria-live", "polite");
    };
    const next = () => {
      let place = 0;
      while (seen.has(place)) place++;
      row = Math.floor(place / columns);
      column = place % columns;
      show();
      if (seen.size === rows * columns) stop();
    };
    const choose = () => {
      const isWhole = seen.size && seen.size === rows * columns;
      ({ kernel, map: found } = kernels[choice ? choice.value : 0]);
      clear();
      [rows, columns] = [found.length, found[0].length];
      const [x, y] = [[frame.map, kernel[0].length], [frame.top, kernel.length]].map(([begin, side]) => begin + (side - 1) / 2 * frame.pixel);
      set(edge, { x, y, width: columns * frame.pixel, height: rows * frame.pixel });
      set(map, { transform: `translate(${x} ${y}) scale(${frame.pixel})` });
      set(find(".frame"), { width: kernel[0].length * frame.pixel, height: kernel.length * frame.pixel });
      if (isWhole) fill();
      show();
    };
    const point = event => {
      const box = pixels.getBoundingClientRect();
      const under = (place, begin, size, count, side) => Math.floor((place - begin) / size * count - (side - 1) / 2);
      row = under(event.clientY, box.top, box.height, picture.length, kernel.length);
      column = under(event.clientX, box.left, box.width, picture[0].length, kernel[0].length);
      show();
    };

    const ways = { left: [0, -1], up: [-1, 0], down: [1, 0], right: [0, 1] };
    for (const [way, step] of Object.entries(ways)) find(`[data-does=${way}]`).addEventListener("click", () => { stop(); move(...step); });
    set(area, { tabindex: 0, role: "application", "aria-label": word("picture") });
    area.addEventListener("keydown", event => {
      const step = ways[event.key.replace("Arrow", "").toLowerCase()];
      if (!step || event.altKey || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      stop();
      move(...step);
    });
    area.addEventListener("pointerdown", event => { stop(); area.setPointerCapture(event.pointerId); point(event); });
    area.addEventListener("pointermove", event => { if (area.hasPointerCapture(event.pointerId)) point(event); });
    choice?.addEventListener("change", choose);
    find("[data-does=fill]").addEventListener("click", fill);
    find("[data-does=reset]").addEventListener("click", () => { clear(); row = column = 0; show(); });
    play.addEventListener("click", () => {
      if (timer) return stop();
      if (seen.size === rows * columns) clear();
      if (calm) { fill(); row = rows - 1; column = columns - 1; return show(); } // no motion: the whole map at once
      play.textContent = word("pause");
      numbers.setAttribute("aria-live", "off"); // too fast to be read aloud
      timer = setInterval(next, Math.min(Math.max(15000 / (rows * columns), 25), 400));
      next();
    });
    find(".torchhour-controls").hidden = false;
    choose();
  };
  const begin = () => {
    for (const root of document.querySelectorAll(".torchhour-slide:not([data-started])")) {
      root.dataset.started = "";
      root.parentElement.querySelector("[data-still]")?.remove();
      start(root);
    }
  };
  begin();
  setTimeout(begin, 200); // a notebook may run this before it shows the thing
})();
