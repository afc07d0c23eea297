/**
 * The command palette: the arrows move through what was found while the focus stays in the field, Enter opens what is
 * marked. Enter that comes before its answer waits for it: what was typed is meant, not what an earlier letter found.
 */
const OPENED = "vigil:opened";
const MOST_OPENED = 8;
const body = document.getElementById("dialog-body");
let isAwaited = false;

const field = () => document.getElementById("palette-input");
const list = () => document.getElementById("palette-list");
const options = () => [...list().querySelectorAll('[role="option"]')];

function mark(option) {
  for (const other of options()) {
    other.setAttribute("aria-selected", String(other === option));
  }
  if (option) {
    field().setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  } else {
    field().removeAttribute("aria-activedescendant");
  }
}

const marked = () => options().find((option) => option.ariaSelected === "true");

function move(step) {
  const all = options();
  const next = all.indexOf(marked()) + step;
  mark(all.at(next < 0 ? -1 : next % all.length));
}

function isAnswered() {
  return list().dataset.query === field().value.trim().replaceAll(/\s+/g, " ");
}

function press() {
  isAwaited = !isAnswered();
  if (!isAwaited) {
    marked()?.click();
  }
}

const ACTS = { ArrowDown: () => move(1), ArrowUp: () => move(-1), Enter: press };

body.addEventListener("keydown", (event) => {
  const isPlain = !event.isComposing && !event.ctrlKey && !event.metaKey && !event.altKey;
  if (event.target === field() && isPlain && Object.hasOwn(ACTS, event.key)) {
    event.preventDefault();
    ACTS[event.key]();
  }
});

body.addEventListener("focusin", (event) => {
  if (event.target === field()) {
    field().select();
  }
});

/** A press elsewhere in the list must not take the focus from the field before it is followed. */
body.addEventListener("mousedown", (event) => {
  if (event.target.closest(".palette__option")) {
    event.preventDefault();
  }
});

body.addEventListener("htmx:afterSettle", () => {
  if (!field()) {
    return;
  }
  mark(options()[0]);
  document.getElementById("palette-said").textContent = list().dataset.said;
  if (isAwaited && isAnswered()) {
    press();
  }
});

/** Which accounts were opened last, by number only, in this browser: the palette offers them before anything is typed. */
function opened() {
  try {
    return (localStorage.getItem(OPENED) ?? "").split(",").filter(Boolean);
  } catch {
    return []; // storage is forbidden here: the own accounts are offered instead
  }
}

const [, account] = location.pathname.match(/^\/accounts\/(\d+)\//) ?? [];
if (account) {
  try {
    localStorage.setItem(OPENED, [account, ...opened().filter((one) => one !== account)].slice(0, MOST_OPENED).join());
  } catch {
    // as above
  }
}

// On the document: the dialog's own request is sent in the name of the whole page.
document.addEventListener("htmx:configRequest", (event) => {
  if (new URL(event.detail.path, location.href).pathname.startsWith("/search/")) {
    event.detail.parameters.opened = opened().join();
  }
});
