// Asks an endpoint, and a document of linked data, through Comunica; prints what came as JSON.
import { createRequire } from "node:module";
import { join } from "node:path";

const [modules, origin] = process.argv.slice(2);
const { QueryEngine } = createRequire(join(modules, "from"))("@comunica/query-sparql");
const engine = new QueryEngine();

async function rows(query, sources) {
  const stream = await engine.queryBindings(query, { sources });
  const found = await stream.toArray();
  return found.map((row) => Object.fromEntries([...row].map(([name, term]) => [name.value, term.value])));
}

const endpoint = [{ type: "sparql", value: `${origin}/sparql` }];
const pm = "PREFIX pm: <https://w3id.org/peermap/ns#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>";
const document = [{ type: "file", value: `${origin}/programme/al-anon` }];
const quads = await engine.queryQuads(
  `${pm} CONSTRUCT { ?p a pm:Programme } WHERE { ?p a pm:Programme }`,
  { sources: endpoint },
);
console.log(JSON.stringify({
  rows: (await rows(`${pm} SELECT ?p ?name { ?p a pm:Programme ; rdfs:label ?name }`, endpoint)).length,
  yes: await engine.queryBoolean(`${pm} ASK { ?p a pm:Programme }`, { sources: endpoint }),
  triples: (await quads.toArray()).length,
  names: await rows(`${pm} SELECT ?name { ?p a pm:Programme ; rdfs:label ?name }`, document),
}));
