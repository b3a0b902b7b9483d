"use strict";
// Fetches the wall anew every second while somebody looks; a button holds it still.
const wall = document.getElementById("wall"), hold = document.getElementById("hold");
let held = false;
hold.hidden = false;
hold.addEventListener("click", () => { held = !held; hold.setAttribute("aria-pressed", held); });
async function look() {
  if (held || document.hidden) return;
  try {
    const answer = await fetch(wall.dataset.from, { redirect: "manual" });
    if (answer.type === "opaqueredirect") { location.reload(); return; }
    if (!answer.ok) return;
    const text = await answer.text(), there = document.activeElement?.closest?.("#wall a")?.getAttribute("href");
    if (held) return;
    wall.innerHTML = text;
    if (there) wall.querySelector(`a[href="${there}"]`)?.focus();
  } catch { /* The server is not there for a moment: ask again. */ }
}
setInterval(look, 1000);
