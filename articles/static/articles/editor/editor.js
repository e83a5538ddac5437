// The editor of an article: what the text areas of its form get beside the browser's own. Without scripts they are plain
// text areas, and everything can still be written, previewed and saved.
import { setUpLinks } from "./links.js";
import { setUpLists } from "./lists.js";
import { setUpToolbars } from "./toolbar.js";
import { watchViews } from "./views.js";

const form = document.getElementById("article_form");
if (form?.querySelector(".panes")) {
  watchViews(form);
  setUpToolbars(form);
  setUpLists(form);
  setUpLinks(form);
}
