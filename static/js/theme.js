/** The switch between light and dark. */
const YEAR_IN_SECONDS = 365 * 24 * 3600;
const root = document.documentElement;

/** What the reader sees now: the own choice, else what the system asks for. */
function currentTheme() {
  const preferred = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  return root.dataset.theme || preferred;
}

/** Keep the choice in a cookie: the server writes it into the next page, which so never flashes in the other theme. */
function chooseTheme(theme) {
  root.dataset.theme = theme;
  document.cookie = `theme=${theme}; path=/; max-age=${YEAR_IN_SECONDS}; samesite=lax`;
}

// On the document, because the command palette offers the switch as well.
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-theme-switch]")) {
    chooseTheme(currentTheme() === "dark" ? "light" : "dark");
  }
});
