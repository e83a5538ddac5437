// Warns before typed words are left behind on the page of a translation, and saves them with Ctrl+Enter. Without this
// script the page does all the same, but for the warning.
"use strict";

// Milliseconds.
const ANSWER = 15_000;

document.addEventListener("DOMContentLoaded", () => {
  const form = document.getElementById("passage-form"), field = form?.elements.words;
  if (!field) {
    return;
  }
  // What came back unsaved is nowhere else.
  const saved = form.dataset.isUnsaved ? null : field.value;
  let isLeaving = false;
  field.setSelectionRange(field.value.length, field.value.length);
  form.elements._save?.setAttribute("aria-keyshortcuts", "Control+Enter");
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.isComposing) {
      event.preventDefault();
      form.requestSubmit(form.elements._save);
    }
  });
  form.addEventListener("submit", (event) => {
    // Pressed twice, it is sent once.
    if (isLeaving) {
      event.preventDefault();
    }
    isLeaving = true;
    // The answer can fail to come.
    setTimeout(() => (isLeaving = false), ANSWER);
  });
  window.addEventListener("pageshow", () => (isLeaving = false));
  window.addEventListener("beforeunload", (event) => {
    if (!isLeaving && field.value !== saved) {
      event.preventDefault();
    }
  });
});
