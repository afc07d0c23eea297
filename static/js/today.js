/** The list of the day by keyboard: J and K walk the lines, a letter presses what the line offers (`data-act`). */
const STEPS = { j: 1, k: -1 };
const dialog = document.getElementById("dialog");

function isElsewhere(event) {
  const meant = event.ctrlKey || event.metaKey || event.altKey || event.repeat;
  return meant || dialog.open || event.target.matches("input, textarea, select");
}

function lines() {
  return [...document.querySelectorAll("[data-agenda] .task")];
}

function current() {
  return document.activeElement?.closest(".task") ?? null;
}

function walk(step) {
  const all = lines();
  const here = all.indexOf(current());
  const next = here === -1 ? 0 : Math.min(Math.max(here + step, 0), all.length - 1);
  all[next]?.querySelector("[data-act], a")?.focus();
  all[next]?.scrollIntoView({ block: "nearest" });
}

document.addEventListener("keydown", (event) => {
  if (isElsewhere(event)) {
    return;
  }
  const key = event.key.toLowerCase();
  if (key in STEPS) {
    event.preventDefault();
    walk(STEPS[key]);
    return;
  }
  const pressed = current()?.querySelector(`[data-act="${CSS.escape(key)}"]`);
  if (pressed) {
    event.preventDefault();
    pressed.click();
  }
});
