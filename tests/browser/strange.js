// What a page holds that no page of ours does. An attribute that would run counts wherever it stands.
() => {
  const ours = new Set(`a abbr address article aside b bdi blockquote body br button caption cite code dd del details div dl dt em
    fieldset figcaption figure footer form h1 h2 h3 h4 head header hr html i img input ins label legend li link main mark meta
    nav ol option p pre q s script search section select small span strong style sub summary sup table tbody td tfoot th thead
    time title tr u ul var`.split(/\s+/));
  const runs = new Set(["srcdoc", "style", "formaction", "background", "ping", "autofocus"]);
  const leads = new Set(["href", "src", "action", "cite", "data", "poster"]);
  const web = new Set(["http:", "https:", "mailto:"]);
  const told = new Set(["canonical", "alternate", "hub"]);  // links that no browser follows
  const elsewhere = address => new URL(address, location).host !== location.host;
  const found = [];
  for (const one of document.querySelectorAll("*")) {
    if (!ours.has(one.localName)) found.push(`<${one.localName}>`);
    for (const {name, value} of one.attributes)
      if (name.startsWith("on") || runs.has(name) || (leads.has(name) && !web.has(new URL(value, location).protocol)))
        found.push(`${one.localName} ${name}=${value}`);
    if (one.localName === "script" && one.type !== "application/ld+json" && (!one.hasAttribute("src") || elsewhere(one.src)))
      found.push(`script ${one.src} ${one.textContent.slice(0, 80)}`);
    if (one.localName === "img" && elsewhere(one.src)) found.push(`picture of another host: ${one.src}`);
    if (one.localName === "link" && !told.has(one.rel) && elsewhere(one.href)) found.push(`link to another host: ${one.href}`);
    if (one.localName === "meta" && one.httpEquiv && one.httpEquiv !== "Content-Security-Policy")
      found.push(`meta ${one.httpEquiv}`);
  }
  if (window.__ran) found.push(`ran: ${window.__ran}`);
  return found;
}
