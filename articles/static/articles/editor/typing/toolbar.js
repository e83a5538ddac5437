// The buttons above each text, and their shortcuts. Words and buttons come from admin/articles/article/_toolbar.html.
import { callout, fence, heading, isForFence, list, quote } from "./block_marks.js";
import { footnote } from "./footnotes.js";
import { code, emphasis } from "./inline_marks.js";
import { change } from "../text.js";

const EDITS = {
  bold: (...selection) => emphasis(...selection, "**"),
  italic: (...selection) => emphasis(...selection, "*"),
  code: (...selection) => (isForFence(...selection) ? fence : code)(...selection),
  heading,
  bullets: (...selection) => list(...selection, false),
  numbers: (...selection) => list(...selection, true),
  quote,
  callout,
  footnote,
};

const ACTIONS = {
  // What is done then is for links.js and images.js.
  link: (textarea) => textarea.dispatchEvent(new CustomEvent("linkwanted")),
  image: (textarea) => textarea.dispatchEvent(new CustomEvent("imagewanted", { bubbles: true })),
  help: () => document.getElementById("editor_help").showModal(),
};

const IS_MAC = /^(Mac|iP)/.test(navigator.platform);

// Puts a toolbar above each text that its author may write.
export function setUpToolbars(textareas) {
  const template = document.getElementById("editor_toolbar"), help = document.getElementById("editor_help");
  for (const textarea of textareas) {
    const toolbar = template.content.firstElementChild.cloneNode(true);
    const language = textarea.closest(".pane").getAttribute("aria-label");
    toolbar.setAttribute("aria-label", `${toolbar.getAttribute("aria-label")} (${language})`);
    toolbar.setAttribute("aria-controls", textarea.id);
    textarea.before(toolbar);
    setUp(toolbar, textarea, help.dataset);
  }
  for (const key of help.querySelectorAll("[data-keys]")) {
    key.textContent = shown(key.dataset.keys, help.dataset);
  }
}

function setUp(toolbar, textarea, words) {
  const buttons = [...toolbar.querySelectorAll("button")], shortcuts = new Map();
  for (const button of buttons) {
    const { keys } = button.dataset;
    button.title = button.getAttribute("aria-label");
    if (keys) {
      shortcuts.set(keys, button.dataset.action);
      button.title += ` (${shown(keys, words)})`;
      button.setAttribute("aria-keyshortcuts", `${IS_MAC ? "Meta" : "Control"}+${keys}`);
    }
    button.tabIndex = -1;
  }
  buttons[0].tabIndex = 0;

  toolbar.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button) {
      focusable(button);
      act(textarea, button.dataset.action);
    }
  });
  // The text keeps the focus, and a phone its keyboard.
  toolbar.addEventListener("mousedown", (event) => event.preventDefault());
  toolbar.addEventListener("keydown", (event) => {
    const at = buttons.indexOf(document.activeElement), last = buttons.length - 1;
    const next = { ArrowRight: at < last ? at + 1 : 0, ArrowLeft: at ? at - 1 : last, Home: 0, End: last }[event.key];
    if (next !== undefined && !(event.altKey || event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      focusable(buttons[next]);
      buttons[next].focus();
    }
  });
  textarea.addEventListener("keydown", (event) => {
    const action = shortcuts.get(pressed(event));
    if (action) {
      event.preventDefault();
      act(textarea, action);
    }
  });

  function focusable(button) {
    for (const each of buttons) {
      each.tabIndex = each === button ? 0 : -1;
    }
  }
}

function act(textarea, action) {
  if (ACTIONS[action]) {
    ACTIONS[action](textarea);
    return;
  }
  const { value, selectionStart, selectionEnd } = textarea;
  change(textarea, EDITS[action](value, selectionStart, selectionEnd));
}

// The letter, or Shift and the digit, that is pressed with the key for shortcuts; "" for all else. Digits by their
// place, since some keyboards have them behind Shift. AltGr writes signs, and Windows calls it Ctrl and Alt.
function pressed(event) {
  const [isWanted, isOther] = IS_MAC ? [event.metaKey, event.ctrlKey] : [event.ctrlKey, event.metaKey];
  if (!isWanted || isOther || event.altKey || event.isComposing || event.getModifierState("AltGraph")) {
    return "";
  }
  const digit = /^Digit(\d)$/.exec(event.code)?.[1];
  return event.shiftKey ? digit && `Shift+${digit}` : event.key.toUpperCase();
}

// A shortcut as the keys are called: Ctrl+B, Ctrl+Maj+7, ⌘B.
function shown(keys, words) {
  return IS_MAC ? `⌘${keys.replace("Shift+", "⇧")}` : `${words.control}+${keys.replace("Shift", words.shift)}`;
}
