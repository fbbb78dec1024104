// Puts the query editor (YASGUI) in the place of the plain form. Nothing is asked of other hosts.
"use strict";

(function () {
  const place = document.getElementById("editor");
  const form = document.getElementById("plain");
  if (!place || !form || !window.Yasgui) return;

  // These completers would ask prefix.cc and Linked Open Vocabularies.
  const { Yasqe } = window.Yasgui;
  Yasqe.defaults.autocompleters = ["variables"];
  Yasqe.defaults.collapsePrefixesOnLoad = false;
  // Tab leaves the editor: without a mouse there would be no way out (WCAG 2.2, 2.1.2).
  Object.assign(Yasqe.defaults.extraKeys, { Tab: false, "Shift-Tab": false });

  const plain = document.getElementById("query");
  const endpoint = new URL(form.action, location.href).href;
  const settings = {
    requestConfig: { endpoint: endpoint, method: "POST" },
    copyEndpointOnNewTab: false,
    endpointCatalogueOptions: { getData: () => [] },
    persistenceId: null,
    populateFromUrl: false,
    autofocus: false,
    autoAddOnInit: true,
    yasqe: { value: plain.value },
  };
  place.hidden = false;
  const yasgui = new window.Yasgui(place, settings);
  const tab = yasgui.getTab() || yasgui.addTab(true);
  tab.getYasqe().setValue(plain.value);
  form.hidden = true;
  place.querySelectorAll(".CodeMirror textarea").forEach((area) => {
    area.setAttribute("aria-label", place.dataset.label);
  });

  // The table of results makes its controls anew with each result, and leaves one unnamed.
  new MutationObserver(() => {
    place.querySelectorAll("select.tableSizer:not([aria-label])").forEach((select) => {
      select.setAttribute("aria-label", place.dataset.rows);
    });
  }).observe(place, { childList: true, subtree: true });

  document.querySelectorAll("a[data-query]").forEach((link) => {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      const editor = yasgui.getTab().getYasqe();
      editor.setValue(link.dataset.query);
      editor.focus();
    });
  });
  window.tsunaguEditor = yasgui;
})();
