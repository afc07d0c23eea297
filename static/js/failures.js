/** A fragment that did not arrive says so; the page keeps what it showed. */
const texts = document.getElementById("toast-of-script").dataset;

function say(text) {
  document.dispatchEvent(new CustomEvent("toast", { detail: text }));
}

document.body.addEventListener("htmx:sendError", () => say(texts.offline));
document.body.addEventListener("htmx:timeout", () => say(texts.offline));
document.body.addEventListener("htmx:responseError", (event) => {
  const { status } = event.detail.xhr;
  // 401 takes the whole window to the log-in page; a message would only flash.
  if (status !== 401) {
    say(status === 403 || status === 404 ? texts.forbidden : texts.failed);
  }
});
