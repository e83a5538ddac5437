// The editor of an article: what the text areas of its form get beside the browser's own. Without scripts they are plain
// text areas, and everything can still be written, previewed and saved.
import { setUpImages } from "./images.js";
import { setUpLinks } from "./links.js";
import { setUpLists } from "./lists.js";
import { keepInStep } from "./panes.js";
import { showPreview } from "./preview.js";
import { pasteAsMarkdown } from "./paste.js";
import { followSearchResults } from "./search_result.js";
import { setUpToolbars } from "./toolbar.js";
import { watchViews } from "./views.js";

const form = document.getElementById("article_form");
// Those that may only be read as well: a translator follows the original.
const textareas = [...(form?.querySelectorAll("textarea.article-body-source") ?? [])];
if (textareas.length) {
  watchViews(form);
  keepInStep(textareas, form);
  showPreview(textareas, form);
  followSearchResults(form);
  const written = textareas.filter((textarea) => !(textarea.disabled || textarea.readOnly));
  setUpToolbars(written);
  setUpLists(written);
  setUpLinks(written);
  setUpImages(form, document.querySelector(".image-dialog"));
  pasteAsMarkdown(form);
}
