// Shows the slug that saving would give, while a title is typed. Without this script the field stays empty and
// the server makes the slug all the same.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  for (const slug of document.querySelectorAll("input[data-slug-of]")) {
    const title = document.querySelector(`[name="${slug.dataset.slugOf}"]`);
    // A slug that stands is the author's: nothing changes it but the author.
    if (title && slug.value === "") {
      propose(slug, title);
    }
  }
});

function propose(slug, title) {
  let timer, asked = 0, proposed = "";
  const endpoint = location.pathname.replace(/(?:add|\d+\/change)\/$/, "propose-slug/");
  const article = (location.pathname.match(/\/(\d+)\/change\/$/) || [])[1] || "";
  title.addEventListener("input", () => {
    if (slug.value !== proposed) {
      return;
    }
    clearTimeout(timer);
    timer = setTimeout(async () => {
      const number = ++asked;
      const query = new URLSearchParams({ title: title.value, language: title.lang, article });
      try {
        const answer = await fetch(`${endpoint}?${query}`);
        // An answer that comes late, or after the author wrote a slug, is dropped.
        if (answer.ok && number === asked && slug.value === proposed) {
          slug.value = proposed = (await answer.json()).slug;
        }
      } catch {
        // No connection: the server makes the slug when the form is saved.
      }
    }, 250);
  });
}
