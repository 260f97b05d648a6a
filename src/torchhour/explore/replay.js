// Steps through the moments of a training that PyTorch computed; see replay.py.
const start = root => {
  const data = JSON.parse(root.dataset.thing);
  const find = selector => root.querySelector(selector), all = selector => [...root.querySelectorAll(selector)];
  const word = key => find(`[data-word="${key}"]`).textContent;
  const slider = find("input"), [back, forward, play] = ["back", "forward", "play"].map(does => find(`[data-does=${does}]`));
  const cells = all(".cell"), rows = all(".of-label"), guesses = all(".guess"), chances = all(".chance"), marks = all(".mark");
  const size = Math.sqrt(cells.length), last = data.steps.length - 1;
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  let timer = 0;

  const say = number => Number(number.toPrecision(3)).toString().replace("-", "−");
  const fill = (pattern, values) => pattern.replace(/\{\}/g, () => values.shift());
  const set = (element, values) => {
    for (const [name, value] of Object.entries(values)) element.setAttribute(name, value);
  };
  const sum = numbers => numbers.reduce((one, other) => one + other, 0);

  const showMatrix = counts => {
    let worst = -1;
    cells.forEach((cell, index) => {
      const row = Math.floor(index / size), column = index % size;
      const share = counts[index] / Math.max(sum(counts.slice(row * size, (row + 1) * size)), 1);
      cell.setAttribute("fill-opacity", counts[index] ? 0.2 + 0.8 * Math.sqrt(share) : 0);
      cell.firstChild.textContent = `${word(row)} → ${word(column)}: ${counts[index]}`;
      if (row !== column && counts[index] > (counts[worst] ?? 0)) worst = index;
    });
    rows.forEach((row, index) => { // for those who hear the page
      const told = [...row.children].map(cell => cell.textContent).filter(text => !text.endsWith(": 0"));
      row.setAttribute("aria-label", told.join(", ") || word(index));
    });
    find("[data-shows=mistake]").textContent = worst < 0 ? word("none")
      : fill(word(counts[worst] > 1 ? "mistake" : "single"),
        [word(Math.floor(worst / size)), word(worst % size), counts[worst]]);
  };
  const show = at => {
    const [x, loss, accuracy] = data.places[at];
    set(find(".now"), { transform: `translate(${x})` });
    set(find(".loss"), { cx: x, cy: loss });
    set(find(".accuracy"), { cx: x, cy: accuracy });
    guesses.forEach((guess, index) => {
      const prediction = data.predictions[at][index], isRight = prediction === data.labels[index];
      guess.textContent = word(prediction);
      chances[index].textContent = `${data.percents[at][index]}%`;
      set(marks[index], { d: data.marks[+isRight], stroke: isRight ? "var(--accent)" : "var(--warm)" });
    });
    showMatrix(data.confusion[at]);
    const told = [data.steps[at], say(data.loss[at]), `${(100 * data.accuracy[at]).toFixed(1)}%`];
    find("[data-shows=numbers]").textContent = fill(word("numbers"), told);
    find("[data-shows=step]").textContent = data.steps[at];
    slider.value = at;
    slider.setAttribute("aria-valuetext", data.steps[at]);
    for (const [button, isAtEnd] of [[back, at === 0], [forward, at === last]]) {
      if (isAtEnd && document.activeElement === button) slider.focus(); // what is disabled loses the focus
      button.disabled = isAtEnd;
    }
    if (at === last) stop();
  };
  const stop = () => {
    clearInterval(timer);
    timer = 0;
    play.textContent = word("run");
  };
  const move = by => show(Math.min(Math.max(+slider.value + by, 0), last));

  slider.max = last;
  play.disabled = last === 0;
  slider.addEventListener("input", () => { stop(); move(0); });
  back.addEventListener("click", () => { stop(); move(-1); });
  forward.addEventListener("click", () => { stop(); move(1); });
  play.addEventListener("click", () => {
    if (timer) return stop();
    if (calm) return show(+slider.value === last ? 0 : last); // no motion: straight to the other end
    if (+slider.value === last) show(0);
    play.textContent = word("pause");
    timer = setInterval(move, 500, 1);
  });
  show(last);
};
