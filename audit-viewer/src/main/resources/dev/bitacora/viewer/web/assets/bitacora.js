// What a keyboard and a small screen gain from a script; everything else works without one.
"use strict";
(() => {
  const rows = () => [...document.querySelectorAll("a.sentence")];
  const bars = [...document.querySelectorAll(".plot svg a")];
  const query = document.getElementById("q");

  const isTyping = (target) => target.closest("input, textarea, select, [contenteditable]") !== null;

  const step = (links, by) => {
    if (links.length === 0) return;
    const at = links.indexOf(document.activeElement);
    const next = at < 0 ? (by > 0 ? 0 : links.length - 1) : Math.min(links.length - 1, Math.max(0, at + by));
    links[next].focus();
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (isTyping(event.target)) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    if (event.key === "/" && query) {
      query.focus();
      query.select();
    }
    else if (event.key === "j") step(rows(), 1);
    else if (event.key === "k") step(rows(), -1);
    else if (event.key === "n") document.querySelector("a.next")?.click();
    else if (event.key === "?") document.querySelector('nav a[href$="/help"]')?.click();
    else return;
    event.preventDefault();
  });

  // The chart is one stop for the tab key; the arrows go from bar to bar.
  if (bars.length > 0) {
    bars[bars.length - 1].setAttribute("tabindex", "0");
    bars[0].closest("svg").addEventListener("keydown", (event) => {
      const by = { ArrowLeft: -1, ArrowRight: 1, Home: -bars.length, End: bars.length }[event.key];
      if (by === undefined) return;
      event.preventDefault();
      step(bars, by);
    });
  }

  // Times are in UTC unless the reader wants those of their own clock.
  const zone = document.querySelector(".zone");
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (zone && own && own !== "UTC") {
    const other = zone.textContent.trim() === "UTC" ? own : "UTC";
    const address = new URL(location.href);
    address.searchParams.set("tz", other);
    const link = document.createElement("a");
    link.href = address;
    link.textContent = "show " + other;
    zone.after(link);
  }

  // On a small screen the facets would push the results out of sight.
  if (matchMedia("(max-width: 60rem)").matches) {
    document.querySelector(".facets > details")?.removeAttribute("open");
  }
})();
