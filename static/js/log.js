/** Ctrl or ⌘ with Enter saves a form of the log from within the note, where Enter alone is a new line. */
document.addEventListener("keydown", (event) => {
  const form = event.target.closest("form[data-log]");
  if (form && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    form.querySelector("[data-save]").click();
  }
});

/** A mail or meeting file dropped on the dialog, or on a page of the log, is handed to its form. */
function takes(event) {
  const isFile = event.dataTransfer?.types.includes("Files") && !event.target.matches?.("input[type=file]");
  return isFile ? document.querySelector("#dialog[open] [data-handed-in]") ?? document.querySelector("main [data-handed-in]") : null;
}

document.addEventListener("dragover", (event) => {
  if (takes(event)) {
    event.preventDefault();
  }
});

document.addEventListener("drop", (event) => {
  const form = takes(event);
  if (form) {
    event.preventDefault();
    form.closest("details")?.setAttribute("open", "");
    const input = form.querySelector("input[type=file]");
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }
});
