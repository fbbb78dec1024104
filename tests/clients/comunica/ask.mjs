// Asks what standard input lists, [{query, sources, context}], and prints what Comunica makes of it.
import { readFileSync } from 'node:fs';
import { QueryEngine } from '@comunica/query-sparql';

const engine = new QueryEngine();

async function ask({ query, sources, context }) {
  const result = await engine.query(query, { sources, noCache: true, ...context });
  const found = await result.execute();
  if (typeof found === 'boolean') {
    return found;
  }
  const all = await found.toArray();
  return all.map(one => result.resultType === 'bindings'
    ? Object.fromEntries([ ...one ].map(([ key, term ]) => [ key.value, term.value ]))
    : [ one.subject.value, one.predicate.value, one.object.value ]);
}

const answers = [];
for (const asked of JSON.parse(readFileSync(0, 'utf-8'))) {
  answers.push(await ask(asked).catch(error => ({ error: String(error.message ?? error) })));
}
process.stdout.write(JSON.stringify(answers));
