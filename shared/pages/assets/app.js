/*
Everything here is a convenience: pages work without it.
Comments stay on lines of their own, because the build drops such lines and nothing else.
*/
"use strict";

// A form that was sent once is not sent again by a second click; coming back to the page arms it anew.
for (const form of document.querySelectorAll("form[data-once]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
    form.querySelector("button").setAttribute("aria-disabled", "true");
  });
  addEventListener("pageshow", () => {
    delete form.dataset.sent;
    form.querySelector("button").removeAttribute("aria-disabled");
  });
}

// A menu closes with Escape and with a click elsewhere.
for (const menu of document.querySelectorAll("details.menu")) {
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
  document.addEventListener("click", (event) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
}

// A box that leaves of a list only what has its words; what is in groups goes with its group.
for (const box of document.querySelectorAll("[data-filter]")) {
  const input = box.querySelector("input");
  const told = box.querySelector("[role=status]");
  const groups = [...document.querySelectorAll(`${box.dataset.filter} > section`)];
  box.hidden = false;
  input.addEventListener("input", () => {
    const words = input.value.toLowerCase().split(" ");
    const fits = (item) => words.every((word) => item.textContent.toLowerCase().includes(word));
    for (const group of groups) {
      const items = [...group.querySelectorAll("details")];
      for (const item of items) item.hidden = !fits(item);
      group.hidden = items.every((item) => item.hidden);
    }
    told.textContent = groups.every((group) => group.hidden) ? box.dataset.none : "";
  });
}

// Single keys walk through the rows of a queue, unless the person has switched them off.
const help = document.querySelector("#keys");
if (help) {
  const OFF = "realmdesk-keys-off";
  const rows = [...document.querySelectorAll("[data-row]")];
  const target = (row) => row.querySelector("a") || row;
  const button = document.querySelector("[data-keys]");
  const toggle = help.querySelector("[data-keys-on]");
  const remembered = () => {
    try {
      return localStorage.getItem(OFF) === "yes";
    } catch {
      return false;
    }
  };
  let on = !remembered();
  let at = -1;

  const walk = (step) => {
    if (!rows.length) return;
    const here = rows.findIndex((row) => row.contains(document.activeElement));
    at = here < 0 ? at : here;
    at = Math.min(Math.max(at + step, 0), rows.length - 1);
    target(rows[at]).focus();
    rows[at].scrollIntoView({ block: "nearest" });
  };
  const open = () => {
    const link = rows[at] && rows[at].querySelector("a");
    if (link) link.click();
  };
  const keys = { j: () => walk(1), k: () => walk(-1), o: open, "?": () => help.showModal() };

  button.hidden = false;
  button.addEventListener("click", () => help.showModal());
  toggle.checked = on;
  toggle.addEventListener("change", () => {
    on = toggle.checked;
    try {
      localStorage.setItem(OFF, on ? "no" : "yes");
    } catch {
      return;
    }
  });
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, select, textarea, dialog");
    if (!on || typing || event.ctrlKey || event.metaKey || event.altKey || !keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
  });
}
