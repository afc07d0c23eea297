/** Messages at the foot of the page. Nothing disappears by itself: an undo must not run away from a slow reader. */
document.addEventListener("click", (event) => {
  event.target.closest("[data-dismiss]")?.closest(".toast")?.remove();
});

/** A message that did not come from the server: `dispatchEvent(new CustomEvent("toast", { detail: text }))`. */
document.addEventListener("toast", (event) => {
  const template = document.getElementById("toast-of-script");
  const toast = template.content.firstElementChild.cloneNode(true);
  toast.querySelector("p").textContent = event.detail;
  document.getElementById("toasts").replaceChildren(toast);
});
