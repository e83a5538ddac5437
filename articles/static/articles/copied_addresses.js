// An address that is there to be copied is selected whole as soon as somebody goes to it.
"use strict";

for (const field of document.querySelectorAll("input[type=url][readonly]")) {
  field.addEventListener("focus", () => field.select());
}
