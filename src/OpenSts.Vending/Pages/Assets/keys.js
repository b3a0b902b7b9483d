"use strict";
// Pages work without this; it adds Escape, F2 and F4 and keeps a double click from sending twice.
addEventListener("keydown", event => {
  if (event.key === "Escape") {
    const back = document.querySelector("[data-escape]");
    if (back) { event.preventDefault(); location.href = back.href; }
  } else if (event.key === "F2") {
    const recent = document.getElementById("recent");
    if (recent) { event.preventDefault(); recent.open = !recent.open; recent.querySelector(recent.open ? "a, summary" : "summary").focus(); }
  } else if (event.key === "F4") {
    const print = document.querySelector("[data-print]");
    if (print) { event.preventDefault(); print.click(); }
  }
});
addEventListener("submit", event => {
  if (event.target.target === "_blank") return;
  if (event.target.dataset.sent) event.preventDefault();
  event.target.dataset.sent = "1";
});
addEventListener("pageshow", () => document.querySelectorAll("form").forEach(form => delete form.dataset.sent));
