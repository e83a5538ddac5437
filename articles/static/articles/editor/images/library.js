// The library of images as radio buttons, with a search above them.
import { find } from "./requests.js";

// Milliseconds without a key after which is searched.
const PAUSE = 300;

// Returns a function that fetches the newest images and shows them, described in a language. `onChoice` is called with
// the image that is chosen; `explain` gives the words for a request that failed.
export function library(element, settings, { onChoice, explain }) {
  const search = element.querySelector("[type=search]"), grid = element.querySelector(".image-grid");
  const status = element.querySelector("[role=status]"), template = element.querySelector("template");
  let language = "", timer = 0, asked = new AbortController(), chosen = null, images = [];

  async function look() {
    clearTimeout(timer);
    asked.abort();
    asked = new AbortController();
    try {
      const answer = await find(settings, search.value, { signal: asked.signal });
      images = answer.images;
      grid.replaceChildren(...images.map(choice));
      status.textContent = answer.has_more ? settings.more : images.length ? "" : settings.none;
    } catch (problem) {
      if (!problem.isAborted) {
        status.textContent = explain(problem);
      }
    }
  }

  function choice(image) {
    const label = template.content.cloneNode(true), picture = label.querySelector("img");
    label.querySelector("input").value = image.key;
    label.querySelector("input").checked = image.key === chosen;
    label.querySelector("span").textContent = image.key;
    picture.src = image.thumbnail;
    picture.alt = image.alt[language];
    picture.lang = language;
    return label;
  }

  search.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, PAUSE);
  });
  search.addEventListener("keydown", (event) => {
    if (event.key === "Enter") {
      // Not the button that inserts.
      event.preventDefault();
      look();
    }
  });
  grid.addEventListener("change", (event) => {
    chosen = event.target.value;
    onChoice(images.find((image) => image.key === chosen));
  });

  return (newLanguage) => {
    [language, chosen] = [newLanguage, null];
    grid.replaceChildren();
    look();
  };
}
