/**
 * Draws the 18-month lanes over the server's strip, which stays where this script, plotly or the figure does not arrive.
 * Colours come as names of tokens and are resolved here, so the drawing follows the theme.
 */

// Below this width names beside marks would cover one another; the pointer and the table still tell them.
const NARROW = 640;

// Plotly offers to upload the chart's data by default: never from here.
const CONFIG = { displayModeBar: false, displaylogo: false, showSendToCloud: false, plotlyServerURL: "", responsive: false };

// Rules for maps, which no chart of ours is: plotly writes them into a <style>, which the policy blocks and reports,
// unless an element of this id exists. The name comes from plotly.js and may change with its version.
const MAP_RULES = "9f215cf04c5486422605d13261cb87401f4e7763b6296af81e98efbc0130da53";

let plotlyScript;

/** One script however often lanes are drawn: a page renews itself when there is news. */
function loadPlotly(address) {
  plotlyScript ??= insertPlotly(address);
  return plotlyScript;
}

function insertPlotly(address) {
  const placeholder = document.createElement("template");
  placeholder.id = MAP_RULES;
  document.head.append(placeholder);
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address;
    script.addEventListener("load", () => resolve(globalThis.Plotly));
    script.addEventListener("error", () => reject(new Error(`${address} did not load`)));
    document.head.append(script);
  });
}

async function loadFigure(address) {
  const response = await fetch(address, { headers: { Accept: "application/json" } });
  if (!response.ok) {
    throw new Error(`${address} answered ${response.status}`);
  }
  return response.json();
}

/** The colour a token has now: only a used property is resolved, the custom property itself still says light-dark(). */
function colourOf(probe, token) {
  probe.style.color = `var(${token})`;
  return getComputedStyle(probe).color;
}

function inColours(value, probe) {
  if (typeof value === "string") {
    return value.startsWith("--") ? colourOf(probe, value) : value;
  }
  if (Array.isArray(value)) {
    return value.map((part) => inColours(part, probe));
  }
  if (value && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, inColours(part, probe)]));
  }
  return value;
}

/** Names go and dots shrink, so that they stay apart. */
function small(trace) {
  const hasDots = typeof trace.marker?.size === "number";
  const marker = hasDots && { ...trace.marker, size: trace.marker.size * 0.6 };
  const mode = trace.meta === "events" ? "markers" : trace.mode;
  return marker ? { ...trace, marker, mode } : trace;
}

function fitted(figure, width, style) {
  const narrow = width < NARROW;
  const data = narrow ? figure.data.map(small) : figure.data;
  const font = { family: style.fontFamily, size: parseFloat(style.fontSize) };
  const hover = figure.layout.hoverlabel;
  const layout = {
    ...figure.layout,
    font: { ...figure.layout.font, ...font },
    hoverlabel: { ...hover, font: { ...hover.font, ...font } },
    // A finger scrolls the page; a mouse selects a span to look at.
    dragmode: matchMedia("(pointer: coarse)").matches ? false : figure.layout.dragmode,
    annotations: narrow ? [] : figure.layout.annotations,
    xaxis: { ...figure.layout.xaxis, dtick: narrow && figure.layout.xaxis.dtick === "M1" ? "M3" : figure.layout.xaxis.dtick },
  };
  return { data, layout };
}

function draw(Plotly, place, figure) {
  const probe = place.appendChild(document.createElement("span"));
  probe.hidden = true;
  const { data, layout } = fitted(figure, place.clientWidth, getComputedStyle(place));
  const size = { width: place.clientWidth, height: place.clientHeight };
  const coloured = inColours({ data, layout: { ...layout, ...size } }, probe);
  probe.remove();
  return Plotly.react(place, coloured.data, coloured.layout, CONFIG);
}

/** Draw again when the theme or the width changes. */
function follow(place, redraw) {
  const isOver = new AbortController();
  const again = () => (place.isConnected ? redraw() : isOver.abort());
  const theme = new MutationObserver(again);
  theme.observe(document.documentElement, { attributeFilter: ["data-theme"] });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", again, { signal: isOver.signal });
  let width = place.clientWidth;
  const size = new ResizeObserver(() => {
    if (place.clientWidth !== width) {
      width = place.clientWidth;
      again();
    }
  });
  size.observe(place);
  isOver.signal.addEventListener("abort", () => [theme, size].forEach((observer) => observer.disconnect()));
}

async function show(figureElement) {
  const { lanes, plotly, label } = figureElement.dataset;
  const [Plotly, figure] = await Promise.all([loadPlotly(plotly), loadFigure(lanes)]);
  const place = document.createElement("div");
  place.className = "lanes__chart";
  place.setAttribute("role", "img");
  place.setAttribute("aria-label", label);
  figureElement.append(place);
  await draw(Plotly, place, figure);
  figureElement.classList.add("is-drawn");
  follow(place, () => draw(Plotly, place, figure));
}

function showAll() {
  for (const element of document.querySelectorAll("[data-lanes]:not(.is-drawn)")) {
    show(element).catch((reason) => {
      element.querySelector(".lanes__chart")?.remove();
      console.warn("The lanes are shown as a strip:", reason.message);
    });
  }
}

showAll();
document.addEventListener("htmx:afterSwap", (event) => {
  if (["main", "rows"].includes(event.target.id)) {
    showAll();
  }
});
