/** Rows ticked in a list (accounts, alerts): how many, all of the page at once, and still ticked when a row has fetched itself anew. */
const list = document.getElementById("main");
const ticked = new Set();

function boxes() {
  return [...list.querySelectorAll(".choose[name]")];
}

function read() {
  ticked.clear();
  for (const box of boxes()) {
    if (box.checked) {
      ticked.add(box.value);
    }
  }
  const everything = list.querySelector("[data-choose-all]");
  const page = list.querySelector("[data-choose-page]");
  const count = list.querySelector("[data-chosen-count]");
  if (count) {
    count.textContent = everything?.checked ? everything.dataset.chooseAll : ticked.size;
  }
  if (page) {
    page.checked = ticked.size > 0 && ticked.size === boxes().length;
    page.indeterminate = ticked.size > 0 && !page.checked;
  }
}

list.addEventListener("change", (event) => {
  if (event.target.matches("[data-choose-page]")) {
    boxes().forEach((box) => {
      box.checked = event.target.checked;
    });
  }
  if (event.target.matches(".choose, [data-choose-all]")) {
    read();
  }
});

// The fields are emptied after this event.
list.addEventListener("reset", () => setTimeout(read));

document.addEventListener("htmx:load", (event) => {
  // A row that fetched itself keeps its tick; another page or another filter begins with none.
  const box = event.target.matches("tr[data-account], .alert") ? event.target.querySelector(".choose") : null;
  if (box) {
    box.checked = ticked.has(box.value);
  }
  read();
});

// Back may bring the page with its boxes as they were left.
addEventListener("pageshow", read);
read();
