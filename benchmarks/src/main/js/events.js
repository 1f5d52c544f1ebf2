// Sends batches of events for some seconds with Lago's JavaScript client, and prints the figures.
// usage: node events.js <base URL with /api/v1> <seconds> <batches in flight>
const { Client } = require("lago-javascript-client");

const [baseUrl, seconds, concurrency] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];
const client = Client("benchmark-key", { baseUrl });
let sent = 0;

function event(i) {
  return {
    transaction_id: "018f2c1e-7d3a-7c44-9b1a-" + String(i).padStart(12, "0"),
    external_subscription_id: "sub_" + (i % 1000),
    code: "api_calls",
    timestamp: 1760000000 + (i % 86400),
    properties: { region: "eu-west-1", model: "large", tokens: i % 5000, endpoint: "/v1/completions" },
  };
}

// repeats the same events, as the other contestants do
const batches = Array.from({ length: 100 }, (_, b) => ({ events: Array.from({ length: 100 }, (_, i) => event(100 * b + i)) }));

async function loop(until) {
  while (performance.now() < until) {
    await client.events.createBatchEvents(batches[sent++ % batches.length]);
  }
}

async function run(millis) {
  const until = performance.now() + millis;
  await Promise.all(Array.from({ length: concurrency }, () => loop(until)));
}

(async () => {
  await run(1000); // warm-up
  const mark = sent;
  const cpu = process.cpuUsage();
  const start = performance.now();
  await run(seconds * 1000);
  const used = process.cpuUsage(cpu);
  console.log(JSON.stringify({
    requests: sent - mark,
    items: 100 * (sent - mark),
    seconds: (performance.now() - start) / 1000,
    cpu_seconds: (used.user + used.system) / 1e6,
  }));
})();
