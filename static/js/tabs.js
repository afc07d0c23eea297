// On a phone the tabs are one row that is pushed along: the current one is brought into sight.
for (const tab of document.querySelectorAll(".tabs [aria-current]")) {
  const row = tab.parentElement;
  const side = (row.clientWidth - tab.clientWidth) / 2;
  row.scrollLeft += tab.getBoundingClientRect().left - row.getBoundingClientRect().left - side;
}
