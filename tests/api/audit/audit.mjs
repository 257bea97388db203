// Runs every graphql-http server audit against a URL and prints the results as one JSON array.
//   node audit.mjs http://127.0.0.1:8000/graphql ['{"x-guibin-client":"audit","cookie":"..."}']
// The headers of the second argument are added to each request (a signed-in caller who may introspect).
import { serverAudits } from "graphql-http";

const [url, headers = "{}"] = process.argv.slice(2);
const extra = JSON.parse(headers);

const fetchFn = (target, init = {}) =>
  fetch(target, { ...init, headers: { ...extra, ...init.headers } });

const results = [];
for (const audit of serverAudits({ url, fetchFn })) {
  const result = await audit.fn();
  results.push({
    id: audit.id,
    name: audit.name,
    status: result.status,
    reason: result.reason ?? null,
    answer: result.response ? result.response.status : null,
  });
}
console.log(JSON.stringify(results));
