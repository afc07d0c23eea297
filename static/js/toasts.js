/** Close a toast; nothing disappears by itself, because an undo must not run away from a slow reader. */
export function watchToasts(document) {
  document.addEventListener("click", (event) => {
    event.target.closest("[data-dismiss]")?.closest(".toast")?.remove();
  });
}

/** Show a message that did not come from the server. */
export function showToast(document, text) {
  const template = document.getElementById("toast-of-script");
  const toast = template.content.firstElementChild.cloneNode(true);
  toast.querySelector("p").textContent = text;
  document.getElementById("toasts").replaceChildren(toast);
}
