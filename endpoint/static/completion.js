// Completes prefixes, classes and properties from /completion.json: by IRI, by prefixed name, by
// what the term is called in Japanese or English. Asked once, when something is first completed.
"use strict";

window.tsunaguCompletion = function (Yasqe, address, language) {
  const MOST = 60;
  let asked = null;

  function terms() {
    asked = asked || fetch(address).then(
      (answer) => (answer.ok ? answer.json() : null)
    ).catch(() => null).then(
      (found) => found || { prefixes: {}, classes: [], properties: [] }
    );
    return asked;
  }

  const label = (names) => names[language] || names.ja || names.en || "";

  // "ic:住所" for an IRI, by the prefixes of the query before those of the site.
  function shortened(iri, own, known) {
    for (const prefixes of [own, known]) {
      for (const [prefix, namespace] of Object.entries(prefixes)) {
        const rest = iri.slice(namespace.length);
        if (iri.startsWith(namespace) && /^[\p{L}\p{N}_]([\p{L}\p{N}_-]*)$/u.test(rest)) {
          return { text: `${prefix}:${rest}`, prefix, namespace };
        }
      }
    }
    return { text: `<${iri}>` };
  }

  function fits(entry, written, iri, short) {
    const word = written.toLowerCase();
    return entry[0].startsWith(iri) || short.toLowerCase().startsWith(word) ||
      Object.values(entry[1]).some((name) => name.toLowerCase().includes(word)) ||
      short.split(":").pop().toLowerCase().includes(word);
  }

  // What is written where the cursor is: an IRI, or from the last blank or mark to the cursor.
  function written(yasqe) {
    const cursor = yasqe.getDoc().getCursor();
    const before = yasqe.getLine(cursor.line).slice(0, cursor.ch);
    const text = /<[^<>\s]*$|[^\s{}()[\];,.|/^"'<>]*$/.exec(before)[0];
    return { text, before: before.slice(0, before.length - text.length), cursor };
  }

  function isClassPlace(yasqe) {
    return /(?:^|\s)(?:a|rdf:type)\s+$/.test(written(yasqe).before);
  }

  function isTermPlace(yasqe) {
    const { text, before } = written(yasqe);
    if (/^[?$@]/.test(text) || /^\s*(prefix|base)\s/i.test(before)) return false;
    if (text.startsWith("<")) return true; // the editor takes the rest after # for a comment
    const token = yasqe.getTokenAt(yasqe.getDoc().getCursor());
    return token.type !== "comment" && token.type !== "string";
  }

  async function suggestions(yasqe, kind) {
    const found = await terms();
    const { text, cursor } = written(yasqe);
    const own = yasqe.getPrefixesFromQuery();
    const [, prefix, rest] = /^(?:([^:<]*):)?(.*)$/.exec(text);
    const namespace = own[prefix] || found.prefixes[prefix];
    const iri = text.startsWith("<") ? text.slice(1) : namespace ? namespace + rest : text;
    const from = { line: cursor.line, ch: cursor.ch - text.length };
    return found[kind].map((entry) => ({ entry, short: shortened(entry[0], own, found.prefixes) }))
      .filter(({ entry, short }) => fits(entry, text.replace(/^</, ""), iri, short.text))
      .slice(0, MOST)
      .map(({ entry, short }) => ({
        text: short.text,
        displayText: label(entry[1]) ? `${short.text}  ${label(entry[1])}` : short.text,
        from: from,
        to: cursor,
        hint: (editor) => put(editor, short, from, own),
      }));
  }

  function put(editor, short, from, own) {
    editor.replaceRange(short.text, from, editor.getDoc().getCursor());
    if (short.prefix && !own[short.prefix]) editor.addPrefixes({ [short.prefix]: short.namespace });
  }

  function completer(name, kind, isPlace) {
    const entry = {
      name: name,
      bulk: false,
      autoShow: false,
      isValidCompletionPosition: isPlace,
      get: () => [],
      // The editor's own making of hints knows IRIs only; ours bring names and places along.
      preProcessToken: (_yasqe, token) => token,
      postprocessHints: (yasqe) => suggestions(yasqe, kind),
    };
    Yasqe.registerAutocompleter(entry, true);
  }

  Yasqe.forkAutocompleter("prefixes", {
    name: "site-prefixes",
    persistenceId: undefined,
    get: () => terms().then((found) =>
      Object.entries(found.prefixes).map(([prefix, namespace]) => `${prefix}: <${namespace}>`).sort()),
  });
  completer("site-classes", "classes", isClassPlace);
  completer("site-properties", "properties",
    (yasqe) => !isClassPlace(yasqe) && isTermPlace(yasqe));
};
