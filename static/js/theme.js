const YEAR_IN_SECONDS = 365 * 24 * 3600;

/** What the reader sees now: the own choice, else what the system asks for. */
function currentTheme(root) {
  const preferred = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  return root.dataset.theme || preferred;
}

function other(theme) {
  return theme === "dark" ? "light" : "dark";
}

/**
 * Keep the choice in a cookie: the server writes it into the next page, so that page never flashes in the other theme.
 */
function chooseTheme(root, theme) {
  root.dataset.theme = theme;
  document.cookie = `theme=${theme}; path=/; max-age=${YEAR_IN_SECONDS}; samesite=lax`;
}

export function watchTheme(document) {
  const root = document.documentElement;
  for (const button of document.querySelectorAll("[data-theme-switch]")) {
    button.addEventListener("click", () => chooseTheme(root, other(currentTheme(root))));
  }
}
