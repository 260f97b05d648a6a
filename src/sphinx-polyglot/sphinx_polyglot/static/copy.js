// Copies the code of a block. Of a console, only what is typed: the lines with a prompt, without it.
(() => {
  const PROMPT = /^[$>] /;
  const SHOWN = 2000; // milliseconds that a button says that it has copied

  const status = document.body.appendChild(document.createElement("div"));
  status.className = "polyglot-copied";
  status.setAttribute("role", "status");

  const typed = text => {
    const lines = text.split("\n");
    if (!lines.some(line => PROMPT.test(line))) return text;
    let goesOn = false; // with a backslash, a line goes on in the next
    return lines.filter(line => {
      const isTyped = goesOn || PROMPT.test(line);
      goesOn = isTyped && line.endsWith("\\");
      return isTyped;
    }).map(line => line.replace(PROMPT, "")).join("\n") + "\n";
  };

  // Where a page is not secure, or an old browser's, the clipboard takes what is selected.
  const write = async text => {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = document.body.appendChild(document.createElement("textarea"));
      area.value = text;
      area.select();
      document.execCommand("copy");
      area.remove();
    }
  };

  document.addEventListener("click", async ({ target }) => {
    const button = target.closest?.(".polyglot-copy");
    if (!button || button.dataset.said) return;
    await write(typed(button.nextElementSibling.textContent));
    button.focus();
    button.dataset.said = button.textContent;
    status.textContent = button.textContent = button.dataset.done;
    setTimeout(() => {
      button.textContent = button.dataset.said;
      delete button.dataset.said;
      status.textContent = "";
    }, SHOWN);
  });
})();
