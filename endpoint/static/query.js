// Puts the query editor (YASGUI) in the place of the plain form. Nothing is asked of other hosts.
"use strict";

(function () {
  const place = document.getElementById("editor");
  const form = document.getElementById("plain");
  if (!place || !form || !window.Yasgui) return;

  const plain = document.getElementById("query");
  const endpoint = new URL(form.action, location.href).href;
  const { Yasqe, Yasr } = window.Yasgui;
  // The editor's own completers would ask prefix.cc and Linked Open Vocabularies.
  Yasqe.defaults.autocompleters = ["variables"];
  window.tsunaguCompletion(Yasqe, place.dataset.completion, document.documentElement.lang);
  Yasqe.defaults.collapsePrefixesOnLoad = false;
  // Tab leaves the editor: without a mouse there would be no way out (WCAG 2.2, 2.1.2).
  Object.assign(Yasqe.defaults.extraKeys, { Tab: false, "Shift-Tab": false });

  // A part of the page that the server makes of a query: its chart, its map, its hints.
  async function part(id, words) {
    const body = new URLSearchParams({ lang: document.documentElement.lang, format: "html", ...words });
    const answer = await fetch(endpoint, { method: "POST", body, headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    return document.importNode(page.getElementById(id) || page.querySelector(".message"), true);
  }

  let asked = plain.value;

  const ICONS = {
    chart: "M2 2h2v18h18v2H2zM7 11h3v7H7zM12 6h3v12h-3zM17 9h3v9h-3z",
    map: "M12 2a7 7 0 0 0-7 7c0 5 7 13 7 13s7-8 7-13a7 7 0 0 0-7-7zm0 4a3 3 0 1 1 0 6 3 3 0 0 1 0-6z",
  };

  function icon(name) {
    const made = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    made.setAttribute("viewBox", "0 0 24 24");
    made.setAttribute("aria-hidden", "true");
    path.setAttribute("d", ICONS[name]);
    made.append(path);
    return made;
  }

  // Charts and maps as the page without scripts has them.
  function view(name, label) {
    return class {
      constructor(yasr) {
        this.yasr = yasr;
        this.priority = 1;
        this.label = label;
      }
      canHandleResults() {
        const results = this.yasr.results;
        return Boolean(results && results.getVariables && (results.getVariables() || []).length);
      }
      getIcon() {
        return icon(name);
      }
      async draw() {
        const target = this.yasr.resultsEl;
        target.textContent = place.dataset.waiting;
        const drawn = await part("view", { query: asked, view: name });
        drawn.id = "";
        target.replaceChildren(drawn);
      }
    };
  }
  // The editor's own views, named in the language of the page; their help is on another host.
  function named(name, label) {
    return class extends Yasr.plugins[name] {
      constructor(yasr) {
        super(yasr);
        this.label = label;
        this.helpReference = undefined;
        if (name === "table") this.persistentConfig = { ...this.persistentConfig, compact: true };
      }
    };
  }
  for (const name of ["table", "response"]) Yasr.registerPlugin(name, named(name, place.dataset[name]));
  for (const name of ["chart", "map"]) Yasr.registerPlugin(name, view(name, place.dataset[name]));
  Yasr.defaults.pluginOrder = ["table", "chart", "map", "response"];

  const yasgui = new window.Yasgui(place, {
    requestConfig: { endpoint: endpoint, method: "POST" },
    copyEndpointOnNewTab: false,
    endpointCatalogueOptions: { getData: () => [] },
    persistenceId: null,
    populateFromUrl: false,
    autofocus: false,
    autoAddOnInit: true,
    yasqe: { value: plain.value },
  });
  place.hidden = false;
  document.getElementById("keys").hidden = false;
  const tab = yasgui.getTab() || yasgui.addTab(true);
  const editor = tab.getYasqe();
  editor.setValue(plain.value);
  form.hidden = true;
  place.querySelectorAll(".CodeMirror textarea").forEach((area) => {
    area.setAttribute("aria-label", place.dataset.label);
  });

  // Where the answer of what was asked is to be had in other formats, and later on.
  const links = document.getElementById("links");
  editor.on("query", () => { asked = editor.getValue(); });
  editor.on("queryResponse", () => {
    links.querySelectorAll("a").forEach((link) => {
      const words = new URLSearchParams({ query: asked, format: link.dataset.format });
      link.href = `${link.dataset.address}?${words}`;
    });
    links.hidden = false;
  });

  const ask = document.getElementById("ask-hints");
  ask.hidden = false;
  ask.addEventListener("click", async () => {
    const hints = await part("hints", { query: editor.getValue(), hints: "1" });
    document.getElementById("hints").replaceWith(hints);
    hints.setAttribute("tabindex", "-1");
    hints.focus();
  });

  // Controls that the editor makes anew each time, and leaves unnamed.
  new MutationObserver(() => {
    place.querySelectorAll(".CodeMirror-hints:not([aria-label])").forEach((list) => {
      list.setAttribute("aria-label", place.dataset.hints);
      list.removeAttribute("aria-expanded");
    });
    place.querySelectorAll("select.tableSizer:not([aria-label])").forEach((select) => {
      select.setAttribute("aria-label", place.dataset.rows);
    });
  }).observe(place, { childList: true, subtree: true });

  document.querySelectorAll("a[data-query]").forEach((link) => {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      editor.setValue(link.dataset.query);
      editor.focus();
    });
  });
  window.tsunaguEditor = yasgui;
})();
