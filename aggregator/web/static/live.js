// Tells a reader of a story that there are new updates, and puts them in their places when asked to. Without it the page is whole.
"use strict";

(() => {
  const main = document.querySelector("main[data-events]");
  const status = document.getElementById("live");
  if (!main || !status || !window.EventSource) return;

  const numberOf = (article) => Number(article.id.slice("update-".length));
  const articles = (page) => [...page.querySelectorAll('article[id^="update-"]')].filter((one) => numberOf(one) > 0);
  const shown = () => Math.max(0, ...articles(document).map(numberOf));
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
      const first = insert(page);
      freshen(page);
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

  // In the order of the page that was asked for, which is the one that is shown. Returns the first new article as one reads.
  function insert(page) {
    let before = null;
    let first = null;
    for (const article of articles(page)) {
      const known = document.getElementById(article.id);
      const own = document.adoptNode(article);
      if (known) keep(known, own);
      if (known && known.outerHTML !== own.outerHTML && !known.contains(document.activeElement)) known.replaceWith(own); // a mark
      if (!known) {
        place(own, before);
        first = first || own;
      }
      before = document.getElementById(own.id);
    }
    return first;
  }

  // What the reader has opened stays open.
  function keep(known, own) {
    const opened = known.querySelectorAll("details");
    own.querySelectorAll("details").forEach((one, index) => one.toggleAttribute("open", Boolean(opened[index]?.open)));
    if (known.hasAttribute("tabindex")) own.tabIndex = known.tabIndex;
  }

  // How many updates there are, and as of when.
  function freshen(page) {
    const [old, now] = [document, page].map((one) => one.querySelector("main > .meta"));
    if (old && now) old.replaceWith(document.adoptNode(now));
  }

  function place(article, before) {
    const there = articles(document)[0];
    if (before) before.after(article);
    else if (there) there.before(article);
    else (main.querySelector("[data-updates]") || main).append(article);
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
