// What the editor asks the library of images. A failure is thrown as { status, error }: status 0 where no answer came,
// and the server's own sentence where it sent one.

// Asks for JSON. XMLHttpRequest, since fetch does not tell how much of a file is on its way.
function send(method, url, body, { signal, onProgress } = {}) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const fail = () => reject({ status: request.status, error: request.response?.error });
    request.open(method, url);
    request.responseType = "json";
    request.setRequestHeader("Accept", "application/json");
    request.upload.addEventListener("progress", (event) => onProgress?.(event.loaded / event.total));
    request.addEventListener("load", () => {
      if (request.status === 200 && request.response) {
        resolve(request.response);
      } else {
        fail();
      }
    });
    request.addEventListener("error", fail);
    signal?.addEventListener("abort", () => {
      request.abort();
      reject({ isAborted: true });
    });
    request.send(body);
  });
}

// The token of the article's form is sent. Who logs in again in another tab makes it void: then a new one is fetched.
async function post(settings, fields, options, isAgain = false) {
  const token = document.querySelector("#article_form [name=csrfmiddlewaretoken]");
  const body = new FormData();
  body.append("csrfmiddlewaretoken", token.value);
  fields.forEach((field) => body.append(...field));
  try {
    return await send("POST", settings.url, body, options);
  } catch (problem) {
    if (problem.status !== 403 || problem.error || isAgain) {
      throw problem;
    }
    token.value = (await send("GET", settings.token, null, options)).csrf_token;
    return post(settings, fields, options, true);
  }
}

// Stores a file under a name and answers its image. `onProgress` is called with the share that is sent, from 0 to 1.
export function upload({ upload: url, token }, file, name, options) {
  return post({ url, token }, [["file", file, name]], options);
}

// Tells the library the alternative texts, { alt_en: … }, and answers the image with the Markdown that holds them.
export function describe({ describe: url, token }, key, alts, options) {
  return post({ url, token }, [["key", key], ...Object.entries(alts)], options);
}

// Answers the newest images in which the words are found: { images, has_more }.
export function find({ choose: url }, words, options) {
  return send("GET", `${url}?${new URLSearchParams({ q: words })}`, null, options);
}
