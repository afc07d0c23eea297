/**
 * The page's one dialog. A link with `data-dialog` opens its address in it; the answer to a save shuts it with the event
 * `dialog:close`. Escape never costs what was typed: opening the same address again shows it as it was left.
 */
const dialog = document.getElementById("dialog");
const body = document.getElementById("dialog-body");
const menu = document.getElementById("menu");
let address = "";
let isTypedInto = false;

function show() {
  if (!dialog.open) {
    dialog.showModal();
  }
  body.querySelector("[autofocus]")?.focus();
}

function open(wanted) {
  if (menu?.matches(":popover-open")) {
    menu.hidePopover();
  }
  if (wanted === address && isTypedInto) {
    show();
    return;
  }
  address = wanted;
  htmx.ajax("GET", wanted, { target: body, swap: "innerHTML" });
}

function forget() {
  isTypedInto = false;
  address = "";
  body.replaceChildren();
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-dialog]");
  const isPlain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
  if (link && isPlain) {
    event.preventDefault();
    open(link.href);
  } else if (event.target.closest("[data-dialog-close]") || event.target === dialog) {
    dialog.close();
  }
});

body.addEventListener("input", () => {
  isTypedInto = true;
});

body.addEventListener("htmx:afterSwap", (event) => {
  if (event.target !== body || !body.childElementCount) {
    return;
  }
  // What has just been opened is not typed into yet; a refused form comes back with what was.
  isTypedInto = event.detail.requestConfig.verb !== "get";
});

// Not before htmx knows the new fields: what somebody types at once would find nobody listening.
body.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target === body && body.childElementCount) {
    show();
  }
});

// The form is forgotten by the event of the closing, which comes later: htmx still needs it to swap the message and to
// tell the page of the save.
document.addEventListener("dialog:close", () => {
  isTypedInto = false;
  dialog.close();
});

dialog.addEventListener("close", () => {
  if (!isTypedInto) {
    forget();
  }
});
