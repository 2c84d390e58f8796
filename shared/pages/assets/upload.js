/*
Files that go along with a form: those chosen are listed with their sizes and can be taken away, more can be dropped,
and what is sent shows how far it is. Without this script the form does the same, plainly.
Comments stay on lines of their own, because the build drops such lines and nothing else.
*/
"use strict";

// What a request can carry, less what is typed.
const TOGETHER = 12000000;
const sizeOf = (bytes) => {
  if (bytes < 1000) return `${bytes} bytes`;
  if (bytes < 999500) return `${Math.round(bytes / 1000)} kB`;
  return `${(bytes / 1000000).toFixed(1)} MB`;
};
const filled = (text, values) => text.replace(/\{(\w+)\}/g, (place, name) => values[name] ?? place);
const element = (tag, className, text) => {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
};

// A field that files are chosen in.
function picker(field, chosen, isTooMuch) {
  const input = field.querySelector("input");
  const words = field.dataset;
  const list = element("ul", "chosen", "");
  const told = element("p", "problem", "");
  const most = Number(words.most);
  told.setAttribute("role", "alert");
  input.after(list, told);
  field.querySelector("[data-drop]").hidden = false;

  const isTooLarge = (file) => file.size > Number(words.largest);
  const isTooMany = (file) => chosen.indexOf(file) >= most;
  const row = (file) => {
    const line = element("li", isTooLarge(file) || isTooMany(file) ? "bad" : "", "");
    const remove = element("button", "", "×");
    remove.type = "button";
    remove.setAttribute("aria-label", filled(words.remove, { name: file.name }));
    remove.addEventListener("click", () => {
      chosen = chosen.filter((other) => other !== file);
      show();
      input.focus();
    });
    line.append(element("span", "chosen-name", file.name), element("span", "chosen-size", sizeOf(file.size)), remove);
    return line;
  };
  const wrong = () => {
    const large = chosen.find(isTooLarge);
    const over = chosen.find(isTooMany);
    if (large) return filled(words.tooLarge, { name: large.name });
    if (over) return filled(words.tooMany, { name: over.name });
    return isTooMuch() ? words.tooMuch : "";
  };
  const show = () => {
    const transfer = new DataTransfer();
    chosen.forEach((file) => transfer.items.add(file));
    input.files = transfer.files;
    list.replaceChildren(...chosen.map(row));
    told.textContent = wrong();
    const lost = field.querySelector("[data-lost]");
    if (lost) lost.hidden = chosen.length > 0;
  };
  const add = (files) => {
    const isKnown = (file) => chosen.some((other) => other.name === file.name && other.size === file.size);
    // Where one file is taken, another takes its place.
    if (most === 1 && files.length) chosen = [];
    chosen = chosen.concat([...files].filter((file) => !isKnown(file)));
    show();
  };
  input.addEventListener("change", () => add(input.files));
  const over = (event) => {
    if (!event.dataTransfer || ![...event.dataTransfer.types].includes("Files")) return;
    event.preventDefault();
    field.classList.toggle("over", event.type === "dragover");
    if (event.type === "drop") add(event.dataTransfer.files);
  };
  for (const name of ["dragover", "dragleave", "drop"]) field.addEventListener(name, over);
  return { field, input, words, told, wrong, show, files: () => chosen };
}

// `kept` holds what was chosen before, by the names of the fields.
function arm(form, kept) {
  const sizes = (sum, file) => sum + file.size;
  const isTooMuch = () => pickers.flatMap((each) => each.files()).reduce(sizes, 0) > TOGETHER;
  const pickers = [];
  for (const field of form.querySelectorAll("[data-upload]")) {
    pickers.push(picker(field, kept[field.querySelector("input").name] || [], isTooMuch));
  }
  if (!pickers.length) return;
  const { field, words, told } = pickers[pickers.length - 1];
  let busy = false;

  // Lets a form be sent again that app.js takes for sent.
  const free = () => {
    delete form.dataset.sent;
    form.querySelectorAll("button").forEach((button) => button.removeAttribute("aria-disabled"));
  };
  // The answer takes the place of the page, and what was chosen stays chosen.
  const answered = (request) => {
    const isElsewhere = request.responseURL && new URL(request.responseURL).pathname !== new URL(form.action).pathname;
    if (request.status < 300 && isElsewhere) {
      location.assign(request.responseURL);
      return true;
    }
    const page = new DOMParser().parseFromString(request.responseText, "text/html");
    const main = page.querySelector("main");
    if (!main) return false;
    document.title = page.title;
    document.querySelector("main").replaceWith(main);
    const chosen = Object.fromEntries(pickers.map((each) => [each.input.name, each.files()]));
    main.querySelectorAll("form").forEach((next) => arm(next, chosen));
    (main.querySelector("[autofocus]") || main).focus();
    return true;
  };
  const send = (body) => {
    const sending = element("div", "sending", "");
    const said = element("span", "", "");
    const bar = document.createElement("progress");
    const request = new XMLHttpRequest();
    const tell = (percent) => {
      bar.value = percent / 100;
      said.textContent = filled(words.sending, { percent });
    };
    const failed = () => {
      sending.remove();
      told.textContent = words.failed;
      busy = false;
      free();
    };
    sending.append(said, bar);
    field.append(sending);
    tell(0);
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) tell(Math.round((100 * event.loaded) / event.total));
    });
    request.addEventListener("load", () => answered(request) || failed());
    request.addEventListener("error", failed);
    request.open("POST", form.action);
    request.send(body);
  };
  form.addEventListener("submit", (event) => {
    if (busy) event.preventDefault();
    if (event.defaultPrevented || pickers.every((each) => !each.files().length)) return;
    event.preventDefault();
    const asks = event.submitter && event.submitter.name;
    const wrong = pickers.find((each) => each.wrong());
    if (!asks && wrong) {
      free();
      wrong.input.focus();
      return;
    }
    busy = true;
    const body = new FormData(form);
    // A question about the form needs no files.
    if (asks) {
      for (const each of pickers) body.delete(each.input.name);
      body.append(event.submitter.name, event.submitter.value);
    }
    send(body);
  });
  for (const each of pickers) each.show();
}

if (window.DataTransfer && window.FormData) {
  document.querySelectorAll("form").forEach((form) => arm(form, {}));
}
