// The dialog in which an image is uploaded or chosen, and described. All its words come from the template,
// admin/articles/article/_image_dialog.html.
import { description } from "./description.js";
import { pastedImages, takeDrops } from "./files.js";
import { library } from "./library.js";
import { describe } from "./requests.js";
import { refusal, startUpload } from "./upload.js";

// Returns a function that opens the dialog and promises what to insert: { markdown: { en: … }, isEverywhere }, or
// { isSkipped } where the next file has its turn, or null where the author has cancelled.
export function imageDialog(dialog) {
  const settings = dialog.dataset, form = dialog.querySelector("form"), fields = form.elements;
  const part = (name) => dialog.querySelector(`.image-${name}`);
  const alts = description(form);
  const showLibrary = part("library") && library(part("library"), settings, { onChoice: choose, explain });
  // `file` is what may be sent, again too, `sending` what is on its way, `image` what the library has of it.
  let wanted, file, image, sending, closing, askedFor, isInserting;

  // Of a request, `file` was pasted or dropped, `name` is for files without a name of their own; `others` says whether
  // the other texts can show the image as well: "no", "may" or "shall"; `turn` counts several files; `isLast` of them.
  function open(request) {
    [wanted, file, image, sending, askedFor] = [request, null, null, null, ""];
    closing = new AbortController();
    form.reset();
    alts.reset();
    part("turn").textContent = request.turn;
    fields.skip.hidden = request.isLast;
    part("everywhere").hidden = request.others === "no";
    fields.everywhere.checked = request.others === "shall";
    part("progress").hidden = part("stored").hidden = true;
    busy(false);
    tell(null);
    dialog.showModal();
    if (request.file) {
      take(request.file);
    } else {
      offerSource();
    }
    return new Promise((resolve) => closing.signal.addEventListener("abort", () => resolve(closing.signal.reason)));
  }

  function close(answer) {
    sending?.stop();
    dialog.close();
    closing.abort(answer);
  }

  // Where the image comes from

  function offerSource() {
    part("source").hidden = false;
    showLibrary?.(wanted.language);
    (fields.file ?? part("library").querySelector("input")).focus();
  }

  function take(given) {
    const reason = refusal(given, settings);
    forget();
    tell(reason && { error: reason });
    if (reason) {
      offerSource();
      return;
    }
    file = given;
    part("source").hidden = true;
    alts.focus(wanted.language);
    store();
  }

  function choose(chosen) {
    forget();
    tell(null);
    show(chosen, "");
  }

  function forget() {
    sending?.stop();
    [file, image, sending] = [null, null, null];
    part("stored").hidden = true;
  }

  function store() {
    sending = startUpload(file, wanted.name, part("progress"), settings);
    tell(null);
    sending.isShown = showWhenStored(sending.done);
  }

  async function showWhenStored(done) {
    try {
      const stored = await done;
      sending = null;
      show(stored, stored.is_new ? settings.stored : settings.known);
    } catch (problem) {
      if (problem.isAborted) {
        return;
      }
      sending = null;
      // What is refused once is refused again.
      if ([400, 413].includes(problem.status)) {
        file = null;
        offerSource();
      }
      tell(problem);
    }
  }

  function show(shown, words) {
    image = shown;
    part("stored").hidden = false;
    part("stored").querySelector("img").src = image.thumbnail;
    part("stored").querySelector("b").textContent = image.key;
    part("stored").querySelector("span").textContent = `${image.width} × ${image.height}`;
    part("stored").querySelector("[role=status]").textContent = words;
    alts.suggest(image.alt);
  }

  // Into the text

  async function insert() {
    const isEverywhere = fields.everywhere.checked && wanted.others !== "no";
    if (isInserting || !isReady(isEverywhere)) {
      return;
    }
    busy(true);
    const { signal } = closing;
    try {
      if (!image) {
        sending ?? store();
        await sending.isShown;
      }
      if (image && !signal.aborted) {
        tell(null);
        const { markdown } = await describe(settings, image.key, alts.texts(), { signal });
        close({ markdown, isEverywhere });
      }
    } catch (problem) {
      if (!problem.isAborted) {
        tell(problem);
      }
    }
    busy(false);
  }

  // An image that is mere decoration needs no alternative text: whether it is, is asked once.
  function isReady(isEverywhere) {
    if (!image && !file) {
      tell({ error: settings.nothing });
      return false;
    }
    const names = alts.lacking(isEverywhere, wanted.language);
    if (names && names !== askedFor) {
      askedFor = names;
      tell({ error: settings.noAlt.replace("{languages}", names) });
      return false;
    }
    return true;
  }

  function busy(isBusy) {
    isInserting = isBusy;
    fields.insert.textContent = isBusy ? settings.inserting : settings.insert;
  }

  function tell(problem) {
    const words = problem ? explain(problem) : "";
    part("problem").hidden = !words;
    part("problem").querySelector("[role=alert]").textContent = words;
    part("problem").querySelector("a").hidden = problem?.status !== 401;
    fields.again.hidden = !file || Boolean(image || sending);
  }

  function explain({ status, error }) {
    const words = settings[`failed${status}`];
    return (status === 401 ? words : error ?? words) ?? settings.failed.replace("{status}", status);
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    insert();
  });
  fields.again.addEventListener("click", () => {
    store();
    // The button is gone.
    fields.insert.focus();
  });
  fields.skip.addEventListener("click", () => close({ isSkipped: true }));
  fields.cancel.addEventListener("click", () => close(null));
  if (fields.file) {
    fields.file.addEventListener("change", () => fields.file.files.length && take(fields.file.files[0]));
    takeDrops(dialog, ([dropped]) => take(dropped));
    dialog.addEventListener("paste", (event) => {
      const [pasted] = pastedImages(event.clipboardData);
      if (pasted) {
        event.preventDefault();
        take(pasted);
      }
    });
  }
  dialog.addEventListener("cancel", (event) => {
    // The choice of a file has such an event of its own.
    if (event.target === dialog) {
      event.preventDefault();
      close(null);
    }
  });

  return open;
}
