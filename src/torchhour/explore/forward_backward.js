// Steps through the values and the gradients that PyTorch computed; see forward_backward.py.
const start = root => {
  const { nodes } = JSON.parse(root.dataset.thing);
  const find = selector => root.querySelector(selector);
  const word = key => find(`[data-word="${key}"]`).textContent;
  const boxes = [...root.querySelectorAll(".node")], edges = [...root.querySelectorAll(".edge")];
  const play = find("[data-does=play]"), next = find("[data-does=step]"), back = find("[data-does=back]");
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const last = 2 * nodes.length; // the first half of the steps goes forward, the other backward
  let step = 0, timer = 0;

  const see = (element, isSeen) => element?.setAttribute("visibility", isSeen ? "visible" : "hidden");
  const isPassed = index => step > index, isBack = index => step >= last - index;
  const tell = () => {
    if (!step) return word("begin");
    const isForward = step <= nodes.length, { name, value, gradient } = nodes[isForward ? step - 1 : last - step];
    const said = isForward ? value : gradient;
    const told = [name, said];
    return word(isForward ? (said ? "forward" : "passed") : said ? "backward" : "returned").replace(/\{\}/g, () => told.shift());
  };
  const show = () => {
    boxes.forEach((box, index) => {
      const isNow = step === index + 1 ? "accent" : step === last - index ? "warm" : "";
      box.setAttribute("opacity", isPassed(index) ? 1 : 0.45);
      see(box.querySelector(".value"), isPassed(index));
      see(box.querySelector(".gradient"), isBack(index));
      const border = box.querySelector(".border");
      border.setAttribute("stroke", `var(--${isNow || "soft"})`);
      border.setAttribute("stroke-width", isNow ? 2.5 : 1);
    });
    for (const edge of edges) {
      edge.querySelector(".forth").setAttribute("opacity", isPassed(edge.dataset.to) ? 1 : 0.3);
      see(edge.querySelector(".back"), isBack(edge.dataset.from));
    }
    find("[data-shows=numbers]").textContent = tell();
    next.disabled = step === last;
    back.disabled = !step;
    if (step === last) stop();
  };
  const stop = () => {
    clearInterval(timer);
    timer = 0;
    play.textContent = word("run");
  };
  const move = by => { step = Math.min(Math.max(step + by, 0), last); show(); };

  next.addEventListener("click", () => { stop(); move(1); });
  back.addEventListener("click", () => { stop(); move(-1); });
  play.addEventListener("click", () => {
    if (timer) return stop();
    if (step === last) step = 0;
    if (calm) return move(last); // no motion: straight to the end
    play.textContent = word("pause");
    timer = setInterval(move, 900, 1);
    move(1);
  });
  show();
};
