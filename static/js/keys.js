/** `data-key="c"` on a link or button makes that key press it; `mod+k` means Ctrl or ⌘ with k. */
const dialog = document.getElementById("dialog");

function isTyping(element) {
  return element.isContentEditable || element.matches("input, textarea, select");
}

function nameOf(event) {
  if (event.ctrlKey || event.metaKey) {
    return event.altKey || event.shiftKey ? "" : `mod+${event.key.toLowerCase()}`;
  }
  return event.altKey || isTyping(event.target) || dialog.open ? "" : event.key;
}

document.addEventListener("keydown", (event) => {
  const name = nameOf(event);
  const pressed = name && !event.repeat && document.querySelector(`[data-key="${CSS.escape(name)}"]`);
  if (pressed) {
    // Ctrl K belongs to the browser's own field as well: while the dialog is open it does nothing.
    event.preventDefault();
    if (!dialog.open) {
      pressed.click();
    }
  }
});

/** Escape closes the panel one is in, or the one open, and gives the focus back to its button. */
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented || dialog.open) {
    return;
  }
  const open = event.target.closest(".disclosure[open]") ?? document.querySelector(".disclosure[open]");
  if (open) {
    open.open = false;
    open.querySelector("summary").focus();
  }
});
