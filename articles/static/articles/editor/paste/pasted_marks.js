// What an element of pasted HTML says of the words in it: strong, a link, code …; by its name, or by its style.

const MARKS = {
  b: "strong", strong: "strong", i: "em", em: "em", cite: "em", dfn: "em", var: "em", s: "del", strike: "del", del: "del",
  ins: "ins", mark: "mark", sup: "sup", sub: "sub", kbd: "kbd",
};
// Their look goes without saying: what the style of the element itself says of weight is no mark of the author's.
const BOLD_BY_NATURE = new Set(["h1", "h2", "h3", "h4", "h5", "h6", "th", "dt", "summary", "caption"]);

function styled(style, name) {
  return style.match(new RegExp(`(?:^|;)\\s*${name}\\s*:\\s*([^;]+)`, "i"))?.[1].trim().toLowerCase() ?? "";
}

// Returns the context of what is inside an element.
export function altered(element, context) {
  const name = element.localName, style = element.dataset.style ?? "";
  const marks = new Set(context.marks);
  if (MARKS[name] && !element.closest(".msoIns")) {
    marks.add(MARKS[name]);
  }
  if (style) {
    const set = (mark, yes, no) => (yes ? marks.add(mark) : no && marks.delete(mark));
    const [weight, slant, raised] = ["font-weight", "font-style", "vertical-align"].map((each) => styled(style, each));
    if (!BOLD_BY_NATURE.has(name)) {
      set("strong", /^bold/.test(weight) || Number(weight) >= 600, weight === "normal" || Number(weight) < 600 && weight);
    }
    set("em", /^(italic|oblique)/.test(slant), slant === "normal");
    set("del", /line-through/.test(styled(style, "text-decoration(?:-line)?")));
    if (name === "span" || name === "font") {
      set("sup", raised === "super");
      set("sub", raised === "sub");
    }
  }
  const address = name === "a" && addressOf(element);
  if (address && ![...marks].some((mark) => mark.startsWith("link "))) {
    marks.add(`link ${address}`);
  }
  return { ...context, marks: [...marks] };
}

// Returns the address of a link, so that Markdown reads it as one; "" where it leads nowhere that readers could follow.
function addressOf(link) {
  const address = (link.getAttribute("href") ?? "").trim();
  if (!/^(?:https?:\/\/|mailto:|tel:)./i.test(address)) {
    return "";
  }
  const [depth, lowest] = [...address].reduce(([now, low], sign) => {
    const then = now + (sign === "(") - (sign === ")");
    return [then, Math.min(low, then)];
  }, [0, 0]);
  const unsafe = depth || lowest < 0 ? /[\s<>"\\^`{|}()]/g : /[\s<>"\\^`{|}]/g;
  return address.replace(unsafe, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`);
}

// Returns the runs of an element that is one sign or one piece of code; null for every other element.
export function leafRuns(element, context) {
  const { marks } = context;
  switch (element.localName) {
    case "br":
      return [{ kind: "break", marks: [] }];
    case "img": {
      const words = image(element);
      return words ? [{ kind: words.startsWith("![") ? "raw" : "text", words, marks }] : [];
    }
    case "code": case "samp": case "tt": {
      const words = element.textContent.replace(/[\s\u00a0]+/g, " ").trim();
      return words ? [{ kind: "code", words, marks: marks.filter((mark) => mark !== "kbd") }] : [];
    }
    case "footnote-reference":
      return [{ kind: "raw", words: `[^${context.names.get(element.getAttribute("name"))}]`, marks: [] }];
    case "input":
      return [];
    default:
      return null;
  }
}

// Returns an image from the web, with a caption if there is one; else its alternative text. What counts readers is "".
export function image(element, caption = "") {
  const source = (element.getAttribute("src") ?? "").trim().replace(/^\/\//, "https://");
  const words = (element.getAttribute("alt") ?? "").replace(/\s+/g, " ").trim();
  if (source.startsWith("data:") || ["0", "1"].includes(element.getAttribute("width"))) {
    return "";
  }
  if (!source.startsWith("https://")) {
    return words;
  }
  const address = source.replace(/[\s<>"\\()]/g, encodeURIComponent).replace(/\(/g, "%28").replace(/\)/g, "%29");
  return `![${words.replace(/[\\[\]]/g, "\\$&")}](${address}${caption && ` "${caption.replace(/"/g, "\\\"")}"`})`;
}
