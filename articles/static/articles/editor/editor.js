// The editor of an article: what the text areas of its form get beside the browser's own. Without scripts they are plain
// text areas, and everything can still be written, previewed and saved.
import { setUpImages } from "./images.js";
import { watchViews } from "./views.js";

const form = document.getElementById("article_form");
if (form?.querySelector(".panes")) {
  watchViews(form);
  const imageDialog = document.querySelector(".image-dialog");
  if (imageDialog) {
    setUpImages(form, imageDialog);
  }
}
