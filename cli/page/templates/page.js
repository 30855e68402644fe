// Details of a bar, from its line in the list of runs: on hover, tap and focus. Without this the bar is a link to it.
"use strict";
const tip = document.getElementById("tip");
let shown = null; // the bar whose details are there
let leaving = 0;

function mark(key, on) {
  for (const bar of document.querySelectorAll(`[data-run="${key}"]`)) bar.classList.toggle("on", on);
}

function details(line) {
  const title = document.createElement("b");
  title.append(...line.cells[0].cloneNode(true).childNodes);
  const list = document.createElement("dl");
  for (const cell of [...line.cells].slice(1)) {
    if (!cell.dataset.label || !cell.textContent.trim()) continue;
    const term = list.appendChild(document.createElement("dt"));
    term.textContent = cell.dataset.label;
    const told = list.appendChild(document.createElement("dd"));
    told.append(...cell.cloneNode(true).childNodes);
  }
  tip.replaceChildren(title, list);
}

function put(bar) {
  const box = bar.getBoundingClientRect();
  const room = document.documentElement.clientWidth;
  const left = Math.min(Math.max(8, box.left), room - tip.offsetWidth - 8);
  const below = box.bottom + 6 + tip.offsetHeight < window.innerHeight;
  const top = below ? box.bottom + 6 : Math.max(8, box.top - tip.offsetHeight - 6);
  tip.style.left = `${left}px`;
  tip.style.top = `${top}px`;
}

function show(bar) {
  hide();
  shown = bar;
  mark(bar.dataset.run, true);
  details(document.getElementById(bar.dataset.run));
  tip.hidden = false;
  put(bar);
}

function hide() {
  clearTimeout(leaving);
  if (shown) mark(shown.dataset.run, false);
  shown = null;
  tip.hidden = true;
}

const barOf = (event) => event.target instanceof Element && event.target.closest("[data-run]");

document.addEventListener("pointerover", (event) => {
  if (event.pointerType === "touch") return;
  const bar = barOf(event);
  if (bar) show(bar);
  else if (tip.contains(event.target)) clearTimeout(leaving);
  else if (shown) {
    clearTimeout(leaving);
    leaving = setTimeout(hide, 200);
  }
});
document.addEventListener("focusin", (event) => {
  const bar = barOf(event);
  if (bar) show(bar);
  else hide();
});
document.addEventListener("click", (event) => {
  const bar = barOf(event);
  if (bar && event.detail > 0) {
    event.preventDefault();
    show(bar);
  } else if (!tip.contains(event.target)) hide();
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") hide();
});
// A focus that comes from the keyboard scrolls to its bar only now.
window.addEventListener("scroll", () => {
  if (!shown) return;
  const box = shown.getBoundingClientRect();
  if (box.bottom < 0 || box.top > window.innerHeight) hide();
  else put(shown);
}, { passive: true });

// Where there are many models, those whose name has what is typed.
const find = document.getElementById("find");
if (find) find.hidden = false;
const rows = [...document.querySelectorAll("tbody tr")];
const names = rows.map((row) => (row.querySelector(".name") || row.cells[0]).textContent.toLowerCase());
find?.addEventListener("input", (event) => {
  const typed = event.target.value.trim().toLowerCase();
  rows.forEach((row, place) => { row.hidden = !names[place].includes(typed); });
});
