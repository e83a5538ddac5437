// Addresses of links: which words are one, and how Markdown writes them.
// What the site lets through, and what needs no scheme: a path, a place on the page.
const WHOLE = /^(?:(?:https?:\/\/|mailto:|tel:|article:)\S+|[/#?]\S*)$/i;
const MAIL = /^[^\s@/:]+@[^\s@/]+\.[^\s@/.]{2,}$/;
const HOST = /^(?:[\p{L}\p{N}-]+\.)+\p{L}{2,}(?::\d+)?(?:[/?#]\S*)?$/u;

// The address that some words are, with its scheme; "" for other words.
export function addressIn(words) {
  if (WHOLE.test(words)) {
    return words;
  }
  return MAIL.test(words) ? `mailto:${words}` : HOST.test(words) ? `https://${words}` : "";
}

// Whether words without a scheme may be an address and a title alike: Node.js.
export function isDoubtful(words) {
  return !WHOLE.test(words) && !MAIL.test(words) && HOST.test(words);
}

export function isPage(words) {
  return /^https?:\/\/\S+$/i.test(words);
}

// A link in Markdown. Brackets of the words are escaped, but not those of code and images within them.
// `title` is as Markdown writes it, with a space before it.
export function linkTo(words, address, title = "") {
  return `[${escaped(words)}](${written(address)}${title})`;
}

function escaped(words) {
  const signs = /(`+)[^]*?\1|!\[[^\]]*\]\([^)]*\)|[[\]]|\\(?=[[\]\\]|$)/g;
  return words.replace(signs, (sign) => (sign.length > 1 ? sign : `\\${sign}`));
}

export function unescaped(words) {
  return words.replace(/\\([[\]\\])/g, "$1");
}

// Parentheses in pairs may stay: https://spec.commonmark.org/0.31.2/#link-destination
function written(address) {
  const isPaired = !/[()]/.test(address.replace(/\([^()]*\)/g, ""));
  const signs = isPaired ? /[\s<>\\]/g : /[\s<>\\()]/g;
  // The one pair of signs that encodeURIComponent leaves.
  return address.replace(signs, (sign) => ({ "(": "%28", ")": "%29" })[sign] ?? encodeURIComponent(sign));
}
