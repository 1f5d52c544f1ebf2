// Makes every call of Lago's JavaScript client against a server, and reports the answers that the client cannot read.
//
//   node run.mjs BASE_URL API_KEY
//
// BASE_URL is without /api/v1. The server needs the records that JavaScriptClientCallsIT adds.
import { Client, getLagoError } from 'lago-javascript-client';
import makeCalls from './calls.mjs';
import { differences, methods } from './types.mjs';
import { differs, WRAPPED } from './server-differs.mjs';

const [baseUrl, apiKey] = process.argv.slice(2);
const client = Client(apiKey, { baseUrl: `${baseUrl}/api/v1` });
const called = new Set();
const unreadable = [];
let count = 0;

async function makeCall(name, args) {
  const [resource, method] = name.split('.');
  called.add(name);
  count++;
  try {
    const answer = await client[resource][method](...args);
    const problems = [];
    if (answer.status !== 200) problems.push(`status ${answer.status}`);
    if (answer.error) problems.push(`not readable: ${answer.error}`);
    const type = methods.get(name);
    // the client does not read a body if its types have none
    const data = (WRAPPED[name] ? answer.data?.[WRAPPED[name]] : answer.data) ?? undefined;
    problems.push(...differences(type, data, problem => differs(name, problem)));
    if (problems.length > 0) unreadable.push(`${name}:\n    ${problems.join('\n    ')}`);
    return answer.data;
  } catch (error) {
    const cause = error.status ? JSON.stringify(await getLagoError(error)) : error.stack;
    unreadable.push(`${name}:\n    ${cause}`);
    throw new Error(`${name} failed: ${cause}`);
  }
}

/** `call.customers.findCustomer('acme')` calls the client's method `findCustomer`. */
const call = new Proxy({}, {
  get: (_, resource) => new Proxy({}, { get: (__, method) => (...args) => makeCall(`${String(resource)}.${String(method)}`, args) }),
});

let failure = null;
try {
  await makeCalls(call);
} catch (error) {
  failure = error;
}
const missing = [...methods.keys()].filter(name => !called.has(name));
unreadable.forEach(line => console.log(line));
if (failure) console.log(failure.stack);
if (missing.length > 0) console.log(`methods that were not called: ${missing.join(', ')}`);
console.log(`methods of Lago's JavaScript client called: ${called.size} of ${methods.size}`);
console.log(`calls made by Lago's JavaScript client: ${count}`);
console.log(`calls whose answer Lago's client could not read: ${unreadable.length}`);
process.exit(failure || missing.length > 0 || unreadable.length > 0 ? 1 : 0);
