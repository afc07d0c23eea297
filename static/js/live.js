/**
 * News of the accounts a page shows. Its <main> names the address that knows them (`data-live`) and when it was rendered
 * (`data-since`); whatever carries `data-account` is about one account, or about all with `*`. Asked every few seconds while
 * the tab is visible, and at once after a save of one's own. A row gets the event `live:changed` and fetches itself;
 * <main> is fetched anew, unless somebody is typing in it.
 */
const EVERY_MS = 5000;
const SOON_MS = 1000;
const SOON_TIMES = 10;
// A computation is dated by its beginning and seen at its end: a page rendered in between has not shown it yet.
const SLACK_S = 2;

const address = document.getElementById("main")?.dataset.live;
const renderedAt = Number(document.getElementById("main")?.dataset.since);
let since = String(renderedAt);
let isTypedInto = false;
let soon = 0;

function shown() {
  return [...document.querySelectorAll("[data-account]")];
}

function question() {
  const accounts = new Set(shown().map((element) => element.dataset.account));
  return `${address}?${new URLSearchParams({ since, accounts: [...accounts].join(",") })}`;
}

async function ask() {
  const response = await fetch(question(), { headers: { Accept: "application/json" } });
  // 204: nothing new. An ended session leads to a page, which the next press will show.
  return response.status === 200 && !response.redirected ? response.json() : null;
}

// A link or a box within a form that applies itself is no typing: its state is in the address.
const TYPING = [
  'form[method="post"]:focus-within',
  'form:not([method="post"]) :is(input, select, textarea):not([type="checkbox"]):focus',
  "[popover]:popover-open",
].join(", ");

function isBusy(main) {
  return isTypedInto || main.querySelector(TYPING) !== null;
}

function renew(main) {
  if (isBusy(main)) {
    document.dispatchEvent(new CustomEvent("toast", { detail: document.getElementById("toast-of-script").dataset.news }));
    return;
  }
  // The whole page is asked for, although by htmx: header, tabs and rows have changed alike.
  const headers = { "HX-Request": "false" };
  htmx.ajax("GET", location.href, { source: main, target: main, select: "#main", swap: "outerHTML", headers });
}

function tell(element, version) {
  const seen = Number(element.dataset.version || renderedAt - SLACK_S);
  if (Number(version) <= seen) {
    return;
  }
  element.dataset.version = version;
  if (element.id === "main") {
    renew(element);
  } else {
    htmx.trigger(element, "live:changed");
  }
}

async function look() {
  const news = document.hidden ? null : await ask().catch(() => null);
  if (!news) {
    return;
  }
  since = String(news.since);
  for (const element of shown()) {
    const version = news.accounts[element.dataset.account];
    if (version !== undefined) {
      tell(element, version);
    }
  }
}

function lookSoon() {
  look();
  soon -= 1;
  if (soon > 0) {
    setTimeout(lookSoon, SOON_MS);
  }
}

if (address) {
  setInterval(look, EVERY_MS);
  document.addEventListener("visibilitychange", look);
  document.addEventListener("facts:changed", () => {
    const isLooking = soon > 0;
    soon = SOON_TIMES;
    if (!isLooking) {
      lookSoon();
    }
  });
  document.addEventListener("input", (event) => {
    // A filter or a search applies itself; what is typed to be sent must not be lost.
    isTypedInto ||= event.target.closest("#main form[method=post]") !== null;
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    isTypedInto &&= event.target.id !== "main";
  });
}
