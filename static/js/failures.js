import { showToast } from "./toasts.js";

/** A fragment that did not arrive says so; the page keeps what it showed. */
export function watchFailures(document) {
  const texts = document.getElementById("toast-of-script").dataset;
  document.body.addEventListener("htmx:sendError", () => showToast(document, texts.offline));
  document.body.addEventListener("htmx:timeout", () => showToast(document, texts.offline));
  document.body.addEventListener("htmx:responseError", (event) => {
    const { status } = event.detail.xhr;
    // 401 takes the whole window to the log-in page; a message would only flash.
    if (status !== 401) {
      showToast(document, status === 403 || status === 404 ? texts.forbidden : texts.failed);
    }
  });
}
