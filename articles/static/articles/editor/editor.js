// The editor of an article: what the text areas of its form get beside the browser's own. Without scripts they are plain
// text areas, and everything can still be written, previewed and saved.
import { setUpImages } from "./images/images.js";
import { setUpLinks } from "./links/links.js";
import { keepInStep } from "./panes/panes.js";
import { pasteAsMarkdown } from "./paste/paste.js";
import { showPreview } from "./preview/preview.js";
import { followSearchResults } from "./search_result.js";
import { setUpAnswers } from "./translation/answers.js";
import { setUpLists } from "./typing/lists.js";
import { setUpToolbars } from "./typing/toolbar.js";
import { watchViews } from "./views.js";

const form = document.getElementById("article_form");
// Those that may only be read as well: a translator follows the original.
const textareas = [...(form?.querySelectorAll("textarea.article-body-source") ?? [])];
if (textareas.length) {
  watchViews(form);
  keepInStep(textareas, form);
  showPreview(textareas, form);
  followSearchResults(form);
  const written = textareas.filter((textarea) => textarea.matches(":read-write"));
  setUpToolbars(written);
  setUpLists(written);
  setUpLinks(written);
  setUpImages(form, document.querySelector(".image-dialog"));
  pasteAsMarkdown(form);
  setUpAnswers(form);
}
