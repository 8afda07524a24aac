// Tells a reader of a story that there are new updates, and puts them in their places when asked to. Without it the page is whole.
"use strict";

(() => {
  const main = document.querySelector("main[data-events]");
  const status = document.getElementById("live");
  if (!main || !status || !window.EventSource) return;

  const numberOf = (article) => Number(article.id.slice("update-".length));
  const isUpdate = (one) => one.tagName === "ARTICLE" && numberOf(one) > 0;
  const updates = () => [...document.querySelectorAll('article[id^="update-"]')].filter(isUpdate);
  const shown = () => Math.max(0, ...updates().map(numberOf));
  let newest = shown();

  function tell() {
    const count = newest - shown();
    status.replaceChildren();
    if (count <= 0) return;
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = count === 1 ? "1 new update" : `${count} new updates`;
    button.addEventListener("click", () => show(button));
    status.append(button);
  }

  async function show(button) {
    button.disabled = true;
    try {
      const answer = await fetch(location.pathname, { cache: "no-cache", credentials: "same-origin" });
      if (!answer.ok) throw new Error(String(answer.status));
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const first = merge(page);
      newest = Math.max(newest, shown());
      tell();
      if (first) {
        first.tabIndex = -1;
        first.focus({ preventScroll: true });
        first.scrollIntoView({ block: "nearest" });
      }
    } catch {
      button.disabled = false;
      button.textContent = "The new updates could not be loaded. Try again";
    }
  }

  // Brings this page to what the one that was asked for shows, in its order: what is said of the whole story above its updates as
  // well, lest that go on telling what a new update takes back. What is the same on both stays the very same element, and no
  // update is taken away. Returns the first new update as one reads.
  function merge(page) {
    const live = page.getElementById("live");
    if (!live) throw new Error("no page of a story");
    const kept = new Set();
    let before = null;
    let first = null;
    for (const one of [...live.parentElement.children]) {
      const known = one === live ? status : isUpdate(one) ? document.getElementById(one.id) : alike(one, kept);
      const own = known ? (isUpdate(one) ? freshened(known, one) : known) : document.adoptNode(one);
      if (!known) {
        if (before) before.after(own);
        else main.prepend(own);
        if (isUpdate(own)) first = first || own;
      }
      kept.add(own);
      before = own;
    }
    [...main.children].filter((one) => !kept.has(one) && !isUpdate(one)).forEach((one) => one.remove());
    return first;
  }

  // What stands here already, word for word.
  function alike(one, kept) {
    return [...main.children].find((other) => !kept.has(other) && other.outerHTML === one.outerHTML);
  }

  // An update with its marks as they are by now. What the reader has opened stays open.
  function freshened(known, one) {
    const own = document.adoptNode(one);
    const opened = known.querySelectorAll("details");
    own.querySelectorAll("details").forEach((each, index) => each.toggleAttribute("open", Boolean(opened[index]?.open)));
    if (known.hasAttribute("tabindex")) own.tabIndex = known.tabIndex;
    if (known.outerHTML === own.outerHTML) return known;
    known.replaceWith(own);
    return own;
  }

  const source = new EventSource(main.dataset.events);
  source.addEventListener("update", (event) => {
    newest = Math.max(newest, JSON.parse(event.data).number);
    tell();
  });
  source.addEventListener("state", (event) => {
    newest = Math.max(newest, JSON.parse(event.data).updates || 0);
    tell();
  });
})();
