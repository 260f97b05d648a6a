// Steps through runs of gradient descent that PyTorch computed; see descend.py.
const start = root => {
  const { between, curve, runs, frame } = JSON.parse(root.dataset.thing);
  const [width, height, left, right, top, bottom] = frame;
  const find = selector => root.querySelector(selector);
  const word = key => find(`[data-word="${key}"]`).textContent;
  const [way, dots, ball] = [".way", ".dots", ".ball"].map(find);
  const slider = find("input"), play = find("[data-does=play]"), next = find("[data-does=step]");
  const low = Math.min(...curve), high = Math.max(...curve);
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  let step = 0, timer = 0;

  const place = (x, loss) => {
    const across = Math.min(Math.max((x - between[0]) / (between[1] - between[0]), -0.02), 1.02);
    const up = Math.min(Math.max((loss - low) / (high - low || 1), -0.02), 1.04);
    return [left + across * (width - left - right), height - bottom - up * (height - top - bottom)];
  };
  const say = number => Number(number.toPrecision(4)).toString().replace("-", "−");
  const fill = (pattern, values) => pattern.replace(/\{\}/g, () => values.shift());

  const show = () => {
    const run = runs[slider.value];
    const points = run.x.slice(0, step + 1).map((x, index) => place(x, run.loss[index]));
    const [x, y] = points[step];
    way.setAttribute("points", points.join(" "));
    dots.replaceChildren(...points.slice(0, -1).map(([cx, cy]) => {
      const dot = document.createElementNS(ball.namespaceURI, "circle");
      for (const [name, value] of Object.entries({ cx, cy, r: 3, fill: "var(--accent)" })) dot.setAttribute(name, value);
      return dot;
    }));
    ball.setAttribute("cx", x);
    ball.setAttribute("cy", y);
    const isLast = step === run.x.length - 1;
    const told = fill(word("numbers"), [step, word("name"), ...[run.x, run.loss, run.gradient].map(values => say(values[step]))]);
    find("[data-shows=rate]").textContent = say(run.rate);
    find("[data-shows=numbers]").textContent = isLast ? `${told} · ${word(run.end)}` : told;
    slider.setAttribute("aria-valuetext", say(run.rate));
    next.disabled = isLast;
    if (isLast) stop();
  };
  const stop = () => {
    clearInterval(timer);
    timer = 0;
    play.textContent = word("run");
  };
  const move = () => { if (step < runs[slider.value].x.length - 1) { step++; show(); } };
  const reset = () => { stop(); step = 0; show(); };

  slider.max = runs.length - 1;
  slider.value = runs.length >> 1;
  slider.addEventListener("input", reset);
  next.addEventListener("click", move);
  find("[data-does=reset]").addEventListener("click", reset);
  play.addEventListener("click", () => {
    if (timer) return stop();
    if (step === runs[slider.value].x.length - 1) step = 0;
    if (calm) { step = runs[slider.value].x.length - 1; return show(); } // no motion: straight to the end
    play.textContent = word("pause");
    timer = setInterval(move, 350);
    move();
  });
  show();
};
