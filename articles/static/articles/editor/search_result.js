// Shows how a text is found while it is typed: as search engines show it, and its picture for social networks.
const PAUSE = 500;

export function followSearchResults(form) {
  for (const details of form.querySelectorAll("details.search-result")) {
    follow(form, details);
  }
}

function follow(form, details) {
  const { address, article, language } = details.dataset, view = details.querySelector(".search-result-view");
  const field = (name) => form.elements[`${name}_${language}`];
  let timer, number = 0, isOld = false;

  // Nothing is asked for while nobody looks.
  const look = () => {
    clearTimeout(timer);
    if (isOld && details.open) {
      timer = setTimeout(show, PAUSE);
    }
  };

  async function show() {
    const asked = ++number;
    isOld = false;
    const data = new URLSearchParams({ language, article, csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value });
    for (const name of ["title", "slug", "summary", "body"]) {
      data.set(name, field(name).value);
    }
    // A summary is the description, whatever the text says.
    if (field("summary").value.trim()) {
      data.delete("body");
    }
    try {
      // A login that has expired redirects: the form itself tells of that.
      const answer = await fetch(address, { method: "POST", body: data, redirect: "manual" });
      if (answer.ok && asked === number) {
        put(await answer.text());
      }
    } catch {
      // No connection: the next change asks again.
    }
  }

  function put(html) {
    const image = view.querySelector("img");
    view.innerHTML = html;
    const next = view.querySelector("img");
    if (image && next?.getAttribute("src") === image.getAttribute("src")) {
      next.replaceWith(image);
    }
  }

  for (const name of ["title", "slug", "summary", "body"]) {
    field(name)?.addEventListener("input", () => {
      isOld = true;
      look();
    });
  }
  details.addEventListener("toggle", look);
}
