// Which languages the editor shows, and whether with the preview: the author's choice, kept in the browser.
const KEY = "article-editor-view";

// Shows the choice and follows it. A language with an error is always in view.
export function watchViews(form) {
  const bar = form.querySelector(".editor-views"), panes = [...form.querySelectorAll(".pane")];
  const languages = panes.map((pane) => pane.dataset.language);
  const saved = read();
  const mustShow = panes.filter((pane) => pane.querySelector(".errorlist")).map((pane) => pane.dataset.language);

  function show(view) {
    form.dataset.view = view;
    for (const pane of panes) {
      pane.hidden = languages.includes(view) && pane.dataset.language !== view;
    }
    form.dispatchEvent(new CustomEvent("viewchange"));
  }

  bar.hidden = false;
  const choices = [...bar.querySelectorAll("[type=radio]")];
  const wanted = mustShow.some((language) => language !== saved.view) ? "all" : saved.view;
  const chosen = choices.find((choice) => choice.value === wanted) ?? choices[0];
  chosen.checked = true;
  show(chosen.value);
  bar.addEventListener("change", (event) => {
    if (event.target.type === "radio") {
      show(event.target.value);
      keep({ ...read(), view: event.target.value });
    }
  });
  // A link to what is out of view leads there all the same.
  form.addEventListener("click", (event) => {
    const place = event.target.closest("a[href^='#']")?.hash.slice(1);
    const pane = place && document.getElementById(place)?.closest(".pane");
    if (pane?.hidden) {
      choices.find((choice) => choice.value === pane.dataset.language).checked = true;
      show(pane.dataset.language);
    }
  });
}

// What the author chose last. A browser may refuse to remember.
export function read() {
  try {
    return JSON.parse(localStorage.getItem(KEY)) ?? {};
  } catch {
    return {};
  }
}

export function keep(choice) {
  try {
    localStorage.setItem(KEY, JSON.stringify(choice));
  } catch {
    // It holds for this page.
  }
}
