"use strict";
// Pages work without this; it adds Escape, F2 and F4, offers to print, and keeps a double click from sending twice.
addEventListener("keydown", event => {
  if (event.key === "Escape") {
    const menu = document.querySelector(".menu[open]"), back = document.querySelector("[data-escape]");
    if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
    else if (back) { event.preventDefault(); location.href = back.href; }
  } else if (event.key === "F2") {
    const recent = document.getElementById("recent");
    if (recent) { event.preventDefault(); recent.open = !recent.open; (recent.open && recent.querySelector("a") || recent.querySelector("summary")).focus(); }
  } else if (event.key === "F4") {
    const print = document.querySelector("[data-print]");
    if (print) { event.preventDefault(); print.click(); }
  }
});
for (const button of document.querySelectorAll("[data-print-page]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
addEventListener("submit", event => {
  if (event.target.target === "_blank") return;
  if (event.target.dataset.sent) event.preventDefault();
  event.target.dataset.sent = "1";
});
addEventListener("pageshow", () => document.querySelectorAll("form").forEach(form => delete form.dataset.sent));
