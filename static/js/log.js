/** Ctrl or ⌘ with Enter saves a form of the log from within the note, where Enter alone is a new line. */
document.addEventListener("keydown", (event) => {
  const form = event.target.closest("form[data-log]");
  if (form && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    form.querySelector("[data-save]").click();
  }
});
